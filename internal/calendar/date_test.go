package calendar

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestThereIsNoThirtyFirstOfFebruary(t *testing.T) {
	for _, d := range [][3]int{{2026, 2, 31}, {2023, 2, 29}, {2027, 2, 29}, {2026, 4, 31}, {2026, 13, 1}, {2026, 0, 1}, {2026, 1, 0}} {
		if got, err := NewDate(d[0], time.Month(d[1]), d[2]); err == nil {
			t.Errorf("%v became %v", d, got)
		}
	}
	if _, err := NewDate(2028, time.February, 29); err != nil {
		t.Errorf("2028 is a leap year: %v", err)
	}
}

func TestDatesOutsideTheYearsInUseAreRefused(t *testing.T) {
	for _, s := range []string{"0000-01-01", "9999-01-01", "10000-01-01", "1989-12-31", "2101-01-01", "2026-02-31", "2026-1-1", "31/12/2026", ""} {
		if got, err := ParseDate(s); err == nil {
			t.Errorf("%q became %v", s, got)
		}
	}
}

// The half-year ends at midnight in Brussels, which is 22:00 UTC in summer and
// 23:00 UTC in winter.
func TestTheDayOfAnInstantIsTheBrusselsDay(t *testing.T) {
	for instant, want := range map[string]string{
		"2026-06-30T21:59:59Z": "2026-06-30",
		"2026-06-30T22:00:00Z": "2026-07-01",
		"2026-12-31T22:59:59Z": "2026-12-31",
		"2026-12-31T23:00:00Z": "2027-01-01",
		"2026-03-29T00:59:59Z": "2026-03-29", // an hour before the clock moves
		"2026-10-25T01:30:00Z": "2026-10-25", // in the hour that comes twice
	} {
		at, err := time.Parse(time.RFC3339, instant)
		if err != nil {
			t.Fatal(err)
		}
		if got := DateOf(at); got.String() != want {
			t.Errorf("%s lies on %s, want %s", instant, got, want)
		}
	}
}

func TestTheLastDayCountsUntilMidnightInBrussels(t *testing.T) {
	for day, want := range map[Date]string{
		{2024, time.December, 31}: "2024-12-31T23:00:00Z",
		{2026, time.June, 30}:     "2026-06-30T22:00:00Z",
		{2026, time.March, 28}:    "2026-03-28T23:00:00Z",
		{2026, time.March, 29}:    "2026-03-29T22:00:00Z",
	} {
		if got := day.End().UTC().Format(time.RFC3339); got != want {
			t.Errorf("%s ends at %s, want %s", day, got, want)
		}
	}
}

func TestAMonthLaterStaysInThatMonth(t *testing.T) {
	for _, c := range []struct {
		from   Date
		months int
		want   string
	}{
		{Date{2026, 1, 31}, 1, "2026-02-28"}, {Date{2028, 1, 31}, 1, "2028-02-29"}, {Date{2026, 8, 31}, -2, "2026-06-30"}, {Date{2026, 11, 15}, 3, "2027-02-15"},
	} {
		if got := c.from.AddMonths(c.months); got.String() != c.want {
			t.Errorf("%s and %d months: %s, want %s", c.from, c.months, got, c.want)
		}
	}
}

func TestEveryDayLiesInOneHalfYear(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := MustDate(MinYear, 1, 1).AddDays(rapid.IntRange(0, 40_000).Draw(t, "day"))
		h := HalfYearOf(d)
		if !h.Contains(d) || h.Previous().Contains(d) || h.Next().Contains(d) {
			t.Fatalf("%s in %s", d, h)
		}
		if h.Next().Previous() != h || h.End().AddDays(1) != h.Next().Start() {
			t.Fatalf("%s does not follow on %s", h.Next(), h)
		}
		if again, err := ParseHalfYear(h.String()); err != nil || again != h {
			t.Fatalf("%s reads as %v, %v", h, again, err)
		}
		if again, err := ParseDate(d.String()); err != nil || again != d {
			t.Fatalf("%s reads as %v, %v", d, again, err)
		}
	})
}

func TestHalfYearsInAnotherFormAreRefused(t *testing.T) {
	for _, s := range []string{"2026-H3", "2026-H0", "2026H1", "2026-h1", "26-H1", "2026-H1 ", "02026-H1", "+026-H1", "1900-H1", ""} {
		if got, err := ParseHalfYear(s); err == nil {
			t.Errorf("%q became %v", s, got)
		}
	}
}
