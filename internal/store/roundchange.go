package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"jalon/internal/calendar"
	"jalon/internal/monitoring"
	"jalon/internal/store/db"
)

// ErrBegunPart refuses to leave out a mandate whose part was submitted or returned.
var ErrBegunPart = errors.New("the part of a mandate that is left out was submitted or returned")

// AskedMandate is a mandate whose part a round asks for.
type AskedMandate struct {
	Code  string
	Begun bool // its part was submitted or returned: it stays in the round
}

// AskedMandates lists the mandates of a round.
func (s *Store) AskedMandates(ctx context.Context, r Round) ([]AskedMandate, error) {
	return askedMandates(ctx, s.queries, r)
}

func askedMandates(ctx context.Context, q *db.Queries, r Round) ([]AskedMandate, error) {
	rows, err := q.AskedMandates(ctx, r.ID)
	if err != nil {
		return nil, fmt.Errorf("list the mandates of %s: %w", r.object(), err)
	}
	all := make([]AskedMandate, len(rows))
	for i, row := range rows {
		all[i] = AskedMandate(row)
	}
	return all, nil
}

// RoundPlan is what can be changed of a round until its seal.
type RoundPlan struct {
	monitoring.RoundDates
	Mandates []string // codes, in their order
}

// RoundChange is one change of days or mandates after a round was opened.
type RoundChange struct {
	At          time.Time
	By          string
	Reason      string
	Was, Became RoundPlan
}

// wirePlan is how a plan is kept.
type wirePlan struct {
	Opens    calendar.Date `json:"opens"`
	Due      calendar.Date `json:"due"`
	Grace    calendar.Date `json:"grace"`
	Meets    calendar.Date `json:"meets,omitzero"`
	Mandates []string      `json:"mandates"`
}

func (p RoundPlan) wire() wirePlan { return wirePlan{p.Opens, p.Due, p.Grace, p.Meets, p.Mandates} }

func (w wirePlan) plan() RoundPlan {
	return RoundPlan{monitoring.RoundDates{Opens: w.Opens, Due: w.Due, Grace: w.Grace, Meets: w.Meets}, w.Mandates}
}

// ChangeRound gives a round other days or mandates, with the reason. ErrSealed
// when it is sealed, ErrUnchanged when nothing changes, ErrNotFound for a
// mandate of elsewhere, ErrBegunPart for one that cannot be left out any more.
func (s *Store) ChangeRound(ctx context.Context, sub Submission, r Round, became RoundPlan, reason string, at time.Time, location string) (string, error) {
	location, _, err := s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		was, err := lockPlan(ctx, q, r)
		if err != nil {
			return "", err
		}
		if became.Mandates, err = askOthers(ctx, q, r, was.Mandates, became.Mandates); err != nil {
			return "", err
		}
		if was.RoundDates == became.RoundDates && slices.Equal(was.Mandates, became.Mandates) {
			return "", ErrUnchanged
		}
		err = q.SetRoundDates(ctx, db.SetRoundDatesParams{ID: r.ID, OpensOn: became.Opens, DueOn: became.Due, GraceUntil: became.Grace, MeetsOn: became.Meets})
		if err != nil {
			return "", fmt.Errorf("change the days of %s: %w", r.object(), refusal(err))
		}
		before, badBefore := json.Marshal(was.wire())
		after, badAfter := json.Marshal(became.wire())
		if err := errors.Join(badBefore, badAfter); err != nil {
			return "", err
		}
		err = q.InsertRoundChange(ctx, db.InsertRoundChangeParams{RoundID: r.ID, At: at, By: sub.PersonID, Reason: reason, Was: before, Became: after})
		if err != nil {
			return "", fmt.Errorf("note the change of %s: %w", r.object(), refusal(err))
		}
		event := sub.Event(r.object())
		event.Before, event.After = was.audited(), became.audited()
		return location, audit(ctx, q, event)
	})
	return location, err
}

// audited is what the trail says of a plan.
func (p RoundPlan) audited() map[string]any {
	days := map[string]any{"opens": p.Opens.String(), "due": p.Due.String(), "grace": p.Grace.String(), "mandates": len(p.Mandates)}
	if !p.Meets.IsZero() {
		days["meets"] = p.Meets.String()
	}
	return days
}

// lockPlan reads what a round is now, and keeps it so until the transaction ends.
func lockPlan(ctx context.Context, q *db.Queries, r Round) (RoundPlan, error) {
	state, err := q.LockRound(ctx, r.ID)
	switch {
	case err != nil:
		return RoundPlan{}, fmt.Errorf("lock %s: %w", r.object(), refusal(err))
	case monitoring.RoundState(state) == monitoring.RoundSealed:
		return RoundPlan{}, ErrSealed
	}
	head, err := q.RoundHead(ctx, db.RoundHeadParams{Institution: r.Institution.Code, Body: r.Body.Code, Period: r.Period.Start()})
	if err != nil {
		return RoundPlan{}, fmt.Errorf("read %s: %w", r.object(), refusal(err))
	}
	asked, err := askedMandates(ctx, q, r)
	if err != nil {
		return RoundPlan{}, err
	}
	return RoundPlan{roundOf(head).RoundDates, codesOf(asked)}, nil
}

func codesOf(asked []AskedMandate) []string {
	codes := make([]string, len(asked))
	for i, a := range asked {
		codes[i] = a.Code
	}
	return codes
}

// askOthers makes a round ask just these mandates, and gives them in their
// order. It locks all of them at once: a part that is being submitted counts,
// and an entry that is being recorded is stored before the change.
func askOthers(ctx context.Context, q *db.Queries, r Round, asked, want []string) ([]string, error) {
	added := slices.DeleteFunc(slices.Clone(want), func(code string) bool { return slices.Contains(asked, code) })
	n, err := q.InsertRoundMandates(ctx, db.InsertRoundMandatesParams{RoundID: r.ID, BodyID: r.BodyID, Codes: added})
	switch {
	case err != nil:
		return nil, fmt.Errorf("ask other mandates: %w", refusal(err))
	case int(n) != len(added):
		return nil, fmt.Errorf("%d of %d mandates are of the institution: %w", n, len(added), ErrNotFound)
	}
	if err := q.LockRoundMandates(ctx, r.ID); err != nil {
		return nil, fmt.Errorf("lock the mandates of %s: %w", r.object(), refusal(err))
	}
	all, err := askedMandates(ctx, q, r)
	if err != nil {
		return nil, err
	}
	kept, removed := []string{}, []string{}
	for _, a := range all {
		switch {
		case slices.Contains(want, a.Code):
			kept = append(kept, a.Code)
		case a.Begun:
			return nil, ErrBegunPart
		default:
			removed = append(removed, a.Code)
		}
	}
	if err := q.DeleteRoundMandates(ctx, db.DeleteRoundMandatesParams{RoundID: r.ID, Codes: removed}); err != nil {
		return nil, fmt.Errorf("leave mandates out: %w", refusal(err))
	}
	return kept, nil
}
