package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"jalon/internal/store/db"
)

// PasswordLinkLife is how long a link to choose a password serves.
const PasswordLinkLife = 30 * time.Minute

// MakePasswordLink keeps the hash of a link's token for a person. What the
// person has does not change until they use it.
func (s *Store) MakePasswordLink(ctx context.Context, sub Submission, personID int64, hash []byte, at time.Time, location string) (repeated bool, err error) {
	_, repeated, err = s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		if err := makePasswordLink(ctx, q, personID, hash, at); err != nil {
			return "", err
		}
		return location, audit(ctx, q, sub.Event(personObject(personID)))
	})
	return repeated, err
}

func makePasswordLink(ctx context.Context, q *db.Queries, personID int64, hash []byte, at time.Time) error {
	err := q.InsertPasswordLink(ctx, db.InsertPasswordLinkParams{TokenHash: hash, PersonID: personID, MadeAt: at, ExpiresAt: at.Add(PasswordLinkLife)})
	if err != nil {
		return fmt.Errorf("password link of person %d: %w", personID, err)
	}
	return nil
}

// PasswordLink tells whose link has a token with this hash, without using it.
// ErrNotFound when it has ended, was used, never was, or its person is disabled.
func (s *Store) PasswordLink(ctx context.Context, hash []byte, at time.Time) (Credentials, error) {
	id, err := s.queries.PasswordLink(ctx, db.PasswordLinkParams{TokenHash: hash, Now: at})
	if err != nil {
		return Credentials{}, fmt.Errorf("find the password link: %w", refusal(err))
	}
	return s.CredentialsByID(ctx, id)
}

// UsePasswordLink sets the password of the link's person, ends all their
// sessions and every other link. ErrNotFound as PasswordLink says.
func (s *Store) UsePasswordLink(ctx context.Context, hash []byte, at time.Time, passwordHash, requestID string) error {
	_, _, err := s.Once(ctx, Submission{Action: "use password link"}, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		id, err := q.UsePasswordLink(ctx, db.UsePasswordLinkParams{TokenHash: hash, Now: at})
		if err != nil {
			return "", err
		}
		if _, err := setPassword(ctx, q, id, passwordHash, false); err != nil {
			return "", err
		}
		return "", audit(ctx, q, Event{ActorID: id, Action: "use password link", Object: personObject(id), RequestID: requestID})
	})
	return err
}

// RemoveEndedPasswordLinks forgets the links that serve no longer.
func (s *Store) RemoveEndedPasswordLinks(ctx context.Context, at time.Time) error {
	if err := s.queries.DeleteExpiredPasswordLinks(ctx, at); err != nil {
		return fmt.Errorf("remove ended password links: %w", err)
	}
	return nil
}

// QueueMail puts one mail in the outbox, unless its person has one of this kind
// and key already.
func (s *Store) QueueMail(ctx context.Context, m Mail, at time.Time) error {
	err := execAll(s.queries.InsertMail(ctx, []db.InsertMailParams{{
		PersonID: m.PersonID, Kind: m.Kind, Key: m.Key, Day: m.Day, Subject: m.Subject, Text: m.Text, Html: m.HTML,
		UnsubscribeUrl: m.UnsubscribeURL, MessageID: m.MessageID, State: m.State, QueuedAt: at,
	}}))
	if err != nil {
		return fmt.Errorf("queue a %s: %w", m.Kind, err)
	}
	return nil
}
