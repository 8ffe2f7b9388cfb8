package letter

import (
	"strings"

	"jalon/internal/bilingual"
)

// Change says how a text differs between two readings.
type Change string

// Changes.
const (
	Added   Change = "added"   // only in the new one
	Removed Change = "removed" // only in the old one
	Changed Change = "changed" // other words
)

// Difference is one text that two readings of a mandate do not share. Key is
// a key of Texts, or "mandate" for the title.
type Difference struct {
	Key    string         `json:"key"`
	Change Change         `json:"change"`
	Lang   bilingual.Lang `json:"lang,omitempty"` // of changed words
	Old    bilingual.Text `json:"old,omitzero"`
	New    bilingual.Text `json:"new,omitzero"`
}

// Compare lists what a new reading of a mandate changes, in the order of the
// new one with what was removed at the end. A language that only one of the
// readings has is no change: a Dutch letter says nothing about the French
// text. Spaces and the form of quotes do not count, final dots do.
func Compare(old, new Draft) []Difference {
	var all []Difference
	before := map[string]bilingual.Text{}
	old.each(func(key string, t *bilingual.Text) { before[key] = *t })
	all = append(all, changes("mandate", old.Mandate.Title, new.Mandate.Title)...)
	after := map[string]bool{}
	new.each(func(key string, t *bilingual.Text) {
		after[key] = true
		all = append(all, changes(key, before[key], *t)...)
	})
	old.each(func(key string, t *bilingual.Text) {
		if !after[key] {
			all = append(all, changes(key, *t, bilingual.Text{})...)
		}
	})
	return all
}

func changes(key string, old, new bilingual.Text) []Difference {
	switch {
	case old.IsZero() && new.IsZero():
		return nil
	case old.IsZero():
		return []Difference{{Key: key, Change: Added, New: new}}
	case new.IsZero():
		return []Difference{{Key: key, Change: Removed, Old: old}}
	}
	var all []Difference
	for _, lang := range bilingual.Langs {
		a, b := old.In(lang), new.In(lang)
		if a != "" && b != "" && foldWords(a) != foldWords(b) {
			all = append(all, Difference{Key: key, Change: Changed, Lang: lang, Old: old, New: new})
		}
	}
	return all
}

var plainQuotes = strings.NewReplacer("‘", "'", "’", "'", "“", `"`, "”", `"`)

func foldWords(s string) string { return strings.Join(strings.Fields(plainQuotes.Replace(s)), " ") }
