package site

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"jalon/internal/calendar"
)

func (o *office) person(name string) string { return strconv.FormatInt(o.id[name], 10) }

func (o *office) tenure(code string) string {
	return strconv.FormatInt(value[int64](o, `SELECT t.id FROM tenure t JOIN mandate m ON m.id = t.mandate_id WHERE m.code = $1 ORDER BY t.starts_on DESC LIMIT 1`, code), 10)
}

func TestWhoMaySayWhoHoldsAMandate(t *testing.T) {
	o := newOffice(t)
	o.sql(`UPDATE role_grant SET institution_id = (SELECT id FROM institution WHERE code = 'ACTIRIS') WHERE role = 'hr_officer'`)
	for name, want := range map[string][2]int{
		"hr": {200, 404}, "admin": {200, 200}, "director": {403, 403}, "delegate": {403, 403}, "secretary": {403, 403}, "committee": {403, 403}, "evaluator": {403, 403},
	} {
		b := o.as(name)
		for i, code := range []string{"ACTIRIS-A4", "ELDERS-A4"} {
			for _, page := range []string{"", "/" + o.tenure(code)} {
				wantCode(t, name+" on "+code+page, b.get("/nl/mandates/"+code+"/tenures"+page), want[i])
			}
		}
	}
	wantCode(t, "the tenure of another mandate", o.as("admin").get("/nl/mandates/ELDERS-A4/tenures/"+o.tenure("ACTIRIS-A4")), 404)
}

func TestASecondHolderIsRefusedByNameAndDays(t *testing.T) {
	o := newOffice(t)
	b := o.as("hr")
	form := url.Values{"person": {o.person("nobody")}, "from": {"01/12/2026"}, "until": {""}, "capacity": {"interim"}, "idempotency_key": {newKey()}}
	w := b.post("/nl/mandates/ACTIRIS-A4/tenures", form)
	wantCode(t, "a second holder", w, http.StatusUnprocessableEntity)
	if page := w.Body.String(); !strings.Contains(page, "Naam director bekleedt het mandaat al sinds 01/01/2024") || !strings.Contains(page, `value="01/12/2026"`) {
		t.Error("the page does not say who holds it, or lost what was typed")
	}
	for name, change := range map[string][2]string{
		"nobody": {"person", ""}, "a stranger": {"person", "999999"}, "no number": {"person", "x"}, "no day": {"from", "31/02/2026"}, "no first day": {"from", ""},
		"reversed": {"until", "01/01/2025"}, "no capacity": {"capacity", ""}, "another capacity": {"capacity", "king"}, "far": {"from", "01/01/9999"},
	} {
		form := url.Values{"person": {o.person("nobody")}, "from": {"01/12/2026"}, "until": {""}, "capacity": {"interim"}, "idempotency_key": {newKey()}}
		form.Set(change[0], change[1])
		w := b.post("/fr/mandates/ACTIRIS-A4/tenures", form)
		wantCode(t, name, w, http.StatusUnprocessableEntity)
		if !strings.Contains(w.Body.String(), `href="#`+change[0]+`"`) {
			t.Errorf("%s: the summary does not lead to the field", name)
		}
	}
	if n := value[int](o, `SELECT count(*) FROM tenure`); n != 2 {
		t.Errorf("%d tenures", n)
	}
}

// The last day counts; at 00:00 in Brussels the former holder, and who reported
// for them, see nothing of the mandate, and the interim holder sees all of it.
func TestAtMidnightTheMandateChangesHands(t *testing.T) {
	o := newOffice(t)
	director, delegate, next := o.as("director"), o.as("delegate"), o.as("nobody")
	end := url.Values{"until": {"30/11/2026"}, "next": {o.person("nobody")}, "next_until": {""}, "next_capacity": {"interim"}, "idempotency_key": {newKey()}}
	wantCode(t, "the end", o.as("hr").post("/nl/mandates/ACTIRIS-A4/tenures/"+o.tenure("ACTIRIS-A4")+"/end", end), http.StatusSeeOther)
	page := "/nl/mandates/ACTIRIS-A4"
	at := func(day int, clock time.Duration) {
		midnight := calendar.MustDate(2026, 11, 30).AddDays(day - 30).End().Add(-24 * time.Hour)
		o.mu.Lock()
		o.now = midnight.Add(clock)
		o.mu.Unlock()
		for _, b := range []*browser{director, delegate, next} {
			b.cookies = map[string]string{} // the session ended with the days that passed
		}
		director, delegate, next = o.as("director"), o.as("delegate"), o.as("nobody")
	}
	at(30, 24*time.Hour-time.Second)
	wantCode(t, "holder at 23:59:59", director.get(page), 200)
	wantCode(t, "delegate at 23:59:59", delegate.get(page), 200)
	if got := next.get(page).Code; got == 200 {
		t.Error("the successor is in before their first day")
	}
	o.pass(time.Second) // the same sessions, no new sign-in
	for name, b := range map[string]*browser{"holder": director, "delegate": delegate} {
		for _, path := range []string{page, page + "/monitoring/2026-H2", page + "/events", page + "/report/2026-H2"} {
			if got := b.get(path).Code; got != http.StatusForbidden && got != http.StatusNotFound {
				t.Errorf("former %s at 00:00 on %s: %d", name, path, got)
			}
		}
	}
	wantCode(t, "interim at 00:00", next.get(page), 200)
	wantCode(t, "interim in the past", next.get(page+"?asof=2025-06-30"), 200)
	if body := next.get(page).Body.String(); !strings.Contains(body, "Naam nobody") {
		t.Error("the page does not name the new holder")
	}
}

// A former holder of one mandate who holds another finds nothing where theirs was.
func TestAFormerHolderFindsNothing(t *testing.T) {
	o := newOffice(t)
	director := o.as("director2")
	o.sql(`INSERT INTO mandate (institution_id, framework_id, code, title_nl, title_nl_state, position) SELECT institution_id, framework_id, 'ELDERS-B4', 'Ander', 'original', 9 FROM mandate WHERE code = 'ELDERS-A4'`)
	o.sql(`INSERT INTO tenure (mandate_id, person_id, starts_on) SELECT id, $1, '2025-01-01' FROM mandate WHERE code = 'ELDERS-B4'`, o.id["director2"])
	wantCode(t, "while they hold it", director.get("/nl/mandates/ELDERS-A4"), 200)
	yesterday := calendar.DateOf(noon).AddDays(-1)
	end := url.Values{"until": {yesterday.String()}, "next": {""}, "next_until": {""}, "next_capacity": {""}, "idempotency_key": {newKey()}}
	wantCode(t, "an end in the past", o.as("hr").post("/fr/mandates/ELDERS-A4/tenures/"+o.tenure("ELDERS-A4")+"/end", end), http.StatusSeeOther)
	wantCode(t, "at the next click", director.get("/nl/mandates/ELDERS-A4"), 404)
	wantCode(t, "their other mandate", director.get("/nl/mandates/ELDERS-B4"), 200)
}

func TestATenureToComeIsCorrectedAndWithdrawn(t *testing.T) {
	o := newOffice(t)
	b := o.as("admin")
	list := "/nl/mandates/ACTIRIS-A4/tenures"
	current := o.tenure("ACTIRIS-A4")
	if page := b.get(list + "/" + current).Body.String(); strings.Contains(page, "/correct") || !strings.Contains(page, "/end") {
		t.Error("the page of a tenure that has begun has the wrong forms")
	}
	end := url.Values{"until": {"31/12/2089"}, "next": {o.person("nobody")}, "next_until": {""}, "next_capacity": {"holder"}, "idempotency_key": {newKey()}}
	wantCode(t, "end", b.post(list+"/"+current+"/end", end), http.StatusSeeOther)
	future := o.tenure("ACTIRIS-A4")
	if page := b.get(list + "/" + future).Body.String(); !strings.Contains(page, "/correct") || strings.Contains(page, future+"/end") {
		t.Error("the page of a tenure to come has the wrong forms")
	}
	correct := url.Values{"person": {o.person("delegate")}, "from": {"01/02/2090"}, "until": {"31/12/2090"}, "capacity": {"interim"}, "idempotency_key": {newKey()}}
	wantCode(t, "correct", b.post(list+"/"+future+"/correct", correct), http.StatusSeeOther)
	if got := value[string](o, `SELECT concat_ws(' ', starts_on, ends_on, interim) FROM tenure WHERE id = $1`, future); got != "2090-02-01 2090-12-31 t" {
		t.Errorf("it became %s", got)
	}
	correct.Set("idempotency_key", newKey())
	wantCode(t, "correct what has begun", b.post(list+"/"+current+"/correct", correct), http.StatusConflict)
	wantCode(t, "withdraw what has begun", b.post(list+"/"+current+"/withdraw", url.Values{"idempotency_key": {newKey()}}), http.StatusConflict)
	withdraw := url.Values{"idempotency_key": {newKey()}}
	for range 2 {
		wantCode(t, "withdraw", b.post(list+"/"+future+"/withdraw", withdraw), http.StatusSeeOther)
	}
	if n := value[int](o, `SELECT count(*) FROM audit_event WHERE action IN ('end tenure', 'correct tenure', 'withdraw tenure') AND actor_id = $1`, o.id["admin"]); n != 3 {
		t.Errorf("%d audit lines", n)
	}
}

// What was open or late on the first day is on the page of the tenure and, in
// the first weeks, on the successor's own list.
func TestASuccessorFindsWhatTheyTookOver(t *testing.T) {
	o := withLetter(t)
	o.sql(`UPDATE mandate SET created_at = '2024-10-01' WHERE code = 'LETTER'`)
	end := url.Values{"until": {"23/11/2026"}, "next": {o.person("nobody")}, "next_until": {""}, "next_capacity": {"interim"}, "idempotency_key": {newKey()}}
	hr := o.as("hr")
	wantCode(t, "the end", hr.post("/nl/mandates/LETTER/tenures/"+o.tenure("LETTER")+"/end", end), http.StatusSeeOther)
	next := o.as("nobody")
	for what, page := range map[string]string{
		"the list": next.get("/nl/due").Body.String(), "the tenures": hr.get("/nl/mandates/LETTER/tenures").Body.String(),
		"the tenure": hr.get("/nl/mandates/LETTER/tenures/" + o.tenure("LETTER")).Body.String(),
	} {
		if !strings.Contains(page, "Overgenomen van Naam director") || !strings.Contains(page, "was al te laat; Naam director bekleedde toen het mandaat") {
			t.Errorf("%s does not show what was taken over", what)
		}
	}
	if page := o.as("admin").get("/nl/mandates/LETTER/tenures").Body.String(); strings.Contains(page, "Overgenomen") {
		t.Error("the administrator reads what a mandate owes")
	}
	o.pass(70 * 24 * time.Hour)
	if page := o.as("nobody").get("/nl/due"); page.Code != 200 || strings.Contains(page.Body.String(), "Overgenomen") {
		t.Errorf("after the first weeks: %d, or it is still there", page.Code)
	}
}
