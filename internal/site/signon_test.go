package site

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"jalon/internal/sso"
	"jalon/internal/testing/idp"
)

func TestSignOnBringsThePersonWhereTheyWanted(t *testing.T) {
	o, p := withSignOn(t, nil, "committee")
	atProvider(p, "committee")
	page := o.browser().get("/fr/login?return=%2Ffr%2Fmandates").Body.String()
	if !strings.Contains(page, `href="/fr/sso?return=%2Ffr%2Fmandates"`) || !strings.Contains(page, "Se connecter avec Actiris") {
		t.Error("the sign-in page does not lead to the provider")
	}
	if page := o.browser().get("/nl/login").Body.String(); !strings.Contains(page, "Aanmelden met uw werkaccount") {
		t.Error("the usual words are not there in Dutch")
	}
	b := o.browser()
	b.cookies[sessionCookie] = "planted-before-the-sign-in"
	begun := b.get("/fr/sso?return=%2Ffr%2Fmandates")
	for _, c := range begun.Result().Cookies() {
		if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Name == signOnCookie && c.MaxAge != 600 {
			t.Errorf("cookie %v", c)
		}
	}
	w := b.get(b.follow(begun.Header().Get("Location")))
	if got := w.Header().Get("Location"); w.Code != http.StatusSeeOther || got != "/fr/mandates" {
		t.Fatalf("%d to %q\n%s", w.Code, got, w.Body)
	}
	if b.cookies[sessionCookie] == "planted-before-the-sign-in" || b.cookies[signOnCookie] != "" {
		t.Error("the session is not new, or the sign-in is still there")
	}
	wantCode(t, "page", b.get("/fr/mandates"), http.StatusOK)
	if n := value[int](o, `SELECT count(*) FROM audit_event WHERE action = 'sign in' AND actor_id = $1 AND detail->>'source' = 'sso'`, o.id["committee"]); n != 1 {
		t.Errorf("%d audit lines", n)
	}
	if value[*time.Time](o, `SELECT last_used_at FROM person_identity`) == nil {
		t.Error("the identity was never used")
	}
}

func TestBeginningASignOnStoresNothing(t *testing.T) {
	o, _ := withSignOn(t, nil)
	tables := []string{"person", "sessions", "sign_on", "sign_on_spent", "audit_event", "person_identity", "submission"}
	count := func(table string) int { return value[int](o, `SELECT count(*) FROM `+table) }
	before := map[string]int{}
	for _, table := range tables {
		before[table] = count(table)
	}
	for range 3 {
		wantCode(t, "begin", o.browser().get("/nl/sso"), http.StatusSeeOther)
	}
	for _, table := range tables {
		if n := count(table); n != before[table] {
			t.Errorf("%s: %d rows, %d before", table, n, before[table])
		}
	}
}

// Each way is right but for one thing; nobody is signed in, and the page says so in the language of the beginning.
func TestSignOnsThatAreRefused(t *testing.T) {
	forge := func(change func(header, claims idp.Claims)) func(*office, *idp.Provider, *browser, *string) {
		return func(_ *office, p *idp.Provider, _ *browser, _ *string) { p.Forge = change }
	}
	o, p := withSignOn(t, nil, "committee")
	for _, c := range []struct {
		name   string
		change func(o *office, p *idp.Provider, b *browser, callback *string)
		status int
		key    string
	}{
		{"no cookie", func(_ *office, _ *idp.Provider, b *browser, _ *string) { delete(b.cookies, signOnCookie) }, 400, "expired"},
		{"another browser", func(o *office, _ *idp.Provider, b *browser, _ *string) {
			other := o.browser()
			other.get("/fr/sso")
			b.cookies[signOnCookie] = other.cookies[signOnCookie]
		}, 400, "expired"},
		{"a broken cookie", func(_ *office, _ *idp.Provider, b *browser, _ *string) { b.cookies[signOnCookie] = "e30" }, 400, "expired"},
		{"another state", func(_ *office, _ *idp.Provider, _ *browser, cb *string) {
			*cb = strings.Replace(*cb, "state=", "state=x", 1)
		}, 400, "expired"},
		{"too late", func(o *office, _ *idp.Provider, _ *browser, _ *string) { o.pass(sso.Lasts + time.Second) }, 400, "expired"},
		{"no code", func(_ *office, _ *idp.Provider, _ *browser, cb *string) {
			*cb = strings.Replace(*cb, "code=", "kode=", 1)
		}, 400, "failed"},
		{"invented code", func(_ *office, _ *idp.Provider, _ *browser, cb *string) {
			*cb = strings.Replace(*cb, "code=", "code=x", 1)
		}, 400, "failed"},
		{"the person stops", func(_ *office, _ *idp.Provider, _ *browser, cb *string) {
			*cb = strings.Replace(*cb, "code=", "error=access_denied&x=", 1)
		}, 403, "denied"},
		{"wrong key", func(_ *office, p *idp.Provider, _ *browser, _ *string) { p.Sign = idp.Stranger(p.T()) }, 400, "failed"},
		{"wrong audience", forge(func(_, claims idp.Claims) { claims["aud"] = "andere" }), 400, "failed"},
		{"wrong issuer", forge(func(_, claims idp.Claims) { claims["iss"] = "https://evil.example" }), 400, "failed"},
		{"wrong nonce", forge(func(_, claims idp.Claims) { claims["nonce"] = "x" }), 400, "failed"},
		{"expired", forge(func(_, claims idp.Claims) { claims["exp"] = 1 }), 400, "failed"},
		{"same address, another subject", forge(func(_, claims idp.Claims) { claims["sub"] = "sub-somebody-else" }), 403, "unknown"},
		{"unverified address of a known person", forge(func(_, claims idp.Claims) { claims["sub"], claims["email_verified"] = "sub-x", false }), 403, "unknown"},
		{"disabled account", func(o *office, _ *idp.Provider, _ *browser, _ *string) {
			o.sql(`UPDATE person SET disabled_at = now() WHERE id = $1`, o.id["committee"])
		}, 403, "disabled"},
		{"linked at another provider", func(o *office, _ *idp.Provider, _ *browser, _ *string) {
			o.sql(`DELETE FROM person_identity`)
			o.sql(`INSERT INTO person_identity (person_id, issuer, subject, linked_at) VALUES ($1, 'https://login.other.example', 'sub-committee', now())`, o.id["committee"])
		}, 403, "unknown"},
		{"provider gone", func(_ *office, p *idp.Provider, _ *browser, _ *string) { p.Close() }, 503, "unavailable"},
	} {
		atProvider(p, "committee")
		p.Forge, p.Sign = nil, nil
		b := o.browser()
		callback := b.toProvider("/fr/sso")
		people, refusals := o.rows()["person"], value[int](o, `SELECT count(*) FROM audit_event WHERE action = 'sign-in refused' AND detail->>'source' = 'sso'`)
		c.change(o, p, b, &callback)
		delete(b.cookies, langCookie)
		lang := "fr"
		if b.cookies[signOnCookie] == "" || b.cookies[signOnCookie] == "e30" {
			lang = "nl" // nothing tells the language
		}
		w := b.get(callback)
		wantCode(t, c.name, w, c.status)
		if want := o.Catalogues.In("nl").T("sso.problem." + c.key + ".text"); !strings.Contains(w.Body.String(), want) || !strings.Contains(w.Body.String(), `<html lang="`+lang+`"`) {
			t.Errorf("%s: the page does not say %q, or not in %s", c.name, want, lang)
		}
		if b.cookies[sessionCookie] != "" || b.cookies[signOnCookie] != "" {
			t.Errorf("%s: there is a session, or the sign-in is still under way", c.name)
		}
		if o.rows()["person"] != people || value[int](o, `SELECT count(*) FROM sessions`) != 0 || value[int](o, `SELECT count(*) FROM sign_on`) != 0 {
			t.Errorf("%s: something was stored", c.name)
		}
		if n := value[int](o, `SELECT count(*) FROM audit_event WHERE action = 'sign-in refused' AND detail->>'source' = 'sso'`) - refusals; c.status != 503 && n != 1 {
			t.Errorf("%s: %d audit lines", c.name, n)
		}
		if strings.Contains(w.Body.String(), "sub-") != (c.key == "unknown") {
			t.Errorf("%s: the subject is shown to somebody who cannot use it, or not to somebody who needs it", c.name)
		}
		o.sql(`UPDATE person SET disabled_at = NULL`)
	}
}

func TestCallbackCountsOnce(t *testing.T) {
	o, p := withSignOn(t, nil, "committee")
	atProvider(p, "committee")
	b := o.browser()
	callback := b.toProvider("/nl/sso")
	kept := b.cookies[signOnCookie]
	wantCode(t, "first", b.get(callback), http.StatusSeeOther)
	asked := p.Asked("/token")
	thief := o.browser()
	thief.cookies[signOnCookie] = kept
	wantCode(t, "again, with the cookie", thief.get(callback), http.StatusBadRequest)
	if p.Asked("/token") != asked {
		t.Error("the code was tried again")
	}
	if thief.cookies[sessionCookie] != "" {
		t.Error("the second one is signed in")
	}
}

func TestProviderThatIsDownKeepsNobodyFromThePassword(t *testing.T) {
	o, p := withSignOn(t, nil)
	p.Close()
	w := o.browser().get("/fr/sso")
	wantCode(t, "begin", w, http.StatusServiceUnavailable)
	if w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), "momentanément injoignable") || !strings.Contains(w.Body.String(), `href="/fr/login"`) {
		t.Error("the page does not say what to do")
	}
	wantCode(t, "password", o.as("committee").get("/nl/mandates"), http.StatusOK)
}

func TestWithoutAProviderThereIsNoDoor(t *testing.T) {
	o := newOffice(t)
	for _, path := range []string{"/nl/sso", CallbackPath, SignedOutPath} {
		wantCode(t, path, o.browser().get(path), http.StatusNotFound)
	}
	wantCode(t, "notice", o.browser().post(noticePath, url.Values{"logout_token": {"x"}}), http.StatusNotFound)
	if page := o.as("committee").get("/nl/preferences").Body.String(); strings.Contains(page, "sign-on") {
		t.Error("preferences offer it")
	}
	wantCode(t, "own", o.as("committee").get("/nl/preferences/sign-on"), http.StatusNotFound)
	wantCode(t, "person", o.as("admin").get("/nl/admin/people/1/sign-on"), http.StatusNotFound)
}

func TestSessionsOfBothDoorsFollowTheSameRules(t *testing.T) {
	works := func(b *browser) bool { return b.get("/nl/mandates").Code == http.StatusOK }
	for rule, c := range map[string]struct {
		do   func(o *office, b *browser)
		want bool
	}{
		"used every 29 minutes": {func(o *office, b *browser) {
			for range 15 {
				o.pass(29 * time.Minute)
				if !works(b) {
					o.t.Error("ended while in use")
				}
			}
		}, true},
		"not used for 31 minutes": {func(o *office, _ *browser) { o.pass(31 * time.Minute) }, false},
		"used for more than 10 hours": {func(o *office, b *browser) {
			for range 31 {
				o.pass(20 * time.Minute)
				works(b)
			}
		}, false},
		"disabled": {func(o *office, _ *browser) {
			o.sql(`UPDATE person SET disabled_at = now() WHERE id IN ($1, $2)`, o.id["committee"], o.id["secretary"])
		}, false},
		"another version of the credentials": {func(o *office, _ *browser) {
			o.sql(`UPDATE person SET credential_version = credential_version + 1`)
		}, false},
		"role ended": {func(o *office, _ *browser) { o.sql(`UPDATE role_grant SET ends_on = '2026-11-23'`) }, false},
		"signed out, and the cookie used again": {func(o *office, b *browser) {
			token := b.cookies[sessionCookie]
			b.post("/nl/logout", nil)
			b.cookies[sessionCookie] = token
		}, false},
	} {
		t.Run(rule, func(t *testing.T) {
			o, p := withSignOn(t, nil, "committee", "secretary")
			begun := o.clock()
			for door, b := range map[string]*browser{"password": o.as("committee"), "provider": o.through(p, "secretary")} {
				o.pass(begun.Sub(o.clock()))
				c.do(o, b)
				if got := works(b); got != c.want {
					t.Errorf("%s: the session works: %v, want %v", door, got, c.want)
				}
			}
		})
	}
}

func TestOnlyTheEmergencyAccountHasAPassword(t *testing.T) {
	o, p := withSignOn(t, func(s *SignOn) { s.Emergency = "admin@jalon.example" }, "committee")
	answer := func(name, word string) *httptest.ResponseRecorder {
		return o.browser().post("/nl/login", url.Values{"email": {name + "@jalon.example"}, "password": {word}})
	}
	wantCode(t, "the emergency account", answer("admin", password), http.StatusSeeOther)
	refused := answer("committee", password)
	wantCode(t, "another account", refused, http.StatusUnprocessableEntity)
	wrong := answer("admin", "niet dit wachtwoord")
	wantCode(t, "a wrong password", wrong, http.StatusUnprocessableEntity)
	blind := strings.NewReplacer("committee@", "x@", "admin@", "x@")
	if blind.Replace(refused.Body.String()) != blind.Replace(wrong.Body.String()) {
		t.Error("the answer tells which account it is")
	}
	if page := o.browser().get("/nl/login").Body.String(); !strings.Contains(page, "Noodaccount") || strings.Contains(page, "admin@jalon") {
		t.Error("the sign-in page does not say that there is one, or says which")
	}
	wantCode(t, "through the provider", o.through(p, "committee").get("/nl/mandates"), http.StatusOK)
}

// Nobody is given a link to choose a password that opens nothing: a new account
// is linked at once instead.
func TestWhoMayUseNoPasswordGetsNoLinkToChooseOne(t *testing.T) {
	for _, mailed := range []bool{false, true} {
		o, _ := withSignOn(t, func(s *SignOn) { s.Emergency = "admin@jalon.example" }, "committee")
		mails := &postbox{}
		if mailed {
			o.Links = mails
		}
		admin := o.as("admin")
		w := admin.post("/nl/admin/people", url.Values{"name": {"Nele Nieuw"}, "email": {"nele@jalon.example"}, "lang": {"nl"}, "idempotency_key": {newKey()}})
		id := value[int64](o, `SELECT id FROM person WHERE email = 'nele@jalon.example'`)
		if want := fmt.Sprintf("/nl/admin/people/%d/sign-on", id); w.Code != http.StatusSeeOther || w.Header().Get("Location") != want {
			t.Errorf("created: %d to %q, want %s", w.Code, w.Header().Get("Location"), want)
		}
		page := admin.get("/nl/admin/people").Body.String()
		if reset := fmt.Sprintf("/people/%d/reset", o.id["committee"]); strings.Contains(page, reset) {
			t.Error("the list offers a link to choose a password")
		}
		path := fmt.Sprintf("/nl/admin/people/%d/reset", o.id["committee"])
		wantCode(t, "reset", admin.post(path, url.Values{"idempotency_key": {newKey()}}), http.StatusConflict)
		if n := value[int](o, `SELECT count(*) FROM password_link`); n != 0 || len(mails.asked) != 0 {
			t.Errorf("%d links, %d mails", n, len(mails.asked))
		}
	}
}

// When passwords are switched off, sessions that began with one end too.
func TestSwitchingPasswordsOffEndsTheirSessions(t *testing.T) {
	o, p := withSignOn(t, nil, "committee")
	local, through, admin := o.as("committee"), o.through(p, "committee"), o.as("admin")
	o.SignOn.Emergency = "admin@jalon.example"
	wantCode(t, "with a password", local.get("/nl/mandates"), http.StatusSeeOther)
	wantCode(t, "through the provider", through.get("/nl/mandates"), http.StatusOK)
	wantCode(t, "the emergency account", admin.get("/nl/admin/people"), http.StatusOK)
	o.SignOn = nil
	wantCode(t, "without a provider any more", through.get("/nl/mandates"), http.StatusSeeOther)
}

func TestTheNextPersonDoesNotInheritTheSignOn(t *testing.T) {
	o, p := withSignOn(t, nil, "committee", "director")
	b := o.through(p, "committee")
	w := b.post("/nl/login", url.Values{"email": {"hr@jalon.example"}, "password": {password}})
	wantCode(t, "somebody else with a password", w, http.StatusSeeOther)
	o.sql(`DELETE FROM sign_on`)
	wantCode(t, "their session", b.get("/nl/mandates"), http.StatusOK)
	atProvider(p, "director")
	wantCode(t, "somebody else through the provider", b.signOn("/nl/sso"), http.StatusSeeOther)
	wantCode(t, "their session", b.get("/nl/due"), http.StatusOK)
	atProvider(p, "committee")
	wantCode(t, "and the first one again", b.signOn("/nl/sso"), http.StatusSeeOther)
	if n := value[int](o, `SELECT count(*) FROM sign_on`); n != 1 {
		t.Errorf("%d sign-ons for one browser", n)
	}
}

// A given password is to be replaced by whoever signs in with it; who comes through the provider has no need of one.
func TestGivenPasswordIsNoMatterOfTheProvider(t *testing.T) {
	o, p := withSignOn(t, nil, "committee")
	o.sql(`UPDATE person SET must_change_password = true WHERE id = $1`, o.id["committee"])
	atProvider(p, "committee")
	b := o.browser()
	if w := b.signOn("/nl/sso"); w.Header().Get("Location") != "/nl" {
		t.Errorf("sent to %q", w.Header().Get("Location"))
	}
	wantCode(t, "page", b.get("/nl/mandates"), http.StatusOK)
	if w := o.as("committee").get("/nl/mandates"); w.Header().Get("Location") != "/nl/password" {
		t.Errorf("with the given password: %d", w.Code)
	}
}

func TestFormAfterTheEndOfTheSessionWaitsForTheProvider(t *testing.T) {
	o, p := withSignOn(t, nil, "admin")
	b := o.through(p, "admin")
	o.pass(time.Hour)
	form := url.Values{"name": {"Élise <b>"}, "email": {"elise@jalon.example"}, "lang": {"fr"}, "idempotency_key": {newKey()}}
	w := b.post("/nl/admin/people", form)
	wantCode(t, "late form", w, http.StatusForbidden)
	page := w.Body.String()
	for _, want := range []string{`action="/nl/admin/people"`, `name="name" value="Élise &lt;b&gt;"`, `target="_blank"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	wantCode(t, "the other tab", b.signOn("/nl/sso"), http.StatusSeeOther)
	wantCode(t, "sent again", b.post("/nl/admin/people", form), http.StatusCreated)
}

// What must not be told: the secret, codes, tokens, the state of a sign-in, and who somebody is at the provider.
func TestLogAndAuditTellNoSecretOfASignOn(t *testing.T) {
	o, p := withSignOn(t, nil, "committee")
	atProvider(p, "committee", idp.Claims{"sub": "sub-committee", "phone": "kanarie-telefoon"})
	b := o.browser()
	callback := b.toProvider("/nl/sso")
	u, err := url.Parse(callback)
	if err != nil {
		t.Fatal(err)
	}
	cookie := b.cookies[signOnCookie]
	r := httptest.NewRequest(http.MethodGet, callback, nil)
	r.AddCookie(&http.Cookie{Name: signOnCookie, Value: cookie})
	under, _ := (&visit{Request: r}).underway()
	wantCode(t, "sign-on", b.get(callback), http.StatusSeeOther)
	token := value[string](o, `SELECT id_token FROM sign_on`)
	b.get(callback)
	b.post("/nl/logout", nil)
	atProvider(p, "unknown", idp.Claims{"sub": "sub-kanarie-unknown"})
	wantCode(t, "unknown", o.browser().signOn("/nl/sso"), http.StatusForbidden)
	p.Forge = func(_, claims idp.Claims) { claims["iss"] = "https://kanarie-issuer.example" }
	wantCode(t, "forged", o.browser().signOn("/nl/sso"), http.StatusBadRequest)
	notice := p.LogoutToken(idp.Claims{"sub": "sub-committee"})
	o.browser().post(noticePath, url.Values{"logout_token": {notice}})
	trail := value[string](o, `SELECT COALESCE(string_agg(a::text, E'\n'), '') FROM audit_event a`) + o.log.String()
	for what, secret := range map[string]string{
		"the secret": idp.ClientSecret, "a code": u.Query().Get("code"), "the state": u.Query().Get("state"), "the nonce": under.Nonce, "the verifier": under.Verifier, "the cookie": cookie,
		"the token": token, "its signature": token[strings.LastIndexByte(token, '.')+1:], "the notice": notice, "a subject": "sub-committee", "an unknown subject": "kanarie", "an address": "committee@",
	} {
		if secret == "" || strings.Contains(trail, secret) {
			t.Errorf("log or audit trail have %s, or it was not looked for", what)
		}
	}
}

func TestSignOnsFromOneAddressAreBounded(t *testing.T) {
	o, _ := withSignOn(t, nil)
	b := o.browser()
	for range rates["sign-on"].burst {
		wantCode(t, "callback", b.get(CallbackPath+"?state=x&code=y"), http.StatusBadRequest)
	}
	wantCode(t, "one more", b.get(CallbackPath+"?state=x&code=y"), http.StatusTooManyRequests)
	wantCode(t, "begin", b.get("/nl/sso"), http.StatusTooManyRequests)
}

// A browser obeys form-action along redirects too: without the provider in it, signing out and linking would stop there.
func TestFormsMayLeadToTheProvider(t *testing.T) {
	o, p := withSignOn(t, nil)
	origin := strings.TrimSuffix(p.Issuer, "/realms/brussel")
	if got := o.browser().get("/nl/login").Header().Get("Content-Security-Policy"); !strings.Contains(got, "form-action 'self' "+origin+";") {
		t.Errorf("policy %q", got)
	}
}
