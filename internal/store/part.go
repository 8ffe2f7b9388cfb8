package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
	"jalon/internal/store/db"
)

// OwnPart is the part of a mandate in the round of one body.
type OwnPart struct {
	RoundID int64
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

// Written is what stands beside a half-year of a mandate while it is written.
type Written struct {
	Drafts map[int64]progress.Draft // by target: what was typed, chosen, recorded and replaced; one with none of these is not in it
	Parts  []OwnPart                // in each round; no round is no part: reporting is open
	Closed Closed
}

// Written reads what stands beside a half-year of a mandate, and in what of it
// nothing can be recorded on a day, in one statement.
func (s *Store) Written(ctx context.Context, mandateID int64, period calendar.HalfYear, today calendar.Date) (Written, error) {
	return written(ctx, s.queries, mandateID, period, today)
}

func written(ctx context.Context, q *db.Queries, mandateID int64, period calendar.HalfYear, today calendar.Date) (w Written, err error) {
	r, err := q.HalfYearWritten(ctx, db.HalfYearWrittenParams{MandateID: mandateID, Period: period.Start(), Until: period.End(), Most: progress.MaxReplaced, Today: today})
	if err != nil {
		return w, fmt.Errorf("read what is written in %s: %w", period, err)
	}
	var drafts []draftRow
	var parts []partRow
	if err := errors.Join(unpack(r.Drafts, &drafts), unpack(r.Parts, &parts)); err != nil {
		return w, fmt.Errorf("read what is written in %s: %w", period, err)
	}
	w.Drafts = make(map[int64]progress.Draft, len(drafts))
	for _, d := range drafts {
		w.Drafts[d.TargetID] = d.draft()
	}
	for _, p := range parts {
		w.Parts = append(w.Parts, p.part())
	}
	w.Closed = Closed{Whole: closesWhole(w.Parts), Sealed: r.Sealed, Targets: make(map[int64]bool, len(r.Closed))}
	for _, id := range r.Closed {
		w.Closed.Targets[id] = true
	}
	return w, nil
}

// closesWhole reports whether parts let nothing be recorded at all. To a body
// that returned it, it lies with the holder again; one that gets only some of
// the targets closes no more than these.
func closesWhole(parts []OwnPart) bool {
	whole, open, narrow := false, false, false
	for _, p := range parts {
		shut := p.Closed(p.State)
		whole = whole || shut && p.State != monitoring.RoundSealed
		open = open || p.Last == monitoring.Returned && !shut
		narrow = narrow || p.Narrow
	}
	return whole && !open && !narrow
}

// partRow is a part in a round as HalfYearWritten packs it.
type partRow struct {
	RoundID  int64                 `json:"round_id"`
	State    monitoring.RoundState `json:"state"`
	Step     monitoring.PartStep   `json:"step"`
	At       time.Time             `json:"at"`
	By       string                `json:"by"`
	Reason   string                `json:"reason"`
	Reopened bool                  `json:"reopened"`
	Opens    calendar.Date         `json:"opens"`
	Due      calendar.Date         `json:"due"`
	Grace    calendar.Date         `json:"grace"`
	Meets    calendar.Date         `json:"meets"`
	BodyNL   string                `json:"body_nl"`
	BodyFR   string                `json:"body_fr"`
	Scope    string                `json:"scope"`
	Rows     []struct {
		Code   mandate.Code `json:"code"`
		Reason string       `json:"reason"`
	} `json:"rows"`
}

func (r partRow) part() OwnPart {
	p := OwnPart{
		RoundID: r.RoundID, State: r.State, Narrow: r.Scope == ScopeAddressed,
		Body:       text(r.BodyNL, r.BodyFR, string(bilingual.Original), string(bilingual.Original)),
		RoundDates: monitoring.RoundDates{Opens: r.Opens, Due: r.Due, Grace: r.Grace, Meets: r.Meets},
		Part:       monitoring.Part{Last: r.Step, Reopened: r.Reopened},
		PartNote:   PartNote{At: r.At, By: r.By, Reason: r.Reason},
	}
	for _, row := range r.Rows {
		p.Rows = append(p.Rows, ReturnRow(row))
	}
	return p
}

// ReturnedPart is a part that lies with the holder again.
type ReturnedPart struct {
	Mandate string // code
	Title   bilingual.Text
	Period  calendar.HalfYear
	At      time.Time
	Reason  string
}

// SubmitPart hands the part of a mandate in to every round of the half-year in
// which it is not closed and that takes parts on that day. ErrSubmitted when
// there is none, ErrTooEarly when there will be, ErrSealed when the table is sealed.
func (s *Store) SubmitPart(ctx context.Context, sub Submission, mandateID int64, period calendar.HalfYear, at time.Time, location string) (string, error) {
	location, _, err := s.Once(ctx, sub, func(ctx context.Context, tx pgx.Tx, q *db.Queries) (string, error) {
		if _, err := q.BumpVersion(ctx, mandateID); err != nil {
			return "", fmt.Errorf("lock mandate: %w", refusal(err))
		}
		w, err := written(ctx, q, mandateID, period, calendar.DateOf(at))
		if err != nil {
			return "", err
		}
		submitted, refused := 0, ErrSubmitted
		for _, p := range w.Parts {
			switch {
			case p.Closed(p.State):
				continue
			case !p.Takes(p.State, calendar.DateOf(at)):
				refused = ErrTooEarly
				continue
			}
			submitted++
			_, err := q.InsertPartStep(ctx, db.InsertPartStepParams{RoundID: p.RoundID, MandateID: mandateID, Step: string(monitoring.Submitted), By: sub.PersonID, At: at})
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
		if err := returnable(ctx, q, r, mandateID, calendar.DateOf(at)); err != nil {
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
func returnable(ctx context.Context, q *db.Queries, r Round, mandateID int64, today calendar.Date) error {
	w, err := written(ctx, q, mandateID, r.Period, today)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(w.Parts, func(p OwnPart) bool { return p.RoundID == r.ID })
	switch {
	case i < 0:
		return ErrNotFound
	case w.Parts[i].State == monitoring.RoundSealed:
		return ErrSealed
	case !w.Parts[i].Closed(w.Parts[i].State):
		return ErrConflict
	}
	return nil
}
