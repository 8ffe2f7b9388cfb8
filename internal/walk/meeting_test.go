package walk_test

import (
	"testing"

	"github.com/chromedp/chromedp/kb"

	"jalon/internal/bilingual"
	"jalon/internal/testing/browser"
	"jalon/internal/testing/office"
)

// In the meeting the secretary walks from row to row with the arrow keys and
// records a question, also without scripts; the holder finds it among what is
// due, answers, and the members read the answer.
func TestAMeetingFromTheRowToTheAnswer(t *testing.T) {
	inBoth(t, func(t *testing.T, o *office.Office, lang bilingual.Lang) {
		words := o.Catalogues.In(lang).Typeset()
		here := "/" + string(lang) + "/bodies/ACTIRIS-DR/meeting/2026-H2"
		secretary := enter(t, o, "secretary", here)
		secretary.Follow(".agenda a")
		first := secretary.Path()
		secretary.WaitFor(`document.readyState === "complete"`)
		secretary.Press(kb.ArrowRight)
		secretary.WaitFor(`document.readyState === "complete" && location.search.includes("target=S1.2-1")`)
		secretary.Press(kb.ArrowLeft)
		secretary.WaitFor(`location.pathname + location.search === "` + first + `"`)

		secretary.WithoutScript()
		secretary.Open(o.URL + first)
		secretary.Choose("#decision", "asks")
		secretary.Fill("#text", "Wanneer volgt het plan?")
		secretary.Fill("#due", "15/12/2026")
		secretary.Follow(".form button[type=submit]")
		contains(t, "the row", secretary.Text(".decisions"), "Wanneer volgt het plan?")
		contains(t, "the row", secretary.Text(".decisions"), words.T("decision.kind.asks"))

		director := enter(t, o, "director", "/"+string(lang)+"/due")
		director.Follow(`li:has(.code[href*="S1.1-1"]) .close a[href*="/questions/"]`)
		contains(t, "the question", director.Text("main"), "Wanneer volgt het plan?")
		director.Fill("#text", "In januari.")
		director.Follow(".form button[type=submit]")
		contains(t, "the question", director.Text("main"), "In januari.")

		secretary.Open(o.URL + first)
		contains(t, "the row", secretary.Text(".reply"), "In januari.")
		if n := browser.Ask[int](secretary, `document.querySelectorAll(".decisions > li").length`); n != 1 {
			t.Errorf("%d decisions on the row", n)
		}
	})
}
