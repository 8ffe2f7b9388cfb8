package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/trail"
)

// EventQuestion asks for events of the audit trail, the latest first. What is zero asks for nothing in particular.
type EventQuestion struct {
	PersonID    int64  // who did it, had it done, or to whom it was done
	Action      string // exactly
	MandateCode string
	From, Until calendar.Date // both included
	Refusals    bool          // nothing but refusals
	Actions     []string      // any of these
	NotBy       int64         // not by this person
	Most        int           // at most so many; one more is looked for
	Before      EventKey      // that follow on this one
	After       EventKey      // that stand before it
}

// EventKey is the place of an event in a list, from which the list goes on.
type EventKey struct {
	At time.Time
	ID int64
}

// String writes the key for an address.
func (k EventKey) String() string {
	return strconv.FormatInt(k.At.UnixMicro(), 10) + "-" + strconv.FormatInt(k.ID, 10)
}

// ParseEventKey reads what String wrote.
func ParseEventKey(text string) (EventKey, bool) {
	at, id, ok := strings.Cut(text, "-")
	micros, err1 := strconv.ParseInt(at, 10, 64)
	number, err2 := strconv.ParseInt(id, 10, 64)
	if !ok || err1 != nil || err2 != nil || number <= 0 || micros <= 0 || micros > 1<<53 {
		return EventKey{}, false
	}
	return EventKey{time.UnixMicro(micros), number}, true
}

// RecordedEvent is an event as it is shown.
type RecordedEvent struct {
	EventKey
	ActorID            int64
	Actor, OnBehalfOf  string // names; "" for nobody
	Action, Object     string
	MandateCode        string
	Institution        bilingual.Text // of the mandate
	Body               bilingual.Text // that the tables of the mandate go to
	RequestID, Address string
	Detail             map[string]any
	Day                calendar.Date // of its link
	Seq                int
	Hash               trail.Hash
}

const eventColumns = `
	SELECT e.id, e.at, COALESCE(e.actor_id, 0), COALESCE(a.name, ''), COALESCE(o.name, ''), e.action, e.object,
		COALESCE(m.code, ''), COALESCE(i.name_nl, ''), COALESCE(i.name_fr, ''), COALESCE(b.name_nl, ''), COALESCE(b.name_fr, ''),
		e.request_id, e.address, e.detail, l.day, COALESCE(l.seq, 0), l.hash
	FROM audit_event e
	LEFT JOIN person a ON a.id = e.actor_id
	LEFT JOIN person o ON o.id = e.on_behalf_of
	LEFT JOIN mandate m ON m.id = e.mandate_id
	LEFT JOIN institution i ON i.id = m.institution_id
	LEFT JOIN LATERAL (SELECT name_nl, name_fr FROM body WHERE institution_id = i.id AND scope = 'all' ORDER BY id LIMIT 1) b ON true
	LEFT JOIN audit_link l ON l.event_id = e.id`

// Events lists events of the audit trail, and says whether the list goes on in
// the direction in which it was read. Each question becomes a statement of its
// own, so that each filter finds its index.
func (s *Store) Events(ctx context.Context, q EventQuestion) (events []RecordedEvent, more bool, err error) {
	sql, args := q.statement()
	rows, _ := s.pool.Query(ctx, sql, args...)
	events, err = pgx.CollectRows(rows, scanEvent)
	if err != nil {
		return nil, false, fmt.Errorf("list the audit trail: %w", err)
	}
	if more = len(events) > q.Most; more {
		events = events[:q.Most]
	}
	if q.After.ID != 0 {
		slices.Reverse(events)
	}
	return events, more, nil
}

func (q EventQuestion) statement() (sql string, args []any) {
	var where []string
	also := func(condition string, values ...any) {
		for _, v := range values {
			args = append(args, v)
			condition = strings.Replace(condition, "?", "$"+strconv.Itoa(len(args)), 1)
		}
		where = append(where, condition)
	}
	if q.PersonID != 0 {
		also("(e.actor_id = ? OR e.on_behalf_of = ? OR e.object = ?)", q.PersonID, q.PersonID, personObject(q.PersonID))
	}
	if q.Action != "" {
		also("e.action = ?", q.Action)
	}
	if q.MandateCode != "" {
		also("e.mandate_id = (SELECT id FROM mandate WHERE code = ?)", q.MandateCode)
	}
	if !q.From.IsZero() {
		also("e.at >= ?", instantOf(q.From))
	}
	if !q.Until.IsZero() {
		also("e.at < ?", instantOf(q.Until.AddDays(1)))
	}
	if q.Refusals {
		also("e.action = ANY(?)", []string{ActionRefused, ActionSignInRefused})
	}
	if len(q.Actions) > 0 {
		also("e.action = ANY(?)", q.Actions)
	}
	if q.NotBy != 0 {
		also("e.actor_id IS DISTINCT FROM ?", q.NotBy)
	}
	order := " DESC"
	switch {
	case q.Before.ID != 0:
		also("(e.at, e.id) < (?, ?)", q.Before.At, q.Before.ID)
	case q.After.ID != 0:
		also("(e.at, e.id) > (?, ?)", q.After.At, q.After.ID)
		order = " ASC"
	}
	sql = eventColumns
	if len(where) > 0 {
		sql += "\nWHERE " + strings.Join(where, " AND ")
	}
	args = append(args, q.Most+1)
	return sql + "\nORDER BY e.at" + order + ", e.id" + order + "\nLIMIT $" + strconv.Itoa(len(args)), args
}

// instantOf gives the moment at which a Brussels day begins.
func instantOf(d calendar.Date) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, calendar.Brussels)
}

func scanEvent(row pgx.CollectableRow) (e RecordedEvent, err error) {
	var instNL, instFR, bodyNL, bodyFR string
	var detail, hash []byte
	err = row.Scan(&e.ID, &e.At, &e.ActorID, &e.Actor, &e.OnBehalfOf, &e.Action, &e.Object,
		&e.MandateCode, &instNL, &instFR, &bodyNL, &bodyFR,
		&e.RequestID, &e.Address, &detail, &e.Day, &e.Seq, &hash)
	if err != nil {
		return e, err
	}
	e.Institution = text(instNL, instFR, string(bilingual.Original), string(bilingual.Original))
	e.Body = text(bodyNL, bodyFR, string(bilingual.Original), string(bilingual.Original))
	if len(hash) == len(e.Hash) {
		e.Hash = trail.Hash(hash)
	}
	if err := json.Unmarshal(detail, &e.Detail); err != nil {
		return e, fmt.Errorf("read event %d: %w", e.ID, err)
	}
	return e, nil
}
