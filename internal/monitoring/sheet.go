package monitoring

import (
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/duty"
	"jalon/internal/mandate"
	"jalon/internal/progress"
)

// FromSheet makes the table of a half-year from a mandate's sheet: every
// target in the order of the letter. The sheet must be as of a day in the
// half-year (its last day, or today while it runs), with the earlier entries
// as of the end of the previous sealed half-year.
func FromSheet(s progress.Sheet, period calendar.HalfYear, body Body, previous *Reference) Table {
	m := s.Mandate
	t := Table{
		Form:        currentForm,
		Institution: Institution{Code: m.Institution.Code, Name: m.Institution.Name},
		Body:        body,
		Mandate:     Mandate{Code: m.Code, Rank: m.Rank, Title: m.Title},
		Holder:      Holder{Name: m.Holder.Name, Interim: m.Holder.Interim},
		Period:      period,
		AsOf:        s.AsOf,
		Previous:    previous,
	}
	missed := Missed(s, period)
	for _, o := range m.Objectives {
		for _, p := range o.Points {
			for _, g := range p.Targets {
				row := rowOf(s, period, o, p, g, previous != nil)
				row.Missed = missed[g.ID]
				t.Rows = append(t.Rows, row)
			}
		}
	}
	return t
}

func rowOf(s progress.Sheet, period calendar.HalfYear, o mandate.Objective, p mandate.MeasurementPoint, g mandate.Target, compare bool) Row {
	row := Row{
		Code: g.Code, Objective: o.Title, Point: p.Text, Target: g.Text,
		Deadline: CellOfDeadline(g.Deadline),
		Now:      Cell{Status: s.Standing(g, period).Status, Entry: s.Latest[g.ID]},
		Trend:    None,
	}
	if compare {
		row.Then = Cell{Status: s.EarlierStanding(g).Status, Entry: s.Earlier[g.ID]}
		row.Trend = TrendOf(row.Then.Status, row.Now.Status)
	}
	return row
}

// CellOfDeadline shows a deadline as written and as read.
func CellOfDeadline(d mandate.Deadline) DeadlineCell {
	words := bilingual.Text{}
	for _, lang := range bilingual.Langs {
		words = words.With(lang, d.Reading.Render(lang), bilingual.Original)
	}
	return DeadlineCell{Text: d.Text, Reading: d.Reading.Reading, Words: words, Due: d.Due, Confirmed: d.Confirmed()}
}

// Owed lists, by target, what is due between two days, both included.
func Owed(s progress.Sheet, from, until calendar.Date) map[int64][]Duty {
	owed := map[int64][]Duty{}
	for _, d := range s.Duties(from, until) {
		if d.Ask != nil {
			continue // a question stands among the decisions
		}
		owed[d.Target.ID] = append(owed[d.Target.ID], dutyOf(d))
	}
	return owed
}

// Missed lists, by target, the duties whose last day lies in the half-year up
// to the sheet's day, and has passed without anything that closes them. On the
// last day of a half-year its table is complete: what is due on it and not
// there is missed.
func Missed(s progress.Sheet, period calendar.HalfYear) map[int64][]Duty {
	q := duty.Question{Mandate: s.Mandate, Record: s.Record, From: period.Start().AddMonths(-12), Until: s.AsOf, Today: s.AsOf}
	if begin := s.Mandate.Holder.From; !begin.IsZero() && begin.Before(q.From) {
		q.From = begin // a count over a whole mandate is late at its end
	}
	if s.AsOf == period.End() {
		q.Today = s.AsOf.AddDays(1)
	}
	missed := map[int64][]Duty{}
	for _, d := range duty.Of(q) {
		if d.State == duty.Late && d.Ask == nil && period.Contains(d.Late) {
			missed[d.Target.ID] = append(missed[d.Target.ID], dutyOf(d))
		}
	}
	return missed
}

func dutyOf(d duty.Duty) Duty { return Duty{From: d.From, Due: d.Due, Reason: d.Reason.Code} }
