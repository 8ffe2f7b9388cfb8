package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/store/db"
)

// Kinds of mail.
const (
	KindDigest        = "digest"            // what waits for a person; one a day at most
	KindEscalation    = "escalation"        // half-year reports that stay out
	KindDelegationEnd = "delegation_end"    // a right is about to end; cannot be switched off
	KindStorm         = "storm"             // to administrators: far more mail than usual
	KindPasswordLink  = "password_link"     // kept without its link, which is made when it is sent
	KindReport        = "evaluation_report" // an officer reminds a holder of the activity report
	KindNudge         = "nudge"             // a secretary asks for a part of a half-year; somebody chose whom
)

// States of a mail. Failed, sent and kept are final.
const (
	MailQueued = "queued" // will be sent, or tried again
	MailSent   = "sent"   // a server has taken it
	MailFailed = "failed" // given up; the last error says why
	MailKept   = "kept"   // there is no mail server: for the administrator to read
	MailHeld   = "held"   // an administrator decides whether it goes
)

// MailStates lists every state, the one that asks for attention first.
var MailStates = []string{MailHeld, MailFailed, MailQueued, MailKept, MailSent}

// Mail is one message to one person. It holds counts and links, nothing that
// anybody wrote.
type Mail struct {
	ID             int64
	PersonID       int64
	Name, Email    string // of the person today
	Lang           bilingual.Lang
	Kind           string
	Key            string // what it is about: nobody gets two of one kind and key
	Day            calendar.Date
	Subject        string
	Text, HTML     string
	UnsubscribeURL string
	MessageID      string // stays the same at every attempt; without < and >
	State          string
	Attempts       int
	QueuedAt       time.Time
	NextAttempt    time.Time // zero: none is planned, or as soon as possible
	LastError      string    // a code
	SentAt         time.Time
	Unwanted       bool // the account was closed, or reminders were switched off
}

// QueuedMails gives the mails that wait to be sent.
func (s *Store) QueuedMails(ctx context.Context) ([]int64, error) {
	ids, err := s.queries.QueuedMails(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the queued mails: %w", err)
	}
	return ids, nil
}

// MailToSend reads one mail with the address it goes to. ErrNotFound when there is none.
func (s *Store) MailToSend(ctx context.Context, id int64) (Mail, error) {
	r, err := s.queries.MailToSend(ctx, id)
	if err != nil {
		return Mail{}, fmt.Errorf("read mail %d: %w", id, refusal(err))
	}
	optional := r.Kind == KindDigest || r.Kind == KindEscalation
	return Mail{
		ID: r.ID, PersonID: r.PersonID, Email: r.Email, Lang: bilingual.Lang(r.Lang), Kind: r.Kind, Subject: r.Subject, Text: r.Text, HTML: r.Html,
		UnsubscribeURL: r.UnsubscribeUrl, MessageID: r.MessageID, State: r.State, Attempts: int(r.Attempts), QueuedAt: r.QueuedAt,
		Unwanted: r.Disabled || optional && !r.Digest,
	}, nil
}

// RecordMail notes what became of a queued mail: its state, the code of what
// went wrong, and when it is tried again. attempted counts an attempt. A mail
// in a final state stays as it is.
func (s *Store) RecordMail(ctx context.Context, m Mail, attempted bool, at time.Time) error {
	p := db.RecordMailParams{ID: m.ID, State: m.State, LastError: m.LastError, At: at}
	if attempted {
		p.Attempted = 1
	}
	if !m.NextAttempt.IsZero() {
		p.NextAttemptAt = &m.NextAttempt
	}
	if err := s.queries.RecordMail(ctx, p); err != nil {
		return fmt.Errorf("record mail %d: %w", m.ID, err)
	}
	return nil
}

// OutgoingMails gives the newest mails, at most so many, and how many there are in each state.
func (s *Store) OutgoingMails(ctx context.Context, most int) ([]Mail, map[string]int, error) {
	rows, err := s.queries.OutgoingMails(ctx, int32(most))
	if err != nil {
		return nil, nil, fmt.Errorf("list the mails: %w", err)
	}
	mails := make([]Mail, len(rows))
	for i, r := range rows {
		mails[i] = Mail{
			ID: r.ID, PersonID: r.PersonID, Name: r.Name, Email: r.Email, Lang: bilingual.Lang(r.Lang), Kind: r.Kind, Day: r.Day,
			Subject: r.Subject, Text: r.Text, State: r.State, Attempts: int(r.Attempts), LastError: r.LastError,
		}
		if r.NextAttemptAt != nil {
			mails[i].NextAttempt = *r.NextAttemptAt
		}
		if r.SentAt != nil {
			mails[i].SentAt = *r.SentAt
		}
	}
	counts := map[string]int{}
	states, err := s.queries.MailCounts(ctx)
	for _, c := range states {
		counts[c.State] = int(c.Mails)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("count the mails: %w", err)
	}
	return mails, counts, nil
}

// DecideHeld lets the held mails go, after which their number counts as usual,
// or drops them.
func (s *Store) DecideHeld(ctx context.Context, sub Submission, release bool, at time.Time, location string) (string, error) {
	location, _, err := s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		var n int64
		var err error
		if release {
			if n, err = q.ReleaseMails(ctx, at); err == nil {
				err = q.AcceptRuns(ctx)
			}
		} else {
			n, err = q.DiscardMails(ctx)
		}
		if err != nil {
			return "", fmt.Errorf("held mails: %w", err)
		}
		event := sub.Event("mail")
		event.Detail = map[string]any{"mails": n}
		return location, audit(ctx, q, event)
	})
	return location, err
}
