package locale

import (
	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// SortKey gives a key that sorts words as the language does: accents and
// capitals do not set words apart. Compare keys with strings.Compare.
func (p *Printer) SortKey(words string) string {
	var b collate.Buffer
	// A collator is not safe for concurrent use, so each key takes its own.
	c := collate.New(language.MustParse(string(p.Lang)), collate.Loose)
	return string(c.KeyFromString(&b, words))
}
