package deadline

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
)

func seeds(t interface{ Fatal(...any) }) []string {
	var out []string
	for _, forms := range []string{table, nouns, acts, conditionWords} {
		for line := range strings.Lines(forms) {
			out = append(out, strings.Split(line, "|")...)
		}
	}
	return out
}

// sound checks what every reading promises, whatever the text.
func sound(t interface {
	Helper()
	Errorf(string, ...any)
}, text string, r Reading,
) {
	t.Helper()
	if r.Text != text {
		t.Errorf("the text changed: %q became %q", text, r.Text)
	}
	for _, p := range r.Parts {
		if p.Span[0] < 0 || p.Span[1] > len(text) || p.Span[0] >= p.Span[1] {
			t.Errorf("%q: span %v of %q is outside the text", text, p.Span, p.Reading)
		}
		if p.Reading == "" || p.Kind == "" {
			t.Errorf("%q: a part without a reading or kind: %+v", text, p)
		}
		for _, d := range []calendar.Date{p.Date, p.From, p.Until, p.Was} {
			if !d.IsZero() && (d.Year < calendar.MinYear-10 || d.Year > calendar.MaxYear+200) {
				t.Errorf("%q: date %v out of range in %q", text, d, p.Reading)
			}
		}
	}
	if len(r.Parts) == 0 && len(r.Alternatives) == 0 && len(r.Findings) == 0 {
		t.Errorf("%q: nothing read and nothing found", text)
	}
	horizon := Horizon{From: calendar.MustDate(2025, 1, 1), Until: calendar.MustDate(2026, 12, 31)}
	for _, d := range r.Duties(horizon) {
		if d.Due.Before(horizon.From) || d.Due.After(horizon.Until) || d.From.After(d.Due) || d.Late.Before(d.Due) {
			t.Errorf("%q: duty %+v of %q", text, d, r.Reading)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range seeds(f) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, lang := range []bilingual.Lang{"", bilingual.NL, bilingual.FR} {
			r := Read(text, lang)
			sound(t, text, r)
			if utf8.ValidString(text) && len(text) < 400 && lang != "" {
				readsBackOnce(t, r)
			}
		}
	})
}

// readsBackOnce checks the fixed point: what is printed for a reading reads and
// prints as itself.
func readsBackOnce(t *testing.T, r Reading) {
	t.Helper()
	for _, lang := range bilingual.Langs {
		words := r.Render(lang)
		if words == "" {
			continue
		}
		if again := Read(words, lang); again.Reading != r.Reading {
			t.Errorf("%q reads %s\nprints %s %q\n reads %s", r.Text, r.Reading, lang, words, again.Reading)
		}
	}
}

// phraseOf draws words from the tables of one language, dates and marks.
func phraseOf(lang bilingual.Lang) *rapid.Generator[string] {
	column := map[bilingual.Lang]int{bilingual.NL: 2, bilingual.FR: 3}[lang]
	var words []string
	for line := range strings.Lines(table) {
		if cells := strings.Split(line, "|"); len(cells) == 4 {
			for w := range strings.SplitSeq(cells[column], ";") {
				words = append(words, strings.TrimSpace(w))
			}
		}
	}
	words = append(words, "2025", "2026", "15", "31/12/2025", "1e", ",", ";", "(", ")", "-", "50 %", "maart 2026", "mars 2026", "jaar", "an")
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 1, 8).Draw(t, "words"), " ")
	})
}

func TestAnyWordsReadSoundly(t *testing.T) {
	for _, lang := range bilingual.Langs {
		rapid.Check(t, func(t *rapid.T) {
			text := phraseOf(lang).Draw(t, "text")
			r := Read(text, lang)
			sound(t, text, r)
			for _, out := range bilingual.Langs {
				words := r.Render(out)
				if again := Read(words, out); words != "" && again.Reading != r.Reading {
					t.Errorf("%q reads %s\nprints %s %q\n reads %s", text, r.Reading, out, words, again.Reading)
				}
			}
		})
	}
}

func TestLongTextTakesLinearTime(t *testing.T) {
	for _, unit := range []string{
		"na elk overleg van iets en ", "2025 - ", "(", "15 maart, ", "doorlopend vanaf maart 2025; ", "x ", "om de twee maanden en op de 15e, ",
		"« a ", "fase 1: maart 2025; ", "na na na ", "volgens de ", "een een een ", "1/2/", "van van ", ".", "juni 2026, 2027, ", "Q 3 ", "1, ", "15 en ", "31 december\n",
	} {
		text := strings.Repeat(unit, 100_000/len(unit))
		began := time.Now()
		r := Read(text, bilingual.NL)
		if r.Text != text {
			t.Error("the text changed")
		}
		t.Logf("%-40q %v", unit, time.Since(began))
	}
}
