package job

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/mail"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/locale"
	"jalon/internal/store"
	"jalon/internal/testing/pgtest"
	"jalon/migrations"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

var catalogues = locale.MustLoad()

// morning is ten past seven in Brussels.
var morning = time.Date(2026, time.November, 24, 6, 10, 0, 0, time.UTC)

// outbox is a database with people, and the jobs of one or more servers on it.
type outbox struct {
	*store.Store
	t   testing.TB
	dsn string
	log *lines

	mu  sync.Mutex
	now time.Time
}

func newOutbox(t testing.TB) *outbox {
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
	o := &outbox{t: t, dsn: pgtest.Database(t, store.Migrate, hex.EncodeToString(h.Sum(nil))), log: &lines{}, now: morning}
	o.Store = o.open()
	return o
}

// open connects as one more server.
func (o *outbox) open() *store.Store {
	o.t.Helper()
	s, err := store.Open(store.AsSystem(context.Background()), o.dsn, store.Options{})
	if err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(s.Close)
	return s
}

func (o *outbox) clock() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.now
}

func (o *outbox) turn(to time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.now = to
}

// person makes an account.
func (o *outbox) person(name string, lang bilingual.Lang) int64 {
	o.t.Helper()
	id, _, err := o.CreatePerson(store.AsSystem(o.t.Context()), store.Submission{Action: "create person"}, store.NewPerson{
		Email: name + "@jalon.example", Name: name, Lang: lang, Today: calendar.DateOf(morning),
	}, "")
	if err != nil {
		o.t.Fatal(err)
	}
	return id
}

// post puts one digest for each of so many new people in the outbox.
func (o *outbox) post(n int) {
	o.t.Helper()
	w, err := newWriter(catalogues, "https://jalon.example")
	if err != nil {
		o.t.Fatal(err)
	}
	var mails []store.Mail
	for i := range n {
		m, err := w.write(notice{
			Recipient: store.Recipient{PersonID: o.person(fmt.Sprintf("person%d", i), bilingual.Langs[i%2])}, Kind: store.KindDigest, Key: "2026-11-24", Soon: i + 1,
		}.in(bilingual.Langs[i%2]))
		if err != nil {
			o.t.Fatal(err)
		}
		m.State = store.MailQueued
		mails = append(mails, m)
	}
	if planned, err := o.PlanMails(store.AsSystem(o.t.Context()), calendar.DateOf(morning), false, mails, morning); err != nil || !planned {
		o.t.Fatalf("planned %v: %v", planned, err)
	}
}

func (n notice) in(lang bilingual.Lang) notice {
	n.Lang = lang
	return n
}

// jobs prepares the jobs of one server that is quick to look again.
func (o *outbox) jobs(to *SMTP) *Jobs {
	o.t.Helper()
	j, err := New(Options{
		Store: o.open(), Catalogues: catalogues, Log: slog.New(slog.NewJSONHandler(o.log, nil)), Now: o.clock, BaseURL: "https://jalon.example", SMTP: to,
		Every: time.Second, Poll: 50 * time.Millisecond, Retries: []time.Duration{100 * time.Millisecond},
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return j
}

// run starts the jobs of a server until the test ends.
func (o *outbox) run(to *SMTP) *Jobs {
	o.t.Helper()
	j := o.jobs(to)
	if err := j.Start(store.AsSystem(o.t.Context())); err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(store.AsSystem(context.Background()), 2*time.Minute)
		defer cancel()
		if err := j.Stop(ctx); err != nil {
			o.t.Error(err)
		}
	})
	return j
}

// until waits for something to become true.
func (o *outbox) until(what string, true func() bool) {
	o.t.Helper()
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if true() {
			return
		}
	}
	o.t.Fatalf("waited in vain until %s\n%s", what, o.log)
}

// in counts the mails in a state.
func (o *outbox) in(state string) int {
	o.t.Helper()
	_, counts, err := o.OutgoingMails(store.AsSystem(context.Background()), 1)
	if err != nil {
		o.t.Fatal(err)
	}
	return counts[state]
}

// lines keeps the log.
type lines struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// sink is a mail server that does what a test wants to each mail in turn.
type sink struct {
	t       testing.TB
	server  *smtp.Server
	address string

	mu     sync.Mutex
	mails  []received
	tries  int
	onMail func(try int) error // answer to MAIL FROM
	onData func(try int) error // answer to the mail; what it takes is kept before
}

type received struct {
	from, to  string
	raw       string
	messageID string
}

// newSink starts a mail server on loopback.
func newSink(t testing.TB, change ...func(*smtp.Server)) *sink {
	t.Helper()
	s := &sink{t: t}
	s.listen("127.0.0.1:0", change...)
	return s
}

func (s *sink) listen(address string, change ...func(*smtp.Server)) {
	s.t.Helper()
	l, err := net.Listen("tcp", address)
	if err != nil {
		s.t.Fatal(err)
	}
	s.address = l.Addr().String()
	s.server = smtp.NewServer(s)
	s.server.Domain, s.server.AllowInsecureAuth = "sink.example", true
	s.server.ErrorLog = discard{}
	for _, c := range change {
		c(s.server)
	}
	done := make(chan struct{})
	server := s.server
	go func() { defer close(done); _ = server.Serve(l) }()
	s.t.Cleanup(func() { _ = l.Close(); _ = server.Close(); <-done })
	// a server that is closed before it serves goes on serving
	c, err := net.Dial("tcp", s.address)
	if err != nil {
		s.t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Read(make([]byte, 3)); err != nil {
		s.t.Fatal(err)
	}
}

type discard struct{}

func (discard) Printf(string, ...any) {}
func (discard) Println(...any)        {}

// settings are those of a server that sends to the sink.
func (s *sink) settings() *SMTP {
	host, port, err := net.SplitHostPort(s.address)
	if err != nil {
		s.t.Fatal(err)
	}
	number, err := net.LookupPort("tcp", port)
	if err != nil {
		s.t.Fatal(err)
	}
	return &SMTP{Host: host, Port: number, From: mail.Address{Name: "Jalon", Address: "jalon@jalon.example"}, Security: Clear, Timeout: 2 * time.Second}
}

func (s *sink) got() []received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]received(nil), s.mails...)
}

// NewSession is for the server.
func (s *sink) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{sink: s}, nil }

type session struct {
	*sink
	try  int
	mail received
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.mu.Lock()
	s.tries++
	s.try = s.tries
	s.mu.Unlock()
	s.mail = received{from: from}
	if s.onMail != nil {
		return s.onMail(s.try)
	}
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.mail.to = to
	return nil
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	parsed, err := mail.ReadMessage(strings.NewReader(string(raw)))
	if err != nil {
		return err
	}
	s.mail.raw, s.mail.messageID = string(raw), parsed.Header.Get("Message-ID")
	var answer error
	if s.onData != nil {
		answer = s.onData(s.try)
	}
	if answer == nil || errors.Is(answer, errTakenAllTheSame) {
		s.mu.Lock()
		s.mails = append(s.mails, s.mail)
		s.mu.Unlock()
	}
	return answer
}

var errTakenAllTheSame = errors.New("taken, and yet")
