package walk_test

import (
	"encoding/base32"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/demo"
	"jalon/internal/onetime"
	"jalon/internal/testing/browser"
	"jalon/internal/testing/office"
)

// secretOn reads the secret that a page shows to be typed.
func secretOn(t *testing.T, p *browser.Page) onetime.Secret {
	t.Helper()
	raw, err := base32.StdEncoding.DecodeString(strings.ReplaceAll(p.Text("code.secret"), " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	secret, err := onetime.ParseSecret(raw)
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

// A person sets the second step up, signs out, and signs in with it; each page
// on the way is as sound as the others.
func TestSigningInBecomesTwoSteps(t *testing.T) {
	known := phrases(t)
	inBoth(t, func(t *testing.T, o *office.Office, lang bilingual.Lang) {
		words, local := o.Catalogues.In(lang).Typeset(), "/"+string(lang)
		look := func(p *browser.Page, name string) {
			inspect(t, p, known, lang, visit{name: name, do: func(*browser.Page, bilingual.Lang) {}})
		}
		sign := func(p *browser.Page) {
			p.Open(o.URL + local + "/login")
			p.Fill("#email", "committee@jalon.example")
			p.Fill("#password", demo.Password)
			p.Follow("form:has(#password) button")
		}
		code := func(s onetime.Secret) string { return s.Code(onetime.Step(o.Now())) }

		p := o.Page(t, string(lang), "committee")
		p.Open(o.URL + local + "/account/second-factor")
		p.Fill("#password", demo.Password)
		p.Follow("form:has(#password) button")
		secret := secretOn(t, p)
		look(p, "factor-waits")
		p.Resize(1280)
		p.Fill("#code", "12")
		p.Expect(http.StatusUnprocessableEntity, local+"/account/second-factor/confirm")
		p.Follow("form:has(#code) button")
		look(p, "factor-wrong")
		p.Resize(1280)
		p.Fill("#code", code(secret))
		p.Follow("form:has(#code) button")
		if n := p.Count(".recovery li"); n != onetime.RecoveryCodes {
			t.Fatalf("%d recovery codes", n)
		}
		recovery := p.Text(".recovery li code")
		look(p, "recovery")
		p.Resize(1280)
		p.Open(o.URL + local + "/account/second-factor")
		contains(t, "the page", p.Text("main"), words.N("recovery.left", onetime.RecoveryCodes))
		look(p, "factor-in-use")
		p.Resize(1280)
		p.Open(o.URL + local + "/account")
		look(p, "account-two-steps")
		p.Resize(1280)

		o.Pass(time.Minute)
		other := o.Page(t, string(lang), "")
		other.WithoutScript()
		sign(other)
		if other.Path() != local+"/login/code" {
			t.Fatalf("after the password: %s", other.Path())
		}
		other.Fill("#code", code(secret))
		other.Follow("form:has(#code) button")
		if !strings.HasSuffix(other.Path(), "/overview") {
			t.Errorf("signed in, and led to %s", other.Path())
		}
		other = o.Page(t, string(lang), "")
		sign(other)
		other.Fill("#code", strings.ToUpper(recovery))
		other.Follow("form:has(#code) button")
		contains(t, "the notice", other.Text("[role=status]"), o.Catalogues.In(bilingual.FR).Typeset().T("code.recovered", "Left", "9")) // in her own language
		third := o.Page(t, string(lang), "")
		sign(third)
		look(third, "code")
	})
}

// A link that an administrator hands over leads to a password, once.
func TestAHandedLinkLeadsToAPassword(t *testing.T) {
	known := phrases(t)
	inBoth(t, func(t *testing.T, o *office.Office, lang bilingual.Lang) {
		words, local := o.Catalogues.In(lang).Typeset(), "/"+string(lang)
		look := func(p *browser.Page, name string, status int) {
			inspect(t, p, known, lang, visit{name: name, status: status, do: func(*browser.Page, bilingual.Lang) {}})
			p.Resize(1280)
		}
		admin := o.Page(t, string(lang), "admin")
		admin.Open(o.URL + local + "/admin/people")
		admin.Follow(`form[action$="/reset"] button`)
		link := admin.Text("code.secret")
		look(admin, "people-link", 0)
		if !strings.HasPrefix(link, o.URL+"/") {
			t.Fatalf("link %q", link)
		}
		link = strings.Replace(strings.Replace(link, "/nl/", local+"/", 1), "/fr/", local+"/", 1)
		path := strings.TrimPrefix(link, o.URL)
		p := o.Page(t, string(lang), "")
		p.Open(link)
		look(p, "reset", 0)
		p.Fill("#new", "welkom01welkom01")
		p.Fill("#again", "iets anders dan dat")
		p.Expect(http.StatusUnprocessableEntity, path)
		p.Follow("form:has(#new) button")
		look(p, "reset-error", 0)
		p.Fill("#new", "regenboog-fietsbel-atlas")
		p.Fill("#again", "regenboog-fietsbel-atlas")
		p.Follow("form:has(#new) button")
		contains(t, "the notice", p.Text("[role=status]"), words.T("reset.done"))
		p.Expect(http.StatusGone, path)
		p.Open(link)
		look(p, "410", http.StatusGone)
	})
}

// What counts or is shown once is not asked for twice by a double click, also
// while the answer is slow: the second answer would be that it was before.
func TestADoubleClickSendsAFormOnce(t *testing.T) {
	o := office.Start(t)
	target, err := url.Parse(o.URL)
	if err != nil {
		t.Fatal(err)
	}
	forward, sent := httputil.NewSingleHostReverseProxy(target), atomic.Int32{}
	forward.ModifyResponse = func(r *http.Response) error {
		if r.Request.Method == http.MethodPost && strings.HasSuffix(r.Request.URL.Path, "/reset") {
			sent.Add(1)
			time.Sleep(400 * time.Millisecond) // on the way back
		}
		return nil
	}
	slow := httptest.NewServer(forward)
	defer slow.Close()
	p := o.Page(t, "nl", "")
	p.Open(slow.URL + "/nl/login")
	p.Fill("#email", "admin@jalon.example")
	p.Fill("#password", demo.Password)
	p.Follow("form:has(#password) button")
	p.Open(slow.URL + "/nl/admin/people")
	const button = `document.querySelector('form[action$="/reset"] button')`
	browser.Ask[string](p, button+`.click(), setTimeout(() => `+button+`?.click(), 150), ""`)
	p.WaitFor(`location.pathname !== "/nl/admin/people" || document.querySelector("code.secret, [role=status]")`)
	if n := sent.Load(); n != 1 || p.Count("code.secret") != 1 {
		t.Errorf("the form was sent %d times; the link is shown: %t", n, p.Count("code.secret") == 1)
	}
}
