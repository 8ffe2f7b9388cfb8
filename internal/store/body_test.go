package store

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
)

func both(words string) bilingual.Text { return text(words, words, "original", "original") }

func withBodies(t testing.TB, s *Store) []Body {
	t.Helper()
	ctx := AsSystem(context.Background())
	if err := s.AddInstitution(ctx, Submission{Action: "test"}, mandate.Institution{Code: "ACTIRIS", Name: both("Actiris")}, []monitoring.Body{{Code: "DR", Name: both("Raad")}, {Code: "DC", Name: both("Comité")}}); err != nil {
		t.Fatal(err)
	}
	all, err := s.Bodies(ctx, today)
	if err != nil || len(all) != 1 || len(all[0].Bodies) != 2 {
		t.Fatalf("bodies: %+v, %v", all, err)
	}
	return all[0].Bodies
}

func TestABodyHasOneSecretaryAtATime(t *testing.T) {
	ctx := AsSystem(context.Background())
	s := open(t)
	bodies := withBodies(t, s)
	boss, an, piet := administrator(t, s, "boss@jalon.example"), person(t, s, "an@jalon.example"), person(t, s, "piet@jalon.example")
	seat := func(body Body, who int64, role access.Role, from, until string) error {
		g := RoleGrant{}
		if until != "" {
			g.Until = day(until)
		}
		return s.Seat(ctx, by(boss), body.ID, who, role, day(from), g.Until, "")
	}
	if err := seat(bodies[0], an, access.Secretary, "2026-01-01", "2026-12-31"); err != nil {
		t.Fatal(err)
	}
	var other *OverlapError
	if err := seat(bodies[0], piet, access.Secretary, "2026-12-31", ""); !errors.As(err, &other) || other.Until != day("2026-12-31") {
		t.Errorf("a second secretary on one day: %v", err)
	}
	for name, err := range map[string]error{
		"the day after":       seat(bodies[0], piet, access.Secretary, "2027-01-01", ""),
		"another body":        seat(bodies[1], piet, access.Secretary, "2026-01-01", ""),
		"a member beside":     seat(bodies[0], piet, access.CommitteeMember, "2026-01-01", ""),
		"of every body":       s.GrantRole(ctx, by(boss), piet, RoleGrant{Role: access.Secretary, Institution: "ACTIRIS", From: today}, ""),
		"of all institutions": s.GrantRole(ctx, by(boss), piet, RoleGrant{Role: access.Secretary, From: today}, ""),
	} {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := s.GrantRole(ctx, by(boss), piet, RoleGrant{Role: access.Secretary, Institution: "ACTIRIS", Body: "DR", From: day("2026-06-01"), Until: day("2026-07-31")}, ""); !errors.Is(err, ErrOverlap) {
		t.Errorf("by the other way: %v", err)
	}
	if err := s.GrantRole(ctx, by(boss), piet, RoleGrant{Role: access.HROfficer, Institution: "ACTIRIS", Body: "DR", From: today}, ""); err == nil {
		t.Error("an HR officer of a body")
	}
	if err := s.GrantRole(ctx, by(boss), piet, RoleGrant{Role: access.Secretary, Institution: "ACTIRIS", Body: "XX", From: today}, ""); !errors.Is(err, ErrNotFound) {
		t.Errorf("of no body: %v", err)
	}
	if err := s.Seat(ctx, by(boss), bodies[0].ID, boss, access.Secretary, day("2030-01-01"), day("2030-01-02"), ""); !errors.Is(err, ErrSelf) {
		t.Errorf("a seat for oneself: %v", err)
	}
	all, err := s.Bodies(ctx, today)
	if err != nil {
		t.Fatal(err)
	}
	if bodies = all[0].Bodies; len(bodies[0].Seats) != 3 || bodies[0].Seats[0].Name != bodies[0].Seats[1].Name && bodies[0].Seats[0].Role != access.Secretary || len(all[0].Everywhere) != 2 {
		t.Errorf("%+v", all)
	}
}

// The last administrator stays, also on a day that is yet to come.
func TestAnEndThatLeavesNoAdministratorIsRefused(t *testing.T) {
	ctx := AsSystem(context.Background())
	s := open(t)
	a, b := administrator(t, s, "a@jalon.example"), administrator(t, s, "b@jalon.example")
	grantOf := func(id int64) int64 {
		return int64(count(t, s, `SELECT id FROM role_grant WHERE person_id = $1 ORDER BY id DESC LIMIT 1`, id))
	}
	if err := s.EndRole(ctx, by(a), b, grantOf(b), today.AddDays(30), today, ""); err != nil {
		t.Fatalf("one of two gets an end: %v", err)
	}
	if err := s.EndRole(ctx, by(b), a, grantOf(a), today.AddDays(90), today, ""); !errors.Is(err, ErrLastAdministrator) {
		t.Errorf("the last one without an end gets one: %v", err)
	}
	if err := s.SetDisabled(ctx, by(b), a, true, today.End().Add(-time.Hour), ""); !errors.Is(err, ErrLastAdministrator) {
		t.Errorf("the account of the last one without an end: %v", err)
	}
	if err := s.EndRole(ctx, by(a), a, grantOf(a), today.AddDays(90), today, ""); !errors.Is(err, ErrSelf) {
		t.Errorf("one's own: %v", err)
	}
	c := person(t, s, "c@jalon.example")
	exec(t, s, `UPDATE person SET password_hash = '-' WHERE id = $1`, c)
	if err := s.GrantRole(ctx, by(a), c, RoleGrant{Role: access.Administrator, From: today.AddDays(31)}, ""); err != nil {
		t.Fatal(err)
	}
	if err := s.EndRole(ctx, by(b), a, grantOf(a), today.AddDays(30), today, ""); err != nil {
		t.Errorf("somebody comes on the day after: %v", err)
	}
	if err := s.EndRole(ctx, by(a), b, grantOf(b), today.AddDays(29), today, ""); err != nil {
		t.Errorf("another one is there until then: %v", err)
	}
	if err := s.EndRole(ctx, by(b), a, grantOf(a), today.AddDays(29), today, ""); !errors.Is(err, ErrLastAdministrator) {
		t.Errorf("a day without any: %v", err)
	}
}

func TestAdministratorsWhoEndEachOtherAtOnceLeaveOne(t *testing.T) {
	s := open(t)
	ids := []int64{administrator(t, s, "a@jalon.example"), administrator(t, s, "b@jalon.example")}
	grants := []int64{int64(count(t, s, `SELECT id FROM role_grant WHERE person_id = $1`, ids[0])), int64(count(t, s, `SELECT id FROM role_grant WHERE person_id = $1`, ids[1]))}
	for range 20 {
		var wg sync.WaitGroup
		for i, id := range ids {
			wg.Go(func() {
				err := s.EndRole(AsSystem(context.Background()), by(id), ids[1-i], grants[1-i], today.AddDays(5), today, "")
				if err != nil && !errors.Is(err, ErrLastAdministrator) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if left := count(t, s, `SELECT count(*) FROM role_grant WHERE ends_on IS NULL`); left != 1 {
			t.Fatalf("%d administrators without an end left", left)
		}
		exec(t, s, `UPDATE role_grant SET ends_on = NULL`)
	}
}
