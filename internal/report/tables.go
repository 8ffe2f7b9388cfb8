package report

import (
	"encoding/json"
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
	Tables      []Monitoring
}

// FileName gives a name such as monitoringtabellen-ACTIRIS-DR-2026-H1.nl.docx.
func (t Tables) FileName(f Format, p *locale.Printer) string {
	return strings.Join([]string{p.T("tables.file"), safe(t.Institution.Code), safe(t.Body.Code), t.Period.String()}, "-") + "." + language(p) + "." + string(f)
}

// Write writes all tables in a format and a language. Made is when.
func (t Tables) Write(w io.Writer, f Format, p *locale.Printer, made time.Time) error {
	var err error
	switch f {
	case JSON:
		err = t.writeJSON(w)
	case CSV:
		err = document.WriteCSV(w, document.Document{Lang: p.Lang, Created: made, Blocks: []document.Block{t.sheet("export.sheet.details", details, p, true)}})
	case XLSX:
		err = document.WriteXLSX(w, t.sheets(p, made))
	case DOCX:
		err = document.WriteDOCX(w, t.pages(p, made))
	case PDF:
		err = document.WritePDF(w, t.pages(p, made))
	case HTML:
		err = document.WriteHTML(w, t.pages(p, made))
	default:
		err = fmt.Errorf("unknown format %q", f)
	}
	if err != nil {
		return fmt.Errorf("write tables of %s %s: %w", t.Body.Code, t.Period, err)
	}
	return nil
}

// writeJSON writes the files of the single tables in a list: each is checked by itself.
func (t Tables) writeJSON(w io.Writer) error {
	all := make([]json.RawMessage, len(t.Tables))
	for i, m := range t.Tables {
		file, err := m.envelope()
		if err != nil {
			return err
		}
		all[i] = file
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(map[string]any{"schema": TablesSchema, "institution": t.Institution.Code, "body": t.Body.Code, "period": t.Period, "tables": all})
}

func (t Tables) frame(p *locale.Printer, made time.Time) document.Document {
	body, _ := words(t.Body.Name, p)
	title := t.title(p)
	return document.Document{
		Title: title + " – " + body, Lang: p.Lang, Author: t.Institution.Name.In(p.Lang), Created: made,
		Running: title + " · " + body, Footer: body + " · " + p.T("tables.sealed_of", "Sealed", t.sealed(), "Of", len(t.Tables)), Words: formatWords(p),
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
	return append(list, document.Facts{
		{Name: p.T("tables.mandates"), Value: document.Part{Text: strconv.Itoa(len(t.Tables))}},
		{Name: p.T("export.reported"), Value: document.Part{Text: p.T("export.reported_of", "Reported", reported, "Owed", owed)}},
		{Name: p.T("export.sealed"), Value: document.Part{Text: p.T("tables.sealed_of", "Sealed", t.sealed(), "Of", len(t.Tables))}},
	}...)
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
		cells := []document.Cell{first, document.Plain(holder), document.Plain(number), document.Plain(p.T("tables.of", "Reported", reported, "Owed", owed))}
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
	row(document.Plain(p.T("tables.all")), "", "", sum, reported, owed)
	return table
}

func (m Monitoring) holder(p *locale.Printer) string {
	switch h := m.Table.Holder; {
	case h.Name == "":
		return p.T("export.vacant")
	case h.Interim:
		return p.T("export.interim", "Name", h.Name)
	default:
		return h.Name
	}
}

// pages gives the summary and then every table, each under the title of its mandate.
func (t Tables) pages(p *locale.Printer, made time.Time) document.Document {
	d := t.frame(p, made)
	d.Blocks = []document.Block{
		document.Heading{Level: 1, Text: document.Part{Text: t.title(p)}},
		t.facts(p),
		document.Heading{Level: 2, Text: document.Part{Text: p.T("tables.summary")}},
		t.summary(p),
	}
	for _, m := range t.Tables {
		d.Blocks = append(d.Blocks, heading(2, part(m.Table.Mandate.Title, p, true), m.Table.Mandate.Title, p)...)
		d.Blocks = append(d.Blocks, m.shortFacts(p), m.overview(p))
		d.Blocks = append(d.Blocks, m.objectives(3, p)...)
		d.Blocks = append(d.Blocks, m.errata(p)...)
	}
	return d
}

// shortFacts name the table among others; where it is sealed, with what proves it.
func (m Monitoring) shortFacts(p *locale.Printer) document.Facts {
	_, reported, owed := m.Table.Counts()
	list := document.Facts{
		{Name: p.T("export.holder"), Value: document.Part{Text: m.holder(p)}},
		{Name: p.T("export.as_of"), Value: document.Part{Text: p.Date(m.Table.AsOf)}},
		{Name: p.T("export.reported"), Value: document.Part{Text: p.T("export.reported_of", "Reported", reported, "Owed", owed)}},
	}
	if s := m.ownSeal(); s != nil {
		return append(list,
			document.Fact{Name: p.T("export.number"), Value: document.Part{Text: p.T("export.number_version", "Number", s.Number, "Version", s.Version)}},
			document.Fact{Name: p.T("export.sealed"), Value: document.Part{Text: p.T("export.sealed_by", "When", p.DateTime(s.SealedAt), "By", s.SealedBy)}},
			document.Fact{Name: p.T("export.hash"), Value: document.Part{Text: s.SHA256}})
	}
	_, short, _ := m.unsealed(p)
	return append(list, document.Fact{Name: p.T("export.number"), Value: document.Part{Text: short}})
}

func (t Tables) sheets(p *locale.Printer, made time.Time) document.Document {
	d := t.frame(p, made)
	d.Blocks = []document.Block{
		document.Heading{Level: 1, Text: document.Part{Text: t.title(p)}},
		t.summary(p), t.sheet("export.sheet.table", overview, p, false), t.sheet("export.sheet.details", details, p, true),
	}
	d.Blocks = append(d.Blocks, errataSheet(t.Tables, titled("tables.code", p), func(m Monitoring) string { return m.Table.Mandate.Code }, p)...)
	d.Blocks = append(d.Blocks, t.facts(p))
	return d
}

// sheet gives the rows of all tables below each other, each with its mandate
// and, where asked, with number and hash.
func (t Tables) sheet(name string, columns []column, p *locale.Printer, proof bool) document.Table {
	all := document.Table{Name: p.T(name), Columns: []document.Column{{Title: p.T("tables.code"), Width: 16}}}
	for _, c := range columns {
		all.Columns = append(all.Columns, document.Column{Title: titled(c.key, p), Width: c.width})
	}
	if proof {
		all.Columns = append(all.Columns, document.Column{Title: p.T("export.number"), Width: 20}, document.Column{Title: p.T("export.hash"), Width: 30})
	}
	corrected := proof && slices.ContainsFunc(t.Tables, func(m Monitoring) bool { return len(m.Errata) > 0 })
	if corrected {
		all.Columns = append(all.Columns, document.Column{Title: titled("erratum.title", p), Width: 40})
	}
	all.Each = func(yield func([]document.Cell) bool) { // one table after the other: all at once would fill the memory
		for _, m := range t.Tables {
			_, number, _ := m.unsealed(p)
			hash := ""
			if s := m.ownSeal(); s != nil {
				number, hash = p.T("export.number_version", "Number", s.Number, "Version", s.Version), s.SHA256
			}
			i := -1
			for row := range m.sheet(name, columns, p).Each {
				i++
				row = append([]document.Cell{document.Plain(m.Table.Mandate.Code)}, row...)
				if proof {
					row = append(row, document.Plain(number), document.Plain(hash))
				}
				if corrected {
					row = append(row, document.Plain(m.errataOn(m.Table.Rows[i], p)))
				}
				if !yield(row) {
					return
				}
			}
		}
	}
	return all
}
