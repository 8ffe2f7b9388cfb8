package store

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"jalon/internal/access"
)

// Whatever the application asks, the database keeps the order of the steps and
// what was sealed, under the role that the application works with.
func TestTheDatabaseKeepsARoundInOrder(t *testing.T) {
	s := open(t)
	region(t, s)
	system := AsSystem(context.Background())
	try := func(sql string) string {
		_, err := s.pool.Exec(system, sql)
		var pg *pgconn.PgError
		if errors.As(err, &pg) {
			return pg.Code
		}
		if err != nil {
			t.Fatal(err)
		}
		return ""
	}
	const check, privilege, sealed = "23514", "42501", "JA001"
	for _, c := range []struct{ name, sql, want string }{
		{"jumping grace", `UPDATE round SET state = 'presented'`, check},
		{"an unknown state", `UPDATE round SET state = 'closed'`, check},
		{"an unknown step", `INSERT INTO round_step (round_id, from_state, to_state, at, by) SELECT id, 'open', 'closed', now(), opened_by FROM round`, check},
		{"a step to where it is", `INSERT INTO round_step (round_id, from_state, to_state, at, by) SELECT id, 'open', 'open', now(), opened_by FROM round`, check},
		{"a first day after the due date", `UPDATE round SET opens_on = due_on + 1`, check},
		{"another body", `UPDATE round SET body_id = body_id`, privilege},
		{"another half-year", `UPDATE round SET period = '2027-01-01'`, privilege},
		{"another who opened it", `UPDATE round SET opened_by = opened_by`, privilege},
		{"taking it away", `DELETE FROM round`, privilege},
		{"back to open", `UPDATE round SET state = 'open'`, ""},
		{"a part before the first day", `INSERT INTO part_step (round_id, mandate_id, round_step_id, step, by, at)
			SELECT rm.round_id, rm.mandate_id, s.id, 'submitted', s.by, '2026-12-31T12:00Z' FROM round_mandate rm JOIN round_step s USING (round_id)`, "JA019"},
		{"collecting", `UPDATE round SET state = 'collecting'`, ""},
		{"grace", `UPDATE round SET state = 'grace'`, ""},
		{"presented", `UPDATE round SET state = 'presented'`, ""},
		{"sealed", `UPDATE round SET state = 'sealed'`, ""},
		{"back from the seal", `UPDATE round SET state = 'presented'`, sealed},
		{"other days after the seal", `UPDATE round SET due_on = due_on + 1`, sealed},
		{"a mandate less after the seal", `DELETE FROM round_mandate`, sealed},
		{"a return after the seal", `INSERT INTO part_step (round_id, mandate_id, round_step_id, step, by, at, reason)
			SELECT rm.round_id, rm.mandate_id, s.id, 'returned', s.by, now(), 'x' FROM round_mandate rm JOIN round_step s USING (round_id)`, sealed},
	} {
		if got := try(c.sql); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// A careless query about rounds finds those of one's own bodies, and those that ask one's own mandate.
func TestACarelessQueryShowsOnlyRoundsOfOnesOwn(t *testing.T) {
	s := open(t)
	all := region(t, s)
	exec(t, s, `INSERT INTO nudge (round_id, person_id, day, at, by) SELECT id, opened_by, '2026-11-24', now(), opened_by FROM round`)
	exec(t, s, `INSERT INTO round_change (round_id, at, by, reason, was, became) SELECT id, now(), opened_by, 'x', '{}', '{"due": "2027-01-11"}' FROM round`)
	exec(t, s, `INSERT INTO round_seal (round_id, number, sealed_at, sealed_by, document, sha256, signature, key_id, public_key)
		SELECT id, 'DR', now(), opened_by, 'x', sha256('x'), '', '', '' FROM round`)
	member := func(name string, role access.Role, body string) int64 {
		id := person(t, s, name+"@jalon.example")
		if role != "" {
			exec(t, s, `INSERT INTO role_grant (person_id, role, institution_id, body_id, starts_on)
				SELECT $1, $2, b.institution_id, b.id, '2026-01-01' FROM body b JOIN institution i ON i.id = b.institution_id WHERE i.code = 'ACTIRIS' AND b.code = $3`, id, role, body)
		}
		return id
	}
	tables := []string{"round", "round_mandate", "round_step", "round_change", "nudge", "round_seal"}
	for name, c := range map[string]struct {
		who  int64
		want [6]int
	}{
		"the holder of a mandate":     {scan[int64](t, s, `SELECT person_id FROM tenure WHERE mandate_id = $1`, all[0]), [6]int{1, 1, 1, 0, 0, 0}},
		"a member of the body":        {member("member", access.CommitteeMember, "DR"), [6]int{1, 2, 1, 1, 0, 1}},
		"its secretary":               {member("secretary", access.Secretary, "DR"), [6]int{1, 2, 1, 1, 1, 1}},
		"the secretary of another":    {member("other", access.Secretary, "CSO"), [6]int{}},
		"somebody without any office": {member("nobody", "", ""), [6]int{}},
	} {
		ctx := As(context.Background(), c.who, today)
		for i, table := range tables {
			var n int
			if err := s.pool.QueryRow(ctx, `SELECT count(*) FROM `+table).Scan(&n); err != nil || n != c.want[i] {
				t.Errorf("%s sees %d of %s, want %d (%v)", name, n, table, c.want[i], err)
			}
		}
		_, err := s.pool.Exec(ctx, `DELETE FROM round_mandate`)
		if err != nil && c.want[4] == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := count(t, s, `SELECT count(*) FROM round_mandate`); n != 4 {
		t.Errorf("%d mandates are asked, want the 4 of before: whoever began cannot be left out, and nobody else may", n)
	}
}
