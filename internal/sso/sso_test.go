package sso

import (
	"crypto"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/oauth2-proxy/mockoidc"

	"jalon/internal/testing/idp"
)

func TestSignInAtTheProvider(t *testing.T) {
	b := newBench(t)
	got, err := b.signIn()
	if err != nil {
		t.Fatal(err)
	}
	want := Identity{
		Issuer: b.idp.Issuer, Subject: subject, Sub: subject, SID: "sid-1", Name: "Éléonore Peeters", Email: "eleonore@jalon.example", Lang: "fr",
		Groups: []string{"grp-secretaries"},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(Identity{}, "IDToken")); diff != "" {
		t.Error(diff)
	}
	if strings.Count(got.IDToken, ".") != 2 {
		t.Error("the token is not there to sign out with")
	}
}

// Another program's idea of a provider, which is not of our making.
func TestSignInAtAProviderOfOthers(t *testing.T) {
	m, err := mockoidc.Run()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Shutdown(); err != nil {
			t.Error(err)
		}
	})
	m.QueueUser(&mockoidc.MockUser{Subject: "u1", Email: "eleonore@example.be", Groups: []string{"directie"}})
	b := newBench(t, func(s *Settings) {
		s.Issuer, s.ClientID, s.ClientSecret = m.Issuer(), m.Config().ClientID, m.Config().ClientSecret
		s.Scopes = []string{"email", "groups"}
	})
	b.now = time.Now
	a := NewAttempt(time.Now())
	address, err := b.Begin(t.Context(), a, true)
	if err != nil {
		t.Fatal(err)
	}
	got, err := b.Finish(t.Context(), a, b.visit(address))
	if err != nil || got.Subject != "u1" || len(got.Groups) != 1 || got.Groups[0] != "directie" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestAddressAtTheProviderAsksForProofs(t *testing.T) {
	b := newBench(t)
	a := NewAttempt(b.clock())
	for anew, prompt := range map[bool]string{false: "", true: "login"} {
		address, err := b.Begin(t.Context(), a, anew)
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		q := u.Query()
		for name, want := range map[string]string{
			"response_type": "code", "client_id": idp.ClientID, "redirect_uri": "https://jalon.example/sso/callback", "scope": "openid profile email",
			"state": a.State, "nonce": a.Nonce, "code_challenge_method": "S256", "prompt": prompt,
		} {
			if got := q.Get(name); got != want {
				t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
		for _, secret := range []string{idp.ClientSecret, a.Verifier} {
			if strings.Contains(address, secret) {
				t.Error("the address has a secret")
			}
		}
	}
	other := NewAttempt(b.clock())
	if a.State == other.State || a.Nonce == other.Nonce || a.Verifier == other.Verifier || a.State == a.Nonce || len(a.State) < 43 {
		t.Error("the secrets of two attempts can be guessed from each other")
	}
}

// Each token is right but for one thing.
func TestForgedTokensAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		forge  func(b *bench)
		reason string
	}{
		"no algorithm": {func(b *bench) {
			b.idp.Sign = func(header, claims idp.Claims) string {
				header["alg"] = "none"
				return idp.Signed(header, claims, func([]byte) []byte { return nil })
			}
		}, "malformed, or another algorithm"},
		"the public key as shared secret": {func(b *bench) { b.idp.Sign = withPublicKey(b) }, "malformed, or another algorithm"},
		"signed by a stranger":            {func(b *bench) { b.idp.Sign = idp.Stranger(b.t) }, "another signature"},
		"unknown key":                     {claim("kid", nil), "another signature"},
		"another issuer":                  {claim("iss", "https://login.evil.example/realms/brussel"), "another issuer"},
		"issuer with a slash more":        {func(b *bench) { claim("iss", b.idp.Issuer+"/")(b) }, "another issuer"},
		"no issuer":                       {claim("iss", nil), "another issuer"},
		"for another client":              {claim("aud", "andere-toepassing"), "another audience"},
		"for no client":                   {claim("aud", nil), "another audience"},
		"for several, given to another":   {claim("aud", []string{idp.ClientID, "andere"}, "azp", "andere"), "another authorized party"},
		"for several, given to nobody":    {claim("aud", []string{idp.ClientID, "andere"}), "another authorized party"},
		"given to another":                {claim("azp", "andere"), "another authorized party"},
		"expired":                         {at("exp", -3*time.Minute), "expired"},
		"without end":                     {claim("exp", nil), "no time"},
		"from the future":                 {at("iat", 3*time.Minute), "issued in the future"},
		"without a time of issue":         {claim("iat", nil), "no time"},
		"not valid yet":                   {at("nbf", 3*time.Minute), "not valid yet"},
		"no nonce":                        {claim("nonce", nil), "another nonce"},
		"nonce of another sign-in":        {claim("nonce", NewAttempt(time.Now()).Nonce), "another nonce"},
		"beside another access token":     {claim("at_hash", "AAAAAAAAAAAAAAAAAAAAAA"), "another access token"},
		"about nobody":                    {claim("sub", nil), "nobody named"},
		"about a number":                  {claim("sub", 7), "not a token of the provider"},
		"about a long name":               {claim("sub", strings.Repeat("a", 256)), "nobody named"},
		"about a name with accents":       {claim("sub", "éléonore"), "nobody named"},
		"no token":                        {func(b *bench) { b.idp.Sign = func(_, _ idp.Claims) string { return "" } }, "no token"},
		"no token at all":                 {func(b *bench) { b.idp.Sign = func(_, _ idp.Claims) string { return "a.b.c" } }, "malformed, or another algorithm"},
		"two tokens":                      {func(b *bench) { b.idp.Sign = func(_, _ idp.Claims) string { return "a.b.c.a.b.c" } }, "malformed, or another algorithm"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			if _, err := b.signIn(); err != nil {
				t.Fatalf("unforged: %v", err)
			}
			c.forge(b)
			id, err := b.signIn()
			var refused *Refusal
			if !errors.As(err, &refused) || id.Subject != "" {
				t.Fatalf("%+v, %v: want a refusal", id, err)
			}
			if refused.Reason != c.reason && !(c.reason == "another signature" && refused.Reason == "an unknown key") {
				t.Errorf("reason %q, want %q", refused.Reason, c.reason)
			}
		})
	}
}

// claim changes claims, or with nil leaves them out; kid is the header's.
func claim(pairs ...any) func(*bench) {
	return func(b *bench) {
		b.idp.Forge = func(header, claims idp.Claims) {
			for i := 0; i < len(pairs); i += 2 {
				name := pairs[i].(string)
				switch {
				case name == "kid":
					header["kid"] = "key-99"
				case pairs[i+1] == nil:
					delete(claims, name)
				default:
					claims[name] = pairs[i+1]
				}
			}
		}
	}
}

// at sets a time of the token, seen from now.
func at(name string, d time.Duration) func(*bench) {
	return func(b *bench) { claim(name, b.clock().Add(d).Unix())(b) }
}

func withPublicKey(b *bench) func(header, claims idp.Claims) string {
	return func(header, claims idp.Claims) string {
		header["alg"] = "HS256"
		der, err := x509.MarshalPKIXPublicKey(b.idp.PublicKey())
		if err != nil {
			b.t.Fatal(err)
		}
		return idp.Signed(header, claims, func(text []byte) []byte {
			mac := hmac.New(sha256.New, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
			mac.Write(text)
			return mac.Sum(nil)
		})
	}
}

func TestClocksMayDifferByTwoMinutes(t *testing.T) {
	for name, forge := range map[string]func(*bench){"expired": at("exp", -time.Minute), "issued": at("iat", time.Minute), "not before": at("nbf", time.Minute)} {
		b := newBench(t)
		forge(b)
		if _, err := b.signIn(); err != nil {
			t.Errorf("%s a minute beside: %v", name, err)
		}
	}
}

// Each answer is right but for one thing.
func TestAnswersToOthersAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		change func(b *bench, a *Attempt, q url.Values)
		reason string
	}{
		"state of another":   {func(_ *bench, _ *Attempt, q url.Values) { q.Set("state", NewAttempt(time.Now()).State) }, "another state"},
		"no state":           {func(_ *bench, _ *Attempt, q url.Values) { q.Del("state") }, "another state"},
		"two states":         {func(_ *bench, _ *Attempt, q url.Values) { q.Add("state", "x") }, "another state"},
		"no attempt":         {func(_ *bench, a *Attempt, q url.Values) { *a = Attempt{}; q.Set("state", "") }, "another state"},
		"too late":           {func(b *bench, _ *Attempt, _ url.Values) { b.pass(Lasts + time.Second) }, "another state"},
		"another issuer":     {func(_ *bench, _ *Attempt, q url.Values) { q.Set("iss", "https://login.evil.example") }, "another issuer answers"},
		"no issuer":          {func(_ *bench, _ *Attempt, q url.Values) { q.Del("iss") }, "another issuer answers"},
		"no code":            {func(_ *bench, _ *Attempt, q url.Values) { q.Del("code") }, "no code"},
		"two codes":          {func(_ *bench, _ *Attempt, q url.Values) { q.Add("code", "x") }, "no code"},
		"an invented code":   {func(_ *bench, _ *Attempt, q url.Values) { q.Set("code", "x") }, "the code is not taken: invalid_grant"},
		"verifier of others": {func(_ *bench, a *Attempt, _ url.Values) { a.Verifier = NewAttempt(time.Now()).Verifier }, "the code is not taken: invalid_grant"},
		"nonce of others":    {func(_ *bench, a *Attempt, _ url.Values) { a.Nonce = NewAttempt(time.Now()).Nonce }, "another nonce"},
	} {
		b := newBench(t)
		a := NewAttempt(b.clock())
		address, err := b.Begin(t.Context(), a, false)
		if err != nil {
			t.Fatal(err)
		}
		q := b.visit(address)
		c.change(b, &a, q)
		_, err = b.Finish(t.Context(), a, q)
		var refused *Refusal
		if !errors.As(err, &refused) || refused.Reason != c.reason {
			t.Errorf("%s: %v, want %q", name, err, c.reason)
		}
	}
}

func TestCodeCountsOnce(t *testing.T) {
	b := newBench(t)
	a := NewAttempt(b.clock())
	address, err := b.Begin(t.Context(), a, false)
	if err != nil {
		t.Fatal(err)
	}
	q := b.visit(address)
	if _, err := b.Finish(t.Context(), a, q); err != nil {
		t.Fatal(err)
	}
	var refused *Refusal
	if _, err := b.Finish(t.Context(), a, q); !errors.As(err, &refused) || strings.Contains(err.Error(), q.Get("code")) {
		t.Errorf("the same code again: %v", err)
	}
}

func TestRefusalOfTheProvider(t *testing.T) {
	for sent, want := range map[string]string{"access_denied": "access_denied", "<b>x</b>": "unknown_error", strings.Repeat("a", 99): "unknown_error"} {
		b := newBench(t)
		b.idp.Denies = sent
		_, err := b.signIn()
		var denied *Denied
		if !errors.As(err, &denied) || denied.Code != want {
			t.Errorf("%.20q: %v", sent, err)
		}
	}
}

// A wrong secret of Jalon is a matter for the administrator; the log says so without telling it.
func TestWrongSecretIsNamedAndNotTold(t *testing.T) {
	b := newBench(t, func(s *Settings) { s.ClientSecret = "kanarie-fout-geheim" })
	_, err := b.signIn()
	var refused *Refusal
	if !errors.As(err, &refused) || refused.Reason != "the code is not taken: invalid_client" {
		t.Errorf("%v", err)
	}
}

func TestKeysMayChange(t *testing.T) {
	b := newBench(t)
	for _, algorithm := range []string{"RS256", "ES256", "RS256"} {
		b.idp.Rotate(algorithm)
		if _, err := b.signIn(); err != nil {
			t.Fatalf("%s: %v", algorithm, err)
		}
		b.pass(keysFor + time.Second)
	}
	if _, ok := b.idp.PublicKey().(*rsa.PublicKey); !ok {
		var _ crypto.PublicKey = b.idp.PublicKey()
		t.Error("the last key is no RSA key")
	}
}

func TestUnknownKeysAreAskedForOncePerMinute(t *testing.T) {
	b := newBench(t)
	if _, err := b.signIn(); err != nil {
		t.Fatal(err)
	}
	claim("kid", nil)(b)
	for range 20 {
		if _, err := b.signIn(); err == nil {
			t.Fatal("a token with an unknown key is believed")
		}
	}
	if n := b.idp.Asked("/keys"); n != 1 {
		t.Errorf("the keys were asked for %d times within a minute", n)
	}
	b.pass(keysFor)
	for range 20 {
		_, _ = b.signIn() // refused as above
	}
	if n := b.idp.Asked("/keys"); n != 2 {
		t.Errorf("the keys were asked for %d times in a little more than a minute", n)
	}
}
