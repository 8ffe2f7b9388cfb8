package site

import (
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"jalon/internal/bilingual"
	"jalon/web"
)

// build wires the middleware and the routes. The order matters:
//
//   - the request number and the log line are outermost, so that every answer has both;
//   - the security headers come before anything that can answer;
//   - the panic guard is innermost, where it can still draw a page that is compressed like others.
//
// Sessions are no middleware: static files and health checks need none, so a
// page loads its own (see page).
func (s *Site) build(r *chi.Mux) (http.Handler, error) {
	fromProxy, err := s.clientIP()
	if err != nil {
		return nil, err
	}
	compress, err := compression()
	if err != nil {
		return nil, fmt.Errorf("set up compression: %w", err)
	}
	r.Use(numbered, s.logged, s.headers, s.sameHost, fromProxy, located, soundPath, s.sameOrigin, compress, s.guarded, middleware.GetHead)
	r.NotFound(s.page(route{handler: func(http.ResponseWriter, *visit) error { return errNotFound }}))
	r.MethodNotAllowed(s.methodNotAllowed)

	r.Method(http.MethodGet, "/healthz", http.HandlerFunc(s.alive))
	r.Method(http.MethodGet, "/readyz", http.HandlerFunc(s.ready))
	r.Handle(web.StaticPrefix+"*", s.assets)
	r.Method(http.MethodGet, "/", http.HandlerFunc(s.root))
	r.Method(http.MethodGet, "/public-key", http.HandlerFunc(s.publicKey))
	r.Method(http.MethodGet, "/calendar/{secret}.ics", http.HandlerFunc(s.feed))
	r.Method(http.MethodGet, CallbackPath, s.page(route{handler: s.finishSignOn}))
	r.Method(http.MethodGet, SignedOutPath, s.page(route{handler: s.signedOut}))
	r.Method(http.MethodPost, noticePath, http.HandlerFunc(s.heedNotice))
	s.mountAPI(r)
	for _, rt := range s.routes() {
		for _, lang := range bilingual.Langs {
			r.Method(rt.method, "/"+string(lang)+rt.pattern, s.page(rt))
		}
	}
	s.router = r
	return r, nil
}

// answerTime is how long a request may take from its head to the end of its answer.
const answerTime = 120 * time.Second

// Server gives the HTTP server for an address, with limits on every phase: a
// client that sends half a request, or reads nothing, does not keep its place.
func (s *Site) Server(addr string) *http.Server {
	return &http.Server{
		Addr:              addr,
		Handler:           s,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       60 * time.Second, // a letter of 10 MB over a slow line
		WriteTimeout:      answerTime,
		IdleTimeout:       120 * time.Second,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(s.Log.Handler(), slog.LevelWarn),
	}
}
