package store

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/uuid"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/evaluation"
)

// A note is its author's, whatever a careless query asks for and whoever asks:
// in the days for which they were named, and in their own data also later.
func TestACarelessQueryShowsNoNoteOfAnother(t *testing.T) {
	s := open(t)
	m := region(t, s)[0]
	o := access.Object{MandateID: m, EvaluationID: scan[int64](t, s, `SELECT id FROM evaluation WHERE mandate_id = $1`, m)}
	people := map[string]int64{"holder": scan[int64](t, s, `SELECT person_id FROM tenure WHERE mandate_id = $1`, m)}
	for _, name := range []string{"author", "colleague", "committee_member", "secretary", "hr_officer", "administrator"} {
		people[name] = person(t, s, name+"@jalon.example")
		if name == "author" || name == "colleague" {
			exec(t, s, `INSERT INTO evaluator (mandate_id, evaluation_id, person_id, starts_on, ends_on, named_by) VALUES ($1, $2, $3, '2026-11-01', '2026-11-30', $3)`, m, o.EvaluationID, people[name])
		} else {
			exec(t, s, `INSERT INTO role_grant (person_id, role, starts_on) VALUES ($1, $2, '2026-01-01')`, people[name], name)
		}
	}
	save := func(by int64, on calendar.Date, n evaluation.Note) error {
		sub := Submission{Key: uuid.New(), PersonID: by, Action: "write evaluation note"}
		return s.SaveEvaluationNote(As(context.Background(), by, on), sub, o, n, today.Time(), "")
	}
	if err := save(people["author"], today, evaluation.Note{Text: "van mij"}); err != nil {
		t.Fatal(err)
	}
	if err := save(people["author"], today, evaluation.Note{Text: "ook van mij"}); !errors.Is(err, ErrChanged) {
		t.Errorf("over a version that was not read: %v", err)
	}
	const write = `INSERT INTO evaluation_note (mandate_id, evaluation_id, person_id, version, text, saved_at) VALUES ($1, $2, $3, 1, 'x', now())`
	for name, id := range people {
		ctx := As(context.Background(), id, today)
		own := name == "author"
		var n int
		if err := s.pool.QueryRow(ctx, `SELECT count(*) FROM evaluation_note`).Scan(&n); err != nil || (n == 1) != own {
			t.Errorf("%s sees %d notes (%v)", name, n, err)
		}
		if note, err := s.EvaluationNote(ctx, o, people["author"]); err != nil || (note.Text == "van mij" && note.Version == 1) != own {
			t.Errorf("%s reads %+v (%v)", name, note, err)
		}
		if name == "holder" {
			// the errata of this region are no documents; the pages are asked for own data elsewhere
		} else if got := ownRows(t, s, id, "evaluation_notes", "text"); slices.Equal(got, []string{"van mij"}) != own || !own && len(got) > 0 {
			t.Errorf("own data of %s: %v", name, got)
		}
		if own {
			continue
		}
		for _, sql := range []string{`UPDATE evaluation_note SET text = 'x'`, `DELETE FROM evaluation_note`} {
			if tag, err := s.pool.Exec(ctx, sql); err != nil || tag.RowsAffected() != 0 {
				t.Errorf("%s: %s reaches %d notes (%v)", name, sql, tag.RowsAffected(), err)
			}
		}
		if _, err := s.pool.Exec(ctx, write, m, o.EvaluationID, people["author"]); err == nil {
			t.Errorf("%s writes in the name of the author", name)
		}
		if _, err := s.pool.Exec(ctx, write, m, o.EvaluationID, id); (err == nil) != (name == "colleague") {
			t.Errorf("%s writes a note of their own: %v", name, err)
		}
	}
	if _, err := s.pool.Exec(AsSystem(context.Background()), write, m, o.EvaluationID, people["holder"]); err == nil {
		t.Error("the system writes a note")
	}
	later := calendar.MustDate(2026, 12, 1)
	if note, err := s.EvaluationNote(As(context.Background(), people["author"], later), o, people["author"]); err != nil || note != (evaluation.Note{}) {
		t.Errorf("after their last day the author opens %+v (%v)", note, err)
	}
	if err := save(people["author"], later, evaluation.Note{Text: "te laat", Version: 1}); err == nil {
		t.Error("after their last day the author writes a note")
	}
	if got := ownRows(t, s, people["author"], "evaluation_notes", "text"); !slices.Equal(got, []string{"van mij"}) {
		t.Errorf("own data after the last day: %v", got)
	}
	if n := scan[int](t, s, `SELECT count(*) FROM audit_event WHERE detail::text LIKE '%van mij%'`); n != 0 {
		t.Errorf("%d lines of the trail hold what was noted", n)
	}
	if err := save(people["author"], today, evaluation.Note{Version: 1}); err != nil {
		t.Errorf("emptied: %v", err)
	}
	if n := scan[int](t, s, `SELECT count(*) FROM evaluation_note WHERE person_id = $1`, people["author"]); n != 0 {
		t.Error("what was emptied is kept")
	}
}

// Notes go with the closing of their evaluation, and with no other step.
func TestNotesGoWithTheClosing(t *testing.T) {
	s := open(t)
	all := region(t, s)
	for _, m := range all[:2] {
		who := person(t, s, "author"+string(rune('a'+m%26))+"@jalon.example")
		exec(t, s, `INSERT INTO evaluator (mandate_id, evaluation_id, person_id, starts_on, ends_on, named_by) SELECT mandate_id, id, $2, '2026-11-01', '2026-11-30', $2 FROM evaluation WHERE mandate_id = $1`, m, who)
		if _, err := s.pool.Exec(As(context.Background(), who, today), `INSERT INTO evaluation_note (mandate_id, evaluation_id, person_id, version, text, saved_at) SELECT mandate_id, id, $1, 1, 'x', now() FROM evaluation`, who); err != nil {
			t.Fatal(err)
		}
	}
	path := []string{"preparing", "concluded", "appeal", "closed"}
	for i := 1; i < len(path); i++ {
		exec(t, s, `INSERT INTO evaluation_step (mandate_id, evaluation_id, from_stage, to_stage, on_day, by, at) SELECT mandate_id, id, $2, $3, '2026-11-01', created_by, now() FROM evaluation WHERE mandate_id = $1`, all[0], path[i-1], path[i])
		want := 1
		if path[i] == "closed" {
			want = 0
		}
		if got := scan[int](t, s, `SELECT count(*) FROM evaluation_note WHERE mandate_id = $1`, all[0]); got != want {
			t.Errorf("after %s: %d notes, want %d", path[i], got, want)
		}
	}
	if scan[int](t, s, `SELECT count(*) FROM evaluation_note WHERE mandate_id = $1`, all[1]) != 1 {
		t.Error("the note of another evaluation went along")
	}
}
