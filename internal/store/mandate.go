package store

import (
	"context"
	"fmt"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/store/db"
)

// MandateObject tells the access rules about a mandate. ErrNotFound when there is none.
func (s *Store) MandateObject(ctx context.Context, code string) (o access.Object, version int64, err error) {
	row, err := s.queries.MandateObject(ctx, code)
	if err != nil {
		return o, 0, fmt.Errorf("find mandate %q: %w", code, refusal(err))
	}
	return access.Object{MandateID: row.ID, InstitutionID: row.InstitutionID}, row.Version, nil
}

// Mandates lists the mandates of a scope with their holders at a moment, without objectives.
func (s *Store) Mandates(ctx context.Context, scope access.Scope, m Moment) ([]mandate.Mandate, error) {
	rows, err := s.queries.ListMandates(ctx, db.ListMandatesParams{
		AsOf: m.Day, Known: knownBy(m.Known), Everything: scope.All, Institutions: scope.Institutions, Mandates: scope.Mandates,
	})
	if err != nil {
		return nil, fmt.Errorf("list mandates: %w", err)
	}
	all := make([]mandate.Mandate, len(rows))
	for i, r := range rows {
		all[i] = mandate.Mandate{
			ID: r.ID, Code: r.Code, Rank: r.Rank, Version: r.Version,
			Title:       text(r.TitleNl, r.TitleFr, r.TitleNlState, r.TitleFrState),
			Institution: institution(r.InstitutionID, r.InstitutionCode, r.InstitutionNl, r.InstitutionFr),
			Holder:      mandate.Tenure{PersonID: r.HolderID, Name: r.HolderName, From: r.HeldFrom, Until: r.HeldUntil, Interim: r.Interim},
		}
	}
	return all, nil
}

// Institutions lists all institutions by code.
func (s *Store) Institutions(ctx context.Context) ([]mandate.Institution, error) {
	rows, err := s.queries.ListInstitutions(ctx)
	if err != nil {
		return nil, fmt.Errorf("list institutions: %w", err)
	}
	all := make([]mandate.Institution, len(rows))
	for i, r := range rows {
		all[i] = institution(r.ID, r.Code, r.NameNl, r.NameFr)
	}
	return all, nil
}

// LastWording gives a mandate with all its texts as they read last, also those
// that count from a day to come: what a letter is compared with. ErrNotFound
// when there is none of that code.
func (s *Store) LastWording(ctx context.Context, code string) (mandate.Mandate, error) {
	last := calendar.MustDate(calendar.MaxYear, 12, 31)
	sheet, _, err := s.Sheet(ctx, SheetQuestion{Code: code, AsOf: last})
	if err != nil {
		return mandate.Mandate{}, err
	}
	m := sheet.Mandate
	passages, err := s.Passages(ctx, m.ID, last)
	if err != nil {
		return mandate.Mandate{}, err
	}
	for i, o := range m.Objectives {
		m.Objectives[i].Context, m.Objectives[i].Goals = passages[o.Code].Context, passages[o.Code].Goals
	}
	return m, nil
}

// Passages gives the context and goals of a mandate's objectives, by code of
// the objective; only those two fields are set.
func (s *Store) Passages(ctx context.Context, mandateID int64, asOf calendar.Date) (map[mandate.Code]mandate.Objective, error) {
	rows, err := s.queries.Passages(ctx, db.PassagesParams{MandateID: mandateID, AsOf: asOf})
	if err != nil {
		return nil, fmt.Errorf("read passages: %w", err)
	}
	all := map[mandate.Code]mandate.Objective{}
	for _, r := range rows {
		code, err := mandate.ParseCode(r.Code)
		if err != nil {
			return nil, fmt.Errorf("read passages: %w", err)
		}
		o := all[code]
		if words := text(r.Nl, r.Fr, r.NlState, r.FrState); r.Kind == "context" {
			o.Context = append(o.Context, words)
		} else {
			o.Goals = append(o.Goals, words)
		}
		all[code] = o
	}
	return all, nil
}
