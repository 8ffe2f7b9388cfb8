package store

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"jalon/internal/store/db"
)

// person makes an account for a test.
func person(t testing.TB, s *Store, email string) int64 {
	t.Helper()
	id, _, err := s.CreatePerson(AsSystem(context.Background()), Submission{Action: "create person"}, NewPerson{Email: email, Name: "An Peeters", Lang: "nl", PasswordHash: "-"}, "")
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// renames is a write that can be counted: it adds a letter to a name.
func renames(ctx context.Context, tx pgx.Tx, id int64) error {
	_, err := tx.Exec(ctx, `UPDATE person SET name = name || 'x' WHERE id = $1`, id)
	return err
}

func nameOf(t testing.TB, s *Store, id int64) string {
	t.Helper()
	c, err := s.CredentialsByID(AsSystem(context.Background()), id)
	if err != nil {
		t.Fatal(err)
	}
	return c.Name
}

func TestFormSentTwiceIsOneWrite(t *testing.T) {
	ctx := AsSystem(context.Background())
	s := open(t)
	id := person(t, s, "an@jalon.example")
	sub := Submission{Key: uuid.New(), PersonID: id, Action: "rename"}
	write := func(sub Submission) (string, bool, error) {
		return s.Once(ctx, sub, func(ctx context.Context, tx pgx.Tx, _ *db.Queries) (string, error) {
			return "/nl/done", renames(ctx, tx, id)
		})
	}
	for _, want := range []bool{false, true, true} {
		if location, repeated, err := write(sub); location != "/nl/done" || repeated != want || err != nil {
			t.Errorf("got %q, %v, %v; want /nl/done, %v", location, repeated, err, want)
		}
	}
	other := person(t, s, "piet@jalon.example")
	for name, sub := range map[string]Submission{
		"another person": {Key: sub.Key, PersonID: other, Action: "rename"},
		"another action": {Key: sub.Key, PersonID: id, Action: "remove"},
	} {
		if _, _, err := write(sub); !errors.Is(err, ErrForeignKey) {
			t.Errorf("key of %s: %v, want ErrForeignKey", name, err)
		}
	}
	if got := nameOf(t, s, id); got != "An Peetersx" {
		t.Errorf("written: %q, want it once", got)
	}
}

func TestFormSentFiftyTimesAtOnceIsOneWrite(t *testing.T) {
	s := open(t)
	id := person(t, s, "an@jalon.example")
	sub := Submission{Key: uuid.New(), PersonID: id, Action: "rename"}
	var first atomic.Int32
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			location, repeated, err := s.Once(AsSystem(context.Background()), sub, func(ctx context.Context, tx pgx.Tx, _ *db.Queries) (string, error) {
				return "/fr/fait", renames(ctx, tx, id)
			})
			if err != nil || location != "/fr/fait" {
				t.Errorf("got %q, %v", location, err)
			}
			if !repeated {
				first.Add(1)
			}
		})
	}
	wg.Wait()
	if got := nameOf(t, s, id); first.Load() != 1 || got != "An Peetersx" {
		t.Errorf("%d first writes, stored %q; want one", first.Load(), got)
	}
}

func TestRefusedWriteLeavesNothing(t *testing.T) {
	ctx := AsSystem(context.Background())
	s := open(t)
	id := person(t, s, "an@jalon.example")
	sub := Submission{Key: uuid.New(), PersonID: id, Action: "rename"}
	refuse := errors.New("no")
	_, _, err := s.Once(ctx, sub, func(ctx context.Context, tx pgx.Tx, q *db.Queries) (string, error) {
		if err := renames(ctx, tx, id); err != nil {
			return "", err
		}
		if err := audit(ctx, q, sub.Event("person/1")); err != nil {
			return "", err
		}
		return "", refuse
	})
	if !errors.Is(err, refuse) {
		t.Fatalf("got %v", err)
	}
	if _, repeated, err := s.Once(ctx, sub, func(ctx context.Context, tx pgx.Tx, _ *db.Queries) (string, error) { return "/", renames(ctx, tx, id) }); repeated || err != nil {
		t.Errorf("the same form mended: repeated %v, %v", repeated, err)
	}
	var events int
	if err := s.pool.QueryRow(ctx, `SELECT count(*) FROM audit_event WHERE action = 'rename'`).Scan(&events); err != nil || events != 0 {
		t.Errorf("%d audit lines of a refused write, %v", events, err)
	}
	if got := nameOf(t, s, id); got != "An Peetersx" {
		t.Errorf("stored %q, want one write", got)
	}
}

// cutting is a connection that breaks at a commit: after the server has got it,
// or just before.
type cutting struct {
	net.Conn
	armed *atomic.Bool
	after bool
	cut   atomic.Bool
}

func (c *cutting) Write(b []byte) (int, error) {
	if c.armed.Load() && bytes.Contains(b, []byte("commit")) {
		c.armed.Store(false)
		if c.after {
			if _, err := c.Conn.Write(b); err != nil {
				return 0, err
			}
			// the server has answered when it has stored: wait for that, and lose it
			_, _ = c.Conn.Read(make([]byte, 4096))
		}
		c.cut.Store(true)
		_ = c.Close()
		return len(b), nil
	}
	return c.Conn.Write(b)
}

func (c *cutting) Read(b []byte) (int, error) {
	if c.cut.Load() {
		return 0, io.ErrUnexpectedEOF
	}
	return c.Conn.Read(b)
}

// pgx calls a commit whose answer got lost safe to retry although the row is
// stored: only the key of the form can tell.
func TestBrokenCommitIsSettledByItsKey(t *testing.T) {
	ctx := AsSystem(context.Background())
	for name, after := range map[string]bool{"after the server had it": true, "before the server had it": false} {
		t.Run(name, func(t *testing.T) {
			dsn := database(t)
			var armed atomic.Bool
			config, err := pgxpool.ParseConfig(dsn)
			if err != nil {
				t.Fatal(err)
			}
			dial := config.ConnConfig.DialFunc
			config.ConnConfig.DialFunc = func(ctx context.Context, network, addr string) (net.Conn, error) {
				conn, err := dial(ctx, network, addr)
				return &cutting{Conn: conn, armed: &armed, after: after}, err
			}
			config.ConnConfig.RuntimeParams["role"] = appRole
			pool, err := pgxpool.NewWithConfig(ctx, config)
			if err != nil {
				t.Fatal(err)
			}
			defer pool.Close()
			s := &Store{pool: pool, queries: db.New(pool)}
			id := person(t, s, "an@jalon.example")
			sub := Submission{Key: uuid.New(), PersonID: id, Action: "rename"}
			armed.Store(true)
			ran := 0
			location, repeated, err := s.Once(ctx, sub, func(ctx context.Context, tx pgx.Tx, _ *db.Queries) (string, error) {
				ran++
				return "/nl/done", renames(ctx, tx, id)
			})
			if armed.Load() {
				t.Fatal("the connection was not cut")
			}
			if after && (err != nil || location != "/nl/done" || repeated) {
				t.Errorf("stored, but got %q, %v, %v", location, repeated, err)
			}
			if !after && err == nil {
				t.Error("not stored, but no error")
			}
			if !after {
				t.Logf("pgx says safe to retry: %v", pgconn.SafeToRetry(err))
			}
			want := map[bool]string{true: "An Peetersx", false: "An Peeters"}[after]
			if got := nameOf(t, s, id); got != want || ran != 1 {
				t.Errorf("stored %q after %d runs, want %q after one", got, ran, want)
			}
			if _, again, err := s.Once(ctx, sub, func(ctx context.Context, tx pgx.Tx, _ *db.Queries) (string, error) {
				return "/nl/done", renames(ctx, tx, id)
			}); again != after || err != nil {
				t.Errorf("the form sent again: repeated %v, %v; want %v", again, err, after)
			}
			if got := nameOf(t, s, id); got != "An Peetersx" {
				t.Errorf("stored %q, want it once", got)
			}
		})
	}
}
