package sso

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// How often the provider's own description is asked for.
const (
	describedFor = time.Hour       // the last one counts
	askAgain     = 5 * time.Second // after none came
)

// algorithms with which a token may be signed. Never "none", and none with a
// shared secret: there the public key of the provider could be used as secret.
var algorithms = []string{
	oidc.RS256, oidc.RS384, oidc.RS512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.ES256, oidc.ES384, oidc.ES512, oidc.EdDSA,
}

// metadata is what the provider says of itself (OpenID Connect Discovery 1.0, section 3).
type metadata struct {
	AuthorizationEndpoint string   `json:"authorization_endpoint"`
	TokenEndpoint         string   `json:"token_endpoint"`
	KeysURL               string   `json:"jwks_uri"`
	EndSessionEndpoint    string   `json:"end_session_endpoint"` // "" when it has none
	Algorithms            []string `json:"id_token_signing_alg_values_supported"`
	AuthMethods           []string `json:"token_endpoint_auth_methods_supported"`
	SaysIssuer            bool     `json:"authorization_response_iss_parameter_supported"` // RFC 9207

	at       time.Time
	verifier *oidc.IDTokenVerifier
}

// discovered gives the provider's description. Those who ask at the same time
// wait for one answer; after a failure it is asked again a little later, and a
// description that is known stays in use meanwhile.
func (p *Provider) discovered(ctx context.Context) (*metadata, error) {
	now := p.now()
	p.mu.Lock()
	known, failedAt := p.known, p.failedAt
	p.mu.Unlock()
	switch {
	case known != nil && now.Sub(known.at) < describedFor:
		return known, nil
	case !failedAt.IsZero() && now.Sub(failedAt) < askAgain:
		return known, orUnavailable(known, fault("it did not answer a moment ago"))
	}
	answer := p.flight.DoChan("discovery", func() (any, error) {
		ctx, cancel := context.WithTimeout(context.Background(), p.settings.Patience)
		defer cancel()
		return p.discover(ctx)
	})
	select {
	case <-ctx.Done():
		return known, orUnavailable(known, ctx.Err())
	case a := <-answer:
		if a.Err != nil {
			return known, orUnavailable(known, a.Err)
		}
		return a.Val.(*metadata), nil
	}
}

// orUnavailable is no error while an older description can be used.
func orUnavailable(known *metadata, cause error) error {
	if known != nil {
		return nil
	}
	return fmt.Errorf("%w: %s", ErrUnavailable, withoutValues(cause))
}

func (p *Provider) discover(ctx context.Context) (*metadata, error) {
	m, err := p.ask(ctx)
	p.mu.Lock()
	defer p.mu.Unlock()
	if err != nil {
		p.failedAt = p.now()
		return nil, err
	}
	m.at = p.now()
	if p.keys == nil || p.keysURL != m.KeysURL {
		p.keysURL = m.KeysURL
		p.keys = oidc.NewRemoteKeySet(oidc.ClientContext(context.Background(), p.sparing()), m.KeysURL)
	}
	m.verifier = oidc.NewVerifier(p.settings.Issuer, p.keys, &oidc.Config{
		ClientID: p.settings.ClientID, SupportedSigningAlgs: m.signedWith(), SkipExpiryCheck: true, // see inTime
	})
	p.known, p.failedAt = m, time.Time{}
	return m, nil
}

func (p *Provider) ask(ctx context.Context) (*metadata, error) {
	provider, err := oidc.NewProvider(oidc.ClientContext(ctx, p.client), p.settings.Issuer)
	if err != nil {
		return nil, err
	}
	var m metadata
	if err := provider.Claims(&m); err != nil {
		return nil, err
	}
	for _, a := range []string{m.AuthorizationEndpoint, m.TokenEndpoint, m.KeysURL} {
		if err := checkAddress(a, false); err != nil {
			return nil, fault("an address in its description is none, or is not encrypted")
		}
	}
	if checkAddress(m.EndSessionEndpoint, false) != nil {
		m.EndSessionEndpoint = ""
	}
	if len(m.signedWith()) == 0 {
		return nil, fault("it signs with no algorithm that can be trusted")
	}
	return &m, nil
}

// signedWith lists the algorithms that both sides have. A provider that names none has RS256.
func (m *metadata) signedWith() []string {
	if len(m.Algorithms) == 0 {
		return []string{oidc.RS256}
	}
	return slices.DeleteFunc(slices.Clone(algorithms), func(a string) bool { return !slices.Contains(m.Algorithms, a) })
}

// oauth speaks to the provider under OAuth 2. The secret goes into the form
// wherever the provider takes it there: in a header it would be encoded in a
// way that servers read differently.
func (p *Provider) oauth(m *metadata) *oauth2.Config {
	style := oauth2.AuthStyleInHeader
	if slices.Contains(m.AuthMethods, "client_secret_post") {
		style = oauth2.AuthStyleInParams
	}
	return &oauth2.Config{
		ClientID: p.settings.ClientID, ClientSecret: p.settings.ClientSecret, RedirectURL: p.settings.CallbackURL,
		Endpoint: oauth2.Endpoint{AuthURL: m.AuthorizationEndpoint, TokenURL: m.TokenEndpoint, AuthStyle: style},
		Scopes:   append([]string{oidc.ScopeOpenID}, slices.DeleteFunc(slices.Clone(p.settings.Scopes), func(s string) bool { return s == oidc.ScopeOpenID })...),
	}
}

// withoutValues says what failed for the log. What a server wrote stays out:
// it may quote a code or a token.
func withoutValues(err error) string {
	var own fault
	var mismatch *oidc.IssuerMismatchError
	var op *net.OpError
	var network net.Error
	switch {
	case errors.As(err, &mismatch):
		return "it calls itself " + fmt.Sprintf("%.200q", mismatch.Discovered)
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		return "no answer in time"
	case errors.Is(err, context.Canceled):
		return "the browser has gone"
	case errors.As(err, &op):
		return op.Error()
	case errors.As(err, &own):
		return own.Error()
	}
	return fmt.Sprintf("not the answer of a provider (%T)", err)
}
