package site

import (
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"jalon/internal/bilingual"
	"jalon/internal/store"
	"jalon/web"
)

// The corpus: bad inputs as data, in the groups U (text), N (numbers), D (dates), X (markup, formulas), L (mail and log), P (names of
// files), F (files), R (forms), C (other sites, methods and hosts), I (objects of others), S (sessions and passwords), G (languages).
//
// For each, in both languages: no fault of ours, the expected status, the sentence in the language of the page, the fault beside its
// field, nothing stored, what else was typed still there, and nothing of it in the log.

// bad is one bad input: a request, who sends it, and what must come back.
type bad struct {
	id, what string
	who      string // "" for somebody who is not signed in
	request  func(c *corpus, lang string) *http.Request
	code     int
	key      string // of the catalogues: the sentence that the page says; "" for that of its status
	field    string // whose fault it is; "" for none
	kept     string // what the page must still show
	secret   []string
	stores   bool // it is no fault: it is stored, as text and nothing else
}

// canary is typed in a field beside the bad one: it must stay on the page and out of the log.
const canary = "Kanarievogel zingt"

// corpus is an office at work in which every route has a real object.
type corpus struct {
	*office
	browsers map[string]*browser
	event    string   // number of an event
	duty     string   // key of one of its duties
	numbers  []string // of further objects, each after its parameter
}

func newCorpus(t *testing.T) *corpus {
	t.Helper()
	c := &corpus{office: followed(t), browsers: map[string]*browser{}}
	for _, who := range append(slices.Clone(everybody), "") {
		c.browsers[who] = c.browser()
		if who != "" {
			c.browsers[who] = c.as(who)
		}
	}
	director := c.browsers["director"]
	event := director.post("/nl/mandates/LETTER/events", delegation()).Header().Get("Location")
	c.event = event[strings.LastIndexByte(event, '/')+1:]
	link := dutyLink.FindString(director.get(event).Body.String())
	c.duty = link[strings.LastIndexByte(link, '/')+1:]
	c.sql(`INSERT INTO delegation (mandate_id, granted_by, person_id, starts_on, ends_on) SELECT id, $1, $2, '2027-01-01', '2027-01-31' FROM mandate WHERE code = 'LETTER'`, c.id["director"], c.id["nobody"])
	c.sql(`INSERT INTO body (institution_id, code, name_nl, name_fr) SELECT institution_id, 'DR', 'Directieraad', 'Conseil de direction' FROM mandate WHERE code = 'LETTER' ON CONFLICT DO NOTHING`)
	c.sql(`INSERT INTO addressee (mandate_id, target_id, body_id, form, cadence, valid_from) SELECT m.id, g.id, b.id, 'report', 'year', '2025-01-01'
		FROM mandate m JOIN target g ON g.mandate_id = m.id JOIN body b ON b.institution_id = m.institution_id AND b.code = 'DR' WHERE m.code = 'LETTER' AND g.code = 'S2.1-1'`)
	c.sql(`INSERT INTO decision (mandate_id, target_id, body_id, period, kind, text, lang, due, recorded_by, recorded_at) SELECT a.mandate_id, a.target_id, a.body_id, '2026-07-01', 'asks', 'Wanneer?', 'nl', '2026-12-31', $1, '2026-11-20' FROM addressee a`, c.id["secretary"])
	c.sql(`WITH i AS (INSERT INTO indicator (mandate_id, code) SELECT id, 'S2.1-1' FROM mandate WHERE code = 'LETTER' RETURNING *)
		INSERT INTO indicator_version (mandate_id, indicator_id, valid_from, name_nl, name_fr, unit_nl, unit_fr, direction, per, decimals, cadence, origin, recorded_by, recorded_at)
		SELECT mandate_id, id, '2026-01-01', 'x', 'x', '', '', 'up', 0, 0, 'yearly', 'measured', $1, now() FROM i`, c.id["director"])
	c.sql(`WITH b AS (INSERT INTO scoreboard (body_id, code) SELECT b.id, 'S1-1' FROM body b JOIN mandate m USING (institution_id) WHERE m.code = 'LETTER' AND b.code = 'DR' RETURNING id),
		v AS (INSERT INTO scoreboard_version (scoreboard_id, valid_from, name_nl, name_fr, check_every, recorded_by, recorded_at) SELECT id, '2026-01-01', 'x', 'x', 'yearly', $1, now() FROM b RETURNING id)
		INSERT INTO scoreboard_item (version_id, mandate_id, indicator_id, position) SELECT v.id, i.mandate_id, i.id, 1 FROM v, indicator i`, c.id["secretary"])
	c.sql(`INSERT INTO measure (mandate_id, indicator_id, taken_on, cause, action, owner_id, due, lang, recorded_by, recorded_at)
		SELECT mandate_id, id, '2026-11-01', 'x', 'x', $1, '2026-12-31', 'nl', $1, now() FROM indicator`, c.id["director"])
	for parameter, sql := range map[string]string{
		"{measure}":    `SELECT max(id) FROM measure`,
		"{question}":   `SELECT max(id) FROM decision`,
		"{addressee}":  `SELECT max(id) FROM addressee`,
		"{delegation}": `SELECT max(id) FROM delegation`,
		"{tenure}":     `SELECT max(t.id) FROM tenure t JOIN mandate m ON m.id = t.mandate_id WHERE m.code = 'LETTER'`,
		"{evaluation}": `SELECT min(evaluation_id) FROM evaluator`,
		"{evaluator}":  `SELECT min(id) FROM evaluator`,
		"{grant}":      `SELECT max(id) FROM role_grant`,
	} {
		c.numbers = append(c.numbers, parameter, fmt.Sprint(value[int64](c.office, sql)))
	}
	c.openRound("LETTER", "2026-H2")
	for _, b := range c.browsers {
		delete(b.cookies, noticeCookie)
	}
	return c
}

// at fills the parameters of a path with objects that exist.
func (c *corpus) at(lang, path string) string {
	known := append([]string{
		"{m}", "LETTER", "{p}", "2026-H2", "{code}", "S2.1-1", "{body}", "ACTIRIS-DR", "{board}", "S1-1", "{document}", "1", "{version}", "1", "{part}", "general", "{institution}", "ACTIRIS", "{event}", c.event, "{duty}", c.duty, "{person}", fmt.Sprint(c.id["nobody"]),
	}, c.numbers...)
	return "/" + lang + strings.NewReplacer(known...).Replace(path)
}

func (c *corpus) request(method, path, media, body string) *http.Request {
	r := httptest.NewRequest(method, "/", strings.NewReader(body))
	u, err := url.ParseRequestURI(path)
	if err != nil {
		c.t.Fatalf("%s: %v", path, err)
	}
	r.URL, r.RequestURI, r.Host = u, path, "jalon.example"
	if media != "" {
		r.Header.Set("Content-Type", media)
	}
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return r
}

// counts gives the rows of every table, except those that a refusal may add to.
func (c *corpus) counts() map[string]int64 {
	c.t.Helper()
	rows, err := c.Store.Pool().Query(store.AsSystem(c.t.Context()), `
		SELECT table_name, (xpath('/row/n/text()', query_to_xml('SELECT count(*) AS n FROM ' || quote_ident(table_name), false, true, '')))[1]::text::bigint
		FROM information_schema.tables
		WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name NOT LIKE 'audit%'
		  AND table_name NOT IN ('sessions', 'goose_db_version') AND has_table_privilege(quote_ident(table_name), 'SELECT')`)
	if err != nil {
		c.t.Fatal(err)
	}
	defer rows.Close()
	counts := map[string]int64{}
	for rows.Next() {
		var table string
		var n int64
		if err := rows.Scan(&table, &n); err != nil {
			c.t.Fatal(err)
		}
		counts[table] = n
	}
	if err := rows.Err(); err != nil || len(counts) < 25 {
		c.t.Fatalf("%d tables counted: %v", len(counts), err)
	}
	return counts
}

func TestBadInputsAreRefusedInBothLanguages(t *testing.T) {
	c := newCorpus(t)
	all := slices.Concat(typedInputs(), askedInputs(), fileInputs())
	ids := map[string]bool{}
	for _, b := range all {
		if ids[b.id] {
			t.Errorf("%s stands twice in the corpus", b.id)
		}
		ids[b.id] = true
	}
	if len(all) < 150 {
		t.Errorf("%d inputs, want at least 150", len(all))
	}
	counts := c.counts()
	for _, b := range all {
		for _, lang := range bilingual.Langs {
			t.Run(b.id+" "+b.what+" "+string(lang), func(t *testing.T) { counts = c.try(t, b, lang, counts) })
		}
	}
}

// try sends one input and judges the answer. It gives the rows of all tables as they are then.
func (c *corpus) try(t *testing.T, b bad, lang bilingual.Lang, before map[string]int64) map[string]int64 {
	t.Helper()
	c.limits = newLimits(c.clock)     // slowing down is another test's
	c.sql(`DELETE FROM report_draft`) // a report that is refused keeps its sound rows as drafts; see TestADraftKeepsNoBrokenText
	delete(before, "report_draft")
	logged := len(c.log.String())
	who := c.browsers[b.who]
	kept := map[string]string{}
	for k, v := range who.cookies {
		kept[k] = v
	}
	r := b.request(c, string(lang))
	start := time.Now()
	w := who.send(r)
	if took := time.Since(start); took > patience {
		t.Errorf("answered after %v", took)
	}
	who.cookies = kept // every input meets the same browser
	if w.Code != b.code || w.Code >= 500 {
		t.Errorf("answered %d, want %d (%s)", w.Code, b.code, w.Header().Get("Location"))
	}
	c.judgePage(t, b, lang, w)
	after := c.counts()
	for table, n := range after {
		if was, known := before[table]; known && n != was && !b.stores {
			t.Errorf("%s has %d rows, %d before", table, n, before[table])
		}
	}
	log := c.log.String()[logged:]
	for _, secret := range append(b.secret, canary) {
		if strings.Contains(log, secret) {
			t.Errorf("the log has %.40q:\n%.2000s", secret, log)
		}
	}
	for _, line := range strings.Split(strings.TrimSpace(log), "\n") {
		if !strings.HasPrefix(line, "{") || !strings.HasSuffix(line, "}") || strings.Contains(line, `"level":"ERROR"`) {
			t.Errorf("log line %.300s", line)
		}
	}
	return after
}

// judgePage looks whether the page says what it must, where it must.
func (c *corpus) judgePage(t *testing.T, b bad, lang bilingual.Lang, w *httptest.ResponseRecorder) {
	t.Helper()
	if w.Code == http.StatusSeeOther {
		if location := w.Header().Get("Location"); !strings.HasPrefix(location, "/"+string(lang)) {
			t.Errorf("sent to %q", location)
		}
		return
	}
	print, body := c.Catalogues.In(lang).Typeset(), unpacked(t, w)
	if !strings.Contains(body, `<html lang="`+string(lang)+`"`) || w.Header().Get("Content-Language") != string(lang) {
		t.Errorf("no page in %s: %.200s", lang, body)
	}
	key := b.key
	if key == "" && w.Code >= 400 && w.Code != http.StatusUnprocessableEntity {
		body := html.UnescapeString(body)
		if title := (web.ProblemView{Status: w.Code}).Heading(print); !strings.Contains(body, title) {
			t.Errorf("the page does not say %q", title)
		}
	}
	if key != "" {
		for _, part := range strings.Split(print.T(key, "Count", "§", "Most", "§", "Kind", "§", "Name", "§", "Limit", "§", "Line", "§", "Part", "§", "Period", "§", "File", "§", "Digits", "§", "Decimals", "§"), "§") {
			if !strings.Contains(html.UnescapeString(body), part) {
				t.Errorf("the page does not say %q", part)
			}
		}
	}
	if b.field != "" && !(strings.Contains(body, `href="#`+b.field+`"`) && strings.Contains(body, `id="`+b.field+`-error"`)) {
		t.Errorf("no fault beside the field %s", b.field)
	}
	if b.kept != "" && !strings.Contains(html.UnescapeString(body), b.kept) {
		t.Errorf("what was typed is gone: %.60q", b.kept)
	}
	if strings.Contains(body, "⟨") {
		t.Error("a sentence is missing in the catalogue")
	}
}

// corpusForm is what a person sends with one of the pages: right but for the field that an input replaces.
type corpusForm struct {
	who, path string
	values    func() url.Values
	kept      bool // the canary is shown again on 422
}

// corpusForms are those of the pages that take text, by the name that the inputs use.
var corpusForms = map[string]corpusForm{
	"answer": {"director", "/mandates/{m}/duties/{duty}/answer", func() url.Values {
		return url.Values{"done_on": {"13/10/2026"}, "note": {canary}, "link": {""}}
	}, true},
	"waive": {"secretary", "/mandates/{m}/duties/{duty}/waive", func() url.Values { return url.Values{"reason": {canary}} }, false},
	"event": {"director", "/mandates/{m}/events", func() url.Values {
		f := delegation()
		f.Set("place", canary)
		return f
	}, true},
	"report": {"director", "/mandates/{m}/report/{p}", func() url.Values {
		return url.Values{
			"do": {"report"}, "row.S1.1-1.version": {"0"}, "row.S1.1-1.status": {"on_track"}, "row.S1.1-1.achieved": {""},
			"row.S1.2-1.version": {"0"}, "row.S1.2-1.status": {"on_track"}, "row.S1.2-1.obstacles": {canary},
		}
	}, true},
	"person": {"admin", "/admin/people", func() url.Values {
		return url.Values{"name": {canary}, "email": {"nieuw@jalon.example"}, "lang": {"nl"}, "role": {""}, "scope": {""}}
	}, true},
	"grant": {"admin", "/admin/people/grant", func() url.Values {
		return url.Values{"person": {"1"}, "grant_role": {"secretary"}, "grant_scope": {""}}
	}, false},
	"login": {"", "/login", func() url.Values {
		return url.Values{"email": {"kanarievogel@jalon.example"}, "password": {"verkeerd-wachtwoord-99"}, "return": {""}}
	}, false},
	"password": {"nobody", "/password", func() url.Values {
		return url.Values{"old": {password}, "new": {"nieuw-kasteel-vijver-7"}, "again": {"nieuw-kasteel-vijver-7"}}
	}, false},
	"preferences": {"nobody", "/preferences", func() url.Values { return url.Values{"lang": {"nl"}, "digest": {"on"}} }, false},
	"deadline": {"director", "/mandates/{m}/targets/{code}/deadline", func() url.Values {
		return url.Values{"do": {"read"}, "choice": {"stored"}, "words": {canary}}
	}, false},
	"confirm": {"hr", "/import/confirm", func() url.Values {
		return url.Values{"text": {canary}, "institution": {"ACTIRIS"}, "mandate": {"CORPUS"}, "lang": {"nl"}, "source": {"brief.txt"}}
	}, false},
}

// typed is one field of a form that is wrong.
func typed(id, what, form, field, value string, code int, key string) bad {
	f := corpusForms[form]
	b := bad{id: id, what: what, who: f.who, code: code, key: key, stores: code == http.StatusSeeOther}
	if code == http.StatusUnprocessableEntity && key != "" {
		b.field = field
	}
	if f.kept && code == http.StatusUnprocessableEntity && f.values().Get(field) != canary {
		b.kept = canary
	}
	if len(value) >= 6 && !strings.Contains(value, "2026") {
		b.secret = []string{value[:min(len(value), 200)]}
	}
	b.request = func(c *corpus, lang string) *http.Request {
		values := f.values()
		values.Set(field, value)
		if !values.Has("idempotency_key") && form != "login" {
			values.Set("idempotency_key", uuid.NewString())
		}
		return c.request(http.MethodPost, c.at(lang, f.path), urlencoded, values.Encode())
	}
	return b
}

func TestADraftKeepsNoBrokenText(t *testing.T) {
	o := withLetter(t)
	director := o.as("director")
	for _, do := range []string{"draft", "report"} {
		for name, text := range map[string]string{"NUL": "a\x00b", "too long": strings.Repeat("a", 20_001)} {
			form := url.Values{
				"idempotency_key": {uuid.NewString()}, "do": {do}, "row.S1.1-1.version": {"0"}, "row.S1.1-1.achieved": {text},
				"row.S1.2-1.version": {fmt.Sprint(value[int](o, `SELECT COALESCE(max(version), 0) FROM report_draft`))}, "row.S1.2-1.achieved": {"Een gave rij: " + do + name},
			}
			w := director.post("/nl/mandates/LETTER/report/2026-H2", form)
			wantCode(t, do+" with "+name, w, http.StatusUnprocessableEntity)
			if body := w.Body.String(); !strings.Contains(body, `href="#row.S1.1-1.achieved"`) || !strings.Contains(body, "Een gave rij: "+do+name) {
				t.Errorf("%s with %s: no fault beside the field, or the other row is gone", do, name)
			}
			if n := value[int](o, `SELECT count(*) FROM report_draft WHERE fields->>'achieved' LIKE 'Een gave rij%'`); n != 1 || value[int](o, `SELECT count(*) FROM report_draft`) != 1 {
				t.Errorf("%s with %s: %d sound rows are kept of 1", do, name, n)
			}
		}
	}
}
