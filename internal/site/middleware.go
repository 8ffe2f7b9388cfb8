package site

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/klauspost/compress/gzhttp"

	"jalon/internal/store"
)

type contextKey int

const requestIDKey contextKey = iota

// numbered gives each request a number of our own, for the log, the audit trail and the
// problem pages. A number that the browser sends is not believed.
func numbered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := strings.ToLower(rand.Text()[:16])
		w.Header().Set("X-Request-Id", id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), requestIDKey, id)))
	})
}

func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey).(string)
	return id
}

// logged writes one line per request. It names the route and never the path,
// the query or a value: those hold names and what people look for.
func (s *Site) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		ww := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		defer func() {
			status := ww.Status()
			if status == 0 {
				status = http.StatusOK
			}
			s.Log.LogAttrs(r.Context(), slog.LevelInfo, "request",
				slog.String("id", requestID(r.Context())),
				slog.String("method", knownMethod(r.Method)),
				slog.String("route", chi.RouteContext(r.Context()).RoutePattern()),
				slog.Int("status", status),
				slog.Int("bytes", ww.BytesWritten()),
				slog.Float64("ms", float64(time.Since(start).Microseconds())/1000))
		}()
		next.ServeHTTP(ww, r)
	})
}

var methods = []string{
	http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
	http.MethodDelete, http.MethodConnect, http.MethodOptions, http.MethodTrace,
}

// knownMethod keeps invented methods out of the log.
func knownMethod(method string) string {
	for _, m := range methods {
		if m == method {
			return m
		}
	}
	return "other"
}

const contentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
	"font-src 'self'; connect-src 'self'; form-action %s; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"

// headers sets the security headers of every answer. A page may replace
// Cache-Control by a private one; nothing is kept by default.
func (s *Site) headers(next http.Handler) http.Handler {
	secure := strings.HasPrefix(s.BaseURL, "https://")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", fmt.Sprintf(contentSecurityPolicy, s.formTargets()))
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
		h.Set("Cache-Control", "no-store")
		if secure {
			h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
		}
		next.ServeHTTP(w, r)
	})
}

// sameHost answers only to the name that people use and to this machine itself:
// net/http takes any Host, and a foreign one would end up in links.
func (s *Site) sameHost(next http.Handler) http.Handler {
	own := ""
	if u, err := url.Parse(s.BaseURL); err == nil {
		own = u.Host
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !(own != "" && strings.EqualFold(r.Host, own)) && !loopback(r.Host) {
			s.problemHandler(refused(http.StatusMisdirectedRequest, ""))(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func loopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return strings.EqualFold(host, "localhost") || err == nil && ip.IsLoopback()
}

// clientIP believes X-Forwarded-For from the configured proxies only.
func (s *Site) clientIP() (func(http.Handler) http.Handler, error) {
	for _, p := range s.TrustedProxies {
		if _, err := netip.ParsePrefix(p); err != nil {
			return nil, fmt.Errorf("trusted proxy %q: %w", p, err)
		}
	}
	if len(s.TrustedProxies) == 0 {
		return middleware.ClientIPFromRemoteAddr, nil
	}
	forwarded := middleware.ClientIPFromXFF(s.TrustedProxies...)
	return func(next http.Handler) http.Handler { return withoutPorts(forwarded(next)) }, nil
}

// withoutPorts leaves the addresses of X-Forwarded-For: some proxies write the
// port of the connection behind them. Taken for no address, all visitors would
// share one limit of attempts.
func withoutPorts(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for i, line := range r.Header["X-Forwarded-For"] {
			entries := strings.Split(line, ",")
			for j, e := range entries {
				e = strings.TrimSpace(e)
				if at, err := netip.ParseAddrPort(e); err == nil {
					e = at.Addr().String()
				} else if inner, ok := strings.CutPrefix(e, "["); ok {
					e = strings.TrimSuffix(inner, "]")
				}
				entries[j] = e
			}
			r.Header["X-Forwarded-For"][i] = strings.Join(entries, ",")
		}
		next.ServeHTTP(w, r)
	})
}

// located notes for the audit trail which request this is, and from where.
func located(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		origin := store.Origin{RequestID: requestID(r.Context()), Address: store.ShortAddress(middleware.GetClientIPAddr(r.Context()))}
		next.ServeHTTP(w, r.WithContext(store.WithOrigin(r.Context(), origin)))
	})
}

// soundPath refuses paths that no page of ours has: escaped slashes, control
// characters, bytes that are not text. Below it a path is what it looks like.
func soundPath(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := r.URL.Path
		if r.URL.RawPath != "" || !utf8.ValidString(p) || strings.ContainsFunc(p, unicode.IsControl) {
			// an address that no route has: the answer is that of any unknown page in its language
			r.URL.Path, r.URL.RawPath = "/"+string(langOf(r))+"/\u2400", ""
		}
		next.ServeHTTP(w, r)
	})
}

// sameOrigin refuses writes that another site sends in a person's name. The
// standard library lets a request through that says nothing of where it comes
// from; with a session it has to say so.
func (s *Site) sameOrigin(next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := protection.Check(r)
		if err == nil && !safe(r.Method) && r.Header.Get("Sec-Fetch-Site") == "" && r.Header.Get("Origin") == "" {
			if _, noCookie := r.Cookie(sessionCookie); noCookie == nil {
				err = errors.New("neither Sec-Fetch-Site nor Origin")
			}
		}
		if err != nil {
			s.problemHandler(refused(http.StatusForbidden, "problem.detail.cross_origin"))(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func safe(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions
}

// compression packs answers in zstd or gzip, as the browser accepts. Level 6 of
// this gzip takes a tenth more time than level 5 on large tables, which become a
// tenth smaller; level 6 of the standard one takes eight times as long.
func compression() (func(http.Handler) http.Handler, error) {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(1024), gzhttp.CompressionLevel(6))
	if err != nil {
		return nil, err
	}
	return func(next http.Handler) http.Handler { return wrap(next) }, nil
}

// guarded turns a panic into the page of an internal error. When a part of the
// answer has left already, the connection is cut: half a download must not
// look whole.
func (s *Site) guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ww := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(p)
			}
			s.Log.ErrorContext(r.Context(), "panic", "id", requestID(r.Context()), "kind", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
			if ww.Status() != 0 {
				panic(http.ErrAbortHandler)
			}
			s.problemHandler(refused(http.StatusInternalServerError, ""))(w, r)
		}()
		next.ServeHTTP(ww, r)
	})
}
