package duty

import (
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/deadline"
	"jalon/internal/mandate"
)

// ReasonQuestion is the code of a duty that no deadline asks for: a body put a
// question to the holder of the mandate.
const ReasonQuestion = "question"

// Ask is a question that a body put to the holder of a mandate about one target,
// in the meeting on the table of a half-year.
type Ask struct {
	ID       int64
	TargetID int64
	Body     bilingual.Text // its name
	Period   calendar.HalfYear
	Text     string
	Lang     bilingual.Lang
	Due      calendar.Date // the last day in time
	By       string        // the secretary
	At       time.Time
	Reply    *Reply // nil until it is answered
}

// Reply is what the holder, or a delegate for them, answered.
type Reply struct {
	Text       string
	Lang       bilingual.Lang
	By         string
	OnBehalfOf string // the holder, when a delegate answers
	At         time.Time
}

// asked gives the duties that questions about a target are. A question stays
// when the target is closed: only an answer ends it.
func (q Question) asked(t *mandate.Target) (all []Duty) {
	for i := range q.Record.Asked {
		a := &q.Record.Asked[i]
		if a.TargetID != t.ID || a.Due.Before(q.From) || a.Due.After(q.Until) || calendar.DateOf(a.At).After(q.Today) {
			continue
		}
		d := Duty{Target: t, From: calendar.DateOf(a.At), Due: a.Due, Late: a.Due, Reason: deadline.Reason{Code: ReasonQuestion}, Ask: a, State: Open}
		switch {
		case a.Reply != nil && !calendar.DateOf(a.Reply.At).After(q.Today):
			on := calendar.DateOf(a.Reply.At)
			d.State, d.Closing = Done, &Closing{Reply: a.Reply, On: on, InTime: !on.After(a.Due)}
		case q.Today.After(a.Due):
			d.State = Late
		}
		all = append(all, d)
	}
	return all
}
