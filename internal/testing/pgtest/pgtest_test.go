package pgtest

import (
	"context"
	"fmt"
	"os"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
)

func TestMain(m *testing.M) { os.Exit(Main(m)) }

func TestEachTestHasItsOwnCopyOfOneTemplate(t *testing.T) {
	ctx := context.Background()
	var migrated atomic.Int32
	migrate := func(ctx context.Context, dsn string) error {
		migrated.Add(1)
		conn, err := pgx.Connect(ctx, dsn)
		if err != nil {
			return err
		}
		defer conn.Close(ctx)
		_, err = conn.Exec(ctx, `CREATE TABLE mandate (code text)`)
		return err
	}
	// A fingerprint that no run before has used.
	fingerprint := fmt.Sprintf("%s %d %p", t.Name(), os.Getpid(), &migrated)

	t.Run("at once", func(t *testing.T) {
		for i := range 6 {
			t.Run(fmt.Sprint(i), func(t *testing.T) {
				t.Parallel()
				conn := connect(t, Database(t, migrate, fingerprint))
				defer conn.Close(ctx)
				var rows int
				if err := conn.QueryRow(ctx, `WITH w AS (INSERT INTO mandate VALUES ('A4')) SELECT count(*) FROM mandate`).Scan(&rows); err != nil || rows != 0 {
					t.Errorf("a new database has %d rows, %v", rows, err)
				}
			})
		}
	})
	if n := migrated.Load(); n != 1 {
		t.Errorf("migrated %d times", n)
	}

	if err := tidy(admin(t)); err != nil {
		t.Error(err)
	}
	conn := connect(t, admin(t))
	defer conn.Close(ctx)
	var left int
	pattern := fmt.Sprintf("^t_%d_", os.Getpid())
	if err := conn.QueryRow(ctx, `SELECT count(*) FROM pg_database WHERE datname ~ $1`, pattern).Scan(&left); err != nil || left != 0 {
		t.Errorf("%d databases left, %v", left, err)
	}
}

func TestFailedMigrationLeavesNoTemplate(t *testing.T) {
	ctx := context.Background()
	dsn := admin(t)
	conn := connect(t, dsn)
	defer conn.Close(ctx)
	fingerprint := fmt.Sprintf("%s %d", t.Name(), os.Getpid())
	fail := func(context.Context, string) error { return os.ErrInvalid }
	if _, err := ensureTemplate(ctx, conn, dsn, fail, fingerprint); err == nil {
		t.Fatal("want the migration's error")
	}
	pass := func(context.Context, string) error { return nil }
	template, err := ensureTemplate(ctx, conn, dsn, pass, fingerprint)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(ctx, `DROP DATABASE `+template); err != nil {
		t.Error(err)
	}
}
