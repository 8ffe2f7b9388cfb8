// Package sso lets people sign in at an identity provider such as Entra ID or
// Keycloak: OpenID Connect Core 1.0, the code flow with PKCE (RFC 7636). It
// finds the provider, sends a browser there, and believes what comes back only
// after every check. It keeps nothing: who somebody is in Jalon, and what they
// may do, is decided elsewhere.
package sso

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/sync/singleflight"
)

// Bounds of time.
const (
	patience = 5 * time.Second  // for everything that one page asks of the provider
	skew     = 2 * time.Minute  // that the clocks of two machines may differ
	Lasts    = 10 * time.Minute // that a person may take to sign in at the provider
)

// ErrUnavailable: the provider does not answer, or not as a provider does. It
// passes by itself, or an administrator mends it; nobody has done anything wrong.
var ErrUnavailable = errors.New("the identity provider is out of reach")

// Refusal is why an answer of the provider is not believed. Its reason is one
// of a few fixed phrases: nothing out of a token or an address comes with it.
type Refusal struct{ Reason string }

func (r *Refusal) Error() string { return "sign-on refused: " + r.Reason }

func refuse(reason string) error { return &Refusal{reason} }

// Denied is the provider's own refusal, such as access_denied when the person
// pressed "cancel" (RFC 6749, 4.1.2.1).
type Denied struct{ Code string }

func (d *Denied) Error() string { return "the identity provider answers " + d.Code }

// Settings say which provider there is and how Jalon is known to it.
type Settings struct {
	Issuer       string // to the letter as it stands in the provider's tokens
	ClientID     string
	ClientSecret string
	CallbackURL  string   // where the provider sends browsers back to
	SignedOutURL string   // where it sends them after signing out
	Scopes       []string // beside openid, which is always asked for
	Claims       Claims
	Proxy        func(*http.Request) (*url.URL, error) // for requests to the provider; nil for none
	Patience     time.Duration                         // 0: five seconds
}

// Provider is an identity provider. It is safe for concurrent use, and asks
// nothing before it is needed: a provider that is down keeps nobody from starting.
type Provider struct {
	settings Settings
	now      func() time.Time
	client   *http.Client
	flight   singleflight.Group

	mu       sync.Mutex
	known    *metadata // nil until the provider has answered once
	failedAt time.Time
	keysURL  string // of keys
	keys     oidc.KeySet
}

// New makes a provider of settings that are complete.
func New(s Settings, now func() time.Time) *Provider {
	if s.Patience == 0 {
		s.Patience = patience
	}
	s.Claims = s.Claims.orDefault()
	return &Provider{settings: s, now: now, client: client(s.Proxy, s.Patience)}
}

// CheckIssuer refuses an issuer that cannot be one: it is an address with
// https, or with http on this machine, without query and fragment (OpenID
// Connect Discovery 1.0, section 3).
func CheckIssuer(raw string) error { return checkAddress(raw, true) }

func checkAddress(raw string, bare bool) error {
	u, err := url.Parse(raw)
	switch {
	case err != nil || u.Host == "" || u.User != nil:
		return fmt.Errorf("%q is no web address", raw)
	case bare && (u.RawQuery != "" || u.Fragment != ""):
		return fmt.Errorf("%q has a query or a fragment", raw)
	case u.Scheme == "https", u.Scheme == "http" && loopback(u.Hostname()):
		return nil
	}
	return fmt.Errorf("%q is not encrypted", raw)
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// Origins lists where browsers are sent, as scheme and host: the issuer's and,
// once they are known, those of its pages. Forms of ours may lead there.
func (p *Provider) Origins() []string {
	p.mu.Lock()
	known := p.known
	p.mu.Unlock()
	addresses := []string{p.settings.Issuer}
	if known != nil {
		addresses = append(addresses, known.AuthorizationEndpoint, known.EndSessionEndpoint)
	}
	var origins []string
	seen := map[string]bool{}
	for _, a := range addresses {
		u, err := url.Parse(a)
		if err != nil || u.Host == "" || seen[u.Scheme+u.Host] {
			continue
		}
		seen[u.Scheme+u.Host] = true
		origins = append(origins, u.Scheme+"://"+u.Host)
	}
	return origins
}

// Issuer is the name under which subjects of this provider are kept.
func (p *Provider) Issuer() string { return p.settings.Issuer }
