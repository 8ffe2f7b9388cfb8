package site

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
	"jalon/internal/store"
	"jalon/web"
)

func (s *Site) overviewRoutes() []route {
	return []route{{method: http.MethodGet, pattern: "/overview", action: access.ViewOverview, handler: s.showOverview, past: true}}
}

// showOverview sets all mandates of the visitor's scope against all objectives.
func (s *Site) showOverview(w http.ResponseWriter, v *visit) error {
	filter, err := readOverviewFilter(v)
	if err != nil {
		return err
	}
	period := calendar.HalfYearOf(v.asOf)
	lines, err := s.Store.Overview(v.Context(), store.OverviewQuestion{
		Scope: access.ScopeOf(v.viewer, v.today, access.ViewOverview), Period: period, AsOf: v.asOf,
		Live: v.asOf == v.today, Before: period.Previous(),
	})
	if err != nil {
		return err
	}
	return s.render(w, v, http.StatusOK, web.OverviewPage(s.overviewView(v, filter, lines)))
}

func (s *Site) overviewView(v *visit, filter web.OverviewFilter, lines []progress.OverviewLine) web.OverviewView {
	period := calendar.HalfYearOf(v.asOf)
	view := web.OverviewView{
		Frame: s.frame(v, v.print.T("overview.title")), Period: period, Filter: filter, Total: len(lines),
		MandatesBase: v.path("/mandates/"), Columns: columnsOf(lines),
	}
	if slices.ContainsFunc(lines, compared) {
		view.Compared = period.Previous()
	}
	view.Filter.Institutions = institutionOptions(v, lines)
	view.Headlines = overviewHeadlines(v, lines)
	lines = filtered(v, lines, filter)
	for _, l := range lines {
		view.Rows = append(view.Rows, overviewRow(v, l, view.Columns))
	}
	return view
}

var overviewSorts = []string{"weakest", "silent", "name", "code"}

// readOverviewFilter takes the filter of the address; an unknown value is refused.
func readOverviewFilter(v *visit) (web.OverviewFilter, error) {
	q := v.URL.Query()
	f := web.OverviewFilter{
		Action: v.URL.Path, Institution: q.Get("institution"), Status: q.Get("status"), Sort: q.Get("sort"),
	}
	f.Sort = cmp.Or(f.Sort, "weakest")
	if v.asOf != v.today {
		f.AsOf = v.print.Date(v.asOf)
	}
	known := f.Status == "" || slices.Contains(statusOrder, progress.Status(f.Status))
	if !known || !slices.Contains(overviewSorts, f.Sort) {
		return f, badRequest("overview.unknown_filter")
	}
	return f, nil
}

func compared(l progress.OverviewLine) bool {
	return slices.ContainsFunc(l.Cells, func(c progress.OverviewCell) bool { return c.Before != "" })
}

// columnsOf lists the objectives of all mandates: strategic ones first, by number.
func columnsOf(lines []progress.OverviewLine) []mandate.Code {
	var columns []mandate.Code
	seen := map[mandate.Code]bool{}
	for _, l := range lines {
		for _, c := range l.Cells {
			if !seen[c.Objective] {
				seen[c.Objective] = true
				columns = append(columns, c.Objective)
			}
		}
	}
	slices.SortFunc(columns, func(a, b mandate.Code) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Objective, b.Objective))
	})
	return columns
}

func institutionOptions(v *visit, lines []progress.OverviewLine) []web.Option {
	var options []web.Option
	for _, l := range lines {
		o := web.Option{Value: l.Institution.Code, Label: v.say(l.Institution.Name)}
		if !slices.Contains(options, o) {
			options = append(options, o)
		}
	}
	slices.SortFunc(options, func(a, b web.Option) int { return cmp.Compare(a.Label, b.Label) })
	return options
}

// overviewHeadlines counts objectives and mandates; each figure leads to the
// rows behind it.
func overviewHeadlines(v *visit, lines []progress.OverviewLine) []web.Headline {
	counts := map[progress.Status]int{}
	reported, owed := 0, 0
	for _, l := range lines {
		for _, c := range l.Cells {
			reported += c.Reported
			owed += c.Owed
			counts[c.Status]++
		}
	}
	headlines := []web.Headline{{Key: "reported", Count: reported, Of: owed, URL: v.withQuery("sort", "silent")}}
	for _, status := range []progress.Status{progress.Late, progress.Compromised, progress.SupportNeeded, progress.NotReported, progress.Achieved} {
		headlines = append(headlines, web.Headline{Key: "cells." + string(status), Count: counts[status], URL: v.withQuery("status", string(status))})
	}
	return headlines
}

// filtered keeps the lines that the filter asks for, in its order.
func filtered(v *visit, lines []progress.OverviewLine, f web.OverviewFilter) []progress.OverviewLine {
	kept := lines[:0:0]
	for _, l := range lines {
		ofInstitution := f.Institution == "" || l.Institution.Code == f.Institution
		ofStatus := f.Status == "" || slices.ContainsFunc(l.Cells, func(c progress.OverviewCell) bool { return string(c.Status) == f.Status })
		if ofInstitution && ofStatus {
			kept = append(kept, l)
		}
	}
	switch f.Sort {
	case "weakest":
		slices.SortStableFunc(kept, func(a, b progress.OverviewLine) int {
			x, y := rollUpOfLine(a).Weakest, rollUpOfLine(b).Weakest
			switch {
			case x == y:
				return 0
			case progress.Weaker(x, y) == x:
				return -1
			}
			return 1
		})
	case "silent":
		slices.SortStableFunc(kept, func(a, b progress.OverviewLine) int {
			return cmp.Compare(silence(b), silence(a))
		})
	case "name":
		slices.SortStableFunc(kept, func(a, b progress.OverviewLine) int {
			return strings.Compare(v.print.SortKey(v.say(a.Title)), v.print.SortKey(v.say(b.Title)))
		})
	case "code":
		slices.SortStableFunc(kept, func(a, b progress.OverviewLine) int { return strings.Compare(a.Code, b.Code) })
	}
	return kept
}

// silence counts the targets on which a report is owed and none came.
func silence(l progress.OverviewLine) int {
	up := rollUpOfLine(l)
	return up.Owed - up.Reported
}

func overviewRow(v *visit, l progress.OverviewLine, columns []mandate.Code) web.OverviewRow {
	row := web.OverviewRow{
		Code: l.Code, Title: l.Title, Institution: v.say(l.Institution.Name), Holder: l.Holder,
		Cells: make([]web.OverviewCell, len(columns)),
	}
	for _, c := range l.Cells {
		if at := slices.Index(columns, c.Objective); at >= 0 {
			row.Cells[at] = web.OverviewCell{Status: c.Status, Reported: c.Reported, Owed: c.Owed, Trend: monitoring.TrendOf(c.Before, c.Status)}
		}
	}
	return row
}

func langOfText(v *visit, t monitoring.Table) bilingual.Lang {
	_, in, _ := t.Mandate.Title.For(v.lang)
	return in
}
