package report

import (
	"errors"
	"fmt"
	"io"
	"iter"

	"jalon/internal/document"
	"jalon/internal/locale"
)

// WriteTablesCSV writes the same bytes as Tables.Write does in CSV, from tables
// that are read one after the other while it writes, so that the memory does not
// grow with their number. Corrected tells whether any of them has errata: those
// are a column, which is named before the first table is read. The first error
// of the reading ends the writing and is returned; what was written then is no file.
func WriteTablesCSV(w io.Writer, tables iter.Seq2[Monitoring, error], corrected bool, p *locale.Printer) error {
	p = p.Typeset()
	var failed error
	read := func(yield func(Monitoring) bool) {
		for m, err := range tables {
			if failed = err; err != nil || !yield(m) {
				return
			}
		}
	}
	all := sheetOf(read, "export.sheet.details", details, p, true, corrected)
	err := document.WriteCSV(w, document.Document{Lang: p.Lang, Blocks: []document.Block{all}})
	if err = errors.Join(failed, err); err != nil {
		return fmt.Errorf("write tables one by one: %w", err)
	}
	return nil
}

// sheetOf gives the rows of tables below each other, each with its mandate and,
// where asked, with number and hash of its table and with its errata.
func sheetOf(tables iter.Seq[Monitoring], name string, columns []column, p *locale.Printer, proof, corrected bool) document.Table {
	all := document.Table{Name: p.T(name), Columns: []document.Column{{Title: titled("tables.code", p), Width: 16}}}
	for _, c := range columns {
		all.Columns = append(all.Columns, document.Column{Title: titled(c.key, p), Width: c.width})
	}
	if proof {
		all.Columns = append(all.Columns, document.Column{Title: aside("export.number", p), Width: 20}, document.Column{Title: aside("export.hash", p), Width: 30})
	}
	if corrected {
		all.Columns = append(all.Columns, document.Column{Title: titled("erratum.title", p), Width: 40})
	}
	all.Each = func(yield func([]document.Cell) bool) { // one table after the other: all at once would fill the memory
		for m := range tables {
			_, number, _ := m.unsealed(p)
			hash := ""
			if s := m.ownSeal(); s != nil {
				number, hash = aside("export.number_version", p, "Number", s.Number, "Version", s.Version), s.SHA256
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
