package site

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"jalon/internal/monitoring"
)

// What a half-year asks of the people in it, as they would tell it, over HTTP
// and in one office. Other scenarios are told where their rule lives: figures
// that go down in TestSickLeaveGoesDown, a visit and its two duties in
// TestADelegationOpensTwoDutiesAndBothAreClosed, two tabs in
// TestTwoWritersLoseNothing, an expired session in
// TestFormAfterTheEndOfTheSessionIsKept, reminders in job, who has not reported
// in TestSSeesWhoHasNotReportedAndNudgesOnceADay, the seal in
// TestSSealsTheWholeTable, the board's question in
// TestAQuestionOfTheBoardIsADutyUntilAnswered, equal numbers in report.
func TestAHalfYearAsItsPeopleTellIt(t *testing.T) {
	o := followed(t)
	o.body()
	o.pass(42 * 24 * time.Hour) // 5 January: the half-year has ended, its parts are not due yet
	director := o.as("director")
	secretary := o.openRound("LETTER", "2026-H2")
	secretary.step(monitoring.RoundOpen, monitoring.RoundCollecting, "")
	reported := func() (n int) {
		m := regexp.MustCompile(`id="progress-text">[^<0-9]*(\d+)`).FindStringSubmatch(director.get(reportPage).Body.String())
		if m != nil {
			_, _ = fmt.Sscan(m[1], &n)
		}
		return n
	}

	t.Run("1 the director sees what is due, and each line opens its form", func(t *testing.T) {
		page := director.get("/nl/due")
		wantCode(t, "what is due", page, http.StatusOK)
		lines := regexp.MustCompile(`href="(/nl/mandates/LETTER/report/[0-9H-]+)#([^"]+)"`).FindAllStringSubmatch(page.Body.String(), -1)
		if len(lines) == 0 {
			t.Fatal("no line opens a form")
		}
		forms := map[string]string{}
		for _, l := range lines {
			if forms[l[1]] == "" {
				forms[l[1]] = director.get(l[1]).Body.String()
			}
			if !strings.Contains(forms[l[1]], `id="`+l[2]+`"`) {
				t.Errorf("%s has no row %s", l[1], l[2])
			}
		}
	})

	t.Run("2 ten targets on one page are saved once, as of the last day", func(t *testing.T) {
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

	t.Run("3 support needed asks for what, of whom and by when, and reaches the body", func(t *testing.T) {
		form := director.rowForm("report", "S2.3-1", "status", "support_needed", "achieved", "Loopt vast.", "correction", "Er is hulp nodig.")
		page := director.post(reportPage, form)
		wantCode(t, "without the request", page, http.StatusUnprocessableEntity)
		for _, field := range []string{"support_asked", "support_of", "support_by"} {
			if !strings.Contains(page.Body.String(), `href="#row.S2.3-1.`+field+`"`) {
				t.Errorf("%s is not asked", field)
			}
		}
		form = director.rowForm("report", "S2.3-1", "status", "support_needed", "achieved", "Loopt vast.", "correction", "Er is hulp nodig.",
			"support_asked", "Twee mensen voor het loket", "support_of", "Directieraad", "support_by", "01/03/2027")
		wantCode(t, "with the request", director.post(reportPage, form), http.StatusSeeOther)
		board := o.as("committee").get("/nl/bodies/ACTIRIS-DR/monitoring/2026-H2")
		for _, want := range []string{"Twee mensen voor het loket", "01/03/2027"} {
			if !strings.Contains(board.Body.String(), want) {
				t.Errorf("the page of the body lacks %q", want)
			}
		}
	})

	t.Run("4 numbers are read as people type them", func(t *testing.T) {
		for _, c := range [][2]string{{"value", "12,5"}, {"value", "12.5"}, {"percentage", "12,5 %"}} {
			wantCode(t, c[1], director.post(reportPage, director.rowForm("report", "T4.1-1", "status", "on_track", "achieved", "Geteld als "+c[1], c[0], c[1])), http.StatusSeeOther)
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

	t.Run("8 nothing to report counts as an answer and is never green", func(t *testing.T) {
		before := reported()
		wantCode(t, "report", director.post(reportPage, director.rowForm("report", "T4.4-1", "status", "nothing_to_report", "reason", "Geen dossier in dit semester.")), http.StatusSeeOther)
		if after := reported(); after != before+1 {
			t.Errorf("%d reported became %d", before, after)
		}
		if page := director.get("/nl/mandates/LETTER/targets/T4.4-1").Body.String(); !strings.Contains(page, `data-s="nothing_to_report"`) || strings.Contains(page, `data-s="on_track"`) {
			t.Error("the target is not shown as without anything to report")
		}
	})

	t.Run("11 in grace a correction of the same day asks why, and both versions are read", func(t *testing.T) {
		again := func(fields ...string) int {
			return director.post(reportPage, director.rowForm("report", "T4.7-1", append([]string{"status", "attention"}, fields...)...)).Code
		}
		if got := again("achieved", "Versie een."); got != http.StatusSeeOther {
			t.Fatal(got)
		}
		secretary.step(monitoring.RoundCollecting, monitoring.RoundGrace, "")
		if got := again("achieved", "Versie twee."); got != http.StatusUnprocessableEntity {
			t.Errorf("without a reason: %d", got)
		}
		if got := again("achieved", "Versie twee.", "correction", "Een cijfer was fout."); got != http.StatusSeeOther {
			t.Errorf("with a reason: %d", got)
		}
		page := director.get("/nl/mandates/LETTER/targets/T4.7-1").Body.String()
		for _, want := range []string{"Versie een.", "Versie twee.", "Een cijfer was fout."} {
			if !strings.Contains(page, want) {
				t.Errorf("the history lacks %q", want)
			}
		}
	})
}

// A mandate with more targets than most is reported on in one form, with the fields of every row and with files.
func TestAReportOfAHundredRowsIsTaken(t *testing.T) {
	o := withLetter(t)
	o.sql(`INSERT INTO target (mandate_id, measurement_point_id, code, position, wording_id)
		SELECT g.mandate_id, g.measurement_point_id, 'S1.1-' || n, n, g.wording_id FROM target g JOIN mandate m ON m.id = g.mandate_id, generate_series(2, 73) n WHERE m.code = 'LETTER' AND g.code = 'S1.1-1'`)
	director := o.as("director")
	form := director.reportForm(reportPage)
	rows := 0
	for name := range form {
		if row, ok := strings.CutSuffix(name, ".version"); ok {
			rows++
			for _, field := range []string{"obstacles", "next_steps", "support_asked", "support_of", "support_by", "reason", "link_url", "link_title", "same"} {
				form.Set(row+"."+field, "")
			}
		}
	}
	if rows != 100 || len(form) < 1000 {
		t.Fatalf("%d rows, %d fields", rows, len(form))
	}
	wantCode(t, "report", director.files(reportPage, form, "row.S1.1-1.file", map[string][]byte{"nota.txt": []byte("Een nota.")}, ""), http.StatusSeeOther)
	if n := value[int](o, `SELECT count(*) FROM progress_entry`); n != 100 {
		t.Errorf("%d entries", n)
	}
}
