package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"jalon/internal/duty"
	"jalon/internal/store/db"
)

// RecordEvent adds an event to the register of a mandate, with the targets that
// it concerns, and returns where location sends the browser for its number.
// Recorded are the kind, title, days, place, participants, targets,
// RecordedByID, BehalfOfID and RecordedAt of the event.
func (s *Store) RecordEvent(ctx context.Context, sub Submission, mandateID int64, e duty.Event, location func(id int64) string) (string, bool, error) {
	return s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		if _, err := q.BumpVersion(ctx, mandateID); err != nil {
			return "", fmt.Errorf("lock mandate: %w", refusal(err))
		}
		var participants *int32
		if e.Participants > 0 {
			n := int32(e.Participants)
			participants = &n
		}
		id, err := q.InsertEvent(ctx, db.InsertEventParams{
			MandateID: mandateID, Kind: e.Kind.Code, Title: e.Title, Lang: string(e.Lang), StartsOn: e.From, EndsOn: e.Until,
			Place: e.Place, Participants: participants, RecordedBy: e.RecordedByID, OnBehalfOf: orNull(e.BehalfOfID), RecordedAt: e.RecordedAt,
		})
		if err != nil {
			return "", fmt.Errorf("store the event: %w", refusal(err))
		}
		if err := q.InsertEventTargets(ctx, db.InsertEventTargetsParams{MandateID: mandateID, EventID: id, Targets: e.Targets}); err != nil {
			return "", fmt.Errorf("store the targets of the event: %w", refusal(err))
		}
		line := sub.Event(fmt.Sprintf("event/%d", id))
		line.OnBehalfOf = e.BehalfOfID
		line.MandateID, line.Detail = mandateID, map[string]any{"kind": e.Kind.Code, "from": e.From, "until": e.Until, "targets": e.Targets}
		return location(id), audit(ctx, q, line)
	})
}

// CancelEvent says that an event does not take place: it opens no duties any
// more, and stays in the register. ErrNotFound when the mandate has no such
// event that stands.
func (s *Store) CancelEvent(ctx context.Context, sub Submission, mandateID int64, e duty.Event, location string) (string, bool, error) {
	return s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		if _, err := q.BumpVersion(ctx, mandateID); err != nil {
			return "", fmt.Errorf("lock mandate: %w", refusal(err))
		}
		n, err := q.CancelEvent(ctx, db.CancelEventParams{By: sub.PersonID, At: e.CancelledAt, ID: e.ID, MandateID: mandateID})
		if err != nil {
			return "", fmt.Errorf("cancel the event: %w", refusal(err))
		}
		if n == 0 {
			return "", fmt.Errorf("event %d: %w", e.ID, ErrNotFound)
		}
		line := sub.Event(fmt.Sprintf("event/%d", e.ID))
		line.MandateID, line.OnBehalfOf = mandateID, e.BehalfOfID
		line.Before, line.After = map[string]any{"cancelled": false}, map[string]any{"cancelled": true}
		return location, audit(ctx, q, line)
	})
}

// AnswerDuty records what closes a duty: a note, a link to the proof, files, or
// some of these. The content of the files is on the shelf already.
// By and OnBehalfOf are told by their numbers.
func (s *Store) AnswerDuty(ctx context.Context, sub Submission, mandateID int64, a duty.Answer, location string) (string, bool, error) {
	return s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		if _, err := q.BumpVersion(ctx, mandateID); err != nil {
			return "", fmt.Errorf("lock mandate: %w", refusal(err))
		}
		id, err := q.InsertDutyAnswer(ctx, db.InsertDutyAnswerParams{
			MandateID: mandateID, TargetID: a.TargetID, EventID: orNull(a.EventID), Due: a.Due, Timing: a.Timing, DoneOn: a.DoneOn,
			Note: a.Note, Link: a.Link, Lang: string(a.Lang), AuthorID: a.ByID, OnBehalfOf: orNull(a.BehalfOfID), RecordedAt: a.At, Files: int16(len(a.Files)),
		})
		if err != nil {
			return "", fmt.Errorf("store the answer: %w", refusal(err))
		}
		if err := addEvidence(ctx, q, proven{mandateID, a.TargetID, id, 0}, a.ByID, a.At, a.Files); err != nil {
			return "", err
		}
		line := sub.Event(fmt.Sprintf("answer/%d", id))
		line.MandateID, line.Detail = mandateID, map[string]any{"target": a.TargetID, "event": a.EventID, "due": a.Due, "timing": a.Timing, "files": len(a.Files)}
		line.OnBehalfOf = a.BehalfOfID
		return location, audit(ctx, q, line)
	})
}

// WaiveDuty records that a duty need not be done, with the reason.
func (s *Store) WaiveDuty(ctx context.Context, sub Submission, mandateID int64, w duty.Waiver, location string) (string, bool, error) {
	return s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		if _, err := q.BumpVersion(ctx, mandateID); err != nil {
			return "", fmt.Errorf("lock mandate: %w", refusal(err))
		}
		id, err := q.InsertDutyWaiver(ctx, db.InsertDutyWaiverParams{
			MandateID: mandateID, TargetID: w.TargetID, EventID: orNull(w.EventID), Due: w.Due, Reason: w.Reason, Lang: string(w.Lang),
			WaivedBy: w.ByID, RecordedAt: w.At,
		})
		if err != nil {
			return "", fmt.Errorf("store the waiver: %w", refusal(err))
		}
		line := sub.Event(fmt.Sprintf("waiver/%d", id))
		line.MandateID, line.Detail = mandateID, map[string]any{"target": w.TargetID, "event": w.EventID, "due": w.Due}
		return location, audit(ctx, q, line)
	})
}
