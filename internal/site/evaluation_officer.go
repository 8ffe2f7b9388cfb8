package site

import (
	"net/http"
	"strconv"

	"jalon/internal/access"
	"jalon/internal/evaluation"
	"jalon/internal/store"
	"jalon/web"
)

// ReportReminder writes the mail that reminds a holder of the activity report, in their language.
type ReportReminder interface {
	WriteReportReminder(store.ReportLetter) (store.Mail, error)
}

// officerList adds what an officer of HR needs to a list of evaluations: what
// each one still needs, whom to remind, what nobody planned, and figures.
func (s *Site) officerList(v *visit, all []store.Evaluation, plan store.Planning, view *web.EvaluationsView) {
	view.Officer = true
	for i, e := range all {
		if !v.may(access.ManageEvaluation, e.Object()) {
			continue
		}
		line := &view.Evaluations[i]
		if e.Mandate.Holder.PersonID != v.viewer.PersonID { // nobody manages their own
			line.Box, view.DossiersURL = strconv.FormatInt(e.ID, 10), v.path("/evaluations/dossiers")
		}
		line.Missing, line.ReportDue = e.Settings.Missing(e.Summary(v.today), v.today), e.Settings.ReportDue(e.PlannedOn)
		if e.Settings.Remindable(e.Summary(v.today), v.today) {
			view.Remind++
		}
	}
	v.tickAll(view)
	if view.Remind > 0 && s.ReportReminders != nil {
		view.RemindURL = v.path("/evaluations/remind")
	}
	v.unplanned(all, plan, view)
	v.figures(plan, view)
}

// unplanned lists what the settings expect of the tenures that go on, and
// nobody planned.
func (v *visit) unplanned(all []store.Evaluation, plan store.Planning, view *web.EvaluationsView) {
	planned := map[string]bool{}
	for _, e := range all {
		planned[strconv.FormatInt(e.TenureID, 10)+e.Kind.Code] = true
	}
	for _, t := range plan.Tenures {
		if !t.Until.IsZero() && t.Until.Before(v.today) {
			continue
		}
		settings := plan.Settings(t.Object.InstitutionID)
		for _, k := range view.Kinds {
			on, from, until := settings.PlannedFor(k.Value, t.From, t.Until, t.Interim)
			if on.IsZero() || planned[strconv.FormatInt(t.ID, 10)+k.Value] || until.Before(from) {
				continue
			}
			view.Unplanned = append(view.Unplanned, web.PlannedLine{
				Key: t.Key(), Code: t.MandateCode, Person: t.Name, Kind: k, From: from, Until: until, PlannedOn: on,
			})
		}
	}
}

// figures tells of each institution how often each grade was given, when that
// tells nothing of one person.
func (v *visit) figures(plan store.Planning, view *web.EvaluationsView) {
	for _, i := range plan.Institutions {
		if !v.may(access.SettleEvaluation, access.Object{InstitutionID: i.ID}) {
			continue
		}
		shown, _ := evaluation.Counted(i.Grades, i.Settings.MinimumGroup)
		view.Figures = append(view.Figures, web.FigureLine{Institution: i.Name, Minimum: i.Settings.MinimumGroup, Counts: shown})
		view.Settings = append(view.Settings, web.Link{Label: v.say(i.Name), URL: v.path("/evaluations/settings/" + i.Code)})
	}
	view.GradesURL = v.path("/evaluations/grades")
}

// remindReports reminds every holder of the visitor's scope whose report is due
// soon or late, each at most once a day.
func (s *Site) remindReports(w http.ResponseWriter, v *visit) error {
	in, _, err := decode[buttonForm](v)
	if err != nil {
		return err
	}
	sub, err := v.submission(in.Key, "remind of reports")
	if err != nil {
		return err
	}
	if s.ReportReminders == nil {
		return refused(http.StatusConflict, "evaluation.nobody_to_remind")
	}
	all, err := s.Store.Evaluations(v.Context(), access.ScopeOf(v.viewer, v.today, access.ManageEvaluation), nil, 0)
	if err != nil {
		return err
	}
	var letters []store.ReportReminder
	for _, e := range all {
		if !v.may(access.ManageEvaluation, e.Object()) || !e.Settings.Remindable(e.Summary(v.today), v.today) {
			continue
		}
		account, err := s.Store.Account(v.Context(), e.Mandate.Holder.PersonID)
		if err != nil {
			return err
		}
		if account.Disabled {
			continue
		}
		mail, err := s.ReportReminders.WriteReportReminder(store.ReportLetter{
			Recipient: store.Recipient{PersonID: account.PersonID, Lang: account.Lang}, EvaluationID: e.ID, Due: e.Settings.ReportDue(e.PlannedOn), Day: v.today,
		})
		if err != nil {
			return err
		}
		letters = append(letters, store.ReportReminder{Object: e.Object(), Mail: mail})
	}
	sent, err := s.Store.RemindReports(v.Context(), sub, letters, s.Now(), v.path("/evaluations"))
	if err != nil {
		return err
	}
	if sent == 0 {
		tell(w, web.NoticeInfo, "evaluation.nobody_to_remind")
	} else {
		tell(w, web.NoticeDone, "evaluation.reminded", "Count", strconv.Itoa(sent))
	}
	return redirect(w, v.path("/evaluations"))
}
