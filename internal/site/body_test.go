package site

import (
	"net/url"
	"strconv"
	"strings"
	"testing"
)

func TestTheAdministratorSeatsPeople(t *testing.T) {
	o := newOffice(t)
	b := o.as("admin")
	add := func(code string) int {
		return b.post("/nl/admin/bodies", url.Values{"institution": {"ACTIRIS"}, "code": {code}, "name_nl": {"Directieraad"}, "name_fr": {"Conseil"}, "idempotency_key": {newKey()}}).Code
	}
	for _, c := range []struct {
		code string
		want int
	}{{"DR", 303}, {"DR", 422}, {"dr", 422}, {"D1", 422}} {
		if got := add(c.code); got != c.want {
			t.Errorf("body %s: %d, want %d", c.code, got, c.want)
		}
	}
	body := strconv.FormatInt(value[int64](o, `SELECT id FROM body`), 10)
	seat := func(who, role, from string) (int, string) {
		w := b.post("/nl/admin/bodies/seats", url.Values{"body": {body}, "person": {who}, "seat_role": {role}, "from": {from}, "until": {""}, "idempotency_key": {newKey()}})
		return w.Code, w.Body.String()
	}
	if code, _ := seat(o.person("nobody"), "secretary", "01/11/2026"); code != 303 {
		t.Fatalf("a secretary: %d", code)
	}
	if code, page := seat(o.person("hr"), "secretary", "01/12/2026"); code != 422 || !strings.Contains(page, "Naam nobody is al secretaris") {
		t.Errorf("a second secretary: %d, or the page does not say who is", code)
	}
	if code, _ := seat(o.person("admin"), "committee_member", "01/12/2026"); code != 409 {
		t.Errorf("a seat for oneself: %d", code)
	}
	for _, wrong := range [][3]string{{"x", "secretary", "01/12/2026"}, {o.person("hr"), "king", "01/12/2026"}, {o.person("hr"), "committee_member", "morgen"}} {
		if code, _ := seat(wrong[0], wrong[1], wrong[2]); code != 422 {
			t.Errorf("%v: %d", wrong, code)
		}
	}
	secretary := o.as("nobody")
	wantCode(t, "the secretary of the body", secretary.get("/nl/mandates/ACTIRIS-A4"), 200)
	wantCode(t, "in another institution", secretary.get("/nl/mandates/ELDERS-A4"), 404)
	if page := b.get("/nl/admin/people").Body.String(); !strings.Contains(page, "Secretaris · ACTIRIS · DR") {
		t.Error("the people page does not show the body")
	}
	page := "/nl/admin/bodies/seats/" + o.person("nobody") + "/" + strconv.FormatInt(value[int64](o, `SELECT id FROM role_grant WHERE body_id IS NOT NULL`), 10)
	wantCode(t, "the seat", b.get(page), 200)
	end := func(until string) int {
		return b.post(page+"/end", url.Values{"until": {until}, "idempotency_key": {newKey()}}).Code
	}
	for _, c := range []struct {
		until string
		want  int
	}{{"01/11/2026", 422}, {"31/12/2026", 303}, {"23/11/2026", 303}, {"23/11/2026", 404}} {
		if got := end(c.until); got != c.want {
			t.Errorf("end on %s: %d, want %d", c.until, got, c.want)
		}
	}
	// the sessions of somebody whose rights change end: at the next click they sign in again
	wantCode(t, "at the next click", secretary.get("/nl/mandates/ACTIRIS-A4"), 303)
	wantCode(t, "after signing in again", o.as("nobody").get("/nl/mandates/ACTIRIS-A4"), 403)
}

func TestWhatHangsOnAPersonIsListedBeforeAndAfter(t *testing.T) {
	o := newOffice(t)
	b := o.as("admin")
	page := "/nl/admin/people/" + o.person("director")
	for _, when := range []string{"before", "after"} {
		body := b.get(page).Body.String()
		for _, words := range []string{"/nl/mandates/ACTIRIS-A4/tenures", "Gaf een delegatie"} {
			if !strings.Contains(body, words) {
				t.Errorf("%s: no %q", when, words)
			}
		}
		w := b.post(page+"/disable", url.Values{"idempotency_key": {newKey()}})
		if w.Code != 303 || w.Header().Get("Location") != page {
			t.Errorf("disable: %d, %s", w.Code, w.Header().Get("Location"))
		}
	}
	for name, words := range map[string]string{"delegate": "als gemachtigde", "evaluator": "Evalueert mee", "secretary": "Rol:", "nobody": "Niets:"} {
		body := b.get("/nl/admin/people/" + o.person(name)).Body.String()
		if !strings.Contains(body, words) || strings.Contains(body, "/nl/evaluations") {
			t.Errorf("%s: no %q, or a way to evaluations", name, words)
		}
	}
	wantCode(t, "nobody", b.get("/nl/admin/people/999999"), 404)
	if list := o.as("hr").get("/nl/mandates").Body.String(); !strings.Contains(list, "Naam director") {
		t.Error("the name of who was disabled is gone")
	}
}

func TestARoleBetweenTwoDays(t *testing.T) {
	o := newOffice(t)
	b := o.as("admin")
	give := func(role, scope, from, until string) int {
		return b.post("/fr/admin/people/grant", url.Values{
			"person": {o.person("nobody")}, "grant_role": {role}, "grant_scope": {scope}, "grant_from": {from}, "grant_until": {until}, "idempotency_key": {newKey()},
		}).Code
	}
	for _, c := range []struct {
		role, scope, from, until string
		want                     int
	}{
		{"hr_officer", "ACTIRIS", "01/12/2026", "31/12/2026", 303},
		{"hr_officer", "ACTIRIS", "15/12/2026", "31/01/2027", 422},
		{"hr_officer", "ELDERS", "15/12/2026", "", 303},
		{"hr_officer", "*", "31/12/2026", "01/12/2026", 422},
		{"hr_officer", "*", "ooit", "", 422},
		{"hr_officer", "", "", "", 422},
	} {
		if got := give(c.role, c.scope, c.from, c.until); got != c.want {
			t.Errorf("%+v: %d", c, got)
		}
	}
	page := b.get("/nl/admin/people").Body.String()
	for _, words := range []string{"HR-verantwoordelijke · ACTIRIS · van 01/12/2026 tot 31/12/2026", "HR-verantwoordelijke · ELDERS · vanaf 15/12/2026"} {
		if !strings.Contains(page, words) {
			t.Errorf("the list lacks %q", words)
		}
	}
}
