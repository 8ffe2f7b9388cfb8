package letter

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jalon/internal/bilingual"

	"github.com/google/go-cmp/cmp"
)

const (
	dutchLetter = "actiris-a4-eerste-lijn.nl.txt"
	pairsFile   = "actiris-a4-eerste-lijn.nl-fr.tsv"
)

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// pairs reads the translation pairs without the code under test.
func pairs(t testing.TB) (codes []string, nl, fr map[string]string) {
	t.Helper()
	nl, fr = map[string]string{}, map[string]string{}
	for _, line := range strings.Split(strings.TrimSpace(string(fixture(t, pairsFile))), "\n")[1:] {
		cells := strings.Split(line, "\t")
		if len(cells) != 3 {
			t.Fatalf("%q: want three columns", line)
		}
		codes = append(codes, cells[0])
		nl[cells[0]], fr[cells[0]] = cells[1], cells[2]
	}
	return codes, nl, fr
}

// textsOf lists the texts of a draft under the keys of the pairs, contexts
// under "T1/context".
func textsOf(d Draft, lang bilingual.Lang) map[string]string {
	texts := map[string]string{}
	d.each(func(key string, text *bilingual.Text) {
		if w := text.In(lang); w != "" {
			texts[key] = w
		}
	})
	return texts
}

func TestCountsOfTheLetter(t *testing.T) {
	d, _, _ := Read(string(fixture(t, dutchLetter)), Options{})
	want := Counts{Objectives: 8, Strategic: 3, Transversal: 5, Points: 22, Targets: 28, Deadlines: 29, Goals: 32, KPIs: 3}
	if diff := cmp.Diff(want, d.Counts()); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
}

func TestEveryTextOfTheLetterIsWhole(t *testing.T) {
	d, _, _ := Read(string(fixture(t, dutchLetter)), Options{})
	codes, want, _ := pairs(t)
	got := textsOf(d, bilingual.NL)
	for _, code := range codes {
		if got[code] != want[code] {
			t.Errorf("%s (-want +got):\n%s", code, cmp.Diff(want[code], got[code]))
		}
		delete(got, code)
	}
	for code, text := range got {
		if !strings.HasSuffix(code, "/context") {
			t.Errorf("%s is not in the pairs: %q", code, text)
		}
	}
}
