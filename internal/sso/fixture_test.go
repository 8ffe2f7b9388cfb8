package sso

import (
	"io"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"jalon/internal/testing/idp"
)

// bench is a provider, Jalon's side of it, and a clock that a test turns.
type bench struct {
	*Provider
	idp *idp.Provider
	t   testing.TB
	mu  sync.Mutex
	at  time.Time
}

const subject = "f2a1c3d4-0000-4000-8000-000000000001"

func newBench(t testing.TB, change ...func(*Settings)) *bench {
	t.Helper()
	b := &bench{t: t, at: time.Date(2026, time.November, 24, 9, 0, 0, 0, time.UTC)}
	b.idp = idp.New(t, b.clock)
	b.idp.Person = idp.Claims{"sub": subject, "name": "Éléonore Peeters", "email": "eleonore@jalon.example", "locale": "fr-BE", "groups": []string{"grp-secretaries"}, "sid": "sid-1"}
	s := Settings{
		Issuer: b.idp.Issuer, ClientID: idp.ClientID, ClientSecret: idp.ClientSecret, CallbackURL: "https://jalon.example/sso/callback",
		SignedOutURL: "https://jalon.example/sso/signed-out", Scopes: []string{"profile", "email"}, Patience: 3 * time.Second,
	}
	for _, c := range change {
		c(&s)
	}
	b.Provider = New(s, b.clock)
	t.Cleanup(b.client.CloseIdleConnections)
	return b
}

func (b *bench) clock() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.at
}

func (b *bench) pass(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.at = b.at.Add(d)
}

// visit goes to the provider as a browser does, and gives what it answers.
func (b *bench) visit(address string) url.Values {
	b.t.Helper()
	c := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := c.Get(address)
	if err != nil {
		b.t.Fatal(err)
	}
	body, _ := io.ReadAll(answer.Body)
	_ = answer.Body.Close()
	c.CloseIdleConnections()
	location, err := answer.Location()
	if err != nil {
		b.t.Fatalf("the provider answers %s: %s", answer.Status, body)
	}
	return location.Query()
}

// signIn goes the whole way.
func (b *bench) signIn() (Identity, error) {
	b.t.Helper()
	a := NewAttempt(b.clock())
	address, err := b.Begin(b.t.Context(), a, false)
	if err != nil {
		return Identity{}, err
	}
	return b.Finish(b.t.Context(), a, b.visit(address))
}
