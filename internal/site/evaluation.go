package site

import (
	"errors"
	"net/http"
	"slices"
	"strconv"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/evaluation"
	"jalon/internal/store"
	"jalon/web"
)

// evaluationRoutes are about who evaluates whom, when. A person who may not read
// an evaluation finds nothing: not even that there is one.
func (s *Site) evaluationRoutes() []route {
	const list, one = "/evaluations", "/evaluations/{evaluation}"
	post := func(pattern string, h handler) route {
		return route{method: http.MethodPost, pattern: pattern, action: access.ManageEvaluation, handler: h}
	}
	return []route{
		{method: http.MethodGet, pattern: list, action: access.ViewEvaluation, handler: s.listEvaluations},
		post(list, s.planEvaluation),
		{method: http.MethodGet, pattern: one, action: access.ViewEvaluation, handler: s.showEvaluation},
		post(one+"/move", s.moveEvaluation),
		post(one+"/evaluators", s.nameEvaluator),
		post(one+"/evaluators/{evaluator}/end", s.endEvaluator),
		post(list+"/remind", s.remindReports),
		post(one+"/step", s.stepEvaluation),
		post(one+"/language", s.setRecordLang),
		{method: http.MethodPost, pattern: one + "/opinions", action: access.GiveOpinion, handler: s.giveOpinion},
		{method: http.MethodPost, pattern: one + "/note", action: access.WriteNote, handler: s.saveNote},
		{method: http.MethodPost, pattern: one + "/replies", action: access.ReplyOpinion, handler: s.replyToOpinion},
		{method: http.MethodPost, pattern: one + "/conclusion", action: access.Conclude, handler: s.concludeEvaluation},
		{method: http.MethodPost, pattern: one + "/documents", action: access.AddSigned, handler: s.addSigned, body: evidenceBody},
		{method: http.MethodGet, pattern: one + "/documents/{document}", action: access.ViewEvaluation, handler: s.sendSigned},
		{method: http.MethodGet, pattern: one + "/report", action: access.WriteActivity, handler: s.showActivity},
		{method: http.MethodPost, pattern: one + "/report", action: access.WriteActivity, handler: s.submitActivity},
		{method: http.MethodGet, pattern: one + "/report/{part}", action: access.WriteActivity, handler: s.showActivityPart},
		{method: http.MethodPost, pattern: one + "/report/{part}", action: access.WriteActivity, handler: s.saveActivityPart},
		{method: http.MethodGet, pattern: one + "/versions/{version}", action: access.ViewEvaluation, handler: s.showActivityVersion},
		{method: http.MethodGet, pattern: list + "/settings/{institution}", action: access.SettleEvaluation, handler: s.showEvaluationSettings},
		{method: http.MethodPost, pattern: list + "/settings/{institution}", action: access.SettleEvaluation, handler: s.settleEvaluations},
		{method: http.MethodPost, pattern: list + "/settings/{institution}/sections", action: access.SettleEvaluation, handler: s.settleSections},
		{method: http.MethodPost, pattern: list + "/settings/{institution}/chapters", action: access.SettleEvaluation, handler: s.settleChapters},
	}
}

func (s *Site) listEvaluations(w http.ResponseWriter, v *visit) error {
	return s.drawEvaluations(w, v, http.StatusOK, web.EvaluationsView{IdempotencyKey: newKey()})
}

// drawEvaluations lists what the visitor may read; who may plan gets the form.
func (s *Site) drawEvaluations(w http.ResponseWriter, v *visit, status int, view web.EvaluationsView) error {
	all, err := s.Store.Evaluations(v.Context(), access.ScopeOf(v.viewer, v.today, access.ViewEvaluation), access.Evaluations(v.viewer, v.today, access.ViewEvaluation), 0)
	if err != nil {
		return err
	}
	view.Frame = s.frame(v, v.print.T("evaluation.title")).Refusing(view.Errors)
	for _, e := range all {
		view.Evaluations = append(view.Evaluations, v.evaluationLine(e))
	}
	if v.may(access.ManageEvaluation, access.Object{}) {
		view.PlanURL = v.path("/evaluations")
		plan, err := s.planning(v)
		if err != nil {
			return err
		}
		for _, t := range plan.Tenures {
			view.Tenures = append(view.Tenures, web.Option{Value: t.Key(), Label: t.MandateCode + " · " + t.Name + " · " + v.days(t.Tenure)})
		}
		for _, k := range plan.Kinds {
			view.Kinds = append(view.Kinds, web.Option{Value: k.Code, Label: v.say(k.Name)})
		}
		s.officerList(v, all, plan, &view)
	}
	return s.render(w, v, status, web.EvaluationsPage(view))
}

// planning gives what the visitor plans evaluations from, their own tenures aside.
func (s *Site) planning(v *visit) (store.Planning, error) {
	plan, err := s.Store.Planning(v.Context(), access.ScopeOf(v.viewer, v.today, access.ManageEvaluation), v.today)
	plan.Tenures = slices.DeleteFunc(plan.Tenures, func(t store.HeldTenure) bool { return t.PersonID == v.viewer.PersonID })
	return plan, err
}

// days says from when until when somebody held a mandate, for a list to choose from.
func (v *visit) days(t store.Tenure) string {
	if t.Until.IsZero() {
		return v.print.T("mandate.since", "From", v.print.Date(t.From))
	}
	return v.print.T("mandate.from_until", "From", v.print.Date(t.From), "Until", v.print.Date(t.Until))
}

func (v *visit) evaluationLine(e store.Evaluation) web.EvaluationLine {
	line := web.EvaluationLine{
		Mandate: e.Mandate.Title, Institution: e.Mandate.Institution.Name, Code: e.Mandate.Code, Person: e.Mandate.Holder.Name,
		Kind: e.Kind.Name, From: e.From, Until: e.Until, PlannedOn: e.PlannedOn, URL: evaluationPath(v, e.ID), Stage: e.Stage,
	}
	for _, n := range e.Evaluators {
		if !n.Until.Before(v.today) {
			line.Evaluators++
		}
	}
	return line
}

func evaluationPath(v *visit, id int64) string {
	return v.path("/evaluations/" + strconv.FormatInt(id, 10))
}

type planForm struct {
	Tenure    string `form:"tenure,line,20,required" label:"evaluation.tenure"`
	Kind      string `form:"kind,line,41,required" label:"evaluation.kind"`
	From      string `form:"from,line,20,required" label:"evaluation.period_from"`
	Until     string `form:"until,line,20,required" label:"evaluation.period_until"`
	PlannedOn string `form:"planned_on,line,20,required" label:"evaluation.planned_on"`
	Lang      string `form:"record_lang,choice,nl|fr" label:"evaluation.record_lang"`
	Key       string `form:"idempotency_key,raw"`
}

// planEvaluation plans an evaluation of somebody for days of their tenure.
func (s *Site) planEvaluation(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[planForm](v)
	if err != nil {
		return err
	}
	sub, err := v.submission(in.Key, "plan evaluation")
	if err != nil {
		return err
	}
	e, err := s.newEvaluation(v, f, in)
	if err != nil {
		return err
	}
	location := ""
	if f.ok() {
		location, err = s.Store.PlanEvaluation(v.Context(), sub, e, func(id int64) string { return evaluationPath(v, id) })
		switch {
		case errors.Is(err, store.ErrExists):
			f.refuse("kind", "evaluation.exists")
		case err != nil:
			return err
		}
	}
	if !f.ok() {
		view := web.EvaluationsView{IdempotencyKey: in.Key, Values: web.EvaluationValues{Tenure: in.Tenure, Kind: in.Kind, From: in.From, Until: in.Until, PlannedOn: in.PlannedOn, Lang: in.Lang}}
		view.Errors = f.errs
		return s.drawEvaluations(w, v, http.StatusUnprocessableEntity, view)
	}
	tell(w, web.NoticeDone, "evaluation.planned")
	return redirect(w, location)
}

// newEvaluation reads the form; what is wrong with it is noted.
func (s *Site) newEvaluation(v *visit, f *form, in planForm) (e store.NewEvaluation, err error) {
	e = store.NewEvaluation{Kind: in.Kind, From: f.date("from", in.From), Until: f.date("until", in.Until), PlannedOn: f.date("planned_on", in.PlannedOn), Lang: bilingual.Lang(in.Lang)}
	f.order(e.From, e.Until)
	plan, err := s.planning(v)
	if err != nil {
		return e, err
	}
	if in.Kind != "" && !slices.ContainsFunc(plan.Kinds, func(k evaluation.Kind) bool { return k.Code == in.Kind }) {
		f.refuse("kind", "error.form.choice")
	}
	for _, t := range plan.Tenures {
		if t.Key() != in.Tenure {
			continue
		}
		e.MandateID, e.TenureID = t.Object.MandateID, t.ID
		switch {
		case !e.From.IsZero() && e.From.Before(t.From):
			f.refuse("from", "evaluation.outside", "Name", t.Name, "Days", v.days(t.Tenure))
		case !t.Until.IsZero() && e.Until.After(t.Until):
			f.refuse("until", "evaluation.outside", "Name", t.Name, "Days", v.days(t.Tenure))
		}
	}
	if e.TenureID == 0 && in.Tenure != "" {
		f.refuse("tenure", "error.form.choice")
	}
	return e, nil
}

// openEvaluation finds the evaluation of the address, once the visitor may do
// the action to it. One that they may not read does not exist for them, also
// when they may see its mandate.
func (s *Site) openEvaluation(v *visit, action access.Action) (e store.Evaluation, o access.Object, err error) {
	id, err := v.number("evaluation")
	if err != nil {
		return e, o, err
	}
	return s.evaluationFor(v, action, id)
}

// evaluationFor is openEvaluation for an evaluation that the address does not name.
func (s *Site) evaluationFor(v *visit, action access.Action, id int64) (e store.Evaluation, o access.Object, err error) {
	found, err := s.Store.Evaluations(v.Context(), access.Scope{All: true}, nil, id)
	if err != nil {
		return e, o, err
	}
	if len(found) == 0 {
		return e, o, store.ErrNotFound
	}
	o, err = s.allowEvaluation(v, action, found[0])
	return found[0], o, err
}

// allowEvaluation refuses an action to an evaluation that the visitor may not do.
func (s *Site) allowEvaluation(v *visit, action access.Action, e store.Evaluation) (access.Object, error) {
	o := e.Object()
	if !v.may(access.ViewEvaluation, o) {
		s.auditRefusal(v, access.ViewEvaluation, o)
		return o, errNotFound
	}
	if err := s.allow(v, action, o); err != nil {
		return o, err
	}
	if e.Mandate.Holder.PersonID == v.viewer.PersonID && action == access.ManageEvaluation {
		s.auditRefusal(v, action, o)
		return o, refused(http.StatusForbidden, "evaluation.own")
	}
	return o, nil
}

type moveForm struct {
	PlannedOn string `form:"planned_on,line,20,required" label:"evaluation.planned_on"`
	Key       string `form:"idempotency_key,raw"`
}

func (s *Site) moveEvaluation(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[moveForm](v)
	if err != nil {
		return err
	}
	e, o, err := s.openEvaluation(v, access.ManageEvaluation)
	if err != nil {
		return err
	}
	sub, err := v.submission(in.Key, "move evaluation")
	if err != nil {
		return err
	}
	planned := f.date("planned_on", in.PlannedOn)
	if !f.ok() {
		view := web.EvaluationView{IdempotencyKey: in.Key, PlannedOn: in.PlannedOn}
		view.Errors = f.errs
		return s.drawEvaluation(w, v, e, o, view)
	}
	if err := s.Store.MoveEvaluation(v.Context(), sub, o, planned, evaluationPath(v, e.ID)); err != nil {
		return err
	}
	tell(w, web.NoticeDone, "evaluation.moved", "Date", v.print.Date(planned))
	return redirect(w, evaluationPath(v, e.ID))
}

type evaluatorForm struct {
	Person string `form:"person,line,20,required" label:"people.person"`
	From   string `form:"from,line,20,required" label:"evaluation.reads_from"`
	Until  string `form:"until,line,20,required" label:"evaluation.reads_until"`
	As     string `form:"capacity,choice,superior|minister|commission" label:"evaluation.capacity"`
	Key    string `form:"idempotency_key,raw"`
}

// nameEvaluator lets somebody read the evaluation between two days.
func (s *Site) nameEvaluator(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[evaluatorForm](v)
	if err != nil {
		return err
	}
	e, o, err := s.openEvaluation(v, access.ManageEvaluation)
	if err != nil {
		return err
	}
	sub, err := v.submission(in.Key, "name evaluator")
	if err != nil {
		return err
	}
	n := store.NamedEvaluator{From: f.date("from", in.From), Until: f.date("until", in.Until), Capacity: evaluation.Capacity(in.As)}
	f.order(n.From, n.Until)
	if n.PersonID, err = s.chosen(v, f, "person", in.Person); err != nil {
		return err
	}
	if f.ok() {
		err = s.Store.NameEvaluator(v.Context(), sub, o, n, evaluationPath(v, e.ID))
		switch {
		case errors.Is(err, store.ErrOwnWork):
			f.refuse("person", "evaluation.own_work")
		case errors.Is(err, store.ErrOverlap):
			f.refuse("from", "evaluation.named_already")
		case err != nil:
			return err
		}
	}
	if !f.ok() {
		view := web.EvaluationView{IdempotencyKey: in.Key, PlannedOn: v.print.Date(e.PlannedOn), Values: web.EvaluatorValues{Person: in.Person, From: in.From, Until: in.Until, Capacity: in.As}}
		view.Errors = f.errs
		return s.drawEvaluation(w, v, e, o, view)
	}
	tell(w, web.NoticeDone, "evaluation.named")
	return redirect(w, evaluationPath(v, e.ID))
}

// endEvaluator takes the evaluation away from an evaluator, at once.
func (s *Site) endEvaluator(w http.ResponseWriter, v *visit) error {
	in, _, err := decode[buttonForm](v)
	if err != nil {
		return err
	}
	e, o, err := s.openEvaluation(v, access.ManageEvaluation)
	if err != nil {
		return err
	}
	evaluator, err := v.number("evaluator")
	if err != nil {
		return err
	}
	sub, err := v.submission(in.Key, "end evaluator")
	if err != nil {
		return err
	}
	if err := s.Store.EndEvaluator(v.Context(), sub, o, evaluator, v.today, evaluationPath(v, e.ID)); err != nil {
		return err
	}
	tell(w, web.NoticeDone, "evaluation.evaluator_ended")
	return redirect(w, evaluationPath(v, e.ID))
}
