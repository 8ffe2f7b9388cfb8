package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/gowebpki/jcs"

	"jalon/internal/calendar"
	"jalon/internal/document"
	"jalon/internal/locale"
	"jalon/internal/monitoring"
)

// ErrataSchema names the form of the JSON file of a list of errata.
const ErrataSchema = "jalon/errata/1"

// Errata are those of one sealed table, or of all sealed tables of a body in a
// half-year, as a document of their own.
type Errata struct {
	Institution monitoring.Institution
	Body        monitoring.Body
	Period      calendar.HalfYear
	One         bool         // of the only table; else of all tables of the body
	Tables      []Monitoring // also those without errata, which are not listed
}

// ErrataOf is the list of one table.
func ErrataOf(m Monitoring) Errata {
	return Errata{Institution: m.Table.Institution, Body: m.Table.Body, Period: m.Table.Period, One: true, Tables: []Monitoring{m}}
}

// Errata is the list of all tables.
func (t Tables) Errata() Errata {
	return Errata{Institution: t.Institution, Body: t.Body, Period: t.Period, Tables: t.Tables}
}

// FileName gives a name such as errata-ACTIRIS-DR-2026-H1.nl.docx.
func (e Errata) FileName(f Format, p *locale.Printer) string {
	code := e.Institution.Code + "-" + e.Body.Code
	if e.One {
		if code = e.Tables[0].Table.Mandate.Code; e.Tables[0].Narrow {
			code += "-" + e.Body.Code
		}
	}
	return strings.Join([]string{p.T("errata.file"), safe(code), e.Period.String()}, "-") + "." + language(p) + "." + string(f)
}

// Write writes the list in a format and a language. Made is when.
func (e Errata) Write(w io.Writer, f Format, p *locale.Printer, made time.Time) error {
	var err error
	p = p.Typeset()
	switch f {
	case JSON:
		err = e.writeJSON(w)
	case CSV:
		err = document.WriteCSV(w, document.Document{Lang: p.Lang, Created: made, Blocks: []document.Block{e.rows(p)}})
	case XLSX:
		err = document.WriteXLSX(w, e.document(p, made, e.sheets(p)))
	case DOCX:
		err = document.WriteDOCX(w, e.document(p, made, e.pages(p)))
	case PDF:
		err = document.WritePDF(w, e.document(p, made, e.pages(p)))
	case HTML:
		err = document.WriteHTML(w, e.document(p, made, e.pages(p)))
	default:
		err = fmt.Errorf("unknown format %q", f)
	}
	if err != nil {
		return fmt.Errorf("write errata of %s %s: %w", e.Body.Code, e.Period, err)
	}
	return nil
}

// wireErrata is the JSON of a list: each erratum as it was signed, under the table that it is of.
type wireErrata struct {
	Schema      string            `json:"schema"`
	Institution string            `json:"institution"`
	Body        string            `json:"body"`
	Period      calendar.HalfYear `json:"period"`
	Tables      []wireErrataTable `json:"tables"`
}

type wireErrataTable struct {
	Mandate string              `json:"mandate"`
	Number  string              `json:"number"`
	SHA256  string              `json:"sha256"`
	Errata  []wireErratumSigned `json:"errata"`
}

type wireErratumSigned struct {
	Document  json.RawMessage `json:"document"`
	Signature string          `json:"signature"`
	KeyID     string          `json:"key_id"`
	PublicKey string          `json:"public_key"`
}

func (e Errata) writeJSON(w io.Writer) error {
	list := wireErrata{Schema: ErrataSchema, Institution: e.Institution.Code, Body: e.Body.Code, Period: e.Period, Tables: []wireErrataTable{}}
	for _, m := range e.corrected() {
		t := wireErrataTable{Mandate: m.Table.Mandate.Code, Number: m.Seal.Number, SHA256: m.Seal.SHA256}
		for _, one := range m.Errata {
			t.Errata = append(t.Errata, wireErratumSigned{one.Document, one.Signature, one.KeyID, one.PublicKey})
		}
		list.Tables = append(list.Tables, t)
	}
	plain, err := json.Marshal(list)
	if err != nil {
		return err
	}
	if plain, err = jcs.Transform(plain); err != nil {
		return err
	}
	_, err = w.Write(append(plain, '\n'))
	return err
}

// corrected are the tables that have errata.
func (e Errata) corrected() (list []Monitoring) {
	for _, m := range e.Tables {
		if m.Seal != nil && len(m.Errata) > 0 {
			list = append(list, m)
		}
	}
	return list
}

func (e Errata) count() (n int) {
	for _, m := range e.corrected() {
		n += len(m.Errata)
	}
	return n
}

func (e Errata) title(p *locale.Printer) string {
	return inBoth(p, func(p *locale.Printer) string { return p.T("errata.title", "Period", p.HalfYear(e.Period)) })
}

// about names what the errata are of: the mandate, or the body.
func (e Errata) about(p *locale.Printer) string {
	name := e.Body.Name
	if e.One {
		name = e.Tables[0].Table.Mandate.Title
	}
	text, _ := words(name, p)
	return text
}

func (e Errata) document(p *locale.Printer, made time.Time, blocks []document.Block) document.Document {
	return document.Document{
		Title: e.title(p) + " – " + e.about(p), Lang: p.Lang, Author: e.Institution.Name.In(p.Lang), Created: made,
		Running: e.title(p) + " · " + e.about(p), Footer: inBoth(p, func(p *locale.Printer) string { return p.N("errata.count", e.count()) }),
		Words: wordsOfBoth(p), Blocks: blocks,
	}
}

func (e Errata) facts(p *locale.Printer) document.Facts {
	list := append(doubled("export.institution", e.Institution.Name, p), doubled("export.body", e.Body.Name, p)...)
	if e.One {
		list = append(doubled("export.mandate", e.Tables[0].Table.Mandate.Title, p), list...)
		list = append(list, tableFacts(e.Tables[0], p)...)
	}
	return append(list, document.Fact{Name: titled("erratum.title", p), Value: document.Part{Text: strconv.Itoa(e.count())}})
}

// tableFacts name the table that errata are of, with what proves it.
func tableFacts(m Monitoring, p *locale.Printer) document.Facts {
	s := m.Seal
	if s == nil {
		_, short, _ := m.unsealed(p)
		return document.Facts{{Name: titled("export.number", p), Value: document.Part{Text: short}}}
	}
	return document.Facts{
		{Name: titled("export.number", p), Value: document.Part{Text: titled("export.number_version", p, "Number", s.Number, "Version", s.Version)}},
		{Name: titled("export.sealed", p), Value: document.Part{Text: titled("export.sealed_by", p, "When", p.DateTime(s.SealedAt), "By", s.SealedBy)}},
		{Name: titled("export.hash", p), Value: document.Part{Text: s.SHA256}},
	}
}

// pages gives the errata of each table in a table of their own.
func (e Errata) pages(p *locale.Printer) []document.Block {
	blocks := []document.Block{document.Heading{Level: 1, Text: document.Part{Text: e.title(p)}}, e.facts(p)}
	if e.count() == 0 {
		return append(blocks, bothParagraphs("errata.none", p)...)
	}
	blocks = append(blocks, bothParagraphs("erratum.note", p)...)
	for _, m := range e.corrected() {
		if !e.One {
			blocks = append(blocks, heading(2, part(m.Table.Mandate.Title, p, true), m.Table.Mandate.Title, p)...)
			blocks = append(blocks, tableFacts(m, p))
		}
		blocks = append(blocks, m.errataTable(p))
	}
	return blocks
}

func (e Errata) sheets(p *locale.Printer) []document.Block {
	return []document.Block{document.Heading{Level: 1, Text: document.Part{Text: e.title(p)}}, e.rows(p).Narrowed(onSheet), e.facts(p)}
}

// onSheet is how much of the width on a page a column has on a worksheet, which is printed on one page across.
const onSheet = 0.5

// rows gives one erratum a row, each with the table that it is of.
func (e Errata) rows(p *locale.Printer) document.Table {
	t := document.Table{Name: p.T("erratum.title"), Columns: append([]document.Column{
		{Title: titled("tables.code", p), Width: 18}, {Title: titled("export.number", p), Width: 20},
	}, errataColumns(p, "erratum.reason")...)}
	t.Columns = append(t.Columns, document.Column{Title: titled("export.language", p), Width: 14}, document.Column{Title: titled("errata.hash", p), Width: 40})
	for _, m := range e.corrected() {
		for _, one := range m.Errata {
			row := append([]document.Cell{document.Plain(m.Table.Mandate.Code), document.Plain(m.Seal.Number)}, erratumCells(one, p)...)
			t.Rows = append(t.Rows, append(row, document.Plain(p.T("language."+string(one.Lang))), document.Plain(m.Seal.SHA256)))
		}
	}
	return t
}

// bothParagraphs says a sentence, and in a document in both languages below it in the other one.
func bothParagraphs(key string, p *locale.Printer, args ...any) []document.Block {
	blocks := []document.Block{document.Paragraph{Text: document.Part{Text: p.T(key, args...), Quiet: true}}}
	if p.Beside != nil {
		blocks = append(blocks, document.Paragraph{Text: document.Part{Text: p.Beside.T(key, args...), Lang: p.Beside.Lang, Quiet: true}})
	}
	return blocks
}
