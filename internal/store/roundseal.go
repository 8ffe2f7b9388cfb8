package store

import (
	"context"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"jalon/internal/calendar"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
	"jalon/internal/store/db"
)

// SealRound freezes the whole table of a body, in one transaction: it takes the
// round from presented to sealed, seals the table of every mandate that is not
// sealed yet, and signs what names them all. ErrConflict when somebody took a
// step meanwhile. Of the request, Code and ID are not looked at.
func (s *Store) SealRound(ctx context.Context, sub Submission, round Round, r SealRequest) (location string, repeated bool, err error) {
	return s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		if err := stepFrom(ctx, q, round, monitoring.RoundSealed, sub.PersonID, r.At, ""); err != nil {
			return "", err
		}
		parts, _, err := roundParts(ctx, q, round, progress.DayOf(round.Period, calendar.DateOf(r.At)), calendar.Date{})
		if err != nil {
			return "", err
		}
		table := monitoring.RoundTable{
			Software: r.Software, Institution: monitoring.Institution{Code: round.Institution.Code, Name: round.Institution.Name},
			Body: round.Body, Period: round.Period, Dates: round.RoundDates,
		}
		r.Board, r.Period = round.board(), round.Period
		for _, p := range parts {
			line, err := sealPart(ctx, q, sub, round, r, p)
			if err != nil {
				return "", err
			}
			table.Mandates = append(table.Mandates, line)
		}
		number := round.Body.Code + "-" + round.Period.String()
		document, seal, err := r.Signer.SealRound(table, monitoring.Sealing{Number: number, Version: 1, SealedAt: r.At, SealedBy: r.By})
		if err != nil {
			return "", err
		}
		sum, err := hex.DecodeString(seal.SHA256)
		if err != nil {
			return "", err
		}
		err = q.InsertRoundSeal(ctx, db.InsertRoundSealParams{
			RoundID: round.ID, Number: number, SealedAt: r.At, SealedBy: sub.PersonID,
			Document: document, Sha256: sum, Signature: seal.Signature, KeyID: seal.KeyID, PublicKey: seal.PublicKey,
		})
		if err != nil {
			return "", fmt.Errorf("seal %s: %w", round.object(), err)
		}
		event := sub.Event(round.object())
		event.Detail = map[string]any{"number": number, "sha256": seal.SHA256, "key": seal.KeyID, "mandates": len(parts)}
		return r.Location, audit(ctx, q, event)
	})
}

// sealPart gives the line of a mandate, whose table it seals when nobody has before.
func sealPart(ctx context.Context, q *db.Queries, sub Submission, round Round, r SealRequest, p RoundPart) (monitoring.RoundLine, error) {
	if p.Number == "" {
		r.Code, r.ID = p.Code, p.MandateID
		if err := sealWithin(ctx, q, sub, r, &round); err != nil {
			return monitoring.RoundLine{}, err
		}
	}
	sealed, err := sealedPart(ctx, q, round, p.MandateID)
	if err != nil {
		return monitoring.RoundLine{}, fmt.Errorf("read the seal of %s: %w", p.Code, err)
	}
	t, err := monitoring.Parse(sealed.Document)
	if err != nil {
		return monitoring.RoundLine{}, fmt.Errorf("read the sealed table of %s: %w", p.Code, err)
	}
	var submitted time.Time
	if p.Last == monitoring.Submitted {
		submitted = p.At
	}
	return monitoring.LineOf(t, sealed.Seal.Number, sealed.Seal.SHA256, submitted), nil
}

// sealedPart is the sealed table of a mandate that a round names: its own one
// of a body that gets only what is addressed to it, else the whole.
func sealedPart(ctx context.Context, q *db.Queries, round Round, mandateID int64) (SealedTable, error) {
	if round.Scope != ScopeAddressed {
		return wholeSeal(ctx, q, mandateID, round.Period)
	}
	sealed, err := bodySealed(ctx, q, round.BodyID, round.Period)
	if t, ok := sealed[mandateID]; ok || err != nil {
		return t, err
	}
	return SealedTable{}, ErrNotFound
}

// board names the body of a round for the tables that are sealed in it.
func (r Round) board() Board {
	return Board{ID: r.BodyID, Institution: r.Institution, Body: r.Body, Scope: r.Scope}
}

// RoundSeal gives the sealed table of a body: its document and its seal. ErrNotFound when the round is not sealed.
func (s *Store) RoundSeal(ctx context.Context, round Round) ([]byte, monitoring.Seal, error) {
	r, err := s.queries.RoundSealOf(ctx, round.ID)
	if err != nil {
		return nil, monitoring.Seal{}, fmt.Errorf("read the seal of %s: %w", round.object(), refusal(err))
	}
	return r.Document, monitoring.Seal{
		Sealing: monitoring.Sealing{Number: r.Number, Version: 1, SealedAt: r.SealedAt, SealedBy: r.SealedBy},
		SHA256:  hex.EncodeToString(r.Sha256), Signature: r.Signature, KeyID: r.KeyID, PublicKey: r.PublicKey,
	}, nil
}
