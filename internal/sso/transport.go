package sso

import (
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// fault is a reason of our own, which the log may know.
type fault string

func (f fault) Error() string { return string(f) }

// What a provider must not do.
const (
	errTooLarge fault = "an answer of more than 1 MB"
	errRedirect fault = "it leads to another address"
	errSparing  fault = "its keys were asked for a moment ago"
)

// answerLimit is the most bytes that an answer may have.
const answerLimit = 1 << 20

// client asks the provider: every phase is bounded, and it goes nowhere else.
func client(proxy func(*http.Request) (*url.URL, error), patience time.Duration) *http.Client {
	return &http.Client{
		Timeout: patience,
		Transport: bounded{&http.Transport{
			Proxy:                  proxy,
			DialContext:            (&net.Dialer{Timeout: patience}).DialContext,
			TLSHandshakeTimeout:    patience,
			ResponseHeaderTimeout:  patience,
			MaxResponseHeaderBytes: 64 << 10,
			MaxIdleConnsPerHost:    2,
			IdleConnTimeout:        30 * time.Second,
			ForceAttemptHTTP2:      true,
		}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return errRedirect },
	}
}

// bounded cuts answers without end.
type bounded struct{ *http.Transport }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := b.Transport.RoundTrip(r)
	if err == nil {
		answer.Body = &boundedBody{answer.Body, answerLimit}
	}
	return answer, err
}

type boundedBody struct {
	io.ReadCloser
	left int
}

func (b *boundedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if b.left -= n; b.left < 0 {
		return 0, errTooLarge
	}
	return n, err
}

// How long the keys of the provider are not asked for again. A token can name
// any key; a stranger must not make Jalon ask for it time after time.
const (
	keysFor   = time.Minute     // after an answer
	keysAgain = 5 * time.Second // after none
)

// sparing is a client for the keys alone.
func (p *Provider) sparing() *http.Client {
	c := *p.client
	c.Transport = &sparing{next: p.client.Transport, now: p.now}
	return &c
}

type sparing struct {
	next http.RoundTripper
	now  func() time.Time
	mu   sync.Mutex
	not  time.Time // before then
}

func (s *sparing) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	now := s.now()
	early := now.Before(s.not)
	if !early {
		s.not = now.Add(keysAgain)
	}
	s.mu.Unlock()
	if early {
		return nil, errSparing
	}
	answer, err := s.next.RoundTrip(r)
	if err == nil && answer.StatusCode == http.StatusOK {
		s.mu.Lock()
		s.not = now.Add(keysFor)
		s.mu.Unlock()
	}
	return answer, err
}
