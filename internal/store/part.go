package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/store/db"
)

// OwnPart is the part of a mandate in the round of one body.
type OwnPart struct {
	RoundID int64
	BodyKey string // such as ACTIRIS-DR
	Body    bilingual.Text
	Narrow  bool // the body gets only what is addressed to it
	State   monitoring.RoundState
	monitoring.RoundDates
	monitoring.Part
	PartNote
}

// Closed tells in what of a half-year nothing can be recorded now.
type Closed struct {
	Whole   bool           // in nothing of it: it lies elsewhere
	Sealed  bool           // in nothing of it, for good
	Targets map[int64]bool // in these, by their number: they lie before a body, or are sealed for one
}

// Parts gives the part of a mandate in each round of a half-year, and in what of
// it nothing can be recorded today. No round is no part: reporting is open.
func (s *Store) Parts(ctx context.Context, mandateID int64, period calendar.HalfYear, today calendar.Date) (parts []OwnPart, closed Closed, err error) {
	rows, err := s.queries.PartRows(ctx, db.PartRowsParams{MandateID: mandateID, Period: period.Start()})
	if err != nil {
		return nil, closed, fmt.Errorf("read the parts of %s: %w", period, err)
	}
	whole, open, narrow := false, false, false
	for _, r := range rows {
		p := OwnPart{
			RoundID: r.RoundID, BodyKey: BodyCode(r.InstitutionCode, r.BodyCode), State: monitoring.RoundState(r.State), Narrow: r.Scope == ScopeAddressed,
			Body:       text(r.BodyNl, r.BodyFr, string(bilingual.Original), string(bilingual.Original)),
			RoundDates: monitoring.RoundDates{Opens: r.OpensOn, Due: r.DueOn, Grace: r.GraceUntil, Meets: r.MeetsOn},
			Part:       monitoring.Part{Last: monitoring.PartStep(r.Step), Reopened: r.Reopened},
			PartNote:   PartNote{At: sinceEpoch(r.StepAt), By: r.StepBy, Reason: r.Reason},
		}
		if p.Last == monitoring.Returned {
			if p.Rows, err = s.returnRows(ctx, r.PartStepID); err != nil {
				return nil, closed, err
			}
		}
		shut := p.Closed(p.State)
		whole = whole || shut && p.State != monitoring.RoundSealed
		open = open || p.Last == monitoring.Returned && !shut // to one body it lies with the holder again
		narrow = narrow || p.Narrow
		parts = append(parts, p)
	}
	closed.Whole = whole && !open && !narrow
	sealed, err := s.queries.SealedIn(ctx, db.SealedInParams{MandateID: mandateID, Period: period.Start()})
	if err != nil {
		return nil, closed, fmt.Errorf("find what is sealed in %s: %w", period, err)
	}
	if closed.Sealed = sealed.Whole; !narrow && !sealed.Part {
		return parts, closed, nil // nobody gets only some of the targets
	}
	ids, err := s.queries.ClosedTargets(ctx, db.ClosedTargetsParams{MandateID: mandateID, Period: period.Start(), Today: today})
	if err != nil {
		return nil, closed, fmt.Errorf("find what is closed in %s: %w", period, err)
	}
	closed.Targets = make(map[int64]bool, len(ids))
	for _, id := range ids {
		closed.Targets[id] = true
	}
	return parts, closed, nil
}

func (s *Store) returnRows(ctx context.Context, step int64) ([]ReturnRow, error) {
	rows, err := s.queries.PartReturnRows(ctx, step)
	if err != nil {
		return nil, fmt.Errorf("read why a part was returned: %w", err)
	}
	all := make([]ReturnRow, len(rows))
	for i, r := range rows {
		code, err := mandate.ParseCode(r.Code)
		if err != nil {
			return nil, fmt.Errorf("read why a part was returned: %w", err)
		}
		all[i] = ReturnRow{code, r.Reason}
	}
	return all, nil
}

// ReturnedPart is a part that lies with the holder again.
type ReturnedPart struct {
	Mandate string // code
	Title   bilingual.Text
	Period  calendar.HalfYear
	At      time.Time
	Reason  string
}

// ReturnedParts lists the parts of some mandates that were returned and not submitted since.
func (s *Store) ReturnedParts(ctx context.Context, mandates []int64) ([]ReturnedPart, error) {
	rows, err := s.queries.ReturnedParts(ctx, mandates)
	if err != nil {
		return nil, fmt.Errorf("list the returned parts: %w", err)
	}
	all := make([]ReturnedPart, len(rows))
	for i, r := range rows {
		all[i] = ReturnedPart{r.Code, text(r.TitleNl, r.TitleFr, r.TitleNlState, r.TitleFrState), calendar.HalfYearOf(r.Period), r.StepAt, r.Reason}
	}
	return all, nil
}

// ProvenTargets gives the targets of a mandate with evidence since a half-year began.
func (s *Store) ProvenTargets(ctx context.Context, mandateID int64, period calendar.HalfYear) (map[int64]bool, error) {
	rows, err := s.queries.ProvenTargets(ctx, db.ProvenTargetsParams{MandateID: mandateID, Period: period.Start()})
	if err != nil {
		return nil, fmt.Errorf("find what has evidence: %w", err)
	}
	proven := map[int64]bool{}
	for _, id := range rows {
		proven[id] = true
	}
	return proven, nil
}

// SubmitPart hands the part of a mandate in to every round of the half-year in
// which it is not closed and that takes parts on that day. ErrSubmitted when
// there is none, ErrTooEarly when there will be, ErrSealed when the table is sealed.
func (s *Store) SubmitPart(ctx context.Context, sub Submission, mandateID int64, period calendar.HalfYear, at time.Time, location string) (string, error) {
	location, _, err := s.Once(ctx, sub, func(ctx context.Context, tx pgx.Tx, q *db.Queries) (string, error) {
		if _, err := q.BumpVersion(ctx, mandateID); err != nil {
			return "", fmt.Errorf("lock mandate: %w", refusal(err))
		}
		rows, err := q.PartRows(ctx, db.PartRowsParams{MandateID: mandateID, Period: period.Start()})
		if err != nil {
			return "", fmt.Errorf("read the parts of %s: %w", period, err)
		}
		submitted, refused := 0, ErrSubmitted
		for _, r := range rows {
			p, state := monitoring.Part{Last: monitoring.PartStep(r.Step), Reopened: r.Reopened}, monitoring.RoundState(r.State)
			switch {
			case p.Closed(state):
				continue
			case !monitoring.RoundDates{Opens: r.OpensOn}.Takes(state, calendar.DateOf(at)):
				refused = ErrTooEarly
				continue
			}
			submitted++
			_, err := q.InsertPartStep(ctx, db.InsertPartStepParams{RoundID: r.RoundID, MandateID: mandateID, Step: string(monitoring.Submitted), By: sub.PersonID, At: at})
			if err != nil {
				return "", fmt.Errorf("submit the part of %s: %w", period, err)
			}
		}
		if submitted == 0 {
			return "", refused
		}
		event := sub.Event("part/" + period.String())
		event.MandateID = mandateID
		return location, audit(ctx, q, event)
	})
	return location, err
}

// Return gives the part of a mandate back to its holder, with a reason for the
// whole or for some rows. The part must be submitted, or lie before the body:
// else ErrConflict. ErrNotFound for a row that the mandate has not.
func (s *Store) Return(ctx context.Context, sub Submission, r Round, mandateID int64, reason string, rows []ReturnRow, at time.Time, location string) (string, error) {
	location, _, err := s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		if _, err := q.LockRound(ctx, r.ID); err != nil {
			return "", fmt.Errorf("lock %s: %w", r.object(), refusal(err))
		}
		if _, err := q.BumpVersion(ctx, mandateID); err != nil {
			return "", fmt.Errorf("lock mandate: %w", refusal(err))
		}
		if err := returnable(ctx, q, r, mandateID); err != nil {
			return "", err
		}
		step, err := q.InsertPartStep(ctx, db.InsertPartStepParams{
			RoundID: r.ID, MandateID: mandateID, Step: string(monitoring.Returned), By: sub.PersonID, At: at, Reason: reason,
		})
		if err != nil {
			return "", fmt.Errorf("return the part: %w", err)
		}
		p := db.InsertReturnRowsParams{PartStepID: step, MandateID: mandateID, Codes: []string{}, Reasons: []string{}}
		for _, row := range rows {
			p.Codes, p.Reasons = append(p.Codes, row.Code.String()), append(p.Reasons, row.Reason)
		}
		n, err := q.InsertReturnRows(ctx, p)
		if err != nil {
			return "", fmt.Errorf("note why: %w", err)
		}
		if int(n) != len(rows) {
			return "", ErrNotFound
		}
		event := sub.Event("part/" + r.Period.String())
		event.MandateID, event.Detail = mandateID, map[string]any{"rows": len(rows)}
		return location, audit(ctx, q, event)
	})
	return location, err
}

// returnable refuses a part that lies with its holder, and a sealed one.
func returnable(ctx context.Context, q *db.Queries, r Round, mandateID int64) error {
	rows, err := q.PartRows(ctx, db.PartRowsParams{MandateID: mandateID, Period: r.Period.Start()})
	if err != nil {
		return fmt.Errorf("read the parts of %s: %w", r.Period, err)
	}
	for _, row := range rows {
		if row.RoundID != r.ID {
			continue
		}
		p := monitoring.Part{Last: monitoring.PartStep(row.Step), Reopened: row.Reopened}
		state := monitoring.RoundState(row.State)
		if state == monitoring.RoundSealed {
			return ErrSealed
		}
		if !p.Closed(state) {
			return ErrConflict
		}
		return nil
	}
	return ErrNotFound
}
