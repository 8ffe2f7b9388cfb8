package site

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"

	"jalon/internal/store"
)

const letterMandate = "/nl/mandates/LETTER"

// boarded gives the office with the letter, a report whose words name it on every
// target, and the bodies of the letter. The person called nobody sits on the
// Comité voor Strategische Ontwikkeling.
func boarded(t testing.TB) *office {
	t.Helper()
	o := followed(t)
	for _, b := range []string{
		"'DR', 'Directieraad', 'Conseil de direction', 'all', 'internal'", "'DC', 'Directiecomité', 'Comité de direction', 'addressed', 'internal'",
		"'CSO', 'Comité voor Strategische Ontwikkeling', 'Comité de développement stratégique', 'addressed', 'internal'", "'MINISTER', 'Toezichthoudende minister', 'Ministre de tutelle', 'addressed', 'external'",
	} {
		o.sql(`INSERT INTO body (institution_id, code, name_nl, name_fr, scope, kind) SELECT institution_id, ` + b + ` FROM mandate WHERE code = 'LETTER' ON CONFLICT DO NOTHING`)
	}
	o.sql(`INSERT INTO role_grant (person_id, role, institution_id, body_id, starts_on) SELECT $1, 'committee_member', institution_id, id, '2026-01-01' FROM body WHERE code = 'CSO'`, o.id["nobody"])
	o.sql(`INSERT INTO progress_entry (mandate_id, target_id, as_of, recorded_at, author_id, lang, status, achieved)
		SELECT mandate_id, id, '2026-11-01', '2026-11-02', $1, 'nl', 'on_track', 'woord ' || code FROM target`, o.id["director"])
	return o
}

func (o *office) bodyID(code string) string {
	return fmt.Sprint(value[int64](o, `SELECT id FROM body WHERE code = $1 AND name_fr <> 'x' ORDER BY id LIMIT 1`, code))
}

// addressing is the form that makes a target go to a body.
func (o *office) addressing(body string, change ...func(url.Values)) url.Values {
	form := url.Values{"idempotency_key": {uuid.NewString()}, "body": {o.bodyID(body)}, "form": {"scoreboard"}, "cadence": {"half_year"}, "from": {"24/11/2026"}}
	for _, c := range change {
		c(form)
	}
	return form
}

// A member of the Comité voor Strategische Ontwikkeling sees what goes to it and
// no more: another target of the same mandate does not exist for them, and that they asked is noted.
func TestAMemberSeesOnlyWhatIsAddressed(t *testing.T) {
	o := boarded(t)
	member := o.as("nobody")
	wantCode(t, "before anything is addressed", member.get(letterMandate), http.StatusNotFound)
	const steps = letterMandate + "/targets/S3.3-1/addressees"
	wantCode(t, "the holder does not address", o.as("director").post(steps, o.addressing("CSO")), http.StatusForbidden)
	wantCode(t, "address", o.as("hr").post(steps, o.addressing("CSO")), http.StatusSeeOther)
	wantCode(t, "address twice", o.as("hr").post(steps, o.addressing("CSO")), http.StatusUnprocessableEntity)

	others := []string{"S3.3-2", "SD3.3-2", "SD3.2", "SD1", "TD2", "woord S3.2", "woord S1", "woord T"}
	for path, want := range map[string]string{
		letterMandate: "SD3.3-1", letterMandate + "/targets/S3.3-1": "woord S3.3-1", letterMandate + "/objectives/S3": "SD3.3-1", letterMandate + "/monitoring/2026-H2": "woord S3.3-1", letterMandate + "/annual/2026": "woord S3.3-1",
		letterMandate + "/monitoring/2026-H2.csv": "woord S3.3-1", "/nl/mandates": "Mandaten", "/nl/calendar?month=2026-12": "", letterMandate + "/calendar": "",
		"/nl/bodies": "Comité voor Strategische Ontwikkeling", "/nl/bodies/ACTIRIS-CSO": "SD3.3-1", "/nl/bodies/ACTIRIS-CSO/monitoring/2026-H2": "woord S3.3-1", "/nl/bodies/ACTIRIS-CSO/calendar": "",
		"/nl/bodies/ACTIRIS-CSO/meeting/2026-H2": "SD3.3-1", "/nl/bodies/ACTIRIS-CSO/meeting/2026-H2?mandate=LETTER&target=S3.3-1": "woord S3.3-1",
	} {
		w := member.get(path)
		wantCode(t, path, w, http.StatusOK)
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s does not show %q", path, want)
		}
		for _, words := range others {
			if strings.Contains(w.Body.String(), words) {
				t.Errorf("%s shows %q", path, words)
			}
		}
	}
	for path, code := range map[string]int{
		"/nl/overview": http.StatusForbidden, letterMandate + "/monitoring/2026-H2.json": http.StatusForbidden, letterMandate + "/report/2026-H2": http.StatusForbidden,
		letterMandate + "/targets/S3.3-1/deadline": http.StatusForbidden, letterMandate + "/delegations": http.StatusForbidden,
		"/nl/bodies/ACTIRIS-DR": http.StatusNotFound, "/nl/bodies/ACTIRIS-CSO/meeting/2026-H2?mandate=LETTER&target=S3.2-2": http.StatusNotFound,
		letterMandate + "/targets/S3.2-2/addressees": http.StatusNotFound,
	} {
		wantCode(t, path, member.get(path), code)
	}
	guessed, unknown := member.get(letterMandate+"/targets/S3.3-2"), member.get(letterMandate+"/targets/S9.9-9")
	wantCode(t, "a target of others", guessed, http.StatusNotFound)
	if blind(guessed, letterMandate+"/targets/S3.3-2") != blind(unknown, letterMandate+"/targets/S9.9-9") {
		t.Error("the answer tells that the target exists")
	}
	if n := value[int](o, `SELECT count(*) FROM audit_event WHERE actor_id = $1 AND action = $2 AND object LIKE '%/targets/S3.3-2'`, o.id["nobody"], store.ActionRefused); n != 1 {
		t.Errorf("%d audit lines of the guess, want 1", n)
	}

	step := value[int64](o, `SELECT id FROM addressee`)
	end := url.Values{"idempotency_key": {uuid.NewString()}, "last_day": {"24/11/2026"}}
	wantCode(t, "end", o.as("secretary").post(fmt.Sprintf("%s/%d/end", steps, step), end), http.StatusSeeOther)
	wantCode(t, "on the last day", member.get(letterMandate), http.StatusOK)
	o.pass(24 * time.Hour)
	member = o.as("nobody")
	wantCode(t, "on the day after", member.get(letterMandate), http.StatusNotFound)
	wantCode(t, "on the day after, the target", member.get(letterMandate+"/targets/S3.3-1"), http.StatusNotFound)
}

// deciding is the form of the meeting.
func deciding(target, kind, text, due string) url.Values {
	return url.Values{"idempotency_key": {uuid.NewString()}, "mandate": {"LETTER"}, "target": {target}, "decision": {kind}, "text": {text}, "due": {due}}
}

// The secretary records what the Directieraad asks on TD2.2 with a date: the
// holder has it as a duty, it heads the next table until it is answered, and then stands there answered.
func TestAQuestionOfTheBoardIsADutyUntilAnswered(t *testing.T) {
	o := boarded(t)
	secretary, director := o.as("secretary"), o.as("director")
	const meeting = "/nl/bodies/ACTIRIS-DR/meeting/2026-H1"
	for name, c := range map[string]struct {
		form url.Values
		code int
	}{
		"without a date":        {deciding("T2.2-1", "asks", "Welke maatregel?", ""), http.StatusUnprocessableEntity},
		"in the past":           {deciding("T2.2-1", "asks", "Welke maatregel?", "23/11/2026"), http.StatusUnprocessableEntity},
		"without words":         {deciding("T2.2-1", "decides", "", ""), http.StatusUnprocessableEntity},
		"a decision with a day": {deciding("T2.2-1", "decides", "Goed.", "15/12/2026"), http.StatusUnprocessableEntity},
		"of no target":          {deciding("T9.9-9", "noted", "", ""), http.StatusNotFound},
		"noted":                 {deciding("S1.1-1", "noted", "", ""), http.StatusSeeOther},
		"decides":               {deciding("S2.1-1", "decides", "Het traject loopt door.", ""), http.StatusSeeOther},
	} {
		wantCode(t, name, secretary.post(meeting, c.form), c.code)
	}
	wantCode(t, "a member records nothing", o.as("committee").post(meeting, deciding("S1.1-1", "noted", "", "")), http.StatusForbidden)
	asks := deciding("T2.2-1", "asks", "Welke maatregel volgt?", "15/12/2026")
	for range 2 { // a double click is one question
		wantCode(t, "asks", secretary.post(meeting, asks), http.StatusSeeOther)
	}
	if n := value[int](o, `SELECT count(*) FROM decision WHERE kind = 'asks'`); n != 1 {
		t.Fatalf("%d questions", n)
	}
	question := fmt.Sprintf("%s/questions/%d", letterMandate, value[int64](o, `SELECT id FROM decision WHERE kind = 'asks'`))
	shows := func(b *browser, path string, words ...string) string {
		t.Helper()
		w := b.get(path)
		wantCode(t, path, w, http.StatusOK)
		for _, want := range words {
			if !strings.Contains(w.Body.String(), want) {
				t.Errorf("%s does not show %q", path, want)
			}
		}
		return w.Body.String()
	}
	shows(director, "/nl/due", "vraag van Directieraad", question)
	shows(director, "/nl/calendar?month=2026-12", "vraag van Directieraad")
	shows(director, "/fr"+strings.TrimPrefix(question, "/nl"), "Welke maatregel volgt?", "question posée par", "15/12/2026")
	shows(secretary, meeting+"?mandate=LETTER&target=T2.2-1", "Welke maatregel volgt?")
	for _, path := range []string{letterMandate + "/monitoring/2026-H2", "/nl/bodies/ACTIRIS-DR/monitoring/2026-H2?mandate=LETTER", "/nl/bodies/ACTIRIS-DR/meeting/2026-H2"} {
		shows(secretary, path, "Vragen uit eerdere semesters", "Welke maatregel volgt?", "Nog geen antwoord")
	}
	shows(secretary, letterMandate+"/monitoring/2026-H2.csv", "Welke maatregel volgt?", "Nog geen antwoord.")

	wantCode(t, "nothing to say", director.post(question+"/answer", url.Values{"idempotency_key": {uuid.NewString()}, "text": {""}}), http.StatusUnprocessableEntity)
	o.sql(`INSERT INTO delegation (mandate_id, granted_by, person_id, starts_on, ends_on) SELECT id, $1, $2, '2026-01-01', '2026-12-31' FROM mandate WHERE code = 'LETTER' ON CONFLICT DO NOTHING`, o.id["director"], o.id["delegate"])
	delegate := o.as("delegate")
	wantCode(t, "the secretary does not answer", secretary.post(question+"/answer", url.Values{"idempotency_key": {uuid.NewString()}, "text": {"x"}}), http.StatusForbidden)
	wantCode(t, "answer", delegate.post(question+"/answer", url.Values{"idempotency_key": {uuid.NewString()}, "text": {"Gesprekken per team."}}), http.StatusSeeOther)
	shows(director, question, "Gesprekken per team.", "Naam delegate voor Naam director")
	wantCode(t, "answer once more", director.post(question+"/answer", url.Values{"idempotency_key": {uuid.NewString()}, "text": {"Anders."}}), http.StatusSeeOther)
	if n := value[int](o, `SELECT count(*) FROM decision_answer`); n != 1 {
		t.Errorf("%d answers", n)
	}
	if page := shows(director, "/nl/due"); strings.Contains(page, question) {
		t.Error("what was answered is still due")
	}
	shows(secretary, letterMandate+"/monitoring/2026-H2", "Welke maatregel volgt?", "Gesprekken per team.") // it was open when the half-year began
	o.pass(60 * 24 * time.Hour)
	if page := shows(o.as("secretary"), letterMandate+"/monitoring/2027-H1"); strings.Contains(page, "Welke maatregel volgt?") {
		t.Error("what was answered before a half-year heads its table")
	}
}

var queryName = regexp.MustCompile(`-- name: (\w+)`)

// The table of a body shows who asks for support, and takes three statements
// however many mandates there are.
func TestTheTableOfABodyTakesThreeStatements(t *testing.T) {
	o := boarded(t)
	o.sql(`INSERT INTO progress_entry (mandate_id, target_id, as_of, recorded_at, author_id, lang, status, support_asked, support_of, support_by)
		SELECT mandate_id, id, '2026-11-10', '2026-11-11', $1, 'nl', 'support_needed', 'Een protocol', 'de Directieraad', '2027-03-31' FROM target WHERE code = 'S2.3-1'`, o.id["director"])
	o.sql(`INSERT INTO mandate (institution_id, framework_id, code, title_nl, title_nl_state, position) SELECT institution_id, framework_id, 'VEEL-' || n, 'Mandaat ' || n, 'original', 100 + n FROM mandate, generate_series(1, 30) n WHERE code = 'LETTER'`)
	secretary := o.as("secretary")
	o.count.taken()
	w := secretary.get("/nl/bodies/ACTIRIS-DR/monitoring/2026-H2")
	wantCode(t, "table", w, http.StatusOK)
	for _, words := range []string{"Open vragen om steun", "Een protocol", "Gevraagd aan: de Directieraad, uiterlijk 31/03/2027", "Pagina 1 van 3"} {
		if !strings.Contains(w.Body.String(), words) {
			t.Errorf("the table does not show %q", words)
		}
	}
	var asked []string
	for _, sql := range o.count.taken() {
		if m := queryName.FindStringSubmatch(sql); m != nil && m[1] != "ViewerRows" {
			asked = append(asked, m[1])
		}
	}
	if len(asked) > 3 {
		t.Errorf("%d statements: %v", len(asked), asked)
	}
	wantCode(t, "the last page", secretary.get("/nl/bodies/ACTIRIS-DR/monitoring/2026-H2?page=3"), http.StatusOK)
	wantCode(t, "beyond", secretary.get("/nl/bodies/ACTIRIS-DR/monitoring/2026-H2?page=4"), http.StatusNotFound)
	wantCode(t, "a half-year to come", secretary.get("/nl/bodies/ACTIRIS-DR/monitoring/2027-H1"), http.StatusNotFound)
}

// The annual report goes to the Directiecomité, and to the minister only after its date there.
func TestASecondStepWaitsForTheFirst(t *testing.T) {
	o := boarded(t)
	secretary := o.as("secretary")
	const steps = letterMandate + "/targets/S3.3-2/addressees"
	yearly := func(f url.Values) { f.Set("form", "report"); f.Set("cadence", "year") }
	wantCode(t, "to the Directiecomité", secretary.post(steps, o.addressing("DC", yearly)), http.StatusSeeOther)
	first := value[int64](o, `SELECT max(id) FROM addressee`)
	after := func(f url.Values) { f.Set("after", fmt.Sprint(first)) }
	wantCode(t, "with another cadence", secretary.post(steps, o.addressing("MINISTER", after)), http.StatusUnprocessableEntity)
	wantCode(t, "after itself", secretary.post(steps, o.addressing("DC", yearly, after)), http.StatusUnprocessableEntity)
	wantCode(t, "then to the minister", secretary.post(steps, o.addressing("MINISTER", yearly, after)), http.StatusSeeOther)
	second := value[int64](o, `SELECT max(id) FROM addressee`)
	given := func(step int64, covers, on string) (string, url.Values) {
		return fmt.Sprintf("%s/%d/given", steps, step), url.Values{"idempotency_key": {uuid.NewString()}, "covers": {covers}, "given_on": {on}}
	}
	dated := func(what string, step int64, covers, on string, code int) {
		t.Helper()
		path, form := given(step, covers, on)
		wantCode(t, what, secretary.post(path, form), code)
	}
	dated("the minister first", second, "2026", "24/11/2026", http.StatusUnprocessableEntity)
	const careless = `INSERT INTO transmission (mandate_id, target_id, addressee_id, covers, given_on, recorded_by) SELECT mandate_id, target_id, id, '2026', '2026-11-24', $2 FROM addressee WHERE id = $1`
	_, err := o.Store.Pool().Exec(store.AsSystem(context.Background()), careless, second, o.id["secretary"])
	if pg := (*pgconn.PgError)(nil); !errors.As(err, &pg) || pg.Code != "JA015" {
		t.Errorf("the database lets it through: %v", err)
	}
	if page := secretary.get(steps + fmt.Sprintf("?step=%d", second)).Body.String(); !strings.Contains(page, "Wacht op de datum bij: Directiecomité") || strings.Contains(page, fmt.Sprintf("/%d/given", second)) {
		t.Error("the page offers to date the second step, or does not say what it waits for")
	}
	dated("tomorrow", first, "2026", "25/11/2026", http.StatusUnprocessableEntity)
	dated("for a half-year", first, "2026-H1", "24/11/2026", http.StatusUnprocessableEntity)
	dated("the Directiecomité", first, "2026", "20/11/2026", http.StatusSeeOther)
	dated("it once more", first, "2026", "21/11/2026", http.StatusUnprocessableEntity)
	dated("the minister before it", second, "2026", "19/11/2026", http.StatusUnprocessableEntity)
	dated("of another year", second, "2025", "24/11/2026", http.StatusUnprocessableEntity)
	dated("the minister", second, "2026", "24/11/2026", http.StatusSeeOther)
	if page := secretary.get(steps).Body.String(); !strings.Contains(page, "2026: voorgelegd op 20/11/2026") || !strings.Contains(page, "2026: voorgelegd op 24/11/2026") {
		t.Error("the page does not show both dates")
	}
	// who holds the mandate sees it and dates nothing
	path, form := given(first, "2025", "20/11/2026")
	wantCode(t, "the holder reads", o.as("director").get(steps), http.StatusOK)
	wantCode(t, "the holder dates", o.as("director").post(path, form), http.StatusForbidden)
}
