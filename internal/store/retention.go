package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"jalon/internal/store/db"
)

// ErrSecondPerson refuses a decision by the person who made the list.
var ErrSecondPerson = errors.New("a second person decides")

// RetentionRule says how long the records of a class are kept.
type RetentionRule struct {
	Class         string
	Removable     bool      // by Jalon; others are kept whatever anybody wants
	SuggestedDays int       // 0: none
	Days          int       // after the event of the class; 0: keep
	ApprovedBy    string    // "" for nobody yet
	ApprovedAt    time.Time // zero: never
}

// RetentionRules lists every rule.
func (s *Store) RetentionRules(ctx context.Context) ([]RetentionRule, error) {
	rows, err := s.queries.RetentionRules(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the retention rules: %w", err)
	}
	rules := make([]RetentionRule, len(rows))
	for i, r := range rows {
		rules[i] = RetentionRule{Class: r.Class, Removable: r.Removable, SuggestedDays: int(r.SuggestedDays), Days: int(r.Days), ApprovedBy: r.ApprovedBy}
		if r.ApprovedAt != nil {
			rules[i].ApprovedAt = *r.ApprovedAt
		}
	}
	return rules, nil
}

// SetRetention has the records of a class kept for so many days, or for good
// (0). ErrNotFound for a class that does not exist or cannot be removed.
func (s *Store) SetRetention(ctx context.Context, sub Submission, class string, days int, at time.Time, location string) error {
	_, _, err := s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		was, err := q.SetRetentionRule(ctx, db.SetRetentionRuleParams{Class: class, Days: int32(days), ApprovedBy: sub.PersonID, ApprovedAt: at})
		if err != nil {
			return "", fmt.Errorf("rule %s: %w", class, err)
		}
		event := sub.Event("retention/" + class)
		event.Before, event.After = map[string]any{"days": was}, map[string]any{"days": days}
		return location, audit(ctx, q, event)
	})
	return err
}

// removal is how records of a class are counted and removed whose event lies before a moment.
type removal struct {
	count  func(q *db.Queries, ctx context.Context, before time.Time) (int64, error)
	remove func(q *db.Queries, ctx context.Context, before time.Time) (int64, error)
}

// removals are the classes that can go. Sealed tables, entries, letters and the
// audit trail are not among them, and the database lets the application remove none of those.
var removals = map[string]removal{
	"draft": {(*db.Queries).CountDrafts, (*db.Queries).RemoveDrafts},
	"mail":  {(*db.Queries).CountMails, (*db.Queries).EmptyMails},
	"evaluation": {
		func(q *db.Queries, ctx context.Context, before time.Time) (int64, error) {
			return q.RemoveEvaluations(ctx, db.RemoveEvaluationsParams{Before: before, Counting: true})
		},
		func(q *db.Queries, ctx context.Context, before time.Time) (int64, error) {
			return q.RemoveEvaluations(ctx, db.RemoveEvaluationsParams{Before: before})
		},
	},
}

// DeletionItem is one class on a list: so many records whose event lies before a moment.
type DeletionItem struct {
	Class   string
	Before  time.Time
	Found   int
	Removed int // once approved
}

// DeletionList is what could go, for a person to decide.
type DeletionList struct {
	ID        int64
	MadeAt    time.Time
	MadeByID  int64  // 0: the nightly job
	MadeBy    string // "" for the job
	DecidedBy string
	DecidedAt time.Time // zero: open
	Approved  bool
	Items     []DeletionItem
}

// DeletionLists gives the latest lists, the newest first; only the first can be open.
func (s *Store) DeletionLists(ctx context.Context) ([]DeletionList, error) {
	rows, err := s.queries.DeletionLists(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the deletion lists: %w", err)
	}
	var lists []DeletionList
	for _, r := range rows {
		if len(lists) == 0 || lists[len(lists)-1].ID != r.ID {
			l := DeletionList{ID: r.ID, MadeAt: r.MadeAt, MadeByID: r.MadeByID, MadeBy: r.MadeBy, DecidedBy: r.DecidedBy, Approved: r.Approved}
			if r.DecidedAt != nil {
				l.DecidedAt = *r.DecidedAt
			}
			lists = append(lists, l)
		}
		l := &lists[len(lists)-1]
		l.Items = append(l.Items, DeletionItem{r.Class, r.Before, int(r.Found), int(r.Removed)})
	}
	return lists, nil
}

// ListedSince reports whether a list is open, or was made since a moment.
func (s *Store) ListedSince(ctx context.Context, since time.Time) (bool, error) {
	listed, err := s.queries.ListedSince(ctx, since)
	if err != nil {
		return false, fmt.Errorf("look for deletion lists: %w", err)
	}
	return listed, nil
}

// ListDeletions makes the list of what the approved rules let go at a moment.
// It removes nothing. made is false when nothing could go, or a list is open.
func (s *Store) ListDeletions(ctx context.Context, sub Submission, at time.Time, location string) (made bool, err error) {
	_, _, err = s.Once(ctx, sub, func(ctx context.Context, tx pgx.Tx, q *db.Queries) (string, error) {
		if err := inNameOfSystem(ctx, tx); err != nil { // who lists learns how many, and sees none
			return "", err
		}
		rules, err := q.RetentionRules(ctx)
		if err != nil {
			return "", err
		}
		var items []db.InsertDeletionItemParams
		for _, r := range rules {
			class, ok := removals[r.Class]
			if !ok || !r.Removable || r.Days == 0 {
				continue
			}
			before := at.AddDate(0, 0, -int(r.Days))
			n, err := class.count(q, ctx, before)
			if err != nil {
				return "", fmt.Errorf("count %s: %w", r.Class, err)
			}
			if n > 0 {
				items = append(items, db.InsertDeletionItemParams{Class: r.Class, Before: before, Found: n})
			}
		}
		if len(items) == 0 {
			return location, nil
		}
		id, err := q.InsertDeletionList(ctx, db.InsertDeletionListParams{MadeAt: at, MadeBy: sub.PersonID})
		if err != nil {
			return "", err
		}
		counts := map[string]any{}
		for _, item := range items {
			item.ListID = id
			if err := q.InsertDeletionItem(ctx, item); err != nil {
				return "", err
			}
			counts[item.Class] = item.Found
		}
		made = true
		event := sub.Event(listObject(id))
		event.Detail = counts
		return location, audit(ctx, q, event)
	})
	if errors.Is(err, ErrExists) {
		return false, nil // another list waits for a decision
	}
	return made, err
}

func listObject(id int64) string { return "deletion/" + strconv.FormatInt(id, 10) }

// DecideDeletion removes what an open list holds, in one transaction with its
// certificate in the audit trail, or drops the list. twoPeople keeps the one who
// made the list from deciding (ErrSecondPerson). ErrNotFound when it is not open.
func (s *Store) DecideDeletion(ctx context.Context, sub Submission, list int64, approve, twoPeople bool, at time.Time, location string) error {
	_, _, err := s.Once(ctx, sub, func(ctx context.Context, tx pgx.Tx, q *db.Queries) (string, error) {
		if err := inNameOfSystem(ctx, tx); err != nil { // who approves removes what they cannot read
			return "", err
		}
		l, err := q.DeletionListForUpdate(ctx, list)
		if err != nil {
			return "", fmt.Errorf("list %d: %w", list, err)
		}
		if twoPeople && approve && l.MadeBy == sub.PersonID {
			return "", ErrSecondPerson
		}
		removed := map[string]any{}
		if approve {
			items, err := q.DeletionItems(ctx, list)
			if err != nil {
				return "", err
			}
			for _, item := range items {
				n, err := removals[item.Class].remove(q, ctx, item.Before)
				if err != nil {
					return "", fmt.Errorf("remove %s: %w", item.Class, err)
				}
				if err := q.RecordRemoved(ctx, db.RecordRemovedParams{ListID: list, Class: item.Class, Removed: n}); err != nil {
					return "", err
				}
				removed[item.Class] = n
			}
		}
		if err := q.DecideDeletion(ctx, db.DecideDeletionParams{ID: list, DecidedBy: sub.PersonID, DecidedAt: at, Approved: approve}); err != nil {
			return "", err
		}
		event := sub.Event(listObject(list))
		event.Detail = removed
		return location, audit(ctx, q, event)
	})
	return err
}
