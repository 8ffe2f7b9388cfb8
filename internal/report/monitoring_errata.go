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
func (m Monitoring) errata(p *locale.Printer) []document.Block {
	if len(m.Errata) == 0 {
		return nil
	}
	t := document.Table{Name: p.T("erratum.title"), Columns: []document.Column{
		{Title: p.T("erratum.one"), Width: 16},
		{Title: p.T("erratum.on"), Width: 20},
		{Title: p.T("export.target"), Width: 24},
		{Title: p.T("erratum.text"), Width: 100},
		{Title: p.T("export.reason"), Width: 60},
		{Title: p.T("erratum.by"), Width: 40},
	}}
	for _, e := range m.Errata {
		said := func(text string) document.Cell {
			return document.Cell{Parts: []document.Part{{Text: text, Lang: e.Lang}}}
		}
		t.Rows = append(t.Rows, []document.Cell{
			document.Plain(strconv.Itoa(e.Number)), document.Plain(p.DateTime(e.At)), document.Plain(erratumCode(e, p)),
			said(e.Text), said(e.Reason), document.Plain(e.By),
		})
	}
	return []document.Block{
		document.Heading{Level: 2, Text: document.Part{Text: p.T("erratum.title")}},
		document.Paragraph{Text: document.Part{Text: p.T("erratum.note"), Quiet: true}},
		t,
	}
}

func erratumCode(e monitoring.Erratum, p *locale.Printer) string {
	if e.Code == (mandate.Code{}) {
		return p.T("erratum.whole")
	}
	return p.Code(e.Code)
}

// addErrata adds a column with the errata of each row, and of the table as a whole.
func (m Monitoring) addErrata(t *document.Table, p *locale.Printer) {
	if len(m.Errata) == 0 {
		return
	}
	t.Columns = append(t.Columns, document.Column{Title: p.T("erratum.title")})
	for i, r := range m.Table.Rows {
		var said []string
		for _, e := range m.Errata {
			if e.Code == (mandate.Code{}) || e.Code == r.Code {
				said = append(said, p.T("erratum.line", "Number", e.Number, "Date", p.DateTime(e.At), "Text", e.Text, "Reason", e.Reason, "By", e.By))
			}
		}
		t.Rows[i] = append(t.Rows[i], document.Plain(strings.Join(said, "\n")))
	}
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
