package site

import (
	"net/http"
	"strings"
	"testing"

	"jalon/internal/document"
)

func TestTheAnnualReportIsAPageAndAFile(t *testing.T) {
	o := sealed(t)
	const page = "/nl/mandates/LETTER/annual/2026"
	director := o.as("director")
	w := director.get(page)
	wantCode(t, "page", w, http.StatusOK)
	if n := strings.Count(w.Body.String(), `<th scope="row">`); n != 28 {
		t.Errorf("%d targets on the page, want 28", n)
	}
	for path, want := range map[string]int{page + ".docx": 200, page + ".pdf": 200, page + ".xlsx": 200, page + ".csv": 404, "/nl/mandates/LETTER/annual/2027": 404, "/nl/mandates/LETTER/annual/x": 404, "/nl/mandates/ELDERS-A4/annual/2026": 404} {
		wantCode(t, path, director.get(path), want)
	}
	words, err := document.ReadDOCX(director.get(page + ".docx").Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for _, table := range words.Tables[1:] { // after the facts
		rows += len(table) - 1
	}
	if rows != 28 {
		t.Errorf("%d targets in the document, want 28", rows)
	}
}
