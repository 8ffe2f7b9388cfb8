package web

import (
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/duty"
	"jalon/internal/mandate"
)

// DueView is what the reader owes now.
type DueView struct {
	Frame
	Today     calendar.Date
	Handovers []Handover  // of mandates that the reader took over lately
	Returns   []DueReturn // parts that were returned
	Groups    []DueGroup  // the most pressing first; none is empty
	ReportURL string      // where all that is due is reported at once; "" when that is not one page
	// Delegations tell a delegate for whom they report.
	Delegations []DueDelegation
	Measures    []DueMeasure // that the reader has taken on
}

// DueGroup gathers lines by urgency. Key names its heading: "due.group." + Key
// (late, soon, period, later, nothing, imported).
type DueGroup struct {
	Key    string
	Lines  []DueLine
	Folded bool // closed until it is opened
}

// DueLine is one thing that is owed, or a target of which nothing is expected.
type DueLine struct {
	Code       mandate.Code
	Text       bilingual.Text
	Mandate    bilingual.Text // title; shown when the lines are of several mandates
	Reason     Reason
	Due        calendar.Date // zero: nothing is known to come
	Days       int           // left until Due; negative when it has passed
	State      duty.State    // "" when nothing is expected
	Event      bool          // an event opened it, or it is a question: it is answered, not reported on
	More       int           // further duties of the target in the group
	Reported   calendar.Date // of a result that is not there yet: the day of which the latest report speaks
	URL        string        // of the target
	CloseURL   string        // of the form that closes it; "" for none
	ReportPage string        // of a report: the page of that form
}

func (v DueView) owesAnything() bool {
	for _, g := range v.Groups {
		if len(g.Lines) > 0 && !g.Folded {
			return true
		}
	}
	return false
}

// late are the groups, one or none, that come before everything else.
func (v DueView) late() []DueGroup {
	if len(v.Groups) > 0 && v.Groups[0].Key == "late" {
		return v.Groups[:1]
	}
	return nil
}

// severalMandates tells whether the lines need the title of their mandate.
func (v DueView) severalMandates() bool {
	var first *bilingual.Text
	for _, g := range v.Groups {
		for i := range g.Lines {
			if first == nil {
				first = &g.Lines[i].Mandate
			} else if *first != g.Lines[i].Mandate {
				return true
			}
		}
	}
	return false
}

// days says how far away a date is.
func (f Frame) days(n int) string {
	switch {
	case n < 0:
		return f.N("due.days_late", -n)
	case n == 0:
		return f.T("due.today")
	default:
		return f.N("due.days_left", n)
	}
}

// DueMeasure is a measure about an indicator that somebody has taken on.
type DueMeasure struct {
	Code          string // of the indicator
	Name, Mandate bilingual.Text
	Action        string
	Lang          bilingual.Lang // of Action
	Owner         string
	Due           calendar.Date
	Late          bool
	URL           string
}
