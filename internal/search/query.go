// Package search reads what people type into the search box: a code, in the
// forms that people write it, or words; and it marks the words in what was found.
package search

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"jalon/internal/mandate"
)

// Bounds of a question. What is longer is cut, not refused: somebody pasted it.
const (
	maxLength = 200 // characters
	maxWords  = 12
	maxWord   = 60 // characters
	minStem   = 5  // letters that are left without the start of an ending
	minBegin  = 3  // letters of a word of which the beginning is searched
	minWithin = 5  // letters of a word that the store finds within longer ones: search_within
)

// Query is a question as it was typed.
type Query struct {
	Text    string         // as typed, without what cannot be shown
	Words   []string       // folded, in their order
	Codes   []mandate.Code // when it is a code; "3.2" is one of both kinds
	Mandate string         // the code of a mandate, alone or before the code
}

// IsZero reports whether nothing was asked.
func (q Query) IsZero() bool { return q.Text == "" }

// IsCode reports whether a place was named, not words.
func (q Query) IsCode() bool { return len(q.Codes) > 0 || q.Mandate != "" }

// Terms gives the words in the form that the store asks for: all but the last
// with & between them, the last, and what stands for its beginning in case it is
// not finished. There is no last word without words.
func (q Query) Terms() (first, last, beginning string) {
	if len(q.Words) == 0 {
		return "", "", ""
	}
	n := len(q.Words) - 1
	last = q.Words[n]
	return strings.Join(q.Words[:n], " & "), last, beginningOf(last)
}

// endings are those that the stemmers of both languages take from a folded word.
var endings = []string{
	"ation", "ations", "ateur", "atrice", "ement", "ements", "ances", "ences", "iques", "ismes", "ables", "istes", "ivement", "euses", "aient", "erons",
	"heden", "lijke", "ingen", "baarheid", "enden",
}

// beginningOf gives the lexemes that a word may become once it is finished:
// those that begin with it, and the stem that is left when the letters typed last
// are the start of an ending. "evaluati" is no beginning of "evalu", the stem of "evaluation".
func beginningOf(word string) string {
	if utf8.RuneCountInString(word) < minBegin {
		return ""
	}
	lexemes := []string{word + ":*"}
	for cut := minStem; cut < len(word); cut++ {
		rest := word[cut:]
		if utf8.RuneStart(word[cut]) && slices.ContainsFunc(endings, func(e string) bool { return rest != e && strings.HasPrefix(e, rest) }) {
			lexemes = append(lexemes, word[:cut])
		}
	}
	return strings.Join(lexemes, " | ")
}

// Parse reads what was typed, whatever that is.
func Parse(typed string) Query {
	text := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r):
			return ' '
		case r == utf8.RuneError, unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(typed, ""))
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > maxLength {
		text = strings.TrimSpace(string(runes[:maxLength]))
	}
	q := Query{Text: text, Words: wordsIn(text)}
	q.Mandate, q.Codes = codesIn(text)
	return q
}

func wordsIn(text string) []string {
	words := strings.FieldsFunc(Fold(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(words) > maxWords {
		words = words[:maxWords]
	}
	for i, w := range words {
		if runes := []rune(w); len(runes) > maxWord {
			words[i] = string(runes[:maxWord])
		}
	}
	return words
}

var (
	// SD3.2, OS 3.2, sd 3,2-1, T4.3.2, T5-K1, KPI T5 K1, meetpunt S3.2
	typedCode = regexp.MustCompile(`^(?:(?:kpi|doelstelling|objectif|meetpunt|doel|cible|point de mesure) )?(sd|os|s|td|ot|t)? ?([1-9]\d?)(?: ([1-9]\d?)(?: ([1-9]\d?))?| ?k(?:pi)? ?([1-9]\d?))?$`)
	// ACTIRIS-A4-EL: at least one hyphen, so that no word is taken for one
	mandateCode = regexp.MustCompile(`^[A-Z0-9]+(?:-[A-Z0-9]+)+$`)
)

// codesIn reads a code, a mandate's own code, or both.
func codesIn(text string) (string, []mandate.Code) {
	if codes := codesOf(text); codes != nil {
		return "", codes
	}
	first, rest, both := strings.Cut(text, " ")
	own := strings.ToUpper(first)
	if len(own) > 41 || !mandateCode.MatchString(own) {
		return "", nil
	}
	if !both {
		return own, nil
	}
	if codes := codesOf(rest); codes != nil {
		return own, codes
	}
	return "", nil
}

func codesOf(text string) (codes []mandate.Code) {
	folded := strings.Join(strings.Fields(Fold(text)), " ")
	m := typedCode.FindStringSubmatch(folded)
	if m == nil || m[1] == "" && m[3] == "" && m[5] == "" {
		return nil // a mere number is a word
	}
	n := func(i int) int { v, _ := strconv.Atoi(m[i]); return v }
	c := mandate.Code{Objective: n(2), Point: n(3), Target: n(4), KPI: n(5)}
	for _, kind := range []mandate.Kind{mandate.Strategic, mandate.Transversal} {
		c.Kind = kind
		if known, err := mandate.ParseCode(c.String()); err == nil && known == c && kindTyped(m[1], kind) {
			codes = append(codes, c)
		}
	}
	return codes
}

// kindTyped reports whether the letters before a code may mean a kind.
func kindTyped(letters string, kind mandate.Kind) bool {
	switch letters {
	case "s", "sd", "os":
		return kind == mandate.Strategic
	case "t", "td", "ot":
		return kind == mandate.Transversal
	}
	return true
}
