package deadline

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

type tokenKind uint8

const (
	wordToken    tokenKind = iota // letters, folded: lower case, no accents
	numberToken                   // digits; num holds the value
	ordinalToken                  // 1er, 2e, 15de, 1ste
	dateToken                     // numbers joined by / - . : nums holds them as written
	markToken                     // one mark: , ; : - + ( ) % / |
)

// token is one word, number, date or mark, with its place in the text.
type token struct {
	kind       tokenKind
	norm       string
	num        int
	nums       [3]int // dateToken: day month year, or 0 month year, or day month 0
	start, end int
	glued      bool // follows the previous token without a space
}

// ordinalEndings are the endings of ordinals written in digits, both languages.
var ordinalEndings = map[string]bool{
	"e": true, "de": true, "ste": true, "er": true, "re": true, "ere": true, "ier": true, "iere": true,
	"eme": true, "ieme": true, "nd": true, "nde": true, "o": true, "es": true, "emes": true,
}

// folds maps a letter to lower case without its accent. Ligatures become two letters.
var folds = func() map[rune]string {
	m := map[rune]string{'œ': "oe", 'Œ': "oe", 'æ': "ae", 'Æ': "ae", 'ĳ': "ij", 'Ĳ': "ij", 'ß': "ss"}
	for base, accented := range map[string]string{
		"a": "àáâäãåÀÁÂÄÃÅ", "c": "çÇ", "e": "èéêëÈÉÊË", "i": "ìíîïÌÍÎÏ", "n": "ñÑ",
		"o": "òóôöõÒÓÔÖÕ", "u": "ùúûüÙÚÛÜ", "y": "ýÿÝŸ",
	} {
		for _, r := range accented {
			m[r] = base
		}
	}
	return m
}()

// marks maps the marks that matter to the one that the grammar knows.
var marks = map[rune]string{
	',': ",", ';': ";", ':': ":", '-': "-", '–': "-", '—': "-", '‐': "-", '‑': "-", '‒': "-", '−': "-", '+': "+",
	'(': "(", ')': ")", '[': "(", ']': ")", '%': "%", '/': "/", '|': "|", '&': "+", '→': "-", '•': ";",
	'«': "«", '»': "»", '“': "«", '”': "»", '„': "«", '"': "\"", '\n': "\n", '≥': "≥", '≤': "≤",
	'>': ">", '<': "<", '=': "=", '~': "~", '±': "~",
}

// lex cuts a text into tokens in one pass. Spaces of every width, full stops,
// combining accents and apostrophes only separate.
func lex(text string) []token {
	l := lexer{text: text}
	for l.pos < len(text) {
		l.step()
	}
	return l.tokens
}

type lexer struct {
	text   string
	pos    int
	tokens []token
}

func (l *lexer) step() {
	r, size := utf8.DecodeRuneInString(l.text[l.pos:])
	switch {
	case r >= '0' && r <= '9':
		l.number()
	case unicode.IsLetter(r):
		l.word()
	case r == '×':
		l.add(token{norm: "x", start: l.pos, end: l.pos + size})
	default:
		if m, known := marks[r]; known {
			l.mark(m, size)
			return
		}
		if dots, omits := l.dots(); omits {
			l.add(token{kind: markToken, norm: "?", start: l.pos, end: l.pos + dots})
			return
		} else if dots > 0 {
			l.pos += dots
			return
		}
		if isUnknown(r) {
			l.add(token{kind: markToken, norm: "?", start: l.pos, end: l.pos + size})
			return
		}
		l.pos += size
	}
}

// dots gives the length of the dots at pos, and whether they stand for something
// left out, as in ../../2026; those that end a text say nothing.
func (l *lexer) dots() (n int, omits bool) {
	rest := l.text[l.pos:]
	after := strings.TrimLeft(rest, ".…")
	n = len(rest) - len(after)
	return n, n > 1 && strings.TrimSpace(after) != ""
}

// apostrophes are the signs that people type for one.
const apostrophes = "'’‘`´ʼ′"

// isUnknown reports signs that carry meaning we do not know and must not lose,
// such as the doubt of "2025?".
func isUnknown(r rune) bool {
	return (unicode.IsSymbol(r) || unicode.IsNumber(r) || r == utf8.RuneError || r == '?') && !strings.ContainsRune(apostrophes, r)
}

func (l *lexer) add(t token) {
	if n := len(l.tokens); n > 0 {
		t.glued = l.tokens[n-1].end == t.start
	}
	l.tokens = append(l.tokens, t)
	l.pos = t.end
}

// minus is the sign in MB−1d, never a hyphen.
const minus = "−"

// mark adds a mark, except a hyphen within a compound ("mi-mandat",
// "vingt-cinq", "mi-2026"), which only separates.
func (l *lexer) mark(m string, size int) {
	if m == "-" && l.pos > 0 && l.text[l.pos:l.pos+size] != minus {
		before, _ := utf8.DecodeLastRuneInString(l.text[:l.pos])
		after, _ := utf8.DecodeRuneInString(l.text[l.pos+size:])
		if unicode.IsLetter(before) && (unicode.IsLetter(after) || unicode.IsDigit(after)) {
			l.pos += size
			return
		}
	}
	l.add(token{kind: markToken, norm: m, start: l.pos, end: l.pos + size})
}

// word reads letters; "n.v.t." is one word of its letters, and a number after
// letters ("Q3") is a token of its own.
func (l *lexer) word() {
	start := l.pos
	var b strings.Builder
	for l.pos < len(l.text) {
		r, size := utf8.DecodeRuneInString(l.text[l.pos:])
		switch {
		case unicode.Is(unicode.Mn, r) || r == '\u00ad':
		case unicode.IsLetter(r):
			if f, ok := folds[r]; ok {
				b.WriteString(f)
			} else {
				b.WriteRune(unicode.ToLower(r))
			}
		case r == '.' && l.initials(start):
		default:
			size = 0
		}
		if size == 0 {
			break
		}
		l.pos += size
	}
	norm := b.String()
	if norm == "des" && strings.EqualFold(l.text[start:l.pos], "dès") {
		norm = "dès" // from, unlike "des"
	}
	if norm == "t" && startsWith(l.text[l.pos:], "/m") {
		norm, l.pos = "t/m", l.pos+2
	}
	l.add(token{kind: wordToken, norm: norm, start: start, end: l.pos})
}

// initials reports whether the dot at pos stands within single letters, as in
// "n.v.t.": a letter before it alone, and a single letter after it.
func (l *lexer) initials(start int) bool {
	at := func(i int) bool {
		return i >= 0 && i < len(l.text) && (l.text[i]|0x20 >= 'a' && l.text[i]|0x20 <= 'z')
	}
	i := l.pos
	return at(i-1) && (i-1 == start || l.text[i-2] == '.') && at(i+1) && !at(i+2) &&
		(i+2 >= len(l.text) || l.text[i+2] < utf8.RuneSelf)
}

// number reads digits: a date, an ordinal or a number.
func (l *lexer) number() {
	afterLetter := l.pos > 0 && (l.text[l.pos-1]|0x20 >= 'a' && l.text[l.pos-1]|0x20 <= 'z') // Q1-2026 is no date
	if t, ok := l.date(); ok && !afterLetter {
		l.add(t)
		return
	}
	start := l.pos
	n, end := digits(l.text, start)
	t := token{kind: numberToken, num: n, start: start, end: end}
	if e := decimals(l.text, end); e > end {
		t.end, t.num = e, -1
	} else if end-start == 2 && n >= 20 && n <= 60 && l.afterApostrophe() {
		t.num = 2000 + n
	}
	if t.num >= 0 {
		t.ordinal(l.text)
	}
	t.norm = l.text[start:t.end]
	l.add(t)
}

// afterApostrophe reports whether the apostrophe that stands for the century is
// before pos: eind '25, maart’25. That of "jusqu'25 mars" elides a vowel.
func (l *lexer) afterApostrophe() bool {
	r, size := utf8.DecodeLastRuneInString(l.text[:l.pos])
	n := len(l.tokens)
	return strings.ContainsRune(apostrophes, r) && (n == 0 || l.tokens[n-1].end < l.pos-size || !elided(l.tokens[n-1].norm))
}

// elided reports what is left of a French word before an apostrophe: l', qu', jusqu'.
func elided(w string) bool { return len(w) == 1 || strings.HasSuffix(w, "qu") }

// shortYear reports a year of which the century is left out: '25.
func (t token) shortYear() bool { return t.kind == numberToken && t.end-t.start == 2 && t.num > 2000 }

// decimals gives the end of the decimals of a percentage ("87,5 %"): elsewhere
// a comma between digits separates ("op 15,30 van elke maand").
func decimals(s string, i int) (end int) {
	if i+1 >= len(s) || s[i] != ',' && s[i] != '.' || !isDigit(s[i+1]) {
		return i
	}
	_, end = digits(s, i+1)
	if rest := s[end:min(len(s), end+8)]; strings.HasPrefix(strings.TrimLeft(rest, " \u00a0\u2009\u202f"), "%") {
		return end
	}
	return i
}

// ordinal widens a number to the ordinal that its ending makes of it.
func (t *token) ordinal(text string) {
	var b strings.Builder
	i := t.end
	if j := spaces(text, i); j > i && looseEnding(text[j:]) {
		i = j
	}
	for i < len(text) && i < t.end+10 {
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == 'ᵉ' || r == 'º' || r == '°' {
			b.WriteString("e")
		} else if r == 'ʳ' {
			b.WriteString("r")
		} else if f, ok := folds[r]; ok {
			b.WriteString(f)
		} else if unicode.IsLetter(r) {
			b.WriteRune(unicode.ToLower(r))
		} else if !unicode.Is(unicode.Mn, r) {
			break
		}
		i += size
	}
	if ordinalEndings[b.String()] {
		t.kind, t.end = ordinalToken, i
	}
}

// looseEnding reports an ending that a space parts from its figure, and that is
// no word of its own: 1 er semestre, 2 e kwartaal.
func looseEnding(s string) bool {
	for _, ending := range []string{"er", "ste", "ème", "eme", "e"} {
		if startsWith(s, ending) {
			r, _ := utf8.DecodeRuneInString(s[len(ending):])
			return unicode.IsSpace(r)
		}
	}
	return false
}

// startsWith is strings.HasPrefix in capitals or not.
func startsWith(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// digits reads a run of digits; values beyond a million are cut, they mean nothing here.
func digits(s string, i int) (n, end int) {
	for ; i < len(s) && isDigit(s[i]); i++ {
		if n < 1_000_000 {
			n = 10*n + int(s[i]-'0')
		}
	}
	return n, i
}

// date reads 15/09/2025, 15-9-2025, 15.09.25, 2025-09-15, 09/2025 and 15/09.
// The order is always day, month, year, as in Belgium, or ISO 8601.
func (l *lexer) date() (token, bool) {
	var nums, widths [4]int
	var seps [4]byte
	i, count := l.pos, 0
	for count < 4 {
		n, end := digits(l.text, i)
		if end == i {
			break
		}
		nums[count], widths[count] = n, end-i
		i = end
		count++
		sep, next := separator(l.text, i)
		if sep == 0 {
			break
		}
		if count > 1 && sep != seps[0] { // 15/03/2025-15/04/2025 is two dates
			break
		}
		seps[count-1] = sep
		i = next
	}
	return l.dateOf(nums, widths, seps, count)
}

// separator reads / - . between digits, with spaces around / allowed.
func separator(s string, i int) (sep byte, next int) {
	i = ordinalDay(s, i)
	j := spaces(s, i)
	if j >= len(s) {
		return 0, i
	}
	r, size := utf8.DecodeRuneInString(s[j:])
	dash := size > 1 && marks[r] == "-"
	if !dash && r != '/' && r != '-' && (j > i || r != '.') {
		return 0, i
	}
	sep, next = s[j], j+size
	if dash {
		sep = '_'
	}
	if sep == '-' && j > i { // "30 - 09 - 2026" is a date, "2024 - 2027" is not
		sep = '_'
	}
	if sep == '/' || sep == '_' {
		next = spaces(s, next)
	}
	if next >= len(s) || !isDigit(s[next]) {
		return 0, i
	}
	return sep, next
}

// spaces passes over spaces of every width.
func spaces(s string, i int) int {
	for i < len(s) {
		switch r, size := utf8.DecodeRuneInString(s[i:]); r {
		case ' ', '\t', '\u00a0', '\u2009', '\u202f':
			i += size
		default:
			return i
		}
	}
	return i
}

// ordinalDay passes over the ending of 1er/10/2025.
func ordinalDay(s string, i int) int {
	for _, ending := range []string{"er", "ste", "e"} {
		if startsWith(s[i:], ending+"/") {
			return i + len(ending)
		}
	}
	return i
}

func (l *lexer) dateOf(nums, widths [4]int, seps [4]byte, count int) (token, bool) {
	t := token{kind: dateToken, start: l.pos}
	end := l.pos
	for k := range count {
		_, e := digits(l.text, end)
		t.end = e
		if _, next := separator(l.text, e); k+1 < count {
			end = next
		}
	}
	t.norm = l.text[t.start:t.end]
	isYear := func(k int) bool { return widths[k] == 4 }
	short := func(k int) bool { return widths[k] <= 2 }
	switch {
	case count == 3 && isYear(0) && short(1) && short(2) && seps[0] == seps[1]:
		t.nums, t.num = [3]int{nums[2], nums[1], nums[0]}, widths[0]
	case count == 3 && short(0) && short(1) && (isYear(2) || widths[2] == 2) && seps[0] == seps[1]:
		t.nums = [3]int{nums[0], nums[1], nums[2]}
		t.num = widths[2]
	case count == 2 && short(0) && isYear(1) && nums[0] >= 1 && nums[0] <= 12 && seps[0] != '_':
		t.nums = [3]int{0, nums[0], nums[1]}
	case count == 2 && isYear(0) && widths[1] == 2 && nums[1] >= 1 && nums[1] <= 12 && (seps[0] == '-' || seps[0] == '/'):
		t.nums = [3]int{0, nums[1], nums[0]}
	case count == 2 && seps[0] == '/' && short(0) && short(1) && nums[1] >= 1 && nums[1] <= 12 && nums[0] >= 1 && nums[0] <= 31:
		t.nums = [3]int{nums[0], nums[1], 0}
	default:
		return token{}, false
	}
	return t, true
}
