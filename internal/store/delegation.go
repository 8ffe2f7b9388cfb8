package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/store/db"
)

// Refusals of a delegation.
var (
	ErrDelegated = errors.New("the person has a delegation of the mandate on one of these days already")
	ErrPartial   = errors.New("the person holds or evaluates the mandate")
)

// Delegations lists every delegation of a mandate, by state and then the latest first.
func (s *Store) Delegations(ctx context.Context, mandateID int64, today calendar.Date) ([]mandate.Delegation, error) {
	rows, err := s.queries.Delegations(ctx, mandateID)
	if err != nil {
		return nil, fmt.Errorf("list delegations: %w", err)
	}
	all := make([]mandate.Delegation, len(rows))
	for i, r := range rows {
		d := mandate.Delegation{
			ID: r.ID, ByID: r.GrantedBy, By: r.ByName, ToID: r.PersonID, To: r.ToName, ToEmail: r.ToEmail,
			From: r.StartsOn, Until: r.EndsOn, Ends: r.LastDay, GivenAt: r.CreatedAt, RevokedBy: r.RevokedBy,
		}
		if r.RevokedAt != nil {
			d.RevokedAt = *r.RevokedAt
		}
		for _, code := range r.Objectives {
			c, err := mandate.ParseCode(code)
			if err != nil {
				return nil, fmt.Errorf("list delegations: %w", err)
			}
			d.Objectives = append(d.Objectives, c)
		}
		all[i] = d
	}
	order := func(d mandate.Delegation) int { return slices.Index(mandate.DelegationStates, d.State(today)) }
	slices.SortStableFunc(all, func(a, b mandate.Delegation) int { return order(a) - order(b) })
	return all, nil
}

// Delegate records that ByID lets ToID report between From and Until, on
// Objectives or on the whole mandate. ErrDelegated when ToID has a delegation on
// one of these days, ErrPartial when they hold or evaluate the mandate.
func (s *Store) Delegate(ctx context.Context, sub Submission, mandateID int64, d mandate.Delegation, at time.Time, location string) (string, bool, error) {
	return s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		err := q.EndOutlivedDelegations(ctx, db.EndOutlivedDelegationsParams{At: at, MandateID: mandateID, PersonID: d.ToID, Today: calendar.DateOf(at)})
		if err != nil {
			return "", fmt.Errorf("end what outlived its tenure: %w", err)
		}
		id, err := q.InsertDelegation(ctx, db.InsertDelegationParams{
			MandateID: mandateID, GrantedBy: d.ByID, PersonID: d.ToID, StartsOn: d.From, EndsOn: d.Until, CreatedAt: at,
		})
		if err != nil {
			return "", fmt.Errorf("store the delegation: %w", delegationRefusal(err))
		}
		codes := make([]string, len(d.Objectives))
		for i, c := range d.Objectives {
			codes[i] = c.String()
		}
		if len(codes) > 0 {
			n, err := q.InsertDelegationObjectives(ctx, db.InsertDelegationObjectivesParams{DelegationID: id, MandateID: mandateID, Codes: codes})
			if err != nil {
				return "", fmt.Errorf("store the objectives of the delegation: %w", err)
			}
			if int(n) != len(codes) { // without its objectives it would be of the whole mandate
				return "", fmt.Errorf("objectives %v: %w", codes, ErrNotFound)
			}
		}
		event := sub.Event(delegationObject(id))
		event.MandateID = mandateID
		event.Detail = map[string]any{"to": d.ToID, "by": d.ByID, "from": d.From, "until": d.Until, "objectives": codes}
		return location, audit(ctx, q, event)
	})
}

func delegationRefusal(err error) error {
	var pg *pgconn.PgError
	switch {
	case !errors.As(err, &pg):
		return err
	case pg.ConstraintName == "delegation_once":
		return ErrDelegated
	case pg.Code == "JA003":
		return ErrPartial
	}
	return err
}

// RevokeDelegation ends a delegation at once. One that was revoked before stays
// as it is. ErrNotFound when the mandate has no such delegation.
func (s *Store) RevokeDelegation(ctx context.Context, sub Submission, mandateID, id int64, at time.Time, location string) (string, bool, error) {
	return s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		r, err := q.RevokeDelegation(ctx, db.RevokeDelegationParams{At: at, By: sub.PersonID, ID: id, MandateID: mandateID})
		if err != nil {
			return "", fmt.Errorf("revoke delegation %d: %w", id, refusal(err))
		}
		if !r.Now {
			return location, nil
		}
		event := sub.Event(delegationObject(id))
		event.MandateID, event.Detail = mandateID, map[string]any{"to": r.PersonID}
		return location, audit(ctx, q, event)
	})
}

func delegationObject(id int64) string { return fmt.Sprintf("delegation/%d", id) }
