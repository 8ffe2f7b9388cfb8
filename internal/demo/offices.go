package demo

import (
	"context"
	"fmt"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/store"
)

// seat is who sits on which body.
type seat struct {
	Institution, Body string // codes
	Person            string
	Role              access.Role
	From, Until       calendar.Date
}

// evaluation is one that is planned, with those who read it.
type evaluation struct {
	Mandate, Holder, Kind, By string
	From, Until               calendar.Date
	PlannedOn                 calendar.Date `json:"planned_on"`
	Evaluators                []struct {
		Person      string
		From, Until calendar.Date
	}
}

// seat gives the members and the secretary of the bodies their seats.
func (l *loader) seat(ctx context.Context) error {
	seats, err := read[[]seat]("seats.json")
	if err != nil {
		return err
	}
	for _, p := range seats {
		sub := l.submission(administrator, "grant role", p.Institution+" "+p.Body+" "+p.Person)
		err := l.store.GrantRole(ctx, sub, l.people[p.Person].PersonID, store.RoleGrant{Role: p.Role, Institution: p.Institution, Body: p.Body, From: p.From, Until: p.Until}, "")
		if err != nil {
			return fmt.Errorf("seat of %s: %w", p.Person, err)
		}
	}
	return nil
}

// plan plans the evaluations and names those who read them.
func (l *loader) plan(ctx context.Context) error {
	all, err := read[[]evaluation]("evaluations.json")
	if err != nil {
		return err
	}
	for _, e := range all {
		if err := l.planOne(ctx, e); err != nil {
			return fmt.Errorf("evaluation of %s: %w", e.Mandate, err)
		}
	}
	return nil
}

func (l *loader) planOne(ctx context.Context, e evaluation) error {
	tenures, err := l.store.Tenures(ctx, l.ids[e.Mandate])
	if err != nil {
		return err
	}
	planned := store.NewEvaluation{MandateID: l.ids[e.Mandate], Kind: e.Kind, From: e.From, Until: e.Until, PlannedOn: e.PlannedOn}
	for _, t := range tenures[planned.MandateID] {
		if t.PersonID == l.people[e.Holder].PersonID && !t.From.After(e.From) {
			planned.TenureID = t.ID
		}
	}
	location, err := l.store.PlanEvaluation(ctx, l.submission(e.By, "plan evaluation", e.Mandate+" "+e.Kind), planned, func(id int64) string { return fmt.Sprint(id) })
	if err != nil {
		return err
	}
	o := access.Object{MandateID: planned.MandateID}
	if _, err := fmt.Sscan(location, &o.EvaluationID); err != nil {
		return err
	}
	for _, p := range e.Evaluators {
		sub := l.submission(e.By, "name evaluator", e.Mandate+" "+e.Kind+" "+p.Person)
		if err := l.store.NameEvaluator(ctx, sub, o, store.NamedEvaluator{PersonID: l.people[p.Person].PersonID, From: p.From, Until: p.Until}, ""); err != nil {
			return err
		}
	}
	return nil
}
