package store

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"jalon/internal/testing/pgtest"
)

// emptyDatabase has no schema at all.
func emptyDatabase(t *testing.T) string {
	t.Helper()
	return pgtest.Database(t, func(context.Context, string) error { return nil }, "empty")
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
