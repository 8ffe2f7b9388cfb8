package store

import (
	"context"
	"fmt"
	"slices"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/store/db"
)

// Scopes of a body.
const (
	ScopeAll       = "all"       // every target of the mandates of its institution goes to it
	ScopeAddressed = "addressed" // those that were addressed to it
)

// Board is a body with what goes to it on a day.
type Board struct {
	ID          int64
	Institution mandate.Institution
	monitoring.Body
	Scope    string
	External bool
	Mandates []BoardMandate // in the order of the list
	Seals    []SealedTable  // for it, of the mandate that BoardFor asks about, the latest first
}

// BoardMandate is a mandate of which something goes to a body.
type BoardMandate struct {
	ID       int64
	Code     string
	Targets  []string              // codes; none when all of them go to it
	Previous *monitoring.Reference // its last sealed table before the half-year asked for
}

// Has reports whether a target of the mandate goes to the body, by code. It does
// not answer for an objective as such.
func (m BoardMandate) Has(code string) bool {
	return len(m.Targets) == 0 || slices.Contains(m.Targets, code)
}

// Mandate finds a mandate of which something goes to the body, by code.
func (b Board) Mandate(code string) (BoardMandate, bool) {
	i := slices.IndexFunc(b.Mandates, func(m BoardMandate) bool { return m.Code == code })
	if i < 0 {
		return BoardMandate{}, false
	}
	return b.Mandates[i], true
}

// Board reads a body by the code of its institution and its own, with what goes
// to it at a moment and the tables before a half-year that were
// sealed by then, in one statement.
// ErrNotFound when there is no such body.
func (s *Store) Board(ctx context.Context, institutionCode, code string, period calendar.HalfYear, m Moment) (Board, error) {
	return readBoard(ctx, s.queries, institutionCode, code, "", period, m)
}

// BoardFor is Board with the tables of one mandate that were sealed for the body:
// of any half-year, and that of the half-year asked for with its document.
func (s *Store) BoardFor(ctx context.Context, institutionCode, code, mandateCode string, period calendar.HalfYear, m Moment) (Board, error) {
	return readBoard(ctx, s.queries, institutionCode, code, mandateCode, period, m)
}

func readBoard(ctx context.Context, q *db.Queries, institutionCode, code, sealsOf string, period calendar.HalfYear, m Moment) (Board, error) {
	rows, err := q.BodyMandates(ctx, db.BodyMandatesParams{
		Institution: institutionCode, Code: code, Period: period.Start(), OnDay: m.Day, Known: knownBy(m.Known), Acts: m.acts(), SealsOf: sealsOf,
	})
	if err != nil {
		return Board{}, fmt.Errorf("read body %s of %s: %w", code, institutionCode, err)
	}
	if len(rows) == 0 {
		return Board{}, fmt.Errorf("read body %s of %s: %w", code, institutionCode, ErrNotFound)
	}
	r := rows[0]
	b := Board{
		ID: r.BodyID, Institution: institution(r.InstitutionID, r.InstitutionCode, r.InstitutionNl, r.InstitutionFr),
		Body:  monitoring.Body{Code: r.BodyCode, Name: text(r.NameNl, r.NameFr, string(bilingual.Original), string(bilingual.Original))},
		Scope: r.Scope, External: r.Kind == "external",
	}
	seals, err := sealedTables(r.Seals)
	if err != nil {
		return b, fmt.Errorf("read what was sealed for body %s: %w", code, err)
	}
	b.Seals = m.sealed(seals)
	for _, r := range rows {
		if r.MandateID == 0 {
			continue
		}
		m := BoardMandate{ID: r.MandateID, Code: r.MandateCode, Targets: r.Codes}
		if r.PreviousNumber != "" {
			m.Previous = &monitoring.Reference{Number: r.PreviousNumber, Version: 1, SHA256: r.PreviousSha256, Period: calendar.HalfYearOf(r.PreviousPeriod)}
		}
		b.Mandates = append(b.Mandates, m)
	}
	return b, nil
}

// BoardTables gives the tables of a body over some of its mandates, at a moment
// whose day lies in the half-year: the targets that go to it, compared with the sealed table
// before, and what it said about them. One statement, however many mandates.
func (s *Store) BoardTables(ctx context.Context, b Board, mandates []BoardMandate, period calendar.HalfYear, m Moment) ([]monitoring.Table, error) {
	return boardTables(ctx, s.queries, b, mandates, period, m)
}

func boardTables(ctx context.Context, q *db.Queries, b Board, mandates []BoardMandate, period calendar.HalfYear, m Moment) ([]monitoring.Table, error) {
	if len(mandates) == 0 {
		return nil, nil
	}
	codes, befores := make([]string, len(mandates)), make([]calendar.Date, len(mandates))
	byCode := map[string]BoardMandate{}
	for i, one := range mandates {
		codes[i], byCode[one.Code] = one.Code, one
		if one.Previous != nil {
			befores[i] = one.Previous.Period.End()
		}
	}
	said := noteQuestion{period: period.Start(), bodyID: b.ID, acts: m.Acts}
	all, err := notedSheets(ctx, q, codes, SheetQuestion{AsOf: m.Day, Known: m.Known}, befores, said)
	if err != nil {
		return nil, fmt.Errorf("tables of body %s: %w", b.Code, err)
	}
	tables := make([]monitoring.Table, len(all))
	for i, one := range all {
		sheet, of := one.Sheet, byCode[one.Mandate.Code]
		if len(of.Targets) > 0 {
			sheet = sheet.Only(of.Has)
		}
		tables[i] = monitoring.FromSheet(sheet, period, b.Body, of.Previous).With(one.notes)
	}
	return tables, nil
}

// Boards lists every body without what goes to it, by institution.
func (s *Store) Boards(ctx context.Context) ([]Board, error) {
	rows, err := s.queries.BodiesList(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the bodies: %w", err)
	}
	all := make([]Board, len(rows))
	for i, r := range rows {
		all[i] = Board{
			ID: r.ID, Institution: institution(r.InstitutionID, r.InstitutionCode, r.InstitutionNl, r.InstitutionFr),
			Body:  monitoring.Body{Code: r.Code, Name: text(r.NameNl, r.NameFr, string(bilingual.Original), string(bilingual.Original))},
			Scope: r.Scope, External: r.Kind == "external",
		}
	}
	return all, nil
}

// TargetID finds a target of a mandate by the codes of both. ErrNotFound when there is none.
func (s *Store) TargetID(ctx context.Context, mandateCode, code string) (int64, error) {
	id, err := s.queries.TargetByCode(ctx, db.TargetByCodeParams{Mandate: mandateCode, Code: code})
	if err != nil {
		return 0, fmt.Errorf("find target %s of %s: %w", code, mandateCode, refusal(err))
	}
	return id, nil
}
