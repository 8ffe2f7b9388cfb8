package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"

	"jalon/internal/calendar"
	"jalon/internal/progress"
	"jalon/internal/store/db"
)

// Report is a whole half-year of one mandate, reported at once.
type Report struct {
	MandateID int64
	Period    calendar.HalfYear
	Entries   []progress.Entry // TargetID, AuthorID, RecordedAt and what was typed
	Location  string           // where the answer sends the browser
	Seen      int64            // version of the mandate that the entries were made from; 0 when it does not matter
	// Rows to keep before, as SaveDrafts does: of targets without an entry, and of
	// those whose entry takes the place of what somebody else has typed.
	Rows []progress.Draft
	// Versions of the drafts that were read, by target; nil when it does not matter.
	Versions map[int64]int
}

// ErrChanged says that something was written to the mandate, or to a draft of
// it, since it was read: read it again.
var ErrChanged = errors.New("the mandate has changed since it was read")

// RecordReport stores the entries of a report in one transaction, with the
// cells, the version of the mandate and one audit event; the drafts of the
// targets end, and the evidence that was chosen for them moves to the entries.
// ErrSealed when the half-year is sealed, ErrChanged when the mandate is no
// longer as Seen, or a draft that ends is not of its version: then nothing is
// stored.
func (s *Store) RecordReport(ctx context.Context, sub Submission, r Report) (location string, repeated bool, err error) {
	rows, err := draftParams(r.MandateID, r.Period, sub.PersonID, r.recordedAt(), r.Rows)
	if err != nil {
		return "", false, err
	}
	return s.once(ctx, sub, func(ctx context.Context, tx pgx.Tx) (string, error) {
		if len(rows) > 0 {
			if err := auditDrafts(ctx, s.queries.WithTx(tx), r.MandateID, r.Period, sub.PersonID); err != nil {
				return "", err
			}
		}
		ids, cells, err := r.write(ctx, tx, rows)
		if err != nil {
			return "", err
		}
		return r.Location, r.finish(ctx, tx, sub, ids, cells)
	})
}

func (r Report) targets() []int64 {
	targets := make([]int64, len(r.Entries))
	for i, e := range r.Entries {
		targets[i] = e.TargetID
	}
	return targets
}

func (r Report) recordedAt() time.Time {
	if len(r.Entries) == 0 {
		return time.Time{}
	}
	return r.Entries[0].RecordedAt
}

// write stores the entries, ends their drafts and makes the cells anew, in one
// round trip: whatever is refused takes back all of it.
func (r Report) write(ctx context.Context, tx pgx.Tx, rows []db.PutDraftParams) (ids []int64, cells []db.PutCellsParams, err error) {
	t := &together{DBTX: tx, ctx: ctx}
	defer func() {
		if failed := t.close(); err == nil {
			err = failed
		}
	}()
	q := db.New(t)
	turn, put := q.TakeTurn(ctx, []int64{r.MandateID}), q.PutDraft(ctx, rows)
	entries := q.InsertEntry(ctx, entryParams(r.MandateID, r.Entries))
	drop := q.DropDrafts(ctx, []db.DropDraftsParams{{MandateID: r.MandateID, Period: r.Period.Start(), Targets: r.targets()}})
	stand := askStandings(ctx, q, r.MandateID, []calendar.Date{r.Period.Start()}, r.Period.Next().Start())

	turn.QueryRow(func(_ int, version int64, failed error) {
		switch {
		case failed != nil:
			err = fmt.Errorf("lock mandate: %w", refusal(failed))
		case r.Seen != 0 && version != r.Seen+1:
			err = ErrChanged
		}
	})
	if err != nil {
		return nil, nil, err
	}
	versions := maps.Clone(r.Versions)
	put.QueryRow(func(i int, version int32, failed error) {
		if errors.Is(failed, pgx.ErrNoRows) {
			failed = ErrChanged
		}
		if err == nil && failed != nil {
			err = fmt.Errorf("keep a draft: %w", refusal(failed))
		}
		if versions != nil {
			versions[rows[i].TargetID] = int(version)
		}
	})
	if err != nil {
		return nil, nil, err
	}
	if ids, err = entryIDs(entries, len(r.Entries)); err != nil {
		return nil, nil, fmt.Errorf("record %d entries: %w", len(r.Entries), refusal(err))
	}
	drop.Query(func(_ int, ended []db.DropDraftsRow, failed error) {
		if err = failed; failed != nil || versions == nil {
			return
		}
		for _, d := range ended {
			if versions[d.TargetID] != int(d.Version) {
				err = ErrChanged // somebody has typed meanwhile what would go
			}
		}
	})
	if err != nil {
		return nil, nil, fmt.Errorf("end drafts: %w", err)
	}
	cells, err = stand.cells()
	return ids, cells, err
}

// finish stores what follows from the entries, with the event and the submission.
func (r Report) finish(ctx context.Context, tx pgx.Tx, sub Submission, ids []int64, cells []db.PutCellsParams) error {
	event := sub.Event("report/" + r.Period.String())
	event.MandateID, event.Detail = r.MandateID, map[string]any{"entries": ids}
	if len(r.Entries) > 0 {
		event.OnBehalfOf = r.Entries[0].OnBehalfOfID
	}
	params, err := eventParams(ctx, event)
	if err != nil {
		return fmt.Errorf("record %q in the audit trail: %w", event.Action, err)
	}
	t := &together{DBTX: tx, ctx: ctx}
	q := db.New(t)
	q.RecordDraftEvidence(ctx, []db.RecordDraftEvidenceParams{{MandateID: r.MandateID, Period: r.Period.Start(), Targets: r.targets(), Entries: ids}})
	q.PutCells(ctx, cells)
	q.RecordEvent(ctx, []db.RecordEventParams{params})
	sub.record(ctx, q, r.Location)
	if err := t.close(); err != nil {
		return fmt.Errorf("finish the report: %w", refusal(err))
	}
	return nil
}

func entryParams(mandateID int64, entries []progress.Entry) []db.InsertEntryParams {
	params := make([]db.InsertEntryParams, len(entries))
	for i, e := range entries {
		params[i] = db.InsertEntryParams{
			MandateID: mandateID, TargetID: e.TargetID, AsOf: e.AsOf, RecordedAt: e.RecordedAt,
			AuthorID: e.AuthorID, OnBehalfOf: orNull(e.OnBehalfOfID), Lang: string(e.Lang), Status: string(e.Status),
			Percentage: nullDecimal(e.Percentage), Value: nullDecimal(e.Value),
			Achieved: e.Achieved, Obstacles: e.Obstacles, OutsideControl: e.OutsideControl, NextSteps: e.NextSteps,
			SupportAsked: e.SupportAsked, SupportOf: e.SupportOf, SupportBy: e.SupportBy, Reason: e.Reason,
			Supersedes: orNull(e.Supersedes), CorrectionReason: e.CorrectionReason,
		}
	}
	return params
}

func entryIDs(stored *db.InsertEntryBatchResults, n int) (ids []int64, failed error) {
	ids = make([]int64, n)
	stored.QueryRow(func(i int, id int64, err error) {
		ids[i] = id
		if failed == nil && err != nil {
			failed = err
		}
	})
	return ids, failed
}

func orNull(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}

func nullDecimal(n *decimal.Decimal) decimal.NullDecimal {
	if n == nil {
		return decimal.NullDecimal{}
	}
	return decimal.NewNullDecimal(*n)
}
