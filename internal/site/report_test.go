package site

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"
)

const reportPage = "/nl/mandates/LETTER/report/2026-H2"

var (
	rowBases = regexp.MustCompile(`name="(row\.[ST][0-9.\-]+\.base)" value="([^"]*)"`)
	hiddens  = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)
)

// rowForm is the form of the page as a browser has it now, with one row filled in.
func (b *browser) rowForm(do, code string, fields ...string) url.Values {
	b.t.Helper()
	page := b.get(reportPage).Body.String()
	form := url.Values{"idempotency_key": {uuid.NewString()}, "do": {do}}
	for _, all := range [][][]string{rowVersions.FindAllStringSubmatch(page, -1), rowBases.FindAllStringSubmatch(page, -1)} {
		for _, m := range all {
			if strings.HasPrefix(m[1], "row."+code+".") {
				form.Set(m[1], m[len(m)-1])
			}
		}
	}
	for i := 0; i < len(fields); i += 2 {
		form.Set("row."+code+"."+fields[i], fields[i+1])
	}
	return form
}

// files sends a form with files of one field.
func (b *browser) files(path string, form url.Values, field string, files map[string][]byte, accept string) *httptest.ResponseRecorder {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, values := range form {
		_ = w.WriteField(name, values[0])
	}
	for name, content := range files {
		part, err := w.CreateFormFile(field, name)
		if err != nil {
			b.t.Fatal(err)
		}
		_, _ = part.Write(content)
	}
	_ = w.Close()
	return b.postRaw(path, w.FormDataContentType(), body.String())
}

// A report is one transaction: what was typed is no draft in between, and is
// one when it cannot be recorded.
func TestAReportIsStoredAtOnceAndKeptWhenItIsRefused(t *testing.T) {
	o := withLetter(t)
	b := o.as("director")
	refused := b.rowForm("report", "S1.1-1", "status", "support_needed", "achieved", "Bijna klaar.")
	wantCode(t, "without what is asked", b.post(reportPage, refused), http.StatusUnprocessableEntity)
	if got := value[string](o, `SELECT string_agg(fields->>'achieved', '|') FROM report_draft`); got != "Bijna klaar." {
		t.Errorf("the draft of the refused report says %q", got)
	}
	drafts := value[int](o, `SELECT count(*) FROM audit_event WHERE action = 'save draft'`)
	begins := value[int](o, `SELECT count(DISTINCT xmin::text) FROM audit_event`)
	wantCode(t, "with it", b.post(reportPage, b.rowForm("report", "S1.2-1", "status", "on_track", "achieved", "Klaar.")), http.StatusSeeOther)
	if n := value[int](o, `SELECT count(*) FROM audit_event WHERE action = 'save draft'`); n != drafts {
		t.Errorf("%d drafts were saved on the way, want none", n-drafts)
	}
	if n := value[int](o, `SELECT count(DISTINCT xmin::text) FROM audit_event`); n != begins+1 {
		t.Errorf("%d transactions, want one", n-begins)
	}
	if got := value[string](o, `SELECT string_agg(fields->>'achieved', '|') FROM report_draft`); got != "Bijna klaar." {
		t.Errorf("after the other report the draft says %q", got)
	}
}

// Who clicks several times has recorded once, and is sent to the same page each time.
func TestAReportSentAtOnceIsRecordedOnce(t *testing.T) {
	o := withLetter(t)
	form := o.as("director").rowForm("report", "S1.1-1", "status", "on_track", "achieved", "Eén keer.")
	answers := make(chan *httptest.ResponseRecorder, 6)
	for range cap(answers) {
		b := o.as("director")
		go func() { answers <- b.post(reportPage, form) }()
	}
	for range cap(answers) {
		w := <-answers
		if got := w.Header().Get("Location"); w.Code != http.StatusSeeOther || got != "/nl/mandates/LETTER" {
			t.Errorf("answered %d, sent to %q", w.Code, got)
		}
	}
	if n := value[int](o, `SELECT count(*) FROM progress_entry`); n != 1 {
		t.Errorf("%d entries, want 1", n)
	}
}

// A form may have rows of the own mandate's targets and no others, whoever else has these.
func TestAFormHasRowsOfOwnTargetsOnly(t *testing.T) {
	o := withLetter(t)
	b := o.as("director")
	form := b.rowForm("draft", "S1.1-1", "achieved", "Van mij.")
	form.Set("row.S9.9-9.version", "0")
	form.Set("row.S9.9-9.achieved", "Van niemand.")
	wantCode(t, "a row of no target", b.post(reportPage, form), http.StatusBadRequest)
	form.Del("row.S9.9-9.version")
	wantCode(t, "a field of no target", b.post(reportPage, form), http.StatusBadRequest)
	if n := value[int](o, `SELECT count(*) FROM report_draft`); n != 0 {
		t.Errorf("%d drafts of refused forms", n)
	}
}

func TestTwoWritersLoseNothing(t *testing.T) {
	o := withLetter(t)
	o.sql(`INSERT INTO delegation (mandate_id, granted_by, person_id, starts_on, ends_on) SELECT id, $1, $2, '2026-01-01', '2026-12-31' FROM mandate WHERE code = 'LETTER'`, o.id["director"], o.id["delegate"])
	director, delegate := o.as("director"), o.as("delegate")
	words := func(code, field string) string {
		return value[string](o, `SELECT COALESCE(max(d.fields->>$2), '') FROM report_draft d JOIN target t ON t.id = d.target_id WHERE t.code = $1`, code, field)
	}

	// different fields of one row: they join by themselves
	first := director.rowForm("draft", "S1.1-1", "achieved", "Van de directeur.")
	second := delegate.rowForm("draft", "S1.1-1", "status", "attention", "next_steps", "Van de gemachtigde.")
	wantCode(t, "the first", director.post(reportPage, first), http.StatusSeeOther)
	wantCode(t, "another field", delegate.post(reportPage, second), http.StatusSeeOther)
	if words("S1.1-1", "achieved") != "Van de directeur." || words("S1.1-1", "next_steps") != "Van de gemachtigde." || words("S1.1-1", "status") != "attention" {
		t.Error("two fields of one row did not join")
	}

	// the same field: both texts are shown and stay to be found
	mine, theirs := delegate.rowForm("draft", "S1.1-1", "achieved", "Tweede tekst.", "next_steps", "Van de gemachtigde.", "status", "attention"), director.rowForm("draft", "S1.1-1", "achieved", "Derde tekst.", "next_steps", "Van de gemachtigde.", "status", "attention")
	wantCode(t, "the director", director.post(reportPage, theirs), http.StatusSeeOther)
	page := delegate.post(reportPage, mine)
	wantCode(t, "the same field", page, http.StatusConflict)
	for _, want := range []string{"Tweede tekst.", "Derde tekst.", `name="row.S1.1-1.pick_achieved"`, "Naam director"} {
		if !strings.Contains(page.Body.String(), want) {
			t.Errorf("the page of the conflict lacks %q", want)
		}
	}
	if strings.Contains(page.Body.String(), `name="row.S1.1-1.pick_next_steps"`) {
		t.Error("it asks about a field that nobody else changed")
	}
	if words("S1.1-1", "achieved") != "Derde tekst." {
		t.Error("a conflict was stored")
	}
	for _, m := range hiddens.FindAllStringSubmatch(page.Body.String(), -1) {
		if strings.HasPrefix(m[1], "row.S1.1-1.") {
			mine.Set(m[1], m[2])
		}
	}
	mine.Set("row.S1.1-1.pick_achieved", "both")
	wantCode(t, "both texts", delegate.post(reportPage, mine), http.StatusSeeOther)
	if got := words("S1.1-1", "achieved"); got != "Tweede tekst.\n\nDerde tekst." {
		t.Errorf("the draft says %q", got)
	}
	after := director.get(reportPage).Body.String()
	if n := value[int](o, `SELECT count(*) FROM report_draft_text WHERE fields->>'achieved' IN ('Tweede tekst.', 'Derde tekst.')`); n != 2 || !strings.Contains(after, `class="replaced"`) {
		t.Errorf("%d replaced texts are kept, want 2", n)
	}

	// recorded in one window, recorded once more in an old one: no second entry over the first
	old := director.rowForm("report", "S1.2-1", "status", "attention", "achieved", "Oud venster.")
	wantCode(t, "record", director.post(reportPage, director.rowForm("report", "S1.2-1", "status", "on_track", "achieved", "Nieuw venster.")), http.StatusSeeOther)
	wantCode(t, "the old window", director.post(reportPage, old), http.StatusConflict)
	if n := value[int](o, `SELECT count(*) FROM progress_entry`); n != 1 {
		t.Errorf("%d entries, want 1", n)
	}

	// gone back to and sent again: the same is one entry, something else is not lost
	back := director.rowForm("report", "S3.1-1", "status", "on_track", "achieved", "Eerst.")
	for range 2 {
		wantCode(t, "twice", director.post(reportPage, back), http.StatusSeeOther)
	}
	back.Set("row.S3.1-1.achieved", "Eerst, en meer.")
	wantCode(t, "changed after going back", director.post(reportPage, back), http.StatusConflict)
	if n := value[int](o, `SELECT count(*) FROM progress_entry`); n != 2 {
		t.Errorf("%d entries, want 2", n)
	}
}

func TestEvidenceWaitsBesideTheDraftAndMovesToTheEntry(t *testing.T) {
	o := withLetter(t)
	b := o.as("director")
	form := b.rowForm("draft", "S1.1-1", "achieved", "Met bewijs.", "link_url", "https://actiris.example/verslag", "link_title", "Verslag")
	pdf := map[string][]byte{"nota.txt": []byte("Een nota."), "kwaad.exe": []byte("MZ\x90\x00")}
	page := b.files(reportPage, form, "row.S1.1-1.file", pdf, "")
	wantCode(t, "one that is refused", page, http.StatusUnprocessableEntity)
	for _, want := range []string{"kwaad.exe", "nota.txt", "https://actiris.example/verslag", "Met bewijs."} {
		if !strings.Contains(page.Body.String(), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if n := value[int](o, `SELECT count(*) FROM report_draft_evidence`); n != 2 {
		t.Fatalf("%d wait beside the draft, want 2", n)
	}
	for _, bad := range []string{"http://actiris.example", "https://naam:wachtwoord@actiris.example", "javascript:alert(1)"} {
		wantCode(t, bad, b.post(reportPage, b.rowForm("draft", "S1.2-1", "link_url", bad, "link_title", "x")), http.StatusUnprocessableEntity)
	}
	again := b.files(reportPage, b.rowForm("draft", "S1.1-1", "achieved", "Met bewijs."), "row.S1.1-1.file", map[string][]byte{"nota.txt": []byte("Een nota.")}, "")
	wantCode(t, "the same file again", again, http.StatusSeeOther)
	form = b.rowForm("report", "S1.1-1", "status", "on_track", "achieved", "Met bewijs.", "outside", "1")
	wantCode(t, "outside the control of what", b.post(reportPage, form), http.StatusUnprocessableEntity)
	form.Set("row.S1.1-1.obstacles", "De wet is er niet.")
	wantCode(t, "record", b.post(reportPage, form), http.StatusSeeOther)
	if got := value[string](o, `SELECT format('%s files, %s links, %s waiting, outside %s', (SELECT count(*) FROM evidence WHERE entry_id IS NOT NULL),
		(SELECT count(*) FROM evidence_link), (SELECT count(*) FROM report_draft_evidence), (SELECT outside_control FROM progress_entry))`); got != "1 files, 1 links, 0 waiting, outside t" {
		t.Error(got)
	}
	if page := b.get(reportPage).Body.String(); !strings.Contains(page, "nota.txt") {
		t.Error("the recorded file does not stand on the row")
	}
	if page := b.get("/nl/mandates/LETTER/targets/S1.1-1").Body.String(); !strings.Contains(page, "Buiten de macht") {
		t.Error("the page of the target does not tell that it lies outside the holder's control")
	}
}

func TestACorrectionOfAnotherDayAsksWhy(t *testing.T) {
	o := withLetter(t)
	b := o.as("director")
	record := func(fields ...string) int { return b.post(reportPage, b.rowForm("report", "S1.1-1", fields...)).Code }
	if got := record("status", "on_track", "achieved", "Versie 1."); got != http.StatusSeeOther {
		t.Fatal(got)
	}
	if got := record("status", "on_track", "achieved", "Versie 1, dezelfde dag."); got != http.StatusSeeOther {
		t.Errorf("a mistake of the same day: %d", got)
	}
	o.pass(24 * time.Hour)
	b = o.as("director")
	if got := record("status", "attention", "achieved", "Versie 2."); got != http.StatusUnprocessableEntity {
		t.Errorf("without a reason: %d", got)
	}
	if got := record("status", "attention", "achieved", "Versie 2.", "correction", "Verkeerde rij."); got != http.StatusSeeOther {
		t.Errorf("with a reason: %d", got)
	}
	page := b.get("/nl/mandates/LETTER/targets/S1.1-1").Body.String()
	for _, want := range []string{"Versie 1.", "Versie 2.", "Verkeerde rij."} {
		if !strings.Contains(page, want) {
			t.Errorf("the history lacks %q", want)
		}
	}
	seal := url.Values{"idempotency_key": {uuid.NewString()}, "confirm": {"yes"}}
	late := b.rowForm("report", "S1.1-1", "status", "achieved", "achieved", "Te laat.", "correction", "x")
	wantCode(t, "seal", o.as("secretary").post("/nl/mandates/LETTER/monitoring/2026-H2/seal", seal), http.StatusSeeOther)
	refused := b.post(reportPage, late)
	wantCode(t, "after the seal", refused, http.StatusConflict)
	if !strings.Contains(refused.Body.String(), `href="/nl/mandates/LETTER/monitoring/2026-H2"`) {
		t.Error("the refusal does not lead to the sealed table")
	}
}

// The answer that a browser waits for again may come when the part lies elsewhere, or is sealed.
func TestAReportSentAgainAfterItsPartClosedGetsItsFirstAnswer(t *testing.T) {
	o := withLetter(t)
	secretary, director := o.openRound("LETTER", "2026-H2"), o.as("director")
	secretary.step("open", "collecting", "")
	const submit = reportPage + "/submit"
	form := director.rowForm("report", "S1.1-1", "status", "on_track", "achieved", "Op tijd.")
	first := director.post(reportPage, form)
	wantCode(t, "record", first, http.StatusSeeOther)
	late, draft := director.rowForm("report", "S1.2-1", "status", "on_track", "achieved", "Te laat."), director.rowForm("draft", "S1.2-1", "achieved", "Te laat.")
	wantCode(t, "submit", director.post(submit, key(url.Values{})), http.StatusSeeOther)
	for _, state := range []string{"submitted", "sealed"} {
		again := director.post(reportPage, form)
		wantCode(t, "sent again when "+state, again, http.StatusSeeOther)
		if got, want := again.Header().Get("Location"), first.Header().Get("Location"); got != want {
			t.Errorf("%s: sent to %q, at first to %q", state, got, want)
		}
		changed := url.Values{}
		for name, values := range form {
			changed[name] = values
		}
		changed.Set("row.S1.1-1.achieved", "Iets anders.")
		wantCode(t, "changed and sent again when "+state, director.post(reportPage, changed), http.StatusConflict)
		wantCode(t, "another report when "+state, director.post(reportPage, late), http.StatusConflict)
		wantCode(t, "a draft when "+state, director.post(reportPage, draft), http.StatusConflict)
		if state == "submitted" {
			secretary.step("collecting", "grace", "")
			secretary.step("grace", "presented", "")
			wantCode(t, "seal", secretary.post(theRound+"/seal", key(url.Values{"confirm": {"yes"}})), http.StatusSeeOther)
		}
	}
	if got := value[string](o, `SELECT string_agg(achieved, ' ') FROM progress_entry`); got != "Op tijd." {
		t.Errorf("recorded: %s", got)
	}
	if n := value[int](o, `SELECT count(*) FROM report_draft`); n != 0 {
		t.Errorf("%d drafts were kept in a closed half-year", n)
	}
}

func TestRowsOfASpreadsheetFillTheDraftsAfterALook(t *testing.T) {
	o := withLetter(t)
	b := o.as("director")
	wantCode(t, "the page", b.get(reportPage+"/paste"), http.StatusOK)
	take := func(page *httptest.ResponseRecorder, name string) url.Values {
		t.Helper()
		wantCode(t, name, page, http.StatusOK)
		form := url.Values{"take.0": {"1"}, "take.1": {"1"}}
		for _, m := range hiddens.FindAllStringSubmatch(page.Body.String(), -1) {
			if !strings.HasPrefix(m[1], "row.") {
				form.Set(m[1], strings.NewReplacer("&#34;", `"`, "&#9;", "\t", "&#10;", "\n").Replace(m[2]))
			}
		}
		return form
	}
	text := "SD1.1-1\tOp schema\t\"Eerste\nregel\"\nOS1.2-1\ten difficulté ?\tx\nS9.9-9\t1\tx"
	page := b.files(reportPage+"/paste", url.Values{"text": {text}}, "file", nil, "")
	for _, want := range []string{"B2", "A3", "S9.9-9"} {
		if !strings.Contains(page.Body.String(), want) {
			t.Errorf("the preview lacks %q", want)
		}
	}
	form := take(page, "preview")
	if n := value[int](o, `SELECT count(*) FROM report_draft`); n != 0 {
		t.Fatal("the preview stored something")
	}
	for range 2 {
		wantCode(t, "confirm", b.post(reportPage+"/paste/confirm", form), http.StatusSeeOther)
	}
	if got := value[string](o, `SELECT string_agg(fields->>'achieved', '|') FROM report_draft`); got != "Eerste\nregel" {
		t.Errorf("the drafts say %q", got)
	}

	file := b.get(reportPage + "/form.xlsx")
	wantCode(t, "the form", file, http.StatusOK)
	book, err := excelize.OpenReader(file.Body)
	if err != nil {
		t.Fatal(err)
	}
	rows, _ := book.GetRows("Rapport")
	row := len(rows) - 1
	_ = book.SetCellStr("Rapport", "E"+strconv.Itoa(row), "Gehaald")
	_ = book.SetCellStr("Rapport", "F"+strconv.Itoa(row), "Af.")
	var filled bytes.Buffer
	if err := book.Write(&filled); err != nil {
		t.Fatal(err)
	}
	form = take(b.files(reportPage+"/paste", url.Values{"text": {""}}, "file", map[string][]byte{"formulier.xlsx": filled.Bytes()}, ""), "preview of the workbook")
	b.post(reportPage, b.rowForm("draft", "S1.1-1", "achieved", "Intussen anders."))
	wantCode(t, "after another change", b.post(reportPage+"/paste/confirm", form), http.StatusUnprocessableEntity)
	wantCode(t, "a zip bomb's cousin", b.files(reportPage+"/paste", url.Values{"text": {""}}, "file", map[string][]byte{"x.xlsx": []byte("PK\x03\x04zzzz")}, ""), http.StatusUnprocessableEntity)
	form = take(b.files(reportPage+"/paste", url.Values{"text": {""}}, "file", map[string][]byte{"formulier.xlsx": filled.Bytes()}, ""), "preview again")
	for i := range 30 {
		form.Set("take."+strconv.Itoa(i), "1")
	}
	wantCode(t, "confirm the workbook", b.post(reportPage+"/paste/confirm", form), http.StatusSeeOther)
	if n := value[int](o, `SELECT count(*) FROM report_draft WHERE fields->>'status' = 'achieved' AND fields->>'achieved' = 'Af.'`); n != 1 {
		t.Errorf("%d drafts from the workbook, want 1", n)
	}
}

func TestTheReportTakesFewStatements(t *testing.T) {
	o := withLetter(t)
	b := o.as("director")
	b.get(reportPage)
	o.count.taken()
	b.get(reportPage)
	if got := o.count.taken(); len(got) > 3 { // who asks, the mandate, and what is written
		t.Errorf("%d statements:\n%s", len(got), strings.Join(got, "\n---\n"))
	}
}

// A mandate with more targets than most is reported on in one form, with the fields of every row and with files.
func TestAReportOfAHundredRowsIsTaken(t *testing.T) {
	o := withLetter(t)
	o.sql(`INSERT INTO target (mandate_id, measurement_point_id, code, position, wording_id)
		SELECT g.mandate_id, g.measurement_point_id, 'S1.1-' || n, n, g.wording_id FROM target g JOIN mandate m ON m.id = g.mandate_id, generate_series(2, 73) n WHERE m.code = 'LETTER' AND g.code = 'S1.1-1'`)
	director := o.as("director")
	form := director.reportForm(reportPage)
	rows := 0
	for name := range form {
		if row, ok := strings.CutSuffix(name, ".version"); ok {
			rows++
			for _, field := range []string{"obstacles", "next_steps", "support_asked", "support_of", "support_by", "reason", "link_url", "link_title", "same"} {
				form.Set(row+"."+field, "")
			}
		}
	}
	if rows != 100 || len(form) < 1000 {
		t.Fatalf("%d rows, %d fields", rows, len(form))
	}
	wantCode(t, "report", director.files(reportPage, form, "row.S1.1-1.file", map[string][]byte{"nota.txt": []byte("Een nota.")}, ""), http.StatusSeeOther)
	if n := value[int](o, `SELECT count(*) FROM progress_entry`); n != 100 {
		t.Errorf("%d entries", n)
	}
}

// The bar below the form counts what is filled in, recorded or not, of what is
// owed, and leads to the first row that waits.
func TestTheBarCountsWhatIsFilledInAndLeadsToWhatIsNot(t *testing.T) {
	director := withLetter(t).as("director")
	bar := func() []string {
		return regexp.MustCompile(`(?s)id="progress-text">(\d+) van (\d+) ingevuld.*?id="next" href="#([^"]+)"`).FindStringSubmatch(director.get(reportPage).Body.String())
	}
	before := bar()
	if len(before) == 0 || before[3] != "S1.1-1" {
		t.Fatalf("the bar says %q", before)
	}
	wantCode(t, "a draft", director.post(reportPage, director.rowForm("draft", "S1.1-1", "status", "on_track")), http.StatusSeeOther)
	after := bar()
	filled, _ := strconv.Atoi(before[1])
	if after[1] != strconv.Itoa(filled+1) || after[2] != before[2] || after[3] == "S1.1-1" {
		t.Errorf("%q became %q with a draft", before[1:], after[1:])
	}
	if owed := strings.Count(director.get(reportPage).Body.String(), " data-owed "); strconv.Itoa(owed) != after[2] {
		t.Errorf("%d rows count, of %s", owed, after[2])
	}
}
