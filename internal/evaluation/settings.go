package evaluation

import (
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
)

// Kinds of evaluation that Jalon can plan a day for. Others are data.
const (
	Interim = "interim"
	Final   = "final"
)

// Kind is a kind of evaluation.
type Kind struct {
	Code string
	Name bilingual.Text
}

// Settings are what an institution settles, each from a day on.
//
// The law: the statute of 21 March 2018 has a mandate evaluated half-way and at
// its end, on an activity report of which a ministerial decree of 15 May 2025
// gives the model; superior and minister give an opinion beforehand. Everything
// that stands here is what these texts leave open, or what was not found in
// them: it is a proposal that the institution checks and changes.
type Settings struct {
	From               calendar.Date
	InterimAfterMonths int   // after the first day of the tenure; 0: none is planned. 30 is half of five years
	FinalBeforeMonths  int   // before the last day of the tenure, 0 to 24
	ReportDueDays      int   // before the interview, 0 to 365
	OpinionsDueDays    int   // before the interview, 0 to 365
	OpinionsShownFrom  Stage // the holder reads opinions from this stage on
	MinimumGroup       int   // fewer concluded evaluations than this are not counted by grade; at least 3
}

// ShownFrom lists the stages from which the holder may come to read opinions.
// One after concluded would leave no time to appeal.
var ShownFrom = []Stage{ReportIn, OpinionsIn, Interview, Concluded}

// PlannedFor is the day of the interview that the settings give for an
// evaluation of a tenure from its first to its last day, and the period that it
// covers. The zero date: none, because the tenure has no known end, is too
// short, or is that of somebody who only stands in: the texts that were found do
// not speak of those.
func (s Settings) PlannedFor(kind string, from, until calendar.Date, standsIn bool) (on, start, end calendar.Date) {
	switch {
	case standsIn || from.IsZero():
	case kind == Interim && s.InterimAfterMonths > 0:
		on = from.AddMonths(s.InterimAfterMonths)
		if !until.IsZero() && !on.Before(until) {
			return calendar.Date{}, from, until
		}
		return on, from, on.AddDays(-1 - s.ReportDueDays)
	case kind == Final && !until.IsZero():
		if on = until.AddMonths(-s.FinalBeforeMonths); on.Before(from) {
			on = until
		}
		return on, from, until
	}
	return calendar.Date{}, calendar.Date{}, calendar.Date{}
}

// ReportDue is the last day on which the activity report is in time.
func (s Settings) ReportDue(planned calendar.Date) calendar.Date {
	return planned.AddDays(-s.ReportDueDays)
}

// OpinionsDue is the last day on which an opinion is in time.
func (s Settings) OpinionsDue(planned calendar.Date) calendar.Date {
	return planned.AddDays(-s.OpinionsDueDays)
}

// Grade is a mention of the list that a commission chooses from. None is the
// usual one, and nothing computes one.
type Grade struct {
	ID          int64
	Name        bilingual.Text
	Order       int
	From, Until calendar.Date // on which it may be given, both included; zero Until: still
}

// GradesOn gives the grades that may be given on a day, in their order.
func GradesOn(all []Grade, on calendar.Date) (some []Grade) {
	for _, g := range all {
		if !on.Before(g.From) && (g.Until.IsZero() || !on.After(g.Until)) {
			some = append(some, g)
		}
	}
	return some
}
