// Package walk_test uses Jalon in a browser, as its people do.
package walk_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jalon/internal/bilingual"
	"jalon/internal/testing/browser"
	"jalon/internal/testing/office"
	"jalon/internal/testing/pgtest"
)

func TestMain(m *testing.M) {
	os.Exit(browser.Main(inside(func() int { return pgtest.Main(m) })))
}

// inside is a run within another's beginning and end.
type inside func() int

func (f inside) Run() int { return f() }

// inBoth runs a test in each language, each in an office of its own, side by side.
func inBoth(t *testing.T, test func(t *testing.T, o *office.Office, lang bilingual.Lang)) {
	for _, lang := range bilingual.Langs {
		t.Run(string(lang), func(t *testing.T) {
			t.Parallel()
			test(t, office.Start(t), lang)
		})
	}
}

// enter opens a page of the site as somebody who is asked to sign in first and
// then arrives where they wanted to go.
func enter(t *testing.T, o *office.Office, who, path string) *browser.Page {
	t.Helper()
	p := browser.New(t)
	p.Open(o.URL + path)
	if !strings.Contains(p.Path(), "/login?return=") {
		t.Fatalf("%s without signing in leads to %s", path, p.Path())
	}
	o.SignIn(p, who)
	if got := p.Path(); got != path {
		t.Fatalf("after signing in as %s: %s, want %s", who, got, path)
	}
	return p
}

const dataFolder = "../demo/data"

// phrases are texts of the example office whose language is known: those of
// the letters and those that people wrote.
func phrases(t *testing.T) browser.Phrases {
	t.Helper()
	all := browser.Phrases{}
	tables, err := filepath.Glob(filepath.Join(dataFolder, "*.tsv"))
	if err != nil || len(tables) == 0 {
		t.Fatalf("no texts: %v", err)
	}
	for _, name := range tables {
		for line := range strings.Lines(string(read(t, name))) {
			if f := strings.Split(strings.TrimSpace(line), "\t"); len(f) == 3 {
				all.Add("nl", f[1])
				all.Add("fr", f[2])
			}
		}
	}
	entries, err := filepath.Glob(filepath.Join(dataFolder, "entries", "*.json"))
	if err != nil || len(entries) == 0 {
		t.Fatalf("no entries: %v", err)
	}
	for _, name := range entries {
		var said []struct{ Lang, Achieved, Obstacles, Reason string }
		if err := json.Unmarshal(read(t, name), &said); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, e := range said {
			for _, text := range []string{e.Achieved, e.Obstacles, e.Reason} {
				all.Add(e.Lang, text)
			}
		}
	}
	var events []struct {
		Lang, Title string
		Answers     []struct{ Note string }
	}
	if err := json.Unmarshal(read(t, filepath.Join(dataFolder, "events.json")), &events); err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		all.Add(e.Lang, e.Title)
		for _, a := range e.Answers {
			all.Add(e.Lang, a.Note)
		}
	}
	if len(all) < 300 {
		t.Fatalf("only %d texts whose language is known", len(all))
	}
	return all
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// letterFile is the real letter.
const letterFile = dataFolder + "/actiris-a4-eerste-lijn.nl.txt"

func field(code, name string) string { return `[id="row.` + code + "." + name + `"]` }

func contains(t *testing.T, what, got, want string) {
	t.Helper()
	if !strings.Contains(got, want) {
		t.Errorf("%s does not say %q, but %q", what, want, got)
	}
}
