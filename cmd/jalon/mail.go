package main

import (
	"net/mail"
	"strconv"
	"strings"

	"jalon/internal/job"
)

// MailFlags say which server takes the mail. Without a host mails are kept.
type MailFlags struct {
	Host         string `name:"smtp-host" env:"JALON_SMTP_HOST"`
	Port         string `name:"smtp-port" env:"JALON_SMTP_PORT" placeholder:"number"`
	User         string `name:"smtp-user" env:"JALON_SMTP_USER"`
	Password     string `name:"smtp-password" env:"JALON_SMTP_PASSWORD"`
	PasswordFile string `name:"smtp-password-file" env:"JALON_SMTP_PASSWORD_FILE" placeholder:"file"`
	From         string `name:"smtp-from" env:"JALON_SMTP_FROM" placeholder:"email"`
	TLS          string `name:"smtp-tls" env:"JALON_SMTP_TLS"`
}

func (f MailFlags) password() secretSetting {
	return secretSetting{"JALON_SMTP_PASSWORD", f.Password, f.PasswordFile}
}

// smtp reads the settings; nil when there is no mail server. baseURL is the
// setting: links in mails need an address that people use.
func (f MailFlags) smtp(out *Output, baseURL string) (*job.SMTP, error) {
	print := out.Print
	wrong := func(name, value, takes string) error {
		return Failure{exitUsage, print().T("command.setting.smtp", "Name", name, "Value", value, "Takes", print().T("command.setting.takes."+takes))}
	}
	missing := func(name, beside string) error {
		return Failure{exitUsage, print().T("command.setting.smtp_missing", "Name", name, "Beside", beside)}
	}
	if f.Host == "" {
		for _, other := range []struct{ name, value string }{
			{"JALON_SMTP_PORT", f.Port},
			{"JALON_SMTP_USER", f.User},
			{"JALON_SMTP_PASSWORD", f.Password},
			{"JALON_SMTP_PASSWORD_FILE", f.PasswordFile},
			{"JALON_SMTP_FROM", f.From},
			{"JALON_SMTP_TLS", f.TLS},
		} {
			if other.value != "" {
				return nil, missing("JALON_SMTP_HOST", other.name)
			}
		}
		return nil, nil
	}
	switch {
	case baseURL == "":
		return nil, missing("JALON_BASE_URL", "JALON_SMTP_HOST")
	case f.From == "":
		return nil, missing("JALON_SMTP_FROM", "JALON_SMTP_HOST")
	case f.User != "" && !f.password().given():
		return nil, missing("JALON_SMTP_PASSWORD", "JALON_SMTP_USER")
	case f.User == "" && f.password().given():
		return nil, missing("JALON_SMTP_USER", "JALON_SMTP_PASSWORD")
	}
	password, err := f.password().read()
	if err != nil {
		return nil, out.failure(err)
	}
	s := &job.SMTP{Host: f.Host, User: f.User, Password: password, Security: job.Security(f.TLS)}
	if f.TLS == "" {
		s.Security = job.StartTLS
		if loopback(f.Host) {
			s.Security = job.Clear
		}
	}
	if s.Security != job.StartTLS && s.Security != job.TLS && (s.Security != job.Clear || !loopback(f.Host)) {
		return nil, wrong("JALON_SMTP_TLS", f.TLS, "tls")
	}
	port := f.Port
	if port == "" {
		port = map[job.Security]string{job.TLS: "465"}[s.Security]
	}
	if port == "" {
		port = "587"
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 {
		return nil, wrong("JALON_SMTP_PORT", f.Port, "port")
	}
	s.Port = int(n)
	from, err := mail.ParseAddress(f.From)
	if err != nil || strings.ContainsAny(f.From, "\r\n") {
		return nil, wrong("JALON_SMTP_FROM", f.From, "from")
	}
	s.From = *from
	return s, nil
}
