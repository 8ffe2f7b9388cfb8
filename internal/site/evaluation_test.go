package site

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"
)

func (o *office) evaluation(code string) string {
	return strconv.FormatInt(value[int64](o, `SELECT e.id FROM evaluation e JOIN mandate m ON m.id = e.mandate_id WHERE m.code = $1 ORDER BY e.id DESC LIMIT 1`, code), 10)
}

func TestWhoReadsAnEvaluation(t *testing.T) {
	o := newOffice(t)
	o.sql(`UPDATE role_grant SET institution_id = (SELECT id FROM institution WHERE code = 'ACTIRIS') WHERE role = 'hr_officer'`)
	for name, want := range map[string][3]int{ // own, foreign, unknown
		"hr": {200, 404, 404}, "evaluator": {200, 404, 404},
		"director": {200, 404, 404}, "admin": {403, 403, 403}, "delegate": {403, 403, 403}, "committee": {403, 403, 403}, "secretary": {403, 403, 403}, "nobody": {403, 403, 403},
	} {
		b := o.as(name)
		for i, id := range []string{o.evaluation("ACTIRIS-A4"), o.evaluation("ELDERS-A4"), "999999"} {
			wantCode(t, name+" "+id, b.get("/nl/evaluations/"+id), want[i])
		}
		list := b.get("/nl/evaluations")
		if readers := want[0] == 200; readers != (list.Code == 200) || readers && (!strings.Contains(list.Body.String(), "Naam director") || strings.Contains(list.Body.String(), "Naam director2")) {
			t.Errorf("%s: the list answers %d, or has the wrong evaluations", name, list.Code)
		}
	}
	if n := value[int](o, `SELECT count(*) FROM audit_event WHERE action = 'read dossier' AND object = $1`, "evaluation/"+o.evaluation("ACTIRIS-A4")); n != 3 {
		t.Errorf("%d readings in the audit trail, want three", n)
	}
	if got := o.as("evaluator").get("/nl").Header().Get("Location"); got != "/nl/evaluations" {
		t.Errorf("the evaluator comes for %s", got)
	}
}

// An evaluator who may see another mandate still finds no trace of its evaluation.
func TestAForeignEvaluationOfAVisibleMandateDoesNotExist(t *testing.T) {
	o := newOffice(t)
	o.sql(`INSERT INTO role_grant (person_id, role, starts_on) VALUES ($1, 'committee_member', '2025-01-01')`, o.id["evaluator"])
	b := o.as("evaluator")
	wantCode(t, "the mandate", b.get("/nl/mandates/ELDERS-A4"), 200)
	wantCode(t, "its evaluation", b.get("/nl/evaluations/"+o.evaluation("ELDERS-A4")), 404)
	wantCode(t, "to name an evaluator", b.post("/nl/evaluations/"+o.evaluation("ACTIRIS-A4")+"/evaluators", url.Values{"idempotency_key": {newKey()}}), 403)
}

func TestAnEvaluatorReadsBetweenTwoMidnights(t *testing.T) {
	o := newOffice(t)
	at := func(day string) *browser {
		when, err := time.ParseInLocation("2006-01-02 15:04:05", day, time.FixedZone("CET", 3600))
		if err != nil {
			t.Fatal(err)
		}
		o.mu.Lock()
		o.now = when
		o.mu.Unlock()
		return o.as("evaluator")
	}
	page := "/nl/evaluations/" + o.evaluation("ACTIRIS-A4")
	b := at("2027-01-31 23:59:59")
	wantCode(t, "on the last evening", b.get(page), 200)
	o.pass(time.Second)
	wantCode(t, "at midnight", b.get(page), 403)
	wantCode(t, "the list at midnight", b.get("/nl/evaluations"), 403)
}

func TestAnOfficerPlansAndNames(t *testing.T) {
	o := newOffice(t)
	b := o.as("hr")
	plan := url.Values{"tenure": {o.tenure("ACTIRIS-A4")}, "kind": {"final"}, "from": {"01/01/2024"}, "until": {"31/12/2028"}, "planned_on": {"15/01/2029"}, "idempotency_key": {newKey()}}
	for name, change := range map[string][2]string{
		"no tenure": {"tenure", "999"}, "no kind": {"kind", "yearly"}, "before the tenure": {"from", "31/12/2023"}, "reversed": {"until", "01/01/2023"}, "no day": {"planned_on", "ooit"},
	} {
		form := url.Values{}
		for k, v := range plan {
			form[k] = v
		}
		form["idempotency_key"] = []string{newKey()}
		form.Set(change[0], change[1])
		w := b.post("/fr/evaluations", form)
		wantCode(t, name, w, http.StatusUnprocessableEntity)
		if !strings.Contains(w.Body.String(), `href="#`+change[0]+`"`) {
			t.Errorf("%s: the summary does not lead to the field", name)
		}
	}
	w := b.post("/nl/evaluations", plan)
	wantCode(t, "plan", w, http.StatusSeeOther)
	page := w.Header().Get("Location")
	plan.Set("idempotency_key", newKey())
	wantCode(t, "the same again", b.post("/nl/evaluations", plan), http.StatusUnprocessableEntity)

	name := func(who, from, until string) (int, string) {
		w := b.post(page+"/evaluators", url.Values{"person": {o.person(who)}, "from": {from}, "until": {until}, "idempotency_key": {newKey()}})
		return w.Code, w.Body.String()
	}
	for _, who := range []string{"director", "delegate"} {
		if code, body := name(who, "01/11/2026", "31/12/2026"); code != 422 || !strings.Contains(body, "Niemand evalueert het eigen werk") {
			t.Errorf("%s evaluates their own work: %d", who, code)
		}
	}
	if code, _ := name("nobody", "01/11/2026", "31/12/2026"); code != 303 {
		t.Errorf("naming somebody: %d", code)
	}
	if code, _ := name("nobody", "31/12/2026", "31/01/2027"); code != 422 {
		t.Errorf("naming them twice: %d", code)
	}
	named := o.as("nobody")
	wantCode(t, "who was named", named.get(page), 200)
	id := strconv.FormatInt(value[int64](o, `SELECT id FROM evaluator WHERE person_id = $1`, o.id["nobody"]), 10)
	wantCode(t, "of another evaluation", b.post("/nl/evaluations/"+o.evaluation("ELDERS-A4")+"/evaluators/"+id+"/end", url.Values{"idempotency_key": {newKey()}}), 404)
	wantCode(t, "end", b.post(page+"/evaluators/"+id+"/end", url.Values{"idempotency_key": {newKey() + "-" + id}}), 303)
	wantCode(t, "at the next click", named.get(page), 403)
	wantCode(t, "move", b.post(page+"/move", url.Values{"planned_on": {"20/01/2029"}, "idempotency_key": {newKey()}}), 303)
	if body := b.get(page).Body.String(); !strings.Contains(body, "20/01/2029") || !strings.Contains(body, "voorbij") {
		t.Error("the page does not show the new day or who read before")
	}
}

func TestAnOfficerLeavesTheirOwnEvaluationAlone(t *testing.T) {
	o := newOffice(t)
	o.sql(`INSERT INTO role_grant (person_id, role, starts_on) VALUES ($1, 'hr_officer', '2025-01-01')`, o.id["director"])
	b := o.as("director")
	page := "/nl/evaluations/" + o.evaluation("ACTIRIS-A4")
	wantCode(t, "read, as who is evaluated", b.get(page), 200)
	wantCode(t, "move", b.post(page+"/move", url.Values{"planned_on": {"20/01/2029"}, "idempotency_key": {newKey()}}), 403)
	wantCode(t, "an opinion", b.post(page+"/opinions", url.Values{"as": {"superior"}, "author": {"x"}, "given_on": {"01/11/2026"}, "opinion": {"x"}, "opinion_lang": {"nl"}, "idempotency_key": {newKey()}}), 403)
	form := url.Values{"tenure": {o.tenure("ACTIRIS-A4")}, "kind": {"final"}, "from": {"01/01/2024"}, "until": {"31/12/2028"}, "planned_on": {"15/01/2029"}, "idempotency_key": {newKey()}}
	wantCode(t, "plan", b.post("/nl/evaluations", form), 422)
}
