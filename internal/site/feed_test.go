package site

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/google/uuid"

	"jalon/internal/calendar"
	"jalon/internal/store"
)

var feedAddress = regexp.MustCompile(`https://jalon\.example(/calendar/([A-Za-z0-9_-]{43})\.ics)`)

// startFeed makes an address and gives its path.
func (b *browser) startFeed(key string) (path string) {
	b.t.Helper()
	w := b.post("/nl/calendar/feed", url.Values{"idempotency_key": {key}})
	wantCode(b.t, "new address", w, http.StatusOK)
	m := feedAddress.FindStringSubmatch(w.Body.String())
	if m == nil {
		b.t.Fatalf("the page shows no address\n%s", w.Body)
	}
	return m[1]
}

// summaries fetches a feed as a calendar program, which has no cookies.
func (o *office) summaries(path string) (uids, summaries []string) {
	o.t.Helper()
	w := o.browser().get(path)
	wantCode(o.t, "feed", w, http.StatusOK)
	c, err := ics.ParseCalendar(w.Body)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, e := range c.Events() {
		uids = append(uids, e.Id())
		summaries = append(summaries, e.GetProperty(ics.ComponentPropertySummary).Value)
	}
	return uids, summaries
}

func TestAPersonHasAFeedOfTheirOwn(t *testing.T) {
	o := withEvents(t)
	b := o.as("director")
	if _, words := page(t, b.get("/nl/calendar")); !strings.Contains(words, "U hebt nog geen adres.") {
		t.Error("the page does not say that there is no address")
	}
	key := newKey()
	path := b.startFeed(key)
	program := o.browser()
	w := program.get(path)
	wantCode(t, "feed", w, http.StatusOK)
	for name, want := range map[string]string{"Content-Type": "text/calendar; charset=utf-8", "Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex"} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if len(w.Result().Cookies()) != 0 {
		t.Error("a calendar program is given cookies")
	}
	for _, words := range []string{"SUMMARY:TD4.3-1 ", "SUMMARY:Delegatie uit Québec", "URL:https://jalon.example/nl/mandates/LETTER/targets/T4.3-1", "DTSTART;VALUE=DATE:20261215", "UID:event-"} {
		if !strings.Contains(strings.ReplaceAll(w.Body.String(), "\r\n ", ""), words) {
			t.Errorf("the feed lacks %q", words)
		}
	}
	if strings.Contains(w.Body.String(), "Vreemde") {
		t.Error("the feed shows the event of a mandate out of reach")
	}
	// the address is shown once
	if _, words := page(t, b.get("/nl/calendar")); strings.Contains(words, path) || !strings.Contains(words, "U hebt een adres sinds 24/11/2026") {
		t.Error("the page shows the address again, or does not say that there is one")
	}
	again := b.post("/nl/calendar/feed", url.Values{"idempotency_key": {key}})
	wantCode(t, "the same form again", again, http.StatusSeeOther)
	first, _ := o.summaries(path)
	o.pass(26 * time.Hour)
	if second, _ := o.summaries(path); len(first) < 50 || !slices.Equal(first, second) {
		t.Errorf("%d items and a day later %d: others, or too few", len(first), len(second))
	}
}

func TestAFeedThatDidNotChangeIsNotSentAgain(t *testing.T) {
	o := withEvents(t)
	path := o.as("director").startFeed(newKey())
	program := o.browser()
	first := program.get(path)
	ask := func(method, tag string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, path, nil)
		if tag != "" {
			r.Header.Set("If-None-Match", tag)
		}
		return program.send(r)
	}
	tag := first.Header().Get("ETag")
	o.pass(time.Hour)
	if w := ask(http.MethodGet, tag); w.Code != http.StatusNotModified || w.Body.Len() != 0 {
		t.Errorf("unchanged: %d with %d bytes", w.Code, w.Body.Len())
	}
	if w := ask(http.MethodHead, ""); w.Code != http.StatusOK || w.Header().Get("ETag") != tag {
		t.Errorf("HEAD: %d, ETag %q", w.Code, w.Header().Get("ETag"))
	}
	o.sql(`UPDATE event SET cancelled_at = now(), cancelled_by = recorded_by WHERE title = 'Studiebezoek'`)
	if w := ask(http.MethodGet, tag); w.Code != http.StatusOK || strings.Contains(w.Body.String(), "Studiebezoek") {
		t.Errorf("after a change: %d, or the cancelled event stays", w.Code)
	}
	wantCode(t, "POST", o.browser().post(path, url.Values{}), http.StatusMethodNotAllowed)
}

// The rights count at the moment of fetching, and what opens nothing says nothing.
func TestAFeedEndsWithTheRightsOfItsPerson(t *testing.T) {
	o := withEvents(t)
	unknown := o.browser().get("/calendar/" + strings.Repeat("A", 43) + ".ics")
	wantCode(t, "unknown", unknown, http.StatusNotFound)
	closed := func(what, path string) {
		t.Helper()
		w := o.browser().get(path)
		if w.Code != http.StatusNotFound || w.Body.String() != unknown.Body.String() || w.Header().Get("Content-Type") != unknown.Header().Get("Content-Type") || w.Header().Get("ETag") != "" {
			t.Errorf("%s: %d %q, want the answer to an unknown address", what, w.Code, w.Body)
		}
	}
	for _, path := range []string{"/calendar/x.ics", "/calendar/" + strings.Repeat("A", 500) + ".ics"} {
		closed(path, path)
	}
	director := o.as("director")
	old := director.startFeed(newKey())
	path := director.startFeed(newKey())
	closed("renewed", old)
	committee := o.as("committee").startFeed(newKey())
	if _, all := o.summaries(committee); !slices.Contains(all, "Vreemde zending") || !slices.Contains(all, "Studiebezoek") {
		t.Error("the feed of who may view all mandates lacks an event")
	}

	// the tenure ends on its last day, in Brussels
	o.sql(`UPDATE tenure SET ends_on = '2026-11-25' WHERE person_id = $1`, o.id["director"])
	o.pass(time.Date(2026, 11, 25, 22, 59, 0, 0, time.UTC).Sub(noon))
	if _, own := o.summaries(path); !slices.Contains(own, "Studiebezoek") {
		t.Error("on the last evening the feed is empty already")
	}
	o.pass(2 * time.Minute)
	closed("ended tenure", path)

	wantCode(t, "committee", o.browser().get(committee), http.StatusOK)
	o.sql(`UPDATE person SET disabled_at = now() WHERE id = $1`, o.id["committee"])
	closed("disabled person", committee)

	o.sql(`UPDATE person SET disabled_at = NULL WHERE id = $1`, o.id["committee"])
	for what, end := range map[string]func() error{
		"another password": func() error {
			_, _, err := o.Store.SetPassword(t.Context(), store.Submission{Action: "set password"}, o.id["committee"], passwordHash(), false, "")
			return err
		},
		"closed and opened again": func() error {
			closes := store.Submission{Key: uuid.New(), Action: "disable person", PersonID: o.id["admin"]}
			opens := store.Submission{Key: uuid.New(), Action: "enable person", PersonID: o.id["admin"]}
			return errors.Join(o.Store.SetDisabled(t.Context(), closes, o.id["committee"], true, noon, ""), o.Store.SetDisabled(t.Context(), opens, o.id["committee"], false, noon, ""))
		},
	} {
		path := o.as("committee").startFeed(newKey())
		if err := end(); err != nil {
			t.Fatal(err)
		}
		closed(what, path)
	}

	hr := o.as("hr")
	path = hr.startFeed(newKey())
	wantCode(t, "revoke", hr.post("/nl/calendar/feed/revoke", url.Values{"idempotency_key": {newKey()}}), http.StatusSeeOther)
	closed("revoked", path)
	for _, name := range []string{"evaluator", "admin", "nobody"} {
		wantCode(t, name, o.as(name).post("/nl/calendar/feed", url.Values{"idempotency_key": {newKey()}}), http.StatusForbidden)
	}
}

func TestAFeedSpeaksTheLanguageOfTheAccount(t *testing.T) {
	o := withEvents(t)
	path := o.as("director").startFeed(newKey())
	o.sql(`UPDATE person SET lang = 'fr' WHERE id = $1`, o.id["director"])
	_, summaries := o.summaries(path)
	if !slices.ContainsFunc(summaries, func(s string) bool { return strings.HasPrefix(s, "OT4.3-1 ") || strings.HasPrefix(s, "En retard: OT") }) {
		t.Errorf("no French code among %q", summaries)
	}
}

func TestASecretStaysOutOfTheLogAndTheDatabase(t *testing.T) {
	o := withEvents(t)
	b := o.as("director")
	path := b.startFeed(newKey())
	secret := strings.TrimSuffix(strings.TrimPrefix(path, "/calendar/"), ".ics")
	o.browser().get(path)
	o.browser().post(path, url.Values{})
	o.browser().get("/calendar/" + secret)
	o.browser().get("/nl" + path)
	o.browser().get(path + "/x")
	b.get("/nl/calendar")
	if strings.Contains(o.log.String(), secret) {
		t.Error("the log holds the secret")
	}
	if !strings.Contains(o.log.String(), `"/calendar/{secret}.ics"`) {
		t.Error("the log does not name the route")
	}
	if n := value[int](o, `SELECT count(*) FROM audit_event WHERE action = 'start calendar feed' AND actor_id = $1`, o.id["director"]); n != 1 {
		t.Errorf("%d lines in the audit trail, want 1", n)
	}
	for _, table := range []string{"audit_event", "submission", "calendar_feed", "sessions"} {
		if value[int](o, `SELECT count(*) FROM `+table+` r WHERE r::text LIKE '%' || $1 || '%'`, secret) != 0 {
			t.Errorf("%s holds the secret", table)
		}
	}
}

func TestFeedsAreAskedForAtAPace(t *testing.T) {
	o := newOffice(t)
	program := o.browser()
	var w *httptest.ResponseRecorder
	tries := 0
	for ; tries < 200; tries++ {
		if w = program.get("/calendar/x.ics"); w.Code != http.StatusNotFound {
			break
		}
	}
	if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" || tries != rates["feed"].burst {
		t.Errorf("after %d tries: %d, Retry-After %q", tries, w.Code, w.Header().Get("Retry-After"))
	}
	other := o.browser()
	other.address = "198.51.100.7"
	wantCode(t, "another address", other.get("/calendar/x.ics"), http.StatusNotFound)
	o.pass(time.Minute)
	wantCode(t, "a minute later", program.get("/calendar/x.ics"), http.StatusNotFound)
}

func TestAFeedLooksHalfAYearBackAndEighteenMonthsAhead(t *testing.T) {
	for today, want := range map[string]string{
		"2026-11-24": "2026-05-01 2028-05-31",
		"2026-08-31": "2026-02-01 2028-02-29",
		"2028-02-29": "2027-08-01 2029-08-31",
	} {
		d, err := calendar.ParseDate(today)
		if err != nil {
			t.Fatal(err)
		}
		from, until := feedDays(d)
		if got := from.String() + " " + until.String(); got != want {
			t.Errorf("%s: %s, want %s", today, got, want)
		}
	}
}
