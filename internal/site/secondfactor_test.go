package site

import (
	"encoding/base32"
	"errors"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"jalon/internal/access"
	"jalon/internal/onetime"
	"jalon/internal/secret"
	"jalon/internal/store"
)

// keyOf finds the key of the form on a page.
func keyOf(w *httptest.ResponseRecorder) string {
	return between(w.Body.String(), `name="idempotency_key" value="`, `"`)
}

// enrol sets the second factor up for whoever has signed in, as the pages lead them.
func (b *browser) enrol() (key onetime.Secret, recovery []string) {
	b.t.Helper()
	page := b.get("/nl/account/second-factor")
	wantCode(b.t, "second factor", page, http.StatusOK)
	wantCode(b.t, "begin", b.post("/nl/account/second-factor", url.Values{"password": {password}, "idempotency_key": {keyOf(page)}}), http.StatusSeeOther)
	page = b.get("/nl/account/second-factor")
	typed := strings.ReplaceAll(between(page.Body.String(), `<code class="secret">`, `<`), " ", "")
	raw, err := base32.StdEncoding.DecodeString(typed)
	if err != nil {
		b.t.Fatalf("secret %q: %v", typed, err)
	}
	if key, err = onetime.ParseSecret(raw); err != nil {
		b.t.Fatal(err)
	}
	w := b.post("/nl/account/second-factor/confirm", url.Values{"code": {b.code(key)}, "idempotency_key": {keyOf(page)}})
	wantCode(b.t, "confirm", w, http.StatusOK)
	_, rest, _ := strings.Cut(w.Body.String(), `<ol class="recovery">`)
	for _, item := range strings.Split(rest, "<li>")[1:] {
		recovery = append(recovery, between(item, "<code>", "</code>"))
	}
	if len(recovery) != onetime.RecoveryCodes {
		b.t.Fatalf("recovery codes %v", recovery)
	}
	b.pass(time.Minute) // that code has served
	return key, recovery
}

func (b *browser) code(key onetime.Secret) string { return key.Code(onetime.Step(b.clock())) }

// givePassword is the first step of signing in.
func (b *browser) givePassword(name string, more url.Values) *httptest.ResponseRecorder {
	b.t.Helper()
	form := url.Values{"email": {name + "@jalon.example"}, "password": {password}}
	for field, value := range more {
		form[field] = value
	}
	return b.post("/nl/login", form)
}

func (b *browser) giveCode(code string) *httptest.ResponseRecorder {
	return b.post("/nl/login/code", url.Values{"code": {code}})
}

func TestPasswordAloneOpensNothingBesideASecondFactor(t *testing.T) {
	o := newOffice(t)
	key, recovery := o.as("committee").enrol()
	b := o.browser()
	w := b.givePassword("committee", url.Values{"return": {"/nl/mandates"}})
	if got := w.Header().Get("Location"); w.Code != http.StatusSeeOther || got != "/nl/login/code?return=%2Fnl%2Fmandates" {
		t.Fatalf("after the password: %d to %q", w.Code, got)
	}
	for _, path := range []string{"/nl/mandates", "/nl/account", "/nl/account/second-factor", "/nl/password"} {
		if got := b.get(path).Header().Get("Location"); !strings.HasPrefix(got, "/nl/login") {
			t.Errorf("%s between the steps: sent to %q", path, got)
		}
	}
	pending := b.cookies[sessionCookie]
	page := b.get("/nl/login/code?return=%2Fnl%2Fmandates").Body.String()
	if !strings.Contains(page, `name="return" value="/nl/mandates"`) || !strings.Contains(page, `autocomplete="one-time-code"`) {
		t.Error("the page of the code does not bring back, or does not say what it asks")
	}
	for name, code := range map[string]string{"wrong": "000000", "of five minutes ago": key.Code(onetime.Step(o.clock()) - 10), "letters": "abcdef", "none": ""} {
		if name == "wrong" && b.code(key) == code {
			continue
		}
		wantCode(t, name, b.giveCode(code), http.StatusUnprocessableEntity)
		o.pass(31 * time.Second)
	}
	w = b.post("/nl/login/code", url.Values{"code": {" " + b.code(key)[:3] + " " + b.code(key)[3:]}, "return": {"/nl/mandates"}})
	if got := w.Header().Get("Location"); w.Code != http.StatusSeeOther || got != "/nl/mandates" {
		t.Fatalf("after the code: %d to %q", w.Code, got)
	}
	wantCode(t, "signed in", b.get("/nl/mandates"), http.StatusOK)
	if b.cookies[sessionCookie] == pending {
		t.Error("the token is that of before the code")
	}
	again := o.browser()
	again.givePassword("committee", nil)
	wantCode(t, "the same code again", again.giveCode(b.code(key)), http.StatusUnprocessableEntity)
	wantCode(t, "a recovery code", again.giveCode(strings.ToUpper(recovery[3])), http.StatusSeeOther)
	if page := again.get("/nl/mandates").Body.String(); !strings.Contains(page, "Resterende herstelcodes: 9") {
		t.Error("the next page does not tell how many recovery codes are left")
	}
	third := o.browser()
	third.givePassword("committee", nil)
	wantCode(t, "the same recovery code again", third.giveCode(recovery[3]), http.StatusUnprocessableEntity)
	for action, want := range map[string]int{"second factor used": 1, "recovery code used": 1, "switch second factor on": 1, "begin second factor": 1} {
		if n := value[int](o, `SELECT count(*) FROM audit_event WHERE action = $1 AND actor_id = $2`, action, o.id["committee"]); n != want {
			t.Errorf("%d audit lines %q, want %d", n, action, want)
		}
	}
	if n := value[int](o, `SELECT count(*) FROM audit_event WHERE action = 'second factor refused' AND (detail->>'person')::bigint = $1`, o.id["committee"]); n < 4 {
		t.Errorf("%d refusals in the audit trail", n)
	}
}

// A clock that is set right meanwhile keeps nobody from a second step.
func TestSecondFactorIsConfirmedAlsoWhenTheClockWentBack(t *testing.T) {
	o := newOffice(t)
	b := o.as("director")
	path := "/nl/account/second-factor"
	wantCode(t, "begin", b.post(path, url.Values{"password": {password}, "idempotency_key": {keyOf(b.get(path))}}), http.StatusSeeOther)
	page := b.get(path)
	raw, err := base32.StdEncoding.DecodeString(strings.ReplaceAll(between(page.Body.String(), `<code class="secret">`, `<`), " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	key, err := onetime.ParseSecret(raw)
	if err != nil {
		t.Fatal(err)
	}
	o.pass(-time.Minute)
	wantCode(t, "confirm", b.post(path+"/confirm", url.Values{"code": {b.code(key)}, "idempotency_key": {keyOf(page)}}), http.StatusOK)
}

func TestFormIsKeptThroughTheSecondStep(t *testing.T) {
	o := newOffice(t)
	b := o.as("admin")
	key, _ := b.enrol()
	o.pass(time.Hour)
	form := url.Values{"name": {"Élise \"<b>\" & Co"}, "email": {"elise@jalon.example"}, "lang": {"fr"}, "idempotency_key": {newKey()}}
	page := b.post("/nl/admin/people", form).Body.String()
	carried := func(page string) url.Values {
		return url.Values{"kept": {html.UnescapeString(between(page, `name="kept" value="`, `"`))}, "kept_to": {between(page, `name="kept_to" value="`, `"`)}}
	}
	w := b.givePassword("admin", carried(page))
	wantCode(t, "after the password", w, http.StatusOK)
	kept := carried(w.Body.String())
	kept.Set("code", "000000")
	if b.code(key) == "000000" {
		kept.Set("code", "111111")
	}
	w = b.post("/nl/login/code", kept)
	wantCode(t, "a wrong code", w, http.StatusUnprocessableEntity)
	kept = carried(w.Body.String())
	kept.Set("code", b.code(key))
	w = b.post("/nl/login/code", kept)
	wantCode(t, "after the code", w, http.StatusOK)
	for _, want := range []string{`action="/nl/admin/people"`, `value="Élise &#34;&lt;b&gt;&#34; &amp; Co"`, `name="lang" value="fr"`} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("the kept form lacks %s", want)
		}
	}
	wantCode(t, "sent again", b.post("/nl/admin/people", form), http.StatusCreated)

	late := o.browser()
	kept.Del("code")
	w = late.givePassword("admin", kept)
	o.pass(pendingMost + time.Second)
	kept = carried(w.Body.String())
	kept.Set("code", late.code(key))
	w = late.post("/nl/login/code", kept)
	wantCode(t, "a code that took too long", w, http.StatusForbidden)
	if again := carried(w.Body.String()); again.Get("kept") != form.Encode() || !strings.Contains(w.Body.String(), "langer dan tien minuten") {
		t.Error("what was typed is lost, or it is not said why")
	}
}

func TestStepBetweenPasswordAndCodeEndsWithTheAccount(t *testing.T) {
	for name, do := range map[string]func(o *office, id int64) error{
		"disabled": func(o *office, id int64) error {
			return o.Store.SetDisabled(store.AsSystem(o.t.Context()), store.Submission{Action: "x"}, id, true, noon, "")
		},
		"another password": func(o *office, id int64) error {
			_, _, err := o.Store.SetPassword(store.AsSystem(o.t.Context()), store.Submission{Action: "x"}, id, "-", false, "")
			return err
		},
		"time": func(o *office, _ int64) error { o.pass(pendingMost); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			key, _ := o.as("committee").enrol()
			b := o.browser()
			b.givePassword("committee", nil)
			if err := do(o, o.id["committee"]); err != nil {
				t.Fatal(err)
			}
			wantCode(t, "the code", b.giveCode(b.code(key)), http.StatusForbidden)
			wantCode(t, "a page", b.get("/nl/mandates"), http.StatusSeeOther)
		})
	}
}

func TestManyWrongCodesSlowDownOnlyWhoTriesThem(t *testing.T) {
	o := newOffice(t)
	honest := o.as("director")
	honest.address = "198.51.100.1"
	key, _ := honest.enrol()
	honest.givePassword("director", nil)
	wantCode(t, "a first sign-in", honest.giveCode(honest.code(key)), http.StatusSeeOther)
	o.pass(time.Minute)
	attacker := o.browser()
	attacker.givePassword("director", nil)
	wrong := "000000"
	if attacker.code(key) == wrong {
		wrong = "111111"
	}
	slowed := 0
	for range 200 { // a day of trying: whatever the pace, an address, then the account is slowed down
		if attacker.giveCode(wrong).Code == http.StatusTooManyRequests {
			slowed++
		}
		attacker.address = "192.0.2." + strconv.Itoa(1+slowed%200)
	}
	if slowed < 150 {
		t.Errorf("%d of 200 attempts are slowed down", slowed)
	}
	honest.givePassword("director", nil)
	wantCode(t, "from where they signed in before", honest.giveCode(honest.code(key)), http.StatusSeeOther)
}

func TestRoleThatAsksForASecondFactorLeadsToIt(t *testing.T) {
	o := newOffice(t, func(o *Options) { o.SecondFactor = []access.Role{access.Administrator, access.Delegate} })
	wantCode(t, "a role that does not ask", o.as("committee").get("/nl/mandates"), http.StatusOK)
	for name, path := range map[string]string{"admin": "/nl/admin/people", "delegate": "/nl/due"} {
		b := o.as(name)
		for _, p := range []string{"/nl", path, "/nl/account", "/nl/preferences"} {
			if got := b.get(p).Header().Get("Location"); got != "/nl/account/second-factor" {
				t.Errorf("%s, %s: sent to %q", name, p, got)
			}
		}
		wantCode(t, "a write", b.post("/nl/admin/people/grant", url.Values{"person": {"1"}, "idempotency_key": {newKey()}}), http.StatusSeeOther)
		page := b.get("/nl/account/second-factor").Body.String()
		if !strings.Contains(page, "Uw rol vraagt om") || strings.Contains(page, `href="`+path+`"`) {
			t.Errorf("%s: it is not said why, or the menu is there already", name)
		}
		b.enrol()
		wantCode(t, "afterwards", b.get(path), http.StatusOK)
	}
}

func TestChangesOfTheSecondFactorAskForPasswordAndCode(t *testing.T) {
	o := newOffice(t)
	b, elsewhere := o.as("committee"), o.as("committee")
	page := b.get("/nl/account/second-factor")
	wantCode(t, "a wrong password", b.post("/nl/account/second-factor", url.Values{"password": {"fout fout fout"}, "idempotency_key": {keyOf(page)}}), http.StatusUnprocessableEntity)
	key, first := b.enrol()
	wantCode(t, "another session ended", elsewhere.get("/nl/mandates"), http.StatusSeeOther)
	wantCode(t, "this one goes on", b.get("/nl/mandates"), http.StatusOK)
	wantCode(t, "a second one beside it", b.post("/nl/account/second-factor", url.Values{"password": {password}, "idempotency_key": {newKey()}}), http.StatusConflict)
	change := func(do, word, code string) *httptest.ResponseRecorder {
		o.pass(time.Minute)
		return b.post("/nl/account/second-factor/change", url.Values{"password": {word}, "code": {code}, "do": {do}, "idempotency_key": {newKey()}})
	}
	for _, do := range []string{"codes", "remove"} {
		wantCode(t, do+" without the password", change(do, "fout fout fout", b.code(key)), http.StatusUnprocessableEntity)
		wantCode(t, do+" without a code", change(do, password, "123"), http.StatusUnprocessableEntity)
	}
	wantCode(t, "neither", change("both", password, "123456"), http.StatusUnprocessableEntity)
	o.pass(time.Minute)
	form := url.Values{"password": {password}, "code": {b.code(key)}, "do": {"codes"}, "idempotency_key": {newKey()}}
	w := b.post("/nl/account/second-factor/change", form)
	wantCode(t, "new codes", w, http.StatusOK)
	fresh := between(w.Body.String(), "<li><code>", "</code>")
	wantCode(t, "the same form again", b.post("/nl/account/second-factor/change", form), http.StatusSeeOther)
	if page := b.get("/nl/account/second-factor").Body.String(); strings.Contains(page, fresh) || !strings.Contains(page, "was al verwerkt") {
		t.Error("codes are shown twice, or it is not said why not")
	}
	stranger := o.browser()
	stranger.givePassword("committee", nil)
	wantCode(t, "a recovery code of before", stranger.giveCode(first[0]), http.StatusUnprocessableEntity)
	wantCode(t, "off, with a recovery code", change("remove", password, fresh), http.StatusSeeOther)
	wantCode(t, "this session goes on", b.get("/nl/account"), http.StatusOK)
	if w := o.browser().givePassword("committee", nil); w.Header().Get("Location") != "/nl" {
		t.Errorf("a code is still asked: %q", w.Header().Get("Location"))
	}
	if n := value[int](o, `SELECT count(*) FROM second_factor`) + value[int](o, `SELECT count(*) FROM recovery_code`); n != 0 {
		t.Errorf("%d rows are left", n)
	}
}

func TestAdministratorTakesALostSecondFactorAway(t *testing.T) {
	o := newOffice(t)
	b := o.as("committee")
	b.enrol()
	admin := o.as("admin")
	path := "/nl/admin/people/" + strconv.FormatInt(o.id["committee"], 10) + "/remove-factor"
	if page := admin.get("/nl/admin/people").Body.String(); !strings.Contains(page, path) || strings.Count(page, "remove-factor") != 1 {
		t.Error("the list does not show who has a second factor")
	}
	press := func(path string) *httptest.ResponseRecorder {
		return admin.post(path, url.Values{"idempotency_key": {newKey()}})
	}
	wantCode(t, "away", press(path), http.StatusSeeOther)
	wantCode(t, "none is left", press(path), http.StatusNotFound)
	wantCode(t, "of oneself", press("/nl/admin/people/"+strconv.FormatInt(o.id["admin"], 10)+"/remove-factor"), http.StatusConflict)
	wantCode(t, "the session of the person", b.get("/nl/mandates"), http.StatusSeeOther)
	if n := value[int](o, `SELECT count(*) FROM audit_event WHERE action = 'remove second factor' AND actor_id = $1 AND object = $2`, o.id["admin"], "person/"+strconv.FormatInt(o.id["committee"], 10)); n != 1 {
		t.Errorf("%d audit lines", n)
	}
}

func TestSecretsComeUnderTheNewestKey(t *testing.T) {
	o := newOffice(t)
	old := o.Secrets
	key, _ := o.as("committee").enrol()
	if n := value[int](o, `SELECT count(*) FROM second_factor WHERE position($1::bytea IN secret) > 0`, key[:]); n != 0 {
		t.Error("the database has the secret as it is")
	}
	o.Secrets = secret.NewKeyring()
	if n, err := o.RenewSecrets(store.AsSystem(t.Context())); n != 0 || !errors.Is(err, secret.ErrUnknownKey) {
		t.Errorf("without the old key: %d, %v", n, err)
	}
	o.Secrets = old.With(secret.NewKeyring())
	if n, err := o.RenewSecrets(store.AsSystem(t.Context())); n != 1 || err != nil {
		t.Fatalf("renewed %d, %v", n, err)
	}
	if id := value[string](o, `SELECT key_id FROM second_factor`); id != o.Secrets.KeyID() || id == old.KeyID() {
		t.Errorf("under key %s", id)
	}
	b := o.browser()
	b.givePassword("committee", nil)
	wantCode(t, "the code", b.giveCode(b.code(key)), http.StatusSeeOther)
	if n, err := o.RenewSecrets(store.AsSystem(t.Context())); n != 0 || err != nil {
		t.Errorf("again: %d, %v", n, err)
	}
}
