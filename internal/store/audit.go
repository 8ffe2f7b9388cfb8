package store

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/netip"
	"strconv"

	"github.com/jackc/pgx/v5"

	"jalon/internal/access"
	"jalon/internal/store/db"
)

// Event is one line of the audit trail. It names people by number and holds
// nothing that they wrote.
type Event struct {
	ActorID    int64  // 0: the system, or nobody signed in
	OnBehalfOf int64  // for whom the actor did it; 0: for themself
	Action     string // such as "seal table"
	Object     string // such as mandate/ACTIRIS-A4-EL/2026-H1
	MandateID  int64  // 0: none
	RequestID  string // of the log line; "" takes that of the context
	Detail     map[string]any
	// Small values that the event replaced, and what by: a state, a day, a role.
	Before, After map[string]any
}

// Origin is where a request comes from. It travels in the context, so that
// every event of the request has it.
type Origin struct {
	RequestID string
	Address   string // as ShortAddress gives it
}

type originKey struct{}

// WithOrigin gives a context whose events bear the origin.
func WithOrigin(ctx context.Context, o Origin) context.Context {
	return context.WithValue(ctx, originKey{}, o)
}

// ShortAddress keeps of an address what tells an office from elsewhere: the
// first 24 bits of IPv4, the first 48 of IPv6. No address gives "".
func ShortAddress(ip netip.Addr) string {
	bits := 48
	if ip = ip.Unmap(); ip.Is4() {
		bits = 24
	}
	p, err := ip.WithZone("").Prefix(bits)
	if err != nil || !p.IsValid() {
		return ""
	}
	return p.String()
}

// Audit records an event that belongs to no write, such as a refusal. A write
// records its events in its own transaction instead.
func (s *Store) Audit(ctx context.Context, e Event) error { return audit(ctx, s.queries, e) }

// audit records an event where q writes: inside the transaction of what happened.
func audit(ctx context.Context, q *db.Queries, e Event) error {
	p, err := eventParams(ctx, e)
	if err == nil {
		err = execAll(q.RecordEvent(ctx, []db.RecordEventParams{p}))
	}
	if err != nil {
		return fmt.Errorf("record %q in the audit trail: %w", e.Action, err)
	}
	return nil
}

func eventParams(ctx context.Context, e Event) (db.RecordEventParams, error) {
	origin, _ := ctx.Value(originKey{}).(Origin)
	if e.RequestID == "" {
		e.RequestID = origin.RequestID
	}
	detail := maps.Clone(e.Detail)
	if detail == nil {
		detail = map[string]any{}
	}
	for name, values := range map[string]map[string]any{"before": e.Before, "after": e.After} {
		if len(values) > 0 {
			detail[name] = values
		}
	}
	packed, err := json.Marshal(detail)
	return db.RecordEventParams{
		ActorID: e.ActorID, OnBehalfOf: e.OnBehalfOf, Action: e.Action, Object: e.Object, MandateID: e.MandateID,
		RequestID: e.RequestID, Address: origin.Address, Detail: packed,
	}, err
}

// quietMinutes is how long the same event of the same person is not recorded again.
const quietMinutes = 15

// auditOnce records an event unless the person's last quarter of an hour has
// the same one: for what a page does again and again, such as saving a draft.
func auditOnce(ctx context.Context, q *db.Queries, e Event) error {
	p, err := eventParams(ctx, e)
	if err == nil {
		err = q.RecordEventOnce(ctx, db.RecordEventOnceParams{
			ActorID: p.ActorID, OnBehalfOf: p.OnBehalfOf, Action: p.Action, Object: p.Object, MandateID: p.MandateID,
			RequestID: p.RequestID, Address: p.Address, Detail: p.Detail, Minutes: quietMinutes,
		})
	}
	if err != nil {
		return fmt.Errorf("record %q in the audit trail: %w", e.Action, err)
	}
	return nil
}

// Reading is that a person is about to be shown content of a dossier.
type Reading struct {
	PersonID  int64
	Role      access.Role // in which they may
	Object    string      // what is shown, such as evaluation/17
	MandateID int64       // whose dossier it is
	Purpose   string      // such as "evaluation"
}

// AuditRead records a reading, once for each person, object and purpose within
// a quarter of an hour. Call it before the content is shown, and show nothing
// when it gives an error: what cannot be accounted for is not read.
func (s *Store) AuditRead(ctx context.Context, r Reading) error {
	e := Event{
		ActorID: r.PersonID, Action: ActionRead, Object: r.Object, MandateID: r.MandateID,
		Detail: map[string]any{"role": r.Role, "purpose": r.Purpose},
	}
	return s.inTx(ctx, func(_ pgx.Tx, q *db.Queries) error {
		if err := q.LockReading(ctx, strconv.FormatInt(r.PersonID, 10)+" "+r.Object+" "+r.Purpose); err != nil {
			return fmt.Errorf("record the reading of %s: %w", r.Object, err)
		}
		return auditOnce(ctx, q, e)
	})
}

// Actions of the trail that other rooms ask for by name.
const (
	ActionRead             = "read dossier"
	ActionExportTable      = "export table"
	ActionExportEvaluation = "export evaluation"
	ActionRefused          = "refused"
	ActionSignInRefused    = "sign-in refused"
)

// Note records an event together with its submission, and nothing else: for
// work of several transactions that is whole now.
func (s *Store) Note(ctx context.Context, sub Submission, object string) error {
	_, _, err := s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		return "", audit(ctx, q, sub.Event(object))
	})
	return err
}
