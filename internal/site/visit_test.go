package site

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/web"
)

// titled draws a small page that shows its frame.
func titled(o *office) handler {
	return func(w http.ResponseWriter, v *visit) error {
		return o.render(w, v, http.StatusOK, web.PrivacyPage(web.StatementView{Frame: o.frame(v, v.print.T("privacy.title"))}))
	}
}

func TestWhoAsksTakesOneStatementAndAStrangerNone(t *testing.T) {
	o := newOffice(t)
	b := o.as("director")
	for name, c := range map[string]struct {
		b    *browser
		path string
		want int
	}{
		"page of a stranger": {o.browser(), "/nl/privacy", 0}, "page of the director": {b, "/nl/privacy", 1}, "no page": {o.browser(), "/nl/none", 0},
		"static": {b, o.assets.URL("jalon.css"), 0}, "health": {b, "/healthz", 0}, "an ended session": {&browser{office: o, cookies: map[string]string{sessionCookie: "x"}}, "/nl/privacy", 1},
	} {
		c.b.get(c.path)
		o.count.taken()
		for range 3 {
			c.b.get(c.path)
		}
		if got := o.count.taken(); len(got) != 3*c.want {
			t.Errorf("%s: %d statements for 3 requests, want %d each:\n%s", name, len(got), c.want, strings.Join(got, "\n"))
		}
	}
	o.pass(10 * time.Minute)
	b.get("/nl/privacy")
	if got := o.count.taken(); len(got) != 1 {
		t.Errorf("a session that is put off takes %d statements", len(got))
	}
}

func TestDayOfThePage(t *testing.T) {
	o := newOffice(t)
	b := o.browser()
	for query, want := range map[string]int{
		"": 200, "?asof=2025-03-31": 200, "?asof=2026-11-24": 200, "?asof=1990-01-01": 200,
		"?asof=2026-11-25": 400, "?asof=1989-12-31": 400, "?asof=2026-02-31": 400, "?asof=31/03/2025": 200, "?asof=": 200, "?asof=31/02/2025": 400, "?asof=03/04/25": 400, "?asof=0000-01-01": 400,
		"?asof=2025-03-31&asof=2025-04-01": 400, "?q=%ff": 400, "?q=%00": 400, "?a=%zz": 400, "?a=1;b=2": 400, "?lang=../nl": 200,
	} {
		wantCode(t, query, b.get("/nl/privacy"+query), want)
	}
	page := b.get("/nl/privacy?asof=2025-03-31&x=1").Body.String()
	for _, want := range []string{"31 maart 2025", `href="/nl/privacy?x=1"`, `href="/fr/privacy?asof=2025-03-31&amp;x=1"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page of a past day lacks %s", want)
		}
	}
	// the day begins at midnight in Brussels
	o.now = time.Date(2026, time.November, 24, 23, 30, 0, 0, time.UTC)
	wantCode(t, "half past midnight", b.get("/nl/privacy?asof=2026-11-25"), 200)
}

func TestForeignObjectsAreNotFoundAndNoted(t *testing.T) {
	o := newOffice(t)
	account, err := o.Store.Account(t.Context(), o.id["director"])
	if err != nil {
		t.Fatal(err)
	}
	v := o.stranger(httptest.NewRequest(http.MethodGet, "/nl/x", nil))
	v.viewer = account.Viewer
	own := value[int64](o, `SELECT id FROM mandate WHERE code = 'ACTIRIS-A4'`)
	foreign := value[int64](o, `SELECT id FROM mandate WHERE code = 'ELDERS-A4'`)
	for _, c := range []struct {
		action access.Action
		id     int64
		want   error
	}{{access.ViewMandate, own, nil}, {access.ViewMandate, foreign, errNotFound}, {access.SealTable, own, errForbidden}, {access.SealTable, foreign, errNotFound}} {
		err := o.allow(v, c.action, access.Object{MandateID: c.id, InstitutionID: c.id})
		if err != c.want && (err != nil || c.want != nil) {
			t.Errorf("%s of %d: %v, want %v", c.action, c.id, err, c.want)
		}
	}
	if n := value[int](o, `SELECT count(*) FROM audit_event WHERE action = 'refused' AND actor_id = $1 AND mandate_id = $2`, o.id["director"], foreign); n != 2 {
		t.Errorf("%d audit lines for 2 looks at another's mandate", n)
	}
}

func TestDelegationEndsWithItsLastDayInBrussels(t *testing.T) {
	o := newOffice(t)
	b := o.as("delegate")
	wantCode(t, "within", b.get("/nl/due"), 200)
	for at, want := range map[time.Time]int{
		time.Date(2026, time.December, 31, 22, 59, 0, 0, time.UTC): 200,
		time.Date(2026, time.December, 31, 23, 1, 0, 0, time.UTC):  403,
	} {
		o.now = at.Add(-time.Minute)
		b := o.as("delegate")
		o.now = at
		wantCode(t, at.String(), b.get("/nl/due"), want)
	}
}

func TestUnchangedPageIsNotSentAgain(t *testing.T) {
	o := newOffice(t)
	version := 1
	o.withRoute(t, "/versioned", func(w http.ResponseWriter, v *visit) error {
		if o.unchanged(w, v, version) {
			return nil
		}
		return titled(o)(w, v)
	})
	b, other := o.as("director"), o.as("committee")
	first := b.get("/nl/versioned")
	tag := first.Header().Get("ETag")
	wantCode(t, "first", first, 200)
	if first.Header().Get("Cache-Control") != "private, no-cache" || tag == "" {
		t.Fatalf("headers %v", first.Header())
	}
	ask := func(b *browser, query string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, "/nl/versioned"+query, nil)
		r.Header.Set("If-None-Match", `"other", `+tag)
		return b.send(r)
	}
	again := ask(b, "")
	wantCode(t, "again", again, 304)
	if again.Body.Len() > 0 || again.Header().Get("ETag") != tag || again.Header().Get("Content-Security-Policy") == "" {
		t.Error("304 with a body or without its headers")
	}
	wantCode(t, "another person", ask(other, ""), 200)
	wantCode(t, "another day", ask(b, "?asof=2025-01-01"), 200)
	tell := httptest.NewRecorder()
	tellAll(tell)
	b.cookies[noticeCookie] = tell.Result().Cookies()[0].Value
	w := ask(b, "")
	wantCode(t, "with something to say", w, 200)
	if !strings.Contains(w.Body.String(), "U bent afgemeld") {
		t.Error("it is not said")
	}
	wantCode(t, "after that", ask(b, ""), 304)
	version = 2
	wantCode(t, "another version", ask(b, ""), 200)
	version = 1
	o.pass(14 * time.Hour)
	b = o.as("director")
	wantCode(t, "the next day", ask(b, ""), 200)
}

func tellAll(w http.ResponseWriter) { tell(w, web.NoticeDone, "login.signed_out") }

func TestForgedNoticeSaysNothing(t *testing.T) {
	o := newOffice(t)
	for _, value := range []string{"x", "", strings.Repeat("A", 3000), "eyJrIjoiZG9uZSIsInMiOiI8c2NyaXB0PiJ9"} {
		b := o.browser()
		b.cookies[noticeCookie] = value
		if page := b.get("/nl/privacy").Body.String(); strings.Contains(page, "ds-alert") {
			t.Errorf("%q shows a notice", value)
		}
	}
}

func TestLanguageSwitchStaysOnThePage(t *testing.T) {
	o := newOffice(t)
	for path, want := range map[string]string{
		"/nl/privacy": "/fr/privacy", "/fr/login?return=%2Ffr%2Fdue": "/nl/login?return=%2Ffr%2Fdue", "/nl": "/fr", "/nlx": "", "/": "",
	} {
		v := o.stranger(httptest.NewRequest(http.MethodGet, path, nil))
		if got := v.inOtherLang(); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	if got := calendar.DateOf(noon); got != calendar.MustDate(2026, time.November, 24) {
		t.Errorf("today %v", got)
	}
}

// The menu tells on every page where one is. An empty aria-current says nothing.
func TestTheMenuMarksThePageOrItsSection(t *testing.T) {
	o := withLetter(t)
	for _, c := range []struct{ who, path, want string }{
		{"director", "/nl/due", `href="/nl/due" aria-current="page"`},
		{"committee", "/nl/mandates", `href="/nl/mandates" aria-current="page"`},
		{"committee", "/nl/mandates/LETTER/targets/S3.2-2", `href="/nl/mandates" aria-current="true"`},
		{"committee", "/fr/overview/targets", `href="/fr/overview" aria-current="true"`},
		{"admin", "/nl/privacy", ""},
	} {
		body := o.as(c.who).get(c.path).Body.String()
		menu, _, _ := strings.Cut(body, "</nav>")
		if got := strings.Count(menu, "aria-current"); c.want != "" && !strings.Contains(menu, c.want) || c.want == "" && got > 0 || got > 1 {
			t.Errorf("%s as %s: %d items are marked, want %q", c.path, c.who, got, c.want)
		}
		if strings.Contains(body, "aria-current>") || strings.Contains(body, "aria-current ") {
			t.Errorf("%s: aria-current without a value", c.path)
		}
	}
}

// French sets a space before : ; ? ! and within guillemets; no line of a page breaks there.
func TestFrenchPagesBreakNoLineBeforeASign(t *testing.T) {
	o := withLetter(t)
	breaks := regexp.MustCompile(`[^ =&<>"]+(?: [:;?!»]|« )[^<]{0,20}`)
	for _, c := range []struct{ who, path string }{
		{"", "/fr/login"}, {"", "/fr/privacy"}, {"director", "/fr/due"}, {"director", "/fr/preferences"}, {"committee", "/fr/overview"}, {"admin", "/fr/admin/people"},
	} {
		b := o.browser()
		if c.who != "" {
			b = o.as(c.who)
		}
		body := b.get(c.path).Body.String()
		if found := breaks.FindAllString(body[strings.Index(body, "<main"):], 3); len(found) > 0 {
			t.Errorf("%s: %q", c.path, found)
		}
	}
}

// "n of m" says nothing without its day: each page that counts names it, of today or of the past.
func TestFiguresSayOfWhichDayTheyAre(t *testing.T) {
	o := withLetter(t)
	o.body()
	for _, c := range []struct{ who, path string }{
		{"committee", "/nl/mandates"}, {"committee", "/nl/mandates/LETTER"}, {"director", "/nl/mandates/LETTER"}, {"secretary", "/nl/bodies/ACTIRIS-DR"}, {"committee", "/nl/overview"},
	} {
		for query, day := range map[string]string{"": "24/11/2026", "?asof=2026-06-30": "30/06/2026"} {
			if body := o.as(c.who).get(c.path + query).Body.String(); !strings.Contains(body, "stand op "+day) {
				t.Errorf("%s%s as %s does not say 'stand op %s'", c.path, query, c.who, day)
			}
		}
	}
}
