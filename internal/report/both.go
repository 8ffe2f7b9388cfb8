package report

import (
	"strings"

	"jalon/internal/bilingual"
	"jalon/internal/document"
	"jalon/internal/locale"
	"jalon/internal/monitoring"
)

// A document can stand in both languages side by side (locale.Catalogues.Beside):
// each text in the document's language, and below it, as a run of its own, in the
// other one. What somebody reported stays in the language it was written in.

// parts is part for a place that can show both languages.
func parts(t bilingual.Text, p *locale.Printer, short bool) []document.Part {
	list := []document.Part{part(t, p, short)}
	if p.Beside == nil || list[0].Lang != "" || t.In(p.Beside.Lang) == "" {
		return list
	}
	return append(list, besides(t, p, short))
}

// besides is the text in the other language.
func besides(t bilingual.Text, p *locale.Printer, short bool) document.Part {
	second := part(t, p.Beside, short)
	second.Lang = p.Beside.Lang
	return second
}

// heading gives a heading and, in both languages, what it is called in the other one.
func heading(level int, text document.Part, t bilingual.Text, p *locale.Printer) []document.Block {
	blocks := []document.Block{document.Heading{Level: level, Text: text}}
	if all := parts(t, p, true); len(all) > 1 {
		blocks = append(blocks, document.Paragraph{Text: all[1], Keep: p.Labels})
	}
	return blocks
}

// titled gives the words of a column or a title, in both languages where asked.
func titled(key string, p *locale.Printer, args ...any) string {
	return inBoth(p, func(p *locale.Printer) string { return p.T(key, args...) })
}

// aside gives what stands beside the rows and within cells: labels, names of
// facts, short words. In a document of an older layout it is in one language only.
func aside(key string, p *locale.Printer, args ...any) string {
	if !p.Labels {
		return p.T(key, args...)
	}
	words, other := p.T(key, args...), p.Beside.T(key, args...)
	if words == other {
		return words
	}
	if strings.HasSuffix(other, ":") { // of a label; one is enough
		words = strings.TrimSuffix(words, ":")
	}
	return words + " / " + other
}

// asides is a sentence below another one: in both languages each on its own line.
func asides(key string, p *locale.Printer) []document.Block {
	if !p.Labels {
		return []document.Block{document.Paragraph{Text: document.Part{Text: p.T(key), Quiet: true}}}
	}
	return bothParagraphs(key, p)
}

// ofLayout gives the printer that a layout was written with.
func (m Monitoring) ofLayout(p *locale.Printer) *locale.Printer {
	if m.layout() >= 3 {
		return p.Typeset()
	}
	older := *p
	older.Labels = false
	return &older
}

// inBoth gives words in both languages on one line, where both are asked for.
func inBoth(p *locale.Printer, say func(*locale.Printer) string) string {
	words := say(p)
	if p.Beside == nil {
		return words
	}
	if other := say(p.Beside); other != words {
		words += " / " + other
	}
	return words
}

// wordsOfBoth are formatWords with the number of a page in both languages. A sealed
// table and the tables of a body keep it in one: they are checked by being drawn
// again, as they were when they were sealed.
func wordsOfBoth(p *locale.Printer) document.Words {
	w := formatWords(p)
	w.PageOf = func(page, pages string) string {
		return inBoth(p, func(p *locale.Printer) string { return p.T("export.page", "Page", page, "Pages", pages) })
	}
	return w
}

// title is how the table is called.
func (m Monitoring) title(p *locale.Printer) string {
	return inBoth(p, func(p *locale.Printer) string { return p.T("export.title", "Period", p.HalfYear(m.Table.Period)) })
}

// doubled adds to a fact that it stands in the other language too.
func doubled(key string, t bilingual.Text, p *locale.Printer) document.Facts {
	list := document.Facts{{Name: p.T(key), Value: part(t, p, true)}}
	if all := parts(t, p, true); len(all) > 1 {
		list = append(list, document.Fact{Name: p.Beside.T(key), Value: all[1]})
	}
	return list
}

// with adds a word in the other language to a cell, where both are asked for.
func with(c document.Cell, p *locale.Printer, word func(*locale.Printer) string) document.Cell {
	if p.Beside == nil {
		return c
	}
	if other := word(p.Beside); other != c.Text() {
		c.Parts = append(c.Parts, document.Part{Text: other, Lang: p.Beside.Lang, Quiet: len(c.Parts) > 0 && c.Parts[0].Quiet})
	}
	return c
}

// rowCode is the code of a row as both languages write it.
func rowCode(r monitoring.Row, p *locale.Printer) document.Cell {
	return with(document.Plain(p.Code(r.Code)), p, func(p *locale.Printer) string { return p.Code(r.Code) })
}

// language names the language of a document for its file: nl, fr, or nl-fr.
func language(p *locale.Printer) string {
	if p.Beside == nil {
		return string(p.Lang)
	}
	return string(p.Lang) + "-" + string(p.Beside.Lang)
}
