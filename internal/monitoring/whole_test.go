package monitoring

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"aead.dev/minisign"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jalon/internal/calendar"
	"jalon/internal/progress"
)

// sampleWhole names the sample table and one of a vacant mandate.
func sampleWhole() WholeTable {
	t := sample()
	number := sealing()
	t.Sealing = &number
	submitted := time.Date(2026, 7, 8, 14, 3, 2, 0, time.UTC)
	return WholeTable{
		Software:    "jalon test",
		Institution: t.Institution,
		Body:        t.Body,
		Period:      t.Period,
		Opened:      calendar.MustDate(2026, 6, 1),
		Dates:       RoundDates{calendar.MustDate(2026, 7, 10), calendar.MustDate(2026, 7, 31), calendar.MustDate(2026, 9, 11)},
		Mandates: []NamedTable{
			NameTable(t, Seal{SHA256: Digest([]byte("first"))}, submitted),
			{
				Mandate:  Mandate{"A5-DG", "A5", both("Directeur-generaal", "Directeur général")},
				Table:    Reference{"DR-2026-H1-002", 1, Digest([]byte("second")), t.Period},
				Statuses: map[progress.Status]int{progress.NotReported: 4}, Owed: 4,
			},
		},
	}
}

func wholeSealing() Sealing {
	return Sealing{Number: RoundNumber("DR", sample().Period), Version: 1, SealedAt: sealing().SealedAt, SealedBy: sealing().SealedBy}
}

func sealedWhole(t testing.TB, s Signer) (file, document []byte, seal Seal) {
	t.Helper()
	document, seal, err := s.SealWhole(sampleWhole(), wholeSealing())
	if err != nil {
		t.Fatal(err)
	}
	if file, err = Envelope(document, &seal); err != nil {
		t.Fatal(err)
	}
	return file, document, seal
}

func TestAWholeTableCountsWhatItsTablesCount(t *testing.T) {
	got := sampleWhole().Mandates[0]
	want := NamedTable{
		Mandate: sample().Mandate, Holder: sample().Holder, Submitted: got.Submitted,
		Table:    Reference{"DR-2026-H1-001", 1, Digest([]byte("first")), sample().Period},
		Statuses: map[progress.Status]int{progress.OnTrack: 1, progress.NotReported: 1}, Reported: 1, Owed: 2,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := RoundNumber("DR", sample().Period); got != "DR-2026-H1" {
		t.Errorf("number %q", got)
	}
}

func TestCanonicalFormOfAWholeTableStays(t *testing.T) {
	document, err := sampleWhole().Canonical()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "whole.json", document)
	again, err := ParseWhole(document)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(sampleWhole(), again); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
	if _, err := ParseWhole([]byte(`{"schema":"jalon/round/2"}`)); !errors.Is(err, ErrNotTable) {
		t.Errorf("another schema: %v", err)
	}
	if _, err := Parse(document); !errors.Is(err, ErrNotTable) {
		t.Errorf("as the table of a mandate: %v", err)
	}
}

func TestASealedWholeTableIsIntact(t *testing.T) {
	s := newSigner(t)
	file, document, seal := sealedWhole(t, s)
	v := Verify(file, nil)
	if v.Outcome != Intact || v.Trusted || v.Whole == nil {
		t.Fatalf("without a key: %+v", v)
	}
	want := sampleWhole()
	number := wholeSealing()
	want.Sealing = &number
	if diff := cmp.Diff(want, *v.Whole); diff != "" {
		t.Errorf("whole table (-want +got):\n%s", diff)
	}
	if v.Seal.Number != "DR-2026-H1" {
		t.Errorf("number %q", v.Seal.Number)
	}
	if v := Verify(file, []PublicKey{s.Public()}); v.Outcome != Intact || !v.Trusted {
		t.Errorf("with the key: %s, trusted %v", v.Outcome, v.Trusted)
	}
	if v := Verify(file, []PublicKey{newSigner(t).Public()}); v.Outcome != UnknownKey {
		t.Errorf("with another key: %s", v.Outcome)
	}
	if !minisign.Verify(s.Public(), document, []byte(seal.Signature)) {
		t.Error("plain minisign does not agree")
	}
}

func TestEveryFlippedByteOfAWholeTableIsFound(t *testing.T) {
	s := newSigner(t)
	file, _, _ := sealedWhole(t, s)
	for i := range file {
		damaged := bytes.Clone(file)
		damaged[i] ^= []byte{0x01, 0x20, 0x80}[i%3]
		if v := Verify(damaged, []PublicKey{s.Public()}); v.Outcome == Intact || v.Outcome == UnknownKey || (v.Outcome == Altered) != (len(v.Changes) > 0) {
			t.Fatalf("byte %d %q → %q: %s, changes %v", i, around(file, i), damaged[i], v.Outcome, v.Changes)
		}
	}
}

func TestWhatWasAlteredInAWholeTableIsNamed(t *testing.T) {
	s := newSigner(t)
	file, _, _ := sealedWhole(t, s)
	for _, c := range []struct {
		name, old, now string
		want           Change
	}{
		{"hash of a table", Digest([]byte("second")), Digest([]byte("third")), edited("mandates/A5-DG/table/sha256")},
		{"count", `"reported":0`, `"reported":4`, edited("mandates/A5-DG/reported")},
		{"status", `"not_reported":4`, `"not_reported":3`, edited("mandates/A5-DG/statuses/not_reported")},
		{"submission", "2026-07-08T14:03:02Z", "2026-07-31T14:03:02Z", edited("mandates/A4-EL/submitted_at")},
		{"due date", `"due":"2026-07-10"`, `"due":"2026-07-20"`, edited("dates/due")},
		{"number", `"number":"DR-2026-H1"`, `"number":"DR-2026-H2"`, edited("sealing/number")},
		{"passed off as a table", "jalon whole table", "jalon monitoring table", edited("signature")},
		{"mandate", `"code":"A5-DG"`, `"code":"A5-DX"`, Change{Kind: Removed, Field: "mandates/A5-DG"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			damaged := strings.Replace(string(file), c.old, c.now, 1)
			if damaged == string(file) {
				t.Fatalf("%q is not in the file", c.old)
			}
			if v := Verify([]byte(damaged), nil); v.Outcome != Altered || !contains(v.Changes, c.want) {
				t.Errorf("got %s %v, want altered %v", v.Outcome, v.Changes, c.want)
			}
		})
	}
}

func TestATableIsNamedByItsHash(t *testing.T) {
	w := sampleWhole()
	table, hash := sample(), w.Mandates[0].Table.SHA256
	elsewhere, later, stranger := sample(), sample(), sample()
	elsewhere.Institution.Code, later.Period, stranger.Mandate.Code = "CIRB", table.Period.Next(), "A4-XX"
	for _, c := range []struct {
		name  string
		table Table
		hash  string
		want  Naming
	}{
		{"the one", table, hash, Named},
		{"another of the same mandate", table, Digest([]byte("other")), NamedOther},
		{"the hash of another mandate's", table, w.Mandates[1].Table.SHA256, NamedOther},
		{"another half-year", later, hash, NotNamed},
		{"another mandate", stranger, hash, NotNamed},
		{"another institution", elsewhere, hash, NotNamed},
	} {
		if got := w.Naming(c.table, c.hash); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestEverySealedWholeTableIsReadBack(t *testing.T) {
	s := newSigner(t)
	rapid.Check(t, func(t *rapid.T) {
		w := sampleWhole()
		w.Mandates = nil
		for _, table := range rapid.SliceOfN(tables(), 0, 4).Draw(t, "tables") {
			submitted := time.Unix(rapid.Int64Range(1e9, 4e9).Draw(t, "submitted"), 0).UTC()
			w.Mandates = append(w.Mandates, NameTable(table, Seal{SHA256: Digest([]byte(rapid.String().Draw(t, "document")))}, submitted))
		}
		for i := range w.Mandates { // a code is one mandate's
			w.Mandates[i].Mandate.Code += string(rune('a' + i))
			if len(w.Mandates[i].Statuses) == 0 {
				w.Mandates[i].Statuses = nil
			}
		}
		document, seal, err := s.SealWhole(w, wholeSealing())
		if err != nil {
			t.Fatal(err)
		}
		file, err := Envelope(document, &seal)
		if err != nil {
			t.Fatal(err)
		}
		number := wholeSealing()
		w.Sealing = &number
		v := Verify(file, []PublicKey{s.Public()})
		if v.Outcome != Intact {
			t.Fatalf("%s %v", v.Outcome, v.Changes)
		}
		if diff := cmp.Diff(w, *v.Whole); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}
