package site

import (
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
	"jalon/web"
)

// showTransversal sets one transversal objective across all mandates, with what
// each contributes. The shared text stands there once.
func (s *Site) showTransversal(w http.ResponseWriter, v *visit) error {
	code, err := mandate.ParseCode(chi.URLParam(v.Request, "objective"))
	if err != nil || code.Kind != mandate.Transversal || code.Parent() != code {
		return errNotFound
	}
	a, err := s.askOverview(w, v, false)
	if a.same || err != nil {
		return err
	}
	a.filter.objective = code.String()
	a.lines = a.filter.limit(a.all)
	kept := a.keep(v)
	if len(kept) == 0 {
		return errNotFound
	}
	view := web.TransversalView{
		Frame: s.frame(v, v.print.T("transversal.title", "Code", v.print.Code(code)), web.Crumb{Label: v.print.T("menu.overview"), URL: v.dated(v.path("/overview"))}),
		Code:  code, Day: v.asOf, Total: len(kept),
	}
	for _, l := range kept {
		c := l.Cells[0]
		view.Reported, view.Owed = view.Reported+c.Reported, view.Owed+c.Owed
		view.Weakest = progress.Weaker(view.Weakest, c.Status)
	}
	if kept, view.Pages, err = paged(v, kept, mandatesOnPage); err != nil {
		return err
	}
	return s.drawTransversal(w, v, view, kept)
}

func (s *Site) drawTransversal(w http.ResponseWriter, v *visit, view web.TransversalView, lines []progress.OverviewLine) error {
	codes, byCode := make([]string, len(lines)), map[string]progress.OverviewLine{}
	for i, l := range lines {
		codes[i], byCode[l.Code] = l.Code, l
	}
	sheets, err := s.Store.SheetsOf(v.Context(), codes, v.moment(), view.Code.String())
	if err != nil {
		return err
	}
	parts := map[string]web.Contribution{}
	for _, sheet := range sheets {
		at := slices.IndexFunc(sheet.Mandate.Objectives, func(o mandate.Objective) bool { return o.Code == view.Code })
		if at < 0 {
			continue
		}
		o := sheet.Mandate.Objectives[at]
		view.Texts = shared(view.Texts, o, sheet.Mandate.Title)
		parts[sheet.Mandate.Code] = v.contribution(sheet, o, byCode[sheet.Mandate.Code], view.Code)
	}
	for _, code := range codes {
		view.Contributions = append(view.Contributions, parts[code])
	}
	return s.render(w, v, http.StatusOK, web.TransversalPage(view))
}

// shared keeps each text of the objective once, with whose it is.
func shared(texts []web.SharedText, o mandate.Objective, title bilingual.Text) []web.SharedText {
	for i, t := range texts {
		if t.Title == o.Title && slices.Equal(t.Context, o.Context) && slices.Equal(t.Goals, o.Goals) {
			texts[i].Of = append(texts[i].Of, title)
			return texts
		}
	}
	return append(texts, web.SharedText{Title: o.Title, Context: o.Context, Goals: o.Goals, Of: []bilingual.Text{title}})
}

// contribution is what one mandate does for a transversal objective.
func (v *visit) contribution(sheet progress.Sheet, o mandate.Objective, l progress.OverviewLine, code mandate.Code) web.Contribution {
	onward := v.onward("overview/objectives/" + code.String())
	base := v.path("/mandates/" + sheet.Mandate.Code)
	c := web.Contribution{
		ID: sheet.Mandate.Code, Mandate: sheet.Mandate.Title, Institution: sheet.Mandate.Institution.Name, Holder: sheet.Mandate.Holder.Name,
		URL: base + "/objectives/" + code.String() + onward,
	}
	if len(l.Cells) > 0 {
		cell := l.Cells[0]
		c.Status, c.Reported, c.Owed, c.Trend = cell.Status, cell.Reported, cell.Owed, monitoring.TrendOf(cell.Before, cell.Status)
	}
	for _, p := range o.Points {
		for _, t := range p.Targets {
			c.Targets = append(c.Targets, web.ContributionTarget{
				Code: t.Code, Text: t.Text, Status: sheet.Standing(t, calendar.HalfYearOf(v.asOf)).Status, Entry: sheet.Latest[t.ID],
				URL: base + "/targets/" + t.Code.String() + onward,
			})
		}
	}
	return c
}
