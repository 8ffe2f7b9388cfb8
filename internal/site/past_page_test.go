package site

import (
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

// shows and hides tell what a page must hold, and what it may not.
type shows struct {
	path  string
	shown []string
	gone  []string
}

func (o *office) looks(b *browser, all ...shows) {
	o.t.Helper()
	for _, c := range all {
		page := b.get(c.path)
		wantCode(o.t, c.path, page, http.StatusOK)
		for _, words := range c.shown {
			if !strings.Contains(page.Body.String(), words) {
				o.t.Errorf("%s does not show %q", c.path, words)
			}
		}
		for _, words := range c.gone {
			if strings.Contains(page.Body.String(), words) {
				o.t.Errorf("%s shows %q", c.path, words)
			}
		}
		if !strings.Contains(c.path, "asof=") && !strings.Contains(c.path, "known=") {
			continue
		}
		if !strings.Contains(page.Body.String(), `class="banner"`) {
			o.t.Errorf("%s does not say that it is the past", c.path)
		}
		for _, form := range postForm.FindAllStringSubmatch(page.Body.String(), -1) {
			if !strings.HasSuffix(form[1], "/logout") {
				o.t.Errorf("%s: the past has a form to %s", c.path, form[1])
			}
		}
	}
}

// What was amended, addressed, delegated and who sat where are shown as of the day, and cannot be changed there.
func TestListsOfThePastAreThoseOfTheDay(t *testing.T) {
	o := boarded(t)
	hr, director := o.as("hr"), o.as("director")
	amend := url.Values{
		"idempotency_key": {uuid.NewString()}, "place": {"target:S1.1-1"}, "nl": {"andere woorden van het doel"}, "effective_on": {"24/11/2026"},
		"authority": {"Regering"}, "reason": {"besluit van november"}, "do": {"store"}, "scope": {"own"},
	}
	if w := hr.post(letterMandate+"/amendments", amend); w.Code != http.StatusSeeOther {
		t.Fatalf("amend: %d", w.Code)
	}
	const steps = letterMandate + "/targets/S3.3-1/addressees"
	wantCode(t, "address", hr.post(steps, o.addressing("CSO")), http.StatusSeeOther)
	wantCode(t, "delegate", director.post(letterMandate+"/delegations", url.Values{
		"idempotency_key": {uuid.NewString()}, "email": {"nobody@jalon.example"}, "scope": {"whole"}, "from": {"24/11/2026"}, "until": {"31/12/2026"},
	}), http.StatusSeeOther)
	o.pass(10 * 24 * time.Hour)
	hr, director, admin := o.as("hr"), o.as("director"), o.as("admin")
	given := value[int64](o, `SELECT max(id) FROM delegation`)
	wantCode(t, "revoke", director.post(letterMandate+"/delegations/"+num(given)+"/revoke", url.Values{"idempotency_key": {uuid.NewString()}}), http.StatusSeeOther)

	o.looks(hr,
		shows{letterMandate + "/amendments", []string{"besluit van november", "/amendments/new"}, nil},
		shows{letterMandate + "/amendments?asof=2026-11-24", []string{"besluit van november"}, []string{"/amendments/new"}},
		shows{letterMandate + "/amendments?asof=2026-11-23", nil, []string{"besluit van november"}},
		shows{letterMandate + "/amendments?asof=2026-12-01&known=2026-11-23", nil, []string{"besluit van november"}},
		shows{steps + "?asof=2026-11-24", []string{`id="step-`}, nil},
		shows{steps + "?asof=2026-11-23", nil, []string{`id="step-`}},
	)
	o.looks(director,
		shows{letterMandate + "/delegations", []string{"Naam nobody", "Ingetrokken"}, nil},
		shows{letterMandate + "/delegations?asof=2026-11-30", []string{"Naam nobody"}, []string{"Ingetrokken"}},
		shows{letterMandate + "/delegations?asof=2026-11-23", nil, []string{"Naam nobody"}},
	)
	o.looks(admin,
		shows{"/nl/admin/bodies?asof=2026-03-31", []string{"Naam nobody"}, nil},
		shows{"/nl/admin/bodies?asof=2025-12-31", nil, []string{"Naam nobody"}},
	)
	page := hr.get(letterMandate + "?asof=2026-11-30").Body.String()
	if !strings.Contains(page, letterMandate+"/amendments?asof=2026-11-30") {
		t.Error("the mandate of then leads to the amendments of today")
	}
}

// Who sits on a body sees of the past what goes to it today and went to it then: the past opens nothing, and closes what came later.
func TestThePastShowsABodyNoMoreThanToday(t *testing.T) {
	o := boarded(t)
	o.sql(`INSERT INTO addressee (mandate_id, target_id, body_id, form, cadence, valid_from, valid_until, set_at)
		SELECT g.mandate_id, g.id, b.id, 'table', 'half_year', x.since::date, x.until::date, '2026-01-01' FROM body b, target g
		JOIN (VALUES ('S3.3-1', '2026-01-01', NULL), ('S3.3-2', '2026-01-01', '2026-06-30'), ('S3.2-1', '2026-10-01', NULL)) x (code, since, until) ON x.code = g.code
		WHERE b.code = 'CSO'`)
	o.sql(`INSERT INTO progress_entry (mandate_id, target_id, as_of, recorded_at, author_id, lang, status, achieved)
		SELECT mandate_id, id, '2026-03-31', '2026-04-02', $1, 'nl', 'on_track', 'maart ' || code || '.' FROM target`, o.id["director"])
	member := o.as("nobody")
	for path, want := range map[string]int{
		"/targets/S3.3-1": 200, "/targets/S3.2-1": 200, "/targets/S3.3-2": 404,
		"/targets/S3.3-1?asof=2026-04-30": 200, "/targets/S3.2-1?asof=2026-04-30": 404, "/targets/S3.3-2?asof=2026-04-30": 404,
		"/targets/S3.2-1/addressees?asof=2026-04-30": 404, "?asof=2025-12-31": 404,
	} {
		wantCode(t, path, member.get(letterMandate+path), want)
	}
	for _, path := range []string{
		letterMandate, letterMandate + "/timeline", letterMandate + "/calendar", letterMandate + "/monitoring/2026-H1", letterMandate + "/monitoring/2026-H1.csv",
		letterMandate + "/annual/2026", "/nl/bodies/ACTIRIS-CSO", "/nl/bodies/ACTIRIS-CSO/monitoring/2026-H1", "/nl/search?q=maart", letterMandate + "/objectives/S3",
	} {
		sign := "?"
		if strings.Contains(path, "?") {
			sign = "&"
		}
		page := member.get(path + sign + "asof=2026-04-30")
		wantCode(t, path, page, http.StatusOK)
		for _, words := range []string{"maart S3.3-2.", "maart S3.2-1.", "maart S3.2-2.", "SD3.3-2", "maart S1"} {
			if strings.Contains(page.Body.String(), words) {
				t.Errorf("%s of the past shows %q", path, words)
			}
		}
	}
	if page := member.get("/nl/search?q=maart&asof=2026-04-30").Body.String(); !strings.Contains(page, "S3.3-1") {
		t.Error("the search of then does not find what went to the body")
	}
}

// Search finds what was said and known then, and says so; and so do the lists for programs.
func TestSearchAndListsOfThePast(t *testing.T) {
	o := followed(t)
	for _, one := range [][2]string{{"2026-04-02", "aardbei vroeg"}, {"2026-05-20", "aardbei laat"}} { // in this order
		o.sql(`INSERT INTO progress_entry (mandate_id, target_id, as_of, recorded_at, author_id, lang, status, achieved)
			SELECT mandate_id, id, '2026-03-31', $2::text::timestamptz, $1, 'nl', 'on_track', $3::text FROM target WHERE code = 'S1.1-1'`, o.id["director"], one[0], one[1])
	}
	o.sql(`WITH a AS (INSERT INTO amendment (mandate_id, effective_on, reason, recorded_at) SELECT id, '2026-06-01', 'x', '2026-07-01' FROM mandate WHERE code = 'LETTER' RETURNING id)
		INSERT INTO wording_version (wording_id, valid_from, nl, nl_state, amendment_id, recorded_at) SELECT g.wording_id, '2026-06-01', 'een kersenboom planten', 'original', a.id, '2026-07-01' FROM a, target g WHERE g.code = 'S1.1-1'`)
	director := o.as("director")
	o.looks(director,
		shows{"/nl/search?q=aardbei", []string{"aardbei</mark> vroeg", "aardbei</mark> laat"}, nil},
		shows{"/nl/search?q=aardbei&asof=2026-03-31&known=2026-05-01", []string{"vroeg", `name="known" value="2026-05-01"`, "asof=2026-03-31&amp;known=2026-05-01"}, []string{"laat"}},
		shows{"/nl/search?q=aardbei&asof=2026-03-30", nil, []string{"vroeg", "laat"}},
		shows{"/nl/search?q=kersenboom&asof=2026-06-01", []string{"kersenboom"}, nil},
		shows{"/nl/search?q=kersenboom&asof=2026-05-31", nil, []string{"</mark>"}},
		shows{"/nl/search?q=kersenboom&asof=2026-06-01&known=2026-06-30", nil, []string{"</mark>"}},
		shows{letterMandate + "/timeline?asof=2026-03-31&known=2026-04-02T20:00:00Z", []string{`name="known" value="2026-04-02T20:00:00Z"`, `name="asof" value="2026-03-31"`}, nil},
	)
	program := programOf(t, director, "read", "1")
	for query, want := range map[string]string{"?asof=2026-03-31": "aardbei laat", "?asof=2026-03-31&known=2026-05-01": "aardbei vroeg", "?asof=2026-03-31&known=2026-04-01": ""} {
		for path, list := range map[string]bool{"/api/v1/entries": true, "/api/v1/targets/LETTER.S1.1-1/entries": false} {
			w := program.ask(http.MethodGet, path+query, "")
			wantCode(t, path+query, w, http.StatusOK)
			var answer struct {
				Known *time.Time       `json:"known"`
				Items []map[string]any `json:"items"`
			}
			if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
				t.Fatal(err)
			}
			last := ""
			for _, item := range answer.Items {
				if list && item["target"] == "S1.1-1" || !list && last == "" {
					last = item["achieved"].(string)
				}
			}
			if last != want || (answer.Known != nil) != strings.Contains(query, "known") {
				t.Errorf("%s%s: %q, known %v; want %q", path, query, last, answer.Known, want)
			}
		}
	}
}

var (
	mainPart = regexp.MustCompile(`(?s)<main.*</main>`)
	banner   = regexp.MustCompile(`(?s)<p class="banner">.*?</p>`)
	anyLink  = regexp.MustCompile(`href="(/nl/[^"#]*)`)
)

// Whoever looks back stays there: no link of a page but the one of its banner
// leads to today, except to what has no past.
func TestThePastLeadsToThePast(t *testing.T) {
	o := newExample(t)
	pages := map[string][]string{
		"committee": {
			"/mandates", "/bodies", "/bodies/ACTIRIS-DR", "/bodies/ACTIRIS-DR/calendar", "/bodies/ACTIRIS-DR/monitoring/2026-H1", "/bodies/ACTIRIS-DR/meeting/2026-H1",
			"/bodies/ACTIRIS-DR/meeting/2026-H1?mandate=ACTIRIS-A4-EL&target=S2.2-1", "/bodies/ACTIRIS-DC", "/bodies/ACTIRIS-DC/monitoring/2026-H1", "/bodies/ACTIRIS-SDC/scoreboards", "/bodies/ACTIRIS-SDC/scoreboards/S1-1",
			"/overview", "/overview/targets?show=silent", "/overview/objectives/T2", "/calendar", "/rounds", "/rounds/ACTIRIS-DR/2026-H1", "/search?q=ziekteverzuim", "/search?q=SD2.2",
			"/mandates/ACTIRIS-A4-EL", "/mandates/ACTIRIS-A4-EL/timeline", "/mandates/ACTIRIS-A4-EL/calendar", "/mandates/ACTIRIS-A4-EL/monitoring/2026-H1", "/mandates/ACTIRIS-A4-EL/monitoring/2025-H2",
			"/mandates/ACTIRIS-A4-EL/annual/2025", "/mandates/ACTIRIS-A4-EL/events", "/mandates/ACTIRIS-A4-EL/events/1", "/mandates/ACTIRIS-A4-EL/targets/S2.2-1", "/mandates/ACTIRIS-A4-EL/targets/T4.7-1",
			"/mandates/ACTIRIS-A4-EL/targets/S3.3-2/addressees", "/mandates/ACTIRIS-A4-EL/objectives/S2", "/mandates/ACTIRIS-A4-EL/sheet", "/mandates/ACTIRIS-A4-EL/indicators",
			"/mandates/ACTIRIS-A4-EL/indicators/S1-2", "/mandates/ACTIRIS-A4-EL/indicators/S1-2/measures", "/mandates/ACTIRIS-A4-EL/amendments", "/mandates/ACTIRIS-A4-EL/questions/1",
		},
		"director": {"/due", "/calendar", "/mandates/ACTIRIS-A4-EL", "/mandates/ACTIRIS-A4-EL/delegations", "/mandates/ACTIRIS-A4-EL/duties/28.0.1.before.2026-05-11"},
	}
	for who, all := range pages {
		b := o.as(who)
		for _, path := range all {
			address := "/nl" + path + "?asof=2026-06-30"
			if strings.Contains(path, "?") {
				address = "/nl" + path + "&asof=2026-06-30"
			}
			w := b.get(address)
			wantCode(t, address, w, http.StatusOK)
			for _, link := range anyLink.FindAllStringSubmatch(banner.ReplaceAllString(mainPart.FindString(w.Body.String()), ""), -1) {
				to, _, _ := strings.Cut(html.UnescapeString(link[1]), "?")
				if !strings.Contains(link[1], "asof=2026-06-30") && to != "/nl/exports" && !strings.HasSuffix(to, "/access-log") {
					t.Errorf("%s leads to today: %s", address, link[1])
				}
			}
		}
	}
}
