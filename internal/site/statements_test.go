package site

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// mostStatements is what a page may ask of the database: who asks, whether they
// may, and what the page shows.
const mostStatements = 3

// dearer are the pages that still ask more, and how much. A page that has learnt
// to ask less leaves it, so that it never asks more again.
var dearer = map[string]int{
	"/bodies/{body}/scoreboards":                       4,
	"/bodies/{body}/scoreboards/{board}":               4,
	"/mandates/{m}/amendments":                         4,
	"/mandates?asof=2026-08-30":                        4,
	"/mandates/{m}/annual/{year}?asof=2026-08-30":      4,
	"/overview/objectives/{objective}?asof=2026-08-30": 4,
	"/mandates/{m}/indicators/{code}/measures":         4,
	"/overview/changes?since=2026-07-01":               4,
	"/overview/targets?show=late":                      4,
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

func TestEveryPageAsksLittle(t *testing.T) {
	r := newRegion(t)
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
			path := r.address(t, rt.pattern, ownMandate) + query
			var asker string
			var asked []string
			for _, who := range askers {
				if got := r.asks(t, who, path); len(got) > len(asked) {
					asker, asked = who, got
				}
			}
			most, known := dearer[rt.pattern+query]
			if now := strings.TrimSuffix(strings.TrimSuffix(query, past), "&"); !known && now != query { // a past day costs what today costs
				most = dearer[rt.pattern+strings.TrimSuffix(now, "?")]
			}
			switch {
			case known && len(asked) < most:
				t.Errorf("%s%s takes %d statements now: let dearer say so, or leave it out", rt.pattern, query, len(asked))
			case len(asked) > max(most, mostStatements):
				t.Errorf("%s%s takes %d statements for the %s, want at most %d:\n%s", rt.pattern, query, len(asked), asker, max(most, mostStatements), strings.Join(asked, "\n---\n"))
			}
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

// asks gives the statements of a page for somebody, once its own are prepared;
// none when they are not shown it, or it is a file.
func (r *region) asks(t *testing.T, who, path string) []string {
	t.Helper()
	w := r.browsers[who].get(path)
	if w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
		return nil
	}
	r.count.taken()
	wantCode(t, path, r.browsers[who].get(path), http.StatusOK)
	return r.count.taken()
}
