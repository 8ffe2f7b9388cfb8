package letter

import "jalon/internal/bilingual"

// Change says how a text differs between two readings.
type Change string

// Changes.
const (
	Added   Change = "added"   // only in the new one
	Removed Change = "removed" // only in the old one
	Changed Change = "changed" // other words
	Filled  Change = "filled"  // words in a language that had none, or a working translation
)

// Difference is one text that two readings of a mandate do not share. Key is
// a key of Texts, or "mandate" for the title.
type Difference struct {
	Key    string         `json:"key"`
	Change Change         `json:"change"`
	Lang   bilingual.Lang `json:"lang,omitempty"` // of words that changed or were filled in
	Old    bilingual.Text `json:"old,omitzero"`
	New    bilingual.Text `json:"new,omitzero"`
}

// Compare lists what a new reading of a mandate changes, in the order of the
// new one with what was removed at the end. A Dutch letter says nothing about
// French words: they are neither changed nor removed by it. What are the same
// words is told by bilingual.SameWords, as for what is stored.
func Compare(old, new Draft) []Difference {
	before := map[string]bilingual.Text{}
	old.each(func(key string, t *bilingual.Text) { before[key] = *t })
	all := changes("mandate", old.Mandate.Title, new.Mandate.Title)
	after := map[string]bool{}
	new.each(func(key string, t *bilingual.Text) {
		after[key] = !t.IsZero()
		all = append(all, changes(key, before[key], *t)...)
	})
	lang := new.lang()
	old.each(func(key string, t *bilingual.Text) {
		if !after[key] && official(*t, lang) {
			all = append(all, Difference{Key: key, Change: Removed, Old: *t})
		}
	})
	return all
}

func changes(key string, old, new bilingual.Text) (all []Difference) {
	if old.IsZero() && !new.IsZero() {
		return []Difference{{Key: key, Change: Added, New: new}}
	}
	for _, lang := range bilingual.Langs {
		switch {
		case new.In(lang) == "":
		case !official(old, lang) && official(new, lang):
			all = append(all, Difference{Key: key, Change: Filled, Lang: lang, Old: old, New: new})
		case !bilingual.SameWords(old.In(lang), new.In(lang)):
			all = append(all, Difference{Key: key, Change: Changed, Lang: lang, Old: old, New: new})
		}
	}
	return all
}

// official reports whether a text has words in a language that are more than a working translation.
func official(t bilingual.Text, lang bilingual.Lang) bool {
	return t.In(lang) != "" && t.State(lang) != bilingual.Working
}
