package site

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/go-chi/chi/v5"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/generate"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
	"jalon/internal/report"
	"jalon/internal/secret"
	"jalon/internal/store"
	"jalon/internal/testing/pgtest"
	"jalon/web"
)

// What a page may cost above the limit, which is what the router, the views
// and PostgreSQL can do at all: the same page from the same statement, without
// sessions, rights, headers, log or any other middleware. Both are ratios, which
// a slow machine does not change.
type limited struct {
	goal  string
	name  string
	path  func(l *limit, n int) string
	share float64 // of the limit's requests per second with 16 clients, at least; 0: no goal
	alone float64 // how many times as long as the limit one visitor waits, at most; 0: no goal
}

var pages = []limited{
	{"G1", "mandate", func(l *limit, n int) string { return "/nl/mandates/" + l.codes[n%len(l.codes)] }, 0.70, 2.6},
	{"G4", "overview", func(*limit, int) string { return "/nl/overview" }, 0.60, 0},
	{"G4", "overview of another day", func(l *limit, n int) string {
		return "/nl/overview?asof=" + l.period.Previous().End().AddDays(-n%100).String()
	}, 0, 1.3},
	{"G5", "monitoring", func(l *limit, n int) string {
		return "/nl/mandates/" + l.codes[n%min(sealedMandates, len(l.codes))] + "/monitoring/" + l.period.String()
	}, 0.70, 0},
}

const (
	sealedMandates = 40 // have a sealed half-year to be compared with
	rounds         = 3
)

// turn is how long a server is asked for a page before the other is. A small
// data set shows that everything works, not how fast.
var turn = func() time.Duration {
	if os.Getenv("JALON_BENCH_MANDATES") != "" {
		return 150 * time.Millisecond
	}
	return 1500 * time.Millisecond
}()

// limit is both servers over one store.
type limit struct {
	store  *store.Store
	dsn    string
	count  *counter
	site   *Site
	period calendar.HalfYear
	codes  []string
	viewer access.Viewer
	cookie string
	own    *httptest.Server
	bare   *httptest.Server
}

// BenchmarkAgainstTheLimit drives the site and the limit in turn, prints what
// each did, and fails when a page is further from the limit than it may be.
// Run it with make bench.
func BenchmarkAgainstTheLimit(b *testing.B) {
	for b.Loop() {
		g := &goals{b: b}
		l := newLimit(b, benchYears(b))
		l.describe(b)
		for _, p := range pages {
			l.sameContent(b, p.path(l, 0))
			l.compare(b, g, p)
		}
		l.unchangedPage(b, g)
		l.overTheWire(b, g, "a mandate", "/nl/mandates/"+l.codes[3], 35<<10)
		l.overTheWire(b, g, "the overview", "/nl/overview", 60<<10)
		l.statements(b, g)
		l.searching(b, g)
		l.documents(b, g)
		l.inABrowser(b, g)
		l.starting(b, g)
		tenTimes(b, g, newLimit(b, 1), l)
		l.recording(b, g) // last: it writes
		g.print()
	}
}

func newLimit(b *testing.B, years int) *limit {
	b.Helper()
	ctx := store.AsSystem(context.Background())
	now := time.Now()
	l := &limit{count: &counter{}, period: calendar.HalfYearOf(calendar.DateOf(now))}
	var err error
	l.dsn = pgtest.Database(b, store.Migrate, fingerprint(b))
	if l.store, err = store.Open(ctx, l.dsn, store.Options{Tracer: l.count}); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(l.store.Close)
	data := generate.Make(generate.Options{Mandates: benchMandates(b), Years: years, Until: l.period, Seed: 1})
	if _, err := l.store.CopyIn(ctx, data); err != nil {
		b.Fatal(err)
	}
	for _, m := range data.Mandates {
		l.codes = append(l.codes, m.Code)
	}
	l.hire(b, now)
	l.seal(b, now)

	l.own = httptest.NewUnstartedServer(nil)
	l.site, err = New(Options{
		Store: l.store, Catalogues: catalogues(), Log: slog.New(slog.NewJSONHandler(io.Discard, nil)),
		Now: time.Now, BaseURL: "http://" + l.own.Listener.Addr().String(), Version: "bench", Secrets: secret.NewKeyring(),
	})
	if err != nil {
		b.Fatal(err)
	}
	l.own.Config.Handler = l.site
	l.bare = httptest.NewUnstartedServer(l.handler())
	for _, s := range []*httptest.Server{l.own, l.bare} {
		s.Start()
		b.Cleanup(s.Close)
	}
	l.signIn(b)
	return l
}

// hire makes a secretary, who may see everything.
func (l *limit) hire(b *testing.B, now time.Time) {
	b.Helper()
	_, _, err := l.store.CreatePerson(store.AsSystem(context.Background()), store.Submission{Action: "create person"}, store.NewPerson{
		Email: "secretary@jalon.example", Name: "Saar Specimen", Lang: "nl", PasswordHash: passwordHash(), Role: access.Secretary, Today: calendar.DateOf(now).AddDays(-300),
	}, "")
	if err != nil {
		b.Fatal(err)
	}
	c, err := l.store.CredentialsByEmail(store.AsSystem(context.Background()), "secretary@jalon.example")
	if err != nil {
		b.Fatal(err)
	}
	account, err := l.store.Account(store.AsSystem(context.Background()), c.PersonID)
	if err != nil {
		b.Fatal(err)
	}
	l.viewer = account.Viewer
}

func (l *limit) seal(b *testing.B, now time.Time) {
	b.Helper()
	signer, err := monitoring.NewSigner()
	if err != nil {
		b.Fatal(err)
	}
	for i, code := range l.codes[:min(sealedMandates, len(l.codes))] {
		o, _, err := l.store.MandateObject(store.AsSystem(context.Background()), code)
		if err != nil {
			b.Fatal(err)
		}
		_, _, err = l.store.SealTable(store.AsSystem(context.Background()), store.Submission{Key: [16]byte{byte(i), 1}, PersonID: l.viewer.PersonID, Action: "seal table"}, store.SealRequest{
			Code: code, ID: o.MandateID, Period: l.period.Previous(), At: now, By: l.viewer.Name, Signer: signer,
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func (l *limit) signIn(b *testing.B) {
	b.Helper()
	form := url.Values{"email": {"secretary@jalon.example"}, "password": {password}}
	r, err := http.NewRequest(http.MethodPost, l.own.URL+"/nl/login", strings.NewReader(form.Encode()))
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	answer, err := (&http.Transport{}).RoundTrip(r)
	if err != nil {
		b.Fatal(err)
	}
	defer answer.Body.Close()
	var all []string
	for _, c := range answer.Cookies() {
		all = append(all, c.Name+"="+c.Value)
	}
	if l.cookie = strings.Join(append(all, langCookie+"=nl"), "; "); !strings.Contains(l.cookie, sessionCookie) {
		b.Fatalf("sign-in: %s", answer.Status)
	}
}

// handler is the limit.
func (l *limit) handler() http.Handler {
	r := chi.NewRouter()
	visitOf := func(r *http.Request) *visit {
		v := l.site.stranger(r)
		v.viewer = l.viewer
		v.Request = r.WithContext(store.As(r.Context(), l.viewer.PersonID, v.today))
		return v
	}
	answer := func(w http.ResponseWriter, v *visit, c templ.Component, err error) {
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_ = c.Render(v.Context(), w)
	}
	r.Get("/nl/mandates/{m}", func(w http.ResponseWriter, r *http.Request) {
		v := visitOf(r)
		sheet, _, err := l.store.Sheet(v.Context(), store.SheetQuestion{Code: chi.URLParam(r, "m"), AsOf: v.today})
		answer(w, v, web.MandatePage(l.site.mandateView(v, sheet)), err)
	})
	r.Get("/nl/overview", func(w http.ResponseWriter, r *http.Request) {
		v := visitOf(r)
		if err := v.readPast(r.URL.Query()); err != nil {
			answer(w, v, nil, err)
			return
		}
		period := calendar.HalfYearOf(v.asOf)
		lines, err := l.store.Overview(v.Context(), store.OverviewQuestion{Scope: access.Scope{All: true}, Period: period, AsOf: v.asOf, Live: !v.past(), Before: period.Previous()})
		asked := overviewAsked{filter: overviewFilter{sort: "weakest"}, period: period, all: lines, lines: lines}
		answer(w, v, web.OverviewPage(l.site.overviewView(v, asked)), err)
	})
	r.Get("/nl/mandates/{m}/monitoring/{p}", func(w http.ResponseWriter, r *http.Request) {
		v := visitOf(r)
		before := l.period.Previous()
		sheet, _, err := l.store.Sheet(v.Context(), store.SheetQuestion{Code: chi.URLParam(r, "m"), AsOf: progress.DayOf(l.period, v.today), Before: before.End()})
		table := monitoring.FromSheet(sheet, l.period, monitoring.Body{Code: "DR"}, &monitoring.Reference{Number: "DR-1", Version: 1, Period: before})
		answer(w, v, web.MonitoringPage(l.site.monitoringView(v, halfYearTable{
			object: objectOf(sheet.Mandate), period: l.period, Monitoring: report.Draft(table), past: []store.SealedTable{{Period: before}},
		})), err)
	})
	return r
}

func (l *limit) describe(b *testing.B) {
	b.Helper()
	var version string
	var entries, targets int
	err := l.store.Pool().QueryRow(store.AsSystem(context.Background()), `SELECT current_setting('server_version'), (SELECT count(*) FROM progress_entry), (SELECT count(*) FROM target)`).
		Scan(&version, &entries, &targets)
	if err != nil {
		b.Fatal(err)
	}
	fmt.Printf("\n%s/%s, %d cores, %s, PostgreSQL %s\n%d mandates, %d targets, %d entries\n", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version(), version, len(l.codes), targets, entries)
	if load, err := os.ReadFile("/proc/loadavg"); err == nil {
		fmt.Printf("load before: %s", load)
	}
	fmt.Println()
}

// sameContent makes sure that the limit draws the same page.
func (l *limit) sameContent(b *testing.B, path string) {
	b.Helper()
	own, bare := l.fetch(b, l.own, path), l.fetch(b, l.bare, path)
	if d := own - bare; d > own/50 || -d > own/50 {
		b.Fatalf("%s: %d bytes, the limit draws %d: not the same page", path, own, bare)
	}
}

func (l *limit) fetch(b *testing.B, s *httptest.Server, path string) int {
	b.Helper()
	c, err := dial(s, l.cookie)
	if err != nil {
		b.Fatal(err)
	}
	defer c.close()
	n, err := c.get(path)
	if err != nil {
		b.Fatal(err)
	}
	return n
}

// client speaks HTTP over one connection and reads without looking, so that
// the machine is left to the servers.
type client struct {
	conn   net.Conn
	read   *bufio.Reader
	host   string
	cookie string
}

func dial(s *httptest.Server, cookie string) (*client, error) {
	conn, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		return nil, err
	}
	return &client{conn, bufio.NewReaderSize(conn, 64<<10), s.Listener.Addr().String(), cookie}, nil
}

func (c *client) close() { _ = c.conn.Close() }

// get gives the number of bytes of a page.
func (c *client) get(path string) (int, error) {
	if _, err := fmt.Fprintf(c.conn, "GET %s HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\n\r\n", path, c.host, c.cookie); err != nil {
		return 0, err
	}
	answer, err := http.ReadResponse(c.read, nil)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		said, _ := io.ReadAll(io.LimitReader(answer.Body, 300))
		return 0, fmt.Errorf("%s: %s: %s", path, answer.Status, said)
	}
	n, err := io.Copy(io.Discard, answer.Body)
	return int(n), err
}

// drive asks for pages with so many clients for a while.
func (l *limit) drive(b *testing.B, s *httptest.Server, path func(*limit, int) string, clients int, while time.Duration) (took []time.Duration) {
	b.Helper()
	var mu sync.Mutex
	var wg sync.WaitGroup
	end := time.Now().Add(while)
	for k := range clients {
		wg.Go(func() {
			c, err := dial(s, l.cookie)
			if err != nil {
				b.Error(err)
				return
			}
			defer c.close()
			var own []time.Duration
			for n := k * 31; time.Now().Before(end); n++ {
				began := time.Now()
				if _, err := c.get(path(l, n)); err != nil {
					b.Error(err)
					return
				}
				own = append(own, time.Since(began))
			}
			mu.Lock()
			took = append(took, own...)
			mu.Unlock()
		})
	}
	wg.Wait()
	slices.Sort(took)
	return took
}

// compare gives both servers their turns, so that what else the machine does
// falls on both.
func (l *limit) compare(b *testing.B, g *goals, p limited) {
	b.Helper()
	l.drive(b, l.bare, p.path, 16, turn/3)
	l.drive(b, l.own, p.path, 16, turn/3)
	var bare, own, bareAlone, alone []time.Duration
	var bareBusy, ownBusy time.Duration
	for range rounds {
		before := busy()
		bare = append(bare, l.drive(b, l.bare, p.path, 16, turn)...)
		between := busy()
		own = append(own, l.drive(b, l.own, p.path, 16, turn)...)
		bareBusy, ownBusy = bareBusy+between-before, ownBusy+busy()-between
		bareAlone = append(bareAlone, l.drive(b, l.bare, p.path, 1, turn/3)...)
		alone = append(alone, l.drive(b, l.own, p.path, 1, turn/3)...)
	}
	if b.Failed() && len(own)*len(bare)*len(alone)*len(bareAlone) == 0 {
		return
	}
	for _, took := range [][]time.Duration{bare, own, bareAlone, alone} {
		slices.Sort(took)
	}
	perSecond := func(n int) float64 { return float64(n) / (rounds * turn).Seconds() }
	ratio := float64(len(own)) / float64(len(bare))
	if p.share > 0 {
		g.add(p.goal+" "+p.name, fmt.Sprintf("%.0f %% of the limit", 100*p.share), fmt.Sprintf("%.0f %% (%.0f/s of %.0f/s)", 100*ratio, perSecond(len(own)), perSecond(len(bare))), ratio >= p.share)
	}
	if p.alone > 0 {
		longer := float64(middle(alone)) / float64(middle(bareAlone))
		g.add(p.goal+" "+p.name+", one visitor", fmt.Sprintf("%.1f times the limit", p.alone), fmt.Sprintf("%.1f times (p50 %s, limit %s)", longer, at(alone, 50), at(bareAlone, 50)), longer <= p.alone)
	}
	fmt.Printf("%-11s limit %6.0f/s  own %6.0f/s  ratio %3.0f %%   16 clients p50 %s p99 %s   alone p50 %s p99 %s   CPU %s (limit %s)   %d bytes\n",
		p.name, perSecond(len(bare)), perSecond(len(own)), 100*ratio,
		at(own, 50), at(own, 99), at(alone, 50), at(alone, 99), (ownBusy / time.Duration(len(own))).Round(time.Microsecond), (bareBusy / time.Duration(len(bare))).Round(time.Microsecond), l.fetch(b, l.own, p.path(l, 0)))
}

func middle(sorted []time.Duration) time.Duration { return sorted[len(sorted)/2] }

// busy tells for how long the processors of this machine have worked: for the
// server, for PostgreSQL and for whoever asks.
func busy() time.Duration {
	stat, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0
	}
	var user, nice, system int64
	if _, err := fmt.Sscanf(string(stat), "cpu %d %d %d", &user, &nice, &system); err != nil {
		return 0
	}
	return time.Duration(user+nice+system) * 10 * time.Millisecond
}

func at(sorted []time.Duration, percent int) string {
	return fmt.Sprintf("%.2f ms", float64(sorted[len(sorted)*percent/100].Microseconds())/1000)
}
