package locale

import (
	"regexp"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"

	"jalon/internal/bilingual"
)

// French sets a space before some signs, at which no line may break: a whole one
// before a colon and within guillemets, a narrow one before ; ! and ? (Imprimerie
// nationale; CLDR uses the same two).
var (
	wholeBefore  = regexp.MustCompile(`[ \x{a0}\x{202f}]+([:»])`)
	narrowBefore = regexp.MustCompile(`[ \x{a0}\x{202f}]+([;!?])`)
	wholeAfter   = regexp.MustCompile(`«[ \x{a0}\x{202f}]+`)
)

func typeset(text string) string {
	text = wholeBefore.ReplaceAllString(text, "\u00a0$1")
	text = narrowBefore.ReplaceAllString(text, narrowNoBreakSpace+"$1")
	return wholeAfter.ReplaceAllString(text, "«\u00a0")
}

// Typeset gives the printer for pages and documents, whose sentences have the
// spaces of French typography. What people typed, and what is put into a sentence, stays as it is.
func (p *Printer) Typeset() *Printer {
	q := *p
	if p.set != nil {
		set := p.set()
		q.localizer, q.plain, q.set = set.localizer, set.plain, nil
	}
	if p.Beside != nil {
		q.Beside = p.Beside.Typeset()
	}
	return &q
}

// typesetter makes the printer with these messages when it is first asked for;
// nil where the language has no such spaces.
func typesetter(lang bilingual.Lang, messages []*i18n.Message) func() *Printer {
	if lang != bilingual.FR {
		return nil
	}
	return sync.OnceValue(func() *Printer {
		set := make([]*i18n.Message, len(messages))
		for i, m := range messages {
			one := *m
			one.One, one.Many, one.Other = typeset(m.One), typeset(m.Many), typeset(m.Other)
			set[i] = &one
		}
		p, err := printerOf(lang, set)
		if err != nil {
			panic(err) // they were read once already
		}
		return p
	})
}
