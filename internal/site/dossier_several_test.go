package site

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"jalon/internal/archive"
	"jalon/internal/monitoring"
	"jalon/internal/store"
)

// chosen is the form of the list with these evaluations ticked.
func chosen(evaluations ...string) url.Values {
	f := keyed(nil)
	for _, id := range evaluations {
		f.Set(dossierField+id, "1")
	}
	return f
}

var boxOf = regexp.MustCompile(`name="dossier\.(\d+)"(?:[^>]*?( checked))?[^>]*><span class="sr">([^<]+)<`)

// An officer ticks what the list offers, and gets of each evaluation a dossier
// that is intact, in its language of record; each stands in the trail, where the
// person whom it is about reads it.
func TestAnOfficerOrdersTheDossiersOfSeveralEvaluations(t *testing.T) {
	o := newExample(t)
	h := &hand{}
	o.Exports = h
	o.sql(`UPDATE evaluation SET lang = CASE id WHEN 2 THEN 'fr' ELSE 'nl' END`)
	hr := o.as("hr")
	names, ids := map[string]bool{}, []string{}
	for _, box := range boxOf.FindAllStringSubmatch(hr.get("/nl/evaluations").Body.String(), -1) {
		ids, names[box[3]] = append(ids, box[1]), true
	}
	if len(ids) < 2 || len(names) != len(ids) {
		t.Fatalf("boxes %v with names %v: want several, each with a name of its own", ids, names)
	}
	slices.Sort(ids)
	form := chosen(ids...)
	for range 2 { // a double click
		w := hr.post("/nl/evaluations/dossiers", form)
		if wantCode(t, "the order", w, http.StatusSeeOther); w.Header().Get("Location") != "/nl/exports" {
			t.Errorf("leads to %s", w.Header().Get("Location"))
		}
	}
	if n := value[int](o, `SELECT count(*) FROM export_job`); n != len(ids) || h.woken != 1 {
		t.Fatalf("%d documents are ordered, want %d; woken %d times, want once", n, len(ids), h.woken)
	}
	if list := hr.get("/nl/exports").Body.String(); strings.Count(list, catalogues().In("nl").T("export_job.state.waiting")) < len(ids) {
		t.Error("the list does not show each of them waiting")
	}
	for range ids {
		if err := h.make(o); err != nil {
			t.Fatal(err)
		}
	}
	files := regexp.MustCompile(`/nl/exports/\d+/file`).FindAllString(hr.get("/nl/exports").Body.String(), -1)
	if len(files) != len(ids) {
		t.Fatalf("the list leads to %d files, want %d", len(files), len(ids))
	}
	for i, file := range files { // the newest first
		w, id := hr.get(file), ids[len(ids)-1-i]
		wantCode(t, file, w, http.StatusOK)
		lang := map[bool]string{true: "fr", false: "nl"}[id == "2"]
		if got := value[string](o, `SELECT parameters::text FROM export_job WHERE id = $1`, o.number(file)); got != fmt.Sprintf(`{"lang": %q, "evaluation": %s}`, lang, id) {
			t.Errorf("%s is %s, want evaluation %s in %s", file, got, id, lang)
		}
		checked, err := archive.Verify(bytes.NewReader(w.Body.Bytes()), int64(w.Body.Len()), []monitoring.PublicKey{o.Signer.Public()})
		if err != nil || checked.Outcome != monitoring.Intact {
			t.Errorf("%s: %s, %v, %v", file, checked.Outcome, checked.Findings, err)
		}
		if n := value[int](o, `SELECT count(*) FROM audit_event WHERE action = $1 AND object = $2 AND detail->>'lang' = $3 AND mandate_id IS NOT NULL`, store.ActionExportEvaluation, "evaluation/"+id, lang); n != 1 {
			t.Errorf("evaluation %s: %d exports in the trail, want one", id, n)
		}
	}
	holder := o.as("director")
	log := "/nl/mandates/" + value[string](o, `SELECT m.code FROM evaluation e JOIN mandate m ON m.id = e.mandate_id WHERE e.id = 1`) + "/access-log"
	for what, words := range map[string]string{"access log": holder.get(log).Body.String(), "own data": holder.unzipped("nl")["jalon.json"]} {
		if want := map[string]string{"access log": catalogues().In("nl").T("audit.did.export_evaluation"), "own data": store.ActionExportEvaluation}[what]; !strings.Contains(words, want) {
			t.Errorf("the %s of whom it is about does not tell that the dossier was made", what)
		}
	}
	wantCode(t, "the file of another", o.as("director").get(files[len(files)-1]), http.StatusNotFound)
}

// number gives the number in the address of a file.
func (o *office) number(file string) string {
	return strings.TrimSuffix(strings.TrimPrefix(file, "/nl/exports/"), "/file")
}

// One evaluation that is not the officer's refuses all; so does nothing or too much, which keeps the ticks.
func TestDossiersAreOrderedTogetherOrNotAtAll(t *testing.T) {
	o := newOffice(t)
	o.Exports = &hand{}
	own, foreign := o.evaluation("ACTIRIS-A4"), o.evaluation("ELDERS-A4")
	o.sql(`UPDATE role_grant SET institution_id = (SELECT id FROM institution WHERE code = 'ACTIRIS') WHERE role = 'hr_officer'`)
	hr := o.as("hr")
	refusals := func() int {
		return value[int](o, `SELECT count(*) FROM audit_event WHERE action = $1`, store.ActionRefused)
	}
	before := refusals()
	wantCode(t, "one of another institution", hr.post("/nl/evaluations/dossiers", chosen(own, foreign)), http.StatusNotFound)
	if got := refusals() - before; got != 1 {
		t.Errorf("%d refusals in the trail, want one", got)
	}
	wantCode(t, "one that is not there", hr.post("/nl/evaluations/dossiers", chosen(own, "999999")), http.StatusNotFound)
	if got := refusals() - before; got != 2 {
		t.Errorf("%d refusals in the trail, want two: what is hidden and what is not there look the same", got)
	}
	for _, typed := range []string{"x", "1.2", "007"} {
		wantCode(t, "a box "+typed, hr.post("/nl/evaluations/dossiers", chosen(own, typed)), http.StatusBadRequest)
	}
	for lang, sentence := range map[string]string{"nl": "Vink minstens één evaluatie aan.", "fr": "Cochez au moins une évaluation."} {
		w := hr.post("/"+lang+"/evaluations/dossiers", chosen())
		wantCode(t, "nothing chosen", w, http.StatusUnprocessableEntity)
		if body := w.Body.String(); !strings.Contains(body, sentence) || !strings.Contains(body, `href="#dossiers"`) || !strings.Contains(body, `id="dossiers"`) {
			t.Errorf("%s: the page does not say that nothing was chosen, and where", lang)
		}
	}
	many := []string{own}
	for n := range store.MaxExportsAtOnce {
		many = append(many, num(int64(1000+n)))
	}
	w := hr.post("/nl/evaluations/dossiers", chosen(many...))
	wantCode(t, "too many", w, http.StatusUnprocessableEntity)
	ticked := boxOf.FindAllStringSubmatch(w.Body.String(), -1)
	if len(ticked) != 1 || ticked[0][1] != own || ticked[0][2] == "" || !strings.Contains(w.Body.String(), "u koos er 51") {
		t.Errorf("the ticks are not kept, or the sentence lacks: %q", ticked)
	}
	if n := value[int](o, `SELECT count(*) FROM export_job`); n != 0 {
		t.Errorf("%d were ordered", n)
	}
	o.sql(`INSERT INTO export_job (person_id, kind, parameters, lang, asked_at, touched_at, expires_at)
		SELECT $1, 'evaluation', jsonb_build_object('evaluation', n), 'nl', $2, $2, $2::timestamptz + interval '1 day' FROM generate_series(1, $3::int) n`, o.id["hr"], o.clock(), store.MaxOpenExports)
	w = hr.post("/nl/evaluations/dossiers", chosen(own))
	wantCode(t, "while five wait", w, http.StatusTooManyRequests)
	if ticked := boxOf.FindAllStringSubmatch(w.Body.String(), -1); len(ticked) != 1 || ticked[0][2] == "" {
		t.Errorf("the ticks are not kept while five wait: %q", ticked)
	}
	if n := value[int](o, `SELECT count(*) FROM export_job`); n != store.MaxOpenExports {
		t.Errorf("%d documents, want those that waited", n)
	}
}

// Only an officer of HR orders several, and not that of themselves.
func TestWhoOrdersNoDossiersOfSeveral(t *testing.T) {
	o := newOffice(t)
	o.Exports = &hand{}
	own, foreign := o.evaluation("ACTIRIS-A4"), o.evaluation("ELDERS-A4")
	for _, name := range everybody {
		if name == "hr" {
			continue
		}
		b := o.as(name)
		wantCode(t, name, b.post("/nl/evaluations/dossiers", chosen(own)), http.StatusForbidden)
		if strings.Contains(b.get("/nl/evaluations").Body.String(), `name="`+dossierField) {
			t.Errorf("%s is offered a box", name)
		}
	}
	o.sql(`INSERT INTO role_grant (person_id, role, starts_on) VALUES ($1, 'hr_officer', '2025-01-01')`, o.id["director"])
	b := o.as("director")
	if boxes := boxOf.FindAllStringSubmatch(b.get("/nl/evaluations").Body.String(), -1); len(boxes) == 0 || strings.Contains(fmt.Sprint(boxes), "dossier."+own+`"`) {
		t.Errorf("an officer who is evaluated is offered %q", boxes)
	}
	wantCode(t, "with their own", b.post("/nl/evaluations/dossiers", chosen(own, foreign)), http.StatusForbidden)
	if n := value[int](o, `SELECT count(*) FROM export_job`); n != 0 {
		t.Errorf("%d were ordered", n)
	}
	wantCode(t, "without their own", b.post("/nl/evaluations/dossiers", chosen(foreign)), http.StatusSeeOther)
}
