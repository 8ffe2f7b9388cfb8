package site

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"jalon/internal/monitoring"
)

// The days and mandates of a round change, with a reason, until its seal; a
// mandate whose part was begun stays.
func TestARoundChangesWithAReasonUntilItsSeal(t *testing.T) {
	o := withLetter(t)
	secretary, director := o.openRound("LETTER", "2026-H2"), o.as("director")
	const change = theRound + "/change"
	page := secretary.get(change)
	wantCode(t, "the form", page, http.StatusOK)
	for _, want := range []string{`value="01/01/2027"`, `value="10/01/2027"`, `name="mandate.LETTER" value="yes" checked`, `name="mandate.ACTIRIS-A4" value="yes"`} {
		if !strings.Contains(page.Body.String(), want) {
			t.Errorf("the form lacks %s", want)
		}
	}
	other := url.Values{"opens": {"01/12/2026"}, "due": {"20/01/2027"}, "grace": {"31/01/2027"}, "meets": {"15/02/2027"}, "mandate.LETTER": {"yes"}, "mandate.ACTIRIS-A4": {"yes"}, "reason": {"De raad vergadert later."}}
	with := func(field, value string) url.Values {
		form := url.Values{}
		for name, values := range other {
			form[name] = values
		}
		if form.Set(field, value); value == "" {
			form.Del(field)
		}
		return key(form)
	}
	for name, form := range map[string]url.Values{
		"no reason": with("reason", ""), "opens after it is due": with("opens", "21/01/2027"), "opens before the half-year": with("opens", "30/06/2026"),
		"grace before it is due": with("grace", "19/01/2027"), "a mandate of elsewhere": with("mandate.ELDERS-A4", "yes"), "no day": with("due", "morgen"),
	} {
		wantCode(t, name, secretary.post(change, form), http.StatusUnprocessableEntity)
	}
	wantCode(t, "a member", o.as("committee").post(change, key(other)), http.StatusForbidden)
	if n := value[int](o, `SELECT count(*) FROM round_change`); n != 0 {
		t.Fatalf("%d changes", n)
	}
	form := key(other)
	for range 2 {
		wantCode(t, "change", secretary.post(change, form), http.StatusSeeOther)
	}
	wantCode(t, "the same once more", secretary.post(change, key(other)), http.StatusUnprocessableEntity)
	if got := value[string](o, `SELECT format('%s %s %s %s %s', opens_on, due_on, grace_until, meets_on, (SELECT count(*) FROM round_mandate)) FROM round`); got != "2026-12-01 2027-01-20 2027-01-31 2027-02-15 2" {
		t.Errorf("the round is %s", got)
	}
	for _, want := range []string{"De raad vergadert later.", "10/01/2027", "20/01/2027", "ACTIRIS-A4", "Naam secretary"} {
		if !strings.Contains(secretary.get(theRound).Body.String(), want) {
			t.Errorf("the course of the round lacks %q", want)
		}
	}
	if got := value[string](o, `SELECT detail->'before'->>'due' || ' ' || (detail->'after'->>'due') FROM audit_event WHERE action = 'change round'`); got != "2027-01-10 2027-01-20" {
		t.Errorf("the trail says %s", got)
	}

	secretary.step(monitoring.RoundOpen, monitoring.RoundCollecting, "")
	wantCode(t, "submit", director.post(reportPage+"/submit", key(url.Values{})), http.StatusSeeOther)
	wantCode(t, "one left out, the begun one stays without its box", secretary.post(change, with("mandate.ACTIRIS-A4", "")), http.StatusSeeOther)
	if got := value[string](o, `SELECT string_agg(m.code, ' ') FROM round_mandate rm JOIN mandate m ON m.id = rm.mandate_id`); got != "LETTER" {
		t.Errorf("it asks %s", got)
	}
	secretary.step(monitoring.RoundCollecting, monitoring.RoundGrace, "")
	secretary.step(monitoring.RoundGrace, monitoring.RoundPresented, "")
	wantCode(t, "seal", secretary.post(theRound+"/seal", key(url.Values{"confirm": {"yes"}})), http.StatusSeeOther)
	wantCode(t, "the form after the seal", secretary.get(change), http.StatusConflict)
	wantCode(t, "a change after the seal", secretary.post(change, key(other)), http.StatusConflict)
}

func TestAnOpenRoundTakesNoPartBeforeItsFirstDay(t *testing.T) {
	o := withLetter(t)
	secretary, director := o.openRound("LETTER", "2026-H2"), o.as("director")
	page := director.get(reportPage + "/submit")
	if wantCode(t, "the review", page, http.StatusOK); !strings.Contains(page.Body.String(), "1 januari 2027") || strings.Contains(page.Body.String(), `<form class="card form"`) {
		t.Error("the page does not say from when on a part is taken")
	}
	wantCode(t, "submit", director.post(reportPage+"/submit", key(url.Values{})), http.StatusConflict)
	earlier := url.Values{"opens": {"24/11/2026"}, "due": {"10/01/2027"}, "grace": {"31/01/2027"}, "mandate.LETTER": {"yes"}, "reason": {"Vroeger klaar."}}
	wantCode(t, "an earlier first day", secretary.post(theRound+"/change", key(earlier)), http.StatusSeeOther)
	wantCode(t, "submit on the first day", director.post(reportPage+"/submit", key(url.Values{})), http.StatusSeeOther)
}
