// Package locale prints for people: sentences from the catalogues, and the
// dates and numbers of nl-BE and fr-BE. It also reads what people type.
package locale

import (
	"fmt"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/sync/errgroup"
	"golang.org/x/text/language"

	"jalon/internal/bilingual"
	"jalon/locales"
)

// Catalogues holds one printer for each language.
type Catalogues struct {
	printers map[bilingual.Lang]*Printer
}

// Load reads both catalogues; whoever asks again gets the same ones. Each language
// stands alone: a key that is missing in one never shows the other language's sentence.
func Load() (*Catalogues, error) { return loaded() }

var loaded = sync.OnceValues(func() (*Catalogues, error) {
	printers := make([]*Printer, len(bilingual.Langs))
	var reading errgroup.Group
	for i, lang := range bilingual.Langs {
		reading.Go(func() (err error) {
			printers[i], err = newPrinter(lang)
			return err
		})
	}
	if err := reading.Wait(); err != nil {
		return nil, err
	}
	c := &Catalogues{printers: map[bilingual.Lang]*Printer{}}
	for i, lang := range bilingual.Langs {
		c.printers[lang] = printers[i]
	}
	return c, nil
})

// MustLoad is Load for catalogues that are compiled in and tested.
func MustLoad() *Catalogues {
	c, err := Load()
	if err != nil {
		panic(err)
	}
	return c
}

// In gives the printer of a language.
func (c *Catalogues) In(lang bilingual.Lang) *Printer { return c.printers[lang] }

// Beside gives the printer of a language that has the other one beside it.
func (c *Catalogues) Beside(lang bilingual.Lang) *Printer {
	p := *c.In(lang)
	p.Beside, p.Labels = c.In(lang.Other()), true
	return &p
}

// Printer prints in one language. It is safe for concurrent use.
type Printer struct {
	Lang      bilingual.Lang
	Beside    *Printer // of the other language, for documents that stand in both; nil otherwise
	Labels    bool     // with Beside: short words within a text are in both languages too
	localizer *i18n.Localizer
	plain     map[string]string // sentences without a placeholder, ready to use
	format    format
	set       func() *Printer // the same with the spaces of typography; nil where there are none
}

func newPrinter(lang bilingual.Lang) (*Printer, error) {
	name := fmt.Sprintf("active.%s.json", lang)
	raw, err := locales.Files.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("read catalogue %s: %w", name, err)
	}
	file, err := i18n.ParseMessageFileBytes(raw, name, nil)
	if err != nil {
		return nil, fmt.Errorf("read catalogue %s: %w", name, err)
	}
	p, err := printerOf(lang, file.Messages)
	if err != nil {
		return nil, fmt.Errorf("read catalogue %s: %w", name, err)
	}
	p.set = typesetter(lang, file.Messages)
	return p, nil
}

// printerOf leaves to the bundle what has placeholders or plural forms only: most
// sentences are printed as they stand.
func printerOf(lang bilingual.Lang, messages []*i18n.Message) (*Printer, error) {
	p := &Printer{Lang: lang, plain: make(map[string]string, len(messages)), format: formats[lang]}
	var formed []*i18n.Message
	for _, m := range messages {
		if m.One == "" && !hasPlaceholder(m.Other) {
			p.plain[m.ID] = m.Other
		} else {
			formed = append(formed, m)
		}
	}
	tag := language.MustParse(string(lang))
	bundle := i18n.NewBundle(tag)
	if err := bundle.AddMessages(tag, formed...); err != nil {
		return nil, err
	}
	p.localizer = i18n.NewLocalizer(bundle, string(lang))
	return p, nil
}

// T prints the sentence with this key. Placeholders come in pairs: "Name", value.
// An unknown key prints itself between angle marks; a test keeps that from happening.
func (p *Printer) T(key string, pairs ...any) string {
	return p.localize(key, nil, pairs)
}

// N prints the sentence in the plural form of count, which it gets as {{.Count}}.
func (p *Printer) N(key string, count int, pairs ...any) string {
	return p.localize(key, count, append(pairs, "Count", count))
}

func (p *Printer) localize(key string, count any, pairs []any) string {
	if s, ok := p.plain[key]; ok {
		return s
	}
	data := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		data[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	s, err := p.localizer.Localize(&i18n.LocalizeConfig{MessageID: key, PluralCount: count, TemplateData: data})
	if err != nil {
		return "⟨" + key + "⟩"
	}
	return s
}

// Has reports whether the catalogue knows the key.
func (p *Printer) Has(key string) bool {
	_, err := p.localizer.Localize(&i18n.LocalizeConfig{MessageID: key, PluralCount: 2, TemplateData: map[string]any{}})
	_, plain := p.plain[key]
	return plain || err == nil
}
