package monitoring

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
)

func wholeTable() RoundTable {
	title := bilingual.New(bilingual.NL, "Directeur Eerste lijn").With(bilingual.FR, "Directeur Première ligne", bilingual.Working)
	half := calendar.HalfYear{Year: 2026, Half: 1}
	return RoundTable{
		Software: "test", Institution: Institution{"ACTIRIS", bilingual.New(bilingual.NL, "Actiris")}, Body: Body{"DR", bilingual.New(bilingual.NL, "Directieraad")},
		Period: half, Dates: UsualDates(half),
		Mandates: []RoundLine{
			{Mandate{"ACTIRIS-A4-EL", "A4", title}, Holder{"Dirk Voorbeeld", false}, "DR-2026-H1-001", Digest([]byte("one")), 27, 28},
			{Mandate{"ACTIRIS-A4-WG", "A4", title}, Holder{"Els Proef", true}, "DR-2026-H1-002", Digest([]byte("two")), 3, 3},
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

func TestAnAlteredTableOfABodySaysWhichMandate(t *testing.T) {
	s := newSigner(t)
	document, seal, err := s.SealRound(wholeTable(), sealing())
	if err != nil {
		t.Fatal(err)
	}
	file, err := Envelope(document, &seal)
	if err != nil {
		t.Fatal(err)
	}
	forged := bytes.Replace(file, []byte(`"reported":27`), []byte(`"reported":28`), 1)
	v := Verify(forged, []PublicKey{s.Public()})
	if v.Outcome != Altered || !v.Located || len(v.Changes) != 1 || v.Changes[0].Field != "mandates/ACTIRIS-A4-EL/reported" {
		t.Errorf("%+v", v)
	}
	for i := range file {
		damaged := bytes.Clone(file)
		damaged[i] ^= 0x01
		if v := Verify(damaged, []PublicKey{s.Public()}); v.Outcome == Intact || v.Outcome == UnknownKey {
			t.Fatalf("byte %d %q: %s", i, file[max(0, i-10):i], v.Outcome)
		}
	}
}
