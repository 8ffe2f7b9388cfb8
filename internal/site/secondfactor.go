package site

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"jalon/internal/access"
	"jalon/internal/onetime"
	"jalon/internal/qr"
	"jalon/internal/store"
	"jalon/web"
)

// enrolMost is how long a new secret waits for its first code.
const enrolMost = 30 * time.Minute

// secondFactorRoutes are a person's own second step of signing in.
func (s *Site) secondFactorRoutes() []route {
	const page = "/account/second-factor"
	return []route{
		{method: http.MethodGet, pattern: page, handler: s.showSecondFactor},
		{method: http.MethodPost, pattern: page, handler: s.beginSecondFactor},
		{method: http.MethodPost, pattern: page + "/confirm", handler: s.confirmSecondFactor},
		{method: http.MethodPost, pattern: page + "/change", handler: s.changeSecondFactor},
	}
}

// before gives the page that a signed-in person must deal with before any
// other: a password that somebody else gave, or a second factor that their role
// asks for. "" when there is none. Who signed in at their organisation has met
// its second factor.
func (s *Site) before(v *visit) string {
	switch {
	case v.account.MustChange:
		return v.path("/password")
	case v.proof == byPassword && s.secondFactorRequired(v):
		return v.path("/account/second-factor")
	}
	return ""
}

func (s *Site) secondFactorRequired(v *visit) bool {
	return slices.ContainsFunc(v.viewer.Roles(v.today), func(r access.Role) bool { return slices.Contains(s.SecondFactor, r) })
}

func (s *Site) secondFactorInUse(v *visit, personID int64) (bool, error) {
	factor, err := s.Store.SecondFactor(v.Context(), personID)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return !factor.ConfirmedAt.IsZero(), err
}

// belongs says to which person an encrypted secret belongs.
func belongs(personID int64) string {
	return "second factor of person " + strconv.FormatInt(personID, 10)
}

func (s *Site) openSecret(personID int64, f store.SecondFactor) (onetime.Secret, error) {
	raw, err := s.Secrets.Open(f.Secret, f.KeyID, belongs(personID))
	if err != nil {
		return onetime.Secret{}, err
	}
	return onetime.ParseSecret(raw)
}

// RenewSecrets encrypts anew, under the newest key, what is under an older one.
// It tells how many there were.
func (s *Site) RenewSecrets(ctx context.Context) (int, error) {
	return s.Store.RenewSecrets(ctx, s.Secrets.KeyID(), func(personID int64, box []byte, keyID string) ([]byte, error) {
		plain, err := s.Secrets.Open(box, keyID, belongs(personID))
		if err != nil {
			return nil, err
		}
		box, _ = s.Secrets.Seal(plain, belongs(personID))
		return box, nil
	})
}

// enrolling lets those pass who are signed in with a password of their own:
// the second factor may be what they must deal with first.
func (s *Site) enrolling(w http.ResponseWriter, v *visit, do func(who store.Credentials) error) error {
	if !v.signedIn() {
		return redirect(w, v.path("/login")) // passwords and codes are not carried along
	}
	if v.account.MustChange {
		return redirect(w, v.path("/password"))
	}
	who, err := s.Store.CredentialsByID(v.Context(), v.viewer.PersonID)
	if err != nil {
		return err
	}
	if who.PasswordHash == "" {
		return refused(http.StatusForbidden, "factor.elsewhere")
	}
	return do(who)
}

func (s *Site) showSecondFactor(w http.ResponseWriter, v *visit) error {
	if !v.signedIn() {
		return s.toSignIn(w, v)
	}
	return s.enrolling(w, v, func(store.Credentials) error { return s.drawSecondFactor(w, v, nil) })
}

// drawSecondFactor shows what stands: none, one that waits for its first code, or one in use.
func (s *Site) drawSecondFactor(w http.ResponseWriter, v *visit, errs []web.FieldError) error {
	view := web.SecondFactorView{
		Frame:    s.frame(v, v.print.T("factor.title"), web.Crumb{Label: v.print.T("account.title"), URL: v.path("/account")}),
		BeginURL: v.path("/account/second-factor"), ConfirmURL: v.path("/account/second-factor/confirm"), ChangeURL: v.path("/account/second-factor/change"),
		Required: s.secondFactorRequired(v), First: s.before(v) != "", IdempotencyKey: newKey(),
	}
	if view.First {
		view.Breadcrumbs = nil // they lead nowhere yet
	}
	view.Errors = errs
	factor, err := s.Store.SecondFactor(v.Context(), v.viewer.PersonID)
	switch {
	case errors.Is(err, store.ErrNotFound):
	case err != nil:
		return err
	case !factor.ConfirmedAt.IsZero():
		view.Since, view.RecoveryCodes = factor.ConfirmedAt, factor.RecoveryCodes
	case s.waits(factor):
		key, err := s.openSecret(v.viewer.PersonID, factor)
		if err != nil {
			return err
		}
		view.Secret, view.URI = key.String(), key.URI(s.issuer(), v.viewer.Email)
		if code, err := qr.Encode(view.URI); err == nil { // a very long address has no square code; the text is there
			view.QRPath, view.QRSize = code.Path(), code.Size()
		}
	}
	return s.render(w, v, statusOf(view.Errors), web.SecondFactorPage(view))
}

// waits reports whether a new secret may still be confirmed.
func (s *Site) waits(f store.SecondFactor) bool {
	return f.ConfirmedAt.IsZero() && s.Now().Sub(f.BegunAt) < enrolMost
}

// issuer is the name under which an authenticator app lists us.
func (s *Site) issuer() string {
	if s.Demo {
		return "Jalon demo"
	}
	return "Jalon"
}

type beginFactorForm struct {
	Password string `form:"password,secret,128,required" label:"factor.password"`
	Key      string `form:"idempotency_key,raw"`
}

// beginSecondFactor makes a secret, which the next page shows.
func (s *Site) beginSecondFactor(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[beginFactorForm](v)
	if err != nil {
		return err
	}
	return s.enrolling(w, v, func(who store.Credentials) error {
		sub, err := v.submission(in.Key, "begin second factor")
		if err != nil {
			return err
		}
		if err := s.askPassword(v, f, who, in.Password); err != nil {
			return err
		}
		if !f.ok() {
			return s.drawSecondFactor(w, v, f.errs)
		}
		key := onetime.NewSecret()
		box, keyID := s.Secrets.Seal(key[:], belongs(who.PersonID))
		location, err := s.Store.BeginSecondFactor(v.Context(), sub, box, keyID, s.Now(), v.path("/account/second-factor"))
		if err != nil {
			return err
		}
		return redirect(w, location)
	})
}

// askPassword asks for the password again before something that a borrowed
// session must not do. What is wrong stands in the form.
func (s *Site) askPassword(v *visit, f *form, who store.Credentials, password string) error {
	if !f.ok() {
		return nil
	}
	if wait := s.limits.take("password", strconv.FormatInt(who.PersonID, 10)); wait > 0 {
		return tooMany(wait)
	}
	ok, _, err := s.hashing.matches(v.Context(), who.PasswordHash, password)
	if err != nil {
		return err
	}
	if !ok {
		f.refuse("password", "signin.password.wrong")
	}
	return nil
}

type confirmFactorForm struct {
	Code string `form:"code,line,60,required" label:"factor.first_code"`
	Key  string `form:"idempotency_key,raw"`
}

// confirmSecondFactor puts the new secret in use when its first code is right,
// and shows the recovery codes, once. Other sessions end.
func (s *Site) confirmSecondFactor(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[confirmFactorForm](v)
	if err != nil {
		return err
	}
	return s.enrolling(w, v, func(who store.Credentials) error {
		sub, err := v.submission(in.Key, "switch second factor on")
		if err != nil {
			return err
		}
		if done, err := s.changedBefore(w, v, sub); done || err != nil {
			return err
		}
		factor, err := s.Store.SecondFactor(v.Context(), who.PersonID)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if err != nil || !s.waits(factor) {
			return refused(http.StatusConflict, "factor.begin_again")
		}
		step := int64(0)
		if f.ok() {
			if step, err = s.firstStep(v, f, who, factor, in.Code); err != nil {
				return err
			}
		}
		if !f.ok() {
			return s.drawSecondFactor(w, v, f.errs)
		}
		codes := onetime.NewRecoveryCodes()
		version, repeated, err := s.Store.ConfirmSecondFactor(v.Context(), sub, step, hashesOf(codes), s.Now(), v.path("/account/second-factor"))
		if err != nil {
			return err
		}
		if repeated {
			_, err := s.changedBefore(w, v, sub)
			return err
		}
		if err := s.signInAs(w, v, who.PersonID, version, bySecondFactor); err != nil {
			return err
		}
		v.proof = bySecondFactor
		return s.drawRecoveryCodes(w, v, codes)
	})
}

// firstStep finds the step of the first code of a new secret.
func (s *Site) firstStep(v *visit, f *form, who store.Credentials, factor store.SecondFactor, typed string) (int64, error) {
	if wait := s.limits.attempt("code", who.Email, v.address()); wait > 0 {
		return 0, tooMany(wait)
	}
	key, err := s.openSecret(who.PersonID, factor)
	if err != nil {
		return 0, err
	}
	code, _ := onetime.Digits(typed)
	step, ok := key.Match(code, s.Now(), factor.LastStep)
	if !ok {
		f.refuse("code", "factor.wrong")
	}
	return step, nil
}

type changeFactorForm struct {
	Password string `form:"password,secret,128,required" label:"factor.password"`
	Code     string `form:"code,line,60,required" label:"code.label"`
	Do       string `form:"do,choice,codes|remove,required"`
	Key      string `form:"idempotency_key,raw"`
}

// changeSecondFactor makes new recovery codes, or takes the second factor away.
// Both ask for the password and a code.
func (s *Site) changeSecondFactor(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[changeFactorForm](v)
	if err != nil {
		return err
	}
	return s.enrolling(w, v, func(who store.Credentials) error {
		action := map[string]string{"remove": "switch second factor off"}[in.Do]
		if action == "" {
			action = "make recovery codes"
		}
		sub, err := v.submission(in.Key, action)
		if err != nil {
			return err
		}
		if done, err := s.changedBefore(w, v, sub); done || err != nil {
			return err
		}
		if err := s.askPassword(v, f, who, in.Password); err != nil {
			return err
		}
		if f.ok() { // a code is used up only beside the right password
			if wait := s.limits.attempt("code", who.Email, v.address()); wait > 0 {
				return tooMany(wait)
			}
			if _, err := s.useCode(v, who.PersonID, in.Code); errors.Is(err, errWrongCode) {
				f.refuse("code", "code.wrong")
			} else if err != nil {
				return err
			}
		}
		switch {
		case !f.ok():
			return s.drawSecondFactor(w, v, f.errs)
		case in.Do == "remove":
			return s.removeOwnFactor(w, v, sub)
		}
		codes := onetime.NewRecoveryCodes()
		if _, err := s.Store.ReplaceRecoveryCodes(v.Context(), sub, hashesOf(codes), v.path("/account/second-factor")); err != nil {
			return err
		}
		return s.drawRecoveryCodes(w, v, codes)
	})
}

// changedBefore sends a form that was dealt with before to its answer: codes
// are not shown twice.
func (s *Site) changedBefore(w http.ResponseWriter, v *visit, sub store.Submission) (bool, error) {
	location, done, err := s.Store.Answered(v.Context(), sub)
	if err != nil || !done {
		return false, err
	}
	tell(w, web.NoticeWarning, "factor.shown_before")
	return true, redirect(w, location)
}

func (s *Site) removeOwnFactor(w http.ResponseWriter, v *visit, sub store.Submission) error {
	version, repeated, err := s.Store.RemoveSecondFactor(v.Context(), sub, sub.PersonID, v.path("/account"))
	if err != nil {
		return err
	}
	if !repeated {
		if err := s.signInAs(w, v, sub.PersonID, version, byPassword); err != nil {
			return err
		}
	}
	tell(w, web.NoticeDone, "factor.removed")
	return redirect(w, v.path("/account"))
}

func hashesOf(codes []onetime.RecoveryCode) [][]byte {
	hashes := make([][]byte, len(codes))
	for i, c := range codes {
		hashes[i] = c.Hash()
	}
	return hashes
}

func (s *Site) drawRecoveryCodes(w http.ResponseWriter, v *visit, codes []onetime.RecoveryCode) error {
	view := web.RecoveryCodesView{
		Frame:       s.frame(v, v.print.T("recovery.title"), web.Crumb{Label: v.print.T("account.title"), URL: v.path("/account")}),
		ContinueURL: v.path(""), AccountURL: v.path("/account"), On: v.today,
	}
	view.OtherLangURL = "" // the codes are not shown again
	for _, c := range codes {
		view.Codes = append(view.Codes, c.String())
	}
	if err := s.render(w, v, http.StatusOK, web.RecoveryCodesPage(view)); err != nil {
		return fmt.Errorf("show the recovery codes: %w", err)
	}
	return nil
}
