package site

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
	"jalon/internal/store"
	"jalon/web"
)

// partRoutes are the holder's: handing the part of a half-year in.
func (s *Site) partRoutes() []route {
	const submit = "/mandates/{m}/report/{p}/submit"
	return []route{
		{method: http.MethodGet, pattern: submit, action: access.SubmitPart, handler: s.reviewSubmit},
		{method: http.MethodPost, pattern: submit, action: access.SubmitPart, handler: s.submitPart},
	}
}

// openPart reads the half-year of the address, with the day before it, once the
// visitor may do the action.
func (s *Site) openPart(v *visit, action access.Action) (progress.Sheet, calendar.HalfYear, error) {
	period, err := v.halfYear()
	if err != nil || v.today.Before(period.Start()) {
		return progress.Sheet{}, period, errNotFound
	}
	sheet, _, err := s.askSheet(v, action, store.SheetQuestion{AsOf: progress.DayOf(period, v.today), Before: period.Start().AddDays(-1)})
	return sheet, period, err
}

func (s *Site) reviewSubmit(w http.ResponseWriter, v *visit) error {
	sheet, period, err := s.openPart(v, access.SubmitPart)
	if err != nil {
		return err
	}
	written, err := s.Store.Written(v.Context(), sheet.Mandate.ID, period, v.today)
	if err != nil {
		return err
	}
	parts := written.Parts
	if len(parts) == 0 {
		return refused(http.StatusNotFound, "part.no_round")
	}
	head, all := headOf(v, sheet.Mandate), sheet.All(period)
	report := head.URL + "/report/" + period.String()
	view := web.SubmitView{
		Frame:   s.frame(v, v.print.T("part.submit_title", "Period", v.print.HalfYear(period)), v.crumbs(sheet.Mandate)...),
		Mandate: head, Period: period, Bodies: v.ownBodies(sheet.Mandate.Code, parts), Reported: all.Reported, Owed: all.Owed,
		Closed: true, Action: report + "/submit", ReportURL: report, IdempotencyKey: newKey(),
	}
	view.From = notBefore(parts, v.today)
	for _, p := range parts {
		view.Closed = view.Closed && p.Closed(p.State)
	}
	for _, d := range written.Drafts {
		if d.Version > 0 || d.Chosen.Len() > 0 {
			view.Drafts++
		}
	}
	weak := monitoring.Weak(sheet, period, proven(sheet, period, written.Drafts))
	for _, kind := range monitoring.Weaknesses {
		group := web.WeakGroup{Weakness: kind}
		for _, t := range weak[kind] {
			group.Targets = append(group.Targets, web.Ancestor{Code: t.Code, Text: t.Text, URL: report + "#" + t.Code.String()})
		}
		if len(group.Targets) > 0 {
			view.Groups = append(view.Groups, group)
		}
	}
	return s.render(w, v, http.StatusOK, web.SubmitPage(view))
}

// proven tells which targets have evidence of a half-year: a file or a link of an
// entry, or of a duty that was done in it.
func proven(sheet progress.Sheet, period calendar.HalfYear, rows map[int64]progress.Draft) map[int64]bool {
	all := map[int64]bool{}
	for id, row := range rows {
		all[id] = row.Recorded.Len() > 0
	}
	for _, a := range sheet.Record.Answers {
		if calendar.HalfYearOf(a.DoneOn) == period && (a.Link != "" || len(a.Files) > 0) {
			all[a.TargetID] = true
		}
	}
	return all
}

// notBefore gives the first day on which one of the parts can be submitted,
// when none can be today; zero when one can, or none ever.
func notBefore(parts []store.OwnPart, today calendar.Date) (first calendar.Date) {
	for _, p := range parts {
		switch {
		case p.Closed(p.State):
		case p.Takes(p.State, today):
			return calendar.Date{}
		case first.IsZero() || p.Opens.Before(first):
			first = p.Opens
		}
	}
	return first
}

func (v *visit) ownBodies(mandate string, parts []store.OwnPart) []web.OwnBody {
	var all []web.OwnBody
	for _, p := range parts {
		all = append(all, web.OwnBody{Name: p.Body, Dates: p.RoundDates, Late: p.Late(p.RoundDates, v.today), Step: p.Last, PartNote: v.partNote(mandate, p.PartNote)})
	}
	return all
}

func (s *Site) submitPart(w http.ResponseWriter, v *visit) error {
	in, _, err := decode[keyForm](v)
	if err != nil {
		return err
	}
	sheet, period, err := s.openPart(v, access.SubmitPart)
	if err != nil {
		return err
	}
	sub, err := v.submission(in.Key, "submit part")
	if err != nil {
		return err
	}
	location, err := s.Store.SubmitPart(v.Context(), sub, sheet.Mandate.ID, period, s.Now(), v.path("/mandates/"+sheet.Mandate.Code+"/report/"+period.String()))
	if err != nil {
		return err
	}
	tell(w, web.NoticeDone, "part.submitted_notice", "Period", v.print.HalfYear(period))
	return redirect(w, location)
}

// partNotice tells at the head of the report how far its part is; nil without a round.
func (s *Site) partNotice(v *visit, sheet progress.Sheet, period calendar.HalfYear, parts []store.OwnPart, closed []mandate.Code) *web.PartNotice {
	if len(parts) == 0 && len(closed) == 0 {
		return nil
	}
	n := &web.PartNotice{Bodies: v.ownBodies(sheet.Mandate.Code, parts), Closed: closed}
	if len(parts) > 0 && v.may(access.SubmitPart, objectOf(sheet.Mandate)) {
		n.SubmitURL = v.path("/mandates/" + sheet.Mandate.Code + "/report/" + period.String() + "/submit")
	}
	return n
}

// showPart stands in place of a report that lies elsewhere.
func (s *Site) showPart(w http.ResponseWriter, v *visit, r reporting) error {
	head := headOf(v, r.sheet.Mandate)
	return s.render(w, v, http.StatusOK, web.PartPage(web.PartView{
		Frame:   s.frame(v, v.print.T("report.title", "Period", v.print.HalfYear(r.period)), v.crumbs(r.sheet.Mandate)...),
		Mandate: head, Bodies: v.ownBodies(r.sheet.Mandate.Code, r.parts), TableURL: head.URL + "/monitoring/" + r.period.String(),
	}))
}

// dueReturns lists the parts that lie with the visitor again.
func dueReturns(v *visit, returned []store.ReturnedPart) (all []web.DueReturn) {
	for _, p := range returned {
		all = append(all, web.DueReturn{Mandate: p.Title, Period: p.Period, At: p.At, Reason: p.Reason, URL: v.path("/mandates/" + p.Mandate + "/report/" + p.Period.String())})
	}
	return all
}

// returning is a part that a secretary may give back.
type returning struct {
	round store.Round
	part  store.RoundPart
	sheet progress.Sheet
}

// openReturn finds the round and the part of the address. A part that lies with
// its holder, or is sealed, cannot be returned.
func (s *Site) openReturn(v *visit) (returning, error) {
	r, err := s.findRound(v, access.ManageRound)
	if err != nil {
		return returning{}, err
	}
	sheet, _, err := s.askSheet(v, access.ViewMandate, store.SheetQuestion{AsOf: progress.DayOf(r.Period, v.today), Before: r.Period.Start().AddDays(-1)})
	if err != nil {
		return returning{}, err
	}
	if r.Scope == store.ScopeAddressed {
		board, err := s.Store.Board(v.Context(), r.Institution.Code, r.Body.Code, r.Period, store.Moment{Day: v.today})
		if err != nil {
			return returning{}, err
		}
		one, _ := board.Mandate(sheet.Mandate.Code)
		sheet = sheet.Only(func(code string) bool { return slices.Contains(one.Targets, code) })
	}
	part, err := s.Store.RoundPart(v.Context(), r, sheet.Mandate.ID, v.today)
	if err != nil {
		return returning{}, err
	}
	if part.Number != "" || r.State == monitoring.RoundSealed {
		return returning{}, store.ErrSealed
	}
	return returning{r, part, sheet}, nil
}

func (s *Site) showReturn(w http.ResponseWriter, v *visit) error {
	r, err := s.openReturn(v)
	if err != nil {
		return err
	}
	if !r.part.Closed(r.round.State) {
		return refused(http.StatusConflict, "part.not_submitted")
	}
	return s.drawReturn(w, v, r, nil, web.ReturnView{IdempotencyKey: newKey()})
}

func (s *Site) drawReturn(w http.ResponseWriter, v *visit, r returning, typed map[string]string, view web.ReturnView) error {
	here := v.roundPath(r.round)
	view.Frame = s.frame(v, v.print.T("part.return_title", "Period", v.print.HalfYear(r.round.Period)),
		web.Crumb{Label: v.print.T("round.title"), URL: v.path("/rounds")}, web.Crumb{Label: v.print.T("round.one", "Period", v.print.HalfYear(r.round.Period)), URL: here}).Refusing(view.Errors)
	view.Mandate, view.Period = headOf(v, r.sheet.Mandate), r.round.Period
	view.Action, view.CancelURL = here+"/"+r.part.Code+"/return", here
	for _, t := range r.sheet.Mandate.Targets() {
		standing := r.sheet.Standing(t, r.round.Period)
		if !standing.Owed {
			continue
		}
		row := web.ReturnField{Code: t.Code, Text: t.Text, Cell: monitoring.Cell{Status: standing.Status}, Value: typed[web.RoundField(t.Code)]}
		if standing.Reported {
			row.Cell.Entry = r.sheet.Latest[t.ID]
		}
		view.Rows = append(view.Rows, row)
	}
	return s.render(w, v, statusOf(view.Errors), web.ReturnPage(view))
}

// returnPart gives the part back, with a reason for the whole or for a row at least.
func (s *Site) returnPart(w http.ResponseWriter, v *visit) error {
	f, err := v.form("idempotency_key", "reason", "row.*")
	if err != nil {
		return err
	}
	r, closed := s.openReturn(v)
	if closed != nil && !errors.Is(closed, store.ErrSealed) {
		return closed
	}
	sub, done, err := s.once(w, v, f.raw("idempotency_key"), "return part")
	if done || err != nil {
		return err
	}
	if closed != nil {
		return closed // but what was returned before the seal has its answer
	}
	reason, typed := f.text("reason", 2000), map[string]string{}
	var rows []store.ReturnRow
	for _, t := range r.sheet.Mandate.Targets() {
		name := web.RoundField(t.Code)
		f.labels[name] = v.print.Code(t.Code)
		if typed[name] = f.text(name, 2000); typed[name] != "" {
			rows = append(rows, store.ReturnRow{Code: t.Code, Reason: typed[name]})
		}
	}
	for _, name := range f.names() {
		if _, known := typed[name]; strings.HasPrefix(name, "row.") && !known {
			return badRequest("error.form.field")
		}
	}
	if reason == "" && len(rows) == 0 && f.ok() {
		f.refuse("reason", "part.return_reason_missing")
	}
	if !f.ok() {
		view := web.ReturnView{IdempotencyKey: f.raw("idempotency_key"), Reason: reason}
		view.Errors = f.errs
		return s.drawReturn(w, v, r, typed, view)
	}
	location, err := s.Store.Return(v.Context(), sub, r.round, r.part.MandateID, reason, rows, s.Now(), v.roundPath(r.round))
	switch {
	case errors.Is(err, store.ErrConflict):
		return refused(http.StatusConflict, "part.not_submitted")
	case err != nil:
		return err
	}
	tell(w, web.NoticeDone, "part.returned_notice", "Mandate", r.part.Code)
	return redirect(w, location)
}
