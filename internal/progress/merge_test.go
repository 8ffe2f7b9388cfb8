package progress_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"jalon/internal/bilingual"
	"jalon/internal/mandate"
	"jalon/internal/progress"
)

func TestAFieldThatOnlyOneChangedMergesByItself(t *testing.T) {
	type words = map[string]string
	base := words{"status": "on_track", "achieved": "een", "next_steps": "straks"}
	for name, c := range map[string]struct {
		mine, theirs, want words
		both               []string
	}{
		"nobody":             {base, base, base, nil},
		"only I":             {words{"status": "on_track", "achieved": "twee", "next_steps": "straks"}, base, words{"status": "on_track", "achieved": "twee", "next_steps": "straks"}, nil},
		"only they":          {base, words{"status": "attention", "achieved": "een"}, words{"status": "attention", "achieved": "een"}, nil},
		"other fields":       {words{"status": "on_track", "achieved": "twee", "next_steps": "straks"}, words{"status": "attention", "achieved": "een", "next_steps": "straks"}, words{"status": "attention", "achieved": "twee", "next_steps": "straks"}, nil},
		"both the same":      {words{"achieved": "drie"}, words{"achieved": "drie"}, words{"achieved": "drie"}, nil},
		"the same field":     {words{"status": "on_track", "achieved": "twee", "next_steps": "straks"}, words{"status": "on_track", "achieved": "drie", "next_steps": "straks"}, words{"status": "on_track", "achieved": "twee", "next_steps": "straks"}, []string{"achieved"}},
		"emptied and filled": {words{"status": "on_track", "next_steps": "straks"}, words{"status": "on_track", "achieved": "drie", "next_steps": "straks"}, words{"status": "on_track", "next_steps": "straks"}, []string{"achieved"}},
	} {
		merged, both := progress.Merge(progress.BaseOf(base), c.mine, c.theirs)
		if diff := cmp.Diff(c.want, merged); diff != "" || !slices.Equal(both, c.both) {
			t.Errorf("%s: both %v, want %v\n%s", name, both, c.both, diff)
		}
	}
}

// Without a base nobody knows who changed what: what differs is asked.
func TestWithoutABaseWhatDiffersIsAsked(t *testing.T) {
	_, both := progress.Merge(nil, map[string]string{"achieved": "a", "reason": "x"}, map[string]string{"achieved": "b", "reason": "x"})
	if !slices.Equal(both, []string{"achieved"}) {
		t.Errorf("both %v", both)
	}
	if b := progress.ReadBase("something else"); b != nil {
		t.Errorf("read %v", b)
	}
}

func TestMergingIsSymmetricAndLosesNoText(t *testing.T) {
	fields := rapid.MapOfN(rapid.SampledFrom([]string{"status", "achieved", "obstacles", "next_steps"}), rapid.SampledFrom([]string{"a", "b", "c", "een tekst\nmet regels"}), 0, 4)
	rapid.Check(t, func(t *rapid.T) {
		start, mine, theirs := fields.Draw(t, "start"), fields.Draw(t, "mine"), fields.Draw(t, "theirs")
		base := progress.ReadBase(progress.BaseOf(start).Wire())
		a, bothA := progress.Merge(base, mine, theirs)
		b, bothB := progress.Merge(base, theirs, mine)
		if !slices.Equal(bothA, bothB) {
			t.Fatalf("asked %v one way and %v the other", bothA, bothB)
		}
		for _, name := range bothA {
			delete(a, name)
			delete(b, name)
		}
		if !maps.Equal(a, b) {
			t.Fatalf("merged %v one way and %v the other", a, b)
		}
		for _, side := range []map[string]string{mine, theirs} {
			for name, text := range side {
				if text != start[name] && a[name] != text && !slices.Contains(bothA, name) {
					t.Fatalf("%s: %q was written, and is neither kept nor asked about", name, text)
				}
			}
		}
	})
}

func TestANumberMakesATargetMeasured(t *testing.T) {
	for text, want := range map[string]bool{
		"ten minste 80% van de dossiers":          true,
		"2 pilootprojecten":                       true,
		"verlagen van 8 naar 6":                   true,
		"12,5 % d’absences":                       true,
		"Tegen eind 2025 is er een plan":          false,
		"Uiterlijk op 31 december 2025":           false,
		"tegen 31/12/2025":                        false,
		"een overleg op niveau A4 voor artikel 5": false,
		"Het plan 2024-2029 is uitgevoerd":        false,
		"":                                        false,
		"Regelmatig overleg":                      false,
	} {
		target := mandate.Target{Text: bilingual.Text{NL: text, NLState: bilingual.Original}}
		if got := progress.Measured(target); got != want {
			t.Errorf("%q: %t, want %t", text, got, want)
		}
	}
	n := decimal.NewFromInt(40)
	if !progress.Measured(mandate.Target{}, nil, &progress.Entry{Percentage: &n}) {
		t.Error("a target that had a percentage before asks for none")
	}
	if !strings.HasPrefix(progress.BaseOf(nil).Wire(), "1") {
		t.Error("an empty base cannot be told from none")
	}
}
