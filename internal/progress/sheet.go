package progress

import (
	"jalon/internal/calendar"
	"jalon/internal/duty"
	"jalon/internal/mandate"
)

// Sheet is a mandate as of a day with the latest entry of each target, and the
// latest one as of an earlier day to compare with. Page, export and table are
// all made from a sheet, so they show the same numbers.
type Sheet struct {
	Mandate mandate.Mandate
	AsOf    calendar.Date
	Before  calendar.Date    // the earlier day; zero when there is nothing to compare with
	Latest  map[int64]*Entry // by target
	Earlier map[int64]*Entry // by target, as of Before
	Record  duty.Record      // what happened with the duties, up to the day

	Wordings   []mandate.Version // of the target whose history was asked for, the first one first
	Indicators []int64           // numbers of those that the reader sees, where that was asked for
	Kinds      []duty.Kind       // of events, where they were asked for
}

// Duties gives what the mandate owes between two days, both included, and how
// each duty stands on the sheet's day.
func (s Sheet) Duties(from, until calendar.Date) []duty.Duty {
	return duty.Of(duty.Question{Mandate: s.Mandate, Record: s.Record, From: from, Until: until, Today: s.AsOf})
}

// Only gives the sheet of a part of the mandate: the objectives and targets that
// keep says yes to, by code, with what was said and done about their targets.
func (s Sheet) Only(keep func(code string) bool) Sheet {
	q := duty.Question{Mandate: s.Mandate, Record: s.Record}.Only(keep)
	all := s
	s.Mandate, s.Record = q.Mandate, q.Record
	s.Latest, s.Earlier = map[int64]*Entry{}, map[int64]*Entry{}
	for _, t := range s.Mandate.Targets() {
		s.Latest[t.ID], s.Earlier[t.ID] = all.Latest[t.ID], all.Earlier[t.ID]
	}
	return s
}

// Standing says where a target stands in a half-year as of the sheet's day.
func (s Sheet) Standing(t mandate.Target, period calendar.HalfYear) Standing {
	return stand(s.Latest[t.ID], t, period, s.AsOf)
}

// EarlierStanding says where a target stood as of the earlier day, in the
// half-year of that day.
func (s Sheet) EarlierStanding(t mandate.Target) Standing {
	if s.Before.IsZero() {
		return Standing{}
	}
	return stand(s.Earlier[t.ID], t, calendar.HalfYearOf(s.Before), s.Before)
}

// Objective rolls up one objective.
func (s Sheet) Objective(o mandate.Objective, period calendar.HalfYear) RollUp {
	return s.roll(o.Targets(), period)
}

// All rolls up the whole mandate.
func (s Sheet) All(period calendar.HalfYear) RollUp { return s.roll(s.Mandate.Targets(), period) }

func (s Sheet) roll(targets []mandate.Target, period calendar.HalfYear) RollUp {
	standings := make([]Standing, len(targets))
	for i, t := range targets {
		standings[i] = s.Standing(t, period)
	}
	return Roll(standings)
}

func stand(e *Entry, t mandate.Target, period calendar.HalfYear, asOf calendar.Date) Standing {
	var latest Latest
	if e != nil {
		latest = Latest{e.Status, e.AsOf}
	}
	return Stand(latest, Duty{t.Deadline.OwedFrom, t.Deadline.Due}, period, asOf)
}
