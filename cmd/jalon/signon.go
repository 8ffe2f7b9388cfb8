package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/site"
	"jalon/internal/sso"
	"jalon/internal/store"
)

// SignOnFlags say which identity provider people sign in at. Without an issuer
// there is none, and everybody has a password.
type SignOnFlags struct {
	Issuer       string `name:"oidc-issuer" env:"JALON_OIDC_ISSUER" placeholder:"url"`
	ClientID     string `name:"oidc-client-id" env:"JALON_OIDC_CLIENT_ID"`
	Secret       string `name:"oidc-client-secret" env:"JALON_OIDC_CLIENT_SECRET"`
	SecretFile   string `name:"oidc-client-secret-file" env:"JALON_OIDC_CLIENT_SECRET_FILE" placeholder:"file"`
	NameNL       string `name:"oidc-name-nl" env:"JALON_OIDC_NAME_NL"`
	NameFR       string `name:"oidc-name-fr" env:"JALON_OIDC_NAME_FR"`
	Scopes       string `name:"oidc-scopes" env:"JALON_OIDC_SCOPES" default:"profile email"`
	ClaimSubject string `name:"oidc-claim-subject" env:"JALON_OIDC_CLAIM_SUBJECT" default:"sub"`
	ClaimEmail   string `name:"oidc-claim-email" env:"JALON_OIDC_CLAIM_EMAIL"`
	ClaimName    string `name:"oidc-claim-name" env:"JALON_OIDC_CLAIM_NAME"`
	ClaimLang    string `name:"oidc-claim-lang" env:"JALON_OIDC_CLAIM_LANG"`
	ClaimGroups  string `name:"oidc-claim-groups" env:"JALON_OIDC_CLAIM_GROUPS"`
	Roles        string `name:"oidc-roles" env:"JALON_OIDC_ROLES"`
	Create       string `name:"oidc-create" env:"JALON_OIDC_CREATE" default:"off"`
	LocalSignIn  string `name:"local-sign-in" env:"JALON_LOCAL_SIGN_IN" default:"on"`
}

// signOn reads the settings; nil when there is no identity provider. baseURL
// is the setting: the provider sends browsers back to it.
func (f SignOnFlags) signOn(out *Output, baseURL string) (*site.SignOn, error) {
	print := out.Print
	wrong := func(name, value, takes string) error {
		takes = print().T("command.setting.takes."+takes, "Roles", roleNames())
		return Failure{exitUsage, print().T("command.setting.oidc", "Name", name, "Value", value, "Takes", takes)}
	}
	emergency, local := f.emergency()
	if !local {
		return nil, wrong("JALON_LOCAL_SIGN_IN", f.LocalSignIn, "local")
	}
	if missing, beside := f.missing(baseURL, emergency != ""); missing != "" {
		return nil, Failure{exitUsage, print().T("command.setting.oidc_missing", "Name", missing, "Beside", beside)}
	}
	if f.Issuer == "" {
		return nil, nil
	}
	if sso.CheckIssuer(f.Issuer) != nil {
		return nil, wrong("JALON_OIDC_ISSUER", f.Issuer, "issuer")
	}
	if !slices.Contains(sso.Subjects, f.ClaimSubject) {
		return nil, wrong("JALON_OIDC_CLAIM_SUBJECT", f.ClaimSubject, "subject")
	}
	if f.Create != "on" && f.Create != "off" {
		return nil, wrong("JALON_OIDC_CREATE", f.Create, "on_off")
	}
	secret, err := f.secret().read()
	if err != nil {
		return nil, out.failure(err)
	}
	s := &site.SignOn{Labels: map[bilingual.Lang]string{bilingual.NL: f.NameNL, bilingual.FR: f.NameFR}, Create: f.Create == "on", Emergency: emergency}
	for _, group := range list(f.Roles) {
		m, err := sso.ParseMapping(group)
		if err != nil {
			return nil, wrong("JALON_OIDC_ROLES", group, "mapping")
		}
		s.Roles = append(s.Roles, m)
	}
	base := strings.TrimRight(baseURL, "/")
	s.Provider = sso.New(sso.Settings{
		Issuer: f.Issuer, ClientID: f.ClientID, ClientSecret: secret, CallbackURL: base + site.CallbackPath, SignedOutURL: base + site.SignedOutPath,
		Scopes: strings.Fields(strings.ReplaceAll(f.Scopes, ",", " ")), Proxy: http.ProxyFromEnvironment,
		Claims: sso.Claims{Subject: f.ClaimSubject, Email: list(f.ClaimEmail), Name: list(f.ClaimName), Lang: list(f.ClaimLang), Groups: list(f.ClaimGroups)},
	}, time.Now)
	return s, nil
}

// emergency gives the one account that may use a password, "" for everybody.
func (f SignOnFlags) emergency() (email string, ok bool) {
	if f.LocalSignIn == "on" || f.LocalSignIn == "" {
		return "", true
	}
	address, found := strings.CutPrefix(f.LocalSignIn, "emergency ")
	if !found {
		return "", false
	}
	return site.MailAddress(strings.TrimSpace(address))
}

// missing names a setting that is needed beside another one.
func (f SignOnFlags) missing(baseURL string, emergency bool) (name, beside string) {
	if f.Issuer == "" {
		for _, other := range []struct{ name, value string }{
			{"JALON_OIDC_CLIENT_ID", f.ClientID}, {"JALON_OIDC_CLIENT_SECRET", f.Secret}, {"JALON_OIDC_CLIENT_SECRET_FILE", f.SecretFile}, {"JALON_OIDC_ROLES", f.Roles},
		} {
			if other.value != "" {
				return "JALON_OIDC_ISSUER", other.name
			}
		}
		if emergency {
			return "JALON_OIDC_ISSUER", "JALON_LOCAL_SIGN_IN"
		}
		return "", ""
	}
	switch {
	case baseURL == "":
		return "JALON_BASE_URL", "JALON_OIDC_ISSUER"
	case f.ClientID == "":
		return "JALON_OIDC_CLIENT_ID", "JALON_OIDC_ISSUER"
	case !f.secret().given():
		return "JALON_OIDC_CLIENT_SECRET", "JALON_OIDC_ISSUER"
	}
	return "", ""
}

func (f SignOnFlags) secret() secretSetting {
	return secretSetting{"JALON_OIDC_CLIENT_SECRET", f.Secret, f.SecretFile}
}

// list reads values with commas between them.
func list(s string) (all []string) {
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}

// warnOfEmergency says that the one account with a password cannot be used: it
// is wanted when nothing else works.
func warnOfEmergency(ctx context.Context, s *store.Store, o *site.SignOn, log *slog.Logger) error {
	if o == nil || o.Emergency == "" {
		return nil
	}
	who, err := s.CredentialsByEmail(ctx, o.Emergency)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if err != nil || who.Disabled || who.PasswordHash == "" {
		log.Warn("JALON_LOCAL_SIGN_IN names an account that cannot sign in: make it with jalon user add")
	}
	return nil
}
