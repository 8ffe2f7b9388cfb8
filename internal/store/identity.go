package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"jalon/internal/store/db"
)

// Identity is who a person is at an identity provider. Subject is the
// provider's name for them: people are found by it and by nothing else.
type Identity struct {
	ID              int64
	Issuer, Subject string
	LinkedBy        string    // name of the person who did; "" when it came with a first sign-in
	LinkedAt        time.Time // in UTC or any zone
	LastUsed        time.Time // zero: never
}

// IdentitiesOf lists the identities of a person, the oldest first.
func (s *Store) IdentitiesOf(ctx context.Context, personID int64) ([]Identity, error) {
	rows, err := s.queries.IdentitiesOf(ctx, personID)
	if err != nil {
		return nil, fmt.Errorf("list the identities of person %d: %w", personID, err)
	}
	all := make([]Identity, len(rows))
	for i, r := range rows {
		all[i] = Identity{ID: r.ID, Issuer: r.Issuer, Subject: r.Subject, LinkedBy: r.LinkedBy, LinkedAt: r.LinkedAt}
		if r.LastUsedAt != nil {
			all[i].LastUsed = *r.LastUsedAt
		}
	}
	return all, nil
}

// LinkIdentity makes an identity that of a person, who signs in with it from
// now on. ErrExists when it is somebody's already, or when the person has
// another one at that provider; ErrNotFound when there is no such person.
// Whoever calls it has made sure that the person, or an administrator, wants it.
func (s *Store) LinkIdentity(ctx context.Context, sub Submission, personID int64, issuer, subject string, at time.Time, location string) (string, error) {
	location, _, err := s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		if _, err := q.PersonByID(ctx, personID); err != nil {
			return "", fmt.Errorf("person %d: %w", personID, err)
		}
		return location, linkIdentity(ctx, q, sub, personID, issuer, subject, at)
	})
	return location, err
}

func linkIdentity(ctx context.Context, q *db.Queries, sub Submission, personID int64, issuer, subject string, at time.Time) error {
	_, err := q.LinkIdentity(ctx, db.LinkIdentityParams{PersonID: personID, Issuer: issuer, Subject: subject, LinkedBy: sub.PersonID, LinkedAt: at})
	if err != nil {
		return fmt.Errorf("link person %d: %w", personID, err)
	}
	return auditIdentity(ctx, q, sub, "link identity", personID, issuer, subject)
}

// UnlinkIdentity takes an identity away from a person; sessions that began
// with it end. ErrLastAdministrator when nobody could administer any more.
func (s *Store) UnlinkIdentity(ctx context.Context, sub Submission, personID, identityID int64, at time.Time, location string) (string, error) {
	location, _, err := s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		return location, guardAdministrators(ctx, q, at, func() error {
			gone, err := q.UnlinkIdentity(ctx, db.UnlinkIdentityParams{ID: identityID, PersonID: personID})
			if err != nil {
				return fmt.Errorf("identity %d: %w", identityID, err)
			}
			if err := q.EndSignOnsOfIdentity(ctx, db.EndSignOnsOfIdentityParams{PersonID: personID, Issuer: gone.Issuer}); err != nil {
				return err
			}
			return auditIdentity(ctx, q, sub, "unlink identity", personID, gone.Issuer, gone.Subject)
		})
	})
	return location, err
}

// auditIdentity names the identity by its fingerprint: it can be compared, not read.
func auditIdentity(ctx context.Context, q *db.Queries, sub Submission, action string, personID int64, issuer, subject string) error {
	e := sub.Event(personObject(personID))
	e.Action = action
	hash := sha256.Sum256([]byte(issuer + "\n" + subject))
	e.Detail = map[string]any{"identity": hex.EncodeToString(hash[:8])}
	return audit(ctx, q, e)
}
