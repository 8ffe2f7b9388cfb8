package store

import (
	"context"
	"errors"
	"fmt"

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
}

// ErrChanged says that something was written to the mandate since it was read:
// read it again.
var ErrChanged = errors.New("the mandate has changed since it was read")

// RecordReport stores the entries of a report in one transaction, with the
// cells, the version of the mandate and one audit event; the drafts of the
// targets end, and the evidence that was chosen for them moves to the entries.
// ErrSealed when the half-year is sealed, ErrChanged when the mandate is no
// longer as Seen: then nothing is stored.
func (s *Store) RecordReport(ctx context.Context, sub Submission, r Report) (location string, repeated bool, err error) {
	return s.Once(ctx, sub, func(ctx context.Context, tx pgx.Tx, q *db.Queries) (string, error) {
		version, err := q.BumpVersion(ctx, r.MandateID)
		switch {
		case err != nil:
			return "", fmt.Errorf("lock mandate: %w", refusal(err))
		case r.Seen != 0 && version != r.Seen+1:
			return "", ErrChanged
		}
		ids, err := insertEntries(ctx, q, r.MandateID, r.Entries)
		if err != nil {
			return "", fmt.Errorf("record %d entries: %w", len(r.Entries), refusal(err))
		}
		targets := make([]int64, len(r.Entries))
		for i, e := range r.Entries {
			targets[i] = e.TargetID
		}
		if err := q.DropDrafts(ctx, db.DropDraftsParams{MandateID: r.MandateID, Period: r.Period.Start(), Targets: targets}); err != nil {
			return "", fmt.Errorf("end drafts: %w", err)
		}
		if err := q.RecordDraftEvidence(ctx, db.RecordDraftEvidenceParams{MandateID: r.MandateID, Period: r.Period.Start(), Targets: targets, Entries: ids}); err != nil {
			return "", fmt.Errorf("record the evidence: %w", refusal(err))
		}
		if err := refreshCells(ctx, q, r.MandateID, r.Period); err != nil {
			return "", err
		}
		event := sub.Event("report/" + r.Period.String())
		event.MandateID, event.Detail = r.MandateID, map[string]any{"entries": ids}
		if len(r.Entries) > 0 {
			event.OnBehalfOf = r.Entries[0].OnBehalfOfID
		}
		return r.Location, audit(ctx, q, event)
	})
}

func insertEntries(ctx context.Context, q *db.Queries, mandateID int64, entries []progress.Entry) ([]int64, error) {
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
	ids := make([]int64, len(entries))
	var failed error
	q.InsertEntry(ctx, params).QueryRow(func(i int, id int64, err error) {
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
