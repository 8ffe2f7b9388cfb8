package store

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"jalon/internal/store/db"
)

// FeedOwner tells whose calendar a secret opens. ErrNotFound for one that is
// unknown or has ended. What the person may see is for the caller to ask.
func (s *Store) FeedOwner(ctx context.Context, secret string) (personID int64, err error) {
	id, err := s.queries.FeedOwner(ctx, hashOfSecret(secret))
	if err != nil {
		return 0, fmt.Errorf("find the calendar feed: %w", refusal(err))
	}
	return id, nil
}

// FeedSince tells since when a person has a calendar feed; zero when there is none.
func (s *Store) FeedSince(ctx context.Context, personID int64) (time.Time, error) {
	at, err := s.queries.FeedSince(ctx, personID)
	if errors.Is(err, pgx.ErrNoRows) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("look up the calendar feed of person %d: %w", personID, err)
	}
	return at, nil
}

// StartFeed gives the sender of the submission a calendar feed that this secret
// opens, and ends the one before. Only the hash of the secret is kept. When the
// submission was stored before, repeated is set and this secret opens nothing.
func (s *Store) StartFeed(ctx context.Context, sub Submission, secret string, at time.Time, location string) (repeated bool, err error) {
	_, repeated, err = s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		if _, err := q.LockPerson(ctx, sub.PersonID); err != nil { // two renewals at once take turns
			return "", err
		}
		if _, err := q.EndFeed(ctx, db.EndFeedParams{PersonID: sub.PersonID, At: at}); err != nil {
			return "", err
		}
		if err := q.StartFeed(ctx, db.StartFeedParams{PersonID: sub.PersonID, SecretHash: hashOfSecret(secret), At: at}); err != nil {
			return "", err
		}
		return location, audit(ctx, q, sub.Event(personObject(sub.PersonID)))
	})
	return repeated, err
}

// EndFeed closes the calendar feed of the sender of the submission. That there
// is none is no error: it is what was asked for.
func (s *Store) EndFeed(ctx context.Context, sub Submission, at time.Time, location string) error {
	_, _, err := s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		ended, err := q.EndFeed(ctx, db.EndFeedParams{PersonID: sub.PersonID, At: at})
		if err != nil || ended == 0 {
			return location, err
		}
		return location, audit(ctx, q, sub.Event(personObject(sub.PersonID)))
	})
	return err
}

func hashOfSecret(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}
