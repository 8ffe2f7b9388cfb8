package report

import (
	"strconv"
	"strings"

	"jalon/internal/document"
	"jalon/internal/locale"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
)

// errata gives what stands below a sealed table; nothing when there are none.
func (m Monitoring) errata(level int, p *locale.Printer) []document.Block {
	if len(m.Errata) == 0 {
		return nil
	}
	blocks := []document.Block{document.Heading{Level: level, Text: document.Part{Text: aside("erratum.title", p)}}}
	return append(append(blocks, asides("erratum.note", p)...), m.errataTable(p))
}

func (m Monitoring) errataTable(p *locale.Printer) document.Table {
	t := document.Table{Name: p.T("erratum.title"), Columns: errataColumns(p, m.reasonTitle())}
	for _, e := range m.Errata {
		t.Rows = append(t.Rows, erratumCells(e, p))
	}
	return t
}

// reasonTitle is how the reason of an erratum is called: in older layouts, as that of a version.
func (m Monitoring) reasonTitle() string {
	if m.layout() < 3 {
		return "export.reason"
	}
	return "erratum.reason"
}

func errataColumns(p *locale.Printer, reason string) []document.Column {
	return []document.Column{
		{Title: titled("erratum.one", p), Width: 16},
		{Title: titled("erratum.on", p), Width: 20},
		{Title: titled("export.target", p), Width: 24},
		{Title: titled("erratum.text", p), Width: 100},
		{Title: titled(reason, p), Width: 60},
		{Title: titled("erratum.by", p), Width: 40},
	}
}

func erratumCells(e monitoring.Erratum, p *locale.Printer) []document.Cell {
	said := func(text string) document.Cell {
		return document.Cell{Parts: []document.Part{{Text: text, Lang: e.Lang}}}
	}
	return []document.Cell{
		document.Plain(strconv.Itoa(e.Number)), document.Plain(p.DateTime(e.At)), document.Plain(erratumCode(e, p)),
		said(e.Text), said(e.Reason), document.Plain(e.By),
	}
}

// errataSheet gives the errata of several tables in one, each behind what its
// table is called; nothing when there are none.
func errataSheet(tables []Monitoring, title string, call func(Monitoring) string, p *locale.Printer) []document.Block {
	t := document.Table{Name: p.T("erratum.title"), Columns: append([]document.Column{{Title: title, Width: 18}}, errataColumns(p, "erratum.reason")...)}
	for _, m := range tables {
		for _, e := range m.Errata {
			t.Rows = append(t.Rows, append([]document.Cell{document.Plain(call(m))}, erratumCells(e, p)...))
		}
	}
	if len(t.Rows) == 0 {
		return nil
	}
	blocks := []document.Block{document.Heading{Level: 2, Text: document.Part{Text: titled("erratum.title", p)}}}
	return append(append(blocks, asides("erratum.note", p)...), t)
}

func erratumCode(e monitoring.Erratum, p *locale.Printer) string {
	if e.Code == (mandate.Code{}) {
		return aside("erratum.whole", p)
	}
	if p.Labels {
		return inBoth(p, func(p *locale.Printer) string { return p.Code(e.Code) })
	}
	return p.Code(e.Code)
}

// addErrata adds a column with the errata of each row, and of the table as a whole.
func (m Monitoring) addErrata(t *document.Table, p *locale.Printer) {
	if len(m.Errata) == 0 {
		return
	}
	t.Columns = append(t.Columns, document.Column{Title: aside("erratum.title", p)})
	t.Each = wider(t.Each, func(i int) []document.Cell { return []document.Cell{document.Plain(m.errataOn(m.Table.Rows[i], p))} })
}

// errataOn puts the errata of a row, and of the table as a whole, on lines.
func (m Monitoring) errataOn(r monitoring.Row, p *locale.Printer) string {
	var said []string
	for _, e := range m.Errata {
		if e.Code == (mandate.Code{}) || e.Code == r.Code {
			said = append(said, p.T("erratum.line", "Number", e.Number, "Date", p.DateTime(e.At), "Text", e.Text, "Reason", e.Reason, "By", e.By))
		}
	}
	return strings.Join(said, "\n")
}

// errataOf keeps the errata of some objectives, and those of the whole table.
func (m Monitoring) errataOf(codes map[mandate.Code]bool) (kept []monitoring.Erratum) {
	for _, e := range m.Errata {
		if e.Code == (mandate.Code{}) || codes[e.Code] || codes[e.Code.Parent().Parent()] {
			kept = append(kept, e)
		}
	}
	return kept
}
