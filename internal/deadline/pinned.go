package deadline

import (
	"slices"
	"strings"
	"time"

	"github.com/teambition/rrule-go"

	"jalon/internal/calendar"
)

// pinnedDuties gives a duty for each named day. Its window opens the day after
// the named day before it. A named day that is a closing day moves.
func (p Part) pinnedDuties(h Horizon, from, until calendar.Date) []Duty {
	days := p.pinnedDays(h, from, until)
	var out []Duty
	previous := calendar.Date{}
	for _, day := range days {
		due := day
		if unitLetters[p.Per] != "wd" {
			due = h.shift(day)
		}
		start := p.periodBefore(day)
		if !previous.IsZero() {
			start = previous.AddDays(1)
		}
		previous = day
		if day.Before(from) || day.After(until) || len(out) >= maxDuties {
			continue
		}
		if start.Before(from) {
			start = from
		}
		r := reason(ReasonRecurrence, "date", day.String())
		if due != day {
			r.Args["moved"] = due.String()
		}
		if start.After(due) {
			start = due
		}
		out = append(out, Duty{From: start, Due: due, Optional: p.AtMost, Reason: r})
	}
	return out
}

// periodBefore gives the first day of the period that ends on the day.
func (p Part) periodBefore(d calendar.Date) calendar.Date {
	switch unit := unitLetters[p.Per]; unit {
	case "d", "wd":
		return d
	case "w":
		return d.AddDays(1 - 7*max(1, p.Interval))
	default:
		return d.AddMonths(-unitMonths[unit] * max(1, p.Interval)).AddDays(1)
	}
}

// pinnedDays gives the named days, in order, from one period before from until until.
func (p Part) pinnedDays(h Horizon, from, until calendar.Date) []calendar.Date {
	start := p.periodBefore(from)
	var out []calendar.Date
	pins := p.On
	if len(pins) == 0 {
		pins = []string{""}
	}
	for _, pin := range pins {
		one := p
		if len(pins) > 1 {
			one.Count = 1 // each pin has its own turn
		}
		one.On = nil
		if pin != "" {
			one.On = []string{pin}
		}
		if one.Interval == 0 {
			one.Interval = 1
		}
		out = append(out, one.ruleDays(h, pin, start, until)...)
	}
	slices.SortFunc(out, calendar.Date.Compare)
	return slices.Compact(out)
}

// shortMonths makes a rule for a day that not every month has fall on the last
// one of a month without it.
var shortMonths = strings.NewReplacer(
	"BYMONTHDAY=29", "BYMONTHDAY=28,29;BYSETPOS=-1", "BYMONTHDAY=30", "BYMONTHDAY=28,29,30;BYSETPOS=-1", "BYMONTHDAY=31", "BYMONTHDAY=28,29,30,31;BYSETPOS=-1")

// ruleDays expands one pin. Days of a period longer than a month that are not
// dates are found within the period; everything else is an RFC 5545 rule.
func (p Part) ruleDays(h Horizon, pin string, start, until calendar.Date) []calendar.Date {
	if p.Per == "workday" && p.Interval > 1 {
		return p.workingDays(h, start, until)
	}
	if k, kind, ok := parseNth(pin); ok && len(p.Months) > 0 {
		return p.nthDaysOfMonths(h, k, kind, start, until)
	} else if ok && (kind == "wd" || p.Per != "month" || p.Interval > 1) {
		return p.nthDays(h, k, kind, start, until)
	}
	option, err := rrule.StrToROption(shortMonths.Replace(p.rule()))
	if err != nil || option.Freq > rrule.DAILY {
		return nil
	}
	option.Dtstart = p.dtstart(h, start).Time()
	rule, err := rrule.NewRRule(*option)
	if err != nil {
		return nil
	}
	var out []calendar.Date
	for _, t := range rule.Between(start.Time(), until.Time(), true) {
		out = append(out, calendar.Date{Year: t.Year(), Month: t.Month(), Day: t.Day()})
	}
	return out
}

// dtstart anchors a rule: intervals are counted from the part's own start or
// from a fixed day, never from the horizon.
func (p Part) dtstart(h Horizon, start calendar.Date) calendar.Date {
	if p.Interval <= 1 && p.Per != "quarter" {
		return start
	}
	if own, ok := h.day(p.From, p.FromAnchor); ok {
		return own
	}
	if p.Per == "week" {
		return calendar.MustDate(2000, time.January, 3)
	}
	return calendar.MustDate(2000, time.January, 1)
}

// nthDays finds the k-th day of a kind in each period.
func (p Part) nthDays(h Horizon, k int, kind string, start, until calendar.Date) []calendar.Date {
	months := max(1, unitMonths[unitLetters[p.Per]]*p.Interval)
	if p.Count > 1 && months%p.Count == 0 { // the last working day of each half-year is twice a year
		months /= p.Count
	}
	anchor := calendar.MustDate(2000, time.January, 1)
	n := ((start.Year-anchor.Year)*12 + int(start.Month) - 1) / months
	var out []calendar.Date
	for ; len(out) < maxDuties; n++ {
		first := anchor.AddMonths(n * months)
		if first.After(until) {
			break
		}
		if d, ok := nthWith(h.days(), first, first.AddMonths(months).AddDays(-1), k, kind); ok && !d.Before(start) && !d.After(until) {
			out = append(out, d)
		}
	}
	return out
}

// nthDaysOfMonths finds the k-th day of a kind in each named month.
func (p Part) nthDaysOfMonths(h Horizon, k int, kind string, start, until calendar.Date) []calendar.Date {
	var out []calendar.Date
	for year := start.Year; year <= until.Year; year++ {
		for _, m := range p.Months {
			first := calendar.Date{Year: year, Month: monthOf(m), Day: 1}
			if d, ok := nthWith(h.days(), first, first.EndOfMonth(), k, kind); ok && !d.Before(start) && !d.After(until) {
				out = append(out, d)
			}
		}
	}
	return out
}

// workingDays finds every k-th working day, which no RFC 5545 rule can say.
func (p Part) workingDays(h Horizon, start, until calendar.Date) []calendar.Date {
	var out []calendar.Date
	days := h.days()
	for d := days.Next(p.dtstart(h, start)); !d.After(until) && len(out) < maxDuties; d = days.Add(d, p.Interval) {
		if !d.Before(start) {
			out = append(out, d)
		}
	}
	return out
}
