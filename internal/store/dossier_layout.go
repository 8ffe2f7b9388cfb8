package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"jalon/internal/evaluation"
	"jalon/internal/store/db"
)

// chapterRow is a chapter as it is kept; one without titles has the usual ones.
type chapterRow struct {
	Code string `json:"code"`
	NL   string `json:"nl,omitempty"`
	FR   string `json:"fr,omitempty"`
}

// DossierChapters gives the chapters of the dossiers of an institution: the
// usual ones when it chose none.
func (s *Store) DossierChapters(ctx context.Context, institutionID int64) (evaluation.Chapters, error) {
	raw, err := s.queries.DossierChapters(ctx, institutionID)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return nil, fmt.Errorf("read the chapters of dossiers: %w", err)
	}
	return chaptersOf(raw)
}

func chaptersOf(raw []byte) (evaluation.Chapters, error) {
	if raw == nil {
		return evaluation.UsualChapters(), nil
	}
	var rows []chapterRow
	if err := unpack(raw, &rows); err != nil {
		return nil, fmt.Errorf("read the chapters of dossiers: %w", err)
	}
	all := make(evaluation.Chapters, len(rows))
	for i, r := range rows {
		all[i] = evaluation.Chapter{Code: r.Code, Title: official(r.NL, r.FR)}
	}
	return all, nil
}

// SetDossierChapters keeps the chapters of the dossiers of an institution.
func (s *Store) SetDossierChapters(ctx context.Context, sub Submission, institutionID int64, c evaluation.Chapters, at time.Time, location string) error {
	rows := make([]chapterRow, len(c))
	for i, one := range c {
		rows[i] = chapterRow{one.Code, one.Title.NL, one.Title.FR}
	}
	packed, err := json.Marshal(rows)
	if err != nil {
		return fmt.Errorf("pack the chapters: %w", err)
	}
	return s.settled(ctx, sub, location, func(ctx context.Context, q *db.Queries) error {
		return q.SetDossierChapters(ctx, db.SetDossierChaptersParams{InstitutionID: institutionID, Chapters: packed, SetBy: sub.PersonID, SetAt: at})
	})
}

// ChangeGrades keeps the order and the last days of grades. ErrNotFound when one
// of them is none.
func (s *Store) ChangeGrades(ctx context.Context, sub Submission, all []evaluation.Grade, location string) error {
	return s.settled(ctx, sub, location, func(ctx context.Context, q *db.Queries) error {
		for _, g := range all {
			n, err := q.ChangeGrade(ctx, db.ChangeGradeParams{ID: g.ID, Position: int16(g.Order), ValidUntil: g.Until})
			if err == nil && n == 0 {
				err = ErrNotFound
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}
