package store

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"jalon/internal/access"
	"jalon/internal/evidence"
	"jalon/internal/mandate"
	"jalon/internal/store/db"
)

// ErrTooMuchEvidence refuses files beyond evidence.MaxMandate.
var ErrTooMuchEvidence = errors.New("the mandate has no room for more evidence")

// Evidence is one file with what it belongs to.
type Evidence struct {
	evidence.File
	Object access.Object
	Target mandate.Code
}

// EvidenceFile finds a file of a mandate. ErrNotFound also when it is another's.
func (s *Store) EvidenceFile(ctx context.Context, mandateCode string, id int64) (Evidence, error) {
	row, err := s.queries.EvidenceRow(ctx, db.EvidenceRowParams{ID: id, Code: mandateCode})
	if err != nil {
		return Evidence{}, fmt.Errorf("find evidence %d: %w", id, refusal(err))
	}
	code, err := mandate.ParseCode(row.TargetCode)
	if err != nil {
		return Evidence{}, fmt.Errorf("find evidence %d: %w", id, err)
	}
	return Evidence{
		File: evidence.File{
			ID: id, SHA256: row.Sha256, Size: int(row.Size), Kind: evidence.Kind(row.Kind), Name: row.Name, Confidential: row.Confidential,
			AddedByID: row.AddedBy, AddedBy: row.AddedName, AddedAt: row.AddedAt,
		},
		Object: access.Object{MandateID: row.MandateID, InstitutionID: row.InstitutionID}, Target: code,
	}, nil
}

// EvidenceReferred reports whether any evidence has this content: 64 hexadecimal digits.
func (s *Store) EvidenceReferred(ctx context.Context, sum string) (bool, error) {
	raw, err := hex.DecodeString(sum)
	if err != nil {
		return false, fmt.Errorf("read the hash %q: %w", sum, err)
	}
	used, err := s.queries.EvidenceReferred(ctx, raw)
	if err != nil {
		return false, fmt.Errorf("ask for evidence %s: %w", sum, err)
	}
	return used, nil
}

// proven is what files belong to: the answer of a duty or an entry, of a target.
type proven struct {
	mandateID, targetID, answerID, entryID int64
}

// addEvidence adds files in the transaction of what they prove. The caller
// holds the lock of the mandate, so that the room it has is counted once.
func addEvidence(ctx context.Context, q *db.Queries, to proven, by int64, at time.Time, files []evidence.File) error {
	if len(files) == 0 {
		return nil
	}
	size, err := q.EvidenceSize(ctx, to.mandateID)
	if err != nil {
		return fmt.Errorf("count the evidence: %w", err)
	}
	p := db.InsertEvidenceParams{
		MandateID: to.mandateID, TargetID: to.targetID, AnswerID: orNull(to.answerID), EntryID: orNull(to.entryID), AddedBy: by, AddedAt: at,
	}
	for _, f := range files {
		sum, err := hex.DecodeString(f.SHA256)
		if err != nil {
			return fmt.Errorf("read the hash %q: %w", f.SHA256, err)
		}
		size += int64(f.Size)
		p.Sha256, p.Sizes, p.Kinds = append(p.Sha256, sum), append(p.Sizes, int32(f.Size)), append(p.Kinds, string(f.Kind))
		p.Names, p.Confidential = append(p.Names, f.Name), append(p.Confidential, f.Confidential)
	}
	if size > evidence.MaxMandate {
		return ErrTooMuchEvidence
	}
	if err := q.InsertEvidence(ctx, p); err != nil {
		return fmt.Errorf("store the evidence: %w", refusal(err))
	}
	return nil
}

// fileRow is evidence as a statement packed it.
type fileRow struct {
	ID           int64     `json:"id"`
	SHA256       string    `json:"sha256"`
	Size         int       `json:"size"`
	Kind         string    `json:"kind"`
	Name         string    `json:"name"`
	Confidential bool      `json:"confidential"`
	ByID         int64     `json:"by_id"`
	By           string    `json:"by"`
	At           time.Time `json:"at"`
}

func filesOf(rows []fileRow) []evidence.File {
	var files []evidence.File
	for _, r := range rows {
		files = append(files, evidence.File{
			ID: r.ID, SHA256: r.SHA256, Size: r.Size, Kind: evidence.Kind(r.Kind), Name: r.Name, Confidential: r.Confidential,
			AddedByID: r.ByID, AddedBy: r.By, AddedAt: r.At,
		})
	}
	return files
}
