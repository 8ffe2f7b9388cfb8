package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"jalon/internal/access"
)

const issuer = "https://login.example/realms/x"

func signOn(subject string, roles ...SignOnRole) SignOn {
	return SignOn{Issuer: issuer, Subject: subject, Sub: subject, IDToken: "a.b.c", Roles: roles, At: today.End().Add(-12 * time.Hour)}
}

func TestIdentityBelongsToOnePerson(t *testing.T) {
	ctx := AsSystem(context.Background())
	s := open(t)
	a, b := administrator(t, s, "a@jalon.example"), administrator(t, s, "b@jalon.example")
	at := today.End()
	if _, err := s.SignedOn(ctx, signOn("one")); !errors.Is(err, ErrNotFound) {
		t.Errorf("an identity that is nobody's: %v", err)
	}
	if _, err := s.LinkIdentity(ctx, by(a), a, issuer, "one", at, ""); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		person          int64
		issuer, subject string
		want            error
	}{
		"of another": {b, issuer, "one", ErrExists}, "a second one": {a, issuer, "two", ErrExists}, "nobody": {999, issuer, "three", ErrNotFound}, "at another provider": {b, "https://other.example", "one", nil},
	} {
		if _, err := s.LinkIdentity(ctx, by(a), c.person, c.issuer, c.subject, at, ""); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	done, err := s.SignedOn(ctx, signOn("one"))
	if err != nil || done.PersonID != a || done.ID == "" {
		t.Fatalf("%+v, %v", done, err)
	}
	if lives, err := s.SignOnLives(ctx, done.ID, a); !lives || err != nil {
		t.Errorf("lives %v, %v", lives, err)
	}
	if lives, err := s.SignOnLives(ctx, done.ID, b); lives || err != nil {
		t.Errorf("as another person: lives %v, %v", lives, err)
	}
	if token, err := s.EndSignOn(ctx, done.ID); token != "a.b.c" || err != nil {
		t.Errorf("%q, %v", token, err)
	}
	if _, err := s.EndSignOn(ctx, done.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("ended twice: %v", err)
	}
}

func TestLastAdministratorKeepsTheirOnlyDoor(t *testing.T) {
	ctx := AsSystem(context.Background())
	s := open(t)
	a, b := administrator(t, s, "a@jalon.example"), administrator(t, s, "b@jalon.example")
	exec(t, s, `UPDATE person SET password_hash = NULL WHERE id = $1`, a)
	at := today.End().Add(-12 * time.Hour)
	if _, err := s.LinkIdentity(ctx, by(b), a, issuer, "one", at, ""); err != nil {
		t.Fatal(err)
	}
	if err := s.SetDisabled(ctx, Submission{Action: "disable person"}, b, true, at, ""); !errors.Is(err, ErrLastAdministrator) {
		t.Errorf("the last one with a password: %v", err)
	}
	exec(t, s, `UPDATE person SET disabled_at = now() WHERE id = $1`, b)
	linked, err := s.IdentitiesOf(ctx, a)
	if err != nil || len(linked) != 1 || linked[0].LinkedBy != "Beheer" {
		t.Fatalf("%+v, %v", linked, err)
	}
	if _, err := s.UnlinkIdentity(ctx, by(b), a, linked[0].ID, at, ""); !errors.Is(err, ErrLastAdministrator) {
		t.Errorf("the last door: %v", err)
	}
}

func TestSignInsOfOnePersonAtOnceGiveEachRoleOnce(t *testing.T) {
	ctx := AsSystem(context.Background())
	s := open(t)
	boss, id := administrator(t, s, "boss@jalon.example"), administrator(t, s, "a@jalon.example")
	if _, err := s.LinkIdentity(ctx, by(boss), id, issuer, "one", today.End(), ""); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for i := range 8 {
		o := signOn("one", SignOnRole{access.HROfficer, ""})
		if i%2 == 0 {
			o.Roles = []SignOnRole{{access.CommitteeMember, ""}, {access.HROfficer, ""}}
		}
		all.Go(func() {
			if _, err := s.SignedOn(ctx, o); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if _, err := s.SignedOn(ctx, signOn("one", SignOnRole{access.HROfficer, ""})); err != nil {
		t.Fatal(err)
	}
	var roles string
	if err := s.pool.QueryRow(ctx, `SELECT string_agg(role || '/' || source, ' ' ORDER BY role) FROM role_grant WHERE person_id = $1`, id).Scan(&roles); err != nil {
		t.Fatal(err)
	}
	if roles != "administrator/manual hr_officer/sso" {
		t.Errorf("roles %q", roles)
	}
}

func TestWhatIsSpentIsSpent(t *testing.T) {
	ctx := AsSystem(context.Background())
	s := open(t)
	var all sync.WaitGroup
	var mu sync.Mutex
	taken := 0
	for range 20 {
		all.Go(func() {
			fresh, err := s.Spend(ctx, "state", today.End())
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			if fresh {
				taken++
			}
		})
	}
	all.Wait()
	if taken != 1 {
		t.Errorf("taken %d times", taken)
	}
	if err := s.ForgetSignOns(ctx, today.End(), today.End().Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	if fresh, err := s.Spend(ctx, "state", today.End()); !fresh || err != nil {
		t.Errorf("forgotten, and still spent: %v, %v", fresh, err)
	}
}

// The application can neither change who somebody is at the provider nor what was spent.
func TestApplicationCannotRewriteIdentities(t *testing.T) {
	ctx := AsSystem(context.Background())
	s := open(t)
	a := administrator(t, s, "a@jalon.example")
	if _, err := s.LinkIdentity(ctx, by(a), a, issuer, "one", today.End(), ""); err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{
		`UPDATE person_identity SET subject = 'two'`, `UPDATE person_identity SET person_id = 1`, `UPDATE sign_on SET person_id = 1`, `UPDATE sign_on_spent SET until = now()`, `TRUNCATE person_identity`,
	} {
		if _, err := s.pool.Exec(ctx, sql); err == nil {
			t.Errorf("%s is let through", sql)
		}
	}
	for what, subject := range map[string]string{"nothing": "", "a line end": "a\nb", "256 signs": fmt.Sprintf("%0256d", 1)} {
		if _, err := s.LinkIdentity(ctx, by(a), administrator(t, s, what[:1]+"x@jalon.example"), issuer, subject, today.End(), ""); err == nil {
			t.Errorf("a subject of %s is stored", what)
		}
	}
}
