package main

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/alecthomas/kong"

	"jalon/internal/bilingual"
	"jalon/internal/locale"
	"jalon/locales"
)

// commands gives the program and all its commands, hidden ones too.
func commands(t *testing.T) (all []*kong.Node) {
	t.Helper()
	parser, err := kong.New(&CLI{}, kong.Name("jalon"))
	if err != nil {
		t.Fatal(err)
	}
	var walk func(*kong.Node)
	walk = func(node *kong.Node) {
		all = append(all, node)
		for _, child := range node.Children {
			walk(child)
		}
	}
	walk(parser.Model.Node)
	return all
}

func TestHelpIsInTheLanguageOfTheReader(t *testing.T) {
	nl, fr := "Gebruik: jalon ", "Utilisation : jalon "
	for name, c := range map[string]struct {
		lang, words, want string
	}{
		"Dutch when nothing says otherwise":       {"", "--help", nl + "<opdracht>\n"},
		"environment":                             {"fr_BE.UTF-8", "--help", fr + "<commande>\n"},
		"environment, of a command":               {"fr_BE.UTF-8", "export tables -h", fr + "export tables --body=CODE --output=FICHIER [options]\n"},
		"flag of the program":                     {"nl_BE.UTF-8", "--lang fr --help", fr + "<commande>\n"},
		"flag before the environment":             {"fr_BE.UTF-8", "--help --lang=nl", nl + "<opdracht>\n"},
		"flag of a command":                       {"", "deadline --lang fr --help", fr + "deadline <text> ... [options]\n"},
		"flag that the command itself has not":    {"", "serve --help --lang fr", fr + "serve [options]\n"},
		"flag of a group of commands":             {"", "user --lang fr --help", fr + "user <commande>\n"},
		"words that look like a flag are no help": {"", "deadline --lang fr -- --help", "Aucune lecture."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("LC_ALL", "")
			t.Setenv("LC_MESSAGES", "")
			t.Setenv("LANG", c.lang)
			var out, fault bytes.Buffer
			if code := run(strings.Fields(c.words), &out, &fault); code != 0 || fault.Len() > 0 || !strings.HasPrefix(out.String(), c.want) {
				t.Errorf("jalon %s: %d %s\n%s\nwant %q in front", c.words, code, fault.String(), out.String(), c.want)
			}
		})
	}
}

// Every command answers in the language that is asked for, also one whose flags have none.
func TestEveryCommandAnswersInTheLanguageOfTheFlag(t *testing.T) {
	t.Setenv("LC_ALL", "nl_BE.UTF-8")
	wrong := locale.MustLoad().In(bilingual.FR).T("command.setting.database_url", "Name", "JALON_DATABASE_URL")
	for _, words := range []string{
		"mandates --lang fr", "user list --lang=fr", "audit --lang fr verify", "migrate --lang fr status", "serve --lang fr",
		"user password ann@jalon.example --lang fr", "import " + dutchLetter + " --lang fr --institution ACTIRIS",
	} {
		var out, fault bytes.Buffer
		code := run(append(strings.Fields(words), "--database-url", "no-address"), &out, &fault)
		if code != exitUsage || !strings.Contains(fault.String(), wrong) {
			t.Errorf("jalon %s: %d %s\nwant %s", words, code, fault.String(), wrong)
		}
	}
	var out, fault bytes.Buffer
	if code := run([]string{"mandates", "--lang", "de"}, &out, &fault); code != exitUsage || !strings.Contains(fault.String(), "--lang") {
		t.Errorf("a third language: %d %s", code, fault.String())
	}
}

// What the parser says of itself, and the struct tags that it reads, would be English.
func TestEveryCommandArgumentAndFlagIsExplainedInTheCataloguesAlone(t *testing.T) {
	cat := locale.MustLoad()
	used := map[string]bool{}
	for _, lang := range bilingual.Langs {
		print := cat.In(lang)
		for _, node := range commands(t) {
			explained := func(key string) {
				used[key] = true
				if !print.Has(key) {
					t.Errorf("%s misses %s, for %s", lang, key, node.FullPath())
				}
			}
			explained(helpKey(node))
			if node.Help != "" {
				t.Errorf("%s has a text of its own: %s", node.FullPath(), node.Help)
			}
			for _, value := range node.Values() {
				explained(valueKey(print, node, value.Name))
				if value.Help != "" && value.Name != "help" {
					t.Errorf("%s of %s has a text of its own: %s", value.Name, node.FullPath(), value.Help)
				}
			}
			for _, flag := range node.Flags {
				explained("command.heading." + groupOf(flag))
				if flag.PlaceHolder != "" {
					explained("command.form." + flag.PlaceHolder)
				}
			}
		}
	}
	raw, err := locales.Files.ReadFile("active.nl.json")
	if err != nil {
		t.Fatal(err)
	}
	var keys map[string]any
	if err := json.Unmarshal(raw, &keys); err != nil {
		t.Fatal(err)
	}
	for key := range keys {
		if of := strings.HasPrefix; (of(key, "command.help") || of(key, "command.value.")) && !used[key] {
			t.Errorf("%s explains nothing", key)
		}
	}
}

func TestHelpFitsATerminalAndHasNoEnglish(t *testing.T) {
	english := regexp.MustCompile(`Usage|Flags|Commands|Arguments:|Show|Run|STRING|\b(the|and|with|that|which|when|such|default|flags|command|for|to)\b`)
	unfilled := regexp.MustCompile(`⟨|\{\{|\$\{|<no value>`)
	for _, lang := range bilingual.Langs {
		for _, node := range commands(t) {
			var out, fault bytes.Buffer
			words := append(strings.Fields(node.Path()), "--lang", string(lang), "--help")
			if code := run(words, &out, &fault); code != 0 {
				t.Fatalf("jalon %q: %d %s", words, code, fault.String())
			}
			for line := range strings.Lines(out.String()) {
				line = strings.TrimSuffix(line, "\n")
				if utf8.RuneCountInString(line) > helpWidth {
					t.Errorf("jalon %q: wider than %d: %q", words, helpWidth, line)
				}
				if found := english.FindString(line) + unfilled.FindString(line); found != "" || strings.TrimRight(line, " \u00a0\u202f") != line {
					t.Errorf("jalon %q: %q in %q", words, found, line)
				}
			}
			for _, flag := range node.Flags {
				for _, name := range append([]string{"--" + flag.Name}, flag.Envs...) {
					if !strings.Contains(out.String(), name) {
						t.Errorf("jalon %q: no %s", words, name)
					}
				}
			}
		}
	}
}
