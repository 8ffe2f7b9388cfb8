package letter

import (
	"regexp"
	"slices"
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
	if !slices.ContainsFunc(lines, brokenEnd.MatchString) {
		return ws // nobody will ask
	}
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
	var out strings.Builder
	last := "" // the piece whose end is still open
	for i, piece := range pieces {
		if i == 0 {
			last = piece
			continue
		}
		head, tail := brokenEnd.FindString(last), firstWord.FindString(piece)
		if head == "" || tail == "" || suspending.MatchString(piece) {
			out.WriteString(strings.TrimSuffix(last, softHyphen) + " ")
		} else {
			sign, sure := ws.sign(head, tail)
			_, size := utf8.DecodeLastRuneInString(last)
			out.WriteString(last[:len(last)-size] + sign)
			if !sure {
				unsure = append(unsure, head+tail)
			}
		}
		last = piece
	}
	return out.String() + strings.TrimSuffix(last, softHyphen), unsure
}

const softHyphen = "\u00ad"

// sign gives what stands between the two halves of a word that a line end cut
// behind a hyphen. The hyphen stays when the word is written with it elsewhere
// or goes on with a capital or a digit; it goes when the word is written
// without it elsewhere, or when it was soft; otherwise it stays and a person
// is told.
func (ws words) sign(head, tail string) (sign string, sure bool) {
	_, size := utf8.DecodeLastRuneInString(head)
	stem := head[:len(head)-size]
	first, _ := utf8.DecodeRuneInString(tail)
	switch {
	case strings.HasSuffix(head, softHyphen):
		return "", true
	case ws[strings.ToLower(stem+"-"+tail)], unicode.IsUpper(first), unicode.IsDigit(first):
		return "-", true
	case ws[strings.ToLower(stem+tail)]:
		return "", true
	}
	return "-", false
}
