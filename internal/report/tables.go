package report

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"jalon/internal/calendar"
	"jalon/internal/document"
	"jalon/internal/locale"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
)

// TablesSchema names the form of the JSON file of several tables.
const TablesSchema = "jalon/tables/1"

// Tables are the monitoring tables of all mandates that report to a body in a
// half-year, sealed or not, in one document with a summary before them.
type Tables struct {
	Institution monitoring.Institution
	Body        monitoring.Body
	Period      calendar.HalfYear
	Whole       *Whole // the sealed table of the body that names them; nil when there is none
	Tables      []Monitoring
}

// FileName gives a name such as monitoringtabellen-ACTIRIS-DR-2026-H1.nl.docx.
func (t Tables) FileName(f Format, p *locale.Printer) string {
	return strings.Join([]string{p.T("tables.file"), safe(t.Institution.Code), safe(t.Body.Code), t.Period.String()}, "-") + "." + language(p) + "." + string(f)
}

// Write writes all tables in a format and a language. Made is when.
func (t Tables) Write(w io.Writer, f Format, p *locale.Printer, made time.Time) error {
	t, p = t.asTables(), p.Typeset()
	var err error
	switch f {
	case JSON:
		err = t.writeJSON(w)
	case CSV:
		err = document.WriteCSV(w, document.Document{Lang: p.Lang, Created: made, Blocks: []document.Block{t.sheet("export.sheet.details", details, p, true)}})
	case XLSX, DOCX, PDF, HTML:
		err = t.writeDocument(w, f, p, made)
	default:
		err = fmt.Errorf("unknown format %q", f)
	}
	if err != nil {
		return fmt.Errorf("write tables of %s %s: %w", t.Body.Code, t.Period, err)
	}
	return nil
}

func (t Tables) writeJSON(w io.Writer) error {
	file, err := t.wire()
	if err != nil {
		return err
	}
	_, err = w.Write(append(file, '\n'))
	return err
}

func (t Tables) writeDocument(w io.Writer, f Format, p *locale.Printer, made time.Time) (err error) {
	d := t.frame(p, made)
	if f != HTML {
		if d.Data, err = t.attached(p, made); err != nil {
			return err
		}
	}
	if f == XLSX {
		d.Blocks = t.sheets(p)
		return document.WriteXLSX(w, d)
	}
	d.Blocks = t.pages(p)
	switch f {
	case DOCX:
		return document.WriteDOCX(w, d)
	case PDF:
		return document.WritePDF(w, d)
	}
	return document.WriteHTML(w, d)
}

func (t Tables) frame(p *locale.Printer, made time.Time) document.Document {
	body, _ := words(t.Body.Name, p)
	title, footer := t.title(p), aside("tables.sealed_of", p, "Sealed", t.sealed(), "Of", len(t.Tables))
	if t.Whole != nil {
		footer += " · " + aside("export.number_version", p, "Number", t.Whole.Seal.Number, "Version", t.Whole.Seal.Version) + " · SHA-256 " + t.Whole.Seal.SHA256[:min(16, len(t.Whole.Seal.SHA256))]
	}
	return document.Document{
		Title: title + " – " + body, Lang: p.Lang, Author: t.Institution.Name.In(p.Lang), Created: made,
		Running: title + " · " + body, Footer: body + " · " + footer, Words: formatWords(p),
	}
}

func (t Tables) title(p *locale.Printer) string {
	return inBoth(p, func(p *locale.Printer) string { return p.T("tables.title", "Period", p.HalfYear(t.Period)) })
}

func (t Tables) sealed() (n int) {
	for _, m := range t.Tables {
		if m.Seal != nil {
			n++
		}
	}
	return n
}

// counted adds up the rows of all tables.
func (t Tables) counted() (byStatus map[progress.Status]int, reported, owed int) {
	byStatus = map[progress.Status]int{}
	for _, m := range t.Tables {
		counts, r, o := m.Table.Counts()
		for status, n := range counts {
			byStatus[status] += n
		}
		reported, owed = reported+r, owed+o
	}
	return byStatus, reported, owed
}

func (t Tables) facts(p *locale.Printer) document.Facts {
	_, reported, owed := t.counted()
	list := append(doubled("export.institution", t.Institution.Name, p), doubled("export.body", t.Body.Name, p)...)
	list = append(list, document.Facts{
		{Name: aside("tables.mandates", p), Value: document.Part{Text: strconv.Itoa(len(t.Tables))}},
		{Name: aside("export.reported", p), Value: document.Part{Text: aside("export.reported_of", p, "Reported", reported, "Owed", owed)}},
		{Name: aside("export.sealed", p), Value: document.Part{Text: aside("tables.sealed_of", p, "Sealed", t.sealed(), "Of", len(t.Tables))}},
	}...)
	if t.Whole == nil {
		return list
	}
	s := t.Whole.Seal
	return append(list,
		document.Fact{Name: aside("tables.whole", p), Value: document.Part{Text: aside("export.number_version", p, "Number", s.Number, "Version", s.Version)}},
		document.Fact{Name: aside("tables.whole_sealed", p), Value: document.Part{Text: aside("export.sealed_by", p, "When", p.DateTime(s.SealedAt), "By", s.SealedBy)}},
		document.Fact{Name: aside("tables.whole_hash", p), Value: document.Part{Text: s.SHA256}})
}

// statuses in the order of a form, and then those that are derived.
var statuses = append(append([]progress.Status{}, progress.Entered...), progress.Late, progress.NotReported, progress.NotExpected)

// summary sets the mandates against the statuses that occur, with their sums below.
func (t Tables) summary(p *locale.Printer) document.Table {
	sum, reported, owed := t.counted()
	table := document.Table{Name: p.T("tables.summary"), Columns: []document.Column{
		{Title: titled("export.mandate", p), Width: 44}, {Title: titled("export.holder", p), Width: 26}, {Title: titled("export.number", p), Width: 24}, {Title: titled("export.reported", p), Width: 26},
	}}
	var shown []progress.Status
	for _, s := range statuses {
		if sum[s] > 0 {
			shown = append(shown, s)
			table.Columns = append(table.Columns, document.Column{Title: inBoth(p, func(p *locale.Printer) string { return p.Status(s) }), Width: 26})
		}
	}
	row := func(first document.Cell, holder, number string, counts map[progress.Status]int, reported, owed int) {
		cells := []document.Cell{first, document.Plain(holder), document.Plain(number), document.Plain(aside("tables.of", p, "Reported", reported, "Owed", owed))}
		for _, s := range shown {
			n := decimal.NewFromInt(int64(counts[s]))
			cell := document.Cell{Number: &n, Parts: []document.Part{{Text: strconv.Itoa(counts[s])}}}
			cells = append(cells, cell)
		}
		table.Rows = append(table.Rows, cells)
	}
	for _, m := range t.Tables {
		counts, reported, owed := m.Table.Counts()
		number, _, _ := m.unsealed(p)
		if m.Seal != nil {
			number = m.Seal.Number
		}
		row(document.Cell{Parts: parts(m.Table.Mandate.Title, p, true)}, m.holder(p), number, counts, reported, owed)
	}
	row(document.Plain(aside("tables.all", p)), "", "", sum, reported, owed)
	return table
}

func (m Monitoring) holder(p *locale.Printer) string {
	switch h := m.Table.Holder; {
	case h.Name == "":
		return aside("export.vacant", p)
	case h.Interim:
		return aside("export.interim", p, "Name", h.Name)
	default:
		return h.Name
	}
}

// pages gives the summary and then every table, each under the title of its mandate.
func (t Tables) pages(p *locale.Printer) []document.Block {
	blocks := []document.Block{
		document.Heading{Level: 1, Text: document.Part{Text: t.title(p)}},
		t.facts(p),
		document.Heading{Level: 2, Text: document.Part{Text: aside("tables.summary", p)}},
		t.summary(p),
	}
	for _, m := range t.Tables {
		blocks = append(blocks, heading(2, part(m.Table.Mandate.Title, p, true), m.Table.Mandate.Title, p)...)
		blocks = append(blocks, m.shortFacts(p), m.overview(p))
		blocks = append(blocks, m.objectives(3, p)...)
		blocks = append(blocks, m.errata(3, p)...)
	}
	return blocks
}

// shortFacts name the table among others; where it is sealed, with what proves it.
func (m Monitoring) shortFacts(p *locale.Printer) document.Facts {
	_, reported, owed := m.Table.Counts()
	list := document.Facts{
		{Name: aside("export.holder", p), Value: document.Part{Text: m.holder(p)}},
		{Name: aside("export.as_of", p), Value: document.Part{Text: p.Date(m.Table.AsOf)}},
		{Name: aside("export.reported", p), Value: document.Part{Text: aside("export.reported_of", p, "Reported", reported, "Owed", owed)}},
	}
	if s := m.ownSeal(); s != nil {
		return append(list,
			document.Fact{Name: aside("export.number", p), Value: document.Part{Text: aside("export.number_version", p, "Number", s.Number, "Version", s.Version)}},
			document.Fact{Name: aside("export.sealed", p), Value: document.Part{Text: aside("export.sealed_by", p, "When", p.DateTime(s.SealedAt), "By", s.SealedBy)}},
			document.Fact{Name: aside("export.hash", p), Value: document.Part{Text: s.SHA256}})
	}
	_, short, _ := m.unsealed(p)
	return append(list, document.Fact{Name: aside("export.number", p), Value: document.Part{Text: short}})
}

func (t Tables) sheets(p *locale.Printer) []document.Block {
	blocks := []document.Block{
		document.Heading{Level: 1, Text: document.Part{Text: t.title(p)}},
		t.summary(p).Narrowed(onSheet), t.sheet("export.sheet.table", overview, p, false), t.sheet("export.sheet.details", details, p, true),
	}
	blocks = append(blocks, narrowed(errataSheet(t.Tables, titled("tables.code", p), func(m Monitoring) string { return m.Table.Mandate.Code }, p))...)
	return append(blocks, t.facts(p))
}

// sheet gives the rows of all tables below each other, each with its mandate
// and, where asked, with number and hash.
func (t Tables) sheet(name string, columns []column, p *locale.Printer, proof bool) document.Table {
	corrected := proof && slices.ContainsFunc(t.Tables, func(m Monitoring) bool { return len(m.Errata) > 0 })
	return sheetOf(slices.Values(t.Tables), name, columns, p, proof, corrected)
}
