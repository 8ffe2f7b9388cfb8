package site

import (
	"encoding/csv"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"jalon/internal/calendar"
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

// The head of the rows is written before the first table is read, and yet has
// the errata when there are any, of whichever mandate, and by the day asked for.
func TestTheRowsOfAllTablesHaveTheErrataWhenThereAreAny(t *testing.T) {
	o := sealed(t)
	body := "ACTIRIS-" + value[string](o, `SELECT min(b.code) FROM body b JOIN institution i ON i.id = b.institution_id WHERE i.code = 'ACTIRIS'`)
	secretary, path := o.as("secretary"), "/nl/bodies/"+body+"/tables/2026-H2.csv"
	rows := func(path string) [][]string {
		t.Helper()
		file := secretary.get(path)
		wantCode(t, path, file, http.StatusOK)
		r := csv.NewReader(strings.NewReader(strings.TrimPrefix(file.Body.String(), "\ufeff")))
		r.Comma = ';'
		all, err := r.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	before := rows(path)
	day := calendar.DateOf(o.now).String()
	o.pass(48 * time.Hour)
	secretary = o.as("secretary")
	secretary.sends(t, "/nl/mandates/LETTER/monitoring/2026-H2/errata", http.StatusSeeOther, "code", "S1.1-1", "lang", "nl", "text", "Lees twaalf.", "reason", "Telfout.")
	after := rows(path)
	if len(before) < 3 || len(after) != len(before) || len(after[0]) != len(before[0])+1 {
		t.Fatalf("%d rows of %d before, %d of %d with an erratum", len(before), len(before[0]), len(after), len(after[0]))
	}
	said := 0
	for _, row := range after[1:] {
		if strings.Contains(row[len(row)-1], "Lees twaalf.") {
			said++
		}
	}
	if said != 1 {
		t.Errorf("the erratum stands at %d rows, want that of its target", said)
	}
	if past := rows(path + "?asof=" + day); len(past[0]) != len(before[0]) {
		t.Errorf("%d columns on the day before the erratum, want %d", len(past[0]), len(before[0]))
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
