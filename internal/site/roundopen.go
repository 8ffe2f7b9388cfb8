package site

import (
	"errors"
	"net/http"
	"slices"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/monitoring"
	"jalon/internal/store"
	"jalon/web"
)

// managedBodies lists the bodies of which the visitor opens rounds.
func (s *Site) managedBodies(v *visit) ([]store.Board, error) {
	bodies, err := s.Store.Boards(v.Context())
	return slices.DeleteFunc(bodies, func(b store.Board) bool {
		return !v.may(access.ManageRound, boardObject(b))
	}), err
}

func (s *Site) showRoundForm(w http.ResponseWriter, v *visit) error {
	return s.drawRoundForm(w, v, v.URL.Query().Get("body"), web.RoundFormView{IdempotencyKey: newKey()}, nil)
}

// drawRoundForm completes the form for a body, the first one when none is
// chosen. chosen are the mandates ticked in a form that was refused; nil for all.
func (s *Site) drawRoundForm(w http.ResponseWriter, v *visit, body string, view web.RoundFormView, chosen []string) error {
	bodies, err := s.managedBodies(v)
	if err != nil {
		return err
	}
	if len(bodies) == 0 {
		return errNotFound
	}
	at := 0
	if body != "" {
		if at = slices.IndexFunc(bodies, func(b store.Board) bool { return boardCode(b) == body }); at < 0 {
			return errNotFound
		}
	}
	page := v.path("/rounds/new")
	view.Frame = s.frame(v, v.print.T("round.open"), web.Crumb{Label: v.print.T("round.title"), URL: v.path("/rounds")}).Refusing(view.Errors)
	view.Action, view.CancelURL, view.Body = page, v.path("/rounds"), boardCode(bodies[at])
	view.Institution, view.Name = bodies[at].Institution.Name, bodies[at].Name
	for i, b := range bodies {
		view.Bodies = append(view.Bodies, web.BodyChoice{Label: v.say(b.Institution.Name) + " · " + v.say(b.Name), URL: page + "?body=" + boardCode(b), Current: i == at})
	}
	for _, p := range roundPeriods(v.today) {
		view.Periods = append(view.Periods, web.Option{Value: p.String(), Label: v.print.HalfYear(p)})
	}
	if view.Period == "" {
		view.Period = calendar.HalfYearOf(v.today).String()
	}
	mandates, err := s.Store.BodyMandates(v.Context(), bodies[at].ID, 0, v.today)
	if err != nil {
		return err
	}
	for _, m := range mandates {
		view.Mandates = append(view.Mandates, web.MandateChoice{Code: m.Code, Title: m.Title, Holder: m.Holder, Chosen: chosen == nil || slices.Contains(chosen, m.Code)})
	}
	return s.render(w, v, statusOf(view.Errors), web.RoundFormPage(view))
}

// roundPeriods are the half-years of which a round can be opened: the next one, that of today and the one before.
func roundPeriods(today calendar.Date) []calendar.HalfYear {
	now := calendar.HalfYearOf(today)
	return []calendar.HalfYear{now.Next(), now, now.Previous()}
}

// mandateField starts the name of the box of a mandate.
const mandateField = "mandate."

// roundLabels name the fields of a round that is opened or changed.
var roundLabels = map[string]string{
	"period": "round.half_year", "opens": "round.opens", "due": "round.due", "grace": "round.grace", "meets": "round.meets",
	"mandates": "round.mandates", "reason": "round.reason",
}

func (s *Site) openRound(w http.ResponseWriter, v *visit) error {
	f, err := v.form("idempotency_key", "body", "period", "opens", "due", "grace", "meets", mandateField+"*")
	if err != nil {
		return err
	}
	f.label(roundLabels)
	sub, done, err := s.once(w, v, f.raw("idempotency_key"), "open round")
	if done || err != nil {
		return err
	}
	bodies, err := s.managedBodies(v)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(bodies, func(b store.Board) bool { return boardCode(b) == f.raw("body") })
	if at < 0 {
		return errNotFound
	}
	b := bodies[at]
	view := web.RoundFormView{
		IdempotencyKey: f.raw("idempotency_key"), Period: f.line("period", 10), Opens: f.line("opens", 20), Due: f.line("due", 20), Grace: f.line("grace", 20), MeetsOn: f.line("meets", 20),
	}
	r := store.Round{Institution: b.Institution, BodyID: b.ID, Body: b.Body}
	f.roundDays(&r, view, v.today)
	chosen := f.mandates()
	if len(chosen) == 0 {
		f.refuse("mandates", "round.no_mandate")
	}
	if f.ok() {
		location, err := s.Store.OpenRound(v.Context(), sub, r, chosen, s.Now(), v.roundPath(r))
		switch {
		case errors.Is(err, store.ErrExists):
			f.refuse("period", "round.exists", "Period", v.print.HalfYear(r.Period))
		case errors.Is(err, store.ErrNotFound):
			f.refuse("mandates", "error.form.choice")
		case err != nil:
			return err
		default:
			tell(w, web.NoticeDone, "round.opened", "Period", v.print.HalfYear(r.Period))
			return redirect(w, location)
		}
	}
	view.Errors = f.errs
	return s.drawRoundForm(w, v, f.raw("body"), view, chosen)
}

// roundDays reads the half-year and the days of a round; an empty day is the usual one.
func (f *form) roundDays(r *store.Round, typed web.RoundFormView, today calendar.Date) {
	period, err := calendar.ParseHalfYear(typed.Period)
	if err != nil || !slices.Contains(roundPeriods(today), period) {
		f.refuse("period", "error.form.choice")
		return
	}
	r.Period = period
	f.daysOf(r, typed)
}

// daysOf reads the days of a round whose half-year is known.
func (f *form) daysOf(r *store.Round, typed web.RoundFormView) {
	period := r.Period
	r.RoundDates = monitoring.UsualDates(period)
	if typed.Due != "" {
		r.Due = f.date("due", typed.Due)
		if r.Due.After(r.Grace) {
			r.Grace = r.Due
		}
		if r.Due.Before(r.Opens) {
			r.Opens = period.Start()
		}
	}
	if typed.Opens != "" {
		r.Opens = f.date("opens", typed.Opens)
	}
	if typed.Grace != "" {
		r.Grace = f.date("grace", typed.Grace)
	}
	r.Meets = f.date("meets", typed.MeetsOn)
	if !f.ok() {
		return
	}
	if r.Opens.Before(period.Start()) {
		f.refuse("opens", "round.too_early", "Date", f.print.Date(period.Start()))
	} else if r.Opens.After(r.Due) {
		f.refuse("opens", "round.opens_late")
	}
	if r.Due.Before(period.Start()) {
		f.refuse("due", "round.too_early", "Date", f.print.Date(period.Start()))
	}
	if r.Grace.Before(r.Due) {
		f.refuse("grace", "round.grace_early")
	}
	if !r.Meets.IsZero() && r.Meets.Before(period.Start()) {
		f.refuse("meets", "round.too_early", "Date", f.print.Date(period.Start()))
	}
}
