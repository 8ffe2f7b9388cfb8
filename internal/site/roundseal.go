package site

import (
	"errors"
	"net/http"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/monitoring"
	"jalon/internal/store"
	"jalon/web"
)

func (s *Site) reviewRoundSeal(w http.ResponseWriter, v *visit) error {
	r, err := s.findRound(v, access.ManageRound)
	if err != nil {
		return err
	}
	return s.drawRoundSeal(w, v, r, web.RoundSealView{IdempotencyKey: newKey()})
}

func (s *Site) drawRoundSeal(w http.ResponseWriter, v *visit, r store.Round, view web.RoundSealView) error {
	switch r.State {
	case monitoring.RoundPresented:
	case monitoring.RoundSealed:
		return store.ErrSealed
	default:
		return refused(http.StatusConflict, "round.no_such_step")
	}
	parts, err := s.Store.RoundParts(v.Context(), r, v.moment(), calendar.Date{})
	if err != nil {
		return err
	}
	here := v.roundPath(r)
	view.Frame = s.frame(v, v.print.T("round.seal_title", "Period", v.print.HalfYear(r.Period)),
		web.Crumb{Label: v.print.T("round.title"), URL: v.path("/rounds")}, web.Crumb{Label: v.print.T("round.one", "Period", v.print.HalfYear(r.Period)), URL: here}).Refusing(view.Errors)
	view.Body, view.Period, view.Dates = r.Body.Name, r.Period, r.RoundDates
	view.Action, view.CancelURL = here+"/seal", here
	for _, p := range parts {
		view.Parts = append(view.Parts, v.roundPart(r, p))
		view.Reported, view.Owed = view.Reported+p.Reported, view.Owed+p.Owed
		if p.Number != "" {
			view.Sealed++
		}
	}
	return s.render(w, v, statusOf(view.Errors), web.RoundSealPage(view))
}

// sealRound seals the whole table of the body.
func (s *Site) sealRound(w http.ResponseWriter, v *visit) error {
	form, _, err := decode[sealForm](v)
	if err != nil {
		return err
	}
	r, err := s.findRound(v, access.ManageRound)
	if err != nil {
		return err
	}
	sub, done, err := s.once(w, v, form.Key, "seal round")
	if done || err != nil {
		return err
	}
	if form.Confirm != "yes" {
		view := web.RoundSealView{IdempotencyKey: form.Key}
		view.Errors = []web.FieldError{{Field: "confirm", Text: v.print.T("seal.confirm_missing")}}
		return s.drawRoundSeal(w, v, r, view)
	}
	if r.State == monitoring.RoundSealed {
		return store.ErrSealed
	}
	location, _, err := s.Store.SealRound(v.Context(), sub, r, store.SealRequest{
		At: s.Now(), By: v.viewer.Name, Software: s.Version, Signer: s.Signer, Location: v.roundPath(r),
	})
	switch {
	case errors.Is(err, store.ErrConflict):
		return refused(http.StatusConflict, "round.moved")
	case errors.Is(err, monitoring.ErrNoSuchStep):
		return refused(http.StatusConflict, "round.no_such_step")
	case err != nil:
		return err
	}
	tell(w, web.NoticeDone, "round.sealed_done", "Period", v.print.HalfYear(r.Period))
	return redirect(w, location)
}

// exportRound sends the sealed table of a body as a file that anybody can verify.
func (s *Site) exportRound(w http.ResponseWriter, v *visit) error {
	r, err := s.findRound(v, access.ViewRound)
	if err != nil {
		return err
	}
	if r.State != monitoring.RoundSealed {
		return errNotFound
	}
	document, seal, err := s.Store.RoundSeal(v.Context(), r)
	if err != nil {
		return err
	}
	file, err := monitoring.Envelope(document, &seal)
	if err != nil {
		return err
	}
	event := store.Event{
		ActorID: v.viewer.PersonID, Action: store.ActionExportTable, Object: "round/" + r.Code() + "/" + r.Period.String(),
		Detail: map[string]any{"format": "json", "lang": v.lang, "purpose": "export"},
	}
	if err := s.Store.Audit(v.Context(), event); err != nil {
		return err
	}
	return sendFile(w, "application/json", "jalon-"+r.Code()+"-"+r.Period.String()+".json", file)
}
