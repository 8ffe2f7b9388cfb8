package deadline

import (
	"fmt"
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
	days := p.On
	if !dated {
		for _, m := range p.Months {
			days = append(days, fmt.Sprintf("%02d-31", m))
		}
	}
	step := unitMonths[unitLetters[p.Per]] * p.Interval
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
			d := Duty{From: share[0], Due: share[1], Late: end, Optional: p.AtMost, Reason: reason(ReasonCount,
				"nth", strconv.Itoa(k+1), "count", strconv.Itoa(p.Count), "per", p.Per, "until", end.String())}
			if len(p.Months) > 0 {
				d.Late = d.Due
			}
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

// shares cuts a period into equal windows, one per duty, by whole months where
// they fit; named months are the windows themselves.
func (p Part) shares(start, end calendar.Date) [][2]calendar.Date {
	var out [][2]calendar.Date
	if len(p.Months) > 0 {
		for _, run := range runs(p.Months, p.Count) {
			first := calendar.Date{Year: start.Year, Month: time.Month(run[0]), Day: 1}
			last := calendar.Date{Year: start.Year, Month: time.Month(run[1]), Day: 1}
			out = append(out, [2]calendar.Date{first, last.EndOfMonth()})
		}
		return out
	}
	n := min(max(1, p.Count), 400)
	months := unitMonths[unitLetters[p.Per]]
	total := int(end.Time().Sub(start.Time()).Hours())/24 + 1
	edge := func(k int) calendar.Date { // first day of the k-th share
		if months > 0 && months%n == 0 {
			return start.AddMonths(k * months / n)
		}
		return start.AddDays(k * total / n)
	}
	for k := range n {
		share := [2]calendar.Date{edge(k), edge(k + 1).AddDays(-1)}
		if share[1].Before(share[0]) {
			share[1] = share[0]
		}
		out = append(out, share)
	}
	return out
}

// runs groups months into as many windows as there are duties: one duty in a
// quarter has the whole quarter, two in June and December have a month each.
func runs(months []int, count int) [][2]int {
	var out [][2]int
	for _, m := range months {
		if n := len(out); n > 0 && out[n-1][1] == m-1 && count < len(months) {
			out[n-1][1] = m
			continue
		}
		out = append(out, [2]int{m, m})
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
		if end.Before(from) || end.After(until) && !end.After(h.Until) {
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
