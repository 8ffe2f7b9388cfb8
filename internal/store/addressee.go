package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/monitoring"
	"jalon/internal/store/db"
)

// ErrNotYet refuses to date a second step before the first.
var ErrNotYet = errors.New("the step before it is not dated")

// Cadences: how often a target goes to a body.
const (
	CadenceHalfYear = "half_year"
	CadenceYear     = "year"
	CadenceOccasion = "occasion"
)

// Addressee is one step to which a target goes, between two days, both included.
type Addressee struct {
	ID          int64
	BodyID      int64
	Body        monitoring.Body
	External    bool   // the body has nobody here
	Form        string // table, report, scoreboard or note
	Cadence     string // half_year, year or occasion
	AfterID     int64  // the step that this one waits for; 0 for none
	From, Until calendar.Date
	SetBy       string // "" for the system
	SetAt       time.Time
	Given       []Transmission // the latest year or half-year first
}

// InForce reports whether the target goes to the body on a day.
func (a Addressee) InForce(day calendar.Date) bool {
	return !day.Before(a.From) && (a.Until.IsZero() || !day.After(a.Until))
}

// AddresseesBy gives the steps that had begun by a day, with what was given by it.
func AddresseesBy(all []Addressee, day calendar.Date) (then []Addressee) {
	for _, a := range all {
		if a.From.After(day) {
			continue
		}
		given := a.Given
		a.Given = nil
		for _, g := range given {
			if !g.GivenOn.After(day) {
				a.Given = append(a.Given, g)
			}
		}
		then = append(then, a)
	}
	return then
}

// GivenFor gives what was given for a year or half-year; nil for nothing.
func (a Addressee) GivenFor(covers string) *Transmission {
	for i := range a.Given {
		if a.Given[i].Covers == covers {
			return &a.Given[i]
		}
	}
	return nil
}

// Transmission says when what a target asks was given to a body.
type Transmission struct {
	Covers  string // the year or half-year that it is about, such as 2026 or 2026-H1
	GivenOn calendar.Date
	By      string // who recorded it
	At      time.Time
}

// Addressees lists the steps of a target, of any date, as far as recorded by an
// instant; zero for all that is known. A step follows the one it waits for. And
// it lists the bodies to which the target can go. One statement.
func (s *Store) Addressees(ctx context.Context, targetID int64, known time.Time) (steps []Addressee, bodies []Body, err error) {
	rows, err := s.queries.AddresseeRows(ctx, db.AddresseeRowsParams{TargetID: targetID, Known: knownBy(known)})
	if err != nil {
		return nil, nil, fmt.Errorf("list the addressees of target %d: %w", targetID, err)
	}
	for _, r := range rows {
		body := monitoring.Body{Code: r.BodyCode, Name: text(r.NameNl, r.NameFr, string(bilingual.Original), string(bilingual.Original))}
		if !slices.ContainsFunc(bodies, func(b Body) bool { return b.ID == r.BodyID }) {
			bodies = append(bodies, Body{ID: r.BodyID, Body: body})
		}
		if r.ID == 0 { // the target never went there
			continue
		}
		step := Addressee{
			ID: r.ID, BodyID: r.BodyID, Body: body, External: r.BodyKind == "external", Form: r.Form, Cadence: r.Cadence, AfterID: r.AfterID,
			From: r.ValidFrom, Until: r.ValidUntil, SetBy: r.SetName, SetAt: r.SetAt,
		}
		var given []struct {
			Covers  string        `json:"covers"`
			GivenOn calendar.Date `json:"given_on"`
			By      string        `json:"by"`
			At      time.Time     `json:"at"`
		}
		if err := unpack(r.Given, &given); err != nil {
			return nil, nil, fmt.Errorf("list the addressees of target %d: %w", targetID, err)
		}
		for _, g := range given {
			step.Given = append(step.Given, Transmission(g))
		}
		steps = append(steps, step)
	}
	slices.SortFunc(bodies, func(a, b Body) int { return cmp.Compare(a.ID, b.ID) })
	return steps, bodies, nil
}

// Address makes a target go to a body. ErrOverlap when it goes there in the same
// form on one of these days; ErrNotFound when the body, or the step before it, does not fit.
func (s *Store) Address(ctx context.Context, sub Submission, mandateID, targetID int64, a Addressee, location string) error {
	_, _, err := s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		if _, err := q.BumpVersion(ctx, mandateID); err != nil {
			return "", fmt.Errorf("lock mandate: %w", refusal(err))
		}
		id, err := q.InsertAddressee(ctx, db.InsertAddresseeParams{
			MandateID: mandateID, TargetID: targetID, BodyID: a.BodyID, Form: a.Form, Cadence: a.Cadence, AfterID: orNull(a.AfterID),
			ValidFrom: a.From, ValidUntil: a.Until, SetBy: orNull(sub.PersonID), SetAt: a.SetAt,
		})
		if err != nil {
			return "", fmt.Errorf("address target %d to body %d: %w", targetID, a.BodyID, fitting(err))
		}
		line := sub.Event(fmt.Sprintf("addressee/%d", id))
		line.MandateID = mandateID
		line.Detail = map[string]any{"target": targetID, "body": a.Body.Code, "form": a.Form, "cadence": a.Cadence, "from": a.From, "until": a.Until}
		return location, audit(ctx, q, line)
	})
	return err
}

// EndAddress sets the last day on which a target goes to a body. ErrNotFound
// when there is no such step that goes on after it.
func (s *Store) EndAddress(ctx context.Context, sub Submission, mandateID int64, a Addressee, until calendar.Date, location string) error {
	_, _, err := s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		if _, err := q.BumpVersion(ctx, mandateID); err != nil {
			return "", fmt.Errorf("lock mandate: %w", refusal(err))
		}
		if err := tellAt(ctx, q, sub.At); err != nil {
			return "", err
		}
		n, err := q.EndAddressee(ctx, db.EndAddresseeParams{ID: a.ID, MandateID: mandateID, ValidUntil: until})
		if err != nil {
			return "", fmt.Errorf("end addressee %d: %w", a.ID, err)
		}
		if n == 0 {
			return "", ErrNotFound
		}
		line := sub.Event(fmt.Sprintf("addressee/%d", a.ID))
		line.MandateID, line.Detail = mandateID, map[string]any{"body": a.Body.Code}
		line.Before, line.After = map[string]any{"until": a.Until}, map[string]any{"until": until}
		return location, audit(ctx, q, line)
	})
	return err
}

// Transmit records when a step was given for a year or half-year. ErrNotYet
// when the step before it is not dated, ErrExists when this one is.
func (s *Store) Transmit(ctx context.Context, sub Submission, mandateID, targetID int64, a Addressee, t Transmission, location string) error {
	_, _, err := s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		if _, err := q.BumpVersion(ctx, mandateID); err != nil {
			return "", fmt.Errorf("lock mandate: %w", refusal(err))
		}
		id, err := q.InsertTransmission(ctx, db.InsertTransmissionParams{
			MandateID: mandateID, TargetID: targetID, AddresseeID: a.ID, Covers: t.Covers, GivenOn: t.GivenOn, RecordedBy: sub.PersonID, RecordedAt: t.At,
		})
		if err != nil {
			return "", fmt.Errorf("date addressee %d for %s: %w", a.ID, t.Covers, refusal(err))
		}
		line := sub.Event(fmt.Sprintf("transmission/%d", id))
		line.MandateID, line.Detail = mandateID, map[string]any{"target": targetID, "body": a.Body.Code, "covers": t.Covers, "given_on": t.GivenOn}
		return location, audit(ctx, q, line)
	})
	return err
}

// fitting tells what about an addressee the database refused.
func fitting(err error) error {
	var pg *pgconn.PgError
	if errors.As(err, &pg) && (pg.Code == "23514" || pg.Code == "23503") {
		return ErrNotFound
	}
	return overlap(err)
}
