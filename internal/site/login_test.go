package site

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"jalon/internal/store"
	"jalon/web"
)

func TestSignInLeadsToThePageOfTheRole(t *testing.T) {
	o := newOffice(t)
	for name, want := range map[string]string{
		"director": "/nl/due", "delegate": "/nl/due", "committee": "/nl/overview", "secretary": "/nl/overview", "hr": "/nl/overview", "admin": "/nl/admin/people",
	} {
		w := o.as(name).get("/nl")
		if got := w.Header().Get("Location"); w.Code != http.StatusSeeOther || got != want {
			t.Errorf("%s: %d to %q, want %q", name, w.Code, got, want)
		}
	}
	w := o.as("nobody").get("/nl/")
	wantCode(t, "nobody", w, http.StatusForbidden)
	if !strings.Contains(w.Body.String(), "nog niets toegewezen") {
		t.Error("nobody is not told why")
	}
	for name, menu := range map[string][]string{
		"director": {"/nl/due", "/nl/mandates/ACTIRIS-A4", "/nl/calendar", "/nl/evaluations"}, "committee": {"/nl/mandates", "/nl/overview", "/nl/bodies", "/nl/rounds", "/nl/calendar"},
		"hr": {"/nl/mandates", "/nl/overview", "/nl/bodies", "/nl/calendar", "/nl/evaluations", "/nl/import", "/nl/admin/retention"}, "evaluator": {"/nl/evaluations"},
		"admin": {"/nl/mandates", "/nl/import", "/nl/admin/people", "/nl/admin/bodies", "/nl/admin/mail", "/nl/admin/tokens", "/nl/admin/audit", "/nl/admin/retention"}, "nobody": nil,
	} {
		b := o.as(name)
		r := httptest.NewRequest(http.MethodGet, "/nl/privacy", nil)
		r.Header.Set("Cookie", sessionCookie+"="+b.cookies[sessionCookie])
		v := o.stranger(r)
		if err := o.identify(v); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, item := range v.menu() {
			got = append(got, item.URL)
		}
		if strings.Join(got, " ") != strings.Join(menu, " ") {
			t.Errorf("menu of %s: %v, want %v", name, got, menu)
		}
	}
}

func TestRefusedSignInTellsNothing(t *testing.T) {
	o := newOffice(t)
	o.sql(`UPDATE person SET disabled_at = now() WHERE email = 'evaluator@jalon.example'`)
	o.sql(`UPDATE person SET password_hash = NULL WHERE email = 'hr@jalon.example'`)
	answer := func(email, password string) string {
		w := o.browser().post("/nl/login", url.Values{"email": {email}, "password": {password}})
		wantCode(t, email, w, http.StatusUnprocessableEntity)
		if len(w.Result().Cookies()) > 1 { // the language
			t.Errorf("%s: cookies %v", email, w.Result().Cookies())
		}
		return strings.ReplaceAll(w.Body.String(), email, "")
	}
	want := answer("director@jalon.example", "niet dit wachtwoord")
	for _, email := range []string{"unknown@jalon.example", "evaluator@jalon.example", "hr@jalon.example"} {
		if answer(email, password) != want {
			t.Errorf("%s: another answer than for a wrong password", email)
		}
	}
	if strings.Contains(want, "niet dit wachtwoord") {
		t.Error("the page shows the password again")
	}
	if n := value[int](o, `SELECT count(*) FROM audit_event WHERE action = 'sign-in refused'`); n != 4 {
		t.Errorf("%d audit lines for 4 refusals", n)
	}
}

func TestUnknownAccountCostsAsMuchAsAWrongPassword(t *testing.T) {
	h := newHashing()
	for name, stored := range map[string]string{"unknown": "", "known": passwordHash()} {
		cost, _, _, err := decodeHash(map[bool]string{true: h.dummy, false: stored}[stored == ""])
		if err != nil || cost != argon {
			t.Errorf("%s: cost %v, %v", name, cost, err)
		}
		if ok, _, err := h.matches(store.AsSystem(t.Context()), stored, "wrong"); ok || err != nil {
			t.Errorf("%s: %v, %v", name, ok, err)
		}
	}
}

func TestSessionCookieAndItsTrace(t *testing.T) {
	o := newOffice(t)
	b := o.browser()
	b.cookies[sessionCookie] = "planted-before-the-sign-in"
	w := b.post("/fr/login", url.Values{"email": {" Director@Jalon.Example "}, "password": {password}})
	wantCode(t, "sign-in", w, http.StatusSeeOther)
	for _, c := range w.Result().Cookies() {
		if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
			t.Errorf("cookie %v", c)
		}
	}
	token := b.cookies[sessionCookie]
	if token == "planted-before-the-sign-in" || len(token) < 43 {
		t.Fatalf("token %q is not new", token)
	}
	if n := value[int](o, `SELECT count(*) FROM sessions WHERE token = $1 OR position(convert_to($1, 'UTF8') IN data) > 0`, token); n != 0 {
		t.Error("the database has the token as the browser has it")
	}
	first := token
	wantCode(t, "again", b.post("/fr/login", url.Values{"email": {"director@jalon.example"}, "password": {password}}), http.StatusSeeOther)
	if b.cookies[sessionCookie] == first {
		t.Error("the token is the same after another sign-in")
	}
	old := o.browser()
	old.cookies[sessionCookie] = first
	wantCode(t, "the token before", old.get("/nl/due"), http.StatusSeeOther)
	if n := value[int](o, `SELECT count(*) FROM audit_event WHERE action = 'sign in' AND actor_id = $1`, o.id["director"]); n != 2 {
		t.Errorf("%d audit lines for 2 sign-ins", n)
	}
	if value[*time.Time](o, `SELECT last_sign_in_at FROM person WHERE id = $1`, o.id["director"]) == nil {
		t.Error("the sign-in is not in the list of people")
	}
}

func TestSignOutEndsTheSession(t *testing.T) {
	o := newOffice(t)
	b := o.as("director")
	token := b.cookies[sessionCookie]
	wantCode(t, "GET", b.get("/nl/logout"), http.StatusMethodNotAllowed)
	w := b.post("/nl/logout", nil)
	wantCode(t, "sign-out", w, http.StatusSeeOther)
	if w.Header().Get("Clear-Site-Data") == "" || b.cookies[sessionCookie] != "" {
		t.Error("the browser keeps something")
	}
	if page := b.get("/nl/login").Body.String(); !strings.Contains(page, "U bent afgemeld") {
		t.Error("the next page does not say so")
	}
	if page := b.get("/nl/login").Body.String(); strings.Contains(page, "U bent afgemeld") {
		t.Error("it is said twice")
	}
	b.cookies[sessionCookie] = token
	wantCode(t, "the old cookie", b.get("/nl/due"), http.StatusSeeOther)
	wantCode(t, "a cookie of 8 kB", func() *httptest.ResponseRecorder {
		b.cookies[sessionCookie] = strings.Repeat("x", 8000)
		return b.get("/nl/due")
	}(), http.StatusSeeOther)
}

func TestSessionEndsByTimeAndByTheAccount(t *testing.T) {
	in := func(o *office) *browser { return o.as("committee") }
	works := func(b *browser) bool { return b.get("/nl/mandates").Code == http.StatusOK }
	for name, c := range map[string]struct {
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
			if err := o.Store.SetDisabled(store.AsSystem(context.Background()), store.Submission{Action: "x"}, o.id["committee"], true, noon, ""); err != nil {
				o.t.Fatal(err)
			}
		}, false},
		"disabled and enabled": {func(o *office, _ *browser) {
			for _, d := range []bool{true, false} {
				if err := o.Store.SetDisabled(store.AsSystem(context.Background()), store.Submission{Action: "x"}, o.id["committee"], d, noon, ""); err != nil {
					o.t.Fatal(err)
				}
			}
		}, false},
		"another password": {func(o *office, _ *browser) {
			if _, _, err := o.Store.SetPassword(store.AsSystem(context.Background()), store.Submission{Action: "x"}, o.id["committee"], "-", false, ""); err != nil {
				o.t.Fatal(err)
			}
		}, false},
		"role ended": {func(o *office, _ *browser) { o.sql(`UPDATE role_grant SET ends_on = '2026-11-23'`) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			b := in(o)
			c.do(o, b)
			if got := works(b); got != c.want {
				t.Errorf("the session works: %v, want %v", got, c.want)
			}
		})
	}
}

func TestManyWrongPasswordsSlowDownOnlyWhoTriesThem(t *testing.T) {
	o := newOffice(t)
	try := func(b *browser, name, word string) *httptest.ResponseRecorder {
		return b.post("/nl/login", url.Values{"email": {name + "@jalon.example"}, "password": {word}})
	}
	attacker, honest := o.browser(), o.browser()
	honest.address = "198.51.100.1"
	wantCode(t, "a first sign-in", try(honest, "director", password), http.StatusSeeOther)
	for i := range 20 {
		w := try(attacker, "director", "fout wachtwoord")
		want := http.StatusUnprocessableEntity
		if i >= 5 {
			want = http.StatusTooManyRequests
		}
		wantCode(t, "wrong", w, want)
		if i >= 5 && w.Header().Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
	}
	wantCode(t, "from elsewhere", try(honest, "director", password), http.StatusSeeOther)
	wantCode(t, "another account of the same office", try(attacker, "committee", password), http.StatusSeeOther)
	wantCode(t, "too early", try(attacker, "director", password), http.StatusTooManyRequests)
	o.pass(31 * time.Second)
	wantCode(t, "after the delay", try(attacker, "director", password), http.StatusSeeOther)
}

func TestReturnAddressStaysOnOurPages(t *testing.T) {
	o := newOffice(t)
	for raw, want := range map[string]string{
		"/nl/due": "/nl/due", "/fr/mandates/ACTIRIS-A4?asof=2025-03-31": "/fr/mandates/ACTIRIS-A4?asof=2025-03-31",
		"/nl/overview?x=a b": "/nl/overview?x=a+b", "//evil.example": "", `/\evil.example`: "", `/\/evil.example`: "", "/\t/evil.example": "", `\\evil.example`: "",
		"/%2f evil.example": "", "/%09/evil.example": "", "https:evil.example": "", "https://evil.example/nl/due": "", "//evil.example/nl/due": "",
		"/nl//evil.example": "", "/nl/%2fevil": "", "/nl/%64ue": "/nl/due", "/nl/none": "", "/nl/login": "", "/nl/logout": "", "/nl": "", "nl/due": "", "": "", "javascript:alert(1)": "",
		"/static/jalon.css": "", "/healthz": "", "/nl/due#x": "", "/nl/due?a=%zz": "", "/nl/" + strings.Repeat("a", 5000): "", "/nl/due?x=%0d%0aSet-Cookie:a": "/nl/due?x=%0D%0ASet-Cookie%3Aa",
	} {
		if got := o.safeReturn(raw); got != want {
			t.Errorf("safeReturn(%q) = %q, want %q", raw, got, want)
		}
		b := o.browser()
		w := b.post("/nl/login", url.Values{"email": {"committee@jalon.example"}, "password": {password}, "return": {raw}})
		if want == "" {
			want = "/nl"
		}
		if got := w.Header().Get("Location"); got != want {
			t.Errorf("signed in with return %q: sent to %q, want %q", raw, got, want)
		}
	}
	w := o.browser().get("/nl/mandates?asof=2025-03-31")
	if got := w.Header().Get("Location"); got != "/nl/login?return=%2Fnl%2Fmandates%3Fasof%3D2025-03-31" {
		t.Errorf("sent to %q", got)
	}
}

func TestFormAfterTheEndOfTheSessionIsKept(t *testing.T) {
	o := newOffice(t)
	b := o.as("admin")
	o.pass(time.Hour)
	form := url.Values{"name": {"Élise \"<b>\" & Co"}, "email": {"elise@jalon.example"}, "lang": {"fr"}, "idempotency_key": {newKey()}}
	w := b.post("/nl/admin/people", form)
	wantCode(t, "late form", w, http.StatusForbidden)
	page := w.Body.String()
	kept := between(page, `name="kept" value="`, `"`)
	if kept == "" || between(page, `name="kept_to" value="`, `"`) != "/nl/admin/people" {
		t.Fatal("the sign-in page does not carry the form along")
	}
	w = b.post("/nl/login", url.Values{"email": {"admin@jalon.example"}, "password": {password}, "kept": {form.Encode()}, "kept_to": {"/nl/admin/people"}})
	wantCode(t, "sign-in with a kept form", w, http.StatusOK)
	for _, want := range []string{`action="/nl/admin/people"`, `value="Élise &#34;&lt;b&gt;&#34; &amp; Co"`, `name="lang" value="fr"`} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("the kept form lacks %s", want)
		}
	}
	wantCode(t, "sent again", b.post("/nl/admin/people", form), http.StatusCreated)
	w = b.post("/nl/login", url.Values{"email": {"admin@jalon.example"}, "password": {password}, "kept": {form.Encode()}, "kept_to": {"//evil.example/"}})
	wantCode(t, "kept for another site", w, http.StatusSeeOther)
	w = o.browser().post("/nl/admin/people", form)
	if got := w.Header().Get("Location"); w.Code != http.StatusSeeOther || !strings.HasPrefix(got, "/nl/login") {
		t.Errorf("without any session: %d to %q", w.Code, got)
	}
}

func between(s, start, end string) string {
	_, rest, found := strings.Cut(s, start)
	if !found {
		return ""
	}
	inner, _, _ := strings.Cut(rest, end)
	return inner
}

func TestFirstPageIsInTheLanguageOfThePerson(t *testing.T) {
	o := newOffice(t)
	o.sql(`UPDATE person SET lang = 'fr' WHERE email = 'committee@jalon.example'`)
	root := func(b *browser, accept string) string {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Accept-Language", accept)
		return b.send(r).Header().Get("Location")
	}
	for accept, want := range map[string]string{
		"": "/nl", "fr": "/fr", "fr-BE,fr;q=0.9,nl;q=0.8": "/fr", "nl-BE,nl;q=0.9,fr;q=0.8": "/nl", "en,fr;q=0.5": "/fr", "de": "/nl", "xx,*;q=0": "/nl", strings.Repeat("fr,", 4000): "/fr", "é": "/nl",
	} {
		if got := root(o.browser(), accept); got != want {
			t.Errorf("Accept-Language %.20q: %q, want %q", accept, got, want)
		}
	}
	b := o.browser()
	b.get("/fr/privacy")
	if got := root(b, "nl"); got != "/fr" {
		t.Errorf("after a French page: %q", got)
	}
	if got := root(o.as("committee"), "nl"); got != "/fr" {
		t.Errorf("of an account in French: %q", got)
	}
}

func TestDemoAccountsShowInDemonstrationsOnly(t *testing.T) {
	account := web.DemoAccount{Name: "Demo Dirk", Email: "director@jalon.example", Password: password, Who: "role.holder"}
	for _, demo := range []bool{true, false} {
		o := newOffice(t, func(o *Options) { o.Demo, o.DemoAccounts = demo, []web.DemoAccount{account} })
		page := o.browser().get("/fr/login").Body.String()
		if got := strings.Contains(page, "Demo Dirk"); got != demo {
			t.Errorf("demo %v: accounts shown %v", demo, got)
		}
		if demo && !strings.Contains(page, "Mandataire") {
			t.Error("who they are is not said in French")
		}
	}
}

func TestGivenPasswordIsReplacedBeforeAnythingElse(t *testing.T) {
	o := newOffice(t)
	o.sql(`UPDATE person SET must_change_password = true WHERE email = 'committee@jalon.example'`)
	b, elsewhere := o.as("committee"), o.as("committee")
	for _, path := range []string{"/nl", "/nl/mandates", "/nl/overview"} {
		if w := b.get(path); w.Header().Get("Location") != "/nl/password" {
			t.Errorf("%s: %d to %q", path, w.Code, w.Header().Get("Location"))
		}
	}
	page := b.get("/nl/password")
	wantCode(t, "page", page, http.StatusOK)
	if strings.Contains(page.Body.String(), `href="/nl/overview"`) {
		t.Error("the menu is there already")
	}
	key := between(page.Body.String(), `name="idempotency_key" value="`, `"`)
	change := func(old, word, again string) *httptest.ResponseRecorder {
		return b.post("/nl/password", url.Values{"old": {old}, "new": {word}, "again": {again}, "idempotency_key": {key}})
	}
	const next = "regenboog-fietsbel-atlas"
	for what, c := range map[string][3]string{
		"wrong old": {"fout fout fout", next, next}, "short": {password, "kort", "kort"}, "common": {password, "welkom01welkom01", "welkom01welkom01"},
		"own name": {password, "committee2026", "committee2026"}, "same": {password, password, password}, "differs": {password, next, next + "x"}, "missing": {password, "", ""},
	} {
		wantCode(t, what, change(c[0], c[1], c[2]), http.StatusUnprocessableEntity)
		o.pass(time.Minute)
	}
	before := b.cookies[sessionCookie]
	wantCode(t, "good", change(password, next, next), http.StatusSeeOther)
	if b.cookies[sessionCookie] == before {
		t.Error("the session has the same token after the change")
	}
	wantCode(t, "afterwards", b.get("/nl/mandates"), http.StatusOK)
	wantCode(t, "the other session", elsewhere.get("/nl/mandates"), http.StatusSeeOther)
	wantCode(t, "the old password", o.browser().post("/nl/login", url.Values{"email": {"committee@jalon.example"}, "password": {password}}), http.StatusUnprocessableEntity)
	if n := value[int](o, `SELECT count(*) FROM audit_event WHERE action = 'change own password'`); n != 1 {
		t.Errorf("%d audit lines", n)
	}
}

func TestLongAndBrokenPasswords(t *testing.T) {
	o := newOffice(t)
	for name, word := range map[string]string{"10,000 characters": strings.Repeat("a", 10_000), "a NUL": "wachtwoord\x00lang", "none": ""} {
		w := o.browser().post("/nl/login", url.Values{"email": {"director@jalon.example"}, "password": {word}})
		wantCode(t, name, w, http.StatusUnprocessableEntity)
		if word != "" && bytes.Contains(w.Body.Bytes(), []byte(word)) {
			t.Errorf("%s: shown again", name)
		}
	}
}
