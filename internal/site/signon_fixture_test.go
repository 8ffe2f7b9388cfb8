package site

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/sso"
	"jalon/internal/testing/idp"
)

// withSignOn gives an office with an identity provider, and the people of the
// office who are linked to it, under a subject such as sub-director.
func withSignOn(t testing.TB, change func(*SignOn), linked ...string) (*office, *idp.Provider) {
	t.Helper()
	var o *office
	p := idp.New(t, func() time.Time { return o.clock() })
	s := &SignOn{Labels: map[bilingual.Lang]string{bilingual.FR: "Se connecter avec Actiris"}}
	if change != nil {
		change(s)
	}
	s.Provider = sso.New(sso.Settings{
		Issuer: p.Issuer, ClientID: idp.ClientID, ClientSecret: idp.ClientSecret, CallbackURL: "https://jalon.example" + CallbackPath,
		SignedOutURL: "https://jalon.example" + SignedOutPath, Scopes: []string{"profile", "email"},
	}, func() time.Time { return o.clock() })
	o = newOffice(t, func(opts *Options) { opts.SignOn = s })
	for _, name := range linked {
		o.sql(`INSERT INTO person_identity (person_id, issuer, subject, linked_at) VALUES ($1, $2, $3, now())`, o.id[name], p.Issuer, "sub-"+name)
	}
	return o, p
}

// withDoor gives an office an identity provider that nobody goes to.
func withDoor(o *Options) {
	o.SignOn = &SignOn{Provider: sso.New(sso.Settings{Issuer: "https://login.jalon.example"}, o.Now)}
}

// atProvider signs somebody in at the provider: what it says of them, beside more.
func atProvider(p *idp.Provider, name string, more ...idp.Claims) {
	p.Person = idp.Claims{"sub": "sub-" + name, "name": "Naam " + name, "email": name + "@jalon.example", "email_verified": true, "sid": "sid-" + name}
	for _, m := range more {
		for k, v := range m {
			p.Person[k] = v
		}
	}
}

// follow goes to the provider, and gives the address that it sends the browser to.
func (b *browser) follow(location string) string {
	b.t.Helper()
	c := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := c.Get(location)
	if err != nil {
		b.t.Fatal(err)
	}
	_ = answer.Body.Close()
	back := answer.Header.Get("Location")
	if !strings.HasPrefix(back, "https://jalon.example/") {
		b.t.Fatalf("the provider answers %s and leads to %q", answer.Status, back)
	}
	return strings.TrimPrefix(back, "https://jalon.example")
}

// toProvider begins a sign-in and gives where the provider sends the browser back to.
func (b *browser) toProvider(path string) string {
	b.t.Helper()
	w := b.get(path)
	wantCode(b.t, path, w, http.StatusSeeOther)
	return b.follow(w.Header().Get("Location"))
}

// signOn goes the whole way.
func (b *browser) signOn(path string) *httptest.ResponseRecorder {
	b.t.Helper()
	return b.get(b.toProvider(path))
}

// through gives a browser in which somebody has signed in at the provider.
func (o *office) through(p *idp.Provider, name string) *browser {
	o.t.Helper()
	atProvider(p, name)
	b := o.browser()
	w := b.signOn("/nl/sso")
	if w.Code != http.StatusSeeOther {
		o.t.Fatalf("sign-on of %s: %d\n%s", name, w.Code, w.Body)
	}
	return b
}

func (b *browser) link(password string) *httptest.ResponseRecorder {
	return b.post("/nl/preferences/sign-on", url.Values{"password": {password}, "idempotency_key": {newKey()}})
}
