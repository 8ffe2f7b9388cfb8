package site

import (
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/duty"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
	"jalon/internal/store"
	"jalon/web"
)

func (s *Site) showTarget(w http.ResponseWriter, v *visit) error {
	if same, err := s.sameMandate(w, v); same || err != nil {
		return err
	}
	code := chi.URLParam(v.Request, "code")
	sheet, history, err := s.askSheet(v, access.ViewMandate, store.SheetQuestion{HistoryOf: code})
	if err != nil {
		return err
	}
	targets := sheet.Mandate.Targets()
	at := slices.IndexFunc(targets, func(t mandate.Target) bool { return t.Code.String() == code })
	if at < 0 {
		return errNotFound
	}
	if s.unchanged(w, v, sheet.Mandate.Version) {
		return nil
	}
	view := s.targetView(v, sheet, targets[at], history)
	wordingsOf(&view, v, sheet.Wordings)
	base := view.Mandate.URL + "/targets/"
	steps, _, err := s.Store.Addressees(v.Context(), targets[at].ID, v.known)
	if err != nil {
		return err
	}
	view.AddresseeURL = v.dated(base + code + "/addressees")
	for _, step := range steps {
		if step.InForce(v.asOf) {
			view.Addressees = append(view.Addressees, v.say(step.Body.Name)+" ("+v.print.T("addressee.form."+step.Form)+", "+v.print.T("addressee.cadence."+step.Cadence)+")")
		}
	}
	if at > 0 {
		view.PreviousCode, view.PreviousURL = targets[at-1].Code, v.dated(base+targets[at-1].Code.String())
	}
	if at+1 < len(targets) {
		view.NextCode, view.NextURL = targets[at+1].Code, v.dated(base+targets[at+1].Code.String())
	}
	return s.render(w, v, http.StatusOK, web.TargetPage(view))
}

func (s *Site) targetView(v *visit, sheet progress.Sheet, t mandate.Target, history []progress.Entry) web.TargetView {
	m, period := sheet.Mandate, calendar.HalfYearOf(v.asOf)
	view := web.TargetView{
		Frame: s.frame(v, v.print.T("target.page_title", "Code", v.print.Code(t.Code)), v.crumbs(m)...), Mandate: headOf(v, m), Code: t.Code, Text: t.Text,
		Deadline: monitoring.CellOfDeadline(t.Deadline),
		Now:      monitoring.Cell{Status: sheet.Standing(t, period).Status, Entry: sheet.Latest[t.ID]},
		History:  historyOf(history),
	}
	for _, o := range m.Objectives {
		for _, p := range o.Points {
			if p.Code == t.Code.Parent() {
				url := v.dated(view.Mandate.URL + "/objectives/" + o.Code.String())
				view.Objective = web.Ancestor{Code: o.Code, Text: o.Title, URL: url}
				view.Point = web.Ancestor{Code: p.Code, Text: p.Text, URL: url + "#" + p.Code.String()}
			}
		}
	}
	view.Missed, view.Coming = targetDuties(v, sheet, t)
	view.Events = eventsOf(v, m, sheet.Record.Events, t.ID, v.asOf.AddMonths(-12))
	if duty.AwaitsEvents(t.Deadline.Reading) {
		view.EventsURL = v.dated(view.Mandate.URL + "/events")
	}
	for _, part := range t.Deadline.Reading.Parts {
		words := t.Deadline.Reading
		words.Parts = words.Parts[:0:0]
		words.Parts = append(words.Parts, part)
		view.Parts = append(view.Parts, web.DeadlinePart{Words: words.Render(v.lang), Next: part.Date})
	}
	if !v.past() && t.Deadline.ID != 0 && v.mayOn(access.ConfirmReading, m, t.Code) {
		view.CheckURL = view.Mandate.URL + "/targets/" + t.Code.String() + "/deadline"
	}
	if !v.past() && v.mayOn(access.ReportProgress, m, t.Code) {
		view.ReportURL = view.Mandate.URL + "/report/" + period.String() + "#" + t.Code.String()
	}
	return view
}

// shownComing is how many coming duties a target's page lists.
const shownComing = 6

// targetDuties gives the duties of a target that were missed, or passed over at
// the import, in the last two years, and the next ones of the coming year.
func targetDuties(v *visit, sheet progress.Sheet, t mandate.Target) (missed, coming []web.DutyLine) {
	var past, next []duty.Duty
	for _, d := range sheet.Duties(v.asOf.AddMonths(-24), v.asOf.AddMonths(12)) {
		switch {
		case d.Target.ID != t.ID:
		case d.State == duty.Late || d.State == duty.PastAtImport:
			past = append(past, d)
		case d.State != duty.Done && len(next) < shownComing:
			next = append(next, d)
		}
	}
	return dutyLines(v, sheet.Mandate, past), dutyLines(v, sheet.Mandate, next)
}

// wordingsOf adds the wordings before the one in force on the day of the page,
// and to each entry the wording of its own day where that was another one.
func wordingsOf(view *web.TargetView, v *visit, versions []mandate.Version) {
	now := mandate.WordingOn(versions, v.asOf)
	if now == nil {
		return
	}
	view.Since = now.From
	for i := range versions {
		if versions[i].From.Before(now.From) {
			view.Wordings = append(view.Wordings, web.Wording{From: versions[i].From, Until: versions[i+1].From.AddDays(-1), Text: versions[i].Text})
		}
	}
	slices.Reverse(view.Wordings)
	for i := range view.History {
		if e := view.History[i].Entry; e != nil {
			if then := mandate.WordingOn(versions, e.AsOf); then != nil && then.From != now.From {
				view.History[i].Then = then.Text
			}
		}
	}
}

// historyOf marks the entries that a later one corrects.
func historyOf(entries []progress.Entry) []web.HistoryEntry {
	corrected := map[int64]int64{}
	for _, e := range entries {
		if e.Supersedes != 0 {
			corrected[e.Supersedes] = e.ID
		}
	}
	history := make([]web.HistoryEntry, len(entries))
	for i := range entries {
		e := &entries[i]
		history[i] = web.HistoryEntry{Cell: monitoring.Cell{Status: e.Status, Entry: e}, SupersededBy: corrected[e.ID]}
	}
	return history
}
