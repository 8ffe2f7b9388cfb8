package store

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/store/db"
)

// What a token may be used for.
const (
	ScopeRead   = "read"   // what its person may see
	ScopeValues = "values" // record values of indicators
)

// Token is a key to the interface for programs. One of a person does what the
// person may, within its scopes; one of a machine records values of its mandate.
type Token struct {
	ID          int64
	PersonID    int64  // 0: of a machine
	MandateID   int64  // that it is limited to; 0: none
	MandateCode string // only of a list
	// InstitutionID limits it to the mandates of an institution; 0: none.
	InstitutionID   int64
	InstitutionCode string // only of a list
	Name            string
	Hint            string // the last characters of the secret
	Scopes          []string
	CreatedBy       string
	CreatedAt       time.Time
	ExpiresOn       calendar.Date // the last day
	RevokedAt       time.Time     // zero: in use
	LastUsedOn      calendar.Date // zero: never
}

// UseToken finds the token with a secret and notes that it was used today.
// ErrNotFound for one that is unknown, has expired or was revoked.
func (s *Store) UseToken(ctx context.Context, secret string, today calendar.Date) (Token, error) {
	r, err := s.queries.TokenByHash(unguarded(ctx), db.TokenByHashParams{SecretHash: hashOfSecret(secret), Today: today})
	if err != nil {
		return Token{}, fmt.Errorf("find the token: %w", refusal(err))
	}
	if r.LastUsedOn != today {
		if err := s.queries.TouchToken(unguarded(ctx), db.TouchTokenParams{Today: today, ID: r.ID}); err != nil {
			return Token{}, fmt.Errorf("note the use of token %d: %w", r.ID, err)
		}
	}
	return Token{ID: r.ID, PersonID: r.PersonID, MandateID: r.MandateID, InstitutionID: r.InstitutionID, Name: r.Name, Scopes: r.Scopes}, nil
}

// Tokens lists the tokens of a person, or those of machines for 0, the newest first.
func (s *Store) Tokens(ctx context.Context, personID int64) ([]Token, error) {
	rows, err := s.queries.ListTokens(ctx, personID)
	if err != nil {
		return nil, fmt.Errorf("list tokens of person %d: %w", personID, err)
	}
	all := make([]Token, len(rows))
	for i, r := range rows {
		all[i] = Token{
			ID: r.ID, PersonID: personID, MandateCode: r.MandateCode, InstitutionCode: r.InstitutionCode, Name: r.Name, Hint: r.Hint, Scopes: r.Scopes, CreatedBy: r.CreatedBy,
			CreatedAt: r.CreatedAt, ExpiresOn: r.ExpiresOn, LastUsedOn: r.LastUsedOn,
		}
		if r.RevokedAt != nil {
			all[i].RevokedAt = *r.RevokedAt
		}
	}
	return all, nil
}

// CreateToken makes a token that this secret opens: PersonID, MandateID, InstitutionID, Name,
// Scopes and ExpiresOn of t. Only the hash of the secret is kept. When the
// submission was stored before, repeated is set and this secret opens nothing.
func (s *Store) CreateToken(ctx context.Context, sub Submission, t Token, secret string, at time.Time, location string) (repeated bool, err error) {
	_, repeated, err = s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		id, err := q.InsertToken(ctx, db.InsertTokenParams{
			PersonID: orNull(t.PersonID), MandateID: orNull(t.MandateID), InstitutionID: orNull(t.InstitutionID), Name: t.Name, SecretHash: hashOfSecret(secret), Hint: secret[len(secret)-4:],
			Scopes: t.Scopes, CreatedBy: sub.PersonID, CreatedAt: at, ExpiresOn: t.ExpiresOn,
		})
		if err != nil {
			return "", fmt.Errorf("store the token: %w", refusal(err))
		}
		line := sub.Event(tokenObject(id))
		line.MandateID, line.Detail = t.MandateID, map[string]any{"until": t.ExpiresOn}
		return location, audit(ctx, q, line)
	})
	return repeated, err
}

// RevokeToken ends a token of a person, or of a machine for person 0.
// ErrNotFound when there is none that is in use.
func (s *Store) RevokeToken(ctx context.Context, sub Submission, personID, id int64, at time.Time, location string) error {
	_, _, err := s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		n, err := q.RevokeToken(ctx, db.RevokeTokenParams{At: at, By: sub.PersonID, ID: id, PersonID: personID})
		if err != nil {
			return "", fmt.Errorf("revoke token %d: %w", id, refusal(err))
		}
		if n == 0 {
			return "", fmt.Errorf("token %d: %w", id, ErrNotFound)
		}
		return location, audit(ctx, q, sub.Event(tokenObject(id)))
	})
	return err
}

// Reaches reports whether the token may be used for a mandate, as far as it is limited itself.
func (t Token) Reaches(m mandate.Mandate) bool {
	return (t.MandateID == 0 || t.MandateID == m.ID) && (t.InstitutionID == 0 || t.InstitutionID == m.Institution.ID)
}

func tokenObject(id int64) string { return "token/" + strconv.FormatInt(id, 10) }
