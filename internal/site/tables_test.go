package site

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"jalon/internal/document"
)

func TestAllTablesOfABodyAreOneFileForThoseWhoSeeTheOverview(t *testing.T) {
	o := sealed(t)
	o.sql(`UPDATE role_grant SET institution_id = (SELECT id FROM institution WHERE code = 'ELDERS') WHERE role = 'committee_member'`)
	body := "ACTIRIS-" + value[string](o, `SELECT min(b.code) FROM body b JOIN institution i ON i.id = b.institution_id WHERE i.code = 'ACTIRIS'`)
	page := "/nl/bodies/" + body + "/tables/2026-H2."
	for who, want := range map[string]int{"secretary": 200, "hr": 200, "committee": 404, "director": 403, "delegate": 403, "admin": 403} {
		wantCode(t, who, o.as(who).get(page+"csv"), want)
	}
	secretary := o.as("secretary")
	for _, path := range []string{"/nl/bodies/987654321/tables/2026-H2.csv", "/nl/bodies/x/tables/2026-H2.csv", "/nl/bodies/" + body + "/tables/2027-H1.csv", page + "exe"} {
		wantCode(t, path, secretary.get(path), 404)
	}
	file := secretary.get(page + "docx")
	wantCode(t, "docx", file, http.StatusOK)
	w, err := document.ReadDOCX(file.Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if summary := w.Tables[1]; len(summary) != 4 || !strings.HasPrefix(summary[2][2], "DR-2026-H2-001") && !strings.HasPrefix(summary[1][2], "DR-2026-H2-001") {
		t.Errorf("the summary: %q", summary) // a head, two mandates, the sum
	}
	if board := secretary.get("/nl/bodies/" + body + "/monitoring/2026-H2").Body.String(); !strings.Contains(board, `href="`+page+`pdf"`) {
		t.Error("the table of the body does not lead to the documents")
	}
	if n := value[int](o, `SELECT count(*) FROM audit_event WHERE action = 'export table' AND actor_id = $1`, o.id["secretary"]); n != 4 {
		t.Errorf("%d events in the trail, want one for each mandate and file", n)
	}
}

// Two big documents at once; a third waits, and is asked to try again.
func TestNoMoreThanTwoBigExportsAtOnce(t *testing.T) {
	o := newOffice(t)
	v := &visit{Request: httptest.NewRequest(http.MethodGet, "/", nil)}
	var free []func()
	for range bigExports {
		done, err := o.exportTurn(v)
		if err != nil {
			t.Fatal(err)
		}
		free = append(free, done)
	}
	waiting := make(chan error)
	go func() {
		done, err := o.exportTurn(v)
		if err == nil {
			done()
		}
		waiting <- err
	}()
	free[0]()
	if err := <-waiting; err != nil {
		t.Errorf("when a place came free: %v", err)
	}
	free[1]()
}
