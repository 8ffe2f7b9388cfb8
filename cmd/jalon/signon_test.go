package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jalon/internal/bilingual"
)

func TestSignOnSettings(t *testing.T) {
	const base = "https://jalon.example"
	folder := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := SignOnFlags{
		Issuer: "https://login.example/realms/actiris", ClientID: "jalon", Secret: "kanarie-geheim", ClaimSubject: "sub", Create: "off", LocalSignIn: "on", Scopes: "profile email",
	}
	with := func(change func(*SignOnFlags)) SignOnFlags {
		f := good
		change(&f)
		return f
	}
	for name, tc := range map[string]struct {
		flags SignOnFlags
		base  string
		names string // the setting that is refused; "" for none
	}{
		"good":                        {good, base, ""},
		"secret in a file":            {with(func(f *SignOnFlags) { f.Secret, f.SecretFile = "", file("secret", "kanarie-geheim\n") }), base, ""},
		"groups":                      {with(func(f *SignOnFlags) { f.Roles = "a=secretary@ACTIRIS, b=administrator" }), base, ""},
		"Entra ID":                    {with(func(f *SignOnFlags) { f.ClaimSubject = "oid" }), base, ""},
		"one account with a password": {with(func(f *SignOnFlags) { f.LocalSignIn = "emergency Nood@jalon.example" }), base, ""},
		"no address of Jalon":         {good, "", "JALON_BASE_URL"},
		"no client":                   {with(func(f *SignOnFlags) { f.ClientID = "" }), base, "JALON_OIDC_CLIENT_ID"},
		"no secret":                   {with(func(f *SignOnFlags) { f.Secret = "" }), base, "JALON_OIDC_CLIENT_SECRET"},
		"two secrets":                 {with(func(f *SignOnFlags) { f.SecretFile = "x" }), base, "JALON_OIDC_CLIENT_SECRET"},
		"no such file":                {with(func(f *SignOnFlags) { f.Secret, f.SecretFile = "", filepath.Join(folder, "none") }), base, "JALON_OIDC_CLIENT_SECRET_FILE"},
		"empty file":                  {with(func(f *SignOnFlags) { f.Secret, f.SecretFile = "", file("empty", "\n") }), base, "JALON_OIDC_CLIENT_SECRET_FILE"},
		"issuer in the clear":         {with(func(f *SignOnFlags) { f.Issuer = "http://login.example" }), base, "JALON_OIDC_ISSUER"},
		"subject by address":          {with(func(f *SignOnFlags) { f.ClaimSubject = "email" }), base, "JALON_OIDC_CLAIM_SUBJECT"},
		"a role that is none":         {with(func(f *SignOnFlags) { f.Roles = "a=secretary,b=root" }), base, "JALON_OIDC_ROLES"},
		"a role that is not given":    {with(func(f *SignOnFlags) { f.Roles = "a=holder" }), base, "JALON_OIDC_ROLES"},
		"neither on nor off":          {with(func(f *SignOnFlags) { f.Create = "yes" }), base, "JALON_OIDC_CREATE"},
		"off altogether":              {with(func(f *SignOnFlags) { f.LocalSignIn = "off" }), base, "JALON_LOCAL_SIGN_IN"},
		"emergency of nobody":         {with(func(f *SignOnFlags) { f.LocalSignIn = "emergency " }), base, "JALON_LOCAL_SIGN_IN"},
		"emergency of two":            {with(func(f *SignOnFlags) { f.LocalSignIn = "emergency a@b.be c@d.be" }), base, "JALON_LOCAL_SIGN_IN"},
		"emergency without issuer":    {SignOnFlags{LocalSignIn: "emergency a@b.be"}, base, "JALON_OIDC_ISSUER"},
		"client without issuer":       {SignOnFlags{ClientID: "jalon"}, base, "JALON_OIDC_ISSUER"},
		"secret without issuer":       {SignOnFlags{Secret: "kanarie-geheim"}, base, "JALON_OIDC_ISSUER"},
	} {
		for _, lang := range bilingual.Langs {
			s, err := tc.flags.signOn(&Output{Lang: lang}, tc.base)
			var failure Failure
			switch {
			case tc.names == "" && (err != nil || s == nil || s.Provider.Issuer() != good.Issuer):
				t.Errorf("%s: %+v, %v", name, s, err)
			case tc.names != "" && (!errors.As(err, &failure) || failure.Code != exitUsage || !strings.HasPrefix(failure.Message, tc.names+" ") && !strings.HasPrefix(failure.Message, tc.names+":")):
				t.Errorf("%s: %v, want a refusal that names %s", name, err, tc.names)
			}
			if err != nil && strings.Contains(err.Error(), "kanarie") {
				t.Errorf("%s: the secret is told: %v", name, err)
			}
		}
	}
	if s, err := (SignOnFlags{}).signOn(&Output{Lang: bilingual.NL}, ""); s != nil || err != nil {
		t.Errorf("no settings at all: %+v, %v", s, err)
	}
	s, err := with(func(f *SignOnFlags) { f.LocalSignIn, f.Create = "emergency Nood@jalon.example", "on" }).signOn(&Output{Lang: bilingual.NL}, base+"/")
	if err != nil || s.Emergency != "nood@jalon.example" || !s.Create {
		t.Errorf("%+v, %v", s, err)
	}
}
