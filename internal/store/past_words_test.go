package store

import (
	"testing"
	"time"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/deadline"
	"jalon/internal/mandate"
)

// amendedAt amends a letter, recorded at an instant.
func amendedAt(t *testing.T, b bench, m mandate.Mandate, from string, at time.Time) {
	t.Helper()
	l := actiris(m)
	l.EffectiveOn, l.Reason, l.At = day(from), "besluit", at
	storeLetter(t, b.Store, l)
}

func targetAsKnown(t *testing.T, b bench, code, on string, known time.Time) mandate.Target {
	t.Helper()
	all := sheetOf(t, b.Store, SheetQuestion{Code: code, AsOf: day(on), Known: known}).Mandate.Targets()
	return all[len(all)-1]
}

// A mandate that parts from shared words keeps everything that they were before.
func TestWordsThatPartKeepTheirPast(t *testing.T) {
	b := newBench(t)
	letter := func(words string) mandate.Mandate {
		return tree("MA", "T1 Kwaliteit", "T1.1 Punt", "T1.1-1 "+words+" @ doorlopend")
	}
	b.aMandate(t, letter("eerst"))
	_, _, err := b.Amend(system, b.sub("amend letter"), AmendRequest{
		Code: "MA", Kind: mandate.OnTarget, Place: "T1.1-1", Text: original("overal"), EffectiveOn: day("2025-06-01"), Authority: "Regering", Reason: "besluit", Everywhere: true,
		At: instant("2025-05-20"), May: func(access.Object) bool { return true }, Read: func(bilingual.Text) deadline.Reading { return deadline.Reading{} },
	})
	if err != nil {
		t.Fatal(err)
	}
	amendedAt(t, b, letter("alleen hier"), "2026-01-01", instant("2025-12-20"))
	for on, want := range map[string]string{"2025-05-31": "eerst", "2025-06-01": "overal", "2025-12-31": "overal", "2026-01-01": "alleen hier"} {
		if got := targetAsKnown(t, b, "MA", on, time.Time{}).Text.NL; got != want {
			t.Errorf("on %s it reads %q, want %q", on, got, want)
		}
	}
	if got := targetAsKnown(t, b, "MA", "2025-06-01", instant("2025-05-19")).Text.NL; got != "eerst" {
		t.Errorf("before the amendment was known it reads %q", got)
	}
}

// What a second amendment of the same day takes the place of was what people knew, and stays in the list.
func TestTwoAmendmentsOfOneDay(t *testing.T) {
	b := newBench(t)
	letter := func(words, phrase string) mandate.Mandate {
		return tree("MA", "S1 Dienst", "S1.1 Punt", "S1.1-1 "+words+" @ "+phrase)
	}
	m := b.aMandate(t, letter("eerst", "juni 2025"))
	amendedAt(t, b, letter("tweede", "juli 2025"), "2026-01-01", instant("2025-12-01"))
	amendedAt(t, b, letter("derde", "maart 2026"), "2026-01-01", instant("2025-12-15"))
	for _, c := range []struct {
		known      time.Time
		words, due string
	}{
		{instant("2025-11-30"), "eerst", "2025-06-30"}, {instant("2025-12-14"), "tweede", "2025-07-31"}, {instant("2025-12-15"), "derde", "2026-03-31"}, {time.Time{}, "derde", "2026-03-31"},
	} {
		g := targetAsKnown(t, b, "MA", "2026-01-01", c.known)
		if g.Text.NL != c.words || g.Deadline.Due != day(c.due) {
			t.Errorf("known on %s: %q by %s, want %q by %s", c.known, g.Text.NL, g.Deadline.Due, c.words, c.due)
		}
	}
	all, err := b.Amendments(system, m.ID, time.Time{})
	if err != nil || len(all) != 2 {
		t.Fatalf("%d amendments, %v", len(all), err)
	}
	if c := all[1].Changes[0]; c.Before.NL != "eerst" && c.Before.NL != "juni 2025" {
		t.Errorf("the first amendment changed %q", c.Before.NL)
	}
	_, history, err := b.Sheet(system, SheetQuestion{Code: "MA", AsOf: day("2026-01-01"), HistoryOf: "S1.1-1"})
	if err != nil || len(history) != 0 {
		t.Fatal(history, err)
	}
	wordings := sheetOf(t, b.Store, SheetQuestion{Code: "MA", AsOf: day("2026-01-01"), HistoryOf: "S1.1-1"}).Wordings
	if len(wordings) != 2 || wordings[1].Text.NL != "derde" {
		t.Errorf("the target had %v", wordings)
	}
}

// A reading that somebody confirmed is not confirmed of other words.
func TestAnAmendedDeadlineIsNotConfirmed(t *testing.T) {
	b := newBench(t)
	letter := func(phrase string) mandate.Mandate {
		return tree("MA", "S1 Dienst", "S1.1 Punt", "S1.1-1 Doel @ "+phrase)
	}
	m := b.aMandate(t, letter("juni 2025"))
	amendedAt(t, b, letter("juli 2025"), "2026-01-01", instant("2025-12-01"))
	d := targetAsKnown(t, b, "MA", "2026-01-01", time.Time{}).Deadline
	_, _, err := b.ConfirmReading(system, b.sub("confirm"), Confirmation{MandateID: m.ID, DeadlineID: d.ID, Reading: d.Reading, At: instant("2025-12-05"), Object: "deadline", Location: "/nl"})
	if err != nil {
		t.Fatal(err)
	}
	amendedAt(t, b, letter("maart 2026"), "2026-01-01", instant("2025-12-15"))
	if by := targetAsKnown(t, b, "MA", "2026-01-01", time.Time{}).Deadline.ConfirmedBy; by != "" {
		t.Errorf("the new words were confirmed by %q", by)
	}
	if by := targetAsKnown(t, b, "MA", "2026-01-01", instant("2025-12-10")).Deadline.ConfirmedBy; by == "" {
		t.Error("that the words of then were confirmed is forgotten")
	}
}

func instant(d string) time.Time {
	on := day(d)
	return time.Date(on.Year, on.Month, on.Day, 9, 0, 0, 0, calendar.Brussels)
}
