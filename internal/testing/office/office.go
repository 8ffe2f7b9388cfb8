// Package office gives a test a whole Jalon at work: a site on loopback with
// the example office in a database of its own, at ten in the morning in
// Brussels on 24 November 2026.
package office

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"jalon/internal/calendar"
	"jalon/internal/demo"
	"jalon/internal/job"
	"jalon/internal/locale"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/secret"
	"jalon/internal/shelf"
	"jalon/internal/site"
	"jalon/internal/store"
	"jalon/internal/testing/browser"
	"jalon/internal/testing/pgtest"
	"jalon/migrations"
	"jalon/web"
)

// Opening is when the clock of every office stands at first: 10:00 in Brussels.
var Opening = time.Date(2026, time.November, 24, 9, 0, 0, 0, time.UTC)

// Office is a started site. Its clock stands still until Pass.
type Office struct {
	URL        string // scheme and host
	Store      *store.Store
	Signer     monitoring.Signer
	Catalogues *locale.Catalogues

	t   testing.TB
	log *lines

	mu  sync.Mutex
	now time.Time
}

// hash is made once: it takes time by intention.
var hash = sync.OnceValue(func() string { return site.HashPassword(demo.Password) })

// Start opens an office that closes with the test. An answer of 500 or more
// that the site logs fails the test. change may set up what an office does not
// have by itself, such as an identity provider.
func Start(t testing.TB, change ...func(*site.Options)) *Office {
	t.Helper()
	ctx := store.AsSystem(context.Background())
	s, err := store.Open(ctx, pgtest.Database(t, store.Migrate, schema(t)), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	o := &Office{Store: s, Catalogues: locale.MustLoad(), t: t, log: &lines{}, now: Opening}
	if o.Signer, err = monitoring.NewSigner(); err != nil {
		t.Fatal(err)
	}
	files, err := shelf.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = files.Close() })
	if _, err := demo.Load(ctx, s, files, o.Signer, Opening, func(string) string { return hash() }); err != nil {
		t.Fatal(err)
	}
	o.serve(files, change)
	t.Cleanup(func() {
		for _, line := range o.log.errors() {
			t.Errorf("the site logs %s", line)
		}
	})
	return o
}

// serve answers on loopback until the test ends.
func (o *Office) serve(files *shelf.Shelf, change []func(*site.Options)) {
	o.t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		o.t.Fatal(err)
	}
	o.URL = "http://" + listener.Addr().String()
	options := site.Options{
		Store: o.Store, Signer: o.Signer, Shelf: files, Catalogues: o.Catalogues, Log: slog.New(slog.NewJSONHandler(o.log, nil)), Now: o.Now,
		BaseURL: o.URL, Demo: true, Contact: "jalon@jalon.example", Version: "test", Secrets: secret.NewKeyring(),
	}
	jobs, err := job.New(job.Options{Store: o.Store, Catalogues: o.Catalogues, Log: options.Log, Now: o.Now, BaseURL: o.URL})
	if err != nil {
		o.t.Fatal(err)
	}
	options.Nudges, options.ReportReminders = jobs, jobs
	for _, a := range demo.Accounts {
		options.DemoAccounts = append(options.DemoAccounts, web.DemoAccount(a))
	}
	for _, c := range change {
		c(&options)
	}
	handler, err := site.New(options)
	if err != nil {
		o.t.Fatal(err)
	}
	server := handler.Server(o.URL)
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	o.t.Cleanup(func() {
		_ = server.Close()
		if err := <-served; !errors.Is(err, http.ErrServerClosed) {
			o.t.Errorf("serve: %v", err)
		}
	})
}

// schema is the fingerprint of the migrations.
func schema(t testing.TB) string {
	t.Helper()
	h := sha256.New()
	names, err := fs.Glob(migrations.Files, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		raw, err := migrations.Files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		h.Write(raw)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Now is what the clock of the office shows.
func (o *Office) Now() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.now
}

// Pass turns the clock on.
func (o *Office) Pass(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.now = o.now.Add(d)
}

// Appoint makes the person with an address holder of a mandate from a day on.
func (o *Office) Appoint(mandateCode, email string, from calendar.Date) {
	o.t.Helper()
	ctx := store.AsSystem(context.Background())
	object, _, err := o.Store.MandateObject(ctx, mandateCode)
	if err != nil {
		o.t.Fatal(err)
	}
	who, err := o.Store.CredentialsByEmail(ctx, email)
	if err != nil {
		o.t.Fatal(err)
	}
	if err := o.Store.Appoint(ctx, store.Submission{Key: uuid.New(), Action: "appoint", At: o.Now()}, object.MandateID, mandate.Tenure{PersonID: who.PersonID, From: from}); err != nil {
		o.t.Fatal(err)
	}
}

// Value asks the database for one value.
func Value[T any](o *Office, sql string, args ...any) (v T) {
	o.t.Helper()
	if err := o.Store.Pool().QueryRow(store.AsSystem(context.Background()), sql, args...).Scan(&v); err != nil {
		o.t.Fatal(err)
	}
	return v
}

// Page opens a browser page in which somebody has signed in; who is the first
// part of an address of the example office, or "" for nobody.
func (o *Office) Page(t testing.TB, lang, who string) *browser.Page {
	t.Helper()
	p := browser.New(t)
	if who == "" {
		return p
	}
	p.Open(o.URL + "/" + lang + "/login")
	o.SignIn(p, who)
	return p
}

// SignIn fills in the sign-in form that the page shows.
func (o *Office) SignIn(p *browser.Page, who string) {
	o.t.Helper()
	p.Fill("#email", who+"@jalon.example")
	p.Fill("#password", demo.Password)
	p.Follow("form:has(#email) button[type=submit]")
}

// Client gives an HTTP client with which somebody has signed in. It follows
// no redirects.
func (o *Office) Client(t testing.TB, lang, who string) *http.Client {
	t.Helper()
	c := &http.Client{
		Transport:     sameOrigin{o.URL},
		Jar:           &jar{kept: map[string]*http.Cookie{}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	answer, err := c.PostForm(o.URL+"/"+lang+"/login", url.Values{"email": {who + "@jalon.example"}, "password": {demo.Password}})
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusSeeOther {
		t.Fatalf("sign-in of %s: %s", who, answer.Status)
	}
	return c
}

// sameOrigin says where requests come from, as browsers do.
type sameOrigin struct{ origin string }

func (s sameOrigin) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Origin", s.origin)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return http.DefaultTransport.RoundTrip(r)
}

// jar keeps cookies of one host. Unlike that of net/http/cookiejar it sends
// secure ones over plain HTTP, as browsers do on loopback.
type jar struct {
	mu   sync.Mutex
	kept map[string]*http.Cookie
}

func (j *jar) SetCookies(_ *url.URL, cookies []*http.Cookie) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, c := range cookies {
		if c.MaxAge < 0 {
			delete(j.kept, c.Name)
		} else {
			j.kept[c.Name] = c
		}
	}
}

func (j *jar) Cookies(*url.URL) (all []*http.Cookie) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, c := range j.kept {
		all = append(all, c)
	}
	return all
}

// lines keeps the log.
type lines struct {
	mu  sync.Mutex
	all []string
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, string(b))
	return len(b), nil
}

func (l *lines) errors() (found []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, line := range l.all {
		if strings.Contains(line, `"level":"ERROR"`) || strings.Contains(line, `"level":"WARN"`) {
			found = append(found, line)
		}
	}
	return found
}
