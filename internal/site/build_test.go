package site

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// serving gives the address of a site behind a real listener. The bounds of the
// server are checked before a test may shorten them.
func serving(t *testing.T, o *office, change ...func(*http.Server)) (address string) {
	t.Helper()
	server := o.Server("127.0.0.1:0")
	for name, bound := range map[string]time.Duration{
		"head": server.ReadHeaderTimeout, "request": server.ReadTimeout, "answer": server.WriteTimeout, "idle": server.IdleTimeout,
	} {
		if bound <= 0 || bound > 2*time.Minute {
			t.Errorf("%s: %v", name, bound)
		}
	}
	if n := server.MaxHeaderBytes; n <= 0 || n > 64<<10 {
		t.Errorf("a head of %d bytes", n)
	}
	server.ReadHeaderTimeout = 200 * time.Millisecond // the test need not wait for the real one
	for _, c := range change {
		c(server)
	}
	listener, err := net.Listen("tcp", server.Addr)
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return listener.Addr().String()
}

// asked sends bytes as they are and gives the status line, or "" when the
// server hangs up.
func asked(t *testing.T, address, raw string) string {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(2 * patience)); err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(conn, raw) // a server that refuses may hang up before the end
	line, _ := bufio.NewReader(conn).ReadString('\n')
	return strings.TrimSpace(line)
}

func TestServerBoundsEveryPhaseOfARequest(t *testing.T) {
	address := serving(t, newOffice(t))
	for name, c := range map[string][2]string{
		"good":                            {"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "HTTP/1.1 200 OK"},
		"absolute address":                {"GET http://evil.example/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", "HTTP/1.1 421 Misdirected Request"},
		"foreign host":                    {"GET /healthz HTTP/1.1\r\nHost: evil.example\r\n\r\n", "HTTP/1.1 421 Misdirected Request"},
		"two hosts":                       {"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\n\r\n", "HTTP/1.1 400 Bad Request"},
		"no host":                         {"GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 400 Bad Request"},
		"large head":                      {"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + strings.Repeat("x", 64<<10) + "\r\n\r\n", "HTTP/1.1 431 Request Header Fields Too Large"},
		"two lengths":                     {"POST /nl/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", "HTTP/1.1 400 Bad Request"},
		"trace":                           {"TRACE /nl/login HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: none\r\nConnection: close\r\n\r\n", "HTTP/1.1 405 Method Not Allowed"},
		"a length larger than is allowed": {"POST /nl/logout HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 99999999999\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n", "HTTP/1.1 303 See Other"},
	} {
		if got := asked(t, address, c[0]); !strings.HasPrefix(got, c[1]) {
			t.Errorf("%s: %q, want %q", name, got, c[1])
		}
	}
	start := time.Now()
	if got := asked(t, address, "GET / HTTP/1.1\r\nHost: loc"); strings.Contains(got, "200") {
		t.Errorf("half a request is answered %q", got)
	}
	if time.Since(start) > patience {
		t.Error("half a request keeps its place")
	}
}

func TestManySignInsAtOnceLeaveTheOthersTheirPages(t *testing.T) {
	atWork(t)
	o := newOffice(t)
	b := o.as("committee")
	for range cap(o.hashing.slots) {
		o.hashing.slots <- struct{}{}
	}
	o.hashing.waiting.Store(maxWaiting)
	w := o.browser().post("/nl/login", url.Values{"email": {"director@jalon.example"}, "password": {password}})
	wantCode(t, "one sign-in too many", w, http.StatusServiceUnavailable)
	if w.Header().Get("Retry-After") == "" || strings.Contains(w.Body.String(), o.Catalogues.In("nl").T(detailUnsaved)) {
		t.Error("it does not say when to come back, or speaks of a form")
	}
	wantCode(t, "another's page", b.get("/nl/mandates"), http.StatusOK)
}
