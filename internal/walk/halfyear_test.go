package walk_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/xuri/excelize/v2"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/locale"
	"jalon/internal/monitoring"
	"jalon/internal/report"
	"jalon/internal/testing/browser"
	"jalon/internal/testing/office"
)

// walk is the main job on a mandate that is new: its letter comes in, its
// holder reports, its table is sealed and taken away.
type walk struct {
	*testing.T
	*office.Office
	lang  bilingual.Lang
	words *locale.Printer
}

const (
	newMandate = "ACTIRIS-A4-NIEUW"
	newHolder  = "bart.proefmodel" // held another mandate until February
	period     = "2026-H2"
)

func (w walk) path(rest string) string { return "/" + string(w.lang) + rest }
func (w walk) home() string            { return w.path("/mandates/" + newMandate) }

func TestFromTheLetterToTheSealedTable(t *testing.T) {
	inBoth(t, func(t *testing.T, o *office.Office, lang bilingual.Lang) {
		w := walk{t, o, lang, o.Catalogues.In(lang).Typeset()}
		w.importLetter()
		o.Appoint(newMandate, newHolder+"@jalon.example", calendar.MustDate(2024, 10, 1))
		director := w.reportHalfYear()
		old := director.Tab() // left open on the form while the table is sealed
		old.Open(o.URL + w.home() + "/report/" + period)
		w.seal()
		w.takeAway()
		w.reportAfterTheSeal(director, old)
	})
}

// importLetter reads the letter from a file, then from pasted words, and stores
// the second. Read once more it changes nothing.
func (w walk) importLetter() {
	w.Helper()
	p := enter(w.T, w.Office, "admin", w.path("/import"))
	preview(p, letterFile, newMandate)
	w.previewIsRight(p)
	contains(w.T, "source of the preview", p.Text(".head"), "actiris-a4-eerste-lijn.nl.txt")
	if n := office.Value[int](w.Office, `SELECT count(*) FROM mandate WHERE code = $1`, newMandate); n != 0 {
		w.Fatalf("the preview stored the mandate")
	}

	p.Open(w.URL + w.path("/import"))
	p.Fill("#text", string(read(w.T, letterFile)))
	p.Choose("#institution", "ACTIRIS")
	p.Fill("#mandate", newMandate)
	p.Follow("main form button[type=submit]")
	w.previewIsRight(p)
	p.Follow("form.confirm button[type=submit]")
	contains(w.T, "notice", p.Text("[role=status]"), newMandate)
	if p.Path() != w.path("/mandates") {
		w.Errorf("after storing: %s", p.Path())
	}
	if n := w.targets(); n != 28 {
		w.Fatalf("%d targets stored, want 28", n)
	}

	p.Open(w.URL + w.path("/import"))
	preview(p, letterFile, newMandate)
	contains(w.T, "the same letter again", p.Text("main"), w.words.T("import.same"))
	if n := p.Count("form.confirm button[type=submit]"); n != 0 {
		w.Error("a letter that changes nothing can be stored")
	}
}

func (w walk) targets() int {
	return office.Value[int](w.Office, `SELECT count(*) FROM target t JOIN mandate m ON m.id = t.mandate_id WHERE m.code = $1`, newMandate)
}

// previewIsRight checks the counts of the letter and that its doubts are shown.
func (w walk) previewIsRight(p *browser.Page) {
	w.Helper()
	counts := browser.Ask[string](p, `[...document.querySelectorAll(".counts-line b")].map(b => b.textContent).join("/")`)
	if counts != "8/22/28/29/3" {
		w.Errorf("the preview counts %s, want 8/22/28/29/3", counts)
	}
	findings := p.Text(".findings ul")
	if n := strings.Count(findings, "Leefmilieu Brussel"); n < 2 {
		w.Errorf("Leefmilieu Brussel is questioned %d times, want twice: %s", n, findings)
	}
	if n := p.Count(".findings li"); n < 10 {
		w.Errorf("%d findings, want at least 10", n)
	}
	if beside := p.Count(".source tr[data-found] .finding"); beside < 8 {
		w.Errorf("%d findings stand beside their line", beside)
	}
}

// story is what the holder writes about a target, different for each.
func (w walk) story(i int) string {
	return fmt.Sprintf(map[bilingual.Lang]string{"nl": "Stap %d is gezet, de cijfers volgen.", "fr": "L’étape %d est franchie, les chiffres suivent."}[w.lang], i+1)
}

// statuses that the holder gives, as keys 1 to 7 on their rows.
func key(i int) string {
	switch i {
	case 21:
		return "3" // support needed, with three more fields
	case 5:
		return "7" // nothing to report, with a reason
	case 8:
		return "2"
	case 17:
		return "4"
	case 14:
		return "5"
	}
	return "1"
}

// reportHalfYear reports on all 28 targets with the keyboard, in one sitting
// with a break, and records them by pressing the button twice.
func (w walk) reportHalfYear() *browser.Page {
	w.Helper()
	here := w.home() + "/report/" + period
	p := enter(w.T, w.Office, newHolder, here)
	codes := browser.Ask[[]string](p, `[...document.querySelectorAll(".row")].map(r => r.dataset.code)`)
	if len(codes) != 28 {
		w.Fatalf("%d rows to report on, want 28", len(codes))
	}
	p.Focus(`[id="` + codes[0] + `"] .choice input`)
	w.draftIsKept(p, codes[0], here)
	p.Focus(`[id="` + codes[0] + `"] .choice input`)
	for i, code := range codes {
		w.reportRow(p, i, code)
	}
	p.WaitFor(`document.getElementById("saved").dataset.state === "stored"`)
	contains(w.T, "progress", p.Text("#progress-text"), w.words.T("report.progress", "Count", 28, "Of", 28))

	p.Reload()
	for i, code := range codes {
		if got := p.Value(field(code, "achieved")); i != 5 && got != w.story(i) {
			w.Errorf("after the break %s says %q, want %q", code, got, w.story(i))
		}
	}
	if n := w.entries(); n != 0 {
		w.Errorf("%d entries are recorded before the button is pressed", n)
	}
	browser.Ask[bool](p, `(() => { const b = document.querySelector("button[name=do][value=report]"); setTimeout(() => { b.click(); b.click(); }); return true })()`)
	p.WaitFor(`location.pathname === "` + w.home() + `" && document.readyState === "complete"`)
	contains(w.T, "notice", p.Text("[role=status]"), w.words.T("report.recorded_notice", "Count", "28", "Period", w.words.HalfYear(calendar.HalfYear{Year: 2026, Half: 2})))
	if n := w.entries(); n != 28 {
		w.Errorf("%d entries after pressing twice, want 28", n)
	}
	for _, words := range []string{w.story(0), w.story(27), w.words.Status("compromised"), w.words.Status("support_needed")} {
		contains(w.T, "the mandate's page", p.Text("main"), words)
	}
	return p
}

func (w walk) entries() int {
	return office.Value[int](w.Office, `
		SELECT count(*) FROM progress_entry e JOIN target t ON t.id = e.target_id JOIN mandate m ON m.id = t.mandate_id
		WHERE m.code = $1`, newMandate)
}

// draftIsKept types on the first row. While the server has not answered the
// page does not say that it is stored; after a reload what was typed is there.
func (w walk) draftIsKept(p *browser.Page, code, here string) {
	w.Helper()
	arrived, release := p.Hold("*" + here)
	p.Press("1")
	p.Fill(field(code, "achieved"), w.story(0))
	if got := <-arrived; !strings.HasPrefix(got, "POST ") {
		w.Errorf("held %s, want the draft", got)
	}
	if got := p.Text("#saved"); got != w.words.T("report.unsaved") {
		w.Errorf("before the server has the draft the page says %q", got)
	}
	release()
	p.WaitFor(`document.getElementById("saved").dataset.state === "stored"`)
	contains(w.T, "after the server's answer", p.Text("#saved"), w.words.T("report.saved_at", "Time", "10:00"))
	p.Reload()
	if got := p.Value(field(code, "achieved")); got != w.story(0) {
		w.Errorf("after a reload %s says %q", code, got)
	}
	if n := p.Count(`[id="` + code + `"] .choice input:checked`); n != 1 {
		w.Errorf("after a reload %s has %d statuses", code, n)
	}
}

// reportRow begins on the statuses of a row and tabs on to the next one.
func (w walk) reportRow(p *browser.Page, i int, code string) {
	w.Helper()
	p.Press(key(i))
	switch key(i) {
	case "3":
		tabTo(w.T, p, field(code, "support_asked"))
		p.Type("x2")
		p.Press(kb.Tab)
		p.Type("Directieraad")
		p.Press(kb.Tab)
		p.Type("31/01/2027")
	case "7":
		tabTo(w.T, p, field(code, "reason"))
		p.Type(w.story(i))
	}
	if key(i) != "7" && i > 0 {
		tabTo(w.T, p, field(code, "achieved"))
		p.Type(w.story(i))
	}
	tabTo(w.T, p, `.row:not([id="`+code+`"]) .choice input, .savebar button`)
}

// tabTo presses Tab until the focus is on what matches.
func tabTo(t *testing.T, p *browser.Page, selector string) {
	t.Helper()
	for range 15 {
		p.Press(kb.Tab)
		if browser.Ask[bool](p, "document.activeElement.matches("+strconv.Quote(selector)+")") {
			return
		}
	}
	t.Fatalf("Tab does not reach %s in 15 steps, but %s", selector, browser.Ask[string](p, "document.activeElement.outerHTML.slice(0, 200)"))
}

// seal is the secretary's: table, review, seal.
func (w walk) seal() {
	w.Helper()
	p := enter(w.T, w.Office, "secretary", w.home()+"/monitoring/"+period)
	if n := p.Count("table.monitoring tbody tr"); n != 28 {
		w.Errorf("%d rows in the table, want 28", n)
	}
	p.Follow(`a[href$="/seal"]`)
	contains(w.T, "review", p.Text("main"), w.words.T("seal.complete"))
	p.Focus("#confirm")
	p.Press(" ")
	p.Follow(`form[action$="/seal"] button[type=submit]`)
	contains(w.T, "notice", p.Text("[role=status]"), w.words.T("seal.done", "Period", w.words.HalfYear(calendar.HalfYear{Year: 2026, Half: 2})))
	contains(w.T, "seal", p.Text(".seal"), "SHA-256")
}

// takeAway downloads every format in both languages and checks each without
// the server; a copy in which one word was changed is refused by its row.
func (w walk) takeAway() {
	w.Helper()
	p := enter(w.T, w.Office, "secretary", w.home()+"/monitoring/"+period)
	for _, lang := range []bilingual.Lang{w.lang, w.lang.Other()} {
		if lang != w.lang {
			p.Follow("a.language")
			contains(w.T, "the other language", p.Path(), "/"+string(lang)+"/mandates/")
		}
		for _, format := range []report.Format{report.XLSX, report.PDF, report.CSV, report.JSON} {
			name, file := p.Download(`a[download][href$=".` + string(format) + `"]`)
			contains(w.T, "name of the file", name, newMandate+"-"+period+"-v1."+string(lang)+"."+string(format))
			w.isIntact(format, file)
		}
	}
}

func (w walk) isIntact(format report.Format, file []byte) {
	w.Helper()
	if format == report.CSV {
		w.isWholeCSV(file)
		return
	}
	checked := w.verify(file)
	if checked.Outcome != monitoring.Intact || !checked.Trusted || checked.Format != format || len(checked.Table.Rows) != 28 {
		w.Errorf("%s: %v, trusted %t, %d rows, %v", format, checked.Outcome, checked.Trusted, len(checked.Table.Rows), checked.Changes)
	}
	if format == report.PDF {
		return
	}
	row := checked.Table.Rows[20]
	changed := w.verify(w.tamper(format, file, row.Now.Entry.Achieved))
	if changed.Outcome != monitoring.Altered {
		w.Errorf("%s with one word changed: %v", format, changed.Outcome)
	}
	for _, c := range changed.Changes {
		if c.Row == row.Code {
			return
		}
	}
	w.Errorf("%s: the changed row %s is not named in %+v", format, row.Code, changed.Changes)
}

func (w walk) verify(file []byte) report.Checked {
	return report.Verify(file, []monitoring.PublicKey{w.Signer.Public()}, w.Catalogues)
}

// tamper changes the words of one row.
func (w walk) tamper(format report.Format, file []byte, words string) []byte {
	w.Helper()
	const other = "Alles is af. Tout est fini."
	if format == report.JSON {
		if bytes.Count(file, []byte(words)) != 1 {
			w.Fatalf("JSON has %q %d times", words, bytes.Count(file, []byte(words)))
		}
		return bytes.Replace(file, []byte(words), []byte(other), 1)
	}
	book, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		w.Fatal(err)
	}
	changed := 0
	for _, sheet := range book.GetSheetList() {
		rows, err := book.GetRows(sheet)
		if err != nil {
			w.Fatal(err)
		}
		for r, cells := range rows {
			for c, cell := range cells {
				if !strings.Contains(cell, words) || len(cell) > 4*len(words) {
					continue // the last is the signed table itself
				}
				name, _ := excelize.CoordinatesToCellName(c+1, r+1)
				if err := book.SetCellStr(sheet, name, strings.Replace(cell, words, other, 1)); err != nil {
					w.Fatal(err)
				}
				changed++
			}
		}
	}
	if changed == 0 {
		w.Fatalf("no cell says %q", words)
	}
	var out bytes.Buffer
	if err := book.Write(&out); err != nil {
		w.Fatal(err)
	}
	return out.Bytes()
}

func (w walk) isWholeCSV(file []byte) {
	w.Helper()
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(file, []byte("\ufeff"))))
	r.Comma, r.FieldsPerRecord = ';', -1
	records, err := r.ReadAll()
	if err != nil {
		w.Fatal(err)
	}
	codes := map[string]bool{}
	for _, record := range records[1:] {
		codes[record[0]] = true
	}
	if len(records) != 29 || len(codes) != 28 {
		w.Errorf("CSV: %d lines with %d codes, want 29 and 28", len(records), len(codes))
	}
	if !bytes.Contains(file, []byte(w.story(20))) {
		w.Errorf("CSV does not say %q", w.story(20))
	}
}

// reportAfterTheSeal finds the half-year closed: the page leads to the table,
// and a form that was left open is refused with words.
func (w walk) reportAfterTheSeal(director, old *browser.Page) {
	w.Helper()
	here := w.home() + "/report/" + period
	director.Open(w.URL + here)
	if got := director.Path(); got != w.home()+"/monitoring/"+period {
		w.Errorf("reporting on a sealed half-year leads to %s", got)
	}
	old.Expect(http.StatusConflict, here)
	old.Follow("button[name=do][value=report]")
	contains(w.T, "the old form", old.Text("main"), w.words.T("problem.detail.sealed"))
	if n := w.entries(); n != 28 {
		w.Errorf("%d entries after the seal, want 28", n)
	}
}
