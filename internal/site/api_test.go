package site

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"jalon/internal/demo"
	"jalon/internal/store"
)

// program is a client that knows a token and nothing else.
type program struct {
	*office
	token string
}

var madeToken = regexp.MustCompile(`jalon_[A-Za-z0-9_-]{43}`)

// programOf makes a token for somebody at their page.
func programOf(t *testing.T, b *browser, pairs ...string) program {
	t.Helper()
	form := keyed(nil, append([]string{"name", "Power BI", "expires_on", "31/12/2026"}, pairs...)...)
	path := "/nl/account/tokens"
	if limit := form.Get("limit to"); limit != "" {
		form.Set("mandate", limit)
		form.Del("limit to")
	} else if form.Has("mandate") {
		path = "/nl/admin/tokens"
	}
	w := b.post(path, form)
	wantCode(t, "make a token", w, http.StatusOK)
	token := madeToken.FindString(w.Body.String())
	if token == "" {
		t.Fatal("the page shows no token")
	}
	if again := b.post(path, form); again.Code != http.StatusSeeOther || strings.Contains(b.get(path).Body.String(), token) {
		t.Error("the token is shown a second time")
	}
	return program{b.office, token}
}

func (p program) ask(method, path, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Host = "jalon.example"
	if p.token != "" {
		r.Header.Set("Authorization", "Bearer "+p.token)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	p.ServeHTTP(w, r)
	return w
}

// newExample is the example office under the clock of these tests.
func newExample(t *testing.T) *office {
	return newOfficeWith(t, func(o *office) {
		if _, err := demo.Load(store.AsSystem(t.Context()), o.Store, o.Shelf, o.Signer, noon, func(string) string { return passwordHash() }); err != nil {
			t.Fatal(err)
		}
	})
}

// check holds a value against a schema of the description: types, formats, enums,
// and neither a field too few nor one too many.
func check(t *testing.T, where string, description, schema map[string]any, value any) {
	t.Helper()
	if name, ok := schema["$ref"].(string); ok {
		schemas := description["components"].(map[string]any)["schemas"].(map[string]any)
		found, ok := schemas[strings.TrimPrefix(name, "#/components/schemas/")].(map[string]any)
		if !ok {
			t.Fatalf("%s: %s is not described", where, name)
		}
		check(t, where, description, found, value)
		return
	}
	var types []string
	switch kind := schema["type"].(type) {
	case string:
		types = []string{kind}
	case []any:
		for _, k := range kind {
			types = append(types, k.(string))
		}
	}
	is := "null"
	switch value := value.(type) {
	case string:
		is = "string"
		layout := map[any]string{"date": time.DateOnly, "date-time": time.RFC3339}[schema["format"]]
		if _, err := time.Parse(layout, value); layout != "" && err != nil {
			t.Errorf("%s: %q is no %s", where, value, schema["format"])
		}
	case bool:
		is = "boolean"
	case json.Number:
		is = "number"
		if _, err := value.Int64(); err == nil && slices.Contains(types, "integer") {
			is = "integer"
		}
	case []any:
		is = "array"
		for _, one := range value {
			check(t, where+"[]", description, schema["items"].(map[string]any), one)
		}
	case map[string]any:
		is = "object"
		properties, _ := schema["properties"].(map[string]any)
		for name, one := range value {
			if property, ok := properties[name].(map[string]any); ok {
				check(t, where+"."+name, description, property, one)
			} else {
				t.Errorf("%s: %s is not described", where, name)
			}
		}
		for _, name := range asStrings(schema["required"]) {
			if _, ok := value[name]; !ok {
				t.Errorf("%s: %s is missing", where, name)
			}
		}
	}
	if !slices.Contains(types, is) {
		t.Errorf("%s: %v is %s, described as %v", where, value, is, types)
	}
	if enum := asStrings(schema["enum"]); len(enum) > 0 && !slices.Contains(enum, value.(string)) {
		t.Errorf("%s: %v is none of %v", where, value, enum)
	}
}

func asStrings(v any) (all []string) {
	list, _ := v.([]any)
	for _, one := range list {
		all = append(all, one.(string))
	}
	return all
}

func decoded(t *testing.T, w *httptest.ResponseRecorder) (v map[string]any) {
	t.Helper()
	in := json.NewDecoder(strings.NewReader(w.Body.String()))
	in.UseNumber()
	if err := in.Decode(&v); err != nil {
		t.Fatalf("no JSON: %v\n%s", err, w.Body)
	}
	return v
}

// holds checks an answer against what the description says of its address.
func (p program) holds(t *testing.T, description map[string]any, method, pattern string, w *httptest.ResponseRecorder) map[string]any {
	t.Helper()
	operation := description["paths"].(map[string]any)[pattern].(map[string]any)[strings.ToLower(method)].(map[string]any)
	all := operation["responses"].(map[string]any)
	answer, ok := all[num(int64(w.Code))].(map[string]any)
	if !ok {
		answer = all["default"].(map[string]any)
	}
	media, _, _ := strings.Cut(w.Header().Get("Content-Type"), ";")
	content, ok := answer["content"].(map[string]any)[media].(map[string]any)
	if !ok {
		t.Fatalf("%s %s: %d as %q is not described", method, pattern, w.Code, media)
	}
	value := decoded(t, w)
	check(t, method+" "+pattern, description, content["schema"].(map[string]any), value)
	return value
}

// Every list answers as the description says, as JSON and as CSV, to whoever may see it.
func TestTheInterfaceAnswersAsItIsDescribed(t *testing.T) {
	o := newExample(t)
	p := programOf(t, o.as("director"), "read", "1", "values", "1")
	description := decoded(t, program{o, ""}.ask(http.MethodGet, "/api/v1/openapi.json", ""))
	if description["openapi"] != "3.1.0" || strings.Contains(strings.ToLower(strings.Join(mapKeys(description["paths"].(map[string]any)), " ")), "evaluation") {
		t.Error("not OpenAPI 3.1, or evaluations are in it")
	}
	for _, rt := range o.apiRoutes() {
		if rt.list == nil {
			continue
		}
		code := "ACTIRIS-A4-EL.T2-V3"
		if strings.HasPrefix(rt.pattern, "/targets/") {
			code = "ACTIRIS-A4-EL.S3.2-1"
		}
		path := apiPrefix + strings.Replace(rt.pattern, "{code}", code, 1)
		w := p.ask(http.MethodGet, path, "")
		wantCode(t, path, w, http.StatusOK)
		items := p.holds(t, description, http.MethodGet, rt.pattern, w)["items"].([]any)
		if len(items) == 0 {
			t.Errorf("%s: nothing to check", path)
		}
		if len(w.Result().Cookies()) > 0 {
			t.Errorf("%s: sets a cookie", path)
		}
		tag := w.Header().Get("ETag")
		if same := p.ask(http.MethodGet, path, "", "If-None-Match", tag); same.Code != http.StatusNotModified || same.Body.Len() > 0 {
			t.Errorf("%s: %d for the same ETag", path, same.Code)
		}
		table := p.ask(http.MethodGet, path+"?format=csv", "")
		rows, err := csv.NewReader(table.Body).ReadAll()
		if err != nil || len(rows) != len(items)+1 || len(rows[0]) != len(rt.list.columns) || !strings.HasPrefix(table.Header().Get("Content-Type"), "text/csv") {
			t.Errorf("%s as CSV: %d rows (%v), want %d", path, len(rows), err, len(items)+1)
		}
		for _, query := range []string{"?role=admin", "?limit=0", "?limit=x", "?asof=2099-01-01", "?format=xml", "?limit=1&limit=2", "?after=NERGENS", "?mandate=ACTIRIS-A4-EL&role=x"} {
			w := p.ask(http.MethodGet, path+query, "")
			if w.Code != http.StatusBadRequest {
				t.Errorf("%s%s: %d, want 400", path, query, w.Code)
			}
			p.holds(t, description, http.MethodGet, rt.pattern, w)
		}
		for what, stranger := range map[string]program{"no token": {o, ""}, "an unknown token": {o, "jalon_" + strings.Repeat("x", 43)}} {
			w := stranger.ask(http.MethodGet, path, "")
			if w.Code != http.StatusUnauthorized || w.Header().Get("WWW-Authenticate") == "" {
				t.Errorf("%s with %s: %d", path, what, w.Code)
			}
			p.holds(t, description, http.MethodGet, rt.pattern, w)
			o.limits = newLimits(o.clock)
		}
	}
	hidden := p.ask(http.MethodGet, apiPrefix+"/indicators/ACTIRIS-A4-EL.T2-V3/values", "").Body.String()
	if n := strings.Count(hidden, `"value":null,"numerator":null,"denominator":null,"kept_back":true`); n != 2 {
		t.Errorf("%d figures of nine people are kept back, want 2: %s", n, hidden)
	}
	put := apiPrefix + "/indicators/ACTIRIS-A4-EL.S2-1/values/2026-09-30"
	for _, c := range []struct {
		body, outcome string
		code          int
	}{{`{"value":4.5}`, "created", 201}, {`{"value":"4,50"}`, "unchanged", 200}, {`{"value":5,"note":"herteld"}`, "replaced", 200}, {`{"value":5,"note":"herteld"}`, "unchanged", 200}} {
		w := p.ask(http.MethodPut, put, c.body)
		wantCode(t, c.body, w, c.code)
		if got := p.holds(t, description, http.MethodPut, "/indicators/{code}/values/{date}", w); got["outcome"] != c.outcome {
			t.Errorf("%s: %v, want %s", c.body, got["outcome"], c.outcome)
		}
	}
	if n := value[int](o, `SELECT count(*) FROM measurement WHERE channel = 'api' AND token_id IS NOT NULL AND recorded_by = $1`, value[int64](o, `SELECT id FROM person WHERE email = 'director@jalon.example'`)); n != 2 {
		t.Errorf("%d values stored by the program, want 2", n)
	}
	for what, c := range map[string]struct {
		path, body string
		code       int
	}{
		"words that are asked about": {put, `{"value":"1.234"}`, 422}, "no number": {put, `{"value":"veel"}`, 422}, "an exponent": {put, `{"value":1e400}`, 422},
		"an unknown field": {put, `{"value":1,"role":"admin"}`, 400}, "no JSON": {put, `value=1`, 400}, "two": {put, `{"value":1}{"value":2}`, 400}, "nothing": {put, `{}`, 422},
		"parts of a whole": {put, `{"numerator":1,"denominator":2}`, 422}, "tomorrow": {apiPrefix + "/indicators/ACTIRIS-A4-EL.S2-1/values/2026-11-25", `{"value":1}`, 422},
		"no day": {apiPrefix + "/indicators/ACTIRIS-A4-EL.S2-1/values/gisteren", `{"value":1}`, 422}, "a derived one": {apiPrefix + "/indicators/ACTIRIS-A4-EL.S2-3/values/2026-09-30", `{"value":1}`, 422},
		"a group not told": {apiPrefix + "/indicators/ACTIRIS-A4-EL.T2-V3/values/2026-10-31", `{"numerator":1,"denominator":20}`, 422},
		"a share of zero":  {apiPrefix + "/indicators/ACTIRIS-A4-EL.S1-1/values/2026-10-31", `{"numerator":1,"denominator":0}`, 422},
		"one that is not":  {apiPrefix + "/indicators/ACTIRIS-A4-EL.X-1/values/2026-10-31", `{"value":1}`, 404}, "a foreign one": {apiPrefix + "/indicators/VOORBEELD-A4P-LD.S2-1/values/2026-10-31", `{"value":1}`, 404},
		"no mandate": {apiPrefix + "/indicators/S2-1/values/2026-10-31", `{"value":1}`, 404},
	} {
		w := p.ask(http.MethodPut, c.path, c.body)
		if w.Code != c.code {
			t.Errorf("%s: %d, want %d", what, w.Code, c.code)
		}
		p.holds(t, description, http.MethodPut, "/indicators/{code}/values/{date}", w)
	}
	for body, want := range map[string]string{
		`{"value":1,"value":99}`: "Het veld value staat er twee keer.", `{"value":1,"VALUE":99}`: "Het veld VALUE is hier onbekend.", `{"valeu":1}`: "Het veld valeu is hier onbekend.",
	} {
		w := p.ask(http.MethodPut, put, body)
		wantCode(t, body, w, http.StatusBadRequest)
		if detail, _ := decoded(t, w)["detail"].(string); !strings.HasPrefix(detail, want) {
			t.Errorf("%s: %q, want %q", body, detail, want)
		}
	}
	for _, number := range []string{strings.Repeat("9", 41), `"` + strings.Repeat("9", 41) + `"`, "0.1234567890123"} {
		w := p.ask(http.MethodPut, put, `{"value":`+number+`}`)
		wantCode(t, number, w, http.StatusUnprocessableEntity)
		if detail, _ := decoded(t, w)["detail"].(string); detail != "Dit getal is te lang: hoogstens 30 cijfers voor de komma en 12 erna." {
			t.Errorf("%s: %q", number, detail)
		}
	}
	if w := p.ask(http.MethodPut, put, `{"value":"12 %"}`); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a percentage of modules: %d", w.Code)
	}
	if got := value[string](o, `SELECT trim_scale(value)::text FROM measurement WHERE channel = 'api' ORDER BY id DESC LIMIT 1`); got != "5" {
		t.Errorf("stored last: %s, want 5", got)
	}
	// who asks for a condition does not overwrite what they did not see (RFC 9110, 13.1)
	for _, condition := range []string{"If-Match", "If-None-Match", "If-Unmodified-Since"} {
		w := p.ask(http.MethodPut, put, `{"value":99}`, condition, "*")
		if got := p.holds(t, description, http.MethodPut, "/indicators/{code}/values/{date}", w); w.Code != http.StatusPreconditionFailed || !strings.Contains(got["detail"].(string), "If-None-Match") {
			t.Errorf("%s: %d %s", condition, w.Code, w.Body)
		}
	}
	if got := value[string](o, `SELECT trim_scale(value)::text FROM measurement WHERE channel = 'api' ORDER BY id DESC LIMIT 1`); got != "5" {
		t.Errorf("stored under a condition: %s, want 5", got)
	}
	wantCode(t, "more decimals than are shown", p.ask(http.MethodPut, apiPrefix+"/indicators/ACTIRIS-A4-EL.S2-1/values/2026-08-31", `{"value":12.34567}`), 201)
	if body := p.ask(http.MethodGet, apiPrefix+"/indicators/ACTIRIS-A4-EL.S2-1/values", "").Body.String(); !strings.Contains(body, `"value":12.34567,`) {
		t.Errorf("a value is not given back as it was sent: %s", body)
	}
	if w := p.ask(http.MethodPut, put, `{"value":1}`, "Content-Type", "text/plain"); w.Code != http.StatusUnsupportedMediaType {
		t.Errorf("plain text: %d", w.Code)
	}
}

// A program gets the form that it asks for most (RFC 9110, 12.5.1), and what it
// sends is kept as it is or not at all.
func TestAProgramGetsTheFormThatItAsksFor(t *testing.T) {
	o := newExample(t)
	p := programOf(t, o.as("director"), "read", "1", "values", "1")
	for accept, want := range map[string]string{
		"": "application/json", "*/*": "application/json", "text/csv": "text/csv", "Text/CSV": "text/csv", "text/*": "text/csv", "application/xml": "application/json",
		"application/json;q=0.5, text/csv": "text/csv", "text/csv;q=0.5, application/json": "application/json", "text/csv;q=0": "application/json",
		"text/csv, application/json": "text/csv", "text/csv, */*": "text/csv", "application/json, text/csv": "application/json", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": "application/json", "text/csv;q=0.9, */*;q=0.1": "text/csv",
	} {
		w := p.ask(http.MethodGet, apiPrefix+"/mandates", "", "Accept", accept)
		if got := w.Header().Get("Content-Type"); w.Code != http.StatusOK || !strings.HasPrefix(got, want) {
			t.Errorf("%q: %d %s, want %s", accept, w.Code, got, want)
		}
	}
	if w := p.ask(http.MethodGet, apiPrefix+"/mandates", "", "Authorization", "bearer "+p.token); w.Code != http.StatusOK {
		t.Errorf("the scheme in small letters: %d", w.Code)
	}
	packed := p.ask(http.MethodGet, apiPrefix+"/targets", "", "Accept-Encoding", "gzip")
	if vary := strings.Join(packed.Header().Values("Vary"), ", "); packed.Header().Get("Content-Encoding") != "gzip" || !strings.Contains(vary, "Accept-Encoding") || !strings.Contains(vary, "Authorization, Accept") {
		t.Errorf("packed as %q, varies by %s", packed.Header().Get("Content-Encoding"), vary)
	}
	values := apiPrefix + "/indicators/ACTIRIS-A4-EL.S2-1/values"
	for _, query := range []string{"?mandate=ACTIRIS-A4-WG", "?after=ACTIRIS-A4-EL", "?limit=1"} {
		if w := p.ask(http.MethodGet, values+query, ""); w.Code != http.StatusBadRequest {
			t.Errorf("%s of one indicator: %d, want 400", query, w.Code)
		}
	}
	for _, body := range []string{"{\"value\":1,\"note\":\"caf\xe9\"}", `{"value":1,"note":"\ud800"}`} {
		if w := p.ask(http.MethodPut, values+"/2026-09-30", body); w.Code != http.StatusBadRequest {
			t.Errorf("%q: %d, want 400", body, w.Code)
		}
	}
}

// A program is told in its own form of what is not there, and never that its
// request cannot be read when only its token is missing.
func TestWhatTheInterfaceDoesNotHaveIsToldToAProgram(t *testing.T) {
	p := program{newOffice(t), ""}
	for _, c := range []struct {
		method, path string
		code         int
	}{{http.MethodGet, "/nergens", 404}, {http.MethodGet, "/", 404}, {http.MethodGet, "/targets/A/B/C", 404}, {http.MethodPost, "/mandates", 405}, {http.MethodDelete, "/indicators/A.B/values/2026-06-30", 405}, {http.MethodPost, "/openapi.json", 405}} {
		w := p.ask(c.method, apiPrefix+c.path, "")
		if w.Code != c.code || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s %s: %d as %s, want %d", c.method, c.path, w.Code, w.Header().Get("Content-Type"), c.code)
		}
		if _, said := decoded(t, w)["detail"]; c.code == http.StatusNotFound && !said {
			t.Errorf("%s %s does not say what can be the matter", c.method, c.path)
		}
	}
	if w := p.ask(http.MethodGet, apiPrefix+"/mandates", "", "Accept-Language", "fr"); !strings.Contains(w.Body.String(), `"title":"Connexion requise"`) {
		t.Errorf("without a token: %s", w.Body)
	}
}

func mapKeys(m map[string]any) (names []string) {
	for name := range m {
		names = append(names, name)
	}
	return names
}

// A token opens what its person may see on the day, and only for what it was made.
func TestATokenIsNoMoreThanItsPerson(t *testing.T) {
	o := newOffice(t)
	o.sql(`INSERT INTO indicator (mandate_id, code) SELECT id, 'A-1' FROM mandate`)
	o.sql(`INSERT INTO indicator_version (mandate_id, indicator_id, valid_from, name_nl, name_fr, unit_nl, unit_fr, direction, per, decimals, cadence, origin, recorded_by, recorded_at)
		SELECT mandate_id, id, '2025-01-01', 'x', 'x', '', '', 'up', 0, 0, 'yearly', 'measured', $1, now() FROM indicator`, o.id["hr"])
	own, foreign := apiPrefix+"/indicators/ACTIRIS-A4.A-1/values", apiPrefix+"/indicators/ELDERS-A4.A-1/values"
	const day = "/2026-06-30"
	code := func(what string, w *httptest.ResponseRecorder, want int) {
		t.Helper()
		if w.Code != want {
			t.Errorf("%s: %d, want %d: %s", what, w.Code, want, w.Body)
		}
	}
	o.sql(`INSERT INTO measurement (mandate_id, indicator_id, on_date, value, lang, channel, recorded_by, recorded_at)
		SELECT mandate_id, id, '2026-06-30', 1, 'nl', 'page', $1, now() FROM indicator`, o.id["hr"])
	for who, c := range map[string]struct{ read, own, foreign, write, writeForeign int }{
		"director": {200, 200, 404, 200, 404}, "delegate": {200, 200, 404, 200, 404}, "committee": {200, 200, 200, 403, 403}, "secretary": {200, 200, 200, 200, 200},
		"hr": {200, 200, 200, 200, 200}, "evaluator": {403, 403, 403, 403, 403}, "nobody": {403, 403, 403, 403, 403}, "admin": {403, 403, 403, 403, 403},
	} {
		if offered := strings.Contains(o.as(who).get("/nl/account/tokens").Body.String(), `name="values"`); offered != (c.write != 403) {
			t.Errorf("%s is offered a token that writes: %t", who, offered)
		}
		p := programOf(t, o.as(who), "read", "1", "values", "1")
		code(who+" writes", p.ask(http.MethodPut, own+day, `{"value":1}`), c.write)
		code(who+" writes elsewhere", p.ask(http.MethodPut, foreign+day, `{"value":1}`), c.writeForeign)
		code(who+" lists", p.ask(http.MethodGet, apiPrefix+"/mandates", ""), c.read)
		code(who+" reads", p.ask(http.MethodGet, own, ""), c.own)
		code(who+" reads elsewhere", p.ask(http.MethodGet, foreign, ""), c.foreign)
		for _, page := range []string{"/nl/due", "/nl/account", "/nl/mandates/ACTIRIS-A4"} {
			if w := p.ask(http.MethodGet, page, ""); w.Code != http.StatusSeeOther || len(w.Result().Cookies()) > 1 {
				t.Errorf("%s: the token opens %s: %d", who, page, w.Code)
			}
		}
	}
	director := o.as("director")
	// limited to an institution, or to a mandate, it opens no more than that
	for limit, c := range map[string][2]int{"@ACTIRIS": {200, 404}, "ACTIRIS-A4": {200, 404}, "@ELDERS": {404, 200}} {
		p := programOf(t, o.as("hr"), "read", "1", "limit to", limit)
		code(limit+" reads", p.ask(http.MethodGet, own, ""), c[0])
		code(limit+" reads elsewhere", p.ask(http.MethodGet, foreign, ""), c[1])
	}
	reader := programOf(t, director, "read", "1")
	code("a reader writes", reader.ask(http.MethodPut, own+day, `{"value":1}`), 403)
	writer := programOf(t, director, "values", "1")
	code("a writer reads", writer.ask(http.MethodGet, own, ""), 403)
	sent := httptest.NewRequest(http.MethodGet, apiPrefix+"/mandates", nil)
	code("a session without a token", director.send(sent), 401)

	machine := programOf(t, o.as("admin"), "mandate", "ACTIRIS-A4")
	code("a machine delivers", machine.ask(http.MethodPut, own+"/2026-03-31", `{"value":7}`), 201)
	code("a machine elsewhere", machine.ask(http.MethodPut, foreign+day, `{"value":7}`), 404)
	code("a machine reads", machine.ask(http.MethodGet, own, ""), 403)
	if n := value[int](o, `SELECT count(*) FROM measurement WHERE recorded_by IS NULL AND token_id IS NOT NULL`); n != 1 {
		t.Errorf("%d values of the machine, want 1", n)
	}
	code("an administrator hands out a reader", &httptest.ResponseRecorder{Code: o.as("admin").post("/nl/admin/tokens", keyed(nil, "name", "x", "expires_on", "31/12/2026", "mandate", "ACTIRIS-A4", "read", "1", "values", "1")).Code}, 200)
	if n := value[int](o, `SELECT count(*) FROM api_token WHERE person_id IS NULL AND 'read' = ANY (scopes)`); n != 0 {
		t.Error("a machine may read")
	}

	end := value[int64](o, `SELECT max(id) FROM api_token WHERE person_id = $1 AND scopes = ARRAY['read']`, o.id["director"])
	code("another ends it", o.as("delegate").post("/nl/account/tokens/"+num(end)+"/end", keyed(nil)), 404)
	code("an administrator ends it", o.as("admin").post("/nl/admin/tokens/"+num(end)+"/end", keyed(nil)), 404)
	code("its owner ends it", director.post("/nl/account/tokens/"+num(end)+"/end", keyed(nil)), 303)
	code("it was revoked", reader.ask(http.MethodGet, own, ""), 401)
	secretary := programOf(t, o.as("secretary"), "read", "1")
	o.sql(`UPDATE person SET disabled_at = now() WHERE id = $1`, o.id["secretary"])
	code("its person was disabled", secretary.ask(http.MethodGet, own, ""), 401)
	o.sql(`UPDATE person SET disabled_at = NULL WHERE id = $1`, o.id["secretary"])
	if _, _, err := o.Store.SetPassword(t.Context(), store.Submission{Action: "set password"}, o.id["secretary"], passwordHash(), false, ""); err != nil {
		t.Fatal(err)
	}
	code("its person has another password", secretary.ask(http.MethodGet, own, ""), 401)
	delegate := programOf(t, o.as("delegate"), "read", "1")
	o.sql(`UPDATE delegation SET revoked_at = now()`)
	code("its person's office ended", delegate.ask(http.MethodGet, own, ""), 403)
	hr := programOf(t, o.as("hr"), "read", "1")
	o.pass(38 * 24 * time.Hour)
	code("it has expired", hr.ask(http.MethodGet, own, ""), 401)
	if log := o.log.String(); strings.Contains(log, "jalon_") || strings.Contains(log, `"level":"ERROR"`) {
		t.Error("the log knows a token, or an error")
	}
}

func TestATokenThatCannotBe(t *testing.T) {
	o := newOffice(t)
	director := o.as("director")
	for what, form := range map[string]url.Values{
		"for nothing": {"name": {"x"}, "expires_on": {"31/12/2026"}}, "without a name": {"read": {"1"}, "expires_on": {"31/12/2026"}},
		"for two years": {"name": {"x"}, "read": {"1"}, "expires_on": {"31/12/2028"}}, "that has expired": {"name": {"x"}, "read": {"1"}, "expires_on": {"23/11/2026"}},
	} {
		form.Set("idempotency_key", uuid.NewString())
		wantCode(t, what, director.post("/nl/account/tokens", form), http.StatusUnprocessableEntity)
	}
	if n := value[int](o, `SELECT count(*) FROM api_token`); n != 0 {
		t.Errorf("%d tokens made", n)
	}
	p := programOf(t, director, "read", "1")
	slow := 0
	for range 200 {
		if w := p.ask(http.MethodGet, apiPrefix+"/mandates", ""); w.Code == http.StatusTooManyRequests && w.Header().Get("Retry-After") != "" {
			slow++
		}
	}
	if slow != 80 {
		t.Errorf("%d of 200 requests at once are asked to wait, want 80", slow)
	}
}
