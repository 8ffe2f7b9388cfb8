package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"jalon/internal/store/db"
)

// Event is one line of the audit trail. It names people by number and holds
// nothing that they wrote.
type Event struct {
	ActorID   int64  // 0: the system, or nobody signed in
	Action    string // such as "seal table"
	Object    string // such as mandate/ACTIRIS-A4-EL/2026-H1
	MandateID int64  // 0: none
	RequestID string // of the log line
	Detail    map[string]any
}

// Audit records an event that belongs to no write, such as a refusal. A write
// records its events in its own transaction instead.
func (s *Store) Audit(ctx context.Context, e Event) error { return audit(ctx, s.queries, e) }

// audit records an event where q writes: inside the transaction of what happened.
func audit(ctx context.Context, q *db.Queries, e Event) error {
	detail := []byte("{}")
	if len(e.Detail) > 0 {
		var err error
		if detail, err = json.Marshal(e.Detail); err != nil {
			return fmt.Errorf("record %q in the audit trail: %w", e.Action, err)
		}
	}
	err := q.RecordEvent(ctx, db.RecordEventParams{
		ActorID: e.ActorID, Action: e.Action, Object: e.Object, MandateID: e.MandateID, RequestID: e.RequestID, Detail: detail,
	})
	if err != nil {
		return fmt.Errorf("record %q in the audit trail: %w", e.Action, err)
	}
	return nil
}

// Note records an event together with its submission, and nothing else: for
// work of several transactions that is whole now.
func (s *Store) Note(ctx context.Context, sub Submission, object string) error {
	_, _, err := s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		return "", audit(ctx, q, sub.Event(object))
	})
	return err
}
