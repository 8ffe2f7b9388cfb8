package site

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"jalon/internal/monitoring"
)

// A round of a past day is as it was: its state, days and mandates, who had
// reported, what was submitted or returned, and the steps taken by then.
func TestARoundIsShownAsItWas(t *testing.T) {
	o := withLetter(t)
	o.openRound("LETTER", "2026-H2").step(monitoring.RoundOpen, monitoring.RoundCollecting, "") // 24 November
	o.pass(24 * time.Hour)
	director := o.as("director")
	wantCode(t, "report", director.post(reportPage, director.reportForm(reportPage)), http.StatusSeeOther)
	wantCode(t, "submit", director.post(reportPage+"/submit", key(url.Values{})), http.StatusSeeOther)
	o.pass(24 * time.Hour)
	secretary := o.as("secretary")
	change := url.Values{
		"opens": {"01/12/2026"}, "due": {"20/01/2027"}, "grace": {"31/01/2027"}, "meets": {"15/02/2027"},
		"mandate.LETTER": {"yes"}, "mandate.ACTIRIS-A4": {"yes"}, "reason": {"De raad vergadert later."},
	}
	wantCode(t, "change", secretary.post(theRound+"/change", key(change)), http.StatusSeeOther)
	wantCode(t, "return", secretary.post(theRound+"/LETTER/return", key(url.Values{"reason": {"Graag aanvullen."}, "row.S2.1-1": {"Welke diensten?"}})), http.StatusSeeOther)
	o.pass(24 * time.Hour)
	secretary = o.as("secretary")
	for from := monitoring.RoundCollecting; from != monitoring.RoundPresented; from = from.Next() {
		secretary.step(from, from.Next(), "")
	}
	o.pass(24 * time.Hour)
	secretary = o.as("secretary")
	wantCode(t, "seal", secretary.post(theRound+"/seal", key(url.Values{"confirm": {"yes"}})), http.StatusSeeOther)
	o.pass(24 * time.Hour)
	secretary = o.as("secretary")

	wantCode(t, "before it was open", secretary.get(theRound+"?asof=2026-11-23"), http.StatusNotFound)
	none := secretary.get("/nl/rounds?asof=2026-11-23").Body.String()
	if strings.Contains(none, theRound) || !strings.Contains(none, "class=\"banner\"") {
		t.Error("the list of the day before holds the round, or does not say that it is the past")
	}
	for _, c := range []struct {
		query       string
		shows, lack []string
	}{
		{"asof=2026-11-24", []string{"10 januari 2027", "0 van 28", "0 van 1", "Deel van 1 mandaat", "nog niets bewaard"}, []string{"20 januari", "15 februari", "Graag aanvullen.", "vergadert later", "ACTIRIS-A4 "}},
		{"asof=2026-11-25", []string{"10 januari 2027", "28 van 28", "1 van 1", "Deel van 1 mandaat"}, []string{"20 januari", "Graag aanvullen.", "vergadert later"}},
		{"known=2026-11-25", []string{"28 van 28"}, []string{"Graag aanvullen."}},
		{"asof=2026-11-27&known=2026-11-24", []string{"10 januari 2027", "0 van 28", "0 van 1"}, []string{"Graag aanvullen.", "20 januari"}},
		{"asof=2026-11-26", []string{"20 januari 2027", "15 februari 2027", "0 van 2", "Graag aanvullen.", "Welke diensten?", "De raad vergadert later."}, []string{"DR-2026-H2"}},
		{"asof=2026-11-28", []string{"DR-2026-H2-001", "SHA-256"}, nil},
	} {
		page := secretary.get(theRound + "?" + c.query)
		wantCode(t, c.query, page, http.StatusOK)
		body := page.Body.String()
		doc, err := html.Parse(strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		words := spoken(doc)
		for _, w := range c.shows {
			if !strings.Contains(words, w) {
				t.Errorf("%s lacks %q:\n%s", c.query, w, words)
			}
		}
		for _, w := range c.lack {
			if strings.Contains(words, w) {
				t.Errorf("%s shows %q", c.query, w)
			}
		}
		if !strings.Contains(body, `class="banner"`) || strings.Contains(body, theRound+"/change") || strings.Contains(body, `/return"`) {
			t.Errorf("%s does not say that it is the past, or can be changed", c.query)
		}
		if strings.Contains(words, "vandaag over bekend") || !strings.Contains(words, "zoals bekend op") {
			t.Errorf("%s does not say that only what was known by then is shown", c.query)
		}
		for _, form := range postForm.FindAllStringSubmatch(body, -1) {
			if !strings.HasSuffix(form[1], "/logout") {
				t.Errorf("%s: the past has a form to %s", c.query, form[1])
			}
		}
	}
	for query, state := range map[string]string{"asof=2026-11-24": "collecting", "asof=2026-11-27": "presented", "asof=2026-11-28": "sealed"} {
		want := `<span class="tag" data-round="` + state
		list := secretary.get("/nl/rounds?" + query).Body.String()
		if !strings.Contains(list, want) || !strings.Contains(list, theRound+"?"+query) {
			t.Errorf("the list of %s does not say %s, or leads to today", query, state)
		}
	}
	wantCode(t, "the file before the seal", secretary.get(theRound+".json?asof=2026-11-27"), http.StatusNotFound)
	wantCode(t, "the file", secretary.get(theRound+".json?asof=2026-11-28"), http.StatusOK)
	wantCode(t, "the holder", o.as("director").get(theRound+"?asof=2026-11-26"), http.StatusForbidden)
	wantCode(t, "a form of the past", secretary.get(theRound+"/change?asof=2026-11-26"), http.StatusSeeOther)
}
