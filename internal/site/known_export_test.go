package site

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
)

// Two documents of one day differ when one of them counts only what was known then. It says so; a sealed one is as it was sealed.
func TestADocumentSaysUpToWhenItKnows(t *testing.T) {
	o := newExample(t)
	committee := o.as("committee")
	text := func(path string) string {
		page := committee.get(path)
		wantCode(t, path, page, http.StatusOK)
		body := page.Body.Bytes()
		files, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
		if err != nil {
			return string(body)
		}
		var all strings.Builder
		for _, f := range files.File {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.Copy(&all, r); err != nil {
				t.Fatal(err)
			}
		}
		return all.String()
	}
	const m = "/nl/mandates/" + ownMandate
	for _, path := range []string{
		m + "/sheet.docx", m + "/objectives/S2/sheet.docx", m + "/monitoring/2026-H1.docx", m + "/monitoring/2026-H1.xlsx", m + "/monitoring/2026-H1.csv", m + "/monitoring/2026-H1.html",
		m + "/annual/2026.docx", "/nl/bodies/ACTIRIS-DR/tables/2026-H1.html", "/nl/bodies/ACTIRIS-DR/tables/2026-H1.csv", "/nl/bodies/ACTIRIS-SDC/scoreboards/S1-1.docx", "/nl/bodies/ACTIRIS-CSO/mandates/" + ownMandate + "/monitoring/2026-H1.html",
	} {
		const words = "zoals bekend op 30/06/2026"
		if all := text(path + "?asof=2026-06-30&known=2026-06-30"); !strings.Contains(all, words) {
			t.Errorf("%s does not say up to when it knows", path)
		}
		if all := text(path + "?asof=2026-06-30"); strings.Contains(all, words) {
			t.Errorf("%s knows no more than that day", path)
		}
	}
	if sealed := text(m + "/monitoring/2025-H1.html?asof=2026-06-30&known=2026-06-30"); strings.Contains(sealed, "zoals bekend op") {
		t.Error("a sealed table is not as it was sealed")
	}
}
