package main

import (
	"bytes"
	"net/url"
	"strings"
	"testing"
)

// Whoever reads it can do something about it: what is technical comes last, on the same line.
func TestAnUnreachableDatabaseIsToldInTheReadersLanguage(t *testing.T) {
	t.Setenv("LC_ALL", "")
	t.Setenv("JALON_DATABASE_URL_FILE", "")
	dsn, _ := trailOf(t)
	other, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	other.Path = "/nergens"
	for _, c := range []struct{ address, nl, fr, reason string }{
		{"postgres://jalon:kanarie@127.0.0.1:1/jalon", "De databankserver is niet bereikbaar. ", "Le serveur de base de données est injoignable. ", "connection refused"},
		{other.String(), "De databankserver laat Jalon niet binnen. ", "Le serveur de base de données refuse l’accès à Jalon. ", `database "nergens" does not exist`},
	} {
		t.Setenv("JALON_DATABASE_URL", c.address)
		for lang, want := range map[string]string{"nl_BE.UTF-8": "jalon: " + c.nl, "fr_BE.UTF-8": "jalon: " + c.fr} {
			t.Setenv("LANG", lang)
			var out, fault bytes.Buffer
			code, said := run([]string{"mandates"}, &out, &fault), fault.String()
			if code != exitFault || !strings.HasPrefix(said, want) || !strings.HasSuffix(said, c.reason+").\n") || strings.Count(said, "\n") != 1 || strings.Contains(said, "kanarie") {
				t.Errorf("%d %q, want %q", code, said, want)
			}
		}
	}
}
