package store

import (
	"context"
	"encoding/hex"
	"fmt"

	"github.com/jackc/pgx/v5"

	"jalon/internal/calendar"
	"jalon/internal/monitoring"
	"jalon/internal/store/db"
)

// unpackErrata reads errata as a statement packs them beside the sealed table.
func unpackErrata(raw []byte) ([]monitoring.Erratum, error) {
	var rows []struct {
		Document  []byte `json:"document"`
		Signature string `json:"signature"`
		KeyID     string `json:"key_id"`
		PublicKey string `json:"public_key"`
	}
	if err := unpack(raw, &rows); err != nil {
		return nil, err
	}
	all := make([]monitoring.Erratum, len(rows))
	for i, r := range rows {
		var err error
		if all[i], err = monitoring.ParseErratum(r.Document, r.Signature, r.KeyID, r.PublicKey); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// AnyErrata tells in one statement whether the whole tables of any of these
// mandates had errata at a moment.
func (s *Store) AnyErrata(ctx context.Context, heads []TableHead, period calendar.HalfYear, m Moment) (bool, error) {
	mandates := make([]int64, len(heads))
	for i, h := range heads {
		mandates[i] = h.Object.MandateID
	}
	some, err := s.queries.AnyErrata(ctx, db.AnyErrataParams{Mandates: mandates, Period: period.Start(), Until: m.acts()})
	if err != nil {
		return false, fmt.Errorf("look for errata of %s: %w", period, err)
	}
	return some, nil
}

// AnyBodyErrata tells the same of the tables of what goes to a body.
func (s *Store) AnyBodyErrata(ctx context.Context, bodyID int64, period calendar.HalfYear, m Moment) (bool, error) {
	some, err := s.queries.AnyBodyErrata(ctx, db.AnyBodyErrataParams{BodyID: bodyID, Period: period.Start(), Until: m.acts()})
	if err != nil {
		return false, fmt.Errorf("look for errata of body %d in %s: %w", bodyID, period, err)
	}
	return some, nil
}

// ErratumRequest asks to add an erratum to a sealed table. Its number and the
// table it is of are found here.
type ErratumRequest struct {
	Code     string // of the mandate
	ID       int64
	BodyID   int64 // of a body that gets a part of the mandate; 0 for the whole table
	Period   calendar.HalfYear
	Erratum  monitoring.Erratum
	Signer   monitoring.Signer
	Location string
}

// AddErratum numbers, signs and stores an erratum. The sealed table is not
// touched. ErrNotFound when the half-year is not sealed.
func (s *Store) AddErratum(ctx context.Context, sub Submission, r ErratumRequest) (location string, repeated bool, err error) {
	return s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		if _, err := q.BumpVersion(ctx, r.ID); err != nil {
			return "", fmt.Errorf("lock mandate: %w", refusal(err))
		}
		seal, err := q.SealForErratum(ctx, db.SealForErratumParams{MandateID: r.ID, BodyID: r.BodyID, Period: r.Period.Start()})
		if err != nil {
			return "", fmt.Errorf("find the sealed table: %w", refusal(err))
		}
		e := r.Erratum
		e.Number = int(seal.Errata) + 1
		e.Table = monitoring.Reference{Number: seal.Number, Version: 1, SHA256: hex.EncodeToString(seal.Sha256), Period: r.Period}
		if e, err = r.Signer.SignErratum(e); err != nil {
			return "", err
		}
		code := ""
		if e.Code.Objective > 0 {
			code = e.Code.String()
		}
		err = q.InsertErratum(ctx, db.InsertErratumParams{
			MandateID: r.ID, SealID: seal.ID, Number: int16(e.Number), Code: code, RecordedBy: sub.PersonID, RecordedAt: e.At,
			Document: e.Document, Signature: e.Signature, KeyID: e.KeyID, PublicKey: e.PublicKey,
		})
		if err != nil {
			return "", fmt.Errorf("add erratum %d to %s: %w", e.Number, seal.Number, refusal(err))
		}
		event := sub.Event("table/" + r.Code + "/" + r.Period.String())
		event.MandateID, event.Detail = r.ID, map[string]any{"number": fmt.Sprintf("%s/%d", seal.Number, e.Number), "key": e.KeyID}
		return r.Location, audit(ctx, q, event)
	})
}
