package site

import (
	"bytes"
	"context"
	"errors"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/report"
	"jalon/internal/store"
	"jalon/web"
)

const (
	theLetter    = "../letter/testdata/actiris-a4-eerste-lijn.nl.txt"
	frenchLetter = "../letter/testdata/actiris-a4-eerste-lijn.fr.txt"
)

// upload sends the letter to the import page, as a file or as pasted words.
func (b *browser) upload(path string, file []byte, name string, fields map[string]string) *httptest.ResponseRecorder {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	var err error
	if file != nil {
		part, failed := w.CreateFormFile("file", name)
		err = failed
		if err == nil {
			_, err = part.Write(file)
		}
	}
	for field, value := range fields {
		err = errors.Join(err, w.WriteField(field, value))
	}
	if err = errors.Join(err, w.Close()); err != nil {
		b.t.Fatal(err)
	}
	return b.postRaw(path, w.FormDataContentType(), body.String())
}

// withLetter gives an office whose first mandate comes from the real letter,
// held by the director.
func withLetter(t testing.TB) *office {
	t.Helper()
	o := newOffice(t)
	raw, err := os.ReadFile(theLetter)
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{
		"idempotency_key": {uuid.NewString()}, "text": {string(raw)}, "institution": {"ACTIRIS"}, "mandate": {"LETTER"}, "lang": {"nl"}, "source": {"brief.txt"},
	}
	wantCode(t, "import", o.as("admin").post("/nl/import/confirm", form), http.StatusSeeOther)
	o.sql(`INSERT INTO tenure (mandate_id, person_id, starts_on, ends_on, told_from) SELECT id, $1, '2024-10-01', '2029-09-30', '2024-10-01' FROM mandate WHERE code = 'LETTER'`, o.id["director"])
	return o
}

func TestTheLetterIsShownBeforeItIsStored(t *testing.T) {
	o := newOffice(t)
	admin := o.as("admin")
	raw, err := os.ReadFile(theLetter)
	if err != nil {
		t.Fatal(err)
	}
	fields := map[string]string{"institution": "ACTIRIS", "mandate": "letter", "lang": ""}
	page := admin.upload("/nl/import", raw, "brief.txt", fields)
	wantCode(t, "preview", page, http.StatusOK)
	for _, words := range []string{"Leefmilieu Brussel", "SD3.2-2", "LETTER"} {
		if !strings.Contains(page.Body.String(), words) {
			t.Errorf("the preview lacks %q", words)
		}
	}
	if n := value[int](o, `SELECT count(*) FROM mandate WHERE code = 'LETTER'`); n != 0 {
		t.Fatalf("the preview stored %d mandates", n)
	}
	fields["text"] = string(raw)
	wantCode(t, "preview of pasted words", admin.upload("/fr/import", nil, "", fields), http.StatusOK)
}

func TestWhatIsNoLetterIsRefusedWithAReason(t *testing.T) {
	o := newOffice(t)
	admin := o.as("admin")
	fields := map[string]string{"institution": "ACTIRIS", "mandate": "X1", "lang": ""}
	for name, file := range map[string][]byte{
		"empty": {}, "a recipe": []byte("Neem twee eieren en klop ze los."), "invalid UTF-8": {0xff, 0xfe, 0xfa, 'a'}, "a picture": []byte("\x89PNG\r\n\x1a\n0000"),
	} {
		for _, lang := range []string{"nl", "fr"} {
			page := admin.upload("/"+lang+"/import", file, "brief.txt", fields)
			wantCode(t, name, page, http.StatusUnprocessableEntity)
			if !strings.Contains(page.Body.String(), `id="file-error"`) {
				t.Errorf("%s: no sentence beside the field", name)
			}
		}
	}
	fields["text"] = "Neem twee eieren en klop ze los."
	for lang, name := range map[string]string{"nl": "Tekst van de brief: ", "fr": "Texte de la lettre : "} {
		page := admin.upload("/"+lang+"/import", nil, "", fields)
		wantCode(t, "pasted words", page, http.StatusUnprocessableEntity)
		if link := between(page.Body.String(), `<a href="#text">`, "</a>"); !strings.HasPrefix(strings.ReplaceAll(link, "\u00a0", " "), name) {
			t.Errorf("the list of what must be mended says %q, want it to begin with %q", link, name)
		}
	}
	big := admin.upload("/nl/import", bytes.Repeat([]byte("x"), 13<<20), "brief.txt", fields)
	wantCode(t, "13 MB", big, http.StatusRequestEntityTooLarge)
	if n := value[int](o, `SELECT count(*) FROM letter_import`); n != 0 {
		t.Errorf("%d letters stored", n)
	}
}

func TestTheSameLetterAgainChangesNothing(t *testing.T) {
	o := withLetter(t)
	before := value[int](o, `SELECT count(*) FROM wording_version`)
	raw, _ := os.ReadFile(theLetter)
	page := o.as("admin").upload("/nl/import", raw, "brief.txt", map[string]string{"institution": "ACTIRIS", "mandate": "LETTER", "lang": "nl"})
	wantCode(t, "preview", page, http.StatusOK)
	if strings.Contains(page.Body.String(), `formaction`) || strings.Contains(page.Body.String(), `name="effective_on"`) {
		t.Error("the preview of an unchanged letter asks for a date")
	}
	changed := strings.Replace(string(raw), "regelmatig controleren en de nodige", "maandelijks controleren en de nodige", 1)
	form := url.Values{"idempotency_key": {uuid.NewString()}, "text": {changed}, "institution": {"ACTIRIS"}, "mandate": {"LETTER"}, "lang": {"nl"}}
	wantCode(t, "an amendment without its day", o.as("admin").post("/nl/import/confirm", form), http.StatusUnprocessableEntity)
	form.Set("effective_on", "01/01/2026")
	wantCode(t, "an amendment", o.as("admin").post("/nl/import/confirm", form), http.StatusSeeOther)
	if after := value[int](o, `SELECT count(*) FROM wording_version`); after != before+1 {
		t.Errorf("%d wordings became %d, want one more", before, after)
	}
	director := o.as("director")
	for asof, want := range map[string]string{"2025-12-31": "regelmatig controleren", "2026-01-01": "maandelijks controleren"} {
		if page := director.get("/nl/mandates/LETTER?asof=" + asof); !strings.Contains(page.Body.String(), want) {
			t.Errorf("as of %s the page lacks %q", asof, want)
		}
	}
}

// The letter in the other language can be stored beside the first: the page says
// how many texts it fills and what only one of the two has. It amends nothing.
func TestTheLetterInTheOtherLanguageFillsItsWords(t *testing.T) {
	o := withLetter(t)
	raw, err := os.ReadFile(frenchLetter)
	if err != nil {
		t.Fatal(err)
	}
	admin, nl := o.as("admin"), o.Catalogues.In("nl")
	fields := map[string]string{"institution": "ACTIRIS", "mandate": "LETTER", "lang": "fr"}
	page := admin.upload("/nl/import", raw, "lettre.txt", fields)
	wantCode(t, "preview", page, http.StatusOK)
	missing := value[int](o, `SELECT count(*) FROM wording_version WHERE fr = '' AND nl <> ''`)
	contexts := value[int](o, `SELECT count(*) FROM passage WHERE kind = 'context'`)
	if missing <= contexts {
		t.Fatalf("%d texts without French", missing)
	}
	wantWords(t, page.Body.String(), nl.T("import.confirm"), nl.T("finding.letter.only_context", "Code", "TD2", "Language", "NL"))
	if text := page.Body.String(); strings.Contains(text, `name="effective_on"`) || strings.Contains(text, nl.T("import.same")) {
		t.Error("the preview asks for a day, or says that nothing changes")
	}
	form := url.Values{"idempotency_key": {newKey()}, "text": {string(raw)}, "institution": {"ACTIRIS"}, "mandate": {"LETTER"}, "lang": {"fr"}}
	wantCode(t, "stored", admin.post("/nl/import/confirm", form), http.StatusSeeOther)
	if left := value[int](o, `SELECT count(*) FROM wording_version v JOIN target g ON g.wording_id = v.wording_id WHERE fr_state <> 'original'`); left > 0 {
		t.Errorf("%d targets have no French", left)
	}
	if n := value[int](o, `SELECT count(*) FROM amendment`); n > 0 {
		t.Errorf("%d amendments", n)
	}
	wantWords(t, admin.upload("/nl/import", raw, "lettre.txt", fields).Body.String(), nl.T("import.same"))
}

// A letter that adds something asks from when that is there: no day before shows
// it, nor what was known before the letter was stored.
func TestWhatALetterAddsHasADay(t *testing.T) {
	o := withLetter(t)
	raw, _ := os.ReadFile(theLetter)
	const next = "SD nr. 3: De samenwerking"
	added := strings.Replace(string(raw), next, "Meetpunt 2.6: Iets nieuws doen.\n\nTe bereiken streefwaarde: Een aardbei planten.\n\nTijdschema: december 2027\n\n"+next, 1)
	admin, director := o.as("admin"), o.as("director")
	page := admin.upload("/nl/import", []byte(added), "brief.txt", map[string]string{"institution": "ACTIRIS", "mandate": "LETTER", "lang": "nl"})
	wantWords(t, page.Body.String(), `name="effective_on"`, o.Catalogues.In("nl").T("import.adds"))
	form := url.Values{"idempotency_key": {uuid.NewString()}, "text": {added}, "institution": {"ACTIRIS"}, "mandate": {"LETTER"}, "lang": {"nl"}, "effective_on": {"31/02/2026"}}
	wantCode(t, "no such day", admin.post("/nl/import/confirm", form), http.StatusUnprocessableEntity)
	form.Set("effective_on", "")
	form.Set("reason", "Nieuwe antennes")
	refused := admin.post("/nl/import/confirm", form)
	wantCode(t, "a reason without a day", refused, http.StatusUnprocessableEntity)
	wantWords(t, refused.Body.String(), o.Catalogues.In("nl").T("import.error.day_of_reason"), `value="Nieuwe antennes"`)
	form.Set("effective_on", "01/07/2026")
	wantCode(t, "stored", admin.post("/nl/import/confirm", form), http.StatusSeeOther)
	for past, there := range map[string]bool{"": true, "?asof=2026-07-01": true, "?asof=2026-06-30": false, "?asof=2026-07-01&known=2026-11-20": false} {
		if page := director.get("/nl/mandates/LETTER" + past); strings.Contains(page.Body.String(), "Een aardbei planten") != there {
			t.Errorf("%q: the page shows it: %v, want %v", past, !there, there)
		}
		want := map[bool]int{true: http.StatusOK, false: http.StatusNotFound}[there]
		wantCode(t, past, director.get("/nl/mandates/LETTER/targets/S2.6-1"+past), want)
	}
	form.Set("text", strings.Replace(added, next, "Meetpunt 2.7: Later iets.\n\nTe bereiken streefwaarde: Een peer planten.\n\nTijdschema: december 2028\n\n"+next, 1))
	form.Set("idempotency_key", newKey())
	form.Set("effective_on", "01/01/2027")
	wantCode(t, "not there yet", admin.post("/nl/import/confirm", form), http.StatusSeeOther)
	wantWords(t, o.as("secretary").get("/nl/mandates/LETTER/amendments").Body.String(), "Nieuwe antennes", "Een aardbei planten", "<ins>december 2027</ins>", "Een peer planten", "<ins>december 2028</ins>")
	french := o.as("secretary").get("/fr/mandates/LETTER/amendments").Body.String()
	wantWords(t, french, "<ins>december 2027</ins>", o.Catalogues.In("fr").T("deadline.read_as"), "au plus tard le 31/12/2027", o.Catalogues.In("fr").T("deadline.unconfirmed"))
	if then := o.as("secretary").get("/fr/mandates/LETTER/amendments?asof=2026-11-24&known=2026-11-23").Body.String(); strings.Contains(then, "december 2027") {
		t.Error("a deadline is listed before it was known")
	}
	again := admin.upload("/nl/import", []byte(form.Get("text")), "brief.txt", map[string]string{"institution": "ACTIRIS", "mandate": "LETTER", "lang": "nl"})
	if strings.Contains(again.Body.String(), `name="effective_on"`) {
		t.Error("the same letter again adds what is stored, and not there yet")
	}
}

// A letter that is read again does not change the words of a sealed half-year,
// also when who imports it may not see the seals.
func TestALetterChangesNoSealedHalfYear(t *testing.T) {
	o := withLetter(t)
	seal := url.Values{"idempotency_key": {newKey()}, "confirm": {"yes"}}
	wantCode(t, "seal", o.as("secretary").post("/nl/mandates/LETTER/monitoring/2026-H1/seal", seal), http.StatusSeeOther)
	raw, _ := os.ReadFile(theLetter)
	changed := strings.Replace(string(raw), "regelmatig controleren en de nodige", "maandelijks controleren en de nodige", 1)
	form := url.Values{"text": {changed}, "institution": {"ACTIRIS"}, "mandate": {"LETTER"}, "lang": {"nl"}}
	confirm := func(day string) *httptest.ResponseRecorder {
		form.Set("idempotency_key", newKey())
		form.Set("effective_on", day)
		return o.as("admin").post("/fr/import/confirm", form)
	}
	before := value[int](o, `SELECT count(*) FROM wording_version`)
	for _, day := range []string{"01/01/2025", "30/06/2026"} {
		w := confirm(day)
		wantCode(t, day, w, http.StatusUnprocessableEntity)
		wantWords(t, w.Body.String(), o.Catalogues.In("fr").T("amendment.sealed"), `value="`+day+`"`)
	}
	if after := value[int](o, `SELECT count(*) FROM wording_version`); after != before {
		t.Errorf("%d wordings became %d", before, after)
	}
	wantCode(t, "the day after", confirm("01/07/2026"), http.StatusSeeOther)
}

var rowVersions = regexp.MustCompile(`name="(row\.([ST][0-9.\-]+)\.version)" value="(\d+)"`)

// reportForm fills in the page of a half-year: every target gets a status and a sentence.
func (b *browser) reportForm(path string) url.Values {
	b.t.Helper()
	page := b.get(path)
	wantCode(b.t, "report page", page, http.StatusOK)
	form := url.Values{"idempotency_key": {uuid.NewString()}, "do": {"report"}}
	for _, m := range rowVersions.FindAllStringSubmatch(page.Body.String(), -1) {
		row := "row." + m[2] + "."
		form.Set(m[1], m[3])
		form.Set(row+"status", "on_track")
		form.Set(row+"achieved", "Vooruitgang op "+m[2]+".")
	}
	return form
}

func TestAHalfYearIsReportedSealedAndVerified(t *testing.T) {
	o := withLetter(t)
	director := o.as("director")
	form := director.reportForm("/nl/mandates/LETTER/report/2026-H2")
	if rows := (len(form) - 2) / 3; rows != 28 {
		t.Fatalf("%d rows to report on, want 28", rows)
	}
	form.Set("row.T4.4-1.status", "nothing_to_report")
	form.Set("row.T4.4-1.reason", "Geen verdrag in behandeling.")
	wantCode(t, "report", director.post("/nl/mandates/LETTER/report/2026-H2", form), http.StatusSeeOther)
	wantCode(t, "the same form again", director.post("/nl/mandates/LETTER/report/2026-H2", form), http.StatusSeeOther)
	if n := value[int](o, `SELECT count(*) FROM progress_entry`); n != 28 {
		t.Fatalf("%d entries, want 28", n)
	}
	if n := value[int](o, `SELECT count(*) FROM audit_event WHERE action = 'record report'`); n != 1 {
		t.Errorf("%d audit lines, want 1", n)
	}

	secretary := o.as("secretary")
	wantCode(t, "review", secretary.get("/fr/mandates/LETTER/monitoring/2026-H2/seal"), http.StatusOK)
	seal := url.Values{"idempotency_key": {uuid.NewString()}}
	wantCode(t, "unconfirmed", secretary.post("/fr/mandates/LETTER/monitoring/2026-H2/seal", seal), http.StatusUnprocessableEntity)
	seal.Set("confirm", "yes")
	for range 2 {
		wantCode(t, "seal", secretary.post("/fr/mandates/LETTER/monitoring/2026-H2/seal", seal), http.StatusSeeOther)
	}
	if n := value[int](o, `SELECT count(*) FROM seal`); n != 1 {
		t.Fatalf("%d seals, want 1", n)
	}

	keys := []monitoring.PublicKey{o.Signer.Public()}
	for _, lang := range []string{"nl", "fr"} {
		for _, format := range []string{"xlsx", "pdf", "json"} {
			file := secretary.get("/" + lang + "/mandates/LETTER/monitoring/2026-H2." + format)
			wantCode(t, format, file, http.StatusOK)
			verdict := report.Verify(file.Body.Bytes(), keys, catalogues())
			if verdict.Outcome != monitoring.Intact {
				t.Errorf("%s.%s: %v", lang, format, verdict)
			}
			if !strings.HasPrefix(file.Header().Get("Content-Disposition"), "attachment") {
				t.Errorf("%s: %q", format, file.Header().Get("Content-Disposition"))
			}
		}
		csv := secretary.get("/" + lang + "/mandates/LETTER/monitoring/2026-H2.csv")
		if n := strings.Count(csv.Body.String(), "DR-2026-H2-001"); n != 28 {
			t.Errorf("%s.csv: the number stands on %d rows, want 28", lang, n)
		}
	}

	form.Set("idempotency_key", uuid.NewString())
	form.Set("row.S1.1-1.achieved", "Nog iets.")
	wantCode(t, "reporting after the seal", director.post("/nl/mandates/LETTER/report/2026-H2", form), http.StatusConflict)
	wantCode(t, "the report page after the seal", director.get("/nl/mandates/LETTER/report/2026-H2"), http.StatusSeeOther)
	_, err := o.Store.Pool().Exec(store.AsSystem(context.Background()), `
		INSERT INTO progress_entry (mandate_id, target_id, as_of, author_id, lang, status)
		SELECT mandate_id, id, '2026-11-01', $1, 'nl', 'on_track' FROM target LIMIT 1`, o.id["director"])
	if err == nil {
		t.Error("the database took an entry into a sealed half-year")
	}
}

func TestWhatMustBeMendedIsSaidBesideTheField(t *testing.T) {
	o := withLetter(t)
	director := o.as("director")
	for _, lang := range []string{"nl", "fr"} {
		path := "/" + lang + "/mandates/LETTER/report/2026-H2"
		form := director.reportForm(path)
		form.Set("row.S1.1-1.status", "support_needed")
		form.Set("row.S1.2-1.status", "nothing_to_report")
		form.Set("row.S2.1-1.percentage", "1.234")
		form.Set("row.S2.2-1.percentage", "101")
		form.Set("row.S2.3-1.value", "NaN")
		form.Del("row.S2.4-1.status")
		page := director.post(path, form)
		wantCode(t, "report", page, http.StatusUnprocessableEntity)
		for _, field := range []string{"S1.1-1.support_asked", "S1.2-1.reason", "S2.1-1.percentage", "S2.2-1.percentage", "S2.3-1.value", "S2.4-1.status"} {
			if !strings.Contains(page.Body.String(), `href="#row.`+field+`"`) {
				t.Errorf("%s: the summary does not lead to %s", lang, field)
			}
		}
		if !strings.Contains(page.Body.String(), "Vooruitgang op S3.1-1.") {
			t.Errorf("%s: what was typed is gone", lang)
		}
	}
	if n := value[int](o, `SELECT count(*) FROM progress_entry`); n != 0 {
		t.Errorf("%d entries stored", n)
	}
	page := director.get("/nl/mandates/LETTER/report/2026-H2")
	if !strings.Contains(page.Body.String(), "Vooruitgang op S3.1-1.") {
		t.Error("the draft is gone")
	}
}

func TestNothingIsLostWhenTwoWrite(t *testing.T) {
	o := withLetter(t)
	o.sql(`INSERT INTO delegation (mandate_id, granted_by, person_id, starts_on, ends_on) SELECT id, $1, $2, '2026-01-01', '2026-12-31' FROM mandate WHERE code = 'LETTER'`, o.id["director"], o.id["delegate"])
	path := "/nl/mandates/LETTER/report/2026-H2"
	draft := func(text string) url.Values {
		return url.Values{"idempotency_key": {uuid.NewString()}, "do": {"draft"}, "row.S1.1-1.version": {"0"}, "row.S1.1-1.achieved": {text}}
	}
	wantCode(t, "the director's draft", o.as("director").post(path, draft("Tekst van de directeur.")), http.StatusSeeOther)
	page := o.as("delegate").post(path, draft("Tekst van de gemachtigde."))
	wantCode(t, "the delegate's draft", page, http.StatusConflict)
	for _, words := range []string{"Tekst van de directeur.", "Tekst van de gemachtigde.", "Naam director"} {
		if !strings.Contains(page.Body.String(), words) {
			t.Errorf("the conflict page lacks %q", words)
		}
	}
	other := url.Values{"idempotency_key": {uuid.NewString()}, "do": {"draft"}, "row.S1.2-1.version": {"0"}, "row.S1.2-1.achieved": {"Een andere rij."}}
	wantCode(t, "another row", o.as("delegate").post(path, other), http.StatusSeeOther)
}

// The statements of a page do not grow with its rows.
func TestPagesTakeFewStatements(t *testing.T) {
	o := withLetter(t)
	o.as("director").post("/nl/mandates/LETTER/report/2026-H2", o.as("director").reportForm("/nl/mandates/LETTER/report/2026-H2"))
	if _, err := o.Store.FillCells(store.AsSystem(context.Background()), calendar.HalfYearOf(calendar.DateOf(noon))); err != nil {
		t.Fatal(err)
	}
	for who, pages := range map[string]map[string]int{
		"director":  {"/nl/mandates/LETTER": 2, "/nl/mandates/LETTER/targets/S3.2-2": 3, "/nl/mandates/LETTER/objectives/T4": 2, "/nl/mandates/LETTER/sheet": 3},
		"committee": {"/nl/overview": 2, "/nl/mandates/LETTER": 2, "/nl/mandates/LETTER/monitoring/2026-H2": 3, "/nl/mandates/LETTER/timeline": 2},
	} {
		b := o.as(who)
		for path, most := range pages {
			b.get(path) // prepares the statements
			o.count.taken()
			wantCode(t, path, b.get(path), http.StatusOK)
			if got := o.count.taken(); len(got) > most {
				t.Errorf("%s takes %d statements, want at most %d:\n%s", path, len(got), most, strings.Join(got, "\n---\n"))
			}
		}
	}
}

// Pages about a mandate are sent again to the same reader only after a write.
func TestAPageThatDidNotChangeIsNotSentAgain(t *testing.T) {
	o := withLetter(t)
	b, committee := o.as("director"), o.as("committee")
	tags := map[string]string{}
	for _, path := range []string{"", "/timeline", "/sheet", "/objectives/T4", "/targets/S1.1-1", "/monitoring/2026-H2"} {
		tags["/nl/mandates/LETTER"+path] = b.get("/nl/mandates/LETTER" + path).Header().Get("ETag")
	}
	again := func(b *browser, path, tag string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, "https://jalon.example"+path, nil)
		r.Header.Set("If-None-Match", tag)
		return b.send(r)
	}
	for path, tag := range tags {
		o.count.taken()
		wantCode(t, "unchanged "+path, again(b, path, tag), http.StatusNotModified)
		if got := o.count.taken(); len(got) > 2 {
			t.Errorf("%s takes %d statements to say so", path, len(got))
		}
		wantCode(t, "another reader of "+path, again(committee, path, tag), http.StatusOK)
		wantCode(t, "another day of "+path, again(b, path+"?asof=2026-10-01", tag), http.StatusOK)
		french := strings.Replace(path, "/nl/", "/fr/", 1)
		wantCode(t, french, again(b, french, tag), http.StatusOK)
		b.get(path) // in Dutch again
	}
	form := url.Values{"idempotency_key": {uuid.NewString()}, "do": {"report"}, "row.S1.1-1.version": {"0"}, "row.S1.1-1.status": {"attention"}}
	wantCode(t, "report", b.post("/nl/mandates/LETTER/report/2026-H2", form), http.StatusSeeOther)
	b.get("/nl/due") // takes the notice away
	for path, tag := range tags {
		wantCode(t, "changed "+path, again(b, path, tag), http.StatusOK)
	}
	for _, path := range []string{"/targets/S9.9-9", "/objectives/S9", "/timeline?objective=S9"} {
		if w := b.get("/nl/mandates/LETTER" + path); w.Code != http.StatusNotFound || w.Header().Get("ETag") != "" {
			t.Errorf("%s: %d with ETag %q", path, w.Code, w.Header().Get("ETag"))
		}
	}
}

func TestAReadingIsConfirmedOrReplaced(t *testing.T) {
	o := withLetter(t)
	b := o.as("director")
	path := "/nl/mandates/LETTER/targets/S2.1-1/deadline"
	wantCode(t, "page", b.get(path), http.StatusOK)
	other := url.Values{"idempotency_key": {uuid.NewString()}, "do": {"read"}, "choice": {"stored"}, "words": {"uiterlijk 31 maart 2027"}}
	if page := b.post(path, other); page.Code != http.StatusOK || !strings.Contains(page.Body.String(), "31/03/2027") {
		t.Fatalf("other words: %d", page.Code)
	}
	other.Set("do", "confirm")
	other.Set("choice", "other")
	wantCode(t, "confirm", b.post(path, other), http.StatusSeeOther)
	sheet, _, err := o.Store.Sheet(store.AsSystem(context.Background()), store.SheetQuestion{Code: "LETTER", AsOf: calendar.DateOf(noon)})
	if err != nil {
		t.Fatal(err)
	}
	for _, target := range sheet.Mandate.Targets() {
		if target.Code.String() != "S2.1-1" {
			continue
		}
		d := target.Deadline
		if d.Text.NL != "2025" || d.Due.String() != "2027-03-31" || d.ConfirmedBy != "Naam director" {
			t.Errorf("phrase %q, due %s, confirmed by %q", d.Text.NL, d.Due, d.ConfirmedBy)
		}
	}
	wantCode(t, "the committee", o.as("committee").get(path), http.StatusForbidden)
}

func TestNobodySeesAMandateThatIsNotTheirs(t *testing.T) {
	o := withLetter(t)
	stranger := o.as("director2")
	for _, path := range []string{
		"", "/targets/S1.1-1", "/targets/S1.1-1/deadline", "/objectives/S1", "/report/2026-H2", "/monitoring/2026-H2",
		"/monitoring/2026-H2.xlsx", "/monitoring/2026-H2.json",
	} {
		wantCode(t, path, stranger.get("/nl/mandates/LETTER"+path), http.StatusNotFound)
	}
	form := url.Values{"idempotency_key": {uuid.NewString()}, "do": {"report"}, web.ReportField(mustCode("S1.1-1"), "version"): {"0"}}
	wantCode(t, "a report", stranger.post("/nl/mandates/LETTER/report/2026-H2", form), http.StatusNotFound)
	if n := value[int](o, `SELECT count(*) FROM audit_event WHERE action = 'refused'`); n < 8 {
		t.Errorf("%d refusals in the audit trail", n)
	}
}

func mustCode(s string) mandate.Code {
	c, err := mandate.ParseCode(s)
	if err != nil {
		panic(err)
	}
	return c
}

// As in the sentences that refuse a file.
func TestTheLargestFileIsInTheUnitOfTheLanguage(t *testing.T) {
	o := withLetter(t)
	for who, pages := range map[string][]string{
		"admin":    {"/fr/import"},
		"director": {"/fr/mandates/LETTER/events/import", "/fr/mandates/LETTER/report/2026-H2/paste"},
	} {
		b := o.as(who)
		for _, at := range pages {
			page := b.get(at).Body.String()
			if strings.Contains(page, " MB") || !strings.Contains(page, "\u00a0Mo") && !strings.Contains(page, " Mo") {
				t.Errorf("%s does not say Mo", at)
			}
		}
	}
}
