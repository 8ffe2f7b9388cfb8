package deadline

import (
	"fmt"
	"strconv"
	"strings"

	"jalon/internal/calendar"
)

// Anchor is a day counted from the mandate: MB (begin), MM (middle), ME (end),
// moved by steps such as +1y, -1d or +10wd: "MB+1y-1d".
type Anchor string

// The three fixed points of a mandate.
const (
	Begin  Anchor = "MB"
	Middle Anchor = "MM"
	End    Anchor = "ME"
)

// plus moves an anchor by a stretch such as 3m or 10wd. A day there and a day
// back are no step: the day after MB+6m-1d is MB+6m.
func (a Anchor) plus(sign, stretch string) Anchor {
	back := map[string]string{"+": "-", "-": "+"}[sign] + stretch
	if before, found := strings.CutSuffix(string(a), back); found && stretch == "1d" {
		return Anchor(before)
	}
	return a + Anchor(sign+stretch)
}

// resolve gives the day of the anchor; false when the mandate's own date is unknown.
func (a Anchor) resolve(begin, end calendar.Date, days calendar.WorkingDays) (calendar.Date, bool) {
	if len(a) < 2 {
		return calendar.Date{}, false
	}
	var d calendar.Date
	switch a[:2] {
	case Begin:
		d = begin
	case End:
		d = end
	case Middle:
		if !begin.IsZero() && !end.IsZero() {
			d = begin.AddDays(int(end.Time().Sub(begin.Time()).Hours()) / 48)
		}
	}
	if d.IsZero() {
		return d, false
	}
	rest := string(a[2:])
	for rest != "" {
		i := 1 + strings.IndexAny(rest[1:]+"+", "+-")
		moved, ok := move(d, rest[:i], days)
		if !ok {
			return calendar.Date{}, false
		}
		d, rest = moved, rest[i:]
	}
	return d, true
}

// move moves a day by a signed stretch: +3m, -14d, 10wd.
func move(d calendar.Date, stretch string, days calendar.WorkingDays) (calendar.Date, bool) {
	n, unit, ok := parseStretch(stretch)
	if !ok {
		return d, false
	}
	switch unit {
	case "d":
		d = d.AddDays(n)
	case "w":
		d = d.AddDays(7 * n)
	case "wd":
		d = days.Add(d, n)
	default:
		d = d.AddMonths(n * unitMonths[unit])
	}
	return d, true
}

var unitMonths = map[string]int{"m": 1, "q": 3, "h": 6, "y": 12}

// parseStretch reads 3m, +3m, -14d, 10wd; at most 2000 of a unit.
func parseStretch(s string) (n int, unit string, ok bool) {
	unit = strings.TrimLeft(s, "+-0123456789")
	n, err := strconv.Atoi(strings.TrimSuffix(s, unit))
	_, months := unitMonths[unit]
	ok = err == nil && n >= -2000 && n <= 2000 && (months || unit == "d" || unit == "w" || unit == "wd")
	return n, unit, ok
}

func stretch(n int, unit string) string { return fmt.Sprintf("%d%s", n, unit) }
