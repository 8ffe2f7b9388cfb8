package walk_test

import (
	"testing"

	"jalon/internal/bilingual"
	"jalon/internal/testing/office"
)

// A delegation is recorded, and what it opens before and after is closed: the
// list of what is due leads to the form of each. Nothing of it needs a script.
func TestADelegationIsRecordedAndBothItsDutiesAreClosed(t *testing.T) {
	inBoth(t, func(t *testing.T, o *office.Office, lang bilingual.Lang) {
		words := o.Catalogues.In(lang).Typeset()
		local := "/" + string(lang) + real
		before := office.Value[int](o, `SELECT count(*) FROM duty_answer`)

		p := o.Page(t, string(lang), "director")
		p.WithoutScript()
		p.Open(o.URL + local + "/events")
		p.Follow(`a[href$="kind=delegation-reception#record"]`)
		if n := p.Count(`fieldset input:checked`); n != 1 {
			t.Errorf("%d targets are ticked, want the one that waits for delegations", n)
		}
		p.Fill("#title", "Delegatie / délégation Wien")
		p.Fill("#from", "02/11/2026")
		p.Fill("#until", "03/11/2026")
		p.Fill("#place", "Brussel / Bruxelles")
		p.Fill("#participants", "6")
		p.Follow(`form:has(#title) button[type=submit]`)
		contains(t, "the notice", p.Text("[role=status]"), words.T("event.recorded"))
		event := p.Path()
		if n := p.Count(".duties > li"); n != 2 {
			t.Fatalf("the event opens %d duties, want 2", n)
		}
		picture(p, "event-recorded."+string(lang)+".1280", false)

		// the day before has passed without a word: it is late, and is closed from the list
		p.Open(o.URL + "/" + string(lang) + "/due")
		late := p.Count(`[aria-labelledby="due-late"] li`)
		p.Follow(`[aria-labelledby="due-late"] a[href*=".before.2026-11-01"]`)
		picture(p, "duty-late."+string(lang)+".1280", false)
		p.Fill("#note", "Programma / programme")
		p.Follow(`form:has(#note) button[type=submit]`)
		contains(t, "the notice", p.Text("[role=status]"), words.T("duty.answered", "Code", codeOf(lang, "4.7-1")))

		p.Open(o.URL + "/" + string(lang) + "/due")
		if n := p.Count(`[aria-labelledby="due-late"] li`); n != late-1 {
			t.Errorf("%d lines are late, want one less than %d", n, late)
		}
		p.Follow(`[aria-labelledby="due-soon"] a[href*=".after.2026-12-03"]`)
		p.Fill("#link", "https://voorbeeld.example/verslag")
		p.Follow(`form:has(#link) button[type=submit]`)
		if p.Path() != event {
			t.Errorf("answered, and led to %s, want %s", p.Path(), event)
		}
		if n := p.Count(`.duties .status[data-s="on_track"]`); n != 2 {
			t.Errorf("%d duties are done, want 2", n)
		}
		if n := office.Value[int](o, `SELECT count(*) FROM duty_answer`); n != before+2 {
			t.Errorf("%d answers, want %d", n, before+2)
		}
	})
}

// codeOf gives a transversal code as people read it.
func codeOf(lang bilingual.Lang, number string) string {
	if lang == bilingual.FR {
		return "OT" + number
	}
	return "TD" + number
}
