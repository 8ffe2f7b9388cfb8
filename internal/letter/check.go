package letter

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"jalon/internal/bilingual"
	"jalon/internal/mandate"
)

// check looks at the finished draft for what a person should judge.
func (r *reader) check(o Options) {
	if len(r.draft.Objectives) == 0 {
		return // nothing was read; the caller says that this is no letter
	}
	r.checkHeading(o)
	r.checkNumbers()
	for _, obj := range r.draft.Objectives {
		r.checkObjective(obj)
	}
	f := flowOf(r.lines)
	r.checkInstitutions(f, o)
	r.checkAbbreviations(f)
}

var yearForm = regexp.MustCompile(`\b(?:19|20)\d\d\b`)

func (r *reader) checkHeading(o Options) {
	m := r.draft.Mandate
	if m.Title.IsZero() {
		r.find(finding(Lines{1, 1}, Warning, NoMandateHeading))
	}
	if o.Institution != "" && m.Institution != "" && !sameInstitution(o.Institution, m.Institution) {
		r.find(finding(m.Lines, Warning, InstitutionDiffers, "Name", m.Institution, "Institution", o.Institution))
	}
	// The dates of a mandate would stand above the first objective.
	for _, line := range r.lines[:r.draft.Objectives[0].firstLine(r)-1] {
		if yearForm.MatchString(line) {
			return
		}
	}
	at := m.Lines
	if at == (Lines{}) {
		at = Lines{1, 1}
	}
	r.find(finding(at, Warning, MandateWithoutDates))
}

// firstLine gives the first line at which the letter speaks of any objective.
func (o Objective) firstLine(r *reader) int {
	first := o.Lines[0]
	for _, pl := range r.places {
		first = min(first, pl.Lines[0])
	}
	return first
}

// checkNumbers reports measurement points whose number stands in both kinds:
// "Meetpunt 1.1" alone then names two things.
func (r *reader) checkNumbers() {
	seen := map[string]mandate.Code{}
	for _, obj := range r.draft.Objectives {
		for _, p := range obj.Points {
			n := strings.TrimLeft(p.Code.String(), "ST")
			other, twice := seen[n]
			if twice && other.Kind != p.Code.Kind {
				r.find(finding(p.Lines, Info, NumberInTwoKinds, "Number", n, "Code", p.Code.String(), "Other", other.String()))
			}
			seen[n] = p.Code
		}
	}
}

func (r *reader) checkObjective(o Objective) {
	if o.Title.IsZero() {
		r.find(finding(o.Lines, Error, EmptyText, "Code", o.Code.String()))
	}
	if len(o.Points) == 0 {
		r.find(finding(o.Lines, Warning, NoMeasurementPoints, "Code", o.Code.String()))
	}
	for _, k := range o.KPIs {
		if !strings.ContainsFunc(k.Text.In(r.lang), unicode.IsDigit) {
			r.find(finding(k.Lines, Warning, KPIWithoutThreshold, "Code", k.Code.String()))
		}
	}
	for _, p := range o.Points {
		if len(p.Targets) == 0 {
			r.find(finding(p.Lines, Warning, PointWithoutTarget, "Code", p.Code.String()))
		}
		r.checkOrder(p)
		for _, t := range p.Targets {
			if t.Deadline == nil {
				r.find(finding(t.Lines, Warning, TargetWithoutDeadline, "Code", t.Code.String()))
			}
		}
	}
}

func (r *reader) checkInstitutions(f flow, o Options) {
	own := o.Institution
	if own == "" {
		own = r.draft.Mandate.Institution
	}
	if own == "" {
		return // nothing to compare with
	}
	for _, inst := range institutions() {
		if inst.serves || inst.is(own) {
			continue
		}
		for _, at := range inst.form.FindAllStringIndex(f.text, -1) {
			name := f.text[at[0]:at[1]]
			if strings.Contains(foldTitle(own), foldTitle(name)) {
				continue
			}
			r.find(finding(f.span(at[0], at[1]), Warning, ForeignInstitution, "Name", name, "Institution", own))
		}
	}
}

// flow is the text of the letter as it reads, wrapped lines together and
// empty lines as breaks, with the way back to the line numbers.
type flow struct {
	text   string
	starts []int // byte at which line i starts
}

func flowOf(lines []string) flow {
	var f flow
	var b strings.Builder
	for i, line := range lines {
		f.starts = append(f.starts, b.Len())
		b.WriteString(line)
		if line == "" || i+1 < len(lines) && lines[i+1] == "" {
			b.WriteByte('\n')
		} else {
			b.WriteByte(' ')
		}
	}
	f.text = b.String()
	return f
}

func (f flow) line(at int) int {
	i, exact := slices.BinarySearch(f.starts, at)
	if exact {
		return i + 1
	}
	return i
}

func (f flow) span(from, to int) Lines { return Lines{f.line(from), f.line(to - 1)} }

// abbreviation is two to six capitals on their own.
var abbreviation = regexp.MustCompile(`(?:^|[^\p{L}\p{N}])(\p{Lu}{2,6})(?:$|[^\p{L}\p{N}])`)

// labelWords are the abbreviations that are labels of the letter's own form.
var labelWords = map[string]bool{"SD": true, "TD": true, "OS": true, "OT": true, "MP": true, "PM": true, "KPI": true, "ICP": true}

// checkAbbreviations reports every abbreviation that the letter nowhere
// writes out, once, at its first line.
func (r *reader) checkAbbreviations(f flow) {
	count, first := map[string]int{}, map[string]int{}
	var order []string
	for at := 0; at < len(f.text); {
		m := abbreviation.FindStringSubmatchIndex(f.text[at:])
		if m == nil {
			break
		}
		word := f.text[at+m[2] : at+m[3]]
		if count[word]++; count[word] == 1 {
			first[word] = at + m[2]
			order = append(order, word)
		}
		at += m[3] // its right-hand neighbour may begin the next one
	}
	defined := definitions(f.text)
	for _, word := range order {
		if labelWords[word] || defined[word] || isHeadline(f.text, first[word]) {
			continue
		}
		r.find(finding(f.span(first[word], first[word]+1), Info, UndefinedAbbreviation, "Abbreviation", word, "Count", strconv.Itoa(count[word])))
	}
}

var inBrackets = regexp.MustCompile(`(?:([\p{L}\p{N}]+) )?\(([^()]{2,120})\)`)

// definitions finds the abbreviations that are written out: "Brussels
// International (BI)" or "BI (Brussels International)", words with those
// initials right before or within brackets.
func definitions(text string) map[string]bool {
	defined := map[string]bool{}
	for _, at := range inBrackets.FindAllStringSubmatchIndex(text, -1) {
		inside := text[at[4]:at[5]]
		if at[2] >= 0 {
			if word := text[at[2]:at[3]]; initials(strings.Fields(inside), word) {
				defined[word] = true
			}
		}
		before := strings.Fields(text[max(0, at[4]-1-120) : at[4]-1])
		for n := 1; n <= min(len(inside)+2, len(before)); n++ {
			if initials(before[len(before)-n:], inside) {
				defined[inside] = true
			}
		}
	}
	return defined
}

// initials says whether an abbreviation is made of the first letters of the
// words, small words left out or not; compounds count by their parts.
func initials(words []string, abbr string) bool {
	var all, capitals strings.Builder
	for _, w := range words {
		for _, part := range strings.FieldsFunc(w, func(c rune) bool { return c == '-' || c == '’' || c == '\'' }) {
			c := []rune(part)[0]
			all.WriteRune(unicode.ToUpper(c))
			if unicode.IsUpper(c) {
				capitals.WriteRune(c)
			}
		}
	}
	return all.String() == abbr || len(words) > 0 && capitals.String() == abbr
}

// isHeadline says whether the line at a place is all capitals, where capitals
// abbreviate nothing.
func isHeadline(text string, at int) bool {
	from := strings.LastIndexByte(text[:at], '\n') + 1
	to := strings.IndexByte(text[at:], '\n')
	if to < 0 {
		to = len(text) - at
	}
	return !strings.ContainsFunc(text[from:at+to], unicode.IsLower)
}

// DetectLang tells Dutch from French by their most frequent small words;
// Dutch when neither prevails.
func DetectLang(text string) bilingual.Lang {
	nl, fr := 0, 0
	const sample = 64 << 10
	notLetter := func(r rune) bool { return !unicode.IsLetter(r) }
	for _, w := range strings.FieldsFunc(strings.ToLower(text[:min(len(text), sample)]), notLetter) {
		switch w {
		case "de", "en", "des": // in both, or too short to tell
		case "het", "een", "van", "voor", "met", "door", "aan", "op", "zijn", "doelstelling", "doelstellingen", "meetpunt", "doorlopend":
			nl++
		case "le", "la", "les", "du", "et", "un", "une", "pour", "par", "aux", "dans", "objectif", "objectifs", "mesure":
			fr++
		}
	}
	if fr > nl {
		return bilingual.FR
	}
	return bilingual.NL
}
