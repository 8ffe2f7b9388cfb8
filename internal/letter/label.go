package letter

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"jalon/internal/bilingual"
	"jalon/internal/mandate"
)

// labelKind is what a label announces.
type labelKind int

const (
	noLabel labelKind = iota
	mandateLabel
	sectionLabel
	objectiveLabel
	goalsLabel
	pointLabel
	targetLabel
	deadlineLabel
	kpiLabel
)

// label is a label found at the start of a line.
type label struct {
	kind    labelKind
	lang    bilingual.Lang // "" when the label is the same in both languages
	of      mandate.Kind   // objective labels
	number  int            // objective, point (after the dot) or KPI
	parent  int            // number before the dot of a point, 0 when absent
	ordinal int            // of a target: 1 for "Eerste", 0 when not said
	rest    string         // the text after the label
	length  int            // bytes of the label itself
	bare    bool           // a word alone on its line, without colon: perhaps only the end of a sentence
}

// The words of the labels. Numbers may be written "1", "nr. 1" or "n° 1".
const (
	number    = `(?:(?:nr|n°|nº|no|n|nummer|num[eé]ro)\b?\.?\s*)?([1-9]\d?)`
	separator = `\s*(?:[:：]|[-–—](?:\s|$))\s*`
	// spaces are the plain ones and those that French sets before a colon
	spaces   = `[\s\x{a0}\x{2009}\x{202f}]`
	ordinals = `(eerste|tweede|derde|vierde|vijfde|premi[eè]re|deuxi[eè]me|seconde|troisi[eè]me|quatri[eè]me|cinqui[eè]me|1[èe]?re|[1-5](?:ste|de|e|[èe]me))`
)

type labelForm struct {
	kind labelKind
	lang bilingual.Lang
	of   mandate.Kind
	form *regexp.Regexp
	// strict labels need a separator or the end of the line after them, so
	// that a sentence that merely begins with the word is not taken for one.
	strict bool
}

func form(kind labelKind, lang bilingual.Lang, of mandate.Kind, strict bool, words string) labelForm {
	return labelForm{kind, lang, of, spaced(`^(?i:` + words + `)`), strict}
}

// spaced compiles a form in which every \s also stands for the French spaces.
func spaced(form string) *regexp.Regexp {
	return regexp.MustCompile(strings.ReplaceAll(form, `\s`, spaces))
}

// labelForms are compiled when the first letter is read: most starts read none.
var labelForms = sync.OnceValue(func() []labelForm {
	return []labelForm{
		form(mandateLabel, bilingual.NL, "", false, `(?:strategische|transversale)?(?:\s+en\s+(?:strategische|transversale))?\s*doelstellingen\s+(?:voor|van)\s+het\s+mandaat\b`),
		form(mandateLabel, bilingual.FR, "", false, `objectifs(?:\s+(?:stratégiques|transversaux))?(?:\s+et\s+(?:stratégiques|transversaux))?\s+(?:pour\s+le|du)\s+mandat\b`),
		form(objectiveLabel, bilingual.NL, mandate.Strategic, false, `(?:SD|strategische\s+doelstelling)\s*`+number+`\b`),
		form(objectiveLabel, bilingual.NL, mandate.Transversal, false, `(?:TD|transversale\s+doelstelling)\s*`+number+`\b`),
		form(objectiveLabel, bilingual.FR, mandate.Strategic, false, `(?:OS|objectif\s+stratégique)\s*`+number+`\b`),
		form(objectiveLabel, bilingual.FR, mandate.Transversal, false, `(?:OT|objectif\s+transversal)\s*`+number+`\b`),
		form(pointLabel, bilingual.NL, "", false, `(?:bijkomend\s+)?(?:meetpunt|MP)\s*`+`(?:nr\.?\s*)?(?:([1-9]\d?)\s*\.\s*)?([1-9]\d?)\b`),
		form(pointLabel, bilingual.FR, "", false, `(?:point\s+de\s+mesure(?:\s+complémentaire)?|PM)\s*`+`(?:n[°º]\s*)?(?:([1-9]\d?)\s*\.\s*)?([1-9]\d?)\b`),
		form(targetLabel, bilingual.NL, "", true, `(?:`+ordinals+`\s+)?(?:te\s+(?:bereiken|behalen)\s+)?(?:streefwaarde|target|streefdoel)(?:\s+([1-9]))?`),
		form(targetLabel, bilingual.FR, "", true, `(?:`+ordinals+`\s+)?(?:valeur\s+cible|valeur\s+à\s+atteindre|cible)(?:\s+à\s+atteindre)?(?:\s+([1-9]))?`),
		form(deadlineLabel, bilingual.NL, "", true, `(?:tijdschema|tijdspad|termijn|timing)`),
		form(deadlineLabel, bilingual.FR, "", true, `(?:calendrier|[ée]chéance|[ée]chéancier|délai)`),
		form(deadlineLabel, "", "", true, `deadline`),
		form(kpiLabel, "", "", false, `KPI\s*`+number+`\b`),
		form(kpiLabel, bilingual.FR, "", false, `(?:ICP|indicateur\s+clé(?:\s+de\s+performance)?)\s*`+number+`\b`),
		form(goalsLabel, bilingual.NL, "", true, `doelstellingen`),
		form(goalsLabel, bilingual.FR, "", true, `objectifs`),
		form(sectionLabel, bilingual.NL, "", true, `(?:bijdrage\s+aan\s+de\s+)?(?:strategische|transversale)\s+doelstellingen`),
		form(sectionLabel, bilingual.FR, "", true, `(?:contribution\s+aux\s+)?objectifs\s+(?:stratégiques|transversaux)`),
	}
})

var (
	leadingSeparator = spaced(`^` + separator)
	// bulletForm takes the signs that people and word processors put before
	// list items, U+F0B7 being the dot of the old Symbol font.
	bulletForm = spaced("^(?:[•▪◦●○■□‣⁃∙·\uf0b7\uf0a7]\\s*|[-–—*o§](?:\\s+|$))")
)

// readLabel finds a label at the start of a line without leading spaces.
func readLabel(line string) (label, bool) {
	for _, f := range labelForms() {
		m := f.form.FindStringSubmatchIndex(line)
		if m == nil {
			continue
		}
		l := label{kind: f.kind, lang: f.lang, of: f.of, length: m[1]}
		after := line[m[1]:]
		sep := leadingSeparator.FindString(after)
		if sep == "" && !fitsWithoutSeparator(f, line, after) {
			continue
		}
		if sep == "" && !f.strict {
			after = strings.TrimLeft(after, ".) ") // "Meetpunt 1.1. De…"
		}
		l.bare = sep == "" && f.strict
		l.rest = strings.TrimSpace(after[len(sep):])
		if f.kind == sectionLabel && l.rest != "" {
			continue
		}
		l.setNumbers(line, m)
		return l, true
	}
	return label{}, false
}

// fitsWithoutSeparator decides about a label with neither colon nor dash:
// "Transversale doelstelling 1 ‘Kwaliteit…’" and "Meetpunt 1.1" are labels,
// "Meetpunt 3.2 en 3.3 worden" is a sentence.
func fitsWithoutSeparator(f labelForm, line, after string) bool {
	first, _ := utf8.DecodeRuneInString(line)
	if f.strict {
		return after == "" && unicode.IsUpper(first)
	}
	after = strings.TrimLeft(after, ".) ")
	if after == "" {
		return unicode.IsUpper(first)
	}
	next, _ := utf8.DecodeRuneInString(strings.TrimSpace(after))
	if f.kind == mandateLabel {
		return unicode.IsUpper(first)
	}
	return unicode.IsUpper(first) && (unicode.IsUpper(next) || strings.ContainsRune("‘'“\"«„(", next))
}

func (l *label) setNumbers(line string, m []int) {
	group := func(i int) string {
		if 2*i+1 >= len(m) || m[2*i] < 0 {
			return ""
		}
		return line[m[2*i]:m[2*i+1]]
	}
	atoi := func(s string) int { n, _ := strconv.Atoi(s); return n }
	switch l.kind {
	case objectiveLabel, kpiLabel:
		l.number = atoi(group(1))
	case pointLabel:
		l.parent, l.number = atoi(group(1)), atoi(group(2))
	case targetLabel:
		l.ordinal = readOrdinal(group(1))
		if l.ordinal == 0 {
			l.ordinal = atoi(group(2))
		}
	}
}

func readOrdinal(word string) int {
	word = strings.ToLower(word)
	for n, words := range []string{1: "eerste première premiere", 2: "tweede deuxième deuxieme seconde", 3: "derde troisième troisieme", 4: "vierde quatrième quatrieme", 5: "vijfde cinquième cinquieme"} {
		for _, w := range strings.Fields(words) {
			if w == word {
				return n
			}
		}
	}
	if word != "" && word[0] >= '1' && word[0] <= '5' {
		return int(word[0] - '0')
	}
	return 0
}
