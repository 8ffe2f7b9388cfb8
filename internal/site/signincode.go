package site

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"jalon/internal/onetime"
	"jalon/internal/store"
	"jalon/web"
)

// pendingMost is how long a code may take after the password.
const pendingMost = 10 * time.Minute

// askCode goes on to the second step of signing in. Until it is done nobody is
// signed in: the session only holds who gave the password. A form that is
// carried along goes through the page, not through the session.
func (s *Site) askCode(w http.ResponseWriter, v *visit, who store.Credentials, to onward) error {
	err := s.begin(w, v, store.Begun{}, pendingMost, map[string]any{sessionPending: who.PersonID, sessionVersion: who.Version})
	if err != nil {
		return err
	}
	if to.Kept != "" {
		return s.drawCode(w, v, to, nil)
	}
	address := v.path("/login/code")
	if back := s.safeReturn(to.Return); back != "" {
		address += "?" + url.Values{"return": {back}}.Encode()
	}
	return redirect(w, address)
}

func (s *Site) drawCode(w http.ResponseWriter, v *visit, to onward, errs []web.FieldError) error {
	view := web.CodeView{
		Frame: s.frame(v, v.print.T("code.title")), Action: v.path("/login/code"), StartURL: v.path("/login"),
		Return: s.safeReturn(to.Return), Kept: to.Kept, KeptTo: to.KeptTo,
	}
	if s.ownPage(v.URL.Path) && v.URL.Path != view.Action {
		view.OtherLangURL = "" // the form that is carried along would not come along
	}
	view.Errors = errs
	return s.render(w, v, statusOf(view.Errors), web.CodePage(view))
}

// pending gives who has given the password in this browser and not yet the
// code; found is false when nobody has, or when the account has changed since.
func (s *Site) pending(v *visit) (who store.Credentials, found bool, err error) {
	ctx := v.Context()
	id := s.sessions.GetInt64(ctx, sessionPending)
	if id == 0 || !s.Now().Before(s.sessions.Deadline(ctx)) {
		return who, false, nil
	}
	who, err = s.Store.CredentialsByID(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return who, false, nil
	}
	return who, err == nil && !who.Disabled && who.Version == s.sessions.GetInt32(ctx, sessionVersion), err
}

func (s *Site) showCode(w http.ResponseWriter, v *visit) error {
	_, found, err := s.pending(v)
	switch {
	case err != nil:
		return err
	case !found:
		return redirect(w, v.path("/login"))
	}
	return s.drawCode(w, v, onward{Return: v.URL.Query().Get("return")}, nil)
}

type codeForm struct {
	Code   string `form:"code,line,60,required" label:"code.label"`
	Return string `form:"return,raw"`
	Kept   string `form:"kept,raw"`
	KeptTo string `form:"kept_to,raw"`
}

// enterCode checks a code of the authenticator app, or a recovery code.
func (s *Site) enterCode(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[codeForm](v)
	if err != nil {
		return err
	}
	to := onward{in.Return, in.Kept, in.KeptTo}
	who, found, err := s.pending(v)
	switch {
	case err != nil:
		return err
	case !found:
		view := s.signInView(v, s.safeReturn(to.Return))
		view.Kept, view.KeptTo = to.Kept, to.KeptTo
		view.Notice = &web.Notice{Kind: web.NoticeWarning, Text: v.print.T("code.late")}
		return s.render(w, v, http.StatusForbidden, web.LoginPage(view))
	case !f.ok():
		return s.drawCode(w, v, to, f.errs)
	}
	address := v.address()
	if wait := s.limits.attempt("code", who.Email, address); wait > 0 {
		return tooMany(wait)
	}
	recovered, err := s.useCode(v, who.PersonID, in.Code)
	if errors.Is(err, errWrongCode) {
		f.refuse("code", "code.wrong")
		return s.drawCode(w, v, to, f.errs)
	}
	if err != nil {
		return err
	}
	if recovered {
		factor, err := s.Store.SecondFactor(v.Context(), who.PersonID)
		if err != nil {
			return err
		}
		tell(w, web.NoticeWarning, "code.recovered", "Left", strconv.Itoa(factor.RecoveryCodes))
	}
	return s.arrive(w, v, arrival{who: who, by: bySecondFactor, address: address, onward: to})
}

// errWrongCode refuses what is no code, was used before, or is out of time.
var errWrongCode = errors.New("not a code that serves")

// useCode uses up a code of the authenticator app or a recovery code.
// errWrongCode when it is neither; that is noted in the audit trail.
func (s *Site) useCode(v *visit, personID int64, typed string) (recovered bool, err error) {
	ctx, number := v.Context(), requestID(v.Context())
	if code, ok := onetime.Digits(typed); ok {
		err = s.useDigits(v, personID, code)
	} else if code, ok := onetime.ParseRecoveryCode(typed); ok {
		recovered, err = true, s.Store.UseRecoveryCode(ctx, personID, code.Hash(), s.Now(), number)
	} else {
		err = errWrongCode
	}
	if errors.Is(err, store.ErrNotFound) {
		err = errWrongCode
	}
	if errors.Is(err, errWrongCode) {
		refusal := store.Event{Action: "second factor refused", RequestID: number, Detail: detailOf(personID)}
		if auditErr := s.Store.Audit(ctx, refusal); auditErr != nil {
			return false, auditErr
		}
	}
	return recovered && err == nil, err
}

func (s *Site) useDigits(v *visit, personID int64, code string) error {
	factor, err := s.Store.SecondFactor(v.Context(), personID)
	if err != nil {
		return err
	}
	key, err := s.openSecret(personID, factor)
	if err != nil {
		return err
	}
	step, ok := key.Match(code, s.Now(), factor.LastStep)
	if !ok || factor.ConfirmedAt.IsZero() {
		return errWrongCode
	}
	return s.Store.UseStep(v.Context(), personID, step, requestID(v.Context()))
}
