package store

import (
	"context"
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
// The account of its person comes with it, for a context of Asking.
func (s *Sessions) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	asker, _ := ctx.Value(askingKey{}).(*Asker)
	ctx, cancel := context.WithTimeout(unguarded(ctx), patience)
	defer cancel()
	now := s.now()
	rows, err := s.queries.ViewerRows(ctx, db.ViewerRowsParams{
		Token: token, Now: now, Until: now.Add(s.idle), StaleBefore: now.Add(s.idle - extendEvery),
	})
	if err != nil {
		return nil, false, fmt.Errorf("find the session: %w", err)
	}
	if len(rows) == 0 {
		return nil, false, nil
	}
	if asker != nil && rows[0].ID != 0 {
		if asker.account, err = accountOf(rows); err != nil {
			return nil, false, err
		}
	}
	return rows[0].Data, true, nil
}

// Asker is whose session was found: scs hands on nothing but bytes.
type Asker struct{ account Account }

type askingKey struct{}

// Asking gives a context in which finding a session also finds who asks.
func Asking(ctx context.Context) (context.Context, *Asker) {
	a := &Asker{}
	return context.WithValue(ctx, askingKey{}, a), a
}

// Asker gives the account of whoever asks, which came with their session, or else is read.
func (s *Store) Asker(ctx context.Context, a *Asker, personID int64) (Account, error) {
	if a.account.Viewer.PersonID == personID {
		return a.account, nil
	}
	return s.Account(ctx, personID)
}

// CommitCtx stores a session, until expiry or until it was idle for too long.
func (s *Sessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	if idle := s.now().Add(s.idle); idle.Before(expiry) {
		expiry = idle
	}
	b, _ := ctx.Value(begunKey{}).(Begun)
	p := db.SaveSessionParams{Token: token, Data: data, Expiry: expiry, Now: s.now(), PersonID: b.PersonID, Agent: b.Agent, Network: b.Network}
	if !b.SecondFactorAt.IsZero() {
		p.SecondFactorAt = &b.SecondFactorAt
	}
	if err := s.queries.SaveSession(ctx, p); err != nil {
		return fmt.Errorf("save the session: %w", err)
	}
	return nil
}

// Begun says whose session begins, and what its person recognises it by.
type Begun struct {
	PersonID       int64
	Agent          string    // family of browser and system, such as "Firefox, Windows"
	Network        string    // a /24 or a /48; "" when unknown
	SecondFactorAt time.Time // zero: without one
}

type begunKey struct{}

// In gives a context with which CommitCtx stores this beside a new session:
// scs hands a store nothing but bytes.
func (b Begun) In(ctx context.Context) context.Context {
	return context.WithValue(ctx, begunKey{}, b)
}

// Session is one of a person's sessions in the list of theirs.
type Session struct {
	ID int64
	Begun
	At    time.Time // when it began
	Seen  time.Time // last used, to the minute
	Token string    // hashed
}

// SessionsOf lists the sessions of a person that go on, the one used last first.
func (s *Store) SessionsOf(ctx context.Context, personID int64, now time.Time) ([]Session, error) {
	rows, err := s.queries.SessionsOf(ctx, db.SessionsOfParams{PersonID: personID, Now: now})
	if err != nil {
		return nil, fmt.Errorf("list the sessions of person %d: %w", personID, err)
	}
	all := make([]Session, len(rows))
	for i, r := range rows {
		all[i] = Session{ID: r.ID, Begun: Begun{PersonID: personID, Agent: r.Agent, Network: r.Network}, At: r.BegunAt, Seen: r.SeenAt, Token: r.Token}
		if r.SecondFactorAt != nil {
			all[i].SecondFactorAt = *r.SecondFactorAt
		}
	}
	return all, nil
}

// EndSession ends one session of the person who asks. ErrNotFound when they have no such session.
func (s *Store) EndSession(ctx context.Context, sub Submission, id int64, location string) error {
	_, _, err := s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		n, err := q.DeleteSessionOf(ctx, db.DeleteSessionOfParams{ID: id, PersonID: sub.PersonID})
		if err != nil {
			return "", err
		}
		if n == 0 {
			return "", ErrNotFound
		}
		return location, audit(ctx, q, sub.Event(personObject(sub.PersonID)))
	})
	return err
}

// EndSessions ends all sessions of the person who asks.
func (s *Store) EndSessions(ctx context.Context, sub Submission, location string) error {
	_, _, err := s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		if _, err := endSessions(ctx, q, sub.PersonID); err != nil {
			return "", err
		}
		return location, audit(ctx, q, sub.Event(personObject(sub.PersonID)))
	})
	return err
}

// endSessions ends what sessions a person has, also one that is being stored at
// this moment: it is of an older version. It gives the version of a new one.
func endSessions(ctx context.Context, q *db.Queries, personID int64) (version int32, err error) {
	if version, err = q.RenewCredentials(ctx, personID); err != nil {
		return 0, fmt.Errorf("person %d: %w", personID, err)
	}
	if _, err = q.DeleteSessionsOf(ctx, personID); err != nil {
		return 0, fmt.Errorf("end the sessions of person %d: %w", personID, err)
	}
	return version, nil
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
