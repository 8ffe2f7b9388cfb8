package job

import (
	"net/mail"
	"strings"
	"testing"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/locale"
	"jalon/internal/store"
)

func TestANudgeSpeaksTheLanguageOfItsReader(t *testing.T) {
	w, err := newWriter(locale.MustLoad(), "https://jalon.example")
	if err != nil {
		t.Fatal(err)
	}
	for lang, want := range map[bilingual.Lang][]string{
		bilingual.NL: {"uw deel van het 1e semester 2026", "10/07/2026", "https://jalon.example/nl/mandates/M1/report/2026-H1"},
		bilingual.FR: {"votre partie du 1er semestre 2026", "10/07/2026", "https://jalon.example/fr/mandates/M1/report/2026-H1"},
	} {
		for smtp, state := range map[*SMTP]string{nil: store.MailKept, {}: store.MailQueued} {
			j := &Jobs{Options: Options{SMTP: smtp}, writer: w}
			m, err := j.WriteNudge(store.NudgeLetter{
				Recipient: store.Recipient{PersonID: 7, Lang: lang}, Round: "ACTIRIS-DR", Period: calendar.HalfYear{Year: 2026, Half: 1},
				Due: date("2026-07-10"), Day: date("2026-07-13"), Mandates: []string{"M1"},
			})
			if err != nil {
				t.Fatal(err)
			}
			for _, words := range want {
				if !strings.Contains(m.Subject+m.Text, words) {
					t.Errorf("%s: the mail lacks %q:\n%s", lang, words, m.Text)
				}
			}
			if m.State != state || m.Kind != store.KindNudge || m.PersonID != 7 {
				t.Errorf("%s: %s for %d, %s", lang, m.Kind, m.PersonID, m.State)
			}
			if _, err := mail.ParseAddress("<" + m.MessageID + ">"); err != nil {
				t.Errorf("message id %q: %v", m.MessageID, err)
			}
		}
	}
}
