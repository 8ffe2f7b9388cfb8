package monitoring

import (
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/deadline"
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
		Institution: Institution{Code: m.Institution.Code, Name: m.Institution.Name},
		Body:        body,
		Mandate:     Mandate{Code: m.Code, Rank: m.Rank, Title: m.Title},
		Holder:      Holder{Name: m.Holder.Name, Interim: m.Holder.Interim},
		Period:      period,
		AsOf:        s.AsOf,
		Previous:    previous,
	}
	for _, o := range m.Objectives {
		for _, p := range o.Points {
			for _, g := range p.Targets {
				t.Rows = append(t.Rows, rowOf(s, period, o, p, g, previous != nil))
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
		Missed:   Missed(s, g, period),
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

// Owed lists what a target owes between two days, both included, by its
// deadline as read and the tenure of the holder on the sheet's day.
func Owed(s progress.Sheet, t mandate.Target, from, until calendar.Date) []Duty {
	holder := s.Mandate.Holder
	duties := t.Deadline.Reading.Duties(deadline.Horizon{From: from, Until: until, MandateBegin: holder.From, MandateEnd: holder.Until})
	list := make([]Duty, len(duties))
	for i, d := range duties {
		list[i] = Duty{From: d.From, Due: d.Due, Reason: d.Reason.Code}
	}
	return list
}

// Missed lists the duties that fell due in the half-year up to the sheet's day
// without a report that answers them. The report of a half-year answers every
// duty of that half-year that fell due up to its as-of date; a closed target
// owes nothing.
func Missed(s progress.Sheet, t mandate.Target, period calendar.HalfYear) []Duty {
	latest := s.Latest[t.ID]
	if latest != nil && latest.Status.Closed() {
		return nil
	}
	var missed []Duty
	for _, d := range Owed(s, t, period.Start(), s.AsOf) {
		passed := d.Due.Before(s.AsOf) || s.AsOf == period.End()
		answered := latest != nil && period.Contains(latest.AsOf) && !d.Due.After(latest.AsOf)
		if passed && !answered {
			missed = append(missed, d)
		}
	}
	return missed
}
