package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"jalon/internal/store/db"
)

// ErrForeignKey refuses the key of a form that somebody else sent, or that was
// sent for something else.
var ErrForeignKey = errors.New("the key of another form")

// Submission is one form as a person sent it: the same form sent twice, or sent
// again after a lost answer, is one write. A zero PersonID is the system, such
// as a command: it has no form that could be sent twice.
type Submission struct {
	Key       uuid.UUID
	PersonID  int64
	Action    string // what it does, such as "record entries"
	RequestID string // of the log line; may be ""
	// At is the instant of recording, for what is changed in place and bears no
	// instant of its own; zero: the hour of the database.
	At time.Time
}

// Event gives the audit line of the submission about an object, such as
// "mandate/ACTIRIS-A4-EL/2026-H1".
func (sub Submission) Event(object string) Event {
	return Event{ActorID: sub.PersonID, Action: sub.Action, Object: object, RequestID: sub.RequestID}
}

// Once runs one write in one transaction, together with its submission and its
// audit lines. do gives the address that the browser is sent to afterwards.
// When the same submission was stored before, do does not run and the address
// of then comes back with repeated set. A key of another person or action is
// ErrForeignKey.
//
// When the connection breaks during the commit nobody can tell from the error
// whether it was stored, not even when pgx calls it safe to retry. Once then
// asks the database for the key: stored is success, not stored is the error.
// It never runs do a second time.
func (s *Store) Once(ctx context.Context, sub Submission, do func(ctx context.Context, tx pgx.Tx, q *db.Queries) (location string, err error)) (location string, repeated bool, err error) {
	return s.once(ctx, sub, func(ctx context.Context, tx pgx.Tx) (string, error) {
		q := s.queries.WithTx(tx)
		location, err := do(ctx, tx, q)
		if err == nil {
			err = execAll(sub.record(ctx, q, location))
		}
		return location, err
	})
}

// once is Once for a write that records its submission itself.
func (s *Store) once(ctx context.Context, sub Submission, do func(ctx context.Context, tx pgx.Tx) (location string, err error)) (location string, repeated bool, err error) {
	tx, location, repeated, err := s.begin(ctx, sub)
	if err != nil {
		return "", false, err
	}
	defer func() { _ = tx.Rollback(ctx) }() // does nothing after a commit
	if repeated {
		return location, true, nil
	}
	if location, err = do(ctx, tx); err != nil {
		return "", false, fmt.Errorf("%s: %w", sub.Action, refusal(err))
	}
	if err := tx.Commit(ctx); err != nil {
		return s.settle(ctx, sub, fmt.Errorf("%s: commit: %w", sub.Action, refusal(err)))
	}
	return location, false, nil
}

// record keeps where the answer to the submission sends the browser. The system has no form to answer.
func (sub Submission) record(ctx context.Context, q *db.Queries, location string) *db.RecordSubmissionBatchResults {
	var params []db.RecordSubmissionParams
	if sub.PersonID != 0 {
		params = []db.RecordSubmissionParams{{Key: sub.Key, PersonID: sub.PersonID, Action: sub.Action, Location: location}}
	}
	return q.RecordSubmission(ctx, params)
}

// Answered tells whether a submission was stored before, and where its answer
// sent the browser, for a handler that would otherwise judge a form anew that
// has been dealt with.
func (s *Store) Answered(ctx context.Context, sub Submission) (location string, done bool, err error) {
	tx, location, done, err := s.begin(ctx, sub)
	if err != nil {
		return "", false, err
	}
	return location, done, tx.Rollback(ctx)
}

// AnsweredBefore is Answered for whoever goes on when a form is being stored at this
// moment, and learns of it from the write: it takes no turn, and finds what is
// stored already.
func (s *Store) AnsweredBefore(ctx context.Context, sub Submission) (location string, done bool, err error) {
	s.queries.FindSubmission(unguarded(ctx), []uuid.UUID{sub.Key}).QueryRow(func(_ int, found db.FindSubmissionRow, failed error) {
		switch {
		case errors.Is(failed, pgx.ErrNoRows):
		case failed != nil:
			err = fmt.Errorf("%s: find the answer to the form: %w", sub.Action, failed)
		default:
			location, done, err = found.Location, true, sub.own(found)
		}
	})
	return location, done, err
}

// own refuses what was stored by somebody else, or for something else.
func (sub Submission) own(found db.FindSubmissionRow) error {
	if found.PersonID != sub.PersonID || found.Action != sub.Action {
		return fmt.Errorf("%s: %w", sub.Action, ErrForeignKey)
	}
	return nil
}

// begin opens a transaction, takes the turn of the form's key in it and finds
// what was stored under the key, in one round trip. Without an error the
// transaction is the caller's to end.
func (s *Store) begin(ctx context.Context, sub Submission) (tx pgx.Tx, location string, repeated bool, err error) {
	if sub.PersonID == 0 {
		if tx, err = s.pool.Begin(ctx); err != nil {
			return nil, "", false, fmt.Errorf("%s: %w", sub.Action, err)
		}
		return tx, "", false, nil
	}
	t := &together{DBTX: s.pool, ctx: ctx}
	t.batch.BeginTx(pgx.TxOptions{})
	q := db.New(t)
	lock, find := q.LockSubmission(ctx, []string{"jalon submission " + sub.Key.String()}), q.FindSubmission(ctx, []uuid.UUID{sub.Key})
	begun := t.send().Tx()
	defer func() {
		if err != nil {
			_ = begun.Rollback(ctx)
		}
	}()
	_, _ = t.sent.Exec() // of the beginning
	lock.Exec(nil)
	var found db.FindSubmissionRow
	find.QueryRow(func(_ int, row db.FindSubmissionRow, failed error) {
		found, repeated = row, failed == nil
	})
	if err := t.close(); err != nil {
		return nil, "", false, fmt.Errorf("%s: take the turn of the form: %w", sub.Action, refusal(err))
	}
	if repeated {
		if err := sub.own(found); err != nil {
			return nil, "", false, err
		}
	}
	return begun, found.Location, repeated, nil
}

// settle finds out, over another connection, what became of a broken commit.
// The broken one holds the turn of the key until the server has finished with
// it, so the answer is final.
func (s *Store) settle(ctx context.Context, sub Submission, broken error) (location string, repeated bool, err error) {
	if sub.PersonID == 0 {
		return "", false, broken
	}
	// the browser may have gone with the connection; the answer is still wanted
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	location, stored, err := s.Answered(ctx, sub)
	if err != nil || !stored {
		return "", false, errors.Join(broken, err)
	}
	return location, false, nil
}
