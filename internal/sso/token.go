package sso

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode"
)

// believe checks an ID token as OpenID Connect Core 1.0 asks in 3.1.3.7, and
// reads from it who has signed in. The library checks signature, algorithm,
// issuer and audience; the rest is here.
func (p *Provider) believe(ctx context.Context, m *metadata, raw, nonce, accessToken string) (Identity, error) {
	if raw == "" {
		return Identity{}, refuse("no token")
	}
	token, err := m.verifier.Verify(ctx, raw)
	if err != nil {
		return Identity{}, unbelieved(err)
	}
	var c struct {
		AuthorizedParty string      `json:"azp"`
		SID             string      `json:"sid"`
		NotBefore       json.Number `json:"nbf"`
	}
	all := map[string]any{}
	if token.Claims(&c) != nil || token.Claims(&all) != nil {
		return Identity{}, refuse("claims of another kind")
	}
	if err := p.inTime(token.IssuedAt, token.Expiry, c.NotBefore); err != nil {
		return Identity{}, err
	}
	switch {
	case token.Nonce == "" || subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(nonce)) != 1:
		return Identity{}, refuse("another nonce")
	case (len(token.Audience) > 1 || c.AuthorizedParty != "") && c.AuthorizedParty != p.settings.ClientID:
		return Identity{}, refuse("another authorized party")
	case token.AccessTokenHash != "" && token.VerifyAccessToken(accessToken) != nil:
		return Identity{}, refuse("another access token")
	}
	id := Identity{Issuer: token.Issuer, Sub: token.Subject, SID: c.SID, IDToken: raw}
	if err := p.settings.Claims.read(all, &id); err != nil {
		return Identity{}, err
	}
	return id, nil
}

// inTime checks when a token was made and until when it counts.
func (p *Provider) inTime(issued, expires time.Time, notBefore json.Number) error {
	now := p.now()
	switch {
	case issued.IsZero() || expires.IsZero():
		return refuse("no time")
	case now.After(expires.Add(skew)):
		return refuse("expired")
	case issued.After(now.Add(skew)):
		return refuse("issued in the future")
	}
	if notBefore != "" {
		seconds, err := notBefore.Float64()
		if err != nil || time.Unix(int64(seconds), 0).After(now.Add(skew)) {
			return refuse("not valid yet")
		}
	}
	return nil
}

// unbelieved names why the library refuses a token; its own words quote values.
func unbelieved(err error) error {
	said := err.Error()
	if strings.Contains(said, string(errSparing)) {
		return refuse("an unknown key") // the keys are not a minute old
	}
	if strings.Contains(said, "fetching keys") {
		return fmt.Errorf("%w: it does not give its keys", ErrUnavailable)
	}
	for _, known := range [][2]string{
		{"malformed jwt", "malformed, or another algorithm"},
		{"verify signature", "another signature"},
		{"by a different provider", "another issuer"},
		{"audience", "another audience"},
		{"not signed", "no signature"},
		{"missing required http", "no notice of logout"},
		{"'nonce' claim", "a nonce"},
		{"claim 'jti'", "no number"},
		{"'sub' claim, a 'sid'", "nobody named"},
		{"'exp' claim", "no time"},
	} {
		if strings.Contains(said, known[0]) {
			return refuse(known[1])
		}
	}
	return refuse("not a token of the provider")
}

// Notice is the provider's word that a person, or one session of theirs, has
// signed out there (OpenID Connect Back-Channel Logout 1.0).
type Notice struct {
	ID       string // to be taken once
	Sub, SID string // one of them may be ""; with a SID only that session ends
	Until    time.Time
}

// Heed checks a logout token. Errors: *Refusal, ErrUnavailable.
func (p *Provider) Heed(ctx context.Context, raw string) (Notice, error) {
	ctx, cancel := context.WithTimeout(ctx, p.settings.Patience)
	defer cancel()
	m, err := p.discovered(ctx)
	if err != nil {
		return Notice{}, err
	}
	token, err := m.verifier.VerifyLogout(ctx, raw)
	if err != nil {
		return Notice{}, unbelieved(err)
	}
	if err := p.inTime(token.IssuedAt, token.Expiry, ""); err != nil {
		return Notice{}, err
	}
	for _, s := range []string{token.TokenID, token.Subject, token.SessionID} {
		if len(s) > 500 || strings.ContainsFunc(s, unicode.IsControl) {
			return Notice{}, refuse("claims of another kind")
		}
	}
	return Notice{ID: token.TokenID, Sub: token.Subject, SID: token.SessionID, Until: token.Expiry.Add(skew)}, nil
}
