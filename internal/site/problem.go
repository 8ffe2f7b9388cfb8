package site

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"jalon/internal/locale"
	"jalon/internal/shelf"
	"jalon/internal/store"
	"jalon/web"
)

// problem is a refusal or failure with the status of its page. Detail is one
// more sentence, a key of the catalogues with its placeholders; "" for none.
// Retry is how long to wait, for 429 and 503.
type problem struct {
	status int
	detail string
	args   []any
	retry  time.Duration
	next   web.Link // what can be done instead; zero for nothing in particular
	cause  error    // for the log only
}

func (p *problem) Error() string {
	s := strconv.Itoa(p.status) + " " + http.StatusText(p.status)
	if p.detail != "" {
		s += " (" + p.detail + ")"
	}
	if p.cause != nil {
		s += ": " + p.cause.Error()
	}
	return s
}

func (p *problem) Unwrap() error { return p.cause }

// refused makes a problem with a status and one more sentence.
func refused(status int, detail string, args ...any) *problem {
	return &problem{status: status, detail: detail, args: args}
}

// ruled tells whether a conflict is with a rule, which detail tells, and not with
// what somebody else did meanwhile.
func (p *problem) ruled() bool {
	return p.status == http.StatusConflict && p.detail != ""
}

func (p *problem) title(print *locale.Printer) string {
	return web.ProblemView{Status: p.status, Ruled: p.ruled()}.Heading(print)
}

// Refusals without particulars.
var (
	errNotFound  = refused(http.StatusNotFound, "")
	errForbidden = refused(http.StatusForbidden, "")
)

// detailUnsaved: after a write nobody can tell whether it was stored.
const detailUnsaved = "problem.detail.unsaved"

// badRequest refuses what no page of ours sends.
func badRequest(detail string, args ...any) *problem {
	return refused(http.StatusBadRequest, detail, args...)
}

// tooMany asks to wait.
func tooMany(wait time.Duration) *problem {
	return &problem{status: http.StatusTooManyRequests, retry: wait}
}

// asProblem sorts any error into the kinds that have a page.
func asProblem(err error) *problem {
	var p *problem
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &p):
		return p
	case errors.As(err, &tooLarge):
		return &problem{status: http.StatusRequestEntityTooLarge, cause: err}
	case errors.Is(err, store.ErrNotFound):
		return &problem{status: http.StatusNotFound, cause: err}
	case errors.Is(err, store.ErrSealed):
		return &problem{status: http.StatusConflict, detail: "problem.detail.sealed", cause: err}
	case errors.Is(err, store.ErrSubmitted):
		return &problem{status: http.StatusConflict, detail: "problem.detail.submitted", cause: err}
	case errors.Is(err, store.ErrTooEarly):
		return &problem{status: http.StatusConflict, detail: "part.too_early", cause: err}
	case errors.Is(err, store.ErrConflict), errors.Is(err, store.ErrExists):
		return &problem{status: http.StatusConflict, cause: err}
	case errors.Is(err, store.ErrForeignKey):
		return &problem{status: http.StatusBadRequest, detail: "error.form.key", cause: err}
	case errors.Is(err, store.ErrBegun):
		return &problem{status: http.StatusConflict, detail: "tenure.begun", cause: err}
	case errors.Is(err, store.ErrOverlap):
		return &problem{status: http.StatusConflict, detail: "tenure.overlap_somebody", cause: err}
	case errors.Is(err, store.ErrLastAdministrator):
		return &problem{status: http.StatusConflict, detail: "people.last_administrator", cause: err}
	case errors.Is(err, store.ErrSelf):
		return &problem{status: http.StatusConflict, detail: "people.not_self", cause: err}
	case errors.Is(err, shelf.ErrUnwritable):
		return &problem{status: http.StatusInsufficientStorage, cause: err}
	case errors.Is(err, shelf.ErrDamaged), errors.Is(err, shelf.ErrMissing):
		return &problem{status: http.StatusInternalServerError, detail: "evidence.damaged", cause: err}
	case errors.Is(err, errBusy):
		return &problem{status: http.StatusServiceUnavailable, retry: 10 * time.Second, cause: err}
	case unavailable(err):
		return &problem{status: http.StatusServiceUnavailable, detail: detailUnsaved, retry: 30 * time.Second, cause: err}
	}
	return &problem{status: http.StatusInternalServerError, cause: err}
}

// unavailable tells a database that is away, full or too slow from a mistake of ours.
func unavailable(err error) bool {
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) {
		return true
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		class := pg.Code[:min(2, len(pg.Code))]
		// connection, resources, operator intervention (also statement_timeout),
		// system error; 25006 is a read-only server
		return class == "08" || class == "53" || class == "57" || class == "58" || pg.Code == "25006"
	}
	var network net.Error
	return errors.As(err, &network) ||
		errors.Is(err, context.DeadlineExceeded) || pgconn.SafeToRetry(err) || // that only says "it did not arrive", never "send it again"
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET)
}

// fail answers a visit with the page of an error, and logs it: here and nowhere else.
func (s *Site) fail(w http.ResponseWriter, v *visit, err error) {
	p := asProblem(err)
	if errors.Is(err, context.Canceled) && v.Context().Err() != nil {
		return // the browser has gone; there is nobody left to tell
	}
	s.auditProblem(v, p)
	level := slog.LevelInfo
	if p.status >= 500 {
		level = slog.LevelError
	}
	s.Log.LogAttrs(v.Context(), level, "refused", slog.String("id", requestID(v.Context())), slog.Int("status", p.status), slog.String("error", forLog(p)))
	if p.retry > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(max(1, int(math.Ceil(p.retry.Seconds())))))
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Del("ETag")
	w.Header().Del("Content-Disposition")
	if v.program || wantsJSON(v.Request) {
		s.problemJSON(w, v, p)
		return
	}
	if err := s.render(w, v, p.status, web.ProblemPage(s.problemView(v, p))); err != nil {
		s.Log.ErrorContext(v.Context(), "draw the problem page", "id", requestID(v.Context()), "error", err.Error())
		http.Error(w, http.StatusText(p.status), p.status)
	}
}

// forLog gives what the log may know: a database error quotes values in its
// detail, so only its code and constraint are kept; and what somebody asked for
// in vain is what they typed, so that the cause of a refusal stays out.
func forLog(p *problem) string {
	if p.status < http.StatusInternalServerError {
		return refused(p.status, p.detail).Error()
	}
	var pg *pgconn.PgError
	if errors.As(p.cause, &pg) {
		return fmt.Sprintf("database error %s, constraint %q, table %q", pg.Code, pg.ConstraintName, pg.TableName)
	}
	return p.Error()
}

func (s *Site) problemView(v *visit, p *problem) web.ProblemView {
	view := web.ProblemView{
		Frame: s.frame(v, p.title(v.print)), Other: s.Catalogues.In(v.lang.Other()),
		Status: p.status, Ruled: p.ruled(), RequestID: requestID(v.Context()), HomeURL: "/" + string(v.lang), Next: p.next,
		Minutes: int(math.Ceil(p.retry.Minutes())),
	}
	if p.detail != "" && !(p.detail == detailUnsaved && safe(v.Method)) {
		view.Detail = v.print.T(p.detail, p.args...)
	}
	if m, period := chi.URLParam(v.Request, "m"), chi.URLParam(v.Request, "p"); errors.Is(p.cause, store.ErrSealed) && m != "" && period != "" {
		view.Next = web.Link{Label: v.print.T("erratum.to_table"), URL: v.path("/mandates/" + m + "/monitoring/" + period)}
	}
	if v.Method == http.MethodPost && s.ownPage(v.URL.Path) {
		view.BackURL = v.URL.Path
	}
	return view
}

func wantsJSON(r *http.Request) bool {
	accept := r.Header.Get("Accept")
	return strings.Contains(accept, "json") && !strings.Contains(accept, "text/html")
}

// problemJSON answers as RFC 9457 says.
func (s *Site) problemJSON(w http.ResponseWriter, v *visit, p *problem) {
	body := map[string]any{"type": "about:blank", "title": p.title(v.print), "status": p.status, "instance": "urn:jalon:request:" + requestID(v.Context())}
	switch {
	case p.detail != "":
		body["detail"] = v.print.T(p.detail, p.args...)
	case v.program && p.status == http.StatusNotFound: // the title speaks of a page
		body["detail"] = v.print.T("api.not_found")
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Content-Language", string(v.lang))
	w.WriteHeader(p.status)
	_ = json.NewEncoder(w).Encode(body) // the browser may have gone
}

// problemHandler answers requests that reach no page of their own.
func (s *Site) problemHandler(p *problem) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { s.fail(w, s.stranger(r), p) }
}

// methodNotAllowed answers 405 and says what is allowed.
func (s *Site) methodNotAllowed(w http.ResponseWriter, r *http.Request) {
	allow := s.allowed(r.URL.Path)
	if len(allow) == 0 {
		s.problemHandler(errNotFound)(w, r)
		return
	}
	w.Header().Set("Allow", strings.Join(allow, ", "))
	s.problemHandler(refused(http.StatusMethodNotAllowed, ""))(w, r)
}
