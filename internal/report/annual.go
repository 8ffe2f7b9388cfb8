package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/document"
	"jalon/internal/locale"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
)

// Annual is the report of a year of one mandate: what was said of each target
// in its half-years, from the sealed tables where they are sealed.
type Annual struct {
	Year   int
	Halves []Monitoring // those that have begun, the first one first; at least one
}

// AnnualRow is one target with its row in each half-year; nil where it had none.
type AnnualRow struct {
	monitoring.Row // with its wording in the latest half-year that has it
	Halves         []*monitoring.Row
}

// AnnualFormats are the forms of an annual report, in the order of a menu.
var AnnualFormats = []Format{DOCX, PDF, HTML, XLSX}

// Latest is the table of the last half-year that has begun: the mandate and its holder stand there.
func (a Annual) Latest() monitoring.Table { return a.Halves[len(a.Halves)-1].Table }

// Rows gives the targets in the order of the latest table; those that it no
// longer has follow, in the order of the earlier one.
func (a Annual) Rows() []AnnualRow {
	var all []AnnualRow
	at := map[mandate.Code]int{}
	for i := len(a.Halves) - 1; i >= 0; i-- {
		for _, r := range a.Halves[i].Table.Rows {
			place, known := at[r.Code]
			if !known {
				place = len(all)
				at[r.Code] = place
				all = append(all, AnnualRow{Row: r, Halves: make([]*monitoring.Row, len(a.Halves))})
			}
			all[place].Halves[i] = &r
		}
	}
	return all
}

// FileName gives a name such as jaarverslag-ACTIRIS-A4-EL-2026.nl.docx.
func (a Annual) FileName(f Format, p *locale.Printer) string {
	return strings.Join([]string{p.T("annual.file"), safe(a.Latest().Mandate.Code), strconv.Itoa(a.Year)}, "-") + "." + language(p) + "." + string(f)
}

// Write writes the report in a format and a language. Made is when.
func (a Annual) Write(w io.Writer, f Format, p *locale.Printer, made time.Time) error {
	p = p.Typeset()
	var err error
	switch f {
	case XLSX:
		err = document.WriteXLSX(w, a.sheets(p, made))
	case DOCX:
		err = document.WriteDOCX(w, a.pages(p, made))
	case PDF:
		err = document.WritePDF(w, a.pages(p, made))
	case HTML:
		err = document.WriteHTML(w, a.pages(p, made))
	default:
		err = fmt.Errorf("unknown format %q", f)
	}
	if err != nil {
		return fmt.Errorf("write annual report %s %d: %w", a.Latest().Mandate.Code, a.Year, err)
	}
	return nil
}

func (a Annual) frame(p *locale.Printer, made time.Time) document.Document {
	t := a.Latest()
	title := titled("annual.title", p, "Year", strconv.Itoa(a.Year))
	name, _ := words(t.Mandate.Title, p)
	return document.Document{
		Title: title + " – " + name, Lang: p.Lang, Author: t.Institution.Name.In(p.Lang), Created: made,
		Running: title + " · " + name, Footer: t.Mandate.Code + " · " + aside("export.as_of", p) + " " + p.Date(t.AsOf), Words: wordsOfBoth(p),
	}
}

// facts name the mandate, and of each half-year how much was reported and what proves it.
func (a Annual) facts(p *locale.Printer) document.Facts {
	t, latest := a.Latest(), a.Halves[len(a.Halves)-1]
	list := append(doubled("export.mandate", t.Mandate.Title, p), doubled("export.institution", t.Institution.Name, p)...)
	list = append(list, document.Fact{Name: titled("export.holder", p), Value: document.Part{Text: latest.holder(p)}})
	for _, m := range a.Halves {
		_, reported, owed := m.Table.Counts()
		_, proof, _ := m.unsealed(p)
		if s := m.ownSeal(); s != nil {
			proof = aside("export.number_version", p, "Number", s.Number, "Version", s.Version) + " · SHA-256 " + s.SHA256
		}
		list = append(list, document.Fact{
			Name:  inBoth(p, func(p *locale.Printer) string { return p.HalfYear(m.Table.Period) }),
			Value: document.Part{Text: aside("export.reported_of", p, "Reported", reported, "Owed", owed) + " · " + aside("export.as_of", p) + " " + p.Date(m.Table.AsOf) + " · " + proof},
		})
	}
	return list
}

// columns name the half-years: status and what was said.
func (a Annual) columns(status, said float64, p *locale.Printer) (all []document.Column) {
	for _, m := range a.Halves {
		name := m.Table.Period.String()
		all = append(all, document.Column{Title: titled("annual.status", p) + " " + name, Width: status}, document.Column{Title: titled("export.story", p) + " " + name, Width: said})
	}
	return all
}

func (a Annual) cells(r AnnualRow, p *locale.Printer) (cells []document.Cell) {
	for _, half := range r.Halves {
		if half == nil {
			word := func(p *locale.Printer) string { return p.T("annual.not_there") }
			none := document.Cell{Parts: []document.Part{{Text: word(p), Quiet: true}}}
			cells = append(cells, with(none, p, word), document.Cell{})
			continue
		}
		cells = append(cells, statusCell(half.Now.Status, p), story(*half, p))
	}
	return cells
}

func (a Annual) pages(p *locale.Printer, made time.Time) document.Document {
	d := a.frame(p, made)
	add := func(b ...document.Block) { d.Blocks = append(d.Blocks, b...) }
	add(document.Heading{Level: 1, Text: document.Part{Text: titled("annual.title", p, "Year", strconv.Itoa(a.Year))}}, a.facts(p))
	rows := a.Rows()
	for len(rows) > 0 {
		objective := rows[0].Code.Parent().Parent()
		title := part(rows[0].Objective, p, true)
		title.Label = strings.TrimSpace(p.Code(objective) + " · " + title.Label)
		add(heading(2, title, rows[0].Objective, p)...)
		t := document.Table{Columns: append([]document.Column{{Title: titled("export.code", p), Width: 16}, {Title: titled("export.target", p), Width: 54}}, a.columns(26, 60, p)...)}
		for len(rows) > 0 && rows[0].Code.Parent().Parent() == objective {
			r := rows[0]
			cells := []document.Cell{rowCode(r.Row, p), {Parts: parts(r.Target, p, true)}}
			t.Rows = append(t.Rows, append(cells, a.cells(r, p)...))
			rows = rows[1:]
		}
		add(t)
	}
	for _, m := range a.Halves {
		add(m.errata(2, p)...)
	}
	return d
}

func (a Annual) sheets(p *locale.Printer, made time.Time) document.Document {
	d := a.frame(p, made)
	t := document.Table{Name: p.T("export.sheet.table"), Columns: []document.Column{
		{Title: titled("export.code", p), Width: 9}, {Title: titled("export.objective", p), Width: 24}, {Title: titled("export.point", p), Width: 28}, {Title: titled("export.target", p), Width: 36},
	}}
	t.Columns = append(t.Columns, a.columns(18, 46, p)...)
	for _, r := range a.Rows() {
		cells := []document.Cell{rowCode(r.Row, p)}
		for _, text := range []bilingual.Text{r.Objective, r.Point, r.Target} {
			cells = append(cells, document.Cell{Parts: parts(text, p, false)})
		}
		t.Rows = append(t.Rows, append(cells, a.cells(r, p)...))
	}
	d.Blocks = []document.Block{
		document.Heading{Level: 1, Text: document.Part{Text: titled("annual.title", p, "Year", strconv.Itoa(a.Year))}}, t,
	}
	d.Blocks = append(d.Blocks, narrowed(errataSheet(a.Halves, titled("annual.half", p), func(m Monitoring) string { return m.Table.Period.String() }, p))...)
	d.Blocks = append(d.Blocks, a.facts(p))
	return d
}

// HalvesOf gives the half-years of a year that have begun on a day.
func HalvesOf(year int, today calendar.Date) (all []calendar.HalfYear) {
	for half := 1; half <= 2; half++ {
		if h := (calendar.HalfYear{Year: year, Half: half}); !today.Before(h.Start()) {
			all = append(all, h)
		}
	}
	return all
}
