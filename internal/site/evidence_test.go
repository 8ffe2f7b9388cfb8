package site

import (
	"bytes"
	"errors"
	"io/fs"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"jalon/internal/evidence"
	"jalon/internal/shelf"
	"jalon/internal/store"
)

const smallPDF = "%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\nstartxref\n0\n%%EOF\n"

// sentFile is one file of a form.
type sentFile struct {
	name    string
	content []byte
}

// withFiles makes the body of a form with files in the field "file".
func withFiles(t testing.TB, fields url.Values, files ...sentFile) (contentType, body string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	var err error
	for name, values := range fields {
		for _, value := range values {
			err = errors.Join(err, w.WriteField(name, value))
		}
	}
	for _, f := range files {
		h := textproto.MIMEHeader{}
		h.Set("Content-Disposition", `form-data; name="file"; filename="`+strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(f.name)+`"`)
		h.Set("Content-Type", "text/html") // what a browser says of it counts for nothing
		part, failed := w.CreatePart(h)
		if failed == nil {
			_, failed = part.Write(f.content)
		}
		err = errors.Join(err, failed)
	}
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), b.String()
}

// answering gives an office with the two duties of a delegation, and what answers one of them.
func answering(t testing.TB) (o *office, links []string, answer func(change ...func(url.Values)) url.Values) {
	t.Helper()
	o = followed(t)
	o.sql(`INSERT INTO delegation (mandate_id, granted_by, person_id, starts_on, ends_on) SELECT id, $1, $2, '2026-01-01', '2026-12-31' FROM mandate WHERE code = 'LETTER'`, o.id["director"], o.id["delegate"])
	director := o.as("director")
	event := director.post("/nl/mandates/LETTER/events", delegation()).Header().Get("Location")
	links = dutyLink.FindAllString(director.get(event).Body.String(), -1)
	return o, links, func(change ...func(url.Values)) url.Values {
		form := url.Values{"idempotency_key": {uuid.NewString()}, "done_on": {"13/10/2026"}}
		for _, c := range change {
			c(form)
		}
		return form
	}
}

func (b *browser) send2(path string, fields url.Values, files ...sentFile) *httptest.ResponseRecorder {
	media, body := withFiles(b.t, fields, files...)
	return b.postRaw(path, media, body)
}

var evidenceLink = regexp.MustCompile(`href="(/nl/mandates/LETTER/evidence/\d+)"`)

func TestAFileClosesADutyAndIsReadByWhoMay(t *testing.T) {
	o, links, answer := answering(t)
	delegate := o.as("delegate")
	open := sentFile{`C:\map\évaluation "x".pdf`, []byte(smallPDF)}
	closed := sentFile{"geheim.txt", []byte("Een vertrouwelijke nota.")}
	wantCode(t, "an open file", delegate.send2(links[0]+"/answer", answer(), open), http.StatusSeeOther)
	secret := func(f url.Values) { f.Set("confidential", "yes") }
	for range 2 { // sent twice, stored once
		form := answer(secret)
		form.Set("idempotency_key", "2f0f9b5e-6d2a-4a58-9f2e-5d8f7b1c0a11")
		wantCode(t, "a confidential file", o.as("director").send2(links[1]+"/answer", form, closed, closed), http.StatusSeeOther)
	}
	if n := value[int](o, `SELECT count(*) FROM evidence`); n != 3 {
		t.Fatalf("%d files, want 3", n)
	}
	if n := value[int](o, `SELECT count(DISTINCT sha256) FROM evidence WHERE confidential`); n != 1 {
		t.Errorf("%d contents of the same file", n)
	}
	page := func(who, link string) string {
		w := o.as(who).get(link)
		wantCode(t, "page for "+who, w, http.StatusOK)
		return w.Body.String()
	}
	address := evidenceLink.FindStringSubmatch(page("director", links[0]))[1]
	hidden := evidenceLink.FindStringSubmatch(page("director", links[1]))[1]
	for who, want := range map[string][2]int{
		"director": {200, 200}, "delegate": {200, 403}, "committee": {200, 200}, "hr": {200, 200}, "secretary": {200, 403},
		"admin": {403, 403}, "evaluator": {403, 403}, "nobody": {403, 403}, "director2": {404, 404},
	} {
		b := o.as(who)
		wantCode(t, "the open file for "+who, b.get(address), want[0])
		wantCode(t, "the confidential file for "+who, b.get(hidden), want[1])
		if want[0] != 200 {
			continue
		}
		body := b.get(links[1]).Body.String()
		if shows := strings.Contains(body, "geheim.txt"); shows != (want[1] == 200) {
			t.Errorf("%s reads the name of the confidential file: %v", who, shows)
		}
		if tells := strings.Contains(body, "2 vertrouwelijke bestanden"); tells != (want[1] != 200) {
			t.Errorf("%s is told of files out of reach: %v", who, tells)
		}
	}
	if n := value[int](o, `SELECT count(*) FROM audit_event WHERE action = 'read evidence' AND actor_id = $1`, o.id["committee"]); n != 2 {
		t.Errorf("%d readings of the committee are noted, want 2", n)
	}
	w := o.as("hr").get(address)
	if w.Body.String() != smallPDF {
		t.Errorf("sent %q", w.Body)
	}
	for header, want := range map[string]string{
		"Content-Type": "application/pdf", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'", "Cache-Control": "private, no-store",
		"Content-Length": "64",
	} {
		if got := w.Header().Get(header); got != want && header != "Content-Length" {
			t.Errorf("%s: %q, want %q", header, got, want)
		}
	}
	disposition, params, err := mime.ParseMediaType(w.Header().Get("Content-Disposition"))
	if err != nil || disposition != "attachment" || params["filename"] != "évaluation _x_.pdf" {
		t.Errorf("disposition %q: %v", w.Header().Get("Content-Disposition"), err)
	}
	for _, path := range []string{"/nl/mandates/ELDERS-A4/evidence/1", "/nl/mandates/LETTER/evidence/999", "/nl/mandates/LETTER/evidence/-1", "/nl/mandates/LETTER/evidence/1e3", "/nl/mandates/LETTER/evidence/99999999999999999999"} {
		wantCode(t, path, o.as("committee").get(path), http.StatusNotFound)
	}
}

// contents lists what lies on the shelf of an office.
func (o *office) contents(folder string) (all []string) {
	o.t.Helper()
	err := filepath.WalkDir(folder, func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			all = append(all, name)
		}
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return all
}

// shelved gives the office another shelf, and its folder.
func (o *office) shelved() (folder string) {
	o.t.Helper()
	folder = filepath.Join(o.t.TempDir(), "files")
	files, err := shelf.Open(folder)
	if err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { _ = files.Close() })
	o.Shelf = files
	return folder
}

func TestADamagedFileIsNotSent(t *testing.T) {
	o, links, answer := answering(t)
	folder := o.shelved()
	director := o.as("director")
	wantCode(t, "answer", director.send2(links[0]+"/answer", answer(), sentFile{"bewijs.txt", []byte("Kanarievogel")}), http.StatusSeeOther)
	address := evidenceLink.FindStringSubmatch(director.get(links[0]).Body.String())[1]
	name := o.contents(folder)[0]
	if err := errors.Join(os.Chmod(name, 0o600), os.WriteFile(name, []byte("kanarievogel"), 0o600)); err != nil {
		t.Fatal(err)
	}
	for lang, words := range map[string]string{"nl": "beschadigd of ontbreekt", "fr": "endommagé ou manque"} {
		w := director.get(strings.Replace(address, "/nl/", "/"+lang+"/", 1))
		wantCode(t, "damaged", w, http.StatusInternalServerError)
		if strings.Contains(w.Body.String(), "anarievogel") || !strings.Contains(w.Body.String(), words) || w.Header().Get("Content-Disposition") != "" {
			t.Errorf("%s: %s", lang, w.Body)
		}
	}
	if !strings.Contains(o.log.String(), "not what was kept") {
		t.Error("the log does not tell")
	}
}

func TestWithoutRoomForFilesNothingIsStored(t *testing.T) {
	o, links, answer := answering(t)
	folder := o.shelved()
	if err := os.RemoveAll(folder); err != nil { // the disk is away
		t.Fatal(err)
	}
	director := o.as("director")
	for _, lang := range []string{"nl", "fr"} {
		w := director.send2(strings.Replace(links[0], "/nl/", "/"+lang+"/", 1)+"/answer", answer(), sentFile{"bewijs.pdf", []byte(smallPDF)})
		wantCode(t, "without room", w, http.StatusInsufficientStorage)
	}
	wantCode(t, "a note alone", director.send2(links[0]+"/answer", answer(func(f url.Values) { f.Set("note", "Gedaan.") })), http.StatusSeeOther)
	if n := value[int](o, `SELECT count(*) FROM evidence`); n != 0 {
		t.Errorf("%d rows without a file", n)
	}
}

func TestAMandateHasRoomForSoMuchEvidence(t *testing.T) {
	o, links, answer := answering(t)
	director := o.as("director")
	wantCode(t, "answer", director.send2(links[0]+"/answer", answer(), sentFile{"a.pdf", []byte(smallPDF)}), http.StatusSeeOther)
	o.sql(`INSERT INTO duty_answer (mandate_id, target_id, event_id, due, timing, done_on, note, lang, author_id)
		SELECT mandate_id, target_id, event_id, due, timing, done_on, 'x', lang, author_id FROM duty_answer`)
	for range 19 { // 25 MB each
		o.sql(`WITH a AS (
				INSERT INTO duty_answer (mandate_id, target_id, event_id, due, timing, done_on, lang, author_id, files)
				SELECT mandate_id, target_id, event_id, due, timing, done_on, lang, author_id, 1 FROM duty_answer LIMIT 1 RETURNING *)
			INSERT INTO evidence (mandate_id, target_id, answer_id, sha256, size, kind, name, confidential, added_by, added_at)
			SELECT mandate_id, target_id, id, decode(repeat('ab', 32), 'hex'), $1, 'pdf', 'x.pdf', false, author_id, now() FROM a`, evidence.MaxSize)
	}
	big := bytes.Repeat([]byte("woord\n"), evidence.MaxSize/6)
	w := director.send2(links[1]+"/answer", answer(), sentFile{"groot.txt", big})
	wantCode(t, "500 MB are full", w, http.StatusUnprocessableEntity)
	if !strings.Contains(w.Body.String(), "500 MB") {
		t.Error("it does not say what the limit is")
	}
	wantCode(t, "a small one", director.send2(links[1]+"/answer", answer(), sentFile{"b.pdf", []byte(smallPDF)}), http.StatusSeeOther)
}

// The database holds by itself that a file belongs to its own mandate, that
// an answer has the files that it says, and that nothing is changed.
func TestTheDatabaseKeepsEvidenceWhereItBelongs(t *testing.T) {
	o, links, answer := answering(t)
	wantCode(t, "answer", o.as("director").send2(links[0]+"/answer", answer(), sentFile{"a.pdf", []byte(smallPDF)}), http.StatusSeeOther)
	const columns = `INSERT INTO evidence (mandate_id, target_id, answer_id, sha256, size, kind, name, confidential, added_by, added_at) SELECT `
	for what, sql := range map[string]string{
		"another mandate":   columns + `(SELECT id FROM mandate WHERE code = 'ELDERS-A4'), target_id, id, decode(repeat('ab', 32), 'hex'), 1, 'pdf', 'x', false, author_id, now() FROM duty_answer`,
		"another target":    columns + `mandate_id, target_id + 1, id, decode(repeat('ab', 32), 'hex'), 1, 'pdf', 'x', false, author_id, now() FROM duty_answer`,
		"of nothing":        columns + `mandate_id, target_id, NULL, decode(repeat('ab', 32), 'hex'), 1, 'pdf', 'x', false, author_id, now() FROM duty_answer`,
		"one more file":     columns + `mandate_id, target_id, id, decode(repeat('ab', 32), 'hex'), 1, 'pdf', 'x', false, author_id, now() FROM duty_answer`,
		"a path for a name": columns + `mandate_id, target_id, id, decode(repeat('ab', 32), 'hex'), 1, 'pdf', '../x', false, author_id, now() FROM duty_answer`,
		"a gif":             columns + `mandate_id, target_id, id, decode(repeat('ab', 32), 'hex'), 1, 'gif', 'x', false, author_id, now() FROM duty_answer`,
		"a file that lacks": `INSERT INTO duty_answer (mandate_id, target_id, due, timing, done_on, lang, author_id, files) SELECT mandate_id, target_id, due, timing, done_on, lang, author_id, 1 FROM duty_answer`,
		"an answer without": `INSERT INTO duty_answer (mandate_id, target_id, due, timing, done_on, lang, author_id) SELECT mandate_id, target_id, due, timing, done_on, lang, author_id FROM duty_answer`,
		"another name":      `UPDATE evidence SET name = 'y'`,
		"removal":           `DELETE FROM evidence`,
	} {
		if _, err := o.Store.Pool().Exec(store.AsSystem(t.Context()), sql); err == nil {
			t.Errorf("%s: the database lets it pass", what)
		}
	}
}

func TestAnAnswerWithFilesIsKeptThroughASignIn(t *testing.T) {
	o, links, answer := answering(t)
	stale := &browser{office: o, cookies: map[string]string{sessionCookie: "ended"}, address: "192.0.2.10"}
	w := stale.send2(links[0]+"/answer", answer(func(f url.Values) { f.Set("note", "Lang getypt.") }), sentFile{"a.pdf", bytes.Repeat([]byte("a"), 6<<20)})
	wantCode(t, "after the end", w, http.StatusForbidden)
	if !strings.Contains(w.Body.String(), "Lang+getypt.") {
		t.Errorf("what was typed is gone: %s", w.Body)
	}
	if strings.Contains(w.Body.String(), "aaaaaaaaaa") {
		t.Error("the file is carried along")
	}
}
