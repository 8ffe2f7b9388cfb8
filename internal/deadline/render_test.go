package deadline

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"jalon/internal/bilingual"
)

var sameReading = cmp.Options{
	cmpopts.IgnoreFields(Part{}, "Span"), cmpopts.EquateEmpty(),
}

// readsBack checks that what we print for a reading reads as the same reading.
func readsBack(t interface {
	Helper()
	Errorf(string, ...any)
}, r Reading,
) {
	t.Helper()
	for _, lang := range bilingual.Langs {
		words := r.Render(lang)
		again := Read(words, lang)
		if again.Reading != r.Reading {
			t.Errorf("%q printed in %s as %q\n reads %s\n  was  %s", r.Text, lang, words, again.Reading, r.Reading)
			continue
		}
		if diff := cmp.Diff(r.Parts, again.Parts, sameReading); diff != "" {
			t.Errorf("%q printed in %s as %q differs (-was +reads):\n%s", r.Text, lang, words, diff)
		}
	}
}

func TestWhatWePrintReadsAsTheSame(t *testing.T) {
	for _, name := range []string{"phrases.tsv", "more.tsv"} {
		for _, row := range phraseRows(t, name) {
			for lang, text := range map[bilingual.Lang]string{bilingual.NL: row.nl, bilingual.FR: row.fr} {
				if r := Read(text, lang); len(r.Parts) > 0 || len(r.Alternatives) > 0 {
					readsBack(t, r)
				}
			}
		}
	}
}

// French sets a space before a semicolon, at which no line may break, and writes a
// round apostrophe, as the sentences around a reading do.
func TestAReadingIsSetAsItsLanguageSetsIt(t *testing.T) {
	for _, name := range []string{"phrases.tsv", "more.tsv"} {
		for _, row := range phraseRows(t, name) {
			words := Read(row.nl, bilingual.NL).Render(bilingual.FR)
			for i, r := range words {
				if r == '\'' || strings.HasPrefix(words[i:], " de le ") || strings.HasPrefix(words[i:], "’à le ") || r == ';' && !strings.HasSuffix(words[:i], "\u202f") {
					t.Errorf("%q in French: %q", row.nl, words)
					break
				}
			}
			if words := Read(row.nl, bilingual.NL).Render(bilingual.NL); strings.Contains(words, "\u202f;") {
				t.Errorf("%q in Dutch: %q", row.nl, words)
			}
		}
	}
}

func TestReadingSurvivesJSON(t *testing.T) {
	for _, row := range phraseRows(t, "phrases.tsv") {
		was := Read(row.nl, bilingual.NL)
		raw, err := json.Marshal(was)
		if err != nil {
			t.Fatal(err)
		}
		var is Reading
		if err := json.Unmarshal(raw, &is); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(was, is, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%q (-was +is):\n%s", row.nl, diff)
		}
	}
}

// Words that nobody would write so, each of which once was read as something
// that printed as something else, or broke the calendar.
func TestOddWordsReadBack(t *testing.T) {
	for text, want := range map[string]string{
		"einde tweemaaljaarlijks":         "ambiguous: rec =2/y | rec every 2y", // and the end of which?
		"januari tot ambtstermijn":        "cont ..ME",
		"om de andere semester":           "rec =1/y",
		"om de 12 maanden":                "rec =1/y",
		"zodra aanstelling":               "asap appointment",
		"voor van aanstelling":            "by MB-1d",
		"tot rond ambtstermijn":           "cont ..ME~",
		"elke maand op de 8e vrijdag":     "",
		"elke maand op de 5e vrijdag":     "rec every 1m on 5th-fri",
		"elke week op de 2e vrijdag":      "",
		"elk jaar op de 8e vrijdag":       "rec =1/y on 8th-fri",
		"elke 2 maanden op de 8e vrijdag": "rec every 2m on 8th-fri",
	} {
		r := Read(text, bilingual.NL)
		if r.Reading != want {
			t.Errorf("%q reads %q, want %q", text, r.Reading, want)
		}
		sound(t, text, r)
		readsBackOnce(t, r)
	}
}

func TestAPurposeIsNoDayBeforeSomething(t *testing.T) {
	r := Read("om de 3 maanden, op de laatste dag, voor « uiterlijk »", bilingual.NL)
	if again := Read(r.Render(bilingual.NL), bilingual.NL); r.Reading != "rec every 3m on last-d (uiterlijk)" || again.Reading != r.Reading {
		t.Errorf("reads %s, prints %q, reads %s", r.Reading, r.Render(bilingual.NL), again.Reading)
	}
}

// A length of time is no event: nothing happens in "the year" that something could follow.
func TestALengthOfTimeIsNoEvent(t *testing.T) {
	for text, lang := range map[string]bilingual.Lang{
		"na het jaar": bilingual.NL, "vóór zes maanden": bilingual.NL, "Na elke 6 maanden": bilingual.NL, "na het eerste jaar": bilingual.NL,
		"après l'année": bilingual.FR, "après les six premiers mois": bilingual.FR,
	} {
		r := Read(text, lang)
		asks := slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Code == CodeNotUnderstood })
		guesses := slices.ContainsFunc(r.Parts, func(p Part) bool { return p.Kind == Event || p.Kind == None })
		if !asks || guesses {
			t.Errorf("%q reads %q with findings %+v, want a question and no event", text, r.Reading, r.Findings)
		}
	}
}
