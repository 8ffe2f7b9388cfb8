package store

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
	"jalon/internal/store/db"
)

// BodyHead names a body by its number, or with 0 by the codes of its
// institution and its own. Its seats are not read. ErrNotFound when there is none.
func (s *Store) BodyHead(ctx context.Context, id int64, institutionCode, code string) (Body, error) {
	r, err := s.queries.BodyHead(ctx, db.BodyHeadParams{ID: id, Institution: institutionCode, Body: code})
	if err != nil {
		return Body{}, fmt.Errorf("find body %d %s %s: %w", id, institutionCode, code, refusal(err))
	}
	return Body{
		ID: r.ID, Scope: r.Scope, Institution: institution(r.InstitutionID, r.InstitutionCode, r.InstitutionNl, r.InstitutionFr),
		Body: monitoring.Body{Code: r.Code, Name: text(r.NameNl, r.NameFr, string(bilingual.Original), string(bilingual.Original))},
	}, nil
}

// BodyTable is the table of a half-year that a body gets only a part of: as it
// stands, or as it was sealed for that body, with its errata.
type BodyTable struct {
	MandateID int64
	Table     monitoring.Table
	Sealed    *SealedTable // nil for a draft
	Errata    []monitoring.Erratum
}

// BodyTables gives the tables of a body that gets only what is addressed to it,
// as of a moment: of some mandates, or with none named of all of them, those
// included that were sealed and of which nothing goes to it any more.
func (s *Store) BodyTables(ctx context.Context, b Board, mandates []BoardMandate, period calendar.HalfYear, m Moment) (all []BodyTable, err error) {
	for t, err := range s.bodyTables(ctx, b, mandates, period, m, max(1, len(mandates), len(b.Mandates))) {
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, nil
}

// BodyTable gives the table of one mandate for a body that gets only what is
// addressed to it (see BoardFor): as sealed by the moment, also when nothing goes to
// the body any more, or as it stands. ErrNotFound when there is neither.
func (s *Store) BodyTable(ctx context.Context, b Board, code string, period calendar.HalfYear, m Moment) (BodyTable, error) {
	for _, t := range b.Seals {
		if t.Document != nil {
			return sealedFor(t.MandateID, t, m)
		}
	}
	one, ok := b.Mandate(code)
	if !ok {
		return BodyTable{}, fmt.Errorf("table of %s for body %s: %w", code, b.Code, ErrNotFound)
	}
	m.Day = progress.DayOf(period, m.Day)
	tables, err := s.BoardTables(ctx, b, []BoardMandate{one}, period, m)
	if err == nil && len(tables) == 0 {
		err = fmt.Errorf("table of %s for body %s: %w", code, b.Code, ErrNotFound)
	}
	if err != nil {
		return BodyTable{}, err
	}
	return BodyTable{MandateID: one.ID, Table: tables[0]}, nil
}

// tablesAtOnce is how many tables EachBodyTable has in the memory, beside the
// documents of the sealed ones.
const tablesAtOnce = 10

// EachBodyTable gives all that BodyTables gives of a body, a few at a time. It
// ends with the first error.
func (s *Store) EachBodyTable(ctx context.Context, b Board, period calendar.HalfYear, m Moment) iter.Seq2[BodyTable, error] {
	return s.bodyTables(ctx, b, nil, period, m, tablesAtOnce)
}

func (s *Store) bodyTables(ctx context.Context, b Board, mandates []BoardMandate, period calendar.HalfYear, m Moment, atOnce int) iter.Seq2[BodyTable, error] {
	return func(yield func(BodyTable, error) bool) {
		sealed, err := s.BodySealed(ctx, b.ID, period)
		if err != nil {
			yield(BodyTable{}, err)
			return
		}
		maps.DeleteFunc(sealed, func(_ int64, t SealedTable) bool { return t.Seal.SealedAt.After(m.acts()) })
		m.Day = progress.DayOf(period, m.Day)
		asked := mandates
		if len(mandates) == 0 {
			asked = b.Mandates
		}
		for some := range slices.Chunk(asked, atOnce) {
			all, err := s.someTables(ctx, b, some, sealed, period, m)
			if err != nil {
				yield(BodyTable{}, err)
				return
			}
			for _, t := range all {
				if delete(sealed, t.MandateID); !yield(t, nil) {
					return
				}
			}
		}
		if len(mandates) > 0 {
			return
		}
		for _, id := range slices.Sorted(maps.Keys(sealed)) {
			if t, err := sealedFor(id, sealed[id], m); !yield(t, err) || err != nil {
				return
			}
		}
	}
}

// someTables gives the tables of some mandates: as sealed, or as they stand.
func (s *Store) someTables(ctx context.Context, b Board, some []BoardMandate, sealed map[int64]SealedTable, period calendar.HalfYear, m Moment) (all []BodyTable, err error) {
	drafts := slices.DeleteFunc(slices.Clone(some), func(m BoardMandate) bool { _, ok := sealed[m.ID]; return ok })
	live, err := s.BoardTables(ctx, b, drafts, period, m)
	if err != nil {
		return nil, err
	}
	for _, one := range some {
		if t, ok := sealed[one.ID]; ok {
			table, err := sealedFor(one.ID, t, m)
			if err != nil {
				return nil, err
			}
			all = append(all, table)
		} else if i := slices.IndexFunc(live, func(t monitoring.Table) bool { return t.Mandate.Code == one.Code }); i >= 0 {
			all = append(all, BodyTable{MandateID: one.ID, Table: live[i]})
		}
	}
	return all, nil
}

func sealedFor(mandateID int64, t SealedTable, m Moment) (BodyTable, error) {
	table, err := monitoring.Parse(t.Document)
	if err != nil {
		return BodyTable{}, fmt.Errorf("read the sealed table %s: %w", t.Seal.Number, err)
	}
	errata := slices.DeleteFunc(slices.Clone(t.Errata), func(e monitoring.Erratum) bool { return e.At.After(m.acts()) })
	return BodyTable{MandateID: mandateID, Table: table, Sealed: &t, Errata: errata}, nil
}

// BodyTableHeads gives the heads of the tables that go to a body, in the order
// of the list of mandates: two statements, however many they are.
func (s *Store) BodyTableHeads(ctx context.Context, b Body, today calendar.Date) (heads []TableHead, err error) {
	mandates, err := s.Mandates(ctx, access.Scope{Institutions: []int64{b.Institution.ID}, Mandates: []int64{}}, Moment{Day: today})
	if err != nil {
		return nil, err
	}
	codes := make([]string, len(mandates))
	for i, m := range mandates {
		codes[i] = m.Code
	}
	all, err := tableHeads(ctx, s.queries, codes)
	if err != nil {
		return nil, err
	}
	for _, code := range codes {
		if h, ok := all[code]; ok && h.bodyID == b.ID {
			heads = append(heads, h)
		}
	}
	return heads, nil
}
