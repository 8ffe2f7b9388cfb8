package site

import (
	"net/http"
	"strconv"

	"jalon/internal/access"
	"jalon/internal/mandate"
	"jalon/internal/store"
	"jalon/web"
)

// tokenRoutes manage the keys to the interface for programs: everybody their
// own, and an administrator those of machines.
func (s *Site) tokenRoutes() []route {
	const own, machines = "/account/tokens", "/admin/tokens"
	return []route{
		{method: http.MethodGet, pattern: own, handler: s.ownTokens(s.showTokens)},
		{method: http.MethodPost, pattern: own, handler: s.ownTokens(s.createToken)},
		{method: http.MethodPost, pattern: own + "/{key}/end", handler: s.ownTokens(s.endToken)},
		{method: http.MethodGet, pattern: machines, action: access.ManageTokens, handler: s.machineTokens(s.showTokens)},
		{method: http.MethodPost, pattern: machines, action: access.ManageTokens, handler: s.machineTokens(s.createToken)},
		{method: http.MethodPost, pattern: machines + "/{key}/end", action: access.ManageTokens, handler: s.machineTokens(s.endToken)},
	}
}

// tokenDesk is where tokens of one kind are made and ended.
type tokenDesk struct {
	personID int64 // whose tokens; 0 for those of machines
	path     string
}

func (s *Site) ownTokens(do func(http.ResponseWriter, *visit, tokenDesk) error) handler {
	return func(w http.ResponseWriter, v *visit) error {
		return s.own(w, v, func() error { return do(w, v, tokenDesk{v.viewer.PersonID, v.path("/account/tokens")}) })
	}
}

func (s *Site) machineTokens(do func(http.ResponseWriter, *visit, tokenDesk) error) handler {
	return func(w http.ResponseWriter, v *visit) error { return do(w, v, tokenDesk{0, v.path("/admin/tokens")}) }
}

func (s *Site) showTokens(w http.ResponseWriter, v *visit, d tokenDesk) error {
	typed := web.TokenForm{ExpiresOn: v.print.Date(v.today.AddDays(usualToken)), Read: true}
	return s.drawTokens(w, v, d, web.TokensView{Form: typed, IdempotencyKey: newKey()})
}

// Days that a token lasts: usually, and at most.
const (
	usualToken   = 90
	longestToken = 366
)

func (s *Site) drawTokens(w http.ResponseWriter, v *visit, d tokenDesk, view web.TokensView) error {
	title := v.print.T("token.title")
	crumbs := []web.Crumb{{Label: v.print.T("account.title"), URL: v.path("/account")}}
	if d.personID == 0 {
		title, crumbs = v.print.T("token.machines"), nil
	}
	view.Frame = s.frame(v, title, crumbs...).Refusing(view.Errors)
	view.Action, view.Machines, view.APIURL = d.path, d.personID == 0, s.BaseURL+apiPrefix
	view.MayRecord = v.somewhere(access.RecordValue)
	tokens, err := s.Store.Tokens(v.Context(), d.personID)
	if err != nil {
		return err
	}
	for _, t := range tokens {
		line := web.TokenLine{
			Name: t.Name, Hint: t.Hint, Mandate: t.MandateCode + t.InstitutionCode, Scopes: t.Scopes, By: t.CreatedBy, Created: t.CreatedAt, ExpiresOn: t.ExpiresOn, LastUsed: t.LastUsedOn,
			Expired: t.ExpiresOn.Before(v.today), Key: strconv.FormatInt(t.ID, 10),
		}
		if t.RevokedAt.IsZero() && !line.Expired {
			line.EndURL = d.path + "/" + line.Key + "/end"
		}
		view.Tokens = append(view.Tokens, line)
	}
	mandates, err := s.tokenPlaces(v, d)
	if err != nil {
		return err
	}
	institutions := map[string]bool{}
	for _, m := range mandates {
		if code := m.Institution.Code; !institutions[code] {
			institutions[code] = true
			view.Mandates = append(view.Mandates, web.Option{Value: wholeInstitution + code, Label: v.print.T("token.institution", "Institution", v.say(m.Institution.Name))})
		}
	}
	for _, m := range mandates {
		view.Mandates = append(view.Mandates, web.Option{Value: m.Code, Label: v.say(m.Title) + " (" + m.Code + ")"})
	}
	return s.render(w, v, statusOf(view.Errors), web.TokensPage(view))
}

// wholeInstitution stands before the code of an institution that a token is limited to.
const wholeInstitution = "@"

// tokenPlaces lists the mandates that a token can be limited to: any for a machine, and those that a person sees.
func (s *Site) tokenPlaces(v *visit, d tokenDesk) ([]mandate.Mandate, error) {
	scope := access.Scope{All: true}
	if d.personID != 0 {
		scope = access.ScopeOf(v.viewer, v.today, access.ViewMandate)
	}
	return s.Store.Mandates(v.Context(), scope, store.Moment{Day: v.today})
}

type tokenForm struct {
	Key       string `form:"idempotency_key,raw"`
	Name      string `form:"name,line,100,required" label:"token.name"`
	ExpiresOn string `form:"expires_on,line,20,required" label:"token.expires"`
	Read      string `form:"read,choice,1"`
	Values    string `form:"values,choice,1"`
	Mandate   string `form:"mandate,line,41" label:"token.limit"`
}

// createToken makes a token and shows its secret this once.
func (s *Site) createToken(w http.ResponseWriter, v *visit, d tokenDesk) error {
	in, f, err := decode[tokenForm](v)
	if err != nil {
		return err
	}
	sub, err := v.submission(in.Key, "create token")
	if err != nil {
		return err
	}
	t := store.Token{PersonID: d.personID, Name: in.Name, ExpiresOn: f.date("expires_on", in.ExpiresOn)}
	if last := v.today.AddDays(longestToken); !t.ExpiresOn.IsZero() && (t.ExpiresOn.Before(v.today) || t.ExpiresOn.After(last)) {
		f.refuse("expires_on", "token.expires_wrong", "Date", v.print.Date(last))
	}
	if err := s.scopeToken(v, f, in, d, &t); err != nil {
		return err
	}
	view := web.TokensView{IdempotencyKey: in.Key, Form: web.TokenForm{Name: in.Name, ExpiresOn: in.ExpiresOn, Read: in.Read != "", Values: in.Values != "", Mandate: in.Mandate}}
	if !f.ok() {
		view.Errors = f.errs
		return s.drawTokens(w, v, d, view)
	}
	secret := tokenPrefix + feedSecret()
	repeated, err := s.Store.CreateToken(v.Context(), sub, t, secret, s.Now(), d.path)
	if err != nil {
		return err
	}
	if repeated {
		tell(w, web.NoticeWarning, "token.shown_before")
		return redirect(w, d.path)
	}
	return s.drawTokens(w, v, d, web.TokensView{Secret: secret, IdempotencyKey: newKey(), Form: web.TokenForm{ExpiresOn: v.print.Date(v.today.AddDays(usualToken)), Read: true}})
}

// scopeToken says what the token is for, and to which mandates it is limited. A
// machine records values of one mandate, or of those of one institution.
func (s *Site) scopeToken(v *visit, f *form, in tokenForm, d tokenDesk, t *store.Token) error {
	switch {
	case t.PersonID == 0:
		t.Scopes = []string{store.ScopeValues}
		f.required("mandate", in.Mandate)
	default:
		if in.Read != "" {
			t.Scopes = append(t.Scopes, store.ScopeRead)
		}
		if in.Values != "" {
			t.Scopes = append(t.Scopes, store.ScopeValues)
		}
		if len(t.Scopes) == 0 {
			f.refuse("read", "token.no_scope")
		}
	}
	if in.Mandate == "" {
		return nil
	}
	mandates, err := s.tokenPlaces(v, d)
	for _, m := range mandates {
		switch in.Mandate {
		case m.Code:
			t.MandateID = m.ID
		case wholeInstitution + m.Institution.Code:
			t.InstitutionID = m.Institution.ID
		}
	}
	if t.MandateID == 0 && t.InstitutionID == 0 {
		f.refuse("mandate", "error.form.choice")
	}
	return err
}

type endTokenForm struct {
	Key string `form:"idempotency_key,raw"`
}

func (s *Site) endToken(w http.ResponseWriter, v *visit, d tokenDesk) error {
	in, _, err := decode[endTokenForm](v)
	if err != nil {
		return err
	}
	sub, err := v.submission(in.Key, "revoke token")
	if err != nil {
		return err
	}
	id, err := v.number("key")
	if err != nil {
		return err
	}
	if err := s.Store.RevokeToken(v.Context(), sub, d.personID, id, s.Now(), d.path); err != nil {
		return err
	}
	tell(w, web.NoticeDone, "token.ended")
	return redirect(w, d.path)
}
