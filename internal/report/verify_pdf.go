package report

import (
	"fmt"

	"jalon/internal/document"
	"jalon/internal/monitoring"
)

// pages are those of a PDF.
type pages document.Printed

func (p pages) data() *document.Attachment { return p.Data }

// compare names every page that does not draw what the table says. A file in
// which all pages draw the same, but which was added to or saved anew, is not
// called intact: what a program shows of them hangs on all of the file.
func (p pages) compare(c *Checked, other shown) {
	want, got := document.Printed(p), document.Printed(other.(pages))
	for i := range max(len(want.Pages), len(got.Pages)) {
		page := fmt.Sprintf("page %d", i+1)
		switch {
		case i >= len(got.Pages):
			c.add(monitoring.Change{Kind: monitoring.Removed, Field: page})
		case i >= len(want.Pages):
			c.add(monitoring.Change{Kind: monitoring.Added, Field: page})
		case want.Pages[i] != got.Pages[i]:
			c.add(monitoring.Change{Kind: monitoring.Edited, Field: page})
		}
	}
	if c.Outcome != monitoring.Altered && want.Whole != got.Whole {
		c.add(monitoring.Change{Kind: monitoring.Edited, Field: "parts of the PDF"})
	}
}
