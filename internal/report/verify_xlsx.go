package report

import (
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"jalon/internal/document"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
)

// sheets are those of a workbook.
type sheets document.Workbook

func (w sheets) data() *document.Attachment { return w.Data }

// compare names every cell that does not show what the table says, and every
// row, column and sheet that is hidden: what nobody sees might as well be gone.
func (w sheets) compare(c *Checked, other shown) {
	got := other.(sheets).Sheets
	codes := c.codes()
	found := map[string]document.Sheet{}
	for _, s := range got {
		found[s.Name] = s
	}
	for _, w := range w.Sheets {
		g, ok := found[w.Name]
		if !ok {
			c.add(monitoring.Change{Kind: monitoring.Removed, Field: "sheet", Cell: w.Name})
			continue
		}
		delete(found, w.Name)
		c.compareCells(w, g, codes)
	}
	for _, s := range got {
		if _, extra := found[s.Name]; extra {
			c.add(monitoring.Change{Kind: monitoring.Added, Field: "sheet", Cell: s.Name})
		}
	}
}

func (c *Checked) compareCells(want, got document.Sheet, codes map[string]mandate.Code) {
	for _, cell := range got.Formulas {
		c.add(monitoring.Change{Kind: monitoring.Edited, Field: "formula", Cell: want.Name + "!" + cell})
	}
	for _, hidden := range got.Hidden {
		if !slices.Contains(want.Hidden, hidden) {
			c.add(monitoring.Change{Kind: monitoring.Edited, Field: "hidden", Cell: strings.TrimSuffix(want.Name+"!"+hidden, "!")})
		}
	}
	for r := range max(len(want.Rows), len(got.Rows)) {
		for col := range max(len(row(want, r)), len(row(got, r))) {
			w, g := at(want, r, col), at(got, r, col)
			if strings.ReplaceAll(g, "\r\n", "\n") == w {
				continue
			}
			name, _ := excelize.CoordinatesToCellName(col+1, r+1)
			change := monitoring.Change{Kind: monitoring.Edited, Field: "column " + at(want, 0, col), Cell: want.Name + "!" + name}
			if r > 0 {
				change.Row = codes[at(want, r, 0)]
			}
			switch {
			case w == "":
				change.Kind = monitoring.Added
			case g == "":
				change.Kind = monitoring.Removed
			}
			c.add(change)
		}
	}
}

func row(s document.Sheet, r int) []string {
	if r < len(s.Rows) {
		return s.Rows[r]
	}
	return nil
}

func at(s document.Sheet, r, col int) string {
	if cells := row(s, r); col < len(cells) {
		return cells[col]
	}
	return ""
}
