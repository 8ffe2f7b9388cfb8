package report

import (
	"iter"
	"time"

	"github.com/shopspring/decimal"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/document"
	"jalon/internal/locale"
	"jalon/internal/monitoring"
)

// sheets gives the table as a workbook: a sheet as it is read and printed, one
// with one fact per cell, and one with what stands on the title page.
func (m Monitoring) sheets(p *locale.Printer, made time.Time) (document.Document, error) {
	d, err := m.frame(p, made)
	if err != nil {
		return d, err
	}
	d.Blocks = []document.Block{
		document.Heading{Level: 1, Text: document.Part{Text: m.title(p)}},
		m.sheet("export.sheet.table", overview, p),
		m.sheet("export.sheet.details", m.details(), p),
	}
	if len(m.Table.Questions) > 0 {
		t := m.questionTable(p).Narrowed(onSheet)
		t.Name = p.T("export.sheet.questions")
		d.Blocks = append(d.Blocks, t)
	}
	d.Blocks = append(d.Blocks, narrowed(m.errata(2, p))...)
	if m.ownSeal() == nil {
		_, _, sentence := m.unsealed(p)
		d.Blocks = append(d.Blocks, document.Paragraph{Text: document.Part{Text: sentence}})
	}
	if m.hasWorking(p.Lang) {
		d.Blocks = append(d.Blocks, document.Paragraph{Text: document.Part{Text: p.T("export.working_note")}})
	}
	d.Blocks = append(d.Blocks, m.facts(p), document.Heading{Level: 2, Text: document.Part{Text: aside("export.status", p)}}, m.overview(p))
	for _, b := range m.seal(p) { // number, time and hash stand among the facts already
		if facts, ok := b.(document.Facts); ok {
			b = facts[3:]
		}
		d.Blocks = append(d.Blocks, b)
	}
	return d, nil
}

// narrowed gives the tables among some blocks the widths of a worksheet.
func narrowed(blocks []document.Block) []document.Block {
	for i, b := range blocks {
		if t, ok := b.(document.Table); ok {
			blocks[i] = t.Narrowed(onSheet)
		}
	}
	return blocks
}

// rows gives the table as plain rows, each with the number and hash of the table.
func (m Monitoring) rows(p *locale.Printer, made time.Time) document.Document {
	t := m.sheet("export.sheet.details", m.details(), p)
	_, number, _ := m.unsealed(p)
	hash := ""
	if s := m.ownSeal(); s != nil {
		number, hash = p.T("export.number_version", "Number", s.Number, "Version", s.Version), s.SHA256
	}
	t.Columns = append(t.Columns, document.Column{Title: aside("export.number", p)}, document.Column{Title: aside("export.hash", p)})
	t.Each = wider(t.Each, func(int) []document.Cell { return []document.Cell{document.Plain(number), document.Plain(hash)} })
	m.addErrata(&t, p)
	return document.Document{Lang: p.Lang, Created: made, Blocks: []document.Block{t}}
}

// wider adds cells to each row, by its place.
func wider(rows iter.Seq[[]document.Cell], more func(i int) []document.Cell) iter.Seq[[]document.Cell] {
	return func(yield func([]document.Cell) bool) {
		i := 0
		for row := range rows {
			if !yield(append(row, more(i)...)) {
				return
			}
			i++
		}
	}
}

// column is a column of the workbook: its title's key, its width in
// characters, and what it shows of a row.
type column struct {
	key   string
	width float64
	cell  func(monitoring.Row, *locale.Printer) document.Cell
}

// overview is what fits on paper.
var overview = []column{
	{"export.code", 9, codeCell},
	{"export.objective", 20, text(func(r monitoring.Row) bilingual.Text { return r.Objective })},
	{"export.point", 24, text(func(r monitoring.Row) bilingual.Text { return r.Point })},
	{"export.target", 32, text(func(r monitoring.Row) bilingual.Text { return r.Target })},
	{"export.deadline", 17, text(func(r monitoring.Row) bilingual.Text { return r.Deadline.Text })},
	{"export.then", 18, func(r monitoring.Row, p *locale.Printer) document.Cell { return statusCell(r.Then.Status, p) }},
	{"export.now", 18, func(r monitoring.Row, p *locale.Printer) document.Cell { return statusCell(r.Now.Status, p) }},
	{"export.trend", 12, func(r monitoring.Row, p *locale.Printer) document.Cell { return trendCell(r.Trend, p) }},
	{"export.missed", 11, func(r monitoring.Row, p *locale.Printer) document.Cell { return document.Plain(missed(r, p)) }},
	{"export.story", 46, func(r monitoring.Row, p *locale.Printer) document.Cell { return story(r, p) }},
}

// details is everything.
var details = []column{
	{"export.code", 9, codeCell},
	{"export.objective", 32, text(func(r monitoring.Row) bilingual.Text { return r.Objective })},
	{"export.point", 40, text(func(r monitoring.Row) bilingual.Text { return r.Point })},
	{"export.target", 50, text(func(r monitoring.Row) bilingual.Text { return r.Target })},
	{"export.deadline", 26, text(func(r monitoring.Row) bilingual.Text { return r.Deadline.Text })},
	{"export.read_as", 26, text(func(r monitoring.Row) bilingual.Text { return r.Deadline.Words })},
	{"export.confirmed", 12, func(r monitoring.Row, p *locale.Printer) document.Cell {
		if r.Deadline.Confirmed {
			return document.Plain(aside("export.yes", p))
		}
		return document.Plain(aside("export.no", p))
	}},
	{"export.due", 13, func(r monitoring.Row, p *locale.Printer) document.Cell { return dateCell(r.Deadline.Due, p) }},
	{"export.then", 19, func(r monitoring.Row, p *locale.Printer) document.Cell { return statusCell(r.Then.Status, p) }},
	{"export.now", 19, func(r monitoring.Row, p *locale.Printer) document.Cell { return statusCell(r.Now.Status, p) }},
	{"export.said", 19, func(r monitoring.Row, p *locale.Printer) document.Cell {
		if r.Now.Said() == "" {
			return document.Cell{}
		}
		return statusCell(r.Now.Said(), p)
	}},
	{"export.trend", 14, func(r monitoring.Row, p *locale.Printer) document.Cell { return trendCell(r.Trend, p) }},
	{"export.missed", 14, func(r monitoring.Row, p *locale.Printer) document.Cell { return document.Plain(missed(r, p)) }},
	{"export.achieved", 50, entry(func(e monitoring.Entry) string { return e.Achieved })},
	{"export.obstacles", 40, func(r monitoring.Row, p *locale.Printer) document.Cell {
		c := entry(func(e monitoring.Entry) string { return e.Obstacles })(r, p)
		if r.Now.Entry != nil && r.Now.Entry.OutsideControl {
			c.Parts = append(c.Parts, document.Part{Text: aside("export.outside", p)})
		}
		return c
	}},
	{"export.next_steps", 40, entry(func(e monitoring.Entry) string { return e.NextSteps })},
	{"export.support", 32, entry(func(e monitoring.Entry) string { return e.SupportAsked })},
	{"export.support_of", 20, entry(func(e monitoring.Entry) string { return e.SupportOf })},
	{"export.support_by", 13, entryDate(func(e monitoring.Entry) calendar.Date { return e.SupportBy })},
	{"export.why", 30, entry(func(e monitoring.Entry) string { return e.Reason })},
	{"export.percentage", 12, number(func(e monitoring.Entry) *decimal.Decimal { return e.Percentage }, (*locale.Printer).Percent)},
	{"export.value", 12, number(func(e monitoring.Entry) *decimal.Decimal { return e.Value }, (*locale.Printer).Number)},
	{"export.entry_as_of", 13, entryDate(func(e monitoring.Entry) calendar.Date { return e.AsOf })},
	{"export.recorded", 17, func(r monitoring.Row, p *locale.Printer) document.Cell {
		if r.Now.Entry == nil {
			return document.Cell{}
		}
		return document.Plain(p.DateTime(r.Now.Entry.RecordedAt))
	}},
	{"export.author", 22, name(func(e monitoring.Entry) string { return e.Author })},
	{"export.on_behalf", 22, name(func(e monitoring.Entry) string { return e.OnBehalfOf })},
	{"export.correction", 26, entry(func(e monitoring.Entry) string { return e.CorrectionReason })},
	{"export.language", 12, func(r monitoring.Row, p *locale.Printer) document.Cell {
		if r.Now.Entry == nil || r.Now.Entry.Lang == "" {
			return document.Cell{}
		}
		return document.Plain(aside("language."+string(r.Now.Entry.Lang), p))
	}},
}

func (m Monitoring) sheet(name string, columns []column, p *locale.Printer) document.Table {
	t := document.Table{Name: p.T(name)}
	for _, c := range columns {
		t.Columns = append(t.Columns, document.Column{Title: titled(c.key, p), Width: c.width})
	}
	t.Each = func(yield func([]document.Cell) bool) { // row by row: all at once would fill the memory
		for _, r := range m.Table.Rows {
			row := make([]document.Cell, len(columns), len(columns)+4)
			for i, c := range columns {
				row[i] = c.cell(r, p)
			}
			if !yield(row) {
				return
			}
		}
	}
	return t
}

func codeCell(r monitoring.Row, p *locale.Printer) document.Cell {
	return rowCode(r, p)
}

func text(of func(monitoring.Row) bilingual.Text) func(monitoring.Row, *locale.Printer) document.Cell {
	return func(r monitoring.Row, p *locale.Printer) document.Cell {
		return document.Cell{Parts: parts(of(r), p, false)}
	}
}

// entry shows words that were reported, in the language they were written in.
func entry(of func(monitoring.Entry) string) func(monitoring.Row, *locale.Printer) document.Cell {
	return func(r monitoring.Row, _ *locale.Printer) document.Cell {
		if r.Now.Entry == nil {
			return document.Cell{}
		}
		return document.Cell{Parts: []document.Part{{Text: of(*r.Now.Entry), Lang: r.Now.Entry.Lang}}}
	}
}

func name(of func(monitoring.Entry) string) func(monitoring.Row, *locale.Printer) document.Cell {
	return func(r monitoring.Row, _ *locale.Printer) document.Cell {
		if r.Now.Entry == nil {
			return document.Cell{}
		}
		return document.Plain(of(*r.Now.Entry))
	}
}

func entryDate(of func(monitoring.Entry) calendar.Date) func(monitoring.Row, *locale.Printer) document.Cell {
	return func(r monitoring.Row, p *locale.Printer) document.Cell {
		if r.Now.Entry == nil {
			return document.Cell{}
		}
		return dateCell(of(*r.Now.Entry), p)
	}
}

func dateCell(d calendar.Date, p *locale.Printer) document.Cell {
	return document.Cell{Date: d, Parts: []document.Part{{Text: p.Date(d)}}}
}

func number(of func(monitoring.Entry) *decimal.Decimal, say func(*locale.Printer, decimal.Decimal) string) func(monitoring.Row, *locale.Printer) document.Cell {
	return func(r monitoring.Row, p *locale.Printer) document.Cell {
		if r.Now.Entry == nil || of(*r.Now.Entry) == nil {
			return document.Cell{}
		}
		n := of(*r.Now.Entry)
		return document.Cell{Number: n, Parts: []document.Part{{Text: say(p, *n)}}}
	}
}
