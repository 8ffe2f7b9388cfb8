package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/store/db"
	"jalon/internal/trail"
)

// linksAtOnce is how many links are read at once.
const linksAtOnce = 5000

// CheckTrail computes the chain of the audit trail anew, between two days; a
// zero day leaves that end open. What it reads is of one moment.
func (s *Store) CheckTrail(ctx context.Context, from, until calendar.Date) (report trail.Report, err error) {
	err = pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SET LOCAL statement_timeout = '60s'`); err != nil {
			return err
		}
		report, err = checkTrail(ctx, s.queries.WithTx(tx), from, until)
		return err
	})
	if err != nil {
		return report, fmt.Errorf("check the audit trail: %w", err)
	}
	return report, nil
}

func checkTrail(ctx context.Context, q *db.Queries, from, until calendar.Date) (trail.Report, error) {
	signed, err := auditDays(ctx, q, from, until)
	if err != nil {
		return trail.Report{}, err
	}
	var prev trail.Hash
	at := db.TrailLinksParams{Until: until, Most: linksAtOnce, AfterDay: calendar.MustDate(1, time.January, 1)}
	if !from.IsZero() {
		at.AfterDay, at.AfterSeq = from.AddDays(-1), 1<<31-1
		switch last, err := q.LastLinkBefore(ctx, from); {
		case err == nil:
			prev = trail.Hash(last.Hash)
		case !errors.Is(err, pgx.ErrNoRows):
			return trail.Report{}, err
		}
	}
	v := trail.NewVerifier(prev, signed)
	for {
		rows, err := q.TrailLinks(ctx, at)
		if err != nil {
			return trail.Report{}, err
		}
		for _, r := range rows {
			l := trail.Link{EventID: r.EventID, Day: r.Day, Seq: int(r.Seq), Prev: trail.Hash(r.Prev), Hash: trail.Hash(r.Hash)}
			if !r.Found {
				v.Link(l, nil)
				continue
			}
			v.Link(l, &trail.Event{
				ID: r.EventID, At: *r.At, ActorID: r.ActorID, OnBehalfOf: r.OnBehalfOf, Action: r.Action, Object: r.Object,
				MandateID: r.MandateID, RequestID: r.RequestID, Address: r.Address, Detail: r.Detail,
			})
		}
		if len(rows) < linksAtOnce {
			break
		}
		at.AfterDay, at.AfterSeq = rows[len(rows)-1].Day, rows[len(rows)-1].Seq
	}
	loose, err := q.LooseEvents(ctx)
	if err != nil {
		return trail.Report{}, err
	}
	for _, e := range loose {
		if day := calendar.DateOf(e.At); !day.Before(from) && (until.IsZero() || !day.After(until)) {
			v.Loose(trail.Event{ID: e.ID, At: e.At})
		}
	}
	return v.Done(), nil
}

func auditDays(ctx context.Context, q *db.Queries, from, until calendar.Date) ([]trail.Day, error) {
	rows, err := q.AuditDays(ctx, db.AuditDaysParams{Since: from, Until: until})
	if err != nil {
		return nil, err
	}
	days := make([]trail.Day, len(rows))
	for i, r := range rows {
		days[i] = trail.Day{
			Day: r.Day, Events: int(r.Events), Head: trail.Hash(r.Head), SignedAt: r.SignedAt,
			Signature: r.Signature, KeyID: r.KeyID, PublicKey: r.PublicKey,
		}
	}
	return days, nil
}

// AuditDays gives the signed heads of the days between two days; a zero day leaves that end open.
func (s *Store) AuditDays(ctx context.Context, from, until calendar.Date) ([]trail.Day, error) {
	days, err := auditDays(ctx, s.queries, from, until)
	if err != nil {
		return nil, fmt.Errorf("read the signed days: %w", err)
	}
	return days, nil
}

// TrailToSign reports whether a day before the given one has ended without being signed.
func (s *Store) TrailToSign(ctx context.Context, before calendar.Date) (bool, error) {
	days, err := s.queries.UnsignedDays(ctx, before)
	if err != nil {
		return false, fmt.Errorf("look for days to sign: %w", err)
	}
	return len(days) > 0, nil
}

// SignTrail checks the whole trail and, when it is intact, signs the heads of
// the days before the given one that have none. An altered trail is not signed:
// the report says what was found. Several servers may do this at once.
func (s *Store) SignTrail(ctx context.Context, signer monitoring.Signer, before calendar.Date, at time.Time) (signed []trail.Day, report trail.Report, err error) {
	if report, err = s.CheckTrail(ctx, calendar.Date{}, calendar.Date{}); err != nil {
		return nil, report, err
	}
	if err := s.RecordCheck(ctx, report, at); err != nil || !report.Intact() {
		return nil, report, err
	}
	err = s.inTx(ctx, func(_ pgx.Tx, q *db.Queries) error {
		days, err := q.UnsignedDays(ctx, before)
		if err != nil {
			return err
		}
		for _, r := range days {
			d := trail.Day{Day: r.Day, Events: int(r.Seq), Head: trail.Hash(r.Hash)}.Sign(signer, at)
			n, err := q.InsertAuditDay(ctx, db.InsertAuditDayParams{
				Day: d.Day, Events: int32(d.Events), Head: d.Head[:], SignedAt: at, Signature: d.Signature, KeyID: d.KeyID, PublicKey: d.PublicKey,
			})
			if err != nil {
				return fmt.Errorf("%s: %w", d.Day, err)
			}
			if n > 0 {
				signed = append(signed, d)
			}
		}
		return nil
	})
	if err != nil {
		return nil, report, fmt.Errorf("sign the audit trail: %w", err)
	}
	return signed, report, nil
}

// mostKept is how many findings of a check are kept for the page.
const mostKept = 20

// RecordCheck keeps the outcome of a check for the page of the trail.
func (s *Store) RecordCheck(ctx context.Context, r trail.Report, at time.Time) error {
	first, err := json.Marshal(r.Findings[:min(len(r.Findings), mostKept)])
	if err != nil || len(r.Findings) == 0 {
		first = []byte("[]")
	}
	err = s.queries.InsertAuditCheck(ctx, db.InsertAuditCheckParams{At: at, Events: int64(r.Events), Findings: int32(len(r.Findings)), First: first})
	if err != nil {
		return fmt.Errorf("record the check of the audit trail: %w", err)
	}
	return nil
}

// TrailState is how the chain stands, as far as was looked at.
type TrailState struct {
	CheckedAt  time.Time // zero: never
	Events     int       // that were checked
	Findings   int       // 0: intact
	First      []trail.Finding
	LastSigned calendar.Date // zero: no day yet
	Head       trail.Hash    // of that day
	KeyID      string        // that signed it
}

// TrailState reads the last check and the last signed day.
func (s *Store) TrailState(ctx context.Context) (TrailState, error) {
	row, err := s.queries.TrailState(ctx)
	if err != nil {
		return TrailState{}, fmt.Errorf("read how the audit trail stands: %w", err)
	}
	return trailState(row.Checked, row.Signed)
}

func trailState(checked, signed []byte) (t TrailState, err error) {
	var check struct {
		At       time.Time       `json:"at"`
		Events   int             `json:"events"`
		Findings int             `json:"findings"`
		First    []trail.Finding `json:"first"`
	}
	var day struct {
		Day   calendar.Date `json:"day"`
		Head  string        `json:"head"`
		KeyID string        `json:"key_id"`
	}
	if err := errors.Join(unpack(checked, &check), unpack(signed, &day)); err != nil {
		return t, fmt.Errorf("read how the audit trail stands: %w", err)
	}
	t = TrailState{CheckedAt: check.At, Events: check.Events, Findings: check.Findings, First: check.First, LastSigned: day.Day, KeyID: day.KeyID}
	t.Head, _ = trail.ParseHash(day.Head)
	return t, nil
}

// TrailChoices is what the audit trail can be asked for, and how its chain stands.
type TrailChoices struct {
	People   []Named           // everybody, by name; without address
	Actions  []string          // that occur
	Mandates []mandate.Mandate // of a scope, in the order of the list; code and title only
	State    TrailState
}

// TrailChoices reads them in one statement.
func (s *Store) TrailChoices(ctx context.Context, scope access.Scope) (c TrailChoices, err error) {
	row, err := s.queries.TrailChoices(ctx, db.TrailChoicesParams{Everything: scope.All, Institutions: scope.Institutions, Mandates: scope.Mandates})
	if err != nil {
		return c, fmt.Errorf("read what the audit trail can be asked for: %w", err)
	}
	var mandates []words
	if err := errors.Join(unpack(row.People, &c.People), unpack(row.Mandates, &mandates)); err != nil {
		return c, fmt.Errorf("read what the audit trail can be asked for: %w", err)
	}
	for _, m := range mandates {
		c.Mandates = append(c.Mandates, mandate.Mandate{Code: m.Code, Title: m.text()})
	}
	c.Actions = row.Actions
	c.State, err = trailState(row.Checked, row.Signed)
	return c, err
}
