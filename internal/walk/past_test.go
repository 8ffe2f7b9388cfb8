package walk_test

import (
	"strings"
	"testing"

	"jalon/internal/bilingual"
	"jalon/internal/testing/browser"
	"jalon/internal/testing/office"
)

// pastVisits are pages of a past day, and as they were known on one.
var pastVisits = []visit{
	{name: "past-mandate", who: "director", path: real + "?asof=2026-03-31"},
	{name: "past-mandate-known", who: "director", path: real + "?known=2026-03-31"},
	{name: "past-target", who: "director", path: real + "/targets/S3.2-2?asof=2026-03-31"},
	{name: "past-target-known", who: "director", path: real + "/targets/S3.2-2?asof=2026-06-30&known=2026-07-02"},
	{name: "past-timeline", who: "director", path: real + "/timeline?asof=2026-03-31"},
	{name: "past-timeline-known", who: "director", path: real + "/timeline?known=2026-03-31"},
	{name: "past-due", who: "director", path: "/due?asof=2026-03-31"},

	{name: "past-overview", who: "committee", path: "/overview?asof=2026-03-31"},
	{name: "past-overview-known", who: "committee", path: "/overview?asof=2026-06-30&known=2026-07-02"},
	{name: "past-search", who: "committee", path: "/search?q=werkgevers&asof=2026-03-31"},
	{name: "past-search-known", who: "committee", path: "/search?q=werkgevers&known=2026-03-31"},

	{name: "past-rounds", who: "secretary", path: "/rounds?asof=2026-07-12"},
	{name: "past-rounds-none", who: "secretary", path: "/rounds?asof=2024-01-31"},
	{name: "past-round", who: "secretary", path: "/rounds/ACTIRIS-DR/2026-H1?asof=2026-07-12"},
	{name: "past-round-known", who: "secretary", path: "/rounds/ACTIRIS-DR/2026-H1?known=2026-07-05"},
	{name: "past-scoreboard", who: "secretary", path: "/bodies/ACTIRIS-SDC/scoreboards/S1-1?asof=2026-09-30"},
	{name: "past-scoreboard-known", who: "secretary", path: "/bodies/ACTIRIS-SDC/scoreboards/S1-1?known=2026-09-30"},
}

// writing finds the forms and buttons of a page that would write, but the way out.
const writing = `[...document.querySelectorAll("form, [formaction], [formmethod]")]
	.filter(e => (e.method || e.formMethod) === "post" || e.hasAttribute("formaction"))
	.map(e => e.getAttribute("action") || e.getAttribute("formaction") || e.outerHTML.slice(0, 80))
	.filter(to => !to.endsWith("/logout")).join(" ")`

// The past is read as every other page is, says that it is the past, and holds no form that writes.
func TestEveryPastPage(t *testing.T) {
	known := phrases(t)
	inBoth(t, func(t *testing.T, o *office.Office, lang bilingual.Lang) {
		pay(t, o, lang, pastVisits, func(p *browser.Page, v visit) {
			if !strings.Contains(p.Path(), strings.SplitN(v.path, "?", 2)[0]) || !browser.Ask[bool](p, `location.search.includes("asof=") || location.search.includes("known=")`) {
				t.Errorf("%s leads to %s: today", v.name, p.Path())
			}
			if !browser.Ask[bool](p, `document.querySelector(".banner") !== null`) {
				t.Errorf("%s.%s does not say that it is the past", v.name, lang)
			}
			if forms := browser.Ask[string](p, writing); forms != "" {
				t.Errorf("%s.%s: the past writes to %s", v.name, lang, forms)
			}
			inspect(t, p, known, lang, v)
		})
	})
}
