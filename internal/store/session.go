package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"jalon/internal/store/db"
)

// extendEvery is how often a session in use is written: the idle limit is
// kept to this precision.
const extendEvery = time.Minute

// patience is how long a page waits to learn who asks before it gives up.
const patience = 2 * time.Second

// Sessions keeps the sessions of signed-in people, as scs asks of a store. Tokens
// come in hashed. It differs from the store that comes with scs in three ways:
// it gives up when its request does (the other waits for a free connection
// without end), it goes by a given clock, and it puts the end of an idle
// session off inside the statement that reads it, which cannot revive a session
// that is ended at the same moment.
type Sessions struct {
	queries *db.Queries
	now     func() time.Time
	idle    time.Duration
}

// Sessions gives the session store. A session that is not used for as long as idle ends.
func (s *Store) Sessions(now func() time.Time, idle time.Duration) *Sessions {
	return &Sessions{s.queries, now, idle}
}

// FindCtx gives the data of a live session; found is false when it has ended.
func (s *Sessions) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	ctx, cancel := context.WithTimeout(unguarded(ctx), patience)
	defer cancel()
	now := s.now()
	data, err = s.queries.FindSession(ctx, db.FindSessionParams{
		Token: token, Now: now, Until: now.Add(s.idle), StaleBefore: now.Add(s.idle - extendEvery),
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("find the session: %w", err)
	}
	return data, true, nil
}

// CommitCtx stores a session, until expiry or until it was idle for too long.
func (s *Sessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	if idle := s.now().Add(s.idle); idle.Before(expiry) {
		expiry = idle
	}
	if err := s.queries.SaveSession(ctx, db.SaveSessionParams{Token: token, Data: data, Expiry: expiry}); err != nil {
		return fmt.Errorf("save the session: %w", err)
	}
	return nil
}

// DeleteCtx ends a session.
func (s *Sessions) DeleteCtx(ctx context.Context, token string) error {
	if err := s.queries.DeleteSession(ctx, token); err != nil {
		return fmt.Errorf("end the session: %w", err)
	}
	return nil
}

// RemoveExpired removes the sessions that have ended.
func (s *Sessions) RemoveExpired(ctx context.Context) error {
	if err := s.queries.DeleteExpiredSessions(ctx, s.now()); err != nil {
		return fmt.Errorf("remove ended sessions: %w", err)
	}
	return nil
}

// The methods without a context are asked for by the interface of scs, which
// prefers the others.

// Find is FindCtx.
func (s *Sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx.
func (s *Sessions) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// Delete is DeleteCtx.
func (s *Sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }
