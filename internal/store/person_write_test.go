package store

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"jalon/internal/access"
	"jalon/internal/calendar"
)

var today = calendar.MustDate(2026, time.November, 24)

func administrator(t testing.TB, s *Store, email string) int64 {
	t.Helper()
	id, _, err := s.CreatePerson(AsSystem(context.Background()), Submission{Action: "create person"}, NewPerson{
		Email: email, Name: "Beheer", Lang: "fr", PasswordHash: "-", Role: access.Administrator, Today: today,
	}, "")
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func by(id int64) Submission { return Submission{Key: uuid.New(), PersonID: id, Action: "test"} }

// exec runs SQL of a test as the application may.
func exec(t testing.TB, s *Store, sql string, args ...any) {
	t.Helper()
	if _, err := s.pool.Exec(AsSystem(context.Background()), sql, args...); err != nil {
		t.Fatal(err)
	}
}

func TestAccountHasEveryRightOnce(t *testing.T) {
	ctx := AsSystem(context.Background())
	s := open(t)
	id, boss := person(t, s, "an@jalon.example"), person(t, s, "piet@jalon.example")
	exec(t, s, `INSERT INTO institution (code, name_nl, name_fr) VALUES ('ACTIRIS', 'Actiris', 'Actiris')`)
	exec(t, s, `INSERT INTO framework (code, name_nl, name_fr, adopted_on) VALUES ('F', 'F', 'F', '2024-01-01')`)
	exec(t, s, `INSERT INTO mandate (institution_id, framework_id, code, title_nl, position)
		SELECT i.id, f.id, c, 'x', row_number() OVER () FROM institution i, framework f, unnest(ARRAY['A4', 'B4', 'C4']) c`)
	exec(t, s, `INSERT INTO tenure (mandate_id, person_id, starts_on, ends_on) SELECT id, $1, '2024-01-01', '2028-12-31' FROM mandate WHERE code = 'A4'`, id)
	exec(t, s, `INSERT INTO tenure (mandate_id, person_id, starts_on, ends_on) SELECT id, $1, '2026-02-01', '2026-10-31' FROM mandate WHERE code IN ('B4', 'C4')`, boss)
	exec(t, s, `INSERT INTO delegation (mandate_id, granted_by, person_id, starts_on, ends_on) SELECT id, $2, $1, '2026-01-01', '2026-12-31' FROM mandate WHERE code = 'B4'`, id, boss)
	exec(t, s, `INSERT INTO delegation (mandate_id, granted_by, person_id, starts_on, ends_on, revoked_at) SELECT id, $2, $1, '2026-01-01', '2026-12-31', now() FROM mandate WHERE code = 'C4'`, id, boss)
	if err := s.GrantRole(ctx, by(boss), id, RoleGrant{Role: access.Secretary, Institution: "ACTIRIS", From: today}, ""); err != nil {
		t.Fatal(err)
	}
	if err := s.GrantRole(ctx, by(boss), id, RoleGrant{Role: access.Secretary, Institution: "ACTIRIS", From: today}, ""); err != nil {
		t.Fatalf("a role held already: %v", err)
	}
	if err := s.GrantRole(ctx, by(boss), id, RoleGrant{Role: access.HROfficer, Institution: "NERGENS", From: today}, ""); !errors.Is(err, ErrNotFound) {
		t.Errorf("a role for no institution: %v", err)
	}
	a, err := s.Account(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	want := []access.Grant{
		{Role: access.Holder, MandateID: a.Grants[0].MandateID, From: calendar.MustDate(2024, 1, 1), Until: calendar.MustDate(2028, 12, 31)},
		{Role: access.Delegate, MandateID: a.Grants[1].MandateID, ForID: boss, For: "An Peeters", From: calendar.MustDate(2026, 2, 1), Until: calendar.MustDate(2026, 10, 31)}, // as long as the giver holds it
		{Role: access.Secretary, InstitutionID: a.Grants[2].InstitutionID, From: today},
	}
	if diff := cmp.Diff(want, a.Grants, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
	if got := a.Codes[a.Grants[0].MandateID] + a.Codes[a.Grants[1].MandateID]; got != "A4B4" || a.Grants[2].InstitutionID == 0 {
		t.Errorf("codes %q, institution %d", got, a.Grants[2].InstitutionID)
	}
	if _, err := s.Account(ctx, 1<<40); !errors.Is(err, ErrNotFound) {
		t.Errorf("nobody: %v", err)
	}
}

func TestRevokedRoleEndsAtOnceAndThePastStays(t *testing.T) {
	ctx := AsSystem(context.Background())
	s := open(t)
	boss, id := administrator(t, s, "boss@jalon.example"), person(t, s, "an@jalon.example")
	for _, begin := range []int{-10, 0} {
		if err := s.GrantRole(ctx, by(boss), id, RoleGrant{Role: access.Secretary, From: today.AddDays(begin)}, ""); err != nil {
			t.Fatal(err)
		}
		people, err := s.People(ctx, today)
		if err != nil {
			t.Fatal(err)
		}
		var grant int64
		for _, p := range people {
			if p.ID == id {
				grant = p.Roles[0].GrantID
			}
		}
		if err := s.RevokeRole(ctx, by(boss), boss+id, grant, today, ""); !errors.Is(err, ErrNotFound) {
			t.Errorf("a grant of somebody else: %v", err)
		}
		if err := s.RevokeRole(ctx, by(boss), id, grant, today, ""); err != nil {
			t.Fatal(err)
		}
	}
	a, err := s.Account(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	want := []access.Grant{{Role: access.Secretary, From: today.AddDays(-10), Until: today.AddDays(-1)}}
	if diff := cmp.Diff(want, a.Grants, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
	if err := s.RevokeRoles(ctx, by(boss), id, RoleGrant{Role: access.Secretary}, today); !errors.Is(err, ErrNotFound) {
		t.Errorf("a role that nobody has: %v", err)
	}
}

func TestLastAdministratorStays(t *testing.T) {
	ctx := AsSystem(context.Background())
	s := open(t)
	a, b := administrator(t, s, "a@jalon.example"), administrator(t, s, "b@jalon.example")
	if err := s.SetDisabled(ctx, by(a), a, true, today.End(), ""); !errors.Is(err, ErrSelf) {
		t.Errorf("closing the own account: %v", err)
	}
	if err := s.GrantRole(ctx, by(a), a, RoleGrant{Role: access.Secretary, From: today}, ""); !errors.Is(err, ErrSelf) {
		t.Errorf("a role for oneself: %v", err)
	}
	noon := today.End().Add(-12 * time.Hour)
	if err := s.SetDisabled(ctx, by(a), b, true, noon, ""); err != nil {
		t.Fatal(err)
	}
	if err := s.RevokeRoles(ctx, Submission{Action: "revoke role"}, a, RoleGrant{Role: access.Administrator}, today); !errors.Is(err, ErrLastAdministrator) {
		t.Errorf("the role of the last one: %v", err)
	}
	if err := s.SetDisabled(ctx, Submission{Action: "disable person"}, a, true, noon, ""); !errors.Is(err, ErrLastAdministrator) {
		t.Errorf("the account of the last one: %v", err)
	}
}

func TestAdministratorsWhoCloseEachOtherAtOnceLeaveOne(t *testing.T) {
	s := open(t)
	ids := []int64{administrator(t, s, "a@jalon.example"), administrator(t, s, "b@jalon.example")}
	noon := today.End().Add(-12 * time.Hour)
	for range 20 {
		var wg sync.WaitGroup
		for i, id := range ids {
			wg.Go(func() {
				err := s.SetDisabled(AsSystem(context.Background()), by(id), ids[1-i], true, noon, "")
				if err != nil && !errors.Is(err, ErrLastAdministrator) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		left, err := s.queries.CountAdministrators(AsSystem(context.Background()), today)
		if err != nil || left.WithPassword != 1 {
			t.Fatalf("%d administrators left, %v", left.WithPassword, err)
		}
		exec(t, s, `UPDATE person SET disabled_at = NULL`)
	}
}

func TestEachChangeOfAPersonHasOneAuditLine(t *testing.T) {
	ctx := AsSystem(context.Background())
	s := open(t)
	boss, id := administrator(t, s, "boss@jalon.example"), person(t, s, "an@jalon.example")
	noon := today.End().Add(-12 * time.Hour)
	steps := map[string]func(sub Submission) error{
		"disable person": func(sub Submission) error { return s.SetDisabled(ctx, sub, id, true, noon, "") },
		"enable person":  func(sub Submission) error { return s.SetDisabled(ctx, sub, id, false, noon, "") },
		"reset password": func(sub Submission) error { _, _, err := s.SetPassword(ctx, sub, id, "-", true, ""); return err },
		"grant role": func(sub Submission) error {
			return s.GrantRole(ctx, sub, id, RoleGrant{Role: access.HROfficer, From: today}, "")
		},
	}
	for action, step := range steps {
		sub := Submission{Key: uuid.New(), PersonID: boss, Action: action, RequestID: "r-" + action}
		for range 2 { // the second is the same form again
			if err := step(sub); err != nil {
				t.Fatalf("%s: %v", action, err)
			}
		}
		var lines int
		err := s.pool.QueryRow(ctx, `SELECT count(*) FROM audit_event WHERE action = $1 AND actor_id = $2 AND object = $3 AND request_id = $4`,
			action, boss, personObject(id), sub.RequestID).Scan(&lines)
		if err != nil || lines != 1 {
			t.Errorf("%s: %d lines, %v; want one", action, lines, err)
		}
	}
}

func TestAppendOnlyTablesRefuseTheApplication(t *testing.T) {
	s := open(t)
	administrator(t, s, "boss@jalon.example")
	for _, sql := range []string{
		`UPDATE audit_event SET action = 'x'`, `DELETE FROM audit_event`, `TRUNCATE audit_event`,
		`UPDATE submission SET location = 'x'`, `DELETE FROM submission`, `ALTER TABLE audit_event DISABLE TRIGGER ALL`,
		`UPDATE progress_entry SET status = 'achieved'`, `DELETE FROM seal`,
	} {
		if _, err := s.pool.Exec(AsSystem(context.Background()), sql); err == nil {
			t.Errorf("%s went through", sql)
		}
	}
}
