package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/store/db"
)

// AddInstitution makes an institution with its bodies, the one that its tables
// go to first. One that exists keeps its names, and gets the bodies it lacks.
func (s *Store) AddInstitution(ctx context.Context, sub Submission, i mandate.Institution, bodies []monitoring.Body) error {
	_, _, err := s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		id, err := q.PutInstitution(ctx, db.PutInstitutionParams{Code: i.Code, NameNl: i.Name.NL, NameFr: i.Name.FR})
		if err != nil {
			return "", fmt.Errorf("store institution %s: %w", i.Code, err)
		}
		for _, b := range bodies {
			err := q.PutBody(ctx, db.PutBodyParams{InstitutionID: id, Code: b.Code, NameNl: b.Name.NL, NameFr: b.Name.FR})
			if err != nil {
				return "", fmt.Errorf("store body %s of %s: %w", b.Code, i.Code, err)
			}
		}
		return "", audit(ctx, q, sub.Event("institution/"+i.Code))
	})
	return err
}

func appointment(sub Submission, mandateID, personID int64, from, until calendar.Date) Event {
	e := sub.Event(personObject(personID))
	e.MandateID, e.Detail = mandateID, map[string]any{"from": from, "until": until}
	return e
}

// Submitted reports whether a submission with this key was stored.
func (s *Store) Submitted(ctx context.Context, key uuid.UUID) (bool, error) {
	stored, err := s.queries.SubmissionStored(ctx, key)
	if err != nil {
		return false, fmt.Errorf("look submission %s up: %w", key, err)
	}
	return stored, nil
}

// Alone runs do while no other process does the same: a second one waits. It
// is for work that spans several transactions.
func (s *Store) Alone(ctx context.Context, name string, do func(context.Context) error) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	defer conn.Release()
	q := db.New(conn)
	for {
		// Asked again and again, because a wait in the database would end at its lock_timeout.
		alone, err := q.TryAlone(ctx, name)
		if err != nil {
			return fmt.Errorf("%s: take the turn: %w", name, err)
		}
		if alone {
			break
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s: %w", name, ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
	defer func() { _ = q.LeaveAlone(context.WithoutCancel(ctx), name) }() // a broken connection leaves by itself
	return do(ctx)
}
