package site

import (
	"net/http"
	"strconv"

	"jalon/internal/access"
	"jalon/internal/evaluation"
	"jalon/web"
)

type noteForm struct {
	Text    string `form:"note,text,20000" label:"evaluation.note_text"`
	Version string `form:"note_version,line,10,required"`
	Key     string `form:"idempotency_key,raw"`
}

// saveNote keeps what an evaluator notes for themself.
func (s *Site) saveNote(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[noteForm](v)
	if err != nil {
		return err
	}
	at, err := s.opened(v, f, access.WriteNote, in.Key, "write evaluation note")
	if err != nil {
		return err
	}
	version, err := strconv.ParseInt(in.Version, 10, 32)
	if err != nil && f.ok() {
		f.refuse("note", "error.form.choice")
	}
	at.view.Note = web.NoteForm{Text: in.Text, Version: in.Version}
	return s.write(w, v, at, "evaluation.note_kept", func(location string) error {
		return s.Store.SaveEvaluationNote(v.Context(), at.sub, at.o, evaluation.Note{Text: in.Text, Version: int(version)}, s.Now(), location)
	})
}

// noteForm offers the visitor their own note. What was typed and refused stays,
// beside what is kept when that is something else by now.
func (s *Site) noteForm(v *visit, view *web.EvaluationView, here string, o access.Object) error {
	if !view.Case.Stage().TakesNotes() {
		return nil
	}
	note, err := s.Store.EvaluationNote(v.Context(), o, v.viewer.PersonID)
	if err != nil {
		return err
	}
	typed, version := view.Note, strconv.Itoa(note.Version)
	view.Note = web.NoteForm{URL: here + "/note", Text: note.Text, Version: version}
	if typed.Version != "" { // the note itself was refused
		view.Note.Text = typed.Text
		if typed.Version != version {
			view.Note.Saved = note.Text
		}
	}
	return nil
}
