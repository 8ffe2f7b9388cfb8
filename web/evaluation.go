package web

import (
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
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
	Evaluators  int           // who may read it now or later
	URL         string
}

// EvaluationValues are the fields of a new evaluation as typed.
type EvaluationValues struct {
	Tenure, Kind, From, Until, PlannedOn string
}

// EvaluationView is one evaluation. Moving posts planned_on and idempotency_key
// to MoveURL; naming an evaluator posts person, from, until and idempotency_key
// to NameURL. A URL that is "" hides its form.
type EvaluationView struct {
	Frame
	Line           EvaluationLine
	MandateURL     string // "" when the reader may not open it
	Evaluators     []EvaluatorLine
	MoveURL        string
	PlannedOn      string // as typed
	NameURL        string
	People         []Option
	Values         EvaluatorValues
	IdempotencyKey string
}

// EvaluatorLine is who reads the evaluation from when until when.
type EvaluatorLine struct {
	ID          string
	Name        string
	From, Until calendar.Date
	Past        bool
	EndURL      string // POST; "" hides the button
}

// EvaluatorValues are the fields of an evaluator to be named, as typed.
type EvaluatorValues struct {
	Person, From, Until string
}
