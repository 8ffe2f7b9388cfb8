package site

import (
	"net/http"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/store"
	"jalon/web"
)

func (s *Site) dueRoutes() []route {
	return []route{{method: http.MethodGet, pattern: "/due", action: access.ViewDue, handler: s.showDue}}
}

// showDue lists what the visitor owes now, for every mandate that they hold or
// are delegate of.
func (s *Site) showDue(w http.ResponseWriter, v *visit) error {
	mandates, err := s.Store.Mandates(v.Context(), access.ScopeOf(v.viewer, v.today, access.ViewDue), v.asOf)
	if err != nil {
		return err
	}
	period := calendar.HalfYearOf(v.asOf)
	groups := map[string]*web.DueGroup{}
	view := web.DueView{Frame: s.frame(v, v.print.T("due.title")), Today: v.asOf}
	for _, key := range []string{"late", "soon", "period", "later"} {
		groups[key] = &web.DueGroup{Key: key}
	}
	for _, m := range mandates {
		sheet, _, err := s.Store.Sheet(v.Context(), store.SheetQuestion{Code: m.Code, AsOf: v.asOf})
		if err != nil {
			return err
		}
		for _, line := range dueLines(v, sheet, period, 365) {
			group := groups[urgency(line, period)]
			group.Lines = append(group.Lines, line)
			if group.Key != "later" {
				group.ReportURL = v.path("/mandates/" + m.Code + "/report/" + period.String())
			}
		}
	}
	for _, key := range []string{"late", "soon", "period", "later"} {
		if len(groups[key].Lines) > 0 {
			view.Groups = append(view.Groups, *groups[key])
		}
	}
	return s.render(w, v, http.StatusOK, web.DuePage(view))
}

// urgency sorts a line: late, within thirty days, within the half-year, or later.
func urgency(l web.DueLine, period calendar.HalfYear) string {
	switch {
	case l.Days < 0:
		return "late"
	case l.Days <= 30:
		return "soon"
	case !l.Due.After(period.End()):
		return "period"
	}
	return "later"
}
