package main

import (
	"strings"
	"testing"
)

// What was made tells it in the numbers of the reader, and is not made over what is there.
func TestInventedMandatesAreMadeOnce(t *testing.T) {
	t.Setenv("JALON_DATABASE_URL", emptyDatabase(t))
	t.Setenv("LC_ALL", "")
	t.Setenv("LANG", "fr_BE.UTF-8")
	const line = "generate --mandates 1 --years 1"
	if code, _, said := jalon(t, line); code != 0 || !strings.HasPrefix(said, "Mandats créés : 1 ; rapportages : ") || strings.Count(said, ".") > 1 {
		t.Errorf("exit %d, %q", code, said)
	}
	code, _, said := jalon(t, line)
	if want := "jalon: Cette base de données contient déjà des mandats inventés. Prenez-en une vide.\n"; code != exitNo || said != want {
		t.Errorf("exit %d, %q, want %q", code, said, want)
	}
}
