package deadline

import (
	"os"
	"strings"
	"testing"

	"jalon/internal/bilingual"
)

// phraseRow is one line of a list of phrases with the reading we want.
type phraseRow struct{ id, nl, fr, want string }

func phraseRows(t *testing.T, name string) []phraseRow {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var rows []phraseRow
	for line := range strings.Lines(string(raw)) {
		c := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(c) >= 4 && c[0] != "id" {
			rows = append(rows, phraseRow{c[0], c[1], c[2], c[3]})
		}
	}
	if len(rows) == 0 {
		t.Fatalf("%s holds no phrases", name)
	}
	return rows
}

func TestPhrasesReadAsListed(t *testing.T) {
	for _, name := range []string{"phrases.tsv", "more.tsv"} {
		for _, row := range phraseRows(t, name) {
			for lang, text := range map[bilingual.Lang]string{bilingual.NL: row.nl, bilingual.FR: row.fr} {
				if got := Read(text, lang); got.Reading != row.want && text != "" {
					t.Errorf("%s %s %s %q\n got %s\nwant %s\nfindings %+v", name, row.id, lang, text, got.Reading, row.want, got.Findings)
				}
			}
		}
	}
}
