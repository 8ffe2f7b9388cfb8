package demo

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/duty"
	"jalon/internal/mandate"
)

// registered is an event of the register, with the answers to its duties.
type registered struct {
	Mandate, Kind, Title string
	Lang                 bilingual.Lang
	From, Until          calendar.Date
	Place                string
	Participants         int
	Targets              []mandate.Code
	By                   string
	RecordedAt           time.Time `json:"recorded_at"`
	Answers              []struct {
		Target     mandate.Code
		Timing     string
		Due        calendar.Date
		DoneOn     calendar.Date `json:"done_on"`
		Note, Link string
		By         string
		OnBehalfOf string    `json:"on_behalf_of"`
		RecordedAt time.Time `json:"recorded_at"`
	}
}

// register fills the registers of events.
func (l *loader) register(ctx context.Context) error {
	events, err := read[[]registered]("events.json")
	if err != nil {
		return err
	}
	for _, e := range events {
		if err := l.event(ctx, e); err != nil {
			return fmt.Errorf("event %q: %w", e.Title, err)
		}
	}
	return nil
}

func (l *loader) event(ctx context.Context, e registered) error {
	event := duty.Event{
		Kind: duty.Kind{Code: e.Kind}, Title: e.Title, Lang: e.Lang, From: e.From, Until: e.Until, Place: e.Place, Participants: e.Participants,
		RecordedByID: l.people[e.By].PersonID, RecordedAt: e.RecordedAt,
	}
	for _, code := range e.Targets {
		target, ok := l.targets[e.Mandate][code]
		if !ok {
			return fmt.Errorf("mandate %s has no target %s", e.Mandate, code)
		}
		event.Targets = append(event.Targets, target)
	}
	step := e.Mandate + " " + e.Kind + " " + e.From.String()
	number := func(id int64) string { return strconv.FormatInt(id, 10) } // comes back from a load that was cut off
	id, repeated, err := l.store.RecordEvent(ctx, l.submission(e.By, "record event", step), l.ids[e.Mandate], event, number)
	if err != nil {
		return err
	}
	if !repeated {
		l.summary.Events++
	}
	eventID, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return err
	}
	for _, a := range e.Answers {
		_, _, err := l.store.AnswerDuty(ctx, l.submission(a.By, "answer duty", step+" "+a.Target.String()+" "+a.Timing), l.ids[e.Mandate], duty.Answer{
			TargetID: l.targets[e.Mandate][a.Target], EventID: eventID, Due: a.Due, Timing: a.Timing, DoneOn: a.DoneOn, Note: a.Note, Link: a.Link,
			Lang: e.Lang, ByID: l.people[a.By].PersonID, BehalfOfID: l.people[a.OnBehalfOf].PersonID, At: a.RecordedAt,
		}, "")
		if err != nil {
			return fmt.Errorf("answer %s: %w", a.Timing, err)
		}
	}
	return nil
}
