package site

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

var postForm = regexp.MustCompile(`(?s)<form[^>]*method="post"[^>]*action="([^"]*)"`)

// Values, wording and what was recorded later, on a page that cannot change anything.
func TestThePastIsShownAndCannotBeChanged(t *testing.T) {
	o := followed(t)
	o.sql(`INSERT INTO progress_entry (mandate_id, target_id, as_of, recorded_at, author_id, lang, status, achieved)
		SELECT mandate_id, id, '2026-03-31', '2026-04-02', $1, 'nl', 'on_track', 'vroeg gemeld' FROM target WHERE code = 'S1.1-1'`, o.id["director"])
	o.sql(`INSERT INTO progress_entry (mandate_id, target_id, as_of, recorded_at, author_id, lang, status, achieved)
		SELECT mandate_id, id, '2026-03-31', '2026-05-20', $1, 'nl', 'compromised', 'laat gemeld' FROM target WHERE code = 'S1.1-1'`, o.id["director"])
	director, committee := o.as("director"), o.as("committee")
	const target = "/nl/mandates/LETTER/targets/S1.1-1"
	for query, want := range map[string][2]string{
		"":                                  {"laat gemeld", ""},
		"?asof=2026-03-31":                  {"laat gemeld", ""},
		"?asof=2026-03-31&known=2026-05-19": {"vroeg gemeld", "laat gemeld"},
		"?asof=2026-03-30":                  {"U kijkt terug", "vroeg gemeld"},
		"?known=2026-04-02T20:00:00Z":       {"zoals bekend op", "laat gemeld"},
	} {
		page := director.get(target + query)
		wantCode(t, query, page, http.StatusOK)
		if body := page.Body.String(); !strings.Contains(body, want[0]) || want[1] != "" && strings.Contains(body, want[1]) {
			t.Errorf("%q: want %q and not %q", query, want[0], want[1])
		}
	}
	for _, path := range []string{
		target, "/nl/due", "/nl/calendar", "/nl/mandates", "/nl/mandates/LETTER", "/nl/mandates/LETTER/objectives/S1", "/nl/mandates/LETTER/calendar",
		"/nl/mandates/LETTER/monitoring/2026-H1", "/nl/mandates/LETTER/events", "/nl/mandates/LETTER/indicators", "/nl/mandates/LETTER/annual/2026",
	} {
		page := director.get(path + "?asof=2026-03-31")
		wantCode(t, path, page, http.StatusOK)
		for _, form := range postForm.FindAllStringSubmatch(page.Body.String(), -1) {
			if !strings.HasSuffix(form[1], "/logout") {
				t.Errorf("%s: the past has a form to %s", path, form[1])
			}
		}
	}
	wantCode(t, "export", director.get("/nl/mandates/LETTER/monitoring/2026-H1.csv?asof=2026-03-31"), http.StatusOK)
	if form := director.get("/nl/mandates/LETTER/report/2026-H2?asof=2026-03-31"); form.Code != http.StatusSeeOther || strings.Contains(form.Header().Get("Location"), "asof") {
		t.Errorf("a form in the past: %d to %s", form.Code, form.Header().Get("Location"))
	}
	wantCode(t, "a write from the past", director.post("/nl/mandates/LETTER/report/2026-H2?asof=2026-03-31", nil), http.StatusBadRequest)
	for _, known := range []string{"2026-11-25", "2026-02-31", "x", "2026-01-01&known=2026-01-02"} {
		wantCode(t, known, director.get("/nl/mandates?known="+known), http.StatusBadRequest)
	}
	t.Run("the overview", func(t *testing.T) { overviewPages(t, committee) })
}

// A list is not as long on every day: from its second page one comes to the first of another day.
func TestAnotherDayBeginsAtTheFirstPage(t *testing.T) {
	o := followed(t)
	for _, query := range []string{"asof=2026-03-31", "asof=2026-03-31&known=2026-03-31"} {
		page := o.as("committee").get("/nl/overview/targets?show=silent&page=1&" + query)
		wantCode(t, query, page, http.StatusOK)
		banner := regexp.MustCompile(`href="/nl/overview/targets[^"]*"`).FindAllString(page.Body.String(), -1)
		if len(banner) != 2 || strings.Contains(strings.Join(banner, " "), "page=") {
			t.Errorf("%s: the banner leads to %v", query, banner)
		}
	}
}

// overviewPages walks the pages of the overview: every figure is as many as the rows behind it.
func overviewPages(t *testing.T, committee *browser) {
	overview := committee.get("/nl/overview?asof=2026-03-31").Body.String()
	figure := regexp.MustCompile(`data-show="(\w+)" href="([^"]+)"><b>(\d+)</b>`)
	figures := figure.FindAllStringSubmatch(overview, -1)
	if len(figures) != len(overviewShows) {
		t.Fatalf("%d figures", len(figures))
	}
	for _, f := range figures {
		page := committee.get(strings.ReplaceAll(f[2], "&amp;", "&"))
		wantCode(t, f[1], page, http.StatusOK)
		if !strings.Contains(page.Body.String(), f[3]+" streefwaarde") {
			t.Errorf("%s: the overview says %s, the list does not", f[1], f[3])
		}
	}
	for _, query := range []string{
		"?by=institution", "?kind=transversal&sort=silent", "?objective=T4&lang=nl", "?body=ACTIRIS-DR", "?status=late&changed=1&support=1&sort=name", "?sort=code&by=mandate",
	} {
		wantCode(t, query, committee.get("/fr/overview"+query), http.StatusOK)
	}
	for _, query := range []string{"?by=x", "?kind=x", "?objective=x", "?lang=en", "?body=x", "?status=x"} {
		wantCode(t, query, committee.get("/nl/overview"+query), http.StatusBadRequest)
	}
	changes := committee.get("/nl/overview/changes?since=2026-03-31&asof=2026-05-31")
	wantCode(t, "changes", changes, http.StatusOK)
	if body := changes.Body.String(); !strings.Contains(body, "laat gemeld") || !strings.Contains(body, "S1.1-1") {
		t.Error("what was recorded later about the first day is no change")
	}
	wantCode(t, "changes since the last meeting", committee.get("/nl/overview/changes"), http.StatusSeeOther)
	across := committee.get("/nl/overview/objectives/T4")
	wantCode(t, "across", across, http.StatusOK)
	wantCode(t, "a strategic one", committee.get("/nl/overview/objectives/S1"), http.StatusNotFound)
	back := committee.get("/nl/mandates/LETTER/targets/S1.1-1?from=overview%3Fstatus%3Dlate").Body.String()
	if !strings.Contains(back, `href="/nl/overview?status=late#LETTER"`) {
		t.Error("the target does not lead back to the overview with its filter")
	}
	if strings.Contains(committee.get("/nl/mandates/LETTER?from=//evil.example").Body.String(), `href="//evil`) {
		t.Error("leads back to elsewhere")
	}
}
