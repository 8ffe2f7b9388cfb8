package site

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"jalon/internal/access"
	"jalon/internal/duty"
	"jalon/internal/indicator"
	"jalon/internal/mandate"
	"jalon/internal/scoreboard"
	"jalon/internal/store"
	"jalon/web"
)

// measureRoutes are what is said of an indicator, and done when it is off its path.
func (s *Site) measureRoutes() []route {
	const page = "/mandates/{m}/indicators/{code}/measures"
	return []route{
		{method: http.MethodGet, pattern: page, action: access.ViewMandate, handler: s.showMeasures, past: true},
		{method: http.MethodPost, pattern: page, action: access.TakeMeasure, handler: s.takeMeasure},
		{method: http.MethodPost, pattern: page + "/{measure}/steps", action: access.TakeMeasure, handler: s.stepMeasure},
		{method: http.MethodPost, pattern: "/mandates/{m}/indicators/{code}/remarks", action: access.TakeMeasure, handler: s.remark},
	}
}

// measures is the indicator of an address with what was said and done about it.
type measures struct {
	sheet  store.IndicatorSheet
	series *indicator.Series
	row    scoreboard.Row
}

func (s *Site) openMeasures(v *visit, action access.Action) (m measures, err error) {
	m.sheet, m.series, err = s.openIndicator(v, action)
	if err != nil {
		return m, err
	}
	m.row = scoreboard.Row{Mandate: m.sheet.Mandate, Series: m.series, Standing: m.series.Stand(), Notes: m.sheet.Notes[m.series.ID].Notes}
	return m, nil
}

func measuresPath(v *visit, m measures) string {
	return indicatorsPath(v, m.sheet.Mandate) + "/" + m.series.Code + "/measures"
}

func (s *Site) showMeasures(w http.ResponseWriter, v *visit) error {
	m, err := s.openMeasures(v, access.ViewMandate)
	if err != nil {
		return err
	}
	return s.drawMeasures(w, v, m, web.MeasuresView{}, nil)
}

// drawMeasures completes the view, which holds what was typed.
func (s *Site) drawMeasures(w http.ResponseWriter, v *visit, m measures, view web.MeasuresView, f *form) error {
	here, of := measuresPath(v, m), m.sheet.Mandate
	view.Frame = s.frame(v, v.print.T("measure.title", "Code", m.series.Code, "Name", v.say(m.series.Name)), append(v.crumbs(of),
		web.Crumb{Label: v.print.T("indicator.title"), URL: v.dated(indicatorsPath(v, of))},
		web.Crumb{Label: m.series.Code, URL: v.dated(indicatorsPath(v, of) + "/" + m.series.Code)})...)
	view.Mandate, view.Line, view.Row, view.AsOf, view.IdempotencyKey = headOf(v, of), indicatorLine(v, of, m.series), m.row, v.asOf, newKey()
	boards, owners, err := s.around(v, m)
	if err != nil {
		return err
	}
	for _, b := range boards {
		url := v.path("/bodies/" + b.Institution + "-" + b.Body + "/scoreboards/" + b.Code)
		view.Boards = append(view.Boards, web.Link{Label: v.say(b.Name), URL: v.dated(url)})
	}
	if !v.past() && v.reaches(access.TakeMeasure, of, m.series.Indicator) {
		view.TakeURL, view.RemarkURL = here, indicatorsPath(v, of)+"/"+m.series.Code+"/remarks"
		view.StepURL = func(id int64) string { return here + "/" + strconv.FormatInt(id, 10) + "/steps" }
		_, view.OnBehalfOf = access.ActsFor(v.viewer, v.today, access.TakeMeasure, objectOf(of))
		for _, r := range owners {
			view.Owners = append(view.Owners, web.Option{Value: strconv.FormatInt(r.ID, 10), Label: r.Name})
		}
	}
	if f != nil {
		view.Errors = f.errs
	}
	return s.render(w, v, statusOf(view.Errors), web.MeasuresPage(view))
}

// around reads the scoreboards that the indicator is on, and who can take a measure on: who
// reports on the part of the mandate that the indicator belongs to.
func (s *Site) around(v *visit, m measures) ([]store.MandateBoard, []store.Reporter, error) {
	boards, all, err := s.Store.AroundMeasures(v.Context(), m.sheet.Mandate.ID, m.series.ID, v.moment(), v.today)
	return boards, slices.DeleteFunc(all, func(r store.Reporter) bool { return !reachesIndicator(r.Cover, m.series.Indicator) }), err
}

// ofIndicator names the indicator for a write, and for whom it is.
func (v *visit) ofIndicator(s *Site, m measures) store.On {
	on := store.On{MandateID: m.sheet.Mandate.ID, IndicatorID: m.series.ID, Code: m.series.Code, At: s.Now()}
	on.BehalfOfID, _ = access.ActsFor(v.viewer, v.today, access.TakeMeasure, objectOf(m.sheet.Mandate))
	return on
}

type measureForm struct {
	Key    string `form:"idempotency_key,raw"`
	Cause  string `form:"cause,text,2000,required" label:"measure.cause"`
	Action string `form:"action,text,2000,required" label:"measure.action"`
	Effect string `form:"effect,text,2000" label:"measure.effect"`
	Owner  string `form:"owner,line,20,required" label:"measure.owner"`
	Due    string `form:"due,line,20,required" label:"measure.due"`
}

// takeMeasure keeps what is done about an indicator, by whom and until when. Its
// owner reports on the mandate: to them it becomes a duty.
func (s *Site) takeMeasure(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[measureForm](v)
	if err != nil {
		return err
	}
	m, err := s.openMeasures(v, access.TakeMeasure)
	if err != nil {
		return err
	}
	sub, done, err := s.once(w, v, in.Key, "take measure")
	if done || err != nil {
		return err
	}
	taken := scoreboard.Measure{On: v.today, Cause: in.Cause, Action: in.Action, Effect: in.Effect, FirstDue: f.date("due", in.Due), Lang: v.lang}
	if !taken.FirstDue.IsZero() && taken.FirstDue.Before(v.today) {
		f.refuse("due", "measure.due_past")
	}
	_, owners, err := s.around(v, m)
	if err != nil {
		return err
	}
	for _, r := range owners {
		if strconv.FormatInt(r.ID, 10) == in.Owner {
			taken.OwnerID = r.ID
		}
	}
	if taken.OwnerID == 0 && in.Owner != "" {
		f.refuse("owner", "error.form.choice")
	}
	if !f.ok() {
		typed := web.MeasuresView{Measure: web.MeasureForm{Cause: in.Cause, Action: in.Action, Effect: in.Effect, Owner: in.Owner, Due: in.Due}}
		return s.drawMeasures(w, v, m, typed, f)
	}
	location, err := s.Store.TakeMeasure(v.Context(), sub, v.ofIndicator(s, m), taken, measuresPath(v, m))
	if err != nil {
		return err
	}
	tell(w, web.NoticeDone, "measure.stored")
	return redirect(w, location)
}

type measureStepForm struct {
	Key    string `form:"idempotency_key,raw"`
	Kind   string `form:"kind,choice,moved|done|dropped,required" label:"measure.what"`
	NewDue string `form:"new_due,line,20" label:"measure.new_due"`
	Text   string `form:"text,text,2000,required" label:"measure.text"`
}

// stepMeasure keeps what became of a measure: with which effect it was done, to which day it was moved, or why it was given up.
func (s *Site) stepMeasure(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[measureStepForm](v)
	if err != nil {
		return err
	}
	m, err := s.openMeasures(v, access.TakeMeasure)
	if err != nil {
		return err
	}
	id, err := v.number("measure")
	if err != nil {
		return err
	}
	sub, done, err := s.once(w, v, in.Key, "follow measure")
	if done || err != nil {
		return err
	}
	of := m.row.Measure(id)
	if of == nil {
		return errNotFound
	}
	step := scoreboard.Step{Kind: scoreboard.StepKind(in.Kind), Said: scoreboard.Said{On: v.today, Text: in.Text, Lang: v.lang}}
	if step.Kind == scoreboard.Moved {
		step.Due = f.date("new_due", f.required("new_due", in.NewDue))
		if !step.Due.IsZero() && step.Due.Before(v.today) {
			f.refuse("new_due", "measure.due_past")
		}
	}
	if !f.ok() {
		typed := web.MeasuresView{Step: web.StepForm{Measure: strconv.FormatInt(id, 10), Kind: in.Kind, NewDue: in.NewDue, Text: in.Text}}
		return s.drawMeasures(w, v, m, typed, f)
	}
	location, err := s.Store.StepMeasure(v.Context(), sub, v.ofIndicator(s, m), id, step, measuresPath(v, m))
	if errors.Is(err, store.ErrExists) {
		tell(w, web.NoticeWarning, "measure.ended_meanwhile")
		return redirect(w, measuresPath(v, m))
	}
	if err != nil {
		return err
	}
	tell(w, web.NoticeDone, "measure.step_stored")
	return redirect(w, location)
}

type remarkForm struct {
	Key    string `form:"idempotency_key,raw"`
	Remark string `form:"remark,text,2000,required" label:"measure.remark"`
}

// remark keeps what somebody says about where an indicator stands.
func (s *Site) remark(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[remarkForm](v)
	if err != nil {
		return err
	}
	m, err := s.openMeasures(v, access.TakeMeasure)
	if err != nil {
		return err
	}
	sub, err := v.submission(in.Key, "remark on indicator")
	if err != nil {
		return err
	}
	if !f.ok() {
		return s.drawMeasures(w, v, m, web.MeasuresView{Remark: web.RemarkForm{Remark: in.Remark}}, f)
	}
	said := scoreboard.Said{On: v.today, Text: in.Remark, Lang: v.lang}
	location, err := s.Store.Remark(v.Context(), sub, v.ofIndicator(s, m), said, measuresPath(v, m))
	if err != nil {
		return err
	}
	tell(w, web.NoticeDone, "measure.remark_stored")
	return redirect(w, location)
}

// dueMeasures lists the measures that the visitor has taken on, as far as they
// reach the indicator, and as the holder of a mandate all of it: those that are
// overdue first, then by day.
func dueMeasures(v *visit, questions []duty.Question, notes map[int64]store.NotedIndicator) (lines []web.DueMeasure) {
	of := map[int64]mandate.Mandate{}
	for _, q := range questions {
		of[q.Mandate.ID] = q.Mandate
	}
	for _, n := range notes {
		m := of[n.MandateID]
		if !v.reaches(access.ViewDue, m, indicator.Indicator{Objective: n.Objective, Target: n.Target}) {
			continue
		}
		for _, one := range n.Open(v.asOf) {
			if one.OwnerID != v.viewer.PersonID && m.Holder.PersonID != v.viewer.PersonID {
				continue
			}
			line := web.DueMeasure{
				Code: n.Code, Name: n.Name, Mandate: m.Title, Action: one.Action, Lang: one.Lang, Owner: v.print.MeasureOwner(one), Due: one.Due(), Late: one.State(v.asOf) == scoreboard.Overdue,
				URL: v.dated(indicatorsPath(v, m) + "/" + n.Code + "/measures"),
			}
			lines = append(lines, line)
		}
	}
	slices.SortFunc(lines, func(a, b web.DueMeasure) int {
		return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Action, b.Action))
	})
	return lines
}
