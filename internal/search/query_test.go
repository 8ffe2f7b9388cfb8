package search

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestACodeIsReadAsPeopleTypeIt(t *testing.T) {
	for typed, want := range map[string]string{
		"SD3.2": "S3.2", "OS 3.2": "S3.2", "sd3,2": "S3.2", "S3.2-1": "S3.2-1", "OS3.2-1": "S3.2-1", "s 3.2.1": "S3.2-1", "S3.2–1": "S3.2-1",
		"TD4": "T4", "OT 4.3-2": "T4.3-2", "T5-K1": "T5-K1", "KPI T5-K1": "T5-K1", "t5 k1": "T5-K1", "SD3": "S3", "Meetpunt SD3.2": "S3.2", "point de mesure OS3.2": "S3.2",
		"3.2": "S3.2 T3.2", "3.2-1": "S3.2-1 T3.2-1",
		"ACTIRIS-A4-EL S3.2": "ACTIRIS-A4-EL S3.2", "actiris-a4-el": "ACTIRIS-A4-EL",
		"": "", "3": "", "2025": "", "S": "", "S0": "", "S3.0": "", "S123": "", "werk": "", "S3 en T4": "", "x-y partner": "",
	} {
		q := Parse(typed)
		var got []string
		if q.Mandate != "" {
			got = append(got, q.Mandate)
		}
		for _, c := range q.Codes {
			got = append(got, c.String())
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%q is %q, want %q", typed, s, want)
		}
	}
}

func TestWordsAreFoldedAndBounded(t *testing.T) {
	for typed, want := range map[string][]string{
		"Évaluation d’été":       {"evaluation", "d", "ete"},
		"l'œuvre &|!():*<-> 'x'": {"l", "oeuvre", "x"},
		"e\u0301le\u0300ve":      {"eleve"},
		"werk\x00zoek\x1benden":  {"werk", "zoek", "enden"},
		"\xff\xfe":               {},
		"--- !!":                 {},
	} {
		if got := Parse(typed).Words; !cmp.Equal(got, want) && len(got)+len(want) > 0 {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
	q := Parse(strings.Repeat("a", 10_000))
	if len(q.Words) != 1 || len(q.Words[0]) != maxWord || len(q.Text) != maxLength {
		t.Errorf("ten thousand letters become %d words in %d letters", len(q.Words), len(q.Text))
	}
	if n := len(Parse(strings.Repeat("a ", 10_000)).Words); n != maxWords {
		t.Errorf("ten thousand words become %d", n)
	}
}

func TestTheBeginningOfAWordFindsItsStemToo(t *testing.T) {
	for word, want := range map[string]string{
		"evaluati": "evaluati:* | evalu | evaluat", "werkzoek": "werkzoek:*", "format": "format:*", "partnerschap": "partnerschap:*", "de": "",
	} {
		if _, _, got := Parse(word).Terms(); got != want {
			t.Errorf("%s: %q, want %q", word, got, want)
		}
	}
}

// Nothing that somebody types breaks the question that is put to the database.
func TestAnythingTypedIsAQuestion(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		typed := string(rapid.SliceOfN(rapid.Byte(), 0, 400).Draw(r, "typed"))
		if rapid.Bool().Draw(r, "letters") {
			typed = rapid.String().Draw(r, "text")
		}
		q := Parse(typed)
		if !utf8.ValidString(q.Text) || strings.ContainsAny(q.Text, "\x00\n") {
			r.Fatalf("%q is shown as %q", typed, q.Text)
		}
		for _, w := range q.Words {
			if w == "" || strings.ContainsAny(w, " &|!():*<>'\\") {
				r.Fatalf("%q has the word %q", typed, w)
			}
		}
	})
}

func TestMarksStandOnTheLettersAsWritten(t *testing.T) {
	const text = "L’évaluation de l’œuvre : e\u0301tude"
	marked := "l \x02evaluation\x03 de l \x02oeuvre\x03   etude"
	want := []Piece{{"L’", false}, {"évaluation", true}, {" de l’", false}, {"œuvre", true}, {" : e\u0301tude", false}}
	if d := cmp.Diff(want, Mark(text, marked)); d != "" {
		t.Error(d)
	}
	if got := Mark(text, "something else"); HasFound(got) || len(got) != 1 {
		t.Errorf("a text that is not the same marks %v", got)
	}
}

func TestAnExcerptKeepsTheFirstWordFound(t *testing.T) {
	text := strings.Repeat("woord ", 100) + "doel " + strings.Repeat("nog ", 100)
	marked := strings.Replace(text, "doel", "\x02doel\x03", 1)
	pieces := Excerpt(Mark(text, marked), 60)
	var all string
	for _, p := range pieces {
		all += p.Text
	}
	if !HasFound(pieces) || !strings.HasPrefix(all, "…") || !strings.HasSuffix(all, "…") || utf8.RuneCountInString(all) > 62 {
		t.Errorf("excerpt %q", all)
	}
	rapid.Check(t, func(r *rapid.T) {
		text := rapid.String().Draw(r, "text")
		most := rapid.IntRange(1, 40).Draw(r, "most")
		n := 0
		for _, p := range Excerpt(Mark(text, Fold(text)), most) {
			n += utf8.RuneCountInString(p.Text)
		}
		if n > most+2 {
			r.Fatalf("%d letters, at most %d", n, most)
		}
	})
}
