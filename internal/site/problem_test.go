package site

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"jalon/internal/bilingual"
	"jalon/internal/store"
)

func TestErrorsBecomeTheStatusOfTheirKind(t *testing.T) {
	pg := func(code string) error { return &pgconn.PgError{Code: code, Detail: "Key (email)=(canary@x.be)"} }
	for name, c := range map[string]struct {
		err  error
		want int
	}{
		"not found": {store.ErrNotFound, 404}, "sealed": {store.ErrSealed, 409}, "conflict": {store.ErrConflict, 409}, "exists": {store.ErrExists, 409},
		"key": {store.ErrForeignKey, 400}, "last administrator": {store.ErrLastAdministrator, 409}, "self": {store.ErrSelf, 409},
		"too large": {&http.MaxBytesError{Limit: 1}, 413}, "busy": {errBusy, 503}, "own": {tooMany(time.Second), 429},
		"deadline": {context.DeadlineExceeded, 503}, "refused connection": {&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, 503},
		"cut": {io.ErrUnexpectedEOF, 503}, "57P01": {pg("57P01"), 503}, "57014": {pg("57014"), 503}, "53300": {pg("53300"), 503}, "53100": {pg("53100"), 503},
		"25006": {pg("25006"), 503}, "08006": {pg("08006"), 503}, "58030": {pg("58030"), 503}, "42P01": {pg("42P01"), 500}, "22021": {pg("22021"), 500}, "other": {errors.New("x"), 500},
	} {
		p := asProblem(fmt.Errorf("do: %w", c.err))
		if p.status != c.want {
			t.Errorf("%s: %d, want %d", name, p.status, c.want)
		}
		if strings.Contains(forLog(p), "canary") {
			t.Errorf("%s: the log has %s", name, forLog(p))
		}
	}
}

func TestProblemPagesSpeakBothLanguages(t *testing.T) {
	o := newOffice(t)
	refusals := map[string]error{
		"bad": badRequest("error.form.field"), "forbidden": errForbidden, "conflict": fmt.Errorf("store: %w", store.ErrConflict),
		"large": refused(413, ""), "media": refused(415, ""), "invalid": refused(422, ""), "many": tooMany(90 * time.Second),
		"fault": errors.New("canary: select * from secret"), "away": fmt.Errorf("ask: %w", context.DeadlineExceeded), "sealed": store.ErrSealed,
	}
	for name, err := range refusals {
		o.withRoute(t, "/problem-"+name, func(http.ResponseWriter, *visit) error { return err })
	}
	for name, err := range refusals {
		w := o.browser().get("/nl/problem-" + name)
		p := asProblem(err)
		wantCode(t, name, w, p.status)
		body := w.Body.String()
		for _, lang := range bilingual.Langs {
			if title := p.title(o.Catalogues.In(lang)); !strings.Contains(body, title) {
				t.Errorf("%s: no %q", name, title)
			}
		}
		if strings.Contains(body, "⟨") || strings.Contains(body, "canary") || !strings.Contains(body, w.Header().Get("X-Request-Id")) {
			t.Errorf("%s: page %s", name, body)
		}
	}
	if w := o.browser().get("/nl/problem-many"); w.Header().Get("Retry-After") != "90" || !strings.Contains(w.Body.String(), "2 minuten") {
		t.Errorf("429: Retry-After %q", w.Header().Get("Retry-After"))
	}
	if body := o.browser().get("/nl/problem-conflict").Body.String(); !strings.Contains(body, "niet bewaard") || !strings.Contains(body, "pas été enregistré") {
		t.Error("409 does not say that nothing was stored")
	}
	if body := o.browser().get("/nl/problem-sealed").Body.String(); strings.Contains(body, "Iemand anders") || strings.Contains(body, "niet bewaard") || strings.Contains(body, "a devancé") || !strings.Contains(body, "Dit semester is verzegeld") {
		t.Error("a sealed half-year is told as if somebody else had been faster")
	}
	if !strings.Contains(o.log.String(), "canary: select") {
		t.Error("the cause of a fault is not in the log")
	}
}

func TestProblemsAsJSON(t *testing.T) {
	o := newOffice(t)
	r := httptest.NewRequest(http.MethodGet, "/fr/nothing", nil)
	r.Header.Set("Accept", "application/json")
	w := o.browser().send(r)
	var got struct {
		Title, Detail, Instance string
		Status                  int
	}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Header().Get("Content-Type") != "application/problem+json" {
		t.Fatalf("%v, %s", err, w.Body)
	}
	if got.Status != 404 || w.Code != 404 || got.Title != o.Catalogues.In("fr").T("problem.404.title") || !strings.HasSuffix(got.Instance, w.Header().Get("X-Request-Id")) {
		t.Errorf("%+v", got)
	}
}

func TestWithoutDatabaseThePageSaysSo(t *testing.T) {
	o := newOffice(t)
	b := o.as("committee")
	// nobody can connect any more, and who was connected is sent away
	name := value[string](o, `SELECT current_database()`)
	admin, err := pgconn.Connect(store.AsSystem(t.Context()), strings.Replace(o.dsn, "/"+name, "/postgres", 1))
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close(store.AsSystem(context.Background()))
	run := func(sql string) {
		if _, err := admin.Exec(store.AsSystem(t.Context()), sql).ReadAll(); err != nil {
			t.Fatal(err)
		}
	}
	run(`ALTER DATABASE ` + name + ` ALLOW_CONNECTIONS false`)
	run(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '` + name + `'`)
	start := time.Now()
	for range 5 { // each may meet a connection that was cut
		w := b.get("/fr/mandates")
		wantCode(t, "page", w, http.StatusServiceUnavailable)
		if w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), o.Catalogues.In("nl").T("problem.503.title")) {
			t.Error("the page does not say it in both languages")
		}
	}
	if took := time.Since(start); took > patience {
		t.Errorf("five refusals took %v", took)
	}
	wantCode(t, "health", b.get("/healthz"), 200)
	wantCode(t, "ready", b.get("/readyz"), http.StatusServiceUnavailable)
	wantCode(t, "static", b.get(o.assets.URL("jalon.css")), 200)
	wantCode(t, "sign-in page", o.browser().get("/nl/login"), 200)
	wantCode(t, "sign-in", o.browser().post("/nl/login", url.Values{"email": {"x@y.be"}, "password": {"lang genoeg zo"}}), http.StatusServiceUnavailable)
	run(`ALTER DATABASE ` + name + ` ALLOW_CONNECTIONS true`)
	wantCode(t, "after its return", b.get("/fr/mandates"), 200)
	wantCode(t, "ready", b.get("/readyz"), 200)
}

func TestWithAllConnectionsTakenPagesGiveUpSoon(t *testing.T) {
	o := newOffice(t)
	b := o.as("committee")
	for range 4 {
		conn, err := o.Store.Pool().Acquire(store.AsSystem(t.Context()))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Release()
	}
	ctx, cancel := context.WithTimeout(store.AsSystem(t.Context()), patience)
	defer cancel()
	r := httptest.NewRequest(http.MethodGet, "/nl/mandates", nil).WithContext(ctx)
	w := b.send(r)
	wantCode(t, "page", w, http.StatusServiceUnavailable)
	if ctx.Err() != nil {
		t.Error("the page waited for its browser to give up")
	}
	wantCode(t, "static", b.get(o.assets.URL("jalon.css")), 200)
	wantCode(t, "health", b.get("/healthz"), 200)
}

func TestReadyAsksForTheSchema(t *testing.T) {
	o := newOffice(t)
	wantCode(t, "this schema", o.browser().get("/readyz"), 200)
	admin, err := pgconn.Connect(store.AsSystem(t.Context()), o.dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close(store.AsSystem(context.Background()))
	if _, err := admin.Exec(store.AsSystem(t.Context()), `DELETE FROM goose_db_version WHERE version_id > 0`).ReadAll(); err != nil {
		t.Fatal(err)
	}
	wantCode(t, "an older schema", o.browser().get("/readyz"), http.StatusServiceUnavailable)
}
