// Package bilingual holds texts that exist in Dutch and in French, and knows
// for each language whether the words are original, translated or outdated.
package bilingual

import "strings"

// Lang is one of the two languages of the Brussels administration (law of
// 16 June 1989, article 32): neither prevails.
type Lang string

// The two languages.
const (
	NL Lang = "nl"
	FR Lang = "fr"
)

// Langs lists both languages in the order of the letter.
var Langs = [2]Lang{NL, FR}

// ParseLang reads "nl" or "fr"; ok is false for anything else.
func ParseLang(s string) (lang Lang, ok bool) {
	lang = Lang(s)
	return lang, lang == NL || lang == FR
}

// Other gives the other language.
func (l Lang) Other() Lang {
	if l == NL {
		return FR
	}
	return NL
}

// Tag is the language tag for documents (BCP 47): "nl-BE" or "fr-BE".
func (l Lang) Tag() string { return string(l) + "-BE" }

// State says what one language's words are worth.
type State string

// States of one language of a text. The empty state is a missing text.
const (
	Missing    State = ""
	Original   State = "original"   // the words that were decided
	Translated State = "translated" // an official translation
	Working    State = "working"    // a translation without official standing
	Outdated   State = "outdated"   // the other language changed since
)

// Text is one text in both languages. A language without words is the empty string.
type Text struct {
	NL      string `json:"nl,omitempty"`
	FR      string `json:"fr,omitempty"`
	NLState State  `json:"-"`
	FRState State  `json:"-"`
}

// New makes an original text in one language.
func New(lang Lang, words string) Text {
	return Text{}.With(lang, words, Original)
}

// With gives the text with other words in one language.
func (t Text) With(lang Lang, words string, state State) Text {
	if words == "" {
		state = Missing
	}
	if lang == NL {
		t.NL, t.NLState = words, state
	} else {
		t.FR, t.FRState = words, state
	}
	return t
}

// In gives the words in one language alone; empty when they are missing.
func (t Text) In(lang Lang) string {
	if lang == NL {
		return t.NL
	}
	return t.FR
}

// State gives the state of one language.
func (t Text) State(lang Lang) State {
	if lang == NL {
		return t.NLState
	}
	return t.FRState
}

// For gives the words to show to a reader of lang, the language they are
// really in, and their state: a missing translation shows the other language.
func (t Text) For(lang Lang) (words string, in Lang, state State) {
	if w := t.In(lang); w != "" {
		return w, lang, t.State(lang)
	}
	return t.In(lang.Other()), lang.Other(), t.State(lang.Other())
}

var plainQuotes = strings.NewReplacer("‘", "'", "’", "'", "“", `"`, "”", `"`)

// SameWords reports whether two pieces of text say the same: spaces and the form
// of quotes do not count, which differ between the files of one letter; final dots do.
func SameWords(a, b string) bool {
	fold := func(s string) string { return strings.Join(strings.Fields(plainQuotes.Replace(s)), " ") }
	return fold(a) == fold(b)
}

// IsZero reports whether the text has no words at all.
func (t Text) IsZero() bool { return t.NL == "" && t.FR == "" }
