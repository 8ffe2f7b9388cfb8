package site

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"jalon/internal/testing/idp"
)

func TestSigningOutSignsOutAtTheProviderToo(t *testing.T) {
	o, p := withSignOn(t, nil, "committee")
	b := o.through(p, "committee")
	token := value[string](o, `SELECT id_token FROM sign_on`)
	b.get("/fr/preferences")
	w := b.post("/fr/logout", nil)
	wantCode(t, "sign-out", w, http.StatusSeeOther)
	back := b.follow(w.Header().Get("Location"))
	if back != SignedOutPath {
		t.Fatalf("the provider leads to %q", back)
	}
	ended := p.Ended()
	if len(ended) != 1 || ended[0].Get("id_token_hint") != token || ended[0].Get("client_id") != idp.ClientID {
		t.Errorf("told %v", ended)
	}
	if w := b.get(back); w.Header().Get("Location") != "/fr/login" {
		t.Errorf("sent to %q", w.Header().Get("Location"))
	}
	if page := b.get("/fr/login").Body.String(); !strings.Contains(page, o.Catalogues.In("fr").T("login.signed_out")) {
		t.Error("the page does not say so")
	}
	if n := value[int](o, `SELECT count(*) FROM sign_on`); n != 0 {
		t.Error("the token is kept")
	}
	// who came with a password has nothing to end there
	if w := o.as("committee").post("/fr/logout", nil); w.Header().Get("Location") != "/fr/login" {
		t.Errorf("with a password: %q", w.Header().Get("Location"))
	}
}

func TestNoticeOfLogoutEndsTheSessions(t *testing.T) {
	o, p := withSignOn(t, nil, "committee", "secretary")
	send := func(token string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodPost, noticePath, strings.NewReader(url.Values{"logout_token": {token}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return o.browser().send(r) // no cookie, no Origin: the provider's server
	}
	works := func(b *browser) bool { return b.get("/nl/mandates").Code == http.StatusOK }
	one := o.through(p, "committee")
	atProvider(p, "committee", idp.Claims{"sid": "sid-phone"})
	phone := o.browser()
	wantCode(t, "sign-on", phone.signOn("/nl/sso"), http.StatusSeeOther)
	local, other := o.as("committee"), o.through(p, "secretary")
	for name, claims := range map[string]idp.Claims{
		"for another client": {"sub": "sub-committee", "aud": "andere"}, "without the event": {"sub": "sub-committee", "events": idp.Claims{}},
		"with a nonce": {"sub": "sub-committee", "nonce": "x"}, "expired": {"sub": "sub-committee", "exp": 1}, "about nobody": {},
	} {
		w := send(p.LogoutToken(claims))
		wantCode(t, name, w, http.StatusBadRequest)
		if w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: kept by others", name)
		}
	}
	wantCode(t, "no token", send(""), http.StatusBadRequest)
	if !works(one) || !works(phone) {
		t.Fatal("a refused notice ended a session")
	}
	notice := p.LogoutToken(idp.Claims{"sub": "sub-committee", "sid": "sid-phone"})
	wantCode(t, "of one session", send(notice), http.StatusOK)
	if !works(one) || works(phone) {
		t.Error("not this session ended, or not only this one")
	}
	wantCode(t, "sent again", send(notice), http.StatusBadRequest)
	wantCode(t, "of the person", send(p.LogoutToken(idp.Claims{"sub": "sub-committee"})), http.StatusOK)
	if works(one) || !works(local) || !works(other) {
		t.Error("the sessions of the person at the provider go on, or others ended")
	}
	wantCode(t, "of somebody unknown", send(p.LogoutToken(idp.Claims{"sub": "sub-x"})), http.StatusOK)
	if n := value[int](o, `SELECT count(*) FROM audit_event WHERE action = 'end session by notice'`); n != 2 {
		t.Errorf("%d audit lines", n)
	}
	w := o.browser().postRaw(noticePath, "application/json", `{"logout_token":"x"}`)
	wantCode(t, "another kind", w, http.StatusUnsupportedMediaType)
	wantCode(t, "without end", o.browser().postRaw(noticePath, "application/x-www-form-urlencoded", "logout_token="+strings.Repeat("a", 100<<10)), http.StatusBadRequest)
	cross := httptest.NewRequest(http.MethodPost, noticePath, strings.NewReader("logout_token=x"))
	cross.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	cross.Header.Set("Origin", "https://evil.example")
	wantCode(t, "from a browser elsewhere", o.browser().send(cross), http.StatusForbidden)
	p.Close()
	o.pass(2 * time.Hour)
	wantCode(t, "GET", o.browser().get(noticePath), http.StatusMethodNotAllowed)
}

func TestEndedSignOnsAreForgotten(t *testing.T) {
	o, p := withSignOn(t, nil, "committee")
	o.through(p, "committee")
	rows := func() int {
		return value[int](o, `SELECT (SELECT count(*) FROM sign_on) + (SELECT count(*) FROM sign_on_spent)`)
	}
	if err := o.RemoveEnded(t.Context()); err != nil || rows() != 2 {
		t.Fatalf("%d rows, %v", rows(), err)
	}
	o.pass(sessionMost + time.Minute)
	if err := o.RemoveEnded(t.Context()); err != nil || rows() != 0 {
		t.Errorf("%d rows, %v", rows(), err)
	}
}
