package monitoring

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/progress"
)

func wholeTable() RoundTable {
	title := bilingual.New(bilingual.NL, "Directeur Eerste lijn").With(bilingual.FR, "Directeur Première ligne", bilingual.Working)
	half := calendar.HalfYear{Year: 2026, Half: 1}
	return RoundTable{
		Software: "test", Institution: Institution{"ACTIRIS", bilingual.New(bilingual.NL, "Actiris")}, Body: Body{"DR", bilingual.New(bilingual.NL, "Directieraad")},
		Period: half, Dates: UsualDates(half),
		Mandates: []RoundLine{
			{Mandate{"ACTIRIS-A4-EL", "A4", title}, Holder{"Dirk Voorbeeld", false}, "DR-2026-H1-001", Digest([]byte("one")), map[progress.Status]int{progress.OnTrack: 27, progress.NotReported: 1}, 27, 28, time.Date(2026, 7, 8, 14, 3, 2, 0, time.UTC)},
			{Mandate{"ACTIRIS-A4-WG", "A4", title}, Holder{"Els Proef", true}, "DR-2026-H1-002", Digest([]byte("two")), map[progress.Status]int{progress.Achieved: 3}, 3, 3, time.Time{}},
		},
	}
}

func TestTheTableOfABodyIsSealedAndVerified(t *testing.T) {
	s := newSigner(t)
	document, seal, err := s.SealRound(wholeTable(), sealing())
	if err != nil {
		t.Fatal(err)
	}
	want := wholeTable()
	number := sealing()
	want.Sealing = &number
	want.Dates.Opens = calendar.Date{} // of the round, not of its table
	got, err := ParseRound(document)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("read back (%v):\n%s", err, diff)
	}
	file, err := Envelope(document, &seal)
	if err != nil {
		t.Fatal(err)
	}
	v := Verify(file, []PublicKey{s.Public()})
	if v.Outcome != Intact || !v.Trusted || v.Round == nil || v.Seal.Number != number.Number {
		t.Fatalf("%+v", v)
	}
	if reported, owed := v.Round.Reported(); reported != 30 || owed != 31 {
		t.Errorf("%d of %d reported", reported, owed)
	}
	if _, err := Parse(document); err == nil {
		t.Error("read as the table of one mandate")
	}
}

func TestAnAlteredTableOfABodySaysWhatWasAltered(t *testing.T) {
	s := newSigner(t)
	document, seal, err := s.SealRound(wholeTable(), sealing())
	if err != nil {
		t.Fatal(err)
	}
	file, err := Envelope(document, &seal)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, old, now string
		want           Change
	}{
		{"hash of a table", Digest([]byte("two")), Digest([]byte("three")), edited("mandates/ACTIRIS-A4-WG/sha256")},
		{"count", `"reported":27`, `"reported":28`, edited("mandates/ACTIRIS-A4-EL/reported")},
		{"status", `"on_track":27`, `"on_track":28`, edited("mandates/ACTIRIS-A4-EL/statuses/on_track")},
		{"submission", "2026-07-08T14:03:02Z", "2026-07-31T14:03:02Z", edited("mandates/ACTIRIS-A4-EL/submitted_at")},
		{"due date", `"due":"2026-07-10"`, `"due":"2026-07-20"`, edited("due")},
		{"passed off as the table of a mandate", "jalon " + whatRound, "jalon " + whatTable, edited("signature")},
		{"mandate", `"code":"ACTIRIS-A4-WG"`, `"code":"ACTIRIS-A4-WX"`, Change{Kind: Removed, Field: "mandates/ACTIRIS-A4-WG"}},
	} {
		forged := bytes.Replace(file, []byte(c.old), []byte(c.now), 1)
		if bytes.Equal(forged, file) {
			t.Errorf("%s: %q is not in the file", c.name, c.old)
		}
		if v := Verify(forged, []PublicKey{s.Public()}); v.Outcome != Altered || !contains(v.Changes, c.want) {
			t.Errorf("%s: %s %v, want altered %v", c.name, v.Outcome, v.Changes, c.want)
		}
	}
	for i := range file {
		damaged := bytes.Clone(file)
		damaged[i] ^= 0x01
		if v := Verify(damaged, []PublicKey{s.Public()}); v.Outcome == Intact || v.Outcome == UnknownKey {
			t.Fatalf("byte %d %q: %s", i, file[max(0, i-10):i], v.Outcome)
		}
	}
}

func TestCanonicalFormOfTheTableOfABodyStays(t *testing.T) {
	document, err := wholeTable().Canonical()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "round.json", document)
}

func TestALineCountsWhatItsTableCounts(t *testing.T) {
	submitted := time.Date(2026, 7, 8, 14, 3, 2, 0, time.UTC)
	want := RoundLine{
		Mandate: sample().Mandate, Holder: sample().Holder, Number: "DR-2026-H1-001", SHA256: "ab", Submitted: submitted,
		Statuses: map[progress.Status]int{progress.OnTrack: 1, progress.NotReported: 1}, Reported: 1, Owed: 2,
	}
	if diff := cmp.Diff(want, LineOf(sample(), "DR-2026-H1-001", "ab", submitted)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestATableIsNamedByItsHash(t *testing.T) {
	w, table := wholeTable(), sample()
	table.Mandate.Code = w.Mandates[0].Mandate.Code
	hash := w.Mandates[0].SHA256
	elsewhere, later, stranger := table, table, table
	elsewhere.Institution.Code, later.Period, stranger.Mandate.Code = "CIRB", table.Period.Next(), "ACTIRIS-A4-XX"
	for _, c := range []struct {
		name  string
		table Table
		hash  string
		want  Naming
	}{
		{"the one", table, hash, Named},
		{"another of the same mandate", table, Digest([]byte("other")), NamedOther},
		{"the hash of another mandate's", table, w.Mandates[1].SHA256, NamedOther},
		{"another half-year", later, hash, NotNamed},
		{"another mandate", stranger, hash, NotNamed},
		{"another institution", elsewhere, hash, NotNamed},
	} {
		if got := w.Naming(c.table, c.hash); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}
