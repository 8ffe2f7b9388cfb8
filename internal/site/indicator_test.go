package site

import (
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// measuring is an office with a KPI and the form that defines an indicator for it.
func measuring(t *testing.T) (*office, url.Values) {
	o := newOffice(t)
	o.sql(`INSERT INTO wording (framework_id, framework_key) VALUES (NULL, NULL)`)
	o.sql(`INSERT INTO wording_version (wording_id, valid_from, nl, nl_state) SELECT id, '2024-01-01', 'percentage op tijd gerealiseerde acties', 'original' FROM wording`)
	o.sql(`INSERT INTO objective (mandate_id, kind, code, position, wording_id) SELECT m.id, k.kind, k.code, k.position, w.id
		FROM mandate m, wording w, (VALUES ('strategic', 'S1', 1), ('transversal', 'T5', 2)) k (kind, code, position)`)
	o.sql(`INSERT INTO kpi (mandate_id, objective_id, code, position, wording_id) SELECT mandate_id, id, 'T5-K2', 1, wording_id FROM objective WHERE code = 'T5'`)
	return o, url.Values{
		"code": {"T5-K2"}, "objective": {"T5"}, "kpi": {"T5-K2"}, "valid_from": {"01/01/2025"}, "name_nl": {"Acties op tijd"}, "name_fr": {"Actions à temps"},
		"unit_nl": {"%"}, "unit_fr": {"%"}, "direction": {"down"}, "per": {"0"}, "decimals": {"1"}, "baseline": {"8"}, "baseline_on": {"01/01/2025"},
		"milestones": {"31/12/2026; 6"}, "cadence": {"half_yearly"}, "origin": {"measured"},
	}
}

func keyed(f url.Values, pairs ...string) url.Values {
	sent := url.Values{"idempotency_key": {uuid.NewString()}}
	for name, values := range f {
		sent[name] = values
	}
	for i := 0; i < len(pairs); i += 2 {
		sent.Set(pairs[i], pairs[i+1])
	}
	return sent
}

var tags = regexp.MustCompile(`<[^>]*>`)

// plainWords gives what a page says, with every kind of space as one.
func plainWords(body string) string {
	words := strings.NewReplacer("\u00a0", " ", "\u202f", " ", "&#39;", "'").Replace(tags.ReplaceAllString(body, " "))
	return strings.Join(strings.Fields(words), " ")
}

const here = "/nl/mandates/ACTIRIS-A4/indicators"

// Lower is better: 8 is the start, 6 the target.
func TestSickLeaveGoesDown(t *testing.T) {
	o, definition := measuring(t)
	director := o.as("director")
	w := director.post(here, keyed(definition))
	wantCode(t, "define", w, http.StatusSeeOther)
	bar := regexp.MustCompile(`<meter min="0" max="100" value="([0-9.]+)"`)
	for _, c := range []struct {
		on, typed, says string
		bar             float64 // never beyond its ends; the words beside it say the true figure
	}{
		{"31/03/2025", "8,0", "Behaald 0 %", 0},
		{"30/06/2025", "7.0", "Behaald 50 %", 50},
		{"30/09/2025", "5,5 %", "Behaald 125 %", 100},
		{"31/12/2025", "9,0", "Behaald -50 % Slechter dan de nulmeting", 0},
	} {
		wantCode(t, c.typed, director.post(here+"/T5-K2/values", keyed(nil, "on", c.on, "value", c.typed)), http.StatusSeeOther)
		body := director.get(here + "/T5-K2").Body.String()
		if !strings.Contains(plainWords(body), c.says) {
			t.Errorf("%s: the page does not say %q", c.typed, c.says)
		}
		drawn := -1.0
		if m := bar.FindStringSubmatch(body); m != nil {
			drawn, _ = strconv.ParseFloat(m[1], 64)
		}
		if drawn != c.bar {
			t.Errorf("%s: the bar stands at %v, want %v", c.typed, drawn, c.bar)
		}
	}
	past := plainWords(director.get(here + "/T5-K2?asof=2025-06-30").Body.String())
	if !strings.Contains(past, "Behaald 50 %") || strings.Contains(past, "9,0 %") || strings.Contains(past, "Waarde invoeren") {
		t.Error("the page of a past day shows what came later, or can be changed")
	}
	for _, page := range []string{"", "/objectives/T5"} { // the same figure on both
		if words := plainWords(director.get("/nl/mandates/ACTIRIS-A4" + page).Body.String()); !strings.Contains(words, "Acties op tijd 9,0 % 31/12/2025") {
			t.Errorf("%s: the KPI of the letter does not show its indicator: %s", page, words)
		}
	}
	same := keyed(definition, "code", "T5-X", "milestones", "31/12/2026; 8")
	wantCode(t, "baseline = target", director.post(here, same), http.StatusSeeOther)
	wantCode(t, "its value", director.post(here+"/T5-X/values", keyed(nil, "on", "31/12/2025", "value", "7")), http.StatusSeeOther)
	if words := plainWords(director.get(here + "/T5-X").Body.String()); !strings.Contains(words, "Niet te berekenen: de nulmeting is gelijk aan de streefwaarde") {
		t.Error("a baseline that equals the target is computed")
	}
}

func TestAValueIsOnlyReplacedByWhoWasWarned(t *testing.T) {
	o, definition := measuring(t)
	director := o.as("director")
	wantCode(t, "define", director.post(here, keyed(definition)), http.StatusSeeOther)
	form := keyed(nil, "on", "30/06/2026", "value", "7")
	for range 2 { // the same form twice is one value
		wantCode(t, "first", director.post(here+"/T5-K2/values", form), http.StatusSeeOther)
	}
	w := director.post(here+"/T5-K2/values", keyed(nil, "on", "30/06/2026", "value", "6,5"))
	wantCode(t, "unwarned", w, http.StatusUnprocessableEntity)
	if words := plainWords(w.Body.String()); !strings.Contains(words, "Voor 30/06/2026 is er al een waarde: 7 %") || !strings.Contains(w.Body.String(), `value="6,5"`) {
		t.Errorf("no warning, or what was typed is lost: %s", words)
	}
	seen := regexp.MustCompile(`name="seen" value="(\d+)"`).FindStringSubmatch(w.Body.String())
	if seen == nil {
		t.Fatal("the page does not remember what it warned of")
	}
	wantCode(t, "warned", director.post(here+"/T5-K2/values", keyed(nil, "on", "30/06/2026", "value", "6,5", "seen", seen[1])), http.StatusSeeOther)
	wantCode(t, "warned of another", director.post(here+"/T5-K2/values", keyed(nil, "on", "30/06/2026", "value", "6", "seen", seen[1])), http.StatusUnprocessableEntity)
	if n := value[int](o, `SELECT count(*) FROM measurement`); n != 2 {
		t.Errorf("%d values are kept, want 2", n)
	}
	words := plainWords(director.get(here + "/T5-K2").Body.String())
	if !strings.Contains(words, "Geschiedenis: 2 keer ingevoerd") || !strings.Contains(words, "Vervangt een eerdere waarde") {
		t.Error("the history is not whole")
	}
}

func TestWhatIsNoValueIsRefused(t *testing.T) {
	o, definition := measuring(t)
	director := o.as("director")
	wantCode(t, "define", director.post(here, keyed(definition, "per", "100", "min_group", "10")), http.StatusSeeOther)
	good := url.Values{"on": {"30/06/2026"}, "numerator": {"7"}, "denominator": {"90"}, "people": {"30"}}
	for what, c := range map[string][3]string{
		"a number with one point": {"numerator", "1.234", "Bedoelt u 1234 of 1,234?"},
		"words":                   {"numerator", "abc", "Dit is geen getal"},
		"nothing":                 {"denominator", "", "Vul dit in"},
		"a denominator of zero":   {"denominator", "0", "groter zijn dan nul"},
		"a percentage of people":  {"numerator", "7 %", "niet in procent"},
		"tomorrow":                {"on", "25/11/2026", "moet nog komen"},
		"a group of nobody":       {"people", "0", "geheel getal"},
		"a group not told":        {"people", "", "Vul dit in"},
		"a short year":            {"on", "30/06/26", "vier cijfers"},
	} {
		w := director.post(here+"/T5-K2/values", keyed(good, c[0], c[1]))
		if words := plainWords(w.Body.String()); w.Code != http.StatusUnprocessableEntity || !strings.Contains(words, c[2]) {
			t.Errorf("%s: %d, want 422 with %q", what, w.Code, c[2])
		}
	}
	wantCode(t, "a small group", director.post(here+"/T5-K2/values", keyed(good, "people", "4", "numerator", "77")), http.StatusSeeOther)
	for _, page := range []string{here, here + "/T5-K2", "/nl/mandates/ACTIRIS-A4/objectives/T5", "/nl/mandates/ACTIRIS-A4"} {
		body := director.get(page).Body.String()
		if words := plainWords(body); strings.Contains(words, "85,6") || strings.Contains(words, "77 van") {
			t.Errorf("%s shows the figure of four people", page)
		}
	}
	if n := value[int](o, `SELECT count(*) FROM measurement`); n != 1 {
		t.Errorf("%d values stored, want 1", n)
	}
}

// Whoever looks a list through sees of how many people each value is said to be.
func TestAListOfAGroupShowsItsPeopleBeforeItIsStored(t *testing.T) {
	o, definition := measuring(t)
	director := o.as("director")
	wantCode(t, "define", director.post(here, keyed(definition, "min_group", "10")), http.StatusSeeOther)
	media, body := multipartOf(t, "", "", "30/06/2026;12,5;1 204\n31/03/2026;12\n")
	words := plainWords(director.postRaw(here+"/T5-K2/import", media, body).Body.String())
	for _, says := range []string{"Aantal personen in de groep", "12,5 % 1.204", "C2: hier ontbreekt een getal"} {
		if !strings.Contains(words, says) {
			t.Errorf("the preview does not say %q: %s", says, words)
		}
	}
}

func TestADefinitionIsDatedAndJudged(t *testing.T) {
	o, definition := measuring(t)
	director := o.as("director")
	wantCode(t, "define", director.post(here, keyed(definition)), http.StatusSeeOther)
	for what, c := range map[string][3]string{
		"a code twice":                    {"code", "T5-K2", "al een indicator met deze code"},
		"a code in small letters":         {"code", "t5", "niet de juiste vorm"},
		"the wrong way":                   {"direction", "up", "dat is omlaag"},
		"a KPI elsewhere":                 {"objective", "S1", "hoort niet bij de gekozen doelstelling"},
		"an objective of nobody":          {"objective", "S9", "error"},
		"a milestone without date":        {"milestones", "zes", "Regel 1"},
		"a part twice":                    {"parts", "T5-K2; T5-K2", "twee keer"},
		"a future definition":             {"valid_from", "01/01/2027", "tot en met vandaag"},
		"a formula that is not asked for": {"formula", "T5-K1A / 2", "telt alleen bij de herkomst “Formule met andere indicatoren”"},
		"a kind of event beside values":   {"event_kind", "meeting", "telt alleen bij de herkomst “Geteld uit het register van gebeurtenissen”"},
	} {
		w := director.post(here, keyed(definition, "code", "T5-N", c[0], c[1]))
		if words := plainWords(w.Body.String()); w.Code != http.StatusUnprocessableEntity || c[2] != "error" && !strings.Contains(words, c[2]) {
			t.Errorf("%s: %d, want 422 with %q", what, w.Code, c[2])
		}
	}
	formula := keyed(definition, "code", "T5-F", "origin", "formula", "formula", "T5-K2 × 2 −")
	w := director.post(here, formula)
	if words := plainWords(w.Body.String()); w.Code != http.StatusUnprocessableEntity || !strings.Contains(words, "houdt bij teken 12 te vroeg op") {
		t.Errorf("half a formula: %d %s", w.Code, words)
	}
	w = director.post(here, keyed(formula, "formula", ""))
	if words := plainWords(w.Body.String()); w.Code != http.StatusUnprocessableEntity || !strings.Contains(words, "Formule: Vul dit in.") {
		t.Errorf("no formula: %d %s", w.Code, words)
	}
	seen := func() string { return num(value[int64](o, `SELECT max(id) FROM indicator_version`)) }
	wantCode(t, "a new definition", director.post(here+"/T5-K2/definition", keyed(definition, "valid_from", "01/07/2026", "name_nl", "Later zo genoemd", "seen", seen())), http.StatusSeeOther)
	for asOf, name := range map[string]string{"2026-06-30": "Acties op tijd", "2026-07-01": "Later zo genoemd"} {
		if words := plainWords(director.get(here + "/T5-K2?asof=" + asOf).Body.String()); !strings.Contains(words, "T5-K2: "+name) {
			t.Errorf("as of %s it is not called %q", asOf, name)
		}
	}
	wantCode(t, "before it was defined", director.get(here+"/T5-K2?asof=2024-12-31"), http.StatusNotFound)

	// the form says that it counts from its day on: of a day before the definition
	// in force it does not
	wantCode(t, "a definition of before", director.post(here+"/T5-K2/definition", keyed(definition, "valid_from", "01/12/2024", "name_nl", "Vroeger zo genoemd", "seen", seen())), http.StatusSeeOther)
	if words := plainWords(director.get(here + "/T5-K2").Body.String()); !strings.Contains(words, "T5-K2: Later zo genoemd") || !strings.Contains(words, "vanaf 01/07/2026 geldt een andere") {
		t.Errorf("nobody says that it does not count today: %s", words)
	}
}

// Two people have the form open: who saves last is told that there is another definition.
func TestADefinitionIsNotWrittenOverAnother(t *testing.T) {
	o, definition := measuring(t)
	director := o.as("director")
	wantCode(t, "define", director.post(here, keyed(definition)), http.StatusSeeOther)
	const page = here + "/T5-K2/definition"
	form := keyed(definition, "valid_from", "24/11/2026", "seen", formField(t, director.get(page).Body.String(), "seen"))
	wantCode(t, "the first", director.post(page, keyed(form, "milestones", "31/12/2027; 5", "idempotency_key", uuid.NewString())), http.StatusSeeOther)
	w := director.post(page, keyed(form, "name_nl", "Verzuim", "idempotency_key", uuid.NewString()))
	if words := plainWords(w.Body.String()); w.Code != http.StatusUnprocessableEntity || !strings.Contains(words, "Iemand heeft deze indicator intussen gewijzigd") || !strings.Contains(w.Body.String(), `value="Verzuim"`) {
		t.Errorf("over the first: %d %s", w.Code, words)
	}
	wantCode(t, "without what was seen", director.post(page, keyed(form, "seen", "", "idempotency_key", uuid.NewString())), http.StatusUnprocessableEntity)
	form.Set("seen", formField(t, w.Body.String(), "seen"))
	wantCode(t, "once it was told", director.post(page, keyed(form, "idempotency_key", uuid.NewString())), http.StatusSeeOther)
}

// 7 of 100 recorded as a share is 7 %. As a value by itself it would be 0.07.
func TestWhatWasRecordedAsAShareStaysOne(t *testing.T) {
	o, definition := measuring(t)
	director := o.as("director")
	definition.Set("per", "100")
	wantCode(t, "define", director.post(here, keyed(definition)), http.StatusSeeOther)
	const page = here + "/T5-K2/definition"
	plain := func() url.Values {
		return keyed(definition, "per", "0", "valid_from", "24/11/2026", "seen", formField(t, director.get(page).Body.String(), "seen"))
	}
	wantCode(t, "without values", director.post(page, plain()), http.StatusSeeOther)
	wantCode(t, "and back", director.post(page, keyed(plain(), "per", "100")), http.StatusSeeOther)
	wantCode(t, "a value", director.post(here+"/T5-K2/values", keyed(nil, "on", "30/06/2026", "numerator", "7", "denominator", "100")), http.StatusSeeOther)
	w := director.post(page, plain())
	if words := plainWords(w.Body.String()); w.Code != http.StatusUnprocessableEntity || !strings.Contains(words, "waarden met teller en noemer") {
		t.Errorf("with values: %d %s", w.Code, words)
	}
}

// formField gives the value of a hidden field of a page.
func formField(t *testing.T, page, name string) string {
	t.Helper()
	m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("no field %s", name)
	}
	return m[1]
}

// multipartOf makes the body of a form with a file or pasted cells.
func multipartOf(t *testing.T, file, content, pasted string) (media, body string) {
	t.Helper()
	var b strings.Builder
	w := multipart.NewWriter(&b)
	if file != "" {
		part, err := w.CreateFormFile("file", file)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = part.Write([]byte(content))
	}
	_ = w.WriteField("text", pasted)
	_ = w.Close()
	return w.FormDataContentType(), b.String()
}

var hiddenFields = regexp.MustCompile(`name="(list|name|seen)" value="([^"]*)"`)

func TestAListIsShownBeforeItIsStored(t *testing.T) {
	o, definition := measuring(t)
	director := o.as("director")
	wantCode(t, "define", director.post(here, keyed(definition)), http.StatusSeeOther)
	wantCode(t, "a value", director.post(here+"/T5-K2/values", keyed(nil, "on", "31/03/2026", "value", "7")), http.StatusSeeOther)
	page := here + "/T5-K2/import"
	wantCode(t, "form", director.get(page), http.StatusOK)
	send := func(file, content, pasted string) *httptest.ResponseRecorder {
		media, body := multipartOf(t, file, content, pasted)
		return director.postRaw(page, media, body)
	}
	for what, c := range map[string][4]string{
		"nothing": {"", "", "", "Kies een bestand of plak cellen"}, "a letter": {"", "", "Beste,", "Geen rij noemt de kolommen"}, "a PDF": {"x.pdf", "%PDF", "", "geen van beide"},
		"an empty file": {"x.csv", " ", "", "geen waarden"}, "half a workbook": {"x.xlsx", "PK\x03\x04", "", ""},
	} {
		w := send(c[0], c[1], c[2])
		if words := plainWords(w.Body.String()); w.Code != http.StatusUnprocessableEntity || !strings.Contains(words, c[3]) {
			t.Errorf("%s: %d, want 422 with %q", what, w.Code, c[3])
		}
	}
	const list = "Datum;Waarde;Toelichting\n31/03/2026;7,5;verbeterd\n30/06/2026;1.234;\n30/09/2026;6,5;\n31/12/2026;6;\n"
	w := send("verzuim.csv", list, "")
	wantCode(t, "preview", w, http.StatusOK)
	words := plainWords(w.Body.String())
	for _, says := range []string{"Vervangt 7 %", "B3: “1.234” kan twee dingen betekenen", "Rij 5: deze dag moet nog komen", "1 nieuwe waarde wordt bewaard"} {
		if !strings.Contains(words, says) {
			t.Errorf("the preview does not say %q: %s", says, words)
		}
	}
	if n := value[int](o, `SELECT count(*) FROM measurement`); n != 1 {
		t.Fatalf("%d values after a preview, want 1", n)
	}
	form := keyed(nil)
	for _, m := range hiddenFields.FindAllStringSubmatch(w.Body.String(), -1) {
		form.Set(m[1], m[2])
	}
	wantCode(t, "unconfirmed", director.post(page+"/confirm", form), http.StatusUnprocessableEntity)
	form.Set("skip", "1")
	wantCode(t, "without the wrong rows", director.post(page+"/confirm", form), http.StatusUnprocessableEntity)
	form.Set("replace", "1")
	for range 2 {
		wantCode(t, "confirmed", director.post(page+"/confirm", form), http.StatusSeeOther)
	}
	if n := value[int](o, `SELECT count(*) FROM measurement WHERE channel = 'import'`); n != 2 {
		t.Errorf("%d values of the list, want 2", n)
	}
	form.Set("idempotency_key", uuid.NewString())
	if w := director.post(page+"/confirm", form); w.Code != http.StatusUnprocessableEntity || !strings.Contains(plainWords(w.Body.String()), "Intussen zijn er andere waarden ingevoerd") {
		t.Errorf("a preview of before: %d", w.Code)
	}
	wantCode(t, "what is no list", director.post(page+"/confirm", keyed(form, "list", "***")), http.StatusBadRequest)
	pasted := send("", "", "31/12/2025\t8\n")
	if wantCode(t, "pasted", pasted, http.StatusOK); !strings.Contains(plainWords(pasted.Body.String()), "1 nieuwe waarde") {
		t.Error("pasted cells are not read")
	}
}
