package site

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

// Who sees the scoreboards of a body and not its other pages is not led to those.
func TestTheListOfScoreboardsLeadsNowhereThatIsClosed(t *testing.T) {
	o := newExample(t)
	for who, leads := range map[string]bool{"director": false, "secretary": true} {
		page := o.as(who).get("/nl/bodies/ACTIRIS-SDC/scoreboards").Body.String()
		if got := strings.Contains(page, `href="/nl/bodies/ACTIRIS-SDC"`); got != leads {
			t.Errorf("%s is led to the body: %t, want %t", who, got, leads)
		}
	}
}

const boardHere = "/nl/bodies/ACTIRIS-SDC/scoreboards/S1-1"

// A board of the example office, from its figures to what is done about them.
func TestAnIndicatorOffItsPathAsksForAMeasure(t *testing.T) {
	o := newExample(t)
	secretary, director := o.as("secretary"), o.as("director")
	const measures = "/nl/mandates/ACTIRIS-A4-EL/indicators/S1-1/measures"
	words := func(b *browser, path string) string { return plainWords(b.get(path).Body.String()) }

	t.Run("off the path without a measure is a headline", func(t *testing.T) {
		page := words(secretary, boardHere)
		if !strings.Contains(page, "zonder maatregel") || !strings.Contains(page, "Naast het streefpad, en er is geen maatregel") {
			t.Errorf("no row asks for a measure: %s", page)
		}
		only := secretary.get(boardHere + "?show=unanswered").Body.String()
		if n := strings.Count(only, "<tr id="); n != strings.Count(only, "data-unanswered") || n == 0 {
			t.Errorf("the headline leads to %d rows, %d of them without a measure", n, strings.Count(only, "data-unanswered"))
		}
		wantCode(t, "no such headline", secretary.get(boardHere+"?show=x"), http.StatusNotFound)
	})
	t.Run("an indicator names the boards that it is on, and no other of its mandate", func(t *testing.T) {
		page := words(director, measures)
		if strings.Contains(page, "Gedeelde verantwoordelijkheid met de opleidingsoperatoren") || !strings.Contains(page, "Scorebord van het strategisch directiecomité") {
			t.Errorf("S1-1 is on another board: %s", page)
		}
	})

	t.Run("what lacks in a measure is said by its name", func(t *testing.T) {
		page := plainWords(director.post(measures, keyed(nil, "owner", "", "due", "")).Body.String())
		for _, want := range []string{"Oorzaak: Vul dit in.", "Maatregel: Vul dit in.", "Uiterlijk op: Vul dit in."} {
			if !strings.Contains(page, want) {
				t.Errorf("the summary lacks %q: %s", want, page)
			}
		}
	})

	t.Run("a measure is a duty of its owner until it is done", func(t *testing.T) {
		owner := num(value[int64](o, `SELECT id FROM person WHERE email = 'director@jalon.example'`))
		wantCode(t, "without a cause", director.post(measures, keyed(nil, "action", "x", "owner", owner, "due", "31/12/2026")), http.StatusUnprocessableEntity)
		wantCode(t, "in the past", director.post(measures, keyed(nil, "cause", "x", "action", "x", "owner", owner, "due", "01/11/2026")), http.StatusUnprocessableEntity)
		wantCode(t, "for somebody else", director.post(measures, keyed(nil, "cause", "x", "action", "x", "owner", num(value[int64](o, `SELECT id FROM person WHERE email = 'hr@jalon.example'`)), "due", "31/12/2026")), http.StatusUnprocessableEntity)
		form := keyed(nil, "cause", "Te weinig mensen", "action", "Twee aanwervingen", "owner", owner, "due", "25/11/2026")
		for range 2 { // the same form twice is one measure
			wantCode(t, "take", director.post(measures, form), http.StatusSeeOther)
		}
		if n := value[int](o, `SELECT count(*) FROM measure WHERE action = 'Twee aanwervingen'`); n != 1 {
			t.Errorf("%d measures", n)
		}
		o.pass(48 * time.Hour)
		director, secretary = o.as("director"), o.as("secretary")
		if page := words(director, "/nl/due"); !strings.Contains(page, "Twee aanwervingen") || !strings.Contains(page, "25/11/2026 Te laat S1-1") {
			t.Errorf("the overdue measure is no duty: %s", page)
		}
		id := num(value[int64](o, `SELECT id FROM measure WHERE action = 'Twee aanwervingen'`))
		wantCode(t, "moved to no day", director.post(measures+"/"+id+"/steps", keyed(nil, "kind", "moved", "text", "x")), http.StatusUnprocessableEntity)
		wantCode(t, "of another indicator", director.post("/nl/mandates/ACTIRIS-A4-EL/indicators/S1-2/measures/"+id+"/steps", keyed(nil, "kind", "done", "text", "x")), http.StatusNotFound)
		for range 2 { // it ends once
			wantCode(t, "done", director.post(measures+"/"+id+"/steps", keyed(nil, "kind", "done", "text", "Er is volk bij")), http.StatusSeeOther)
		}
		if n := value[int](o, `SELECT count(*) FROM measure_step WHERE measure_id = $1`, value[int64](o, `SELECT id FROM measure WHERE action = 'Twee aanwervingen'`)); n != 1 {
			t.Errorf("it ended %d times", n)
		}
		if page := words(director, "/nl/due"); strings.Contains(page, "Twee aanwervingen") {
			t.Error("a measure that is done is still a duty")
		}
	})
	t.Run("each look is kept with its conclusion", func(t *testing.T) {
		wantCode(t, "without a conclusion", secretary.post(boardHere+"/checks", keyed(nil, "on", "24/11/2026")), http.StatusUnprocessableEntity)
		wantCode(t, "tomorrow", secretary.post(boardHere+"/checks", keyed(nil, "on", "31/12/2026", "conclusion", "x")), http.StatusUnprocessableEntity)
		wantCode(t, "check", secretary.post(boardHere+"/checks", keyed(nil, "on", "24/11/2026", "conclusion", "Het comité stuurt bij")), http.StatusSeeOther)
		wantCode(t, "the holder looks too", director.post(boardHere+"/checks", keyed(nil, "on", "24/11/2026", "conclusion", "Eigen nazicht")), http.StatusSeeOther)
		body, holder := words(secretary, boardHere), words(director, boardHere)
		if !strings.Contains(body, "Het comité stuurt bij") || !strings.Contains(body, "Eigen nazicht") || !strings.Contains(holder, "Eigen nazicht") {
			t.Error("a check is missing")
		}
		if strings.Contains(holder, "Het comité stuurt bij") {
			t.Error("what a body concludes is shown to a holder")
		}
		if past := words(secretary, boardHere+"?asof=2026-09-30"); strings.Contains(past, "stuurt bij") || strings.Contains(past, "Controle bewaren") {
			t.Error("the past knows what came later, or can be changed")
		}
	})
	t.Run("who sees it, and changes it", func(t *testing.T) {
		for who, want := range map[string]int{"committee": 200, "hr": 200, "delegate": 200, "admin": 403, "evaluator": 403} {
			wantCode(t, who, o.as(who).get(boardHere), want)
		}
		wantCode(t, "a holder changes it", director.get(boardHere+"/definition"), http.StatusForbidden)
		for _, format := range []string{"pdf", "docx", "xlsx"} {
			w := secretary.get(boardHere + "." + format)
			wantCode(t, format, w, http.StatusOK)
			if w.Body.Len() < 5000 {
				t.Errorf("%s has %d bytes", format, w.Body.Len())
			}
		}
		seen := num(value[int64](o, `SELECT max(v.id) FROM scoreboard_version v JOIN scoreboard b ON b.id = v.scoreboard_id JOIN body d ON d.id = b.body_id WHERE d.code = 'SDC'`))
		form := keyed(nil, "name_nl", "Bord", "name_fr", "Tableau", "valid_from", "24/11/2026", "check_every", "monthly", "indicators", "ACTIRIS-A4-EL.S1-1 ACTIRIS-A4-EL.S1-2", "seen", seen)
		unknown := keyed(form, "indicators", "VOORBEELD-A4P-LD.S2-1")
		wantCode(t, "an indicator from elsewhere", secretary.post(boardHere+"/definition", unknown), http.StatusUnprocessableEntity)
		elsewhere := num(value[int64](o, `SELECT max(v.id) FROM scoreboard_version v JOIN scoreboard b ON b.id = v.scoreboard_id JOIN body d ON d.id = b.body_id WHERE d.code = 'CSO'`))
		wantCode(t, "the version of another board", secretary.post(boardHere+"/definition", keyed(form, "seen", elsewhere)), http.StatusUnprocessableEntity)
		wantCode(t, "change", secretary.post(boardHere+"/definition", form), http.StatusSeeOther)
		wantCode(t, "over somebody's change", secretary.post(boardHere+"/definition", keyed(form, "idempotency_key", uuid.NewString())), http.StatusUnprocessableEntity)
		if before, now := secretary.get(boardHere+"?asof=2026-11-23").Body.String(), secretary.get(boardHere).Body.String(); strings.Count(before, "<tr id=") != 11 || strings.Count(now, "<tr id=") != 2 {
			t.Errorf("%d rows before, %d now", strings.Count(before, "<tr id="), strings.Count(now, "<tr id="))
		}
		newest := num(value[int64](o, `SELECT max(v.id) FROM scoreboard_version v`))
		wantCode(t, "a definition of before", secretary.post(boardHere+"/definition", keyed(form, "valid_from", "01/01/2026", "indicators", "ACTIRIS-A4-EL.S1-1", "seen", newest, "idempotency_key", uuid.NewString())), http.StatusSeeOther)
		if page := words(secretary, boardHere); !strings.Contains(page, "vanaf 24/11/2026 ziet het scorebord er anders uit") {
			t.Errorf("nobody says that it does not count today: %s", page)
		}
	})
}

// An indicator that is followed no more leaves its boards from that day on, and
// who changes a board next is not held up by it.
func TestAnIndicatorThatIsFollowedNoMoreLeavesItsBoards(t *testing.T) {
	o := newExample(t)
	secretary := o.as("secretary")
	const page = "/nl/mandates/ACTIRIS-A4-EL/indicators/S1-1/definition"
	retire := url.Values{}
	for _, m := range regexp.MustCompile(`(?s)<(?:input|textarea)[^>]* name="([a-z_]+)"(?:[^>]* value="([^"]*)"[^>]*>|[^>]*>([^<]*)</textarea>)`).FindAllStringSubmatch(secretary.get(page).Body.String(), -1) {
		if m[1] != "adds_up" && m[1] != "retired" && m[1] != "q" {
			retire.Set(m[1], html.UnescapeString(m[2]+m[3]))
		}
	}
	retire = keyed(retire, "direction", "at_least", "per", "100", "cadence", "quarterly", "origin", "measured", "retired", "1")
	wantCode(t, "retire", secretary.post(page, retire), http.StatusSeeOther)
	if words := plainWords(secretary.get(boardHere).Body.String()); !strings.Contains(words, "op het streefpad, van 10") || strings.Contains(words, "Werkzoekenden met een eerste gesprek binnen tien werkdagen") {
		t.Errorf("it is still on the board: %s", words)
	}
	if words := plainWords(secretary.get(boardHere + "?asof=2026-11-23").Body.String()); !strings.Contains(words, "op het streefpad, van 11") {
		t.Errorf("it was not on the board the day before: %s", words)
	}
	form := secretary.get(boardHere + "/definition").Body.String()
	listed := regexp.MustCompile(`(?s)<textarea[^>]*name="indicators"[^>]*>(.*?)</textarea>`).FindStringSubmatch(form)[1]
	wantCode(t, "change the board", secretary.post(boardHere+"/definition", keyed(nil, "name_nl", "Bord", "name_fr", "Tableau", "valid_from", "24/11/2026", "check_every", "monthly", "indicators", html.UnescapeString(listed), "seen", formField(t, form, "seen"))), http.StatusSeeOther)
}

// Who is a delegate for some objectives neither takes on nor sees what is done
// about an indicator of another one; and who has left is named as such.
func TestAMeasureIsOfWhoReachesItsIndicator(t *testing.T) {
	o := newExample(t)
	const measures = "/nl/mandates/ACTIRIS-A4-EL/indicators/S1-1/measures"
	// of this mandate, for some objectives
	delegated := value[int64](o, `SELECT id FROM person WHERE email = 'delegate2@jalon.example'`)
	if n := value[int](o, `SELECT count(*) FROM delegation_in_force d JOIN delegation_objective c ON c.delegation_id = d.id JOIN objective b ON b.id = c.objective_id
		WHERE d.person_id = $1 AND d.starts_on <= '2026-11-20' AND d.ends_on >= '2026-11-24' AND b.code <> 'S1'`, delegated); n == 0 {
		t.Fatal("nobody is a delegate for objectives other than S1")
	}
	director := o.as("director")
	option := `<option value="` + num(delegated) + `"`
	if strings.Contains(director.get(measures).Body.String(), option) {
		t.Error("a delegate for another objective is offered as owner")
	}
	take := keyed(nil, "cause", "Te weinig mensen", "action", "Twee aanwervingen", "owner", num(delegated), "due", "25/11/2026")
	wantCode(t, "for a delegate of another objective", director.post(measures, take), http.StatusUnprocessableEntity)
	o.sql(`INSERT INTO measure (mandate_id, indicator_id, taken_on, cause, action, owner_id, due, lang, recorded_by, recorded_at)
		SELECT m.id, i.id, '2026-11-20', 'x', 'Geheime actie', $1, '2026-12-01', 'nl', $1, '2026-11-20' FROM mandate m JOIN indicator i ON i.mandate_id = m.id WHERE m.code = 'ACTIRIS-A4-EL' AND i.code = 'S1-1'`, delegated)
	delegate := o.as("delegate2")
	wantCode(t, "the page of the measure", delegate.get(measures), http.StatusNotFound)
	if strings.Contains(delegate.get("/nl/due").Body.String(), "Geheime actie") {
		t.Error("what is due holds a measure about an indicator that its owner may not open")
	}
	const gone = "rapporteert hier niet meer over"
	for _, path := range []string{measures, "/nl/due", boardHere} {
		if !strings.Contains(director.get(path).Body.String(), gone) {
			t.Errorf("%s does not say that the owner has left", path)
		}
	}
	o.sql(`INSERT INTO delegation_objective (delegation_id, mandate_id, objective_id)
		SELECT d.id, d.mandate_id, b.id FROM delegation d JOIN objective b ON b.mandate_id = d.mandate_id AND b.code = 'S1' WHERE d.person_id = $1`, delegated)
	if page := director.get(measures).Body.String(); strings.Contains(page, gone) || !strings.Contains(page, option) {
		t.Error("a delegate for the objective is not the owner")
	}
	if !strings.Contains(delegate.get("/nl/due").Body.String(), "Geheime actie") {
		t.Error("what is due does not hold the measure of its owner")
	}
	o.owner(`UPDATE delegation SET ends_on = '2026-11-30' WHERE person_id = $1`, delegated)
	o.pass(10 * 24 * time.Hour)
	if !strings.Contains(o.as("director").get(measures).Body.String(), gone) {
		t.Error("a delegation that is over still has an owner")
	}
}
