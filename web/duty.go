package web

import (
	"strings"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/duty"
	"jalon/internal/mandate"
)

// Reason says why something is owed.
type Reason struct {
	Text      string
	Title     string         // of the event that opened the duty, as it stands in the text; "" for none
	TitleLang bilingual.Lang // it was written in
}

// around gives what stands before and after the title; everything before, when there is none.
func (r Reason) around() (before, title, after string) {
	if at := strings.LastIndex(r.Text, r.Title); r.Title != "" && at >= 0 {
		return r.Text[:at], r.Title, r.Text[at+len(r.Title):]
	}
	return r.Text, "", ""
}

// DutyLine is one duty of a list.
type DutyLine struct {
	Code   mandate.Code
	Due    calendar.Date
	Reason Reason
	State  duty.State
	URL    string

	// what closed it, when something did
	Closed      calendar.Date
	InTime      bool
	By          string
	OnBehalfOf  string
	Said        string // the note, or the reason of the waiver
	Lang        bilingual.Lang
	Link        string // to the proof
	Files       []EvidenceLine
	HiddenFiles int    // confidential ones that the reader may not open
	EntryURL    string // of the report that closed it
}

// DutyView is the page of one duty, with the one form that closes it.
type DutyView struct {
	Frame
	Mandate   MandateHead
	Code      mandate.Code
	Text      bilingual.Text
	TargetURL string
	Line      DutyLine
	From      calendar.Date // zero: from any day
	LateFrom  calendar.Date
	Result    bool // the target itself is what is owed
	Event     string
	EventLang bilingual.Lang
	EventURL  string // "" when no event opened it

	ReportURL      string // the report that closes it; "" for none
	AnswerURL      string // of the form (POST); "" when the reader may not
	WaiveURL       string
	IdempotencyKey string
	Values         DutyValues
}

// DutyValues is what was typed, or what the forms start with.
type DutyValues struct {
	DoneOn, Note, Link, Reason string
	Confidential               bool
}

// window says between which days a duty can be done.
func (v DutyView) window() string {
	if v.From.IsZero() {
		return v.T("duty.until", "Date", v.Printer.Date(v.Line.Due))
	}
	return v.T("deadline.between", "From", v.Printer.Date(v.From), "Until", v.Printer.Date(v.Line.Due))
}

// closedBy says when, and by whom, a duty was closed.
func (f Frame) closedBy(d DutyLine) string {
	key := "duty.closed.late"
	switch {
	case d.State == duty.Waived:
		key = "duty.closed.waived"
	case d.InTime:
		key = "duty.closed.in_time"
	}
	words := f.T(key, "Date", f.Printer.Date(d.Closed))
	if d.By == "" {
		return words
	}
	return joined(words, f.by(d.By, d.OnBehalfOf))
}
