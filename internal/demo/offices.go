package demo

import (
	"context"
	"fmt"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/store"
)

// seat is who sits on which body.
type seat struct {
	Institution, Body string // codes
	Person            string
	Role              access.Role
	From, Until       calendar.Date
}

// seat gives the members and the secretary of the bodies their seats.
func (l *loader) seat(ctx context.Context) error {
	seats, err := read[[]seat]("seats.json")
	if err != nil {
		return err
	}
	for _, p := range seats {
		sub := l.submission(administrator, "grant role", p.Institution+" "+p.Body+" "+p.Person)
		err := l.store.GrantRole(ctx, sub, l.people[p.Person].PersonID, store.RoleGrant{Role: p.Role, Institution: p.Institution, Body: p.Body, From: p.From, Until: p.Until}, "")
		if err != nil {
			return fmt.Errorf("seat of %s: %w", p.Person, err)
		}
	}
	return nil
}
