package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
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
}

// RecordReport stores the entries of a report in one transaction, with the
// cells, the version of the mandate and one audit event; the drafts of the
// targets end. ErrSealed when the half-year is sealed: then nothing is stored.
func (s *Store) RecordReport(ctx context.Context, sub Submission, r Report) (location string, repeated bool, err error) {
	return s.Once(ctx, sub, func(ctx context.Context, tx pgx.Tx, q *db.Queries) (string, error) {
		if _, err := q.BumpVersion(ctx, r.MandateID); err != nil {
			return "", fmt.Errorf("lock mandate: %w", refusal(err))
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
			Achieved: e.Achieved, Obstacles: e.Obstacles, NextSteps: e.NextSteps,
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

// Drafts gives what is still being written for a half-year, by target.
func (s *Store) Drafts(ctx context.Context, mandateID int64, period calendar.HalfYear) (map[int64]progress.Draft, error) {
	rows, err := s.queries.DraftRows(ctx, db.DraftRowsParams{MandateID: mandateID, Period: period.Start()})
	if err != nil {
		return nil, fmt.Errorf("read drafts: %w", err)
	}
	drafts := make(map[int64]progress.Draft, len(rows))
	for _, r := range rows {
		d := progress.Draft{TargetID: r.TargetID, Version: int(r.Version), SavedByID: r.SavedBy, SavedBy: r.SavedName, SavedAt: r.SavedAt}
		if err := json.Unmarshal(r.Fields, &d.Fields); err != nil {
			return nil, fmt.Errorf("read draft of %s: %w", r.Code, err)
		}
		drafts[r.TargetID] = d
	}
	return drafts, nil
}

// SaveDrafts keeps the rows that were typed. A row that somebody else saved
// since its Version is left alone and listed in conflicts; the others are kept,
// and versions gives their new number by target.
func (s *Store) SaveDrafts(ctx context.Context, mandateID int64, period calendar.HalfYear, by int64, at time.Time, rows []progress.Draft) (versions map[int64]int, conflicts []int64, err error) {
	versions = make(map[int64]int, len(rows))
	params := make([]db.PutDraftParams, len(rows))
	for i, d := range rows {
		fields, err := json.Marshal(d.Fields)
		if err != nil {
			return nil, nil, fmt.Errorf("pack draft: %w", err)
		}
		params[i] = db.PutDraftParams{
			MandateID: mandateID, Period: period.Start(), TargetID: d.TargetID,
			Fields: fields, SavedBy: by, SavedAt: at, ReadVersion: int32(d.Version),
		}
	}
	err = s.inTx(ctx, func(_ pgx.Tx, q *db.Queries) error {
		var failed error
		event := Event{ActorID: by, Action: "save draft", Object: "report/" + period.String(), MandateID: mandateID}
		if err := auditOnce(ctx, q, event); err != nil {
			return err
		}
		q.PutDraft(ctx, params).QueryRow(func(i int, version int32, err error) {
			switch {
			case errors.Is(err, pgx.ErrNoRows):
				conflicts = append(conflicts, rows[i].TargetID)
			case err != nil && failed == nil:
				failed = err
			case err == nil:
				versions[rows[i].TargetID] = int(version)
			}
		})
		return failed
	})
	if err != nil {
		return nil, nil, fmt.Errorf("save %d draft rows: %w", len(rows), refusal(err))
	}
	return versions, conflicts, nil
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
