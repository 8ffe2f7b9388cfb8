package site

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/evaluation"
)

// procedure is the evaluation of the director, at work: an entry to quote, and
// the words that nobody else may ever read.
type procedure struct {
	*office
	t     *testing.T
	page  string
	entry int64
}

const (
	secretOpinion = "Kanarieadvies van de meerdere"
	secretReport  = "Kanarieverslag van de directeur"
	secretReply   = "Kanarieantwoord van de directeur"
	secretGrade   = "Kanariemotivering van de commissie"
)

func newProcedure(t *testing.T) procedure {
	o := newOffice(t)
	o.sql(`INSERT INTO wording (framework_id, framework_key) VALUES (NULL, NULL)`)
	o.sql(`INSERT INTO objective (mandate_id, kind, code, position, wording_id) SELECT m.id, 'strategic', 'S1', 1, w.id FROM mandate m, wording w`)
	o.sql(`INSERT INTO wording_version (wording_id, valid_from, nl, fr, nl_state, fr_state) SELECT id, '2024-01-01', 'Doel', 'But', 'original', 'original' FROM wording`)
	o.sql(`INSERT INTO measurement_point (mandate_id, objective_id, code, position, wording_id) SELECT o.mandate_id, o.id, 'S1.1', 1, o.wording_id FROM objective o`)
	o.sql(`INSERT INTO target (mandate_id, measurement_point_id, code, position, wording_id) SELECT p.mandate_id, p.id, 'S1.1-1', 1, p.wording_id FROM measurement_point p`)
	o.sql(`INSERT INTO progress_entry (mandate_id, target_id, as_of, author_id, lang, status, achieved) SELECT g.mandate_id, g.id, '2026-06-30', n.person_id, 'nl', 'on_track', 'Twee projecten gestart' FROM target g JOIN tenure n USING (mandate_id)`)
	return procedure{o, t, "/nl/evaluations/" + o.evaluation("ACTIRIS-A4"), value[int64](o, `SELECT e.id FROM progress_entry e JOIN mandate m ON m.id = e.mandate_id WHERE m.code = 'ACTIRIS-A4'`)}
}

func (p procedure) send(who, path string, want int, pairs ...string) *httptest.ResponseRecorder {
	p.t.Helper()
	form := url.Values{"idempotency_key": {newKey()}}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	w := p.as(who).post(p.page+path, form)
	wantCode(p.t, who+" sends "+path, w, want)
	return w
}

func (p procedure) step(from, to string, want int, reason string) *httptest.ResponseRecorder {
	p.t.Helper()
	return p.send("hr", "/step", want, "from_stage", from, "to", to, "on_day", "20/11/2026", "reason", reason)
}

// The whole of it: a report with a source, opinions that wait for their stage,
// a reply that nobody can leave out, a conclusion that nothing computes.
func TestAnEvaluationFromPlanToAppeal(t *testing.T) {
	p := newProcedure(t)
	read := func(who string) string { return p.as(who).get(p.page).Body.String() }
	p.send("director", "/report/S1", 409, "version", "0", "text.result", "x") // it was not asked for
	p.step("planned", "preparing", 303, "")
	p.step("planned", "preparing", 409, "") // a form of before
	p.step("preparing", "report_in", 422, "")

	quote := fmt.Sprintf("[#%d]", p.entry)
	p.send("director", "/report/S1", 303, "version", "0", "text.result", secretReport+", 2 projecten "+quote+", en [#999999].")
	p.send("director", "/report/S1", 409, "version", "0", "text.result", "van een ander venster")
	for _, who := range []string{"hr", "evaluator"} {
		if body := read(who); strings.Contains(body, secretReport) {
			t.Errorf("%s reads what is being written", who)
		}
	}
	w := p.send("director", "/report", 422)
	if !strings.Contains(w.Body.String(), "[#999999]") {
		t.Error("the reference that leads nowhere is not named")
	}
	part := p.as("director").get(p.page + "/report/S1")
	wantCode(t, "the part", part, 200)
	for _, words := range []string{"Twee projecten gestart", quote, "geciteerd", "SD1.1-1"} {
		if !strings.Contains(part.Body.String(), words) {
			t.Errorf("the part does not show %q", words)
		}
	}
	wantCode(t, "a part that is none", p.as("director").get(p.page+"/report/S9"), 404)
	p.send("director", "/report/S1", 303, "version", "1", "text.result", secretReport+", 2 projecten "+quote+".")
	p.send("director", "/report", 303)
	version := p.as("evaluator").get(p.page + "/versions/1").Body.String()
	if !strings.Contains(version, secretReport) || strings.Contains(version, quote) || !regexp.MustCompile(`href="#note-1"[\s\S]*id="note-1" data-entry="`+strconv.FormatInt(p.entry, 10)+`"`).MatchString(version) {
		t.Error("the footnote of the submitted version does not lead to its entry")
	}
	p.sql(`INSERT INTO progress_entry (mandate_id, target_id, as_of, author_id, lang, status, achieved, supersedes, correction_reason) SELECT mandate_id, target_id, as_of, author_id, lang, status, 'Drie projecten', id, 'telfout' FROM progress_entry WHERE id = $1`, p.entry)
	if body := p.as("hr").get(p.page + "/versions/1").Body.String(); !strings.Contains(body, "verbeterd op") || !strings.Contains(body, "Twee projecten gestart") {
		t.Error("a quoted entry that changed is not marked, or reads as it does now")
	}

	p.send("evaluator", "/opinions", 303, "given_on", "20/11/2026", "opinion", secretOpinion, "opinion_lang", "nl")
	if body := read("director"); strings.Contains(body, secretOpinion) || !strings.Contains(body, "vanaf de fase") {
		t.Error("the holder reads an opinion before its stage")
	}
	id := strconv.FormatInt(value[int64](p.office, `SELECT id FROM evaluation_opinion`), 10)
	p.send("director", "/replies", 422, "to_opinion", id, "reply", secretReply, "reply_lang", "nl")
	p.step("report_in", "opinions_in", 303, "")
	if !strings.Contains(read("director"), secretOpinion) {
		t.Error("the holder does not read the opinion from its stage on")
	}
	p.send("director", "/report/S1", 409, "version", "2", "text.result", "te laat")
	p.send("director", "/replies", 303, "to_opinion", id, "reply", secretReply, "reply_lang", "nl")
	if body := read("evaluator"); !strings.Contains(body, secretOpinion) || strings.Index(body, secretReply) < strings.Index(body, secretOpinion) {
		t.Error("the reply does not stand with the opinion")
	}

	p.step("opinions_in", "interview", 303, "")
	p.step("interview", "concluded", 422, "zonder besluit")
	grade := strconv.FormatInt(value[int64](p.office, `SELECT min(id) FROM evaluation_grade`), 10)
	p.send("hr", "/conclusion", 422, "decided_on", "20/11/2026", "motivation", "x", "motivation_lang", "nl") // no grade is the usual one
	p.send("evaluator", "/conclusion", 303, "grade", grade, "decided_on", "20/11/2026", "motivation", secretGrade, "motivation_lang", "nl")
	if strings.Contains(read("director"), secretGrade) {
		t.Error("the holder reads the conclusion before they were told")
	}
	p.step("interview", "concluded", 303, "")
	if !strings.Contains(read("director"), secretGrade) {
		t.Error("the holder does not read the conclusion")
	}
	p.step("concluded", "appeal", 303, "")
	p.step("appeal", "interview", 422, "")
	p.step("appeal", "interview", 303, "De Regering vroeg een nieuw gesprek")
	if body := read("director"); !strings.Contains(body, "De Regering vroeg een nieuw gesprek") || !strings.Contains(body, secretOpinion) || !strings.Contains(body, "Wie uw evaluatie las") || !strings.Contains(body, catalogues().In("nl").T("role.hr_officer")) {
		t.Error("the holder does not see the step back, what was shown, or who read")
	}
	p.nobodyElse(t, id)
	p.signed(t)
}

// A committee member, delegate, secretary or administrator, a holder of another
// mandate and somebody without an office see nothing of it, wherever they look.
func (p procedure) nobodyElse(t *testing.T, opinion string) {
	p.sql(`INSERT INTO person (email, name, lang) VALUES ('successor@jalon.example', 'x', 'nl')`)
	search := []string{
		"/nl", "/nl/mandates", "/nl/mandates/ACTIRIS-A4", "/nl/mandates/ACTIRIS-A4/access-log", "/nl/overview", "/nl/due", "/nl/calendar", "/nl/admin/audit", "/nl/admin/mail", "/nl/preferences/data",
		"/nl/search?q=anarieadvies", "/api/v1/mandates/ACTIRIS-A4", "/nl/evaluations", p.page, p.page + "/versions/1", p.page + "/report", p.page + "/report/S1", p.page + "/documents/1", p.page + "/nergens",
	}
	for _, who := range []string{"committee", "delegate", "secretary", "admin", "director2", "nobody"} {
		b := p.as(who)
		for _, path := range search {
			w := b.get(path)
			if strings.Contains(w.Body.String(), "Kanarie") {
				t.Errorf("%s reads the evaluation at %s", who, path)
			}
			if strings.HasPrefix(path, p.page) && w.Code != 403 && w.Code != 404 {
				t.Errorf("%s at %s: %d", who, path, w.Code)
			}
		}
		data := b.post("/nl/preferences/data", url.Values{"idempotency_key": {newKey()}})
		if strings.Contains(data.Body.String(), "Kanarie") {
			t.Errorf("%s: own data hold the evaluation of another", who)
		}
		for _, path := range []string{"/opinions", "/replies", "/conclusion", "/step", "/report", "/report/S1"} {
			if w := b.post(p.page+path, url.Values{"idempotency_key": {newKey()}, "version": {"0"}}); w.Code != 403 && w.Code != 404 && w.Code != 400 {
				t.Errorf("%s posts to %s: %d", who, path, w.Code)
			}
		}
	}
	if n := value[int](p.office, `SELECT count(*) FROM audit_event WHERE detail::text LIKE '%Kanarie%'`); n != 0 {
		t.Errorf("%d lines of the trail hold what was written", n)
	}
	if n := value[int](p.office, `SELECT count(*) FROM outgoing_mail WHERE text || html || subject LIKE '%Kanarie%'`); n != 0 {
		t.Errorf("%d mails hold what was written", n)
	}
	if strings.Contains(p.log.String(), "Kanarie") {
		t.Error("the log holds what was written")
	}
}

// A signed document is compared with the hash that came with it, and with its own whenever it is sent.
func (p procedure) signed(t *testing.T) {
	upload := func(who, sum, about string) *httptest.ResponseRecorder {
		var b bytes.Buffer
		m := multipart.NewWriter(&b)
		for name, v := range map[string]string{"idempotency_key": newKey(), "about": about, "sha256": sum} {
			_ = m.WriteField(name, v)
		}
		part, _ := m.CreateFormFile("file", "getekend.txt")
		_, _ = part.Write([]byte("Kanariehandtekening\n"))
		_ = m.Close()
		return p.as(who).postRaw(p.page+"/documents", m.FormDataContentType(), b.String())
	}
	sum := hashOf([]byte("Kanariehandtekening\n"))
	wantCode(t, "with another hash", upload("hr", strings.Repeat("0", 64), "conclusion"), 422)
	wantCode(t, "of others, by the holder", upload("director", sum, "conclusion"), 422)
	wantCode(t, "with its hash", upload("hr", strings.ToUpper(sum), "conclusion"), 303)
	file := p.page + "/documents/" + strconv.FormatInt(value[int64](p.office, `SELECT id FROM evaluation_document`), 10)
	w := p.as("evaluator").get(file)
	if w.Code != 200 || w.Body.String() != "Kanariehandtekening\n" || !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") {
		t.Errorf("the document: %d, %v", w.Code, w.Header())
	}
	for _, who := range []string{"committee", "delegate", "secretary", "admin", "director2"} {
		if w := p.as(who).get(file); w.Code != 403 && w.Code != 404 || strings.Contains(w.Body.String(), "Kanarie") {
			t.Errorf("%s gets the file: %d", who, w.Code)
		}
	}
}

// A delegate changes no target, weight or deadline, and sees no remark.
func TestADelegateChangesNoTargetAndSeesNoRemark(t *testing.T) {
	p := newProcedure(t)
	p.sql(`INSERT INTO evaluation_opinion (mandate_id, evaluation_id, capacity, author, given_on, text, lang, recorded_by, recorded_at) SELECT mandate_id, id, 'superior', 'x', '2026-11-01', $1, 'nl', created_by, now() FROM evaluation`, secretOpinion)
	p.sql(`INSERT INTO evaluation_step (mandate_id, evaluation_id, from_stage, to_stage, on_day, by, at) SELECT mandate_id, id, 'planned', 'closed', '2026-11-01', created_by, now() FROM evaluation`)
	b := p.as("delegate")
	wantCode(t, "the mandate", b.get("/nl/mandates/ACTIRIS-A4"), 200)
	for _, path := range []string{"/nl/evaluations", p.page, p.page + "/report", p.page + "/versions/1", p.page + "/documents/1"} {
		if w := b.get(path); w.Code != 403 || strings.Contains(w.Body.String(), secretOpinion) {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	account, err := p.Store.Account(t.Context(), p.id["delegate"])
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	for _, rt := range p.routes() {
		switch rt.action {
		case access.AmendLetter, access.ConfirmReading, access.ManageAddressees, access.DefineIndicator, access.ViewEvaluation, access.ManageEvaluation, access.WriteActivity, access.ReplyOpinion, access.GiveOpinion, access.WriteNote, access.Conclude, access.AddSigned, access.SettleEvaluation:
		default:
			continue
		}
		tried++
		var w *httptest.ResponseRecorder
		if path := "/nl" + filled(rt.pattern); rt.method == http.MethodGet {
			w = b.get(path)
		} else {
			w = b.post(path, url.Values{"idempotency_key": {newKey()}})
		}
		if w.Code != http.StatusForbidden {
			t.Errorf("%s %s: %d, want 403", rt.method, rt.pattern, w.Code)
		}
	}
	if tried < 20 || len(account.Grants) != 1 {
		t.Errorf("%d routes tried with %+v", tried, account.Grants)
	}
}

// An officer of one institution sees nothing outside it, an
// evaluator nothing outside their case, and a member of a body no remark.
func TestNobodySeesOutsideTheirCase(t *testing.T) {
	p := newProcedure(t)
	p.sql(`UPDATE role_grant SET institution_id = (SELECT id FROM institution WHERE code = 'ACTIRIS') WHERE role = 'hr_officer'`)
	p.sql(`INSERT INTO evaluation_opinion (mandate_id, evaluation_id, capacity, author, given_on, text, lang, recorded_by, recorded_at) SELECT mandate_id, id, 'superior', 'x', '2026-11-01', $1, 'nl', created_by, now() FROM evaluation`, secretOpinion)
	foreign := "/nl/evaluations/" + p.evaluation("ELDERS-A4")
	for _, who := range []string{"hr", "evaluator"} {
		b := p.as(who)
		if !strings.Contains(b.get(p.page).Body.String(), secretOpinion) {
			t.Errorf("%s does not read their case", who)
		}
		for _, path := range []string{foreign, foreign + "/versions/1", foreign + "/documents/1", "/nl/mandates/ELDERS-A4"} {
			if w := b.get(path); w.Code != 404 && w.Code != 403 {
				t.Errorf("%s at %s: %d", who, path, w.Code)
			}
		}
	}
	wantCode(t, "settings elsewhere", p.as("hr").get("/nl/evaluations/settings/ELDERS"), 404)
	wantCode(t, "settings here", p.as("hr").get("/nl/evaluations/settings/ACTIRIS"), 200)
	if body := p.as("committee").get("/nl/mandates/ACTIRIS-A4").Body.String(); strings.Contains(body, secretOpinion) {
		t.Error("a committee member reads a remark")
	}
}

// The person keeps their evaluation, and a successor finds none of it.
func TestAnEvaluationStaysWithThePerson(t *testing.T) {
	p := newProcedure(t)
	p.sql(`UPDATE tenure SET ends_on = '2026-10-31' WHERE person_id = $1`, p.id["director"])
	p.sql(`INSERT INTO tenure (mandate_id, person_id, starts_on) SELECT id, $1, '2026-11-01' FROM mandate WHERE code = 'ACTIRIS-A4'`, p.id["nobody"])
	wantCode(t, "whom it is about", p.as("director").get(p.page), 200)
	wantCode(t, "the successor", p.as("nobody").get(p.page), 403)
	p.step("planned", "preparing", 303, "")
	part := p.as("director").get(p.page + "/report/S1")
	if !strings.Contains(part.Body.String(), "Twee projecten gestart") {
		t.Errorf("the record of the own tenure is gone: %d", part.Code)
	}
	p.sql(`INSERT INTO progress_entry (mandate_id, target_id, as_of, author_id, lang, status, achieved) SELECT mandate_id, target_id, '2027-01-31', $1, 'nl', 'on_track', 'Van de opvolger' FROM progress_entry WHERE id = $2`, p.id["nobody"], p.entry)
	if strings.Contains(p.as("director").get(p.page+"/report/S1").Body.String(), "Van de opvolger") {
		t.Error("the report shows what was reported after the period")
	}
}

func TestAReminderGoesOnceADay(t *testing.T) {
	p := newProcedure(t)
	remind := func() {
		wantCode(t, "remind", p.as("hr").post("/nl/evaluations/remind", url.Values{"idempotency_key": {newKey()}}), 303)
	}
	mails := func() int {
		return value[int](p.office, `SELECT count(*) FROM outgoing_mail WHERE kind = 'evaluation_report'`)
	}
	remind()
	if mails() != 0 {
		t.Error("somebody was reminded of a report that was not asked for")
	}
	p.step("planned", "preparing", 303, "")
	if body := p.as("hr").get("/nl/evaluations").Body.String(); !strings.Contains(body, "activiteitenverslag, te laat") || !strings.Contains(body, "Herinner 1 mandaathouder") {
		t.Error("the list does not say what is missing")
	}
	remind()
	remind()
	if mails() != 1 {
		t.Errorf("%d mails on one day", mails())
	}
	p.pass(24 * time.Hour)
	remind()
	if mails() != 2 {
		t.Errorf("%d mails on two days", mails())
	}
}

func TestAnOfficerOrdersAndRenamesSections(t *testing.T) {
	p := newProcedure(t)
	b := p.as("hr")
	const page = "/nl/evaluations/settings/ACTIRIS"
	form := url.Values{"idempotency_key": {newKey()}}
	for i := range value[int](p.office, `SELECT jsonb_array_length(sections) FROM report_layout`) {
		n := strconv.Itoa(i)
		form.Set("order."+n, strconv.Itoa(100-i))
		form.Set("nl."+n, "Titel "+n)
		form.Set("fr."+n, "Titre "+n)
	}
	form.Set("nl.3", "")
	wantCode(t, "without a title", b.post(page+"/sections", form), 422)
	form.Set("nl.3", "Wat bereikt is")
	form.Set("order.11", "1")
	form.Set("nl.11", "Vooraf")
	form.Set("fr.11", "Préalable")
	form.Set("of.11", "report")
	form.Set("hidden.4", "yes")
	form.Set("idempotency_key", newKey())
	wantCode(t, "keep", b.post(page+"/sections", form), 303)
	p.step("planned", "preparing", 303, "")
	part := p.as("director").get(p.page + "/report/S1").Body.String()
	if !strings.Contains(part, "Wat bereikt is") || strings.Contains(part, "Titel 4") || strings.Index(part, "Titel 5") > strings.Index(part, "Wat bereikt is") {
		t.Error("the report has not the sections of the layout in its order")
	}
	if !strings.Contains(p.as("director").get(p.page+"/report/general").Body.String(), "Vooraf") {
		t.Error("the new section is not asked for")
	}
	days := url.Values{"idempotency_key": {newKey()}, "valid_from": {"24/11/2026"}, "interim_after_months": {"24"}, "final_before_months": {"6"}, "report_due_days": {"21"}, "opinions_due_days": {"7"}, "minimum_group": {"2"}, "opinions_shown_from": {"interview"}}
	wantCode(t, "too small a group", b.post(page, days), 422)
	days.Set("minimum_group", "7")
	days.Set("idempotency_key", newKey())
	wantCode(t, "settle", b.post(page, days), 303)
	if !strings.Contains(b.get(page).Body.String(), `value="21"`) {
		t.Error("the settings are not kept")
	}
}

// The lines of the form are those of the list by their place: sent after somebody
// else has put it in another order, titles would come to stand above other texts.
func TestSectionsAreSettledAsTheyWereSeen(t *testing.T) {
	p := newProcedure(t)
	b := p.as("hr")
	const page = "/nl/evaluations/settings/ACTIRIS"
	form := func(order func(n int) int) url.Values {
		form := url.Values{"idempotency_key": {newKey()}, "seen": {b.seenOn(page)}}
		for i := range value[int](p.office, `SELECT jsonb_array_length(sections) FROM report_layout`) {
			n := strconv.Itoa(i)
			form.Set("order."+n, strconv.Itoa(order(i)))
			form.Set("nl."+n, "Titel "+n)
			form.Set("fr."+n, "Titre "+n)
		}
		return form
	}
	stale, turned := form(func(n int) int { return n + 1 }), form(func(n int) int { return 100 - n })
	for range 2 { // a double click is one change
		wantCode(t, "turned round", b.post(page+"/sections", turned), http.StatusSeeOther)
	}
	kept := value[string](p.office, `SELECT sections::text FROM report_layout`)
	w := b.post(page+"/sections", stale)
	wantCode(t, "as they were before", w, http.StatusUnprocessableEntity)
	wantWords(t, w.Body.String(), p.Catalogues.In("nl").T("evaluation.sections_changed"))
	if now := value[string](p.office, `SELECT sections::text FROM report_layout`); now != kept {
		t.Errorf("the sections became %s", now)
	}
}

// An officer puts the chapters of the dossier in the order of the model and names
// them; the last one stays the last.
func TestAnOfficerOrdersAndNamesChapters(t *testing.T) {
	p := newProcedure(t)
	h := &hand{}
	p.Exports = h
	const page = "/nl/evaluations/settings/ACTIRIS"
	form := url.Values{"idempotency_key": {newKey()}}
	for i, code := range evaluation.ChapterCodes {
		form.Set("place."+code, strconv.Itoa(10+i))
		for _, lang := range bilingual.Langs {
			form.Set("name_"+string(lang)+"."+code, catalogues().In(lang).T("dossier.chapter."+code))
		}
	}
	form.Set("place.report", "1")
	form.Set("name_nl.report", "Verslag volgens het model")
	form.Set("place.untranslated", "2")
	b := p.as("hr")
	if w := b.post(page+"/chapters", form); w.Code != 422 || !strings.Contains(w.Body.String(), "altijd achteraan") || !strings.Contains(w.Body.String(), "Verslag volgens het model") {
		t.Errorf("the last chapter in front: %d", w.Code)
	}
	form.Set("place.untranslated", "99")
	form.Set("idempotency_key", newKey())
	wantCode(t, "keep", b.post(page+"/chapters", form), 303)
	if stored := value[string](p.office, `SELECT chapters::text FROM dossier_layout`); strings.Count(stored, "nl") != 1 {
		t.Errorf("usual titles are kept as somebody's own: %s", stored)
	}
	words := strings.Join(p.dossier(t, h, b, p.page, "nl").words(), "\n")
	if !strings.Contains(words, "1 Verslag volgens het model") || !strings.Contains(words, "2 "+catalogues().In("nl").T("dossier.chapter.objectives")) {
		t.Error("the dossier has not the chapters in that order")
	}
}

// An officer who looked at the chapters before a colleague named one does not take
// that name back by storing.
func TestChaptersAreSettledAsTheyWereSeen(t *testing.T) {
	p := newProcedure(t)
	b := p.as("hr")
	const page = "/nl/evaluations/settings/ACTIRIS"
	forms := seenField.FindAllStringSubmatch(b.get(page).Body.String(), -1) // of the sections, of the chapters
	chapters := func(name string) url.Values {
		form := url.Values{"idempotency_key": {newKey()}, "seen": {forms[len(forms)-1][1]}}
		for i, code := range evaluation.ChapterCodes {
			form.Set("place."+code, strconv.Itoa(10+i))
			form.Set("name_nl."+code, name+code)
			form.Set("name_fr."+code, name+code)
		}
		return form
	}
	first := chapters("Deel ")
	for range 2 { // a double click is one change
		wantCode(t, "named", b.post(page+"/chapters", first), http.StatusSeeOther)
	}
	w := b.post(page+"/chapters", chapters("Luik "))
	wantCode(t, "as they were before", w, http.StatusUnprocessableEntity)
	wantWords(t, w.Body.String(), p.Catalogues.In("nl").T("evaluation.chapters_changed"))
	wantWords(t, w.Body.String(), "Deel report")
	if stored := value[string](p.office, `SELECT chapters::text FROM dossier_layout`); strings.Contains(stored, "Luik") {
		t.Errorf("the chapters became %s", stored)
	}
}

// The list of mentions is kept by an officer of all institutions: one ends, another follows.
func TestTheMentionsAreADatedList(t *testing.T) {
	p := newProcedure(t)
	const page = "/nl/evaluations/grades"
	b := p.as("hr")
	second := strconv.FormatInt(value[int64](p.office, `SELECT id FROM evaluation_grade WHERE position = 2`), 10)
	form := url.Values{"idempotency_key": {newKey()}}
	for id, place := range map[string]string{"1": "3", "2": "2", "3": "1"} {
		form.Set("place."+id, place)
		form.Set("until."+id, "")
	}
	form.Set("until."+second, "01/01/2018")
	wantCode(t, "ended before it began", b.post(page+"/change", form), 422)
	form.Set("until."+second, "23/11/2026")
	form.Set("idempotency_key", newKey())
	wantCode(t, "change", b.post(page+"/change", form), 303)
	wantCode(t, "add without a French name", b.post(page, keyed(nil, "name_nl", "voldoende gunstig", "name_fr", "", "valid_from", "24/11/2026")), 422)
	wantCode(t, "add", b.post(page, keyed(nil, "name_nl", "bevredigend", "name_fr", "satisfaisant", "valid_from", "24/11/2026")), 303)
	p.sql(`INSERT INTO evaluation_step (mandate_id, evaluation_id, from_stage, to_stage, on_day, by, at) SELECT mandate_id, id, 'planned', 'interview', '2026-11-01', created_by, now() FROM evaluation`)
	offered := b.get(p.page).Body.String()
	if strings.Contains(offered, ">voldoende<") || !strings.Contains(offered, ">bevredigend<") || strings.Index(offered, ">ongunstig<") > strings.Index(offered, ">gunstig<") {
		t.Error("the conclusion does not offer the list of the day in its order")
	}
	p.sql(`UPDATE role_grant SET institution_id = (SELECT id FROM institution WHERE code = 'ACTIRIS') WHERE role = 'hr_officer'`)
	limited := p.as("hr")
	if w := limited.get(page); w.Code != 200 || strings.Contains(w.Body.String(), "Lijst bewaren") {
		t.Errorf("an officer of one institution: %d", w.Code)
	}
	wantCode(t, "an officer of one institution adds", limited.post(page, keyed(nil, "name_nl", "x", "name_fr", "x", "valid_from", "24/11/2026")), 403)
	form.Set("idempotency_key", newKey())
	wantCode(t, "and changes", limited.post(page+"/change", form), 403)
}
