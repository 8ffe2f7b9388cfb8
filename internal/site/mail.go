package site

import (
	"net/http"

	"jalon/internal/access"
	"jalon/internal/store"
	"jalon/web"
)

// mailRoutes are the administrator's: what goes out, and what waits.
func (s *Site) mailRoutes() []route {
	const mail = "/admin/mail"
	return []route{
		{method: http.MethodGet, pattern: mail, action: access.ManageMail, handler: s.showMail},
		{method: http.MethodPost, pattern: mail + "/release", action: access.ManageMail, handler: s.decideHeld(true)},
		{method: http.MethodPost, pattern: mail + "/drop", action: access.ManageMail, handler: s.decideHeld(false)},
	}
}

// mostMails is how many the page lists.
const mostMails = 200

func (s *Site) showMail(w http.ResponseWriter, v *visit) error {
	mails, counts, err := s.Store.OutgoingMails(v.Context(), mostMails)
	if err != nil {
		return err
	}
	view := web.MailView{
		Frame: s.frame(v, v.print.T("mail.list.title")), Held: counts[store.MailHeld], NoServer: !s.Mail, More: len(mails) == mostMails,
		ReleaseURL: v.path("/admin/mail/release"), DropURL: v.path("/admin/mail/drop"), IdempotencyKey: newKey(),
	}
	for _, state := range store.MailStates {
		if counts[state] > 0 {
			view.Counts = append(view.Counts, web.MailCount{State: state, Count: counts[state]})
		}
	}
	for _, m := range mails {
		view.Mails = append(view.Mails, web.OutgoingMail{
			Name: m.Name, Email: m.Email, Lang: m.Lang, Kind: m.Kind, State: m.State, Day: m.Day, Subject: m.Subject, Text: m.Text,
			Attempts: m.Attempts, Error: m.LastError, Next: m.NextAttempt, Sent: m.SentAt,
		})
	}
	return s.render(w, v, http.StatusOK, web.MailPage(view))
}

// decideHeld lets held mails go, or drops them.
func (s *Site) decideHeld(release bool) handler {
	action, said := "drop held mail", "mail.list.dropped"
	if release {
		action, said = "release held mail", "mail.list.released"
	}
	return func(w http.ResponseWriter, v *visit) error {
		f, err := v.form("idempotency_key")
		if err != nil {
			return err
		}
		sub, err := v.submission(f.raw("idempotency_key"), action)
		if err != nil {
			return err
		}
		location, err := s.Store.DecideHeld(v.Context(), sub, release, s.Now(), v.path("/admin/mail"))
		if err != nil {
			return err
		}
		tell(w, web.NoticeDone, said)
		return redirect(w, location)
	}
}
