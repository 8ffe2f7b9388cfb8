package site

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/go-chi/chi/v5"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/evaluation"
	"jalon/internal/mandate"
	"jalon/internal/store"
	"jalon/web"
)

// activity is a report that its holder writes.
type activity struct {
	o     access.Object
	c     evaluation.Case
	goals []mandate.Objective // on the last day of the period, or today
	since calendar.Date       // from which the mandate is followed
}

// openActivity finds the report of the address, for whoever is evaluated alone: a
// delegate reports for an office, and an evaluation is about a person.
func (s *Site) openActivity(v *visit) (a activity, err error) {
	if _, a.o, a.c, err = s.openCase(v, access.WriteActivity); err != nil {
		return a, err
	}
	sheet, err := s.Store.EvaluationSheet(v.Context(), a.c, v.today)
	a.goals, a.since = sheet.Mandate.Objectives, sheet.Record.Since
	return a, err
}

// parts lists the parts of the report: the whole, then each objective.
func (a activity) parts() []string {
	all := []string{evaluation.General}
	for _, g := range a.goals {
		all = append(all, g.Code.String())
	}
	return all
}

func (a activity) goal(part string) (g mandate.Objective, ok bool) {
	i := slices.IndexFunc(a.goals, func(g mandate.Objective) bool { return g.Code.String() == part })
	if i < 0 {
		return g, false
	}
	return a.goals[i], true
}

// texts gives everything that was drafted, with the sections that are asked for.
func (a activity) texts() (all []evaluation.Text) {
	for _, part := range a.parts() {
		for _, section := range a.c.Layout.Written(part == evaluation.General) {
			if text := a.c.Drafts[part].Texts[section.Code]; text != "" {
				all = append(all, evaluation.Text{Part: part, Section: section.Code, Text: text})
			}
		}
	}
	return all
}

func (v *visit) activityPart(a activity, part string) web.ActivityPart {
	whole := part == evaluation.General
	p := web.ActivityPart{URL: evaluationPath(v, a.c.ID) + "/report/" + part, SavedAt: a.c.Drafts[part].SavedAt}
	if g, ok := a.goal(part); ok {
		p.Code, p.Title = g.Code, g.Title
	}
	for _, section := range a.c.Layout.Written(whole) {
		p.Asked++
		text := a.c.Drafts[part].Texts[section.Code]
		if text != "" {
			p.Filled++
		}
		p.Quoted += len(evaluation.Quoted(text))
		p.Unsourced += len(evaluation.Unsourced(text))
	}
	parts := a.parts()
	if i := slices.Index(parts, part); i > 0 {
		p.Previous = evaluationPath(v, a.c.ID) + "/report/" + parts[i-1]
	}
	if i := slices.Index(parts, part); i+1 < len(parts) {
		p.After = evaluationPath(v, a.c.ID) + "/report/" + parts[i+1]
	}
	return p
}

// activityCrumbs leads from the list of evaluations to the report.
func (v *visit) activityCrumbs(c evaluation.Case, below bool) []web.Crumb {
	here := evaluationPath(v, c.ID)
	crumbs := []web.Crumb{
		{Label: v.print.T("evaluation.title"), URL: v.path("/evaluations")},
		{Label: v.print.T("evaluation.page_title", "Kind", v.say(c.Kind.Name), "Name", c.Mandate.Holder.Name), URL: here},
	}
	if below {
		crumbs = append(crumbs, web.Crumb{Label: v.print.T("activity.title"), URL: here + "/report"})
	}
	return crumbs
}

func (s *Site) showActivity(w http.ResponseWriter, v *visit) error {
	a, err := s.openActivity(v)
	if err != nil {
		return err
	}
	return s.drawActivity(w, v, a, nil)
}

func (s *Site) drawActivity(w http.ResponseWriter, v *visit, a activity, errs []web.FieldError) error {
	view := web.ActivityView{
		Frame: s.frame(v, v.print.T("activity.title"), v.activityCrumbs(a.c, false)...),
		Due:   a.c.Settings.ReportDue(a.c.PlannedOn), Versions: versionLines(a.c, evaluationPath(v, a.c.ID)), IdempotencyKey: newKey(),
	}
	view.Errors = errs
	for _, part := range a.parts() {
		view.Parts = append(view.Parts, v.activityPart(a, part))
	}
	if a.c.Stage().TakesReport() {
		view.SubmitURL = evaluationPath(v, a.c.ID) + "/report"
	}
	return s.render(w, v, statusOf(view.Errors), web.ActivityPage(view))
}

// submitActivity hands the report in as it was drafted. A reference that leads
// nowhere must be mended first: every footnote resolves.
func (s *Site) submitActivity(w http.ResponseWriter, v *visit) error {
	in, _, err := decode[buttonForm](v)
	if err != nil {
		return err
	}
	a, err := s.openActivity(v)
	if err != nil {
		return err
	}
	sub, err := v.submission(in.Key, "submit activity report")
	if err != nil {
		return err
	}
	texts := evaluation.InOrder(a.c.Layout, a.parts()[1:], a.texts())
	quotes, unknown := evaluation.Footnotes(a.c.Layout, a.parts()[1:], texts, a.c.Record)
	var errs []web.FieldError
	for _, id := range unknown {
		errs = append(errs, web.FieldError{Text: v.print.T("activity.unknown", "Reference", evaluation.Reference(id))})
	}
	if len(texts) == 0 {
		errs = append(errs, web.FieldError{Text: v.print.T("activity.empty")})
	}
	if len(errs) > 0 {
		return s.drawActivity(w, v, a, errs)
	}
	here := evaluationPath(v, a.c.ID)
	err = s.Store.SubmitReport(v.Context(), sub, a.o, store.NewReport{Lang: a.c.Lang, Layout: a.c.Layout, Texts: texts, Quotes: quotes, On: v.today, At: s.Now()}, here)
	if errors.Is(err, store.ErrStage) {
		return refused(http.StatusConflict, "evaluation.other_stage")
	}
	if err != nil {
		return err
	}
	tell(w, web.NoticeDone, "activity.submitted")
	return redirect(w, here)
}

// openActivityPart finds the part of the address.
func (s *Site) openActivityPart(v *visit) (a activity, part string, err error) {
	if a, err = s.openActivity(v); err != nil {
		return a, "", err
	}
	part = chi.URLParam(v.Request, "part")
	if !slices.Contains(a.parts(), part) {
		return a, "", errNotFound
	}
	return a, part, nil
}

func (s *Site) showActivityPart(w http.ResponseWriter, v *visit) error {
	a, part, err := s.openActivityPart(v)
	if err != nil {
		return err
	}
	d := a.c.Drafts[part]
	return s.drawPart(w, v, http.StatusOK, a, part, d.Texts, nil, web.ActivityPartView{Version: d.Version})
}

// saveActivityPart keeps a part, by its button or while it is typed.
func (s *Site) saveActivityPart(w http.ResponseWriter, v *visit) error {
	f, err := v.form("idempotency_key", "version", "text.*")
	if err != nil {
		return err
	}
	a, part, err := s.openActivityPart(v)
	if err != nil {
		return err
	}
	if _, err := v.submission(f.raw("idempotency_key"), "save activity draft"); err != nil {
		return err
	}
	version, err := strconv.ParseInt(f.raw("version"), 10, 32)
	if err != nil || version < 0 {
		return badRequest("error.form.field")
	}
	d := evaluation.Draft{Part: part, Version: int(version), Texts: map[string]string{}}
	for code, text := range a.c.Drafts[part].Texts { // sections that are not asked for now keep their text
		d.Texts[code] = text
	}
	for _, section := range a.c.Layout.Written(part == evaluation.General) {
		name := web.ActivitySection{Section: section}.Field()
		f.labels[name] = v.say(section.Title)
		if f.has(name) {
			d.Texts[section.Code] = f.text(name, evaluation.MaxText)
		}
	}
	if !f.ok() {
		view := web.ActivityPartView{Version: d.Version}
		view.Errors = f.errs
		return s.drawPart(w, v, http.StatusUnprocessableEntity, a, part, d.Texts, nil, view)
	}
	saved, err := s.Store.SaveActivityDraft(v.Context(), a.o, v.viewer.PersonID, s.Now(), d)
	switch {
	case errors.Is(err, store.ErrStage):
		return refused(http.StatusConflict, "evaluation.other_stage")
	case errors.Is(err, store.ErrChanged):
		if wantsJSON(v.Request) {
			return refused(http.StatusConflict, "activity.changed")
		}
		if a.c, err = s.readCase(v, a.o); err != nil {
			return err
		}
		now := a.c.Drafts[part]
		view := web.ActivityPartView{Version: now.Version, Conflict: true}
		view.Errors = []web.FieldError{{Text: v.print.T("activity.changed")}}
		return s.drawPart(w, v, http.StatusConflict, a, part, d.Texts, now.Texts, view)
	case err != nil:
		return err
	case wantsJSON(v.Request):
		w.Header().Set("Content-Type", "application/json")
		return json.NewEncoder(w).Encode(map[string]any{"version": saved, "said": v.print.T("activity.saved", "Time", v.print.Time(s.Now()))})
	}
	tell(w, web.NoticeDone, "activity.saved", "Time", v.print.Time(s.Now()))
	return redirect(w, v.URL.Path)
}

// showActivityVersion shows a version as it was handed in, with its footnotes.
func (s *Site) showActivityVersion(w http.ResponseWriter, v *visit) error {
	_, _, c, err := s.openCase(v, access.ViewEvaluation)
	if err != nil {
		return err
	}
	number, err := v.number("version")
	if err != nil {
		return err
	}
	i := slices.IndexFunc(c.Reports, func(r evaluation.Report) bool { return int64(r.Number) == number })
	if i < 0 {
		return errNotFound
	}
	sheet, err := s.Store.EvaluationSheet(v.Context(), c, v.today)
	if err != nil {
		return err
	}
	view := web.ActivityVersionView{
		Frame:  s.frame(v, v.print.T("activity.version_title", "Number", strconv.FormatInt(number, 10)), v.activityCrumbs(c, false)...),
		Report: c.Reports[i], Latest: i == len(c.Reports)-1, Others: versionLines(c, evaluationPath(v, c.ID)),
	}
	view.Parts = partTexts(c.Reports[i], sheet.Mandate.Objectives)
	return s.render(w, v, http.StatusOK, web.ActivityVersionPage(view))
}

// partTexts puts the texts of a report under the objectives that they are about.
func partTexts(r evaluation.Report, goals []mandate.Objective) (parts []web.ActivityPartText) {
	codes := []string{}
	for _, g := range goals {
		codes = append(codes, g.Code.String())
	}
	last := ""
	for _, t := range evaluation.InOrder(r.Layout, codes, r.Texts) {
		if t.Part != last || len(parts) == 0 {
			p := web.ActivityPartText{}
			if i := slices.Index(codes, t.Part); i >= 0 {
				p.Code, p.Title = goals[i].Code, goals[i].Title
			}
			parts, last = append(parts, p), t.Part
		}
		section, _ := r.Layout.Section(t.Section)
		p := &parts[len(parts)-1]
		p.Texts = append(p.Texts, web.ActivityText{Title: section.Title, Pieces: evaluation.Pieces(t.Text)})
	}
	return parts
}
