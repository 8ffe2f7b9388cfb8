package web_test

import (
	"time"

	"jalon/internal/bilingual"
	"jalon/web"
)

// mail shows each state of a mail, and mails that are held.
func (s sampler) mail() web.MailView {
	v := web.MailView{Frame: s.frame("mail.list.title"), Held: 412, NoServer: true, More: true, ReleaseURL: s.url("/admin/mail/release"), DropURL: s.url("/admin/mail/drop"), IdempotencyKey: "k8"}
	text := "Goedendag,\n\n3 zaken wachten op u:\n\n- 3 worden binnen 15 dagen verwacht\n\nBekijk wat er van u verwacht wordt\nhttps://jalon.example/nl/due\n"
	for i, state := range []string{"held", "failed", "queued", "kept", "sent"} {
		v.Counts = append(v.Counts, web.MailCount{State: state, Count: i + 1})
		m := web.OutgoingMail{
			Name: "Dirk Voorbeeld", Email: demoUser("director"), Lang: bilingual.NL, Kind: []string{"digest", "escalation", "delegation_end", "storm", "digest"}[i],
			State: state, Day: day(2026, 11, 24), Subject: "Jalon: 3 zaken wachten op u", Text: text, Attempts: i,
		}
		switch state {
		case "failed":
			m.Error = "smtp 550"
		case "queued":
			m.Error, m.Next = "timeout", now.Add(15*time.Minute)
		case "sent":
			m.Sent = now
		}
		v.Mails = append(v.Mails, m)
	}
	return v
}
