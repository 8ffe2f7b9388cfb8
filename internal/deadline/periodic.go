package deadline

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"jalon/internal/calendar"
)

// periodicDuties gives the duties of a recurrence.
func (p Part) periodicDuties(h Horizon) []Duty {
	from, until, ok := p.span(h)
	if !ok || p.Per == "" {
		return nil
	}
	p = p.onItsMonths()
	switch {
	case len(p.On) > 0:
		return p.pinnedDuties(h, from, until)
	case p.Interval > 0:
		return p.intervalDuties(h, from, until)
	}
	return p.countedDuties(h, from, until)
}

// onItsMonths gives an interval that names months or days of the year as what it
// owes each year: every six months in March is in March and September. Every two
// years in June is on the last day of June.
func (p Part) onItsMonths() Part {
	dated := len(p.On) > 0 && hasMonth(p.On)
	if p.Interval < 1 || !dated && (len(p.Months) == 0 || len(p.On) > 0) {
		return p
	}
	step := unitMonths[unitLetters[p.Per]] * p.Interval
	if step <= 1 && !dated { // every month in July and August: the others have nothing
		return p
	}
	days := p.On
	if !dated {
		for _, m := range p.Months {
			days = append(days, fmt.Sprintf("%02d-31", m))
		}
	}
	yearly := p
	yearly.On, yearly.Months = nil, nil
	if step >= 12 {
		step = 12
	} else if step > 0 && 12%step == 0 {
		yearly.Per, yearly.Interval, yearly.Count = "year", 1, 0
	} else {
		return p
	}
	named := map[time.Month]bool{}
	for k := range 12 / step { // the months that are named, then those that the interval adds
		for _, pin := range days {
			month, day, _ := strings.Cut(pin, "-")
			m, _ := strconv.Atoi(month)
			d, _ := strconv.Atoi(day)
			last := calendar.Date{Year: noYearYear - 1, Month: monthOf((m+k*step-1)%12 + 1), Day: 1}.EndOfMonth()
			if k == 0 || !named[last.Month] {
				yearly.On = appendNew(yearly.On, fmt.Sprintf("%02d-%02d", last.Month, min(d, last.Day)))
			}
			named[last.Month] = true
		}
	}
	return yearly
}

// countedDuties gives n duties per period, each with its share of it; the
// period's own end is when they are late.
func (p Part) countedDuties(h Horizon, from, until calendar.Date) []Duty {
	var out []Duty
	for start := periodStart(from, unitLetters[p.Per], h); !start.After(until) && len(out) < maxDuties; {
		end := periodEnd(start, unitLetters[p.Per], h)
		if end.Before(start) {
			break
		}
		for k, share := range p.shares(start, end) {
			d := Duty{From: share.from, Due: share.due, Late: share.late, Optional: p.AtMost, Reason: reason(ReasonCount,
				"nth", strconv.Itoa(k+1), "count", strconv.Itoa(p.Count), "per", p.Per, "until", end.String())}
			if d.Due.Before(from) || d.From.After(until) {
				continue
			}
			if d.From.Before(from) {
				d.From = from
			}
			if d.Due.After(until) {
				d.Due = until
			}
			if d.Late.After(until) {
				d.Late = until
			}
			out = append(out, d)
		}
		start = end.AddDays(1)
	}
	return out
}

// share is the window of one of the duties that a period has, and the day after
// which it is late.
type share struct{ from, due, late calendar.Date }

// shares cuts a period into equal windows, one per duty, by whole months where
// they fit. Named months are the windows themselves, or bound them where there
// are not as many as there are duties.
func (p Part) shares(start, end calendar.Date) []share {
	n := min(max(1, p.Count), 400)
	months := unitMonths[unitLetters[p.Per]]
	if len(p.Months) > 0 {
		windows := runs(p.monthsWithin(start, end), p.Count)
		switch {
		case len(windows) == 0:
			return nil
		case len(windows) == n && months > 0:
			var out []share
			for _, w := range windows {
				out = append(out, share{w[0], w[1], w[1]})
			}
			return out
		case months > 0:
			start, end = windows[0][0], windows[len(windows)-1][1]
			months = int(end.Month-start.Month) + 1
		}
	}
	total := int(end.Time().Sub(start.Time()).Hours())/24 + 1
	edge := func(k int) calendar.Date { // first day of the k-th share
		if months > 0 && months%n == 0 {
			return start.AddMonths(k * months / n)
		}
		return start.AddDays(k * total / n)
	}
	var out []share
	for k := range n {
		one := share{edge(k), edge(k + 1).AddDays(-1), end}
		if one.due.Before(one.from) {
			one.due = one.from
		}
		out = append(out, one)
	}
	return out
}

// monthsWithin gives the first days of the named months that a period ends or
// lies in: a week belongs to the month of its Sunday.
func (p Part) monthsWithin(start, end calendar.Date) (out []calendar.Date) {
	for m := (calendar.Date{Year: end.Year, Month: end.Month, Day: 1}); ; m = m.AddMonths(-1) {
		if slices.Contains(p.Months, int(m.Month)) {
			out = append([]calendar.Date{m}, out...)
		}
		if !m.After(start) || unitMonths[unitLetters[p.Per]] == 0 {
			return out
		}
	}
}

// runs groups months into as many windows as there are duties: one duty in a
// quarter has the whole quarter, two in June and December have a month each.
func runs(months []calendar.Date, count int) [][2]calendar.Date {
	var out [][2]calendar.Date
	for _, m := range months {
		if n := len(out); n > 0 && out[n-1][1].AddDays(1) == m && count < len(months) {
			out[n-1][1] = m.EndOfMonth()
			continue
		}
		out = append(out, [2]calendar.Date{m, m.EndOfMonth()})
	}
	return out
}

func periodStart(d calendar.Date, unit string, h Horizon) calendar.Date {
	if unit == "mand" {
		if h.MandateBegin.IsZero() {
			return calendar.Date{Year: calendar.MaxYear + 1, Month: 1, Day: 1} // unknown: nothing owed yet
		}
		return h.MandateBegin
	}
	from, _ := precisionOf[unit].Period(d)
	return from
}

func periodEnd(start calendar.Date, unit string, h Horizon) calendar.Date {
	if unit == "mand" {
		if h.MandateEnd.IsZero() || h.MandateEnd.Before(start) {
			return start.AddDays(-1)
		}
		return h.MandateEnd
	}
	_, until := precisionOf[unit].Period(start)
	return until
}

var precisionOf = map[string]calendar.Precision{
	"d": calendar.Day, "w": calendar.Week, "m": calendar.Month, "q": calendar.Quarter, "h": calendar.Half, "y": calendar.Year,
}

// intervalDuties gives the duties of "every two months": the periods are
// counted from the part's own start, else from 1 January 2000 (weeks from
// Monday 3 January 2000), so that the answer does not depend on the horizon.
func (p Part) intervalDuties(h Horizon, from, until calendar.Date) []Duty {
	unit, k := unitLetters[p.Per], p.Interval
	if unit == "wd" {
		return p.pinnedDuties(h, from, until)
	}
	months, days := unitMonths[unit]*k, map[string]int{"d": 1, "w": 7}[unit]*k
	anchor := calendar.MustDate(2000, time.January, 1)
	if days%7 == 0 && days > 0 {
		anchor = calendar.MustDate(2000, time.January, 3)
	}
	if !p.From.IsZero() {
		anchor = p.From
	} else if own, ok := h.day(calendar.Date{}, p.FromAnchor); ok {
		anchor = own
	}
	step := func(n int) calendar.Date {
		if months > 0 {
			return anchor.AddMonths(n * months)
		}
		return anchor.AddDays(n * days)
	}
	var out []Duty
	for n := p.periodsBefore(anchor, from, months, days); len(out) < maxDuties; n++ {
		start, end := step(n), step(n+1).AddDays(-1)
		if start.After(until) {
			return out
		}
		if end.Before(from) || end.After(until) && !end.After(h.Until) || len(p.Months) > 0 && len(p.monthsWithin(end, end)) == 0 {
			continue
		}
		d := Duty{From: start, Due: end, Optional: p.AtMost, Reason: reason(ReasonRecurrence, "from", start.String(), "date", end.String())}
		if d.From.Before(from) {
			d.From = from
		}
		out = append(out, d)
	}
	return out
}

// periodsBefore counts the whole periods between the anchor and a day, less one.
func (p Part) periodsBefore(anchor, d calendar.Date, months, days int) int {
	if months > 0 {
		return ((d.Year-anchor.Year)*12+int(d.Month-anchor.Month))/months - 1
	}
	return int(d.Time().Sub(anchor.Time()).Hours())/24/max(1, days) - 1
}
