package site

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"jalon/internal/bilingual"
)

// owner runs a statement as the owner of the database, who may back-date events.
func (o *office) owner(sql string, args ...any) {
	o.t.Helper()
	conn, err := pgx.Connect(context.Background(), o.dsn)
	if err != nil {
		o.t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(context.Background(), sql, args...); err != nil {
		o.t.Fatal(err)
	}
}

// lastEvent gives the newest event of an action, in the words of its columns.
func (o *office) lastEvent(action string) string {
	return value[string](o, `SELECT concat_ws(' ', 'actor', actor_id, 'for', on_behalf_of, 'object', object, 'mandate', (SELECT code FROM mandate WHERE id = mandate_id), 'from', address, detail)
		FROM audit_event WHERE action = $1 ORDER BY id DESC LIMIT 1`, action)
}

func TestEveryRefusalLeavesAnEvent(t *testing.T) {
	o := withLetter(t)
	director := o.as("director")
	wantCode(t, "record", director.post("/nl/mandates/LETTER/events", delegation()), http.StatusSeeOther)
	b := o.as("director2")
	b.address = "2001:db8:1:2:3::4"
	for _, c := range []struct {
		name, path string
		code       int
		want       string
	}{
		{"another's mandate", "/nl/mandates/LETTER", http.StatusNotFound, "object page/mandates/LETTER mandate LETTER"},
		{"the file of another's table", "/nl/mandates/LETTER/monitoring/2026-H2.csv", http.StatusNotFound, "object page/mandates/LETTER/monitoring/2026-H2.csv"},
		{"a mandate that does not exist", "/nl/mandates/NERGENS", http.StatusNotFound, "object page/mandates/NERGENS"},
		{"what somebody typed", "/nl/mandates/De heer Peeters", http.StatusNotFound, "object page/mandates/?"},
		{"an event of another mandate", "/nl/mandates/ELDERS-A4/events/1", http.StatusNotFound, "object page/mandates/ELDERS-A4/events/1"},
		{"a page for administrators", "/nl/admin/people", http.StatusForbidden, "object page/admin/people"},
	} {
		before := value[int](o, `SELECT count(*) FROM audit_event WHERE action = 'refused'`)
		r := b.send(request(http.MethodGet, c.path))
		wantCode(t, c.name, r, c.code)
		if n := value[int](o, `SELECT count(*) FROM audit_event WHERE action = 'refused' AND request_id = $1`, r.Header().Get("X-Request-Id")); n != 1 {
			t.Errorf("%s: %d events with the number of the request, want 1", c.name, n)
		}
		if after := value[int](o, `SELECT count(*) FROM audit_event WHERE action = 'refused'`); after != before+1 {
			t.Errorf("%s: %d events", c.name, after-before)
		}
		got := o.lastEvent("refused")
		if !strings.HasPrefix(got, fmt.Sprintf("actor %d ", o.id["director2"])) || !strings.Contains(got, c.want) || !strings.Contains(got, "from 2001:db8:1::/48") {
			t.Errorf("%s: %s", c.name, got)
		}
	}
	before := value[int](o, `SELECT count(*) FROM audit_event`)
	wantCode(t, "a mistyped address", b.get("/nl/mandatos"), http.StatusNotFound)
	if after := value[int](o, `SELECT count(*) FROM audit_event`); after != before {
		t.Error("a mistyped address is a refusal")
	}
}

// request takes paths that hold spaces, as a browser sends them.
func request(method, path string) *http.Request {
	r, err := http.NewRequest(method, (&url.URL{Scheme: "https", Host: "jalon.example", Path: path}).String(), nil)
	if err != nil {
		panic(err)
	}
	return r
}

// Who did it for whom, and what it was before and after.
func TestEventsSayForWhomAndWhatChanged(t *testing.T) {
	o := withLetter(t)
	o.sql(`INSERT INTO delegation (mandate_id, granted_by, person_id, starts_on, ends_on) SELECT id, $1, $2, '2026-01-01', '2026-12-31' FROM mandate WHERE code = 'LETTER'`, o.id["director"], o.id["delegate"])
	delegate, admin := o.as("delegate"), o.as("admin")
	draft := delegate.reportForm("/nl/mandates/LETTER/report/2026-H2")
	draft.Set("do", "draft")
	wantCode(t, "draft", delegate.post("/nl/mandates/LETTER/report/2026-H2", draft), http.StatusSeeOther)
	if n := value[int](o, `SELECT count(*) FROM audit_event WHERE action = 'save draft'`); n != 1 {
		t.Errorf("%d events of drafts", n)
	}
	wantCode(t, "report", delegate.post("/nl/mandates/LETTER/report/2026-H2", delegate.reportForm("/nl/mandates/LETTER/report/2026-H2")), http.StatusSeeOther)
	form := url.Values{"idempotency_key": {uuid.NewString()}}
	wantCode(t, "disable", admin.post(fmt.Sprintf("/nl/admin/people/%d/disable", o.id["nobody"]), form), http.StatusSeeOther)
	wantCode(t, "preferences", delegate.post("/nl/preferences", url.Values{"idempotency_key": {uuid.NewString()}, "lang": {"fr"}, "digest": {"off"}}), http.StatusSeeOther)
	for action, want := range map[string]string{
		"record report":      fmt.Sprintf("actor %d for %d object report/2026-H2 mandate LETTER from 192.0.2.0/24", o.id["delegate"], o.id["director"]),
		"disable person":     `{"after": {"disabled": true}, "before": {"disabled": false}}`,
		"change preferences": `{"after": {"lang": "fr", "digest": false}, "before": {"lang": "nl", "digest": true}}`,
	} {
		if got := o.lastEvent(action); !strings.Contains(got, want) {
			t.Errorf("%s: %s", action, got)
		}
	}
	page := admin.get("/nl/admin/audit").Body.String()
	for _, words := range []string{"Uitgeschakeld: nee → ja", "voor Naam director", "Taal: Nederlands → Français", "192.0.2.0/24"} {
		if !strings.Contains(page, words) {
			t.Errorf("the page lacks %q", words)
		}
	}
	if page := admin.get("/fr/admin/audit").Body.String(); !strings.Contains(page, "Désactivé\u00a0: non → oui") {
		t.Error("the French page does not set the space before its colons")
	}
}

func TestTrailIsFilteredPagedAndExported(t *testing.T) {
	o := newOffice(t)
	admin := o.as("admin")
	for i := range 120 {
		o.owner(`INSERT INTO audit_event (at, actor_id, action, object) VALUES ('2026-03-01'::timestamptz + $1 * interval '1 second', $2, 'record event', 'event/' || $3)`, i/3, o.id["director"], fmt.Sprint(i))
	}
	wantCode(t, "refused", o.as("director2").get("/nl/mandates/ACTIRIS-A4"), http.StatusNotFound)

	object := regexp.MustCompile(`event/(\d+)`)
	link := regexp.MustCompile(`rel="(next|prev)" href="([^"]+)"`)
	seen := map[string]int{}
	address := fmt.Sprintf("/nl/admin/audit?person=%d&action=record+event&from=01/03/2026&until=2026-03-01", o.id["director"])
	var pages []string
	for address != "" && len(pages) < 9 {
		r := admin.get(address)
		wantCode(t, address, r, http.StatusOK)
		for _, m := range object.FindAllStringSubmatch(r.Body.String(), -1) {
			seen[m[1]]++
		}
		pages = append(pages, address)
		address = ""
		for _, m := range link.FindAllStringSubmatch(r.Body.String(), -1) {
			if m[1] == "next" {
				address = strings.ReplaceAll(m[2], "&amp;", "&")
			}
		}
	}
	if len(pages) != 3 || len(seen) != 120 {
		t.Errorf("%d events on %d pages", len(seen), len(pages))
	}
	for id, n := range seen {
		if n != 1 {
			t.Errorf("event %s stands on %d pages", id, n)
		}
	}
	back := link.FindStringSubmatch(admin.get(pages[2]).Body.String())
	if back == nil || back[1] != "prev" || strings.Count(admin.get(strings.ReplaceAll(back[2], "&amp;", "&")).Body.String(), "event/") != 50 {
		t.Errorf("no way back from the last page: %v", back)
	}

	for query, want := range map[string]int{"refusals=1": 1, "mandate=ACTIRIS-A4": 1, "mandate=ELDERS-A4": 0, "until=2026-02-28": 0} {
		if got := strings.Count(admin.get("/nl/admin/audit?"+query).Body.String(), `<th scope="row">`); got != want {
			t.Errorf("%s: %d events, want %d", query, got, want)
		}
	}
	for query, code := range map[string]int{
		"person=999": 400, "person=x": 400, "action=nothing": 400, "mandate=NERGENS": 400, "from=31/02/2026": 422, "from=2026-02-02&until=2026-01-01": 422,
		"before=x": 400, "before=1-0": 400, "after=99999999999999999999-1": 400,
	} {
		wantCode(t, query, admin.get("/nl/admin/audit?"+query), code)
	}

	file := admin.get("/fr/admin/audit.csv?action=record+event")
	rows := csv.NewReader(strings.NewReader(strings.TrimPrefix(file.Body.String(), "\ufeff")))
	rows.Comma = ';'
	all, err := rows.ReadAll()
	if err != nil || len(all) != 121 || all[1][3] != "Événement noté" || !strings.HasPrefix(file.Header().Get("Content-Disposition"), "attachment") {
		t.Errorf("%d rows, %v, %v", len(all), all[:min(2, len(all))], err)
	}
	var exported struct{ Events []exportedEvent }
	if err := json.Unmarshal(admin.get("/nl/admin/audit.json").Body.Bytes(), &exported); err != nil || len(exported.Events) < 120 || exported.Events[0].Action != "export audit trail" || len(exported.Events[0].Hash) != 64 {
		t.Errorf("%v, %d events", err, len(exported.Events))
	}
	if got := o.lastEvent("export audit trail"); !strings.Contains(got, `"format": "json"`) {
		t.Error(got)
	}
}

// A spreadsheet that opens the trail runs nothing.
func TestExportedTrailRunsNothing(t *testing.T) {
	o := newOffice(t)
	o.sql(`UPDATE person SET name = '=HYPERLINK("https://evil.example")' WHERE id = $1`, o.id["director"])
	o.as("director")
	if body := o.as("admin").get("/nl/admin/audit.csv").Body.String(); strings.Contains(body, `;"=HYPER`) || strings.Contains(body, ";=HYPER") || !strings.Contains(body, "'=HYPERLINK") {
		t.Error("a formula in the file")
	}
}

// A holder learns when, in which role and why, of their own time only, and no name.
func TestHolderSeesWhoReadTheDossier(t *testing.T) {
	o := withLetter(t)
	o.sql(`UPDATE tenure SET ends_on = '2030-12-31' WHERE mandate_id = (SELECT id FROM mandate WHERE code = 'LETTER')`)
	wantCode(t, "export", o.as("committee").get("/nl/mandates/LETTER/monitoring/2026-H2.csv"), http.StatusOK)
	wantCode(t, "export", o.as("hr").get("/nl/mandates/LETTER/monitoring/2026-H2.json"), http.StatusOK)
	o.owner(`INSERT INTO audit_event (at, actor_id, action, object, mandate_id, detail) SELECT '2024-09-30 21:59:59Z', $1, 'read dossier', 'evaluation/1', id, '{"role": "evaluator", "purpose": "evaluation"}' FROM mandate WHERE code = 'LETTER'`, o.id["evaluator"])
	o.owner(`INSERT INTO audit_event (at, actor_id, action, object, mandate_id, detail) SELECT '2024-09-30 22:00:00Z', $1, 'read dossier', 'evaluation/1', id, '{"role": "evaluator", "purpose": "evaluation"}' FROM mandate WHERE code = 'LETTER'`, o.id["evaluator"])
	director := o.as("director")
	if !strings.Contains(director.get("/nl/mandates/LETTER").Body.String(), "/nl/mandates/LETTER/access-log") {
		t.Error("the mandate does not lead to the list")
	}
	r := director.get("/nl/mandates/LETTER/access-log")
	wantCode(t, "own", r, http.StatusOK)
	body := r.Body.String()
	for _, words := range []string{"Lid van een orgaan", "Directieraad", "Bestand gedownload", "Monitoringtabel van het 2e semester 2026", "Evaluator", "01/10/2024 00:00"} {
		if !strings.Contains(body, words) {
			t.Errorf("the list lacks %q", words)
		}
	}
	for _, words := range []string{"Naam committee", "Naam hr", "Naam evaluator", "30/09/2024"} {
		if strings.Contains(body, words) {
			t.Errorf("the list says %q", words)
		}
	}
	if n := strings.Count(body, `<th scope="row">`); n != 3 {
		t.Errorf("%d lines, want 3", n)
	}
	for name, code := range map[string]int{"director2": 404, "delegate": 403, "committee": 403, "secretary": 403, "hr": 403, "admin": 403} {
		wantCode(t, name, o.as(name).get("/nl/mandates/LETTER/access-log"), code)
	}
}

// aviary gives markers that people type, none of which may come back in a log or the trail.
type aviary struct{ used []string }

func (c *aviary) mark(what string) string {
	m := fmt.Sprintf("KNR%02d%s", len(c.used), what)
	c.used = append(c.used, m)
	return m
}

// The main journeys with a marker in every field: none is in the log or the
// trail, nor on the administrator's page, and everything that was recorded has words.
func TestLogAndTrailHoldNothingThatPeopleWrote(t *testing.T) {
	o := followed(t)
	c := &aviary{}
	director, secretary, admin := o.as("director"), o.as("secretary"), o.as("admin")
	o.sql(`INSERT INTO delegation (mandate_id, granted_by, person_id, starts_on, ends_on) SELECT id, $1, $2, '2026-01-01', '2026-12-31' FROM mandate WHERE code = 'LETTER'`, o.id["director"], o.id["delegate"])

	// signing in: passwords, unknown accounts, a return address, a secret of a session
	stranger := o.browser()
	stranger.post("/nl/login", url.Values{"email": {"director@jalon.example"}, "password": {c.mark("wrong password")}})
	stranger.post("/nl/login", url.Values{"email": {c.mark("unknown") + "@jalon.example"}, "password": {c.mark("password")}, "return": {"/nl/" + c.mark("return")}})
	c.used = append(c.used, password, director.cookies[sessionCookie])
	stranger.get("/nl/mandates/" + c.mark("path"))
	director.get("/nl/mandates/" + c.mark("path"))
	director.get("/nl/mandates?asof=" + c.mark("query"))
	director.get("/calendar/" + c.mark("secret") + ".ics")

	// an event, an answer, a waiver
	w := director.post("/nl/mandates/LETTER/events", delegation(func(f url.Values) { f.Set("title", c.mark("title")); f.Set("place", c.mark("place")) }))
	wantCode(t, "event", w, http.StatusSeeOther)
	links := dutyLink.FindAllString(director.get(w.Header().Get("Location")).Body.String(), -1)
	wantCode(t, "answer", director.post(links[0]+"/answer", url.Values{
		"idempotency_key": {uuid.NewString()}, "done_on": {"13/10/2026"}, "note": {c.mark("note")}, "link": {"https://bewijs.example/" + c.mark("link")},
	}), http.StatusSeeOther)
	wantCode(t, "waiver", secretary.post(links[1]+"/waive", url.Values{"idempotency_key": {uuid.NewString()}, "reason": {c.mark("waiver")}}), http.StatusSeeOther)

	// drafts and the report, with every field of text in it
	const report = "/nl/mandates/LETTER/report/2026-H2"
	form := director.reportForm(report)
	for _, row := range []string{"S1.1-1", "S1.2-1", "S2.3-1", "T4.7-1"} {
		for _, field := range []string{"achieved", "obstacles", "next_steps"} {
			form.Set("row."+row+"."+field, c.mark(field))
		}
	}
	form.Set("row.S3.2-2.status", "support_needed")
	for _, field := range []string{"support_asked", "support_of"} {
		form.Set("row.S3.2-2."+field, c.mark(field))
	}
	form.Set("row.S3.2-2.support_by", "31/12/2026")
	form.Set("row.T4.4-1.status", "nothing_to_report")
	form.Set("row.T4.4-1.reason", c.mark("reason"))
	form.Set("do", "draft")
	delegate := o.as("delegate")
	wantCode(t, "draft", director.post(report, form), http.StatusSeeOther)
	form = director.reportForm(report)
	for i, m := range []string{"S1.1-1", "S1.2-1", "S2.3-1", "T4.7-1"} {
		form.Set("row."+m+".achieved", c.mark(fmt.Sprint("reported", i)))
	}
	form.Set("do", "report")
	wantCode(t, "report", delegate.post(report, form), http.StatusSeeOther)

	// the administrator's work
	created := admin.post("/nl/admin/people", url.Values{"idempotency_key": {uuid.NewString()}, "name": {c.mark("Nieuw")}, "email": {strings.ToLower(c.mark("nieuw")) + "@jalon.example"}, "lang": {"nl"}})
	wantCode(t, "create", created, http.StatusCreated)
	c.used = append(c.used, between(created.Body.String(), "/reset/", "<"))
	admin.post("/nl/admin/people", url.Values{"idempotency_key": {uuid.NewString()}, "name": {"X"}, "email": {c.mark("no address")}, "lang": {"nl"}})
	admin.post("/nl/admin/people/grant", url.Values{"idempotency_key": {c.mark("key")}, c.mark("field"): {c.mark("value")}})
	feed := director.startFeed(uuid.NewString())
	c.used = append(c.used, strings.TrimSuffix(strings.TrimPrefix(feed, "/calendar/"), ".ics"))
	director.get(feed)
	director.post("/nl/password", url.Values{"idempotency_key": {uuid.NewString()}, "old": {c.mark("old")}, "new": {c.mark("new password")}, "again": {c.mark("again")}})
	wantCode(t, "seal", secretary.post("/fr/mandates/LETTER/monitoring/2026-H2/seal", url.Values{"idempotency_key": {uuid.NewString()}, "confirm": {"yes"}}), http.StatusSeeOther)
	for _, format := range []string{"csv", "json", "xlsx", "pdf"} {
		wantCode(t, format, secretary.get("/nl/mandates/LETTER/monitoring/2026-H2."+format), http.StatusOK)
	}

	if len(c.used) < 40 {
		t.Fatalf("%d markers, want 40", len(c.used))
	}
	trail := value[string](o, `SELECT string_agg(to_jsonb(e)::text, E'\n') FROM audit_event e`)
	page, file, sheet := admin.get("/nl/admin/audit").Body.String(), admin.get("/nl/admin/audit.json").Body.String(), admin.get("/fr/admin/audit.csv").Body.String()
	for _, m := range c.used {
		if m == "" {
			t.Error("an empty marker")
			continue
		}
		name := strings.HasSuffix(m, "Nieuw") // people are named to the administrator
		for where, text := range map[string]string{"log": o.log.String(), "trail": trail, "page": page, "JSON file": file, "CSV file": sheet} {
			if strings.Contains(text, m) && !(name && where != "log" && where != "trail") {
				at := strings.Index(text, m)
				t.Errorf("%s in the %s: %s", m, where, text[max(0, at-120):min(len(text), at+60)])
			}
		}
	}
	for _, lang := range bilingual.Langs {
		v := &visit{print: catalogues().In(lang)}
		for action := range strings.Lines(value[string](o, `SELECT string_agg(DISTINCT action, E'\n') FROM audit_event`)) {
			if action = strings.TrimSpace(action); v.actionWords(action) == action {
				t.Errorf("%s: %q has no words", lang, action)
			}
		}
	}
}
