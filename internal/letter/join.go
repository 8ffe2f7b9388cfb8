package letter

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// words knows every word of the letter that stands unbroken within a line; it
// decides whether a hyphen at a line end belongs to the word.
type words map[string]bool

var wordForm = regexp.MustCompile(`[\p{L}\p{N}]+(?:[-‐'’][\p{L}\p{N}]+)*`)

func wordsOf(lines []string) words {
	ws := words{}
	for _, line := range lines {
		for _, w := range wordForm.FindAllString(line, -1) {
			ws[strings.ToLower(w)] = true
		}
	}
	return ws
}

var (
	brokenEnd  = regexp.MustCompile(`[\p{L}\p{N}]+(?:-[\p{L}\p{N}]+)*[-‐\x{00ad}]$`)
	firstWord  = regexp.MustCompile(`^[\p{L}\p{N}]+(?:-[\p{L}\p{N}]+)*`)
	suspending = regexp.MustCompile(`^(?:en|of|noch|tot|et|ou)\b`) // "taal- en beroepsvaardigheden"
)

// join puts wrapped lines together as one text. unsure lists the words whose
// hyphen was kept without another place in the letter that tells.
func (ws words) join(pieces []string) (text string, unsure []string) {
	for _, piece := range pieces {
		if text == "" {
			text = piece
			continue
		}
		head := brokenEnd.FindString(text)
		tail := firstWord.FindString(piece)
		switch {
		case head == "" || tail == "" || suspending.MatchString(piece):
			text += " " + piece
		case strings.HasSuffix(head, "\u00ad"):
			text = strings.TrimSuffix(text, "\u00ad") + piece
		default:
			var sure bool
			text, sure = ws.mend(text, head, tail, piece)
			if !sure {
				unsure = append(unsure, head+tail)
			}
		}
	}
	return strings.TrimSuffix(text, "\u00ad"), unsure
}

// mend joins a text that ends with a hyphen to what follows. The hyphen stays
// when the word is written with it elsewhere or goes on with a capital or a
// digit; it goes when the word is written without it elsewhere; otherwise it
// stays and a person is told.
func (ws words) mend(text, head, tail, piece string) (joined string, sure bool) {
	_, size := utf8.DecodeLastRuneInString(head)
	stem := head[:len(head)-size]
	bare := strings.TrimSuffix(text, head) + stem
	kept := bare + "-" + piece
	first, _ := utf8.DecodeRuneInString(tail)
	switch {
	case ws[strings.ToLower(stem+"-"+tail)], unicode.IsUpper(first), unicode.IsDigit(first):
		return kept, true
	case ws[strings.ToLower(stem+tail)]:
		return bare + piece, true
	}
	return kept, false
}
