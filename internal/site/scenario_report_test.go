package site

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"jalon/internal/monitoring"
)

// A half-year of the director, told in the order in which it happens, in one office.
func TestAHalfYearAsItsPeopleTellIt(t *testing.T) {
	o := followed(t)
	o.body()
	o.pass(42 * 24 * time.Hour) // 5 January: the half-year has ended, its parts are not due yet
	director := o.as("director")
	secretary := o.openRound("LETTER", "2026-H2")
	secretary.step(monitoring.RoundOpen, monitoring.RoundCollecting, "")

	t.Run("ten targets on one page are saved once, as of the last day", func(t *testing.T) {
		form := url.Values{}
		for _, m := range rowVersions.FindAllStringSubmatch(director.get(reportPage).Body.String(), -1)[:10] {
			for name, values := range director.rowForm("report", m[2], "status", "on_track", "achieved", "Eerste regel.\nTweede regel.") {
				form[name] = values
			}
		}
		wantCode(t, "save", director.post(reportPage, form), http.StatusSeeOther)
		if got := value[string](o, `SELECT count(*) || ' ' || min(as_of) || ' ' || max(as_of) FROM progress_entry`); got != "10 2026-12-31 2026-12-31" {
			t.Errorf("entries: %s", got)
		}
	})

	t.Run("support needed asks for what, of whom and by when, and reaches the body", func(t *testing.T) {
		said := []string{"status", "support_needed", "achieved", "Loopt vast.", "correction", "Er is hulp nodig."}
		page := director.post(reportPage, director.rowForm("report", "S2.3-1", said...))
		wantCode(t, "without the request", page, http.StatusUnprocessableEntity)
		for _, field := range []string{"support_asked", "support_of", "support_by"} {
			if !strings.Contains(page.Body.String(), `href="#row.S2.3-1.`+field+`"`) {
				t.Errorf("%s is not asked", field)
			}
		}
		director.reports(t, "S2.3-1", append(said, "support_asked", "Twee mensen voor het loket", "support_of", "Directieraad", "support_by", "01/03/2027")...)
		o.as("committee").sees(t, "/nl/bodies/ACTIRIS-DR/monitoring/2026-H2", "Twee mensen voor het loket", "Directieraad", "01/03/2027")
	})

	t.Run("a request or a reason beside another status is asked about, not thrown away", func(t *testing.T) {
		for field, said := range map[string][]string{
			"support_asked": {"status", "compromised", "achieved", "Staat stil.", "support_asked", "Een lesgever"},
			"reason":        {"status", "on_track", "achieved", "Loopt.", "reason", "De opdracht is uitgesteld"},
		} {
			page := director.post(reportPage, director.rowForm("report", "T4.2-1", said...))
			wantCode(t, field, page, http.StatusUnprocessableEntity)
			for _, want := range []string{`href="#row.T4.2-1.` + field + `"`, said[5]} {
				if !strings.Contains(page.Body.String(), want) {
					t.Errorf("the refusal of %s lacks %s", field, want)
				}
			}
		}
	})

	t.Run("a request that was met goes with its status", func(t *testing.T) {
		director.reports(t, "S2.3-1", "status", "on_track", "achieved", "Het loket is bemand.", "correction", "De hulp kwam.",
			"support_asked", "Twee mensen voor het loket", "support_of", "Directieraad", "support_by", "01/03/2027")
		if got := value[string](o, `SELECT status || support_asked FROM progress_entry ORDER BY id DESC LIMIT 1`); got != "on_track" {
			t.Errorf("recorded: %s", got)
		}
	})

	t.Run("numbers are read as people type them", func(t *testing.T) {
		for _, c := range [][2]string{{"value", "12,5"}, {"value", "12.5"}, {"percentage", "12,5 %"}} {
			director.reports(t, "T4.1-1", "status", "on_track", "achieved", "Geteld als "+c[1], c[0], c[1])
			if got := value[string](o, `SELECT trim_scale(`+c[0]+`)::text FROM progress_entry ORDER BY id DESC LIMIT 1`); got != "12.5" {
				t.Errorf("%s is kept as %s", c[1], got)
			}
		}
		page := director.post(reportPage, director.rowForm("report", "T4.1-1", "status", "on_track", "achieved", "Geteld", "value", "abc"))
		wantCode(t, "no number", page, http.StatusUnprocessableEntity)
		for _, want := range []string{`value="abc"`, `href="#row.T4.1-1.value"`} {
			if !strings.Contains(page.Body.String(), want) {
				t.Errorf("the refusal lacks %s", want)
			}
		}
	})

	t.Run("nothing to report counts as an answer and is never green", func(t *testing.T) {
		reported := func() string {
			return regexp.MustCompile(`id="progress-text">[^<0-9]*(\d+)`).FindStringSubmatch(director.get(reportPage).Body.String())[1]
		}
		before, _ := strconv.Atoi(reported())
		director.reports(t, "T4.4-1", "status", "nothing_to_report", "reason", "Geen dossier in dit semester.")
		if after := reported(); after != strconv.Itoa(before+1) {
			t.Errorf("%d reported became %s", before, after)
		}
		if page := director.get(letterMandate + "/targets/T4.4-1").Body.String(); !strings.Contains(page, `data-s="nothing_to_report"`) || strings.Contains(page, `data-s="on_track"`) {
			t.Error("the target is not shown as without anything to report")
		}
	})

	t.Run("in grace a correction of the same day asks why, and both versions are read", func(t *testing.T) {
		director.reports(t, "T4.7-1", "status", "attention", "achieved", "Versie een.")
		secretary.step(monitoring.RoundCollecting, monitoring.RoundGrace, "")
		second := []string{"status", "attention", "achieved", "Versie twee."}
		wantCode(t, "without a reason", director.post(reportPage, director.rowForm("report", "T4.7-1", second...)), http.StatusUnprocessableEntity)
		director.reports(t, "T4.7-1", append(second, "correction", "Een cijfer was fout.")...)
		director.sees(t, letterMandate+"/targets/T4.7-1", "Versie een.", "Versie twee.", "Een cijfer was fout.")
	})
}

var (
	dueGroup  = regexp.MustCompile(`(?s)<section class="card due" aria-labelledby="due-(late|soon|period|nothing|imported)">(.*?)</section>`)
	dueCount  = regexp.MustCompile(`<span class="count">(\d+)</span>`)
	dueTarget = regexp.MustCompile(`/nl/mandates/LETTER/targets/[^"?]+`)
	dueRow    = regexp.MustCompile(`(?s)<li>(.*?)</li>`)
	dueForm   = regexp.MustCompile(`href="(/nl/mandates/LETTER/report/[0-9H-]+)#([^"]+)"`)
)

// In May the director signs in and finds what is late, what comes soon and what
// has not been reported yet: each target in one group, and each line leads to its form in one click.
func TestTheDirectorFindsWhatIsDueInMay(t *testing.T) {
	o := withLetter(t)
	o.sql(`UPDATE mandate SET created_at = '2027-01-04'`)
	o.at("2027-05-12 09:00:00")
	director := o.as("director")
	page := director.get("/nl/due")
	wantCode(t, "what is due", page, http.StatusOK)

	shown := map[string]bool{}
	lines := map[string][]string{} // of targets, by group
	forms := map[string]string{}
	for _, group := range dueGroup.FindAllStringSubmatch(page.Body.String(), -1) {
		rows := dueRow.FindAllStringSubmatch(group[2], -1)
		if said := dueCount.FindStringSubmatch(group[2]); said == nil || said[1] != strconv.Itoa(len(rows)) {
			t.Errorf("the head of %s says %v above %d lines", group[1], said, len(rows))
		}
		for _, row := range rows {
			shown[dueTarget.FindString(row[1])] = true
			link := dueForm.FindStringSubmatch(row[1])
			if link == nil {
				if group[1] != "nothing" && group[1] != "imported" {
					t.Errorf("a line of %s leads to no form: %s", group[1], plainWords(row[1]))
				}
				continue
			}
			lines[group[1]] = append(lines[group[1]], link[2])
			if forms[link[1]] == "" {
				forms[link[1]] = director.get(link[1]).Body.String()
			}
			if !strings.Contains(forms[link[1]], `id="`+link[2]+`"`) {
				t.Errorf("%s has no row %s", link[1], link[2])
			}
		}
	}
	if len(shown) != 28 {
		t.Errorf("the page shows %d targets, want 28", len(shown))
	}
	for group, want := range map[string]string{"late": "T4.3-1", "soon": "T4.3-1"} { // each month on the 15th
		if got := strings.Join(lines[group], " "); got != want {
			t.Errorf("%s: %s, want %s", group, got, want)
		}
	}
	if !slices.Contains(lines["period"], "S3.1-1") || len(lines["period"]) != 15 {
		t.Errorf("still to be reported this half-year: %v, want the 15 that go on all year", lines["period"])
	}
	director.sends(t, letterMandate+"/report/2027-H1", http.StatusSeeOther, "do", "report", "row.S3.1-1.version", "0", "row.S3.1-1.status", "on_track", "row.S3.1-1.achieved", "Loopt.")
	for _, group := range dueGroup.FindAllStringSubmatch(director.get("/nl/due").Body.String(), -1) {
		if group[1] != "nothing" && strings.Contains(group[2], `#S3.1-1"`) {
			t.Error("what was reported is still due")
		}
	}
}

// The last day of a deadline ends at midnight in Brussels, not in Greenwich.
func TestTwoPilotsByDecemberAreLateFromMidnight(t *testing.T) {
	o := followed(t)
	group := func(when string) (in string) {
		t.Helper()
		o.at(when)
		for _, g := range dueGroup.FindAllStringSubmatch(o.as("director").get("/nl/due").Body.String(), -1) {
			if strings.Contains(g[2], "S2.5-1") {
				in += g[1]
			}
		}
		return in
	}
	if got := group("2024-12-31 23:59:00"); got != "soon" {
		t.Errorf("at 23:59 it is among %q", got)
	}
	if got := group("2025-01-01 00:00:00"); got != "late" {
		t.Errorf("at 00:00 it is among %q", got)
	}
	target := o.as("director").sees(t, letterMandate+"/targets/S2.5-1", "31/12/2024", "Te laat")
	if strings.Contains(target, "01/01/2025") {
		t.Error("the day after is taken for the deadline")
	}
}

// The director has the page open in two windows and records in both. The second
// one shows both texts; with both taken over, nothing is lost, and the trail tells of two versions.
func TestTwoWindowsLoseNothing(t *testing.T) {
	o := followed(t)
	director := o.as("director")
	first := director.rowForm("report", "S1.1-1", "status", "on_track", "achieved", "Uit het eerste venster.")
	second := director.rowForm("report", "S1.1-1", "status", "on_track", "achieved", "Uit het tweede venster.")
	wantCode(t, "the first window", director.post(reportPage, first), http.StatusSeeOther)

	page := director.post(reportPage, second)
	wantCode(t, "the second window", page, http.StatusConflict)
	for _, text := range []string{"Uit het eerste venster.", "Uit het tweede venster."} {
		if !strings.Contains(page.Body.String(), text) {
			t.Errorf("the page does not show %q", text)
		}
	}
	for _, m := range hiddens.FindAllStringSubmatch(page.Body.String(), -1) {
		if strings.HasPrefix(m[1], "row.S1.1-1.") {
			second.Set(m[1], m[2])
		}
	}
	second.Set("row.S1.1-1.pick_achieved", "both")
	wantCode(t, "both texts", director.post(reportPage, second), http.StatusSeeOther)

	director.sees(t, letterMandate+"/targets/S1.1-1", "Uit het tweede venster. Uit het eerste venster.", o.Catalogues.In("nl").T("entry.corrects"), o.Catalogues.In("nl").T("entry.corrected"))
	if n := value[int](o, `SELECT count(*) FROM audit_event WHERE action = 'record report' AND actor_id = $1`, o.id["director"]); n != 2 {
		t.Errorf("the trail tells of %d recordings, want 2", n)
	}
}

// What was sealed takes nothing more, whichever way it comes; the refusal leads
// to the table, below which errata stand.
func TestASealedHalfYearTakesNothingMore(t *testing.T) {
	o := followed(t)
	director, secretary := o.as("director"), o.as("secretary")
	record := director.rowForm("report", "S1.1-1", "status", "on_track", "achieved", "Op tijd.")
	late := director.rowForm("report", "S1.2-1", "status", "on_track", "achieved", "Te laat.")
	draft := director.rowForm("draft", "S1.2-1", "achieved", "Te laat.")
	wantCode(t, "in time", director.post(reportPage, record), http.StatusSeeOther)
	correction := director.rowForm("report", "S1.1-1", "status", "attention", "achieved", "Toch niet.", "correction", "Bij nader inzien.")
	secretary.seals(t)

	for what, form := range map[string]url.Values{"a report": late, "a draft": draft, "a correction": correction} {
		refusal := director.post(reportPage, form)
		wantCode(t, what, refusal, http.StatusConflict)
		if page := refusal.Body.String(); !strings.Contains(page, "verzegeld") || !strings.Contains(page, `href="`+letterMandate+`/monitoring/2026-H2"`) {
			t.Errorf("%s: the refusal does not say why, or does not lead to the table", what)
		}
	}
	if got := value[string](o, `SELECT string_agg(achieved, ' ') FROM progress_entry`); got != "Op tijd." {
		t.Errorf("recorded: %s", got)
	}
	if got := director.get(reportPage); got.Header().Get("Location") != letterMandate+"/monitoring/2026-H2" {
		t.Errorf("the form leads to %q", got.Header().Get("Location"))
	}
	if !strings.Contains(secretary.get(letterMandate+"/monitoring/2026-H2").Body.String(), `href="`+letterMandate+`/monitoring/2026-H2/errata"`) {
		t.Error("the secretary is not offered an erratum")
	}
	secretary.sends(t, letterMandate+"/monitoring/2026-H2/errata", http.StatusSeeOther, "code", "S1.1-1", "lang", "nl", "text", "Toch niet op tijd.", "reason", "Gevraagd door de mandaathouder.")
	director.sees(t, letterMandate+"/monitoring/2026-H2", "Op tijd.", "Erratum 1", "Toch niet op tijd.")
}

// The session ends while the director types. The whole page, with a field for
// files on each row, is carried along through the sign-in and is sent again as it was.
func TestTheSessionEndsWhileTheDirectorTypes(t *testing.T) {
	o := followed(t)
	director := o.as("director")
	form := director.reportForm(reportPage)
	form.Set("row.S1.1-1.achieved", "Twintig minuten tekst.")
	o.pass(31 * time.Minute)
	page := director.files(reportPage, form, "row.S1.1-1.file", map[string][]byte{"": nil}, "") // as a browser sends a field that was left empty
	wantCode(t, "sent after the session", page, http.StatusForbidden)

	kept := html.UnescapeString(between(page.Body.String(), `name="kept" value="`, `"`))
	signedIn := director.post("/nl/login", url.Values{"email": {"director@jalon.example"}, "password": {password}, "kept": {kept}, "kept_to": {reportPage}})
	wantCode(t, "signed in again", signedIn, http.StatusOK)
	again := url.Values{}
	for _, m := range hiddens.FindAllStringSubmatch(signedIn.Body.String(), -1) {
		again.Set(html.UnescapeString(m[1]), html.UnescapeString(m[2]))
	}
	wantCode(t, "sent again", director.post(reportPage, again), http.StatusSeeOther)
	director.sees(t, letterMandate+"/targets/S1.1-1", "Twintig minuten tekst.")
	if n := value[int](o, `SELECT count(*) FROM progress_entry`); n != 28 {
		t.Errorf("%d entries, want all 28", n)
	}
}

// In French everything is French, and what exists in Dutch alone says so and is shown in Dutch.
func TestTheDirectorSwitchesToFrench(t *testing.T) {
	o := followed(t)
	o.sql(`UPDATE wording_version SET fr = 'Suivre les indicateurs.', fr_state = 'translated' WHERE wording_id = (SELECT wording_id FROM target WHERE code = 'S1.1-1')`)
	director := o.as("director")
	director.reports(t, "S1.1-1", "status", "on_track", "achieved", "Geteld.", "value", "1234,5")
	director.reports(t, "S1.2-1", "status", "attention", "achieved", "Loopt.")

	dutch := director.get(letterMandate + "/targets/S1.1-1").Body.String()
	there := regexp.MustCompile(`class="language[^"]*"[^>]*href="([^"]+)"|href="([^"]+)"[^>]*class="language`).FindStringSubmatch(dutch)
	if there == nil || there[1]+there[2] != french(letterMandate+"/targets/S1.1-1") {
		t.Fatalf("the switch leads to %v", there)
	}
	said := director.sees(t, there[1]+there[2], "Suivre les indicateurs.", "OS1.1-1", "Dans les délais", "1 234,5", "24/11/2026")
	for _, words := range []string{"Op schema", "SD1.1-1", "1.234,5", "Streefwaarde"} {
		if strings.Contains(said, words) {
			t.Errorf("the French page says %q", words)
		}
	}
	director.sees(t, french(reportPage), "2e semestre 2026")
	director.sees(t, "/fr/due", "24 novembre 2026")
	untranslated := director.get(french(letterMandate + "/targets/S1.2-1")).Body.String()
	if !regexp.MustCompile(`lang="nl"[^>]*>[^<]+`).MatchString(untranslated) || !strings.Contains(plainWords(untranslated), "en néerlandais") {
		t.Error("a missing translation is not marked, or the Dutch is not shown")
	}
}
