package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"jalon/internal/calendar"
	"jalon/internal/deadline"
	"jalon/internal/store/db"
)

// Confirmation is a person's agreement with a reading of a deadline.
type Confirmation struct {
	MandateID  int64
	DeadlineID int64
	Reading    deadline.Reading
	At         time.Time
	Object     string // for the audit trail
	Location   string // where the answer sends the browser
}

// ConfirmReading stores the reading that a person agreed with, beside the
// words of the letter, which do not change. What is late may change with it, so
// the cells of every half-year that is not over are made again.
func (s *Store) ConfirmReading(ctx context.Context, sub Submission, c Confirmation) (location string, repeated bool, err error) {
	return s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		if _, err := q.BumpVersion(ctx, c.MandateID); err != nil {
			return "", fmt.Errorf("lock mandate: %w", refusal(err))
		}
		if c.Reading.Parts == nil {
			return "", errors.New("a reading without parts cannot be confirmed")
		}
		packed, due, dueAtEnd, err := packReading(c.Reading)
		if err != nil {
			return "", err
		}
		n, err := q.ConfirmDeadline(ctx, db.ConfirmDeadlineParams{
			ID: c.DeadlineID, MandateID: c.MandateID, Reading: packed, OwedFrom: c.Reading.OwedFrom(), Due: due, DueAtEnd: dueAtEnd,
			ConfirmedBy: &sub.PersonID, ConfirmedAt: &c.At,
		})
		if err != nil {
			return "", fmt.Errorf("confirm the reading: %w", refusal(err))
		}
		if n == 0 {
			return "", ErrNotFound
		}
		if err := refreshCells(ctx, q, c.MandateID, calendar.HalfYearOf(calendar.DateOf(c.At))); err != nil {
			return "", err
		}
		event := sub.Event(c.Object)
		event.MandateID, event.Detail = c.MandateID, map[string]any{"reading": c.Reading.Reading}
		return c.Location, audit(ctx, q, event)
	})
}
