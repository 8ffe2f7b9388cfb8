package site

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"jalon/internal/monitoring"
)

// beside gives a second window of the same person: the same session, and its own requests.
func (b *browser) beside() *browser {
	own := &browser{office: b.office, cookies: map[string]string{}, address: b.address}
	for name, v := range b.cookies {
		own.cookies[name] = v
	}
	return own
}

// Two texts that fit alone may not fit together: the field says so, and both are kept.
func TestTwoLongTextsDoNotFitTogether(t *testing.T) {
	o := withLetter(t)
	director := o.as("director")
	long := func(letter string) string { return strings.Repeat(letter, 15_000) }
	first, second := director.rowForm("draft", "S1.1-1", "status", "on_track", "achieved", long("a")), director.rowForm("report", "S1.1-1", "status", "on_track", "achieved", long("b"))
	wantCode(t, "the first", director.post(reportPage, first), http.StatusSeeOther)
	page := director.post(reportPage, second)
	wantCode(t, "the second", page, http.StatusConflict)
	for _, m := range hiddens.FindAllStringSubmatch(page.Body.String(), -1) {
		if strings.HasPrefix(m[1], "row.S1.1-1.") {
			second.Set(m[1], m[2])
		}
	}
	second.Set("row.S1.1-1.pick_achieved", "both")
	w := director.post(reportPage, second)
	wantCode(t, "both", w, http.StatusUnprocessableEntity)
	if body := w.Body.String(); !strings.Contains(body, `href="#row.S1.1-1.achieved"`) || !strings.Contains(body, long("a")) || !strings.Contains(body, long("b")) || !strings.Contains(body, `name="row.S1.1-1.pick_achieved"`) {
		t.Error("the field is not named, or the two texts are not shown once more")
	}
	if got := value[int](o, `SELECT length(fields->>'achieved') FROM report_draft`); got != 15_000 {
		t.Errorf("the draft of the first has %d signs", got)
	}
	if n := value[int](o, `SELECT count(*) FROM progress_entry`); n != 0 {
		t.Errorf("%d entries", n)
	}
	second.Set("row.S1.1-1.pick_achieved", "theirs")
	wantCode(t, "the other one", director.post(reportPage, second), http.StatusSeeOther)
	if got := value[string](o, `SELECT left(achieved, 1) || length(achieved) FROM progress_entry`); got != "a15000" {
		t.Errorf("recorded: %s", got)
	}
}

// What no page of ours sends to a report is refused as a whole, and leaves nothing behind.
func TestOddFormsOfAReportAreRefused(t *testing.T) {
	o := withLetter(t)
	director := o.as("director")
	change := func(fields ...string) url.Values {
		return director.rowForm("report", "S1.1-1", append([]string{"status", "on_track", "achieved", "Kanarie"}, fields...)...)
	}
	as := change()
	with := func(name, v string) url.Values {
		form := change()
		form.Set(name, v)
		return form
	}
	for what, c := range map[string]struct {
		form url.Values
		code int
	}{
		"a number without end":           {change("value", strings.Repeat("9", 300)), 422},
		"a number with many decimals":    {change("value", "0,"+strings.Repeat("0", 300)+"1"), 422},
		"a percentage of many decimals":  {change("percentage", "12,"+strings.Repeat("5", 100)), 422},
		"a day of the year 9999":         {change("status", "support_needed", "support_asked", "x", "support_of", "y", "support_by", "31/12/9999"), 422},
		"NUL in the status":              {change("status", "on_track\x00"), 422},
		"NUL in a link":                  {change("link_url", "https://a.example/\x00", "link_title", "x"), 422},
		"a choice between texts alone":   {with("row.S1.1-1.pick_status", "both"), 303},
		"a version of the future":        {change("version", "2147483647"), 303},
		"a version that is no number":    {change("version", "een"), 400},
		"a base that is none":            {change("base", "\x00{{{"), 303},
		"a target of another mandate":    {with("row.S9.1-1.version", "0"), 400},
		"a field for files without file": {with("row.S1.1-1.file", "nota.txt"), 400},
		"a choice of what is no field":   {with("row.S1.1-1.pick_author", "theirs"), 400},
		"the author":                     {with("row.S1.1-1.author_id", "1"), 400},
		"another button":                 {with("do", "seal"), 303},
		"what was attached by nobody":    {with("do", "detach S1.1-1 -9223372036854775808"), 303},
		"a row elsewhere":                {with("do", "attach ../../admin"), 303},
	} {
		t.Run(what, func(t *testing.T) {
			o.sql(`DELETE FROM report_draft`)
			before := value[int](o, `SELECT count(*) FROM progress_entry`)
			for _, field := range []string{"base", "version"} { // as the page has them now
				if name := "row.S1.1-1." + field; c.form.Get(name) == as.Get(name) {
					c.form.Set(name, director.rowForm("report", "S1.1-1").Get(name))
				}
			}
			if c.form.Get("row.S1.1-1.achieved") != "" {
				c.form.Set("row.S1.1-1.achieved", "Kanarie met "+what)
			}
			w := director.post(reportPage, c.form)
			wantCode(t, what, w, c.code)
			if n := value[int](o, `SELECT count(*) FROM progress_entry`); c.code >= 400 && n != before {
				t.Errorf("%d entries were recorded", n-before)
			}
			if to := w.Header().Get("Location"); c.code == http.StatusSeeOther && !strings.HasPrefix(to, letterMandate) {
				t.Errorf("leads to %q", to)
			}
		})
	}
}

// The bytes of a form are UTF-8, whatever its head says.
func TestAReportInAnotherEncodingIsRefused(t *testing.T) {
	o := withLetter(t)
	director := o.as("director")
	body := director.rowForm("report", "S1.1-1", "status", "on_track", "achieved", "KANARIE").Encode()
	for media, text := range map[string]string{
		urlencoded:                            "caf%E9",
		urlencoded + "; charset=windows-1252": "caf%E9",
		urlencoded + "; charset=UTF-16":       "%FE%FF%00c",
		urlencoded + "; charset=utf-7":        "%2BADw-b%2BAD4-", // +ADw-b+AD4-, which nothing here reads as markup
	} {
		want := http.StatusBadRequest
		if strings.Contains(media, "utf-7") {
			want = http.StatusSeeOther
		}
		wantCode(t, media, director.postRaw(reportPage, media, strings.Replace(body, "KANARIE", text, 1)), want)
	}
	const part = "--x\r\nContent-Disposition: form-data; name=\"%s\"\r\nContent-Type: text/plain; charset=%s\r\n\r\n%s\r\n"
	var form strings.Builder
	for name, v := range director.rowForm("report", "S1.2-1", "status", "on_track", "achieved", "caf\xe9") {
		fmt.Fprintf(&form, part, name, "iso-8859-1", v[0])
	}
	wantCode(t, "a part in Latin-1", director.postRaw(reportPage, "multipart/form-data; boundary=x", form.String()+"--x--\r\n"), http.StatusBadRequest)
	if got := value[string](o, `SELECT COALESCE(string_agg(achieved, '|'), '') FROM progress_entry`); got != "+ADw-b+AD4-" {
		t.Errorf("recorded: %q", got)
	}
}

// A form of one half-year, sent to another, is a report of that other one, and no repetition of the first.
func TestAFormOfAnotherHalfYear(t *testing.T) {
	o := withLetter(t)
	director := o.as("director")
	form := director.rowForm("report", "S1.1-1", "status", "on_track", "achieved", "Van de tweede helft.")
	wantCode(t, "where it belongs", director.post(reportPage, form), http.StatusSeeOther)
	for range 2 {
		wantCode(t, "elsewhere", director.post(letterMandate+"/report/2026-H1", form), http.StatusSeeOther)
	}
	if got := value[string](o, `SELECT string_agg(as_of::text, ' ' ORDER BY as_of) FROM progress_entry`); got != "2026-06-30 2026-11-24" {
		t.Errorf("reported on %s", got)
	}
	for _, period := range []string{"2024-H1", "1990-H1", "0001-H1", "9999-H2", "2027-H1", "2026-H2%00", "2026-h2"} {
		if w := director.post(letterMandate+"/report/"+period, keyed(form)); w.Code != http.StatusNotFound && w.Code != http.StatusForbidden && w.Code != http.StatusConflict {
			t.Errorf("%s: %d", period, w.Code)
		}
	}
	o.sql(`INSERT INTO tenure (mandate_id, person_id, starts_on, ends_on) SELECT id, $1, '2020-01-01', '2020-12-31' FROM mandate WHERE code = 'ELDERS-A4'`, o.id["director"])
	if w := director.post("/nl/mandates/ELDERS-A4/report/2026-H2", form); w.Code != http.StatusNotFound {
		t.Errorf("to another's mandate: %d", w.Code)
	}
}

// A part is handed in while its holder still saves in five windows: what was
// acknowledged is recorded, what comes after it is refused.
func TestAPartIsHandedInWhileItIsSaved(t *testing.T) {
	o := withLetter(t)
	secretary, director := o.openRound("LETTER", "2026-H2"), o.as("director")
	secretary.step(monitoring.RoundOpen, monitoring.RoundCollecting, "")
	rows := rowVersions.FindAllStringSubmatch(director.get(reportPage).Body.String(), -1)[:6]
	forms := make([]url.Values, len(rows))
	for i, m := range rows {
		forms[i] = director.rowForm("report", m[2], "status", "on_track", "achieved", "woorden van "+m[2])
	}
	answers := make([]int, len(rows))
	handed := make([]int, 3)
	var wg sync.WaitGroup
	for i := range rows {
		wg.Go(func() { answers[i] = director.beside().post(reportPage, forms[i]).Code })
	}
	for i := range handed {
		wg.Go(func() { handed[i] = director.beside().post(reportPage+"/submit", key(url.Values{})).Code })
	}
	wg.Wait()
	recorded := 0
	for i, code := range answers {
		there := value[int](o, `SELECT count(*) FROM progress_entry e JOIN target t ON t.id = e.target_id WHERE t.code = $1`, rows[i][2])
		if acknowledged := code == http.StatusSeeOther; acknowledged != (there == 1) || !acknowledged && code != http.StatusConflict {
			t.Errorf("%s: answered %d, %d entries", rows[i][2], code, there)
		}
		recorded += there
	}
	taken := 0
	for _, code := range handed {
		if code == http.StatusSeeOther {
			taken++
		} else if code != http.StatusConflict {
			t.Errorf("handed in: %d", code)
		}
	}
	if n := value[int](o, `SELECT count(*) FROM part_step`); taken != 1 || n != 1 {
		t.Errorf("handed in %d times, %d steps", taken, n)
	}
	if n := value[int](o, `SELECT count(*) FROM progress_entry e, part_step p WHERE e.recorded_at > p.at`); n != 0 {
		t.Errorf("%d of %d entries come after the part was handed in", n, recorded)
	}
}

// Clicks that come at once, each from its own window: one mail for each person, one step of the round.
func TestARoundIsMovedAndNudgedOnce(t *testing.T) {
	o := withLetter(t)
	secretary := o.openRound("LETTER", "2026-H2")
	at := func(path string, form url.Values) (codes map[int]int) {
		codes = map[int]int{}
		var mu sync.Mutex
		var wg sync.WaitGroup
		for range 5 {
			sent := keyed(form)
			wg.Go(func() {
				code := secretary.beside().post(theRound+path, sent).Code
				mu.Lock()
				defer mu.Unlock()
				codes[code]++
			})
		}
		wg.Wait()
		return codes
	}
	if codes := at("/nudge", url.Values{"person." + o.person("director"): {"yes"}}); codes[http.StatusSeeOther] != 1 || codes[http.StatusUnprocessableEntity] != 4 {
		t.Errorf("nudged: %v", codes)
	}
	if n := value[int](o, `SELECT count(*) FROM outgoing_mail WHERE kind = 'nudge'`); n != 1 {
		t.Errorf("%d mails, want 1", n)
	}
	if codes := at("/step", url.Values{"from": {"open"}, "to": {"collecting"}}); codes[http.StatusSeeOther] != 1 || codes[http.StatusConflict] != 4 {
		t.Errorf("stepped: %v", codes)
	}
	if n := value[int](o, `SELECT count(*) FROM round_step WHERE to_state = 'collecting'`); n != 1 {
		t.Errorf("%d steps, want 1", n)
	}
}

// A round takes what its pages send; a reason that is too long is kept in its field.
func TestOddFormsOfARoundAreRefused(t *testing.T) {
	o := withLetter(t)
	secretary := o.openRound("LETTER", "2026-H2")
	secretary.present()
	long := "Kanarie " + strings.Repeat("a", 2000)
	for what, c := range map[string]struct {
		path string
		form url.Values
		code int
		kept string
	}{
		"a step back with a long reason":      {theRound + "/step", url.Values{"from": {"presented"}, "to": {"grace"}, "reason": {long}}, 422, long},
		"a step back with NUL in its reason":  {theRound + "/step", url.Values{"from": {"presented"}, "to": {"grace"}, "reason": {"Kanarie\x00"}}, 422, "Kanarie"},
		"a step to the seal":                  {theRound + "/step", url.Values{"from": {"presented"}, "to": {"sealed"}}, 400, ""},
		"a step to nowhere":                   {theRound + "/step", url.Values{"from": {"presented"}, "to": {"../"}}, 400, ""},
		"a step of another round":             {"/nl/rounds/ACTIRIS-DR/2026-H1/step", url.Values{"from": {"open"}, "to": {"collecting"}}, 404, ""},
		"a return with a long reason":         {theRound + "/LETTER/return", url.Values{"reason": {long}}, 422, long},
		"a return of a mandate of elsewhere":  {theRound + "/ELDERS-A4/return", url.Values{"reason": {"x"}}, 404, ""},
		"a return of a mandate of no round":   {theRound + "/ACTIRIS-A4/return", url.Values{"reason": {"x"}}, 404, ""},
		"a reason for a target of elsewhere":  {theRound + "/LETTER/return", url.Values{"row.S9.9-9": {"x"}}, 400, ""},
		"a nudge of somebody beyond 64 bits":  {theRound + "/nudge", url.Values{"person.99999999999999999999": {"yes"}}, 409, ""},
		"a change with a long reason":         {theRound + "/change", url.Values{"due": {"20/01/2027"}, "mandate.LETTER": {"yes"}, "reason": {long}}, 422, long},
		"a round of a time to come":           {"/nl/rounds/new", url.Values{"body": {"ACTIRIS-DR"}, "period": {"2089-H1"}, "mandate.LETTER": {"yes"}}, 422, ""},
		"a round of long ago":                 {"/nl/rounds/new", url.Values{"body": {"ACTIRIS-DR"}, "period": {"1990-H1"}, "mandate.LETTER": {"yes"}}, 422, ""},
		"a round of no half-year":             {"/nl/rounds/new", url.Values{"body": {"ACTIRIS-DR"}, "period": {"2026-H2\x00"}, "mandate.LETTER": {"yes"}}, 422, ""},
		"a round of a body of elsewhere":      {"/nl/rounds/new", url.Values{"body": {"ELDERS-DR"}, "period": {"2026-H1"}, "mandate.LETTER": {"yes"}}, 404, ""},
		"a mandate that is no code":           {"/nl/rounds/new", url.Values{"body": {"ACTIRIS-DR"}, "period": {"2026-H1"}, "mandate.'--": {"yes"}}, 400, ""},
		"a seal that was not confirmed in it": {theRound + "/seal", url.Values{"confirm": {"no"}}, 422, ""},
	} {
		for _, lang := range []string{"nl", "fr"} {
			w := secretary.post(strings.Replace(c.path, "/nl/", "/"+lang+"/", 1), keyed(c.form))
			if w.Code != c.code {
				t.Errorf("%s, %s: %d to %q, want %d", what, lang, w.Code, w.Header().Get("Location"), c.code)
			}
			if c.kept != "" && !strings.Contains(w.Body.String(), c.kept) {
				t.Errorf("%s, %s: what was typed is lost", what, lang)
			}
		}
	}
	if got := value[string](o, `SELECT string_agg(state, ' ') FROM round`); got != "presented" {
		t.Errorf("the rounds are %s", got)
	}
}

// A list that was looked at is stored for the mandate and half-year it was looked at for, and only as it was.
func TestAListIsOnlyStoredAsItWasLookedAt(t *testing.T) {
	o := withLetter(t)
	director := o.as("director")
	look := director.files(reportPage+"/paste", url.Values{"text": {"SD1.1-1\tOp schema\tEerste regel"}}, "file", nil, "")
	wantCode(t, "the look", look, http.StatusOK)
	form := url.Values{"take.0": {"1"}}
	for _, m := range hiddens.FindAllStringSubmatch(look.Body.String(), -1) {
		form.Set(m[1], strings.NewReplacer("&#34;", `"`, "&#9;", "\t", "&#10;", "\n").Replace(m[2]))
	}
	send := func(what, path string, want int, pairs ...string) {
		t.Helper()
		var w *httptest.ResponseRecorder
		if w = director.post(path, keyed(form, pairs...)); w.Code != want {
			t.Errorf("%s: %d, want %d", what, w.Code, want)
		}
	}
	send("other words", reportPage+"/paste/confirm", 422, "text", "SD1.1-1\tGehaald\tIets anders")
	send("another fingerprint", reportPage+"/paste/confirm", 422, "seen", "x")
	send("what is no file", reportPage+"/paste/confirm", 400, "list", "***")
	send("half a workbook", reportPage+"/paste/confirm", 422, "list", "UEsDBA", "name", "x.xlsx")
	send("NUL in the words", reportPage+"/paste/confirm", 422, "text", "SD1.1-1\tOp schema\ta\x00b")
	send("a row that is not there", reportPage+"/paste/confirm", 422, "take.0", "", "take.99", "1")
	if n := value[int](o, `SELECT count(*) FROM report_draft`); n != 0 {
		t.Errorf("%d drafts", n)
	}
	send("as it was", reportPage+"/paste/confirm", 303)
}
