package site

import (
	"archive/zip"
	"bytes"
	"io"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

const secretNote = "Kanarienotitie van de beoordelaar"

// A note is read by who wrote it and by nobody else: not by whom it is about, not
// by HR, not by another evaluator of the same case, on no page, in no export and
// no dossier, in nobody else's own data, in no line of the trail.
func TestANoteOfAnEvaluatorIsReadByNobodyElse(t *testing.T) {
	o := newExample(t)
	h := &hand{}
	o.Exports = h
	const page = "/nl/evaluations/1"
	o.sql(`INSERT INTO evaluator (mandate_id, evaluation_id, person_id, starts_on, ends_on, capacity, named_by)
		SELECT e.mandate_id, e.id, p.id, '2026-11-01', '2027-01-31', 'superior', e.created_by FROM evaluation e, person p WHERE e.id = 1 AND p.email = 'committee@jalon.example'`)
	author := o.as("evaluator")
	wantCode(t, "the note", author.post(page+"/note", keyed(nil, "note", secretNote, "note_version", "0")), 303)
	if body := author.get(page).Body.String(); !strings.Contains(body, secretNote) {
		t.Fatal("the author does not read the note")
	}
	if !strings.Contains(author.unzipped("nl")["jalon.json"], secretNote) {
		t.Error("the author's own data do not hold the note")
	}

	another := o.as("committee")
	if body := another.get(page).Body.String(); !strings.Contains(body, `name="note"`) {
		t.Error("another evaluator is offered no note of their own")
	}
	pages := []string{
		"/nl", page, "/fr/evaluations/1", "/nl/evaluations", page + "/dossier", page + "/versions/1", page + "/report", page + "/note", "/nl/mandates/ACTIRIS-A4-EL", "/nl/mandates/ACTIRIS-A4-EL/access-log",
		"/nl/overview", "/nl/due", "/nl/calendar", "/nl/admin/audit", "/nl/admin/mail", "/nl/admin/retention", "/nl/search?q=beoordelaar", "/nl/exports", "/api/v1/mandates/ACTIRIS-A4-EL", "/api/v1/openapi.json",
	}
	for _, who := range []string{"committee", "director", "hr", "delegate", "secretary", "strategy", "admin", "director2"} {
		b := o.as(who)
		for _, path := range pages {
			if strings.Contains(b.get(path).Body.String(), "Kanarienotitie") {
				t.Errorf("%s reads the note at %s", who, path)
			}
		}
		for name, content := range b.unzipped("nl") {
			if strings.Contains(content, "Kanarienotitie") {
				t.Errorf("%s: own data hold the note of another in %s", who, name)
			}
		}
		if who == "committee" {
			continue // has a note too
		}
		if w := b.post(page+"/note", keyed(nil, "note", "x", "note_version", "1")); w.Code != 403 && w.Code != 404 {
			t.Errorf("%s writes a note: %d", who, w.Code)
		}
	}
	for _, lang := range []string{"nl", "fr"} {
		for _, name := range holding(t, o.dossier(t, h, o.as("hr"), page, lang).zip, "Kanarienotitie") {
			t.Errorf("the dossier in %s holds the note in %s", lang, name)
		}
	}
	if n := value[int](o, `SELECT count(*) FROM audit_event WHERE detail::text LIKE '%Kanarie%'`); n != 0 {
		t.Errorf("%d lines of the trail hold the note", n)
	}
	if n := value[int](o, `SELECT count(*) FROM audit_event WHERE action = 'write evaluation note' AND object = 'evaluation/1'`); n != 1 {
		t.Errorf("%d lines of the trail tell that a note was written, want one", n)
	}
	if strings.Contains(o.log.String(), "Kanarie") {
		t.Error("the log holds the note")
	}
	o.sql(`UPDATE evaluator SET ends_on = '2026-11-02' WHERE evaluation_id = 1 AND person_id = (SELECT id FROM person WHERE email = 'evaluator@jalon.example')`)
	left := o.as("evaluator")
	wantCode(t, "after the last day", left.get(page), left.get("/nl/evaluations/99").Code) // as one that does not exist
	if body := left.get(page).Body.String(); strings.Contains(body, secretNote) {
		t.Error("the note is read after the last day")
	}
}

// holding names the files of an archive, and of documents that are archives
// themselves, that hold some words.
func holding(t *testing.T, archive []byte, words string) (names []string) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(content, []byte(words)) {
			names = append(names, f.Name)
		}
		if bytes.HasPrefix(content, []byte("PK\x03\x04")) {
			for _, inner := range holding(t, content, words) {
				names = append(names, f.Name+"/"+inner)
			}
		}
	}
	return names
}

// What was typed is not lost to what another window kept; nothing typed keeps
// nothing; with the closing notes are gone.
func TestANoteIsKeptReplacedAndForgotten(t *testing.T) {
	p := newProcedure(t)
	save := func(want int, text, version string) string {
		t.Helper()
		return p.send("evaluator", "/note", want, "note", text, "note_version", version).Body.String()
	}
	note := func() string {
		return value[string](p.office, `SELECT COALESCE((SELECT text || ' v' || version FROM evaluation_note), '')`)
	}
	for _, c := range []struct {
		name, text, version string
		code                int
		kept                string
	}{
		{"the first", "een", "0", 303, "een v1"},
		{"of a window that saw none", "anders", "0", 422, "een v1"},
		{"of the one that saw it", "twee", "1", 303, "twee v2"},
		{"of no version", "x", "", 422, "twee v2"},
		{"of a version that is none", "x", "drie", 422, "twee v2"},
		{"too long", strings.Repeat("x", 20001), "2", 422, "twee v2"},
		{"emptied in an old window", "", "1", 422, "twee v2"},
		{"emptied", "", "2", 303, ""},
		{"emptied again", "", "0", 303, ""},
		{"anew", secretNote, "0", 303, secretNote + " v1"},
	} {
		body := save(c.code, c.text, c.version)
		if got := note(); got != c.kept {
			t.Errorf("%s: kept %q, want %q", c.name, got, c.kept)
		}
		if c.name == "of a window that saw none" && (!strings.Contains(body, ">anders</textarea>") || !strings.Contains(body, ">een</p>") || !strings.Contains(body, `name="note_version" value="1"`)) {
			t.Error("the page does not show both texts, or cannot be saved again")
		}
	}
	for from, to := range map[string]string{"planned": "preparing"} {
		p.step(from, to, 303, "")
	}
	p.sql(`INSERT INTO evaluation_step (mandate_id, evaluation_id, from_stage, to_stage, on_day, by, at) SELECT mandate_id, id, 'preparing', 'appeal', '2026-11-20', created_by, now() FROM evaluation WHERE id = $1`, p.number())
	if note() == "" {
		t.Error("the note is gone during an appeal")
	}
	p.sql(`INSERT INTO evaluation_step (mandate_id, evaluation_id, from_stage, to_stage, on_day, by, at) SELECT mandate_id, id, 'appeal', 'closed', '2026-11-20', created_by, now() FROM evaluation WHERE id = $1`, p.number())
	if got := note(); got != "" {
		t.Errorf("after the closing %q is kept", got)
	}
	save(409, "te laat", "0")
	if body := p.as("evaluator").get(p.page).Body.String(); strings.Contains(body, `name="note"`) {
		t.Error("a closed evaluation offers a note")
	}
	if w := p.as("evaluator").post(p.page+"/note", url.Values{"idempotency_key": {newKey()}, "note": {"x"}, "other": {"x"}}); w.Code != 400 {
		t.Errorf("an unknown field: %d", w.Code)
	}
}

// number is that of the evaluation.
func (p procedure) number() int64 {
	id, err := strconv.ParseInt(p.page[strings.LastIndexByte(p.page, '/')+1:], 10, 64)
	if err != nil {
		p.t.Fatal(err)
	}
	return id
}
