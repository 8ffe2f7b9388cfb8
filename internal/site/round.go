package site

import (
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/go-chi/chi/v5"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/monitoring"
	"jalon/internal/store"
	"jalon/web"
)

func (s *Site) roundRoutes() []route {
	const round = "/rounds/{body}/{p}"
	get := func(pattern string, action access.Action, h handler) route {
		return route{method: http.MethodGet, pattern: pattern, action: action, handler: h}
	}
	post := func(pattern string, h handler) route {
		return route{method: http.MethodPost, pattern: pattern, action: access.ManageRound, handler: h}
	}
	past := func(r route) route {
		r.past = true
		return r
	}
	return []route{
		past(get("/rounds", access.ViewRound, s.showRounds)),
		get("/rounds/new", access.ManageRound, s.showRoundForm),
		post("/rounds/new", s.openRound),
		past(get(round, access.ViewRound, s.showRound)),
		past(get(round+".{format:json}", access.ViewRound, s.exportRound)),
		post(round+"/step", s.stepRound),
		get(round+"/change", access.ManageRound, s.showRoundChange),
		post(round+"/change", s.changeRound),
		post(round+"/nudge", s.nudgeRound),
		get(round+"/seal", access.ManageRound, s.reviewRoundSeal),
		post(round+"/seal", s.sealRound),
		get(round+"/{m}/return", access.ManageRound, s.showReturn),
		post(round+"/{m}/return", s.returnPart),
	}
}

func (s *Site) showRounds(w http.ResponseWriter, v *visit) error {
	rounds, err := s.rounds(v)
	if err != nil {
		return err
	}
	view := web.RoundsView{Frame: s.roundFrame(v, v.print.T("round.title"))}
	for _, r := range rounds {
		if !v.may(access.ViewRound, r.Object()) {
			continue
		}
		view.Rounds = append(view.Rounds, web.RoundLine{
			Institution: r.Institution.Name, Body: r.Body.Name, Period: r.Period, State: r.State, Dates: r.RoundDates,
			Submitted: r.Submitted, Mandates: r.Mandates, URL: v.dated(v.roundPath(r)),
		})
	}
	if !v.past() && v.may(access.ManageRound, access.Object{}) {
		view.OpenURL = v.path("/rounds/new")
		if len(rounds) == 0 { // of anybody: perhaps there is no body either
			bodies, err := s.managedBodies(v)
			if err != nil {
				return err
			}
			if len(bodies) == 0 {
				view.OpenURL, view.NoBody = "", true
			}
		}
	}
	return s.render(w, v, http.StatusOK, web.RoundsPage(view))
}

// rounds lists the rounds as they are, or as they were at the moment looked back to.
func (s *Site) rounds(v *visit) ([]store.Round, error) {
	if v.past() {
		return s.Store.RoundsAt(v.Context(), v.moment().Acts)
	}
	return s.Store.Rounds(v.Context())
}

// roundFrame is the frame of a round. Of a past day it shows what was known by
// then and nothing else: a round is what people had done.
func (s *Site) roundFrame(v *visit, title string, crumbs ...web.Crumb) web.Frame {
	f := s.frame(v, title, crumbs...)
	if v.past() {
		f.Known, f.KnownURL = v.moment().Acts, ""
	}
	return f
}

func (v *visit) roundPath(r store.Round) string {
	return v.path("/rounds/" + r.Code() + "/" + r.Period.String())
}

// findRound reads the round of the address, as it was at the moment looked back
// to, once the visitor may do the action to it.
func (s *Site) findRound(v *visit, action access.Action) (store.Round, error) {
	period, err := v.halfYear()
	if err != nil {
		return store.Round{}, err
	}
	r, err := s.Store.Round(v.Context(), chi.URLParam(v.Request, "body"), period)
	if err != nil {
		return r, err
	}
	if err := s.allow(v, action, r.Object()); err != nil || !v.past() {
		return r, err
	}
	then, err := s.Store.RoundAt(v.Context(), r, v.moment().Acts)
	then.Story = r.Story
	return then, err
}

func (s *Site) showRound(w http.ResponseWriter, v *visit) error {
	r, err := s.findRound(v, access.ViewRound)
	if err != nil {
		return err
	}
	return s.drawRound(w, v, r, web.RoundView{IdempotencyKey: newKey()}, nil)
}

// drawRound completes the view of a round. chosen are the people ticked in a
// form that was refused; nil for those whose part is not in.
func (s *Site) drawRound(w http.ResponseWriter, v *visit, r store.Round, view web.RoundView, chosen map[int64]bool) error {
	view.Manages = !v.past() && v.may(access.ManageRound, r.Object())
	nudges := view.Manages && s.Nudges != nil && r.State != monitoring.RoundPresented && r.State != monitoring.RoundSealed
	var peopleOn calendar.Date
	if nudges {
		peopleOn = v.today
	}
	parts, err := s.Store.RoundParts(v.Context(), r, v.moment(), peopleOn)
	if err != nil {
		return err
	}
	here := v.roundPath(r)
	view.Frame = s.roundFrame(v, v.print.T("round.one", "Period", v.print.HalfYear(r.Period)), web.Crumb{Label: v.print.T("round.title"), URL: v.dated(v.path("/rounds"))}).Refusing(view.Errors)
	view.Institution, view.Body, view.State, view.Dates = r.Institution.Name, r.Body.Name, r.State, r.RoundDates
	for _, p := range parts {
		line := v.roundPart(r, p)
		if !view.Manages {
			line.ReturnURL = ""
		}
		view.Reported, view.Owed = view.Reported+p.Reported, view.Owed+p.Owed
		if p.Last == monitoring.Submitted {
			view.Submitted++
		}
		if line.Late != "" {
			view.Late++
		}
		view.Parts = append(view.Parts, line)
	}
	view.Steps = v.roundHistory(r.Story)
	if r.State == monitoring.RoundSealed {
		view.ExportURL, view.Seal = v.dated(here+".json"), r.Story.Seal
	} else if view.Manages {
		view.StepURL, view.Back = here+"/step", r.State.Before()
		view.ChangeURL = here + "/change"
		if view.Next = r.State.Next(); view.Next == monitoring.RoundSealed {
			view.SealURL, view.Next = here+"/seal", ""
		}
		if nudges {
			view.NudgeURL, view.People = here+"/nudge", v.nudgePeople(parts, chosen)
		}
	}
	return s.render(w, v, statusOf(view.Errors), web.RoundPage(view))
}

// roundHistory lists the steps and changes of a round by the moment of the page, in their order.
func (v *visit) roundHistory(story store.RoundStory) (all []web.RoundStep) {
	for _, step := range story.Steps {
		all = append(all, web.RoundStep{To: step.To, Back: step.To == step.From.Before(), At: step.At, By: step.By, Reason: step.Reason})
	}
	for _, c := range story.Changes {
		all = append(all, web.RoundStep{At: c.At, By: c.By, Reason: c.Reason, Changed: v.changedOf(c)})
	}
	if v.past() {
		all = slices.DeleteFunc(all, func(step web.RoundStep) bool { return step.At.After(v.moment().Acts) })
	}
	slices.SortStableFunc(all, func(a, b web.RoundStep) int { return a.At.Compare(b.At) })
	return all
}

func (v *visit) roundPart(r store.Round, p store.RoundPart) web.RoundPart {
	table := v.path("/mandates/" + p.Code + "/monitoring/" + r.Period.String())
	if r.Scope == store.ScopeAddressed {
		table = v.path("/bodies/" + r.Code() + "/mandates/" + p.Code + "/monitoring/" + r.Period.String())
	}
	line := web.RoundPart{
		Code: p.Code, Title: p.Title, Holder: p.Holder, Interim: p.Interim, URL: v.dated(table),
		Reported: p.Reported, Owed: p.Owed, LastAt: p.LastAt, Step: p.Last, PartNote: v.partNote(p.Code, p.PartNote), Number: p.Number,
	}
	if p.Number == "" {
		line.Late = p.Late(r.RoundDates, v.asOf)
	}
	if r.State != monitoring.RoundSealed && p.Number == "" && p.Closed(r.State) {
		line.ReturnURL = v.roundPath(r) + "/" + p.Code + "/return"
	}
	return line
}

func (v *visit) partNote(mandate string, n store.PartNote) web.PartNote {
	note := web.PartNote{At: n.At, By: n.By, Reason: n.Reason}
	for _, row := range n.Rows {
		note.Rows = append(note.Rows, web.ReturnReason{Code: row.Code, Reason: row.Reason, URL: v.dated(v.path("/mandates/" + mandate + "/targets/" + row.Code.String()))})
	}
	return note
}

// nudgePeople lists each person once, with the mandates they report on whose part is not in.
func (v *visit) nudgePeople(parts []store.RoundPart, chosen map[int64]bool) (all []web.NudgePerson) {
	for _, part := range parts {
		if part.Last == monitoring.Submitted {
			continue
		}
		for _, p := range part.People {
			id := strconv.FormatInt(p.PersonID, 10)
			if i := slices.IndexFunc(all, func(known web.NudgePerson) bool { return known.ID == id }); i >= 0 {
				all[i].Mandates += ", " + part.Code
				continue
			}
			all = append(all, web.NudgePerson{
				ID: id, Name: p.Name, Role: v.print.T("role." + string(p.Role)), Mandates: part.Code, Lang: p.Lang, NudgedAt: p.NudgedAt,
				Chosen: chosen == nil && p.NudgedAt.IsZero() || chosen[p.PersonID],
			})
		}
	}
	return all
}

type stepForm struct {
	From   string `form:"from,choice,open|collecting|grace|presented,required"`
	To     string `form:"to,choice,open|collecting|grace|presented,required"`
	Reason string `form:"reason,text,2000" label:"round.reason"`
	Key    string `form:"idempotency_key,raw"`
}

// stepRound takes a step, but the seal, which is reviewed first.
func (s *Site) stepRound(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[stepForm](v)
	if err != nil {
		return err
	}
	r, err := s.findRound(v, access.ManageRound)
	if err != nil {
		return err
	}
	sub, err := v.submission(in.Key, "step round")
	if err != nil {
		return err
	}
	if in.From == "" || in.To == "" {
		return badRequest("error.form.choice")
	}
	again := func() error {
		view := web.RoundView{IdempotencyKey: newKey(), Reason: in.Reason}
		view.Errors = f.errs
		return s.drawRound(w, v, r, view, nil)
	}
	if !f.ok() {
		return again()
	}
	here := v.roundPath(r)
	to := monitoring.RoundState(in.To)
	seen := r
	seen.State = monitoring.RoundState(in.From)
	location, err := s.Store.StepRound(v.Context(), sub, seen, to, s.Now(), in.Reason, here)
	switch {
	case errors.Is(err, monitoring.ErrReasonForIt):
		f.refuse("reason", "round.reason_missing")
		return again()
	case errors.Is(err, monitoring.ErrNoSuchStep):
		return refused(http.StatusConflict, "round.no_such_step")
	case errors.Is(err, store.ErrConflict):
		return refused(http.StatusConflict, "round.moved")
	case err != nil:
		return err
	}
	tell(w, web.NoticeDone, "round.stepped", "State", v.print.T("round.state."+in.To))
	return redirect(w, location)
}
