package store

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
	"jalon/internal/store/db"
)

// SealedTable is a sealed half-year: the bytes that were signed and the seal beside them.
type SealedTable struct {
	Period   calendar.HalfYear
	Document []byte
	Seal     monitoring.Seal
}

// Seals lists the sealed half-years of a mandate, the latest first, without
// their documents.
func (s *Store) Seals(ctx context.Context, mandateID int64) ([]SealedTable, error) {
	return seals(ctx, s.queries, mandateID)
}

func seals(ctx context.Context, q *db.Queries, mandateID int64) ([]SealedTable, error) {
	rows, err := q.Seals(ctx, mandateID)
	if err != nil {
		return nil, fmt.Errorf("list seals: %w", err)
	}
	all := make([]SealedTable, len(rows))
	for i, r := range rows {
		all[i] = SealedTable{Period: calendar.HalfYearOf(r.Period), Seal: monitoring.Seal{
			Sealing: monitoring.Sealing{Number: r.Number, Version: 1, SealedAt: r.SealedAt, SealedBy: r.SealedBy},
			SHA256:  hex.EncodeToString(r.Sha256), Signature: r.Signature, KeyID: r.KeyID, PublicKey: r.PublicKey,
		}}
	}
	return all, nil
}

// Seal gives the sealed table of a half-year. ErrNotFound when it is not sealed.
func (s *Store) Seal(ctx context.Context, mandateID int64, period calendar.HalfYear) (SealedTable, error) {
	r, err := s.queries.SealOf(ctx, db.SealOfParams{MandateID: mandateID, Period: period.Start()})
	if err != nil {
		return SealedTable{}, fmt.Errorf("read seal of %s: %w", period, refusal(err))
	}
	return SealedTable{Period: period, Document: r.Document, Seal: monitoring.Seal{
		Sealing: monitoring.Sealing{Number: r.Number, Version: 1, SealedAt: r.SealedAt, SealedBy: r.SealedBy},
		SHA256:  hex.EncodeToString(r.Sha256), Signature: r.Signature, KeyID: r.KeyID, PublicKey: r.PublicKey,
	}}, nil
}

// Table gives the monitoring table of a half-year as it stands on a day, not
// sealed, with the sheet it was made from. The day must not lie before the half-year.
func (s *Store) Table(ctx context.Context, code string, period calendar.HalfYear, today calendar.Date) (monitoring.Table, error) {
	t, _, err := table(ctx, s.queries, code, period, today)
	return t, err
}

func table(ctx context.Context, q *db.Queries, code string, period calendar.HalfYear, today calendar.Date) (monitoring.Table, int64, error) {
	object, err := q.MandateObject(ctx, code)
	if err != nil {
		return monitoring.Table{}, 0, fmt.Errorf("find mandate %q: %w", code, refusal(err))
	}
	past, err := seals(ctx, q, object.ID)
	if err != nil {
		return monitoring.Table{}, 0, err
	}
	question := SheetQuestion{Code: code, AsOf: progress.DayOf(period, today)}
	var previous *monitoring.Reference
	for _, sealed := range past {
		if sealed.Period.Before(period) {
			previous = &monitoring.Reference{Number: sealed.Seal.Number, Version: 1, SHA256: sealed.Seal.SHA256, Period: sealed.Period}
			question.Before = sealed.Period.End()
			break
		}
	}
	sheet, _, err := sheet(ctx, q, question)
	if err != nil {
		return monitoring.Table{}, 0, err
	}
	body, bodyID, err := bodyOf(ctx, q, object.ID)
	if err != nil {
		return monitoring.Table{}, 0, err
	}
	return monitoring.FromSheet(sheet, period, body, previous), bodyID, nil
}

func bodyOf(ctx context.Context, q *db.Queries, mandateID int64) (monitoring.Body, int64, error) {
	b, err := q.BodyOf(ctx, mandateID)
	if errors.Is(err, pgx.ErrNoRows) {
		return monitoring.Body{}, 0, nil
	}
	if err != nil {
		return monitoring.Body{}, 0, fmt.Errorf("find the body: %w", err)
	}
	return monitoring.Body{Code: b.Code, Name: bilingual.Text{NL: b.NameNl, FR: b.NameFr, NLState: bilingual.Original, FRState: bilingual.Original}}, b.ID, nil
}

// SealRequest asks to seal one half-year of one mandate.
type SealRequest struct {
	Code     string // of the mandate
	ID       int64
	Period   calendar.HalfYear
	At       time.Time
	By       string // name of the secretary
	Software string // version of the program
	Signer   monitoring.Signer
	Location string // where the answer sends the browser
}

// SealTable freezes the table of a half-year: it gathers the rows, signs them
// and stores the bytes while no entry can be recorded. ErrExists when the
// half-year is sealed already.
func (s *Store) SealTable(ctx context.Context, sub Submission, r SealRequest) (location string, repeated bool, err error) {
	return s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		if _, err := q.BumpVersion(ctx, r.ID); err != nil {
			return "", fmt.Errorf("lock mandate: %w", refusal(err))
		}
		t, bodyID, err := table(ctx, q, r.Code, r.Period, calendar.DateOf(r.At))
		if err != nil {
			return "", err
		}
		t.Software = r.Software
		number, err := nextNumber(ctx, q, bodyID, t.Body.Code, r.Period)
		if err != nil {
			return "", err
		}
		document, seal, err := r.Signer.Seal(t, monitoring.Sealing{Number: number, Version: 1, SealedAt: r.At, SealedBy: r.By})
		if err != nil {
			return "", err
		}
		sum, err := hex.DecodeString(seal.SHA256)
		if err != nil {
			return "", err
		}
		err = q.InsertSeal(ctx, db.InsertSealParams{
			MandateID: r.ID, BodyID: bodyID, Period: r.Period.Start(), Number: number, SealedAt: r.At, SealedBy: sub.PersonID,
			Document: document, Sha256: sum, Signature: seal.Signature, KeyID: seal.KeyID, PublicKey: seal.PublicKey,
		})
		if err != nil {
			return "", fmt.Errorf("seal %s %s: %w", r.Code, r.Period, refusal(err))
		}
		event := sub.Event("table/" + r.Code + "/" + r.Period.String())
		event.MandateID, event.Detail = r.ID, map[string]any{"number": number, "sha256": seal.SHA256, "key": seal.KeyID}
		return r.Location, audit(ctx, q, event)
	})
}

// nextNumber gives the number of the next table of a body in a half-year, such
// as DR-2026-H1-002. The body stays locked until the transaction ends, so
// numbers have no gaps and no doubles.
func nextNumber(ctx context.Context, q *db.Queries, bodyID int64, body string, period calendar.HalfYear) (string, error) {
	if err := q.LockBody(ctx, bodyID); err != nil {
		return "", fmt.Errorf("lock body %s: %w", body, refusal(err))
	}
	n, err := q.CountSeals(ctx, db.CountSealsParams{BodyID: bodyID, Period: period.Start()})
	if err != nil {
		return "", fmt.Errorf("count seals: %w", err)
	}
	return fmt.Sprintf("%s-%s-%03d", body, period, n+1), nil
}
