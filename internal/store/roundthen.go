package store

import (
	"context"
	"fmt"
	"time"

	"jalon/internal/calendar"
	"jalon/internal/store/db"
)

// This file gives rounds as they were. A round keeps every step, every change
// of its days and mandates with what was before, and every step of a part; so
// each of them is known for every instant. The names of its body are not kept.

// RoundsAt lists the rounds that were open by an instant as they were then, the
// latest half-year first.
func (s *Store) RoundsAt(ctx context.Context, at time.Time) ([]Round, error) {
	return s.roundsThen(ctx, 0, at)
}

// RoundAt gives a round as it was at an instant. ErrNotFound when it was not open yet.
func (s *Store) RoundAt(ctx context.Context, r Round, at time.Time) (Round, error) {
	all, err := s.roundsThen(ctx, r.ID, at)
	if err == nil && len(all) == 0 {
		err = fmt.Errorf("find %s at %s: %w", r.object(), at, ErrNotFound)
	}
	if err != nil {
		return Round{}, err
	}
	return all[0], nil
}

func (s *Store) roundsThen(ctx context.Context, id int64, at time.Time) ([]Round, error) {
	rows, err := s.queries.RoundRowsThen(ctx, db.RoundRowsThenParams{RoundID: id, Acts: at})
	if err != nil {
		return nil, fmt.Errorf("read the rounds of %s: %w", at, err)
	}
	all := make([]Round, len(rows))
	for i, r := range rows {
		all[i] = roundOf(db.RoundHeadRow{
			ID: r.ID, Period: r.Period, State: r.State, OpensOn: r.OpensOn, DueOn: r.DueOn, GraceUntil: r.GraceUntil, MeetsOn: r.MeetsOn,
			BodyID: r.BodyID, Scope: r.Scope, InstitutionID: r.InstitutionID, BodyCode: r.BodyCode, BodyNl: r.BodyNl, BodyFr: r.BodyFr,
			InstitutionCode: r.InstitutionCode, InstitutionNl: r.InstitutionNl, InstitutionFr: r.InstitutionFr,
		})
		all[i].Mandates, all[i].Submitted, all[i].asked = len(r.Asked), int(r.Submitted), r.Asked
	}
	return all, nil
}

// roundPartsAt gives the parts of a round at a moment: as they stand when its
// acts have no end, else as they were.
func roundPartsAt(ctx context.Context, q *db.Queries, r Round, asOf calendar.Date, m Moment, peopleOn calendar.Date) (parts []RoundPart, complete bool, err error) {
	if m.Acts.IsZero() {
		return roundParts(ctx, q, r, asOf, peopleOn)
	}
	rows, err := q.RoundPartRowsThen(ctx, db.RoundPartRowsThenParams{RoundID: r.ID, Codes: r.asked, AsOf: asOf, Acts: m.Acts})
	if err != nil {
		return nil, false, fmt.Errorf("read the parts of round %d as they were: %w", r.ID, err)
	}
	same := make([]db.RoundPartRowsRow, len(rows))
	for i, row := range rows {
		same[i] = db.RoundPartRowsRow(row)
	}
	return partsOf(same, asOf)
}
