package site

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"jalon/internal/calendar"
	"jalon/internal/progress"
)

// Of a mandate that reported everything the overview must not say that it is silent.
func TestNobodyIsSilentWhoReportedEverything(t *testing.T) {
	day := calendar.MustDate(2026, 6, 30)
	cell := func(reported, owed int, quiet calendar.Date) progress.OverviewCell {
		var c progress.OverviewCell
		c.Reported, c.Owed, c.Quiet = reported, owed, quiet
		return c
	}
	for name, c := range map[string]struct {
		cells []progress.OverviewCell
		since calendar.Date
		never bool
	}{
		"everything is reported":       {[]progress.OverviewCell{cell(2, 2, day.AddDays(90)), cell(1, 1, day.AddDays(80))}, calendar.Date{}, false},
		"one objective lacks a report": {[]progress.OverviewCell{cell(2, 2, day.AddDays(-10)), cell(1, 2, day)}, day, false},
		"one was never reported on":    {[]progress.OverviewCell{cell(0, 1, progress.Never), cell(1, 2, day)}, progress.Never, true},
	} {
		if since, never := silence(progress.OverviewLine{Cells: c.cells}); since != c.since || never != c.never {
			t.Errorf("%s: %v, %v, want %v, %v", name, since, never, c.since, c.never)
		}
	}
}

// A mistyped day costs neither the filter nor what was typed, and is not taken for another day in silence.
func TestAMistypedDayIsSaidBesideItsField(t *testing.T) {
	o := boarded(t)
	committee := o.as("committee")
	for path, want := range map[string][]string{
		"/nl/overview?objective=S3&asof=31/06/2026":             {`value="31/06/2026"`, `href="#asof"`, "Hieronder staat de stand van vandaag.", `<option value="S3" selected`},
		"/fr/overview?asof=25/11/2026":                          {`value="25/11/2026"`, `href="#asof"`, "La situation d’aujourd’hui figure ci-dessous."},
		"/nl/overview/changes?since=01/07/2026&asof=31/06/2026": {`value="01/07/2026"`, `value="31/06/2026"`, `href="#asof"`},
		"/nl/overview/changes?since=gisteren":                   {`value="gisteren"`, `href="#since"`, "De eerste dag moet een bestaande dag zijn"},
	} {
		w := committee.get(path)
		wantCode(t, path, w, http.StatusBadRequest)
		for _, words := range want {
			if !strings.Contains(w.Body.String(), words) {
				t.Errorf("%s lacks %s", path, words)
			}
		}
		if w.Header().Get("ETag") != "" {
			t.Errorf("%s: a browser may keep the refusal", path)
		}
	}
}

// A page that has a field for the day looked back to says so at its route, and no other page does.
func TestAFieldForTheDayIsMarkedAtTheRoute(t *testing.T) {
	r := newRegion(t)
	field := regexp.MustCompile(`<input[^>]* name="asof"[^>]*>`)
	for _, rt := range r.routes() {
		if rt.method != http.MethodGet || !rt.past {
			continue
		}
		path := r.address(t, rt.pattern, ownMandate)
		if all := queries[rt.pattern]; len(all) > 0 {
			path += all[0]
		}
		for _, who := range askers {
			page := r.browsers[who].get(path)
			if page.Code != http.StatusOK {
				continue
			}
			has := slices.ContainsFunc(field.FindAllString(page.Body.String(), -1), func(input string) bool { return !strings.Contains(input, `type="hidden"`) })
			if has != rt.asksDay {
				t.Errorf("%s has a field for the day: %t, its route says %t", rt.pattern, has, rt.asksDay)
			}
			break
		}
	}
}

// By institution, name and code are those of the institutions, not of their mandates.
func TestInstitutionsStandInTheirOwnOrder(t *testing.T) {
	o := newExample(t)
	secretary := o.as("secretary")
	rows := func(query string) (codes []string) {
		for _, m := range regexp.MustCompile(`href="/nl/overview\?institution=([A-Z]+)[^"]*"`).FindAllStringSubmatch(secretary.get("/nl/overview?by=institution"+query).Body.String(), -1) {
			if !slices.Contains(codes, m[1]) {
				codes = append(codes, m[1])
			}
		}
		return codes
	}
	for _, sort := range []string{"name", "code"} {
		if got := rows("&sort=" + sort); !slices.Equal(got, []string{"ACTIRIS", "VOORBEELD"}) {
			t.Errorf("by %s: %v", sort, got)
		}
	}
}

// A bookmark may name what is no more. The form shows that the overview is limited
// to it, and not that it is about everything.
func TestAFilterOnWhatIsNoMoreIsShown(t *testing.T) {
	o := newExample(t)
	secretary := o.as("secretary")
	for query, option := range map[string]string{
		"institution=WEG": `<option value="WEG" selected>WEG (niet gevonden)`, "objective=S9": `<option value="S9" selected>S9 (niet gevonden)`, "body=ACTIRIS-WEG": `<option value="ACTIRIS-WEG" selected>ACTIRIS-WEG (niet gevonden)`,
	} {
		page := secretary.get("/nl/overview?" + query).Body.String()
		if !strings.Contains(page, option) || strings.Contains(page, "<tr id=") {
			t.Errorf("%s: the form does not say what the page is limited to", query)
		}
	}
	if page := secretary.get("/nl/overview?institution=ACTIRIS&objective=S1&body=ACTIRIS-DR").Body.String(); strings.Contains(page, "niet gevonden") {
		t.Error("what is there is not found")
	}
}

var cellLink = regexp.MustCompile(`<td[^>]*><a[^>]*href="([^"]+)"[^>]*>(?s:.*?)(\d+)/(\d+)`)

// A cell of an institution leads to the cells that it adds up, whatever the filter.
func TestACellOfAnInstitutionLeadsToWhatItCounts(t *testing.T) {
	o := newExample(t)
	secretary := o.as("secretary")
	figures := func(address string) (links [][]string, reported, owed int) {
		page := secretary.get(strings.ReplaceAll(address, "&amp;", "&"))
		wantCode(t, address, page, http.StatusOK)
		links = cellLink.FindAllStringSubmatch(page.Body.String(), -1)
		for _, m := range links {
			a, _ := strconv.Atoi(m[2])
			b, _ := strconv.Atoi(m[3])
			reported, owed = reported+a, owed+b
		}
		return links, reported, owed
	}
	for _, query := range []string{"", "&objective=S2", "&kind=strategic", "&kind=transversal", "&lang=fr", "&status=late", "&support=1&sort=silent", "&body=ACTIRIS-DC&asof=2026-06-30"} {
		cells, _, _ := figures("/nl/overview?by=institution" + query)
		if len(cells) == 0 {
			t.Fatalf("%s: no cells", query)
		}
		for _, cell := range cells {
			if _, reported, owed := figures(cell[1]); strconv.Itoa(reported) != cell[2] || strconv.Itoa(owed) != cell[3] {
				t.Errorf("%s: %s/%s leads to %d/%d at %s", query, cell[2], cell[3], reported, owed, cell[1])
			}
		}
	}
}

// What a figure or a change leads to leads back to the overview as it was, once.
func TestWhatTheOverviewLeadsToLeadsBack(t *testing.T) {
	o := newExample(t)
	secretary := o.as("secretary")
	for _, query := range []string{"", "?institution=ACTIRIS&sort=silent&status=late"} {
		overview := secretary.get("/nl/overview" + query).Body.String()
		links := regexp.MustCompile(`href="(/nl/overview/(?:targets|changes|objectives)[^"]*)"`).FindAllStringSubmatch(overview, -1)
		if len(links) < 8 {
			t.Fatalf("%d links", len(links))
		}
		back := `href="/nl/overview` + strings.ReplaceAll(query, "&", "&amp;") + `"`
		for _, m := range links {
			page := secretary.get(strings.ReplaceAll(m[1], "&amp;", "&"))
			if page.Code == http.StatusSeeOther {
				page = secretary.get(page.Header().Get("Location"))
			}
			wantCode(t, m[1], page, http.StatusOK)
			crumbs := regexp.MustCompile(`(?s)<nav class="ds-breadcrumbs".*?</nav>`).FindString(page.Body.String())
			if strings.Count(crumbs, "Overzicht") != 1 || !strings.Contains(crumbs, back) {
				t.Errorf("%s does not lead back to %q: %s", m[1], query, crumbs)
			}
		}
	}
}

// A change of the letter names the place that it changes, as the other changes do; one of several places names none.
func TestAChangeOfTheLetterNamesItsPlace(t *testing.T) {
	o := newExample(t)
	hr := o.as("hr")
	for place, nl := range map[string]string{"target:S1.2-1": "andere woorden", "deadline:S2.3-1": "december 2026", "point:S2.1": "een ander meetpunt", "objective:S3": "een andere titel"} {
		wantCode(t, place, hr.post("/nl/mandates/"+ownMandate+"/amendments", url.Values{
			"idempotency_key": {uuid.NewString()}, "place": {place}, "nl": {nl}, "effective_on": {"01/11/2026"}, "authority": {"Regering"}, "reason": {"besluit over " + place}, "do": {"store"}, "scope": {"own"},
		}), http.StatusSeeOther)
	}
	o.sql(`WITH a AS (INSERT INTO amendment (mandate_id, effective_on, reason) SELECT id, '2026-11-02', 'nieuwe brief' FROM mandate WHERE code = $1 RETURNING id, mandate_id)
		INSERT INTO wording_version (wording_id, valid_from, nl, nl_state, amendment_id) SELECT g.wording_id, '2026-11-02', 'zo', 'original', a.id FROM a JOIN target g USING (mandate_id) WHERE g.code IN ('S1.1-1', 'S1.2-1')`, ownMandate)
	page := o.as("committee").get("/nl/overview/changes?since=2026-11-23").Body.String()
	lines := regexp.MustCompile(`(?s)<a href="/nl/mandates/`+ownMandate+`/amendments[^"]*">\s*([^<]*?)\s*</a>.*?<p>(.*?)</p>`).FindAllStringSubmatch(page, -1)
	got := map[string]string{}
	for _, l := range lines {
		got[l[2]] = l[1]
	}
	want := map[string]string{"besluit over target:S1.2-1": "SD1.2-1", "besluit over deadline:S2.3-1": "SD2.3-1", "besluit over point:S2.1": "SD2.1", "besluit over objective:S3": "SD3", "nieuwe brief": "Wijziging"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
