package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/store"
)

// board is to whom targets go, and what bodies said.
type board struct {
	Addressees []struct {
		Mandate             string
		Target              mandate.Code
		Body, Form, Cadence string
		After               string // the body of the step before; "" for none
		From                calendar.Date
		Given               []struct {
			Covers string
			On     calendar.Date
			At     time.Time
		}
	}
	Decisions []said
}

// said is what a body said about a row, and the answer to a question.
type said struct {
	Mandate           string
	Target            mandate.Code
	Institution, Body string
	Period            calendar.HalfYear
	Kind              monitoring.DecisionKind
	Lang              bilingual.Lang
	Text              string
	Due               calendar.Date
	At                time.Time
	Answer            *struct {
		By   string
		Lang bilingual.Lang
		Text string
		At   time.Time
	}
}

// bodySecretary records for every body of the first institution.
const bodySecretary = "secretary@jalon.example"

// address makes the targets go to their bodies, with the days on which reports were given.
func (l *loader) address(ctx context.Context) error {
	b, err := read[board]("board.json")
	if err != nil {
		return err
	}
	bodies, err := l.bodies(ctx)
	if err != nil {
		return err
	}
	for _, a := range b.Addressees {
		id, target := l.ids[a.Mandate], l.targets[a.Mandate][a.Target]
		steps, _, err := l.store.Addressees(ctx, target, time.Time{})
		if err != nil {
			return err
		}
		step := store.Addressee{BodyID: bodies["ACTIRIS-"+a.Body], Form: a.Form, Cadence: a.Cadence, From: a.From, SetAt: atWork(a.From), Body: monitoring.Body{Code: a.Body}}
		for _, s := range steps {
			if s.Body.Code == a.After {
				step.AfterID = s.ID
			}
		}
		name := a.Mandate + " " + a.Target.String() + " " + a.Body
		err = l.store.Address(ctx, l.submission(bodySecretary, "add addressee", name), id, target, step, "")
		if err != nil && !errors.Is(err, store.ErrOverlap) {
			return fmt.Errorf("addressee %s: %w", name, err)
		}
		if steps, _, err = l.store.Addressees(ctx, target, time.Time{}); err != nil {
			return err
		}
		for _, s := range steps {
			for _, g := range a.Given {
				if s.Body.Code != a.Body {
					continue
				}
				sub := l.submission(bodySecretary, "date transmission", name+" "+g.Covers)
				if err := l.store.Transmit(ctx, sub, id, target, s, store.Transmission{Covers: g.Covers, GivenOn: g.On, At: g.At}, ""); err != nil {
					return fmt.Errorf("addressee %s: %w", name, err)
				}
			}
		}
	}
	return nil
}

// bodies gives the numbers of all bodies, by the codes of institution and body.
func (l *loader) bodies(ctx context.Context) (map[string]int64, error) {
	all, err := l.store.Boards(ctx)
	if err != nil {
		return nil, err
	}
	ids := map[string]int64{}
	for _, b := range all {
		ids[b.Institution.Code+"-"+b.Code] = b.ID
	}
	return ids, nil
}

// decide records what a body said, and the answer.
func (l *loader) decide(ctx context.Context, d said) error {
	bodies, err := l.bodies(ctx)
	if err != nil {
		return err
	}
	id, target := l.ids[d.Mandate], l.targets[d.Mandate][d.Target]
	name := d.Mandate + " " + d.Target.String() + " " + d.Body + " " + d.At.Format(time.RFC3339)
	_, repeated, err := l.store.Decide(ctx, l.submission(bodySecretary, "record decision", name), store.NewDecision{
		MandateID: id, TargetID: target, BodyID: bodies[d.Institution+"-"+d.Body],
		Decision: monitoring.Decision{Period: d.Period, Kind: d.Kind, Text: d.Text, Lang: d.Lang, Due: d.Due, At: d.At},
	}, "")
	if err != nil || repeated || d.Answer == nil {
		return err
	}
	sheet, _, err := l.store.Sheet(ctx, store.SheetQuestion{Code: d.Mandate, AsOf: calendar.DateOf(d.Answer.At)})
	if err != nil {
		return err
	}
	for _, a := range sheet.Record.Asked {
		if a.TargetID == target && a.At.Equal(d.At) {
			_, _, err = l.store.Reply(ctx, l.submission(d.Answer.By, "answer question", name), store.NewReply{
				Ask: a, MandateID: id, Text: d.Answer.Text, Lang: d.Answer.Lang, At: d.Answer.At,
			}, "")
		}
	}
	return err
}
