package site

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"jalon/internal/access"
	"jalon/internal/calendar"
)

var parameter = regexp.MustCompile(`\{(\w+)(?::([^}|]*)[^}]*)?\}`)

// values of the parameters of addresses. A new one is a line here.
var sample = map[string]string{"m": "ACTIRIS-A4", "p": "2026-H2", "code": "S1.1-1", "objective": "T1", "person": "1", "grant": "1", "event": "1", "tenure": "1", "evaluation": "1", "evaluator": "1", "delegation": "1", "evidence": "1", "identity": "1", "session": "1", "key": "1", "token": "x", "list": "1", "body": "ACTIRIS-DR", "board": "S1-1", "measure": "1", "year": "2026", "question": "1", "addressee": "1", "export": "1", "duty": "1.0.0.date.2026-12-31", "document": "1", "version": "1", "part": "general", "institution": "ACTIRIS"}

// filled gives an address for a pattern; the parameters that are choices take the first.
func filled(pattern string) string {
	return parameter.ReplaceAllStringFunc(pattern, func(p string) string {
		m := parameter.FindStringSubmatch(p)
		if v, known := sample[m[1]]; known {
			return v
		}
		return m[2]
	})
}

var everybody = []string{"director", "director2", "delegate", "nobody", "committee", "secretary", "hr", "evaluator", "admin"}

// Every route for everybody: who may not come in is told so, who may gets no
// fault of ours, and nobody changes anything by looking.
func TestEveryRouteAsksWhoMay(t *testing.T) {
	o := newOffice(t)
	browsers := map[string]*browser{"": o.browser()}
	for _, name := range everybody {
		browsers[name] = o.as(name)
	}
	today := calendar.DateOf(noon)
	counts := o.rows()
	for _, rt := range o.routes() {
		if rt.pattern == "/logout" {
			continue // its test is TestSignOutEndsTheSession
		}
		path := "/nl" + filled(rt.pattern)
		if strings.ContainsAny(path, "{}") {
			t.Errorf("%s: give its parameters a sample", rt.pattern)
		}
		for name, b := range browsers {
			var w *httptest.ResponseRecorder
			if rt.method == http.MethodGet {
				w = b.get(path)
			} else {
				w = b.post(path, url.Values{"idempotency_key": {"no key"}})
			}
			what := rt.method + " " + path + " as " + name
			if w.Code >= 500 || w.Code == http.StatusTooManyRequests {
				t.Errorf("%s: %d", what, w.Code)
			}
			if rt.action == "" {
				continue
			}
			toSignIn := w.Code == http.StatusSeeOther && strings.HasPrefix(w.Header().Get("Location"), "/nl/login")
			if name == "" {
				if !toSignIn {
					t.Errorf("%s: %d, want the sign-in", what, w.Code)
				}
				continue
			}
			account, err := o.Store.Account(t.Context(), o.id[name])
			if err != nil {
				t.Fatal(err)
			}
			may := access.Decide(account.Viewer, today, rt.action, access.Object{}) == access.Allowed
			if !may && w.Code != http.StatusForbidden {
				t.Errorf("%s: %d, want 403", what, w.Code)
			}
			if may && (w.Code == http.StatusForbidden && !strings.Contains(rt.pattern, "{") || toSignIn) {
				t.Errorf("%s: %d, but the table lets them", what, w.Code)
			}
			if name == "director2" && strings.Contains(rt.pattern, "{m}") && may && w.Code != http.StatusNotFound && w.Code != http.StatusForbidden {
				t.Errorf("%s: %d for another's mandate, want 404", what, w.Code)
			}
		}
	}
	for table, before := range counts {
		if after := o.rows()[table]; after != before {
			t.Errorf("%s: %d rows, %d before", table, after, before)
		}
	}
}

// rows counts the rows of every table that a look may not change.
func (o *office) rows() map[string]int64 {
	counts := map[string]int64{}
	for _, table := range []string{"person", "role_grant", "mandate", "tenure", "delegation", "body", "evaluation", "evaluator", "submission", "progress_entry", "report_draft", "seal", "round", "round_step", "part_step", "nudge", "round_seal", "letter_import", "calendar_feed", "second_factor", "recovery_code", "password_link", "person_identity", "sign_on", "sign_on_spent", "addressee", "decision", "decision_answer", "transmission", "export_job", "evaluation_step", "activity_draft", "activity_report", "evaluation_opinion", "evaluation_conclusion", "evaluation_reply", "evaluation_document", "evaluation_reminder", "evaluation_setting", "report_layout", "evaluation_grade", "dossier_layout"} {
		counts[table] = value[int64](o, `SELECT count(*) FROM `+table)
	}
	return counts
}

func TestUnknownAndForeignObjectsLookTheSame(t *testing.T) {
	o := newOffice(t)
	b := o.as("director")
	number := regexp.MustCompile(`<code>[a-z0-9]{16}</code>`)
	foreign, unknown := b.get("/nl/mandates/ELDERS-A4"), b.get("/nl/mandates/NERGENS-A4")
	wantCode(t, "foreign", foreign, http.StatusNotFound)
	wantCode(t, "unknown", unknown, http.StatusNotFound)
	blind := func(w *httptest.ResponseRecorder) string {
		body := number.ReplaceAllString(w.Body.String(), "")
		return strings.NewReplacer("ELDERS", "X", "NERGENS", "X").Replace(body)
	}
	if blind(foreign) != blind(unknown) {
		t.Error("the answer tells that the mandate of another exists")
	}
}

func TestEveryWriteAsksForAFormOfBoundedSize(t *testing.T) {
	o := newOffice(t, withDoor)
	for _, rt := range o.routes() {
		if rt.method == http.MethodGet || rt.pattern == "/logout" {
			continue
		}
		name := map[access.Action]string{
			"": "nobody", access.ManagePeople: "admin", access.ManageMail: "admin", access.ReportProgress: "director", access.SealTable: "secretary", access.ImportLetter: "hr", access.ConfirmReading: "secretary", access.AmendLetter: "secretary",
			access.RecordEvent: "director", access.AnswerDuty: "director", access.WaiveDuty: "secretary", access.ViewMandate: "director", access.DecideRetention: "hr", access.GiveDelegation: "director",
			access.ManageOffices: "hr", access.ManageBodies: "admin", access.ManageEvaluation: "hr",
			access.SettleEvaluation: "hr", access.GiveOpinion: "hr", access.WriteNote: "evaluator", access.Conclude: "hr", access.AddSigned: "hr", access.WriteActivity: "director", access.ReplyOpinion: "director",
			access.RecordDecision: "secretary", access.AnswerDecision: "director", access.ManageAddressees: "hr", access.DateTransmission: "secretary",
			access.DefineIndicator: "director", access.RecordValue: "director", access.ManageTokens: "admin", access.ViewScoreboard: "secretary", access.ManageScoreboard: "secretary", access.CheckScoreboard: "secretary", access.TakeMeasure: "director",
			access.SubmitPart: "director", access.ManageRound: "secretary",
		}[rt.action]
		if name == "" {
			t.Errorf("%s: who may %s?", rt.pattern, rt.action)
			continue
		}
		b, path := o.as(name), "/nl"+filled(rt.pattern)
		for _, media := range []string{"application/json", "text/plain", "", "multipart/form-data"} {
			w := b.postRaw(path, media, `{"a":1}`)
			if w.Code < 400 || w.Code >= 500 || w.Code == http.StatusUnprocessableEntity {
				t.Errorf("%s: %q is answered %d, want a refusal", path, media, w.Code)
			}
		}
		if strings.HasSuffix(rt.pattern, "/import") {
			continue // takes multipart; TestUpload… has its limits
		}
		big := "idempotency_key=" + newKey() + "&password=" + strings.Repeat("a", int(max(rt.body, bodyLimit)))
		w := b.postRaw(path, "application/x-www-form-urlencoded", big)
		if w.Code != http.StatusRequestEntityTooLarge && w.Code != http.StatusNotFound {
			t.Errorf("%s with %d bytes: %d, want 413", path, len(big), w.Code)
		}
		for what, body := range map[string]string{"unknown field": "role_x=admin", "repeated field": "idempotency_key=a&idempotency_key=b", "broken": "a=%zz"} {
			w := b.postRaw(path, "application/x-www-form-urlencoded", body)
			if w.Code != http.StatusBadRequest && w.Code != http.StatusNotFound {
				t.Errorf("%s, %s: %d, want 400", path, what, w.Code)
			}
		}
	}
}
