// Package pgtest gives each test a PostgreSQL database of its own.
//
// All tests of one account on one machine share a private server, however
// many packages run at once. A schema is migrated once into a template; a
// test's database is a copy of it, made while the test before runs.
package pgtest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"jalon/internal/store/localpg"
)

// Migrate brings the empty database behind dsn to the schema wanted.
type Migrate func(ctx context.Context, dsn string) error

// Main runs the tests of a package, then gives the shared server up; the last
// package to do so stops it. Without it the server stays until another test
// run stops it. Use: func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }
func Main(m *testing.M) int {
	code := m.Run()
	server.Lock()
	defer server.Unlock()
	if server.running == nil {
		return code
	}
	if err := errors.Join(tidy(server.running.DSN), server.running.Stop()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return max(code, 1)
	}
	return code
}

// Database gives the address of a new database with the schema that migrate
// makes. The fingerprint stands for that schema, for instance a hash of the
// migration files: migrate runs once for each fingerprint. The user is a
// superuser. The database is dropped after the test.
func Database(t testing.TB, migrate Migrate, fingerprint string) string {
	t.Helper()
	ctx := context.Background()
	dsn := admin(t)
	conn := connect(t, dsn)
	defer conn.Close(ctx)
	template, err := ensureTemplate(ctx, conn, dsn, migrate, fingerprint)
	if err != nil {
		t.Fatalf("pgtest: template: %v", err)
	}
	name, err := take(ctx, dsn, template)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	t.Cleanup(func() { drops.Go(func() { drop(ctx, dsn, name) }) })
	return onDatabase(dsn, name)
}

var (
	count  atomic.Int64
	server struct {
		sync.Mutex
		running *localpg.Server
	}
)

// admin starts or joins the shared server once per process.
func admin(t testing.TB) string {
	t.Helper()
	server.Lock()
	defer server.Unlock()
	if server.running == nil {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
		defer cancel()
		o := localpg.Options{
			BinDir: os.Getenv("JALON_PG_BIN"),
			Look:   []string{filepath.Join(moduleRoot(), "var/postgres")},
		}
		var s *localpg.Server
		major, err := localpg.NewestMajor(o)
		if err == nil {
			// Not os.TempDir: all runs must meet, and the path of a socket is short.
			o.Dir = fmt.Sprintf("%s/jalon-pgtest-%d-%d", roomiest(), os.Geteuid(), major)
			s, err = localpg.Start(ctx, o)
		}
		if err != nil {
			t.Fatalf("pgtest: these tests need PostgreSQL (make test obtains it): %v", err)
		}
		server.running = s
	}
	return server.running.DSN
}

// roomiest gives the folder in memory where there is one with room enough that
// this account may write to, as databases are made and removed there in less
// time; else the one for temporary files.
func roomiest() string {
	const memory, enough, writable = "/dev/shm", 8 << 30, 0b011
	var fs syscall.Statfs_t
	if err := syscall.Statfs(memory, &fs); err == nil && fs.Bavail*uint64(fs.Bsize) >= enough && syscall.Access(memory, writable) == nil {
		return memory
	}
	return "/tmp"
}

// moduleRoot is the nearest folder above the working folder with a go.mod.
func moduleRoot() string {
	dir, err := os.Getwd()
	if err != nil {
		return "."
	}
	for d := dir; d != filepath.Dir(d); d = filepath.Dir(d) {
		if _, err := os.Stat(filepath.Join(d, "go.mod")); err == nil {
			return d
		}
	}
	return dir
}

// ensureTemplate migrates the template for a fingerprint unless it is there.
// It gets its name when it is whole, so a killed run leaves none that is not.
func ensureTemplate(ctx context.Context, conn *pgx.Conn, dsn string, migrate Migrate, fingerprint string) (string, error) {
	template := fmt.Sprintf("tpl_%.8x", sha256.Sum256([]byte(fingerprint)))
	draft := strings.Replace(template, "tpl_", "draft_", 1)
	// One lock for all fingerprints: roles belong to the whole server, and
	// two migrations that make the same role would collide.
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, lockKey); err != nil {
		return "", err
	}
	defer conn.Exec(ctx, `SELECT pg_advisory_unlock($1)`, lockKey)
	var exists bool
	if err := conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`, template).Scan(&exists); err != nil || exists {
		return template, err
	}
	if err := dropOld(ctx, conn); err != nil {
		return "", err
	}
	for _, sql := range []string{`DROP DATABASE IF EXISTS ` + draft + ` WITH (FORCE)`, `CREATE DATABASE ` + draft} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return "", err
		}
	}
	if err := migrate(ctx, onDatabase(dsn, draft)); err != nil {
		return "", fmt.Errorf("migrate: %w", err)
	}
	_, err := conn.Exec(ctx, `ALTER DATABASE `+draft+` RENAME TO `+template)
	return template, err
}

const lockKey = 7_406_273 // any number that nothing else locks on this server

// dropOld removes what killed runs left and the templates of schemas past:
// databases made more than a day ago.
func dropOld(ctx context.Context, conn *pgx.Conn) error {
	rows, err := conn.Query(ctx, `
		SELECT datname FROM pg_database
		WHERE datname ~ '^(t|tpl|draft)_'
		  AND (pg_stat_file('base/' || oid || '/PG_VERSION', true)).modification < now() - interval '1 day'`)
	if err != nil {
		return err
	}
	old, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, name := range old {
		if _, err := conn.Exec(ctx, `DROP DATABASE IF EXISTS `+name+` WITH (FORCE)`); err != nil {
			return err
		}
	}
	return nil
}

func connect(t testing.TB, dsn string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), dsn)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	return conn
}

func onDatabase(dsn, name string) string {
	u, err := url.Parse(dsn)
	if err != nil {
		panic(err) // our own address
	}
	u.Path = "/" + name
	return u.String()
}
