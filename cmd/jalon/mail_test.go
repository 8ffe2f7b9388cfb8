package main

import (
	"errors"
	"strings"
	"testing"

	"jalon/internal/bilingual"
	"jalon/internal/job"
)

func TestMailSettings(t *testing.T) {
	const base = "https://jalon.example"
	good := MailFlags{Host: "mail.example", From: "Jalon <jalon@jalon.example>"}
	with := func(change func(*MailFlags)) MailFlags {
		f := good
		change(&f)
		return f
	}
	for name, tc := range map[string]struct {
		flags MailFlags
		base  string
		names string // the setting that is refused; "" for none
		port  int
		tls   job.Security
	}{
		"elsewhere":                {good, base, "", 587, job.StartTLS},
		"encrypted from the start": {with(func(f *MailFlags) { f.TLS = "tls" }), base, "", 465, job.TLS},
		"on this machine":          {with(func(f *MailFlags) { f.Host, f.Port = "127.0.0.1", "2525" }), base, "", 2525, job.Clear},
		"in the clear elsewhere":   {with(func(f *MailFlags) { f.TLS = "none" }), base, "JALON_SMTP_TLS", 0, ""},
		"unknown security":         {with(func(f *MailFlags) { f.TLS = "ssl" }), base, "JALON_SMTP_TLS", 0, ""},
		"no sender":                {with(func(f *MailFlags) { f.From = "" }), base, "JALON_SMTP_FROM", 0, ""},
		"sender with a header":     {with(func(f *MailFlags) { f.From = "a@b.be\r\nBcc: x@y.z" }), base, "JALON_SMTP_FROM", 0, ""},
		"no password":              {with(func(f *MailFlags) { f.User = "jalon" }), base, "JALON_SMTP_PASSWORD", 0, ""},
		"password in no file":      {with(func(f *MailFlags) { f.User, f.PasswordFile = "jalon", "/nergens" }), base, "JALON_SMTP_PASSWORD_FILE", 0, ""},
		"two passwords":            {with(func(f *MailFlags) { f.User, f.Password, f.PasswordFile = "jalon", "geheim", "/nergens" }), base, "JALON_SMTP_PASSWORD", 0, ""},
		"file without account":     {with(func(f *MailFlags) { f.PasswordFile = "/nergens" }), base, "JALON_SMTP_USER", 0, ""},
		"file without host":        {MailFlags{PasswordFile: "/nergens"}, base, "JALON_SMTP_HOST", 0, ""},
		"no account":               {with(func(f *MailFlags) { f.Password = "geheim" }), base, "JALON_SMTP_USER", 0, ""},
		"port 0":                   {with(func(f *MailFlags) { f.Port = "0" }), base, "JALON_SMTP_PORT", 0, ""},
		"port 70000":               {with(func(f *MailFlags) { f.Port = "70000" }), base, "JALON_SMTP_PORT", 0, ""},
		"no address for links":     {good, "", "JALON_BASE_URL", 0, ""},
		"no host":                  {MailFlags{From: "a@b.be"}, base, "JALON_SMTP_HOST", 0, ""},
	} {
		for _, lang := range bilingual.Langs {
			s, err := tc.flags.smtp(&Output{Lang: lang}, tc.base)
			var failure Failure
			switch {
			case tc.names == "" && (err != nil || s.Port != tc.port || s.Security != tc.tls || s.From.Address != "jalon@jalon.example"):
				t.Errorf("%s: %+v, %v", name, s, err)
			case tc.names != "" && (!errors.As(err, &failure) || failure.Code != exitUsage || !strings.HasPrefix(failure.Message, tc.names)):
				t.Errorf("%s: %v, want a refusal that names %s", name, err, tc.names)
			}
			if err != nil && strings.Contains(err.Error(), "geheim") {
				t.Errorf("%s: the password is told: %v", name, err)
			}
		}
	}
	if s, err := (MailFlags{}).smtp(&Output{Lang: bilingual.NL}, ""); s != nil || err != nil {
		t.Errorf("no settings at all: %+v, %v", s, err)
	}
}
