package calendar

import (
	"testing"

	"pgregory.net/rapid"
)

func TestBrusselsClosesOnFederalAndRegionalDays(t *testing.T) {
	for date, want := range map[string]bool{
		"2025-04-21": false, // Easter Monday
		"2025-05-08": false, // feast of the Region
		"2025-05-29": false, // Ascension
		"2025-07-21": false,
		"2025-11-10": true, // a Monday
		"2025-12-26": false,
		"2025-12-29": true,
		"2026-01-03": false, // a Saturday
	} {
		d, err := ParseDate(date)
		if err != nil {
			t.Fatal(err)
		}
		if got := BrusselsDays.IsWorkingDay(d); got != want {
			t.Errorf("%s is a working day: %v, want %v", date, got, want)
		}
	}
	if d := MustDate(2025, 5, 8); !(WorkingDays{}).IsWorkingDay(d) {
		t.Error("the federal calendar alone closes on 8 May")
	}
}

func TestWorkingDaysAreCounted(t *testing.T) {
	from := MustDate(2025, 12, 24)
	if got, want := BrusselsDays.Add(from, 2), MustDate(2025, 12, 30); got != want {
		t.Errorf("two working days after %v is %v, want %v", from, got, want)
	}
	if got, want := BrusselsDays.Add(MustDate(2025, 12, 29), -1), from; got != want {
		t.Errorf("one working day before 29 December is %v, want %v", got, want)
	}
	rapid.Check(t, func(t *rapid.T) {
		d := MustDate(2020, 1, 1).AddDays(rapid.IntRange(0, 4000).Draw(t, "day"))
		before, after := BrusselsDays.Previous(d), BrusselsDays.Next(d)
		if before.After(d) || after.Before(d) || !BrusselsDays.IsWorkingDay(before) || !BrusselsDays.IsWorkingDay(after) {
			t.Errorf("around %v: %v and %v", d, before, after)
		}
		n := rapid.IntRange(1, 60).Draw(t, "n")
		if back := BrusselsDays.Add(BrusselsDays.Add(after, n), -n); back != after {
			t.Errorf("%d working days after %v and back is %v", n, after, back)
		}
	})
}

func TestPeriodsAndWeeks(t *testing.T) {
	for _, test := range []struct {
		p           Precision
		from, until string
	}{
		{Day, "2025-03-20", "2025-03-20"},
		{Week, "2025-03-17", "2025-03-23"},
		{Month, "2025-03-01", "2025-03-31"},
		{Quarter, "2025-01-01", "2025-03-31"},
		{Half, "2025-01-01", "2025-06-30"},
		{Year, "2025-01-01", "2025-12-31"},
	} {
		from, until := test.p.Period(MustDate(2025, 3, 20))
		if from.String() != test.from || until.String() != test.until {
			t.Errorf("%s of 20 March 2025 is %v to %v", test.p, from, until)
		}
	}
	if _, _, ok := WeekOf(2025, 53); ok {
		t.Error("2025 has a week 53")
	}
	if monday, _, ok := WeekOf(2026, 53); !ok || monday.String() != "2026-12-28" {
		t.Errorf("week 53 of 2026 starts %v %v", monday, ok)
	}
}
