package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/store/db"
)

// RoundPerson reports on a mandate of a round.
type RoundPerson struct {
	PersonID int64
	Name     string
	Lang     bilingual.Lang
	Role     access.Role // holder or delegate
	NudgedAt time.Time   // on the day asked for; zero when they were not
}

func roundPeople(raw []byte) ([]RoundPerson, error) {
	var rows []struct {
		ID       int64          `json:"id"`
		Name     string         `json:"name"`
		Lang     bilingual.Lang `json:"lang"`
		Role     access.Role    `json:"role"`
		NudgedAt *time.Time     `json:"nudged_at"`
	}
	if err := unpack(raw, &rows); err != nil {
		return nil, err
	}
	all := make([]RoundPerson, len(rows))
	for i, p := range rows {
		all[i] = RoundPerson{PersonID: p.ID, Name: p.Name, Lang: p.Lang, Role: p.Role}
		if p.NudgedAt != nil {
			all[i].NudgedAt = *p.NudgedAt
		}
	}
	return all, nil
}

// NudgeLetter is what a nudge says: whose part is asked for, by when.
type NudgeLetter struct {
	Recipient
	Round    string // such as ACTIRIS-DR
	Period   calendar.HalfYear
	Due, Day calendar.Date // by when; the day of the nudge
	Mandates []string      // codes
}

// NudgedError refuses a second nudge on a day, with who it is and the time of the first.
type NudgedError struct {
	PersonID int64
	At       time.Time
}

func (e *NudgedError) Error() string { return fmt.Sprintf("person %d was nudged today", e.PersonID) }

// Nudge puts one mail for each person in the outbox, all or none: NudgedError
// when one of them got one about this round on the same day.
func (s *Store) Nudge(ctx context.Context, sub Submission, r Round, mails []Mail, at time.Time, location string) (string, error) {
	day := calendar.DateOf(at)
	location, _, err := s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		params := make([]db.InsertMailParams, len(mails))
		for i, m := range mails {
			n, err := q.InsertNudge(ctx, db.InsertNudgeParams{RoundID: r.ID, PersonID: m.PersonID, Day: day, At: at, By: sub.PersonID})
			if err != nil {
				return "", fmt.Errorf("note the nudge of person %d: %w", m.PersonID, err)
			}
			if n == 0 {
				first, err := q.NudgeAt(ctx, db.NudgeAtParams{RoundID: r.ID, PersonID: m.PersonID, Day: day})
				if err != nil {
					return "", fmt.Errorf("find the first nudge of person %d: %w", m.PersonID, err)
				}
				return "", &NudgedError{m.PersonID, first}
			}
			params[i] = db.InsertMailParams{
				PersonID: m.PersonID, Kind: m.Kind, Key: m.Key, Day: day, Subject: m.Subject, Text: m.Text, Html: m.HTML,
				UnsubscribeUrl: m.UnsubscribeURL, MessageID: m.MessageID, State: m.State, QueuedAt: at,
			}
		}
		if err := execAll(q.InsertMail(ctx, params)); err != nil {
			return "", fmt.Errorf("queue %d nudges: %w", len(mails), err)
		}
		event := sub.Event(r.object())
		event.Detail = map[string]any{"mails": len(mails)}
		return location, audit(ctx, q, event)
	})
	return location, err
}
