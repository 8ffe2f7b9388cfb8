package site

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"jalon/internal/bilingual"
	"jalon/internal/deadline"
)

// followed gives the office with the letter, followed since the tenure began.
func followed(t testing.TB) *office {
	t.Helper()
	o := withLetter(t)
	o.sql(`UPDATE mandate SET created_at = '2024-10-01'`)
	return o
}

func delegation(change ...func(url.Values)) url.Values {
	form := url.Values{
		"idempotency_key": {uuid.NewString()}, "kind": {"delegation-reception"}, "title": {"Delegatie uit Riga"}, "from": {"20/10/2026"}, "until": {"2026-10-21"},
		"place": {"Brussel"}, "participants": {"9"}, "target.T4.7-1": {"1"},
	}
	for _, c := range change {
		c(form)
	}
	return form
}

var dutyLink = regexp.MustCompile(`/nl/mandates/LETTER/duties/[^"]+`)

func TestADelegationOpensTwoDutiesAndBothAreClosed(t *testing.T) {
	o := followed(t)
	director := o.as("director")
	const register = "/nl/mandates/LETTER/events"

	page := director.get(register + "?kind=delegation-reception").Body.String()
	if !strings.Contains(page, `name="target.T4.7-1" value="1" checked`) || strings.Contains(page, `name="target.T4.3-2" value="1" checked`) {
		t.Error("the targets that wait for delegations are not the ones that are ticked")
	}
	w := director.post(register, delegation())
	wantCode(t, "record", w, http.StatusSeeOther)
	event := w.Header().Get("Location")
	if !strings.HasPrefix(event, register+"/") {
		t.Fatalf("recorded, and sent to %q", event)
	}
	page = director.get(event).Body.String()
	links := dutyLink.FindAllString(page, -1)
	if len(links) != 2 || !strings.Contains(page, "19/10/2026") || !strings.Contains(page, "20/11/2026") {
		t.Fatalf("the event opens %v", links)
	}
	due := director.get("/nl/due").Body.String()
	for _, link := range links {
		if !strings.Contains(due, link) {
			t.Errorf("what is due does not lead to %s", link)
		}
	}
	delegate := o.as("delegate") // of another mandate
	wantCode(t, "a stranger's answer", delegate.post(links[0]+"/answer", url.Values{"idempotency_key": {uuid.NewString()}, "done_on": {"13/10/2026"}, "note": {"x"}}), http.StatusNotFound)

	for i, form := range []url.Values{
		{"done_on": {"13/10/2026"}, "note": {"Programma doorgegeven."}},
		{"done_on": {"2026-11-24"}, "link": {"https://example.org/verslag"}},
	} {
		form.Set("idempotency_key", uuid.NewString())
		for range 2 { // sent twice, stored once
			w := director.post(links[i]+"/answer", form)
			wantCode(t, "answer", w, http.StatusSeeOther)
			if got := w.Header().Get("Location"); got != event {
				t.Errorf("answered, and sent to %q", got)
			}
		}
		wantCode(t, "page of a closed duty", director.get(links[i]), http.StatusOK)
	}
	if n := value[int](o, `SELECT count(*) FROM duty_answer`); n != 2 {
		t.Errorf("%d answers", n)
	}
	page = director.get(event).Body.String()
	for _, words := range []string{"Gedaan op 13/10/2026, op tijd", "Gedaan op 24/11/2026, te laat", `href="https://example.org/verslag"`, "Programma doorgegeven."} {
		if !strings.Contains(page, words) {
			t.Errorf("the event does not say %q", words)
		}
	}
	due = director.get("/nl/due").Body.String()
	for _, link := range links {
		if strings.Contains(due, link) {
			t.Errorf("%s is still due", link)
		}
	}
	late := director.post(links[0]+"/answer", url.Values{"idempotency_key": {uuid.NewString()}, "done_on": {"13/10/2026"}, "note": {"nog eens"}})
	wantCode(t, "an answer to what is closed", late, http.StatusSeeOther)
	if n := value[int](o, `SELECT count(*) FROM duty_answer`); n != 2 {
		t.Errorf("%d answers after one to a closed duty", n)
	}
}

func TestWhatIsWrongWithAnEventIsSaidBesideTheField(t *testing.T) {
	o := followed(t)
	director := o.as("director")
	for name, c := range map[string]struct {
		change func(url.Values)
		field  string
		code   int
	}{
		"no title":             {func(f url.Values) { f.Set("title", " ") }, "title", 422},
		"no date":              {func(f url.Values) { f.Set("from", "") }, "from", 422},
		"no such date":         {func(f url.Values) { f.Set("from", "31/02/2026") }, "from", 422},
		"ends first":           {func(f url.Values) { f.Set("until", "19/10/2026") }, "until", 422},
		"two years":            {func(f url.Values) { f.Set("until", "19/10/2028") }, "until", 422},
		"half a person":        {func(f url.Values) { f.Set("participants", "1,5") }, "participants", 422},
		"nobody":               {func(f url.Values) { f.Set("participants", "0") }, "participants", 422},
		"no target":            {func(f url.Values) { f.Del("target.T4.7-1") }, "targets", 422},
		"unknown kind":         {func(f url.Values) { f.Set("kind", "party") }, "", 400},
		"unknown field":        {func(f url.Values) { f.Set("mandate_id", "2") }, "", 400},
		"no key":               {func(f url.Values) { f.Del("idempotency_key") }, "", 400},
		"a target of nobody":   {func(f url.Values) { f.Del("target.T4.7-1"); f.Set("target.S9.9-9", "1") }, "", 400},
		"a title out of sight": {func(f url.Values) { f.Set("title", "\u200b\u200b") }, "title", 422},
	} {
		w := director.post("/nl/mandates/LETTER/events", delegation(c.change))
		wantCode(t, name, w, c.code)
		if c.field != "" && !strings.Contains(w.Body.String(), `href="#`+c.field+`"`) {
			t.Errorf("%s: the summary does not lead to %s", name, c.field)
		}
		if c.code == 422 && c.field != "title" && !strings.Contains(w.Body.String(), "Delegatie uit Riga") {
			t.Errorf("%s: what was typed is lost", name)
		}
	}
	if n := value[int](o, `SELECT count(*) FROM event`); n != 0 {
		t.Errorf("%d events recorded", n)
	}
}

func TestWhatIsWrongWithAnAnswerIsSaidBesideTheField(t *testing.T) {
	o := followed(t)
	director := o.as("director")
	event := director.post("/nl/mandates/LETTER/events", delegation()).Header().Get("Location")
	link := dutyLink.FindString(director.get(event).Body.String())
	for name, c := range map[string]struct {
		form  url.Values
		field string
	}{
		"nothing said":    {url.Values{"done_on": {"13/10/2026"}}, "note"},
		"no day":          {url.Values{"done_on": {""}, "note": {"x"}}, "done_on"},
		"a day to come":   {url.Values{"done_on": {"25/11/2026"}, "note": {"x"}}, "done_on"},
		"a short year":    {url.Values{"done_on": {"13/10/26"}, "note": {"x"}}, "done_on"},
		"plain http":      {url.Values{"done_on": {"13/10/2026"}, "link": {"http://example.org"}}, "link"},
		"a script":        {url.Values{"done_on": {"13/10/2026"}, "link": {"javascript:alert(1)"}}, "link"},
		"with a password": {url.Values{"done_on": {"13/10/2026"}, "link": {"https://an:geheim@example.org/"}}, "link"},
		"no host":         {url.Values{"done_on": {"13/10/2026"}, "link": {"https:///x"}}, "link"},
		"two lines":       {url.Values{"done_on": {"13/10/2026"}, "link": {"https://example.org/ x"}}, "link"},
	} {
		c.form.Set("idempotency_key", uuid.NewString())
		w := director.post(link+"/answer", c.form)
		wantCode(t, name, w, http.StatusUnprocessableEntity)
		if !strings.Contains(w.Body.String(), `href="#`+c.field+`"`) {
			t.Errorf("%s: the summary does not lead to %s", name, c.field)
		}
	}
	if n := value[int](o, `SELECT count(*) FROM duty_answer`); n != 0 {
		t.Errorf("%d answers recorded", n)
	}
}

func TestTheSecretaryWaivesWithAReason(t *testing.T) {
	o := followed(t)
	secretary, director := o.as("secretary"), o.as("director")
	link := dutyLink.FindString(secretary.get("/nl/mandates/LETTER/targets/S2.5-1").Body.String())
	if link == "" {
		t.Fatal("the target of December 2024 has no duty")
	}
	form := url.Values{"idempotency_key": {uuid.NewString()}, "reason": {""}}
	wantCode(t, "without a reason", secretary.post(link+"/waive", form), http.StatusUnprocessableEntity)
	form.Set("reason", "De proefprojecten gaan over naar een ander mandaat.")
	wantCode(t, "the director", director.post(link+"/waive", form), http.StatusForbidden)
	if !strings.Contains(director.get("/nl/due").Body.String(), `/report/2026-H2#S2.5-1"`) {
		t.Error("what is late is not due")
	}
	wantCode(t, "the secretary", secretary.post(link+"/waive", form), http.StatusSeeOther)
	page := secretary.get(link).Body.String()
	if !strings.Contains(page, "Vrijgesteld op") || !strings.Contains(page, "De proefprojecten gaan over") || strings.Contains(page, link+"/waive") {
		t.Error("the duty does not say that it was waived, and why")
	}
	if strings.Contains(director.get("/nl/due").Body.String(), `/report/2026-H2#S2.5-1"`) {
		t.Error("what was waived is still due")
	}
	for _, path := range []string{link + "x", "/nl/mandates/LETTER/duties/1", "/nl/mandates/LETTER/duties/9.0.0.date.2026-02-31", strings.Replace(link, "LETTER", "ACTIRIS-A4", 1)} {
		wantCode(t, path, secretary.get(path), http.StatusNotFound)
	}
}

func TestACancelledEventIsToldAndOpensNothing(t *testing.T) {
	o := followed(t)
	director := o.as("director")
	event := director.post("/nl/mandates/LETTER/events", delegation()).Header().Get("Location")
	key := url.Values{"idempotency_key": {uuid.NewString()}}
	wantCode(t, "the secretary", o.as("secretary").post(event+"/cancel", key), http.StatusForbidden)
	wantCode(t, "cancel", director.post(event+"/cancel", key), http.StatusSeeOther)
	wantCode(t, "cancel again", director.post(event+"/cancel", url.Values{"idempotency_key": {uuid.NewString()}}), http.StatusNotFound)
	page := director.get(event).Body.String()
	if dutyLink.MatchString(page) || !strings.Contains(page, "gaat niet door") {
		t.Error("a cancelled event still opens duties")
	}
	wantCode(t, "no such event", director.get("/nl/mandates/LETTER/events/999"), http.StatusNotFound)
	wantCode(t, "no number", director.get("/nl/mandates/LETTER/events/x"), http.StatusNotFound)
	wantCode(t, "no such kind", director.get("/nl/mandates/LETTER/events?kind=party"), http.StatusBadRequest)
}

// What is due groups the lines, counts the pressing ones in the menu, and asks
// the database once for all mandates.
func TestWhatIsDueIsOneStatementForAllMandates(t *testing.T) {
	o := followed(t)
	director := o.as("director")
	director.get("/nl/due")
	o.count.taken()
	page := director.get("/nl/due").Body.String()
	if got := o.count.taken(); len(got) != 2 { // who asks, and what is due with the measures
		t.Errorf("%d statements, want 2:\n%s", len(got), strings.Join(got, "\n"))
	}
	for _, group := range []string{"due-late", "due-soon", "due-period", "due-nothing"} {
		if !strings.Contains(page, `id="`+group+`"`) {
			t.Errorf("no group %s", group)
		}
	}
	// of the half-years before, only what can still be reported: 2026-H1 is not sealed
	if !strings.Contains(page, "/nl/mandates/LETTER/report/2026-H2#S2.5-1") {
		t.Error("the late result does not lead to its row of the report")
	}
	for _, path := range []string{"/nl/mandates/LETTER", "/nl/mandates/LETTER/targets/T4.7-1", "/nl/mandates/LETTER/events"} {
		director.get(path)
		o.count.taken()
		director.get(path)
		if got := o.count.taken(); len(got) > 3 {
			t.Errorf("%s: %d statements", path, len(got))
		}
	}
}

// A result that is late stays due after a report that does not close it, and the
// line says that it was reported on.
func TestALateResultSaysThatItWasReportedOn(t *testing.T) {
	o := followed(t)
	director, nl := o.as("director"), o.Catalogues.In("nl")
	said := nl.T("due.reported", "Date", "24/11/2026", "Achieved", nl.T("status.achieved"), "Stopped", nl.T("status.stopped"))
	if page := director.get("/nl/due").Body.String(); strings.Contains(plainWords(page), said) {
		t.Error("nothing was reported yet")
	}
	director.reports(t, "S2.5-1", "status", "attention", "achieved", "Eén van de twee proefprojecten loopt.")
	late := dueGroup.FindStringSubmatch(director.get("/nl/due").Body.String())
	if late == nil || late[1] != "late" || !strings.Contains(late[2], `#S2.5-1"`) || !strings.Contains(plainWords(late[2]), said) {
		t.Errorf("what is late: %q, want %q", late, said)
	}
}

// With a letter imported today, what had passed before is told and is no alarm.
func TestWhatHadPassedAtTheImportIsFolded(t *testing.T) {
	o := withLetter(t)
	o.sql(`UPDATE mandate SET created_at = '2026-11-23'`)
	page := o.as("director").get("/nl/due").Body.String()
	if strings.Contains(page, `id="due-late"`) || !strings.Contains(page, `id="due-imported"`) {
		t.Error("the import of an old letter is an alarm")
	}
}

// What an event asks now and by a day of the next half-year is due, also where
// the target owes something else before.
func TestADutyAfterAnEventIsDueInTheNextHalfYear(t *testing.T) {
	o := followed(t)
	reading, err := json.Marshal(deadline.Read("binnen twee maanden na elke ontvangst van een delegatie", bilingual.NL))
	if err != nil {
		t.Fatal(err)
	}
	o.sql(`UPDATE deadline SET reading = $1 WHERE target_id = (SELECT id FROM target WHERE code = 'T4.7-1' AND mandate_id = (SELECT id FROM mandate WHERE code = 'LETTER'))`, reading)
	director := o.as("director")
	for _, day := range []string{"20/11/2026", "10/10/2026"} { // answered by 20 January, and by 10 December
		form := delegation(func(f url.Values) { f.Set("from", day); f.Set("until", day); f.Set("title", "Delegatie van "+day) })
		wantCode(t, day, director.post("/nl/mandates/LETTER/events", form), http.StatusSeeOther)
	}
	page := director.get("/nl/due").Body.String()
	_, later, found := strings.Cut(page, `id="due-later"`)
	if !found || !strings.Contains(later, "20/01/2027") || !dutyLink.MatchString(later) {
		t.Errorf("what is due leaves out the duty of 20 January (a group of its own: %v)", found)
	}
	if strings.Count(page, "20/01/2027") != 1 {
		t.Errorf("the duty of 20 January is there %d times", strings.Count(page, "20/01/2027"))
	}
	if !strings.Contains(page, "10/12/2026") {
		t.Error("the duty of 10 December is left out")
	}
}
