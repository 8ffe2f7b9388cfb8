package sso

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jalon/internal/access"
	"jalon/internal/testing/idp"
)

func marshal(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // values of tests always marshal
	}
	return string(raw)
}

func TestClaimsOfProviders(t *testing.T) {
	for name, c := range map[string]struct {
		settings Claims
		said     idp.Claims
		want     Identity
	}{
		"Keycloak": {
			Claims{Groups: []string{"groups", "realm_access.roles"}},
			idp.Claims{"sub": "a1", "email": "a@b.be", "email_verified": true, "name": "An", "locale": "nl", "groups": []any{"/directie"}, "realm_access": map[string]any{"roles": []any{"jalon", "/directie"}}},
			Identity{Subject: "a1", Email: "a@b.be", Name: "An", Lang: "nl", Groups: []string{"/directie", "jalon"}},
		},
		"Entra ID": {
			Claims{Subject: "oid"},
			idp.Claims{"sub": "pairwise", "oid": "0f3c", "preferred_username": "an@b.be", "name": "An", "xms_pl": "fr-be", "groups": []any{"11-22"}, "roles": []any{"Secretary"}},
			Identity{Subject: "0f3c", Email: "an@b.be", Name: "An", Lang: "fr", Groups: []string{"11-22", "Secretary"}},
		},
		"Entra ID with too many groups": {
			Claims{}, idp.Claims{"sub": "s", "_claim_names": map[string]any{"groups": "src1"}}, Identity{Subject: "s", TooManyGroups: true},
		},
		"address not verified":  {Claims{}, idp.Claims{"sub": "s", "email": "a@b.be", "email_verified": false}, Identity{Subject: "s"}},
		"not verified, as text": {Claims{}, idp.Claims{"sub": "s", "email": "a@b.be", "email_verified": "false"}, Identity{Subject: "s"}},
		"verified, as text":     {Claims{}, idp.Claims{"sub": "s", "email": "a@b.be", "email_verified": "true"}, Identity{Subject: "s", Email: "a@b.be"}},
		"verified or not":       {Claims{}, idp.Claims{"sub": "s", "email": "a@b.be", "email_verified": nil}, Identity{Subject: "s"}},
		"one group as text":     {Claims{Groups: []string{"role"}}, idp.Claims{"sub": "s", "role": "x"}, Identity{Subject: "s", Groups: []string{"x"}}},
		"other kinds":           {Claims{}, idp.Claims{"sub": "s", "name": 7, "groups": map[string]any{}, "locale": "d", "email": []any{}}, Identity{Subject: "s"}},
		"name with a line end":  {Claims{}, idp.Claims{"sub": "s", "name": "a\r\nb"}, Identity{Subject: "s"}},
		"a language of others":  {Claims{}, idp.Claims{"sub": "s", "locale": "de-BE"}, Identity{Subject: "s"}},
	} {
		sub, _ := c.said["sub"].(string)
		got := Identity{Sub: sub}
		c.want.Sub = sub
		if err := c.settings.orDefault().read(c.said, &got); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestMappingOfGroups(t *testing.T) {
	for s, want := range map[string]Mapping{
		"grp-secretaries=secretary@ACTIRIS":   {"grp-secretaries", Role{access.Secretary, "ACTIRIS"}},
		"grp-admins=administrator":            {"grp-admins", Role{access.Administrator, ""}},
		" CN=HR;OU=Brussel = hr_officer ":     {"CN=HR;OU=Brussel", Role{access.HROfficer, ""}},
		"/directie=committee_member":          {"/directie", Role{access.CommitteeMember, ""}},
		"0f3c-11=hr_officer@LEEFMILIEU-BXL":   {"0f3c-11", Role{access.HROfficer, "LEEFMILIEU-BXL"}},
		"g=evaluator":                         {},
		"":                                    {},
		"secretary":                           {},
		"=secretary":                          {},
		" =secretary":                         {},
		"g=":                                  {},
		"g=holder":                            {},
		"g=root":                              {},
		"g=secretary@":                        {},
		"g=secretary@actiris":                 {},
		"g=administrator@ACTIRIS":             {},
		"g=secretary@ACTIRIS' OR 1=1--":       {},
		"g=secretary@ACTIRIS\nx":              {},
		"g = secretary @ACTIRIS":              {},
		"grp-secretaries:secretary@ACTIRIS==": {},
	} {
		m, err := ParseMapping(s)
		if (err == nil) != (want != Mapping{}) || m != want && err == nil {
			t.Errorf("%q: %+v, %v", s, m, err)
		}
	}
	mappings := []Mapping{{"a", Role{access.Secretary, "X"}}, {"b", Role{access.Secretary, "X"}}, {"b", Role{access.HROfficer, ""}}, {"c", Role{access.Administrator, ""}}}
	if diff := cmp.Diff([]Role{{access.Secretary, "X"}, {access.HROfficer, ""}}, RolesOf(mappings, []string{"b", "a", "z"})); diff != "" {
		t.Error(diff)
	}
	if got := RolesOf(mappings, nil); got == nil || len(got) != 0 {
		t.Errorf("without groups: %v, want none", got)
	}
}

func TestIssuerIsAnAddress(t *testing.T) {
	for raw, ok := range map[string]bool{
		"https://login.microsoftonline.com/0f3c/v2.0": true, "https://login.example/realms/x": true, "http://127.0.0.1:8080/realms/x": true, "http://localhost/x": true,
		"": false, "login.example": false, "http://login.example": false, "https://a:b@login.example": false, "https://login.example?x=1": false,
		"https://login.example/#x": false, "file:///etc/passwd": false, "https://": false, "javascript:alert(1)": false, "http://127.0.0.1.evil.example": false,
	} {
		if err := CheckIssuer(raw); (err == nil) != ok {
			t.Errorf("%q: %v", raw, err)
		}
	}
}

func TestNoticesOfLogout(t *testing.T) {
	b := newBench(t)
	if n, err := b.Heed(t.Context(), b.idp.LogoutToken(idp.Claims{"sub": subject, "sid": "sid-1"})); err != nil || n.Sub != subject || n.SID != "sid-1" || n.ID == "" || !n.Until.After(b.clock()) {
		t.Fatalf("%+v, %v", n, err)
	}
	for name, claims := range map[string]idp.Claims{
		"no event": {"events": idp.Claims{}}, "another event": {"events": idp.Claims{"http://schemas.openid.net/event/other": idp.Claims{}}}, "a nonce": {"nonce": "x"}, "no number": {"jti": ""},
		"about nobody": {"sub": ""}, "another client": {"aud": "andere"}, "another issuer": {"iss": "https://login.evil.example"}, "expired": {"exp": b.clock().Add(-3 * time.Minute).Unix()},
		"from the future": {"iat": b.clock().Add(3 * time.Minute).Unix()}, "no end": {"exp": 0}, "a line end": {"sid": "a\nb"},
	} {
		full := idp.Claims{"sub": subject}
		for k, v := range claims {
			full[k] = v
		}
		_, err := b.Heed(t.Context(), b.idp.LogoutToken(full))
		var refused *Refusal
		if !errors.As(err, &refused) {
			t.Errorf("%s: %v, want a refusal", name, err)
		}
	}
	if _, err := b.signIn(); err != nil {
		t.Fatal(err)
	}
	b.idp.Sign = idp.Stranger(t)
	if _, err := b.Heed(t.Context(), b.idp.LogoutToken(idp.Claims{"sub": subject})); err == nil {
		t.Error("signed by a stranger: believed")
	}
	b.idp.Sign = nil
	if _, err := b.Heed(t.Context(), b.idp.Token(idp.Claims{"sub": subject, "nonce": "n"})); err == nil {
		t.Error("an ID token is taken for a notice of logout")
	}
}
