package site

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"jalon/internal/monitoring"
	"jalon/internal/store"
)

// body makes the Directieraad of Actiris, unless there is one.
func (o *office) body() {
	o.t.Helper()
	o.sql(`INSERT INTO body (institution_id, code, name_nl, name_fr) SELECT id, 'DR', 'Directieraad', 'Conseil de direction' FROM institution WHERE code = 'ACTIRIS' ON CONFLICT DO NOTHING`)
}

// openRound opens a half-year of that body for one mandate, as its secretary does.
func (o *office) openRound(mandate, period string) *browser {
	o.t.Helper()
	o.body()
	secretary := o.as("secretary")
	wantCode(o.t, "open the round", secretary.post("/nl/rounds/new", key(url.Values{"body": {"ACTIRIS-DR"}, "period": {period}, "mandate." + mandate: {"yes"}})), http.StatusSeeOther)
	return secretary
}

// key gives a form an idempotency key of its own.
func key(form url.Values) url.Values {
	form.Set("idempotency_key", uuid.NewString())
	return form
}

const theRound = "/nl/rounds/ACTIRIS-DR/2026-H2"

// step takes a round one step.
func (b *browser) step(from, to monitoring.RoundState, reason string) int {
	b.t.Helper()
	form := key(url.Values{"from": {string(from)}, "to": {string(to)}})
	if reason != "" {
		form.Set("reason", reason)
	}
	return b.post(theRound+"/step", form).Code
}

// present takes an open round before its body.
func (b *browser) present() {
	b.t.Helper()
	for from := monitoring.RoundOpen; from != monitoring.RoundPresented; from = from.Next() {
		if code := b.step(from, from.Next(), ""); code != http.StatusSeeOther {
			b.t.Fatalf("from %s: %d", from, code)
		}
	}
}

func TestSOpensTheHalfYear(t *testing.T) {
	o := withLetter(t)
	o.body()
	secretary := o.as("secretary")
	form := secretary.get("/nl/rounds/new?body=ACTIRIS-DR")
	wantCode(t, "the form", form, http.StatusOK)
	for _, box := range []string{`name="mandate.LETTER" value="yes" checked`, `name="mandate.ACTIRIS-A4" value="yes" checked`} {
		if !strings.Contains(form.Body.String(), box) {
			t.Errorf("the form lacks %s", box)
		}
	}
	if strings.Contains(form.Body.String(), "ELDERS") {
		t.Error("mandates of another institution are offered")
	}
	fields := url.Values{"body": {"ACTIRIS-DR"}, "period": {"2026-H2"}, "mandate.LETTER": {"yes"}, "mandate.ACTIRIS-A4": {"yes"}}
	wantCode(t, "no mandate", secretary.post("/nl/rounds/new", key(url.Values{"body": {"ACTIRIS-DR"}, "period": {"2026-H2"}})), http.StatusUnprocessableEntity)
	early := url.Values{"body": {"ACTIRIS-DR"}, "period": {"2026-H2"}, "mandate.LETTER": {"yes"}, "due": {"01/03/2026"}, "grace": {"01/02/2026"}}
	wantCode(t, "days before the half-year", secretary.post("/nl/rounds/new", key(early)), http.StatusUnprocessableEntity)
	foreign := url.Values{"body": {"ACTIRIS-DR"}, "period": {"2026-H2"}, "mandate.ELDERS-A4": {"yes"}}
	wantCode(t, "a mandate from elsewhere", secretary.post("/nl/rounds/new", key(foreign)), http.StatusUnprocessableEntity)
	wantCode(t, "open", secretary.post("/nl/rounds/new", key(fields)), http.StatusSeeOther)
	wantCode(t, "open again", secretary.post("/nl/rounds/new", key(fields)), http.StatusUnprocessableEntity)
	if got := value[string](o, `SELECT due_on || ' ' || grace_until || ' ' || state FROM round`); got != "2027-01-10 2027-01-31 open" {
		t.Errorf("the round is %s", got)
	}
	_, words := page(t, secretary.get(theRound))
	for _, want := range []string{"10 januari 2027", "LETTER", "0 van 28", "nog niets bewaard", "Naam secretary"} {
		if !strings.Contains(words, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for name, want := range map[string]int{"committee": 200, "director": 403, "delegate": 403, "hr": 403, "admin": 403, "nobody": 403} {
		wantCode(t, name, o.as(name).get(theRound), want)
	}
	wantCode(t, "a member steps", o.as("committee").post(theRound+"/step", key(url.Values{"from": {"open"}, "to": {"collecting"}})), http.StatusForbidden)
}

// Who has not reported is seen at a glance, and nudged once a day.
func TestSSeesWhoHasNotReportedAndNudgesOnceADay(t *testing.T) {
	o := withLetter(t)
	o.sql(`UPDATE person SET lang = 'fr' WHERE id = $1`, o.id["delegate"])
	o.sql(`INSERT INTO delegation (mandate_id, granted_by, person_id, starts_on, ends_on) SELECT id, $1, $2, '2026-01-01', '2026-12-31' FROM mandate WHERE code = 'LETTER'`, o.id["director"], o.id["delegate"])
	secretary := o.openRound("LETTER", "2026-H2")
	box := func(name string) string { return "person." + num(o.id[name]) }
	both := url.Values{box("director"): {"yes"}, box("delegate"): {"yes"}}
	form := key(both)
	wantCode(t, "nudge", secretary.post(theRound+"/nudge", form), http.StatusSeeOther)
	wantCode(t, "a double click", secretary.post(theRound+"/nudge", form), http.StatusSeeOther)
	if got := value[string](o, `SELECT string_agg(subject, ', ' ORDER BY subject) FROM outgoing_mail WHERE kind = 'nudge'`); got != "fr LETTER, nl LETTER" {
		t.Errorf("mails: %s", got)
	}
	o.pass(10 * time.Minute)
	again := secretary.post(theRound+"/nudge", key(both))
	wantCode(t, "a second nudge the same day", again, http.StatusUnprocessableEntity)
	if !strings.Contains(again.Body.String(), "12:00") {
		t.Error("the page does not say when the first one went")
	}
	wantCode(t, "nobody chosen", secretary.post(theRound+"/nudge", key(url.Values{})), http.StatusUnprocessableEntity)
	wantCode(t, "a stranger", secretary.post(theRound+"/nudge", key(url.Values{box("director2"): {"yes"}})), http.StatusUnprocessableEntity)
	o.pass(24 * time.Hour)
	secretary = o.as("secretary")
	wantCode(t, "the day after", secretary.post(theRound+"/nudge", key(both)), http.StatusSeeOther)
	if n := value[int](o, `SELECT count(*) FROM outgoing_mail WHERE kind = 'nudge'`); n != 4 {
		t.Errorf("%d mails, want 4", n)
	}
}

// A part that is submitted lies elsewhere; a return gives it back, with reasons.
func TestAPartIsSubmittedReturnedAndSubmittedAgain(t *testing.T) {
	o := withLetter(t)
	secretary := o.openRound("LETTER", "2026-H2")
	o.sql(`INSERT INTO delegation (mandate_id, granted_by, person_id, starts_on, ends_on) SELECT id, $1, $2, '2026-01-01', '2026-12-31' FROM mandate WHERE code = 'LETTER'`, o.id["director"], o.id["delegate"])
	if code := secretary.step(monitoring.RoundOpen, monitoring.RoundCollecting, ""); code != http.StatusSeeOther {
		t.Fatalf("collecting: %d", code)
	}
	director, delegate := o.as("director"), o.as("delegate")
	const report, submit = "/nl/mandates/LETTER/report/2026-H2", "/nl/mandates/LETTER/report/2026-H2/submit"

	review := director.get(submit)
	wantCode(t, "review", review, http.StatusOK)
	if !strings.Contains(review.Body.String(), `id="weak-silent"`) {
		t.Error("silent targets are not shown first")
	}
	wantCode(t, "a delegate looks", delegate.get(submit), http.StatusForbidden)
	wantCode(t, "a delegate submits", delegate.post(submit, key(url.Values{})), http.StatusForbidden)
	filled := director.reportForm(report)
	wantCode(t, "report", director.post(report, filled), http.StatusSeeOther)
	wantCode(t, "a return before the submission", secretary.post(theRound+"/LETTER/return", key(url.Values{"reason": {"vroeg"}})), http.StatusConflict)
	wantCode(t, "submit", director.post(submit, key(url.Values{})), http.StatusSeeOther)
	wantCode(t, "submit twice", director.post(submit, key(url.Values{})), http.StatusConflict)

	locked := director.get(report)
	wantCode(t, "read-only", locked, http.StatusOK)
	if strings.Contains(locked.Body.String(), "<textarea") || !strings.Contains(locked.Body.String(), "alleen-lezen") {
		t.Error("the submitted part can still be written")
	}
	refusedPage := delegate.post(report, key(url.Values{"do": {"report"}, "row.S1.1-1.version": {"0"}, "row.S1.1-1.status": {"attention"}, "row.S1.1-1.achieved": {"toch nog"}}))
	wantCode(t, "an entry after the submission", refusedPage, http.StatusConflict)
	if !strings.Contains(refusedPage.Body.String(), "ingediend") {
		t.Error("the refusal does not say why")
	}
	_, err := o.Store.Pool().Exec(store.AsSystem(context.Background()), `INSERT INTO progress_entry (mandate_id, target_id, as_of, author_id, lang, status)
		SELECT mandate_id, id, '2026-11-24', $1, 'nl', 'on_track' FROM target WHERE mandate_id = (SELECT id FROM mandate WHERE code = 'LETTER') LIMIT 1`, o.id["director"])
	if err == nil || !strings.Contains(err.Error(), "JA007") {
		t.Errorf("the database takes an entry: %v", err)
	}

	wantCode(t, "no reason", secretary.post(theRound+"/LETTER/return", key(url.Values{})), http.StatusUnprocessableEntity)
	wantCode(t, "a row that is not there", secretary.post(theRound+"/LETTER/return", key(url.Values{"row.S9.9-9": {"x"}})), http.StatusBadRequest)
	back := key(url.Values{"reason": {"Graag aanvullen."}, "row.S2.1-1": {"Welke diensten?"}})
	wantCode(t, "the form of a return", secretary.get(theRound+"/LETTER/return"), http.StatusOK)
	wantCode(t, "return", secretary.post(theRound+"/LETTER/return", back), http.StatusSeeOther)
	for _, path := range []string{report, "/nl/due", theRound} {
		b := director
		if path == theRound {
			b = secretary
		}
		if page := b.get(path).Body.String(); !strings.Contains(page, "Graag aanvullen.") || path != "/nl/due" && !strings.Contains(page, "Welke diensten?") {
			t.Errorf("%s does not say why the part was returned", path)
		}
	}
	mended := director.reportForm(report)
	mended.Set("row.S2.1-1.achieved", "Drie nieuwe diensten.")
	wantCode(t, "mend", director.post(report, mended), http.StatusSeeOther)
	wantCode(t, "submit again", director.post(submit, key(url.Values{})), http.StatusSeeOther)
	if steps := value[string](o, `SELECT string_agg(step, ' ' ORDER BY id) FROM part_step`); steps != "submitted returned submitted" {
		t.Errorf("steps: %s", steps)
	}
}

// The table of a round is sealed at its end, and stays as it was sealed; until then there is a way back.
func TestSSealsTheWholeTable(t *testing.T) {
	o := withLetter(t)
	secretary, director := o.openRound("LETTER", "2026-H2"), o.as("director")
	for _, c := range []struct {
		from, to monitoring.RoundState
		reason   string
		want     int
	}{
		{"open", "presented", "", http.StatusConflict},
		{"open", "collecting", "", http.StatusSeeOther},
		{"open", "collecting", "", http.StatusConflict},      // somebody was first
		{"collecting", "presented", "", http.StatusConflict}, // grace comes first
		{"collecting", "grace", "", http.StatusSeeOther},
		{"grace", "presented", "", http.StatusSeeOther},
		{"presented", "grace", "", http.StatusUnprocessableEntity},
		{"presented", "grace", "De vergadering is uitgesteld.", http.StatusSeeOther},
		{"grace", "presented", "", http.StatusSeeOther},
	} {
		if got := secretary.step(c.from, c.to, c.reason); got != c.want {
			t.Errorf("%s → %s (%q): %d, want %d", c.from, c.to, c.reason, got, c.want)
		}
	}
	const report = "/nl/mandates/LETTER/report/2026-H2"
	entry := func() url.Values {
		return key(url.Values{"do": {"report"}, "row.S1.1-1.version": {"0"}, "row.S1.1-1.status": {"attention"}, "row.S1.1-1.achieved": {"laat"}})
	}
	wantCode(t, "an entry while it is presented", director.post(report, entry()), http.StatusConflict)
	wantCode(t, "returned from the meeting", secretary.post(theRound+"/LETTER/return", key(url.Values{"row.S1.1-1": {"Cijfer?"}})), http.StatusSeeOther)
	wantCode(t, "an entry since it was returned", director.post(report, entry()), http.StatusSeeOther)

	wantCode(t, "no confirmation", secretary.post(theRound+"/seal", key(url.Values{})), http.StatusUnprocessableEntity)
	wantCode(t, "review", secretary.get(theRound+"/seal"), http.StatusOK)
	wantCode(t, "seal", secretary.post(theRound+"/seal", key(url.Values{"confirm": {"yes"}})), http.StatusSeeOther)
	wantCode(t, "seal twice", secretary.post(theRound+"/seal", key(url.Values{"confirm": {"yes"}})), http.StatusConflict)
	if code := secretary.step("presented", "grace", "toch niet"); code != http.StatusConflict {
		t.Errorf("back from the seal: %d", code)
	}
	wantCode(t, "an entry after the seal", director.post(report, entry()), http.StatusConflict)
	wantCode(t, "a return after the seal", secretary.get(theRound+"/LETTER/return"), http.StatusConflict)

	exported := secretary.get(theRound + ".json")
	wantCode(t, "export", exported, http.StatusOK)
	v := monitoring.Verify(exported.Body.Bytes(), []monitoring.PublicKey{o.Signer.Public()})
	if v.Outcome != monitoring.Intact || !v.Trusted || v.Round == nil || len(v.Round.Mandates) != 1 {
		t.Fatalf("%+v", v)
	}
	line := v.Round.Mandates[0]
	if v.Seal.Number != "DR-2026-H2" || line.Number != "DR-2026-H2-001" || line.Reported != 1 || line.Owed != 28 {
		t.Errorf("sealed as %s: %+v", v.Seal.Number, line)
	}
	var table struct{ Seal monitoring.Seal }
	if err := json.Unmarshal(secretary.get("/nl/mandates/LETTER/monitoring/2026-H2.json").Body.Bytes(), &table); err != nil || table.Seal.SHA256 != line.SHA256 {
		t.Errorf("the table of the mandate has hash %s, the whole names %s (%v)", table.Seal.SHA256, line.SHA256, err)
	}
	o.pass(10 * time.Minute)
	o.sql(`UPDATE wording_version SET nl = nl || ' (gewijzigd)'`)
	if again := secretary.get(theRound + ".json"); again.Body.String() != exported.Body.String() {
		t.Error("the export changed after the seal")
	}
	if n := value[int](o, `SELECT count(*) FROM round_seal`); n != 1 {
		t.Errorf("%d seals", n)
	}
}

// Every entry that is acknowledged while the whole table is sealed is in the sealed table of its mandate.
func TestSealingWhileSomebodySaves(t *testing.T) {
	o := withLetter(t)
	secretary, director := o.openRound("LETTER", "2026-H2"), o.as("director")
	secretary.present()
	wantCode(t, "return", secretary.post(theRound+"/LETTER/return", key(url.Values{"reason": {"nog open"}})), http.StatusSeeOther)
	const report = "/nl/mandates/LETTER/report/2026-H2"
	rows := rowVersions.FindAllStringSubmatch(director.get(report).Body.String(), -1)
	if len(rows) < 20 {
		t.Fatalf("%d rows", len(rows))
	}
	var wg sync.WaitGroup
	said := make([]int, 20)
	for i := range said {
		form := key(url.Values{"do": {"report"}, rows[i][1]: {"0"}, "row." + rows[i][2] + ".status": {"on_track"}, "row." + rows[i][2] + ".achieved": {"woorden van " + rows[i][2]}})
		own := &browser{office: o, cookies: map[string]string{}, address: "192.0.2.10"}
		for name, v := range director.cookies {
			own.cookies[name] = v
		}
		wg.Go(func() { said[i] = own.post(report, form).Code })
	}
	wg.Go(func() {
		if code := secretary.post(theRound+"/seal", key(url.Values{"confirm": {"yes"}})).Code; code != http.StatusSeeOther {
			t.Errorf("seal: %d", code)
		}
	})
	wg.Wait()
	document := value[[]byte](o, `SELECT document FROM seal`)
	for i, code := range said {
		sealed := strings.Contains(string(document), `"woorden van `+rows[i][2]+`"`)
		if acknowledged := code == http.StatusSeeOther; acknowledged && !sealed || code >= 500 {
			t.Errorf("row %s: answered %d, in the sealed table: %v", rows[i][2], code, sealed)
		}
	}
}

// Before a part is submitted its holder sees what is missing: a link shows what
// was achieved as a file does, and what is recorded waits no more. One look takes three statements.
func TestWhatHasEvidenceIsNotMissedBeforeAPartIsSubmitted(t *testing.T) {
	o := withLetter(t)
	o.openRound("LETTER", "2026-H2")
	o.sql(`INSERT INTO progress_entry (mandate_id, target_id, as_of, author_id, lang, status, achieved)
		SELECT mandate_id, id, '2026-11-01', $1, 'nl', 'achieved', 'Klaar: ' || code FROM target WHERE code IN ('S1.1-1', 'S1.2-1', 'S2.1-1', 'S2.2-1', 'S3.1-1')`, o.id["director"])
	o.sql(`INSERT INTO evidence_link (mandate_id, target_id, entry_id, url, title, added_by, added_at)
		SELECT e.mandate_id, e.target_id, e.id, 'https://jalon.example/verslag', 'Verslag', e.author_id, now() FROM progress_entry e JOIN target g ON g.id = e.target_id WHERE g.code = 'S1.1-1'`)
	o.sql(`INSERT INTO evidence (mandate_id, target_id, entry_id, sha256, size, kind, name, confidential, added_by, added_at)
		SELECT e.mandate_id, e.target_id, e.id, sha256('x'), 1, 'pdf', 'verslag.pdf', false, e.author_id, now() FROM progress_entry e JOIN target g ON g.id = e.target_id WHERE g.code = 'S1.2-1'`)
	for code, doneOn := range map[string]string{"S2.1-1": "2026-07-01", "S2.2-1": "2026-06-30"} {
		o.sql(`INSERT INTO duty_answer (mandate_id, target_id, due, timing, done_on, note, link, lang, author_id, recorded_at)
			SELECT mandate_id, id, '2026-12-31', 'date', $2::date, '', 'https://jalon.example/antwoord', 'nl', $3, now() FROM target WHERE code = $1`, code, doneOn, o.id["director"])
	}
	b := o.as("director")
	b.get(reportPage + "/submit")
	o.count.taken()
	page := b.get(reportPage + "/submit")
	if got := o.count.taken(); len(got) > 3 { // who asks, the mandate, and what is written
		t.Errorf("%d statements:\n%s", len(got), strings.Join(got, "\n---\n"))
	}
	missing := page.Body.String()
	missing = missing[strings.Index(missing, `id="weak-no_evidence"`):]
	for code, want := range map[string]bool{"S1.1-1": false, "S1.2-1": false, "S2.1-1": false, "S2.2-1": true, "S3.1-1": true} {
		if got := strings.Contains(missing, `#`+code+`"`); got != want {
			t.Errorf("%s is said to be without evidence: %v", code, got)
		}
	}
	if strings.Contains(page.Body.String(), o.Catalogues.In("nl").N("part.drafts", 2)) {
		t.Error("what is recorded with evidence is said to be a draft")
	}
}

// A holder sees on the page of the report itself by when a body wants it.
func TestTheReportSaysByWhenItIsWanted(t *testing.T) {
	o := withLetter(t)
	director := o.as("director")
	const by = "in te dienen uiterlijk op 10/01/2027"
	if strings.Contains(director.get(reportPage).Body.String(), by) {
		t.Error("a day is named before a round asks for the part")
	}
	o.openRound("LETTER", "2026-H2")
	if !strings.Contains(director.get(reportPage).Body.String(), by) {
		t.Errorf("the page does not say %q", by)
	}
}
