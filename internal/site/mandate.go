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

func (s *Site) mandateRoutes() []route {
	return []route{
		{method: http.MethodGet, pattern: "/mandates", action: access.SeeTitle, handler: s.listMandates, past: true},
		{method: http.MethodGet, pattern: "/mandates/{m}", action: access.ViewMandate, handler: s.showMandate, past: true},
		{method: http.MethodGet, pattern: "/mandates/{m}/objectives/{code}", action: access.ViewMandate, handler: s.showObjective, past: true},
		{method: http.MethodGet, pattern: "/mandates/{m}/targets/{code}", action: access.ViewMandate, handler: s.showTarget, past: true},
	}
}

func (s *Site) listMandates(w http.ResponseWriter, v *visit) error {
	period := calendar.HalfYearOf(v.asOf)
	mandates, err := s.Store.Mandates(v.Context(), access.ScopeOf(v.viewer, v.today, access.SeeTitle), v.moment())
	if err != nil {
		return err
	}
	lines, err := s.Store.Overview(v.Context(), store.OverviewQuestion{
		Scope: v.rolledUp(mandates), Period: period, AsOf: v.asOf, Known: v.known, Acts: v.moment().Acts,
		Live: !v.past(), Before: period.Previous(),
	})
	if err != nil {
		return err
	}
	byCode := make(map[string]progress.OverviewLine, len(lines))
	for _, l := range lines {
		byCode[l.Code] = l
	}
	view := web.MandatesView{Frame: s.frame(v, v.print.T("mandates.title")), Day: v.asOf, Period: period}
	if v.may(access.ImportLetter, access.Object{}) {
		view.ImportURL = v.path("/import")
	}
	for _, m := range mandates {
		line := web.MandateLine{MandateHead: headOf(v, m), RollUp: rollUpOfLine(v.lineWithin(access.ViewMandate, m, byCode[m.Code]))}
		if line.URL = v.dated(line.URL); !v.may(access.ViewMandate, objectOf(m)) {
			line.URL = ""
		}
		if v.may(access.ManageOffices, objectOf(m)) {
			line.TenuresURL = tenuresPath(v, m)
		}
		view.Mandates = append(view.Mandates, line)
	}
	return s.render(w, v, http.StatusOK, web.MandatesPage(view))
}

// askSheet reads the mandate of the address as of the visit's day, once the
// visitor may do the action to it, as far as they may.
func (s *Site) askSheet(v *visit, action access.Action, q store.SheetQuestion) (progress.Sheet, []progress.Entry, error) {
	q.Code = chi.URLParam(v.Request, "m")
	if q.AsOf.IsZero() {
		q.AsOf, q.Known = v.asOf, v.known
	}
	sheet, history, err := s.Store.Sheet(v.Context(), q)
	if err != nil {
		return sheet, nil, err
	}
	if err := s.allow(v, action, objectOf(sheet.Mandate)); err != nil {
		return sheet, nil, err
	}
	return v.within(action, sheet), history, nil
}

// sameMandate answers 304 to a browser that has a page about a mandate as it is
// now: its version is asked, and not the whole of it. A page that was not found has no tag.
func (s *Site) sameMandate(w http.ResponseWriter, v *visit) (bool, error) {
	if v.Header.Get("If-None-Match") == "" {
		return false, nil
	}
	o, version, err := s.Store.MandateObject(v.Context(), chi.URLParam(v.Request, "m"))
	if err != nil || !v.may(access.ViewMandate, o) {
		return false, err
	}
	return s.unchanged(w, v, version), nil
}

func (s *Site) showMandate(w http.ResponseWriter, v *visit) error {
	if same, err := s.sameMandate(w, v); same || err != nil {
		return err
	}
	sheet, _, err := s.askSheet(v, access.ViewMandate, store.SheetQuestion{Indicators: true})
	if err != nil {
		return err
	}
	if s.unchanged(w, v, sheet.Mandate.Version) {
		return nil
	}
	view := s.mandateView(v, sheet)
	if err := s.besideKPIs(v, sheet, view.Objectives); err != nil {
		return err
	}
	return s.render(w, v, http.StatusOK, web.MandatePage(view))
}

func (s *Site) mandateView(v *visit, sheet progress.Sheet) web.MandateView {
	m, period := sheet.Mandate, calendar.HalfYearOf(v.asOf)
	head := headOf(v, m)
	groups := dueLines(v, duty.Question{Mandate: m, Record: sheet.Record, Today: sheet.AsOf})
	if v.ownOnly(m) {
		v.pressing = len(groups[dueLate]) + len(groups[dueSoon])
	}
	view := web.MandateView{
		Frame:   s.frame(v, v.say(m.Title), web.Crumb{Label: v.print.T("menu.mandates"), URL: v.dated(v.path("/mandates"))}),
		Mandate: head, Day: v.asOf, Period: period,
		MonitoringURL: v.dated(head.URL + "/monitoring/" + period.String()),
		EventsURL:     v.dated(head.URL + "/events"), CalendarURL: v.dated(head.URL + "/calendar"),
		TimelineURL: v.dated(head.URL + "/timeline"), BriefURL: v.dated(head.URL + "/sheet"),
		AmendmentsURL: v.dated(head.URL + "/amendments"), IndicatorsURL: v.dated(head.URL + "/indicators"),
	}
	if v.may(access.ViewDelegations, objectOf(m)) {
		view.DelegationsURL = v.dated(head.URL + "/delegations")
	}
	if !v.past() && v.may(access.ReportProgress, objectOf(m)) {
		view.ReportURL = head.URL + "/report/" + period.String()
	}
	if v.may(access.ViewAccessLog, objectOf(m)) {
		view.AccessLogURL = head.URL + "/access-log"
	}
	if v.may(access.ManageOffices, objectOf(m)) {
		view.TenuresURL = tenuresPath(v, m)
	}
	for _, o := range m.Objectives {
		view.Objectives = append(view.Objectives, objectiveBlock(v, sheet, o, period))
	}
	all := slices.Concat(groups[dueLate], groups[dueSoon], groups[duePeriod])
	slices.SortStableFunc(all, func(a, b web.DueLine) int { return a.Due.Compare(b.Due) })
	view.Headlines = headlinesOf(sheet, period, len(all), view.MonitoringURL)
	view.Due = all
	if most := 6; len(all) > most {
		view.Due, view.DueURL = all[:most], v.path("/due")
	}
	if view.ReportURL == "" {
		view.DueURL = "" // what is due is the holder's list
	}
	return view
}

func (s *Site) showObjective(w http.ResponseWriter, v *visit) error {
	if same, err := s.sameMandate(w, v); same || err != nil {
		return err
	}
	code := chi.URLParam(v.Request, "code")
	sheet, _, err := s.askSheet(v, access.ViewMandate, store.SheetQuestion{Passages: code, Indicators: true})
	if err != nil {
		return err
	}
	for _, o := range sheet.Mandate.Objectives {
		if o.Code.String() != code {
			continue
		}
		if s.unchanged(w, v, sheet.Mandate.Version) {
			return nil
		}
		view := web.ObjectiveView{
			Frame:   s.frame(v, v.print.T("objective.page_title", "Code", v.print.Code(o.Code)), v.crumbs(sheet.Mandate)...),
			Mandate: headOf(v, sheet.Mandate), Objective: objectiveBlock(v, sheet, o, calendar.HalfYearOf(v.asOf)),
			Context: o.Context, Goals: o.Goals, BriefURL: v.dated(v.path("/mandates/" + sheet.Mandate.Code + "/objectives/" + code + "/sheet")),
		}
		blocks := []web.ObjectiveBlock{view.Objective}
		if err := s.besideKPIs(v, sheet, blocks); err != nil {
			return err
		}
		view.Objective = blocks[0]
		return s.render(w, v, http.StatusOK, web.ObjectivePage(view))
	}
	return errNotFound
}

// headlinesOf counts what the mandate page begins with. Each figure leads to
// the rows behind it.
func headlinesOf(s progress.Sheet, period calendar.HalfYear, soon int, table string) []web.Headline {
	all := s.All(period)
	counts := map[progress.Status]int{}
	for _, t := range s.Mandate.Targets() {
		if e := s.Latest[t.ID]; e != nil {
			counts[e.Status]++
		}
	}
	const list = "#"
	return []web.Headline{
		{Key: "reported", Count: all.Reported, Of: all.Owed, URL: table},
		{Key: "late", Count: all.Counts[progress.Late], URL: list + "late"},
		{Key: "compromised", Count: counts[progress.Compromised], URL: list + "compromised"},
		{Key: "support_needed", Count: counts[progress.SupportNeeded], URL: list + "support_needed"},
		{Key: "achieved", Count: counts[progress.Achieved], URL: list + "achieved"},
		{Key: "due_soon", Count: soon, URL: list + "due"},
	}
}

func objectiveBlock(v *visit, s progress.Sheet, o mandate.Objective, period calendar.HalfYear) web.ObjectiveBlock {
	base := v.path("/mandates/" + s.Mandate.Code)
	block := web.ObjectiveBlock{
		Code: o.Code, Title: o.Title, URL: v.dated(base + "/objectives/" + o.Code.String()),
		RollUp: rollUpOf(s.Objective(o, period)),
	}
	for _, p := range o.Points {
		point := web.PointBlock{Code: p.Code, Text: p.Text}
		for _, t := range p.Targets {
			point.Targets = append(point.Targets, web.TargetLine{
				Code: t.Code, Text: t.Text, URL: v.dated(base + "/targets/" + t.Code.String()),
				Deadline: monitoring.CellOfDeadline(t.Deadline),
				Now:      monitoring.Cell{Status: s.Standing(t, period).Status, Entry: s.Latest[t.ID]},
			})
		}
		block.Points = append(block.Points, point)
	}
	for _, k := range o.KPIs {
		block.KPIs = append(block.KPIs, web.KPILine{Code: k.Code, Text: k.Text})
	}
	if o.Deadline != nil {
		cell := monitoring.CellOfDeadline(*o.Deadline)
		block.Deadline = &cell
	}
	return block
}
