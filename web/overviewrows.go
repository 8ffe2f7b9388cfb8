package web

import (
	"context"
	"html"
	"io"
	"net/url"
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

// pieces are the parts of a cell that repeat.
type pieces struct {
	columns  []columnPieces
	statuses map[progress.Status]string  // ` data-s="…"><b>words</b> `
	trends   map[monitoring.Trend]string // the arrow with its word
	empty    string                      // a mandate without this objective
	base     string
	past     string // keeps the past day of the page in the address of a mandate
}

type columnPieces struct{ label, anchor string }

func overviewPieces(v OverviewView) pieces {
	p := pieces{
		statuses: map[progress.Status]string{},
		trends:   map[monitoring.Trend]string{},
		empty:    html.EscapeString(v.T("overview.no_objective")),
		base:     html.EscapeString(v.MandatesBase),
	}
	for _, s := range derivedFirst() {
		p.statuses[s] = `" data-s="` + string(s) + `"><b>` + html.EscapeString(v.T("status.short."+string(s))) + `</b> `
	}
	for _, t := range []monitoring.Trend{monitoring.Up, monitoring.Same, monitoring.Down} {
		p.trends[t] = ` <i class="` + string(t) + `">` + html.EscapeString(v.T("trend."+string(t))) + `</i>`
	}
	if !v.AsOf.IsZero() {
		p.past = "?asof=" + v.AsOf.String()
	}
	for _, c := range v.Columns {
		p.columns = append(p.columns, columnPieces{
			label:  `<td data-label="` + html.EscapeString(v.Printer.Code(c)) + `">`,
			anchor: p.past + "#" + c.String(),
		})
	}
	return p
}

func (p pieces) appendRow(b []byte, v OverviewView, row OverviewRow) []byte {
	words, lang, _ := row.Title.For(v.Lang())
	link := p.base + html.EscapeString(url.PathEscape(row.Code))
	b = append(b, `<tr><th scope="row"><a href="`...)
	b = append(b, link...)
	b = append(b, p.past...)
	if lang != v.Lang() {
		b = append(b, `" lang="`...)
		b = append(b, lang...)
	}
	b = append(b, `">`...)
	b = append(b, html.EscapeString(words)...)
	b = append(b, `</a> <span>`...)
	b = append(b, html.EscapeString(joined(row.Institution, v.holder(MandateHead{Holder: row.Holder})))...)
	b = append(b, `</span></th>`...)
	for i, column := range p.columns {
		b = append(b, column.label...)
		if i < len(row.Cells) && row.Cells[i].Status != "" {
			b = p.appendCell(b, link+column.anchor, row.Cells[i])
		} else {
			b = append(b, `<span>`...)
			b = append(b, p.empty...)
			b = append(b, `</span>`...)
		}
		b = append(b, `</td>`...)
	}
	return append(b, "</tr>\n"...)
}

func (p pieces) appendCell(b []byte, link string, c OverviewCell) []byte {
	b = append(b, `<a href="`...)
	b = append(b, link...)
	b = append(b, p.statuses[c.Status]...)
	b = strconv.AppendInt(b, int64(c.Reported), 10)
	b = append(b, '/')
	b = strconv.AppendInt(b, int64(c.Owed), 10)
	b = append(b, p.trends[c.Trend]...)
	return append(b, `</a>`...)
}
