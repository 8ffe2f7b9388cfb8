package site

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"jalon/internal/bilingual"
	"jalon/internal/document"
	"jalon/internal/store"
)

// A member of the Comité voor Strategische Ontwikkeling guesses the address of a
// target that does not go to the committee: it is not there for them, and the administrator reads that they tried.
func TestAGuessedAddressLeavesALineInTheTrail(t *testing.T) {
	o := boarded(t)
	wantCode(t, "one target goes to the committee", o.as("hr").post(letterMandate+"/targets/S3.3-1/addressees", o.addressing("CSO")), http.StatusSeeOther)
	member := o.as("nobody")
	member.sees(t, "/nl/bodies/ACTIRIS-CSO/monitoring/2026-H2", "SD3.3-1", "woord S3.3-1")
	member.seesNothingOf(t, letterMandate, "SD3.3-2", "SD1.1-1", "woord S1.1-1")
	wantCode(t, "the guess", member.get(letterMandate+"/targets/S1.1-1"), http.StatusNotFound)
	o.as("admin").sees(t, "/nl/admin/audit", "Naam nobody", "S1.1-1")
	if n := value[int](o, `SELECT count(*) FROM audit_event WHERE actor_id = $1 AND action = $2 AND object LIKE '%/targets/S1.1-1'`, o.id["nobody"], store.ActionRefused); n != 1 {
		t.Errorf("%d lines of the guess, want 1", n)
	}
}

// A member looks at 31 March: what was reported, the wording and the holder are
// those of that day, and the page says that it is the past.
func TestACommitteeLooksAtTheEndOfMarch(t *testing.T) {
	o := followed(t)
	o.sql(`INSERT INTO progress_entry (mandate_id, target_id, as_of, recorded_at, author_id, lang, status, achieved, value)
		SELECT mandate_id, id, d::date, d::date + 1, $1, 'nl', s, a, v FROM target, (VALUES ('2026-03-15', 'on_track', 'Zoals het in maart stond.', 12.5), ('2026-09-15', 'compromised', 'Zoals het in september stond.', 99)) x (d, s, a, v) WHERE code = 'S1.1-1'`, o.id["director"])
	wantCode(t, "the letter is amended in July", o.as("secretary").post(amendments, amendingForm("store", url.Values{"effective_on": {"01/07/2026"}})), http.StatusSeeOther)
	o.sql(`UPDATE tenure SET ends_on = '2026-05-31' WHERE mandate_id = (SELECT id FROM mandate WHERE code = 'LETTER')`)
	o.sql(`INSERT INTO tenure (mandate_id, person_id, starts_on) SELECT id, $1, '2026-06-01' FROM mandate WHERE code = 'LETTER'`, o.id["nobody"])
	member := o.as("committee")
	const before, after = "regelmatig controleren", "een heel andere streefwaarde"

	const march = "?asof=2026-03-31"
	member.sees(t, letterMandate+"/targets/S1.1-1"+march, "U kijkt terug", "31 maart 2026", "Zoals het in maart stond.", "12,5", "Op schema", before)
	member.seesNothingOf(t, letterMandate+"/targets/S1.1-1"+march, "Zoals het in september stond.", "Gecompromitteerd", after)
	member.sees(t, letterMandate+march, "U kijkt terug", "Naam director")
	member.seesNothingOf(t, letterMandate+march, "Naam nobody")
	member.sees(t, "/nl/overview"+march, "U kijkt terug", "31/03/2026", "Naam director")

	member.sees(t, letterMandate+"/targets/S1.1-1", "Zoals het in september stond.", after)
	member.sees(t, letterMandate, "Naam nobody")
	member.seesNothingOf(t, letterMandate, "U kijkt terug")
}

// shownRow is what the screen says of a target, in pieces that paper must say too.
type shownRow struct {
	code   string
	pieces []string // wording, statuses, numbers, what was reported, how many duties were missed
}

// The secretary takes the table along in Dutch and in French, as text and as
// workbook: the rows, their order and every number are those of the screen.
func TestTheTableOnPaperIsThatOfTheScreen(t *testing.T) {
	o := followed(t)
	o.sql(`UPDATE wording_version SET fr = 'FR ' || left(nl, 60), fr_state = 'translated'`)
	director := o.as("director")
	form := director.reportForm(reportPage)
	for code, number := range map[string]string{"S1.1-1": "1234,5", "S3.2-2": "0,07", "T4.7-1": "12"} {
		form.Set("row."+code+".value", number)
	}
	form.Set("row.S2.1-1.percentage", "37,5")
	form.Set("row.S2.2-1.status", "compromised")
	wantCode(t, "the director reports", director.post(reportPage, form), http.StatusSeeOther)
	secretary := o.as("secretary")
	const table = letterMandate + "/monitoring/2026-H2"
	for _, sealed := range []bool{false, true} {
		if sealed {
			secretary.seals(t)
		}
		for _, lang := range bilingual.Langs {
			address := strings.Replace(table, "/nl/", "/"+string(lang)+"/", 1)
			screen := tableOnScreen(t, secretary.get(address), o.Catalogues.In(lang).T("field.value"))
			if len(screen) != 28 {
				t.Fatalf("%s: %d rows on the screen", lang, len(screen))
			}
			text, err := document.ReadDOCX(secretary.get(address + ".docx").Body.Bytes())
			if err != nil {
				t.Fatalf("%s: docx: %v", lang, err)
			}
			book, err := document.ReadXLSX(secretary.get(address + ".xlsx").Body.Bytes())
			if err != nil {
				t.Fatalf("%s: xlsx: %v", lang, err)
			}
			compare(t, string(lang)+" docx", screen, rowsOnPaper(text.Tables, o.Catalogues.In(lang).T("export.code")))
			compare(t, string(lang)+" xlsx", screen, rowsOnPaper([][][]string{book.Sheets[0].Rows}, o.Catalogues.In(lang).T("export.code")))
		}
	}
}

// compare wants the same codes in the same order, and all that the screen says of each in its row.
func compare(t *testing.T, where string, screen []shownRow, paper [][]string) {
	t.Helper()
	if len(paper) != len(screen) {
		t.Fatalf("%s: %d rows, %d on the screen", where, len(paper), len(screen))
	}
	for i, row := range screen {
		if paper[i][0] != row.code {
			t.Errorf("%s: row %d is %s, on the screen %s", where, i, paper[i][0], row.code)
		}
		whole := plainWords(strings.Join(paper[i], "\n"))
		for _, piece := range row.pieces {
			if !strings.Contains(whole, piece) {
				t.Errorf("%s: %s does not say %q, as the screen does: %s", where, row.code, piece, whole)
			}
		}
	}
}

// tableOnScreen reads the table of a mandate from its page.
func tableOnScreen(t *testing.T, w *httptest.ResponseRecorder, value string) (rows []shownRow) {
	t.Helper()
	wantCode(t, "the table", w, http.StatusOK)
	doc, _ := page(t, w)
	for _, table := range elements(doc, "table") {
		if !strings.Contains(attribute(table, "class"), "monitoring") {
			continue
		}
		for _, tr := range elements(table, "tr")[1:] {
			cells := elements(tr, "td")
			row := shownRow{code: plainWords(spoken(elements(tr, "th")[0]))}
			row.pieces = append(row.pieces, plainWords(cells[0].FirstChild.Data))
			for _, cell := range cells[1:4] {
				for _, span := range elements(cell, "span") {
					switch words := plainWords(spoken(span)); {
					case strings.Contains(attribute(span, "class"), "status"):
						row.pieces = append(row.pieces, words)
					case attribute(span, "class") == "nowrap":
						row.pieces = append(row.pieces, strings.TrimPrefix(words, value+" "))
					}
				}
				for _, p := range elements(cell, "p") {
					if attribute(p.Parent, "class") == "narrative" {
						row.pieces = append(row.pieces, plainWords(p.LastChild.Data))
					}
				}
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// rowsOnPaper gives the rows of all tables whose first column is headed by the word for code.
func rowsOnPaper(tables [][][]string, code string) (rows [][]string) {
	for _, table := range tables {
		if len(table) > 0 && len(table[0]) > 0 && table[0][0] == code {
			rows = append(rows, table[1:]...)
		}
	}
	return rows
}

// The Directieraad asks something about TD2.2. The director finds it among what
// is due; it stands above the next tables, before all rows, until it is answered.
func TestTheBoardAsksUntilItIsAnswered(t *testing.T) {
	o := boarded(t)
	secretary := o.as("secretary")
	wantCode(t, "the secretary records the question", secretary.post("/nl/bodies/ACTIRIS-DR/meeting/2026-H2", deciding("T2.2-1", "asks", "Welke maatregel volgt?", "15/02/2027")), http.StatusSeeOther)
	question := letterMandate + "/questions/" + num(value[int64](o, `SELECT id FROM decision WHERE kind = 'asks'`))
	heads := func(who *browser, path string, want bool) {
		t.Helper()
		said := who.opens(t, path)
		at, rows := strings.Index(said, "Welke maatregel volgt?"), strings.Index(said, "SD1.1-1")
		if want && (at < 0 || at > rows) {
			t.Errorf("%s: the question does not head the table", path)
		}
		if !want && at >= 0 && at < rows {
			t.Errorf("%s: the question still heads the table", path)
		}
	}

	o.at("2027-01-20 09:00:00")
	director := o.as("director")
	director.sees(t, "/nl/due", "vraag van Directieraad", "15/02/2027")
	if !director.leadsTo("/nl/due", question) {
		t.Error("what is due does not lead to the question")
	}
	o.at("2027-07-05 09:00:00")
	director, secretary = o.as("director"), o.as("secretary")
	for _, period := range []string{"2027-H1", "2027-H2"} {
		heads(secretary, letterMandate+"/monitoring/"+period, true)
		heads(secretary, "/nl/bodies/ACTIRIS-DR/monitoring/"+period+"?mandate=LETTER", true)
	}
	director.sends(t, question+"/answer", http.StatusSeeOther, "text", "Gesprekken per team.")
	heads(secretary, letterMandate+"/monitoring/2027-H2", true) // with its answer: it was open when the half-year began
	secretary.sees(t, letterMandate+"/monitoring/2027-H2", "Gesprekken per team.")
	if director.leadsTo("/nl/due", question) {
		t.Error("what was answered is still due")
	}
	o.at("2028-01-05 09:00:00")
	heads(o.as("secretary"), letterMandate+"/monitoring/2028-H1", false)
}
