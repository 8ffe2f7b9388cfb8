package site

import (
	"net/http"
	"net/url"
	"slices"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
	"jalon/internal/store"
	"jalon/web"
)

// meeting is one body in its meeting on the table of a half-year.
type meeting struct {
	board    store.Board
	period   calendar.HalfYear
	mandates []store.BoardMandate // of the page, or the one that is spoken of
	pages    web.Pages
	tables   []monitoring.Table
	row      *monitoring.Row // that is spoken of; nil for the list
}

// openMeeting reads the meeting of the address, at the row that the mandate and
// the target name; without a target, at the list of rows.
func (s *Site) openMeeting(v *visit, action access.Action, mandateCode, target string) (m meeting, err error) {
	if m.period, err = v.boardPeriod(); err != nil {
		return m, err
	}
	if m.board, err = s.openBoard(v, action, m.period); err != nil {
		return m, err
	}
	if m.mandates, m.pages, err = v.boardPage(m.board, mandateCode); err != nil {
		return m, err
	}
	if m.tables, err = s.Store.BoardTables(v.Context(), m.board, m.mandates, m.period, v.on(progress.DayOf(m.period, v.asOf))); err != nil {
		return m, err
	}
	if target == "" || mandateCode == "" {
		return m, nil
	}
	for i := range m.tables {
		for j := range m.tables[i].Rows {
			if r := &m.tables[i].Rows[j]; r.Code.String() == target && m.tables[i].Mandate.Code == mandateCode {
				m.row = r
				return m, nil
			}
		}
	}
	return m, errNotFound
}

// showMeeting is made for a projector: the rows as a list, or one at a time.
func (s *Site) showMeeting(w http.ResponseWriter, v *visit) error {
	query := v.URL.Query()
	m, err := s.openMeeting(v, access.ViewBody, query.Get("mandate"), query.Get("target"))
	if err != nil {
		return err
	}
	return s.render(w, v, http.StatusOK, web.MeetingPage(s.meetingView(v, m)))
}

func (s *Site) meetingView(v *visit, m meeting) web.MeetingView {
	base := boardPath(v, m.board)
	view := web.MeetingView{
		Frame: s.frame(v, v.print.T("meeting.title", "Body", v.say(m.board.Name)), boardCrumbs(v, m.board)...),
		Board: boardHead(v, m.board), Period: m.period, AsOf: progress.DayOf(m.period, v.asOf),
		TableURL: v.dated(base + "/monitoring/" + m.period.String()), Pages: m.pages,
	}
	here := base + "/meeting/" + m.period.String()
	for _, t := range m.tables {
		part := web.MeetingPart{Title: t.Mandate.Title, Holder: t.Holder.Name}
		for _, r := range t.Rows {
			part.Rows = append(part.Rows, web.MeetingLine{Row: r, URL: v.dated(meetingURL(here, t.Mandate.Code, r.Code.String()))})
		}
		view.Parts = append(view.Parts, part)
		view.Questions = append(view.Questions, v.headQuestions(t)...)
	}
	view.Questions = openFirst(view.Questions)
	if m.row == nil {
		return view
	}
	t := m.tables[0]
	view.Title = v.print.T("meeting.row_title", "Code", v.print.Code(m.row.Code), "Body", v.say(m.board.Name))
	view.Row, view.Mandate, view.Holder = m.row, t.Mandate.Title, t.Holder.Name
	view.Then = t.Previous
	view.TargetURL = v.dated(v.path("/mandates/" + t.Mandate.Code + "/targets/" + m.row.Code.String()))
	view.ListURL = v.dated(here)
	view.Questions = slices.DeleteFunc(view.Questions, func(q web.QuestionLine) bool { return q.Decision.Code != m.row.Code })
	view.At, view.Of = rowAt(t, m.row)
	view.PreviousURL, view.NextURL = m.neighbours(v, here)
	if !v.past() && v.may(access.RecordDecision, m.object()) {
		view.Action, view.IdempotencyKey = here, newKey()
		view.Values = web.DecisionValues{Mandate: t.Mandate.Code, Target: m.row.Code.String(), Kind: string(monitoring.Noted)}
	}
	return view
}

// object is what a decision is recorded on: the row, for the body.
func (m meeting) object() access.Object {
	o := boardObject(m.board)
	o.MandateID, o.Target = m.mandates[0].ID, m.row.Code.String()
	return o
}

// rowAt gives the place of a row in its table, from 1.
func rowAt(t monitoring.Table, row *monitoring.Row) (at, of int) {
	return slices.IndexFunc(t.Rows, func(r monitoring.Row) bool { return r.Code == row.Code }) + 1, len(t.Rows)
}

// neighbours leads to the rows before and after, also of the mandates before and after.
func (m meeting) neighbours(v *visit, here string) (previous, next string) {
	t := m.tables[0]
	at, of := rowAt(t, m.row)
	mandate := slices.IndexFunc(m.board.Mandates, func(b store.BoardMandate) bool { return b.Code == t.Mandate.Code })
	switch {
	case at > 1:
		previous = v.dated(meetingURL(here, t.Mandate.Code, t.Rows[at-2].Code.String()))
	case mandate > 0:
		previous = v.dated(meetingURL(here, m.board.Mandates[mandate-1].Code, ""))
	}
	switch {
	case at < of:
		next = v.dated(meetingURL(here, t.Mandate.Code, t.Rows[at].Code.String()))
	case mandate+1 < len(m.board.Mandates):
		next = v.dated(meetingURL(here, m.board.Mandates[mandate+1].Code, ""))
	}
	return previous, next
}

// meetingURL leads to one row, or to the rows of one mandate.
func meetingURL(here, mandateCode, target string) string {
	query := url.Values{"mandate": {mandateCode}}
	if target != "" {
		query.Set("target", target)
	}
	return here + "?" + query.Encode()
}

type decisionForm struct {
	Mandate string `form:"mandate,line,60,required"`
	Target  string `form:"target,line,20,required"`
	Kind    string `form:"decision,choice,noted|asks|decides,required" label:"decision.kind"`
	Text    string `form:"text,text,5000" label:"decision.text"`
	Due     string `form:"due,line,20" label:"decision.due"`
	Key     string `form:"idempotency_key,raw"`
}

// recordDecision keeps what the body said about the row.
func (s *Site) recordDecision(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[decisionForm](v)
	if err != nil {
		return err
	}
	m, err := s.openMeeting(v, access.RecordDecision, in.Mandate, in.Target)
	if err != nil {
		return err
	}
	sub, err := v.submission(in.Key, "record decision")
	if err != nil {
		return err
	}
	if m.row == nil {
		return badRequest("")
	}
	if err := s.allow(v, access.RecordDecision, m.object()); err != nil {
		return err
	}
	kind, due := monitoring.DecisionKind(in.Kind), f.date("due", in.Due)
	switch {
	case kind == monitoring.Asks && in.Due == "":
		f.refuse("due", "decision.due_missing")
	case kind == monitoring.Asks && !due.IsZero() && due.Before(v.today):
		f.refuse("due", "decision.due_past")
	case kind != monitoring.Asks && in.Due != "":
		f.refuse("due", "decision.due_only")
	}
	if kind != monitoring.Noted && kind != "" && in.Text == "" {
		f.refuse("text", "decision.text_missing")
	}
	t := m.tables[0]
	if !f.ok() {
		view := s.meetingView(v, m)
		view.Values, view.IdempotencyKey, view.Errors = web.DecisionValues{Mandate: in.Mandate, Target: in.Target, Kind: in.Kind, Text: in.Text, Due: in.Due}, in.Key, f.errs
		return s.render(w, v, http.StatusUnprocessableEntity, web.MeetingPage(view))
	}
	target, err := s.Store.TargetID(v.Context(), t.Mandate.Code, in.Target)
	if err != nil {
		return err
	}
	location, _, err := s.Store.Decide(v.Context(), sub, store.NewDecision{
		MandateID: m.mandates[0].ID, TargetID: target, BodyID: m.board.ID,
		Decision: monitoring.Decision{Period: m.period, Kind: kind, Text: in.Text, Lang: v.lang, Due: due, At: s.Now()},
	}, meetingURL(boardPath(v, m.board)+"/meeting/"+m.period.String(), in.Mandate, in.Target))
	if err != nil {
		return err
	}
	tell(w, web.NoticeDone, "decision.done."+in.Kind, "Code", v.print.Code(m.row.Code))
	return redirect(w, location)
}
