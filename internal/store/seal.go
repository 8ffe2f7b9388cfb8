package store

import (
	"context"
	"encoding/hex"
	"encoding/json"
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
	Errata   []monitoring.Erratum // the first one first; where the document is

	MandateID int64 // of a table of a body (Board.Seals)
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

// Seal gives the sealed table of a half-year with its errata, in one statement.
// ErrNotFound when it is not sealed.
func (s *Store) Seal(ctx context.Context, mandateID int64, period calendar.HalfYear) (SealedTable, error) {
	return wholeSeal(ctx, s.queries, mandateID, period)
}

func wholeSeal(ctx context.Context, q *db.Queries, mandateID int64, period calendar.HalfYear) (SealedTable, error) {
	r, err := q.SealOf(ctx, db.SealOfParams{MandateID: mandateID, Period: period.Start()})
	if err != nil {
		return SealedTable{}, fmt.Errorf("read seal of %s: %w", period, refusal(err))
	}
	errata, err := unpackErrata(r.Errata)
	if err != nil {
		return SealedTable{}, fmt.Errorf("read the errata of %s: %w", period, err)
	}
	return SealedTable{Period: period, Document: r.Document, Errata: errata, Seal: monitoring.Seal{
		Sealing: monitoring.Sealing{Number: r.Number, Version: 1, SealedAt: r.SealedAt, SealedBy: r.SealedBy},
		SHA256:  hex.EncodeToString(r.Sha256), Signature: r.Signature, KeyID: r.KeyID, PublicKey: r.PublicKey,
	}}, nil
}

// BodySealed gives, by mandate, the tables of a half-year that were sealed for a
// body that gets only what is addressed to it.
func (s *Store) BodySealed(ctx context.Context, bodyID int64, period calendar.HalfYear) (map[int64]SealedTable, error) {
	return bodySealed(ctx, s.queries, bodyID, period)
}

func bodySealed(ctx context.Context, q *db.Queries, bodyID int64, period calendar.HalfYear) (map[int64]SealedTable, error) {
	rows, err := q.BodySealsOf(ctx, db.BodySealsOfParams{BodyID: bodyID, Period: period.Start()})
	if err != nil {
		return nil, fmt.Errorf("read the seals of body %d in %s: %w", bodyID, period, err)
	}
	all := make(map[int64]SealedTable, len(rows))
	for _, r := range rows {
		errata, err := unpackErrata(r.Errata)
		if err != nil {
			return nil, fmt.Errorf("read the errata of body %d in %s: %w", bodyID, period, err)
		}
		all[r.MandateID] = SealedTable{Period: period, Document: r.Document, Errata: errata, Seal: monitoring.Seal{
			Sealing: monitoring.Sealing{Number: r.Number, Version: 1, SealedAt: r.SealedAt, SealedBy: r.SealedBy},
			SHA256:  hex.EncodeToString(r.Sha256), Signature: r.Signature, KeyID: r.KeyID, PublicKey: r.PublicKey,
		}}
	}
	return all, nil
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
	Object  access.Object
	Version int64           // of the mandate: every write to it is another one
	Code    string          // of the mandate
	Body    monitoring.Body // that they go to
	Seals   []SealedTable   // the latest first, with the documents that were asked for
	bodyID  int64
}

// TableHead reads the head of the tables of a mandate in one statement, with the
// documents of some half-years where they are sealed. ErrNotFound when there is no such mandate.
func (s *Store) TableHead(ctx context.Context, code string, documentsOf ...calendar.HalfYear) (TableHead, error) {
	return tableHead(ctx, s.queries, code, documentsOf...)
}

func tableHead(ctx context.Context, q *db.Queries, code string, documentsOf ...calendar.HalfYear) (TableHead, error) {
	heads, err := tableHeads(ctx, q, []string{code}, documentsOf...)
	if err == nil && len(heads) == 0 {
		err = fmt.Errorf("find the tables of %q: %w", code, ErrNotFound)
	}
	return heads[code], err
}

// tableHeads reads the heads of mandates, by code, in one statement.
func tableHeads(ctx context.Context, q *db.Queries, codes []string, documentsOf ...calendar.HalfYear) (map[string]TableHead, error) {
	periods := make([]calendar.Date, len(documentsOf))
	for i, p := range documentsOf {
		periods[i] = p.Start()
	}
	rows, err := q.TableHeads(ctx, db.TableHeadsParams{Codes: codes, DocumentsOf: periods})
	if err != nil {
		return nil, fmt.Errorf("find the tables of %q: %w", codes, refusal(err))
	}
	heads := make(map[string]TableHead, len(rows))
	for _, r := range rows {
		if heads[r.Code], err = headOf(r); err != nil {
			return nil, fmt.Errorf("find the tables of %q: %w", r.Code, err)
		}
	}
	return heads, nil
}

// sealRow is a seal without its document, as the statements pack it.
type sealRow struct {
	Period    calendar.Date `json:"period"` // of a list of them
	Number    string        `json:"number"`
	SealedAt  time.Time     `json:"sealed_at"`
	SealedBy  string        `json:"sealed_by"`
	SHA256    string        `json:"sha256"`
	Signature string        `json:"signature"`
	KeyID     string        `json:"key_id"`
	PublicKey string        `json:"public_key"`
}

func (r sealRow) seal() monitoring.Seal {
	return monitoring.Seal{
		Sealing: monitoring.Sealing{Number: r.Number, Version: 1, SealedAt: r.SealedAt, SealedBy: r.SealedBy},
		SHA256:  r.SHA256, Signature: r.Signature, KeyID: r.KeyID, PublicKey: r.PublicKey,
	}
}

// sealedTables unpacks a list of them.
func sealedTables(raw []byte) ([]SealedTable, error) {
	var rows []struct {
		sealRow
		MandateID int64           `json:"mandate_id"`
		Document  []byte          `json:"document"`
		Errata    json.RawMessage `json:"errata"`
	}
	if err := unpack(raw, &rows); err != nil {
		return nil, err
	}
	all := make([]SealedTable, len(rows))
	for i, r := range rows {
		all[i] = SealedTable{Period: calendar.HalfYearOf(r.Period), Document: r.Document, Seal: r.seal(), MandateID: r.MandateID}
		if r.Document == nil {
			continue
		}
		var err error
		if all[i].Errata, err = unpackErrata(r.Errata); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func headOf(r db.TableHeadsRow) (TableHead, error) {
	h := TableHead{
		Object: access.Object{MandateID: r.ID, InstitutionID: r.InstitutionID}, Version: r.Version,
		Body: monitoring.Body{Code: r.BodyCode, Name: text(r.BodyNl, r.BodyFr, string(bilingual.Original), string(bilingual.Original))},
		Code: r.Code, bodyID: r.BodyID,
	}
	if r.BodyID == 0 {
		h.Body = monitoring.Body{}
	}
	var err error
	h.Seals, err = sealedTables(r.Seals)
	return h, err
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

// TableOf is Table for a head that was read already, at any moment, in one statement.
func (s *Store) TableOf(ctx context.Context, h TableHead, period calendar.HalfYear, m Moment) (monitoring.Table, error) {
	return table(ctx, s.queries, h.By(m), period, m)
}

func table(ctx context.Context, q *db.Queries, h TableHead, period calendar.HalfYear, m Moment) (monitoring.Table, error) {
	question := SheetQuestion{AsOf: progress.DayOf(period, m.Day), Known: m.Known}
	var previous *monitoring.Reference
	var before calendar.Date
	for _, sealed := range h.Seals {
		if sealed.Period.Before(period) {
			previous = &monitoring.Reference{Number: sealed.Seal.Number, Version: 1, SHA256: sealed.Seal.SHA256, Period: sealed.Period}
			before = sealed.Period.End()
			break
		}
	}
	said := noteQuestion{period: period.Start(), bodyID: h.bodyID, acts: m.Acts}
	all, err := notedSheets(ctx, q, []string{h.Code}, question, []calendar.Date{before}, said)
	if err == nil && len(all) == 0 {
		err = fmt.Errorf("read mandate %s: %w", h.Code, ErrNotFound)
	}
	if err != nil {
		return monitoring.Table{}, err
	}
	return monitoring.FromSheet(all[0].Sheet, period, h.Body, previous).With(all[0].notes), nil
}

// SealRequest asks to seal one half-year of one mandate. A body that gets only
// what is addressed to it has a table of its own.
type SealRequest struct {
	Code     string // of the mandate
	ID       int64
	Period   calendar.HalfYear
	At       time.Time
	By       string // name of the secretary
	Software string // version of the program
	Signer   monitoring.Signer
	Location string // where the answer sends the browser
	Board    Board  // such a body, with its codes; the zero one for the table of the whole mandate
}

// SealTable freezes the table of a half-year: it gathers the rows, signs them
// and stores the bytes while no entry can be recorded. ErrExists when the
// half-year is sealed already, ErrNotFound when nothing goes to the body.
func (s *Store) SealTable(ctx context.Context, sub Submission, r SealRequest) (location string, repeated bool, err error) {
	return s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		if _, err := q.BumpVersion(ctx, r.ID); err != nil {
			return "", fmt.Errorf("lock mandate: %w", refusal(err))
		}
		if err := sealWithin(ctx, q, sub, r, nil); err != nil {
			return "", err
		}
		return r.Location, nil
	})
}

// unsealed is a table that is about to be sealed.
type unsealed struct {
	table   monitoring.Table
	bodyID  int64
	targets []int64 // nil for the whole mandate
}

// sealWithin seals one table in a transaction that has locked the mandate. The
// table goes to the body of the round that is sealed, else to that of the request.
func sealWithin(ctx context.Context, q *db.Queries, sub Submission, r SealRequest, of *Round) error {
	u, err := tableToSeal(ctx, q, r, of)
	if err != nil {
		return err
	}
	t := u.table
	t.Software = r.Software
	number, err := nextNumber(ctx, q, u.bodyID, t.Body.Code, r.Period)
	if err != nil {
		return err
	}
	document, seal, err := r.Signer.Seal(t, monitoring.Sealing{Number: number, Version: 1, SealedAt: r.At, SealedBy: r.By})
	if err != nil {
		return err
	}
	sum, err := hex.DecodeString(seal.SHA256)
	if err != nil {
		return err
	}
	err = q.InsertSeal(ctx, db.InsertSealParams{
		MandateID: r.ID, BodyID: u.bodyID, Period: r.Period.Start(), Number: number, SealedAt: r.At, SealedBy: sub.PersonID,
		Document: document, Sha256: sum, Signature: seal.Signature, KeyID: seal.KeyID, PublicKey: seal.PublicKey, Targets: u.targets,
	})
	if err != nil {
		return fmt.Errorf("seal %s %s: %w", r.Code, r.Period, refusal(err))
	}
	event := sub.Event("table/" + r.Code + "/" + r.Period.String())
	event.Action = actionSealTable
	event.MandateID, event.Detail = r.ID, map[string]any{"number": number, "sha256": seal.SHA256, "key": seal.KeyID}
	return audit(ctx, q, event)
}

func tableToSeal(ctx context.Context, q *db.Queries, r SealRequest, of *Round) (unsealed, error) {
	if r.Board.Scope == ScopeAddressed {
		return partToSeal(ctx, q, r)
	}
	h, err := tableHead(ctx, q, r.Code)
	if err != nil {
		return unsealed{}, err
	}
	if of != nil {
		h.bodyID, h.Body = of.BodyID, of.Body
	}
	t, err := table(ctx, q, h, r.Period, Moment{Day: calendar.DateOf(r.At)})
	return unsealed{table: t, bodyID: h.bodyID}, err
}

// partToSeal is the table of what goes to a body on the day of the seal. A
// round may ask a mandate of which nothing goes to it any more: its table is empty.
func partToSeal(ctx context.Context, q *db.Queries, r SealRequest) (unsealed, error) {
	m := Moment{Day: calendar.DateOf(r.At)}
	board, err := readBoard(ctx, q, r.Board.Institution.Code, r.Board.Code, "", r.Period, m)
	if err != nil {
		return unsealed{}, err
	}
	one, ok := board.Mandate(r.Code)
	if !ok {
		one = BoardMandate{ID: r.ID, Code: r.Code, Targets: []string{""}} // no target has no code
	}
	m.Day = progress.DayOf(r.Period, m.Day)
	tables, err := boardTables(ctx, q, board, []BoardMandate{one}, r.Period, m)
	if err != nil {
		return unsealed{}, err
	}
	if len(tables) != 1 {
		return unsealed{}, fmt.Errorf("table of %s for %s: %w", r.Code, board.Code, ErrNotFound)
	}
	ids, err := q.TargetIDs(ctx, db.TargetIDsParams{MandateID: one.ID, Codes: one.Targets})
	if err != nil {
		return unsealed{}, fmt.Errorf("find what goes to %s: %w", board.Code, err)
	}
	return unsealed{tables[0], board.ID, append([]int64{}, ids...)}, nil
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
