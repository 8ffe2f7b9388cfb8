package site

import (
	"net/http"
	"slices"

	"jalon/internal/progress"
	"jalon/internal/store"
	"jalon/web"
)

// targetsOnPage is how many targets a page of the list behind a figure has.
const targetsOnPage = 100

// listOverviewTargets lists the targets behind a figure of the overview: as many as the figure says.
func (s *Site) listOverviewTargets(w http.ResponseWriter, v *visit) error {
	show := v.URL.Query().Get("show")
	if !slices.Contains(overviewShows, show) {
		return badRequest("overview.unknown_filter")
	}
	a, err := s.askOverview(w, v, true)
	if a.same || err != nil {
		return err
	}
	targets, err := s.Store.OverviewTargets(v.Context(), v.overviewQuestion(a.filter))
	if err != nil {
		return err
	}
	lines := map[string]progress.OverviewLine{}
	for _, l := range a.all {
		if a.filter.about(l) {
			lines[l.Code] = l
		}
	}
	targets = slices.DeleteFunc(targets, func(t store.OverviewTarget) bool {
		l, ok := lines[t.Mandate]
		return !ok || !a.filter.covers(l, t.Code.Parent().Parent()) || !shownBehind(show, t)
	})
	view := web.OverviewTargetsView{
		Frame: s.frame(v, v.print.T("overview.list."+show), web.Crumb{Label: v.print.T("menu.overview"), URL: v.dated(v.path("/overview"))}),
		Day:   v.asOf, Total: len(targets),
	}
	if targets, view.Pages, err = paged(v, targets, targetsOnPage); err != nil {
		return err
	}
	view.Rows, err = s.overviewTargetRows(v, targets)
	if err != nil {
		return err
	}
	return s.render(w, v, http.StatusOK, web.OverviewTargetsPage(view))
}

// shownBehind reports whether a target is one of those that a figure counts.
func shownBehind(show string, t store.OverviewTarget) bool {
	switch show {
	case "reported":
		return t.Standing.Owed && t.Standing.Reported
	case "silent":
		return t.Standing.Owed && !t.Standing.Reported
	case "late":
		return t.Standing.Status == progress.Late
	case "compromised":
		return t.Latest.Status == progress.Compromised
	case "support":
		return t.Latest.Status == progress.SupportNeeded
	case "achieved":
		return t.Latest.Status == progress.Achieved && t.Standing.Reported
	}
	return t.DueSoon
}

// overviewTargetRows gives the rows of a page, mandate by mandate as they come.
func (s *Site) overviewTargetRows(v *visit, targets []store.OverviewTarget) (rows []web.OfMandate[web.OverviewTargetRow], err error) {
	ids := make([]int64, len(targets))
	for i, t := range targets {
		ids[i] = t.ID
	}
	lines, err := s.Store.TargetLines(v.Context(), ids, v.moment())
	if err != nil {
		return nil, err
	}
	onward := v.onward("overview/targets")
	for _, t := range targets {
		l := lines[t.ID]
		rows = ofMandate(rows, v.headOfTarget(l, onward), web.OverviewTargetRow{
			Code: t.Code, Text: l.Text, Entry: l.Entry, Status: t.Standing.Status, Due: t.Due,
			URL: v.path("/mandates/"+t.Mandate+"/targets/"+t.Code.String()) + onward,
		})
	}
	return rows, nil
}

// headOfTarget names the mandate of a target in a list of several, and leads to it.
func (v *visit) headOfTarget(l store.TargetLine, onward string) web.MandateHead {
	return web.MandateHead{Code: l.Mandate, URL: v.path("/mandates/"+l.Mandate) + onward, Title: l.Title, Institution: l.Institution, Holder: l.Holder}
}

// ofMandate adds a line to those of its mandate when they came last, else to a group of its own.
func ofMandate[L any](groups []web.OfMandate[L], of web.MandateHead, line L) []web.OfMandate[L] {
	if n := len(groups); n > 0 && groups[n-1].Mandate.Code == of.Code {
		groups[n-1].Lines = append(groups[n-1].Lines, line)
		return groups
	}
	return append(groups, web.OfMandate[L]{Mandate: of, Lines: []L{line}})
}
