package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/store/db"
)

// Body is a body of an institution with those who sit on it.
type Body struct {
	ID          int64
	Institution mandate.Institution
	monitoring.Body
	Scope string // ScopeAll or ScopeAddressed; not in a list
	Seats []Seat // the secretary first, then by name; also those to come
}

// Seat is a membership of a body that has not ended.
type Seat struct {
	GrantID     int64
	PersonID    int64
	Name        string
	Role        access.Role // committee_member or secretary
	Disabled    bool        // the account
	From, Until calendar.Date
}

// EverySeat is a membership of every body of an institution (by code; "" for all).
type EverySeat struct {
	Institution string
	Seat
}

// Bodies lists every body by institution, and who sits on all of them.
func (s *Store) Bodies(ctx context.Context, today calendar.Date) ([]Body, []EverySeat, error) {
	rows, err := s.queries.BodyRows(ctx, today)
	if err != nil {
		return nil, nil, fmt.Errorf("list the bodies: %w", err)
	}
	var bodies []Body
	for _, r := range rows {
		if len(bodies) == 0 || bodies[len(bodies)-1].ID != r.ID {
			bodies = append(bodies, Body{
				ID: r.ID, Institution: institution(r.InstitutionID, r.InstitutionCode, r.InstitutionNl, r.InstitutionFr),
				Body: monitoring.Body{Code: r.Code, Name: text(r.NameNl, r.NameFr, string(bilingual.Original), string(bilingual.Original))},
			})
		}
		if r.GrantID != 0 {
			b := &bodies[len(bodies)-1]
			b.Seats = append(b.Seats, Seat{
				GrantID: r.GrantID, PersonID: r.PersonID, Name: r.Name, Role: access.Role(r.Role), Disabled: r.Disabled, From: r.StartsOn, Until: r.EndsOn,
			})
		}
	}
	everywhere, err := s.queries.EveryBodyRows(ctx, today)
	if err != nil {
		return nil, nil, fmt.Errorf("list who sits on every body: %w", err)
	}
	seats := make([]EverySeat, len(everywhere))
	for i, r := range everywhere {
		seats[i] = EverySeat{r.InstitutionCode, Seat{Name: r.Name, Role: access.Role(r.Role), From: r.StartsOn, Until: r.EndsOn}}
	}
	return bodies, seats, nil
}

// NewBody is a body to be made.
type NewBody struct {
	monitoring.Body
	Scope    string // ScopeAll or ScopeAddressed; "" for all
	External bool   // it has nobody here, and gets only what is addressed to it
}

// AddBody makes a body of an institution. ErrExists when the code is taken,
// ErrNotFound when there is no such institution.
func (s *Store) AddBody(ctx context.Context, sub Submission, institution string, b NewBody, location string) error {
	_, _, err := s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		id, err := q.AddBody(ctx, db.AddBodyParams{
			InstitutionCode: institution, Code: b.Code, NameNl: b.Name.NL, NameFr: b.Name.FR, Scope: cmp.Or(b.Scope, ScopeAll), Kind: kindOf(b.External),
		})
		if err != nil {
			return "", fmt.Errorf("add body %s of %s: %w", b.Code, institution, err)
		}
		return location, audit(ctx, q, sub.Event(bodyObject(id)))
	})
	return err
}

// Seat gives somebody a seat on a body between two days. ErrNotFound without
// such a body or person, ErrOverlap when they have it on one of these days or,
// with who and when (OverlapError), when the body has another secretary then.
func (s *Store) Seat(ctx context.Context, sub Submission, bodyID, personID int64, role access.Role, from, until calendar.Date, location string) error {
	if personID == sub.PersonID {
		return ErrSelf
	}
	_, _, err := s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		b, err := q.BodyByID(ctx, bodyID)
		if err != nil {
			return "", fmt.Errorf("body %d: %w", bodyID, err)
		}
		if _, err := q.PersonByID(ctx, personID); err != nil {
			return "", fmt.Errorf("person %d: %w", personID, err)
		}
		if role == access.Secretary {
			if err := noOtherSecretary(ctx, q, bodyID, from, until); err != nil {
				return "", err
			}
		}
		given, err := grantRole(ctx, q, sub, personID, RoleGrant{Role: role, Institution: b.InstitutionCode, Body: b.Code, From: from, Until: until})
		if err == nil && given {
			_, err = endSessions(ctx, q, personID)
		}
		return location, err
	})
	return err
}

// noOtherSecretary refuses days on which a body has a secretary, and says who.
func noOtherSecretary(ctx context.Context, q *db.Queries, bodyID int64, from, until calendar.Date) error {
	other, err := q.OtherSecretary(ctx, db.OtherSecretaryParams{BodyID: bodyID, StartsOn: from, EndsOn: until})
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil
	case err != nil:
		return fmt.Errorf("look for another secretary: %w", err)
	}
	return &OverlapError{Name: other.Name, From: other.StartsOn, Until: other.EndsOn}
}

func kindOf(external bool) string {
	if external {
		return "external"
	}
	return "internal"
}

func bodyObject(id int64) string { return "body/" + strconv.FormatInt(id, 10) }
