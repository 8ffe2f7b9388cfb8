package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/store/db"
)

// SignOn is what a sign-in at an identity provider tells, after every check.
type SignOn struct {
	Issuer, Subject string
	Sub, SID        string       // as the provider's notices of logout name person and session
	IDToken         string       // told to the provider when the person signs out
	Roles           []SignOnRole // that groups give; nil: groups give none, and none are touched
	Create          *NewPerson   // the account of somebody unknown; nil: they get none
	At              time.Time
	RequestID       string
}

// SignOnRole is a role that a group gives, for an institution or for all ("").
type SignOnRole struct {
	Role        access.Role
	Institution string
}

// SignedOn is what came of a sign-in.
type SignedOn struct {
	Credentials
	ID      string       // of the sign-on, for its session; "" for a disabled account
	Missing []SignOnRole // not given: there is no such institution, or they have it on another ground later
	Kept    bool         // a role that went stays: without it nobody could administer
}

// SignedOn records that somebody signed in at the provider, after the roles of
// their groups have been given and those of groups they left have been ended.
// ErrNotFound for an identity that is nobody's, unless an account is to be
// created; ErrExists when the address of that has an account already. A
// disabled account is told, and nothing is done.
func (s *Store) SignedOn(ctx context.Context, o SignOn) (done SignedOn, err error) {
	sub := Submission{Action: "sign in", RequestID: o.RequestID}
	_, _, err = s.Once(ctx, sub, func(ctx context.Context, tx pgx.Tx, q *db.Queries) (string, error) {
		who, err := q.PersonByIdentity(ctx, db.PersonByIdentityParams{Issuer: o.Issuer, Subject: o.Subject})
		if errors.Is(err, pgx.ErrNoRows) && o.Create != nil {
			who, err = createBySignOn(ctx, q, sub, o)
		}
		if err != nil {
			return "", fmt.Errorf("find the identity: %w", err)
		}
		done = SignedOn{Credentials: credentials(db.PersonByIDRow(who))}
		if done.Disabled {
			return "", nil
		}
		if o.Roles != nil {
			if err := s.followGroups(ctx, tx, q, sub, o, &done); err != nil {
				return "", err
			}
		}
		return "", recordSignOn(ctx, q, sub, o, &done)
	})
	return done, err
}

func createBySignOn(ctx context.Context, q *db.Queries, sub Submission, o SignOn) (db.PersonByIdentityRow, error) {
	id, err := q.CreatePersonWithoutPassword(ctx, db.CreatePersonWithoutPasswordParams{Email: o.Create.Email, Name: o.Create.Name, Lang: string(o.Create.Lang)})
	if errors.Is(err, pgx.ErrNoRows) {
		return db.PersonByIdentityRow{}, ErrExists
	}
	if err != nil {
		return db.PersonByIdentityRow{}, fmt.Errorf("create the account: %w", err)
	}
	e := sub.Event(personObject(id))
	e.Action, e.Detail = "create person", map[string]any{"source": "sso"}
	if err := audit(ctx, q, e); err != nil {
		return db.PersonByIdentityRow{}, err
	}
	if err := linkIdentity(ctx, q, sub, id, o.Issuer, o.Subject, o.At); err != nil {
		return db.PersonByIdentityRow{}, err
	}
	return q.PersonByIdentity(ctx, db.PersonByIdentityParams{Issuer: o.Issuer, Subject: o.Subject})
}

func recordSignOn(ctx context.Context, q *db.Queries, sub Submission, o SignOn, done *SignedOn) error {
	done.ID = rand.Text()
	err := q.BeginSignOn(ctx, db.BeginSignOnParams{
		ID: done.ID, PersonID: done.PersonID, Issuer: o.Issuer, Sub: o.Sub, Sid: o.SID, IDToken: o.IDToken, BeganAt: o.At,
	})
	if err != nil {
		return fmt.Errorf("begin the sign-on: %w", err)
	}
	// first the person, as followGroups does: two sign-ins at once must not wait for each other
	if err := q.RecordSignIn(ctx, db.RecordSignInParams{At: o.At, ID: done.PersonID}); err != nil {
		return err
	}
	if err := q.IdentityUsed(ctx, db.IdentityUsedParams{At: o.At, Issuer: o.Issuer, Subject: o.Subject}); err != nil {
		return err
	}
	e := sub.Event(personObject(done.PersonID))
	e.ActorID, e.Detail = done.PersonID, map[string]any{"source": "sso"}
	return audit(ctx, q, e)
}

// followGroups makes the roles that groups gave those that they give now. When
// any changes, sessions of before end. Two sign-ins at once take turns.
func (s *Store) followGroups(ctx context.Context, tx pgx.Tx, q *db.Queries, sub Submission, o SignOn, done *SignedOn) error {
	today := calendar.DateOf(o.At)
	give, end, err := groupChanges(ctx, q, o.Roles, done.PersonID, today)
	if err != nil || len(give)+len(end) == 0 {
		return err
	}
	// the order in which whoever disables an account takes them
	if err := q.LockAdministrators(ctx); err != nil {
		return err
	}
	if _, err := q.LockPerson(ctx, done.PersonID); err != nil {
		return err
	}
	if give, end, err = groupChanges(ctx, q, o.Roles, done.PersonID, today); err != nil {
		return err
	}
	changed := false
	for _, r := range give {
		given, err := giveBySignOn(ctx, q, sub, done.PersonID, r, today)
		if err != nil {
			return err
		}
		if !given {
			done.Missing = append(done.Missing, r)
		}
		changed = changed || given
	}
	for _, id := range end {
		err := pgx.BeginFunc(ctx, tx, func(inner pgx.Tx) error {
			return endRole(ctx, s.queries.WithTx(inner), sub, done.PersonID, id, today.AddDays(-1), today)
		})
		switch {
		case errors.Is(err, ErrLastAdministrator):
			done.Kept = true
			e := sub.Event(personObject(done.PersonID))
			e.Action, e.Detail = "keep role", map[string]any{"role": access.Administrator, "source": "sso"}
			err = audit(ctx, q, e)
		case err == nil:
			changed = true
		}
		if err != nil {
			return err
		}
	}
	if changed {
		done.Version, err = q.RenewSessions(ctx, done.PersonID)
	}
	return err
}

// groupChanges compares: roles to be given, and grants to be ended.
func groupChanges(ctx context.Context, q *db.Queries, wanted []SignOnRole, personID int64, today calendar.Date) (give []SignOnRole, end []int64, err error) {
	grants, err := q.SignOnGrants(ctx, db.SignOnGrantsParams{PersonID: personID, Today: today})
	if err != nil {
		return nil, nil, fmt.Errorf("list the roles of person %d: %w", personID, err)
	}
	held := map[SignOnRole]bool{}
	for _, g := range grants {
		r := SignOnRole{access.Role(g.Role), g.InstitutionCode}
		held[r] = held[r] || g.Held
		if g.Source == "sso" && !slices.Contains(wanted, r) {
			end = append(end, g.ID)
		}
	}
	for _, r := range wanted {
		if !held[r] {
			give = append(give, r)
		}
	}
	return give, end, nil
}

func giveBySignOn(ctx context.Context, q *db.Queries, sub Submission, personID int64, r SignOnRole, today calendar.Date) (given bool, err error) {
	_, err = q.GrantRoleBySignOn(ctx, db.GrantRoleBySignOnParams{PersonID: personID, Role: string(r.Role), StartsOn: today, InstitutionCode: r.Institution})
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("grant %s: %w", r.Role, err)
	}
	e := sub.Event(personObject(personID))
	e.Action, e.Detail = "grant role", map[string]any{"role": r.Role, "institution": r.Institution, "source": "sso"}
	return true, audit(ctx, q, e)
}

// guardAdministrators does something that may take an administrator away.
func guardAdministrators(ctx context.Context, q *db.Queries, at time.Time, do func() error) error {
	today := calendar.DateOf(at)
	if err := q.LockAdministrators(ctx); err != nil {
		return err
	}
	before, err := q.CountAdministrators(ctx, today)
	if err != nil {
		return err
	}
	if err := do(); err != nil {
		return err
	}
	return keepAdministrator(ctx, q, before, today)
}

// SignOnLives reports whether the sign-on that a session began with still
// counts: the provider can end it.
func (s *Store) SignOnLives(ctx context.Context, id string, personID int64) (bool, error) {
	ctx, cancel := context.WithTimeout(unguarded(ctx), patience)
	defer cancel()
	lives, err := s.queries.SignOnLives(ctx, db.SignOnLivesParams{ID: id, PersonID: personID})
	if err != nil {
		return false, fmt.Errorf("find the sign-on: %w", err)
	}
	return lives, nil
}

// EndSignOn ends a sign-on and gives its token, to sign out at the provider
// with. ErrNotFound when it has ended already.
func (s *Store) EndSignOn(ctx context.Context, id string) (idToken string, err error) {
	if idToken, err = s.queries.EndSignOn(ctx, id); err != nil {
		return "", fmt.Errorf("end the sign-on: %w", refusal(err))
	}
	return idToken, nil
}

// Notice is a provider's word that somebody signed out there. With a SID only
// that session ends, else all that the person began at the provider.
type Notice struct {
	Issuer, ID string
	Sub, SID   string
	Until      time.Time // afterwards it would be refused for its age
	RequestID  string
}

// HeedNotice ends the sessions that a notice is about and tells how many.
// ErrExists when the notice came before.
func (s *Store) HeedNotice(ctx context.Context, n Notice) (ended int, err error) {
	sub := Submission{Action: "end session by notice", RequestID: n.RequestID}
	_, _, err = s.Once(ctx, sub, func(ctx context.Context, _ pgx.Tx, q *db.Queries) (string, error) {
		fresh, err := q.Spend(ctx, spendParams("notice\n"+n.Issuer+"\n"+n.ID, n.Until))
		if err != nil {
			return "", err
		}
		if fresh == 0 {
			return "", ErrExists
		}
		people, err := q.EndSignOnsByNotice(ctx, db.EndSignOnsByNoticeParams{Issuer: n.Issuer, Sub: n.Sub, Sid: n.SID})
		if err != nil {
			return "", err
		}
		ended = len(people)
		slices.Sort(people)
		for _, id := range slices.Compact(people) {
			if err := audit(ctx, q, sub.Event(personObject(id))); err != nil {
				return "", err
			}
		}
		return "", nil
	})
	return ended, err
}

// Spend takes something that counts once, such as the state of a sign-in:
// fresh is false when it was taken before. It is remembered until a moment
// from which it counts no more.
func (s *Store) Spend(ctx context.Context, what string, until time.Time) (fresh bool, err error) {
	n, err := s.queries.Spend(ctx, spendParams(what, until))
	if err != nil {
		return false, fmt.Errorf("spend: %w", err)
	}
	return n == 1, nil
}

func spendParams(what string, until time.Time) db.SpendParams {
	hash := sha256.Sum256([]byte(what))
	return db.SpendParams{Hash: hash[:], Until: until}
}

// ForgetSignOns removes what counts no more: sign-ons that began before a
// moment, and what was spent and is too old by now.
func (s *Store) ForgetSignOns(ctx context.Context, began, now time.Time) error {
	if err := s.queries.ForgetSpent(ctx, now); err != nil {
		return fmt.Errorf("forget what was spent: %w", err)
	}
	if err := s.queries.ForgetSignOns(ctx, began); err != nil {
		return fmt.Errorf("forget ended sign-ons: %w", err)
	}
	return nil
}
