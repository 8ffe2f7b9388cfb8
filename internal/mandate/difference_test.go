package mandate

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestADifferenceMarksTheWordsThatChanged(t *testing.T) {
	got := Difference("de procedures tegen december 2025 opstellen", "de interne procedures tegen juni 2026 opstellen")
	want := []Piece{
		{"de ", true, true},
		{"interne ", false, true},
		{"procedures tegen ", true, true},
		{"december 2025 ", true, false},
		{"juni 2026 ", false, true},
		{"opstellen", true, true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestBothTextsComeBackOutOfTheirDifference(t *testing.T) {
	text := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{"de", "en", " ", "  ", "\n", "doel", "één", "\u00a0", "."})).Draw(t, "words"), "")
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := text.Draw(t, "old"), text.Draw(t, "new")
		var old, new strings.Builder
		for _, p := range Difference(a, b) {
			if p.InOld {
				old.WriteString(p.Words)
			}
			if p.InNew {
				new.WriteString(p.Words)
			}
			if a == b && !(p.InOld && p.InNew) {
				t.Fatalf("one text differs from itself: %+v", p)
			}
		}
		if old.String() != a || new.String() != b {
			t.Fatalf("%q and %q come back as %q and %q", a, b, old.String(), new.String())
		}
	})
}

func TestTextsTooLongToCompareAreShownWhole(t *testing.T) {
	a, b := strings.Repeat("a ", 5000), strings.Repeat("b ", 5000)
	if got := Difference(a, b); len(got) != 2 || got[0].Words != a || got[1].Words != b {
		t.Errorf("%d pieces", len(got))
	}
}
