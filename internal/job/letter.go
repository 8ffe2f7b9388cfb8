package job

import (
	_ "embed"
	"fmt"
	"html/template"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"jalon/internal/locale"
	"jalon/internal/store"
)

// letter is what a mail says: counts and links, nothing that anybody wrote and
// nobody's name.
type letter struct {
	Lang, Subject, Greeting     string
	Paragraphs                  []string
	Counts                      []string
	Links                       []link
	Footer                      string
	Preferences, PreferencesURL string
}

type link struct{ Label, URL string }

//go:embed letter.html
var letterHTML string

var letterTemplate = template.Must(template.New("letter").Parse(letterHTML))

// writer writes mails in the language of whoever gets them.
type writer struct {
	catalogues *locale.Catalogues
	base       *url.URL // scheme and host that people use: every link starts with it
}

// newWriter takes the address that people use. It never comes from a request.
func newWriter(catalogues *locale.Catalogues, base string) (writer, error) {
	u, err := url.Parse(base)
	if err != nil || u.Hostname() == "" {
		return writer{}, fmt.Errorf("%q is no address that mails can link to", base)
	}
	return writer{catalogues, u}, nil
}

// write makes the mail of a notice. An error means that something in it would
// break a header; nothing is sent then.
func (w writer) write(n notice) (store.Mail, error) {
	p := w.catalogues.In(n.Lang)
	l := w.letter(p, n)
	if strings.ContainsFunc(l.Subject, unicode.IsControl) {
		return store.Mail{}, fmt.Errorf("subject of a %s: a control character", n.Kind)
	}
	var html strings.Builder
	if err := letterTemplate.Execute(&html, l); err != nil {
		return store.Mail{}, fmt.Errorf("write a %s: %w", n.Kind, err)
	}
	return store.Mail{
		PersonID: n.PersonID, Lang: n.Lang, Kind: n.Kind, Key: n.Key, Subject: l.Subject, Text: l.text(), HTML: html.String(),
		UnsubscribeURL: l.PreferencesURL, MessageID: w.messageID(n),
	}, nil
}

// messageID is the same whenever the same mail is written, so that a mailbox
// which gets it twice can tell. Its domain is ours, not that of the machine.
func (w writer) messageID(n notice) string {
	domain := strings.ReplaceAll(w.base.Hostname(), ":", ".") // of an address such as [::1]
	return fmt.Sprintf("%s.%s.%d@%s", n.Kind, n.Key, n.PersonID, strings.Trim(domain, "."))
}

func (w writer) letter(p *locale.Printer, n notice) letter {
	l := letter{
		Lang: string(p.Lang), Greeting: p.T("mail.greeting"), Footer: p.T("mail.footer"),
		Preferences: p.T("mail.preferences"), PreferencesURL: w.url(p, "/preferences"),
	}
	switch n.Kind {
	case store.KindDigest:
		l.Subject = p.N("mail.digest.subject", n.total())
		l.Paragraphs = []string{p.N("mail.digest.text", n.total())}
		for _, c := range []struct {
			key   string
			count int
		}{{"mail.digest.late", n.Late}, {"mail.digest.now", n.Now}, {"mail.digest.soon", n.Soon}} {
			if c.count > 0 {
				l.Counts = append(l.Counts, p.N(c.key, c.count))
			}
		}
		for _, part := range n.Parts {
			l.Counts = append(l.Counts, p.T("mail.digest.part", "Period", p.HalfYear(part.Period), "Date", p.Date(part.Due)))
		}
		l.Links = []link{{p.T("mail.digest.open"), w.url(p, "/due")}}
		w.addMeasures(&l, p, n.Measures)
	case store.KindNudge:
		l.Subject = p.T("mail.nudge.subject", "Period", p.HalfYear(n.Period))
		l.Paragraphs = []string{p.T("mail.nudge.text", "Period", p.HalfYear(n.Period), "Date", p.Date(n.Until))}
		l.Footer = p.T("mail.nudge.footer")
		for _, code := range n.Codes {
			l.Links = append(l.Links, link{code, w.url(p, "/mandates/"+url.PathEscape(code)+"/report/"+n.Period.String())})
		}
	case store.KindReport:
		l.Subject = p.T("mail.report.subject")
		l.Paragraphs = []string{p.T("mail.report.text", "Date", p.Date(n.Until))}
		l.Footer = p.T("mail.report.footer")
		l.Links = []link{{p.T("mail.report.open"), w.url(p, "/evaluations/"+strconv.FormatInt(n.Number, 10)+"/report")}}
	case store.KindEscalation:
		l.Subject = p.T("mail.escalation.subject", "Period", p.HalfYear(n.Period))
		l.Paragraphs = []string{p.N("mail.escalation.text", len(n.Codes), "Period", p.HalfYear(n.Period))}
		for _, code := range n.Codes {
			l.Links = append(l.Links, link{code, w.url(p, "/mandates/"+url.PathEscape(code)+"/monitoring/"+n.Period.String())})
		}
	case store.KindDelegationEnd:
		l.Subject = p.T("mail.delegation.subject", "Date", p.Date(n.Until))
		l.Paragraphs = []string{p.T("mail.delegation.text", "Date", p.Date(n.Until))}
		if n.Granted {
			l.Paragraphs = []string{p.T("mail.delegation.granted", "Date", p.Date(n.Until))}
		}
		l.Footer = p.T("mail.delegation.footer")
		for _, code := range n.Codes {
			l.Links = append(l.Links, link{code, w.url(p, "/mandates/"+url.PathEscape(code))})
		}
	case store.KindPasswordLink:
		l.Subject = p.T("mail.link.subject")
		l.Paragraphs = []string{p.T("mail.link.text")}
		l.Footer = p.T("mail.link.footer")
		l.Links = []link{{p.T("mail.link.open"), w.url(p, "/reset/"+linkPlace)}}
	case store.KindStorm:
		l.Subject = p.T("mail.storm.subject")
		l.Paragraphs = []string{p.T("mail.storm.text", "Count", strconv.Itoa(n.Mails), "Usual", strconv.Itoa(n.Usual))}
		l.Footer = p.T("mail.storm.footer")
		l.Links = []link{{p.T("mail.storm.open"), w.url(p, "/admin/mail")}}
	}
	return l
}

// url gives the address of a page in the language of the reader.
func (w writer) url(p *locale.Printer, path string) string {
	return w.base.JoinPath(string(p.Lang), path).String()
}

// text is the letter without markup.
func (l letter) text() string {
	var b strings.Builder
	b.WriteString(l.Greeting + "\n")
	for _, s := range l.Paragraphs {
		b.WriteString("\n" + s + "\n")
	}
	if len(l.Counts) > 0 {
		b.WriteString("\n")
	}
	for _, s := range l.Counts {
		b.WriteString("- " + s + "\n")
	}
	for _, to := range l.Links {
		b.WriteString("\n" + to.Label + "\n" + to.URL + "\n")
	}
	b.WriteString("\n-- \n" + l.Footer + "\n" + l.Preferences + "\n" + l.PreferencesURL + "\n")
	return b.String()
}
