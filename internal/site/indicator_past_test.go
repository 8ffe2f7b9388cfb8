package site

import (
	"net/http"
	"net/url"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
)

// The share of duties done in time is that of the mandate: what was owed and done in
// a period that is over stays so under another deadline and another holder.
func TestAFigureOfThePastSurvivesAmendmentAndSuccessor(t *testing.T) {
	o := newExample(t)
	hr := o.as("hr")
	figures := func() [][]string {
		page := hr.get("/nl/mandates/" + ownMandate + "/indicators/T5-K2")
		wantCode(t, "the indicator", page, http.StatusOK)
		return regexp.MustCompile(`<th scope="row"[^>]*>\s*(\d\d/\d\d/\d{4})\s*</th>\s*<td[^>]*>\s*([^<]*?)\s*<`).FindAllStringSubmatch(page.Body.String(), -1)
	}
	before := figures()
	if len(before) < 3 {
		t.Fatalf("%d figures", len(before))
	}
	wantCode(t, "amend", hr.post("/nl/mandates/"+ownMandate+"/amendments", url.Values{
		"idempotency_key": {uuid.NewString()}, "place": {"deadline:S2.3-1"}, "nl": {"december 2026"}, "effective_on": {"15/10/2026"}, "authority": {"Regering"}, "reason": {"besluit"}, "do": {"store"}, "scope": {"own"},
	}), http.StatusSeeOther)
	if d := cmp.Diff(before, figures()); d != "" {
		t.Errorf("another deadline from 15/10/2026 on: %s", d)
	}
	o.sql(`UPDATE tenure SET ends_on = '2026-10-31' WHERE mandate_id = (SELECT id FROM mandate WHERE code = $1) AND ends_on >= '2026-11-24'`, ownMandate)
	o.sql(`INSERT INTO tenure (mandate_id, person_id, starts_on) SELECT m.id, n.id, '2026-11-01' FROM mandate m, person n WHERE m.code = $1 AND n.email = 'director2@jalon.example'`, ownMandate)
	if d := cmp.Diff(before, figures()); d != "" {
		t.Errorf("another holder from 01/11/2026 on: %s", d)
	}
}
