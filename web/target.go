package web

import (
	"strconv"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
)

// TargetView is the page of one target and its history.
type TargetView struct {
	Frame
	Mandate      MandateHead
	Objective    Ancestor
	Point        Ancestor
	Code         mandate.Code
	Text         bilingual.Text // the wording in force
	Since        calendar.Date  // when that wording came into force; zero for from the start
	Wordings     []Wording      // earlier wordings, the latest first
	Deadline     monitoring.DeadlineCell
	Parts        []DeadlinePart
	Missed       []DutyLine
	Coming       []DutyLine
	Events       []EventLine // the latest first
	EventsURL    string      // the register, when its deadline waits for events
	Now          monitoring.Cell
	History      []HistoryEntry // the latest first
	Addressees   []string       // to whom it is reported, in words
	AddresseeURL string         // their page
	CheckURL     string         // where the reading is confirmed or corrected; "" when the reader may not
	ReportURL    string
	PreviousCode mandate.Code
	PreviousURL  string // "" for the first target
	NextCode     mandate.Code
	NextURL      string // "" for the last target
}

// Ancestor is what a target belongs to.
type Ancestor struct {
	Code mandate.Code
	Text bilingual.Text
	URL  string
}

// Wording is a text that was in force between two days, both included; without
// From, from the start.
type Wording struct {
	From, Until calendar.Date
	Text        bilingual.Text
}

// DeadlinePart is one part of a deadline, in words, with its next day.
type DeadlinePart struct {
	Words string
	Next  calendar.Date
}

// HistoryEntry is one recorded entry. SupersededBy is the entry that corrects it, 0 for none.
type HistoryEntry struct {
	monitoring.Cell
	SupersededBy int64
	Then         bilingual.Text // the wording on the day of the entry, when it was another one
}

func id64(n int64) string { return strconv.FormatInt(n, 10) }

// dutyDays says between which days, or by which day, something was owed.
func (f Frame) dutyDays(d monitoring.Duty) string {
	if d.From.IsZero() || d.From == d.Due {
		return f.Printer.Date(d.Due)
	}
	return f.T("deadline.between", "From", f.Printer.Date(d.From), "Until", f.Printer.Date(d.Due))
}
