package store

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"jalon/internal/bilingual"
	"jalon/internal/store/db"
)

// ExportState is how far a document is that is made apart from the request.
type ExportState string

// States of a document. Ready and failed are final.
const (
	ExportWaiting ExportState = "waiting" // for its turn
	ExportMaking  ExportState = "making"
	ExportReady   ExportState = "ready" // its file lies on the shelf until it expires
	ExportFailed  ExportState = "failed"
)

// Bounds of documents that are made by job.
const (
	MaxExports       = 2                // made at once, on however many servers
	MaxOpenExports   = 5                // of one person that wait or are being made, before one more is ordered
	MaxExportsAtOnce = 50               // ordered in one go
	ExportLife       = 24 * time.Hour   // of a file
	ExportStale      = 30 * time.Second // without a sign of life: whoever made it has gone
	exportAttempts   = 3
)

// ErrTooManyExports refuses one more document of a person who waits for MaxOpenExports.
var ErrTooManyExports = errors.New("too many documents wait")

// Export is a document that somebody asked for, and that a job makes. What a
// kind is, and what its parameters mean, the site knows (site.exportKinds).
type Export struct {
	ID          int64
	PersonID    int64 // who asked; nobody else sees it
	Kind        string
	Parameters  json.RawMessage // an object
	Lang        bilingual.Lang  // of the page it was asked on
	AskedAt     time.Time
	State       ExportState
	Attempts    int
	Done, Steps int // how far it is; Steps is 0 while that is not known
	File        ExportFile
	SHA256      string // of the file, 64 hexadecimal digits; "" until it is ready
	ExpiresAt   time.Time
}

// ExportFile is what a document became, beside its content.
type ExportFile struct {
	Name        string
	ContentType string
	Size        int64
}

// OrderExport asks for a document. One that the same person asked for in the
// same words, and that is not made yet, is given instead of a second one.
// location gets the number of the document and gives where its page is.
// ErrTooManyExports when MaxOpenExports of theirs wait.
func (s *Store) OrderExport(ctx context.Context, sub Submission, e Export, location func(id int64) string) (string, error) {
	where, _, err := s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		ids, err := orderExports(ctx, q, sub, []Export{e})
		if err != nil {
			return "", err
		}
		return location(ids[0]), nil
	})
	return where, err
}

// OrderExports asks for several documents of one person in one go, all or none,
// each as OrderExport does; location is where the answer sends the browser.
// ErrTooManyExports when MaxOpenExports of theirs wait already, or when they are
// more than MaxExportsAtOnce.
func (s *Store) OrderExports(ctx context.Context, sub Submission, some []Export, location string) error {
	if len(some) > MaxExportsAtOnce {
		return ErrTooManyExports
	}
	_, _, err := s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		_, err := orderExports(ctx, q, sub, some)
		return location, err
	})
	return err
}

// orderExports gives the numbers of the documents, in the order of some, which
// are of one person. What waits is counted before the first: those that are
// ordered together are one order.
func orderExports(ctx context.Context, q *db.Queries, sub Submission, some []Export) (ids []int64, err error) {
	if err := q.LockExports(ctx); err != nil {
		return nil, fmt.Errorf("take the turn: %w", err)
	}
	var open int64
	for i, e := range some {
		if i == 0 {
			if open, err = q.OpenExports(ctx, e.PersonID); err != nil {
				return nil, fmt.Errorf("count what waits: %w", err)
			}
		}
		id, err := q.SameExport(ctx, db.SameExportParams{PersonID: e.PersonID, Kind: e.Kind, Parameters: e.Parameters, Lang: string(e.Lang)})
		switch {
		case err == nil:
			ids = append(ids, id)
			continue
		case !errors.Is(err, pgx.ErrNoRows):
			return nil, fmt.Errorf("look for the same document: %w", err)
		case open >= MaxOpenExports:
			return nil, ErrTooManyExports
		}
		id, err = q.OrderExport(ctx, db.OrderExportParams{
			PersonID: e.PersonID, Kind: e.Kind, Parameters: e.Parameters, Lang: string(e.Lang), AskedAt: e.AskedAt, ExpiresAt: e.AskedAt.Add(ExportLife),
		})
		if err != nil {
			return nil, fmt.Errorf("order %s: %w", e.Kind, refusal(err))
		}
		event := sub.Event(fmt.Sprintf("export/%d", id))
		event.Detail = map[string]any{"kind": e.Kind, "lang": e.Lang}
		if err := audit(ctx, q, event); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// Exports gives the documents of a person that have not expired, the newest first.
func (s *Store) Exports(ctx context.Context, personID int64, at time.Time) ([]Export, error) {
	return s.exports(ctx, db.ExportsParams{PersonID: personID, At: at})
}

// Export gives one document of a person. ErrNotFound when there is none, when
// it is somebody else's, or when it has expired.
func (s *Store) Export(ctx context.Context, id, personID int64, at time.Time) (Export, error) {
	found, err := s.exports(ctx, db.ExportsParams{ID: id, PersonID: personID, At: at})
	if err == nil && (id <= 0 || len(found) == 0) {
		err = fmt.Errorf("find document %d: %w", id, ErrNotFound)
	}
	if err != nil {
		return Export{}, err
	}
	return found[0], nil
}

func (s *Store) exports(ctx context.Context, p db.ExportsParams) ([]Export, error) {
	rows, err := s.queries.Exports(ctx, p)
	if err != nil {
		return nil, fmt.Errorf("list documents: %w", err)
	}
	all := make([]Export, len(rows))
	for i, r := range rows {
		all[i] = Export{
			ID: r.ID, PersonID: r.PersonID, Kind: r.Kind, Parameters: r.Parameters, Lang: bilingual.Lang(r.Lang), AskedAt: r.AskedAt,
			State: ExportState(r.State), Attempts: int(r.Attempts), Done: int(r.Done), Steps: int(r.Steps),
			File: ExportFile{Name: r.FileName, ContentType: r.ContentType, Size: r.Size}, SHA256: r.Sha256, ExpiresAt: r.ExpiresAt,
		}
	}
	return all, nil
}

// ExportsBefore tells how many documents, of anybody, come before one: a number
// and nothing else of them.
func (s *Store) ExportsBefore(ctx context.Context, id int64) (int, error) {
	n, err := s.queries.ExportsBefore(AsSystem(ctx), id)
	if err != nil {
		return 0, fmt.Errorf("count the documents before %d: %w", id, err)
	}
	return int(n), nil
}

// TakeExport takes up the document that has waited longest, for a job to make.
// Nothing is taken while MaxExports are being made, on whichever server; one
// without a sign of life since ExportStale waits again first.
func (s *Store) TakeExport(ctx context.Context, at time.Time) (e Export, taken bool, err error) {
	err = s.inTx(ctx, func(_ pgx.Tx, q *db.Queries) error {
		if err := q.LockExports(ctx); err != nil {
			return err
		}
		if err := q.ReviveExports(ctx, db.ReviveExportsParams{Most: exportAttempts, Stale: at.Add(-ExportStale)}); err != nil {
			return err
		}
		if n, err := q.ExportsUnderWay(ctx); err != nil || n >= MaxExports {
			return err
		}
		r, err := q.TakeExport(ctx, at)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		taken = err == nil
		e = Export{
			ID: r.ID, PersonID: r.PersonID, Kind: r.Kind, Parameters: r.Parameters, Lang: bilingual.Lang(r.Lang), AskedAt: r.AskedAt,
			State: ExportMaking, Attempts: int(r.Attempts), ExpiresAt: r.ExpiresAt,
		}
		return err
	})
	if err != nil {
		return Export{}, false, fmt.Errorf("take up a document: %w", err)
	}
	return e, taken, nil
}

// TouchExport gives a sign of life of a document that is being made, and tells
// how far it is. ErrConflict when somebody else has taken it up since.
func (s *Store) TouchExport(ctx context.Context, e Export, at time.Time) error {
	n, err := s.queries.TouchExport(ctx, db.TouchExportParams{ID: e.ID, Attempts: int16(e.Attempts), At: at, Done: int32(e.Done), Steps: int32(e.Steps)})
	return exportStep("touch", e.ID, n, err)
}

// FinishExport notes that the file of a document lies on the shelf.
// ErrConflict when somebody else has taken it up since.
func (s *Store) FinishExport(ctx context.Context, e Export, at time.Time) error {
	sum, err := hex.DecodeString(e.SHA256)
	if err != nil {
		return fmt.Errorf("read the hash %q: %w", e.SHA256, err)
	}
	n, err := s.queries.FinishExport(ctx, db.FinishExportParams{
		ID: e.ID, Attempts: int16(e.Attempts), At: at, FileName: e.File.Name, ContentType: e.File.ContentType, Size: e.File.Size, Sha256: sum, ExpiresAt: at.Add(ExportLife),
	})
	return exportStep("finish", e.ID, n, err)
}

// GiveUpExport ends an attempt: the document waits for another one, or has
// failed when this was the last or when another would give the same.
func (s *Store) GiveUpExport(ctx context.Context, e Export, final bool, at time.Time) error {
	state := ExportWaiting
	if final || e.Attempts >= exportAttempts {
		state = ExportFailed
	}
	n, err := s.queries.GiveUpExport(ctx, db.GiveUpExportParams{ID: e.ID, Attempts: int16(e.Attempts), At: at, State: string(state)})
	return exportStep("give up", e.ID, n, err)
}

func exportStep(what string, id, rows int64, err error) error {
	if err == nil && rows == 0 {
		err = ErrConflict
	}
	if err != nil {
		return fmt.Errorf("%s document %d: %w", what, id, err)
	}
	return nil
}

// WaitingExports tells whether any document waits for somebody to make it.
func (s *Store) WaitingExports(ctx context.Context, at time.Time) (bool, error) {
	n, err := s.queries.WaitingExports(ctx, at.Add(-ExportStale))
	if err != nil {
		return false, fmt.Errorf("count waiting documents: %w", err)
	}
	return n > 0, nil
}

// RemoveExpiredExports forgets the documents whose time is over. The shelf lets
// their files go when it is swept.
func (s *Store) RemoveExpiredExports(ctx context.Context, at time.Time) error {
	if _, err := s.queries.RemoveExpiredExports(ctx, at); err != nil {
		return fmt.Errorf("remove expired documents: %w", err)
	}
	return nil
}

// CountTargets tells how many targets some mandates have: how big a document of them will be.
func (s *Store) CountTargets(ctx context.Context, mandates []int64) (int, error) {
	n, err := s.queries.CountTargets(ctx, mandates)
	if err != nil {
		return 0, fmt.Errorf("count targets: %w", err)
	}
	return int(n), nil
}
