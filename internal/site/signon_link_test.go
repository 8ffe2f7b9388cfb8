package site

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"jalon/internal/calendar"
	"jalon/internal/sso"
	"jalon/internal/testing/idp"
)

func TestPersonLinksTheirOwnAccount(t *testing.T) {
	o, p := withSignOn(t, nil)
	b := o.as("committee")
	atProvider(p, "committee")
	if page := b.get("/nl/preferences").Body.String(); !strings.Contains(page, `href="/nl/preferences/sign-on"`) {
		t.Error("preferences do not lead there")
	}
	wantCode(t, "without signing in", o.browser().get("/nl/preferences/sign-on"), http.StatusSeeOther)
	wantCode(t, "page", b.get("/nl/preferences/sign-on"), http.StatusOK)
	wantCode(t, "a wrong password", b.link("niet dit wachtwoord"), http.StatusUnprocessableEntity)
	wantCode(t, "no password", b.link(""), http.StatusUnprocessableEntity)
	if n := value[int](o, `SELECT count(*) FROM person_identity`); n != 0 {
		t.Fatal("linked without a password")
	}
	w := b.link(password)
	wantCode(t, "password", w, http.StatusSeeOther)
	if !strings.Contains(w.Header().Get("Location"), "prompt=login") {
		t.Error("the provider is not told to ask who it is")
	}
	w = b.get(b.follow(w.Header().Get("Location")))
	if got := w.Header().Get("Location"); w.Code != http.StatusSeeOther || got != "/nl/preferences/sign-on" {
		t.Fatalf("%d to %q", w.Code, got)
	}
	if page := b.get("/nl/preferences/sign-on").Body.String(); !strings.Contains(page, "sub-committee") || !strings.Contains(page, "is gekoppeld") {
		t.Error("the page does not show the link")
	}
	if n := value[int](o, `SELECT count(*) FROM audit_event WHERE action = 'link identity' AND actor_id = $1`, o.id["committee"]); n != 1 {
		t.Errorf("%d audit lines", n)
	}
	wantCode(t, "their session", o.through(p, "committee").get("/nl/mandates"), http.StatusOK)
}

// Each way is right but for one thing; nobody is linked.
func TestLinksThatAreNotMade(t *testing.T) {
	o, p := withSignOn(t, nil, "hr")
	for _, c := range []struct {
		name   string
		do     func(b *browser, callback string) *httptest.ResponseRecorder
		status int
	}{
		{"the session has ended", func(b *browser, callback string) *httptest.ResponseRecorder {
			delete(b.cookies, sessionCookie)
			return b.get(callback)
		}, 400},
		{"the session is another person's", func(b *browser, callback string) *httptest.ResponseRecorder {
			b.cookies[sessionCookie] = o.as("evaluator").cookies[sessionCookie]
			return b.get(callback)
		}, 400},
		{"the password was given for another sign-in", func(b *browser, callback string) *httptest.ResponseRecorder {
			kept := b.cookies[signOnCookie]
			b.link(password)
			b.cookies[signOnCookie] = kept
			return b.get(callback)
		}, 400},
		{"somebody else is at the provider", func(b *browser, _ string) *httptest.ResponseRecorder {
			atProvider(p, "hr") // who is linked already
			return b.get(b.follow(b.link(password).Header().Get("Location")))
		}, 409},
	} {
		o.pass(time.Hour)
		b := o.as("committee")
		atProvider(p, "committee")
		w := c.do(b, b.follow(b.link(password).Header().Get("Location")))
		wantCode(t, c.name, w, c.status)
		if n := value[int](o, `SELECT count(*) FROM person_identity WHERE person_id <> $1`, o.id["hr"]); n != 0 {
			t.Errorf("%s: linked", c.name)
		}
	}
	// who changes the cookie of a sign-in of their own cannot make a link of it
	b := o.as("committee")
	atProvider(p, "committee")
	callback := b.toProvider("/nl/sso")
	r := httptest.NewRequest(http.MethodGet, callback, nil)
	r.AddCookie(&http.Cookie{Name: signOnCookie, Value: b.cookies[signOnCookie]})
	u, _ := (&visit{Request: r}).underway()
	u.Link = true
	w := httptest.NewRecorder()
	if err := o.toProvider(w, o.stranger(r), u); err != nil {
		t.Fatal(err)
	}
	b.cookies[signOnCookie] = w.Result().Cookies()[0].Value
	wantCode(t, "a changed cookie", b.get(callback), http.StatusBadRequest)
}

func TestPersonTakesTheirLinkAway(t *testing.T) {
	o, p := withSignOn(t, nil, "committee", "hr")
	local, through := o.as("committee"), o.through(p, "committee")
	unlink := func(b *browser, word string) *httptest.ResponseRecorder {
		return b.post("/fr/preferences/sign-on/unlink", url.Values{"password": {word}, "idempotency_key": {newKey()}})
	}
	wantCode(t, "a wrong password", unlink(local, "niet dit wachtwoord"), http.StatusUnprocessableEntity)
	wantCode(t, "password", unlink(local, password), http.StatusSeeOther)
	wantCode(t, "again", unlink(local, password), http.StatusNotFound)
	wantCode(t, "the session that began with it", through.get("/nl/mandates"), http.StatusSeeOther)
	atProvider(p, "committee")
	wantCode(t, "through the provider", o.browser().signOn("/nl/sso"), http.StatusForbidden)
	// who has no password would have no door left
	o.sql(`UPDATE person SET password_hash = NULL WHERE id = $1`, o.id["hr"])
	b := o.through(p, "hr")
	if page := b.get("/fr/preferences/sign-on").Body.String(); strings.Contains(page, "unlink\"") || !strings.Contains(page, "pas de mot de passe") {
		t.Error("the page offers what would shut them out")
	}
	wantCode(t, "without a password", unlink(b, "x"), http.StatusUnprocessableEntity)
}

func TestAdministratorLinksSomebodyElse(t *testing.T) {
	o, p := withSignOn(t, nil, "hr")
	admin := o.as("admin")
	path := func(name string) string {
		return "/nl/admin/people/" + strconv.FormatInt(o.id[name], 10) + "/sign-on"
	}
	link := func(name, subject string) *httptest.ResponseRecorder {
		return admin.post(path(name), url.Values{"subject": {subject}, "idempotency_key": {newKey()}})
	}
	if page := admin.get("/nl/admin/people").Body.String(); !strings.Contains(page, `href="`+path("committee")+`"`) || strings.Contains(page, `href="`+path("admin")+`"`) {
		t.Error("the list does not lead there, or also for the reader")
	}
	wantCode(t, "page", admin.get(path("committee")), http.StatusOK)
	wantCode(t, "nobody", admin.get("/nl/admin/people/999999/sign-on"), http.StatusNotFound)
	for name, subject := range map[string]string{"empty": "", "a space": "a b", "accents": "éléonore", "long": strings.Repeat("a", 256), "of another": "sub-hr", "direction": "a\u202eb"} {
		w := link("committee", subject)
		wantCode(t, name, w, http.StatusUnprocessableEntity)
		if !strings.Contains(w.Body.String(), `href="#subject"`) {
			t.Errorf("%s: the summary does not lead to the field", name)
		}
	}
	wantCode(t, "oneself", link("admin", "sub-admin"), http.StatusConflict)
	wantCode(t, "a second one", link("hr", "sub-another"), http.StatusUnprocessableEntity)
	wantCode(t, "good", link("committee", "sub-committee"), http.StatusSeeOther)
	b := o.through(p, "committee")
	wantCode(t, "their session", b.get("/nl/mandates"), http.StatusOK)
	page := admin.get(path("committee")).Body.String()
	if !strings.Contains(page, "sub-committee") || !strings.Contains(page, "Naam admin") {
		t.Error("the page does not show the link and who made it")
	}
	id := strconv.FormatInt(value[int64](o, `SELECT id FROM person_identity WHERE subject = 'sub-committee'`), 10)
	unlink := func(name, id string) *httptest.ResponseRecorder {
		return admin.post(path(name)+"/unlink/"+id, url.Values{"idempotency_key": {newKey()}})
	}
	wantCode(t, "as if another's", unlink("hr", id), http.StatusNotFound)
	wantCode(t, "unlink", unlink("committee", id), http.StatusSeeOther)
	wantCode(t, "again", unlink("committee", id), http.StatusNotFound)
	wantCode(t, "their session", b.get("/nl/mandates"), http.StatusSeeOther)
	for _, action := range []string{"link identity", "unlink identity"} {
		if n := value[int](o, `SELECT count(*) FROM audit_event WHERE action = $1 AND actor_id = $2 AND object = $3 AND length(detail->>'identity') = 16`,
			action, o.id["admin"], "person/"+strconv.FormatInt(o.id["committee"], 10)); n != 1 {
			t.Errorf("%s: %d audit lines", action, n)
		}
	}
	wantCode(t, "not an administrator", o.as("committee").get(path("hr")), http.StatusForbidden)
}

func roles(t *testing.T, all ...string) func(*SignOn) {
	return func(s *SignOn) {
		for _, one := range all {
			m, err := sso.ParseMapping(one)
			if err != nil {
				t.Fatal(err)
			}
			s.Roles = append(s.Roles, m)
		}
	}
}

func TestRolesFollowTheGroups(t *testing.T) {
	o, p := withSignOn(t, roles(t, "secretaries=secretary@ACTIRIS", "hr=hr_officer", "elsewhere=secretary@NERGENS"), "nobody", "committee")
	held := func(name string) string {
		return value[string](o, `SELECT COALESCE(string_agg(r.role || COALESCE('@' || i.code, '') || '/' || r.source, ' ' ORDER BY r.role, r.id), '')
			FROM role_grant r LEFT JOIN institution i ON i.id = r.institution_id
			WHERE r.person_id = $1 AND (r.ends_on IS NULL OR r.ends_on >= $2)`, o.id[name], calendar.DateOf(o.clock()))
	}
	come := func(name string, groups ...string) *browser {
		t.Helper()
		atProvider(p, name, idp.Claims{"groups": groups})
		b := o.browser()
		wantCode(t, "sign-on", b.signOn("/nl/sso"), http.StatusSeeOther)
		return b
	}
	first := come("nobody", "secretaries", "elsewhere", "unmapped")
	if got := held("nobody"); got != "secretary@ACTIRIS/sso" {
		t.Fatalf("roles %q", got)
	}
	wantCode(t, "page of the role", first.get("/nl/overview"), http.StatusOK)
	if !strings.Contains(o.log.String(), `"institution":"NERGENS"`) {
		t.Error("the log does not say that there is no such institution")
	}
	come("nobody", "secretaries", "elsewhere")
	wantCode(t, "the first session, nothing having changed", first.get("/nl/overview"), http.StatusOK)
	o.pass(24 * time.Hour)
	second := come("nobody", "secretaries")
	third := come("nobody", "hr")
	if got := held("nobody"); got != "hr_officer/sso" {
		t.Fatalf("roles %q", got)
	}
	wantCode(t, "a session of before the change", second.get("/nl/overview"), http.StatusSeeOther)
	wantCode(t, "the new one", third.get("/nl/import"), http.StatusOK)
	come("nobody")
	if got := held("nobody"); got != "" {
		t.Fatalf("roles %q", got)
	}
	// what a person gave stays, whatever the groups are
	come("committee", "secretaries")
	come("committee")
	if got := held("committee"); got != "committee_member/manual" {
		t.Errorf("roles %q", got)
	}
	for action, want := range map[string]int{"grant role": 3, "revoke role": 3} {
		if n := value[int](o, `SELECT count(*) FROM audit_event WHERE action = $1 AND 'sso' IN (detail->>'source', detail->'before'->>'source')`, action); n != want {
			t.Errorf("%s: %d audit lines, want %d", action, n, want)
		}
	}
}

func TestRoleThatAnAdministratorAlsoGaveStays(t *testing.T) {
	o, p := withSignOn(t, roles(t, "secretaries=secretary@ACTIRIS"), "nobody")
	come := func(groups ...string) {
		t.Helper()
		atProvider(p, "nobody", idp.Claims{"groups": groups})
		wantCode(t, "sign-on", o.browser().signOn("/nl/sso"), http.StatusSeeOther)
	}
	come("secretaries")
	admin := o.as("admin")
	if page := admin.get("/nl/admin/people").Body.String(); !strings.Contains(page, "Secretaris · ACTIRIS · via een groep") {
		t.Error("the list does not say where the role comes from")
	}
	wantCode(t, "grant", admin.post("/nl/admin/people/grant", url.Values{
		"person": {strconv.FormatInt(o.id["nobody"], 10)}, "grant_role": {"secretary"}, "grant_scope": {"ACTIRIS"}, "idempotency_key": {newKey()},
	}), http.StatusSeeOther)
	come()
	if got := value[string](o, `SELECT string_agg(source, ' ') FROM role_grant WHERE person_id = $1`, o.id["nobody"]); got != "manual" {
		t.Errorf("grants %q", got)
	}
}

func TestGroupsDoNotTakeTheLastAdministratorAway(t *testing.T) {
	o, p := withSignOn(t, roles(t, "admins=administrator"), "committee")
	o.sql(`UPDATE role_grant SET ends_on = '2026-11-23' WHERE role = 'administrator'`)
	atProvider(p, "committee", idp.Claims{"groups": []string{"admins"}})
	wantCode(t, "sign-on", o.browser().signOn("/nl/sso"), http.StatusSeeOther)
	atProvider(p, "committee")
	b := o.browser()
	wantCode(t, "sign-on without the group", b.signOn("/nl/sso"), http.StatusSeeOther)
	wantCode(t, "the role", b.get("/nl/admin/people"), http.StatusOK)
	if n := value[int](o, `SELECT count(*) FROM audit_event WHERE action = 'keep role'`); n != 1 || !strings.Contains(o.log.String(), "last administrator") {
		t.Errorf("%d audit lines, or nothing in the log", n)
	}
	o.sql(`INSERT INTO role_grant (person_id, role, starts_on) VALUES ($1, 'administrator', '2026-11-24')`, o.id["hr"])
	b = o.browser()
	wantCode(t, "sign-on when there is another", b.signOn("/nl/sso"), http.StatusSeeOther)
	wantCode(t, "the role", b.get("/nl/admin/people"), http.StatusForbidden)
}

func TestUnknownPeopleGetAnAccountOnlyBySetting(t *testing.T) {
	create := func(s *SignOn) {
		s.Create = true
		roles(t, "secretaries=secretary@ACTIRIS")(s)
	}
	o, p := withSignOn(t, create)
	count := func() int64 { return o.rows()["person"] }
	before := count()
	for name, claims := range map[string]idp.Claims{
		"the address of another account": {"email": "committee@jalon.example"}, "no address": {"email": ""}, "an address that is none": {"email": "an"},
		"an unverified address": {"email_verified": false}, "no name": {"name": ""}, "mixed alphabets": {"name": "Pаul"}, "direction": {"name": "a\u202eb"},
	} {
		atProvider(p, "new", claims)
		w := o.browser().signOn("/nl/sso")
		wantCode(t, name, w, http.StatusForbidden)
		if count() != before {
			t.Errorf("%s: an account was made", name)
		}
	}
	atProvider(p, "new", idp.Claims{"locale": "fr-BE", "groups": []string{"secretaries"}})
	b := o.browser()
	w := b.signOn("/nl/sso")
	if got := w.Header().Get("Location"); w.Code != http.StatusSeeOther || got != "/fr" {
		t.Fatalf("%d to %q", w.Code, got)
	}
	wantCode(t, "page of the role", b.get("/fr/overview"), http.StatusOK)
	wantCode(t, "again", o.browser().signOn("/nl/sso"), http.StatusSeeOther)
	if count() != before+1 {
		t.Errorf("%d accounts, %d before", count(), before)
	}
	wantCode(t, "with a password", o.browser().post("/nl/login", url.Values{"email": {"new@jalon.example"}, "password": {password}}), http.StatusUnprocessableEntity)
	id := value[int64](o, `SELECT id FROM person WHERE email = 'new@jalon.example' AND password_hash IS NULL AND lang = 'fr'`)
	if n := value[int](o, `SELECT count(*) FROM audit_event WHERE object = 'person/' || $1::bigint AND action IN ('create person', 'link identity', 'grant role', 'sign in')`, id); n != 5 {
		t.Errorf("%d audit lines, want 5", n)
	}
}
