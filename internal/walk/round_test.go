package walk_test

import (
	"net/http"
	"strconv"
	"testing"

	"jalon/internal/bilingual"
	"jalon/internal/locale"
	"jalon/internal/monitoring"
	"jalon/internal/testing/browser"
	"jalon/internal/testing/office"
)

// A half-year from opening to seal, as its secretary and a holder live it.
func TestARoundFromOpeningToSeal(t *testing.T) {
	inBoth(t, func(t *testing.T, o *office.Office, lang bilingual.Lang) {
		at, words := func(path string) string { return "/" + string(lang) + path }, o.Catalogues.In(lang).Typeset()
		look := func(p *browser.Page, name string) {
			for _, fault := range p.Axe() {
				t.Errorf("%s: %s", name, fault)
			}
			for _, width := range []int{360, 1280} {
				p.Resize(width)
				picture(p, name+"."+string(lang)+"."+strconv.Itoa(width), false)
			}
		}
		const round = "/rounds/ACTIRIS-DC/2026-H2"
		secretary := enter(t, o, "secretary", at("/rounds/new?body=ACTIRIS-DC"))
		secretary.Follow("main form button[type=submit]")
		if got := secretary.Path(); got != at(round) {
			t.Fatalf("after opening: %s", got)
		}
		secretary.Follow(".side form button[type=submit]") // collecting
		contains(t, "state", secretary.Text(".round-path [aria-current]"), words.T("round.state.collecting"))
		secretary.Follow("form:has(#people) button[type=submit]")
		contains(t, "nudged", secretary.Text("[role=status]"), nudged(words, office.Value[int](o, `SELECT count(*) FROM nudge`)))
		secretary.Expect(http.StatusUnprocessableEntity, at(round+"/nudge"))
		for _, name := range browser.Ask[[]string](secretary, `[...document.querySelectorAll("#people input")].map(i => i.id)`) {
			secretary.Click(`[id="` + name + `"]`)
		}
		secretary.Follow("form:has(#people) button[type=submit]")
		look(secretary, "round-nudged")

		director := enter(t, o, "director", at(real+"/report/2026-H2"))
		director.Follow(`a[href$="/report/2026-H2/submit"]`)
		contains(t, "what is weak", director.Text("main"), words.T("part.weak.silent"))
		director.Follow("main form button[type=submit]")
		contains(t, "read-only", director.Text("main"), words.T("part.read_only"))
		look(director, "part-read-only")

		secretary.Open(o.URL + at(round))
		secretary.Follow(`a[href$="ACTIRIS-A4-EL/return"]`)
		look(secretary, "part-return")
		secretary.Fill(`textarea[name="row.S3.3-2"]`, "Graag een cijfer.")
		secretary.Follow("main form button[type=submit]")
		director.Open(o.URL + at(real+"/report/2026-H2"))
		contains(t, "why it came back", director.Text(".ds-alert"), "Graag een cijfer.")
		look(director, "report-returned")
		director.Follow(`a[href$="/report/2026-H2/submit"]`)
		director.Follow("main form button[type=submit]")

		secretary.Open(o.URL + at(round))
		secretary.Follow(".side form button[type=submit]") // grace
		secretary.Follow(".side form button[type=submit]") // presented
		secretary.Follow(`.side a[href$="/seal"]`)
		look(secretary, "round-seal")
		secretary.Click("#confirm")
		secretary.Follow("main form button[type=submit]")
		contains(t, "state", secretary.Text(".round-path [aria-current]"), words.T("round.state.sealed"))
		_, file := secretary.Download(`.head a[download]`)
		// One mandate has targets that go to this body.
		if v := monitoring.Verify(file, []monitoring.PublicKey{o.Signer.Public()}); v.Outcome != monitoring.Intact || v.Round == nil || len(v.Round.Mandates) != 1 {
			t.Errorf("the file is %s: %+v", v.Outcome, v.Round)
		}
	})
}

func nudged(words *locale.Printer, people int) string {
	if people == 1 {
		return words.T("nudge.done_one")
	}
	return words.T("nudge.done", "Count", people)
}
