package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"jalon/internal/mandate"
	"jalon/internal/progress"
	"jalon/internal/store/db"
)

// writers are people who write at the same moment, each over connections of
// their own, and somebody who sees who waits for whom.
type writers struct {
	bench        // records
	chair, watch *Store
}

func newWriters(t *testing.T) writers {
	t.Helper()
	dsn := database(t)
	s := openAt(t, dsn)
	return writers{bench{s, person(t, s, "an@jalon.example")}, openAt(t, dsn), openAt(t, dsn)}
}

// sealer is the same office, over the connections of the one who seals.
func (w writers) sealer() bench { return bench{w.chair, w.by} }

// blocked returns when n transactions wait for the lock of another one.
func (w writers) blocked(t *testing.T, n int) {
	t.Helper()
	limit := time.Now().Add(time.Minute)
	for count(t, w.watch, `
		SELECT count(DISTINCT l.pid) FROM pg_locks l JOIN pg_stat_activity a USING (pid)
		WHERE NOT l.granted AND a.datname = current_database()`) < n {
		if time.Now().After(limit) {
			t.Fatalf("no %d transactions wait", n)
		}
		runtime.Gosched()
	}
}

// holdBody stops whoever seals just before the number is given out, when the
// rows are gathered, until release.
func (w writers) holdBody(t *testing.T) (release func()) {
	t.Helper()
	ctx := AsSystem(t.Context())
	tx, err := w.watch.pool.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(ctx, `SELECT id FROM body FOR UPDATE`); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := tx.Rollback(ctx); err != nil {
			t.Error(err)
		}
	}
}

// write records an entry in a transaction that does before before it takes the
// mandate's lock, and after between the entry and the commit.
func (w writers) write(m mandate.Mandate, e progress.Entry, before, after func()) error {
	_, _, err := w.Once(AsSystem(context.Background()), w.sub("record report"), func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		before()
		if _, err := q.BumpVersion(ctx, m.ID); err != nil {
			return "", err
		}
		if _, err := entryIDs(q.InsertEntry(ctx, entryParams(m.ID, []progress.Entry{e})), 1); err != nil {
			return "", err
		}
		after()
		return "/nl", nil
	})
	return err
}

// sealedDocument is the table as it was signed.
func (w writers) sealedDocument(t *testing.T, m mandate.Mandate) []byte {
	t.Helper()
	sealed, err := w.Seal(AsSystem(context.Background()), m.ID, firstHalf)
	if err != nil {
		t.Fatal(err)
	}
	return sealed.Document
}

func (w writers) said(target mandate.Target, words string) progress.Entry {
	e := w.entry(target.ID, progress.OnTrack, day("2026-06-30"))
	e.Achieved = words
	return e
}

func later[T any](do func() T) <-chan T {
	done := make(chan T, 1)
	go func() { done <- do() }()
	return done
}

func nothing() {}

func TestASaveOfTheLastMillisecondIsInTheTableOrRefused(t *testing.T) {
	w := newWriters(t)
	m := w.aMandate(t, small("MA"))
	inTime, tooLate := w.said(m.Targets()[0], "op de valreep"), w.said(m.Targets()[1], "net te laat")

	// One transaction has its entry, and commits when the seal waits already.
	// The other began before the seal, and comes to its entry when all is sealed.
	began, written := make(chan struct{}), make(chan struct{})
	commit, sealed := make(chan struct{}), make(chan struct{})
	wait := func(event chan struct{}) {
		select {
		case <-event:
		case <-t.Context().Done(): // the test has failed
		}
	}
	first := later(func() error {
		return w.write(m, inTime, nothing, func() { close(written); wait(commit) })
	})
	last := later(func() error {
		return w.write(m, tooLate, func() { close(began); wait(sealed) }, nothing)
	})
	<-began
	<-written
	seal := later(func() error { return w.sealer().seal(t, m, firstHalf) })
	w.blocked(t, 1)
	close(commit)
	if err := <-first; err != nil {
		t.Errorf("the entry before the seal: %v", err)
	}
	if err := <-seal; err != nil {
		t.Fatal(err)
	}
	close(sealed)
	if err := <-last; !errors.Is(err, ErrSealed) {
		t.Errorf("the entry after the seal: %v", err)
	}
	document := w.sealedDocument(t, m)
	if !bytes.Contains(document, []byte(inTime.Achieved)) || bytes.Contains(document, []byte(tooLate.Achieved)) {
		t.Errorf("the sealed table says\n%s", document)
	}
	if n := count(t, w.Store, `SELECT count(*) FROM progress_entry`); n != 1 {
		t.Errorf("%d entries", n)
	}
}

func TestEightWhoRecordWhileTheTableIsSealedAreRefused(t *testing.T) {
	const people = 8
	w := newWriters(t)
	m := w.aMandate(t, large("MA", people))
	if err := w.record(m.ID, firstHalf, w.said(m.Targets()[0], "vooraf")); err != nil {
		t.Fatal(err)
	}
	release := w.holdBody(t)
	seal := later(func() error { return w.sealer().seal(t, m, firstHalf) })
	w.blocked(t, 1)
	answers := make([]<-chan error, people)
	for i, target := range m.Targets() {
		e := w.said(target, fmt.Sprintf("tijdens de verzegeling %d", i))
		answers[i] = later(func() error { return w.record(m.ID, firstHalf, e) })
	}
	w.blocked(t, 1+people)
	release()
	if err := <-seal; err != nil {
		t.Fatal(err)
	}
	for i, answer := range answers {
		if err := <-answer; !errors.Is(err, ErrSealed) {
			t.Errorf("person %d: %v", i, err)
		}
	}
	if document := w.sealedDocument(t, m); !bytes.Contains(document, []byte("vooraf")) || bytes.Contains(document, []byte("tijdens")) {
		t.Errorf("the sealed table says\n%s", document)
	}
	for what, sql := range map[string]string{
		"entries":     `SELECT count(*) FROM progress_entry`,
		"audit lines": `SELECT count(*) FROM audit_event WHERE action = 'record report'`,
		"submissions": `SELECT count(*) FROM submission WHERE action = 'record report'`,
	} {
		if n := count(t, w.Store, sql); n != 1 {
			t.Errorf("%d %s, want the one from before", n, what)
		}
	}
}

func TestTheSecondOfTwoSealsAtOnceIsRefused(t *testing.T) {
	w := newWriters(t)
	m := w.aMandate(t, small("MA"))
	release := w.holdBody(t)
	first := later(func() error { return w.sealer().seal(t, m, firstHalf) })
	w.blocked(t, 1) // has gathered the rows
	second := later(func() error { return w.seal(t, m, firstHalf) })
	w.blocked(t, 2)
	release()
	if err := <-first; err != nil {
		t.Errorf("the first: %v", err)
	}
	if err := <-second; !errors.Is(err, ErrExists) {
		t.Errorf("the second: %v", err)
	}
	if n := count(t, w.Store, `SELECT count(*) FROM seal`); n != 1 {
		t.Errorf("%d seals", n)
	}
}
