package site

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"jalon/internal/monitoring"
)

// mostStatements is what a page may ask of the database: who asks, whether they
// may, and what the page shows.
const mostStatements = 3

// dearer are the pages that still ask more, and how much: one question hangs on
// the answer to another, and putting them together would make both hard to read.
// A page that has learnt to ask less leaves it, so that it never asks more again.
var dearer = map[string]int{
	// the body with its boards; the mandates on them, and their figures
	"/bodies/{body}/scoreboards":         4,
	"/bodies/{body}/scoreboards/{board}": 4,
	// the indicator with its mandate, and its figures; who can take a measure
	"/mandates/{m}/indicators/{code}/measures": 4,
	// the letter, what was amended, and for whoever may amend it every place that has words
	"/mandates/{m}/amendments": 4,
	// what happened and what moved, or the mandates and their targets; the words of those shown
	"/overview/changes?since=2026-07-01": 4,
	"/overview/targets?show=late":        4,
	// looking back no cells answer: every target is looked up
	"/mandates?asof=2026-08-30":                        4,
	"/overview/objectives/{objective}?asof=2026-08-30": 4,
	"/mandates/{m}/annual/{year}?asof=2026-08-30":      4, // and each half-year on a day of its own
	// the round, the mandate, the part, and what goes to a body that does not get everything
	"/rounds/{body}/{p}/{m}/return": 5,
	// the document, what it is about, and how many of others come first, which its asker does not see
	"/exports/{export}": 4,
}

// askers are whom a page is shown to: the one for whom it asks most counts.
var askers = []string{"holder", "hr", "secretary", "committee", "evaluator", "administrator", ""}

// queries are asked of pages that show nothing, or less, without.
var queries = map[string][]string{
	"/overview":         {"", "?changed=1"},
	"/overview/targets": {"?show=late"},
	"/overview/changes": {"?since=2026-07-01"},
}

// past is what asks a page of a day that is over.
const past = "asof=2026-08-30"

func withPast(query string) string {
	if query == "" {
		return "?" + past
	}
	return query + "&" + past
}

// unshown are pages of which nothing is counted: they lead elsewhere, or are a file.
var unshown = []string{"", "/", "/sso", "/rounds/{body}/{p}.{format:json}", "/evaluations/{evaluation}/documents/{document}"}

func TestEveryPageAsksLittle(t *testing.T) {
	r := newRegion(t)
	shown := map[string]bool{}
	for _, rt := range r.routes() {
		if rt.method != http.MethodGet {
			continue
		}
		variants := queries[rt.pattern]
		if variants == nil {
			variants = []string{""}
		}
		if rt.past {
			variants = append(variants, withPast(variants[0]))
		}
		for _, query := range variants {
			if r.asksLittle(t, rt.pattern, query, r.address(t, rt.pattern, ownMandate)+query, askers...) {
				shown[rt.pattern] = true
			}
		}
	}
	r.inOtherStates(t, func(who, pattern, path string) {
		t.Helper()
		if shown[pattern] = r.asksLittle(t, pattern, "", path, who); !shown[pattern] {
			t.Errorf("%s: nothing is shown to the %s: %d", path, who, r.browsers[who].get(path).Code)
		}
	})
	for _, rt := range r.routes() {
		if rt.method == http.MethodGet && !shown[rt.pattern] && !slices.Contains(unshown, rt.pattern) {
			t.Errorf("%s is shown to nobody: what it asks is not counted", rt.pattern)
		}
	}
	for page := range dearer {
		pattern, query, _ := strings.Cut(page, "?")
		there := slices.ContainsFunc(r.routes(), func(rt route) bool { return rt.method == http.MethodGet && rt.pattern == pattern })
		if !there || query != "" && !slices.Contains(queries[pattern], "?"+query) && !strings.HasSuffix(page, past) {
			t.Errorf("%s is no page that is asked here", page)
		}
	}
}

// asksLittle counts what a page asks, for the one for whom it asks most, and
// reports whether it is shown to anybody.
func (r *region) asksLittle(t *testing.T, pattern, query, path string, whom ...string) (shown bool) {
	t.Helper()
	var asker string
	var asked []string
	for _, who := range whom {
		got, ok := r.asks(t, who, path)
		shown = shown || ok
		if len(got) > len(asked) {
			asker, asked = who, got
		}
	}
	most, known := dearer[pattern+query]
	if now := strings.TrimSuffix(strings.TrimSuffix(query, past), "&"); !known && now != query { // a past day costs what today costs
		most = dearer[pattern+strings.TrimSuffix(now, "?")]
	}
	switch {
	case known && shown && len(asked) < most:
		t.Errorf("%s%s takes %d statements now: let dearer say so, or leave it out", pattern, query, len(asked))
	case len(asked) > max(most, mostStatements):
		t.Errorf("%s%s takes %d statements for the %s, want at most %d: %s", pattern, query, len(asked), asker, max(most, mostStatements), names(asked))
	}
	return shown
}

// names are those that statements have in store/queries.
func names(statements []string) string {
	var all []string
	for _, s := range statements {
		first, _, _ := strings.Cut(s, "\n")
		all = append(all, strings.TrimPrefix(first, "-- name: "))
	}
	return strings.Join(all, ", ")
}

// asks gives the statements of a page for somebody, once its own are prepared,
// and whether it is shown to them; none for a file.
func (r *region) asks(t *testing.T, who, path string) (statements []string, shown bool) {
	t.Helper()
	w := r.browsers[who].get(path)
	if w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
		return nil, w.Code == http.StatusOK
	}
	r.count.taken()
	wantCode(t, path, r.browsers[who].get(path), http.StatusOK)
	return r.count.taken(), true
}

// inOtherStates looks at the pages that the region does not show as it is: it
// takes what they are about to where they do.
func (r *region) inOtherStates(t *testing.T, look func(who, pattern, path string)) {
	t.Helper()
	const errata, seal, atBody = "/monitoring/{p}/errata", "/rounds/{body}/{p}/seal", "/bodies/{body}/mandates/{m}"
	secretary := r.browsers["secretary"]
	send := func(who, path string, form url.Values) {
		t.Helper()
		wantCode(t, path, r.browsers[who].post(path, key(form)), http.StatusSeeOther)
	}
	round := func(body string, from, until monitoring.RoundState) {
		for ; from != until; from = from.Next() {
			send("secretary", "/nl/rounds/"+body+"/2026-H2/step", url.Values{"from": {string(from)}, "to": {string(from.Next())}})
		}
	}

	look("secretary", "/mandates/{m}"+errata, "/nl/mandates/"+ownMandate+"/monitoring/2026-H1/errata")
	round("ACTIRIS-DR", monitoring.RoundCollecting, monitoring.RoundPresented)
	look("secretary", seal, theRound+"/seal")
	send("secretary", "/nl/rounds/new", url.Values{"body": {"ACTIRIS-CSO"}, "period": {"2026-H2"}, "mandate." + ownMandate: {"yes"}})
	round("ACTIRIS-CSO", monitoring.RoundOpen, monitoring.RoundPresented)
	look("secretary", "/rounds/{body}/{p}/{m}/return", "/nl/rounds/ACTIRIS-CSO/2026-H2/"+ownMandate+"/return")
	send("secretary", "/nl/rounds/ACTIRIS-CSO/2026-H2/seal", url.Values{"confirm": {"yes"}})
	look("secretary", atBody+errata, "/nl/bodies/ACTIRIS-CSO/mandates/"+ownMandate+"/monitoring/2026-H2/errata")

	r.Exports, r.bigRows = &hand{}, 1
	look("secretary", "/exports/{export}", ordered(t, secretary, secretary.get("/nl/bodies/ACTIRIS-DR/tables/2026-H1.csv").Body.String()))
	if err := r.Exports.(*hand).make(r.office); err != nil {
		t.Fatal(err)
	}
	look("secretary", "/exports/{export}/file", "/nl/exports/"+num(value[int64](r.office, `SELECT max(id) FROM export_job`))+"/file")
	look("administrator", "/admin/bodies/seats/{person}/{grant}", value[string](r.office, `SELECT '/nl/admin/bodies/seats/' || person_id || '/' || id FROM role_grant WHERE body_id IS NOT NULL LIMIT 1`))

	r.id["hr"] = r.ids["hr"]
	look("", "/reset/{token}", r.link("hr"))
	r.browsers["committee"].enrol()
	form := url.Values{"email": {"committee@matrix.jalon.example"}, "password": {password}}
	wantCode(t, "the password", r.browsers[""].post("/nl/login", form), http.StatusSeeOther)
	look("", "/login/code", "/nl/login/code")
}
