package web

import (
	"strings"
	"time"

	"github.com/a-h/templ"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
)

// ReportView is the page on which a whole half-year is reported.
//
// The form posts to Action. The button pressed is the field "do": "draft"
// keeps what is typed, "report" records it. Fields of a row are named
// "row.<CODE>.<field>", see ReportField; each row also carries
// "row.<CODE>.version", and the form "idempotency_key".
type ReportView struct {
	Frame
	Mandate        MandateHead
	Period         calendar.HalfYear
	DueBy          calendar.Date // last day to hand it in; zero when not set
	Part           *PartNotice   // in the rounds of the half-year; nil without one
	OnBehalfOf     string        // the holder, when a delegate reports
	Action         string
	DraftURL       string // takes the same fields from the script and answers in JSON
	CancelURL      string
	IdempotencyKey string
	Groups         []ReportGroup
	Closed         []ReportRow // achieved or stopped before: nothing is owed, folded at the end
	Reported       int
	Owed           int
	SavedAt        time.Time // when the draft was last stored; zero for never
}

// ReportGroup is the rows of one objective.
type ReportGroup struct {
	Code  mandate.Code
	Title bilingual.Text
	Rows  []ReportRow
}

// ReportRow is one target to report on.
type ReportRow struct {
	Code           mandate.Code
	Text           bilingual.Text
	URL            string
	Point          Ancestor
	Deadline       monitoring.DeadlineCell
	Late           bool
	Duties         []monitoring.Duty // owed in this half-year
	PreviousPeriod calendar.HalfYear
	Previous       monitoring.Cell // what was said last time
	Unit           string          // of the value; "" when the target carries no number
	Values         ReportValues
	Lang           bilingual.Lang // of the words in Values when they come from an entry; "" for as typed
	Version        string         // of the draft that the values come from
	Recorded       bool           // an entry of this half-year is already recorded
	Conflict       *Conflict      // somebody else saved this row meanwhile
}

// ReportValues are the fields of a row as typed.
type ReportValues struct {
	Status       progress.Status
	Same         bool // "same as last time, still true"
	Achieved     string
	Obstacles    string
	NextSteps    string
	SupportAsked string
	SupportOf    string
	SupportBy    string
	Reason       string
	Percentage   string
	Value        string
}

// Conflict is what somebody else saved on the same row. The row keeps the
// reader's own text; its version is then that of Theirs, so that saving again
// replaces theirs knowingly.
type Conflict struct {
	By     string
	At     time.Time
	Theirs ReportValues
}

// ReportField gives the name of a field of a row: status, same, achieved,
// obstacles, next_steps, support_asked, support_of, support_by, reason,
// percentage, value or version.
func ReportField(code mandate.Code, field string) string { return "row." + code.String() + "." + field }

func (v ReportView) under() string {
	by := ""
	if !v.DueBy.IsZero() {
		by = v.T("report.due_by", "Date", v.Printer.Date(v.DueBy))
	}
	behalf := ""
	if v.OnBehalfOf != "" {
		behalf = v.T("entry.on_behalf_of", "Name", v.OnBehalfOf)
	}
	return joined(v.plain(v.Mandate.Title), by, behalf, v.part(v.Mandate))
}

// statusID is the id of one choice. The first one carries the name of the
// field, so that the error summary leads to it.
func statusID(c mandate.Code, i int) string {
	id := ReportField(c, "status")
	if i > 0 {
		id += "." + itoa(i+1)
	}
	return id
}

// rowHasErrors tells whether a message belongs to a field of the row.
func (f Frame) rowHasErrors(c mandate.Code) bool {
	prefix := ReportField(c, "")
	for _, e := range f.Errors {
		if strings.HasPrefix(e.Field, prefix) {
			return true
		}
	}
	return false
}

func (f Frame) numbersWrong(c mandate.Code) bool {
	return f.ErrorFor(ReportField(c, "percentage")) != "" || f.ErrorFor(ReportField(c, "value")) != ""
}

// describe gives the id of a field's message, or nothing to point at.
func (f Frame) describe(c mandate.Code, name string) string {
	if f.ErrorFor(ReportField(c, name)) == "" {
		return "h-" + c.String()
	}
	return ReportField(c, name) + "-error"
}

// tied marks a wrong field and ties it to its message, and marks words of the
// other language.
func (f Frame) tied(r ReportRow, name string) templ.Attributes {
	a := templ.Attributes{}
	if r.Lang != "" && r.Lang != f.Lang() {
		a["lang"] = string(r.Lang)
	}
	if field := ReportField(r.Code, name); f.ErrorFor(field) != "" {
		a["aria-invalid"], a["aria-describedby"] = "true", field+"-error"
	}
	return a
}

// dutyList puts the days of several duties on one line.
func (f Frame) dutyList(all []monitoring.Duty) string {
	const shown = 6
	days := make([]string, 0, shown+1)
	for i, d := range all {
		if i == shown {
			days = append(days, f.N("report.more_duties", len(all)-shown))
			break
		}
		days = append(days, f.dutyDays(d))
	}
	return strings.Join(days, ", ")
}
