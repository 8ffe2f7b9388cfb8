package duty

import (
	"fmt"
	"slices"

	"jalon/internal/calendar"
	"jalon/internal/mandate"
)

// Inherited is a duty that a holder took over: it was open or late on the
// first day of their tenure.
type Inherited struct {
	Duty // as it stands today
	// Was is how it stood on the first day of the tenure.
	Was State
	// Holder had the mandate on the last day on which the duty was in time, when
	// that lies before the tenure; zero for a duty of the tenure itself, and for
	// a day on which nobody had it.
	Holder mandate.Tenure
}

// FromBefore reports whether the duty was late already when the tenure began.
func (i Inherited) FromBefore() bool { return i.Was == Late }

// Handover gives what the holder of a tenure found on their first day, by due
// date: what was late, and what was open and due in that half-year. What a
// tenure bounds, such as a yearly duty, is looked for in the tenure and in the
// one before it, so that a change of holder loses nothing; what would end with
// the tenure before, but goes on in the same half-year, such as a half-yearly
// report, is the successor's alone. The tenures are all
// those of the mandate, in order; of is one of them. Nothing is handed over by
// a first holder, or to a holder to come.
func Handover(q Question, tenures []mandate.Tenure, of mandate.Tenure) []Inherited {
	at := slices.Index(tenures, of)
	if at <= 0 || of.From.After(q.Today) {
		return nil
	}
	first := of.From
	var all []Inherited
	seen, goesOn := map[string]bool{}, map[string]bool{}
	for _, holder := range []mandate.Tenure{of, tenures[at-1]} {
		then := q
		then.Mandate.Holder, then.Today = holder, first
		then.From, then.Until = first.AddMonths(-60), calendar.HalfYearOf(first).End()
		now := then
		now.Today = q.Today
		today := map[string]Duty{}
		for _, d := range Of(now) {
			today[d.Key()] = d
		}
		for _, d := range Of(then) {
			was := d.State
			stands, known := today[d.Key()]
			if !was.Owing() || !known || seen[d.Key()] || holder != of && d.Due == holder.Until && goesOn[series(d)] {
				continue
			}
			seen[d.Key()] = true
			goesOn[series(d)] = goesOn[series(d)] || holder == of
			inherited := Inherited{Duty: stands, Was: was}
			if d.Late.Before(first) {
				inherited.Holder = heldOn(tenures, d.Late)
			}
			all = append(all, inherited)
		}
	}
	slices.SortStableFunc(all, func(a, b Inherited) int { return a.Due.Compare(b.Due) })
	return all
}

// series names the duties of one part of a deadline in one half-year.
func series(d Duty) string {
	return fmt.Sprint(d.Target.ID, d.Part, d.EventID(), d.Reason.Code, calendar.HalfYearOf(d.Due))
}

// heldOn gives the tenure of a day; zero when nobody held the mandate.
func heldOn(tenures []mandate.Tenure, day calendar.Date) mandate.Tenure {
	for _, t := range tenures {
		if !t.From.After(day) && (t.Until.IsZero() || !t.Until.Before(day)) {
			return t
		}
	}
	return mandate.Tenure{}
}
