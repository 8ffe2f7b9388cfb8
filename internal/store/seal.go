package store

import (
	"context"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"jalon/internal/access"
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
	rows, err := s.queries.Seals(ctx, mandateID)
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

// SigningKeys gives every key that sealed a table or signed a day of the audit
// trail, the one that was used last first.
func (s *Store) SigningKeys(ctx context.Context) ([]monitoring.KeyUse, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	rows, err := s.queries.SigningKeys(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the keys that signed: %w", err)
	}
	used := make([]monitoring.KeyUse, len(rows))
	for i, r := range rows {
		used[i] = monitoring.KeyUse(r)
	}
	return used, nil
}

// TableHead is what stands above the tables of a mandate.
type TableHead struct {
	Object access.Object
	Body   monitoring.Body // that they go to
	Seals  []SealedTable   // the latest first, without their documents
	code   string
	bodyID int64
}

// TableHead reads the head of the tables of a mandate in one statement.
// ErrNotFound when there is no such mandate.
func (s *Store) TableHead(ctx context.Context, code string) (TableHead, error) {
	return tableHead(ctx, s.queries, code)
}

func tableHead(ctx context.Context, q *db.Queries, code string) (TableHead, error) {
	r, err := q.TableHead(ctx, code)
	if err != nil {
		return TableHead{}, fmt.Errorf("find the tables of %q: %w", code, refusal(err))
	}
	h := TableHead{
		Object: access.Object{MandateID: r.ID, InstitutionID: r.InstitutionID},
		Body:   monitoring.Body{Code: r.BodyCode, Name: text(r.BodyNl, r.BodyFr, string(bilingual.Original), string(bilingual.Original))},
		code:   code, bodyID: r.BodyID,
	}
	if r.BodyID == 0 {
		h.Body = monitoring.Body{}
	}
	var sealed []struct {
		Period    calendar.Date `json:"period"`
		Number    string        `json:"number"`
		SealedAt  time.Time     `json:"sealed_at"`
		SealedBy  string        `json:"sealed_by"`
		SHA256    string        `json:"sha256"`
		Signature string        `json:"signature"`
		KeyID     string        `json:"key_id"`
		PublicKey string        `json:"public_key"`
	}
	if err := unpack(r.Seals, &sealed); err != nil {
		return h, fmt.Errorf("find the tables of %q: %w", code, err)
	}
	for _, t := range sealed {
		h.Seals = append(h.Seals, SealedTable{Period: calendar.HalfYearOf(t.Period), Seal: monitoring.Seal{
			Sealing: monitoring.Sealing{Number: t.Number, Version: 1, SealedAt: t.SealedAt, SealedBy: t.SealedBy},
			SHA256:  t.SHA256, Signature: t.Signature, KeyID: t.KeyID, PublicKey: t.PublicKey,
		}})
	}
	return h, nil
}

// Table gives the monitoring table of a half-year as it stands on a day, not
// sealed, compared with the sealed one before it. The day must not lie before the half-year.
func (s *Store) Table(ctx context.Context, code string, period calendar.HalfYear, today calendar.Date) (monitoring.Table, error) {
	h, err := s.TableHead(ctx, code)
	if err != nil {
		return monitoring.Table{}, err
	}
	return s.TableOf(ctx, h, period, Moment{Day: today})
}

// TableOf is Table for a head that was read already, at any moment.
func (s *Store) TableOf(ctx context.Context, h TableHead, period calendar.HalfYear, m Moment) (monitoring.Table, error) {
	return table(ctx, s.queries, h.By(m), period, m)
}

func table(ctx context.Context, q *db.Queries, h TableHead, period calendar.HalfYear, m Moment) (monitoring.Table, error) {
	question := SheetQuestion{Code: h.code, AsOf: progress.DayOf(period, m.Day), Known: m.Known}
	var previous *monitoring.Reference
	for _, sealed := range h.Seals {
		if sealed.Period.Before(period) {
			previous = &monitoring.Reference{Number: sealed.Seal.Number, Version: 1, SHA256: sealed.Seal.SHA256, Period: sealed.Period}
			question.Before = sealed.Period.End()
			break
		}
	}
	sheet, _, err := sheet(ctx, q, question)
	if err != nil {
		return monitoring.Table{}, err
	}
	notes, err := notesOf(ctx, q, h.bodyID, []int64{h.Object.MandateID}, period, m)
	if err != nil {
		return monitoring.Table{}, err
	}
	return monitoring.FromSheet(sheet, period, h.Body, previous).With(notes[h.Object.MandateID]), nil
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
		if _, err := sealWithin(ctx, q, sub, r, nil); err != nil {
			return "", err
		}
		return r.Location, nil
	})
}

// sealWithin seals one table in a transaction that has locked the mandate. The
// table goes to the body of the round that is sealed, else to that of the mandate.
func sealWithin(ctx context.Context, q *db.Queries, sub Submission, r SealRequest, of *Round) (monitoring.Seal, error) {
	h, err := tableHead(ctx, q, r.Code)
	if err != nil {
		return monitoring.Seal{}, err
	}
	if of != nil {
		h.bodyID, h.Body = of.BodyID, of.Body
	}
	t, err := table(ctx, q, h, r.Period, Moment{Day: calendar.DateOf(r.At)})
	if err != nil {
		return monitoring.Seal{}, err
	}
	t.Software = r.Software
	number, err := nextNumber(ctx, q, h.bodyID, t.Body.Code, r.Period)
	if err != nil {
		return monitoring.Seal{}, err
	}
	document, seal, err := r.Signer.Seal(t, monitoring.Sealing{Number: number, Version: 1, SealedAt: r.At, SealedBy: r.By})
	if err != nil {
		return seal, err
	}
	sum, err := hex.DecodeString(seal.SHA256)
	if err != nil {
		return seal, err
	}
	err = q.InsertSeal(ctx, db.InsertSealParams{
		MandateID: r.ID, BodyID: h.bodyID, Period: r.Period.Start(), Number: number, SealedAt: r.At, SealedBy: sub.PersonID,
		Document: document, Sha256: sum, Signature: seal.Signature, KeyID: seal.KeyID, PublicKey: seal.PublicKey,
	})
	if err != nil {
		return seal, fmt.Errorf("seal %s %s: %w", r.Code, r.Period, refusal(err))
	}
	event := sub.Event("table/" + r.Code + "/" + r.Period.String())
	event.Action = actionSealTable
	event.MandateID, event.Detail = r.ID, map[string]any{"number": number, "sha256": seal.SHA256, "key": seal.KeyID}
	return seal, audit(ctx, q, event)
}

// actionSealTable is what the trail calls the sealing of a table, also within a round.
const actionSealTable = "seal table"

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
