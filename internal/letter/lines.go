package letter

import (
	"math"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Split cuts a text into the numbered lines that people see: at LF, CRLF and CR.
func Split(text string) []string {
	text = strings.TrimPrefix(text, "\ufeff")
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	return strings.Split(text, "\n")
}

// clean gives the readable words of one line: composed letters, no signs
// without width or meaning, single plain spaces. Thin and no-break spaces
// within a text belong to it ("40 %") and stay.
func clean(line string) string {
	line = norm.NFC.String(strings.ToValidUTF8(line, "\ufffd"))
	line = strings.Map(func(r rune) rune {
		switch {
		case r == '\u200b' || r == '\ufeff' || r == '\u2060':
			return -1
		case r == '\t' || r == '\f' || r == '\v' || r == '\u2028' || r == '\u2029' || r == '\u0085' || unicode.IsControl(r):
			return ' '
		}
		return r
	}, line)
	line = strings.TrimFunc(line, unicode.IsSpace)
	for strings.Contains(line, "  ") {
		line = strings.ReplaceAll(line, "  ", " ")
	}
	// A soft hyphen inside a line only marks where it might have been cut; at
	// the end of a line it marks where it was.
	soft := strings.HasSuffix(line, "\u00ad")
	line = strings.ReplaceAll(line, "\u00ad", "")
	if soft && line != "" {
		line += "\u00ad"
	}
	return line
}

// passage is a run of lines that belong together: a label with its text, a
// list item, or a paragraph without a label.
type passage struct {
	label
	bullet  bool   // a list item without a label
	sign    string // its bullet, to keep it when the item is no goal
	lines   []int  // indexes of its lines
	pieces  []string
	guessed []int // lines that were added over the end of a page, by guess
}

func (p *passage) add(i int, text string) {
	p.lines = append(p.lines, i)
	if text != "" {
		p.pieces = append(p.pieces, text)
	}
}

func (p *passage) span() Lines { return Lines{p.lines[0] + 1, p.lines[len(p.lines)-1] + 1} }

var (
	sentenceEnd = regexp.MustCompile(`[.!?:;…]["'”’»)]*$`)
	// openWord is a word with which no sentence ends.
	openWord   = regexp.MustCompile(`(?:^|[ ’'])(?i:van|de|het|een|en|of|in|op|met|bij|voor|aan|te|om|tot|door|naar|over|du|des|la|le|les|un|une|et|ou|à|au|aux|par|pour|sur|dans|que)$`)
	pageNumber = regexp.MustCompile(`^(?i:[-–—]\s*\d{1,3}\s*[-–—]|\d{1,3}(?:\s*/\s*\d{1,3})?|(?:pagina|page|blz\.?|p\.?)\s*\d{1,3}(?:\s*(?:van|sur|de|/)\s*\d{1,3})?)$`)
)

// segment groups the lines into passages; cover gets the lines that belong to none.
func segment(lines []string, cover Coverage) []*passage {
	var all []*passage
	var open *passage
	blanks, inGoals, full := 1, false, fullLine(lines)
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		if line == "" {
			cover[i] = Use{Kind: Blank}
			blanks++
			continue
		}
		if pageNumber.MatchString(line) && blanks > 0 && (i+1 == len(lines) || lines[i+1] == "") {
			cover[i] = Use{Boilerplate, "page_number"}
			blanks += pageBreak
			continue
		}
		next, used := start(lines, i, open, inGoals)
		switch {
		case next != nil:
			for k := range used {
				next.lines = append(next.lines, i+k)
			}
			i += used - 1
			if next.kind != noLabel {
				inGoals = next.kind == goalsLabel
			}
			all, open = append(all, next), next
		case continues(open, line, blanks):
			open.add(i, line)
		case runsOver(open, blanks, full):
			open.guessed = append(open.guessed, i)
			open.add(i, line)
		default:
			open = &passage{}
			open.add(i, line)
			all = append(all, open)
		}
		blanks = 0
	}
	return all
}

// pageBreak is the number of empty lines from which a gap is taken for the
// end of a page, where a sentence may go on.
const pageBreak = 3

// continues says whether an unlabelled line goes on with the open passage.
func continues(open *passage, line string, blanks int) bool {
	switch {
	case open == nil || open.kind == sectionLabel:
		return false
	case open.kind == goalsLabel:
		return false
	case blanks == 0:
		return true
	case open.kind == objectiveLabel && len(open.pieces) == 0,
		open.kind == pointLabel && len(open.pieces) == 0,
		open.kind == targetLabel && len(open.pieces) == 0,
		open.kind == deadlineLabel && len(open.pieces) == 0,
		open.kind == kpiLabel && len(open.pieces) == 0:
		return true // the label stands alone above its text
	case blanks < pageBreak || len(open.pieces) == 0:
		return false
	}
	first, _ := utf8.DecodeRuneInString(line)
	before := open.pieces[len(open.pieces)-1]
	return (unicode.IsLower(first) || first == '(' || openWord.MatchString(before)) && !sentenceEnd.MatchString(before)
}

// runsOver guesses that a sentence goes on over the end of a page when the
// line before was full and ended no sentence, though a capital follows:
// "de Brusselse" – "Hoofdstedelijke Regering".
func runsOver(open *passage, blanks, full int) bool {
	if open == nil || open.kind == sectionLabel || open.kind == goalsLabel || blanks < pageBreak || len(open.pieces) == 0 {
		return false
	}
	before := open.pieces[len(open.pieces)-1]
	return utf8.RuneCountInString(before) >= full && !sentenceEnd.MatchString(before)
}

// fullLine gives the length, in characters, from which a line of a wrapped
// text is full: nine tenths of the longest. A text that is not wrapped has none.
func fullLine(lines []string) int {
	longest := 0
	for _, line := range lines {
		longest = max(longest, utf8.RuneCountInString(line))
	}
	if longest < 40 || longest > wrapped {
		return math.MaxInt
	}
	return longest * 9 / 10
}

// start recognises the beginning of a passage at line i, and says how many
// lines its label takes: "Strategische" and "doelstelling 1" may stand on two.
func start(lines []string, i int, open *passage, inGoals bool) (*passage, int) {
	line := lines[i]
	sign := bulletForm.FindString(line)
	text := line[len(sign):]
	l, ok := readLabel(text)
	if ok && l.bare && sign == "" && midSentence(lines, i) {
		ok = false
	}
	if ok {
		return labelled(l), 1
	}
	if i+1 < len(lines) && lines[i+1] != "" && len(line) < 60 {
		two := text + " " + lines[i+1]
		if l, ok := readLabel(two); ok && l.length > len(text)+1 {
			return labelled(l), 2
		}
	}
	if sign == "" {
		if !inGoals || !dashWithoutSpace.MatchString(line) {
			return nil, 0
		}
		sign, text = "-", strings.TrimLeft(line, "-–")
	}
	if !inGoals && open != nil && isDash(sign) && startsLower(text) && i > 0 && lines[i-1] != "" {
		return nil, 0 // a dash within a sentence that happens to begin a line
	}
	p := &passage{bullet: true, sign: strings.TrimSpace(sign)}
	if text = strings.TrimSpace(text); text != "" {
		p.pieces = []string{text}
	}
	return p, 1
}

// midSentence says whether line i goes on with the sentence of the line before.
func midSentence(lines []string, i int) bool {
	return i > 0 && lines[i-1] != "" && !sentenceEnd.MatchString(lines[i-1])
}

var dashWithoutSpace = regexp.MustCompile(`^[-–]\p{Lu}`)

func isDash(sign string) bool { return strings.ContainsAny(sign, "-–—") }

func startsLower(s string) bool {
	for _, r := range s {
		return unicode.IsLower(r)
	}
	return false
}

func labelled(l label) *passage {
	p := &passage{label: l}
	if l.rest != "" {
		p.pieces = []string{l.rest}
	}
	return p
}
