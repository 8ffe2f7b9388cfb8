package deadline

import (
	"strconv"

	"jalon/internal/bilingual"
)

var monthNames = map[bilingual.Lang][12]string{
	bilingual.NL: {"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"},
	bilingual.FR: {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
}

// nearestMonth gives the one month whose name is within one slip of the word,
// two for names of seven letters and more: its name and number. A word as near
// to two months is no month; the other language's months count too.
func nearestMonth(w string, lang bilingual.Lang) (name, number string) {
	for _, l := range []bilingual.Lang{lang, lang.Other()} {
		best, found := 3, 0
		for i, n := range monthNames[l] {
			folded := lex(n)[0].norm
			limit := 1
			if len(folded) >= 7 {
				limit = 2
			}
			if len(folded) < 4 && (l == lang || w != folded) {
				continue
			}
			switch d := slips(w, folded, best); {
			case d > limit || d > best:
			case d == best:
				found = -1
			default:
				best, found = d, i+1
			}
		}
		if found > 0 && (l == lang || best == 0) {
			return monthNames[lang][found-1], strconv.Itoa(found)
		}
	}
	return "", ""
}

// slips counts the insertions, deletions, replacements and exchanges of
// neighbours that separate two words, or gives max+1 when they are more.
func slips(a, b string, limit int) int {
	if len(a) > len(b)+limit || len(b) > len(a)+limit {
		return limit + 1
	}
	older, prev, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(prev[j]+1, row[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], older[j-2]+1)
			}
		}
		older, prev, row = prev, row, older
	}
	return prev[len(b)]
}

// noteShortYears says which year '26 was taken for.
func (p *parser) noteShortYears() {
	for i, it := range p.items {
		if it.shortYear() {
			p.findings = append(p.findings, Finding{
				Severity: Notice, Code: CodeTwoDigitYear, Args: map[string]string{"meant": strconv.Itoa(it.num)}, Text: p.words(i, i+1),
			})
		}
	}
}

// correctMonths reads a small typing error in a month's name, beside a day or a
// year, as that month, and says so.
func (p *parser) correctMonths() {
	for i := range p.items {
		it := &p.items[i]
		if it.kind != wordToken || len(it.senses) > 0 || len(it.norm) < 3 {
			continue
		}
		_, yearNext := p.year(p.skip(i+1, "van"))
		_, dayBefore := p.dayNumber(i - 1)
		if yearNext == fail && (i == 0 || dayBefore == fail) {
			continue
		}
		name, month := nearestMonth(it.norm, p.lang)
		if name == "" {
			continue
		}
		it.senses = []sense{{"month", month}}
		p.findings = append(p.findings, Finding{
			Severity: Warning, Code: CodeSpelling, Args: map[string]string{"read": p.words(i, i+1), "meant": name}, Text: p.words(i, i+1),
		})
	}
}
