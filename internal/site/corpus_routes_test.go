package site

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"jalon/internal/access"
	"jalon/internal/bilingual"
)

// whoMay names somebody who may do an action to the objects of the corpus.
var whoMay = map[access.Action]string{
	"": "nobody", access.ManagePeople: "admin", access.ManageMail: "admin", access.ReportProgress: "director", access.SealTable: "secretary",
	access.ImportLetter: "hr", access.ConfirmReading: "director", access.AmendLetter: "secretary", access.RecordEvent: "director", access.AnswerDuty: "director",
	access.WaiveDuty: "secretary", access.ViewMandate: "director", access.DecideRetention: "hr", access.GiveDelegation: "director",
	access.ManageOffices: "hr", access.ManageBodies: "admin", access.ManageEvaluation: "hr",
	access.SettleEvaluation: "hr", access.GiveOpinion: "hr", access.WriteNote: "evaluator", access.Conclude: "hr", access.AddSigned: "hr", access.WriteActivity: "director", access.ReplyOpinion: "director",
	access.RecordDecision: "secretary", access.AnswerDecision: "director", access.ManageAddressees: "hr", access.DateTransmission: "secretary",
	access.DefineIndicator: "director", access.RecordValue: "director", access.ManageTokens: "admin", access.ViewScoreboard: "secretary", access.ManageScoreboard: "secretary", access.CheckScoreboard: "secretary", access.TakeMeasure: "director",
	access.SubmitPart: "director", access.ManageRound: "secretary",
}

// hidden are the routes of objects that are not there: a link, a session, an
// identity, a list of records that may go, single sign-on where there is none,
// and the own tables of a body that gets everything.
var hidden = regexp.MustCompile(`^/bodies/\{body\}/mandates/|\{token\}|\{key\}|\{session\}|\{identity\}|\{list\}|/sign-on`)

// No route takes a body that no page of ours sends, whoever sends it to whatever object.
func TestEveryRouteRefusesWhatNoFormSends(t *testing.T) {
	c := newCorpus(t)
	counts := c.counts()
	key := "idempotency_key=" + uuid.NewString()
	type sending struct {
		media, body string
		codes       []int
	}
	bodies := map[string]sending{
		"JSON":                {"application/json", `{"note":"` + canary + `"}`, []int{415}},
		"plain text":          {"text/plain", key, []int{415}},
		"no type":             {"", key, []int{415}},
		"a broken type":       {urlencoded + ";;", key, []int{415}},
		"unknown field":       {urlencoded, key + "&rolle=admin", []int{400, 415}},
		"field twice":         {urlencoded, key + "&" + key, []int{400, 415}},
		"array":               {urlencoded, "idempotency_key[]=1", []int{400, 415}},
		"method override":     {urlencoded, key + "&_method=DELETE", []int{400, 415}},
		"broken escape":       {urlencoded, "idempotency_key=%zz", []int{400, 415}},
		"semicolon":           {urlencoded, key + ";a=1", []int{400, 415}},
		"broken UTF-8":        {urlencoded, "idempotency_key=%ff%fe", []int{400, 415}},
		"NUL in a field name": {urlencoded, key + "&a%00b=1", []int{400, 415}},
		"10,001 parameters":   {urlencoded, strings.Repeat("a=1&", 10_001), []int{413, 415}},
		"a body of 6 MB":      {urlencoded, key + "&note=" + strings.Repeat("Kanarie ", 786_432), []int{413, 415}},
		"nothing":             {urlencoded, "", []int{400, 415, 422}},
		"a packed body":       {urlencoded, "\x1f\x8b\x08\x00", []int{400, 415}},
	}
	routes := 0
	for _, rt := range c.routes() {
		if rt.method == http.MethodGet || rt.pattern == "/logout" { // that form has no fields
			continue
		}
		who, known := whoMay[rt.action]
		if !known {
			t.Errorf("%s: who may %s?", rt.pattern, rt.action)
			continue
		}
		routes++
		for name, s := range bodies {
			for _, lang := range bilingual.Langs {
				c.limits = newLimits(c.clock)
				w := c.browsers[who].send(c.request(rt.method, c.at(string(lang), rt.pattern), s.media, s.body))
				what := rt.pattern + ", " + name + ", " + string(lang)
				codes := s.codes
				switch {
				case rt.pattern == "/login/code": // without a password before it
					codes = append(slices.Clone(codes), http.StatusForbidden)
				case strings.HasPrefix(rt.pattern, "/mandates/") && strings.HasSuffix(rt.pattern, "/errata"): // that table is not sealed
					codes = append(slices.Clone(codes), http.StatusConflict)
				case hidden.MatchString(rt.pattern):
					codes = append(slices.Clone(codes), http.StatusNotFound)
				}
				wantOneOf(t, what, w.Code, codes)
				if !strings.Contains(w.Body.String(), `<html lang="`+string(lang)+`"`) {
					t.Errorf("%s: no page in that language", what)
				}
				if w.Code == http.StatusOK || w.Header().Get("Location") != "" {
					t.Errorf("%s: taken", what)
				}
			}
		}
	}
	if routes < 15 {
		t.Errorf("%d routes that write", routes)
	}
	for table, n := range c.counts() {
		if n != counts[table] {
			t.Errorf("%s has %d rows, %d before", table, n, counts[table])
		}
	}
	if log := c.log.String(); strings.Contains(log, "Kanarie") || strings.Contains(log, `"level":"ERROR"`) {
		t.Error("the log knows what was sent, or an error")
	}
}

func wantOneOf(t *testing.T, what string, got int, want []int) {
	t.Helper()
	for _, code := range want {
		if got == code {
			return
		}
	}
	t.Errorf("%s: answered %d, want one of %v", what, got, want)
}

// What people type is text: markup, templates, formulas and commands are stored and shown as the words they are.
func TestTextIsText(t *testing.T) {
	o := followed(t)
	director := o.as("director")
	texts := []string{
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `<svg/onload=alert(1)>`, `</title><script>alert(2)</script>`, `</textarea><b>`,
		`{{7*7}} ${7*7} <%= 7*7 %>`, `' OR 1=1--`, `'; DROP TABLE progress_entry;--`, `%' UNION SELECT`, `%_\`, `&lt;b&gt; &amp;`,
		`=cmd|'/C calc'!A0`, `+1+1`, `-2+3`, `@SUM(1)`, `javascript:alert(1)`, `--><!--`, `]]>`, `%s%n%x`, `$(id)`, "`id`", `../../etc/passwd`,
	}
	form := url.Values{"idempotency_key": {uuid.NewString()}, "do": {"report"}}
	rows := rowVersions.FindAllStringSubmatch(director.get("/nl/mandates/LETTER/report/2026-H2").Body.String(), -1)
	if len(rows) < len(texts) {
		t.Fatalf("%d rows for %d texts", len(rows), len(texts))
	}
	for i, text := range texts {
		form.Set(rows[i][1], rows[i][3])
		form.Set("row."+rows[i][2]+".status", "on_track")
		form.Set("row."+rows[i][2]+".achieved", text+" einde")
	}
	wantCode(t, "report", director.post("/nl/mandates/LETTER/report/2026-H2", form), http.StatusSeeOther)
	event := delegation(func(f url.Values) { f.Set("title", texts[3]); f.Set("place", texts[1]) })
	wantCode(t, "event", director.post("/nl/mandates/LETTER/events", event), http.StatusSeeOther)
	for i, text := range texts {
		if n := value[int](o, `SELECT count(*) FROM progress_entry WHERE achieved = $1`, text+" einde"); n != 1 {
			t.Errorf("%q is stored %d times", text, n)
		}
		w := director.get("/fr/mandates/LETTER/targets/" + rows[i][2])
		_, words := page(t, w)
		if !strings.Contains(words, strings.Join(strings.Fields(text+" einde"), " ")) {
			t.Errorf("the page does not show %q", text)
		}
	}
	for _, path := range []string{"/nl/mandates/LETTER/monitoring/2026-H2", "/nl/mandates/LETTER/report/2026-H2", "/nl/mandates/LETTER", "/nl/mandates/LETTER/events", "/nl/calendar?month=2026-10", "/nl/due"} {
		w := director.get(path)
		wantCode(t, path, w, http.StatusOK)
		for _, markup := range []string{"<script>alert", "<img src=x", "<svg/onload", "</textarea><b>", `href="javascript:`} {
			if strings.Contains(w.Body.String(), markup) {
				t.Errorf("%s: %q is markup", path, markup)
			}
		}
	}
}
