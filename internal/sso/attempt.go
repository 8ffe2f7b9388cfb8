package sso

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Attempt is one sign-in under way. The browser that began it keeps it and
// gives it back: an answer of the provider counts only there.
type Attempt struct {
	State    string    `json:"s"` // comes back with the answer
	Nonce    string    `json:"n"` // comes back in the token
	Verifier string    `json:"v"` // of PKCE: without it the code is worth nothing
	Began    time.Time `json:"t"`
}

// NewAttempt makes an attempt with 256 random bits for each of its three secrets.
func NewAttempt(now time.Time) Attempt {
	return Attempt{State: oauth2.GenerateVerifier(), Nonce: oauth2.GenerateVerifier(), Verifier: oauth2.GenerateVerifier(), Began: now}
}

// Begin gives the address at the provider where a person signs in. anew asks
// them for their password there, also when they are signed in already.
func (p *Provider) Begin(ctx context.Context, a Attempt, anew bool) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, p.settings.Patience)
	defer cancel()
	m, err := p.discovered(ctx)
	if err != nil {
		return "", err
	}
	options := []oauth2.AuthCodeOption{oidc.Nonce(a.Nonce), oauth2.S256ChallengeOption(a.Verifier)}
	if anew {
		options = append(options, oauth2.SetAuthURLParam("prompt", "login"))
	}
	return p.oauth(m).AuthCodeURL(a.State, options...), nil
}

// Answers reports whether the provider's answer, the query of the callback,
// belongs to this attempt and came in time.
func (a Attempt) Answers(query url.Values, now time.Time) bool {
	age := now.Sub(a.Began)
	return a.State != "" && a.Nonce != "" && a.Verifier != "" && len(query["state"]) == 1 &&
		subtle.ConstantTimeCompare([]byte(a.State), []byte(query.Get("state"))) == 1 && age >= -skew && age <= Lasts
}

var errorCode = regexp.MustCompile(`\A[a-z_]{1,60}\z`)

// Finish takes the provider's answer to an attempt, exchanges its code, and
// tells who has signed in. Errors: *Denied, *Refusal, ErrUnavailable.
func (p *Provider) Finish(ctx context.Context, a Attempt, query url.Values) (Identity, error) {
	ctx, cancel := context.WithTimeout(ctx, p.settings.Patience)
	defer cancel()
	if !a.Answers(query, p.now()) {
		return Identity{}, refuse("another state")
	}
	m, err := p.discovered(ctx)
	if err != nil {
		return Identity{}, err
	}
	// an answer of another provider, mixed in (RFC 9207)
	if iss := query.Get("iss"); (iss != "" || m.SaysIssuer) && iss != p.settings.Issuer {
		return Identity{}, refuse("another issuer answers")
	}
	if code := query.Get("error"); code != "" {
		return Identity{}, denied(code)
	}
	code := query.Get("code")
	if code == "" || len(query["code"]) > 1 {
		return Identity{}, refuse("no code")
	}
	token, err := p.oauth(m).Exchange(oidc.ClientContext(ctx, p.client), code, oauth2.VerifierOption(a.Verifier))
	if err != nil {
		return Identity{}, exchangeFailed(err)
	}
	raw, _ := token.Extra("id_token").(string)
	return p.believe(ctx, m, raw, a.Nonce, token.AccessToken)
}

func denied(code string) error {
	if !errorCode.MatchString(code) {
		code = "unknown_error"
	}
	return &Denied{code}
}

// exchangeFailed tells a provider that refuses the code from one that is ill.
// Its body is not told on: some quote the code.
func exchangeFailed(err error) error {
	var answer *oauth2.RetrieveError
	switch {
	case errors.As(err, &answer) && answer.Response != nil && answer.Response.StatusCode < 500 && answer.Response.StatusCode >= 400:
		code := answer.ErrorCode
		if !errorCode.MatchString(code) {
			code = "unknown_error"
		}
		return refuse("the code is not taken: " + code)
	case errors.As(err, &answer):
		return fmt.Errorf("%w: it fails to exchange the code", ErrUnavailable)
	case strings.Contains(err.Error(), "server response missing access_token"):
		return refuse("no token")
	}
	return fmt.Errorf("%w: %s", ErrUnavailable, withoutValues(err))
}
