package site

import (
	"html"
	"net/http"
	"regexp"
	"testing"
)

var documentLink = regexp.MustCompile(`href="(/nl/[^"]*\.(?:xlsx|docx|pdf|html|csv|json)(?:\?[^"]*)?)"`)

// A document of a day of the past, or of a page that was reached from the
// overview, is had in both languages like that of today.
func TestEveryLinkToADocumentLeadsToOne(t *testing.T) {
	o := newExample(t)
	b := o.as("secretary")
	for _, page := range []string{"/nl/mandates/ACTIRIS-A4-EL/monitoring/2026-H1", "/nl/mandates/ACTIRIS-A4-EL/annual/2025", "/nl/bodies/ACTIRIS-DC/monitoring/2026-H1", "/nl/mandates/ACTIRIS-A4-EL/sheet"} {
		for _, query := range []string{"", "?from=overview", "?asof=2026-03-31", "?asof=2026-03-31&known=2026-04-30"} {
			links := documentLink.FindAllStringSubmatch(b.get(page+query).Body.String(), -1)
			if len(links) == 0 {
				t.Errorf("%s%s leads to no document", page, query)
			}
			for _, link := range links {
				if w := b.get(html.UnescapeString(link[1])); w.Code >= http.StatusBadRequest {
					t.Errorf("%s%s leads to %s: %d", page, query, link[1], w.Code)
				}
			}
		}
	}
}
