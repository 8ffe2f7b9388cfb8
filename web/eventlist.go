package web

import (
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
)

// EventImportView is the form that takes a list of events: a file in the field
// "file", with kind, lang and target.* beside it. It is sent as
// multipart/form-data to Action and answered by a preview.
type EventImportView struct {
	Frame
	Mandate MandateHead
	Action  string
	BackURL string
	Limit   int // bytes of the largest file
	Kinds   []Option
	Targets []EventTarget
	Values  EventImportValues
}

// EventImportValues are the fields as chosen.
type EventImportValues struct {
	Kind   string
	Lang   string // of the titles: nl or fr
	Chosen []mandate.Code
}

// EventPreviewView shows what a list of events would do to the register,
// before anything is stored. Confirming posts the list, what was seen of it,
// the values, skip and take.* to Action.
type EventPreviewView struct {
	Frame
	Mandate        MandateHead
	Source         string // file name
	List           string // the file, for the confirmation
	Seen           string // names what is shown
	Values         EventImportValues
	Counts         []EventStateCount // of states that occur, those that ask for something first
	Findings       []EventFinding    // of no row
	Rows           []EventRow
	New            int
	Wrong          int  // rows that cannot be recorded
	Skip           bool // the reader goes on without them
	Asks           bool // some rows wait for a tick
	Action         string
	BackURL        string
	IdempotencyKey string
}

// EventStateCount is how many rows have a state.
type EventStateCount struct {
	State string
	Count int
}

// EventFinding is a doubt about a list; Where is "" for the list as a whole.
type EventFinding struct {
	Where string
	Finding
}

// EventRow is one event of a list. State names its words: "event.import.state." + State
// (new, known, changed, cancelled, withdrawn, absent, repeated, wrong).
type EventRow struct {
	Number       int    // from 0
	Where        string // in the file
	Title        string // "" when the list has none
	Lang         bilingual.Lang
	Kind         bilingual.Text
	From, Until  calendar.Date // zero when they could not be read
	Place        string
	Participants int // 0: not given
	State        string
	Before       *EventBefore // what stands in the register, of a row that changes it
	Asks         bool         // counts only when it is ticked
	Taken        bool
	Findings     []EventFinding
}

// EventBefore is an event as the register has it.
type EventBefore struct {
	Title       string
	From, Until calendar.Date
	URL         string
}

// eventStateLook gives the status whose sign and colour a state borrows.
var eventStateLook = map[string]string{
	"new": "on_track", "changed": "attention", "cancelled": "stopped", "withdrawn": "attention",
	"known": "nothing_to_report", "absent": "nothing_to_report", "repeated": "nothing_to_report", "wrong": "compromised",
}

// line gives the row in the form in which days and participants are printed.
func (r EventRow) line() EventLine {
	return EventLine{From: r.From, Until: r.Until, Participants: r.Participants}
}

func (b EventBefore) line() EventLine { return EventLine{From: b.From, Until: b.Until} }

// takeLabel says what a tick does.
func (f Frame) takeLabel(r EventRow) string { return f.T("event.import.take." + r.State) }

// findingLabel says how much a finding matters and where it is. Beside the
// word of a row that is wrong, its errors need no other.
func (f Frame) findingLabel(found EventFinding) string {
	if found.Severity == SeverityError && found.Where != "" {
		return found.Where
	}
	return joined(f.T("finding.severity."+string(found.Severity)), found.Where)
}
