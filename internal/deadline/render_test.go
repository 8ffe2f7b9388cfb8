package deadline

import (
	"encoding/json"
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

func TestAPurposeIsNoDayBeforeSomething(t *testing.T) {
	r := Read("om de 3 maanden, op de laatste dag, voor « uiterlijk »", bilingual.NL)
	if again := Read(r.Render(bilingual.NL), bilingual.NL); r.Reading != "rec every 3m on last-d (uiterlijk)" || again.Reading != r.Reading {
		t.Errorf("reads %s, prints %q, reads %s", r.Reading, r.Render(bilingual.NL), again.Reading)
	}
}
