package site

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/monitoring"
	"jalon/internal/store"
)

// strategic gives the office of boarded, in which two targets go to the Comité
// voor Strategische Ontwikkeling, of which the person called nobody is the secretary.
func strategic(t testing.TB) *office {
	t.Helper()
	o := boarded(t)
	for _, code := range []string{"S3.3-1", "S3.3-2"} {
		wantCode(t, "address "+code, o.as("hr").post(letterMandate+"/targets/"+code+"/addressees", o.addressing("CSO")), http.StatusSeeOther)
	}
	o.sql(`INSERT INTO role_grant (person_id, role, institution_id, body_id, starts_on) SELECT $1, 'secretary', institution_id, id, '2026-01-01' FROM body WHERE code = 'CSO'`, o.id["nobody"])
	return o
}

const (
	strategicRound = "/nl/rounds/ACTIRIS-CSO/2026-H2"
	strategicTable = "/nl/bodies/ACTIRIS-CSO/mandates/LETTER/monitoring/2026-H2"
)

// record tries to store an entry on a target under the lock of the database alone.
func (o *office) record(code, words string) error {
	_, err := o.Store.Pool().Exec(store.AsSystem(context.Background()), `INSERT INTO progress_entry (mandate_id, target_id, as_of, author_id, lang, status, achieved)
		SELECT mandate_id, id, '2026-11-20', $1, 'nl', 'on_track', $3 FROM target WHERE code = $2 AND mandate_id = (SELECT id FROM mandate WHERE code = 'LETTER')`, o.id["director"], code, words)
	return err
}

func refusedAs(err error, code string) bool { return err != nil && strings.Contains(err.Error(), code) }

// A body that gets only what is addressed to it goes through the same steps, and
// seals a table of that alone; the table of the whole mandate stays open.
func TestABodySealsWhatIsAddressedToIt(t *testing.T) {
	o := strategic(t)
	secretary, director := o.as("nobody"), o.as("director")

	form := secretary.get("/nl/rounds/new?body=ACTIRIS-CSO").Body.String()
	if !strings.Contains(form, `name="mandate.LETTER"`) || strings.Contains(form, `name="mandate.ACTIRIS-A4"`) {
		t.Error("the form asks other mandates than those of which something goes to the body")
	}
	wantCode(t, "open", secretary.post("/nl/rounds/new", key(url.Values{"body": {"ACTIRIS-CSO"}, "period": {"2026-H2"}, "mandate.LETTER": {"yes"}})), http.StatusSeeOther)
	if _, words := page(t, secretary.get(strategicRound)); !strings.Contains(words, "2 van 2") {
		t.Error("the round counts more than what goes to the body")
	}
	wantCode(t, "the other body's secretary looks", o.as("committee").get(strategicRound), http.StatusOK) // a member of every body

	step := func(from, to monitoring.RoundState) {
		t.Helper()
		wantCode(t, string(to), secretary.post(strategicRound+"/step", key(url.Values{"from": {string(from)}, "to": {string(to)}})), http.StatusSeeOther)
	}
	step("open", "collecting")
	wantCode(t, "submit", director.post(letterMandate+"/report/2026-H2/submit", key(url.Values{})), http.StatusSeeOther)
	report := director.get(letterMandate + "/report/2026-H2").Body.String()
	for text, want := range map[string]bool{`name="row.S3.3-1.status"`: false, `name="row.S1.1-1.status"`: true, "dit ligt bij een orgaan": true} {
		if strings.Contains(report, text) != want {
			t.Errorf("the report has %q: %v", text, !want)
		}
	}
	if err := o.record("S3.3-1", "te laat"); !refusedAs(err, "JA007") {
		t.Errorf("what lies before the body is taken: %v", err)
	}
	if err := o.record("S1.1-1", "op tijd"); err != nil {
		t.Errorf("what goes to another body is refused: %v", err)
	}
	wantCode(t, "the form of a return", secretary.get(strategicRound+"/LETTER/return"), http.StatusOK)
	wantCode(t, "return", secretary.post(strategicRound+"/LETTER/return", key(url.Values{"row.S3.3-1": {"Cijfer?"}})), http.StatusSeeOther)
	if err := o.record("S3.3-1", "aangevuld"); err != nil {
		t.Errorf("what was returned is refused: %v", err)
	}
	step("collecting", "grace")
	step("grace", "presented")
	wantCode(t, "review", secretary.get(strategicRound+"/seal"), http.StatusOK)
	wantCode(t, "a member seals", o.as("committee").post(strategicRound+"/seal", key(url.Values{"confirm": {"yes"}})), http.StatusForbidden)
	wantCode(t, "seal", secretary.post(strategicRound+"/seal", key(url.Values{"confirm": {"yes"}})), http.StatusSeeOther)

	whole := monitoring.Verify(secretary.get(strategicRound+".json").Body.Bytes(), []monitoring.PublicKey{o.Signer.Public()})
	if whole.Outcome != monitoring.Intact || !whole.Trusted || whole.Round == nil || len(whole.Round.Mandates) != 1 {
		t.Fatalf("%+v", whole)
	}
	line := whole.Round.Mandates[0]
	if whole.Seal.Number != "CSO-2026-H2" || line.Number != "CSO-2026-H2-001" || line.Owed != 2 {
		t.Errorf("sealed as %s: %+v", whole.Seal.Number, line)
	}
	table := monitoring.Verify(secretary.get(strategicTable+".json").Body.Bytes(), nil)
	if table.Outcome != monitoring.Intact || table.Seal.SHA256 != line.SHA256 || len(table.Table.Rows) != 2 || table.Table.Body.Code != "CSO" {
		t.Errorf("the table of the mandate: %s, %d rows, %s", table.Outcome, len(table.Table.Rows), table.Seal.Number)
	}
	if got := table.Table.Rows[0].Now.Entry.Achieved; got != "aangevuld" {
		t.Errorf("sealed with %q", got)
	}
	if err := o.record("S3.3-1", "na het zegel"); !refusedAs(err, "JA001") {
		t.Errorf("what is sealed is taken: %v", err)
	}
	wantCode(t, "the rest is open", director.get(letterMandate+"/report/2026-H2"), http.StatusOK)
	wantCode(t, "the whole is not sealed", o.as("secretary").get(letterMandate+"/monitoring/2026-H2/seal"), http.StatusOK)
	wantCode(t, "sealing the whole", o.as("secretary").post(letterMandate+"/monitoring/2026-H2/seal", key(url.Values{"confirm": {"yes"}})), http.StatusSeeOther)
	if got := value[string](o, `SELECT string_agg(number || ' ' || COALESCE(cardinality(targets)::text, 'whole'), ', ' ORDER BY number) FROM seal`); got != "CSO-2026-H2-001 2, DR-2026-H2-001 whole" {
		t.Errorf("seals: %s", got)
	}

	// what goes to the body no more stays in what was sealed for it
	o.pass(24 * time.Hour)
	o.sql(`UPDATE addressee SET valid_until = valid_from`)
	again := o.as("nobody").get(strategicTable + ".json")
	if c := monitoring.Verify(again.Body.Bytes(), nil); c.Outcome != monitoring.Intact || len(c.Table.Rows) != 2 {
		t.Errorf("afterwards: %d, %s", again.Code, c.Outcome)
	}
}

// One table of such a body can be sealed by itself, has errata of its own, and
// stands in its document of all tables as it was sealed.
func TestATableOfWhatIsAddressedHasItsOwnSealAndErrata(t *testing.T) {
	o := strategic(t)
	secretary := o.as("nobody")
	_, words := page(t, secretary.get(strategicTable))
	if !strings.Contains(words, "nog niet verzegeld") && !strings.Contains(words, "niet verzegeld") {
		t.Error("the draft does not say what it is")
	}
	wantCode(t, "a mandate of which nothing goes there", secretary.get("/nl/bodies/ACTIRIS-CSO/mandates/ACTIRIS-A4/monitoring/2026-H2"), http.StatusNotFound)
	wantCode(t, "a body that gets everything", o.as("secretary").get("/nl/bodies/ACTIRIS-DR/mandates/LETTER/monitoring/2026-H2"), http.StatusNotFound)
	wantCode(t, "an erratum before the seal", secretary.get(strategicTable+"/errata"), http.StatusConflict)
	wantCode(t, "seal without a confirmation", secretary.post(strategicTable+"/seal", key(url.Values{})), http.StatusUnprocessableEntity)
	wantCode(t, "the holder seals", o.as("director").post(strategicTable+"/seal", key(url.Values{"confirm": {"yes"}})), http.StatusForbidden)
	wantCode(t, "seal", secretary.post(strategicTable+"/seal", key(url.Values{"confirm": {"yes"}})), http.StatusSeeOther)
	wantCode(t, "seal twice", secretary.post(strategicTable+"/seal", key(url.Values{"confirm": {"yes"}})), http.StatusConflict)

	erratum := url.Values{"lang": {"nl"}, "code": {"S3.3-1"}, "text": {"Lees: twaalf."}, "reason": {"Een telfout."}}
	wantCode(t, "erratum", secretary.post(strategicTable+"/errata", key(erratum)), http.StatusSeeOther)
	elsewhere := url.Values{"lang": {"nl"}, "code": {"S1.1-1"}, "text": {"Lees: twaalf."}, "reason": {"Een telfout."}}
	wantCode(t, "an erratum on what is not in it", secretary.post(strategicTable+"/errata", key(elsewhere)), http.StatusUnprocessableEntity)
	c := monitoring.Verify(secretary.get(strategicTable+".json").Body.Bytes(), nil)
	if c.Outcome != monitoring.Intact || len(c.Errata) != 1 || c.Errata[0].Table.Number != "CSO-2026-H2-001" {
		t.Errorf("%s, errata %+v", c.Outcome, c.Errata)
	}
	if page := o.as("secretary").get(letterMandate + "/monitoring/2026-H2").Body.String(); strings.Contains(page, "Lees: twaalf.") {
		t.Error("the table of the whole mandate shows the erratum of another table")
	}
	for path, want := range map[string]string{
		"/nl/bodies/ACTIRIS-CSO/monitoring/2026-H2": "CSO-2026-H2-001", "/fr/bodies/ACTIRIS-CSO/monitoring/2026-H2": "CSO-2026-H2-001",
		"/nl/bodies/ACTIRIS-CSO/tables/2026-H2.json": `"number":"CSO-2026-H2-001"`, "/nl/bodies/ACTIRIS-CSO/tables/2026-H2.csv": "CSO-2026-H2-001", strategicTable: "Lees: twaalf.",
	} {
		if w := secretary.get(path); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %d, without %q", path, w.Code, want)
		}
	}
	// among the half-years none is sealed before it was
	for query, sealed := range map[string]bool{"": true, "?asof=" + calendar.DateOf(o.clock()).AddDays(-1).String(): false} {
		if page := secretary.get(strategicTable + query).Body.String(); strings.Contains(page, `<span class="muted small">`+catalogues().In(bilingual.NL).T("period.state.sealed")) != sealed {
			t.Errorf("%s: the half-year is marked as sealed: %t", query, !sealed)
		}
	}
}

// A body that gets some targets compares with its own sealed table; that of the
// whole mandate is not named to its members.
func TestATableOfWhatIsAddressedComparesWithItsOwn(t *testing.T) {
	o := strategic(t)
	wantCode(t, "seal the whole", o.as("secretary").post(letterMandate+"/monitoring/2026-H1/seal", key(url.Values{"confirm": {"yes"}})), http.StatusSeeOther)
	secretary := o.as("nobody")
	const body = "/nl/bodies/ACTIRIS-CSO"
	none := o.Catalogues.In("nl").T("export.no_previous")
	for path, words := range map[string]string{
		strategicTable: o.Catalogues.In("nl").T("monitoring.not_compared"), strategicTable + ".html": none, strategicTable + ".csv": "", strategicTable + ".json": "",
		body + "/monitoring/2026-H2": "", body + "/tables/2026-H2.html": "", body + "/meeting/2026-H2?mandate=LETTER&target=S3.3-1": "",
	} {
		page := secretary.get(path)
		wantCode(t, path, page, http.StatusOK)
		if got := page.Body.String(); strings.Contains(got, "DR-2026-H1") || !strings.Contains(got, words) {
			t.Errorf("%s names a table that the members cannot open, or does not say %q", path, words)
		}
	}
	if !strings.Contains(o.as("secretary").get(letterMandate+"/monitoring/2026-H2").Body.String(), "DR-2026-H1-001") {
		t.Error("the table of the whole mandate does not name the one before")
	}
	o.owner(`UPDATE addressee SET valid_from = '2026-01-01' WHERE body_id = (SELECT id FROM body WHERE code = 'CSO')`)
	wantCode(t, "seal its own", secretary.post(body+"/mandates/LETTER/monitoring/2026-H1/seal", key(url.Values{"confirm": {"yes"}})), http.StatusSeeOther)
	for _, path := range []string{strategicTable, strategicTable + ".html"} {
		if got := secretary.get(path).Body.String(); !strings.Contains(got, "CSO-2026-H1-001") || strings.Contains(got, "DR-2026-H1") {
			t.Errorf("%s does not name its own table of before", path)
		}
	}
}
