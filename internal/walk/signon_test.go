package walk_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/site"
	"jalon/internal/sso"
	"jalon/internal/testing/browser"
	"jalon/internal/testing/idp"
	"jalon/internal/testing/office"
)

// withProvider opens an office with an identity provider on another port.
func withProvider(t *testing.T) (*office.Office, *idp.Provider, *site.SignOn) {
	t.Helper()
	var now func() time.Time
	provider := idp.New(t, func() time.Time { return now() })
	door := &site.SignOn{}
	o := office.Start(t, func(s *site.Options) {
		now = s.Now
		door.Provider = sso.New(sso.Settings{
			Issuer: provider.Issuer, ClientID: idp.ClientID, ClientSecret: idp.ClientSecret,
			CallbackURL: s.BaseURL + site.CallbackPath, SignedOutURL: s.BaseURL + site.SignedOutPath,
		}, s.Now)
		s.SignOn = door
	})
	provider.Person = idp.Claims{"sub": "6f1c2d3e-0000-4000-8000-00000000d1e0", "name": "Dirk Voorbeeld", "sid": "sid-1"}
	return o, provider, door
}

// refusedThere is what a browser says as it should: the callback is refused.
const refusedThere = "response 403 of " + site.CallbackPath + "?"

// heard takes what the browser said, which all begins so, and is something.
func heard(t *testing.T, p *browser.Page, want string) {
	t.Helper()
	all := p.Heard()
	if len(all) == 0 {
		t.Errorf("the browser does not report %q", want)
	}
	for _, words := range all {
		if !strings.HasPrefix(words, want) {
			t.Errorf("the browser reports %s", words)
		}
	}
}

// A director links their account, signs in with it, and signs out of both. The
// browser is sent to another origin and back by links and by forms: a policy
// that is too narrow would stop it here.
func TestSingleSignOn(t *testing.T) {
	known := phrases(t)
	for _, lang := range bilingual.Langs {
		t.Run(string(lang), func(t *testing.T) {
			t.Parallel()
			o, provider, door := withProvider(t)
			words := o.Catalogues.In(lang).Typeset()
			local := "/" + string(lang)
			look := func(p *browser.Page, name string) {
				t.Helper()
				p.Resize(1280)
				inspect(t, p, known, lang, visit{name: name})
				p.Resize(1280)
			}
			enter := `a[href="` + local + `/sso"]`

			p := browser.New(t)
			p.Open(o.URL + local + "/login")
			look(p, "signon-login")
			p.Follow(enter)
			heard(t, p, refusedThere)
			contains(t, "somebody unknown", p.Text("main"), "6f1c2d3e-0000-4000-8000-00000000d1e0")
			look(p, "signon-unknown")

			p.Open(o.URL + local + "/login?return=" + local + "/preferences/sign-on")
			o.SignIn(p, "director")
			look(p, "signon-link")
			p.Fill("#password", "niet het juiste")
			p.Expect(http.StatusUnprocessableEntity, local+"/preferences/sign-on")
			p.Follow("main form button[type=submit]")
			look(p, "signon-link-error")
			p.Fill("#password", "jalon-demo")
			p.Follow("main form button[type=submit]")
			contains(t, "linked", p.Text("[role=status]"), words.T("sso.own.linked_done"))
			look(p, "signon-linked")

			p.Follow(`form[action="` + local + `/logout"] button`)
			p.Follow(enter)
			if got := p.Path(); got != "/nl/due" { // in the language of the account
				t.Fatalf("through the provider: %s", got)
			}
			p.Open(o.URL + local + "/due")
			p.Follow(`form[action="` + local + `/logout"] button`)
			if got := p.Path(); got != local+"/login" || len(provider.Ended()) != 1 {
				t.Fatalf("signed out: %s, and at the provider %d times", got, len(provider.Ended()))
			}
			contains(t, "signed out", p.Text("[role=status]"), words.T("login.signed_out"))

			provider.Denies = "access_denied"
			p.Follow(enter)
			heard(t, p, refusedThere)
			look(p, "signon-denied")
			provider.Denies = ""

			admin := o.Page(t, string(lang), "admin")
			id := strconv.FormatInt(office.Value[int64](o, `SELECT id FROM person WHERE email = 'delegate@jalon.example'`), 10)
			admin.Open(o.URL + local + "/admin/people")
			look(admin, "signon-people")
			admin.Follow(`a[href="` + local + `/admin/people/` + id + `/sign-on"]`)
			look(admin, "signon-person")
			admin.Fill("#subject", "een kenmerk met spaties")
			admin.Expect(http.StatusUnprocessableEntity, local+"/admin/people/"+id+"/sign-on")
			admin.Follow("main form button[type=submit]")
			look(admin, "signon-person-error")

			door.Emergency = "admin@jalon.example"
			p.Open(o.URL + local + "/login")
			look(p, "signon-emergency")
		})
	}
}
