package web

import (
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/duty"
	"jalon/internal/mandate"
)

// CalendarView is one month of what is due and what happens, as a grid and as a list.
type CalendarView struct {
	Frame
	Mandate     *MandateHead // whose calendar it is; nil for all that the reader may see
	Month       calendar.Date
	Today       calendar.Date
	Weeks       []CalendarWeek
	Items       []CalendarItem // by date
	Total       int            // items of the month; more than Items when the list was cut
	PreviousURL string         // "" where the calendar ends
	NextURL     string
	TodayURL    string // "" when it is this month
	Filter      CalendarFilter
	Several     bool      // items are of several mandates
	Feed        *FeedView // nil leaves it out
}

// CalendarWeek is one row of the grid: an ISO 8601 week, Monday first.
type CalendarWeek struct {
	Number int
	Days   [7]CalendarDay
}

// CalendarDay is one cell of the grid.
type CalendarDay struct {
	Date    calendar.Date
	Outside bool   // of the month before or after: its items are not shown
	Free    bool   // nobody works
	Closed  string // name of the holiday or closing day
	Items   []CalendarItem
	More    int // items of the day that only the list shows
}

// CalendarItem is a duty on its due date, or an event; an event has no state.
type CalendarItem struct {
	Date, Until calendar.Date // equal for one day
	Code        mandate.Code
	Text        bilingual.Text // words of the target
	Reason      Reason         // of the duty
	State       duty.State
	Title       string         // of the event, as it was written
	TitleLang   bilingual.Lang // it was written in
	Kind        bilingual.Text // of the event
	Place       string
	Mandate     bilingual.Text // title
	MandateCode string
	URL         string
}

// CalendarFilter is the filter as chosen; it is sent by GET to Action with the
// fields month, mandate, kind and state.
type CalendarFilter struct {
	Action   string
	Months   []Option
	Mandate  string
	Mandates []Option // none when there is no choice
	Kind     string   // duty or event
	State    string
}

// FeedView is the part about the reader's own calendar program.
type FeedView struct {
	StartURL, EndURL string // of the two forms
	IdempotencyKey   string
	Since            string // when the address was made; "" when there is none
	Address          string // the new address, this once; else ""
}

// IsEvent tells an event from a duty.
func (i CalendarItem) IsEvent() bool { return i.State == "" }

// On reports whether the item belongs to a day.
func (i CalendarItem) On(d calendar.Date) bool { return !d.Before(i.Date) && !d.After(i.Until) }

func (v CalendarView) under() string {
	if v.Mandate == nil {
		return ""
	}
	return v.about(*v.Mandate)
}

func (v CalendarView) monthValue() string { return v.Month.String()[:len("2006-01")] }

func (v CalendarView) kindOptions() []Option {
	return []Option{{"duty", v.T("calendar.kind.duty")}, {"event", v.T("calendar.kind.event")}}
}

func (v CalendarView) stateOptions() []Option {
	all := make([]Option, len(duty.States))
	for i, s := range duty.States {
		all[i] = Option{string(s), v.Printer.DutyState(s)}
	}
	return all
}

func (v CalendarView) filtered() bool {
	return v.Filter.Mandate != "" || v.Filter.Kind != "" || v.Filter.State != ""
}

// filterLine says on paper what was chosen on screen.
func (v CalendarView) filterLine() string {
	line := ""
	for _, chosen := range []struct {
		label, value string
		options      []Option
	}{
		{"calendar.mandate", v.Filter.Mandate, v.Filter.Mandates},
		{"calendar.kind", v.Filter.Kind, v.kindOptions()},
		{"calendar.state", v.Filter.State, v.stateOptions()},
	} {
		for _, o := range chosen.options {
			if o.Value == chosen.value {
				line = joined(line, v.T("frame.labelled", "Label", v.T(chosen.label), "Text", o.Label))
			}
		}
	}
	return line
}

// anchorOf names the first row of a day in the list; the others have none.
func (v CalendarView) anchorOf(i int) string {
	if i > 0 && v.Items[i-1].Date == v.Items[i].Date {
		return ""
	}
	return dayAnchor(v.Items[i].Date)
}

// moreURL leads to the first row of a day, or to the list when the day has none.
func (v CalendarView) moreURL(d calendar.Date) string {
	for _, i := range v.Items {
		if i.Date == d {
			return "#" + dayAnchor(d)
		}
	}
	return "#list-caption"
}

func dayAnchor(d calendar.Date) string { return "d" + d.String() }

// span says on which day, or from when until when.
func (v CalendarView) span(i CalendarItem) string {
	if i.Until == i.Date {
		return v.Printer.Date(i.Date)
	}
	return v.T("calendar.between", "From", v.Printer.Date(i.Date), "Until", v.Printer.Date(i.Until))
}

// dutyLook gives a state the icon and colour of the status that it is like.
var dutyLook = map[duty.State]string{
	duty.Late: "late", duty.AtRisk: "attention", duty.Open: "not_reported", duty.NotExpected: "not_expected",
	duty.Done: "on_track", duty.Waived: "nothing_to_report", duty.PastAtImport: "stopped",
}
