package store

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/pressly/goose/v3"
	"golang.org/x/sync/errgroup"

	"jalon/internal/testing/pgtest"
)

// emptyDatabase has no schema at all.
func emptyDatabase(t *testing.T) string {
	t.Helper()
	return pgtest.Database(t, func(context.Context, string) error { return nil }, "empty")
}

// migrateTo brings a database to a step, up or down.
func migrateTo(t *testing.T, dsn string, version int64) {
	t.Helper()
	ctx := context.Background()
	err := withProvider(dsn, func(p *goose.Provider) error {
		now, err := p.GetDBVersion(ctx)
		if err == nil && now > version {
			_, err = p.DownTo(ctx, version)
		} else if err == nil {
			_, err = p.UpTo(ctx, version)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Several servers are often started at once, on one new database.
func TestStartedAtOnceMigratesOnce(t *testing.T) {
	ctx := AsSystem(context.Background())
	dsn := emptyDatabase(t)
	var all errgroup.Group
	for range 4 {
		all.Go(func() error { return Migrate(ctx, dsn) })
	}
	if err := all.Wait(); err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	var times, versions int64
	if err := conn.QueryRow(ctx, `SELECT count(*), count(DISTINCT version_id) FROM goose_db_version WHERE version_id > 0`).Scan(&times, &versions); err != nil {
		t.Fatal(err)
	}
	if times != SchemaVersion() || versions != times {
		t.Errorf("%d steps recorded %d times, want %d once", versions, times, SchemaVersion())
	}
}

func TestMigrationsGoDownAndUpAgain(t *testing.T) {
	ctx := AsSystem(context.Background())
	dsn := emptyDatabase(t)
	if err := Migrate(ctx, dsn); err != nil {
		t.Fatal(err)
	}
	for range SchemaVersion() {
		if err := MigrateDown(ctx, dsn); err != nil {
			t.Fatal(err)
		}
	}
	steps, err := MigrationStatus(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	if int64(len(steps)) != SchemaVersion() {
		t.Errorf("%d steps known, want %d", len(steps), SchemaVersion())
	}
	for i, s := range steps {
		if s.Applied || s.Version != int64(i+1) {
			t.Errorf("step %+v: want number %d, not applied", s, i+1)
		}
	}
	if err := Migrate(ctx, dsn); err != nil {
		t.Fatal(err)
	}
}

// Rights of before that overlap become one, whoever evaluated without being
// named for an evaluation has no right left, and nobody gains or loses a day.
func TestRightsOfBeforeBecomeOffices(t *testing.T) {
	ctx := AsSystem(context.Background())
	dsn := emptyDatabase(t)
	migrateTo(t, dsn, 4)
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, `
		INSERT INTO person (email, name, lang) SELECT n || '@jalon.example', n, 'nl' FROM unnest(ARRAY['an', 'piet', 'mia']) n;
		INSERT INTO institution (code, name_nl, name_fr) VALUES ('ACTIRIS', 'x', 'x');
		INSERT INTO framework (code, name_nl, name_fr, adopted_on) VALUES ('F', 'F', 'F', '2024-01-01');
		INSERT INTO mandate (institution_id, framework_id, code, title_nl, position) VALUES (1, 1, 'A4', 'x', 1);
		INSERT INTO tenure (mandate_id, person_id, starts_on) VALUES (1, 1, '2024-01-01');
		INSERT INTO role_grant (person_id, role, institution_id, starts_on, ends_on) VALUES
			(1, 'secretary', NULL, '2025-01-01', '2025-06-30'), (1, 'secretary', NULL, '2025-03-01', NULL), (1, 'secretary', 1, '2025-03-01', NULL),
			(2, 'administrator', NULL, '2025-01-01', '2025-01-31'), (2, 'administrator', NULL, '2025-01-15', '2025-02-28'), (2, 'administrator', NULL, '2025-05-01', '2025-05-31'),
			(3, 'evaluator', NULL, '2025-01-01', NULL), (3, 'hr_officer', 1, '2025-01-01', NULL);
		INSERT INTO delegation (mandate_id, granted_by, person_id, starts_on, ends_on, revoked_at) VALUES
			(1, 1, 2, '2025-01-01', '2025-06-30', NULL), (1, 1, 2, '2025-06-01', '2025-09-30', NULL), (1, 1, 2, '2025-09-30', '2025-12-31', NULL),
			(1, 1, 2, '2025-02-01', '2025-03-31', '2025-02-15'), (1, 1, 2, '2026-02-01', '2026-03-31', NULL), (1, 1, 3, '2025-06-01', '2025-09-30', NULL)`)
	if err != nil {
		t.Fatal(err)
	}
	if err := Migrate(ctx, dsn); err != nil {
		t.Fatal(err)
	}
	list := func(sql string) []string {
		rows, _ := conn.Query(ctx, sql)
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatal(err)
		}
		return lines
	}
	want := []string{
		"1 secretary 1 2025-03-01 -", "1 secretary all 2025-01-01 -",
		"2 administrator all 2025-01-01 2025-02-28", "2 administrator all 2025-05-01 2025-05-31", "3 hr_officer 1 2025-01-01 -",
	}
	got := list(`SELECT line FROM (SELECT concat_ws(' ', person_id, role, COALESCE(institution_id::text, 'all'), starts_on, COALESCE(ends_on::text, '-')) AS line FROM role_grant) l ORDER BY line COLLATE "C"`)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("roles: want -, got +\n%s", diff)
	}
	want = []string{"2 2025-01-01 2025-12-31", "2 2026-02-01 2026-03-31", "3 2025-06-01 2025-09-30"}
	got = list(`SELECT line FROM (SELECT concat_ws(' ', person_id, starts_on, ends_on) AS line FROM delegation_in_force) l ORDER BY line COLLATE "C"`)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("delegations: want -, got +\n%s", diff)
	}
	if kept := list(`SELECT id::text FROM delegation WHERE revoked_at = '2025-02-15'`); len(kept) != 1 {
		t.Error("a delegation revoked before was touched")
	}
}

// A server that answers before the disk has the write could lose it.
func TestServerThatCouldLoseWritesIsRefused(t *testing.T) {
	ctx := AsSystem(context.Background())
	dsn := emptyDatabase(t)
	if err := Migrate(ctx, dsn); err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if s, err := Open(ctx, dsn, Options{}); err != nil {
		t.Fatal(err)
	} else {
		s.Close()
	}
	if _, err := conn.Exec(ctx, `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database()); END $$`); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(ctx, dsn, Options{}); !errors.Is(err, ErrUnsafeServer) {
		t.Errorf("Open gives %v, want ErrUnsafeServer", err)
	}
}
