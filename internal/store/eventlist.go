package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/duty"
	"jalon/internal/store/db"
)

// EventList is a list of events that a person reads into a register.
type EventList struct {
	FileName string         // at most 200 characters
	SHA256   [32]byte       // of the file
	Lang     bilingual.Lang // of the titles
	ByID     int64
	BehalfOf int64 // the holder, when a delegate reads it in; else 0
	At       time.Time
	Location string // where the answer sends the browser
}

// EventChanges is what a list does to a register: events to record, with
// UID, Kind, Title, From, Until, Place, Participants and Targets, and the
// numbers of those that do not take place any more. At least one of them.
type EventChanges struct {
	Record []duty.Event
	Cancel []int64
}

// Register gives the events of a mandate in the order of recording, for what
// a list is set against: ID, UID, Kind.Code, Title, From, Until, Targets and
// whether they were cancelled.
func (s *Store) Register(ctx context.Context, mandateID int64) ([]duty.Event, error) {
	return registerOf(ctx, s.queries, mandateID)
}

func registerOf(ctx context.Context, q *db.Queries, mandateID int64) ([]duty.Event, error) {
	rows, err := q.Register(ctx, mandateID)
	if err != nil {
		return nil, fmt.Errorf("read the register of mandate %d: %w", mandateID, err)
	}
	events := make([]duty.Event, len(rows))
	for i, r := range rows {
		events[i] = duty.Event{ID: r.ID, UID: r.Uid, Kind: duty.Kind{Code: r.Kind}, Title: r.Title, From: r.StartsOn, Until: r.EndsOn, Targets: r.Targets}
		if r.CancelledAt != nil {
			events[i].CancelledAt = *r.CancelledAt
		}
	}
	return events, nil
}

// ImportEvents stores what a list does to a register in one transaction, all
// or nothing. decide tells what that is, on the register as it stands once
// nobody else can change it; its error is given back and nothing is stored.
// ErrExists when an event of the list stands already, ErrNotFound when one
// to cancel does not.
func (s *Store) ImportEvents(ctx context.Context, sub Submission, mandateID int64, l EventList, decide func(register []duty.Event) (EventChanges, error)) (location string, repeated bool, err error) {
	return s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		if _, err := q.BumpVersion(ctx, mandateID); err != nil {
			return "", fmt.Errorf("lock mandate: %w", refusal(err))
		}
		register, err := registerOf(ctx, q, mandateID)
		if err != nil {
			return "", err
		}
		c, err := decide(register)
		if err != nil {
			return "", err
		}
		id, err := q.InsertEventList(ctx, db.InsertEventListParams{
			MandateID: mandateID, FileName: l.FileName, Sha256: l.SHA256[:], Recorded: int32(len(c.Record)), Cancelled: int32(len(c.Cancel)),
			ImportedBy: l.ByID, ImportedAt: l.At,
		})
		if err != nil {
			return "", fmt.Errorf("store the list: %w", refusal(err))
		}
		n, err := q.CancelEvents(ctx, db.CancelEventsParams{By: l.ByID, At: l.At, MandateID: mandateID, Ids: c.Cancel})
		if err != nil {
			return "", fmt.Errorf("cancel events: %w", refusal(err))
		}
		if n != int64(len(c.Cancel)) {
			return "", fmt.Errorf("cancel %d events, %d stand: %w", len(c.Cancel), n, ErrNotFound)
		}
		if err := insertListed(ctx, q, mandateID, id, l, c.Record); err != nil {
			return "", err
		}
		line := sub.Event(fmt.Sprintf("event_list/%d", id))
		line.OnBehalfOf = l.BehalfOf
		line.MandateID, line.Detail = mandateID, map[string]any{"recorded": len(c.Record), "cancelled": c.Cancel}
		return l.Location, audit(ctx, q, line)
	})
}

// listedEvent is an event as InsertListedEvents unpacks it.
type listedEvent struct {
	UID          *string       `json:"uid"`
	Kind         string        `json:"kind"`
	Title        string        `json:"title"`
	From         calendar.Date `json:"from"`
	Until        calendar.Date `json:"until"`
	Place        string        `json:"place"`
	Participants *int          `json:"participants"`
	Targets      []int64       `json:"targets"`
}

func insertListed(ctx context.Context, q *db.Queries, mandateID, listID int64, l EventList, events []duty.Event) error {
	if len(events) == 0 {
		return nil
	}
	rows := make([]listedEvent, len(events))
	for i, e := range events {
		rows[i] = listedEvent{Kind: e.Kind.Code, Title: e.Title, From: e.From, Until: e.Until, Place: e.Place, Targets: e.Targets}
		if e.UID != "" {
			rows[i].UID = &e.UID
		}
		if e.Participants > 0 {
			rows[i].Participants = &e.Participants
		}
		if e.Targets == nil {
			rows[i].Targets = []int64{}
		}
	}
	packed, err := json.Marshal(rows)
	if err != nil {
		return fmt.Errorf("pack the events of the list: %w", err)
	}
	err = q.InsertListedEvents(ctx, db.InsertListedEventsParams{
		Events: packed, MandateID: mandateID, ListID: listID, Lang: string(l.Lang), RecordedBy: l.ByID, OnBehalfOf: orNull(l.BehalfOf), RecordedAt: l.At,
	})
	if err != nil {
		return fmt.Errorf("store the events of the list: %w", refusal(err))
	}
	return nil
}
