package site

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/locale"
	"jalon/internal/monitoring"
	"jalon/internal/secret"
	"jalon/internal/shelf"
	"jalon/internal/store"
	"jalon/internal/testing/pgtest"
	"jalon/migrations"
)

// strong is the cost of a password at work. Most tests are not about it, and
// sign people in by the hundred: theirs is slight.
var strong = argon

func TestMain(m *testing.M) {
	argon = slight
	os.Exit(pgtest.Main(m))
}

var slight = argonCost{memory: 64, passes: 1, threads: 1}

// atWork gives passwords the cost that they have at work, until the test ends.
func atWork(t *testing.T) {
	argon = strong
	t.Cleanup(func() { argon = slight })
}

// catalogues are read once; nobody changes them.
var catalogues = sync.OnceValue(locale.MustLoad)

// office is a site on a database of its own, with a clock that a test turns, a
// log that it reads, and one person per role.
type office struct {
	*Site
	t     testing.TB
	dsn   string
	log   *lockedBuffer
	mu    sync.Mutex
	now   time.Time
	count *counter
	id    map[string]int64 // of the people, by the first part of their address
}

// password is that of everybody in the office.
const password = "kasteel-vijver-lantaarn"

var passwordHash = sync.OnceValue(func() string { return HashPassword(password) })

// noon of a day on which a half-year is being reported.
var noon = time.Date(2026, time.November, 24, 11, 0, 0, 0, time.UTC)

func newOffice(t testing.TB, change ...func(*Options)) *office {
	t.Helper()
	return newOfficeWith(t, (*office).furnish, change...)
}

// newOfficeWith makes a site whose database is filled by furnish.
func newOfficeWith(t testing.TB, furnish func(*office), change ...func(*Options)) *office {
	t.Helper()
	o := &office{t: t, dsn: pgtest.Database(t, store.Migrate, fingerprint(t)), log: &lockedBuffer{}, now: noon, count: &counter{}, id: map[string]int64{}}
	st, err := store.Open(store.AsSystem(context.Background()), o.dsn, store.Options{Tracer: o.count, Conns: 4})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(st.Close)
	signer, err := monitoring.LoadOrCreateSigner(filepath.Join(t.TempDir(), "seal.key"))
	if err != nil {
		t.Fatal(err)
	}
	files, err := shelf.Open(filepath.Join(t.TempDir(), "evidence"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = files.Close() })
	options := Options{
		Store: st, Signer: signer, Shelf: files, Catalogues: catalogues(), Log: slog.New(slog.NewJSONHandler(o.log, nil)),
		Now: o.clock, BaseURL: "https://jalon.example", Version: "test", Secrets: secret.NewKeyring(), Nudges: plainNudges{}, ReportReminders: plainNudges{},
	}
	for _, c := range change {
		c(&options)
	}
	if o.Site, err = New(options); err != nil {
		t.Fatal(err)
	}
	furnish(o)
	return o
}

// plainNudges writes nudges as short as can be.
type plainNudges struct{}

func (plainNudges) WriteNudge(l store.NudgeLetter) (store.Mail, error) {
	key := l.Round + "." + l.Period.String() + "." + l.Day.String()
	return store.Mail{
		PersonID: l.PersonID, Kind: store.KindNudge, Key: key, Subject: string(l.Lang) + " " + strings.Join(l.Mandates, " "), State: store.MailKept,
		MessageID: fmt.Sprintf("%s.%d@jalon.example", key, l.PersonID),
	}, nil
}

func (plainNudges) WriteReportReminder(l store.ReportLetter) (store.Mail, error) {
	key := fmt.Sprintf("%d.%s", l.EvaluationID, l.Day)
	return store.Mail{
		PersonID: l.PersonID, Kind: store.KindReport, Key: key, Subject: string(l.Lang) + " " + l.Due.String(), State: store.MailKept,
		MessageID: fmt.Sprintf("%s.%d@jalon.example", key, l.PersonID),
	}, nil
}

// furnish makes the people, and two mandates of which the director holds one,
// each with an evaluation; the evaluator is named for the director's.
func (o *office) furnish() {
	o.t.Helper()
	today := calendar.DateOf(noon)
	for _, one := range []struct { // in this order: the director is person 1 of every office
		name string
		role access.Role
	}{
		{"director", ""},
		{"director2", ""},
		{"delegate", ""},
		{"nobody", ""},
		{"committee", access.CommitteeMember},
		{"secretary", access.Secretary},
		{"hr", access.HROfficer},
		{"evaluator", ""},
		{"admin", access.Administrator},
	} {
		name, role := one.name, one.role
		id, _, err := o.Store.CreatePerson(store.AsSystem(context.Background()), store.Submission{Action: "create person"}, store.NewPerson{
			Email: name + "@jalon.example", Name: "Naam " + name, Lang: "nl", PasswordHash: passwordHash(), Role: role, Today: today.AddDays(-100),
		}, "")
		if err != nil {
			o.t.Fatal(err)
		}
		o.id[name] = id
	}
	o.sql(`INSERT INTO institution (code, name_nl, name_fr) VALUES ('ACTIRIS', 'Actiris', 'Actiris'), ('ELDERS', 'Elders', 'Ailleurs')`)
	o.sql(`INSERT INTO framework (code, name_nl, name_fr, adopted_on) VALUES ('F', 'Kader', 'Cadre', '2024-01-01')`)
	o.sql(`INSERT INTO mandate (institution_id, framework_id, code, title_nl, title_nl_state, position)
		SELECT i.id, f.id, i.code || '-A4', 'Directeur', 'original', i.id FROM institution i, framework f`)
	o.sql(`INSERT INTO tenure (mandate_id, person_id, starts_on, told_from) SELECT id, CASE code WHEN 'ACTIRIS-A4' THEN $1::bigint ELSE $2::bigint END, '2024-01-01', '2024-01-01' FROM mandate`, o.id["director"], o.id["director2"])
	o.sql(`INSERT INTO delegation (mandate_id, granted_by, person_id, starts_on, ends_on) SELECT id, $1, $2, '2026-01-01', '2026-12-31' FROM mandate WHERE code = 'ACTIRIS-A4'`, o.id["director"], o.id["delegate"])
	o.sql(`INSERT INTO evaluation (mandate_id, tenure_id, kind, starts_on, ends_on, planned_on, created_by, lang)
		SELECT mandate_id, id, 'interim', '2024-01-01', '2026-12-31', '2026-12-10', $1, 'nl' FROM tenure ORDER BY mandate_id`, o.id["hr"])
	o.sql(`INSERT INTO evaluator (mandate_id, evaluation_id, person_id, starts_on, ends_on, named_by)
		SELECT e.mandate_id, e.id, $1, '2026-10-01', '2027-01-31', $2 FROM evaluation e JOIN mandate m ON m.id = e.mandate_id WHERE m.code = 'ACTIRIS-A4'`, o.id["evaluator"], o.id["hr"])
}

func (o *office) sql(sql string, args ...any) {
	o.t.Helper()
	if _, err := o.Store.Pool().Exec(store.AsSystem(context.Background()), sql, args...); err != nil {
		o.t.Fatal(err)
	}
}

// value asks the database for one value.
func value[T any](o *office, sql string, args ...any) (v T) {
	o.t.Helper()
	if err := o.Store.Pool().QueryRow(store.AsSystem(context.Background()), sql, args...).Scan(&v); err != nil {
		o.t.Fatal(err)
	}
	return v
}

func (o *office) clock() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.now
}

func (o *office) pass(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.now = o.now.Add(d)
}

func fingerprint(t testing.TB) string {
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

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// counter keeps the statements of a site that ask or write something: not those
// around a transaction.
type counter struct {
	mu         sync.Mutex
	statements []string
}

func (c *counter) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	if verb, _, _ := strings.Cut(strings.ToUpper(data.SQL), " "); verb == "BEGIN" || verb == "COMMIT" {
		return ctx // asks nothing
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.statements = append(c.statements, data.SQL)
	return ctx
}

func (c *counter) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// taken gives the statements since the last call.
func (c *counter) taken() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := c.statements
	c.statements = nil
	return all
}

// browser keeps cookies and says where its requests come from, as browsers do.
type browser struct {
	*office
	cookies map[string]string
	address string // of the network
}

func (o *office) browser() *browser {
	return &browser{office: o, cookies: map[string]string{}, address: "192.0.2.10"}
}

// as gives a browser in which somebody has signed in.
func (o *office) as(name string) *browser {
	o.t.Helper()
	return o.signedIn(name + "@jalon.example")
}

// signedIn gives a browser in which the person with an address has signed in.
func (o *office) signedIn(email string) *browser {
	o.t.Helper()
	b := o.browser()
	r := b.post("/nl/login", url.Values{"email": {email}, "password": {password}})
	if r.Code != http.StatusSeeOther {
		o.t.Fatalf("sign-in of %s: %d\n%s", email, r.Code, r.Body)
	}
	return b
}

func (b *browser) get(path string) *httptest.ResponseRecorder {
	return b.send(httptest.NewRequest(http.MethodGet, path, nil))
}

func (b *browser) post(path string, form url.Values) *httptest.ResponseRecorder {
	return b.postRaw(path, "application/x-www-form-urlencoded", form.Encode())
}

func (b *browser) postRaw(path, contentType, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.send(r)
}

// send answers a request and keeps the cookies of the answer.
func (b *browser) send(r *http.Request) *httptest.ResponseRecorder {
	if r.Host == "example.com" { // what httptest fills in
		r.Host = "jalon.example"
	}
	r.RemoteAddr = b.address + ":4711"
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		} else {
			b.cookies[c.Name] = c.Value
		}
	}
	return w
}

func wantCode(t testing.TB, what string, r *httptest.ResponseRecorder, code int) {
	t.Helper()
	if r.Code != code {
		t.Errorf("%s: got %d, want %d (%s)", what, r.Code, code, r.Header().Get("Location"))
	}
}
