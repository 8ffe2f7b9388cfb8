package report

import (
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"jalon/internal/calendar"
	"jalon/internal/document"
	"jalon/internal/locale"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
)

// Tables are the monitoring tables of several mandates for one half-year, as
// one document with a summary in front. It carries no seal: each table that is
// sealed says under which number, and its own file proves it.
type Tables struct {
	Institution monitoring.Institution
	Period      calendar.HalfYear
	AsOf        calendar.Date // of the tables that are not sealed
	List        []Monitoring  // in the order of the list of mandates
}

// TablesSchema names the form of the JSON file: the files of the tables in a list.
const TablesSchema = "jalon/tables/1"

// FileName gives a name such as monitoringtabellen-ACTIRIS-2026-H1.nl.xlsx.
func (ts Tables) FileName(f Format, p *locale.Printer) string {
	return fileName(f, p, p.T("tables.file"), ts.Institution.Code, ts.Period.String())
}

// Write writes the tables in a format and a language. Made is when.
func (ts Tables) Write(w io.Writer, f Format, p *locale.Printer, made time.Time) error {
	var err error
	switch f {
	case JSON:
		err = ts.writeJSON(w)
	case CSV:
		err = document.WriteCSV(w, document.Document{Lang: p.Lang, Created: made, Blocks: []document.Block{ts.rows(p)}})
	case XLSX:
		err = document.WriteXLSX(w, ts.sheets(p, made))
	case PDF:
		err = document.WritePDF(w, ts.pages(p, made))
	case DOCX:
		err = document.WriteDOCX(w, ts.pages(p, made))
	default:
		err = fmt.Errorf("unknown format %q", f)
	}
	if err != nil {
		return fmt.Errorf("write monitoring tables %s %s: %w", ts.Institution.Code, ts.Period, err)
	}
	return nil
}

// writeJSON writes one table after the other, so that no more than one is held as text.
func (ts Tables) writeJSON(w io.Writer) error {
	head, err := json.Marshal(map[string]any{"schema": TablesSchema, "period": ts.Period.String(), "institution": ts.Institution.Code})
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(w, "%s,\"tables\":[", head[:len(head)-1]); err != nil {
		return err
	}
	for i, m := range ts.List {
		if i > 0 {
			if _, err := io.WriteString(w, ",\n"); err != nil {
				return err
			}
		}
		if err := m.writeJSON(w); err != nil {
			return err
		}
	}
	_, err = io.WriteString(w, "]}\n")
	return err
}

func (ts Tables) frame(p *locale.Printer, made time.Time) document.Document {
	name, _ := words(ts.Institution.Name, p)
	title := p.T("tables.title", "Period", p.HalfYear(ts.Period))
	return document.Document{
		Title: title + " – " + name, Lang: p.Lang, Author: name, Created: made,
		Running: title + " · " + name, Footer: p.T("export.as_of") + " " + p.Date(ts.AsOf), Words: formatWords(p),
	}
}

// top gives what stands above the summary.
func (ts Tables) top(p *locale.Printer) []document.Block {
	reported, owed, sealed := 0, 0, 0
	for _, m := range ts.List {
		_, r, o := m.Table.Counts()
		reported, owed = reported+r, owed+o
		if m.ownSeal() != nil {
			sealed++
		}
	}
	return []document.Block{
		document.Heading{Level: 1, Text: document.Part{Text: p.T("tables.title", "Period", p.HalfYear(ts.Period))}},
		document.Facts{
			{Name: p.T("export.institution"), Value: part(ts.Institution.Name, p, true)},
			{Name: p.T("export.as_of"), Value: document.Part{Text: p.Date(ts.AsOf)}},
			{Name: p.T("export.reported"), Value: document.Part{Text: p.T("export.reported_of", "Reported", reported, "Owed", owed)}},
			{Name: p.T("export.sealed"), Value: document.Part{Text: p.T("tables.sealed_of", "Sealed", sealed, "All", len(ts.List))}},
		},
	}
}

// pages gives the document as it is read on paper: the summary, and then each
// mandate with its objectives.
func (ts Tables) pages(p *locale.Printer, made time.Time) document.Document {
	d := ts.frame(p, made)
	d.Blocks = append(ts.top(p), document.Heading{Level: 2, Text: document.Part{Text: p.T("tables.summary")}}, ts.summary(p))
	if slices.ContainsFunc(ts.List, func(m Monitoring) bool { return m.hasWorking(p.Lang) }) {
		d.Blocks = append(d.Blocks, document.Paragraph{Text: document.Part{Text: p.T("export.working_note"), Quiet: true}})
	}
	for _, m := range ts.List {
		heading := part(m.Table.Mandate.Title, p, true)
		heading.Label = strings.TrimSpace(m.Table.Mandate.Code + " · " + heading.Label)
		d.Blocks = append(d.Blocks, document.Heading{Level: 2, Text: heading}, m.facts(p))
		for _, rows := range m.byObjective() {
			objective := part(rows[0].Objective, p, true)
			objective.Label = strings.TrimSpace(p.Code(rows[0].Code.Parent().Parent()) + " · " + objective.Label)
			d.Blocks = append(d.Blocks, document.Heading{Level: 3, Text: objective}, m.pageTable(rows, p))
		}
	}
	return d
}

// byObjective groups rows that follow each other under one objective.
func (m Monitoring) byObjective() (groups [][]monitoring.Row) {
	var last mandate.Code
	for i, r := range m.Table.Rows {
		if objective := r.Code.Parent().Parent(); i == 0 || objective != last {
			groups, last = append(groups, nil), objective
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], r)
	}
	return groups
}

// sheets gives the workbook: the summary, and one sheet with all rows.
func (ts Tables) sheets(p *locale.Printer, made time.Time) document.Document {
	d := ts.frame(p, made)
	d.Blocks = append(ts.top(p), ts.summary(p), ts.rows(p))
	return d
}

// counted are the statuses that have a column in the summary.
func counted() []progress.Status {
	return append(slices.Clone(progress.Entered), progress.Late, progress.NotReported, progress.NotExpected)
}

// summary sets the mandates against the statuses: how many rows stand where,
// and how many of those owed were reported.
func (ts Tables) summary(p *locale.Printer) document.Table {
	t := document.Table{Name: p.T("tables.summary"), Columns: []document.Column{
		{Title: p.T("export.mandate"), Width: 24}, {Title: p.T("export.holder"), Width: 17}, {Title: p.T("export.number"), Width: 17},
	}}
	for _, s := range counted() {
		t.Columns = append(t.Columns, document.Column{Title: p.Status(s), Width: 17})
	}
	t.Columns = append(t.Columns, document.Column{Title: p.T("export.reported"), Width: 16})
	for _, m := range ts.List {
		counts, reported, owed := m.Table.Counts()
		number, _, _ := m.unsealed(p)
		if s := m.ownSeal(); s != nil {
			number = p.T("export.number_version", "Number", s.Number, "Version", s.Version)
		}
		row := []document.Cell{
			{Parts: []document.Part{{Text: m.Table.Mandate.Code}, part(m.Table.Mandate.Title, p, true)}},
			document.Plain(m.Table.Holder.Name), document.Plain(number),
		}
		for _, s := range counted() {
			row = append(row, document.Plain(strconv.Itoa(counts[s])))
		}
		t.Rows = append(t.Rows, append(row, document.Plain(p.T("export.reported_of", "Reported", reported, "Owed", owed))))
	}
	return t
}

// rows gives every row of every table with the mandate in front and the number
// and hash of its table behind, made one by one.
func (ts Tables) rows(p *locale.Printer) document.Table {
	t := document.Table{Name: p.T("export.sheet.details")}
	add := func(key string, width float64) {
		t.Columns = append(t.Columns, document.Column{Title: p.T(key), Width: width})
	}
	add("export.mandate", 18)
	add("tables.function", 32)
	for _, c := range details {
		add(c.key, c.width)
	}
	add("export.number", 20)
	add("export.hash", 20)
	t.Each = ts.each(p)
	return t
}

func (ts Tables) each(p *locale.Printer) iter.Seq[[]document.Cell] {
	return func(yield func([]document.Cell) bool) {
		for _, m := range ts.List {
			title := document.Cell{Parts: []document.Part{part(m.Table.Mandate.Title, p, false)}}
			_, number, _ := m.unsealed(p)
			hash := ""
			if s := m.ownSeal(); s != nil {
				number, hash = p.T("export.number_version", "Number", s.Number, "Version", s.Version), s.SHA256
			}
			for _, r := range m.Table.Rows {
				row := append(make([]document.Cell, 0, len(details)+4), document.Plain(m.Table.Mandate.Code), title)
				for _, c := range details {
					row = append(row, c.cell(r, p))
				}
				if !yield(append(row, document.Plain(number), document.Plain(hash))) {
					return
				}
			}
		}
	}
}
