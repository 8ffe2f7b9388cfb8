package main

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"jalon/internal/access"
	"jalon/internal/bilingual"
)

func TestRolesOfTheSecondFactorAreKnown(t *testing.T) {
	for _, lang := range bilingual.Langs {
		out := &Output{Lang: lang}
		for name, c := range map[string]struct {
			set  []string
			want []access.Role
		}{
			"none":              {nil, nil},
			"set to nothing":    {[]string{""}, nil},
			"one":               {[]string{"administrator"}, []access.Role{access.Administrator}},
			"several":           {[]string{"hr_officer", " holder"}, []access.Role{access.HROfficer, access.Holder}},
			"also the delegate": {[]string{"delegate"}, []access.Role{access.Delegate}},
		} {
			if got, err := factorRoles(out, c.set); err != nil || !slices.Equal(got, c.want) {
				t.Errorf("%s: %v, %v", name, got, err)
			}
		}
		for _, wrong := range []string{"admin", "Administrator", "administrator;secretary"} {
			_, err := factorRoles(out, []string{"secretary", wrong})
			var failure Failure
			if !errors.As(err, &failure) || failure.Code != exitUsage || !strings.Contains(failure.Message, "JALON_SECOND_FACTOR") || !strings.Contains(failure.Message, wrong) || !strings.Contains(failure.Message, "hr_officer") {
				t.Errorf("%s: %v", wrong, err)
			}
		}
	}
}

// A wrong setting is told by its name, before anything starts.
func TestWrongSettingsOfTheServerAreNamed(t *testing.T) {
	good := ServeCmd{Addr: "127.0.0.1:8080"}
	for name, c := range map[string]struct {
		change func(*ServeCmd)
		names  string // the setting that is refused; "" for none
	}{
		"nothing set":             {func(*ServeCmd) {}, ""},
		"any free port":           {func(c *ServeCmd) { c.Addr = "127.0.0.1:0" }, ""},
		"address without a port":  {func(c *ServeCmd) { c.Addr = "127.0.0.1" }, "JALON_ADDR"},
		"port too high":           {func(c *ServeCmd) { c.Addr = "127.0.0.1:99999" }, "JALON_ADDR"},
		"port without a number":   {func(c *ServeCmd) { c.Addr = "127.0.0.1:" }, "JALON_ADDR"},
		"port in words":           {func(c *ServeCmd) { c.Addr = "127.0.0.1:jalon" }, "JALON_ADDR"},
		"address for people":      {func(c *ServeCmd) { c.BaseURL = "https://jalon.example" }, ""},
		"address with a path":     {func(c *ServeCmd) { c.BaseURL = "https://example.brussels/jalon" }, "JALON_BASE_URL"},
		"address with a question": {func(c *ServeCmd) { c.BaseURL = "https://jalon.example?x=1" }, "JALON_BASE_URL"},
		"address with a person":   {func(c *ServeCmd) { c.BaseURL = "https://an@jalon.example" }, "JALON_BASE_URL"},
		"another scheme":          {func(c *ServeCmd) { c.BaseURL = "ftp://jalon.example" }, "JALON_BASE_URL"},
		"proxies":                 {func(c *ServeCmd) { c.TrustedProxies = []string{"10.0.0.0/8", " ::1/128"} }, ""},
		"proxies set to nothing":  {func(c *ServeCmd) { c.TrustedProxies = []string{""} }, ""},
		"a proxy, no range":       {func(c *ServeCmd) { c.TrustedProxies = []string{"10.0.0.0/8", "10.1.2.3"} }, "JALON_TRUSTED_PROXIES"},
		"contact":                 {func(c *ServeCmd) { c.Contact = "toegankelijkheid@jalon.example" }, ""},
		"contact that is none":    {func(c *ServeCmd) { c.Contact = "balie 3" }, "JALON_CONTACT"},
	} {
		for _, lang := range bilingual.Langs {
			cmd := good
			c.change(&cmd)
			err := cmd.check(&Output{Lang: lang})
			var failure Failure
			switch {
			case c.names == "" && err != nil:
				t.Errorf("%s: %v", name, err)
			case c.names != "" && (!errors.As(err, &failure) || failure.Code != exitUsage || !strings.HasPrefix(failure.Message, c.names) || strings.Contains(failure.Message, "⟨")):
				t.Errorf("%s: %v, want a refusal that names %s", name, err, c.names)
			}
		}
	}
}

// Links are the address and a path: a slash at its end would be there twice.
func TestTheAddressForPeopleEndsWithItsHost(t *testing.T) {
	cmd := ServeCmd{Addr: "127.0.0.1:8080", BaseURL: "HTTPS://jalon.example/"}
	if err := cmd.check(&Output{}); err != nil || cmd.BaseURL != "https://jalon.example" {
		t.Errorf("%q, %v", cmd.BaseURL, err)
	}
}
