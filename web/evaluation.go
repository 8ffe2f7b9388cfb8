package web

import (
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/evaluation"
)

// EvaluationsView lists the evaluations that the reader may read. Planning one
// posts tenure, kind, from, until, planned_on and idempotency_key to PlanURL.
type EvaluationsView struct {
	Frame
	Evaluations    []EvaluationLine
	PlanURL        string // "" when the reader may not
	Tenures        []Option
	Kinds          []Option
	Values         EvaluationValues
	IdempotencyKey string

	DossiersURL string          // POST dossier.N=1 for each chosen evaluation and idempotency_key; "" when there is none to choose
	Chosen      map[string]bool // by EvaluationLine.Box
	AllURL      string          // ticks every box, or none when AllChosen
	AllChosen   bool
	ExportsURL  string // where what was ordered is found

	Officer   bool          // shows what is missing
	RemindURL string        // POST; "" when nobody can be reminded
	Remind    int           // how many
	Unplanned []PlannedLine // evaluations that the settings expect and nobody planned
	Figures   []FigureLine  // of institutions
	Settings  []Link        // of institutions
	GradesURL string
}

// PlannedLine is an evaluation that nobody planned yet, with the day that the
// settings give. Its button posts the fields of the plan form.
type PlannedLine struct {
	Key         string // of the tenure
	Code        string
	Person      string
	Kind        Option
	From, Until calendar.Date
	PlannedOn   calendar.Date
}

// FigureLine is what can be told of the concluded evaluations of an institution:
// nothing when they are too few to hide each person.
type FigureLine struct {
	Institution bilingual.Text
	Minimum     int
	Counts      []evaluation.Count // none: too few
}

// EvaluationLine is one evaluation of the list.
type EvaluationLine struct {
	Mandate     bilingual.Text // title
	Institution bilingual.Text
	Code        string // of the mandate
	Person      string // who is evaluated
	Kind        bilingual.Text
	From, Until calendar.Date // the period
	PlannedOn   calendar.Date // of the interview
	Box         string        // number by which its dossier is chosen; "" when the reader may not
	Evaluators  int           // who may read it now or later
	URL         string
	Stage       evaluation.Stage
	ReportDue   calendar.Date
	Missing     []evaluation.Lack // for an officer
}

// EvaluationValues are the fields of a new evaluation as typed.
type EvaluationValues struct {
	Tenure, Kind, From, Until, PlannedOn, Lang string
}

// EvaluationView is one evaluation. Moving posts planned_on and idempotency_key
// to MoveURL; naming an evaluator posts person, from, until and idempotency_key
// to NameURL. A URL that is "" hides its form.
type EvaluationView struct {
	Frame
	Line           EvaluationLine
	MandateURL     string // "" when the reader may not open it
	DossierURL     string
	Evaluators     []EvaluatorLine
	MoveURL        string
	PlannedOn      string // as typed
	NameURL        string
	People         []Option
	Values         EvaluatorValues
	IdempotencyKey string

	Case       evaluation.Case // what the reader may see of it
	Holder     bool            // the reader is who is evaluated
	Capacities []Option
	LangURL    string // POST record_lang
	StepURL    string // POST to, from, on_day, reason
	Steps      []Option
	StepValues StepValues
	Report     EvaluationReportLine
	Opinion    OpinionForm
	Note       NoteForm
	Reply      ReplyForm
	Conclusion ConclusionForm
	Documents  []SignedLine
	Signed     SignedForm
	Readings   []ReadingLine // for whoever is evaluated
	MoreRead   bool
}

// EvaluationReportLine says where the activity report is. URL is "" when the
// reader finds nothing there.
type EvaluationReportLine struct {
	URL      string
	Due      calendar.Date
	Versions []VersionLine
}

// VersionLine is one version of the report that was handed in.
type VersionLine struct {
	Number  int
	At      time.Time
	URL     string
	Changed int // quoted entries that were corrected since
}

// StepValues are the fields of a step as typed.
type StepValues struct{ To, OnDay, Reason string }

// OpinionForm takes an opinion. Own: the reader gives their own, and is not
// asked whose it is.
type OpinionForm struct {
	URL                             string
	Own                             bool
	As, Author, GivenOn, Text, Lang string
}

// NoteForm takes what an evaluator notes for themself. Saved is what is kept,
// when that is not what was typed.
type NoteForm struct {
	URL     string
	Text    string
	Version string // of what was read
	Saved   string
}

// ReplyForm takes a reply: to an opinion, or to the evaluation as a whole.
type ReplyForm struct {
	URL             string
	To              []Option
	For, Text, Lang string
}

// ConclusionForm takes the mention of the commission. No grade is the usual one.
type ConclusionForm struct {
	URL                          string
	Grades                       []Option
	Grade, DecidedOn, Text, Lang string
}

// SignedForm takes a document that came back signed.
type SignedForm struct {
	URL           string
	Abouts        []Option
	About, SHA256 string
}

// SignedLine is a document that came back signed.
type SignedLine struct {
	evaluation.SignedDocument
	URL string
}

// ReadingLine is that somebody was shown something of the evaluation.
type ReadingLine struct {
	At            time.Time
	Self          bool
	Role, Purpose string
}

// EvaluatorLine is who reads the evaluation from when until when.
type EvaluatorLine struct {
	ID          string
	Name        string
	From, Until calendar.Date
	Past        bool
	Capacity    evaluation.Capacity
	EndURL      string // POST; "" hides the button
}

// EvaluatorValues are the fields of an evaluator to be named, as typed.
type EvaluatorValues struct {
	Person, From, Until, Capacity string
}
