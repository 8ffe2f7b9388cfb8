package job

import (
	"context"
	"errors"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"jalon/internal/store"
)

func TestTwoServersSendEachMailOnce(t *testing.T) {
	t.Parallel()
	o, s := newOutbox(t), newSink(t)
	o.post(40)
	o.run(s.settings())
	o.run(s.settings())
	o.until("all are sent", func() bool { return o.in(store.MailSent) == 40 })
	seen := map[string]int{}
	for _, m := range s.got() {
		seen[m.messageID]++
	}
	for id, times := range seen {
		if times != 1 {
			t.Errorf("%s came %d times", id, times)
		}
	}
	if len(seen) != 40 {
		t.Errorf("%d mails came, want 40", len(seen))
	}
}

var (
	later   = &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "greylisted, the mail said 3 zaken"}
	refused = &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "no"}
)

// A server out of order loses no mail, and gets none twice unless it took the
// mail and could not say so.
func TestServersOutOfOrder(t *testing.T) {
	for name, tc := range map[string]struct {
		prepare func(*sink)
		came    int    // copies, all under one Message-ID
		code    string // noted after the first attempt
	}{
		"in order":                   {func(*sink) {}, 1, ""},
		"later, then taken":          {func(s *sink) { s.onData = first(2, later) }, 1, "smtp 451"},
		"refuses, then mended":       {func(s *sink) { s.onMail = first(2, refused) }, 1, "smtp 550"},
		"refuses the mail":           {func(s *sink) { s.onData = first(1, refused) }, 1, "smtp 550"},
		"hangs after the data":       {func(s *sink) { s.onData = hang }, 2, "timeout"},
		"takes it and says it fails": {func(s *sink) { s.onData = first(1, errTakenAllTheSame) }, 2, "smtp 554"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o, s := newOutbox(t), newSink(t)
			tc.prepare(s)
			o.post(1)
			settings := s.settings()
			settings.Timeout = 500 * time.Millisecond
			o.run(settings)
			o.until("it is sent", func() bool { return o.in(store.MailSent) == 1 })
			o.until("each copy has come", func() bool { return len(s.got()) >= tc.came })
			got := s.got()
			if len(got) != tc.came {
				t.Errorf("%d copies came, want %d", len(got), tc.came)
			}
			for _, m := range got {
				if m.messageID != got[0].messageID || m.raw != got[0].raw {
					t.Errorf("the copies differ:\n%s\n%s", m.raw, got[0].raw)
				}
			}
			if !strings.Contains(o.log.String(), tc.code) {
				t.Errorf("the log does not say %q: %s", tc.code, o.log)
			}
			if strings.Contains(o.log.String(), "greylisted") || strings.Contains(o.log.String(), "@") {
				t.Errorf("the log quotes the server or names people: %s", o.log)
			}
		})
	}
}

func first(n int, err error) func(int) error {
	return func(try int) error {
		if try <= n {
			return err
		}
		return nil
	}
}

// hang takes the first mail and answers too late.
func hang(try int) error {
	if try == 1 {
		time.Sleep(1500 * time.Millisecond)
	}
	return nil
}

func TestAServerThatIsDownGetsTheMailWhenItIsBack(t *testing.T) {
	t.Parallel()
	o, s := newOutbox(t), newSink(t)
	settings := s.settings()
	if err := s.server.Close(); err != nil {
		t.Fatal(err)
	}
	o.post(3)
	o.run(settings)
	o.until("each was tried", func() bool { return strings.Count(o.log.String(), "mail not sent") >= 3 })
	mails, counts, err := o.OutgoingMails(store.AsSystem(t.Context()), 10)
	if err != nil || counts[store.MailQueued] != 3 {
		t.Fatalf("%v, %v: want all three queued", counts, err)
	}
	if m := mails[0]; m.LastError != "connection" || m.NextAttempt.IsZero() {
		t.Errorf("%q, next at %v: want what went wrong and when it is tried again", m.LastError, m.NextAttempt)
	}
	s.listen(s.address)
	o.until("all are sent", func() bool { return o.in(store.MailSent) == 3 })
	if got := len(s.got()); got != 3 {
		t.Errorf("%d mails came, want 3", got)
	}
}

func TestGivesUpAfterThreeDaysForAllToSee(t *testing.T) {
	t.Parallel()
	o, s := newOutbox(t), newSink(t)
	s.onMail = func(int) error { return refused }
	o.post(1)
	o.turn(morning.Add(giveUp))
	o.run(s.settings())
	o.until("it failed", func() bool { return o.in(store.MailFailed) == 1 })
	mails, _, err := o.OutgoingMails(store.AsSystem(t.Context()), 1)
	if err != nil || mails[0].LastError != "smtp 550" || mails[0].Attempts != 1 {
		t.Errorf("%+v, %v", mails, err)
	}
}

func TestRetriesReachThreeDays(t *testing.T) {
	var waited time.Duration
	attempts := 1
	for ; waited <= giveUp; attempts++ {
		waited += retries[min(attempts-1, len(retries)-1)]
	}
	if retries[0] > time.Minute || attempts > (mailArgs{}).InsertOpts().MaxAttempts {
		t.Errorf("first wait %v, %d attempts", retries[0], attempts)
	}
}

func TestNothingIsSentToWhoLeftOrSwitchedOff(t *testing.T) {
	t.Parallel()
	o, s := newOutbox(t), newSink(t)
	o.post(3)
	for _, sql := range []string{
		`UPDATE person SET disabled_at = now() WHERE email = 'person0@jalon.example'`,
		`INSERT INTO reminder_preference (person_id, digest) SELECT id, false FROM person WHERE email = 'person1@jalon.example'`,
	} {
		if _, err := o.Pool().Exec(store.AsSystem(t.Context()), sql); err != nil {
			t.Fatal(err)
		}
	}
	o.run(s.settings())
	o.until("all are done", func() bool { return o.in(store.MailQueued) == 0 })
	if got := s.got(); len(got) != 1 || got[0].to != "person2@jalon.example" || o.in(store.MailFailed) != 2 {
		t.Errorf("%+v came", got)
	}
}

func TestWithoutAServerMailsAreKept(t *testing.T) {
	t.Parallel()
	o := newOutbox(t)
	o.post(2)
	o.run(nil)
	o.until("both are kept", func() bool { return o.in(store.MailKept) == 2 })
}

// Encryption is not optional: a server that offers none gets neither the
// password nor the mail.
func TestNoMailInTheClear(t *testing.T) {
	s := newSink(t)
	settings := s.settings()
	settings.Security, settings.User, settings.Password = StartTLS, "jalon", "geheim"
	err := sender{*settings}.send(store.AsSystem(t.Context()), sample(t, "nl"), morning)
	if err == nil || err.Error() != "tls" || len(s.got()) != 0 || s.tries != 0 {
		t.Errorf("%v, %d mails, %d tries", err, len(s.got()), s.tries)
	}
}

func TestACertificateIsChecked(t *testing.T) {
	config, pool := certificate(t)
	s := newSink(t, func(server *smtp.Server) { server.TLSConfig = config })
	settings := s.settings()
	settings.Security = StartTLS
	if err := (sender{*settings}).send(store.AsSystem(t.Context()), sample(t, "nl"), morning); err == nil || err.Error() != "tls" || len(s.got()) != 0 {
		t.Errorf("an unknown certificate: %v, %d mails", err, len(s.got()))
	}
	settings.Trust = pool
	if err := (sender{*settings}).send(store.AsSystem(t.Context()), sample(t, "nl"), morning); err != nil || len(s.got()) != 1 {
		t.Errorf("a trusted certificate: %v, %d mails", errors.Unwrap(err), len(s.got()))
	}
}

func TestStopsWhileAServerHangs(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	connected := make(chan net.Conn, 10)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			connected <- c // and says nothing
		}
	}()
	o := newOutbox(t)
	o.post(1)
	settings := (&sink{t: t, address: l.Addr().String()}).settings()
	settings.Timeout = time.Minute
	before := runtime.NumGoroutine()
	j := o.jobs(settings)
	if err := j.Start(store.AsSystem(t.Context())); err != nil {
		t.Fatal(err)
	}
	c := <-connected
	defer c.Close()
	ctx, cancel := context.WithTimeout(store.AsSystem(context.Background()), softStop+2*time.Minute)
	defer cancel()
	if err := j.Stop(ctx); err != nil {
		t.Fatal(err)
	}
	j.Store.Close()
	o.until("no goroutine is left", func() bool { return runtime.NumGoroutine() <= before })
	if o.in(store.MailQueued) != 1 {
		t.Error("the mail that was cut off is lost")
	}
	// another server goes on with it
	s := newSink(t)
	o.run(s.settings())
	o.until("it is sent", func() bool { return o.in(store.MailSent) == 1 })
	if n := len(s.got()); n != 1 {
		t.Errorf("%d mails came", n)
	}
}
