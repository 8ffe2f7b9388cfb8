package site

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/klauspost/compress/zstd"

	"jalon/web"
)

func TestEveryAnswerHasTheSecurityHeaders(t *testing.T) {
	o := newOffice(t)
	o.withRoute(t, "/panic", func(http.ResponseWriter, *visit) error { panic("planted") })
	b := o.browser()
	foreign := httptest.NewRequest(http.MethodGet, "/nl/login", nil)
	foreign.Host = "evil.example"
	crossSite := httptest.NewRequest(http.MethodPost, "/nl/login", nil)
	crossSite.Header.Set("Sec-Fetch-Site", "cross-site")
	for name, r := range map[string]*httptest.ResponseRecorder{
		"page": b.get("/nl/login"), "redirect": b.get("/"), "no page": b.get("/nl/none"), "method": b.send(httptest.NewRequest(http.MethodPut, "/nl/login", nil)),
		"static": b.get(o.assets.URL("jalon.css")), "no static": b.get("/static/../../etc/passwd"), "health": b.get("/healthz"), "ready": b.get("/readyz"),
		"panic": b.get("/nl/panic"), "host": b.send(foreign), "cross-site": b.send(crossSite), "refused": b.get("/nl/login?asof=2026-02-31"),
	} {
		for header, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
				"form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'",
			"Strict-Transport-Security":    "max-age=31536000; includeSubDomains",
			"X-Content-Type-Options":       "nosniff",
			"Referrer-Policy":              "same-origin",
			"Cross-Origin-Opener-Policy":   "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got := r.Header().Get(header); got != want {
				t.Errorf("%s (%d): %s is %q, want %q", name, r.Code, header, got, want)
			}
		}
		if r.Header().Get("X-Request-Id") == "" || r.Header().Get("Permissions-Policy") == "" || r.Header().Get("Cache-Control") == "" {
			t.Errorf("%s: headers %v", name, r.Header())
		}
		if name != "static" && r.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: Cache-Control %q", name, r.Header().Get("Cache-Control"))
		}
	}
	plain := newOffice(t, func(o *Options) { o.BaseURL = "http://localhost:8080" })
	r := httptest.NewRequest(http.MethodGet, "/nl/login", nil)
	r.Host = "localhost:8080"
	if w := plain.browser().send(r); w.Code != http.StatusOK || w.Header().Get("Strict-Transport-Security") != "" {
		t.Errorf("without https: %d, %q", w.Code, w.Header().Get("Strict-Transport-Security"))
	}
}

// withRoute adds a page for a test.
func (o *office) withRoute(t testing.TB, pattern string, h handler) {
	t.Helper()
	mux, ok := o.router.(*chi.Mux)
	if !ok {
		t.Fatal("no router")
	}
	mux.Method(http.MethodGet, "/nl"+pattern, o.page(route{handler: h}))
}

func TestOnlyOwnHostsAreAnswered(t *testing.T) {
	b := newOffice(t).browser()
	for host, want := range map[string]int{
		"jalon.example": 200, "JALON.example": 200, "localhost": 200, "localhost:8080": 200, "127.0.0.1:1": 200, "[::1]:8080": 200,
		"evil.example": 421, "jalon.example.evil": 421, "jalon.example:8443": 421, "127.0.0.1.evil": 421, "localhost.evil": 421, "10.0.0.1": 421, "": 421,
	} {
		r := httptest.NewRequest(http.MethodGet, "/nl/login", nil)
		r.Host = host
		wantCode(t, "host "+host, b.send(r), want)
	}
	forwarded := httptest.NewRequest(http.MethodGet, "/nl/due", nil)
	forwarded.Header.Set("X-Forwarded-Host", "evil.example")
	if w := b.send(forwarded); strings.Contains(w.Header().Get("Location")+w.Body.String(), "evil") {
		t.Error("X-Forwarded-Host is believed")
	}
}

func TestWritesFromElsewhereAreRefusedOnEveryRoute(t *testing.T) {
	o := newOffice(t)
	b := o.as("admin")
	for _, rt := range o.routes() {
		if rt.method == http.MethodGet {
			continue
		}
		path := "/fr" + filled(rt.pattern)
		for name, headers := range map[string]map[string]string{
			"says nothing":      {},
			"same-site":         {"Sec-Fetch-Site": "same-site"},
			"cross-site":        {"Sec-Fetch-Site": "cross-site", "Origin": "https://jalon.example"},
			"null origin":       {"Origin": "null"},
			"foreign origin":    {"Origin": "https://evil.example"},
			"cross-site origin": {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
		} {
			r := httptest.NewRequest(rt.method, path, strings.NewReader(""))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			for k, v := range headers {
				r.Header.Set(k, v)
			}
			w := b.send(r)
			if w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), o.Catalogues.In("fr").T("problem.detail.cross_origin")) {
				t.Errorf("%s %s: %d", path, name, w.Code)
			}
		}
	}
	// without a session there is nothing to misuse: a program may sign in
	r := httptest.NewRequest(http.MethodPost, "/nl/login", strings.NewReader("email=x%40y.be&password=whatever"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	wantCode(t, "sign-in of a program", o.browser().send(r), http.StatusUnprocessableEntity)
}

func TestMethodsAndPathsThatNoPageHas(t *testing.T) {
	b := newOffice(t).browser()
	for _, c := range []struct {
		method, path string
		want         int
		allow        string
	}{
		{http.MethodPut, "/nl/login", 405, "GET, HEAD, POST"},
		{http.MethodTrace, "/nl/login", 405, "GET, HEAD, POST"},
		{"FOO", "/nl/login", 405, "GET, HEAD, POST"},
		{http.MethodGet, "/nl/logout", 405, "POST"},
		{http.MethodPost, "/nl/privacy", 405, "GET, HEAD"},
		{"FOO", "/nl/nothing", 404, ""},
		{http.MethodHead, "/nl/login", 200, ""},
		{http.MethodGet, "/nl/%00", 404, ""},
		{http.MethodGet, "/nl/mandates/a%2Fb", 404, ""},
		{http.MethodGet, "/nl/mandates/%ff", 404, ""},
		{http.MethodGet, "/de/login", 404, ""},
		{http.MethodGet, "/static/%2e%2e/%2e%2e/etc/passwd", 404, ""},
		{http.MethodGet, "/debug/pprof/", 404, ""},
		{http.MethodGet, "/.git/config", 404, ""},
	} {
		r := httptest.NewRequest(c.method, c.path, nil)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		w := b.send(r)
		wantCode(t, c.method+" "+c.path, w, c.want)
		if got := w.Header().Get("Allow"); got != c.allow {
			t.Errorf("%s %s: Allow %q, want %q", c.method, c.path, got, c.allow)
		}
	}
	for _, header := range []string{"X-HTTP-Method-Override", "X-Method-Override"} {
		r := httptest.NewRequest(http.MethodGet, "/nl/logout", nil)
		r.Header.Set(header, http.MethodPost)
		wantCode(t, header, b.send(r), http.StatusMethodNotAllowed)
	}
}

func TestAddressIsBelievedFromTheProxyOnly(t *testing.T) {
	o := newOffice(t, func(o *Options) { o.TrustedProxies = []string{"10.0.0.0/8"} })
	var got string
	o.withRoute(t, "/whence", func(w http.ResponseWriter, v *visit) error { got = v.address(); return redirect(w, "/") })
	b := o.browser()
	for _, c := range [][3]string{
		{"192.0.2.1", "198.51.100.7", "192.0.2.1"}, // not a proxy of ours
		{"10.1.1.1", "198.51.100.7", "198.51.100.7"},
		{"10.1.1.1", "198.51.100.7, 203.0.113.9", "203.0.113.9"}, // what the browser wrote before does not count
		{"10.1.1.1", "2001:db8:1:2:3::4", "2001:db8:1:2::/64"},
		{"10.1.1.1", "198.51.100.7:51234", "198.51.100.7"}, // as some proxies write it
		{"10.1.1.1", "203.0.113.9, 198.51.100.7:51234, 10.2.2.2:80", "198.51.100.7"},
		{"10.1.1.1", "[2001:db8:1:2:3::4]:51234", "2001:db8:1:2::/64"},
		{"10.1.1.1", "[2001:db8:1:2:3::4]", "2001:db8:1:2::/64"},
		{"10.1.1.1", "198.51.100.7:x", "unknown"},
	} {
		b.address = c[0]
		r := httptest.NewRequest(http.MethodGet, "/nl/whence", nil)
		r.Header.Set("X-Forwarded-For", c[1])
		b.send(r)
		if got != c[2] {
			t.Errorf("from %s, forwarded for %s: %s, want %s", c[0], c[1], got, c[2])
		}
	}
	if _, err := New(Options{Store: o.Store, Now: o.clock, TrustedProxies: []string{"everywhere"}}); err == nil {
		t.Error("a wrong proxy prefix is accepted")
	}
}

func TestPanicBecomesAPageAndHalfAnAnswerIsCut(t *testing.T) {
	o := newOffice(t)
	o.withRoute(t, "/panic", func(http.ResponseWriter, *visit) error { panic("geheim@jalon.example") })
	o.withRoute(t, "/half", func(w http.ResponseWriter, _ *visit) error { _, _ = io.WriteString(w, "half"); panic("planted") })
	r := httptest.NewRequest(http.MethodGet, "/nl/panic", nil)
	r.Header.Set("Accept-Encoding", "gzip")
	w := o.browser().send(r)
	wantCode(t, "panic", w, http.StatusInternalServerError)
	if body := unpacked(t, w); !strings.Contains(body, o.Catalogues.In("nl").T("problem.500.title")) || !strings.Contains(body, o.Catalogues.In("fr").T("problem.500.title")) || !strings.Contains(body, w.Header().Get("X-Request-Id")) {
		t.Error("the page of a panic lacks its words or number")
	}
	if strings.Contains(o.log.String(), "geheim@") || !strings.Contains(o.log.String(), `"status":500`) {
		t.Errorf("log of a panic: %s", o.log)
	}
	defer func() {
		if recover() == nil {
			t.Error("half an answer was ended as if it were whole")
		}
	}()
	o.browser().get("/nl/half")
}

func unpacked(t testing.TB, w *httptest.ResponseRecorder) string {
	t.Helper()
	var r io.Reader = w.Body
	var err error
	switch w.Header().Get("Content-Encoding") {
	case "gzip":
		r, err = gzip.NewReader(w.Body)
	case "zstd":
		r, err = zstd.NewReader(w.Body)
	}
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestAnswersArePackedAsAccepted(t *testing.T) {
	o := newOffice(t)
	for accept, want := range map[string]string{"gzip": "gzip", "gzip, deflate, br, zstd": "zstd", "": "", "gzip;q=0": "", "identity": "", "br": ""} {
		r := httptest.NewRequest(http.MethodGet, "/nl/privacy", nil)
		r.Header.Set("Accept-Encoding", accept)
		w := o.browser().send(r)
		if got := w.Header().Get("Content-Encoding"); got != want {
			t.Errorf("%q: packed in %q, want %q", accept, got, want)
		}
		if !strings.Contains(strings.Join(w.Header().Values("Vary"), ","), "Accept-Encoding") {
			t.Errorf("%q: Vary %q", accept, w.Header().Values("Vary"))
		}
		if body := unpacked(t, w); !strings.Contains(body, "</html>") {
			t.Errorf("%q: the page is not whole", accept)
		}
	}
	r := httptest.NewRequest(http.MethodGet, o.assets.URL("jalon.css"), nil)
	r.Header.Set("Accept-Encoding", "gzip")
	if w := o.browser().send(r); w.Header().Get("Content-Encoding") != "gzip" || !strings.Contains(unpacked(t, w), "{") {
		t.Error("a static file that is packed already is packed twice or not at all")
	}
	if !strings.HasPrefix(o.assets.URL("jalon.css"), web.StaticPrefix) {
		t.Error("no address of the style sheet")
	}
}

func TestLogKnowsNobody(t *testing.T) {
	o := newOffice(t)
	b := o.browser()
	b.post("/nl/login", map[string][]string{"email": {"canary-mail@x.be"}, "password": {"canary-password"}, "return": {"/nl/canary-return"}})
	b.get("/nl/canary-path?q=canary-query")
	b.get("/nl/login?canary=canary-query")
	r := httptest.NewRequest("CANARY", "/nl/login", nil)
	r.Header.Set("User-Agent", "canary-agent\x1b[31m")
	r.Header.Set("Referer", "https://canary")
	b.send(r)
	admin := o.as("admin")
	admin.post("/nl/admin/people", map[string][]string{"name": {"Canary Name"}, "email": {"canary@x.be"}, "lang": {"nl"}, "idempotency_key": {newKey()}})
	admin.post("/nl/admin/people", map[string][]string{"name": {"Canary Name"}, "email": {"canary@x.be"}, "lang": {"nl"}, "idempotency_key": {newKey()}})
	log := o.log.String()
	for _, secret := range []string{"anary", "ANARY", "jalon.example", "192.0.2", password} {
		if strings.Contains(log, secret) {
			t.Errorf("the log has %q", secret)
		}
	}
	if lines := strings.Count(log, `"msg":"request"`); lines != 7 {
		t.Errorf("%d lines for 7 requests", lines)
	}
	if !strings.Contains(log, `"route":"/nl/login"`) {
		t.Error("no route in the log")
	}
}

func TestMethodsOfTheRouterAreThoseWeKnow(t *testing.T) {
	for _, rt := range (&Site{}).routes() {
		if !slices.Contains(methods, rt.method) {
			t.Errorf("%s %s", rt.method, rt.pattern)
		}
	}
}
