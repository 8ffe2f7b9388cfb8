package main

import (
	"bytes"
	"io"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"jalon/internal/bilingual"
)

// One sentence, wholly in the reader's language: what the parser of the command
// line says in English is said over again.
func TestAMistakeOnTheCommandLineIsToldInOneLanguage(t *testing.T) {
	t.Setenv("LC_ALL", "")
	english := regexp.MustCompile(`\b(expected|unexpected|unknown|missing|must|one of|but got|value|valid|EOL|STRING|did you mean)\b`)
	for _, c := range []struct {
		args   []string
		nl, fr string
	}{
		{nil, "jalon: Kies een opdracht, zoals serve, migrate, import, deadline, mandates. Zie jalon --help.\n", "jalon: Choisissez une commande, comme serve, migrate, import, deadline, mandates. Voir jalon --help.\n"},
		{[]string{"user"}, "jalon: Kies een opdracht, zoals add, list, disable, password, grant. Zie jalon --help.\n", "jalon: Choisissez une commande, comme add, list, disable, password, grant. Voir jalon --help.\n"},
		{[]string{"verfy", "x"}, "jalon: “verfy” hoort hier niet. Zie jalon --help.\n", "jalon: « verfy » n’a pas sa place ici. Voir jalon --help.\n"},
		{[]string{"deadline"}, "jalon: Er ontbreekt: <text>. Zie jalon --help.\n", "jalon: Il manque : <text>. Voir jalon --help.\n"},
		{[]string{"import"}, "jalon: Er ontbreekt: <file>. Zie jalon --help.\n", "jalon: Il manque : <file>. Voir jalon --help.\n"},
		{[]string{"version", "--bogus"}, "jalon: De optie --bogus bestaat niet. Zie jalon --help.\n", "jalon: L’option --bogus n’existe pas. Voir jalon --help.\n"},
		{[]string{"export", "monitoring", "--period", "current"}, "jalon: Er ontbreekt: --mandate, --output. Zie jalon --help.\n", "jalon: Il manque : --mandate, --output. Voir jalon --help.\n"},
		{[]string{"migrate", "sideways"}, "jalon: <direction> is een van up, down, status, niet “sideways”. Zie jalon --help.\n", "jalon: <direction> est l’un de up, down, status, et non « sideways ». Voir jalon --help.\n"},
		{[]string{"export", "monitoring", "--mandate", "M", "-o", "x", "--format", "doc"}, "jalon: --format is een van xlsx, docx, pdf, html, csv, json, niet “doc”. Zie jalon --help.\n", "jalon: --format est l’un de xlsx, docx, pdf, html, csv, json, et non « doc ». Voir jalon --help.\n"},
		{[]string{"generate", "--mandates", "abc"}, "jalon: --mandates neemt geen “abc”. Zie jalon --help.\n", "jalon: --mandates ne prend pas « abc ». Voir jalon --help.\n"},
		{[]string{"generate", "--mandates"}, "jalon: --mandates heeft een waarde nodig. Zie jalon --help.\n", "jalon: --mandates demande une valeur. Voir jalon --help.\n"},
		{[]string{"serve", "--addr"}, "jalon: --addr heeft een waarde nodig. Zie jalon --help.\n", "jalon: --addr demande une valeur. Voir jalon --help.\n"},
		{[]string{"import", "--dry-run=maybe", "x"}, "jalon: --dry-run neemt geen “maybe”. Zie jalon --help.\n", "jalon: --dry-run ne prend pas « maybe ». Voir jalon --help.\n"},
	} {
		for lang, want := range map[string]string{"nl_BE.UTF-8": c.nl, "fr_BE.UTF-8": c.fr} {
			t.Setenv("LANG", lang)
			var out, fault bytes.Buffer
			if code := run(c.args, &out, &fault); code != exitUsage || fault.String() != want || out.Len() > 0 {
				t.Errorf("jalon %q: %d %q, want %q", c.args, code, fault.String(), want)
			}
			if found := english.FindString(fault.String()); found != "" {
				t.Errorf("jalon %q: %q is English: %s", c.args, found, fault.String())
			}
		}
	}
}

func TestWhatCannotBeWrittenIsToldInTheReadersLanguage(t *testing.T) {
	for _, path := range []string{filepath.Join(t.TempDir(), "nergens", "x.json"), t.TempDir()} {
		err := writeWhole(path, 0o644, func(io.Writer) error { return nil })
		for lang, want := range map[bilingual.Lang]string{bilingual.NL: path + " kan niet worden geschreven. ", bilingual.FR: path + " ne peut pas être écrit. "} {
			if failure := (&Output{Lang: lang}).failure(err); failure.Code != exitFault || !strings.HasPrefix(failure.Message, want) {
				t.Errorf("%+v, want %q", failure, want)
			}
		}
	}
}
