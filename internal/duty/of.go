package duty

import (
	"slices"
	"strconv"

	"jalon/internal/calendar"
	"jalon/internal/deadline"
	"jalon/internal/mandate"
)

// Of gives the duties that are due in the question's days, ordered by due date
// and then as in the letter.
//
// A report answers a duty when its as-of day lies in the duty's window, or
// later in the half-year of the due date; a duty of an event only when it
// speaks of a day from the event on. Of the duties that are counted ("twice a
// year") each report answers one. The last fixed date of a target is about the
// target itself: only a report that closes it will do. A closed target owes
// nothing after the as-of day of the closing report, and what it owed before
// is closed with it. Nor does a target owe what was due before it was added to the letter.
//
// What is said of a day after today has not happened yet. A waiver counts from
// the start, whenever it was given.
func Of(q Question) []Duty {
	if q.From.IsZero() || q.Until.Before(q.From) {
		return nil
	}
	record := q.index()
	var all []Duty
	targets := q.Mandate.Targets()
	for i := range targets {
		all = append(all, q.ofTarget(&targets[i], record)...)
	}
	slices.SortStableFunc(all, func(a, b Duty) int { return a.Due.Compare(b.Due) })
	return all
}

// events, answers and waivers by target.
type index struct {
	events  map[int64][]*Event
	answers map[int64][]*Answer
	waivers map[int64][]*Waiver
}

func (q Question) index() index {
	x := index{map[int64][]*Event{}, map[int64][]*Answer{}, map[int64][]*Waiver{}}
	for i := range q.Record.Events {
		e := &q.Record.Events[i]
		if e.Cancelled() {
			continue
		}
		for _, target := range e.Targets {
			x.events[target] = append(x.events[target], e)
		}
	}
	for i := range q.Record.Answers {
		if a := &q.Record.Answers[i]; !a.DoneOn.After(q.Today) {
			x.answers[a.TargetID] = append(x.answers[a.TargetID], a)
		}
	}
	for i := range q.Record.Waivers {
		w := &q.Record.Waivers[i]
		x.waivers[w.TargetID] = append(x.waivers[w.TargetID], w)
	}
	return x
}

// ofTarget gives the duties of one target, with their states.
func (q Question) ofTarget(t *mandate.Target, x index) []Duty {
	var before []Duty
	var first calendar.Date // on which the reading counts
	for _, e := range q.Record.Earlier[t.ID] {
		before = append(before, slices.DeleteFunc(q.ofReading(t, e.Reading, x), func(d Duty) bool {
			moved := d.Result && (d.Closing == nil || !d.Closing.InTime)
			return moved || d.Due.Before(first) || d.Due.After(e.Until)
		})...)
		first = e.Until.AddDays(1)
	}
	now := slices.DeleteFunc(q.ofReading(t, t.Deadline.Reading, x), func(d Duty) bool { return d.Due.Before(first) })
	return append(slices.DeleteFunc(slices.Insert(now, 0, before...), func(d Duty) bool { return d.Due.Before(q.From) || d.Due.After(q.Until) }), q.asked(t)...)
}

// ofReading gives the duties of one target that follow from a deadline as read.
func (q Question) ofReading(t *mandate.Target, r deadline.Reading, x index) []Duty {
	holder := q.Mandate.Holder
	holder.From = q.begin(r)
	from, until := q.wide(r, holder)
	h := deadline.Horizon{From: from, Until: until, MandateBegin: holder.From, MandateEnd: holder.Until}
	events := x.events[t.ID]
	for _, e := range events {
		h.Occurrences = append(h.Occurrences, deadline.Occurrence{ID: strconv.FormatInt(e.ID, 10), Title: e.Title, From: e.From, Until: e.Until})
	}
	result, hasResult := r.DueWithin(h)
	j := judge{
		today: q.Today, since: q.Record.Since,
		reports: q.reports(t.ID), answers: x.answers[t.ID], waivers: x.waivers[t.ID],
	}
	j.closedOn, j.closing = closing(j.reports)
	owed := r.Duties(h)
	all := make([]Duty, 0, len(owed))
	for _, d := range owed {
		if d.Optional || d.Due.Before(t.Since) {
			continue
		}
		duty := Duty{Target: t, From: d.From, Due: d.Due, Late: d.Late, Reason: d.Reason, Part: d.Part}
		for _, e := range events {
			if d.Event == strconv.FormatInt(e.ID, 10) {
				duty.Event = e
			}
		}
		duty.Result = hasResult && d.Event == "" && d.Due == result && dated[d.Reason.Code]
		if !j.owesNothing(duty) {
			all = append(all, duty)
		}
	}
	j.judge(all)
	return all
}

// begin gives the first day from which a deadline is owed. What hangs on the dates
// of the mandate hangs on those of the present one.
func (q Question) begin(r deadline.Reading) calendar.Date {
	from := q.Mandate.Holder.From
	hangs := slices.ContainsFunc(r.Parts, func(p deadline.Part) bool {
		return p.Kind == deadline.MandateBegin || p.Kind == deadline.MandateMid || p.Kind == deadline.MandateEnd || p.FromAnchor != "" || p.UntilAnchor != "" || p.Per == "mandate"
	})
	if held := q.Record.Held; !hangs && !held.IsZero() && (from.IsZero() || held.Before(from)) {
		return held
	}
	return from
}

// dated are the reasons of duties that come from a fixed date.
var dated = map[string]bool{
	deadline.ReasonDate: true, deadline.ReasonWindow: true, deadline.ReasonMilestone: true,
	deadline.ReasonMandate: true, deadline.ReasonRelative: true,
}

// wide gives the days to look at: the duties of a count are judged together, so
// they are looked at over the whole of their years, or of the mandate.
func (q Question) wide(r deadline.Reading, holder mandate.Tenure) (from, until calendar.Date) {
	from, until = q.From, q.Until
	reach := func(first, last calendar.Date) {
		if !first.IsZero() && first.Before(from) {
			from = first
		}
		if last.After(until) {
			until = last
		}
	}
	for _, p := range r.Parts {
		switch {
		case p.Kind != deadline.Periodic || p.Interval > 0:
		case p.Per == "mandate":
			reach(holder.From, holder.Until)
		default:
			reach(calendar.Date{Year: q.From.Year, Month: 1, Day: 1}, calendar.Date{Year: q.Until.Year, Month: 12, Day: 31})
		}
	}
	return from, until
}

// reports gives what was reported on a target up to today.
func (q Question) reports(target int64) []Report {
	all := q.Record.Reports[target]
	for i, r := range all {
		if r.AsOf.After(q.Today) {
			return all[:i]
		}
	}
	return all
}

// closing gives the report that closed the target for good, when the latest one closes it.
func closing(reports []Report) (on calendar.Date, by *Report) {
	for i := len(reports) - 1; i >= 0 && reports[i].Closes; i-- {
		by = &reports[i]
	}
	if by != nil {
		on = by.AsOf
	}
	return on, by
}
