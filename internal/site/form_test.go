package site

import (
	"bytes"
	"errors"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/web"
)

// sent makes the visit of a form as sent.
func sent(t testing.TB, contentType, body string) *visit {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/nl/x?name=from-the-query", strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	r.Body = http.MaxBytesReader(httptest.NewRecorder(), r.Body, bodyLimit)
	return &visit{Request: r, lang: bilingual.NL, print: catalogues().In(bilingual.NL)}
}

const urlencoded = "application/x-www-form-urlencoded"

func TestWhatNoFormOfOursSendsIsRefused(t *testing.T) {
	many := strings.Repeat("a=1&", 10_001)
	for name, c := range map[string]struct {
		media, body string
		want        int
	}{
		"unknown field":        {urlencoded, "name=x&role=admin", 400},
		"mass assignment":      {urlencoded, "created_at=2020-01-01", 400},
		"repeated field":       {urlencoded, "name=1&name=2", 400},
		"array":                {urlencoded, "name[]=1", 400},
		"nested":               {urlencoded, "filter[a][b]=c", 400},
		"method override":      {urlencoded, "_method=DELETE", 400},
		"bad escape":           {urlencoded, "name=%zz", 400},
		"semicolon":            {urlencoded, "name=1;b=2", 400},
		"bytes FF FE":          {urlencoded, "name=%ff%fe", 400},
		"lone surrogate":       {urlencoded, "name=%ed%a0%80", 400},
		"overlong":             {urlencoded, "name=%c0%af", 400},
		"json":                 {"application/json", `{"name":"x"}`, 415},
		"plain":                {"text/plain", "name=x", 415},
		"no type":              {"", "name=x", 415},
		"multipart":            {"multipart/form-data", "", 415},
		"10,001 parameters":    {urlencoded, many, 413},
		"too large":            {urlencoded, "name=" + strings.Repeat("x", bodyLimit), 413},
		"a very long name":     {urlencoded, strings.Repeat("n", 200) + "=x", 400},
		"code with a slash":    {urlencoded, "row.S1/2.status=x", 400},
		"code with a line end": {urlencoded, "row.S1%0A.status=x", 400},
		"no code":              {urlencoded, "row..status=x", 400},
		"prefix of a name":     {urlencoded, "nam=x", 400},
		"name and more":        {urlencoded, "names=x", 400},
		"nothing":              {urlencoded, "", 0},
		"all fields":           {urlencoded + "; charset=UTF-8", "name=x&row.S3.2-1.status=late&row.T5-K1.status=", 0},
	} {
		_, err := sent(t, c.media, c.body).form("name", "row.*.status")
		got := 0
		if err != nil {
			got = asProblem(err).status
		}
		if got != c.want {
			t.Errorf("%s: %d (%v), want %d", name, got, err, c.want)
		}
		if err != nil && strings.Contains(err.Error(), "role") {
			t.Errorf("%s: the error quotes the form: %v", name, err)
		}
	}
}

// The star of a name stands for a code, and for nothing longer or stranger.
func TestAStarIsACode(t *testing.T) {
	form := regexp.MustCompile(`\A(?:do|row\.[A-Za-z0-9][A-Za-z0-9.-]{0,39}\.(?:status|pick_status)|take\.[A-Za-z0-9][A-Za-z0-9.-]{0,39})\z`)
	allowed := []string{"do", "row.*.status", "row.*.pick_status", "take.*"}
	rapid.Check(t, func(rt *rapid.T) {
		name := rapid.OneOf(
			rapid.StringMatching(`(do|row|take)?\.?[A-Z0-9.\-é_ ]{0,45}(\.(pick_)?status)?`), rapid.StringMatching(`row\.S[0-9.\-]{0,5}\.status`), rapid.String(),
		).Draw(rt, "name")
		if got := isAllowed(name, allowed); got != form.MatchString(name) {
			rt.Fatalf("%q: %v", name, got)
		}
	})
}

func TestTheQueryIsNoForm(t *testing.T) {
	f, err := sent(t, urlencoded, "").form("name")
	if err != nil || f.has("name") || f.line("name", 10) != "" {
		t.Errorf("%v: the query was read", err)
	}
}

func TestTextsAsPeopleSendThem(t *testing.T) {
	for _, c := range []struct {
		name, typed string
		line        string // "!" stands for a refusal
		text        string
	}{
		{"composed", "cafe\u0301 ", "café", "café"},
		{"line ends", "a\r\nb", "!", "a\nb"},
		{"tab", "a\tb", "!", "a\tb"},
		{"NUL", "a\x00b", "!", "!"},
		{"bell", "a\ab", "!", "!"},
		{"escape", "a\x1b[31m", "!", "!"},
		{"next line", "a\u0085b", "!", "!"},
		{"direction override", "a\u202eb", "!", "ab"},
		{"isolates", "\u2066a\u2069", "!", "a"},
		{"nothing to be seen", "\u200b\ufeff \u00a0", "", ""},
		{"spaces", "   ", "", ""},
		{"markup", "<script>alert(1)</script>", "<script>alert(1)</script>", "<script>alert(1)</script>"},
		{"templates", "{{7*7}} ${7*7}", "{{7*7}} ${7*7}", "{{7*7}} ${7*7}"},
		{"formula", "=cmd|'/C calc'!A0", "=cmd|'/C calc'!A0", "=cmd|'/C calc'!A0"},
		{"family", "👨‍👩‍👧", "👨‍👩‍👧", "👨‍👩‍👧"},
		{"20 signs", strings.Repeat("ë", 20), strings.Repeat("ë", 20), strings.Repeat("ë", 20)},
		{"21 signs", strings.Repeat("ë", 21), "!", "!"},
		{"many marks", "e" + strings.Repeat("\u0301", 300), "!", "!"},
	} {
		f, err := sent(t, urlencoded, url.Values{"line": {c.typed}, "text": {c.typed}}.Encode()).form("line", "text")
		if err != nil {
			t.Fatal(err)
		}
		const limit = 25
		max := limit
		if strings.HasPrefix(c.name, "2") {
			max = 20
		}
		for field, got := range map[string]string{"line": f.line("line", max), "text": f.text("text", max)} {
			want := map[string]string{"line": c.line, "text": c.text}[field]
			refused := slices.ContainsFunc(f.errs, func(e web.FieldError) bool { return e.Field == field })
			if refused != (want == "!") || !refused && got != want {
				t.Errorf("%s as %s: %q, refused %v; want %q", c.name, field, got, refused, want)
			}
		}
	}
}

func TestRefusalSaysHowLongATextIs(t *testing.T) {
	f, err := sent(t, urlencoded, "text="+strings.Repeat("a", 30)).form("text")
	if err != nil {
		t.Fatal(err)
	}
	f.labels["text"] = "SD3.2"
	f.text("text", 20)
	f.refuse("text", "error.form.required")
	if len(f.errs) != 1 || f.errs[0].Label != "SD3.2" || !strings.Contains(f.errs[0].Text, "30") || !strings.Contains(f.errs[0].Text, "20") {
		t.Errorf("errors %+v", f.errs)
	}
}

func TestDecodeReadsEachKindOfField(t *testing.T) {
	type all struct {
		Line   string `form:"line,line,10,required"`
		Text   string `form:"text,text,10"`
		Choice string `form:"choice,choice,nl|fr,required"`
		Secret string `form:"secret,secret,5"`
		Raw    string `form:"raw,raw"`
	}
	in, f, err := decode[all](sent(t, urlencoded, url.Values{"line": {" a "}, "text": {"a\r\nb"}, "choice": {"fr"}, "secret": {" s "}, "raw": {" r "}}.Encode()))
	if want := (all{"a", "a\nb", "fr", " s ", " r "}); err != nil || in != want || !f.ok() {
		t.Errorf("%+v, %v, %v; want %+v", in, f.errs, err, want)
	}
	_, f, err = decode[all](sent(t, urlencoded, "choice=de&secret=123456"))
	if err != nil {
		t.Fatal(err)
	}
	var fields []string
	for _, e := range f.errs {
		fields = append(fields, e.Field)
	}
	if want := []string{"line", "choice", "secret"}; !slices.Equal(fields, want) {
		t.Errorf("refused %v, want %v", fields, want)
	}
	if _, _, err = decode[all](sent(t, urlencoded, "line=a&admin=1")); asProblem(err).status != 400 {
		t.Errorf("a field that the struct lacks: %v", err)
	}
}

func TestUploadTakesFilesInTheirFieldsOnly(t *testing.T) {
	body := func(parts int, file string) (contentType, body string) {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		for i := range parts {
			if err := w.WriteField("lang"+strings.Repeat("x", min(i, 1)), strconv.Itoa(i)); err != nil {
				t.Fatal(err)
			}
		}
		if file != "" {
			p, err := w.CreateFormFile(file, "../../letter.txt")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := p.Write([]byte("words")); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return w.FormDataContentType(), b.String()
	}
	for name, c := range map[string]struct {
		parts int
		file  string
		want  int
	}{"good": {1, "file", 0}, "file in a text field": {1, "lang", 400}, "file in an unknown field": {0, "other", 400}, "1,001 parts": {1001, "", 413}, "unknown field": {2, "", 400}} {
		media, raw := body(c.parts, c.file)
		f, done, err := sent(t, media, raw).upload(map[string]int{"file": 1}, "lang")
		got := 0
		if err != nil {
			got = asProblem(err).status
		} else if f.file() == nil || f.file().Filename != "letter.txt" {
			t.Errorf("%s: files %v", name, f.files)
		}
		if got != c.want {
			t.Errorf("%s: %d (%v), want %d", name, got, err, c.want)
		}
		done()
	}
	for media, want := range map[string]int{"multipart/form-data": 400, urlencoded: 415, "multipart/form-data; boundary=x": 400} {
		if _, _, err := sent(t, media, "junk").upload(map[string]int{"file": 1}); err == nil || asProblem(err).status != want {
			t.Errorf("%s: %v, want %d", media, err, want)
		}
	}
}

func TestAFileFieldLeftEmptyIsNoFile(t *testing.T) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part := textproto.MIMEHeader{"Content-Disposition": {`form-data; name="file"; filename=""`}, "Content-Type": {"application/octet-stream"}}
	if _, err := w.CreatePart(part); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.WriteField("lang", "nl"), w.Close()); err != nil {
		t.Fatal(err)
	}
	f, done, err := sent(t, w.FormDataContentType(), b.String()).upload(map[string]int{"file": 1}, "lang")
	if err != nil {
		t.Fatalf("as browsers send it: %v", err)
	}
	defer done()
	if f.file() != nil || f.raw("lang") != "nl" {
		t.Errorf("files %v, lang %q", f.files, f.raw("lang"))
	}
}

func TestRolesOfTheFormsAreThoseThatCanBeGiven(t *testing.T) {
	for _, r := range access.Granted {
		for _, field := range []string{"role", "grant_role"} {
			f, err := sent(t, urlencoded, field+"="+string(r)).form(field)
			if err != nil {
				t.Fatal(err)
			}
			var tag []string
			if field == "role" {
				tag = tagOf[personForm]("Role")
			} else {
				tag = tagOf[grantForm]("Role")
			}
			if f.read(tag) != string(r) || !f.ok() {
				t.Errorf("%s: %s is not offered", field, r)
			}
		}
	}
}

// tagOf gives the parts of a field's tag.
func tagOf[T any](field string) []string {
	f, _ := reflect.TypeFor[T]().FieldByName(field)
	return strings.Split(f.Tag.Get("form"), ",")
}

func FuzzText(f *testing.F) {
	for _, s := range []string{"a", "e\u0301", "\u202e", "\x00", "a\r\n\r\nb", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		form, err := sent(t, urlencoded, url.Values{"t": {typed}}.Encode()).form("t")
		if !utf8.ValidString(typed) {
			if err == nil {
				t.Errorf("%q is taken for text", typed)
			}
			return
		}
		if err != nil {
			return // too long
		}
		got := form.text("t", 1000)
		if !form.ok() {
			return
		}
		if !norm.NFC.IsNormalString(got) || utf8.RuneCountInString(got) > 1000 || strings.ContainsFunc(got, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) {
			t.Errorf("%q became %q", typed, got)
		}
	})
}
