package store

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"jalon/internal/access"
	"jalon/internal/mandate"
)

// offices is a mandate with two objectives, a holder until the end of September
// 2026 and somebody to delegate to.
type offices struct {
	bench
	mandate          mandate.Mandate
	holder, delegate int64
}

func newOffices(t *testing.T) offices {
	t.Helper()
	b := newBench(t)
	o := offices{bench: b, mandate: b.aMandate(t, tree("M1", "S1 Dienst", "S1.1 Punt", "S1.1-1 Doel @ doorlopend", "S2 Huis", "S2.1 Punt", "S2.1-1 Doel @ doorlopend"))}
	o.holder, o.delegate = o.hire(t, "holder"), o.hire(t, "delegate")
	o.appoint(t, o.holder, "2026-01-01", "2026-09-30")
	return o
}

func (o offices) hire(t *testing.T, name string) int64 {
	t.Helper()
	id, _, err := o.CreatePerson(AsSystem(context.Background()), Submission{Action: "create person"}, NewPerson{
		Email: name + "@jalon.example", Name: "Naam " + name, Lang: "nl", PasswordHash: "x", Today: day("2026-01-01"),
	}, "")
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func (o offices) appoint(t *testing.T, who int64, from, until string) {
	t.Helper()
	if err := o.Appoint(AsSystem(context.Background()), o.sub("appoint"), o.mandate.ID, mandate.Tenure{PersonID: who, From: day(from), Until: day(until)}); err != nil {
		t.Fatal(err)
	}
}

func (o offices) give(by int64, from, until string, objectives ...string) error {
	d := mandate.Delegation{ByID: by, ToID: o.delegate, From: day(from), Until: day(until)}
	for _, c := range objectives {
		d.Objectives = append(d.Objectives, code(c))
	}
	_, _, err := o.Delegate(AsSystem(context.Background()), o.sub("give delegation"), o.mandate.ID, d, noonOf(from), "/nl")
	return err
}

func noonOf(date string) time.Time { return day(date).Time().Add(11 * time.Hour) }

func (o offices) rights(t *testing.T, today string) access.Cover {
	t.Helper()
	a, err := o.Account(AsSystem(context.Background()), o.delegate)
	if err != nil {
		t.Fatal(err)
	}
	return access.Covers(a.Viewer, day(today), access.ReportProgress, access.Object{MandateID: o.mandate.ID, InstitutionID: o.mandate.Institution.ID})
}

func TestADelegationIsARightFromItsFirstToItsLastDay(t *testing.T) {
	o := newOffices(t)
	if err := o.give(o.holder, "2026-03-01", "2026-10-31", "S2"); err != nil {
		t.Fatal(err)
	}
	for today, want := range map[string]access.Cover{
		"2026-02-28": {}, "2026-03-01": {Objectives: []string{"S2"}}, "2026-09-30": {Objectives: []string{"S2"}}, "2026-10-01": {}, // with the tenure
	} {
		if diff := gocmp.Diff(want, o.rights(t, today)); diff != "" {
			t.Errorf("on %s (-want +got)\n%s", today, diff)
		}
	}
	all, err := o.Delegations(AsSystem(context.Background()), o.mandate.ID, day("2026-04-01"))
	if err != nil || len(all) != 1 {
		t.Fatalf("%d delegations, %v", len(all), err)
	}
	d := all[0]
	if d.By != "Naam holder" || d.To != "Naam delegate" || d.Ends != day("2026-09-30") || !slices.Equal(d.Objectives, []mandate.Code{code("S2")}) {
		t.Errorf("read back as %+v", d)
	}
}

func TestARevokedDelegationIsNoRight(t *testing.T) {
	o, ctx := newOffices(t), AsSystem(context.Background())
	if err := o.give(o.holder, "2026-03-01", "2026-09-30"); err != nil {
		t.Fatal(err)
	}
	all, _ := o.Delegations(ctx, o.mandate.ID, day("2026-04-01"))
	first := noonOf("2026-04-01")
	for i := range 2 { // the second changes nothing
		sub := o.sub("revoke delegation")
		sub.PersonID = o.holder
		if _, _, err := o.RevokeDelegation(ctx, sub, o.mandate.ID, all[0].ID, first.AddDate(0, 0, i), "/nl"); err != nil {
			t.Fatal(err)
		}
	}
	all, _ = o.Delegations(ctx, o.mandate.ID, day("2026-04-03"))
	if !all[0].RevokedAt.Equal(first) || all[0].RevokedBy != "Naam holder" || all[0].State(day("2026-04-03")) != mandate.DelegationRevoked {
		t.Errorf("revoked: %+v", all[0])
	}
	if c := o.rights(t, "2026-04-01"); c.Whole {
		t.Error("the right is still there")
	}
	if n := count(t, o.Store, `SELECT count(*) FROM audit_event WHERE action = 'revoke delegation'`); n != 1 {
		t.Errorf("%d lines in the audit trail, want one", n)
	}
	if _, _, err := o.RevokeDelegation(ctx, o.sub("revoke delegation"), o.mandate.ID+1, all[0].ID, first, "/nl"); !errors.Is(err, ErrNotFound) {
		t.Errorf("of another mandate: %v", err)
	}
	if err := o.give(o.holder, "2026-04-03", "2026-09-30"); err != nil {
		t.Errorf("given anew: %v", err)
	}
}

func TestWhichDelegationsTheDatabaseRefuses(t *testing.T) {
	o := newOffices(t)
	successor := o.hire(t, "successor")
	o.appoint(t, successor, "2026-10-01", "2027-09-30")
	if err := o.give(o.holder, "2026-03-01", "2026-12-31"); err != nil {
		t.Fatal(err)
	}
	if err := o.give(o.holder, "2026-06-01", "2026-07-01", "S1"); !errors.Is(err, ErrDelegated) {
		t.Errorf("one of the same days: %v", err)
	}
	if err := o.give(o.holder, "2027-01-01", "2027-02-01", "S1", "S9"); !errors.Is(err, ErrNotFound) {
		t.Errorf("an objective that is not there: %v", err)
	}
	own := o
	own.delegate = o.holder
	if err := own.give(successor, "2026-09-30", "2026-10-31"); !errors.Is(err, ErrPartial) {
		t.Errorf("to who holds the mandate on one of the days: %v", err)
	}
	if err := own.give(successor, "2026-10-01", "2026-10-31"); err != nil {
		t.Errorf("to who held it before: %v", err)
	}
	// what the first holder gave beyond their tenure does not stand in the way
	if err := o.give(successor, "2026-10-05", "2026-11-30", "S1"); err != nil {
		t.Fatalf("by the successor: %v", err)
	}
	all, err := o.Delegations(AsSystem(context.Background()), o.mandate.ID, day("2026-10-05"))
	if err != nil {
		t.Fatal(err)
	}
	var states []string
	for _, d := range all {
		states = append(states, d.From.String()+" "+string(d.State(day("2026-10-05"))))
	}
	if diff := gocmp.Diff([]string{"2026-10-05 in_force", "2026-10-01 in_force", "2026-03-01 past"}, states); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestADelegateOfSomeObjectivesAnswersForThose(t *testing.T) {
	o := newOffices(t)
	if err := o.give(o.holder, "2026-03-01", "2026-09-30", "S1", "S2"); err != nil {
		t.Fatal(err)
	}
	book, err := o.ReminderBook(AsSystem(context.Background()), day("2026-04-01"))
	if err != nil {
		t.Fatal(err)
	}
	got := map[int64][]string{}
	for _, p := range book.People {
		got[p.PersonID] = p.Objectives
	}
	want := map[int64][]string{o.holder: {}, o.delegate: {"S1", "S2"}}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
