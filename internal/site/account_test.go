package site

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"jalon/internal/access"
	"jalon/internal/store"
)

// from gives a browser of a make, on an address, in which somebody has signed in.
func (o *office) from(name, agent, address string) *browser {
	o.t.Helper()
	b := o.browser()
	b.address = address
	r := httptest.NewRequest(http.MethodPost, "/nl/login", strings.NewReader(url.Values{"email": {name + "@jalon.example"}, "password": {password}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("User-Agent", agent)
	wantCode(o.t, "sign-in", b.send(r), http.StatusSeeOther)
	return b
}

var endButtons = regexp.MustCompile(`action="(/nl/account/sessions/\d+/end)"`)

func TestOwnSessionsAreListedAndEnded(t *testing.T) {
	o := newOffice(t)
	laptop := o.from("committee", "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "192.0.2.77")
	o.pass(10 * time.Minute)
	phone := o.from("committee", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 (KHTML, like Gecko) Version/18.0 Mobile Safari/604.1", "[2001:db8:4711:1::9]")
	other := o.as("hr")
	page := phone.get("/nl/account").Body.String()
	for _, want := range []string{"Firefox, Windows", "192.0.2.0/24", "Safari, iPhone", "2001:db8:4711::/48", "2 sessies", "24/11/2026 12:00", "24/11/2026 12:10"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Contains(page, "192.0.2.77") || strings.Count(page, "deze sessie") != 1 {
		t.Error("the page shows a whole address, or not which session is this one")
	}
	buttons := endButtons.FindAllStringSubmatch(page, -1)
	if len(buttons) != 2 {
		t.Fatalf("buttons %v", buttons)
	}
	end := func(b *browser, path string) int {
		return b.post(path, url.Values{"idempotency_key": {newKey()}}).Code
	}
	ofLaptop := buttons[1][1] // used longest ago
	if got := end(other, ofLaptop); got != http.StatusNotFound {
		t.Errorf("the session of somebody else: %d", got)
	}
	wantCode(t, "it goes on", laptop.get("/nl/mandates"), http.StatusOK)
	if got := end(phone, ofLaptop); got != http.StatusSeeOther {
		t.Errorf("ended: %d", got)
	}
	wantCode(t, "the session that was ended", laptop.get("/nl/mandates"), http.StatusSeeOther)
	wantCode(t, "this session", phone.get("/nl/mandates"), http.StatusOK)
	laptop = o.as("committee")
	w := phone.post("/nl/account/sessions/end-all", url.Values{"idempotency_key": {newKey()}})
	if w.Header().Get("Location") != "/nl/login" {
		t.Errorf("signed out everywhere: sent to %q", w.Header().Get("Location"))
	}
	if page := phone.get("/nl/login").Body.String(); !strings.Contains(page, "overal afgemeld") {
		t.Error("it is not said")
	}
	for name, b := range map[string]*browser{"laptop": laptop, "phone": phone} {
		wantCode(t, name, b.get("/nl/mandates"), http.StatusSeeOther)
	}
	wantCode(t, "somebody else", other.get("/nl/mandates"), http.StatusOK)
	for action, want := range map[string]int{"end session": 1, "end all sessions": 1} {
		if n := value[int](o, `SELECT count(*) FROM audit_event WHERE action = $1 AND actor_id = $2`, action, o.id["committee"]); n != want {
			t.Errorf("%d audit lines %q", n, action)
		}
	}
	if n := value[int](o, `SELECT count(*) FROM sessions WHERE person_id = $1`, o.id["committee"]); n != 0 {
		t.Errorf("%d sessions are kept", n)
	}
}

// A session never outlives the rights it began with.
func TestSessionsEndAtEveryChangeOfRights(t *testing.T) {
	today := func(o *office) (grant int64) {
		return value[int64](o, `SELECT id FROM role_grant WHERE person_id = $1`, o.id["committee"])
	}
	for name, do := range map[string]func(o *office, sub store.Submission) error{
		"role given": func(o *office, sub store.Submission) error {
			return o.Store.GrantRole(store.AsSystem(o.t.Context()), sub, o.id["committee"], store.RoleGrant{Role: access.Secretary, From: o.stranger(httptest.NewRequest("GET", "/", nil)).today}, "")
		},
		"role revoked": func(o *office, sub store.Submission) error {
			return o.Store.RevokeRole(store.AsSystem(o.t.Context()), sub, o.id["committee"], today(o), o.stranger(httptest.NewRequest("GET", "/", nil)).today, "")
		},
		"disabled": func(o *office, sub store.Submission) error {
			return o.Store.SetDisabled(store.AsSystem(o.t.Context()), sub, o.id["committee"], true, noon, "")
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			b, other := o.as("committee"), o.as("hr")
			if err := do(o, store.Submission{Action: "x"}); err != nil {
				t.Fatal(err)
			}
			wantCode(t, "the session", b.get("/nl/mandates"), http.StatusSeeOther)
			wantCode(t, "that of another", other.get("/nl/mandates"), http.StatusOK)
			if n := value[int](o, `SELECT count(*) FROM sessions WHERE person_id = $1`, o.id["committee"]); n != 0 {
				t.Errorf("%d sessions are kept", n)
			}
		})
	}
}

func TestBrowsersAreKnownByTheirFamilyOnly(t *testing.T) {
	for header, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0": "Edge, Windows",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15": "Safari, macOS",
		"Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36":              "Chrome, Android",
		"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0":                                                "Firefox, Linux",
		"curl/8.0": "", "": "", strings.Repeat("<script>", 1000): "", "Firefox/\x00": "Firefox",
	} {
		if got := agentOf(header); got != want {
			t.Errorf("%.40q: %q, want %q", header, got, want)
		}
	}
}

func TestAddressesAreKeptShortened(t *testing.T) {
	for ip, want := range map[string]string{
		"192.0.2.77": "192.0.2.0/24", "::ffff:192.0.2.77": "192.0.2.0/24", "2001:db8:4711:1::9": "2001:db8:4711::/48", "fe80::1%eth0": "fe80::/48", "::1": "::/48",
	} {
		if got := networkOf(netip.MustParseAddr(ip)); got != want {
			t.Errorf("%s: %s, want %s", ip, got, want)
		}
	}
	if got := networkOf(netip.Addr{}); got != "" {
		t.Errorf("unknown: %q", got)
	}
}

func TestAccountNamesWhoSignsIn(t *testing.T) {
	o := newOffice(t)
	b := o.as("nobody") // also without any role
	page := b.get("/nl/account").Body.String()
	for _, want := range []string{"nobody@jalon.example", `href="/nl/password"`, `href="/nl/account/second-factor"`, `href="/nl/preferences"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	o.sql(`UPDATE person SET password_hash = NULL WHERE id = $1`, o.id["nobody"])
	page = b.get("/nl/account").Body.String()
	if strings.Contains(page, `href="/nl/password"`) || !strings.Contains(page, "Uw organisatie meldt u aan") {
		t.Error("a password is offered to who has none")
	}
	wantCode(t, "second factor without a password", b.get("/nl/account/second-factor"), http.StatusForbidden)
	wantCode(t, "a session that is none", b.post("/nl/account/sessions/"+strconv.Itoa(1<<40)+"/end", url.Values{"idempotency_key": {newKey()}}), http.StatusNotFound)
}
