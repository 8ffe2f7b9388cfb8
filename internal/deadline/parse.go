package deadline

import (
	"strconv"
	"strings"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
)

// item is one form in the text with all its meanings, or a number, date or mark.
type item struct {
	token
	senses     []sense
	first, end int // tokens taken
}

// parser reads one text in one language. Grammar rules are methods that take a
// position and give what they read and the next position, or -1.
type parser struct {
	text     string
	lang     bilingual.Lang
	items    []item
	tokens   []token
	named    map[int]named // stretches of time already read at a position
	memo     map[int]match // parts already read at a position: keeps reading linear
	findings []Finding
}

// match is what a rule read: its parts, their findings, and where it stopped.
type match struct {
	parts        []Part
	alternatives []Alternative
	findings     []Finding
	refused      string // reason, when there is no reading
	next         int
}

// fail is the next position of a rule that does not apply.
const fail = -1

func newParser(text string, lang bilingual.Lang) *parser {
	p := itemsOf(text, lang)
	for n := len(p.items) + 1; n > len(p.items); {
		n = len(p.items)
		p.unwrap()
	}
	p.correctMonths()
	p.noteShortYears()
	return p
}

// itemsOf finds the words and idioms of a text.
func itemsOf(text string, lang bilingual.Lang) *parser {
	p := &parser{text: text, lang: lang, memo: map[int]match{}, named: map[int]named{}}
	tokens := lex(text)
	p.tokens = tokens
	for i := 0; i < len(tokens); {
		t := tokens[i]
		it := item{token: t, first: i, end: i + 1}
		if senses, n := forms()[lang].longest(tokens[i:]); n > 0 {
			it.senses, it.end = senses, i+n
			it.token.end = tokens[i+n-1].end
			if n > 1 {
				it.kind, it.norm = wordToken, ""
			}
		}
		i = it.end
		p.items = append(p.items, it)
	}
	return p
}

// unwrap drops what stands around a deadline in a list, a cell or a quotation: a
// bullet, a label, brackets, quotation marks, a last semicolon.
func (p *parser) unwrap() {
	last := len(p.items) - 1
	switch {
	case last < 1:
	case p.has(0, "by", "label") && p.mark(1, ":", "-") && last > 1: // Tijdschema: 2025-2027
		p.items = p.items[2:]
	case p.mark(0, "-", ";", "\n"):
		p.items = p.items[1:]
	case p.mark(last, ";", "\n"):
		p.cut(last)
	case p.encloses("(", ")"), p.encloses("«", "»"), p.encloses("\"", "\""):
		p.cut(last)
		p.items = p.items[1:]
	}
}

// cut drops the item at i and all behind it.
func (p *parser) cut(i int) { p.tokens, p.items = p.tokens[:p.items[i].first], p.items[:i] }

// encloses reports two marks around all, and none of them within.
func (p *parser) encloses(open, shut string) bool {
	last := len(p.items) - 1
	for i := 1; i < last; i++ {
		if p.mark(i, open, shut) {
			return false
		}
	}
	return last > 1 && p.mark(0, open) && p.mark(last, shut)
}

// is reports whether the item at i has one of the symbols.
func (p *parser) is(i int, symbols ...symbol) bool {
	for _, s := range symbols {
		if _, ok := p.value(i, s); ok {
			return true
		}
	}
	return false
}

// anyIs reports whether one of the items i to j-1 has the symbol.
func (p *parser) anyIs(i, j int, s symbol) bool {
	for ; i < j; i++ {
		if p.is(i, s) {
			return true
		}
	}
	return false
}

// value gives the value of the item at i under a symbol.
func (p *parser) value(i int, s symbol) (string, bool) {
	if i < 0 || i >= len(p.items) {
		return "", false
	}
	for _, m := range p.items[i].senses {
		if m.sym == s {
			return m.val, true
		}
	}
	return "", false
}

// mark reports whether the item at i is one of the marks.
func (p *parser) mark(i int, marks ...string) bool {
	if i < 0 || i >= len(p.items) || p.items[i].kind != markToken {
		return false
	}
	for _, m := range marks {
		if p.items[i].norm == m {
			return true
		}
	}
	return false
}

// maxRun bounds every run of small words, so that reading stays linear: nobody
// writes "van van van van".
const maxRun = 10

// skip passes over a run of items with one of the symbols.
func (p *parser) skip(i int, symbols ...symbol) int {
	for end := i + maxRun; i < end && p.is(i, symbols...); {
		i++
	}
	return i
}

// span gives the byte offsets of items i to j-1.
func (p *parser) span(i, j int) [2]int {
	if i >= j || j > len(p.items) {
		return [2]int{}
	}
	return [2]int{p.items[i].start, p.items[j-1].token.end}
}

// words gives the text of items i to j-1, with plain spaces.
func (p *parser) words(i, j int) string {
	if i >= j {
		return ""
	}
	s := p.span(i, j)
	return strings.Join(strings.Fields(p.text[s[0]:s[1]]), " ")
}

// number reads a number in digits or words: 12, twaalf, eenentwintig, vingt et un.
func (p *parser) number(i int) (n, next int) {
	if i < 0 || i >= len(p.items) {
		return 0, fail
	}
	if it := p.items[i]; it.kind == numberToken && it.num >= 0 {
		if p.mark(i+1, "(") && p.mark(i+3, ")") && i+2 < len(p.items) { // "3 (drie)"
			if v, ok := p.value(i+2, "num"); ok && v == strconv.Itoa(it.num) {
				return it.num, i + 4
			}
		}
		return it.num, i + 1
	}
	v, ok := p.value(i, "num")
	if !ok || strings.Contains(v, ".") {
		if ok {
			return 0, fail
		}
		if n := dutchCompound(p.word(i), cardinals); p.lang == bilingual.NL && n > 0 {
			return n, i + 1
		}
		return 0, fail
	}
	n, _ = strconv.Atoi(v)
	next = i + 1
	if p.lang == bilingual.FR && n >= 20 && n < 100 {
		j := next
		if p.is(j, "and") {
			j++
		}
		if v, ok := p.value(j, "num"); ok {
			if unit, _ := strconv.Atoi(v); unit > 0 && unit < 20 && (j == next || unit == 1 || unit == 11) {
				n, next = n+unit, j+1
			}
		}
	}
	if p.mark(next, "(") && next+2 < len(p.items) && p.items[next+1].num == n && p.mark(next+2, ")") { // "drie (3)"
		next += 3
	}
	return n, next
}

// word gives the folded word of a single-token item.
func (p *parser) word(i int) string {
	if i < 0 || i >= len(p.items) || p.items[i].kind != wordToken {
		return ""
	}
	return p.items[i].norm
}

var (
	cardinals = map[string]int{
		"een": 1, "twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6, "zeven": 7, "acht": 8, "negen": 9,
	}
	ordinals = map[string]int{
		"eerste": 1, "tweede": 2, "derde": 3, "vierde": 4, "vijfde": 5, "zesde": 6, "zevende": 7, "achtste": 8, "negende": 9,
	}
	tens = map[string]int{
		"twintig": 20, "dertig": 30, "veertig": 40, "vijftig": 50, "zestig": 60, "zeventig": 70, "tachtig": 80, "negentig": 90,
	}
)

// dutchCompound reads eenentwintig, vijfenveertigste, dertiende; 0 for none.
func dutchCompound(w string, units map[string]int) int {
	if len(w) < len("dertiende") && !strings.HasSuffix(w, "tig") {
		return 0
	}
	if _, ok := units["eerste"]; ok {
		if n, ok := strings.CutSuffix(w, "de"); ok && teens[n] > 0 {
			return teens[n]
		}
		if n, ok := strings.CutSuffix(w, "ste"); ok {
			return max(tens[n], dutchCompound(n, cardinals))
		}
		return 0
	}
	for ten, n := range tens {
		if unit, ok := strings.CutSuffix(w, "en"+ten); ok && cardinals[unit] > 0 {
			return n + cardinals[unit]
		}
	}
	return 0
}

var teens = map[string]int{
	"dertien": 13, "veertien": 14, "vijftien": 15, "zestien": 16, "zeventien": 17, "achttien": 18, "negentien": 19,
}

// ordinal reads 1e, 15de, eerste, laatste (-1), premier, vingt et unième.
func (p *parser) ordinal(i int) (n, next int) {
	if i < 0 || i >= len(p.items) {
		return 0, fail
	}
	if p.items[i].kind == ordinalToken {
		return p.items[i].num, i + 1
	}
	if v, ok := p.value(i, "ord"); ok {
		n, _ = strconv.Atoi(v)
		return n, i + 1
	}
	if p.lang == bilingual.NL {
		if n := dutchCompound(p.word(i), ordinals); n > 0 {
			return n, i + 1
		}
		return 0, fail
	}
	return p.frenchOrdinal(i)
}

// smallOrdinals are the French ordinals that only compounds use, and some teens.
var smallOrdinals = map[string]int{"unieme": 1, "septieme": 7, "huitieme": 8, "neuvieme": 9, "treizieme": 13, "quatorzieme": 14, "seizieme": 16}

// frenchOrdinal reads "vingt et unième", "trente et unième", "dix-septième".
func (p *parser) frenchOrdinal(i int) (n, next int) {
	base, j := p.number(i)
	if j == fail {
		if n := smallOrdinals[p.word(i)]; n > 1 {
			return n, i + 1
		}
		return 0, fail
	}
	if p.is(j, "and") {
		j++
	}
	if base != 10 && base != 20 && base != 30 {
		return 0, fail
	}
	if k := smallOrdinals[p.word(j)]; k > 0 && k < 10 {
		return base + k, j + 1
	}
	if v, ok := p.value(j, "ord"); ok {
		k, _ := strconv.Atoi(v)
		if k > 1 && k < 10 {
			return base + k, j + 1
		}
	}
	return 0, fail
}

// year reads a year that can be a deadline's, in four digits or as '26.
func (p *parser) year(i int) (y, next int) {
	if i < len(p.items) {
		if it := p.items[i]; it.kind == numberToken && (it.token.end-it.start == 4 || it.shortYear()) && it.num >= calendar.MinYear && it.num <= calendar.MaxYear {
			return it.num, i + 1
		}
	}
	return 0, fail
}

// writtenYear reads a year, and one that no deadline can have: december 1925.
func (p *parser) writtenYear(i int) (y, next int) {
	if y, next = p.year(i); next == fail && i < len(p.items) {
		if it := p.items[i]; it.kind == numberToken && it.num >= 1800 && it.num < 2300 {
			return it.num, i + 1
		}
	}
	return y, next
}

// yearBehind reads the year of a month, quarter, week or season, which a mark
// may set apart: maart 2026, maart van het jaar 2026, maart (2026), and at the
// end maart, 2026.
func (p *parser) yearBehind(i int) (y, next int) {
	j := p.skip(i, "van", "art")
	if u, n := p.unit(j); n != fail && u == "y" {
		j = n
	}
	if y, next = p.writtenYear(j); next != fail {
		return y, next
	}
	if !p.mark(i, ",", "-", "(") {
		return 0, fail
	}
	y, next = p.year(i + 1)
	switch {
	case next == fail:
	case p.mark(i, "("):
		if p.mark(next, ")") {
			return y, next + 1
		}
	case next >= len(p.items) || p.mark(next, ";", ")", "\n"):
		return y, next
	case p.mark(next, ",") || p.is(next, "and"): // maart, 2026, en daarna
		if _, n := p.year(p.skip(next+1, "and", "van")); n == fail {
			return y, next
		}
	}
	return 0, fail
}

// unit reads a unit of time by its word; letters alone (Q, S, T) are not enough.
func (p *parser) unit(i int) (u string, next int) {
	if v, ok := p.value(i, "unit"); ok && p.items[i].token.end-p.items[i].start > 1 {
		return v, i + 1
	}
	return "", fail
}

// month reads a month's name.
func (p *parser) month(i int) (m, next int) {
	if j := p.skip(i, "art"); p.has(j, "unit", "m") {
		i = p.skip(j+1, "van")
	}
	if v, ok := p.value(i, "month"); ok {
		m, _ = strconv.Atoi(v)
		return m, i + 1
	}
	return 0, fail
}
