package site

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

// unzipped asks for one's own data and gives the files.
func (b *browser) unzipped(lang string) map[string]string {
	b.t.Helper()
	r := b.post("/"+lang+"/preferences/data", url.Values{"idempotency_key": {uuid.NewString()}})
	wantCode(b.t, "own data", r, http.StatusOK)
	if !strings.HasPrefix(r.Header().Get("Content-Disposition"), "attachment") || r.Header().Get("Content-Type") != "application/zip" {
		b.t.Errorf("%v", r.Header())
	}
	z, err := zip.NewReader(bytes.NewReader(r.Body.Bytes()), int64(r.Body.Len()))
	if err != nil {
		b.t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range z.File {
		open, err := f.Open()
		if err != nil {
			b.t.Fatal(err)
		}
		content, err := io.ReadAll(open)
		if err != nil {
			b.t.Fatal(err)
		}
		files[f.Name] = string(content)
	}
	return files
}

// work has a person write in every place, each time with a marker of their own, and lists the markers.
func (o *office) work(who, mandate string, targets []string) (markers []string) {
	o.t.Helper()
	mark := func(what string) string {
		m := fmt.Sprintf("EIGEN-%s-%02d-%s", who, len(markers), what)
		markers = append(markers, m)
		return m
	}
	b := o.as(who)
	o.sql(`UPDATE person SET name = $1 WHERE id = $2`, mark("name"), o.id[who])
	markers = append(markers, who+"@jalon.example")
	for _, target := range targets {
		id := value[int64](o, `SELECT t.id FROM target t JOIN mandate m ON m.id = t.mandate_id WHERE m.code = $1 AND t.code = $2`, mandate, target)
		o.sql(`INSERT INTO progress_entry (mandate_id, target_id, as_of, author_id, lang, status, achieved, obstacles, next_steps, support_asked, support_of, support_by, reason)
			SELECT mandate_id, id, '2026-11-01', $1, 'nl', 'support_needed', $2, $3, $4, $5, $6, '2026-12-31', $7 FROM target WHERE id = $8`,
			o.id[who], mark("achieved"), mark("obstacles"), mark("next"), mark("asked"), mark("of"), mark("reason"), id)
		o.sql(`INSERT INTO report_draft (mandate_id, period, target_id, fields, saved_by) SELECT mandate_id, '2026-07-01', id, jsonb_build_object('achieved', $1::text), $2 FROM target WHERE id = $3`, mark("draft"), o.id[who], id)
		o.sql(`INSERT INTO duty_answer (mandate_id, target_id, due, timing, done_on, note, link, lang, author_id) SELECT mandate_id, id, '2026-10-01', 'date', '2026-10-01', $1, $2, 'nl', $3 FROM target WHERE id = $4`,
			mark("note"), "https://x.example/"+mark("link"), o.id[who], id)
		o.sql(`INSERT INTO duty_waiver (mandate_id, target_id, due, reason, lang, waived_by) SELECT mandate_id, id, '2026-10-02', $1, 'nl', $2 FROM target WHERE id = $3`, mark("waiver"), o.id[who], id)
	}
	o.sql(`INSERT INTO event (mandate_id, kind, title, lang, starts_on, ends_on, place, recorded_by) SELECT id, 'other', $1, 'nl', '2026-10-01', '2026-10-01', $2, $3 FROM mandate WHERE code = $4`, mark("title"), mark("place"), o.id[who], mandate)
	o.sql(`INSERT INTO letter_import (mandate_id, lang, file_name, sha256, source, findings, imported_by) SELECT id, 'nl', $1, sha256('x'), '', '[]', $2 FROM mandate WHERE code = $3`, mark("file"), o.id[who], mandate)
	o.sql(`INSERT INTO outgoing_mail (person_id, kind, key, day, subject, text, html, unsubscribe_url, message_id, state, queued_at) VALUES ($1, 'digest', 'd', '2026-10-01', $2, '', '', '', $3, 'kept', now())`,
		o.id[who], mark("subject"), who+"@jalon.example")
	o.sql(`INSERT INTO person_identity (person_id, issuer, subject, linked_at) VALUES ($1, 'https://idp.example', $2, now())`, o.id[who], mark("subject-there"))
	o.sql(`INSERT INTO event_list (mandate_id, file_name, sha256, recorded, cancelled, imported_by, imported_at) SELECT id, $1, sha256('x'), 1, 0, $2, now() FROM mandate WHERE code = $3`, mark("list"), o.id[who], mandate)
	wantCode(o.t, "preferences", b.post("/nl/preferences", url.Values{"idempotency_key": {uuid.NewString()}, "lang": {"fr"}, "digest": {"off"}}), http.StatusSeeOther)
	return markers
}

// Whoever asks gets all of their own and nothing of anybody else's.
func TestOwnDataIsWholeAndOnlyOnesOwn(t *testing.T) {
	o := withLetter(t)
	targets := []string{"S1.1-1", "S3.2-2", "T4.7-1", "T2.2-1"}
	o.sql(`UPDATE tenure SET person_id = $1 WHERE mandate_id = (SELECT id FROM mandate WHERE code = 'LETTER')`, o.id["director"])
	mine := o.work("director", "LETTER", targets)
	theirs := o.work("delegate", "LETTER", []string{"S1.2-1", "S2.3-1", "T4.4-1"})
	theirs[0] = "nobody-has-this" // the delegate's name stands in the delegation, as it must
	if len(mine) < 40 {
		t.Fatalf("%d markers, want 40", len(mine))
	}
	wantCode(t, "a reader", o.as("committee").get("/nl/mandates/LETTER/monitoring/2026-H2.csv"), http.StatusOK)
	b := o.as("director")
	wantCode(t, "the page", b.get("/fr/preferences/data"), http.StatusOK)
	for lang, words := range map[string]string{"nl": "Wie uw dossier las", "fr": "Qui a lu ou téléchargé votre dossier"} {
		files := b.unzipped(lang)
		if len(files) != 2 || !json.Valid([]byte(files["jalon.json"])) || !strings.Contains(files["jalon.html"], words) || strings.Contains(files["jalon.html"], "⟨") {
			t.Errorf("%s: %d files; %.200s", lang, len(files), files["jalon.html"])
		}
		for name, content := range files {
			for _, m := range mine {
				if !strings.Contains(content, m) {
					t.Errorf("%s lacks %s", name, m)
				}
			}
			for _, m := range theirs {
				if strings.Contains(content, m) {
					t.Errorf("%s has %s", name, m)
				}
			}
			if strings.Contains(content, "argon2id") || strings.Contains(content, "Naam committee") {
				t.Errorf("%s tells too much", name)
			}
		}
	}
	if n := value[int](o, `SELECT count(*) FROM audit_event WHERE action = 'export own data' AND actor_id = $1`, o.id["director"]); n != 2 {
		t.Errorf("%d events", n)
	}
	b.unzipped("nl")
	r := b.post("/nl/preferences/data", url.Values{"idempotency_key": {uuid.NewString()}})
	wantCode(t, "once too often", r, http.StatusTooManyRequests)
	stranger := o.browser()
	if r := stranger.post("/nl/preferences/data", url.Values{"idempotency_key": {uuid.NewString()}}); r.Code == http.StatusOK {
		t.Error("a stranger got a file")
	}
	// who has left the office asks for the same
	o.sql(`UPDATE tenure SET ends_on = '2026-11-23' WHERE person_id = $1`, o.id["director"])
	o.pass(time.Hour)
	left := o.as("director").unzipped("nl")["jalon.json"]
	for _, m := range mine {
		if !strings.Contains(left, m) {
			t.Errorf("after the end of the tenure %s is gone", m)
		}
	}
}
