package site

import (
	"net/http"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
	"jalon/internal/store"
	"jalon/web"
)

// boardRoutes are the pages of a body: what goes to it, its tables, its meeting.
// An address names it by its institution and its own code, such as ACTIRIS-DR.
func (s *Site) boardRoutes() []route {
	const page = "/bodies/{body}"
	return []route{
		{method: http.MethodGet, pattern: "/bodies", action: access.ViewBody, handler: s.listBoards, past: true},
		{method: http.MethodGet, pattern: page, action: access.ViewBody, handler: s.showBoard, past: true},
		{method: http.MethodGet, pattern: page + "/calendar", action: access.ViewBody, handler: s.showBoardCalendar, past: true},
		{method: http.MethodGet, pattern: page + "/monitoring/{p}", action: access.ViewBody, handler: s.showBoardTable, past: true},
		{method: http.MethodGet, pattern: page + "/meeting/{p}", action: access.ViewBody, handler: s.showMeeting, past: true},
		{method: http.MethodPost, pattern: page + "/meeting/{p}", action: access.RecordDecision, handler: s.recordDecision},
	}
}

// mandatesOnPage is how many mandates a page of a body's tables has.
const mandatesOnPage = 12

// boardCode names a body in an address.
func boardCode(b store.Board) string { return b.Institution.Code + "-" + b.Code }

func boardPath(v *visit, b store.Board) string { return v.path("/bodies/" + boardCode(b)) }

func boardObject(b store.Board) access.Object {
	return access.Object{InstitutionID: b.Institution.ID, BodyID: b.ID}
}

// openBoard reads the body of the address, with what goes to it on the day, once the
// visitor may do the action to it.
func (s *Site) openBoard(v *visit, action access.Action, period calendar.HalfYear) (store.Board, error) {
	return s.openBoardFor(v, action, "", period)
}

// openBoardFor is openBoard with what was sealed for the body of one mandate.
func (s *Site) openBoardFor(v *visit, action access.Action, mandate string, period calendar.HalfYear) (store.Board, error) {
	institution, code, ok := bodyNamed(chi.URLParam(v.Request, "body"))
	if !ok {
		return store.Board{}, errNotFound
	}
	b, err := s.Store.BoardFor(v.Context(), institution, code, mandate, period, v.moment())
	if err != nil {
		return b, err
	}
	if err := s.allow(v, action, boardObject(b)); err != nil {
		return b, err
	}
	if v.past() {
		b.Mandates = v.stillSeen(b)
	}
	return b, nil
}

// stillSeen keeps what went to a body then to what the visitor may see today.
func (v *visit) stillSeen(b store.Board) (seen []store.BoardMandate) {
	for _, m := range b.Mandates {
		cover := access.Covers(v.viewer, v.today, access.ViewMandate, access.Object{MandateID: m.ID, InstitutionID: b.Institution.ID})
		switch {
		case cover.Whole:
		case len(m.Targets) == 0:
			m.Targets = cover.Targets
		default:
			m.Targets = slices.DeleteFunc(slices.Clone(m.Targets), func(code string) bool { return !cover.Has(code) })
		}
		if cover.Whole || len(m.Targets) > 0 {
			seen = append(seen, m)
		}
	}
	return seen
}

// bodyNamed reads the code of an institution and of one of its bodies, such as ACTIRIS-DR.
func bodyNamed(key string) (institution, body string, ok bool) {
	at := strings.LastIndexByte(key, '-')
	if at < 0 {
		return "", "", false
	}
	return key[:at], key[at+1:], true
}

// boardPeriod reads the half-year of the address; one that has not begun has no table.
func (v *visit) boardPeriod() (calendar.HalfYear, error) {
	period, err := v.halfYear()
	if err != nil || v.asOf.Before(period.Start()) {
		return period, errNotFound
	}
	return period, nil
}

// listBoards lists the bodies of which the visitor sees the pages.
func (s *Site) listBoards(w http.ResponseWriter, v *visit) error {
	all, err := s.Store.Boards(v.Context())
	if err != nil {
		return err
	}
	view := web.BoardsView{Frame: s.frame(v, v.print.T("board.list"))}
	for _, b := range all {
		if v.may(access.ViewBody, boardObject(b)) {
			view.Boards = append(view.Boards, boardHead(v, b))
		}
	}
	return s.render(w, v, http.StatusOK, web.BoardsPage(view))
}

func boardHead(v *visit, b store.Board) web.BoardHead {
	return web.BoardHead{Name: b.Name, Institution: b.Institution.Name, URL: v.dated(boardPath(v, b)), All: b.Scope == store.ScopeAll, External: b.External}
}

// boardCrumbs leads from the list of bodies to a body.
func boardCrumbs(v *visit, b store.Board) []web.Crumb {
	return []web.Crumb{{Label: v.print.T("menu.boards"), URL: v.dated(v.path("/bodies"))}, {Label: v.say(b.Name), URL: v.dated(boardPath(v, b))}}
}

// boardPage cuts out the mandates that one page shows: the one with a code, or
// without a code those of the page that the address asks for.
func (v *visit) boardPage(b store.Board, mandate string) ([]store.BoardMandate, web.Pages, error) {
	if mandate == "" {
		return paged(v, b.Mandates, mandatesOnPage)
	}
	at := slices.IndexFunc(b.Mandates, func(m store.BoardMandate) bool { return m.Code == mandate })
	if at < 0 {
		return nil, web.Pages{}, errNotFound
	}
	return b.Mandates[at : at+1], web.Pages{Number: at/mandatesOnPage + 1, Last: pagesOf(len(b.Mandates), mandatesOnPage)}, nil
}

// showBoard is the first page of a body: what goes to it and how that stands.
func (s *Site) showBoard(w http.ResponseWriter, v *visit) error {
	period := calendar.HalfYearOf(v.asOf)
	b, err := s.openBoard(v, access.ViewBody, period)
	if err != nil {
		return err
	}
	mandates, pages, err := v.boardPage(b, v.URL.Query().Get("mandate"))
	if err != nil {
		return err
	}
	tables, err := s.Store.BoardTables(v.Context(), b, mandates, period, v.moment())
	if err != nil {
		return err
	}
	base := boardPath(v, b)
	view := web.BoardView{
		Frame: s.frame(v, v.say(b.Name), web.Crumb{Label: v.print.T("menu.boards"), URL: v.dated(v.path("/bodies"))}), Board: boardHead(v, b),
		Day: v.asOf, CalendarURL: v.dated(base + "/calendar"), BoardsURL: v.dated(base + "/scoreboards"), Pages: pages, Mandates: len(b.Mandates),
	}
	for i, p := 0, period; i < 4; i, p = i+1, p.Previous() {
		view.Tables = append(view.Tables, web.BoardTableLink{Period: p, TableURL: v.dated(base + "/monitoring/" + p.String()), MeetingURL: v.dated(base + "/meeting/" + p.String())})
	}
	for _, t := range tables {
		view.Groups = append(view.Groups, v.boardGroup(b, t, period))
		view.Questions = append(view.Questions, v.openQuestions(t)...)
	}
	return s.render(w, v, http.StatusOK, web.BoardPage(view))
}

// boardGroup is the scoreboard of one mandate: every target that goes to the body.
func (v *visit) boardGroup(b store.Board, t monitoring.Table, period calendar.HalfYear) web.BoardGroup {
	base := v.path("/mandates/" + t.Mandate.Code)
	g := web.BoardGroup{
		Code: t.Mandate.Code, Title: t.Mandate.Title, Holder: t.Holder.Name, URL: v.dated(base),
		TableURL: v.dated(boardPath(v, b) + "/monitoring/" + period.String() + "?mandate=" + t.Mandate.Code),
	}
	counts, reported, owed := t.Counts()
	g.RollUp = web.RollUp{Reported: reported, Owed: owed}
	for _, status := range statusOrder {
		if n := counts[status]; n > 0 {
			g.RollUp.Weakest = progress.Weaker(g.RollUp.Weakest, status)
			g.RollUp.Counts = append(g.RollUp.Counts, web.StatusCount{Status: status, Count: n})
		}
	}
	if b.Scope == store.ScopeAll {
		return g // its table has the rows
	}
	for _, r := range t.Rows {
		g.Rows = append(g.Rows, web.BoardRow{
			Code: r.Code, Text: r.Target, URL: v.dated(base + "/targets/" + r.Code.String()), Status: r.Now.Status, Trend: r.Trend,
			Due: r.Deadline.Due, StepsURL: v.dated(base + "/targets/" + r.Code.String() + "/addressees"),
		})
	}
	return g
}

// openQuestions lists what a body asked on a table, in this half-year or before,
// and is not answered.
func (v *visit) openQuestions(t monitoring.Table) (all []web.QuestionLine) {
	add := func(list []monitoring.Decision) {
		for _, d := range list {
			if d.Open() {
				all = append(all, web.QuestionLine{Decision: d, Mandate: t.Mandate.Title, URL: v.dated(questionURL(v, t.Mandate.Code, d.ID)), Late: d.Due.Before(v.today)})
			}
		}
	}
	add(t.Questions)
	for _, r := range t.Rows {
		add(r.Decisions)
	}
	return all
}

// showBoardTable is the table of a body over all mandates, a page at a time.
func (s *Site) showBoardTable(w http.ResponseWriter, v *visit) error {
	period, err := v.boardPeriod()
	if err != nil {
		return err
	}
	b, err := s.openBoard(v, access.ViewBody, period)
	if err != nil {
		return err
	}
	one := v.URL.Query().Get("mandate")
	mandates, pages, err := v.boardPage(b, one)
	if err != nil {
		return err
	}
	tables, err := s.boardTables(v, b, mandates, period)
	if err != nil {
		return err
	}
	view := web.BoardTableView{
		Frame: s.frame(v, v.print.T("board.table_title", "Period", v.print.HalfYear(period), "Body", v.say(b.Name)), boardCrumbs(v, b)...),
		Board: boardHead(v, b), AsOf: progress.DayOf(period, v.asOf),
		MeetingURL: v.dated(boardPath(v, b) + "/meeting/" + period.String()), Pages: pages, Mandates: len(b.Mandates), Downloads: boardDownloads(v, b, period), Both: inBothLanguages(boardDownloads(v, b, period)),
	}
	if one != "" {
		view.AllURL = v.withQuery("mandate", "")
	}
	if len(view.Downloads) > 0 {
		view.ExportsURL = v.path("/exports")
		view.ErrataFiles = errataDownloads(v, boardPath(v, b)+"/errata/"+period.String())
		view.ErrataBoth = inBothLanguages(view.ErrataFiles)
	}
	for _, one := range tables {
		t := one.Table
		view.Tables = append(view.Tables, v.boardTable(view.Frame, b, one, period))
		view.Questions = append(view.Questions, v.headQuestions(t)...)
		view.Support = append(view.Support, v.supportLines(t)...)
	}
	view.Questions = openFirst(view.Questions)
	return s.render(w, v, http.StatusOK, web.BoardTablePage(view))
}

// boardTables are those of some mandates: for a body that gets only what is
// addressed to it, as they were sealed for it.
func (s *Site) boardTables(v *visit, b store.Board, mandates []store.BoardMandate, period calendar.HalfYear) (all []store.BodyTable, err error) {
	if b.Scope == store.ScopeAddressed {
		if len(mandates) == 0 {
			return nil, nil
		}
		return s.Store.BodyTables(v.Context(), b, mandates, period, v.moment())
	}
	tables, err := s.Store.BoardTables(v.Context(), b, mandates, period, v.on(progress.DayOf(period, v.asOf)))
	for _, t := range tables {
		all = append(all, store.BodyTable{Table: t})
	}
	return all, err
}

// boardTable is the part of one mandate.
func (v *visit) boardTable(f web.Frame, b store.Board, one store.BodyTable, period calendar.HalfYear) web.MonitoringView {
	t := one.Table
	m := web.MonitoringView{Frame: f, Table: t, Mandate: headOfTable(v, t), Query: v.dated("")}
	m.TargetsURL, m.Mandate.URL = m.Mandate.URL+"/targets/", v.dated(m.Mandate.URL)
	_, m.Reported, m.Owed = t.Counts()
	if one.Sealed != nil {
		m.Seal, m.Errata = &one.Sealed.Seal, one.Errata
	}
	if b.Scope == store.ScopeAddressed {
		m.OwnURL = v.dated(boardPath(v, b) + "/mandates/" + t.Mandate.Code + "/monitoring/" + period.String())
	}
	return m
}

// headQuestions lists the questions that stand at the head of a table.
func (v *visit) headQuestions(t monitoring.Table) (all []web.QuestionLine) {
	for _, d := range t.Questions {
		all = append(all, web.QuestionLine{Decision: d, Mandate: t.Mandate.Title, URL: v.dated(questionURL(v, t.Mandate.Code, d.ID)), Late: d.Open() && d.Due.Before(v.today)})
	}
	return all
}

// openFirst keeps the order, with what waits for an answer before what has one.
func openFirst(all []web.QuestionLine) []web.QuestionLine {
	slices.SortStableFunc(all, func(a, b web.QuestionLine) int {
		switch {
		case a.Decision.Open() == b.Decision.Open():
			return 0
		case a.Decision.Open():
			return -1
		}
		return 1
	})
	return all
}

func (v *visit) supportLines(t monitoring.Table) (all []web.SupportLine) {
	for _, r := range t.SupportAsked() {
		e := r.Now.Entry
		all = append(all, web.SupportLine{
			Code: r.Code, Mandate: t.Mandate.Title, URL: v.dated(v.path("/mandates/" + t.Mandate.Code + "/targets/" + r.Code.String())),
			Asked: e.SupportAsked, Of: e.SupportOf, By: e.SupportBy, Lang: e.Lang,
		})
	}
	return all
}

// showBoardCalendar is the month of what goes to a body.
func (s *Site) showBoardCalendar(w http.ResponseWriter, v *visit) error {
	b, err := s.openBoard(v, access.ViewBody, calendar.HalfYearOf(v.asOf))
	if err != nil {
		return err
	}
	choice, err := v.calendarChoice()
	if err != nil {
		return err
	}
	scope := access.Scope{Institutions: []int64{}, Mandates: []int64{}}
	byID := map[int64]store.BoardMandate{}
	for _, m := range b.Mandates {
		scope.Mandates, byID[m.ID] = append(scope.Mandates, m.ID), m
	}
	questions, _, err := s.Store.Duties(v.Context(), store.DutyQuestion{Scope: scope, AsOf: v.asOf, Known: v.known})
	if err != nil {
		return err
	}
	for i, q := range questions {
		if m := byID[q.Mandate.ID]; len(m.Targets) > 0 {
			questions[i] = q.Only(m.Has)
		}
	}
	view := calendarMonth(v, choice, questions)
	view.Frame = s.frame(v, v.print.T("calendar.title_month", "Month", v.print.MonthOf(choice.month)), boardCrumbs(v, b)...)
	return s.render(w, v, http.StatusOK, web.CalendarPage(view))
}
