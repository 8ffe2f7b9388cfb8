package calendar

import "time"

// Precision says how exactly a date was given. A date with a precision is the
// last day of the named period: "december 2025" is 2025-12-31 with Month.
type Precision string

// Precisions, from one day to one year. The empty precision is an approximate
// stretch that is none of these.
const (
	Day     Precision = "day"
	Week    Precision = "week" // ISO 8601: Monday to Sunday
	Month   Precision = "month"
	Quarter Precision = "quarter"
	Half    Precision = "half"
	Year    Precision = "year"
)

// Letter gives the short sign of a precision: d, w, m, q, h, y.
func (p Precision) Letter() string {
	if p == "" {
		return ""
	}
	return string(p[0])
}

// Period gives the first and the last day of the period of this precision that
// the date lies in; for Day, and for no precision, the date itself twice.
func (p Precision) Period(d Date) (from, until Date) {
	months := map[Precision]int{Month: 1, Quarter: 3, Half: 6, Year: 12}[p]
	switch {
	case p == Week:
		monday := d.AddDays(-int(d.Weekday()+6) % 7)
		return monday, monday.AddDays(6)
	case months > 0:
		from = Date{d.Year, d.Month - (d.Month-1)%time.Month(months), 1}
		return from, from.AddMonths(months - 1).EndOfMonth()
	}
	return d, d
}

// WeekOf gives the Monday and Sunday of an ISO 8601 week; ok is false when the
// year has no such week.
func WeekOf(year, week int) (monday, sunday Date, ok bool) {
	monday, _ = Week.Period(Date{year, time.January, 4}) // 4 January is always in week 1
	monday = monday.AddDays(7 * (week - 1))
	y, w := monday.Time().ISOWeek()
	return monday, monday.AddDays(6), y == year && w == week
}
