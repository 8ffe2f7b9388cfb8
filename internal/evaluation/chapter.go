package evaluation

import (
	"fmt"
	"slices"

	"jalon/internal/bilingual"
)

// Chapter is one chapter of a dossier. Without a title it has the usual one.
type Chapter struct {
	Code  string
	Title bilingual.Text
}

// Chapters is the chapters of a dossier in their order. Like the sections of a
// report (see Layout) it is data; every chapter stands in it, so that nothing
// can be left out: not the reply beside the opinion, nor where a fact comes from.
type Chapters []Chapter

// Codes of chapters that something refers to.
const (
	ChapterTargets      = "targets"
	ChapterUntranslated = "untranslated" // always the last one
)

// ChapterCodes lists the chapters in their usual order.
var ChapterCodes = []string{"objectives", "line", ChapterTargets, "outside", "indicators", "tables", "report", "opinions", "sources", ChapterUntranslated}

// UsualChapters gives the chapters in their usual order, with their usual titles.
func UsualChapters() (all Chapters) {
	for _, code := range ChapterCodes {
		all = append(all, Chapter{Code: code})
	}
	return all
}

// Check says what is wrong with chapters: nil when each is there once, what is
// not translated comes last, and titles are there in both languages or in none.
func (c Chapters) Check() error {
	if len(c) != len(ChapterCodes) {
		return fmt.Errorf("%d chapters, want %d", len(c), len(ChapterCodes))
	}
	for _, code := range ChapterCodes {
		if c.Number(code) == 0 {
			return fmt.Errorf("chapter %s is not there", code)
		}
	}
	for _, one := range c {
		if (one.Title.NL == "") != (one.Title.FR == "") {
			return fmt.Errorf("chapter %s: a title is missing", one.Code)
		}
	}
	if last := c[len(c)-1]; last.Code != ChapterUntranslated {
		return fmt.Errorf("chapter %s stands after what is not translated", last.Code)
	}
	return nil
}

// Number gives the number of a chapter, from 1 on; 0 when it is not there.
func (c Chapters) Number(code string) int {
	return slices.IndexFunc(c, func(one Chapter) bool { return one.Code == code }) + 1
}
