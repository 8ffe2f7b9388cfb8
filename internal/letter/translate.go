package letter

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"jalon/internal/bilingual"
	"jalon/internal/mandate"
)

// Translations are texts by language and key, the keys being those of Texts:
// "S3.2", "S3.2-1/deadline", "T4/goal2", "T5-K1".
type Translations map[bilingual.Lang]map[string]string

// LoadTranslations reads pairs of texts from tab-separated lines with the
// heading "code nl fr". It refuses another heading, a line with another number
// of columns and a code that stands twice.
func LoadTranslations(tsv []byte) (Translations, error) {
	lines := strings.Split(strings.TrimRight(string(bytes.TrimPrefix(tsv, []byte("\xef\xbb\xbf"))), "\r\n"), "\n")
	if strings.TrimSpace(lines[0]) != "code\tnl\tfr" {
		return nil, fmt.Errorf("read translations: heading %q, want code, nl, fr", lines[0])
	}
	t := Translations{bilingual.NL: {}, bilingual.FR: {}}
	for i, line := range lines[1:] {
		cells := strings.Split(strings.TrimSuffix(line, "\r"), "\t")
		if len(cells) != 3 {
			return nil, fmt.Errorf("read translations: line %d has %d columns, want 3", i+2, len(cells))
		}
		if _, twice := t[bilingual.NL][cells[0]]; twice {
			return nil, fmt.Errorf("read translations: line %d: code %q stands twice", i+2, cells[0])
		}
		t[bilingual.NL][cells[0]] = cells[1]
		t[bilingual.FR][cells[0]] = cells[2]
	}
	return t, nil
}

// Translate fills one language of the draft by key, in the given state. Texts
// that the draft already has as originals in that language stay. Keys that the
// draft does not know are findings.
func (d *Draft) Translate(lang bilingual.Lang, byCode map[string]string, state bilingual.State) []Finding {
	known := map[string]bool{}
	d.each(func(key string, text *bilingual.Text) {
		known[key] = true
		if words := byCode[key]; words != "" && text.State(lang) != bilingual.Original {
			*text = text.With(lang, words, state)
		}
	})
	var found []Finding
	for key := range byCode {
		if !known[key] {
			found = append(found, Finding{Severity: Warning, Code: UnknownTranslation, Args: map[string]string{"Code": key}})
		}
	}
	slices.SortFunc(found, func(a, b Finding) int { return strings.Compare(a.Args["Code"], b.Args["Code"]) })
	return found
}

// Texts gives every text of the draft under its key, in the order of the letter.
func (d Draft) Texts() []KeyedText {
	var all []KeyedText
	d.each(func(key string, text *bilingual.Text) { all = append(all, KeyedText{key, *text}) })
	return all
}

// KeyedText is one text of a draft.
type KeyedText struct {
	Key  string
	Text bilingual.Text
}

// OtherLanguage sets a letter beside the mandate as it is stored, when that has
// the words of the other language. Findings name the codes that only one of the
// two has, goals that differ in number, and deadlines that read otherwise; their
// lines are those of the letter that was read. Texts that the mandate has in
// both languages are left to Compare.
func OtherLanguage(stored, read Draft) []Finding {
	lang := read.lang()
	theirs := map[string]bilingual.Text{}
	translated := false
	stored.each(func(key string, t *bilingual.Text) {
		theirs[key] = *t
		translated = translated || official(*t, lang.Other())
	})
	if !translated {
		return nil
	}
	var found []Finding
	mine := map[string]bool{}
	read.each(func(key string, t *bilingual.Text) {
		mine[key] = !t.IsZero()
		if theirs[key].IsZero() && !t.IsZero() && !strings.Contains(key, "/goal") {
			found = append(found, onlyIn(key, lang, read.lines(key)))
		}
	})
	stored.each(func(key string, t *bilingual.Text) {
		if !mine[key] && !t.IsZero() && !official(*t, lang) && !strings.Contains(key, "/goal") {
			found = append(found, onlyIn(key, lang.Other(), Lines{}))
		}
	})
	found = append(found, goalCounts(stored, read, lang)...)
	return append(found, deadlineReadings(stored, read, lang)...)
}

// lang gives the language in which most of the draft's texts are.
func (d Draft) lang() bilingual.Lang {
	nl, fr := 0, 0
	d.each(func(_ string, t *bilingual.Text) {
		if t.NL != "" {
			nl++
		}
		if t.FR != "" {
			fr++
		}
	})
	if fr > nl {
		return bilingual.FR
	}
	return bilingual.NL
}

func onlyIn(key string, lang bilingual.Lang, at Lines) Finding {
	code, field, _ := strings.Cut(key, "/")
	kind := OnlyInOneLanguage
	switch field {
	case "deadline":
		kind = OnlyDeadline
	case "context":
		kind = OnlyContext
	}
	return finding(at, Warning, kind, "Code", code, "Key", key, "Language", strings.ToUpper(string(lang)))
}

// lines gives where the text of a key stands; zero when it is not known.
func (d Draft) lines(key string) Lines {
	for _, o := range d.Objectives {
		switch key {
		case o.Code.String(), o.Code.String() + "/context":
			return o.Lines
		case o.Code.String() + "/deadline":
			return o.Deadline.Lines
		}
		for _, k := range o.KPIs {
			if k.Code.String() == key {
				return k.Lines
			}
		}
		for _, p := range o.Points {
			if p.Code.String() == key {
				return p.Lines
			}
			for _, t := range p.Targets {
				switch key {
				case t.Code.String():
					return t.Lines
				case t.Code.String() + "/deadline":
					return t.Deadline.Lines
				}
			}
		}
	}
	return Lines{}
}

func goalCounts(stored, read Draft, lang bilingual.Lang) []Finding {
	var found []Finding
	theirs := map[mandate.Code][]bilingual.Text{}
	for _, o := range stored.Objectives {
		theirs[o.Code] = o.Goals
	}
	for _, o := range read.Objectives {
		goals, known := theirs[o.Code]
		inBoth := slices.ContainsFunc(goals, func(t bilingual.Text) bool { return official(t, lang) })
		if !known || inBoth || len(goals) == len(o.Goals) {
			continue
		}
		count := map[bilingual.Lang]string{lang: strconv.Itoa(len(o.Goals)), lang.Other(): strconv.Itoa(len(goals))}
		found = append(found, finding(o.Lines, Warning, GoalCountDiffers, "Code", o.Code.String(), "NL", count[bilingual.NL], "FR", count[bilingual.FR]))
	}
	return found
}
