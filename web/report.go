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
	DueBy          calendar.Date // last day to hand it in; zero when not set
	Part           *PartNotice   // in the rounds of the half-year; nil without one
	OnBehalfOf     string        // the holder, when a delegate reports
	Action         string
	DraftURL       string // takes the same fields from the script and answers in JSON
	FormURL        string // the same page as a workbook
	PasteURL       string // where rows of a spreadsheet, or that workbook, come in
	IdempotencyKey string
	Groups         []ReportGroup
	Closed         []ReportRow // achieved or stopped before: nothing is owed, folded at the end
	Owed           int         // targets on which a report is owed
	SavedAt        time.Time   // when the draft was last stored; zero for never
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
	Owed           bool              // a report is owed in this half-year
	Duties         []monitoring.Duty // owed in this half-year
	PreviousPeriod calendar.HalfYear
	Previous       monitoring.Cell // what was said last time
	Unit           string          // of the value; "" when the target carries no number
	Measured       bool            // a percentage or value makes sense; elsewhere the fields are folded
	Values         ReportValues
	Lang           bilingual.Lang // of the words in Values when they come from an entry; "" for as typed
	Version        string         // of the draft that the values come from
	Base           string         // what the values are, to tell later who changed which field
	Recorded       bool           // an entry of this half-year is already recorded
	RecordedAt     time.Time
	Correction     CorrectionAsk
	Conflict       *Conflict // somebody else changed the same fields meanwhile
	Chosen         []ChosenLine
	Confidential   bool           // the box beside the files is ticked
	Files          []EvidenceLine // of the half-year's entries
	HiddenFiles    int
	Links          []Link
	Replaced       []ReplacedText // the latest first
}

// CorrectionAsk tells whether a new version has room for its reason, and whether it must give one.
type CorrectionAsk struct{ Shown, Required bool }

// ChosenLine is a file or a link that waits to be recorded. Detach is what the
// button that takes it back sends.
type ChosenLine struct {
	Detach string `json:"detach"`
	Name   string `json:"name"`
	Note   string `json:"note,omitempty"`
	URL    string `json:"url,omitempty"`
}

// ReplacedText is what another text took the place of.
type ReplacedText struct {
	By     string
	At     time.Time
	Values ReportValues
}

// ReportValues are the fields of a row as typed.
type ReportValues struct {
	Status         progress.Status
	Same           bool // "same as last time, still true"
	Achieved       string
	Obstacles      string
	OutsideControl bool // the obstacles lie outside the holder's control
	NextSteps      string
	SupportAsked   string
	SupportOf      string
	SupportBy      string
	Reason         string
	Percentage     string
	Value          string
	LinkURL        string
	LinkTitle      string
	Correction     string // why a new version is made
}

// Conflict is what somebody else saved on the same row: the fields that both
// changed, and the names of those in which only the other one changed
// something, which is taken over. The fields of the row keep the reader's own
// words; saving again does what is chosen.
type Conflict struct {
	By     string
	At     time.Time
	Fields []ConflictField
	Joined []string
}

// ConflictField is one field with both texts. Joinable ones can be put one
// behind the other. A status is shown as such.
type ConflictField struct {
	Name                    string
	Theirs, Yours           string
	TheirStatus, YourStatus progress.Status
	Joinable                bool
}

// ReportField gives the name of a field of a row: status, same, achieved,
// obstacles, outside, next_steps, support_asked, support_of, support_by, reason,
// percentage, value, link_url, link_title, correction, file, confidential,
// version or base.
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

// submitURL is where the part is handed in; "" when the visitor may not, or no round asks for it.
func (v ReportView) submitURL() string {
	if v.Part == nil {
		return ""
	}
	return v.Part.SubmitURL
}

// filled counts the rows that are owed and have an answer, recorded or not.
func (v ReportView) filled() (n int) {
	for _, r := range v.owed() {
		if r.answered() {
			n++
		}
	}
	return n
}

// firstEmpty is the first row that still waits for an answer; nil when none does.
func (v ReportView) firstEmpty() *ReportRow {
	for _, r := range v.owed() {
		if !r.answered() {
			return &r
		}
	}
	return nil
}

func (v ReportView) owed() (rows []ReportRow) {
	for _, g := range v.Groups {
		for _, r := range g.Rows {
			if r.Owed {
				rows = append(rows, r)
			}
		}
	}
	return rows
}

func (r ReportRow) answered() bool { return r.Values.Status != "" || r.Values.Same }

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
		if strings.HasPrefix(e.Field, prefix) || e.Field == conflictID(c) {
			return true
		}
	}
	return false
}

// evidenceOpen keeps the fields of evidence in sight while they hold something.
func (f Frame) evidenceOpen(r ReportRow) bool {
	if len(r.Chosen)+len(r.Files)+len(r.Links) > 0 || r.Values.LinkURL+r.Values.LinkTitle != "" {
		return true
	}
	for _, name := range []string{"file", "link_url", "link_title"} {
		if f.ErrorFor(ReportField(r.Code, name)) != "" {
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

// conflictID is the place on the page where both texts of a row stand.
func conflictID(c mandate.Code) string { return "conflict-" + c.String() }

// spoken gives the words of a field for people: a mark says yes.
func (f Frame) spoken(field, value string) string {
	if value != "" && (field == "same" || field == "outside") {
		return f.T("export.yes")
	}
	return value
}

// fieldNames puts the names of fields on one line.
func (f Frame) fieldNames(fields []string) string {
	names := make([]string, len(fields))
	for i, name := range fields {
		names[i] = lower(f.T("field." + name))
	}
	return strings.Join(names, ", ")
}

// correctionHint says why a reason is asked, or that none has to be given.
func (f Frame) correctionHint(r ReportRow) string {
	if r.Correction.Required {
		return f.T("report.correction_hint", "When", f.Printer.DateTime(r.RecordedAt))
	}
	return f.T("field.optional")
}
