// Package scoreboard holds the rules of the boards that a body looks at: a named
// set of indicators, what was said about each, what is done about those that
// are off their path, and when somebody last looked. The letter asks of a holder
// to check the board regularly and to take the measures it takes (S1.1-1), and
// that a board goes to the Comité voor Strategische Ontwikkeling (S3.3-1).
package scoreboard

import (
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/indicator"
	"jalon/internal/mandate"
)

// Definition is what a board is from a day on.
type Definition struct {
	ValidFrom  calendar.Date
	Name       bilingual.Text
	CheckEvery indicator.Cadence
	Retired    bool // looked at no more from ValidFrom on
	Items      []Item
}

// Item is one indicator on a board.
type Item struct {
	MandateID   int64
	Mandate     string // code
	IndicatorID int64
	Indicator   string // code within its mandate
}

// Board is a board as it was on a day.
type Board struct {
	ID      int64
	Code    string // within its body
	Version int64  // of the definition
	Newest  int64  // version; another than Version when the board was looked at on a day of the past
	Definition
	Checks []Check // the latest first
	Rows   []Row
}

// Said is a text with who wrote it.
type Said struct {
	ID         int64
	On         calendar.Date // that it speaks of
	Text       string
	Lang       bilingual.Lang
	By         string
	OnBehalfOf string // "" when in their own name
	At         time.Time
}

// Check is one look at a board, with its conclusion.
type Check struct {
	Said
	Mandate string // code of the mandate whose holder looked; "" for the body
}

// Row is an indicator of a board.
type Row struct {
	Mandate  mandate.Mandate // its head
	Series   *indicator.Series
	Standing indicator.Standing
	Notes
}

// Notes are what was said of an indicator, and done about it.
type Notes struct {
	Remarks  []Said    // the latest first
	Measures []Measure // in the order in which they were taken
}

// Measure is what is done about an indicator that is off its path.
type Measure struct {
	ID         int64
	On         calendar.Date // that it was taken
	Cause      string
	Action     string
	Effect     string // that is expected; may be empty
	OwnerID    int64
	Owner      string
	OwnerGone  bool          // reports on the indicator no more: what runs is with the holder
	FirstDue   calendar.Date // as it was taken
	Lang       bilingual.Lang
	By         string
	OnBehalfOf string
	At         time.Time
	Steps      []Step // in their order
}

// Step is what became of a measure.
type Step struct {
	Said
	Kind StepKind
	Due  calendar.Date // of a measure that was moved
}

// StepKind says what happened to a measure.
type StepKind string

// Steps. A measure ends once; the text of one that is done says which effect it had.
const (
	Moved   StepKind = "moved"
	Done    StepKind = "done"
	Dropped StepKind = "dropped"
)

// StepKinds lists them in the order of the form.
var StepKinds = []StepKind{Done, Moved, Dropped}

// State is how a measure stands on a day.
type State string

// States.
const (
	Running    State = "running"
	Overdue    State = "overdue"
	WasDone    State = "done"
	WasGivenUp State = "dropped"
)

// Due gives the last day on which a measure is in time: of its last step that moved it.
func (m Measure) Due() calendar.Date {
	due := m.FirstDue
	for _, s := range m.Steps {
		if s.Kind == Moved {
			due = s.Due
		}
	}
	return due
}

// End gives the step that ended a measure; nil while it runs.
func (m Measure) End() *Step {
	for i := range m.Steps {
		if m.Steps[i].Kind != Moved {
			return &m.Steps[i]
		}
	}
	return nil
}

// State tells how a measure stands on a day: late begins the day after the last one in time.
func (m Measure) State(on calendar.Date) State {
	switch end := m.End(); {
	case end != nil && end.Kind == Done:
		return WasDone
	case end != nil:
		return WasGivenUp
	case m.Due().Before(on):
		return Overdue
	}
	return Running
}

// answers reports whether a measure speaks to a figure of a day: while it runs,
// and once it is done until a later figure shows what it brought.
func (m Measure) answers(figure calendar.Date) bool {
	end := m.End()
	return end == nil || end.Kind == Done && !figure.After(end.On)
}

// OffPath reports whether the latest figure is off its path.
func (r Row) OffPath() bool { return r.Standing.Verdict == indicator.OffPath }

// Unanswered reports whether the indicator is off its path and nothing is done about it.
func (r Row) Unanswered() bool {
	if !r.OffPath() {
		return false
	}
	for _, m := range r.Measures {
		if m.answers(r.Standing.Last.On) {
			return false
		}
	}
	return true
}

// Open lists the measures that run, overdue ones first.
func (n Notes) Open(on calendar.Date) (open []Measure) {
	for _, late := range []bool{true, false} {
		for _, m := range n.Measures {
			if m.End() == nil && (m.State(on) == Overdue) == late {
				open = append(open, m)
			}
		}
	}
	return open
}

// Remark gives the latest remark; nil when there is none.
func (n Notes) Remark() *Said {
	if len(n.Remarks) == 0 {
		return nil
	}
	return &n.Remarks[0]
}

// Headlines count what a board asks attention for, each of All.
type Headlines struct {
	All        int // indicators on the board that the reader sees
	OnPath     int
	OffPath    int
	Unanswered int // off the path, without a measure
	NoPath     int // without a figure, or without a path on the day of it
	Measures   int // that run
	Overdue    int // of those
}

// Headlines counts the rows of a board as of a day.
func (b Board) Headlines(on calendar.Date) (h Headlines) {
	for _, r := range b.Rows {
		h.All++
		switch {
		case r.Standing.Verdict == indicator.OnPath:
			h.OnPath++
		case r.OffPath():
			h.OffPath++
		default:
			h.NoPath++
		}
		if r.Unanswered() {
			h.Unanswered++
		}
		for _, m := range r.Open(on) {
			h.Measures++
			if m.State(on) == Overdue {
				h.Overdue++
			}
		}
	}
	return h
}

// Unanswered lists the rows that are off their path without a measure.
func (b Board) Unanswered() (rows []Row) {
	for _, r := range b.Rows {
		if r.Unanswered() {
			rows = append(rows, r)
		}
	}
	return rows
}

// LastCheck gives the latest check by the body; nil when there was none.
func (b Board) LastCheck() *Check {
	for i := range b.Checks {
		if b.Checks[i].Mandate == "" {
			return &b.Checks[i]
		}
	}
	return nil
}

// NextCheck gives the last day of the next check that is in time: a cadence after
// the last one, or after the day from which the board is as it is.
func (b Board) NextCheck() calendar.Date {
	from := b.ValidFrom
	if last := b.LastCheck(); last != nil {
		from = last.On
	}
	return from.AddMonths(b.CheckEvery.Months())
}

// Around gives the last figure that is shown up to the day of a measure, and the
// latest after it; nil where there is none.
func (r Row) Around(m Measure) (before, after *indicator.Point) {
	for i := range r.Series.Points {
		switch p := &r.Series.Points[i]; {
		case p.Hidden:
		case p.On.After(m.On):
			after = p
		default:
			before = p
		}
	}
	return before, after
}

// Measure finds a measure by its number; nil when it is of another indicator.
func (n Notes) Measure(id int64) *Measure {
	for i := range n.Measures {
		if n.Measures[i].ID == id {
			return &n.Measures[i]
		}
	}
	return nil
}
