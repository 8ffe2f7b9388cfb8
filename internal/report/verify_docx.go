package report

import (
	"fmt"
	"maps"
	"strings"

	"jalon/internal/document"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
)

// texts are those of a text document.
type texts document.Written

func (w texts) data() *document.Attachment { return w.Data }

// compare names every cell and text that does not say what the table says. A
// file in which all texts are as they were, but which was saved anew, is not
// called intact: words can be hidden, covered or struck through.
func (w texts) compare(c *Checked, other shown) {
	want, got := document.Written(w), document.Written(other.(texts))
	if maps.Equal(want.Parts, got.Parts) {
		return
	}
	before, codes := len(c.Changes), c.codes()
	for i := range max(len(want.Tables), len(got.Tables)) {
		switch {
		case i >= len(got.Tables):
			c.add(monitoring.Change{Kind: monitoring.Removed, Field: "rows"})
		case i >= len(want.Tables):
			c.add(monitoring.Change{Kind: monitoring.Added, Field: "rows"})
		default:
			c.compareRows(want.Tables[i], got.Tables[i], codes)
		}
	}
	if strings.Join(want.Paragraphs, "\n") != strings.Join(got.Paragraphs, "\n") {
		c.add(monitoring.Change{Kind: monitoring.Edited, Field: "text"})
	}
	if len(c.Changes) == before {
		c.add(monitoring.Change{Kind: monitoring.Edited, Field: "look of the document"})
	}
}

func (c *Checked) compareRows(want, got [][]string, codes map[string]mandate.Code) {
	for r := range max(len(want), len(got)) {
		var w, g []string
		if r < len(want) {
			w = want[r]
		}
		if r < len(got) {
			g = got[r]
		}
		for col := range max(len(w), len(g)) {
			before, now := cellAt(w, col), cellAt(g, col)
			if before == now {
				continue
			}
			change := monitoring.Change{Kind: monitoring.Edited, Field: "text"}
			if code, ok := codes[cellAt(w, 0)]; ok {
				change.Row, change.Field = code, "column "+cellAt(want[0], col)
			} else if name := cellAt(w, 0); len(w) == 2 { // a fact: name and value
				change.Field = "column " + name
			} else if r >= len(want) {
				change.Field, change.Cell = "rows", fmt.Sprint(r+1)
			}
			switch {
			case before == "":
				change.Kind = monitoring.Added
			case now == "":
				change.Kind = monitoring.Removed
			}
			c.add(change)
		}
	}
}

func cellAt(row []string, col int) string {
	if col < len(row) {
		return row[col]
	}
	return ""
}
