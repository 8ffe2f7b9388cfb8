// Package idp is an identity provider on loopback for tests: a real OpenID
// Connect server that checks what it is sent, and that forges its tokens when a
// test asks for it.
package idp

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"
)

// What every provider knows of Jalon.
const (
	ClientID     = "jalon"
	ClientSecret = "geheim-van-jalon-aan-de-deur"
)

// Claims are what a token says.
type Claims = map[string]any

// Provider is one identity provider. Its fields may be set between requests.
type Provider struct {
	Issuer string

	// Who is signed in at the provider: their claims, with a sub. Nobody: the
	// provider answers the error Denies.
	Person Claims
	Denies string
	// Forge changes header and claims before a token is signed.
	Forge func(header, claims Claims)
	// Sign makes the whole token in place of the provider's own key.
	Sign func(header, claims Claims) string
	// Answer is called for every request first; true: it has answered.
	Answer func(w http.ResponseWriter, r *http.Request) bool

	t      testing.TB
	now    func() time.Time
	server *httptest.Server

	mu     sync.Mutex
	keys   []key // the last one signs
	codes  map[string]code
	asked  map[string]int
	ended  []url.Values
	number int
}

type key struct {
	id     string
	signer crypto.Signer
}

// code is what a code was given for.
type code struct {
	challenge, nonce, callback string
	person                     Claims
}

// New starts a provider that ends with the test.
func New(t testing.TB, now func() time.Time) *Provider {
	t.Helper()
	p := &Provider{t: t, now: now, codes: map[string]code{}, asked: map[string]int{}}
	p.keys = []key{{"key-1", firstKey()}}
	p.server = httptest.NewServer(p)
	p.Issuer = p.server.URL + "/realms/brussel"
	t.Cleanup(p.server.Close)
	return p
}

// firstKey is made once: it takes time.
var firstKey = sync.OnceValue(func() *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err) // no random numbers
	}
	return k
})

// Close ends the provider before its test.
func (p *Provider) Close() { p.server.Close() }

// Rotate has another key sign from now on; the others stay known.
func (p *Provider) Rotate(algorithm string) {
	p.t.Helper()
	var signer crypto.Signer
	var err error
	if algorithm == "ES256" {
		signer, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	} else {
		signer, err = rsa.GenerateKey(rand.Reader, 2048)
	}
	if err != nil {
		p.t.Fatal(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.keys = append(p.keys, key{fmt.Sprintf("key-%d", len(p.keys)+1), signer})
}

// Asked tells how often an address was asked for, such as "/keys".
func (p *Provider) Asked(path string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked[path]
}

// Ended lists what browsers brought along that signed out.
func (p *Provider) Ended() []url.Values {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.ended)
}

// ServeHTTP answers as a provider.
func (p *Provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	const realm = "/realms/brussel"
	path := r.URL.Path
	if len(path) >= len(realm) {
		path = path[len(realm):]
	}
	p.mu.Lock()
	p.asked[path]++
	answer := p.Answer
	p.mu.Unlock()
	if answer != nil && answer(w, r) {
		return
	}
	switch path {
	case "/.well-known/openid-configuration":
		p.send(w, Claims{
			"issuer": p.Issuer, "authorization_endpoint": p.Issuer + "/auth", "token_endpoint": p.Issuer + "/token", "jwks_uri": p.Issuer + "/keys",
			"end_session_endpoint": p.Issuer + "/logout", "id_token_signing_alg_values_supported": []string{"RS256", "PS256", "ES256", "HS256"},
			"token_endpoint_auth_methods_supported": []string{"client_secret_post"}, "authorization_response_iss_parameter_supported": true,
		})
	case "/auth":
		p.authorize(w, r)
	case "/token":
		p.exchange(w, r)
	case "/keys":
		p.send(w, Claims{"keys": p.public()})
	case "/logout":
		p.logout(w, r)
	default:
		http.NotFound(w, r)
	}
}

func (p *Provider) send(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // who asked may have gone
}

// authorize signs in at once whoever is at the provider.
func (p *Provider) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	switch {
	case q.Get("client_id") != ClientID, q.Get("response_type") != "code", q.Get("code_challenge_method") != "S256",
		len(q.Get("code_challenge")) != 43, len(q.Get("state")) < 43, len(q.Get("nonce")) < 43, q.Get("redirect_uri") == "":
		http.Error(w, "invalid_request: "+r.URL.RawQuery, http.StatusBadRequest)
		return
	}
	back := url.Values{"state": {q.Get("state")}, "iss": {p.Issuer}}
	if p.Denies != "" {
		back.Set("error", p.Denies)
		back.Set("error_description", "niet <b>toegelaten</b>")
	} else {
		c := rand.Text()
		p.mu.Lock()
		p.codes[c] = code{q.Get("code_challenge"), q.Get("nonce"), q.Get("redirect_uri"), p.Person}
		p.mu.Unlock()
		back.Set("code", c)
	}
	http.Redirect(w, r, q.Get("redirect_uri")+"?"+back.Encode(), http.StatusFound)
}

// exchange takes a code once, from whoever has its verifier and the secret.
func (p *Provider) exchange(w http.ResponseWriter, r *http.Request) {
	refuse := func(status int, code string) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(Claims{"error": code, "error_description": "code " + r.PostFormValue("code")})
	}
	p.mu.Lock()
	c, known := p.codes[r.PostFormValue("code")]
	delete(p.codes, r.PostFormValue("code"))
	p.mu.Unlock()
	proof := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	switch {
	case r.PostFormValue("client_id") != ClientID || r.PostFormValue("client_secret") != ClientSecret:
		refuse(http.StatusUnauthorized, "invalid_client")
		return
	case !known || c.callback != r.PostFormValue("redirect_uri") || c.challenge != base64.RawURLEncoding.EncodeToString(proof[:]):
		refuse(http.StatusBadRequest, "invalid_grant")
		return
	}
	access := "access-" + rand.Text()
	hash := sha256.Sum256([]byte(access))
	claims := Claims{"nonce": c.nonce, "at_hash": base64.RawURLEncoding.EncodeToString(hash[:16])}
	maps.Copy(claims, c.person)
	p.send(w, Claims{"access_token": access, "token_type": "Bearer", "expires_in": 300, "id_token": p.Token(claims)})
}

// Token makes a signed token with these claims beside those that every token has.
func (p *Provider) Token(more Claims) string {
	now := p.now()
	claims := Claims{"iss": p.Issuer, "aud": ClientID, "iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix()}
	maps.Copy(claims, more)
	p.mu.Lock()
	k := p.keys[len(p.keys)-1]
	p.mu.Unlock()
	header := Claims{"alg": k.algorithm(), "typ": "JWT", "kid": k.id}
	if p.Forge != nil {
		p.Forge(header, claims)
	}
	if p.Sign != nil {
		return p.Sign(header, claims)
	}
	return Signed(header, claims, k.sign)
}

// LogoutToken makes a notice that somebody has signed out.
func (p *Provider) LogoutToken(more Claims) string {
	p.mu.Lock()
	p.number++
	claims := Claims{"jti": fmt.Sprintf("notice-%d", p.number), "events": Claims{"http://schemas.openid.net/event/backchannel-logout": Claims{}}}
	p.mu.Unlock()
	maps.Copy(claims, more)
	return p.Token(claims)
}

// logout sends the browser back to where it may go.
func (p *Provider) logout(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.ended = append(p.ended, r.URL.Query())
	p.mu.Unlock()
	http.Redirect(w, r, r.URL.Query().Get("post_logout_redirect_uri"), http.StatusFound)
}

// Signed puts a token together.
func Signed(header, claims Claims, sign func(text []byte) []byte) string {
	part := func(v any) string {
		raw, err := json.Marshal(v)
		if err != nil {
			panic(err) // claims of tests always marshal
		}
		return base64.RawURLEncoding.EncodeToString(raw)
	}
	text := part(header) + "." + part(claims)
	return text + "." + base64.RawURLEncoding.EncodeToString(sign([]byte(text)))
}

func (k key) algorithm() string {
	if _, ok := k.signer.(*ecdsa.PrivateKey); ok {
		return "ES256"
	}
	return "RS256"
}

func (k key) sign(text []byte) []byte {
	digest := sha256.Sum256(text)
	var signature []byte
	var err error
	switch s := k.signer.(type) {
	case *ecdsa.PrivateKey:
		r, t, e := ecdsa.Sign(rand.Reader, s, digest[:])
		signature, err = append(r.FillBytes(make([]byte, 32)), t.FillBytes(make([]byte, 32))...), e
	case *rsa.PrivateKey:
		signature, err = rsa.SignPKCS1v15(rand.Reader, s, crypto.SHA256, digest[:])
	}
	if err != nil {
		panic(err) // no random numbers
	}
	return signature
}

// public lists the keys as the world may have them.
func (p *Provider) public() (all []Claims) {
	p.mu.Lock()
	defer p.mu.Unlock()
	encode := base64.RawURLEncoding.EncodeToString
	for _, k := range p.keys {
		switch s := k.signer.(type) {
		case *ecdsa.PrivateKey:
			point, err := s.PublicKey.Bytes()
			if err != nil {
				panic(err) // it was made here
			}
			all = append(all, Claims{"kty": "EC", "crv": "P-256", "kid": k.id, "use": "sig", "alg": "ES256", "x": encode(point[1:33]), "y": encode(point[33:])})
		case *rsa.PrivateKey:
			all = append(all, Claims{"kty": "RSA", "kid": k.id, "use": "sig", "n": encode(s.N.Bytes()), "e": encode(big.NewInt(int64(s.E)).Bytes())})
		}
	}
	return all
}

// PublicKey is the key that signs, as a program would read it from a file.
func (p *Provider) PublicKey() crypto.PublicKey {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.keys[len(p.keys)-1].signer.Public()
}

// Stranger signs with a key that is not the provider's, whatever the header says.
func Stranger(t testing.TB) func(header, claims Claims) string {
	t.Helper()
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return func(header, claims Claims) string { return Signed(header, claims, key{"", k}.sign) }
}

// T is the test that the provider is for.
func (p *Provider) T() testing.TB { return p.t }
