package site

import (
	"errors"
	"net/http"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/store"
	"jalon/web"
)

type translationForm struct {
	Key   string `form:"idempotency_key,raw"`
	Place string `form:"place,line,60,required" label:"amendment.choose_place"`
	Lang  string `form:"lang,choice,nl|fr,required"`
	Words string `form:"words,text,20000"`
	Seen  string `form:"seen,raw"` // what the words were when the form was drawn
}

// postTranslation puts a translation beside the words in force.
func (s *Site) postTranslation(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[translationForm](v)
	if err != nil {
		return err
	}
	a, err := s.openLetterOf(v, access.AmendLetter)
	if err != nil {
		return err
	}
	field := "words." + in.Lang + "." + in.Place
	place, ok := a.find(in.Place)
	if !ok || !f.ok() {
		return badRequest("error.form.field")
	}
	sub, done, err := s.once(w, v, in.Key, "translate letter") // a second click finds the words as the first one left them
	if err != nil || done {
		return err
	}
	f.labels[field] = placeLabel(v, place.Kind, place.Name)
	f.required(field, in.Words)
	if f.ok() && outdone(in.Seen, place.Text) {
		f.refuse(field, "amendment.translated_meanwhile")
	}
	if f.ok() {
		location, _, err := s.Store.Translate(v.Context(), sub, store.Translation{
			Code: a.mandate.Code, Kind: place.Kind, Place: place.Name, Before: place.Text, Lang: bilingual.Lang(in.Lang), Words: in.Words,
			Location: v.path("/mandates/" + a.mandate.Code + "/amendments"),
		})
		if err == nil {
			tell(w, web.NoticeDone, "amendment.translated", "Place", placeLabel(v, place.Kind, place.Name))
			return redirect(w, location)
		}
		switch {
		case errors.Is(err, store.ErrChanged):
			f.refuse(field, "amendment.translated_meanwhile")
		case errors.Is(err, store.ErrUnchanged):
			f.refuse(field, "amendment.has_standing")
		default:
			return err
		}
	}
	view, err := s.amendmentsView(v, a)
	if err != nil {
		return err
	}
	view.IdempotencyKey, view.Errors = in.Key, f.errs
	for i, u := range view.Untranslated {
		if u.Key == in.Place && string(u.Lang) == in.Lang && in.Words != "" {
			view.Untranslated[i].Words = in.Words
		}
	}
	return s.render(w, v, http.StatusUnprocessableEntity, web.AmendmentsPage(view))
}
