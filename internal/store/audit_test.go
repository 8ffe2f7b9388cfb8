package store

import (
	"context"
	"net/netip"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"jalon/internal/access"
)

func TestAddressesAreShortened(t *testing.T) {
	for full, want := range map[string]string{
		"203.0.113.77": "203.0.113.0/24", "::ffff:203.0.113.77": "203.0.113.0/24", "127.0.0.1": "127.0.0.0/24",
		"2001:db8:1:2:3:4:5:6": "2001:db8:1::/48", "fe80::1%eth0": "fe80::/48", "::1": "::/48",
	} {
		if got := ShortAddress(netip.MustParseAddr(full)); got != want {
			t.Errorf("%s: %q, want %q", full, got, want)
		}
	}
	if got := ShortAddress(netip.Addr{}); got != "" {
		t.Errorf("no address: %q", got)
	}
}

// A reading is recorded once for each person, object and purpose within a
// quarter of an hour, also when pages are opened at once.
func TestReadingIsRecordedOncePerQuarterOfAnHour(t *testing.T) {
	ctx, dsn := AsSystem(context.Background()), database(t)
	s := openAt(t, dsn)
	owner, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer owner.Close(ctx)
	a, b := person(t, s, "an@jalon.example"), person(t, s, "bo@jalon.example")
	r := Reading{PersonID: a, Role: access.Evaluator, Object: "evaluation/1", Purpose: "evaluation"}
	other := func(change func(*Reading)) Reading {
		c := r
		change(&c)
		return c
	}
	readings := func() (n int) {
		if err := owner.QueryRow(ctx, `SELECT count(*) FROM audit_event WHERE action = $1`, ActionRead).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			if err := s.AuditRead(ctx, r); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := readings(); n != 1 {
		t.Errorf("%d readings, want 1", n)
	}
	for _, another := range []Reading{
		other(func(r *Reading) { r.PersonID = b }), other(func(r *Reading) { r.Object = "evaluation/2" }),
		other(func(r *Reading) { r.Purpose = "appeal" }), other(func(r *Reading) { r.Role = access.HROfficer }),
	} {
		before := readings()
		for range 2 {
			if err := s.AuditRead(ctx, another); err != nil {
				t.Fatal(err)
			}
		}
		if n := readings(); n != before+1 {
			t.Errorf("%+v: %d readings more, want 1", another, n-before)
		}
	}
	if _, err := owner.Exec(ctx, `ALTER TABLE audit_event DISABLE TRIGGER append_only`); err != nil {
		t.Fatal(err)
	}
	if _, err := owner.Exec(ctx, `UPDATE audit_event SET at = at - interval '16 minutes'`); err != nil {
		t.Fatal(err)
	}
	before := readings()
	if err := s.AuditRead(ctx, r); err != nil || readings() != before+1 {
		t.Errorf("a quarter of an hour later: %v, %d readings", err, readings())
	}

	// what cannot be accounted for is not read
	if _, err := owner.Exec(ctx, `REVOKE INSERT (detail) ON audit_event FROM jalon_app`); err != nil {
		t.Fatal(err)
	}
	if err := s.AuditRead(ctx, other(func(r *Reading) { r.Object = "evaluation/9" })); err == nil {
		t.Error("a reading that could not be recorded is allowed")
	}
}
