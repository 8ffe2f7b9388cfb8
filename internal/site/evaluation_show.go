package site

import (
	"net/http"
	"slices"
	"strconv"

	"jalon/internal/access"
	"jalon/internal/evaluation"
	"jalon/internal/store"
	"jalon/web"
)

// relation tells how the visitor stands to an evaluation that they may read.
func (v *visit) relation(o access.Object) evaluation.Relation {
	switch access.RoleFor(v.viewer, v.today, access.ViewEvaluation, o) {
	case access.Evaluated:
		return evaluation.Holder
	case access.HROfficer:
		return evaluation.Officer
	case access.Evaluator:
		return evaluation.Assessor
	}
	return ""
}

// openCase is openEvaluation with all that the visitor may see of it.
func (s *Site) openCase(v *visit, action access.Action) (e store.Evaluation, o access.Object, c evaluation.Case, err error) {
	id, err := v.number("evaluation")
	if err != nil {
		return e, o, c, err
	}
	if e, c, err = s.Store.WholeEvaluation(v.Context(), id); err != nil {
		return e, o, c, err
	}
	if o, err = s.allowEvaluation(v, action, e); err != nil {
		return e, o, evaluation.Case{}, err
	}
	c, err = s.toShow(v, o, e, c)
	return e, o, c, err
}

// readCase gives what the visitor may see of an evaluation.
func (s *Site) readCase(v *visit, o access.Object) (evaluation.Case, error) {
	e, c, err := s.Store.WholeEvaluation(v.Context(), o.EvaluationID)
	if err != nil {
		return c, err
	}
	return s.toShow(v, o, e, c)
}

// toShow gives what the visitor may see of a case, once the reading is in the
// trail: what nobody can tell was read is not shown.
func (s *Site) toShow(v *visit, o access.Object, e store.Evaluation, c evaluation.Case) (evaluation.Case, error) {
	role := access.RoleFor(v.viewer, v.today, access.ViewEvaluation, o)
	if !slices.Contains(e.ReadAs, role) {
		err := s.Store.AuditRead(v.Context(), store.Reading{
			PersonID: v.viewer.PersonID, Role: role, Object: "evaluation/" + strconv.FormatInt(o.EvaluationID, 10), MandateID: o.MandateID, Purpose: "evaluation",
		})
		if err != nil {
			return evaluation.Case{}, err
		}
	}
	return c.For(v.relation(o)), nil
}

func (s *Site) showEvaluation(w http.ResponseWriter, v *visit) error {
	e, o, c, err := s.openCase(v, access.ViewEvaluation)
	if err != nil {
		return err
	}
	return s.drawEvaluation(w, v, e, o, web.EvaluationView{Case: c, IdempotencyKey: newKey(), PlannedOn: v.print.Date(e.PlannedOn)})
}

// drawEvaluation completes the view; each form is there for whoever may use it, at
// a stage that takes it.
func (s *Site) drawEvaluation(w http.ResponseWriter, v *visit, e store.Evaluation, o access.Object, view web.EvaluationView) (err error) {
	here := evaluationPath(v, e.ID)
	view.Frame = s.frame(v, v.print.T("evaluation.page_title", "Kind", v.say(e.Kind.Name), "Name", e.Mandate.Holder.Name), web.Crumb{Label: v.print.T("evaluation.title"), URL: v.path("/evaluations")}).Refusing(view.Errors)
	view.Line = v.evaluationLine(e)
	view.DossierURL = here + "/dossier"
	if view.Case.ID == 0 { // after a form that must be mended
		if view.Case, err = s.readCase(v, o); err != nil {
			return err
		}
	}
	c := view.Case
	view.Holder = v.relation(o) == evaluation.Holder
	if v.may(access.ViewMandate, access.Object{MandateID: o.MandateID, InstitutionID: o.InstitutionID}) {
		view.MandateURL = v.path("/mandates/" + e.Mandate.Code)
	}
	may := func(a access.Action) bool { return v.may(a, o) }
	manages := may(access.ManageEvaluation)
	for _, n := range c.People {
		line := web.EvaluatorLine{ID: strconv.FormatInt(n.ID, 10), Name: n.Name, Capacity: n.Capacity, From: n.From, Until: n.Until, Past: n.Until.Before(v.today)}
		if manages && !line.Past {
			line.EndURL = here + "/evaluators/" + line.ID + "/end"
		}
		view.Evaluators = append(view.Evaluators, line)
	}
	for _, k := range evaluation.Capacities {
		view.Capacities = append(view.Capacities, web.Option{Value: string(k), Label: v.print.T("evaluation.capacity." + string(k))})
	}
	if manages {
		view.MoveURL, view.NameURL, view.StepURL = here+"/move", here+"/evaluators", here+"/step"
		if len(c.Reports) == 0 {
			view.LangURL = here + "/language"
		}
		for _, to := range slices.Concat(c.Stage().Next(), c.Stage().Before()) {
			view.Steps = append(view.Steps, web.Option{Value: string(to), Label: v.print.T("evaluation.stage." + string(to))})
		}
		if view.People, err = s.people(v); err != nil {
			return err
		}
	}
	reportLines(&view, here, may)
	if err := s.opinionForms(v, &view, here, may); err != nil {
		return err
	}
	if may(access.WriteNote) {
		if err := s.noteForm(v, &view, here, o); err != nil {
			return err
		}
	}
	if view.Holder {
		if err := s.readings(v, &view, o); err != nil {
			return err
		}
	}
	return s.render(w, v, statusOf(view.Errors), web.EvaluationPage(view))
}

func reportLines(view *web.EvaluationView, here string, may func(access.Action) bool) {
	c := view.Case
	view.Report.Due = c.Settings.ReportDue(c.PlannedOn)
	if may(access.WriteActivity) && (c.Stage().TakesReport() || c.Stage() != evaluation.Planned && len(c.Reports) == 0) {
		view.Report.URL = here + "/report"
	}
	view.Report.Versions = versionLines(c, here)
}

// versionLines lists the versions of the report, the latest first.
func versionLines(c evaluation.Case, here string) (lines []web.VersionLine) {
	for _, r := range slices.Backward(c.Reports) {
		line := web.VersionLine{Number: r.Number, At: r.SubmittedAt, URL: here + "/versions/" + strconv.Itoa(r.Number)}
		for _, q := range r.Quotes {
			if q.Changed() {
				line.Changed++
			}
		}
		lines = append(lines, line)
	}
	return lines
}

// opinionForms offers what the visitor can write at this stage.
func (s *Site) opinionForms(v *visit, view *web.EvaluationView, here string, may func(access.Action) bool) error {
	c, stage := view.Case, view.Case.Stage()
	if may(access.GiveOpinion) && stage.TakesOpinions() {
		view.Opinion.URL, view.Opinion.Own = here+"/opinions", !may(access.ManageEvaluation)
	}
	if may(access.ReplyOpinion) && stage.TakesReplies() {
		view.Reply.URL = here + "/replies"
		for _, p := range c.Opinions {
			view.Reply.To = append(view.Reply.To, web.Option{
				Value: strconv.FormatInt(p.ID, 10), Label: v.print.T("evaluation.capacity."+string(p.Capacity)) + " · " + p.Author + " · " + v.print.Date(p.On),
			})
		}
	}
	if may(access.Conclude) && stage.TakesConclusion() && s.concludes(v, c, may) {
		view.Conclusion.URL = here + "/conclusion"
		grades, err := s.Store.Grades(v.Context())
		if err != nil {
			return err
		}
		for _, g := range evaluation.GradesOn(grades, v.today) {
			view.Conclusion.Grades = append(view.Conclusion.Grades, web.Option{Value: strconv.FormatInt(g.ID, 10), Label: v.say(g.Name)})
		}
	}
	for _, d := range c.Documents {
		view.Documents = append(view.Documents, web.SignedLine{SignedDocument: d, URL: here + "/documents/" + strconv.FormatInt(d.File.ID, 10)})
	}
	if may(access.AddSigned) && stage.TakesDocuments() {
		view.Signed.URL = here + "/documents"
		for _, a := range s.signable(view.Holder) {
			view.Signed.Abouts = append(view.Signed.Abouts, web.Option{Value: string(a), Label: v.print.T("evaluation.about." + string(a))})
		}
	}
	return nil
}

// concludes reports whether the visitor records the conclusion: an officer, or
// a member of the commission; the superior and the minister give an opinion.
func (s *Site) concludes(v *visit, c evaluation.Case, may func(access.Action) bool) bool {
	return may(access.ManageEvaluation) || v.capacity(c) == evaluation.Commission
}

// capacity tells as what the visitor was named, today; "" when they were not.
func (v *visit) capacity(c evaluation.Case) evaluation.Capacity {
	for _, p := range c.People {
		if p.PersonID == v.viewer.PersonID && !v.today.Before(p.From) && !v.today.After(p.Until) {
			return p.Capacity
		}
	}
	return ""
}

// signable lists what somebody can add signed: the holder nothing of others.
func (s *Site) signable(holder bool) []evaluation.About {
	if holder {
		return []evaluation.About{evaluation.AboutReport, evaluation.AboutReply, evaluation.AboutAppeal}
	}
	return evaluation.Abouts
}

// mostReadings is how many readings the page lists.
const mostReadings = 200

// readings tells who is evaluated when, in which role and for what their
// evaluation was opened, and not by whom (CJEU C-579/21).
func (s *Site) readings(v *visit, view *web.EvaluationView, o access.Object) error {
	all, err := s.Store.EvaluationReadings(v.Context(), o, mostReadings+1)
	if err != nil {
		return err
	}
	if view.MoreRead = len(all) > mostReadings; view.MoreRead {
		all = all[:mostReadings]
	}
	for _, r := range all {
		line := web.ReadingLine{At: r.At, Self: r.PersonID == v.viewer.PersonID, Purpose: v.print.T("audit.purpose.unknown")}
		if v.print.Has("role." + string(r.Role)) {
			line.Role = v.print.T("role." + string(r.Role))
		}
		if v.print.Has("audit.purpose." + r.Purpose) {
			line.Purpose = v.print.T("audit.purpose." + r.Purpose)
		}
		view.Readings = append(view.Readings, line)
	}
	return nil
}
