package deadline

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"jalon/internal/bilingual"
)

// readWrapped reads a text whose lines break where the page ended. A line at whose
// end no thought ends goes on in the next one. The rest is read as one line when
// that leaves less unread ("31 december" above "2025"), or when all lines go on
// with a small letter and it makes fewer parts.
func readWrapped(text string, lang bilingual.Lang) Reading {
	line := strings.NewReplacer("\n", " ", "\r", " ").Replace(text)
	if line == text {
		return readLines(text, lang)
	}
	apart, one := readLines(joinOpenLines(text, lang), lang), readLines(line, lang)
	apart.Text, one.Text = text, text
	less := one.unread() < apart.unread()
	fewer := one.unread() == apart.unread() && len(one.Parts) < len(apart.Parts) && one.questions() <= apart.questions()
	if less || fewer && linesGoOn(text) {
		return one
	}
	return apart
}

// joinOpenLines joins to the next one each line that ends within a thought: "in
// 2025 en" above "2026", "vóór eind" above "2025".
func joinOpenLines(text string, lang bilingual.Lang) string {
	joined := []byte(text)
	start := 0
	for i := range text {
		if text[i] != '\n' {
			continue
		}
		if endsOpen(text[start:i], text[i+1:], lang) {
			joined[i] = ' '
		}
		start = i + 1
	}
	return string(joined)
}

// endsOpen reports whether a line needs what follows it.
func endsOpen(line, after string, lang bilingual.Lang) bool {
	p := itemsOf(line, lang)
	last := len(p.items) - 1
	return p.mark(last, "-") && last > 0 || p.has(last, "by", "hard") || p.has(last, "by", "soft") ||
		p.is(last, "and", "or", "before", "after", "in", "during", "on", "from", "until", "between", "within", "every", "edge", "van", "art", "whole") ||
		p.is(last, "month", "schoolyear") && yearFirst.MatchString(after)
}

var yearFirst = regexp.MustCompile(`^\s*20\d\d\b`)

// linesGoOn reports whether every line but the first begins with a small letter.
func linesGoOn(text string) bool {
	for i, line := range strings.Split(strings.TrimSpace(text), "\n") {
		first, _ := utf8.DecodeRuneInString(strings.TrimSpace(line))
		if i > 0 && !unicode.IsLower(first) {
			return false
		}
	}
	return true
}

// questions counts what a person must answer.
func (r Reading) questions() (n int) {
	for _, f := range r.Findings {
		if f.Severity == Question {
			n++
		}
	}
	return n
}
