package site

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"jalon/internal/onetime"
	"jalon/internal/store"
)

const otherPassword = "regenboog-fietsbel-atlas"

// link makes a link for somebody and gives its path.
func (o *office) link(name string) string {
	o.t.Helper()
	token := onetime.NewToken()
	if _, err := o.Store.MakePasswordLink(store.AsSystem(o.t.Context()), store.Submission{Action: "x"}, o.id[name], token.Hash(), o.clock(), ""); err != nil {
		o.t.Fatal(err)
	}
	return "/nl/reset/" + token.String()
}

func choose(b *browser, path, word string) *httptest.ResponseRecorder {
	return b.post(path, url.Values{"new": {word}, "again": {word}})
}

func TestLinkServesOnceAndEndsTheSessions(t *testing.T) {
	o := newOffice(t)
	signedIn, b := o.as("committee"), o.browser()
	first, second := o.link("committee"), o.link("committee")
	for range 2 { // as a mail program that looks at links would
		page := b.get(first)
		wantCode(t, "look", page, http.StatusOK)
		if page.Header().Get("Referrer-Policy") != "no-referrer" || !strings.Contains(page.Body.String(), "committee@jalon.example") {
			t.Error("the address of the page is passed on, or it does not say whose password it is")
		}
	}
	for name, words := range map[string][2]string{
		"short": {"kort", "kort"}, "common": {"welkom01welkom01", "welkom01welkom01"}, "own name": {"committee2026", "committee2026"}, "differs": {otherPassword, otherPassword + "x"}, "none": {"", ""}, "long": {strings.Repeat("ab", 65), strings.Repeat("ab", 65)},
	} {
		wantCode(t, name, b.post(first, url.Values{"new": {words[0]}, "again": {words[1]}}), http.StatusUnprocessableEntity)
	}
	wantCode(t, "nothing has changed yet", signedIn.get("/nl/mandates"), http.StatusOK)
	w := choose(b, first, otherPassword)
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/nl/login" {
		t.Fatalf("chosen: %d to %q", w.Code, w.Header().Get("Location"))
	}
	wantCode(t, "nobody is signed in by it", b.get("/nl/mandates"), http.StatusSeeOther)
	wantCode(t, "the session of before", signedIn.get("/nl/mandates"), http.StatusSeeOther)
	wantCode(t, "once more", choose(b, first, otherPassword), http.StatusGone)
	wantCode(t, "another link of before", choose(b, second, otherPassword), http.StatusGone)
	wantCode(t, "the old password", b.givePassword("committee", nil), http.StatusUnprocessableEntity)
	wantCode(t, "the new password", b.post("/nl/login", url.Values{"email": {"committee@jalon.example"}, "password": {otherPassword}}), http.StatusSeeOther)
	if n := value[int](o, `SELECT count(*) FROM audit_event WHERE action = 'use password link' AND actor_id = $1`, o.id["committee"]); n != 1 {
		t.Errorf("%d audit lines", n)
	}
}

// Who chooses another password because of a link that they did not ask for ends
// that link; so does closing the account, also when it is opened again.
func TestLinkEndsWithThePasswordOfItsTime(t *testing.T) {
	o := newOffice(t)
	member := o.as("committee")
	link := o.link("committee")
	form := url.Values{"old": {password}, "new": {otherPassword}, "again": {otherPassword}, "idempotency_key": {uuid.NewString()}}
	wantCode(t, "another password", member.post("/nl/password", form), http.StatusSeeOther)
	wantCode(t, "the link of before", o.browser().get(link), http.StatusGone)
	wantCode(t, "used", choose(o.browser(), link, otherPassword+"x"), http.StatusGone)
	link = o.link("committee")
	for _, action := range []string{"disable", "enable"} {
		path := fmt.Sprintf("/nl/admin/people/%d/%s", o.id["committee"], action)
		wantCode(t, action, o.as("admin").post(path, url.Values{"idempotency_key": {uuid.NewString()}}), http.StatusSeeOther)
	}
	wantCode(t, "after the account was closed", o.browser().get(link), http.StatusGone)
}

func TestLinkThatIsGoneTellsNothing(t *testing.T) {
	o := newOffice(t)
	b := o.browser()
	used, ended, disabled := o.link("committee"), o.link("hr"), o.link("evaluator")
	wantCode(t, "used", choose(b, used, otherPassword), http.StatusSeeOther)
	b = o.browser() // which has nothing to be told
	o.sql(`UPDATE person SET disabled_at = now() WHERE email = 'evaluator@jalon.example'`)
	o.pass(store.PasswordLinkLife)
	fresh := o.link("secretary")
	number := regexp.MustCompile(`<code>[a-z0-9]{16}</code>`)
	answer := func(w *httptest.ResponseRecorder, path string) string {
		wantCode(t, path, w, http.StatusGone)
		return number.ReplaceAllString(strings.ReplaceAll(w.Body.String(), path[len("/nl"):], ""), "")
	}
	want := answer(b.get(used), used)
	if !strings.Contains(want, "Deze link werkt niet meer") || !strings.Contains(want, "Ce lien ne fonctionne plus") {
		t.Error("it is not said in both languages")
	}
	for _, path := range []string{ended, disabled, "/nl/reset/" + onetime.NewToken().String(), "/nl/reset/x", fresh[:len(fresh)-1], fresh + "A"} {
		if answer(b.get(path), path) != want {
			t.Errorf("%s: another answer", path)
		}
		wantCode(t, path, choose(b, path, otherPassword), http.StatusGone)
	}
	wantCode(t, "one that serves", b.get(fresh), http.StatusOK)
	if err := o.RemoveEnded(store.AsSystem(t.Context())); err != nil {
		t.Fatal(err)
	}
	if n := value[int](o, `SELECT count(*) FROM password_link`); n != 1 {
		t.Errorf("%d links are kept, want the one that serves", n)
	}
	slowed := 0
	for range 30 {
		if choose(b, "/nl/reset/x", otherPassword).Code == http.StatusTooManyRequests {
			slowed++
		}
	}
	if slowed == 0 {
		t.Error("who tries many links is not slowed down")
	}
}

func TestLinkUsedTwiceAtOnceServesOnce(t *testing.T) {
	o := newOffice(t)
	path := o.link("committee")
	codes := make([]int, 4)
	var all errgroup.Group
	for i := range codes {
		all.Go(func() error {
			codes[i] = choose(o.browser(), path, otherPassword+strconv.Itoa(i)).Code
			return nil
		})
	}
	_ = all.Wait()
	won := 0
	for _, code := range codes {
		switch code {
		case http.StatusSeeOther:
			won++
		case http.StatusGone:
		default:
			t.Errorf("answered %d", code)
		}
	}
	if won != 1 {
		t.Errorf("%d of 4 chose a password: %v", won, codes)
	}
}

// postbox notes for whom mails are asked.
type postbox struct{ asked []int64 }

func (p *postbox) MailPasswordLink(_ context.Context, personID int64) error {
	p.asked = append(p.asked, personID)
	return nil
}

func TestForgottenPasswordTellsNothingOfAccounts(t *testing.T) {
	post := &postbox{}
	o := newOffice(t, func(o *Options) { o.Links, o.Mail = post, true })
	type seen struct {
		code, statements int
		location, cookie string
	}
	ask := func(email string) seen {
		b := o.browser()
		b.address = "192.0.2." + strconv.Itoa(20+len(post.asked))
		o.count.taken()
		w := b.post("/fr/forgot", url.Values{"email": {email}})
		return seen{w.Code, len(o.count.taken()), w.Header().Get("Location"), b.cookies[noticeCookie]}
	}
	known := ask(" Committee@Jalon.Example ")
	if known.code != http.StatusSeeOther || known.location != "/fr/login" || known.cookie == "" {
		t.Fatalf("%+v", known)
	}
	if unknown := ask("niemand@jalon.example"); unknown != known {
		t.Errorf("unknown %+v, known %+v", unknown, known)
	}
	for range 4 {
		if again := ask("committee@jalon.example"); again != known {
			t.Errorf("asked again %+v, at first %+v", again, known)
		}
	}
	want := []int64{o.id["committee"], 0, o.id["committee"], o.id["committee"], 0, 0}
	for i, id := range want {
		if i >= len(post.asked) || post.asked[i] != id {
			t.Fatalf("mails for %v, want %v", post.asked, want)
		}
	}
	if n := value[int](o, `SELECT count(*) FROM audit_event WHERE action = 'ask password link'`); n != len(want) {
		t.Errorf("%d audit lines", n)
	}
	one, slowed := o.browser(), 0
	for i := range 30 {
		if one.post("/nl/forgot", url.Values{"email": {strconv.Itoa(i) + "@jalon.example"}}).Code == http.StatusTooManyRequests {
			slowed++
		}
	}
	if slowed == 0 {
		t.Error("an address that asks for many accounts is not slowed down")
	}
	wantCode(t, "no address", o.browser().post("/nl/forgot", url.Values{"email": {""}}), http.StatusUnprocessableEntity)
}

func TestWithoutMailServerTheAdministratorHelps(t *testing.T) {
	o := newOffice(t)
	page := o.browser().get("/nl/forgot").Body.String()
	if strings.Contains(page, `name="email"`) || !strings.Contains(page, "Vraag een link aan wie Jalon beheert") {
		t.Error("a mail is offered, or it is not said who helps")
	}
	wantCode(t, "asked all the same", o.browser().post("/nl/forgot", url.Values{"email": {"hr@jalon.example"}}), http.StatusUnprocessableEntity)
	admin := o.as("admin")
	form := url.Values{"idempotency_key": {newKey()}}
	path := "/nl/admin/people/" + strconv.FormatInt(o.id["committee"], 10) + "/reset"
	w := admin.post(path, form)
	wantCode(t, "reset", w, http.StatusOK)
	link := strings.TrimPrefix(between(w.Body.String(), `<code class="secret link">`, `<`), "https://jalon.example")
	if !strings.Contains(w.Body.String(), "24/11/2026 12:30") { // half past twelve in Brussels
		t.Error("it is not said until when the link serves")
	}
	w = admin.post(path, form)
	wantCode(t, "the same form again", w, http.StatusSeeOther)
	if n := value[int](o, `SELECT count(*) FROM password_link`); n != 1 {
		t.Errorf("%d links", n)
	}
	wantCode(t, "the password of before serves until then", o.browser().givePassword("committee", nil), http.StatusSeeOther)
	wantCode(t, "the link", choose(o.browser(), link, otherPassword), http.StatusSeeOther)
	o.sql(`UPDATE person SET disabled_at = now() WHERE email = 'hr@jalon.example'`)
	wantCode(t, "for a closed account", admin.post("/nl/admin/people/"+strconv.FormatInt(o.id["hr"], 10)+"/reset", url.Values{"idempotency_key": {newKey()}}), http.StatusConflict)
}

func TestWithAMailServerTheAdministratorSeesNoLink(t *testing.T) {
	post := &postbox{}
	o := newOffice(t, func(o *Options) { o.Links, o.Mail = post, true })
	admin := o.as("admin")
	form := url.Values{"idempotency_key": {newKey()}}
	path := "/nl/admin/people/" + strconv.FormatInt(o.id["committee"], 10) + "/reset"
	for range 2 {
		w := admin.post(path, form)
		wantCode(t, "reset", w, http.StatusSeeOther)
	}
	if page := admin.get("/nl/admin/people").Body.String(); strings.Contains(page, "/reset/") || !strings.Contains(page, "gaat naar committee@jalon.example") {
		t.Error("the page shows a link, or does not say where the mail goes")
	}
	wantCode(t, "new person", admin.post("/nl/admin/people", url.Values{"name": {"Élise Dupont"}, "email": {"elise@jalon.example"}, "lang": {"fr"}, "role": {""}, "scope": {""}, "idempotency_key": {newKey()}}), http.StatusSeeOther)
	elise := value[int64](o, `SELECT id FROM person WHERE email = 'elise@jalon.example'`)
	if len(post.asked) != 2 || post.asked[0] != o.id["committee"] || post.asked[1] != elise {
		t.Errorf("mails for %v", post.asked)
	}
	if n := value[int](o, `SELECT count(*) FROM password_link`); n != 0 {
		t.Errorf("%d links that nobody has", n)
	}
}

// What opens an account stands in no log line and in no row of the audit trail.
func TestNothingThatOpensAnAccountIsLogged(t *testing.T) {
	o := newOffice(t)
	b := o.as("committee")
	key, recovery := b.enrol()
	code := b.code(key)
	link := o.link("committee")
	b.givePassword("committee", nil)
	b.giveCode("bad-canary-code")
	b.giveCode(code)
	choose(b, link, "canary-te-kort")
	choose(b, link, otherPassword)
	choose(b, link, otherPassword)
	b.get(link)
	b.post("/nl/login", url.Values{"email": {"canary@jalon.example"}, "password": {"canary-password-1"}})
	canaries := []string{password, otherPassword, "canary", recovery[0], recovery[9], strings.TrimPrefix(link, "/nl/reset/"), key.String(), strings.ReplaceAll(key.String(), " ", ""), b.cookies[sessionCookie], "committee@jalon.example"}
	trail := value[string](o, `SELECT string_agg(e::text, E'\n') FROM audit_event e`)
	kept := value[string](o, `SELECT string_agg(x, E'\n') FROM (SELECT s::text FROM sessions s UNION ALL SELECT l::text FROM password_link l UNION ALL SELECT f::text FROM second_factor f UNION ALL SELECT r::text FROM recovery_code r) all_rows (x)`)
	if regexp.MustCompile(`\b` + code + `\b`).MatchString(o.log.String() + trail) {
		t.Error("the log or the audit trail has a code")
	}
	for _, canary := range canaries {
		if canary == "" {
			continue
		}
		for where, text := range map[string]string{"log": o.log.String(), "audit trail": trail, "tables": kept} {
			if strings.Contains(text, canary) {
				t.Errorf("the %s has %.12s…", where, canary)
			}
		}
	}
}
