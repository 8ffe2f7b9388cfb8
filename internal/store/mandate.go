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

// Mandates lists the mandates of a scope with their holders on a day, without objectives.
func (s *Store) Mandates(ctx context.Context, scope access.Scope, asOf calendar.Date) ([]mandate.Mandate, error) {
	rows, err := s.queries.ListMandates(ctx, db.ListMandatesParams{
		AsOf: asOf, Everything: scope.All, Institutions: scope.Institutions, Mandates: scope.Mandates,
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
