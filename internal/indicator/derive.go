package indicator

import (
	"math/big"
	"slices"

	"jalon/internal/calendar"
	"jalon/internal/deadline"
	"jalon/internal/duty"
)

// Facts are what derived indicators are counted from: the register and the duties
// of the mandate, as of the day that is looked at.
type Facts struct {
	Events []duty.Event
	Duties []duty.Duty
}

// counted is a share of what was counted in a period.
type counted struct{ of, all int64 }

// periodEnd gives the last day of the period of a cadence that a day is in.
func (c Cadence) periodEnd(d calendar.Date) calendar.Date {
	months := c.Months()
	next := calendar.Date{Year: d.Year, Month: 1, Day: 1}.AddMonths(months)
	for !d.Before(next) {
		next = next.AddMonths(months)
	}
	return next.AddDays(-1)
}

// count adds up by period. A period that has not ended has no figure yet.
func (c Cadence) count(asOf calendar.Date) (by map[calendar.Date]*counted, add func(on calendar.Date, counts bool)) {
	by = map[calendar.Date]*counted{}
	return by, func(on calendar.Date, counts bool) {
		until := c.periodEnd(on)
		if until.After(asOf) {
			return
		}
		if by[until] == nil {
			by[until] = &counted{}
		}
		by[until].all++
		if counts {
			by[until].of++
		}
	}
}

// fromDuties counts, of the duties whose last day lies in a period, how many were
// done in time. Those that need not be done, and those of before the mandate was
// followed, do not count.
func fromDuties(d Definition, facts Facts, asOf calendar.Date) map[calendar.Date]*counted {
	by, add := d.Cadence.count(asOf)
	for _, one := range facts.Duties {
		if one.State == duty.Done || one.State == duty.Late {
			add(one.Late, one.Closing != nil && one.Closing.InTime)
		}
	}
	return by
}

// fromEvents counts the events of a kind by the period of their last day.
func fromEvents(d Definition, facts Facts, asOf calendar.Date) map[calendar.Date]*counted {
	by, add := d.Cadence.count(asOf)
	for _, e := range facts.Events {
		if !e.Cancelled() && e.Kind.Code == d.EventKind {
			add(e.Until, d.counts(facts, e))
		}
	}
	return by
}

func (d Definition) counts(facts Facts, e duty.Event) bool {
	switch d.EventCount {
	case ReportBefore:
		return allDone(facts.Duties, e.ID, deadline.ReasonBefore)
	case ReportAfter:
		return allDone(facts.Duties, e.ID, deadline.ReasonAfter)
	case ReportBoth:
		return allDone(facts.Duties, e.ID, deadline.ReasonBefore) && allDone(facts.Duties, e.ID, deadline.ReasonAfter)
	}
	return d.EventCount == CountEvents
}

// Source is an event that a figure was counted from.
type Source struct {
	Event  duty.Event
	Of     calendar.Date // the day of the figure: the last one of its period
	Counts bool          // else it is among those that were looked at only
}

// sourcesOf lists the events behind the figures, the latest first.
func sourcesOf(d Definition, facts Facts, asOf calendar.Date) (all []Source) {
	for _, e := range facts.Events {
		if e.Cancelled() || e.Kind.Code != d.EventKind {
			continue
		}
		if until := d.Cadence.periodEnd(e.Until); !until.After(asOf) {
			all = append(all, Source{Event: e, Of: until, Counts: d.counts(facts, e)})
		}
	}
	slices.SortStableFunc(all, func(a, b Source) int { return b.Event.From.Compare(a.Event.From) })
	return all
}

// allDone reports whether an event has duties of a timing, and all of them are done.
func allDone(all []duty.Duty, event int64, timing string) bool {
	found := false
	for _, d := range all {
		if d.EventID() != event || d.Reason.Code != timing {
			continue
		}
		if d.State != duty.Done {
			return false
		}
		found = true
	}
	return found
}

// points makes points of counts: a share where the indicator has a numerator and
// a denominator, else the number itself.
func (d Definition) points(by map[calendar.Date]*counted) (all []Point) {
	for on, n := range by {
		p := Point{On: on, exact: big.NewRat(n.of, 1)}
		if d.Per > 0 {
			p.exact = big.NewRat(n.of*int64(d.Per), n.all)
			p.Numerator, p.Denominator = ptr(n.of), ptr(n.all)
		}
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b Point) int { return a.On.Compare(b.On) })
	return all
}

// withZeros adds the periods after the first in which nothing happened: of a
// plain number that is a count like any other. A share of nothing is none.
func (d Definition) withZeros(by map[calendar.Date]*counted, asOf calendar.Date) map[calendar.Date]*counted {
	var first calendar.Date
	for on := range by {
		if first.IsZero() || on.Before(first) {
			first = on
		}
	}
	if d.Per > 0 || first.IsZero() {
		return by
	}
	for until := d.Cadence.periodEnd(first); !until.After(asOf); until = d.Cadence.periodEnd(until.AddDays(1)) {
		if by[until] == nil {
			by[until] = &counted{}
		}
	}
	return by
}
