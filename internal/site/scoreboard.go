package site

import (
	"net/http"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/report"
	"jalon/internal/scoreboard"
	"jalon/internal/store"
	"jalon/web"
)

// scoreboardRoutes are the boards of indicators that a body looks at.
func (s *Site) scoreboardRoutes() []route {
	const list, one = "/bodies/{body}/scoreboards", "/bodies/{body}/scoreboards/{board}"
	return []route{
		{method: http.MethodGet, pattern: list, action: access.ViewScoreboard, handler: s.listScoreboards, past: true},
		{method: http.MethodGet, pattern: list + "/new", action: access.ManageScoreboard, handler: s.showNewScoreboard},
		{method: http.MethodPost, pattern: list, action: access.ManageScoreboard, handler: s.defineScoreboard},
		{method: http.MethodGet, pattern: one, action: access.ViewScoreboard, handler: s.showScoreboard, past: true},
		{method: http.MethodGet, pattern: one + ".{format:docx|pdf|xlsx}", action: access.ViewScoreboard, handler: s.exportScoreboard, past: true},
		{method: http.MethodGet, pattern: one + "/definition", action: access.ManageScoreboard, handler: s.showScoreboardDefinition},
		{method: http.MethodPost, pattern: one + "/definition", action: access.ManageScoreboard, handler: s.defineScoreboard},
		{method: http.MethodPost, pattern: one + "/checks", action: access.CheckScoreboard, handler: s.checkScoreboard},
	}
}

func scoreboardsPath(v *visit, b store.Board) string { return boardPath(v, b) + "/scoreboards" }

func scoreboardPath(v *visit, b store.Board, code string) string {
	return scoreboardsPath(v, b) + "/" + code
}

// readScoreboards reads the body of the address with its boards, or the one with
// a code, before anything is decided on it.
func (s *Site) readScoreboards(v *visit, code string) (store.Board, []scoreboard.Board, error) {
	institution, body, ok := bodyNamed(chi.URLParam(v.Request, "body"))
	if !ok {
		return store.Board{}, nil, errNotFound
	}
	return s.Store.Scoreboards(v.Context(), institution, body, code, v.moment())
}

// seen keeps of boards the rows whose indicators the visitor reaches.
func (v *visit) seen(boards []scoreboard.Board) {
	for i := range boards {
		boards[i].Rows = slices.DeleteFunc(boards[i].Rows, func(r scoreboard.Row) bool {
			return !v.reaches(access.ViewMandate, r.Mandate, r.Series.Indicator)
		})
	}
}

// openScoreboards reads the boards of the body of the address, or the one with a
// code. Who sits on the body sees them, and the holder of a mandate those with
// indicators of theirs: these alone, which part tells.
func (s *Site) openScoreboards(v *visit, code string) (b store.Board, boards []scoreboard.Board, part bool, err error) {
	if b, boards, err = s.readScoreboards(v, code); err != nil {
		return b, nil, false, err
	}
	if err := s.Store.FillScoreboards(v.Context(), boards, v.moment()); err != nil {
		return b, nil, false, err
	}
	v.seen(boards)
	if !v.may(access.ViewScoreboard, boardObject(b)) {
		part = true
		boards = slices.DeleteFunc(boards, func(one scoreboard.Board) bool { return len(one.Rows) == 0 })
		if len(boards) == 0 {
			return b, nil, part, s.allow(v, access.ViewScoreboard, boardObject(b))
		}
	}
	return b, boards, part, nil
}

// openScoreboard finds the board of the address.
func (s *Site) openScoreboard(v *visit) (b store.Board, board scoreboard.Board, part bool, err error) {
	code := chi.URLParam(v.Request, "board")
	b, boards, part, err := s.openScoreboards(v, code)
	if err != nil {
		return b, board, part, err
	}
	if code == "" || len(boards) == 0 {
		return b, board, part, errNotFound
	}
	return b, boards[0], part, nil
}

func (s *Site) listScoreboards(w http.ResponseWriter, v *visit) error {
	b, boards, part, err := s.openScoreboards(v, "")
	if err != nil {
		return err
	}
	var crumbs []web.Crumb
	if !part {
		crumbs = boardCrumbs(v, b)
	}
	view := web.ScoreboardsView{Frame: s.frame(v, v.print.T("scoreboard.title"), crumbs...), Board: boardHead(v, b)}
	for _, one := range boards {
		view.Boards = append(view.Boards, v.scoreboardLink(b, one))
	}
	if !v.past() && v.may(access.ManageScoreboard, boardObject(b)) {
		view.NewURL = scoreboardsPath(v, b) + "/new"
	}
	return s.render(w, v, http.StatusOK, web.ScoreboardsPage(view))
}

func (v *visit) scoreboardLink(b store.Board, one scoreboard.Board) web.ScoreboardLink {
	link := web.ScoreboardLink{
		Name: one.Name, URL: v.dated(scoreboardPath(v, b, one.Code)), Headlines: one.Headlines(v.asOf), Retired: one.Retired,
	}
	if !one.Retired {
		link.NextCheck = one.NextCheck()
		link.CheckLate = link.NextCheck.Before(v.asOf)
	}
	return link
}

func (s *Site) showScoreboard(w http.ResponseWriter, v *visit) error {
	b, one, part, err := s.openScoreboard(v)
	if err != nil {
		return err
	}
	return s.drawScoreboard(w, v, b, one, part, web.CheckForm{On: v.print.Date(v.today)}, nil)
}

// rowsShown are the rows behind a headline: "of measures overdue" those that have one, and so on.
var rowsShown = map[string]func(scoreboard.Row, calendar.Date) bool{
	"unanswered": func(r scoreboard.Row, _ calendar.Date) bool { return r.Unanswered() },
	"off_path":   func(r scoreboard.Row, _ calendar.Date) bool { return r.OffPath() },
	"on_path": func(r scoreboard.Row, _ calendar.Date) bool {
		return r.Standing.Verdict != "" && !r.OffPath()
	},
	"no_path": func(r scoreboard.Row, _ calendar.Date) bool { return r.Standing.Verdict == "" },
	"measure_overdue": func(r scoreboard.Row, on calendar.Date) bool {
		open := r.Open(on)
		return len(open) > 0 && open[0].State(on) == scoreboard.Overdue
	},
}

func (s *Site) drawScoreboard(w http.ResponseWriter, v *visit, b store.Board, one scoreboard.Board, part bool, typed web.CheckForm, f *form) error {
	here := scoreboardPath(v, b, one.Code)
	view := web.ScoreboardView{
		Frame: s.frame(v, v.say(one.Name), s.scoreboardCrumbs(v, b, part)...), Board: boardHead(v, b), Link: v.scoreboardLink(b, one),
		Every: one.CheckEvery, From: one.ValidFrom, Until: v.asOf, Part: part, Checks: one.Checks, Check: typed, IdempotencyKey: newKey(),
	}
	h := view.Link.Headlines
	show := v.URL.Query().Get("show")
	for _, line := range []struct {
		key string
		n   int
	}{{"unanswered", h.Unanswered}, {"off_path", h.OffPath}, {"measure_overdue", h.Overdue}, {"on_path", h.OnPath}, {"no_path", h.NoPath}} {
		of := h.All
		if line.key == "measure_overdue" {
			of = h.Measures
		}
		view.Headlines = append(view.Headlines, web.Headline{Key: line.key, Count: line.n, Of: of, URL: v.dated(here + "?show=" + line.key)})
	}
	filter, known := rowsShown[show]
	if show != "" && !known {
		return errNotFound
	}
	for _, r := range one.Rows {
		if filter == nil || filter(r, v.asOf) {
			view.Lines = append(view.Lines, v.scoreboardLine(r))
		}
	}
	if filter != nil {
		view.AllURL = v.dated(here)
	}
	for _, format := range report.ScoreboardFormats {
		view.Downloads = append(view.Downloads, web.Download{Format: string(format), URL: v.dated(here + "." + string(format))})
	}
	if !v.past() {
		if v.may(access.ManageScoreboard, boardObject(b)) {
			view.DefineURL = here + "/definition"
		}
		if by, ok := v.checker(b, one); ok && !one.Retired {
			view.CheckURL, view.CheckAs = here+"/checks", by.words
		}
	}
	if f != nil {
		view.Errors, view.IdempotencyKey = f.errs, f.raw("idempotency_key")
	}
	return s.render(w, v, statusOf(view.Errors), web.ScoreboardPage(view))
}

// scoreboardCrumbs leads over the body for whoever sees its pages.
func (s *Site) scoreboardCrumbs(v *visit, b store.Board, part bool) []web.Crumb {
	list := web.Crumb{Label: v.print.T("scoreboard.title"), URL: v.dated(scoreboardsPath(v, b))}
	if part {
		return []web.Crumb{list}
	}
	return append(boardCrumbs(v, b), list)
}

func (v *visit) scoreboardLine(r scoreboard.Row) web.ScoreboardLine {
	base := indicatorsPath(v, r.Mandate) + "/" + r.Series.Code
	return web.ScoreboardLine{
		IndicatorLine: indicatorLine(v, r.Mandate, r.Series), Mandate: r.Mandate.Title, Row: r, AsOf: v.asOf, MeasuresURL: v.dated(base + "/measures"),
		MayTake: !v.past() && v.reaches(access.TakeMeasure, r.Mandate, r.Series.Indicator),
	}
}

// checker is for whom somebody looks at a board: the body, or the holder of a mandate.
type checker struct {
	mandateID int64 // 0: for the body
	behalfOf  int64
	words     string
}

func (v *visit) checker(b store.Board, one scoreboard.Board) (c checker, ok bool) {
	if v.may(access.CheckScoreboard, boardObject(b)) {
		return checker{words: v.print.T("scoreboard.check_as_body", "Body", v.say(b.Name))}, true
	}
	for _, r := range one.Rows {
		if v.reaches(access.CheckScoreboard, r.Mandate, r.Series.Indicator) {
			c := checker{mandateID: r.Mandate.ID, words: v.print.T("scoreboard.check_as_holder", "Mandate", v.say(r.Mandate.Title))}
			c.behalfOf, _ = access.ActsFor(v.viewer, v.today, access.CheckScoreboard, objectOf(r.Mandate))
			return c, true
		}
	}
	return c, false
}

type checkForm struct {
	Key        string `form:"idempotency_key,raw"`
	On         string `form:"on,line,20,required" label:"scoreboard.checked_on"`
	Conclusion string `form:"conclusion,text,5000,required" label:"scoreboard.conclusion"`
}

// checkScoreboard keeps that somebody looked at the board, and what they concluded.
func (s *Site) checkScoreboard(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[checkForm](v)
	if err != nil {
		return err
	}
	b, one, part, err := s.openScoreboard(v)
	if err != nil {
		return err
	}
	by, ok := v.checker(b, one)
	if !ok || one.Retired {
		s.auditRefusal(v, access.CheckScoreboard, boardObject(b))
		return errForbidden
	}
	sub, done, err := s.once(w, v, in.Key, "check scoreboard")
	if done || err != nil {
		return err
	}
	on := f.date("on", in.On)
	if on.After(v.today) {
		f.refuse("on", "scoreboard.check_future")
	}
	if !on.IsZero() && on.Before(one.ValidFrom) {
		f.refuse("on", "scoreboard.check_before", "Date", v.print.Date(one.ValidFrom))
	}
	if !f.ok() {
		return s.drawScoreboard(w, v, b, one, part, web.CheckForm{On: in.On, Conclusion: in.Conclusion}, f)
	}
	check := store.NewCheck{MandateID: by.mandateID, BehalfOfID: by.behalfOf, Check: scoreboard.Check{
		Said: scoreboard.Said{On: on, Text: in.Conclusion, Lang: v.lang, At: s.Now()},
	}}
	location, err := s.Store.CheckScoreboard(v.Context(), sub, b, one, check, scoreboardPath(v, b, one.Code)+"#checks-title")
	if err != nil {
		return err
	}
	tell(w, web.NoticeDone, "scoreboard.checked")
	return redirect(w, location)
}

// exportScoreboard writes the board as a document.
func (s *Site) exportScoreboard(w http.ResponseWriter, v *visit) error {
	b, one, part, err := s.openScoreboard(v)
	if err != nil {
		return err
	}
	format, ok := report.ParseFormat(chi.URLParam(v.Request, "format"))
	if !ok || !slices.Contains(report.ScoreboardFormats, format) {
		return errNotFound
	}
	doc := report.Scoreboard{Board: one, Body: b.Body, Institution: b.Institution, AsOf: v.asOf, Known: v.known, Part: part}
	var file strings.Builder
	if err := doc.Write(&file, format, v.print, s.Now()); err != nil {
		return err
	}
	if err := s.Store.Audit(v.Context(), store.Event{
		ActorID: v.viewer.PersonID, Action: store.ActionExportTable, Object: "scoreboard/" + boardCode(b) + "/" + one.Code,
		Detail: map[string]any{"format": format, "lang": v.lang, "purpose": "export"},
	}); err != nil {
		return err
	}
	return sendFile(w, format.ContentType(), doc.FileName(format, v.print), []byte(file.String()))
}
