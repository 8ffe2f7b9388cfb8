package site

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"jalon/internal/monitoring"
	"jalon/internal/report"
)

// sealed is an office with a letter whose second half-year of 2026 is sealed.
func sealed(t testing.TB) *office {
	t.Helper()
	o := withLetter(t)
	form := url.Values{"idempotency_key": {newKey()}, "confirm": {"yes"}}
	wantCode(t, "seal", o.as("secretary").post("/nl/mandates/LETTER/monitoring/2026-H2/seal", form), http.StatusSeeOther)
	return o
}

func TestAnErratumStandsBelowTheSealedTable(t *testing.T) {
	o := sealed(t)
	secretary, director := o.as("secretary"), o.as("director")
	const table = "/nl/mandates/LETTER/monitoring/2026-H2"
	before := value[string](o, `SELECT encode(document, 'hex') || signature FROM seal`)
	form := func() url.Values {
		return url.Values{"code": {"S1.1-1"}, "lang": {"nl"}, "text": {"Lees <b>twaalf</b> in plaats van elf."}, "reason": {"Telfout."}, "idempotency_key": {newKey()}}
	}
	first := form()
	for range 2 { // the second is the same form again
		w := secretary.post(table+"/errata", first)
		wantCode(t, "erratum", w, http.StatusSeeOther)
		if got := w.Header().Get("Location"); !strings.HasPrefix(got, table) {
			t.Errorf("leads to %s", got)
		}
	}
	whole := form()
	whole.Set("code", "")
	whole.Set("lang", "fr")
	whole.Set("text", "La moyenne est de 12.")
	wantCode(t, "erratum to the whole", secretary.post("/fr/mandates/LETTER/monitoring/2026-H2/errata", whole), http.StatusSeeOther)
	if n := value[int](o, `SELECT count(*) FROM erratum WHERE number IN (1, 2)`); n != 2 {
		t.Errorf("%d errata, want 2", n)
	}
	for lang, b := range map[string]*browser{"nl": secretary, "fr": director} {
		page := b.get("/" + lang + "/mandates/LETTER/monitoring/2026-H2").Body.String()
		for _, want := range []string{"Lees &lt;b&gt;twaalf", "La moyenne est de 12.", "Erratum 2"} {
			if !strings.Contains(page, want) {
				t.Errorf("%s: the page does not say %q", lang, want)
			}
		}
	}
	for _, f := range []string{"xlsx", "docx", "pdf", "json"} {
		file := director.get(table + "." + f)
		wantCode(t, f, file, http.StatusOK)
		c := report.Verify(file.Body.Bytes(), []monitoring.PublicKey{o.Signer.Public()}, catalogues())
		if c.Outcome != monitoring.Intact || len(c.Errata) != 2 {
			t.Errorf("%s: %s %v, %d errata", f, c.Outcome, c.Changes, len(c.Errata))
		}
	}
	if after := value[string](o, `SELECT encode(document, 'hex') || signature FROM seal`); after != before {
		t.Error("the sealed table changed")
	}
	if n := value[int](o, `SELECT count(*) FROM audit_event WHERE action = 'add erratum'`); n != 2 {
		t.Errorf("%d events in the trail, want 2", n)
	}
}

func TestOnlyTheSecretaryAddsAnErratumAndOnlyToASealedTable(t *testing.T) {
	o := sealed(t)
	form := url.Values{"code": {""}, "lang": {"nl"}, "text": {"x"}, "reason": {"y"}, "idempotency_key": {newKey()}}
	for who, want := range map[string]int{"director": 403, "hr": 403, "committee": 403, "director2": 403, "admin": 403} {
		wantCode(t, who, o.as(who).post("/nl/mandates/LETTER/monitoring/2026-H2/errata", form), want)
	}
	secretary := o.as("secretary")
	wantCode(t, "the form", secretary.get("/fr/mandates/LETTER/monitoring/2026-H2/errata"), 200)
	for period, want := range map[string]int{"2026-H1": 409, "2027-H1": 404, "x": 404} { // not sealed, not begun, none at all
		wantCode(t, period, secretary.get("/nl/mandates/LETTER/monitoring/"+period+"/errata"), want)
		wantCode(t, period, secretary.post("/nl/mandates/LETTER/monitoring/"+period+"/errata", form), want)
	}
	for field, typed := range map[string]string{"code": "S9.9-9", "lang": "", "text": " ", "reason": ""} {
		wrong := url.Values{"code": {""}, "lang": {"nl"}, "text": {"Kanarie"}, "reason": {"Kanarie"}, "idempotency_key": {newKey()}}
		wrong.Set(field, typed)
		w := secretary.post("/nl/mandates/LETTER/monitoring/2026-H2/errata", wrong)
		wantCode(t, field, w, http.StatusUnprocessableEntity)
		if page := w.Body.String(); !strings.Contains(page, `href="#`+field+`"`) || !strings.Contains(page, "Kanarie") {
			t.Errorf("%s: the fault is not led to, or what was typed is lost", field)
		}
	}
	if n := value[int](o, `SELECT count(*) FROM erratum`); n != 0 {
		t.Errorf("%d errata", n)
	}
}

// A report that comes after the seal is refused, and the answer leads to the table.
func TestARefusedReportLeadsToTheErrataOfTheTable(t *testing.T) {
	o := withLetter(t)
	director := o.as("director")
	form := director.reportForm("/nl/mandates/LETTER/report/2026-H2")
	seal := url.Values{"idempotency_key": {newKey()}, "confirm": {"yes"}}
	wantCode(t, "seal", o.as("secretary").post("/nl/mandates/LETTER/monitoring/2026-H2/seal", seal), http.StatusSeeOther)
	w := director.post("/nl/mandates/LETTER/report/2026-H2", form)
	wantCode(t, "report", w, http.StatusConflict)
	if !strings.Contains(w.Body.String(), `href="/nl/mandates/LETTER/monitoring/2026-H2"`) {
		t.Error("the answer does not lead to the table")
	}
}
