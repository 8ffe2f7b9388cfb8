package walk_test

import (
	"net/http"
	"testing"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/testing/browser"
	"jalon/internal/testing/office"
)

// The director and the delegate write on the same target. Who comes second
// loses nothing: the page shows both texts and lets them choose.
func TestTwoPeopleOnOneTargetSeeBothTexts(t *testing.T) {
	inBoth(t, func(t *testing.T, o *office.Office, lang bilingual.Lang) {
		words := o.Catalogues.In(lang).Typeset()
		here := "/" + string(lang) + real + "/report/" + period
		const code = "S1.2-1"
		first, second := enter(t, o, "director", here), enter(t, o, "delegate", here)

		first.Fill(field(code, "achieved"), "Woorden van Dirk")
		first.WaitFor(`document.getElementById("saved").dataset.state === "stored"`)

		second.Expect(http.StatusConflict, here)
		second.Fill(field(code, "achieved"), "Woorden van Dalila")
		second.WaitFor(`document.getElementById("saved").dataset.state === "wrong"`)
		contains(t, "the delegate's page", second.Text("#saved"), words.T("report.conflict_hint"))

		second.Expect(http.StatusConflict, here)
		second.Follow(".savebar button[value=draft]")
		contains(t, "the conflict", second.Text(`[id="`+code+`"] .conflict`), "Dirk Voorbeeld")
		contains(t, "their text", second.Text(`[id="`+code+`"] .theirs`), "Woorden van Dirk")
		if got := second.Value(field(code, "achieved")); got != "Woorden van Dalila" {
			t.Errorf("the own text became %q", got)
		}
		for _, fault := range append(second.Axe(), second.Faults(nil)...) {
			t.Errorf("the page of the conflict: %s", fault)
		}
		picture(second, "report-conflict."+string(lang)+".1280", false)

		second.Follow(".savebar button[value=draft]")
		contains(t, "after choosing", second.Text("[role=status]"), words.T("report.draft_kept", "Time", "10:00"))
		first.Reload()
		if got := first.Value(field(code, "achieved")); got != "Woorden van Dalila" {
			t.Errorf("the director reads %q, want what was chosen", got)
		}
		contains(t, "what gave way", browser.Ask[string](first, `document.querySelector('[id="`+code+`"] .replaced').textContent`), "Woorden van Dirk")

		// another field of the same row is no conflict: it appears by itself
		first.Fill(field(code, "next_steps"), "Vervolg van Dirk")
		first.WaitFor(`document.getElementById("saved").dataset.state === "stored"`)
		second.Fill(field(code, "obstacles"), "Hinder van Dalila")
		second.WaitFor(`document.getElementById("saved").dataset.state === "stored"`)
		if got := second.Value(field(code, "next_steps")); got != "Vervolg van Dirk" {
			t.Errorf("the delegate reads %q in the field that only the director changed", got)
		}
	})
}

// Reporting and sealing need no script.
func TestReportingAndSealingWithoutScript(t *testing.T) {
	inBoth(t, func(t *testing.T, o *office.Office, lang bilingual.Lang) {
		words := o.Catalogues.In(lang).Typeset()
		local := "/" + string(lang) + real
		half := words.HalfYear(calendar.HalfYear{Year: 2026, Half: 2})
		before := office.Value[int](o, `SELECT count(*) FROM progress_entry`)

		p := o.Page(t, string(lang), "director")
		p.WithoutScript()
		p.Open(o.URL + local + "/report/" + period)
		p.Click(`[id="S1.2-1"] label[data-s=on_track]`)
		p.Fill(field("S1.2-1", "achieved"), "Zonder script / sans script")
		p.Follow(".savebar button[value=draft]")
		contains(t, "notice of the draft", p.Text("[role=status]"), words.T("report.draft_kept", "Time", "10:00"))
		if got := p.Value(field("S1.2-1", "achieved")); got != "Zonder script / sans script" {
			t.Errorf("the draft says %q", got)
		}
		p.Click(`[id="S3.1-1"] label:has([name="row.S3.1-1.same"])`)
		for _, code := range []string{"S1.2-1", "S3.1-1"} { // what was reported before is corrected, with a reason
			if p.Count(field(code, "correction")) > 0 {
				p.Fill(field(code, "correction"), "Aangevuld / complété")
			}
		}
		p.Follow("button[name=do][value=report]")
		contains(t, "notice of the report", p.Text("[role=status]"), words.T("report.recorded_notice", "Count", "2", "Period", half))
		if now := office.Value[int](o, `SELECT count(*) FROM progress_entry`); now != before+2 {
			t.Errorf("%d new entries, want 2", now-before)
		}

		p = o.Page(t, string(lang), "secretary")
		p.WithoutScript()
		p.Open(o.URL + local + "/monitoring/" + period)
		contains(t, "the table", p.Text("table.monitoring"), "Zonder script / sans script")
		p.Follow(`a[href$="/seal"]`)
		if n := p.Count(".ds-alert li"); n == 0 {
			t.Error("the review does not name the targets without a report")
		}
		p.Click("label:has(#confirm)")
		p.Follow(`form[action$="/seal"] button[type=submit]`)
		contains(t, "notice of the seal", p.Text("[role=status]"), words.T("seal.done", "Period", half))
		contains(t, "the seal", p.Text(".seal"), "SHA-256")
	})
}

// A row by keys alone, with a file and a block of cells.
func TestARowByKeyboardWithEvidenceAndPastedRows(t *testing.T) {
	inBoth(t, func(t *testing.T, o *office.Office, lang bilingual.Lang) {
		words := o.Catalogues.In(lang).Typeset()
		here := "/" + string(lang) + real + "/report/" + period
		p := enter(t, o, "director", here)
		p.Focus(`[id="S1.2-1"] .choice input`)
		p.Press("2")
		p.Press("0")
		p.Press("3")
		if got := browser.Ask[string](p, `document.querySelector('[id="S1.2-1"] .choice input:checked').value`); got != "support_needed" {
			t.Errorf("the keys chose %s", got)
		}
		p.Press("1")
		p.Fill(field("S1.2-1", "achieved"), "Met toetsen")
		browser.Ask[bool](p, `(() => {
			const files = new DataTransfer();
			files.items.add(new File(["Een nota."], "nota.txt", { type: "text/plain" }));
			document.getElementById("row.S1.2-1.achieved").dispatchEvent(new DragEvent("drop", { bubbles: true, dataTransfer: files }));
			return true })()`)
		p.WaitFor(`document.querySelector('[id="S1.2-1"] .chosen')?.textContent.includes("nota.txt")`)
		p.WaitFor(`document.getElementById("saved").dataset.state === "stored"`)
		picture(p, "report-evidence."+string(lang)+".1280", false)

		p.Open(o.URL + here + "/paste")
		p.Fill("#text", "SD1.1-1\t"+words.Status("on_track")+"\t\"Eerste regel\ntweede regel\"\nOS3.1-1\txyz\tfout\n")
		picture(p, "report-paste."+string(lang)+".1280", false)
		p.Follow("main form button[type=submit]")
		contains(t, "the preview", p.Text("table.paste"), "B2")
		for _, fault := range append(p.Axe(), p.Faults(nil)...) {
			t.Errorf("the preview: %s", fault)
		}
		picture(p, "report-preview."+string(lang)+".1280", false)
		p.Resize(360)
		picture(p, "report-preview."+string(lang)+".360", false)
		p.Resize(1280)
		p.Follow("form:has(.confirm) button[type=submit]")
		if got := p.Value(field("S1.1-1", "achieved")); got != "Eerste regel\ntweede regel" {
			t.Errorf("the draft says %q", got)
		}
		p.Fill(field("S1.1-1", "correction"), "Eerste versie was onvolledig") // it was reported on another day
		p.Follow(".savebar button[value=report]")
		contains(t, "the notice", p.Text("[role=status]"), words.HalfYear(calendar.HalfYear{Year: 2026, Half: 2}))
		if n := office.Value[int](o, `SELECT count(*) FROM evidence WHERE entry_id IS NOT NULL AND name = 'nota.txt'`); n != 1 {
			t.Errorf("the file belongs to %d entries", n)
		}
	})
}
