package web

import (
	"context"
	"html"
	"io"
	"strconv"

	"github.com/a-h/templ"

	"jalon/internal/monitoring"
	"jalon/internal/progress"
)

// overviewRows writes the body of the overview. It is the one place where HTML
// is put together by hand: with 500 mandates there are 4,000 cells, and a cell
// is a handful of ready pieces. Everything that comes from outside is escaped.
func overviewRows(v OverviewView) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		p := overviewPieces(v)
		buf := make([]byte, 0, 4096)
		for _, row := range v.Rows {
			buf = p.appendRow(buf[:0], v, row)
			if _, err := w.Write(buf); err != nil {
				return err
			}
		}
		return nil
	})
}

// pieces are the parts of a cell that repeat. What differs by mandate comes
// first in a cell, then what differs by column, then by status: so the address
// repeats within a row and the rest between rows, and the page packs well.
type pieces struct {
	columns  []columnPieces
	statuses map[progress.Status]string  // ` data-s="…"><b>words</b> `
	trends   map[monitoring.Trend]string // the arrow with its word
}

// columnPieces are of one column: the end of the address with the label, which
// a narrow screen shows in each cell, and the whole cell of a mandate without it.
type columnPieces struct{ suffix, empty string }

func overviewPieces(v OverviewView) pieces {
	p := pieces{
		statuses: map[progress.Status]string{},
		trends:   map[monitoring.Trend]string{},
	}
	for _, s := range derivedFirst() {
		p.statuses[s] = `" data-s="` + string(s) + `"><b>` + html.EscapeString(v.T("status.short."+string(s))) + `</b> `
	}
	for _, t := range []monitoring.Trend{monitoring.Up, monitoring.Same, monitoring.Down} {
		p.trends[t] = ` <i class="` + string(t) + `">` + html.EscapeString(v.T("trend."+string(t))) + `</i>`
	}
	for _, c := range v.Columns {
		label := `data-label="` + html.EscapeString(c.Label)
		p.columns = append(p.columns, columnPieces{
			suffix: html.EscapeString(c.Suffix) + `" ` + label,
			empty:  `<span ` + label + `">` + html.EscapeString(v.T("overview.no_objective")) + `</span>`,
		})
	}
	return p
}

func (p pieces) appendRow(b []byte, v OverviewView, row OverviewRow) []byte {
	words, lang, _ := row.Title.For(v.Lang())
	link := html.EscapeString(row.Link)
	b = append(b, `<tr id="`...)
	b = append(b, html.EscapeString(row.ID)...)
	b = append(b, `"><th scope="row"><a href="`...)
	b = append(b, html.EscapeString(row.URL)...)
	if lang != v.Lang() {
		b = append(b, `" lang="`...)
		b = append(b, lang...)
	}
	b = append(b, `">`...)
	b = append(b, html.EscapeString(words)...)
	b = append(b, `</a> <span>`...)
	b = append(b, html.EscapeString(v.aboutRow(row.About))...)
	b = append(b, `</span></th>`...)
	for i, column := range p.columns {
		b = append(b, `<td>`...)
		if i < len(row.Cells) && row.Cells[i].Status != "" {
			b = p.appendCell(b, link, column.suffix, row.Cells[i])
		} else {
			b = append(b, column.empty...)
		}
		b = append(b, `</td>`...)
	}
	return append(b, "</tr>\n"...)
}

func (p pieces) appendCell(b []byte, link, suffix string, c OverviewCell) []byte {
	b = append(b, `<a href="`...)
	b = append(b, link...)
	b = append(b, suffix...)
	b = append(b, p.statuses[c.Status]...)
	b = strconv.AppendInt(b, int64(c.Reported), 10)
	b = append(b, '/')
	b = strconv.AppendInt(b, int64(c.Owed), 10)
	b = append(b, p.trends[c.Trend]...)
	return append(b, `</a>`...)
}
