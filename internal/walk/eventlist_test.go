package walk_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jalon/internal/bilingual"
	"jalon/internal/testing/browser"
	"jalon/internal/testing/office"
)

// A calendar and a table with what a procedure may hold: what stands in the
// register of the example office already, what is new, cancelled or wrong.
const (
	calendarList = "testdata/inbreukprocedure.ics"
	tableList    = "testdata/gebeurtenissen.csv"
)

// noList sends the form without a file and without a kind.
func noList(p *browser.Page, l bilingual.Lang) {
	p.Expect(http.StatusUnprocessableEntity, "/"+string(l)+real+"/events/import")
	p.Follow(`form:has(#file) button[type=submit]`)
}

func sendList(p *browser.Page, file, kind string) {
	p.Attach("#file", file)
	p.Choose("#kind", kind)
	p.Choose("#lang", "nl")
	p.Follow(`form:has(#file) button[type=submit]`)
}

func previewList(p *browser.Page, _ bilingual.Lang) { sendList(p, tableList, "delegation-reception") }

// confirmWithErrors goes on without saying what becomes of the wrong rows.
func confirmWithErrors(p *browser.Page, l bilingual.Lang) {
	previewList(p, l)
	p.Expect(http.StatusUnprocessableEntity, "/"+string(l)+real+"/events/import/confirm")
	p.Follow(`form:has([name=list]) button[type=submit]`)
}

// The dates of an infringement procedure come out of a calendar: they are
// looked at, confirmed, and are due. A later version of it moves one date and
// cancels another. Nothing of it needs a script.
func TestTheCalendarOfAProcedureIsReadAndItsDatesAreDue(t *testing.T) {
	inBoth(t, func(t *testing.T, o *office.Office, lang bilingual.Lang) {
		words := o.Catalogues.In(lang).Typeset()
		local := o.URL + "/" + string(lang) + real
		before := office.Value[int](o, `SELECT count(*) FROM event`)

		p := o.Page(t, string(lang), "director")
		p.WithoutScript()
		p.Open(local + "/events")
		p.Follow(`a[href$="/events/import"]`)
		sendList(p, calendarList, "infringement")
		if n := p.Count(`tbody .status[data-s="on_track"]`); n != 2 {
			t.Fatalf("%d rows are new, want 2", n)
		}
		picture(p, "event-calendar."+string(lang)+".1280", false)
		p.Follow(`form:has([name=list]) button[type=submit]`)
		contains(t, "the notice", p.Text("[role=status]"), words.T("event.import.stored", "Recorded", 2, "Cancelled", 0))
		if n := office.Value[int](o, `SELECT count(*) FROM event`); n != before+2 {
			t.Errorf("%d events, want %d", n, before+2)
		}
		p.Open(o.URL + "/" + string(lang) + "/due")
		if n := p.Count(`a[href*="2026-12-14"]`); n == 0 {
			t.Error("the first date of the procedure is not due")
		}
		picture(p, "event-calendar-due."+string(lang)+".1280", false)

		p.Open(local + "/events/import")
		sendList(p, calendarList, "infringement")
		if n := p.Count(`form:has([name=list]) button[type=submit]`); n != 0 {
			t.Error("the same calendar offers something to store")
		}

		p.Open(local + "/events/import")
		sendList(p, laterCalendar(t), "infringement")
		p.Click(`[id="take.0"]`)
		p.Click(`[id="take.1"]`)
		picture(p, "event-calendar-later."+string(lang)+".1280", false)
		p.Resize(360)
		picture(p, "event-calendar-later."+string(lang)+".360", false)
		p.Follow(`form:has([name=list]) button[type=submit]`)
		contains(t, "the notice", p.Text("[role=status]"), words.T("event.import.stored", "Recorded", 1, "Cancelled", 2))
		if n := office.Value[int](o, `SELECT count(*) FROM event WHERE cancelled_at IS NULL AND uid LIKE 'INFR-2026-%'`); n != 1 {
			t.Errorf("%d events of the calendar stand, want 1", n)
		}
	})
}

// laterCalendar is the calendar as it came a week later.
func laterCalendar(t *testing.T) string {
	t.Helper()
	text := string(read(t, calendarList))
	later := strings.NewReplacer("DTSTART;VALUE=DATE:20261214", "DTSTART;VALUE=DATE:20261221", "DTEND;VALUE=DATE:20261215", "DTEND;VALUE=DATE:20261222").Replace(text)
	later = strings.Replace(later, "UID:INFR-2026-4012-2", "STATUS:CANCELLED\r\nUID:INFR-2026-4012-2", 1)
	path := filepath.Join(t.TempDir(), "later.ics")
	if err := os.WriteFile(path, []byte(later), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
