package site

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
	"jalon/internal/store"
	"jalon/web"
)

func (s *Site) overviewRoutes() []route {
	page := func(pattern string, h handler) route {
		return route{method: http.MethodGet, pattern: pattern, action: access.ViewOverview, handler: h, past: true}
	}
	asking := func(pattern string, h handler) route {
		rt := page(pattern, h)
		rt.asksDay = true
		return rt
	}
	return []route{
		asking("/overview", s.showOverview), page("/overview/targets", s.listOverviewTargets),
		asking("/overview/changes", s.showChanges), page("/overview/objectives/{objective}", s.showTransversal),
	}
}

// overviewAsked is what a page of the overview was asked, and the lines that answer.
type overviewAsked struct {
	filter overviewFilter
	period calendar.HalfYear
	all    []progress.OverviewLine // of the scope
	lines  []progress.OverviewLine // as far as the filter limits mandates and objectives
	bodies []store.OverviewBody
	moved  map[string]bool // mandate and objective that changed since the last meeting; nil when nobody asked
	same   bool            // the browser has the page already, and was told so
}

func (v *visit) overviewQuestion(f overviewFilter) store.OverviewQuestion {
	period := calendar.HalfYearOf(v.asOf)
	return store.OverviewQuestion{
		Scope: access.ScopeOf(v.viewer, v.today, access.ViewOverview), Period: period, AsOf: v.asOf, Known: v.known, Acts: v.moment().Acts,
		Live: !v.past(), Before: period.Previous(), BodyOf: f.bodyOf, Body: f.bodyCode,
	}
}

// askOverview reads the filter of the address and the lines within it: at most
// three statements, the third only for what changed. To a browser that has the
// page in the state that the scope is in it answers 304, after one. Heads are the
// lines of the scope without how they stand.
func (s *Site) askOverview(w http.ResponseWriter, v *visit, heads bool) (overviewAsked, error) {
	a := overviewAsked{period: calendar.HalfYearOf(v.asOf)}
	var err error
	if a.filter, err = readOverviewFilter(v); err != nil {
		return a, err
	}
	question := v.overviewQuestion(a.filter)
	question.State, question.Heads = s.stateSeen(v), heads
	standing, err := s.Store.Standing(v.Context(), question)
	if err != nil {
		return a, err
	}
	if standing.Same {
		s.inState(w, v, question.State)
		w.WriteHeader(http.StatusNotModified)
		return overviewAsked{same: true}, nil
	}
	s.inState(w, v, standing.State)
	a.all, a.bodies = standing.Lines, standing.Bodies
	if heads {
		return a, nil
	}
	if a.filter.changed {
		moves, err := s.Store.Moves(v.Context(), v.changesBetween(v.lastMeeting(a.all), v.asOf))
		if err != nil {
			return a, err
		}
		a.moved = map[string]bool{}
		for _, m := range moves {
			a.moved[m.Mandate+" "+m.Code.Parent().Parent().String()] = true
		}
	}
	a.lines = a.filter.limit(a.all)
	return a, nil
}

// lastMeeting is the last day on which a body of the visitor's scope met before
// the day of the page, or the end of the half-year before when none is known.
func (v *visit) lastMeeting(lines []progress.OverviewLine) calendar.Date {
	var last calendar.Date
	for _, l := range lines {
		if l.MetOn.After(last) {
			last = l.MetOn
		}
	}
	if last.IsZero() {
		return calendar.HalfYearOf(v.asOf).Previous().End()
	}
	return last
}

// showOverview sets all mandates of the visitor's scope, or their institutions,
// against all objectives.
func (s *Site) showOverview(w http.ResponseWriter, v *visit) error {
	a, err := s.askOverview(w, v, false)
	if a.same || err != nil {
		return err
	}
	view := s.overviewView(v, a)
	if v.wrongDay == "" {
		return s.render(w, v, http.StatusOK, web.OverviewPage(view))
	}
	view.Filter.AsOf, view.Filter.WrongDay = v.wrongDay, true
	view.Errors = []web.FieldError{{Field: "asof", Label: v.print.T("overview.as_of"), Text: v.print.T("overview.wrong_day") + " " + v.print.T("overview.wrong_day_today")}}
	w.Header().Del("ETag")
	return s.render(w, v, http.StatusBadRequest, web.OverviewPage(view))
}

func (s *Site) overviewView(v *visit, a overviewAsked) web.OverviewView {
	view := web.OverviewView{
		Frame: s.frame(v, v.print.T("overview.title")), Period: a.period, Filter: v.filterView(a), Day: v.asOf, Total: len(a.all),
		Headlines: v.overviewHeadlines(a), Since: v.lastMeeting(a.all),
		ByMandate: v.withQuery("by", ""), ByInstitution: v.withQuery("by", "institution"), ChangesURL: v.path("/overview/changes") + v.onward("overview"),
	}
	if slices.ContainsFunc(a.lines, compared) {
		view.Compared = a.period.Previous()
	}
	kept := a.keep(v)
	if a.filter.by == "institution" {
		v.institutionRows(&view, a, kept)
		return view
	}
	columns := columnsOf(a.lines)
	onward := v.onward("overview")
	for _, c := range columns {
		column := web.OverviewColumn{Label: v.print.Code(c), Suffix: "/objectives/" + c.String() + onward}
		if c.Kind == mandate.Transversal {
			column.URL = v.path("/overview/objectives/"+c.String()) + onward
		}
		view.Columns = append(view.Columns, column)
	}
	for _, l := range kept {
		view.Rows = append(view.Rows, v.overviewRow(l, columns, onward))
	}
	return view
}

// onward is the query of addresses that lead deeper: they keep the past that is
// looked at, and lead back to this page with its filter.
func (v *visit) onward(page string) string {
	deeper := *v
	deeper.from = v.asFrom(page)
	return deeper.dated("")
}

// asFrom is this page with its filter, as what lies deeper is told of it.
func (v *visit) asFrom(page string) string {
	if from := page + "?" + v.URL.RawQuery; v.URL.RawQuery != "" && len(from) <= longestFrom {
		return from
	}
	return page
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

func (v *visit) overviewRow(l progress.OverviewLine, columns []mandate.Code, onward string) web.OverviewRow {
	url := v.path("/mandates/" + l.Code)
	row := web.OverviewRow{
		ID: l.Code, URL: url + onward, Link: url, Title: l.Title, Cells: make([]web.OverviewCell, len(columns)),
		About: web.OverviewAbout{Institution: v.say(l.Institution.Name), Holder: l.Holder, Mandates: 1},
	}
	row.About.Silent, row.About.Never = silence(l)
	for _, c := range l.Cells {
		if at := slices.Index(columns, c.Objective); at >= 0 {
			row.Cells[at] = web.OverviewCell{Status: c.Status, Reported: c.Reported, Owed: c.Owed, Trend: monitoring.TrendOf(c.Before, c.Status)}
		}
	}
	return row
}

// silence is the oldest day of the latest reports on the targets of a mandate
// that still owe one, and whether one of them was never reported on; zero when
// everything was reported: nobody is silent then.
func silence(l progress.OverviewLine) (since calendar.Date, never bool) {
	for _, c := range l.Cells {
		if c.Reported < c.Owed && !c.Quiet.IsZero() && (since.IsZero() || c.Quiet.Before(since)) {
			since = c.Quiet
		}
	}
	return since, since == progress.Never
}

// overviewHeadlines counts targets; each figure leads to the targets behind it.
func (v *visit) overviewHeadlines(a overviewAsked) []web.Headline {
	var owed, targets int
	count := map[string]int{}
	for _, l := range a.lines {
		for _, c := range l.Cells {
			owed, targets = owed+c.Owed, targets+c.Targets
			count["reported"] += c.Reported
			count["silent"] += c.Owed - c.Reported
			count["late"] += c.Late
			count["compromised"] += c.Compromised
			count["support"] += c.SupportAsked
			count["achieved"] += c.Achieved
			count["due"] += c.DueSoon
		}
	}
	all := make([]web.Headline, len(overviewShows))
	for i, show := range overviewShows {
		all[i] = web.Headline{Key: "of." + show, Count: count[show], Of: targets, URL: v.targetsURL(show), Show: show}
		if show == "reported" || show == "silent" {
			all[i].Of = owed
		}
	}
	return all
}

// institutionRows rolls the mandates up by institution: their strategic
// objectives, which are each mandate's own, in one column, and each transversal one.
func (v *visit) institutionRows(view *web.OverviewView, a overviewAsked, kept []progress.OverviewLine) {
	var columns []mandate.Code
	for _, c := range columnsOf(a.lines) {
		if c = gathered(c); !slices.Contains(columns, c) {
			columns = append(columns, c)
		}
	}
	// A status, support asked and change choose institutions as they choose mandates: as
	// a whole. What a row adds up is also what its links lead to.
	more := v.queryBut("by", "institution", "kind", "objective", "sort", "status", "support", "changed")
	for _, c := range columns {
		column := web.OverviewColumn{Label: v.print.Code(c), Suffix: "&objective=" + c.String() + more, URL: v.path("/overview/objectives/"+c.String()) + v.onward("overview")}
		if c.Objective == 0 {
			column = web.OverviewColumn{Label: v.print.T("overview.strategic"), Suffix: "&kind=strategic" + more}
			if a.filter.objective != "" {
				column.Suffix = "&objective=" + a.filter.objective + more
			}
		}
		view.Columns = append(view.Columns, column)
	}
	at := map[string]int{}
	for _, l := range kept {
		if _, ok := at[l.Institution.Code]; ok {
			continue
		}
		at[l.Institution.Code] = len(view.Rows)
		link := v.path("/overview") + "?institution=" + l.Institution.Code
		view.Rows = append(view.Rows, web.OverviewRow{
			ID: l.Institution.Code, URL: link + more, Link: link, Title: l.Institution.Name, Cells: make([]web.OverviewCell, len(columns)),
		})
	}
	for _, l := range a.lines {
		if i, ok := at[l.Institution.Code]; ok {
			gather(&view.Rows[i], l, columns)
		}
	}
	switch a.filter.sort { // the other orders are those of the mandates
	case "name":
		slices.SortStableFunc(view.Rows, func(a, b web.OverviewRow) int {
			return strings.Compare(v.print.SortKey(v.say(a.Title)), v.print.SortKey(v.say(b.Title)))
		})
	case "code":
		slices.SortStableFunc(view.Rows, func(a, b web.OverviewRow) int { return strings.Compare(a.ID, b.ID) })
	}
	view.Institutions, view.Total = true, len(institutionOptions(v, a.all))
}

// queryBut is the query of this page without some fields, to follow others.
func (v *visit) queryBut(names ...string) string {
	rest := v.URL.Query()
	for _, name := range names {
		rest.Del(name)
	}
	if len(rest) == 0 {
		return ""
	}
	return "&" + rest.Encode()
}

// gathered is the column of an objective in the view by institution.
func gathered(c mandate.Code) mandate.Code {
	if c.Kind == mandate.Strategic {
		return mandate.Code{Kind: c.Kind}
	}
	return c
}

// gather adds a mandate to the row of its institution. A trend needs a status
// before of every mandate.
func gather(row *web.OverviewRow, l progress.OverviewLine, columns []mandate.Code) {
	row.About.Mandates++
	if since, never := silence(l); !since.IsZero() && (row.About.Silent.IsZero() || since.Before(row.About.Silent)) {
		row.About.Silent, row.About.Never = since, never
	}
	for _, c := range l.Cells {
		cell := &row.Cells[slices.Index(columns, gathered(c.Objective))]
		first := cell.Status == ""
		cell.Status = progress.Weaker(cell.Status, c.Status)
		cell.Reported, cell.Owed = cell.Reported+c.Reported, cell.Owed+c.Owed
		if c.Before == "" || !first && cell.Before == "" {
			cell.Before = ""
		} else {
			cell.Before = progress.Weaker(cell.Before, c.Before)
		}
		cell.Trend = monitoring.TrendOf(cell.Before, cell.Status)
	}
}
