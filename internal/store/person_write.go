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

// NewPerson is an account to be made. Role "" gives none.
type NewPerson struct {
	Email        string // in lower case
	Name         string
	Lang         bilingual.Lang
	PasswordHash string    // "": none yet, the person chooses it with a link
	MustChange   bool      // somebody else knows the password
	LinkHash     []byte    // of the token of that link; nil for none
	LinkAt       time.Time // when the link was made
	Role         access.Role
	Institution  string // code that the role is limited to; "" for all
	Body         string // code of the body of a member or secretary; "" for every body
	Today        calendar.Date
}

// CreatePerson makes an account. ErrExists when the address has one already,
// ErrNotFound when there is no such institution or body, ErrOverlap when the
// body has a secretary already. A repeated submission makes nothing.
func (s *Store) CreatePerson(ctx context.Context, sub Submission, p NewPerson, location string) (id int64, repeated bool, err error) {
	_, repeated, err = s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		id, err = q.CreatePerson(ctx, db.CreatePersonParams{
			Email: p.Email, Name: p.Name, Lang: string(p.Lang), PasswordHash: p.PasswordHash, MustChangePassword: p.MustChange,
		})
		if err != nil {
			return "", fmt.Errorf("create the account: %w", err)
		}
		if p.LinkHash != nil {
			if err := makePasswordLink(ctx, q, id, p.LinkHash, p.LinkAt); err != nil {
				return "", err
			}
		}
		if err := audit(ctx, q, sub.Event(personObject(id))); err != nil {
			return "", err
		}
		if p.Role != "" {
			_, err = grantRole(ctx, q, sub, id, RoleGrant{Role: p.Role, Institution: p.Institution, Body: p.Body, From: p.Today})
		}
		return location, err
	})
	return id, repeated, err
}

// SetDisabled closes or reopens an account; closing ends its sessions, tokens and calendar feed. Nobody
// closes their own (ErrSelf), nor the last administrator's (ErrLastAdministrator).
func (s *Store) SetDisabled(ctx context.Context, sub Submission, personID int64, disabled bool, at time.Time, location string) error {
	if disabled && personID == sub.PersonID {
		return ErrSelf
	}
	_, _, err := s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		if err := q.LockAdministrators(ctx); err != nil {
			return "", err
		}
		before, err := q.CountAdministrators(ctx, calendar.DateOf(at))
		if err != nil {
			return "", err
		}
		was, err := q.PersonByID(ctx, personID)
		if err != nil {
			return "", fmt.Errorf("person %d: %w", personID, err)
		}
		if _, err := q.SetDisabled(ctx, db.SetDisabledParams{Disabled: disabled, At: at, ID: personID}); err != nil {
			return "", fmt.Errorf("person %d: %w", personID, err)
		}
		if _, err := q.DeleteSessionsOf(ctx, personID); err != nil {
			return "", fmt.Errorf("person %d: %w", personID, err)
		}
		if err := endKeys(ctx, q, sub.PersonID, personID); err != nil {
			return "", err
		}
		if err := keepAdministrator(ctx, q, before, calendar.DateOf(at)); err != nil {
			return "", err
		}
		event := sub.Event(personObject(personID))
		event.Before, event.After = map[string]any{"disabled": was.DisabledAt != nil}, map[string]any{"disabled": disabled}
		return location, audit(ctx, q, event)
	})
	return err
}

// keepAdministrator refuses to go from some administrators to none, and from
// some with a password to none: today, or from a day to come on which the role
// of the last one ends.
func keepAdministrator(ctx context.Context, q *db.Queries, before db.CountAdministratorsRow, today calendar.Date) error {
	after, err := q.CountAdministrators(ctx, today)
	if err != nil {
		return err
	}
	if before.AtAll > 0 && after.AtAll == 0 || before.WithPassword > 0 && after.WithPassword == 0 || before.Always && !after.Always {
		return ErrLastAdministrator
	}
	return nil
}

// SetPassword gives an account another password, which ends its sessions, its tokens and
// its calendar feed (somebody else may have made one), and tells the version that a new session has. mustChange: somebody else knows it.
// A repeated submission changes nothing.
func (s *Store) SetPassword(ctx context.Context, sub Submission, personID int64, hash string, mustChange bool, location string) (version int32, repeated bool, err error) {
	_, repeated, err = s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		if version, err = setPassword(ctx, q, personID, hash, mustChange); err != nil {
			return "", err
		}
		return location, audit(ctx, q, sub.Event(personObject(personID)))
	})
	return version, repeated, err
}

func setPassword(ctx context.Context, q *db.Queries, personID int64, hash string, mustChange bool) (version int32, err error) {
	version, err = q.SetPassword(ctx, db.SetPasswordParams{PasswordHash: hash, MustChangePassword: mustChange, ID: personID})
	if err == nil {
		_, err = q.DeleteSessionsOf(ctx, personID)
	}
	if err == nil {
		err = endKeys(ctx, q, 0, personID)
	}
	if err != nil {
		return 0, fmt.Errorf("person %d: %w", personID, err)
	}
	return version, nil
}

// endKeys ends what opens something of an account without its password: tokens,
// the calendar feed, and links to choose another one. By is who does it; 0 for the person.
func endKeys(ctx context.Context, q *db.Queries, by, personID int64) error {
	if err := q.RevokeTokensOf(ctx, db.RevokeTokensOfParams{By: by, PersonID: personID}); err != nil {
		return fmt.Errorf("tokens of person %d: %w", personID, err)
	}
	if err := q.EndFeedOf(ctx, personID); err != nil {
		return fmt.Errorf("calendar feed of person %d: %w", personID, err)
	}
	if err := q.DeletePasswordLinksOf(ctx, personID); err != nil {
		return fmt.Errorf("password links of person %d: %w", personID, err)
	}
	return nil
}

// RoleGrant is a role to be given.
type RoleGrant struct {
	Role        access.Role
	Institution string        // code of the institution it is limited to; "" for all
	Body        string        // code of the body of a member or secretary; "" for every body of the institution
	From, Until calendar.Date // both included; zero Until: without an end
}

// GrantRole gives a role, and ends the sessions of the person: a session has the
// rights it began with, or none. A role held already for all of these days stays as it is; one held on some of them is ErrOverlap, as is a second secretary of
// a body. ErrNotFound without such an institution or body. Nobody gives a role
// to themself (ErrSelf).
func (s *Store) GrantRole(ctx context.Context, sub Submission, personID int64, g RoleGrant, location string) error {
	if personID == sub.PersonID {
		return ErrSelf
	}
	_, _, err := s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		if _, err := q.PersonByID(ctx, personID); err != nil {
			return "", fmt.Errorf("person %d: %w", personID, err)
		}
		given, err := grantRole(ctx, q, sub, personID, g)
		if err == nil && given {
			_, err = endSessions(ctx, q, personID)
		}
		return location, err
	})
	return err
}

func grantRole(ctx context.Context, q *db.Queries, sub Submission, personID int64, g RoleGrant) (given bool, err error) {
	held, err := q.HoldsRole(ctx, db.HoldsRoleParams{
		PersonID: personID, Role: string(g.Role), InstitutionCode: g.Institution, BodyCode: g.Body, StartsOn: g.From, EndsOn: g.Until,
	})
	if err != nil || held {
		return false, err
	}
	kept := int64(0)
	if g.Body == "" && g.Until.IsZero() {
		kept, err = q.KeepRoleGrant(ctx, db.KeepRoleGrantParams{PersonID: personID, Role: string(g.Role), InstitutionCode: g.Institution})
	}
	if err != nil {
		return false, fmt.Errorf("grant %s: %w", g.Role, err)
	}
	if kept == 0 {
		_, err = q.GrantRole(ctx, db.GrantRoleParams{
			PersonID: personID, Role: string(g.Role), StartsOn: g.From, EndsOn: g.Until, InstitutionCode: g.Institution, BodyCode: g.Body,
		})
	}
	if err != nil {
		return false, fmt.Errorf("grant %s: %w", g.Role, overlap(err))
	}
	e := sub.Event(personObject(personID))
	e.Action = "grant role"
	e.After = roleDetail(g)
	return true, audit(ctx, q, e)
}

// roleDetail is what the audit trail keeps of a role.
func roleDetail(g RoleGrant) map[string]any {
	detail := map[string]any{"role": g.Role, "institution": g.Institution, "from": g.From}
	if g.Body != "" {
		detail["body"] = g.Body
	}
	if !g.Until.IsZero() {
		detail["until"] = g.Until
	}
	return detail
}

// RevokeRole ends one grant, whose last day was yesterday, and the sessions of
// the person. The last administrator
// stays (ErrLastAdministrator), and nobody ends a role of their own (ErrSelf).
func (s *Store) RevokeRole(ctx context.Context, sub Submission, personID, grantID int64, today calendar.Date, location string) error {
	return s.EndRole(ctx, sub, personID, grantID, today.AddDays(-1), today, location)
}

// EndRole ends one grant after a day, which lies in the past only as far as
// yesterday (ErrConflict). A grant that begins later is taken away. The last
// administrator stays, also when the day is yet to come (ErrLastAdministrator);
// nobody ends a role of their own (ErrSelf).
func (s *Store) EndRole(ctx context.Context, sub Submission, personID, grantID int64, until, today calendar.Date, location string) error {
	if personID == sub.PersonID {
		return ErrSelf
	}
	if until.Before(today.AddDays(-1)) {
		return ErrConflict
	}
	_, _, err := s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		return location, endRole(ctx, q, sub, personID, grantID, until, today)
	})
	return err
}

// RevokeRoles ends a role of a person, for one institution or body, or wherever
// they have it (""). ErrNotFound when they do not.
func (s *Store) RevokeRoles(ctx context.Context, sub Submission, personID int64, g RoleGrant, today calendar.Date) error {
	_, _, err := s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		grants, err := q.OpenRoleGrants(ctx, db.OpenRoleGrantsParams{
			PersonID: personID, Role: string(g.Role), InstitutionCode: g.Institution, BodyCode: g.Body, Today: today,
		})
		if err != nil {
			return "", err
		}
		if len(grants) == 0 {
			return "", ErrNotFound
		}
		for _, id := range grants {
			if err := endRole(ctx, q, sub, personID, id, today.AddDays(-1), today); err != nil {
				return "", err
			}
		}
		return "", nil
	})
	return err
}

func endRole(ctx context.Context, q *db.Queries, sub Submission, personID, grantID int64, until, today calendar.Date) error {
	if err := q.LockAdministrators(ctx); err != nil {
		return err
	}
	before, err := q.CountAdministrators(ctx, today)
	if err != nil {
		return err
	}
	g, err := q.RoleGrantByID(ctx, grantID)
	if err != nil {
		return fmt.Errorf("grant %d: %w", grantID, err)
	}
	if g.PersonID != personID || !g.EndsOn.IsZero() && g.EndsOn.Before(today) {
		return ErrNotFound
	}
	after := map[string]any{}
	if g.StartsOn.After(until) {
		err = q.RemoveRoleGrant(ctx, grantID)
	} else {
		after = roleDetail(RoleGrant{Role: access.Role(g.Role), Institution: g.InstitutionCode, Body: g.BodyCode, From: g.StartsOn, Until: until})
		err = q.EndRoleGrant(ctx, db.EndRoleGrantParams{EndsOn: until, ID: grantID})
	}
	if err != nil {
		return fmt.Errorf("end grant %d: %w", grantID, overlap(err))
	}
	if err := keepAdministrator(ctx, q, before, today); err != nil {
		return err
	}
	if _, err := endSessions(ctx, q, personID); err != nil {
		return err
	}
	e := sub.Event(personObject(personID))
	e.Action = "revoke role"
	e.Before = roleDetail(RoleGrant{Role: access.Role(g.Role), Institution: g.InstitutionCode, Body: g.BodyCode, From: g.StartsOn, Until: g.EndsOn})
	e.Before["source"] = g.Source
	e.After = after
	return audit(ctx, q, e)
}
