package evaluation

import "jalon/internal/calendar"

// Lack is something that an evaluation still needs.
type Lack string

// What can be missing.
const (
	NoAssessor    Lack = "no_assessor"    // nobody reads it now or later
	NotBegun      Lack = "not_begun"      // the report should be asked for, and is not
	ReportDue     Lack = "report_due"     // the report is asked for and due within ReminderDays
	ReportLate    Lack = "report_late"    // and the day has passed
	NoSuperior    Lack = "no_superior"    // the superior's opinion is due
	NoMinister    Lack = "no_minister"    // the minister's opinion is due
	InterviewOver Lack = "interview_over" // the day has passed, and nothing was concluded
)

// ReminderDays is how long before a report is due its holder is reminded.
const ReminderDays = 30

// Summary is what a list needs of an evaluation to tell what is missing.
type Summary struct {
	Stage     Stage
	PlannedOn calendar.Date
	Assessors int
	Report    bool
	Given     []Capacity // of whom there is an opinion
}

// Missing lists what an evaluation still needs on a day.
func (s Settings) Missing(e Summary, today calendar.Date) (all []Lack) {
	if e.Stage.AtLeast(Concluded) {
		return nil
	}
	if e.Assessors == 0 {
		all = append(all, NoAssessor)
	}
	due := s.ReportDue(e.PlannedOn)
	switch soon := !today.Before(due.AddDays(-ReminderDays)); {
	case e.Stage == Planned && soon:
		all = append(all, NotBegun)
	case e.Stage == Preparing && !e.Report && today.After(due):
		all = append(all, ReportLate)
	case e.Stage == Preparing && !e.Report && soon:
		all = append(all, ReportDue)
	}
	if e.Stage == ReportIn || e.Stage.AtLeast(Preparing) && today.After(s.OpinionsDue(e.PlannedOn)) {
		given := map[Capacity]bool{}
		for _, c := range e.Given {
			given[c] = true
		}
		if !given[Superior] {
			all = append(all, NoSuperior)
		}
		if !given[Minister] {
			all = append(all, NoMinister)
		}
	}
	if today.After(e.PlannedOn) {
		all = append(all, InterviewOver)
	}
	return all
}

// Remindable reports whether the holder of an evaluation can be reminded of
// the report on a day: it was asked for, is not in, and is due soon or late.
func (s Settings) Remindable(e Summary, today calendar.Date) bool {
	return e.Stage == Preparing && !e.Report && !today.Before(s.ReportDue(e.PlannedOn).AddDays(-ReminderDays))
}

// Count is how many evaluations were concluded with a grade.
type Count struct {
	Grade  Grade
	Number int
}

// Counted gives the counts of an institution when they tell nothing of one
// person: there are at least as many as the minimum, and not all the same.
// Fewer than that gives nothing.
func Counted(counts []Count, minimum int) ([]Count, bool) {
	total, grades := 0, 0
	for _, c := range counts {
		total += c.Number
		if c.Number > 0 {
			grades++
		}
	}
	if total < max(minimum, 3) || grades < 2 {
		return nil, false
	}
	return counts, true
}
