package letter

import (
	"slices"
	"strings"
	"testing"

	"jalon/internal/bilingual"
)

// TestNothingOfTheLetterIsLost walks the letter line by line: each has become
// something, and the words of a line are really where the coverage says.
func TestNothingOfTheLetterIsLost(t *testing.T) {
	for _, test := range []struct {
		file string
		lang bilingual.Lang
	}{{dutchLetter, bilingual.NL}, {frenchLetter, bilingual.FR}} {
		text := string(fixture(t, test.file))
		d, found, cover := Read(text, Options{})
		lines := Split(text)
		if lost := cover.Lost(); len(lost) > 0 || len(cover) != len(lines) {
			t.Fatalf("%s: %d of %d lines covered, lost %v", test.file, len(cover), len(lines), lost)
		}
		texts := textsOf(d, test.lang)
		texts["mandate"] = d.Mandate.Rank + " " + d.Mandate.Title.In(test.lang) + " " + d.Mandate.Institution
		for i, line := range lines {
			checkLine(t, i+1, line, cover[i], texts, found)
		}
	}
}

func checkLine(t *testing.T, number int, line string, use Use, texts map[string]string, found []Finding) {
	t.Helper()
	words := clean(line)
	switch use.Kind {
	case Blank:
		if words != "" {
			t.Errorf("line %d is not blank: %q", number, line)
		}
	case InFinding:
		if !slices.ContainsFunc(found, func(f Finding) bool {
			return f.Code == use.Where && f.Line <= number && number <= max(f.Line, f.LastLine)
		}) {
			t.Errorf("line %d: no finding %s names it: %q", number, use.Where, line)
		}
	case InResult:
		if l, ok := readLabel(words[len(bulletForm.FindString(words)):]); ok {
			words = l.rest
		}
		words = strings.TrimSpace(words[len(bulletForm.FindString(words)):])
		whole := texts[use.Where]
		if !slices.ContainsFunc([]string{words, strings.TrimSuffix(words, "-")}, func(w string) bool { return strings.Contains(whole, w) }) && !isOverview(words, whole) {
			t.Errorf("line %d is not in %s: %q", number, use.Where, line)
		}
	case Boilerplate:
		if use.Where == "introduction" {
			return // compared as a whole by its form
		}
		if _, ok := readLabel(words); !ok && !pageNumber.MatchString(words) {
			t.Errorf("line %d is no boilerplate: %q", number, line)
		}
	}
}

// isOverview allows for the labels of the overview, cut over two lines, and
// for the final dot and quotes that its titles may lack.
func isOverview(words, whole string) bool {
	switch strings.ToLower(words) {
	case "strategische", "transversale", "objectif":
		return true
	}
	for _, head := range []string{"doelstelling ", "stratégique ", "transversal ", "A4 ", "Strategische doelstellingen voor het mandaat ", "Objectifs stratégiques pour le mandat "} {
		words = strings.TrimPrefix(words, head)
	}
	if len(words) == 1 && words[0] >= '1' && words[0] <= '9' {
		return true
	}
	for _, at := range []string{" bij Actiris", " auprès d’Actiris"} {
		words = strings.TrimSuffix(words, at)
	}
	return strings.Contains(foldTitle(whole), foldTitle(words))
}
