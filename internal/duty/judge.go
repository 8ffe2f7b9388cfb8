package duty

import (
	"strconv"

	"jalon/internal/calendar"
	"jalon/internal/deadline"
)

// judge says how the duties of one target stand.
type judge struct {
	today, since calendar.Date
	reports      []Report // up to today, the earliest first
	answers      []*Answer
	waivers      []*Waiver
	closedOn     calendar.Date
	closing      *Report // that closed the target; nil while it is open
}

// owesNothing reports whether the target was closed before the duty's time: a
// result is reached by then, anything else is no longer asked.
func (j judge) owesNothing(d Duty) bool {
	if j.closing == nil || d.Result || !d.Due.After(j.closedOn) {
		return false
	}
	return d.Event != nil || d.From.IsZero() || d.From.After(j.closedOn)
}

// judge fills in the states of a target's duties, which are ordered by due date.
func (j judge) judge(all []Duty) {
	for i := range all {
		if d := &all[i]; d.Reason.Code != deadline.ReasonCount {
			j.close(d, j.byReport(*d))
		}
	}
	for _, group := range counted(all) {
		j.count(group)
	}
	for i := range all {
		if all[i].State == "" {
			all[i].State = j.standing(all[i])
		}
	}
}

// close ends a duty by what answers it, if anything does.
func (j judge) close(d *Duty, report *Report) {
	answer := j.answer(*d)
	if report == nil && j.closing != nil && answer == nil {
		report = j.closing // what was owed before is closed with the target
	}
	switch {
	case answer != nil && (report == nil || !report.AsOf.Before(answer.DoneOn)):
		d.State, d.Closing = Done, &Closing{Answer: answer, On: answer.DoneOn, InTime: !answer.DoneOn.After(d.Late)}
		return
	case report != nil:
		d.State, d.Closing = Done, &Closing{EntryID: report.ID, On: report.AsOf, InTime: !report.AsOf.After(d.Late)}
		return
	}
	for _, w := range j.waivers {
		if w.EventID == d.EventID() && w.Due == d.Due {
			d.State, d.Closing = Waived, &Closing{Waiver: w, On: calendar.DateOf(w.At)}
			return
		}
	}
}

// answer finds the first answer to a duty. An event has one duty per timing,
// whose date follows from the reading and may move with it.
func (j judge) answer(d Duty) (first *Answer) {
	for _, a := range j.answers {
		if a.EventID != d.EventID() || a.Timing != d.Reason.Code || a.EventID == 0 && a.Due != d.Due {
			continue
		}
		if first == nil || a.DoneOn.Before(first.DoneOn) {
			first = a
		}
	}
	return first
}

// lastAnswer is the last day of which a report still answers the duty.
func lastAnswer(d Duty) calendar.Date {
	if end := calendar.HalfYearOf(d.Due).End(); end.After(d.Late) {
		return end
	}
	return d.Late
}

// byReport finds the first report that answers a duty which is not counted.
func (j judge) byReport(d Duty) *Report {
	if d.Result {
		return j.closing
	}
	from := d.From
	if d.Event != nil && d.Event.Until.After(from) {
		from = d.Event.Until // a report from before does not know how it went
	}
	for i, r := range j.reports {
		if !r.AsOf.Before(from) && !r.AsOf.After(lastAnswer(d)) {
			return &j.reports[i]
		}
	}
	return nil
}

// counted groups the duties of one count in one period, such as the two of
// "twice a year" in 2025.
func counted(all []Duty) (groups [][]*Duty) {
	at := map[string]int{}
	for i := range all {
		d := &all[i]
		if d.Reason.Code != deadline.ReasonCount {
			continue
		}
		key := strconv.Itoa(d.Part) + " " + d.Reason.Args["until"]
		if _, known := at[key]; !known {
			at[key] = len(groups)
			groups = append(groups, nil)
		}
		groups[at[key]] = append(groups[at[key]], d)
	}
	return groups
}

// count lets each report answer one duty of the group: the earliest that it
// can. Reports of the same day are one.
func (j judge) count(group []*Duty) {
	by := make([]*Report, len(group))
	for i, r := range j.reports {
		if i > 0 && j.reports[i-1].AsOf == r.AsOf {
			continue
		}
		for k, d := range group {
			if by[k] == nil && !r.AsOf.Before(d.From) && !r.AsOf.After(lastAnswer(*d)) {
				by[k] = &j.reports[i]
				break
			}
		}
	}
	nothing := true
	for k, d := range group {
		j.close(d, by[k])
		nothing = nothing && d.State == ""
	}
	first := group[0]
	if nothing && j.today.After(halfway(first.From, group[len(group)-1].Late)) && !j.today.After(first.Late) {
		first.State = AtRisk
	}
}

// halfway gives the last day of the first half of a period, by whole months
// where they fit.
func halfway(from, until calendar.Date) calendar.Date {
	end := until.AddDays(1)
	months := (end.Year-from.Year)*12 + int(end.Month-from.Month)
	if end.Day == from.Day && months%2 == 0 {
		return from.AddMonths(months / 2).AddDays(-1)
	}
	days := int(end.Time().Sub(from.Time()).Hours()) / 24
	return from.AddDays(days/2 - 1)
}

// standing gives the state of a duty that nothing has closed.
func (j judge) standing(d Duty) State {
	switch {
	case !j.today.After(d.Late) && d.From.After(j.today):
		return NotExpected
	case !j.today.After(d.Late):
		return Open
	case !j.since.IsZero() && d.Late.Before(j.since) && !(d.Result && j.reportedSince()):
		return PastAtImport
	}
	return Late
}

// reportedSince reports whether the target was reported on since the mandate is followed.
func (j judge) reportedSince() bool {
	n := len(j.reports)
	return n > 0 && !j.reports[n-1].AsOf.Before(j.since)
}
