package report

import (
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"jalon/internal/document"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
)

// sheets are those of a workbook.
type sheets document.Workbook

func (w sheets) data() *document.Attachment { return w.Data }

// compare names every cell that does not show what the table says, every row,
// column and sheet that is hidden, and what may lie over them: what nobody sees
// might as well be gone.
func (w sheets) compare(c *Checked, other shown) {
	file := other.(sheets)
	got := file.Sheets
	codes := c.codes()
	found := map[string]document.Sheet{}
	for _, s := range got {
		found[s.Name] = s
	}
	for _, part := range file.Extra {
		c.add(monitoring.Change{Kind: monitoring.Added, Field: "over the cells", Cell: part})
	}
	if len(file.Styles) == 0 || file.Styles[0] != w.Styles[0] || file.Since1904 != w.Since1904 {
		c.add(monitoring.Change{Kind: monitoring.Edited, Field: "look of a cell"})
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
	for _, area := range got.Over {
		c.add(monitoring.Change{Kind: monitoring.Added, Field: "over the cells", Cell: want.Name + "!" + area})
	}
	if got.Printed != want.Printed {
		c.add(monitoring.Change{Kind: monitoring.Edited, Field: "text", Cell: want.Name})
	}
	for r := range max(len(want.Rows), len(got.Rows)) {
		for col := range max(len(row(want, r)), len(row(got, r))) {
			w, g := at(want, r, col), at(got, r, col)
			same := sameValue(w, g)
			if same && lookAt(want, r, col) == lookAt(got, r, col) {
				continue
			}
			name, _ := excelize.CoordinatesToCellName(col+1, r+1)
			change := monitoring.Change{Kind: monitoring.Edited, Field: "column " + at(want, 0, col), Cell: want.Name + "!" + name}
			if r > 0 {
				change.Row = codes[at(want, r, 0)]
			}
			switch {
			case same:
				change.Field = "look of a cell"
			case w == "":
				change.Kind = monitoring.Added
			case g == "":
				change.Kind = monitoring.Removed
			}
			c.add(change)
		}
	}
}

// sameValue reports whether a cell has the value that was written. Programs end
// lines in their own way, and write 7.9 as 7.9000000000000004, which is the same number.
func sameValue(want, got string) bool {
	const digits = 15 // that every program keeps
	if len(got) > digits+1 {
		if number, err := strconv.ParseFloat(got, 64); err == nil {
			got = strconv.FormatFloat(number, 'f', -1, 64)
		}
	}
	return strings.ReplaceAll(got, "\r\n", "\n") == want
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

func lookAt(s document.Sheet, r, col int) document.Look {
	if r < len(s.Looks) && col < len(s.Looks[r]) {
		return s.Looks[r][col]
	}
	return document.Look{}
}
