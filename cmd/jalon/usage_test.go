package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
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
		{[]string{"generate", "--mandates", "-1"}, "jalon: --mandates neemt geen “-1”. Zie jalon --help.\n", "jalon: --mandates ne prend pas « -1 ». Voir jalon --help.\n"},
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

// A device or a pipe is written to; it is not replaced by a file of its name.
func TestWhatIsNoFileIsWrittenTo(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	read := make(chan string)
	go func() {
		content, err := os.ReadFile(pipe)
		read <- fmt.Sprintf("%s%v", content, err)
	}()
	if err := writeWhole(pipe, 0o644, func(w io.Writer) error { _, err := io.WriteString(w, "de tabel"); return err }); err != nil {
		t.Fatal(err)
	}
	info, err := os.Lstat(pipe)
	if err != nil || info.Mode()&os.ModeNamedPipe == 0 {
		t.Fatalf("the pipe is now %v (%v)", info.Mode(), err)
	}
	if got := <-read; got != "de tabel<nil>" {
		t.Errorf("through the pipe came %q", got)
	}
}

// A link stays one: what it leads to is written.
func TestALinkLeadsToTheFileThatIsWritten(t *testing.T) {
	folder := t.TempDir()
	link, file := filepath.Join(folder, "laatste.json"), filepath.Join(folder, "2026-H1.json")
	if err := os.Symlink(file, link); err != nil {
		t.Fatal(err)
	}
	for _, content := range []string{"eerst", "daarna"} { // also where the file is not there yet
		if err := writeWhole(link, 0o644, func(w io.Writer) error { _, err := io.WriteString(w, content); return err }); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(file); err != nil || string(got) != content {
			t.Errorf("%q, %v, want %q", got, err, content)
		}
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is now %v (%v)", info.Mode(), err)
	}
}

// failing takes nothing, as a full disk does.
type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

func TestAnAnswerThatCannotBePrintedIsAFault(t *testing.T) {
	t.Setenv("LC_ALL", "")
	t.Setenv("LANG", "nl_BE.UTF-8")
	for _, args := range [][]string{{"--help"}, {"version"}, {"deadline", "2025"}, {"deadline", "--json", "2025"}} {
		var fault bytes.Buffer
		if code := run(args, failing{}, &fault); code != exitFault || !strings.HasPrefix(fault.String(), "jalon: Het lukte niet: ") {
			t.Errorf("jalon %q: exit %d, %q", args, code, fault.String())
		}
	}
}
