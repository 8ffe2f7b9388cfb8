package site

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/monitoring"
	"jalon/internal/store"
	"jalon/web"
)

// changedOf puts a change of a round in words: what it was, and what it became.
func (v *visit) changedOf(c store.RoundChange) (lines []web.Changed) {
	for _, day := range []struct {
		key     string
		was, is calendar.Date
	}{
		{"round.opens", c.Was.Opens, c.Became.Opens},
		{"round.due", c.Was.Due, c.Became.Due},
		{"round.grace", c.Was.Grace, c.Became.Grace},
		{"round.meets", c.Was.Meets, c.Became.Meets},
	} {
		if day.was != day.is {
			lines = append(lines, web.Changed{Label: v.print.T(day.key), Was: v.dayOrUnknown(day.was), Is: v.dayOrUnknown(day.is)})
		}
	}
	without := func(all, others []string) string {
		return strings.Join(slices.DeleteFunc(slices.Clone(all), func(code string) bool { return slices.Contains(others, code) }), ", ")
	}
	if added := without(c.Became.Mandates, c.Was.Mandates); added != "" {
		lines = append(lines, web.Changed{Label: v.print.T("round.asked"), Is: added})
	}
	if removed := without(c.Was.Mandates, c.Became.Mandates); removed != "" {
		lines = append(lines, web.Changed{Label: v.print.T("round.left_out"), Is: removed})
	}
	return lines
}

func (v *visit) dayOrUnknown(d calendar.Date) string {
	if d.IsZero() {
		return v.print.T("round.meets_unknown")
	}
	return v.print.Date(d)
}

func (s *Site) showRoundChange(w http.ResponseWriter, v *visit) error {
	r, err := s.findRound(v, access.ManageRound)
	if err != nil {
		return err
	}
	return s.drawRoundChange(w, v, r, web.RoundFormView{
		IdempotencyKey: newKey(), Opens: v.print.Date(r.Opens), Due: v.print.Date(r.Due), Grace: v.print.Date(r.Grace), MeetsOn: v.print.Date(r.Meets),
	}, nil)
}

// drawRoundChange completes the form that changes a round. chosen are the
// mandates ticked in a form that was refused; nil for those that are asked now.
func (s *Site) drawRoundChange(w http.ResponseWriter, v *visit, r store.Round, view web.RoundFormView, chosen []string) error {
	if r.State == monitoring.RoundSealed {
		return store.ErrSealed
	}
	mandates, err := s.Store.BodyMandates(v.Context(), r.BodyID, r.ID, v.today)
	if err != nil {
		return err
	}
	here := v.roundPath(r)
	view.Frame = s.frame(v, v.print.T("round.change_title", "Period", v.print.HalfYear(r.Period)),
		web.Crumb{Label: v.print.T("round.title"), URL: v.path("/rounds")}, web.Crumb{Label: v.print.T("round.one", "Period", v.print.HalfYear(r.Period)), URL: here}).Refusing(view.Errors)
	view.Action, view.CancelURL, view.Changes = here+"/change", here, true
	view.Institution, view.Name = r.Institution.Name, r.Body.Name
	for _, m := range mandates {
		view.Mandates = append(view.Mandates, web.MandateChoice{
			Code: m.Code, Title: m.Title, Holder: m.Holder, Begun: m.Begun, Chosen: slices.Contains(chosen, m.Code) || m.Asked && chosen == nil || m.Begun,
		})
	}
	return s.render(w, v, statusOf(view.Errors), web.RoundFormPage(view))
}

// changeRound gives a round other days or mandates, with a reason, until its seal.
func (s *Site) changeRound(w http.ResponseWriter, v *visit) error {
	f, err := v.form("idempotency_key", "opens", "due", "grace", "meets", "reason", mandateField+"*")
	if err != nil {
		return err
	}
	f.label(roundLabels)
	r, err := s.findRound(v, access.ManageRound)
	if err != nil {
		return err
	}
	sub, done, err := s.once(w, v, f.raw("idempotency_key"), "change round")
	if done || err != nil {
		return err
	}
	view := web.RoundFormView{
		IdempotencyKey: f.raw("idempotency_key"), Opens: f.line("opens", 20), Due: f.line("due", 20), Grace: f.line("grace", 20), MeetsOn: f.line("meets", 20),
		Reason: f.text("reason", 2000),
	}
	changed := r
	f.daysOf(&changed, view)
	if view.Reason == "" {
		f.refuse("reason", "round.change_reason_missing")
	}
	chosen, err := s.chosenMandates(v, f, r)
	if err != nil {
		return err
	}
	if f.ok() {
		location, err := s.Store.ChangeRound(v.Context(), sub, r, store.RoundPlan{RoundDates: changed.RoundDates, Mandates: chosen}, view.Reason, s.Now(), v.roundPath(r))
		switch {
		case errors.Is(err, store.ErrUnchanged):
			f.refuse("", "round.unchanged")
		case errors.Is(err, store.ErrNotFound):
			f.refuse("mandates", "error.form.choice")
		case errors.Is(err, store.ErrBegunPart):
			f.refuse("mandates", "round.begun_stays")
		case err != nil:
			return err
		default:
			tell(w, web.NoticeDone, "round.changed")
			return redirect(w, location)
		}
	}
	view.Errors = f.errs
	return s.drawRoundChange(w, v, r, view, chosen)
}

// chosenMandates reads the ticked mandates. Those whose part was begun have no
// box: they stay.
func (s *Site) chosenMandates(v *visit, f *form, r store.Round) ([]string, error) {
	asked, err := s.Store.AskedMandates(v.Context(), r)
	if err != nil {
		return nil, err
	}
	chosen := f.mandates()
	for _, a := range asked {
		if a.Begun && !slices.Contains(chosen, a.Code) {
			chosen = append(chosen, a.Code)
		}
	}
	if len(chosen) == 0 {
		f.refuse("mandates", "round.no_mandate")
	}
	return chosen, nil
}

// mandates reads the boxes of mandates that are ticked.
func (f *form) mandates() []string {
	chosen := []string{}
	for _, name := range f.names() {
		if code, ok := strings.CutPrefix(name, mandateField); ok && f.choice(name, "yes") != "" {
			chosen = append(chosen, code)
		}
	}
	return chosen
}
