package site

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/store"
)

// delegatedInPart gives the office with the letter, of which the person called nobody
// may report on two objectives. Every target has an entry whose text names it,
// by a delegate; one event concerns targets in and out of that part, one only
// targets out of it, and so do the drafts.
func delegatedInPart(t testing.TB) *office {
	t.Helper()
	o := followed(t)
	wantCode(t, "give", o.as("director").post(delegations, giving()), http.StatusSeeOther)
	o.sql(`INSERT INTO progress_entry (mandate_id, target_id, as_of, recorded_at, author_id, on_behalf_of, lang, status, achieved)
		SELECT mandate_id, id, '2026-11-01', '2026-11-02', $1, $2, 'nl', 'on_track', 'woord ' || code FROM target`, o.id["delegate"], o.id["director"])
	o.sql(`INSERT INTO progress_entry (mandate_id, target_id, as_of, recorded_at, author_id, on_behalf_of, lang, status, achieved)
		SELECT mandate_id, id, '2026-05-01', '2026-05-02', $1, $2, 'nl', 'on_track', 'eerder ' || code FROM target`, o.id["delegate"], o.id["director"])
	o.sql(`INSERT INTO report_draft (mandate_id, period, target_id, fields, saved_by, saved_at)
		SELECT mandate_id, '2026-07-01', id, jsonb_build_object('achieved', 'kladje ' || code), $1, '2026-11-20' FROM target`, o.id["director"])
	for title, targets := range map[string][]string{"Bezoek breed": {"target.T4.7-1", "target.S1.1-1"}, "Bezoek elders": {"target.S1.1-1"}} {
		form := delegation(set("title", title), func(f url.Values) { f.Del("target.T4.7-1") })
		for _, name := range targets {
			form.Set(name, "1")
		}
		wantCode(t, "record "+title, o.as("director").post("/nl/mandates/LETTER/events", form), http.StatusSeeOther)
	}
	return o
}

// outside are codes, in the forms of a page and of an address, and words of
// targets that the delegate of S3 and T4 may not see.
var outside = []string{"SD1", "SD2", "TD1", "TD2", "TD3", "TD5", "S1.", "S2.", "T1.", "T5-", "woord S1", "woord T2", "eerder S1", "kladje S1", "Bezoek elders"}

func none(t *testing.T, what, page string) {
	t.Helper()
	for _, words := range outside {
		if at := strings.Index(page, words); at >= 0 {
			t.Errorf("%s: shows %q: …%s…", what, words, page[max(0, at-60):min(len(page), at+60)])
		}
	}
}

func TestADelegateOfSomeObjectivesSeesThoseAlone(t *testing.T) {
	o := delegatedInPart(t)
	b := o.as("nobody")
	const base = "/nl/mandates/LETTER"
	event := fmt.Sprintf("%s/events/%d", base, value[int](o, `SELECT id FROM event WHERE title = 'Bezoek breed'`))
	for path, words := range map[string][]string{
		"/nl/due": {"SD3"}, "/nl/mandates": nil, base: {"SD3.2-2", "TD4.7-1", "alleen SD3, TD4", "woord S3.2-2"},
		base + "/objectives/S3": {"SD3.2-2"}, base + "/targets/S3.2-2": {"woord S3.2-2", "Naam delegate voor Naam director"}, base + "/targets/T4.7-1": {"Bezoek breed"},
		base + "/report/2026-H2": {"kladje S3.2-2", "eerder T4.7-1", "voor Naam director"}, base + "/events": {"Bezoek breed"}, base + "/events?kind=mission-abroad": {"T4.7-1"}, event: {"Bezoek breed"},
		base + "/calendar": nil, "/nl/calendar": {"Bezoek breed"}, "/nl/calendar?month=2026-10": {"Bezoek breed"}, base + "/calendar?month=2026-12": {"SD3"},
		base + "/monitoring/2026-H2": {"woord S3.2-2", "Deze tabel toont alleen SD3, TD4"}, base + "?asof=2026-05-15": {"eerder S3.2-2"},
	} {
		w := b.get(path)
		wantCode(t, path, w, http.StatusOK)
		none(t, path, w.Body.String())
		if path == "/nl/calendar" {
			continue // another month
		}
		for _, want := range words {
			if !strings.Contains(w.Body.String(), want) {
				t.Errorf("%s does not show %q", path, want)
			}
		}
	}
	elsewhere := fmt.Sprintf("%s/events/%d", base, value[int](o, `SELECT id FROM event WHERE title = 'Bezoek elders'`))
	for out, unknown := range map[string]string{
		base + "/objectives/S1": base + "/objectives/S9", base + "/targets/S1.1-1": base + "/targets/S9.1-1", elsewhere: base + "/events/999999",
		base + "/duties/" + fmt.Sprintf("%d.0.0.half_year.2026-12-31", value[int](o, `SELECT id FROM target WHERE code = 'S1.1-1'`)): base + "/duties/999999.0.0.half_year.2026-12-31",
	} {
		a, u := b.get(out), b.get(unknown)
		wantCode(t, out, a, http.StatusNotFound)
		if blind(a, out, unknown) != blind(u, out, unknown) {
			t.Errorf("%s does not look like one that is unknown", out)
		}
	}
	wantCode(t, "the import of a list", b.get(base+"/events/import"), http.StatusForbidden)
	// the page of an event that also concerns others leaves them out, and what is theirs cannot be cancelled
	wantCode(t, "cancel an event of others as well", b.post(event+"/cancel", url.Values{"idempotency_key": {uuid.NewString()}}), http.StatusForbidden)
	if strings.Contains(b.get(event).Body.String(), event+"/cancel") {
		t.Error("the page offers to cancel it")
	}
}

// blind takes out of an answer what may differ: its number and its own address.
func blind(w *httptest.ResponseRecorder, addresses ...string) string {
	body := w.Body.String()
	if at := strings.Index(body, "<code>"); at >= 0 {
		body = body[:at] + body[at+len("<code>")+16:]
	}
	for _, a := range addresses {
		body = strings.ReplaceAll(body, strings.TrimPrefix(a, "/nl"), "X")
	}
	return body
}

func TestFilesOfADelegateHoldTheirPart(t *testing.T) {
	o := delegatedInPart(t)
	b := o.as("nobody")
	const table = "/nl/mandates/LETTER/monitoring/2026-H2"
	csv := b.get(table + ".csv")
	wantCode(t, "csv", csv, http.StatusOK)
	none(t, "csv", csv.Body.String())
	for _, words := range []string{"woord S3.2-2", "UITTREKSEL", "Naam delegate", "Naam director"} {
		if !strings.Contains(csv.Body.String(), words) {
			t.Errorf("the file does not say %q", words)
		}
	}
	if name := csv.Header().Get("Content-Disposition"); !strings.Contains(name, "uittreksel") {
		t.Errorf("the file is called %s", name)
	}
	for _, format := range []string{"xlsx", "pdf"} {
		wantCode(t, format, b.get(table+"."+format), http.StatusOK)
	}
	wantCode(t, "json", b.get(table+".json"), http.StatusForbidden)

	// sealed: the same part, and never the sealed document itself
	seal := url.Values{"idempotency_key": {uuid.NewString()}, "confirm": {"yes"}}
	wantCode(t, "seal", o.as("secretary").post("/nl/mandates/LETTER/monitoring/2026-H1/seal", seal), http.StatusSeeOther)
	page := b.get("/nl/mandates/LETTER/monitoring/2026-H1")
	wantCode(t, "sealed page", page, http.StatusOK)
	none(t, "sealed page", page.Body.String())
	csv = b.get("/nl/mandates/LETTER/monitoring/2026-H1.csv")
	none(t, "sealed csv", csv.Body.String())
	if !strings.Contains(csv.Body.String(), "eerder S3.2-2") || !strings.Contains(csv.Body.String(), "UITTREKSEL") {
		t.Error("the file of the sealed table is not the part")
	}
	wantCode(t, "sealed json", b.get("/nl/mandates/LETTER/monitoring/2026-H1.json"), http.StatusForbidden)
}

func TestTheCalendarFeedHoldsThePart(t *testing.T) {
	o := delegatedInPart(t)
	page := o.as("nobody").post("/nl/calendar/feed", url.Values{"idempotency_key": {uuid.NewString()}}).Body.String()
	address := feedAddress.FindString(page)
	feed := o.browser().get(strings.TrimPrefix(address, "https://jalon.example"))
	wantCode(t, "feed", feed, http.StatusOK)
	none(t, "feed", feed.Body.String())
	if !strings.Contains(feed.Body.String(), "Bezoek breed") || !strings.Contains(feed.Body.String(), "SD3.2-2") {
		t.Error("the feed does not hold what is theirs")
	}
	o.sql(`UPDATE delegation SET revoked_at = now() WHERE person_id = $1`, o.id["nobody"])
	wantCode(t, "feed after the end", o.browser().get(strings.TrimPrefix(address, "https://jalon.example")), http.StatusNotFound)
}

// What a delegate sends about a target that is not theirs is refused as a whole.
func TestADelegateOfSomeObjectivesWritesOnThoseAlone(t *testing.T) {
	o := delegatedInPart(t)
	b := o.as("nobody")
	const report = "/nl/mandates/LETTER/report/2026-H2"
	before := o.written()
	form := b.reportForm(report)
	if form.Has("row.S1.1-1.version") || !form.Has("row.S3.2-2.version") {
		t.Fatal("the form does not have the rows of the part")
	}
	form.Set("row.S3.2-2.achieved", "mag")
	form.Set("row.S1.1-1.version", "1")
	form.Set("row.S1.1-1.status", "on_track")
	form.Set("row.S1.1-1.achieved", "mag niet")
	for _, do := range []string{"report", "draft"} {
		form.Set("do", do)
		wantCode(t, do, b.post(report, form), http.StatusBadRequest)
	}
	event := delegation(set("target.S1.1-1", "1"))
	wantCode(t, "an event", b.post("/nl/mandates/LETTER/events", event), http.StatusBadRequest)
	link := "/nl/mandates/LETTER/duties/" + fmt.Sprintf("%d.0.%d.before.2026-10-19", value[int](o, `SELECT id FROM target WHERE code = 'S1.1-1'`), value[int](o, `SELECT id FROM event WHERE title = 'Bezoek breed'`))
	wantCode(t, "an answer", b.post(link+"/answer", url.Values{"idempotency_key": {uuid.NewString()}, "done_on": {"13/10/2026"}, "note": {"x"}}), http.StatusNotFound)
	if now := o.written(); now != before {
		t.Errorf("written: %v, before %v", now, before)
	}

	wantCode(t, "an event of theirs", b.post("/nl/mandates/LETTER/events", delegation()), http.StatusSeeOther)
	page := b.get("/nl/mandates/LETTER/events").Body.String()
	for _, words := range []string{"SD1", "S1.1-1"} {
		if strings.Contains(page, words) {
			t.Errorf("the register shows %s", words)
		}
	}
	recorded := fmt.Sprintf("/nl/mandates/LETTER/events/%d", value[int](o, `SELECT max(id) FROM event`))
	own := o.as("director").get(recorded).Body.String()
	if !strings.Contains(own, "Naam nobody voor Naam director") {
		t.Error("the event does not say for whom it was recorded")
	}
	wantCode(t, "cancel it", b.post(recorded+"/cancel", url.Values{"idempotency_key": {uuid.NewString()}}), http.StatusSeeOther)
	for _, name := range []string{"row.S1.1-1.version", "row.S1.1-1.status", "row.S1.1-1.achieved"} {
		form.Del(name)
	}
	form.Set("do", "report")
	for name := range form { // what was recorded before is said anew
		if row, ok := strings.CutSuffix(name, ".version"); ok {
			form.Set(row+".correction", "aangevuld")
		}
	}
	wantCode(t, "a report of theirs", b.post(report, form), http.StatusSeeOther)
	if n := value[int](o, `SELECT count(*) FROM progress_entry WHERE achieved = 'mag' AND author_id = $1 AND on_behalf_of = $2`, o.id["nobody"], o.id["director"]); n != 1 {
		t.Errorf("%d entries by the delegate for the holder, want 1", n)
	}
	if n := value[int](o, `SELECT count(*) FROM report_draft d JOIN target t ON t.id = d.target_id WHERE t.code LIKE 'S1%'`); n == 0 {
		t.Error("the drafts of others are gone")
	}
}

// written counts what people write.
func (o *office) written() (n [5]int64) {
	for i, table := range []string{"progress_entry", "report_draft", "event", "duty_answer", "delegation"} {
		n[i] = value[int64](o, `SELECT count(*) + COALESCE(sum(length(x::text)), 0) FROM `+table+` x`)
	}
	return n
}

// Who is also member of the committee sees all, and writes on the part.
func TestADelegateInTheCommitteeSeesAllAndWritesOnThePart(t *testing.T) {
	o := delegatedInPart(t)
	o.sql(`INSERT INTO role_grant (person_id, role, starts_on) VALUES ($1, 'committee_member', '2026-01-01')`, o.id["nobody"])
	b := o.as("nobody")
	page := b.get("/nl/mandates/LETTER").Body.String()
	if !strings.Contains(page, "woord S1.1-1") || strings.Contains(page, "alleen SD3") {
		t.Error("the page does not show all")
	}
	for path, wants := range map[string]bool{"/nl/mandates/LETTER/targets/S1.1-1": false, "/nl/mandates/LETTER/targets/S3.2-2": true} {
		if got := strings.Contains(b.get(path).Body.String(), "/report/2026-H2#"); got != wants {
			t.Errorf("%s: leads to the report: %t", path, got)
		}
	}
	if form := b.reportForm("/nl/mandates/LETTER/report/2026-H2"); form.Has("row.S1.1-1.version") || !form.Has("row.S3.2-2.version") {
		t.Error("the report does not have the rows of the part")
	}
	none(t, "due", b.get("/nl/due").Body.String())
	link := "/nl/mandates/LETTER/duties/" + fmt.Sprintf("%d.0.0.half_year.2026-12-31", value[int](o, `SELECT id FROM target WHERE code = 'S1.1-1'`))
	if w := b.get(link); w.Code == http.StatusOK { // as the letter reads that deadline
		wantCode(t, "an answer to what is seen only", b.post(link+"/answer", url.Values{"idempotency_key": {uuid.NewString()}, "done_on": {"13/10/2026"}, "note": {"x"}}), http.StatusForbidden)
	}
	if events := b.get("/nl/mandates/LETTER/events?kind=mission-abroad").Body.String(); !strings.Contains(events, "Bezoek elders") || strings.Contains(events, `name="target.S1.1-1"`) {
		t.Error("the register does not show all, or offers what is not theirs")
	}
	wantCode(t, "json", b.get("/nl/mandates/LETTER/monitoring/2026-H2.json"), http.StatusOK)
}

// Whatever somebody's rights, the part of a mandate that pages are made from
// holds exactly the targets that Decide allows, and nothing that happened with others.
func TestThePartIsWhatDecideAllowsOnEachTarget(t *testing.T) {
	o := delegatedInPart(t)
	today := calendar.DateOf(noon)
	sheet, _, err := o.Store.Sheet(store.AsSystem(t.Context()), store.SheetQuestion{Code: "LETTER", AsOf: today})
	if err != nil {
		t.Fatal(err)
	}
	all := sheet.Mandate.Targets()
	var codes []string
	for _, objective := range sheet.Mandate.Objectives {
		codes = append(codes, objective.Code.String())
	}
	roles := []access.Role{access.Holder, access.Delegate, access.Delegate, access.Delegate, access.CommitteeMember}
	rapid.Check(t, func(rt *rapid.T) {
		var v visit
		v.today = today
		for range rapid.IntRange(0, 3).Draw(rt, "grants") {
			g := access.Grant{Role: rapid.SampledFrom(roles).Draw(rt, "role"), From: today.AddDays(rapid.IntRange(-3, 1).Draw(rt, "from"))}
			g.Until = g.From.AddDays(rapid.IntRange(0, 4).Draw(rt, "days"))
			if g.Role != access.CommitteeMember {
				g.MandateID = sheet.Mandate.ID + int64(rapid.IntRange(0, 1).Draw(rt, "other"))
			}
			if g.Role == access.Delegate {
				g.Objectives = rapid.SliceOfNDistinct(rapid.SampledFrom(codes), 0, 4, rapid.ID).Draw(rt, "objectives")
			}
			v.viewer.Grants = append(v.viewer.Grants, g)
		}
		for _, action := range []access.Action{access.ViewMandate, access.ReportProgress, access.SealTable} {
			part := v.within(action, sheet)
			kept := map[int64]bool{}
			for _, target := range part.Mandate.Targets() {
				kept[target.ID] = true
			}
			for _, target := range all {
				if want := v.mayOn(action, sheet.Mandate, target.Code); kept[target.ID] != want {
					rt.Fatalf("%s of %s: kept %t, allowed %t", action, target.Code, kept[target.ID], want)
				}
				if !kept[target.ID] && (part.Latest[target.ID] != nil || len(part.Record.Reports[target.ID]) > 0) {
					rt.Fatalf("%s of %s: what was said of it is left", action, target.Code)
				}
			}
			for _, e := range part.Record.Events {
				for _, id := range e.Targets {
					if !kept[id] {
						rt.Fatalf("%s: event %q names target %d", action, e.Title, id)
					}
				}
			}
		}
	})
}
