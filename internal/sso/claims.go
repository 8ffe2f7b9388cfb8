package sso

import (
	"net/url"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"jalon/internal/bilingual"
)

// Claims say in which claims of a token the provider puts what Jalon reads.
// Of Email, Name and Lang the first claim that is there counts; Groups are
// taken together. A name with dots is also looked for as a path: realm_access.roles.
type Claims struct {
	Subject string // sub, or oid of Entra ID: nothing that a person can change or lose
	Email   []string
	Name    []string
	Lang    []string
	Groups  []string
}

// DefaultClaims suit Keycloak and Entra ID.
var DefaultClaims = Claims{
	Subject: "sub",
	Email:   []string{"email", "preferred_username", "upn"},
	Name:    []string{"name"},
	Lang:    []string{"locale", "xms_pl", "xms_tpl"},
	Groups:  []string{"groups", "roles"},
}

// Subjects lists the claims that may tell who somebody is. Others, such as an
// e-mail address, can be given to somebody else, or be chosen by the person.
var Subjects = []string{"sub", "oid"}

func (c Claims) orDefault() Claims {
	d := DefaultClaims
	if c.Subject != "" {
		d.Subject = c.Subject
	}
	for _, f := range []struct{ from, to *[]string }{{&c.Email, &d.Email}, {&c.Name, &d.Name}, {&c.Lang, &d.Lang}, {&c.Groups, &d.Groups}} {
		if len(*f.from) > 0 {
			*f.to = *f.from
		}
	}
	return d
}

// Identity is who has signed in at the provider. Issuer and Subject tell who
// it is, for good; the rest is what the provider says of them today.
type Identity struct {
	Issuer, Subject string
	Sub, SID        string         // as a notice of logout names them; SID may be ""
	Name, Email     string         // "" when not told, or not verified
	Lang            bilingual.Lang // "" when not told
	Groups          []string
	TooManyGroups   bool   // for the token: the provider lists them elsewhere, and Groups is empty
	IDToken         string // to sign out with; a secret
}

// Bounds of what a token may say.
const (
	maxSubject = 255 // OpenID Connect Core 1.0, section 2
	maxGroups  = 1000
)

func (c Claims) read(all map[string]any, id *Identity) error {
	id.Subject, _ = all[c.Subject].(string)
	for _, s := range []string{id.Subject, id.Sub} {
		if s == "" || len(s) > maxSubject || strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII || unicode.IsControl(r) }) {
			return refuse("nobody named")
		}
	}
	if len(id.SID) > 500 || strings.ContainsFunc(id.SID, unicode.IsControl) {
		return refuse("claims of another kind")
	}
	id.Name = first(all, c.Name)
	// some providers write it as text
	if verified, told := all["email_verified"]; !told || verified == true || verified == "true" {
		id.Email = first(all, c.Email)
	}
	if lang := first(all, c.Lang); len(lang) >= 2 {
		if known, ok := bilingual.ParseLang(strings.ToLower(lang[:2])); ok {
			id.Lang = known
		}
	}
	for _, name := range c.Groups {
		for _, g := range texts(find(all, name)) {
			if len(id.Groups) < maxGroups && !slices.Contains(id.Groups, g) {
				id.Groups = append(id.Groups, g)
			}
		}
		if elsewhere, _ := all["_claim_names"].(map[string]any); elsewhere[name] != nil {
			id.TooManyGroups = true
		}
	}
	return nil
}

// first gives the first claim that is a line of text.
func first(all map[string]any, names []string) string {
	for _, name := range names {
		s, _ := find(all, name).(string)
		s = strings.TrimSpace(norm.NFC.String(s))
		if s != "" && len(s) <= 500 && !strings.ContainsFunc(s, unicode.IsControl) {
			return s
		}
	}
	return ""
}

func find(all map[string]any, name string) any {
	if v, ok := all[name]; ok {
		return v
	}
	outer, inner, nested := strings.Cut(name, ".")
	if deeper, ok := all[outer].(map[string]any); nested && ok {
		return find(deeper, inner)
	}
	return nil
}

// texts reads a claim that is a text or a list of them.
func texts(v any) (all []string) {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		for _, e := range v {
			if s, ok := e.(string); ok {
				all = append(all, s)
			}
		}
	}
	return all
}

// EndSession gives the address at the provider where a browser signs out
// there too (OpenID Connect RP-Initiated Logout 1.0); "" when there is none,
// or when the provider has not been met yet: signing out waits for nobody.
func (p *Provider) EndSession(idToken string) string {
	p.mu.Lock()
	known := p.known
	p.mu.Unlock()
	if known == nil || known.EndSessionEndpoint == "" {
		return ""
	}
	u, err := url.Parse(known.EndSessionEndpoint)
	if err != nil {
		return ""
	}
	query := u.Query()
	query.Set("client_id", p.settings.ClientID)
	query.Set("post_logout_redirect_uri", p.settings.SignedOutURL)
	if idToken != "" {
		query.Set("id_token_hint", idToken)
	}
	u.RawQuery = query.Encode()
	return u.String()
}
