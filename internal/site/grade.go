package site

import (
	"net/http"
	"strconv"

	"jalon/internal/access"
	"jalon/internal/evaluation"
	"jalon/web"
)

// gradeRoutes are about the mentions that a conclusion can have: one list for
// all institutions, which an officer of all of them keeps.
func (s *Site) gradeRoutes() []route {
	return []route{
		{method: http.MethodGet, pattern: "/evaluations/grades", action: access.SettleEvaluation, handler: s.showGrades},
		{method: http.MethodPost, pattern: "/evaluations/grades", action: access.SettleEvaluation, handler: s.addGrade},
		{method: http.MethodPost, pattern: "/evaluations/grades/change", action: access.SettleEvaluation, handler: s.changeGrades},
	}
}

// keepsGrades reports whether the visitor is an officer of all institutions.
func (v *visit) keepsGrades() bool {
	return access.ScopeOf(v.viewer, v.today, access.SettleEvaluation).All
}

func (s *Site) showGrades(w http.ResponseWriter, v *visit) error {
	return s.drawGrades(w, v, web.GradesView{IdempotencyKey: newKey(), From: v.print.Date(v.today)})
}

func (s *Site) drawGrades(w http.ResponseWriter, v *visit, view web.GradesView) error {
	here := v.path("/evaluations/grades")
	view.Frame = s.frame(v, v.print.T("grade.title"), web.Crumb{Label: v.print.T("evaluation.title"), URL: v.path("/evaluations")}).Refusing(view.Errors)
	if v.keepsGrades() {
		view.AddURL, view.ChangeURL = here, here+"/change"
	}
	if view.Grades == nil {
		all, err := s.Store.Grades(v.Context())
		if err != nil {
			return err
		}
		for _, g := range all {
			line := web.GradeLine{Grade: g, Place: strconv.Itoa(g.Order)}
			if !g.Until.IsZero() {
				line.Until = v.print.Date(g.Until)
			}
			view.Grades = append(view.Grades, line)
		}
	}
	return s.render(w, v, statusOf(view.Errors), web.GradesPage(view))
}

// refuseGrades refuses whoever may not change the list.
func (v *visit) refuseGrades(s *Site) error {
	if v.keepsGrades() {
		return nil
	}
	s.auditRefusal(v, access.SettleEvaluation, access.Object{})
	return errForbidden
}

type gradeForm struct {
	NL   string `form:"name_nl,line,100,required" label:"grade.nl"`
	FR   string `form:"name_fr,line,100,required" label:"grade.fr"`
	From string `form:"valid_from,line,20,required" label:"grade.valid_from"`
	Key  string `form:"idempotency_key,raw"`
}

// addGrade adds a mention to the end of the list, from a day on.
func (s *Site) addGrade(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[gradeForm](v)
	if err != nil {
		return err
	}
	if err := v.refuseGrades(s); err != nil {
		return err
	}
	sub, err := v.submission(in.Key, "add grade")
	if err != nil {
		return err
	}
	g := evaluation.Grade{Name: officialName(in.NL, in.FR), From: f.date("valid_from", in.From)}
	if !f.ok() {
		view := web.GradesView{IdempotencyKey: in.Key, NL: in.NL, FR: in.FR, From: in.From}
		view.Errors = f.errs
		return s.drawGrades(w, v, view)
	}
	here := v.path("/evaluations/grades")
	if err := s.Store.AddGrade(v.Context(), sub, g, s.Now(), here); err != nil {
		return err
	}
	tell(w, web.NoticeDone, "grade.added")
	return redirect(w, here)
}

// changeGrades keeps the order of the mentions and the last day of each. A name
// never changes: conclusions have it.
func (s *Site) changeGrades(w http.ResponseWriter, v *visit) error {
	f, err := v.form("idempotency_key", "place.*", "until.*")
	if err != nil {
		return err
	}
	if err := v.refuseGrades(s); err != nil {
		return err
	}
	sub, err := v.submission(f.raw("idempotency_key"), "change grades")
	if err != nil {
		return err
	}
	all, err := s.Store.Grades(v.Context())
	if err != nil {
		return err
	}
	view := web.GradesView{IdempotencyKey: f.raw("idempotency_key"), From: v.print.Date(v.today)}
	for i := range all {
		g := &all[i]
		place, until := "place."+strconv.FormatInt(g.ID, 10), "until."+strconv.FormatInt(g.ID, 10)
		f.labels[place], f.labels[until] = v.say(g.Name), v.say(g.Name)
		line := web.GradeLine{Grade: *g, Place: f.line(place, 3), Until: f.line(until, 20)}
		g.Order, g.Until = f.whole(place, f.required(place, line.Place), 1, 999), f.date(until, line.Until)
		if !g.Until.IsZero() && g.Until.Before(g.From) {
			f.refuse(until, "grade.until_before_from")
		}
		view.Grades = append(view.Grades, line)
	}
	if !f.ok() {
		view.Errors = f.errs
		return s.drawGrades(w, v, view)
	}
	here := v.path("/evaluations/grades")
	if err := s.Store.ChangeGrades(v.Context(), sub, all, here); err != nil {
		return err
	}
	tell(w, web.NoticeDone, "grade.changed")
	return redirect(w, here)
}
