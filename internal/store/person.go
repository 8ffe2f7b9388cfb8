package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/store/db"
)

// Refusals that keep the administrators from locking everybody out.
var (
	ErrLastAdministrator = errors.New("the last active administrator")
	ErrSelf              = errors.New("nobody does this to themself")
)

// Credentials are what signing in needs to know of an account.
type Credentials struct {
	PersonID     int64
	Email, Name  string
	Lang         bilingual.Lang
	PasswordHash string // "" for an account that cannot sign in with a password
	Version      int32  // changes with every password; older sessions end
	MustChange   bool   // the password was given by somebody else
	Disabled     bool
}

// CredentialsByEmail gives the account of an address in lower case. ErrNotFound when there is none.
func (s *Store) CredentialsByEmail(ctx context.Context, email string) (Credentials, error) {
	r, err := s.queries.PersonByEmail(ctx, email)
	if err != nil {
		return Credentials{}, fmt.Errorf("find the account: %w", refusal(err))
	}
	return credentials(db.PersonByIDRow(r)), nil
}

// CredentialsByID gives the account of a person. ErrNotFound when there is none.
func (s *Store) CredentialsByID(ctx context.Context, id int64) (Credentials, error) {
	r, err := s.queries.PersonByID(ctx, id)
	if err != nil {
		return Credentials{}, fmt.Errorf("find person %d: %w", id, refusal(err))
	}
	return credentials(r), nil
}

func credentials(r db.PersonByIDRow) Credentials {
	return Credentials{
		PersonID: r.ID, Email: r.Email, Name: r.Name, Lang: bilingual.Lang(r.Lang), PasswordHash: r.PasswordHash,
		Version: r.CredentialVersion, MustChange: r.MustChangePassword, Disabled: r.DisabledAt != nil,
	}
}

// Account is a person as a signed-in visitor.
type Account struct {
	access.Viewer
	Version    int32            // of the credentials; a session of another version has ended
	MustChange bool             // of the password, before anything else
	Disabled   bool             // may do nothing
	Codes      map[int64]string // of the mandates in Viewer.Grants
}

// Account reads a person with all their rights, of any date, in one statement. ErrNotFound when there is none.
func (s *Store) Account(ctx context.Context, personID int64) (Account, error) {
	ctx, cancel := context.WithTimeout(unguarded(ctx), patience)
	defer cancel()
	rows, err := s.queries.ViewerRows(ctx, db.ViewerRowsParams{PersonID: personID})
	if err != nil {
		return Account{}, fmt.Errorf("read the rights of person %d: %w", personID, err)
	}
	if len(rows) == 0 || rows[0].ID == 0 {
		return Account{}, fmt.Errorf("read the rights of person %d: %w", personID, ErrNotFound)
	}
	return accountOf(rows)
}

func accountOf(rows []db.ViewerRowsRow) (Account, error) {
	p := rows[0]
	a := Account{
		Viewer:  access.Viewer{PersonID: p.ID, Email: p.Email, Name: p.Name, Lang: bilingual.Lang(p.Lang)},
		Version: p.CredentialVersion, MustChange: p.MustChangePassword, Disabled: p.DisabledAt != nil,
		Codes: map[int64]string{},
	}
	for _, r := range rows {
		if r.Role == "" {
			continue
		}
		g := access.Grant{
			Role: access.Role(r.Role), InstitutionID: r.InstitutionID, BodyID: r.BodyID, MandateID: r.MandateID, EvaluationID: r.EvaluationID,
			ForID: r.ForID, For: r.ForName, From: r.StartsOn, Until: r.EndsOn,
		}
		if len(r.Objectives) > 0 {
			g.Objectives = r.Objectives
		}
		if err := addressed(r.Addressed, &g); err != nil {
			return Account{}, fmt.Errorf("read the rights of person %d: %w", p.ID, err)
		}
		a.Grants = append(a.Grants, g)
		if r.MandateID != 0 {
			a.Codes[r.MandateID] = r.MandateCode
		}
	}
	return a, nil
}

// addressed reads what goes to the body of a seat.
func addressed(raw []byte, g *access.Grant) error {
	var rows [][]json.RawMessage
	if err := unpack(raw, &rows); err != nil {
		return err
	}
	for _, cells := range rows {
		var a access.Addressed
		for i, into := range []any{&a.MandateID, &a.Target, &a.From, &a.Until} {
			if i >= len(cells) {
				return fmt.Errorf("an addressee of %d cells", len(cells))
			}
			if err := json.Unmarshal(cells[i], into); err != nil {
				return err
			}
		}
		g.Addressed = append(g.Addressed, a)
	}
	return nil
}

// Person is one account in the administrator's list.
type Person struct {
	ID          int64
	Email, Name string
	Lang        bilingual.Lang
	Disabled    bool
	LastSignIn  time.Time // zero: never
	Factor      bool      // a second one is in use
	Roles       []PersonRole
}

// PersonRole is one right of a person that has not ended.
type PersonRole struct {
	GrantID     int64 // 0 for a holder, delegate or evaluator: that follows from the mandate
	BySignOn    bool  // it came with a group of the identity provider, and goes with it
	Role        access.Role
	Scope       string // code of the institution or mandate; "" for all
	From, Until calendar.Date
}

// People lists every account by name with the roles that have not ended on a day.
func (s *Store) People(ctx context.Context, today calendar.Date) ([]Person, error) {
	rows, err := s.queries.PeopleRows(ctx, today)
	if err != nil {
		return nil, fmt.Errorf("list the people: %w", err)
	}
	var people []Person
	for _, r := range rows {
		if len(people) == 0 || people[len(people)-1].ID != r.ID {
			p := Person{ID: r.ID, Email: r.Email, Name: r.Name, Lang: bilingual.Lang(r.Lang), Disabled: r.DisabledAt != nil, Factor: r.SecondFactor}
			if r.LastSignInAt != nil {
				p.LastSignIn = *r.LastSignInAt
			}
			people = append(people, p)
		}
		if r.Role != "" {
			p := &people[len(people)-1]
			p.Roles = append(p.Roles, PersonRole{GrantID: r.GrantID, BySignOn: r.Source == "sso", Role: access.Role(r.Role), Scope: r.Scope, From: r.StartsOn, Until: r.EndsOn})
		}
	}
	return people, nil
}

// Named is a person to choose from a list.
type Named struct {
	ID          int64
	Email, Name string
}

// ActivePeople lists everybody who can be given an office, by name.
func (s *Store) ActivePeople(ctx context.Context) ([]Named, error) {
	rows, err := s.queries.ActivePeople(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the people: %w", err)
	}
	all := make([]Named, len(rows))
	for i, r := range rows {
		all[i] = Named(r)
	}
	return all, nil
}

// Kinds of what hangs on a person.
const (
	HangsTenure          = "tenure"
	HangsDelegationGiven = "delegation_given"
	HangsDelegation      = "delegation"
	HangsEvaluator       = "evaluator"
	HangsBody            = "body"
	HangsRole            = "role"
)

// Hanging is one office, delegation or role of a person that has not ended.
type Hanging struct {
	Kind        string
	MandateCode string // of a tenure, delegation or evaluation
	Scope       string // institution and body of a role; "" for all
	Role        access.Role
	From, Until calendar.Date
}

// HangsOn lists what hangs on a person: what somebody else must take over when
// they leave.
func (s *Store) HangsOn(ctx context.Context, personID int64, today calendar.Date) ([]Hanging, error) {
	rows, err := s.queries.HangsOn(ctx, db.HangsOnParams{PersonID: personID, Today: today})
	if err != nil {
		return nil, fmt.Errorf("list what hangs on person %d: %w", personID, err)
	}
	all := make([]Hanging, len(rows))
	for i, r := range rows {
		all[i] = Hanging{r.Kind, r.MandateCode, r.Scope, access.Role(r.Role), r.StartsOn, r.EndsOn}
	}
	return all, nil
}

// SignedIn records that somebody signed in, and how.
func (s *Store) SignedIn(ctx context.Context, personID int64, at time.Time, requestID, how string) error {
	_, _, err := s.Once(ctx, Submission{Action: "sign in", RequestID: requestID}, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		if err := q.RecordSignIn(ctx, db.RecordSignInParams{At: at, ID: personID}); err != nil {
			return "", err
		}
		return "", audit(ctx, q, Event{ActorID: personID, Action: "sign in", Object: personObject(personID), RequestID: requestID, Detail: map[string]any{"by": how}})
	})
	return err
}

// Rehash replaces a hash made with older parameters by one of the same
// password, unless the password was changed meanwhile. That ends no session.
func (s *Store) Rehash(ctx context.Context, personID int64, old, hash string) error {
	if err := s.queries.Rehash(ctx, db.RehashParams{Hash: hash, ID: personID, Old: old}); err != nil {
		return fmt.Errorf("replace the password hash of person %d: %w", personID, err)
	}
	return nil
}

func personObject(id int64) string { return "person/" + strconv.FormatInt(id, 10) }
