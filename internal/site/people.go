package site

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/locale"
	"jalon/internal/onetime"
	"jalon/internal/store"
	"jalon/web"
)

// peopleRoutes are the administrator's: accounts and roles.
func (s *Site) peopleRoutes() []route {
	const people = "/admin/people"
	post := func(pattern string, h handler) route {
		return route{method: http.MethodPost, pattern: people + pattern, action: access.ManagePeople, handler: h}
	}
	return []route{
		{method: http.MethodGet, pattern: people, action: access.ManagePeople, handler: s.showPeople},
		post("", s.createPerson),
		post("/grant", s.grantRole),
		{method: http.MethodGet, pattern: people + "/{person}", action: access.ManagePeople, handler: s.showPerson},
		post("/{person}/disable", s.disablePerson(true)),
		post("/{person}/enable", s.disablePerson(false)),
		post("/{person}/reset", s.resetPassword),
		post("/{person}/remove-factor", s.removeFactor),
		post("/{person}/revoke/{grant}", s.revokeRole),
	}
}

func (s *Site) showPeople(w http.ResponseWriter, v *visit) error {
	return s.drawPeople(w, v, http.StatusOK, web.PeopleView{Values: web.PersonValues{Lang: string(v.lang)}})
}

// drawPeople completes the view with the list.
func (s *Site) drawPeople(w http.ResponseWriter, v *visit, status int, view web.PeopleView) error {
	people, err := s.Store.People(v.Context(), v.today)
	if err != nil {
		return err
	}
	view.Frame = s.frame(v, v.print.T("people.title")).Refusing(view.Errors)
	view.CreateURL, view.GrantURL, view.IdempotencyKey = v.path("/admin/people"), v.path("/admin/people/grant"), newKey()
	for _, p := range people {
		row := v.personView(p)
		if row.SecondFactor = p.Factor; row.SecondFactor && !row.Self {
			row.RemoveFactorURL = v.path("/admin/people/" + row.ID + "/remove-factor")
		}
		if !s.mayUsePassword(p.Email) {
			row.ResetURL = ""
		}
		if s.SignOn != nil && !row.Self {
			row.SignOnURL = v.path("/admin/people/" + row.ID + "/sign-on")
		}
		view.People = append(view.People, row)
	}
	for _, r := range access.Granted {
		view.Roles = append(view.Roles, web.Option{Value: string(r), Label: v.print.T("role." + string(r))})
	}
	if view.Scopes, err = s.scopes(v); err != nil {
		return err
	}
	return s.render(w, v, status, web.PeoplePage(view))
}

func (v *visit) personView(p store.Person) web.Person {
	id := strconv.FormatInt(p.ID, 10)
	address := v.path("/admin/people/" + id)
	view := web.Person{
		ID: id, Name: p.Name, Email: p.Email, Lang: string(p.Lang), Disabled: p.Disabled,
		Self: p.ID == v.viewer.PersonID, LastSignIn: p.LastSignIn, URL: address,
	}
	switch {
	case view.Self: // nobody closes their own account, and a password of one's own has its own page
	case !p.Disabled:
		view.ResetURL = address + "/reset"
	}
	for _, r := range p.Roles {
		label := v.roleLabel(r.Role, r.Scope, r.From, r.Until)
		if r.BySignOn {
			label += " · " + v.print.T("sso.by_group")
		}
		if r.GrantID == 0 {
			view.Roles = append(view.Roles, label)
			continue
		}
		if r.Scope == "" && r.Role != access.Administrator {
			label += " · " + v.print.T("people.everywhere")
		}
		g := web.PersonGrant{ID: strconv.FormatInt(r.GrantID, 10), Label: label}
		if !view.Self {
			g.RevokeURL = address + "/revoke/" + g.ID
		}
		view.Grants = append(view.Grants, g)
	}
	return view
}

// roleLabel names a role with what it is for, and with its days as far as they
// are not simply "from some day on".
func (v *visit) roleLabel(role access.Role, scope string, from, until calendar.Date) string {
	label := v.print.T("role." + string(role))
	if scope != "" {
		label += " · " + scope
	}
	switch {
	case !until.IsZero() && from.After(v.today):
		label += " · " + v.print.T("mandate.from_until", "From", v.print.Date(from), "Until", v.print.Date(until))
	case !until.IsZero():
		label += " · " + v.print.T("people.until", "Date", v.print.Date(until))
	case from.After(v.today):
		label += " · " + v.print.T("tenure.from_on", "From", v.print.Date(from))
	}
	return label
}

// everywhere is the value of a scope that is not limited.
const everywhere = "*"

// scopes lists what a role can be for: all institutions, one, or one of its bodies.
func (s *Site) scopes(v *visit) ([]web.Option, error) {
	institutions, err := s.Store.Bodies(v.Context(), v.today)
	if err != nil {
		return nil, err
	}
	options := []web.Option{{Value: everywhere, Label: v.print.T("people.everywhere")}}
	for _, i := range institutions {
		name, _, _ := i.Name.For(v.lang)
		options = append(options, web.Option{Value: i.Code, Label: name})
		for _, b := range i.Bodies {
			options = append(options, web.Option{Value: i.Code + "/" + b.Code, Label: name + " · " + v.say(b.Name)})
		}
	}
	return options, nil
}

// scope reads what a role is for: a choice must be made, so that nobody gets
// everything by leaving a field empty. A body is for its members and secretary;
// an administrator is there for all.
func (f *form) scope(field string, role access.Role, value string) (institution, body string) {
	institution, body, _ = strings.Cut(value, "/")
	switch {
	case value == everywhere, role == "", role == access.Administrator && value == "":
		return "", ""
	case value == "":
		f.refuse(field, "people.scope_needed")
	case role == access.Administrator:
		f.refuse(field, "people.scope_administrator")
	case body != "" && role != access.CommitteeMember && role != access.Secretary:
		f.refuse(field, "people.scope_body")
	}
	return institution, body
}

type personForm struct {
	Name  string `form:"name,line,200,required" label:"people.name"`
	Email string `form:"email,line,254,required" label:"field.email"`
	Lang  string `form:"lang,choice,nl|fr,required" label:"people.lang"`
	Role  string `form:"role,choice,committee_member|secretary|hr_officer|administrator" label:"people.role"`
	Scope string `form:"scope,line,40" label:"people.scope"`
	Key   string `form:"idempotency_key,raw"`
}

// createPerson makes an account without a password. Its person chooses one with
// a link, which is mailed, or shown once when there is no mail server.
func (s *Site) createPerson(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[personForm](v)
	if err != nil {
		return err
	}
	sub, err := v.submission(in.Key, "create person")
	if err != nil {
		return err
	}
	again := func() error {
		view := web.PeopleView{Values: web.PersonValues{Name: in.Name, Email: in.Email, Lang: in.Lang, Role: in.Role, Scope: in.Scope}}
		view.Errors = f.errs
		return s.drawPeople(w, v, http.StatusUnprocessableEntity, view)
	}
	email, valid := MailAddress(in.Email)
	if !valid {
		f.refuse("email", "error.form.email")
	}
	f.oneScript("name", in.Name)
	institution, body := f.scope("scope", access.Role(in.Role), in.Scope)
	if !f.ok() {
		return again()
	}
	p := store.NewPerson{Email: email, Name: in.Name, Lang: bilingual.Lang(in.Lang), Role: access.Role(in.Role), Institution: institution, Body: body, Today: v.today}
	token := onetime.NewToken()
	if s.Links == nil && s.mayUsePassword(email) {
		p.LinkHash, p.LinkAt = token.Hash(), s.Now()
	}
	id, repeated, err := s.Store.CreatePerson(v.Context(), sub, p, v.path("/admin/people"))
	switch {
	case errors.Is(err, store.ErrExists):
		f.refuse("email", "people.exists")
		return again()
	case errors.Is(err, store.ErrNotFound):
		f.refuse("scope", "error.form.choice")
		return again()
	case errors.Is(err, store.ErrOverlap):
		f.refuse("scope", "people.overlap")
		return again()
	case err != nil:
		return err
	case repeated:
		tell(w, web.NoticeWarning, "people.shown_before")
		return redirect(w, v.path("/admin/people"))
	}
	switch {
	case !s.mayUsePassword(email):
		tell(w, web.NoticeDone, "people.to_link")
		return redirect(w, v.path("/admin/people/"+strconv.FormatInt(id, 10)+"/sign-on"))
	case s.Links != nil:
		if err := s.Links.MailPasswordLink(v.Context(), id); err != nil {
			return err
		}
		tell(w, web.NoticeDone, "people.link_mailed", "Email", email)
		return redirect(w, v.path("/admin/people"))
	}
	return s.drawPeople(w, v, http.StatusCreated, web.PeopleView{Link: s.linkView(token, in.Name, email, p.Lang), Values: web.PersonValues{Lang: in.Lang}})
}

// button reads a form that is only a button, about the person in the address.
func (v *visit) button(action string) (person int64, sub store.Submission, err error) {
	f, err := v.form("idempotency_key")
	if err != nil {
		return 0, sub, err
	}
	if sub, err = v.submission(f.raw("idempotency_key"), action); err != nil {
		return 0, sub, err
	}
	person, err = v.number("person")
	return person, sub, err
}

func (s *Site) disablePerson(disabled bool) handler {
	action, said := "enable person", "people.enabled_done"
	if disabled {
		action, said = "disable person", "people.disabled_done"
	}
	return func(w http.ResponseWriter, v *visit) error {
		person, sub, err := v.button(action)
		if err != nil {
			return err
		}
		if err := s.Store.SetDisabled(v.Context(), sub, person, disabled, s.Now(), v.path("/admin/people")); err != nil {
			return err
		}
		tell(w, web.NoticeDone, said)
		return redirect(w, personPath(v, person)) // what hangs on them stays to be done
	}
}

// removeFactor takes the second factor of a person away who has lost it.
func (s *Site) removeFactor(w http.ResponseWriter, v *visit) error {
	person, sub, err := v.button("remove second factor")
	if err != nil {
		return err
	}
	if person == v.viewer.PersonID {
		return refused(http.StatusConflict, "people.not_self")
	}
	if _, _, err := s.Store.RemoveSecondFactor(v.Context(), sub, person, v.path("/admin/people")); err != nil {
		return err
	}
	tell(w, web.NoticeDone, "people.factor_removed")
	return redirect(w, v.path("/admin/people"))
}

type grantForm struct {
	Person string `form:"person,line,20,required" label:"people.person"`
	Role   string `form:"grant_role,choice,committee_member|secretary|hr_officer|administrator,required" label:"people.role"`
	Scope  string `form:"grant_scope,line,40" label:"people.scope"`
	From   string `form:"grant_from,line,20" label:"tenure.from"`
	Until  string `form:"grant_until,line,20" label:"tenure.until"`
	Key    string `form:"idempotency_key,raw"`
}

// grant reads the form: from today on unless it says otherwise.
func (in grantForm) grant(f *form, today calendar.Date) store.RoleGrant {
	g := store.RoleGrant{Role: access.Role(in.Role), From: today, Until: f.date("grant_until", in.Until)}
	if in.From != "" {
		g.From = f.date("grant_from", in.From)
	}
	if !g.From.IsZero() && !g.Until.IsZero() && g.Until.Before(g.From) {
		f.refuse("grant_until", "tenure.reversed")
	}
	g.Institution, g.Body = f.scope("grant_scope", g.Role, in.Scope)
	return g
}

func (s *Site) grantRole(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[grantForm](v)
	if err != nil {
		return err
	}
	sub, err := v.submission(in.Key, "grant role")
	if err != nil {
		return err
	}
	person, err := strconv.ParseInt(in.Person, 10, 64)
	if err != nil {
		f.refuse("person", "error.form.choice")
	}
	grant := in.grant(f, v.today)
	if f.ok() {
		err = s.Store.GrantRole(v.Context(), sub, person, grant, v.path("/admin/people"))
		switch {
		case errors.Is(err, store.ErrOverlap):
			f.refuse("grant_from", "people.overlap")
		case errors.Is(err, store.ErrNotFound):
			f.refuse("grant_scope", "error.form.choice")
		case err != nil:
			return err
		}
	}
	if !f.ok() {
		view := web.PeopleView{Grant: web.GrantValues{Person: in.Person, Role: in.Role, Scope: in.Scope, From: in.From, Until: in.Until}, Values: web.PersonValues{Lang: string(v.lang)}}
		view.Errors = f.errs
		return s.drawPeople(w, v, http.StatusUnprocessableEntity, view)
	}
	tell(w, web.NoticeDone, "people.granted_done")
	return redirect(w, v.path("/admin/people"))
}

func (s *Site) revokeRole(w http.ResponseWriter, v *visit) error {
	person, sub, err := v.button("revoke role")
	if err != nil {
		return err
	}
	grant, err := v.number("grant")
	if err != nil {
		return err
	}
	if err := s.Store.RevokeRole(v.Context(), sub, person, grant, v.today, v.path("/admin/people")); err != nil {
		return err
	}
	tell(w, web.NoticeDone, "people.revoked_done")
	return redirect(w, v.path("/admin/people"))
}

// mixedScripts finds a name that mixes alphabets: a Cyrillic а looks like ours.
func mixedScripts(name string) bool {
	scripts := 0
	for _, table := range []*unicode.RangeTable{unicode.Latin, unicode.Cyrillic, unicode.Greek, unicode.Armenian, unicode.Cherokee} {
		for _, r := range name {
			if unicode.Is(table, r) {
				scripts++
				break
			}
		}
	}
	return scripts > 1
}

func (f *form) oneScript(field, name string) {
	if mixedScripts(name) {
		f.refuse(field, "error.form.scripts")
	}
}

// PersonName gives a name in the form that accounts have, and what a form would
// say is wrong with it: "" for nothing.
func PersonName(typed string, print *locale.Printer) (name, wrong string) {
	if strings.ContainsRune(typed, utf8.RuneError) { // also what a command line makes of other bytes
		return "", print.T("error.form.encoding")
	}
	f := &form{values: url.Values{"name": {typed}}, print: print}
	name = f.required("name", f.line("name", 200))
	f.oneScript("name", name)
	if !f.ok() {
		return "", f.errs[0].Text
	}
	return name, ""
}
