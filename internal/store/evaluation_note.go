package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"jalon/internal/access"
	"jalon/internal/evaluation"
	"jalon/internal/store/db"
)

// EvaluationNote gives what a person noted for themself about an evaluation;
// the zero Note when that is nothing, or the viewer is somebody else.
func (s *Store) EvaluationNote(ctx context.Context, o access.Object, personID int64) (evaluation.Note, error) {
	r, err := s.queries.EvaluationNote(ctx, db.EvaluationNoteParams{EvaluationID: o.EvaluationID, PersonID: personID})
	if errors.Is(err, pgx.ErrNoRows) {
		return evaluation.Note{}, nil
	}
	if err != nil {
		return evaluation.Note{}, fmt.Errorf("read a note on evaluation %d: %w", o.EvaluationID, err)
	}
	return evaluation.Note{Text: r.Text, Version: int(r.Version)}, nil
}

// SaveEvaluationNote keeps what the person of the submission notes for themself
// at a moment, in place of the version that they read; with no text nothing is
// kept. ErrChanged when another version was saved since, ErrStage once the
// evaluation is closed.
func (s *Store) SaveEvaluationNote(ctx context.Context, sub Submission, o access.Object, n evaluation.Note, at time.Time, location string) error {
	return s.onceAtStage(ctx, sub, o, evaluation.Stage.TakesNotes, location, func(ctx context.Context, q *db.Queries, _ db.EvaluationStageRow) (err error) {
		kept := int64(0)
		switch {
		case n.Text != "":
			kept, err = q.PutEvaluationNote(ctx, db.PutEvaluationNoteParams{
				MandateID: o.MandateID, EvaluationID: o.EvaluationID, PersonID: sub.PersonID, Text: n.Text, SavedAt: at, ReadVersion: int32(n.Version),
			})
		case n.Version != 0:
			kept, err = q.DropEvaluationNote(ctx, db.DropEvaluationNoteParams{EvaluationID: o.EvaluationID, PersonID: sub.PersonID, ReadVersion: int32(n.Version)})
		default:
			return nil // nothing was there, and nothing comes
		}
		if err == nil && kept == 0 {
			err = ErrChanged
		}
		return err
	})
}
