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

// InstitutionBodies is an institution with its bodies.
type InstitutionBodies struct {
	mandate.Institution
	Bodies     []Body
	Everywhere []Seat // on every body, of this institution or of all; without number
}

// Bodies lists every institution by code, with its bodies and who sits on them, in one statement.
func (s *Store) Bodies(ctx context.Context, today calendar.Date) ([]InstitutionBodies, error) {
	rows, err := s.queries.InstitutionBodies(ctx, today)
	if err != nil {
		return nil, fmt.Errorf("list the bodies: %w", err)
	}
	all := make([]InstitutionBodies, len(rows))
	for i, r := range rows {
		all[i].Institution = institution(r.ID, r.Code, r.NameNl, r.NameFr)
		var bodies []struct {
			ID    int64     `json:"id"`
			Code  string    `json:"code"`
			NL    string    `json:"nl"`
			FR    string    `json:"fr"`
			Seats []seatRow `json:"seats"`
		}
		var everywhere []seatRow
		if err := errors.Join(unpack(r.Bodies, &bodies), unpack(r.Everywhere, &everywhere)); err != nil {
			return nil, fmt.Errorf("list the bodies of %s: %w", r.Code, err)
		}
		for _, b := range bodies {
			all[i].Bodies = append(all[i].Bodies, Body{
				ID: b.ID, Institution: all[i].Institution, Seats: seatsOf(b.Seats),
				Body: monitoring.Body{Code: b.Code, Name: text(b.NL, b.FR, string(bilingual.Original), string(bilingual.Original))},
			})
		}
		all[i].Everywhere = seatsOf(everywhere)
	}
	return all, nil
}

// seatRow is a membership as the statement packs it.
type seatRow struct {
	GrantID  int64         `json:"grant_id"`
	PersonID int64         `json:"person_id"`
	Name     string        `json:"name"`
	Role     access.Role   `json:"role"`
	Disabled bool          `json:"disabled"`
	From     calendar.Date `json:"from"`
	Until    calendar.Date `json:"until"`
}

func seatsOf(rows []seatRow) []Seat {
	seats := make([]Seat, len(rows))
	for i, r := range rows {
		seats[i] = Seat(r)
	}
	return seats
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
