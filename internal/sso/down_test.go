package sso

import (
	"bytes"
	"errors"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"jalon/internal/testing/idp"
)

func TestProviderThatIsDownComesBack(t *testing.T) {
	b := newBench(t)
	b.idp.Answer = func(w http.ResponseWriter, _ *http.Request) bool {
		http.Error(w, "kanarie-van-de-server", http.StatusBadGateway)
		return true
	}
	for range 3 {
		if _, err := b.signIn(); !errors.Is(err, ErrUnavailable) || strings.Contains(err.Error(), "kanarie") {
			t.Fatalf("down: %v", err)
		}
	}
	if n := b.idp.Asked("/.well-known/openid-configuration"); n != 1 {
		t.Errorf("asked %d times in a moment", n)
	}
	b.idp.Answer = nil
	b.pass(askAgain)
	if _, err := b.signIn(); err != nil {
		t.Errorf("up again: %v", err)
	}
	if got := b.EndSession("token"); !strings.HasPrefix(got, b.idp.Issuer+"/logout?") {
		t.Errorf("sign out at %q", got)
	}
}

func TestDescriptionStaysInUseWhileTheProviderIsDown(t *testing.T) {
	b := newBench(t)
	if _, err := b.signIn(); err != nil {
		t.Fatal(err)
	}
	b.pass(describedFor)
	b.idp.Answer = func(w http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/openid-configuration") {
			http.Error(w, "", http.StatusInternalServerError)
			return true
		}
		return false
	}
	if _, err := b.signIn(); err != nil {
		t.Error(err)
	}
}

func TestNobodyListensAtTheProvider(t *testing.T) {
	b := newBench(t)
	b.idp.Close()
	if _, err := b.Begin(t.Context(), NewAttempt(b.clock()), false); !errors.Is(err, ErrUnavailable) {
		t.Errorf("%v", err)
	}
}

// A provider that does not answer holds nobody longer than its bound, and
// nothing of ours waits on.
func TestSlowProviderIsGivenUp(t *testing.T) {
	for _, slow := range []string{"/.well-known/openid-configuration", "/token", "/keys"} {
		b := newBench(t, func(s *Settings) { s.Patience = 300 * time.Millisecond })
		end := make(chan struct{})
		b.idp.Answer = func(_ http.ResponseWriter, r *http.Request) bool {
			if !strings.HasSuffix(r.URL.Path, slow) {
				return false
			}
			select {
			case <-end:
			case <-r.Context().Done():
			}
			return true
		}
		begun := time.Now()
		if _, err := b.signIn(); !errors.Is(err, ErrUnavailable) {
			t.Errorf("%s: %v, want ErrUnavailable", slow, err)
		}
		t.Logf("%s: given up after %v", slow, time.Since(begun))
		close(end)
		b.idp.Close() // waits for what is under way
		b.client.CloseIdleConnections()
		wantNothingLeft(t)
	}
}

// wantNothingLeft waits until no goroutine is in our code or in a request of ours.
func wantNothingLeft(t *testing.T) {
	t.Helper()
	var left []byte
	for range 500 {
		stacks := make([]byte, 1<<20)
		stacks = stacks[:runtime.Stack(stacks, true)]
		left = nil
		for _, g := range bytes.Split(stacks, []byte("\n\n"))[1:] { // the first is this one
			if bytes.Contains(g, []byte("go-oidc")) || bytes.Contains(g, []byte("internal/sso.(")) || bytes.Contains(g, []byte("net/http.(*persistConn)")) {
				left = append(append(left, g...), '\n', '\n')
			}
		}
		if left == nil {
			return
		}
		runtime.Gosched()
		<-time.After(10 * time.Millisecond)
	}
	t.Errorf("still running:\n%s", left)
}

func TestProviderThatDoesNotAnswerAsOne(t *testing.T) {
	description := func(change func(d idp.Claims)) func(b *bench) string {
		return func(b *bench) string {
			d := idp.Claims{"issuer": b.idp.Issuer, "authorization_endpoint": b.idp.Issuer + "/auth", "token_endpoint": b.idp.Issuer + "/token", "jwks_uri": b.idp.Issuer + "/keys"}
			change(d)
			return marshal(d)
		}
	}
	for name, body := range map[string]func(b *bench) string{
		"another issuer":      description(func(d idp.Claims) { d["issuer"] = "https://login.evil.example" }),
		"no address":          description(func(d idp.Claims) { delete(d, "token_endpoint") }),
		"a script as address": description(func(d idp.Claims) { d["authorization_endpoint"] = "javascript:alert(1)" }),
		"an unencrypted one":  description(func(d idp.Claims) { d["token_endpoint"] = "http://login.example/token" }),
		"an account in it":    description(func(d idp.Claims) { d["jwks_uri"] = "https://a:b@login.example/keys" }),
		"only shared secrets": description(func(d idp.Claims) { d["id_token_signing_alg_values_supported"] = []string{"HS256", "none"} }),
		"no JSON":             func(*bench) string { return "<html>" },
		"without end":         description(func(d idp.Claims) { d["policy"] = strings.Repeat("a", 2<<20) }),
	} {
		b := newBench(t)
		b.idp.Answer = func(w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(body(b)))
			return true
		}
		if address, err := b.Begin(t.Context(), NewAttempt(b.clock()), false); !errors.Is(err, ErrUnavailable) {
			t.Errorf("%s: %q, %v", name, address, err)
		}
	}
}

func TestProviderLeadsNowhereElse(t *testing.T) {
	elsewhere := idp.New(t, time.Now)
	for _, path := range []string{"/.well-known/openid-configuration", "/token", "/keys"} {
		b := newBench(t)
		b.idp.Answer = func(w http.ResponseWriter, r *http.Request) bool {
			if strings.HasSuffix(r.URL.Path, path) {
				http.Redirect(w, r, elsewhere.Issuer+path, http.StatusTemporaryRedirect)
				return true
			}
			return false
		}
		if _, err := b.signIn(); err == nil {
			t.Errorf("%s may lead elsewhere", path)
		}
		if n := elsewhere.Asked(path); n != 0 {
			t.Errorf("%s: went there", path)
		}
	}
}
