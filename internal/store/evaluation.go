package store

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/evaluation"
	"jalon/internal/mandate"
	"jalon/internal/store/db"
)

// ErrOwnWork refuses an evaluator who holds the mandate, or who reports for its holder.
var ErrOwnWork = errors.New("nobody evaluates their own work")

// Evaluation is the evaluation of the holder of a mandate over the days of a tenure.
type Evaluation struct {
	ID          int64
	Mandate     mandate.Mandate // without objectives; its holder is the one who is evaluated
	Kind        evaluation.Kind
	From, Until calendar.Date // the period that is evaluated, both included
	PlannedOn   calendar.Date // of the interview
	Evaluators  []NamedEvaluator
	TenureID    int64
	Lang        bilingual.Lang // of record
	ShownFrom   evaluation.Stage
	Stage       evaluation.Stage
	Reported    bool                  // the holder has handed a report in
	Given       []evaluation.Capacity // of whom the reader sees an opinion
	Settings    evaluation.Settings   // of the institution, for the day of the interview
	ReadAs      []access.Role         // in which the reader's reading of it is in the trail; of WholeEvaluation alone
}

// Object is what the access rules need to know of it.
func (e Evaluation) Object() access.Object {
	return access.Object{MandateID: e.Mandate.ID, InstitutionID: e.Mandate.Institution.ID, EvaluationID: e.ID}
}

// NamedEvaluator reads an evaluation between two days, both included.
type NamedEvaluator struct {
	ID          int64
	PersonID    int64
	Name        string
	From, Until calendar.Date
	Capacity    evaluation.Capacity // zero is the commission
}

// Summary is what tells what an evaluation still needs, on a day.
func (e Evaluation) Summary(today calendar.Date) evaluation.Summary {
	s := evaluation.Summary{Stage: e.Stage, PlannedOn: e.PlannedOn, Report: e.Reported, Given: e.Given}
	for _, n := range e.Evaluators {
		if !n.Until.Before(today) {
			s.Assessors++
		}
	}
	return s
}

func evaluationKind(code, nl, fr string) evaluation.Kind {
	return evaluation.Kind{Code: code, Name: text(nl, fr, string(bilingual.Original), string(bilingual.Original))}
}

// EvaluationObject tells the access rules about an evaluation. ErrNotFound when there is none.
func (s *Store) EvaluationObject(ctx context.Context, id int64) (access.Object, error) {
	r, err := s.queries.EvaluationObject(ctx, id)
	if err != nil {
		return access.Object{}, fmt.Errorf("find evaluation %d: %w", id, refusal(err))
	}
	return access.Object{MandateID: r.MandateID, InstitutionID: r.InstitutionID, EvaluationID: r.ID}, nil
}

// Evaluations lists the evaluations of a scope and those that a person was
// named for, the latest interview first. id 0: all of them.
func (s *Store) Evaluations(ctx context.Context, scope access.Scope, named []int64, id int64) ([]Evaluation, error) {
	rows, err := s.queries.EvaluationRows(ctx, db.EvaluationRowsParams{
		ID: id, Everything: scope.All, Institutions: scope.Institutions, Mandates: scope.Mandates, Evaluations: named,
	})
	if err != nil {
		return nil, fmt.Errorf("list evaluations: %w", err)
	}
	all := make([]Evaluation, len(rows))
	for i, r := range rows {
		if all[i], err = evaluationOf(r); err != nil {
			return nil, fmt.Errorf("read evaluation %d: %w", r.ID, err)
		}
	}
	return all, nil
}

func evaluationOf(r db.EvaluationRowsRow) (e Evaluation, err error) {
	e = Evaluation{
		ID: r.ID, Kind: evaluationKind(r.Kind, r.KindNl, r.KindFr), From: r.StartsOn, Until: r.EndsOn, PlannedOn: r.PlannedOn,
		TenureID: r.TenureID, Lang: bilingual.Lang(r.Lang), ShownFrom: evaluation.Stage(r.ShownFrom), Stage: evaluation.Stage(r.Stage),
		Reported: r.Reported, Given: capacities(r.Given),
		Mandate: mandate.Mandate{
			ID: r.MandateID, Code: r.MandateCode, Title: text(r.TitleNl, r.TitleFr, r.TitleNlState, r.TitleFrState),
			Institution: institution(r.InstitutionID, r.InstitutionCode, r.InstitutionNl, r.InstitutionFr),
			Holder:      mandate.Tenure{PersonID: r.PersonID, Name: r.Name, From: r.HeldFrom, Until: r.HeldUntil, Interim: r.Interim},
		},
	}
	var evaluators []struct {
		ID       int64               `json:"id"`
		PersonID int64               `json:"person_id"`
		Name     string              `json:"name"`
		From     calendar.Date       `json:"from"`
		Until    calendar.Date       `json:"until"`
		Capacity evaluation.Capacity `json:"capacity"`
	}
	if err := unpack(r.Evaluators, &evaluators); err != nil {
		return e, err
	}
	for _, n := range evaluators {
		e.Evaluators = append(e.Evaluators, NamedEvaluator(n))
	}
	e.Settings, err = settingsOf(r.Settings)
	return e, err
}

// settingsOf reads a row of settings; ErrNotFound when nothing is settled.
func settingsOf(raw []byte) (evaluation.Settings, error) {
	var r *struct {
		From               calendar.Date    `json:"valid_from"`
		InterimAfterMonths int              `json:"interim_after_months"`
		FinalBeforeMonths  int              `json:"final_before_months"`
		ReportDueDays      int              `json:"report_due_days"`
		OpinionsDueDays    int              `json:"opinions_due_days"`
		OpinionsShownFrom  evaluation.Stage `json:"opinions_shown_from"`
		MinimumGroup       int              `json:"minimum_group"`
	}
	if err := unpack(raw, &r); err != nil {
		return evaluation.Settings{}, fmt.Errorf("read the settings of evaluations: %w", err)
	}
	if r == nil {
		return evaluation.Settings{}, fmt.Errorf("settings of evaluations: %w", ErrNotFound)
	}
	return evaluation.Settings(*r), nil
}

func capacities(codes []string) (all []evaluation.Capacity) {
	for _, c := range codes {
		all = append(all, evaluation.Capacity(c))
	}
	return all
}

// HeldTenure is a tenure of which somebody can be evaluated.
type HeldTenure struct {
	Tenure
	MandateCode string
	Object      access.Object // of the mandate
}

// Planning is what evaluations are planned from.
type Planning struct {
	Tenures      []HeldTenure // that have begun, by mandate, the latest first
	Kinds        []evaluation.Kind
	Institutions []InstitutionEvaluations
}

// InstitutionEvaluations is how an institution evaluates.
type InstitutionEvaluations struct {
	mandate.Institution
	Settings evaluation.Settings // on the day that was asked for
	Grades   []evaluation.Count  // of concluded evaluations; show them through evaluation.Counted alone
}

// Settings gives what an institution has settled.
func (p Planning) Settings(institutionID int64) evaluation.Settings {
	for _, i := range p.Institutions {
		if i.ID == institutionID {
			return i.Settings
		}
	}
	return evaluation.Settings{}
}

// Planning gives what the evaluations of a scope are planned from.
func (s *Store) Planning(ctx context.Context, scope access.Scope, today calendar.Date) (Planning, error) {
	rows, err := s.queries.PlanningRows(ctx, db.PlanningRowsParams{
		Today: today, Everything: scope.All, Institutions: scope.Institutions, Mandates: scope.Mandates,
	})
	if err != nil {
		return Planning{}, fmt.Errorf("read what evaluations are planned from: %w", err)
	}
	p, err := planningOf(rows)
	if err != nil {
		return p, fmt.Errorf("read what evaluations are planned from: %w", err)
	}
	return p, nil
}

func planningOf(rows db.PlanningRowsRow) (p Planning, err error) {
	var tenures []struct {
		ID            int64         `json:"id"`
		MandateID     int64         `json:"mandate_id"`
		InstitutionID int64         `json:"institution_id"`
		Mandate       string        `json:"mandate"`
		PersonID      int64         `json:"person_id"`
		Name          string        `json:"name"`
		From          calendar.Date `json:"from"`
		Until         calendar.Date `json:"until"`
		Interim       bool          `json:"interim"`
	}
	var kinds []struct {
		Code string `json:"code"`
		NL   string `json:"nl"`
		FR   string `json:"fr"`
	}
	var institutions []struct {
		ID       int64           `json:"id"`
		Code     string          `json:"code"`
		NL       string          `json:"nl"`
		FR       string          `json:"fr"`
		Settings json.RawMessage `json:"settings"`
		Grades   []struct {
			gradeRow
			Number int `json:"number"`
		} `json:"grades"`
	}
	if err := errors.Join(unpack(rows.Tenures, &tenures), unpack(rows.Kinds, &kinds), unpack(rows.Institutions, &institutions)); err != nil {
		return p, err
	}
	for _, r := range tenures {
		p.Tenures = append(p.Tenures, HeldTenure{
			Tenure:      Tenure{ID: r.ID, Tenure: mandate.Tenure{PersonID: r.PersonID, Name: r.Name, From: r.From, Until: r.Until, Interim: r.Interim}},
			MandateCode: r.Mandate, Object: access.Object{MandateID: r.MandateID, InstitutionID: r.InstitutionID},
		})
	}
	for _, r := range kinds {
		p.Kinds = append(p.Kinds, evaluationKind(r.Code, r.NL, r.FR))
	}
	for _, r := range institutions {
		i := InstitutionEvaluations{Institution: institution(r.ID, r.Code, r.NL, r.FR)}
		if i.Settings, err = settingsOf(r.Settings); err != nil {
			return p, err
		}
		for _, g := range r.Grades {
			i.Grades = append(i.Grades, evaluation.Count{Grade: g.grade(), Number: g.Number})
		}
		p.Institutions = append(p.Institutions, i)
	}
	return p, nil
}

// NewEvaluation is an evaluation to be planned.
type NewEvaluation struct {
	MandateID, TenureID int64
	Kind                string // code
	From, Until         calendar.Date
	PlannedOn           calendar.Date
	Lang                bilingual.Lang // of record; zero: the one that the holder chose for Jalon
}

// PlanEvaluation plans an evaluation; page gives its address. ErrExists when the
// tenure has one of this kind that begins on the same day.
func (s *Store) PlanEvaluation(ctx context.Context, sub Submission, e NewEvaluation, page func(id int64) string) (location string, err error) {
	location, _, err = s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		id, err := q.PlanEvaluation(ctx, db.PlanEvaluationParams{
			MandateID: e.MandateID, TenureID: e.TenureID, Kind: e.Kind, StartsOn: e.From, EndsOn: e.Until, PlannedOn: e.PlannedOn, CreatedBy: sub.PersonID, Lang: string(e.Lang),
		})
		if err != nil {
			return "", fmt.Errorf("plan the evaluation: %w", err)
		}
		return page(id), audit(ctx, q, evaluationEvent(sub, id, e.MandateID, map[string]any{"kind": e.Kind, "planned": e.PlannedOn}))
	})
	return location, err
}

// MoveEvaluation changes the day of the interview. ErrNotFound when there is no such evaluation.
func (s *Store) MoveEvaluation(ctx context.Context, sub Submission, o access.Object, plannedOn calendar.Date, location string) error {
	_, _, err := s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		n, err := q.MoveEvaluation(ctx, db.MoveEvaluationParams{ID: o.EvaluationID, PlannedOn: plannedOn})
		if err != nil || n == 0 {
			return "", errors.Join(err, ErrNotFound)
		}
		return location, audit(ctx, q, evaluationEvent(sub, o.EvaluationID, o.MandateID, map[string]any{"planned": plannedOn}))
	})
	return err
}

// NameEvaluator lets a person read an evaluation between two days, both
// included. ErrOwnWork when they hold the mandate or report for its holder,
// ErrOverlap when they were named for one of these days, ErrNotFound when there
// is no such person.
func (s *Store) NameEvaluator(ctx context.Context, sub Submission, o access.Object, n NamedEvaluator, location string) error {
	_, _, err := s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		if _, err := q.PersonByID(ctx, n.PersonID); err != nil {
			return "", fmt.Errorf("person %d: %w", n.PersonID, err)
		}
		_, err := q.NameEvaluator(ctx, db.NameEvaluatorParams{
			MandateID: o.MandateID, EvaluationID: o.EvaluationID, PersonID: n.PersonID, StartsOn: n.From, EndsOn: n.Until, NamedBy: sub.PersonID,
			Capacity: string(cmp.Or(n.Capacity, evaluation.Commission)),
		})
		if err != nil {
			return "", fmt.Errorf("name the evaluator: %w", overlap(err))
		}
		return location, audit(ctx, q, evaluationEvent(sub, o.EvaluationID, o.MandateID, map[string]any{"person": n.PersonID, "from": n.From, "until": n.Until}))
	})
	return err
}

// EndEvaluator makes yesterday the last day of an evaluator; one who has not
// been one for a whole day is withdrawn. ErrNotFound when the evaluation has no such
// evaluator, or no more.
func (s *Store) EndEvaluator(ctx context.Context, sub Submission, o access.Object, evaluatorID int64, today calendar.Date, location string) error {
	_, _, err := s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		e, err := q.EvaluatorForUpdate(ctx, db.EvaluatorForUpdateParams{ID: evaluatorID, EvaluationID: o.EvaluationID})
		if err != nil {
			return "", fmt.Errorf("evaluator %d: %w", evaluatorID, err)
		}
		switch {
		case e.EndsOn.Before(today):
			return "", ErrNotFound
		case e.StartsOn.Before(today):
			err = q.EndEvaluator(ctx, db.EndEvaluatorParams{ID: evaluatorID, EndsOn: today.AddDays(-1)})
		default:
			err = q.WithdrawEvaluator(ctx, evaluatorID)
		}
		if err != nil {
			return "", fmt.Errorf("end evaluator %d: %w", evaluatorID, err)
		}
		return location, audit(ctx, q, evaluationEvent(sub, o.EvaluationID, o.MandateID, map[string]any{"person": e.PersonID, "until": today.AddDays(-1)}))
	})
	return err
}

func evaluationObject(id int64) string { return "evaluation/" + strconv.FormatInt(id, 10) }

func evaluationEvent(sub Submission, id, mandateID int64, detail map[string]any) Event {
	e := sub.Event(evaluationObject(id))
	e.MandateID, e.Detail = mandateID, detail
	return e
}
