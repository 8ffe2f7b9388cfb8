package site

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"unicode"

	"jalon/internal/sso"
	"jalon/internal/store"
	"jalon/web"
)

// sessionLink is the state of the sign-in with which a person links their own
// account. It is put there after they gave their password again.
const sessionLink = "link"

func (s *Site) showOwnIdentity(w http.ResponseWriter, v *visit) error {
	if s.SignOn == nil {
		return errNotFound
	}
	return s.own(w, v, func() error { return s.drawOwnIdentity(w, v, nil) })
}

func (s *Site) drawOwnIdentity(w http.ResponseWriter, v *visit, errs []web.FieldError) error {
	who, err := s.Store.CredentialsByID(v.Context(), v.viewer.PersonID)
	if err != nil {
		return err
	}
	linked, err := s.identityOf(v, v.viewer.PersonID)
	if err != nil {
		return err
	}
	const own = "/preferences/sign-on"
	view := web.OwnIdentityView{
		Frame: s.frame(v, v.print.T("sso.own.title"), web.Crumb{Label: v.print.T("preferences.title"), URL: v.path("/preferences")}),
		Link:  v.path(own), Unlink: v.path(own + "/unlink"), HasPassword: who.PasswordHash != "", IdempotencyKey: newKey(),
	}
	if linked != nil {
		view.Linked = identityView(*linked)
	}
	view.Errors = errs
	return s.render(w, v, statusOf(view.Errors), web.OwnIdentityPage(view))
}

// identityOf gives who a person is at the provider, or nil.
func (s *Site) identityOf(v *visit, personID int64) (*store.Identity, error) {
	all, err := s.Store.IdentitiesOf(v.Context(), personID)
	if err != nil {
		return nil, err
	}
	for _, id := range all {
		if id.Issuer == s.SignOn.Provider.Issuer() {
			return &id, nil
		}
	}
	return nil, nil
}

func identityView(id store.Identity) *web.Identity {
	return &web.Identity{Subject: id.Subject, By: id.LinkedBy, At: id.LinkedAt, LastUsed: id.LastUsed}
}

type reenterForm struct {
	Password string `form:"password,secret,128,required" label:"field.password"`
	Key      string `form:"idempotency_key,raw"`
}

// reentered lets those pass who give their own password again.
func (s *Site) reentered(w http.ResponseWriter, v *visit, action string, do func(store.Submission) error) error {
	if s.SignOn == nil {
		return errNotFound
	}
	if !v.signedIn() {
		return redirect(w, v.path("/login")) // passwords are not carried along
	}
	return s.own(w, v, func() error {
		in, f, err := decode[reenterForm](v)
		if err != nil {
			return err
		}
		sub, err := v.submission(in.Key, action)
		if err != nil {
			return err
		}
		if f.ok() {
			if wait := s.limits.take("password", strconv.FormatInt(v.viewer.PersonID, 10)); wait > 0 {
				return tooMany(wait)
			}
			who, err := s.Store.CredentialsByID(v.Context(), v.viewer.PersonID)
			if err != nil {
				return err
			}
			ok, _, err := s.hashing.matches(v.Context(), who.PasswordHash, in.Password)
			if err != nil {
				return err
			}
			if !ok {
				f.refuse("password", "signin.password.wrong")
			}
		}
		if !f.ok() {
			return s.drawOwnIdentity(w, v, f.errs)
		}
		return do(sub)
	})
}

// linkOwnIdentity sends a person to the provider, to show who they are there.
// It stores nothing but the state of that sign-in, in their session.
func (s *Site) linkOwnIdentity(w http.ResponseWriter, v *visit) error {
	return s.reentered(w, v, "link identity", func(store.Submission) error {
		u := underway{Attempt: sso.NewAttempt(s.Now()), Link: true}
		s.sessions.Put(v.Context(), sessionLink, u.State)
		if _, _, err := s.sessions.Commit(v.Context()); err != nil {
			return fmt.Errorf("begin to link: %w", err)
		}
		return s.toProvider(w, v, u)
	})
}

// finishLink links the account of this session, if it is this session that has
// given its password for this sign-in.
func (s *Site) finishLink(w http.ResponseWriter, v *visit, u underway, id sso.Identity) error {
	wanted := s.sessions.PopString(v.Context(), sessionLink)
	if !v.signedIn() || wanted == "" || subtle.ConstantTimeCompare([]byte(wanted), []byte(u.State)) != 1 {
		return s.signOnFailed(w, v, u, errForeignState)
	}
	if _, _, err := s.sessions.Commit(v.Context()); err != nil {
		return fmt.Errorf("finish linking: %w", err)
	}
	sub, err := v.submission(newKey(), "link identity")
	if err != nil {
		return err
	}
	location, err := s.Store.LinkIdentity(v.Context(), sub, v.viewer.PersonID, id.Issuer, id.Subject, s.Now(), v.path("/preferences/sign-on"))
	if errors.Is(err, store.ErrExists) {
		return s.signOnFailed(w, v, u, store.ErrExists)
	}
	if err != nil {
		return err
	}
	tell(w, web.NoticeDone, "sso.own.linked_done")
	return redirect(w, location)
}

// unlinkOwnIdentity takes the link away; whoever has no password keeps it, or
// would have no door left. The password that was asked for says that there is one.
func (s *Site) unlinkOwnIdentity(w http.ResponseWriter, v *visit) error {
	return s.reentered(w, v, "unlink identity", func(sub store.Submission) error {
		location, done, err := s.Store.Answered(v.Context(), sub)
		if err != nil {
			return err
		}
		if done {
			return redirect(w, location)
		}
		linked, err := s.identityOf(v, v.viewer.PersonID)
		if err != nil {
			return err
		}
		if linked == nil {
			return errNotFound
		}
		location, err = s.Store.UnlinkIdentity(v.Context(), sub, v.viewer.PersonID, linked.ID, s.Now(), v.path("/preferences/sign-on"))
		if err != nil {
			return err
		}
		tell(w, web.NoticeDone, "sso.own.unlinked_done")
		return redirect(w, location)
	})
}

func (s *Site) showIdentity(w http.ResponseWriter, v *visit) error {
	return s.drawIdentity(w, v, "", nil)
}

func (s *Site) drawIdentity(w http.ResponseWriter, v *visit, subject string, errs []web.FieldError) error {
	if s.SignOn == nil {
		return errNotFound
	}
	person, err := v.number("person")
	if err != nil {
		return err
	}
	who, err := s.Store.CredentialsByID(v.Context(), person)
	if err != nil {
		return err
	}
	linked, err := s.identityOf(v, person)
	if err != nil {
		return err
	}
	address := v.path("/admin/people/" + strconv.FormatInt(person, 10) + "/sign-on")
	view := web.IdentityView{
		Frame: s.frame(v, v.print.T("sso.person.title", "Name", who.Name), web.Crumb{Label: v.print.T("people.title"), URL: v.path("/admin/people")}),
		Email: who.Email, Issuer: s.SignOn.Provider.Issuer(), Subject: subject, Self: person == v.viewer.PersonID, IdempotencyKey: newKey(),
	}
	switch {
	case linked != nil:
		view.Linked = identityView(*linked)
		view.Unlink = address + "/unlink/" + strconv.FormatInt(linked.ID, 10)
	default:
		view.Link = address
	}
	view.Errors = errs
	return s.render(w, v, statusOf(view.Errors), web.IdentityPage(view))
}

type identityForm struct {
	Subject string `form:"subject,line,255,required" label:"sso.subject"`
	Key     string `form:"idempotency_key,raw"`
}

// linkIdentity lets an administrator link somebody else, whose subject at the
// provider they know from there.
func (s *Site) linkIdentity(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[identityForm](v)
	if err != nil {
		return err
	}
	sub, err := v.submission(in.Key, "link identity")
	if err != nil {
		return err
	}
	person, err := v.number("person")
	switch {
	case err != nil:
		return err
	case s.SignOn == nil:
		return errNotFound
	case person == v.viewer.PersonID:
		return store.ErrSelf
	}
	if strings.ContainsFunc(in.Subject, func(r rune) bool { return r > unicode.MaxASCII || unicode.IsSpace(r) }) {
		f.refuse("subject", "sso.person.subject_wrong")
	}
	if f.ok() {
		location, err := s.Store.LinkIdentity(v.Context(), sub, person, s.SignOn.Provider.Issuer(), in.Subject, s.Now(), v.path("/admin/people/"+strconv.FormatInt(person, 10)+"/sign-on"))
		switch {
		case errors.Is(err, store.ErrExists):
			f.refuse("subject", "sso.person.taken")
		case err != nil:
			return err
		default:
			tell(w, web.NoticeDone, "sso.person.linked_done")
			return redirect(w, location)
		}
	}
	return s.drawIdentity(w, v, in.Subject, f.errs)
}

func (s *Site) unlinkIdentity(w http.ResponseWriter, v *visit) error {
	person, sub, err := v.button("unlink identity")
	if err != nil {
		return err
	}
	identity, err := v.number("identity")
	switch {
	case err != nil:
		return err
	case s.SignOn == nil:
		return errNotFound
	case person == v.viewer.PersonID:
		return store.ErrSelf
	}
	location, err := s.Store.UnlinkIdentity(v.Context(), sub, person, identity, s.Now(), v.path("/admin/people/"+strconv.FormatInt(person, 10)+"/sign-on"))
	if err != nil {
		return err
	}
	tell(w, web.NoticeDone, "sso.person.unlinked_done")
	return redirect(w, location)
}
