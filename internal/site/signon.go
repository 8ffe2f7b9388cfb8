package site

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/sso"
	"jalon/internal/store"
	"jalon/web"
)

// SignOn is single sign-on as it is set up.
type SignOn struct {
	Provider  *sso.Provider
	Labels    map[bilingual.Lang]string // of its button; "" for the usual words
	Roles     []sso.Mapping             // roles that groups give; none: they give none
	Create    bool                      // somebody unknown gets an account, with the roles of their groups
	Emergency string                    // the one address that may sign in with a password; "" for everybody
}

// Addresses that the provider knows, in no language.
const (
	CallbackPath  = "/sso/callback"
	SignedOutPath = "/sso/signed-out"
	noticePath    = "/sso/backchannel-logout"
)

// signOnCookie keeps a sign-in that is under way, in the browser that began
// it: nobody else can finish it. Nothing is stored when one begins. Whoever
// reads or changes their own cookie deceives nobody but themself.
const signOnCookie = "__Host-sso"

// sessionSignOn is the number of the sign-on that a session began with, "" for a password.
const sessionSignOn = "sign_on"

// underway is what the cookie holds.
type underway struct {
	sso.Attempt
	Lang   bilingual.Lang `json:"l"`
	Return string         `json:"r,omitempty"` // a page of ours to go to
	Link   bool           `json:"k,omitempty"` // to link the account of the session, not to sign in
}

// signOnRoutes begin a sign-in at the identity provider, and link accounts.
func (s *Site) signOnRoutes() []route {
	const own, person = "/preferences/sign-on", "/admin/people/{person}/sign-on"
	return []route{
		{method: http.MethodGet, pattern: "/sso", handler: s.startSignOn},
		{method: http.MethodGet, pattern: own, handler: s.showOwnIdentity},
		{method: http.MethodPost, pattern: own, handler: s.linkOwnIdentity},
		{method: http.MethodPost, pattern: own + "/unlink", handler: s.unlinkOwnIdentity},
		{method: http.MethodGet, pattern: person, action: access.ManagePeople, handler: s.showIdentity},
		{method: http.MethodPost, pattern: person, action: access.ManagePeople, handler: s.linkIdentity},
		{method: http.MethodPost, pattern: person + "/unlink/{identity}", action: access.ManagePeople, handler: s.unlinkIdentity},
	}
}

// startSignOn sends the browser to the provider.
func (s *Site) startSignOn(w http.ResponseWriter, v *visit) error {
	if s.SignOn == nil {
		return errNotFound
	}
	if wait := s.limits.take("sign-on", v.address()); wait > 0 {
		return tooMany(wait)
	}
	return s.toProvider(w, v, underway{Attempt: sso.NewAttempt(s.Now()), Return: s.safeReturn(v.URL.Query().Get("return"))})
}

func (s *Site) toProvider(w http.ResponseWriter, v *visit, u underway) error {
	u.Lang = v.lang
	address, err := s.SignOn.Provider.Begin(v.Context(), u.Attempt, u.Link)
	if err != nil {
		return s.signOnFailed(w, v, u, err)
	}
	raw, err := json.Marshal(u)
	if err != nil {
		return err
	}
	setCookie(w, signOnCookie, base64.RawURLEncoding.EncodeToString(raw), int(sso.Lasts.Seconds()))
	return redirect(w, address)
}

// underway reads what toProvider left in this browser.
func (v *visit) underway() (u underway, ok bool) {
	c, err := v.Cookie(signOnCookie)
	if err != nil || len(c.Value) > 4096 {
		return u, false
	}
	raw, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil || json.Unmarshal(raw, &u) != nil {
		return u, false
	}
	_, ok = bilingual.ParseLang(string(u.Lang))
	return u, ok
}

// finishSignOn takes the provider's answer. It is a GET that signs in, since
// the provider sends the browser here; in place of an Origin it is the state
// that tells a request of ours from one that another site has made: it must
// equal the one in the cookie of this browser, and counts once.
func (s *Site) finishSignOn(w http.ResponseWriter, v *visit) error {
	if s.SignOn == nil {
		return errNotFound
	}
	if wait := s.limits.take("sign-on", v.address()); wait > 0 {
		return tooMany(wait)
	}
	setCookie(w, signOnCookie, "", -1)
	u, ok := v.underway()
	if ok {
		v.lang, v.print = u.Lang, s.Catalogues.In(u.Lang)
	}
	query := v.URL.Query()
	if !ok || !u.Answers(query, s.Now()) {
		return s.signOnFailed(w, v, u, errForeignState)
	}
	fresh, err := s.Store.Spend(v.Context(), "state\n"+u.State, s.Now().Add(2*sso.Lasts))
	if err != nil {
		return err
	}
	if !fresh {
		return s.signOnFailed(w, v, u, errSpentState)
	}
	id, err := s.SignOn.Provider.Finish(v.Context(), u.Attempt, query)
	if err != nil {
		return s.signOnFailed(w, v, u, err)
	}
	if u.Link {
		return s.finishLink(w, v, u, id)
	}
	return s.signOnAs(w, v, u, id)
}

// signOnAs signs in the person whose identity it is: found by issuer and
// subject, never by an address.
func (s *Site) signOnAs(w http.ResponseWriter, v *visit, u underway, id sso.Identity) error {
	o := store.SignOn{
		Issuer: id.Issuer, Subject: id.Subject, Sub: id.Sub, SID: id.SID, IDToken: id.IDToken,
		Roles: s.rolesOf(id), At: s.Now(), RequestID: requestID(v.Context()),
	}
	if s.SignOn.Create {
		o.Create = newcomer(id, u.Lang)
	}
	done, err := s.Store.SignedOn(v.Context(), o)
	switch {
	case errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrExists):
		return s.signOnFailed(w, v, u, &unwelcome{subject: id.Subject})
	case err != nil:
		return err
	case done.Disabled:
		return s.signOnFailed(w, v, u, &unwelcome{person: done.PersonID, disabled: true})
	}
	s.tellAdministrator(v, id, done)
	if v.signOn != "" { // of somebody who was signed in here
		if _, err := s.Store.EndSignOn(v.Context(), v.signOn); err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
	}
	v.viewer, v.account, v.signOn = access.Viewer{}, store.Account{}, done.ID
	if err := s.signInAs(w, v, done.PersonID, done.Version, byOrganisation); err != nil {
		return err
	}
	done.MustChange = false // it is about a password, and none was used
	return s.welcome(w, v, done.Credentials, onward{Return: u.Return})
}

// rolesOf gives the roles of somebody's groups; nil when groups give none at all.
func (s *Site) rolesOf(id sso.Identity) []store.SignOnRole {
	if len(s.SignOn.Roles) == 0 {
		return nil
	}
	roles := []store.SignOnRole{}
	for _, r := range sso.RolesOf(s.SignOn.Roles, id.Groups) {
		roles = append(roles, store.SignOnRole{Role: r.Role, Institution: r.Institution})
	}
	return roles
}

// newcomer is the account of somebody unknown, or nil when the provider does
// not say what an account needs.
func newcomer(id sso.Identity, lang bilingual.Lang) *store.NewPerson {
	email, ok := MailAddress(id.Email)
	if !ok || id.Name == "" || len([]rune(id.Name)) > 200 || mixedScripts(id.Name) || strings.ContainsFunc(id.Name, turnsDirection) {
		return nil
	}
	if id.Lang != "" {
		lang = id.Lang
	}
	return &store.NewPerson{Email: email, Name: id.Name, Lang: lang}
}

// tellAdministrator logs what a setting should be changed for.
func (s *Site) tellAdministrator(v *visit, id sso.Identity, done store.SignedOn) {
	warn := func(what string, more ...slog.Attr) {
		s.Log.LogAttrs(v.Context(), slog.LevelWarn, what, append(more, slog.String("id", requestID(v.Context())))...)
	}
	if id.TooManyGroups {
		warn("single sign-on: too many groups for a token, so that they give no roles")
	}
	if done.Kept {
		warn("single sign-on: a group no longer makes the last administrator one; the role stays")
	}
	for _, r := range done.Missing {
		warn("single sign-on: a role of a group cannot be given; is there such an institution", slog.String("role", string(r.Role)), slog.String("institution", r.Institution))
	}
}

// Answers that belong to no sign-in of this browser.
var (
	errForeignState = &sso.Refusal{Reason: "no sign-in of this browser, or too late"}
	errSpentState   = &sso.Refusal{Reason: "a sign-in that was finished before"}
)

// unwelcome is somebody who has signed in at the provider and may not come in.
type unwelcome struct {
	subject  string
	person   int64
	disabled bool
}

func (e *unwelcome) Error() string {
	if e.disabled {
		return "sign-on refused: the account is disabled"
	}
	return "sign-on refused: nobody has this identity"
}

// signOnFailed says why it did not work and what to do now, and notes it.
func (s *Site) signOnFailed(w http.ResponseWriter, v *visit, u underway, err error) error {
	var unknown *unwelcome
	var denied *sso.Denied
	status, key := http.StatusBadRequest, "failed"
	level := slog.LevelInfo
	view := web.SignOnProblemView{Other: s.Catalogues.In(v.lang.Other()), RequestID: requestID(v.Context()), SignInURL: v.path("/login")}
	detail := map[string]any{"source": "sso", "why": err.Error()}
	switch {
	case errors.Is(err, sso.ErrUnavailable):
		status, key, level = http.StatusServiceUnavailable, "unavailable", slog.LevelWarn
		w.Header().Set("Retry-After", "10")
	case errors.As(err, &denied):
		status, key = http.StatusForbidden, "denied"
	case errors.As(err, &unknown):
		status, key, view.Subject = http.StatusForbidden, "unknown", unknown.subject
		if unknown.disabled {
			key, detail["person"] = "disabled", unknown.person
		}
	case errors.Is(err, store.ErrExists):
		status, key = http.StatusConflict, "taken"
	case errors.Is(err, errForeignState), errors.Is(err, errSpentState):
		key = "expired"
	}
	s.Log.LogAttrs(v.Context(), level, "sign-on", slog.String("id", requestID(v.Context())), slog.Int("status", status), slog.String("error", err.Error()))
	if status != http.StatusServiceUnavailable {
		event := store.Event{ActorID: v.viewer.PersonID, Action: "sign-in refused", RequestID: requestID(v.Context()), Detail: detail}
		if err := s.Store.Audit(v.Context(), event); err != nil {
			return err
		}
	}
	view.Key = key
	view.AgainURL = v.path("/sso")
	if u.Return != "" {
		view.AgainURL += "?" + url.Values{"return": {u.Return}}.Encode()
	}
	if u.Link {
		view.AgainURL = v.path("/preferences/sign-on")
	}
	view.Frame = s.frame(v, v.print.T("sso.problem."+key+".title"))
	view.OtherLangURL = ""
	return s.render(w, v, status, web.SignOnProblemPage(view))
}

// mayUsePassword reports whether an account may sign in with a password.
func (s *Site) mayUsePassword(email string) bool {
	return s.SignOn == nil || s.SignOn.Emergency == "" || s.SignOn.Emergency == email
}

// signOnCounts reports whether the session of an account may go on: one that
// began at the provider until that ends it, one with a password while
// passwords are let in. Who came through the provider needs no password of their own.
func (s *Site) signOnCounts(v *visit, account *store.Account) (bool, error) {
	id := s.sessions.GetString(v.Context(), sessionSignOn)
	switch {
	case id == "":
		return s.mayUsePassword(account.Email), nil
	case s.SignOn == nil:
		return false, nil
	}
	lives, err := s.Store.SignOnLives(v.Context(), id, account.PersonID)
	if err != nil || !lives {
		return false, err
	}
	v.signOn, account.MustChange = id, false
	return true, nil
}

// signOnButton completes the sign-in page.
func (s *Site) signOnButton(v *visit, view *web.LoginView) {
	if s.SignOn == nil {
		return
	}
	view.SignOnURL = v.path("/sso")
	if view.Return != "" {
		view.SignOnURL += "?" + url.Values{"return": {view.Return}}.Encode()
	}
	if view.SignOnLabel = s.SignOn.Labels[v.lang]; view.SignOnLabel == "" {
		view.SignOnLabel = v.print.T("sso.button")
	}
	view.Emergency = s.SignOn.Emergency != ""
}

// keptFields lists a kept form field by field, to be sent again from the page
// on which it waits while its writer signs in at the provider.
func keptFields(body string) []web.KeptField {
	values, err := url.ParseQuery(body)
	if err != nil {
		return nil
	}
	var fields []web.KeptField
	for name, all := range values {
		for _, value := range all {
			fields = append(fields, web.KeptField{Name: name, Value: value})
		}
	}
	slices.SortStableFunc(fields, func(a, b web.KeptField) int { return strings.Compare(a.Name, b.Name) })
	return fields
}
