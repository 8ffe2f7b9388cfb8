package site

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"jalon/internal/document"
)

// Sheet, page and document of a mandate say the same, on one page.
func TestTheSheetForAMeetingIsOnePage(t *testing.T) {
	o := boarded(t)
	o.sql(`INSERT INTO progress_entry (mandate_id, target_id, as_of, recorded_at, author_id, lang, status, achieved, obstacles, support_asked, support_of, support_by)
		SELECT mandate_id, id, '2026-11-10', '2026-11-11', $1, 'nl', 'support_needed', repeat('De partners zijn samengebracht. ', 40), repeat('Er is te weinig personeel. ', 30), 'Twee voltijdse krachten', 'Directieraad', '2026-12-15' FROM target`, o.id["director"])
	b := o.as("secretary")
	for _, lang := range []string{"nl", "fr"} {
		for _, path := range []string{"/mandates/LETTER/sheet", "/mandates/LETTER/objectives/T4/sheet"} {
			page := b.get("/" + lang + path)
			wantCode(t, path, page, http.StatusOK)
			if !strings.Contains(page.Body.String(), "Twee voltijdse krachten") {
				t.Errorf("%s %s does not say what is asked", lang, path)
			}
			file := b.get("/" + lang + path + ".pdf")
			wantCode(t, path+".pdf", file, http.StatusOK)
			printed, err := document.ReadPDF(file.Body.Bytes())
			if err != nil {
				t.Fatal(err)
			}
			if n := len(printed.Pages); n != 1 {
				t.Errorf("%s %s.pdf has %d pages, want 1", lang, path, n)
			}
			if more := "(6" + map[string]string{"nl": " van ", "fr": " sur "}[lang]; !strings.Contains(page.Body.String(), more) {
				t.Errorf("%s %s does not say of how many requests these are", lang, path)
			}
			text := b.get("/" + lang + path + ".docx")
			wantCode(t, path+".docx", text, http.StatusOK)
			if !bytes.HasPrefix(text.Body.Bytes(), []byte("PK")) {
				t.Errorf("%s %s.docx is no document", lang, path)
			}
		}
	}
	wantCode(t, "an objective that is not there", b.get("/nl/mandates/LETTER/objectives/S9/sheet"), http.StatusNotFound)
	wantCode(t, "another's", o.as("director2").get("/nl/mandates/LETTER/sheet.pdf"), http.StatusNotFound)
}

func TestTheTimelineShowsEveryTargetInDrawingAndTable(t *testing.T) {
	o := boarded(t)
	b := o.as("secretary")
	w := b.get("/nl/mandates/LETTER/timeline")
	wantCode(t, "timeline", w, http.StatusOK)
	body := w.Body.String()
	if targets := value[int](o, `SELECT count(*) FROM target g JOIN mandate m ON m.id = g.mandate_id WHERE m.code = 'LETTER'`); strings.Count(body, "<rect ") != targets || strings.Count(body, `/targets/`) != targets {
		t.Errorf("%d bars and %d rows of %d targets", strings.Count(body, "<rect "), strings.Count(body, `/targets/`), targets)
	}
	if strings.Contains(body, "style=") {
		t.Error("an inline style, which the policy of the page forbids")
	}
	one := b.get("/nl/mandates/LETTER/timeline?objective=S3").Body.String()
	if strings.Contains(one, "/targets/T4") || !strings.Contains(one, "/targets/S3.3-1") {
		t.Error("the filter does not keep to one objective")
	}
	wantCode(t, "an unknown objective", b.get("/nl/mandates/LETTER/timeline?objective=S99"), http.StatusNotFound)
}
