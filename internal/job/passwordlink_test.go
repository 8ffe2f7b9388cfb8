package job

import (
	"io"
	"mime/quotedprintable"
	"regexp"
	"strings"
	"testing"
	"time"

	"jalon/internal/calendar"
	"jalon/internal/onetime"
	"jalon/internal/store"
)

var tokenInMail = regexp.MustCompile(`https://jalon\.example/fr/reset/([A-Za-z0-9_-]{43})`)

// tokens gives the token of a mail, which its text and its HTML share.
func tokens(t *testing.T, raw string) onetime.Token {
	t.Helper()
	plain, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(raw)))
	if err != nil {
		t.Fatal(err)
	}
	found := tokenInMail.FindAllStringSubmatch(string(plain), -1)
	if len(found) != 2 || found[0][1] != found[1][1] {
		t.Fatalf("links %v in\n%s", found, plain)
	}
	token, ok := onetime.ParseToken(found[0][1])
	if !ok {
		t.Fatalf("no token: %s", found[0][1])
	}
	return token
}

// The link stands in the sent mail and nowhere else; a second attempt has another.
func TestLinkIsInTheSentMailAlone(t *testing.T) {
	t.Parallel()
	o, s := newOutbox(t), newSink(t)
	s.onData = first(1, errTakenAllTheSame)
	person, closed := o.person("elise", "fr"), o.person("closed", "fr")
	if err := o.SetDisabled(store.AsSystem(t.Context()), store.Submission{Action: "x"}, closed, true, morning, ""); err != nil {
		t.Fatal(err)
	}
	j := o.run(s.settings())
	for _, id := range []int64{0, closed, 999_999, person} {
		if err := j.MailPasswordLink(store.AsSystem(t.Context()), id); err != nil {
			t.Fatal(err)
		}
	}
	o.until("the mail is sent", func() bool { return o.in(store.MailSent) == 1 })
	got := s.got()
	if len(got) != 2 || got[0].to != "elise@jalon.example" || got[0].messageID != got[1].messageID {
		t.Fatalf("%d mails came: %+v", len(got), got)
	}
	one, two := tokens(t, got[0].raw), tokens(t, got[1].raw)
	if one == two {
		t.Error("the same token twice")
	}
	for _, token := range []onetime.Token{one, two} {
		if who, err := o.PasswordLink(store.AsSystem(t.Context()), token.Hash(), morning); err != nil || who.PersonID != person {
			t.Errorf("%+v, %v", who, err)
		}
		if _, err := o.PasswordLink(store.AsSystem(t.Context()), token.Hash(), morning.Add(store.PasswordLinkLife)); err == nil {
			t.Error("it serves after half an hour")
		}
	}
	mails, _, err := o.OutgoingMails(store.AsSystem(t.Context()), 10)
	if err != nil || len(mails) != 1 {
		t.Fatalf("%d mails in the outbox: %v", len(mails), err)
	}
	if !strings.Contains(mails[0].Text, "/fr/reset/not-kept") {
		t.Errorf("kept as\n%s", mails[0].Text)
	}
	var all string
	err = o.Pool().QueryRow(store.AsSystem(t.Context()), `SELECT (SELECT string_agg(m::text, '') FROM outgoing_mail m) || (SELECT string_agg(r::text, '') FROM river_job r) || (SELECT string_agg(a::text, '') FROM audit_event a)`).Scan(&all)
	if err != nil {
		t.Fatal(err)
	}
	for _, token := range []string{one.String(), two.String()} {
		if strings.Contains(all+o.log.String(), token) {
			t.Error("the token stands in the database or the log")
		}
	}
}

func TestLinkIsNotMailedAfterHalfAnHour(t *testing.T) {
	t.Parallel()
	o, s := newOutbox(t), newSink(t)
	m := written(t, notice{Recipient: store.Recipient{PersonID: o.person("elise", "fr"), Lang: "fr"}, Kind: store.KindPasswordLink, Key: "1"})
	m.State, m.Day = store.MailQueued, calendar.DateOf(morning)
	if err := o.QueueMail(store.AsSystem(t.Context()), m, morning); err != nil {
		t.Fatal(err)
	}
	o.turn(morning.Add(store.PasswordLinkLife + time.Second))
	o.run(s.settings())
	o.until("the mail is given up", func() bool { return o.in(store.MailFailed) == 1 })
	if n := len(s.got()); n != 0 {
		t.Errorf("%d mails came", n)
	}
}
