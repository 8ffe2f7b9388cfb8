package store

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"jalon/internal/calendar"
	"jalon/internal/evidence"
	"jalon/internal/progress"
	"jalon/internal/store/db"
)

// chosenRow is a file or a link as HalfYearWritten packs it.
type chosenRow struct {
	fileRow
	URL string `json:"url"`
}

// draftRow is what stands beside a target as HalfYearWritten packs it.
type draftRow struct {
	TargetID  int64             `json:"target_id"`
	Fields    map[string]string `json:"fields"`
	Version   int               `json:"version"`
	SavedBy   int64             `json:"saved_by"`
	SavedName string            `json:"saved_name"`
	SavedAt   time.Time         `json:"saved_at"`
	Chosen    []chosenRow       `json:"chosen"`
	Files     []fileRow         `json:"files"`
	Links     []chosenRow       `json:"links"`
	Replaced  []struct {
		Fields map[string]string `json:"fields"`
		By     string            `json:"by"`
		At     time.Time         `json:"at"`
	} `json:"replaced"`
}

func (r draftRow) draft() progress.Draft {
	d := progress.Draft{TargetID: r.TargetID, Fields: r.Fields, Version: r.Version, SavedByID: r.SavedBy, SavedBy: r.SavedName, Chosen: setOf(r.Chosen), Recorded: setOf(r.Links)}
	if r.Version > 0 {
		d.SavedAt = r.SavedAt
	}
	d.Recorded.Files = filesOf(r.Files)
	for _, t := range r.Replaced {
		d.Replaced = append(d.Replaced, progress.Replaced{Fields: t.Fields, By: t.By, At: t.At})
	}
	return d
}

func setOf(rows []chosenRow) (set evidence.Set) {
	for _, r := range rows {
		if r.URL != "" {
			set.Links = append(set.Links, evidence.Link{ID: r.ID, URL: r.URL, Title: r.Name, AddedBy: r.By, AddedAt: r.At})
			continue
		}
		set.Files = append(set.Files, filesOf([]fileRow{r.fileRow})...)
	}
	return set
}

// SaveDrafts keeps the rows that were typed. A row that somebody else saved or
// recorded since its Version is left alone and listed in conflicts; the others
// are kept, and versions gives their new number by target.
func (s *Store) SaveDrafts(ctx context.Context, mandateID int64, period calendar.HalfYear, by int64, at time.Time, rows []progress.Draft) (versions map[int64]int, conflicts []int64, err error) {
	versions = make(map[int64]int, len(rows))
	params, err := draftParams(mandateID, period, by, at, rows)
	if err != nil {
		return nil, nil, err
	}
	err = s.inTx(ctx, func(_ pgx.Tx, q *db.Queries) error {
		if err := auditDrafts(ctx, q, mandateID, period, by); err != nil {
			return err
		}
		var failed error
		q.PutDraft(ctx, params).QueryRow(func(i int, version int32, err error) {
			switch {
			case errors.Is(err, pgx.ErrNoRows):
				conflicts = append(conflicts, rows[i].TargetID)
			case err != nil && failed == nil:
				failed = err
			case err == nil:
				versions[rows[i].TargetID] = int(version)
			}
		})
		return failed
	})
	if err != nil {
		return nil, nil, fmt.Errorf("save %d draft rows: %w", len(rows), refusal(err))
	}
	return versions, conflicts, nil
}

func draftParams(mandateID int64, period calendar.HalfYear, by int64, at time.Time, rows []progress.Draft) ([]db.PutDraftParams, error) {
	params := make([]db.PutDraftParams, len(rows))
	for i, d := range rows {
		fields, err := json.Marshal(d.Fields)
		if err != nil {
			return nil, fmt.Errorf("pack draft: %w", err)
		}
		params[i] = db.PutDraftParams{
			MandateID: mandateID, Period: period.Start(), TargetID: d.TargetID, Resolves: d.Resolves,
			Fields: fields, SavedBy: by, SavedAt: at, ReadVersion: int32(d.Version),
		}
	}
	return params, nil
}

// FillDrafts keeps many rows at once, as one form that is stored once or not at
// all: ErrChanged when one of them is no longer at its Version.
func (s *Store) FillDrafts(ctx context.Context, sub Submission, mandateID int64, period calendar.HalfYear, at time.Time, rows []progress.Draft, location string) (string, error) {
	params := make([]db.PutDraftParams, len(rows))
	for i, d := range rows {
		fields, err := json.Marshal(d.Fields)
		if err != nil {
			return "", fmt.Errorf("pack draft: %w", err)
		}
		params[i] = db.PutDraftParams{
			MandateID: mandateID, Period: period.Start(), TargetID: d.TargetID, Resolves: true,
			Fields: fields, SavedBy: sub.PersonID, SavedAt: at, ReadVersion: int32(d.Version),
		}
	}
	location, _, err := s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		var failed error
		q.PutDraft(ctx, params).QueryRow(func(_ int, _ int32, err error) {
			if errors.Is(err, pgx.ErrNoRows) {
				err = ErrChanged
			}
			if err != nil && failed == nil {
				failed = err
			}
		})
		if failed != nil {
			return "", failed
		}
		event := sub.Event("report/" + period.String())
		event.MandateID, event.Detail = mandateID, map[string]any{"number": len(rows)}
		return location, audit(ctx, q, event)
	})
	return location, err
}

// KeepTexts keeps words that did not get into the drafts of their rows, so that
// they can be found again beside them.
func (s *Store) KeepTexts(ctx context.Context, mandateID int64, period calendar.HalfYear, by int64, at time.Time, rows []progress.Draft) error {
	params := make([]db.KeepTextParams, len(rows))
	for i, d := range rows {
		fields, err := json.Marshal(d.Fields)
		if err != nil {
			return fmt.Errorf("pack text: %w", err)
		}
		params[i] = db.KeepTextParams{MandateID: mandateID, Period: period.Start(), TargetID: d.TargetID, Fields: fields, WrittenBy: by, WrittenAt: at}
	}
	err := s.inTx(ctx, func(_ pgx.Tx, q *db.Queries) error {
		if err := auditDrafts(ctx, q, mandateID, period, by); err != nil {
			return err
		}
		var failed error
		q.KeepText(ctx, params).Exec(func(_ int, err error) {
			if failed == nil {
				failed = err
			}
		})
		return failed
	})
	if err != nil {
		return fmt.Errorf("keep %d texts: %w", len(rows), refusal(err))
	}
	return nil
}

func auditDrafts(ctx context.Context, q *db.Queries, mandateID int64, period calendar.HalfYear, by int64) error {
	return auditOnce(ctx, q, Event{ActorID: by, Action: "save draft", Object: "report/" + period.String(), MandateID: mandateID})
}

// ChooseEvidence keeps files and links beside the drafts of their targets, until
// the entry is recorded. What is there already stays one. ErrTooMuchEvidence
// when the mandate has no room for it: then none is kept.
func (s *Store) ChooseEvidence(ctx context.Context, mandateID int64, period calendar.HalfYear, by int64, at time.Time, chosen map[int64]evidence.Set) error {
	var params []db.AddDraftEvidenceParams
	more := int64(0)
	for target, set := range chosen {
		p := db.AddDraftEvidenceParams{MandateID: mandateID, Period: period.Start(), TargetID: target, AddedBy: by, AddedAt: at}
		for _, f := range set.Files {
			sum, err := hex.DecodeString(f.SHA256)
			if err != nil {
				return fmt.Errorf("read the hash %q: %w", f.SHA256, err)
			}
			size, kind, row := int32(f.Size), string(f.Kind), p
			row.Sha256, row.Size, row.Kind, row.Name, row.Confidential = sum, &size, &kind, f.Name, f.Confidential
			params = append(params, row)
			more += int64(f.Size)
		}
		for _, l := range set.Links {
			row := p
			row.Url, row.Name = &l.URL, l.Title
			params = append(params, row)
		}
	}
	err := s.inTx(ctx, func(_ pgx.Tx, q *db.Queries) error {
		if _, err := q.LockMandate(ctx, mandateID); err != nil { // the room is counted once
			return err
		}
		size, err := q.EvidenceSize(ctx, mandateID)
		switch {
		case err != nil:
			return err
		case size+more > evidence.MaxMandate:
			return ErrTooMuchEvidence
		}
		var failed error
		q.AddDraftEvidence(ctx, params).Exec(func(_ int, err error) {
			if failed == nil {
				failed = err
			}
		})
		if failed != nil {
			return failed
		}
		return audit(ctx, q, Event{ActorID: by, Action: "choose evidence", Object: "report/" + period.String(), MandateID: mandateID, Detail: map[string]any{"number": len(params)}})
	})
	if err != nil {
		return fmt.Errorf("choose evidence: %w", refusal(err))
	}
	return nil
}

// DropChosen takes back what was chosen as evidence for one of the targets and
// is not recorded; nothing happens when it is there no more.
func (s *Store) DropChosen(ctx context.Context, mandateID int64, period calendar.HalfYear, by, id int64, targets []int64) error {
	err := s.inTx(ctx, func(_ pgx.Tx, q *db.Queries) error {
		if err := q.DropDraftEvidence(ctx, db.DropDraftEvidenceParams{MandateID: mandateID, Period: period.Start(), ID: id, Targets: targets}); err != nil {
			return err
		}
		return audit(ctx, q, Event{ActorID: by, Action: "take back evidence", Object: "report/" + period.String(), MandateID: mandateID})
	})
	if err != nil {
		return fmt.Errorf("take back evidence: %w", refusal(err))
	}
	return nil
}
