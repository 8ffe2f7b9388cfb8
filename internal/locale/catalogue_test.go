package locale

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"
	"github.com/nicksnyder/go-i18n/v2/i18n"

	"jalon/internal/bilingual"
	"jalon/locales"
)

// catalogue reads a catalogue as data: the forms of each key.
func catalogue(t *testing.T, lang bilingual.Lang) map[string]map[string]string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "locales", "active."+string(lang)+".toml"))
	if err != nil {
		t.Fatal(err)
	}
	var c map[string]map[string]string
	if err := toml.Unmarshal(raw, &c); err != nil {
		t.Fatalf("%s: %v", lang, err)
	}
	return c
}

var placeholder = regexp.MustCompile(`{{\s*\.(\w+)\s*}}`)

func placeholdersOf(forms map[string]string) []string {
	names := map[string]bool{}
	for _, m := range placeholder.FindAllStringSubmatch(forms["other"], -1) {
		names[m[1]] = true
	}
	return slices.Sorted(maps.Keys(names))
}

// What is read at a start is made from what people edit.
func TestTheCataloguesThatAreReadAreThoseThatAreWritten(t *testing.T) {
	for _, lang := range bilingual.Langs {
		name := "active." + string(lang) + ".json"
		raw, err := locales.Files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		file, err := i18n.ParseMessageFileBytes(raw, name, nil)
		if err != nil {
			t.Fatal(err)
		}
		read := map[string]map[string]string{}
		for _, m := range file.Messages {
			forms := map[string]string{"one": m.One, "many": m.Many, "other": m.Other}
			maps.DeleteFunc(forms, func(_, text string) bool { return text == "" })
			read[m.ID] = forms
		}
		if diff := cmp.Diff(catalogue(t, lang), read); diff != "" {
			t.Errorf("%s: make generate was not run; written (-), read (+):\n%s", lang, diff)
		}
	}
}

func TestBothCataloguesSayTheSameThings(t *testing.T) {
	nl, fr := catalogue(t, bilingual.NL), catalogue(t, bilingual.FR)
	if diff := cmp.Diff(slices.Sorted(maps.Keys(nl)), slices.Sorted(maps.Keys(fr))); diff != "" {
		t.Errorf("keys of Dutch (-) and French (+) differ:\n%s", diff)
	}
	for key := range nl {
		if _, ok := fr[key]; !ok {
			continue
		}
		if diff := cmp.Diff(placeholdersOf(nl[key]), placeholdersOf(fr[key])); diff != "" {
			t.Errorf("%s: placeholders of Dutch (-) and French (+) differ:\n%s", key, diff)
		}
		if _, plural := nl[key]["one"]; plural {
			for _, form := range []string{"one", "many", "other"} {
				if fr[key][form] == "" {
					t.Errorf("%s: French lacks the plural form %q", key, form)
				}
			}
		} else if len(nl[key]) != 1 || len(fr[key]) != 1 {
			t.Errorf("%s: plural forms in one language only", key)
		}
		if strings.TrimSpace(nl[key]["other"]) == "" || strings.TrimSpace(fr[key]["other"]) == "" {
			t.Errorf("%s: empty", key)
		}
	}
}

var (
	literal = regexp.MustCompile(`"([a-z][a-zA-Z0-9_-]*(?:\.[a-zA-Z0-9_-]+)+)"`)
	printed = regexp.MustCompile(`\b(?:T|N)\("([a-z][a-zA-Z0-9_-]*(?:\.[a-zA-Z0-9_-]+)+)"`)
	segment = regexp.MustCompile(`"([a-z][a-z_]*)"`)
	suffix  = regexp.MustCompile(`\+\s*"\.([a-z_]+)"`)
	prefix  = regexp.MustCompile(`"([a-z][a-zA-Z0-9_-]*(?:\.[a-zA-Z0-9_-]+)*\.)"\s*\+`)
)

// sources gives the program's own Go and templ files.
func sources(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, root := range []string{"../../cmd", "../../internal", "../../web"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, "_templ.go") ||
				!strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, ".templ") {
				return err
			}
			raw, err := os.ReadFile(path)
			files[path] = string(raw)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return files
}

func TestEveryPrintedSentenceExists(t *testing.T) {
	nl := catalogue(t, bilingual.NL)
	for path, source := range sources(t) {
		for _, m := range printed.FindAllStringSubmatch(source, -1) {
			if _, ok := nl[m[1]]; !ok {
				t.Errorf("%s prints %q, which is in no catalogue", path, m[1])
			}
		}
	}
}

func TestEverySentenceIsPrinted(t *testing.T) {
	used, prefixes, segments, suffixes := map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, source := range sources(t) {
		for _, m := range literal.FindAllStringSubmatch(source, -1) {
			used[m[1]] = true
		}
		for _, m := range prefix.FindAllStringSubmatch(source, -1) {
			prefixes[m[1]] = true
		}
		for _, m := range segment.FindAllStringSubmatch(source, -1) {
			segments[m[1]] = true
		}
		for _, m := range suffix.FindAllStringSubmatch(source, -1) {
			suffixes[m[1]] = true
		}
	}
	// a key such as privacy.who.text may be put together from its parts
	composed := func(key string) bool {
		parts := strings.Split(key, ".")
		last := len(parts) - 1
		return suffixes[parts[last]] && !slices.ContainsFunc(parts[:last], func(p string) bool { return !segments[p] })
	}
	for key := range catalogue(t, bilingual.NL) {
		dynamic := slices.ContainsFunc(slices.Collect(maps.Keys(prefixes)), func(p string) bool { return strings.HasPrefix(key, p) })
		if !used[key] && !dynamic && !composed(key) {
			t.Errorf("nothing prints %q", key)
		}
	}
}

// One of something is one, where a number stands before a word.
func TestSentencesWithANumberAgreeWithIt(t *testing.T) {
	for key, want := range map[string][2]string{
		"rollup.of_reported":    {"1 van 4 streefwaarden is gerapporteerd.", "1 valeur cible sur 4 est renseignée."},
		"audit.command.intact":  {"Ongeschonden: 9 gebeurtenissen in 1 dag, waarvan 0 ondertekend.", "Intact : 9 événements en 1 jour, dont 0 signé."},
		"audit.command.altered": {"Gewijzigd. Nagekeken: 9 gebeurtenissen in 1 dag, waarvan 0 ondertekend.", "Modifié. Vérifié : 9 événements en 1 jour, dont 0 signé."},
	} {
		for i, lang := range bilingual.Langs {
			if got := MustLoad().In(lang).N(key, 1, "Of", 4, "Events", 9, "Signed", 0); got != want[i] {
				t.Errorf("%s in %s: %q, want %q", key, lang, got, want[i])
			}
		}
	}
}
