package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"jalon/internal/store/db"
)

// SecondFactor is that of one person, as it is kept: encrypted.
type SecondFactor struct {
	Secret        []byte
	KeyID         string // of the key outside the database
	BegunAt       time.Time
	ConfirmedAt   time.Time // zero: the person has not shown a code yet, and needs none to sign in
	LastStep      int64     // the last that served
	RecoveryCodes int       // not used yet
}

// SecondFactor reads that of a person. ErrNotFound when there is none.
func (s *Store) SecondFactor(ctx context.Context, personID int64) (SecondFactor, error) {
	r, err := s.queries.SecondFactor(ctx, personID)
	if err != nil {
		return SecondFactor{}, fmt.Errorf("read the second factor of person %d: %w", personID, refusal(err))
	}
	f := SecondFactor{Secret: r.Secret, KeyID: r.KeyID, BegunAt: r.BegunAt, LastStep: r.LastStep, RecoveryCodes: int(r.RecoveryCodes)}
	if r.ConfirmedAt != nil {
		f.ConfirmedAt = *r.ConfirmedAt
	}
	return f, nil
}

// MeansOfSignIn is how a person can sign in.
type MeansOfSignIn struct {
	Password      bool
	FactorSince   time.Time // zero for none in use
	RecoveryCodes int       // that were not used
}

// MeansOfSignIn tells how a person can sign in. ErrNotFound when there is none.
func (s *Store) MeansOfSignIn(ctx context.Context, personID int64) (m MeansOfSignIn, err error) {
	r, err := s.queries.MeansOfSignIn(ctx, personID)
	if err != nil {
		return m, fmt.Errorf("read how person %d signs in: %w", personID, refusal(err))
	}
	m = MeansOfSignIn{Password: r.Password, RecoveryCodes: int(r.RecoveryCodes)}
	if r.ConfirmedAt != nil {
		m.FactorSince = *r.ConfirmedAt
	}
	return m, nil
}

// BeginSecondFactor keeps a secret that waits for its first code, in the place
// of one that waited before. ErrExists when one is in use.
func (s *Store) BeginSecondFactor(ctx context.Context, sub Submission, secret []byte, keyID string, at time.Time, location string) (string, error) {
	location, _, err := s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		n, err := q.BeginSecondFactor(ctx, db.BeginSecondFactorParams{PersonID: sub.PersonID, Secret: secret, KeyID: keyID, BegunAt: at})
		if err != nil {
			return "", err
		}
		if n == 0 {
			return "", ErrExists
		}
		return location, audit(ctx, q, sub.Event(personObject(sub.PersonID)))
	})
	return location, err
}

// ConfirmSecondFactor puts the secret in use from a step on, with the hashes of
// its recovery codes. All sessions of the person end; the version is that of a
// new one. ErrNotFound when no secret waits.
func (s *Store) ConfirmSecondFactor(ctx context.Context, sub Submission, step int64, codes [][]byte, at time.Time, location string) (version int32, repeated bool, err error) {
	_, repeated, err = s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		n, err := q.ConfirmSecondFactor(ctx, db.ConfirmSecondFactorParams{At: at, Step: step, PersonID: sub.PersonID})
		if err != nil {
			return "", err
		}
		if n == 0 {
			return "", ErrNotFound
		}
		if err := replaceRecoveryCodes(ctx, q, sub.PersonID, codes); err != nil {
			return "", err
		}
		if version, err = endSessions(ctx, q, sub.PersonID); err != nil {
			return "", err
		}
		return location, audit(ctx, q, sub.Event(personObject(sub.PersonID)))
	})
	return version, repeated, err
}

// ReplaceRecoveryCodes makes a new set the only one.
func (s *Store) ReplaceRecoveryCodes(ctx context.Context, sub Submission, codes [][]byte, location string) (repeated bool, err error) {
	_, repeated, err = s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		if err := replaceRecoveryCodes(ctx, q, sub.PersonID, codes); err != nil {
			return "", err
		}
		return location, audit(ctx, q, sub.Event(personObject(sub.PersonID)))
	})
	return repeated, err
}

func replaceRecoveryCodes(ctx context.Context, q *db.Queries, personID int64, codes [][]byte) error {
	if err := q.DeleteRecoveryCodes(ctx, personID); err != nil {
		return err
	}
	if err := q.InsertRecoveryCodes(ctx, db.InsertRecoveryCodesParams{PersonID: personID, Hashes: codes}); err != nil {
		return fmt.Errorf("recovery codes of person %d: %w", personID, err)
	}
	return nil
}

// UseStep marks the code of a step as used. ErrNotFound when it was before, or
// when there is no second factor in use.
func (s *Store) UseStep(ctx context.Context, personID, step int64, requestID string) error {
	return s.useFactor(ctx, Event{ActorID: personID, Action: "second factor used", RequestID: requestID}, func(ctx context.Context, q *db.Queries) (int64, error) {
		return q.UseStep(ctx, db.UseStepParams{PersonID: personID, Step: step})
	})
}

// UseRecoveryCode marks a recovery code as used. ErrNotFound when it was
// before, or never was one.
func (s *Store) UseRecoveryCode(ctx context.Context, personID int64, hash []byte, at time.Time, requestID string) error {
	return s.useFactor(ctx, Event{ActorID: personID, Action: "recovery code used", RequestID: requestID}, func(ctx context.Context, q *db.Queries) (int64, error) {
		return q.UseRecoveryCode(ctx, db.UseRecoveryCodeParams{At: at, PersonID: personID, CodeHash: hash})
	})
}

func (s *Store) useFactor(ctx context.Context, e Event, use func(ctx context.Context, q *db.Queries) (int64, error)) error {
	e.Object = personObject(e.ActorID)
	_, _, err := s.Once(ctx, Submission{Action: e.Action}, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		n, err := use(ctx, q)
		if err != nil {
			return "", err
		}
		if n == 0 {
			return "", ErrNotFound
		}
		return "", audit(ctx, q, e)
	})
	return err
}

// RemoveSecondFactor takes a second factor away, its recovery codes with it,
// and ends all sessions of the person. ErrNotFound when there is none.
func (s *Store) RemoveSecondFactor(ctx context.Context, sub Submission, personID int64, location string) (version int32, repeated bool, err error) {
	_, repeated, err = s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		n, err := q.DeleteSecondFactor(ctx, personID)
		if err != nil {
			return "", err
		}
		if n == 0 {
			return "", fmt.Errorf("person %d: %w", personID, ErrNotFound)
		}
		if version, err = endSessions(ctx, q, personID); err != nil {
			return "", err
		}
		return location, audit(ctx, q, sub.Event(personObject(personID)))
	})
	return version, repeated, err
}

// RenewSecrets encrypts anew every second factor that is not under a key.
// renew gives a secret under that key. It tells how many were renewed.
func (s *Store) RenewSecrets(ctx context.Context, keyID string, renew func(personID int64, secret []byte, keyID string) ([]byte, error)) (int, error) {
	rows, err := s.queries.SecretsUnderOtherKeys(ctx, keyID)
	if err != nil {
		return 0, fmt.Errorf("read the second factors under older keys: %w", err)
	}
	renewed := 0
	for _, r := range rows {
		secret, err := renew(r.PersonID, r.Secret, r.KeyID)
		if err != nil {
			return renewed, fmt.Errorf("second factor of person %d: %w", r.PersonID, err)
		}
		n, err := s.queries.ReplaceSecret(ctx, db.ReplaceSecretParams{Secret: secret, KeyID: keyID, PersonID: r.PersonID, OldKeyID: r.KeyID})
		if err != nil {
			return renewed, fmt.Errorf("second factor of person %d: %w", r.PersonID, err)
		}
		renewed += int(n)
	}
	return renewed, nil
}
