package site

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

func TestAdministratorMakesAnAccount(t *testing.T) {
	o := newOffice(t)
	b := o.as("admin")
	form := url.Values{
		"name": {"Élise Dupont"}, "email": {"Elise@Jalon.example"}, "lang": {"fr"}, "role": {"secretary"}, "scope": {"ACTIRIS"}, "idempotency_key": {newKey()},
	}
	w := b.post("/nl/admin/people", form)
	wantCode(t, "create", w, http.StatusCreated)
	given := between(w.Body.String(), `<code class="secret link">`, `<`)
	if !strings.HasPrefix(given, "https://jalon.example/fr/reset/") || len(given) != len("https://jalon.example/fr/reset/")+43 {
		t.Fatalf("link %q", given)
	}
	if page := b.get("/nl/admin/people").Body.String(); strings.Contains(page, given) || !strings.Contains(page, "Élise Dupont") || !strings.Contains(page, "Secretaris · ACTIRIS") {
		t.Error("the list shows the link again, or not the person with the role")
	}
	w = b.post("/nl/admin/people", form)
	wantCode(t, "the same form again", w, http.StatusSeeOther)
	if page := b.get("/nl/admin/people").Body.String(); !strings.Contains(page, "was al verwerkt") {
		t.Error("the second form is not explained")
	}
	form.Set("idempotency_key", newKey())
	wantCode(t, "the same address", b.post("/nl/admin/people", form), http.StatusUnprocessableEntity)

	elise, path := o.browser(), strings.TrimPrefix(given, "https://jalon.example")
	if page := elise.get(path).Body.String(); !strings.Contains(page, "Bienvenue") || !strings.Contains(page, "elise@jalon.example") {
		t.Error("the link does not lead to a first password")
	}
	const word = "regenboog-fietsbel-atlas"
	wantCode(t, "before the link is used", elise.post("/nl/login", url.Values{"email": {"elise@jalon.example"}, "password": {word}}), http.StatusUnprocessableEntity)
	wantCode(t, "the link", elise.post(path, url.Values{"new": {word}, "again": {word}}), http.StatusSeeOther)
	wantCode(t, "the first sign-in", elise.post("/nl/login", url.Values{"email": {"elise@jalon.example"}, "password": {word}}), http.StatusSeeOther)
	wantCode(t, "the page of the role", elise.get("/fr/overview"), http.StatusOK)
	if n := value[int](o, `SELECT count(*) FROM audit_event WHERE action = 'create person' AND actor_id = $1`, o.id["admin"]); n != 1 {
		t.Errorf("%d audit lines", n)
	}
	if n := value[int](o, `SELECT count(*) FROM audit_event WHERE detail::text LIKE '%lise%'`); n != 0 {
		t.Error("the audit trail has a name")
	}
}

func TestAccountsThatAreNotMade(t *testing.T) {
	o := newOffice(t)
	b := o.as("admin")
	before := o.rows()["person"]
	for name, change := range map[string][2]string{
		"no name": {"name", ""}, "mixed alphabets": {"name", "Pаul"}, "direction": {"name", "a\u202eb"}, "line end in the address": {"email", "a@b.be\r\nBcc: x@y.z"},
		"long address": {"email", strings.Repeat("a", 400) + "@x.be"}, "quoted": {"email", `"a b"@x.be`}, "named": {"email", "An <an@x.be>"}, "no address": {"email", "an"},
		"accents": {"email", "é@ü.be"}, "language": {"lang", "de"}, "role": {"role", "root"}, "scope": {"scope", "NERGENS"}, "201 signs": {"name", strings.Repeat("n", 201)},
	} {
		form := url.Values{"name": {"An Peeters"}, "email": {"an@jalon.example"}, "lang": {"nl"}, "role": {"hr_officer"}, "scope": {"*"}, "idempotency_key": {newKey()}}
		form.Set(change[0], change[1])
		w := b.post("/fr/admin/people", form)
		wantCode(t, name, w, http.StatusUnprocessableEntity)
		page := w.Body.String()
		if !strings.Contains(page, `href="#`+change[0]+`"`) || !strings.Contains(page, "Erreur") {
			t.Errorf("%s: the summary does not lead to the field", name)
		}
		if change[0] != "name" && !strings.Contains(page, `value="An Peeters"`) {
			t.Errorf("%s: what was typed is lost", name)
		}
	}
	for name, key := range map[string]string{"no key": "", "junk": "x", "long": strings.Repeat("a", 200)} {
		form := url.Values{"name": {"An"}, "email": {"an@jalon.example"}, "lang": {"nl"}, "idempotency_key": {key}}
		wantCode(t, name, b.post("/fr/admin/people", form), http.StatusBadRequest)
	}
	if after := o.rows()["person"]; after != before {
		t.Errorf("%d people, %d before", after, before)
	}
}

func TestAdministratorWorksOnOthersOnly(t *testing.T) {
	o := newOffice(t)
	b := o.as("admin")
	path := func(name, what string) string {
		return "/nl/admin/people/" + strconv.FormatInt(o.id[name], 10) + "/" + what
	}
	press := func(path string) int { return b.post(path, url.Values{"idempotency_key": {newKey() + "-7"}}).Code }
	grant := value[int64](o, `SELECT id FROM role_grant WHERE person_id = $1`, o.id["secretary"])
	own := value[int64](o, `SELECT id FROM role_grant WHERE person_id = $1`, o.id["admin"])
	secretary := o.as("secretary")
	for _, c := range []struct {
		path string
		want int
	}{
		{path("admin", "disable"), 409},
		{path("admin", "reset"), 409},
		{path("admin", "revoke/"+strconv.FormatInt(own, 10)), 409},
		{path("secretary", "reset"), 200},
		{path("hr", "revoke/"+strconv.FormatInt(grant, 10)), 404},
		{path("secretary", "revoke/"+strconv.FormatInt(grant, 10)), 303},
		{path("secretary", "revoke/"+strconv.FormatInt(grant, 10)), 404},
		{path("secretary", "disable"), 303},
		{path("secretary", "enable"), 303},
		{"/nl/admin/people/999999/disable", 404},
		{"/nl/admin/people/x/disable", 404},
		{"/nl/admin/people/' OR 1=1--/disable", 404},
	} {
		u := url.URL{Path: c.path}
		if got := press(u.String()); got != c.want {
			t.Errorf("%s: %d, want %d", c.path, got, c.want)
		}
	}
	wantCode(t, "the session of the secretary", secretary.get("/nl/overview"), http.StatusSeeOther)
	give := func(person, role, scope string) int {
		return b.post("/nl/admin/people/grant", url.Values{"person": {person}, "grant_role": {role}, "grant_scope": {scope}, "idempotency_key": {newKey()}}).Code
	}
	hr := strconv.FormatInt(o.id["hr"], 10)
	for name, c := range map[string][4]string{
		"good": {hr, "committee_member", "ACTIRIS", "303"}, "no such institution": {hr, "committee_member", "NERGENS", "422"}, "no such role": {hr, "holder", "", "422"},
		"oneself": {strconv.FormatInt(o.id["admin"], 10), "secretary", "*", "409"}, "nobody": {"x", "committee_member", "*", "422"},
		"no choice": {hr, "secretary", "", "422"}, "administrator": {hr, "administrator", "", "303"}, "administrator of one": {hr, "administrator", "ACTIRIS", "422"},
		"officer of a body": {hr, "hr_officer", "ACTIRIS/DR", "422"}, "no such body": {hr, "secretary", "ACTIRIS/XX", "422"},
	} {
		if got := strconv.Itoa(give(c[0], c[1], c[2])); got != c[3] {
			t.Errorf("grant, %s: %s, want %s", name, got, c[3])
		}
	}
}

func TestKeyOfAButton(t *testing.T) {
	page := newKey()
	one, err := submissionKey(page+"-12", "disable person")
	if err != nil {
		t.Fatal(err)
	}
	for name, key := range map[string][2]string{"another person": {page + "-13", "disable person"}, "another button": {page + "-12", "enable person"}, "another page": {newKey() + "-12", "disable person"}} {
		if other, err := submissionKey(key[0], key[1]); err != nil || other == one {
			t.Errorf("%s: %v, %v", name, other, err)
		}
	}
	if again, _ := submissionKey(page+"-12", "disable person"); again != one {
		t.Error("the same button has another key")
	}
}
