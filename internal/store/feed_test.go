package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"
)

func newSubmission(person int64, action string) Submission {
	return Submission{Key: uuid.New(), PersonID: person, Action: action}
}

func TestASecretOpensTheCalendarOfOnePersonUntilItEnds(t *testing.T) {
	ctx, s := AsSystem(context.Background()), open(t)
	ann, bob := person(t, s, "ann@jalon.example"), person(t, s, "bob@jalon.example")
	at := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	opens := func(secret string, want int64) {
		t.Helper()
		got, err := s.FeedOwner(ctx, secret)
		if want == 0 && !errors.Is(err, ErrNotFound) || want != 0 && (err != nil || got != want) {
			t.Errorf("%q opens the calendar of %d (%v), want %d", secret, got, err, want)
		}
	}
	start := func(sub Submission, secret string) bool {
		t.Helper()
		repeated, err := s.StartFeed(ctx, sub, secret, at, "/nl/calendar")
		if err != nil {
			t.Fatal(err)
		}
		return repeated
	}
	if since, err := s.FeedSince(ctx, ann); err != nil || !since.IsZero() {
		t.Errorf("a feed since %v before there was one (%v)", since, err)
	}
	first := newSubmission(ann, "start calendar feed")
	start(first, "ann-1")
	start(newSubmission(bob, "start calendar feed"), "bob-1")
	opens("ann-1", ann)
	opens("bob-1", bob)
	opens("ann-2", 0)
	opens("", 0)
	if since, err := s.FeedSince(ctx, ann); err != nil || !since.Equal(at) {
		t.Errorf("a feed since %v, want %v (%v)", since, at, err)
	}
	if !start(first, "ann-again") {
		t.Error("the same form is not seen to be repeated")
	}
	opens("ann-again", 0)
	opens("ann-1", ann)

	at = at.Add(time.Hour)
	start(newSubmission(ann, "start calendar feed"), "ann-2")
	opens("ann-1", 0)
	opens("ann-2", ann)
	for range 2 { // the second time there is none left
		if err := s.EndFeed(ctx, newSubmission(ann, "end calendar feed"), at, "/nl/calendar"); err != nil {
			t.Fatal(err)
		}
	}
	opens("ann-2", 0)
	opens("bob-1", bob)

	var events int
	if err := s.pool.QueryRow(ctx, `SELECT count(*) FROM audit_event WHERE actor_id = $1 AND action IN ('start calendar feed', 'end calendar feed')`, ann).Scan(&events); err != nil || events != 3 {
		t.Errorf("%d lines in the audit trail, want two starts and one end (%v)", events, err)
	}
}

func TestTheDatabaseKeepsOnlyTheHashOfASecret(t *testing.T) {
	ctx, s := AsSystem(context.Background()), open(t)
	ann := person(t, s, "ann@jalon.example")
	if _, err := s.StartFeed(ctx, newSubmission(ann, "start calendar feed"), "het-geheim", time.Now(), ""); err != nil {
		t.Fatal(err)
	}
	var kept []byte
	if err := s.pool.QueryRow(ctx, `SELECT secret_hash FROM calendar_feed`).Scan(&kept); err != nil {
		t.Fatal(err)
	}
	if want := sha256.Sum256([]byte("het-geheim")); !bytes.Equal(kept, want[:]) {
		t.Errorf("kept %x, want the SHA-256 %x", kept, want)
	}
	var spoken int
	for _, table := range []string{"audit_event", "submission", "calendar_feed"} {
		if err := s.pool.QueryRow(ctx, `SELECT count(*) FROM `+table+` r WHERE r::text LIKE '%het-geheim%'`).Scan(&spoken); err != nil || spoken != 0 {
			t.Errorf("%s holds the secret (%v)", table, err)
		}
	}
	for _, sql := range []string{`DELETE FROM calendar_feed`, `UPDATE calendar_feed SET secret_hash = sha256('x')`, `TRUNCATE calendar_feed`} {
		if _, err := s.pool.Exec(ctx, sql); err == nil {
			t.Errorf("the application may %s", sql)
		}
	}
}

// Two windows renew at the same time: one address is left, and it opens.
func TestRenewalsAtOnceLeaveOneAddress(t *testing.T) {
	ctx, s := AsSystem(context.Background()), open(t)
	ann := person(t, s, "ann@jalon.example")
	var all errgroup.Group
	secrets := []string{"a", "b", "c", "d", "e", "f"}
	for _, secret := range secrets {
		all.Go(func() error {
			_, err := s.StartFeed(ctx, newSubmission(ann, "start calendar feed"), secret, time.Now(), "")
			return err
		})
	}
	if err := all.Wait(); err != nil {
		t.Fatal(err)
	}
	open := 0
	for _, secret := range secrets {
		if _, err := s.FeedOwner(ctx, secret); err == nil {
			open++
		}
	}
	if open != 1 {
		t.Errorf("%d addresses open the calendar, want one", open)
	}
}
