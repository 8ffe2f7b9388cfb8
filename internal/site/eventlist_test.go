package site

import (
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
)

const (
	listPage     = "/nl/mandates/LETTER/events/import"
	registerPage = "/nl/mandates/LETTER/events"
)

// vevent is one whole day of a calendar.
func vevent(uid, title, day string, more ...string) string {
	return "BEGIN:VEVENT\r\nUID:" + uid + "\r\nSUMMARY:" + title + "\r\nDTSTART;VALUE=DATE:" + day + "\r\n" + strings.Join(more, "") + "END:VEVENT\r\n"
}

func icalendar(events ...string) []byte {
	return []byte("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + strings.Join(events, "") + "END:VCALENDAR\r\n")
}

// sendList sends a list for infringement procedures to the preview.
func (b *browser) sendList(name string, data []byte, change ...func(map[string]string)) *httptest.ResponseRecorder {
	fields := map[string]string{"kind": "infringement", "lang": "nl"}
	for _, c := range change {
		c(fields)
	}
	return b.upload(listPage, data, name, fields)
}

var hiddenField = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)

// confirmation is the form of a preview, with some boxes ticked.
func confirmation(t *testing.T, page *httptest.ResponseRecorder, ticks ...string) url.Values {
	t.Helper()
	form := url.Values{}
	for _, m := range hiddenField.FindAllStringSubmatch(page.Body.String(), -1) {
		form.Set(m[1], html.UnescapeString(m[2]))
	}
	if form.Get("list") == "" {
		t.Fatalf("the page (%d) has no list to confirm", page.Code)
	}
	for _, tick := range ticks {
		if !strings.Contains(page.Body.String(), `name="`+tick+`"`) {
			t.Errorf("the preview does not offer %s", tick)
		}
		form.Set(tick, "1")
	}
	return form
}

func TestACalendarOpensTheDutiesOfItsProcedure(t *testing.T) {
	o := followed(t)
	director := o.as("director")
	if !strings.Contains(director.get(registerPage).Body.String(), `href="`+listPage+`"`) {
		t.Error("the register does not lead to the import")
	}
	wantCode(t, "form", director.get(listPage), http.StatusOK)
	list := icalendar(vevent("inbr-1", "Antwoord op de ingebrekestelling", "20261214"), vevent("inbr-2", "Antwoord op het advies", "20270115"))
	preview := director.sendList("inbreuk.ics", list)
	wantCode(t, "preview", preview, http.StatusOK)
	for _, words := range []string{"Antwoord op de ingebrekestelling", "14/12/2026", "15/01/2027", "regel 3", "2 nieuwe gebeurtenissen worden genoteerd"} {
		if !strings.Contains(preview.Body.String(), words) {
			t.Errorf("the preview does not say %q", words)
		}
	}
	if n := value[int](o, `SELECT count(*) FROM event`); n != 0 {
		t.Fatalf("%d events before the confirmation", n)
	}
	form := confirmation(t, preview)
	for range 2 { // sent twice, stored once
		w := director.post(listPage+"/confirm", form)
		wantCode(t, "confirm", w, http.StatusSeeOther)
		if got := w.Header().Get("Location"); got != registerPage {
			t.Errorf("confirmed, and sent to %q", got)
		}
	}
	if n := value[int](o, `SELECT count(*) FROM event`); n != 2 {
		t.Errorf("%d events", n)
	}
	due := director.get("/nl/due").Body.String()
	for _, words := range []string{"2026-12-14", "14/12/2026"} {
		if !strings.Contains(due, words) {
			t.Errorf("what is due does not say %q", words)
		}
	}
	if page := director.get("/nl/mandates/LETTER/targets/T4.3-2").Body.String(); !strings.Contains(page, "15/01/2027") || !strings.Contains(page, "Antwoord op het advies") {
		t.Error("the target of the infringement procedures does not have its dates")
	}
	if n := value[int](o, `SELECT count(*) FROM event_target e JOIN target t ON t.id = e.target_id WHERE t.code = 'T4.3-2'`); n != 2 {
		t.Errorf("%d events concern T4.3-2", n)
	}
	// the same file again: nothing to store
	again := director.sendList("inbreuk.ics", list).Body.String()
	if !strings.Contains(again, "Alles staat al in het register") || strings.Contains(again, `type="submit">Bewaren in het register`) {
		t.Error("the same file again offers something to store")
	}
}

func TestWhatChangesTheRegisterWantsATick(t *testing.T) {
	o := followed(t)
	director := o.as("director")
	preview := director.sendList("a.ics", icalendar(vevent("a", "Blijft", "20261201"), vevent("b", "Schuift op", "20261202"), vevent("c", "Vervalt", "20261203"), vevent("d", "Hier geannuleerd", "20261204")))
	wantCode(t, "first", director.post(listPage+"/confirm", confirmation(t, preview)), http.StatusSeeOther)
	wantCode(t, "cancel", director.post(registerPage+"/4/cancel", url.Values{"idempotency_key": {uuid.NewString()}}), http.StatusSeeOther)

	next := icalendar(vevent("a", "Blijft", "20261201"), vevent("b", "Schuift op", "20261209"), vevent("c", "Vervalt", "20261203", "STATUS:CANCELLED\r\n"), vevent("d", "Hier geannuleerd", "20261204"), vevent("e", "Komt erbij", "20261210"))
	preview = director.sendList("b.ics", next)
	for _, words := range []string{"Staat er al", "Gewijzigd", "Geannuleerd in de lijst", "Eerder geannuleerd", "Nieuw", "Nu in het register", registerPage + "/2"} {
		if !strings.Contains(preview.Body.String(), words) {
			t.Errorf("the preview does not say %q", words)
		}
	}
	standing := func() string {
		return value[string](o, `SELECT string_agg(title || ' ' || starts_on, ', ' ORDER BY id) FROM event WHERE cancelled_at IS NULL`)
	}
	// without a tick only what is new comes in
	wantCode(t, "without a tick", director.post(listPage+"/confirm", confirmation(t, preview)), http.StatusSeeOther)
	if got, want := standing(), "Blijft 2026-12-01, Schuift op 2026-12-02, Vervalt 2026-12-03, Komt erbij 2026-12-10"; got != want {
		t.Errorf("standing: %s, want %s", got, want)
	}
	preview = director.sendList("b.ics", next)
	w := director.post(listPage+"/confirm", confirmation(t, preview))
	wantCode(t, "nothing ticked", w, http.StatusUnprocessableEntity)
	if !strings.Contains(w.Body.String(), "vink aan wat u wilt overnemen") {
		t.Error("nothing says that nothing was ticked")
	}
	wantCode(t, "ticked", director.post(listPage+"/confirm", confirmation(t, preview, "take.1", "take.2", "take.3")), http.StatusSeeOther)
	if got, want := standing(), "Blijft 2026-12-01, Komt erbij 2026-12-10, Schuift op 2026-12-09, Hier geannuleerd 2026-12-04"; got != want {
		t.Errorf("standing: %s, want %s", got, want)
	}
	if n := value[int](o, `SELECT count(*) FROM event`); n != 7 {
		t.Errorf("the register holds %d events: none is ever removed", n)
	}
}

func TestRowsWithAnErrorAreLeftOutOnlyWhenSomebodySaysSo(t *testing.T) {
	o := followed(t)
	director := o.as("director")
	list := []byte("Datum;Omschrijving;Soort\n31/11/2026;Fout;\n01/12/2026;Goed;\n02/12/2026;Vreemd;feest\n")
	preview := director.sendList("a.csv", list)
	for _, words := range []string{"<b>A2</b> “31/11/2026” is geen datum", "<b>C4</b> De soort “feest” bestaat niet", "Zonder de 2 rijen met een fout verdergaan"} {
		if !strings.Contains(preview.Body.String(), words) {
			t.Errorf("the preview does not say %q", words)
		}
	}
	w := director.post(listPage+"/confirm", confirmation(t, preview))
	wantCode(t, "without a tick", w, http.StatusUnprocessableEntity)
	if !strings.Contains(w.Body.String(), `href="#skip"`) || !strings.Contains(w.Body.String(), `aria-describedby="skip-error"`) {
		t.Error("the summary does not lead to the box")
	}
	wantCode(t, "with a tick", director.post(listPage+"/confirm", confirmation(t, w, "skip")), http.StatusSeeOther)
	if got := value[string](o, `SELECT string_agg(title, ', ') FROM event`); got != "Goed" {
		t.Errorf("recorded: %s", got)
	}
}

// What a person confirms is what they saw: somebody else may have been quicker.
func TestARegisterThatChangedMeanwhileIsShownAgain(t *testing.T) {
	o := followed(t)
	director := o.as("director")
	list := icalendar(vevent("a", "Advies", "20261201"), vevent("b", "Antwoord", "20261202"))
	early, late := director.sendList("a.ics", list), director.sendList("a.ics", list)
	wantCode(t, "the first", director.post(listPage+"/confirm", confirmation(t, early)), http.StatusSeeOther)
	w := director.post(listPage+"/confirm", confirmation(t, late))
	wantCode(t, "the second", w, http.StatusUnprocessableEntity)
	if body := w.Body.String(); !strings.Contains(body, "Het register is intussen veranderd") || !strings.Contains(body, "Staat er al") {
		t.Error("the second is not shown what the first stored")
	}
	form := confirmation(t, late)
	form.Set("seen", "x")
	form.Set("idempotency_key", uuid.NewString())
	wantCode(t, "a forged preview", director.post(listPage+"/confirm", form), http.StatusUnprocessableEntity)
	form.Set("list", "%%%")
	form.Set("idempotency_key", uuid.NewString())
	wantCode(t, "no list", director.post(listPage+"/confirm", form), http.StatusBadRequest)
	if n := value[int](o, `SELECT count(*) FROM event`); n != 2 {
		t.Errorf("%d events", n)
	}
}

func TestWhatIsWrongWithAListIsSaidBesideTheField(t *testing.T) {
	o := followed(t)
	director := o.as("director")
	sound := icalendar(vevent("a", "x", "20261201"))
	for name, c := range map[string]struct {
		file   string
		data   []byte
		change func(map[string]string)
		field  string
		code   int
	}{
		"no file":          {"", nil, nil, "file", 422},
		"empty":            {"a.ics", []byte(" "), nil, "file", 422},
		"not a calendar":   {"a.ics", []byte("<html>"), nil, "file", 422},
		"another kind":     {"a.docx", sound, nil, "file", 422},
		"too large":        {"a.ics", append(icalendar(), make([]byte, 2<<20)...), nil, "file", 422},
		"much too large":   {"a.ics", make([]byte, 4<<20), nil, "", 413},
		"no kind":          {"a.ics", sound, func(f map[string]string) { f["kind"] = "" }, "kind", 422},
		"unknown kind":     {"a.ics", sound, func(f map[string]string) { f["kind"] = "party" }, "kind", 422},
		"no language":      {"a.ics", sound, func(f map[string]string) { f["lang"] = "" }, "lang", 422},
		"nobody waits":     {"a.ics", sound, func(f map[string]string) { f["kind"] = "other" }, "targets", 422},
		"targets ticked":   {"a.ics", sound, func(f map[string]string) { f["kind"], f["target.S1.1-1"] = "other", "1" }, "", 200},
		"an unknown field": {"a.ics", sound, func(f map[string]string) { f["mandate"] = "1" }, "", 400},
	} {
		change := c.change
		if change == nil {
			change = func(map[string]string) {}
		}
		w := director.sendList(c.file, c.data, change)
		wantCode(t, name, w, c.code)
		if c.field != "" && !strings.Contains(w.Body.String(), `href="#`+c.field+`"`) {
			t.Errorf("%s: the summary does not lead to %s", name, c.field)
		}
	}
	if n := value[int](o, `SELECT count(*) FROM event`); n != 0 {
		t.Errorf("%d events recorded", n)
	}
}

func TestOnlyWhoRecordsEventsMayImportThem(t *testing.T) {
	o := followed(t)
	list := icalendar(vevent("a", "x", "20261201"))
	form := confirmation(t, o.as("director").sendList("a.ics", list))
	for name, want := range map[string]int{"secretary": 403, "hr": 403, "committee": 403, "admin": 403, "delegate": 404, "director2": 404, "nobody": 403} {
		b := o.as(name)
		wantCode(t, name+" looks", b.get(listPage), want)
		wantCode(t, name+" previews", b.sendList("a.ics", list), want)
		wantCode(t, name+" confirms", b.post(listPage+"/confirm", form), want)
	}
	if n := value[int](o, `SELECT count(*) FROM event`); n != 0 {
		t.Errorf("%d events recorded", n)
	}
}
