package store

import (
	"context"
	"fmt"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/monitoring"
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
		ID: r.ID, Institution: institution(r.InstitutionID, r.InstitutionCode, r.InstitutionNl, r.InstitutionFr),
		Body: monitoring.Body{Code: r.Code, Name: text(r.NameNl, r.NameFr, string(bilingual.Original), string(bilingual.Original))},
	}, nil
}

// BodyTableHeads gives the heads of the tables that go to a body, in the order
// of the list of mandates.
func (s *Store) BodyTableHeads(ctx context.Context, b Body, today calendar.Date) ([]TableHead, error) {
	mandates, err := s.Mandates(ctx, access.Scope{Institutions: []int64{b.Institution.ID}, Mandates: []int64{}}, today)
	if err != nil {
		return nil, err
	}
	var heads []TableHead
	for _, m := range mandates {
		h, err := s.TableHead(ctx, m.Code)
		if err != nil {
			return nil, err
		}
		if h.bodyID == b.ID {
			heads = append(heads, h)
		}
	}
	return heads, nil
}
