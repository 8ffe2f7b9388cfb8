package store

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jalon/internal/access"
	"jalon/internal/evaluation"
	"jalon/internal/mandate"
)

// planned gives an evaluation of the holder of a mandate, with its object.
func (b bench) planned(t testing.TB, m mandate.Mandate) access.Object {
	t.Helper()
	ctx := AsSystem(context.Background())
	if err := b.Appoint(ctx, b.sub("appoint"), m.ID, mandate.Tenure{PersonID: b.by, From: day("2025-01-01")}); err != nil {
		t.Fatal(err)
	}
	location, err := b.PlanEvaluation(ctx, b.sub("plan evaluation"), NewEvaluation{
		MandateID: m.ID, TenureID: b.tenuresOf(t, m)[0].ID, Kind: "interim", From: day("2025-01-01"), Until: day("2026-12-31"), PlannedOn: day("2027-01-15"),
	}, func(id int64) string { return strconv.FormatInt(id, 10) })
	if err != nil {
		t.Fatal(err)
	}
	id, _ := strconv.ParseInt(location, 10, 64)
	o, err := b.EvaluationObject(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// A mistyped year hides no list: before anything was settled, what was settled first counts.
func TestAnInterviewBeforeAnythingWasSettledIsListed(t *testing.T) {
	ctx := AsSystem(context.Background())
	b := newBench(t)
	m := b.aMandate(t, small("MA"))
	o := b.planned(t, m)
	usual := func() evaluation.Settings {
		t.Helper()
		all, err := b.Evaluations(ctx, access.Scope{All: true}, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		return all[len(all)-1].Settings // of the earliest interview
	}
	want := usual()
	if err := b.MoveEvaluation(ctx, b.sub("move evaluation"), o, day("2016-12-15"), ""); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, usual()); diff != "" {
		t.Errorf("moved: settled first -, read +\n%s", diff)
	}
	if _, err := b.EvaluationCase(ctx, o.EvaluationID); err != nil {
		t.Error(err)
	}
	if _, err := b.PlanEvaluation(ctx, b.sub("plan evaluation"), NewEvaluation{
		MandateID: m.ID, TenureID: b.tenuresOf(t, m)[0].ID, Kind: "final", From: day("2025-01-01"), Until: day("2026-12-31"), PlannedOn: day("2016-12-14"),
	}, func(int64) string { return "" }); err != nil {
		t.Errorf("planned: %v", err)
	}
	if diff := cmp.Diff(want, usual()); diff != "" {
		t.Errorf("planned: settled first -, read +\n%s", diff)
	}
}

func TestNobodyEvaluatesTheirOwnWork(t *testing.T) {
	ctx := AsSystem(context.Background())
	b := newBench(t)
	m := b.aMandate(t, small("MA"))
	o := b.planned(t, m)
	delegate, other := person(t, b.Store, "delegate@jalon.example"), person(t, b.Store, "other@jalon.example")
	given := mandate.Delegation{ByID: b.by, ToID: delegate, From: day("2026-01-01"), Until: day("2026-06-30")}
	if _, _, err := b.Delegate(ctx, b.sub("delegate"), m.ID, given, time.Now(), ""); err != nil {
		t.Fatal(err)
	}
	name := func(who int64, from, until string) error {
		return b.NameEvaluator(ctx, b.sub("name evaluator"), o, NamedEvaluator{PersonID: who, From: day(from), Until: day(until)}, "")
	}
	for what, c := range map[string]struct {
		err  error
		want error
	}{
		"the holder":                      {name(b.by, "2026-01-01", "2026-12-31"), ErrOwnWork},
		"a delegate":                      {name(delegate, "2026-06-30", "2026-12-31"), ErrOwnWork},
		"a delegate after the delegation": {name(delegate, "2026-07-01", "2026-12-31"), nil},
		"somebody else":                   {name(other, "2026-01-01", "2026-12-31"), nil},
		"nobody":                          {name(1<<40, "2026-01-01", "2026-12-31"), ErrNotFound},
	} {
		if !errors.Is(c.err, c.want) {
			t.Errorf("%s: %v, want %v", what, c.err, c.want)
		}
	}
	if err := name(other, "2026-12-31", "2027-01-31"); !errors.Is(err, ErrOverlap) {
		t.Errorf("named twice: %v", err)
	}
}

func TestAnEvaluatorIsEndedAtOnceAndThePastStays(t *testing.T) {
	ctx := AsSystem(context.Background())
	b := newBench(t)
	o := b.planned(t, b.aMandate(t, small("MA")))
	for i, from := range []string{"2020-01-01", "2090-01-01"} {
		who := person(t, b.Store, strconv.Itoa(i)+"@jalon.example")
		if err := b.NameEvaluator(ctx, b.sub("name evaluator"), o, NamedEvaluator{PersonID: who, From: day(from), Until: day("2090-12-31")}, ""); err != nil {
			t.Fatal(err)
		}
	}
	evaluators := func() []NamedEvaluator {
		all, err := b.Evaluations(ctx, access.Scope{}, []int64{o.EvaluationID}, 0)
		if err != nil || len(all) != 1 {
			t.Fatalf("%+v, %v", all, err)
		}
		return all[0].Evaluators
	}
	before := evaluators()
	for _, e := range before {
		if err := b.EndEvaluator(ctx, b.sub("end evaluator"), o, e.ID, today, ""); err != nil {
			t.Fatal(err)
		}
	}
	after := evaluators()
	if len(after) != 1 || after[0].ID != before[0].ID || after[0].Until != today.AddDays(-1) {
		t.Errorf("left: %+v", after)
	}
	if err := b.EndEvaluator(ctx, b.sub("end evaluator"), o, before[0].ID, today, ""); !errors.Is(err, ErrNotFound) {
		t.Errorf("ended again: %v", err)
	}
	if none, err := b.Evaluations(ctx, access.Scope{Institutions: []int64{o.InstitutionID + 1}}, nil, 0); err != nil || len(none) != 0 {
		t.Errorf("an officer of another institution lists %+v, %v", none, err)
	}
	account, err := b.Account(ctx, before[0].PersonID)
	if err != nil || access.Decide(account.Viewer, today.AddDays(-1), access.ViewEvaluation, o) != access.Allowed || access.Decide(account.Viewer, today, access.ViewEvaluation, o) != access.Hidden {
		t.Errorf("yesterday or today is wrong: %+v, %v", account.Grants, err)
	}
}
