package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/store/db"
)

// Refusals of a change of who holds what.
var (
	ErrOverlap = errors.New("somebody has it on one of these days already")
	ErrBegun   = errors.New("it has begun, and stays in the history")
)

// OverlapError is an ErrOverlap that knows who has it, and when.
type OverlapError struct {
	Name        string
	From, Until calendar.Date // zero Until: without an end
}

// Error leaves the name out: it may come into a log.
func (e *OverlapError) Error() string { return ErrOverlap.Error() }

// Is makes it an ErrOverlap.
func (e *OverlapError) Is(target error) bool { return target == ErrOverlap }

// Tenure is one tenure as it is kept.
type Tenure struct {
	ID int64
	mandate.Tenure
	Disabled bool // the account of the person
}

// Tenures gives every tenure of some mandates, past and to come, the earliest first.
func (s *Store) Tenures(ctx context.Context, mandates ...int64) (map[int64][]Tenure, error) {
	rows, err := s.queries.TenureRows(ctx, mandates)
	if err != nil {
		return nil, fmt.Errorf("read tenures: %w", err)
	}
	by := map[int64][]Tenure{}
	for _, r := range rows {
		by[r.MandateID] = append(by[r.MandateID], Tenure{
			ID: r.ID, Disabled: r.Disabled,
			Tenure: mandate.Tenure{PersonID: r.PersonID, Name: r.Name, From: r.StartsOn, Until: r.EndsOn, Interim: r.Interim},
		})
	}
	return by, nil
}

// Appoint makes a person holder of a mandate between two days, both included.
// ErrOverlap when it has a holder on one of them.
func (s *Store) Appoint(ctx context.Context, sub Submission, mandateID int64, t mandate.Tenure) error {
	return s.changeTenures(ctx, sub, mandateID, "", func(ctx context.Context, q *db.Queries) error {
		return appoint(ctx, q, sub, mandateID, t)
	})
}

// EndTenure sets the last day of a tenure, sooner or later than it was, and
// appoints the next holder when there is one. ErrNotFound when the mandate has
// no such tenure, ErrOverlap when a tenure would share a day with another one,
// ErrConflict when it begins after that day.
func (s *Store) EndTenure(ctx context.Context, sub Submission, mandateID, tenureID int64, until calendar.Date, next *mandate.Tenure, location string) error {
	return s.changeTenures(ctx, sub, mandateID, location, func(ctx context.Context, q *db.Queries) error {
		t, err := q.TenureForUpdate(ctx, db.TenureForUpdateParams{ID: tenureID, MandateID: mandateID})
		if err != nil {
			return fmt.Errorf("tenure %d: %w", tenureID, err)
		}
		if until.Before(t.StartsOn) {
			return ErrConflict // it was corrected meanwhile
		}
		if err := noOtherHolder(ctx, q, mandateID, tenureID, t.StartsOn, until); err != nil {
			return err
		}
		if err := q.EndTenure(ctx, db.EndTenureParams{ID: tenureID, EndsOn: until}); err != nil {
			return fmt.Errorf("end tenure %d: %w", tenureID, overlap(err))
		}
		if err := audit(ctx, q, tenureEvent(sub, "end tenure", mandateID, t.PersonID, t.StartsOn, until, t.Interim)); err != nil || next == nil {
			return err
		}
		return appoint(ctx, q, sub, mandateID, *next)
	})
}

// CorrectTenure replaces a tenure that has not begun today. Beside the errors
// of EndTenure, ErrBegun.
func (s *Store) CorrectTenure(ctx context.Context, sub Submission, mandateID, tenureID int64, t mandate.Tenure, today calendar.Date, location string) error {
	return s.changeTenures(ctx, sub, mandateID, location, func(ctx context.Context, q *db.Queries) error {
		if _, err := notBegun(ctx, q, mandateID, tenureID, today); err != nil {
			return err
		}
		if err := noOtherHolder(ctx, q, mandateID, tenureID, t.From, t.Until); err != nil {
			return err
		}
		err := q.CorrectTenure(ctx, db.CorrectTenureParams{ID: tenureID, PersonID: t.PersonID, StartsOn: t.From, EndsOn: t.Until, Interim: t.Interim})
		if err != nil {
			return fmt.Errorf("correct tenure %d: %w", tenureID, overlap(err))
		}
		return audit(ctx, q, tenureEvent(sub, "correct tenure", mandateID, t.PersonID, t.From, t.Until, t.Interim))
	})
}

// WithdrawTenure takes back a tenure that has not begun today. ErrNotFound, ErrBegun.
func (s *Store) WithdrawTenure(ctx context.Context, sub Submission, mandateID, tenureID int64, today calendar.Date, location string) error {
	return s.changeTenures(ctx, sub, mandateID, location, func(ctx context.Context, q *db.Queries) error {
		t, err := notBegun(ctx, q, mandateID, tenureID, today)
		if err != nil {
			return err
		}
		if err := q.WithdrawTenure(ctx, tenureID); err != nil {
			return fmt.Errorf("withdraw tenure %d: %w", tenureID, err)
		}
		return audit(ctx, q, tenureEvent(sub, "withdraw tenure", mandateID, t.PersonID, t.StartsOn, t.EndsOn, t.Interim))
	})
}

// tellAt says from which instant on what the rest of the transaction changes in
// place was known; zero: the hour of the database.
func tellAt(ctx context.Context, q *db.Queries, at time.Time) error {
	if at.IsZero() {
		return nil
	}
	if err := q.TellAt(ctx, at); err != nil {
		return fmt.Errorf("tell the hour: %w", err)
	}
	return nil
}

// changeTenures lets changes of one mandate take turns, so that each sees the
// tenures as they are. What is owed may begin on another day afterwards.
func (s *Store) changeTenures(ctx context.Context, sub Submission, mandateID int64, location string, do func(ctx context.Context, q *db.Queries) error) error {
	_, _, err := s.Once(ctx, sub, func(ctx context.Context, tx pgx.Tx, q *db.Queries) (string, error) {
		if _, err := q.BumpVersion(ctx, mandateID); err != nil {
			return "", fmt.Errorf("lock mandate: %w", err)
		}
		if err := tellAt(ctx, q, sub.At); err != nil {
			return "", err
		}
		if err := do(ctx, q); err != nil {
			return "", err
		}
		if err := inNameOfSystem(ctx, tx); err != nil { // who appoints may see no progress
			return "", err
		}
		return location, refreshAllCells(ctx, q, mandateID)
	})
	return err
}

func appoint(ctx context.Context, q *db.Queries, sub Submission, mandateID int64, t mandate.Tenure) error {
	if err := noOtherHolder(ctx, q, mandateID, 0, t.From, t.Until); err != nil {
		return err
	}
	_, err := q.InsertTenure(ctx, db.InsertTenureParams{MandateID: mandateID, PersonID: t.PersonID, StartsOn: t.From, EndsOn: t.Until, Interim: t.Interim})
	if err != nil {
		return fmt.Errorf("store the tenure: %w", overlap(err))
	}
	return audit(ctx, q, tenureEvent(sub, "appoint", mandateID, t.PersonID, t.From, t.Until, t.Interim))
}

// noOtherHolder refuses days on which somebody else holds the mandate, and says who.
func noOtherHolder(ctx context.Context, q *db.Queries, mandateID, besides int64, from, until calendar.Date) error {
	other, err := q.OverlappingTenure(ctx, db.OverlappingTenureParams{MandateID: mandateID, Besides: besides, StartsOn: from, EndsOn: until})
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil
	case err != nil:
		return fmt.Errorf("look for another holder: %w", err)
	}
	return &OverlapError{Name: other.Name, From: other.StartsOn, Until: other.EndsOn}
}

func notBegun(ctx context.Context, q *db.Queries, mandateID, tenureID int64, today calendar.Date) (db.TenureForUpdateRow, error) {
	t, err := q.TenureForUpdate(ctx, db.TenureForUpdateParams{ID: tenureID, MandateID: mandateID})
	if err != nil {
		return t, fmt.Errorf("tenure %d: %w", tenureID, err)
	}
	if !t.StartsOn.After(today) {
		return t, ErrBegun
	}
	return t, nil
}

func tenureEvent(sub Submission, action string, mandateID, personID int64, from, until calendar.Date, interim bool) Event {
	e := appointment(sub, mandateID, personID, from, until)
	e.Action = action
	e.Detail["interim"] = interim
	return e
}

// Key names the tenure in an address.
func (t Tenure) Key() string { return strconv.FormatInt(t.ID, 10) }
