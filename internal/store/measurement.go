package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"

	"jalon/internal/bilingual"
	"jalon/internal/indicator"
	"jalon/internal/store/db"
)

// ValueBatch is values of one indicator that a person or a machine records together.
type ValueBatch struct {
	MandateID   int64
	IndicatorID int64
	Code        string // of the indicator, for the trail
	Values      []indicator.Measurement
	// Seen asks that each value takes the place of the one in its Supersedes (0: of none),
	// and is a conflict otherwise. Without it the last value of the day is superseded.
	Seen     bool
	Channel  string // page, import or api
	Lang     bilingual.Lang
	ByID     int64     // 0 for a machine
	BehalfOf int64     // the holder, when a delegate records; else 0
	TokenID  int64     // that the values came with; 0 for none
	At       time.Time // of every value that has no time of its own
	Location string
}

// What became of a value.
const (
	ValueCreated   = "created"
	ValueReplaced  = "replaced"
	ValueUnchanged = "unchanged"
)

// RecordValues stores values, all or none, and tells what became of each. A value
// that stands already is left alone, so that the same batch sent twice is one.
// ErrConflict when somebody recorded another value of a day meanwhile.
func (s *Store) RecordValues(ctx context.Context, sub Submission, b ValueBatch) (outcomes []string, location string, repeated bool, err error) {
	location, repeated, err = s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		if _, err := q.BumpVersion(ctx, b.MandateID); err != nil {
			return "", fmt.Errorf("lock mandate: %w", refusal(err))
		}
		outcomes = outcomes[:0]
		stored := 0
		for _, m := range b.Values {
			outcome, err := recordValue(ctx, q, b, m)
			if err != nil {
				return "", fmt.Errorf("value of %s: %w", m.On, err)
			}
			if outcome != ValueUnchanged {
				stored++
			}
			outcomes = append(outcomes, outcome)
		}
		if stored == 0 {
			return b.Location, nil
		}
		line := sub.Event("indicator/" + b.Code)
		line.MandateID, line.OnBehalfOf, line.Detail = b.MandateID, b.BehalfOf, map[string]any{"values": stored}
		if b.TokenID != 0 {
			line.Detail["token"] = b.TokenID
		}
		return b.Location, audit(ctx, q, line)
	})
	return outcomes, location, repeated, err
}

func recordValue(ctx context.Context, q *db.Queries, b ValueBatch, m indicator.Measurement) (outcome string, err error) {
	last, err := q.LastMeasurement(ctx, db.LastMeasurementParams{IndicatorID: b.IndicatorID, OnDate: m.On})
	known := err == nil
	switch {
	case err != nil && !errors.Is(err, pgx.ErrNoRows):
		return "", refusal(err)
	case known && sameValue(last, m), !known && m.Withdrawn:
		return ValueUnchanged, nil
	case b.Seen && m.Supersedes != last.ID:
		return "", ErrConflict
	}
	p := db.InsertMeasurementParams{
		MandateID: b.MandateID, IndicatorID: b.IndicatorID, OnDate: m.On, Value: nullDecimal(m.Value), Numerator: nullDecimal(m.Numerator),
		Denominator: nullDecimal(m.Denominator), Withdrawn: m.Withdrawn, Note: m.Note, Lang: string(b.Lang), Channel: b.Channel,
		RecordedBy: orNull(b.ByID), TokenID: orNull(b.TokenID), RecordedAt: b.At, Supersedes: orNull(last.ID),
	}
	if !m.At.IsZero() {
		p.RecordedAt = m.At
	}
	if m.People > 0 {
		n := int32(m.People)
		p.People = &n
	}
	if _, err := q.InsertMeasurement(ctx, p); err != nil {
		return "", refusal(err)
	}
	if known && !last.Withdrawn {
		return ValueReplaced, nil
	}
	return ValueCreated, nil
}

// sameValue reports whether nothing would change.
func sameValue(last db.LastMeasurementRow, m indicator.Measurement) bool {
	same := func(a decimal.NullDecimal, b *decimal.Decimal) bool {
		return a.Valid == (b != nil) && (b == nil || a.Decimal.Equal(*b))
	}
	people := int32(0)
	if last.People != nil {
		people = *last.People
	}
	return last.Withdrawn == m.Withdrawn && last.Note == m.Note && int(people) == m.People &&
		same(last.Value, m.Value) && same(last.Numerator, m.Numerator) && same(last.Denominator, m.Denominator)
}
