package walk_test

import (
	"net/http"
	"testing"

	"jalon/internal/bilingual"
	"jalon/internal/testing/browser"
	"jalon/internal/testing/office"
)

// The holder gives a delegation, the delegate fills in a report, and while the
// form stands open the holder revokes: the delegate is out at the next click,
// what was typed afterwards is not stored, and the menu no longer leads there.
func TestARevokedDelegateIsOutAtTheNextClick(t *testing.T) {
	inBoth(t, func(t *testing.T, o *office.Office, lang bilingual.Lang) {
		words := o.Catalogues.In(lang).Typeset()
		local := "/" + string(lang) + real
		list, report := local+"/delegations", local+"/report/"+period
		const code = "S3.2-2"

		holder := o.Page(t, string(lang), "director")
		holder.WithoutScript()
		holder.Open(o.URL + local)
		holder.Follow(`a[href$="/delegations"]`)
		holder.Fill("#email", "bart.proefmodel@jalon.example")
		holder.Click(`label[for="scope.some"]`)
		holder.Click(`label[for="objective.S3"]`)
		holder.Click(`label[for="objective.T4"]`)
		holder.Fill("#until", "31/12/2026")
		holder.Follow(`form:has(#email) button[type=submit]`)
		contains(t, "the notice", holder.Text("[role=status]"), words.T("delegation.given"))
		contains(t, "the list", holder.Text("table"), words.T("entry.by_for", "Who", "Bart Proefmodel", "Name", "Dirk Voorbeeld"))

		delegate := o.Page(t, string(lang), "bart.proefmodel")
		delegate.WithoutScript()
		delegate.Open(o.URL + "/" + string(lang) + "/due")
		contains(t, "what is due", delegate.Text("main"), "Dirk Voorbeeld")
		delegate.Follow(`a[href="` + local + `"]`)
		delegate.Open(o.URL + report)
		if n := delegate.Count(`article[data-code^="S1"]`); n != 0 || delegate.Count(`article[data-code^="S3"]`) == 0 {
			t.Errorf("the report has %d rows of another objective, and %d of its own", n, delegate.Count(`article[data-code^="S3"]`))
		}
		delegate.Fill(field(code, "achieved"), "Eerst / d’abord")
		delegate.Follow(".savebar button[value=draft]")
		delegate.Fill(field(code, "achieved"), "Te laat / trop tard")
		if n := menuItems(delegate, lang); n != 2 {
			t.Errorf("the delegate's menu has %d items that lead to the work, want 2", n)
		}
		before := office.Value[string](o, `SELECT (SELECT count(*) FROM progress_entry) || ' ' || (SELECT string_agg(fields::text, ' ' ORDER BY target_id) FROM report_draft)`)

		holder.Open(o.URL + list)
		id := office.Value[string](o, `SELECT max(id)::text FROM delegation`)
		holder.Click(`details:has(form[action$="/` + id + `/revoke"]) summary`)
		picture(holder, "delegations-revoke."+string(lang)+".1280", false)
		holder.Follow(`form[action$="/` + id + `/revoke"] button`)
		contains(t, "the notice", holder.Text("[role=status]"), words.T("delegation.revoked"))

		delegate.Expect(http.StatusForbidden, report)
		delegate.Follow("button[name=do][value=report]")
		if delegate.Status() != http.StatusForbidden {
			t.Errorf("the form that was open is answered %d", delegate.Status())
		}
		contains(t, "the answer", delegate.Text("main"), words.T("problem.403.title"))
		picture(delegate, "delegate-out."+string(lang)+".1280", false)
		if n := menuItems(delegate, lang); n != 0 {
			t.Errorf("the menu still has %d items that lead to the work", n)
		}
		after := office.Value[string](o, `SELECT (SELECT count(*) FROM progress_entry) || ' ' || (SELECT string_agg(fields::text, ' ' ORDER BY target_id) FROM report_draft)`)
		if after != before {
			t.Error("what was sent after the end is stored")
		}
		for _, path := range []string{local, report, "/" + string(lang) + "/due", local + "/targets/" + code} {
			delegate.Expect(http.StatusForbidden, path)
			delegate.Open(o.URL + path)
			if delegate.Status() != http.StatusForbidden {
				t.Errorf("%s is answered %d", path, delegate.Status())
			}
		}
	})
}

// menuItems counts the links of the menu to what is due and to the mandate.
func menuItems(p *browser.Page, lang bilingual.Lang) int {
	return p.Count(`header nav a[href="/`+string(lang)+`/due"]`) + p.Count(`header nav a[href="/`+string(lang)+real+`"]`)
}
