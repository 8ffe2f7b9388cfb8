package site

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
)

const delegations = "/nl/mandates/LETTER/delegations"

// giving is the form of a delegation of two objectives to the person called nobody.
func giving(change ...func(url.Values)) url.Values {
	form := url.Values{
		"idempotency_key": {uuid.NewString()}, "email": {"Nobody@Jalon.example"}, "scope": {"some"},
		"objective.S3": {"1"}, "objective.T4": {"1"}, "from": {"24/11/2026"}, "until": {"2026-12-31"},
	}
	for _, c := range change {
		c(form)
	}
	return form
}

func set(name, value string) func(url.Values) { return func(f url.Values) { f.Set(name, value) } }

func whole(f url.Values) {
	f.Set("scope", "whole")
	f.Del("objective.S3")
	f.Del("objective.T4")
}

func TestADelegationIsGivenSeenAndRevoked(t *testing.T) {
	o := followed(t)
	director, delegate := o.as("director"), o.as("nobody")
	wantCode(t, "before", delegate.get("/nl/mandates/LETTER"), http.StatusForbidden)

	form := giving()
	for range 2 { // sent twice, given once
		w := director.post(delegations, form)
		wantCode(t, "give", w, http.StatusSeeOther)
	}
	if n := value[int](o, `SELECT count(*) FROM delegation d JOIN delegation_objective c ON c.delegation_id = d.id`); n != 2 {
		t.Fatalf("%d objectives, want 2", n)
	}
	page := director.get(delegations).Body.String()
	for _, words := range []string{"Naam nobody voor Naam director", "SD3, TD4", "24/11/2026", "31/12/2026", "Loopt"} {
		if !strings.Contains(page, words) {
			t.Errorf("the list does not say %q", words)
		}
	}
	due := delegate.get("/nl/due").Body.String()
	for _, words := range []string{"voor Naam director: SD3, TD4, tot en met 31/12/2026", "SD3.2-1"} {
		if !strings.Contains(due, words) {
			t.Errorf("what is due for the delegate does not say %q", words)
		}
	}
	wantCode(t, "during", delegate.get("/nl/mandates/LETTER"), http.StatusOK)
	if !strings.Contains(director.get("/nl/mandates/LETTER").Body.String(), `href="`+delegations+`"`) {
		t.Error("the page of the mandate does not lead to the delegations")
	}

	revoke := regexp.MustCompile(delegations + `/\d+/revoke`).FindString(page)
	for range 2 {
		wantCode(t, "revoke", director.post(revoke, url.Values{"idempotency_key": {uuid.NewString()}}), http.StatusSeeOther)
	}
	wantCode(t, "after", delegate.get("/nl/mandates/LETTER"), http.StatusForbidden)
	page = director.get(delegations).Body.String()
	if !strings.Contains(page, "Ingetrokken") || !strings.Contains(page, "door Naam director") || strings.Contains(page, revoke) {
		t.Error("the list does not say who revoked it")
	}
	for action, want := range map[string]string{
		"give delegation":   fmt.Sprintf(`{"by": %d, "to": %d, "from": "2026-11-24", "until": "2026-12-31", "objectives": ["S3", "T4"]}`, o.id["director"], o.id["nobody"]),
		"revoke delegation": fmt.Sprintf(`{"to": %d}`, o.id["nobody"]),
	} {
		if n := value[int](o, `SELECT count(*) FROM audit_event WHERE action = $1 AND detail = $2::jsonb AND actor_id = $3`, action, want, o.id["director"]); n != 1 {
			t.Errorf("%d lines %q in the audit trail that say %s", n, action, want)
		}
	}
}

func TestWhatIsWrongWithADelegationIsSaidBesideTheField(t *testing.T) {
	o := followed(t)
	director := o.as("director")
	o.sql(`UPDATE person SET disabled_at = now() WHERE id = $1`, o.id["evaluator"])
	wantCode(t, "the first", director.post(delegations, giving(whole, set("email", "director2@jalon.example"), set("from", "2027-01-10"), set("until", "2027-01-20"))), http.StatusSeeOther)
	unknown := "Er is geen actief account met dit adres."
	for name, c := range map[string]struct {
		change        func(url.Values)
		field, saying string
		code          int
	}{
		"no address":             {set("email", ""), "email", "", 422},
		"no such address":        {set("email", "iemand@jalon.example"), "email", unknown, 422},
		"a closed account":       {set("email", "evaluator@jalon.example"), "email", unknown, 422},
		"no address at all":      {set("email", "x"), "email", "", 422},
		"oneself":                {set("email", "director@jalon.example"), "email", "aan uzelf", 422},
		"no scope":               {set("scope", ""), "scope", "", 422},
		"no objective":           {func(f url.Values) { whole(f); f.Set("scope", "some") }, "scope", "minstens één", 422},
		"the whole, and some":    {set("scope", "whole"), "scope", "", 422},
		"no last day":            {set("until", ""), "until", "", 422},
		"no such day":            {set("until", "31/11/2026"), "until", "", 422},
		"yesterday":              {set("from", "23/11/2026"), "from", "vanaf vandaag", 422},
		"reversed":               {func(f url.Values) { f.Set("from", "2026-12-02"); f.Set("until", "2026-12-01") }, "until", "vóór de eerste", 422},
		"fourteen months":        {set("until", "2028-01-24"), "until", "24/12/2027", 422},
		"after the tenure":       {func(f url.Values) { f.Set("from", "2029-09-01"); f.Set("until", "2029-10-01") }, "until", "30/09/2029", 422},
		"the same days":          {func(f url.Values) { f.Set("email", "director2@jalon.example"); f.Set("until", "2027-01-10") }, "from", "van 10/01/2027 tot en met 20/01/2027", 422},
		"a foreign objective":    {set("objective.S9", "1"), "", "", 400},
		"an unknown field":       {set("granted_by", "1"), "", "", 400},
		"an unknown scope":       {set("scope", "all"), "scope", "", 422},
		"no key":                 {func(f url.Values) { f.Del("idempotency_key") }, "", "", 400},
		"a reversed direction":   {set("email", "nobody\u202e@jalon.example"), "email", "", 422},
		"an address in the name": {set("email", "Nobody <nobody@jalon.example>"), "email", "", 422},
	} {
		w := director.post(delegations, giving(c.change))
		wantCode(t, name, w, c.code)
		body := w.Body.String()
		if c.field != "" && (!strings.Contains(body, `href="#`+c.field+`"`) || !strings.Contains(body, `id="`+c.field+`-error"`)) {
			t.Errorf("%s: the summary does not lead to %s", name, c.field)
		}
		if !strings.Contains(body, c.saying) {
			t.Errorf("%s: the page does not say %q", name, c.saying)
		}
		if c.code == 422 && c.field != "email" && !strings.Contains(strings.ToLower(body), "@jalon.example\"") {
			t.Errorf("%s: what was typed is lost", name)
		}
	}
	if n := value[int](o, `SELECT count(*) FROM delegation WHERE mandate_id = (SELECT id FROM mandate WHERE code = 'LETTER')`); n != 1 {
		t.Errorf("%d delegations, want the first one", n)
	}
}

func TestWhoSeesAndWhoGivesDelegations(t *testing.T) {
	o := followed(t)
	wantCode(t, "give", o.as("director").post(delegations, giving()), http.StatusSeeOther)
	revoke := fmt.Sprintf("%s/%d/revoke", delegations, value[int](o, `SELECT max(id) FROM delegation`))
	for name, want := range map[string][2]int{
		"director": {200, 303}, "director2": {404, 404}, "delegate": {403, 403}, "nobody": {403, 403}, "committee": {403, 403},
		"secretary": {200, 403}, "hr": {200, 403}, "admin": {403, 403}, "evaluator": {403, 403},
	} {
		b := o.as(name)
		page := b.get(delegations)
		wantCode(t, "list as "+name, page, want[0])
		if strings.Contains(page.Body.String(), `method="post" action="`+delegations) != (name == "director") {
			t.Errorf("%s: a form, or none, that should not be", name)
		}
		if name != "director" {
			wantCode(t, "give as "+name, b.post(delegations, giving(set("email", "hr@jalon.example"))), want[1])
			wantCode(t, "revoke as "+name, b.post(revoke, url.Values{"idempotency_key": {uuid.NewString()}}), want[1])
		}
	}
	if n := value[int](o, `SELECT count(*) FROM delegation WHERE revoked_at IS NULL`); n != 2 {
		t.Errorf("%d delegations stand, want both", n)
	}
	other := fmt.Sprintf("%s/%d/revoke", delegations, value[int](o, `SELECT min(id) FROM delegation`)) // of the director's other mandate
	wantCode(t, "the number of another mandate's", o.as("director").post(other, url.Values{"idempotency_key": {uuid.NewString()}}), http.StatusNotFound)
}
