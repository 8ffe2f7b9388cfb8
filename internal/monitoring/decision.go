package monitoring

import (
	"slices"
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/duty"
	"jalon/internal/mandate"
	"jalon/internal/progress"
)

// DecisionKind is what a body does with a row of its table.
type DecisionKind string

// Kinds of decision. What a body asks, it asks the holder of the mandate.
const (
	Noted   DecisionKind = "noted"
	Asks    DecisionKind = "asks"
	Decides DecisionKind = "decides"
)

// DecisionKinds lists them in the order of a form.
var DecisionKinds = []DecisionKind{Noted, Asks, Decides}

// Decision is what a body said in its meeting about one row of its table. It is
// never changed.
type Decision struct {
	ID     int64
	Code   mandate.Code      // of the target
	Period calendar.HalfYear // of the table
	Kind   DecisionKind
	Text   string // may be empty when the row was noted
	Lang   bilingual.Lang
	Due    calendar.Date // of a question: the last day to answer in time
	By     string        // the secretary
	At     time.Time
	Answer *duty.Reply // of a question; nil until there is one
}

// Open reports whether the decision is a question without an answer.
func (d Decision) Open() bool { return d.Kind == Asks && d.Answer == nil }

// Heads reports whether a decision of an earlier half-year stands at the head of
// the table of a later one: a question that was open when that one began.
func (d Decision) Heads(period calendar.HalfYear) bool {
	return d.Kind == Asks && d.Period.Before(period) && (d.Answer == nil || !calendar.DateOf(d.Answer.At).Before(period.Start()))
}

// Proof is a file that somebody added to an entry. Of a confidential one the
// table tells that it is there, and its hash; not its name.
type Proof struct {
	Name         string
	SHA256       string // 64 hexadecimal digits
	Confidential bool
}

// Notes is what a table shows beside the sheet of the mandate.
type Notes struct {
	Decisions []Decision        // of the body, up to the half-year, the earliest first
	Evidence  map[int64][]Proof // by entry
}

// With adds the notes to the table: decisions of its half-year to their rows,
// questions of earlier ones to its head, and evidence to the entries shown.
func (t Table) With(n Notes) Table {
	at := map[mandate.Code]*Row{}
	t.Rows = slices.Clone(t.Rows)
	for i := range t.Rows {
		r := &t.Rows[i]
		at[r.Code] = r
		r.Evidence = n.proofs(r.Now.Entry)
	}
	for _, d := range n.Decisions {
		row := at[d.Code]
		switch {
		case row == nil:
		case d.Period == t.Period:
			row.Decisions = append(row.Decisions, d)
		case d.Heads(t.Period):
			t.Questions = append(t.Questions, d)
		}
	}
	// what waits for an answer comes first, each in the order in which it was asked
	var open, answered []Decision
	for _, d := range t.Questions {
		if d.Open() {
			open = append(open, d)
		} else {
			answered = append(answered, d)
		}
	}
	t.Questions = append(open, answered...)
	return t
}

func (n Notes) proofs(e *progress.Entry) []Proof {
	if e == nil {
		return nil
	}
	return n.Evidence[e.ID]
}

// SupportAsked lists the rows whose entry asks for support.
func (t Table) SupportAsked() (rows []Row) {
	for _, r := range t.Rows {
		if r.Now.Status == progress.SupportNeeded && r.Now.Entry != nil && r.Now.Entry.SupportAsked != "" {
			rows = append(rows, r)
		}
	}
	return rows
}
