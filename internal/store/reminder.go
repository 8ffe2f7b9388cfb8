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

// Recipient is somebody a mail can be for.
type Recipient struct {
	PersonID int64
	Lang     bilingual.Lang
	Disabled bool // gets nothing
	Digest   bool // wants reminders
}

// Answerable is one person who answers for a mandate on a day: its holder, a
// delegate, or a secretary of its institution.
type Answerable struct {
	MandateID  int64
	Role       access.Role
	Objectives []string // codes that a delegation is limited to; none for the whole mandate
	Recipient
}

// OpenDelegation is a delegation that has not ended.
type OpenDelegation struct {
	ID          int64
	MandateID   int64
	MandateCode string
	From, Until calendar.Date
	By, To      Recipient // Digest is not looked up
}

// ReminderBook is what the reminders of a day are made from, beside the duties.
type ReminderBook struct {
	Planned       bool          // the day was planned already
	LastDay       calendar.Date // planned before; zero for none
	Busiest       int           // most mails of one day in the year before
	People        []Answerable  // in the order of the mandates
	Delegations   []OpenDelegation
	Administrator []Recipient
	Parts         []PartDue // not submitted yet
}

// PartDue is the part of a mandate that a round waits for.
type PartDue struct {
	MandateID int64
	Period    calendar.HalfYear
	Due       calendar.Date // the earliest, when several bodies wait
}

// ReminderBook reads who answers for what on a day, and what was planned before it.
func (s *Store) ReminderBook(ctx context.Context, today calendar.Date) (b ReminderBook, err error) {
	runs, err := s.queries.ReminderRuns(ctx, db.ReminderRunsParams{Today: today, Since: today.AddDays(-400)})
	if err != nil {
		return b, fmt.Errorf("read the days planned before: %w", err)
	}
	b = ReminderBook{Planned: runs.Planned, LastDay: runs.LastDay, Busiest: int(runs.Busiest)}
	if b.Planned {
		return b, nil
	}
	people, err := s.queries.ReminderPeople(ctx, today)
	if err != nil {
		return b, fmt.Errorf("read who answers for the mandates: %w", err)
	}
	for _, r := range people {
		b.People = append(b.People, Answerable{r.MandateID, access.Role(r.Role), r.Objectives, Recipient{r.PersonID, bilingual.Lang(r.Lang), r.Disabled, r.Digest}})
	}
	delegations, err := s.queries.OpenDelegations(ctx, today)
	if err != nil {
		return b, fmt.Errorf("read the delegations: %w", err)
	}
	for _, r := range delegations {
		b.Delegations = append(b.Delegations, OpenDelegation{
			ID: r.ID, MandateID: r.MandateID, MandateCode: r.MandateCode, From: r.StartsOn, Until: r.EndsOn,
			By: Recipient{PersonID: r.ByID, Lang: bilingual.Lang(r.ByLang), Disabled: r.ByDisabled},
			To: Recipient{PersonID: r.ToID, Lang: bilingual.Lang(r.ToLang), Disabled: r.ToDisabled},
		})
	}
	parts, err := s.queries.RoundDueRows(ctx)
	if err != nil {
		return b, fmt.Errorf("read what the rounds wait for: %w", err)
	}
	for _, r := range parts {
		b.Parts = append(b.Parts, PartDue{r.MandateID, calendar.HalfYearOf(r.Period), r.DueOn})
	}
	administrators, err := s.queries.Administrators(ctx, today)
	if err != nil {
		return b, fmt.Errorf("read the administrators: %w", err)
	}
	for _, r := range administrators {
		b.Administrator = append(b.Administrator, Recipient{PersonID: r.ID, Lang: bilingual.Lang(r.Lang)})
	}
	return b, nil
}

// PlanMails stores the mails of a day, once: false when another process has
// done so before. held says that an administrator must decide about them.
func (s *Store) PlanMails(ctx context.Context, day calendar.Date, held bool, mails []Mail, at time.Time) (planned bool, err error) {
	err = s.inTx(ctx, func(_ pgx.Tx, q *db.Queries) error {
		count := 0
		params := make([]db.InsertMailParams, len(mails))
		for i, m := range mails {
			if m.Kind != KindStorm {
				count++
			}
			params[i] = db.InsertMailParams{
				PersonID: m.PersonID, Kind: m.Kind, Key: m.Key, Day: day, Subject: m.Subject, Text: m.Text, Html: m.HTML,
				UnsubscribeUrl: m.UnsubscribeURL, MessageID: m.MessageID, State: m.State, QueuedAt: at,
			}
		}
		n, err := q.StartReminderRun(ctx, db.StartReminderRunParams{Day: day, Mails: int32(count), Held: held, PlannedAt: at})
		if err != nil || n == 0 {
			return err
		}
		planned = true
		if err := execAll(q.InsertMail(ctx, params)); err != nil || len(mails) == 0 {
			return err
		}
		return audit(ctx, q, Event{Action: "plan mails", Object: "mail/" + day.String(), Detail: map[string]any{"mails": len(mails), "held": held}})
	})
	if err != nil {
		return false, fmt.Errorf("plan the mails of %s: %w", day, err)
	}
	return planned, nil
}

// Preferences are what a person chose about language and mail.
type Preferences struct {
	Lang   bilingual.Lang
	Digest bool // reminders are wanted
}

// Preferences reads the choices of a person.
func (s *Store) Preferences(ctx context.Context, personID int64) (Preferences, error) {
	r, err := s.queries.Preferences(ctx, personID)
	if err != nil {
		return Preferences{}, fmt.Errorf("read the preferences of person %d: %w", personID, refusal(err))
	}
	return Preferences{bilingual.Lang(r.Lang), r.Digest}, nil
}

// SetPreferences records the choices of the person who sends them.
func (s *Store) SetPreferences(ctx context.Context, sub Submission, p Preferences, location string) (string, error) {
	location, _, err := s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		was, err := q.Preferences(ctx, sub.PersonID)
		if err != nil {
			return "", fmt.Errorf("person %d: %w", sub.PersonID, err)
		}
		if err := q.SetLang(ctx, db.SetLangParams{Lang: string(p.Lang), ID: sub.PersonID}); err != nil {
			return "", fmt.Errorf("person %d: %w", sub.PersonID, err)
		}
		if err := q.SetDigest(ctx, db.SetDigestParams{PersonID: sub.PersonID, Digest: p.Digest}); err != nil {
			return "", fmt.Errorf("person %d: %w", sub.PersonID, err)
		}
		event := sub.Event(personObject(sub.PersonID))
		event.Before, event.After = map[string]any{"lang": was.Lang, "digest": was.Digest}, map[string]any{"lang": p.Lang, "digest": p.Digest}
		return location, audit(ctx, q, event)
	})
	return location, err
}
