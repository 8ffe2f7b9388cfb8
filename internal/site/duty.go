package site

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/duty"
	"jalon/internal/evidence"
	"jalon/internal/mandate"
	"jalon/internal/progress"
	"jalon/internal/store"
	"jalon/web"
)

func (s *Site) dutyRoutes() []route {
	const page = "/mandates/{m}/duties/{duty}"
	return []route{
		{method: http.MethodGet, pattern: page, action: access.ViewMandate, handler: s.showDuty, past: true},
		{method: http.MethodPost, pattern: page + "/answer", action: access.AnswerDuty, handler: s.answerDuty, body: evidenceBody},
		{method: http.MethodPost, pattern: page + "/waive", action: access.WaiveDuty, handler: s.waiveDuty},
	}
}

// owed is one duty of a mandate, as the address names it.
type owed struct {
	sheet progress.Sheet
	duty  duty.Duty
}

// openDuty finds the duty of the address, once the visitor may do the action to
// it. A key ends with the due date, so that
// only that day has to be looked at.
func (s *Site) openDuty(v *visit, action access.Action) (owed, error) {
	sheet, _, err := s.askSheet(v, access.ViewMandate, store.SheetQuestion{})
	if err != nil {
		return owed{}, err
	}
	key := chi.URLParam(v.Request, "duty")
	due, err := calendar.ParseDate(key[strings.LastIndexByte(key, '.')+1:])
	if err != nil {
		return owed{}, errNotFound
	}
	for _, d := range sheet.Duties(due, due) {
		if d.Key() == key && d.Ask == nil {
			o := objectOf(sheet.Mandate)
			o.Target = d.Target.Code.String()
			return owed{sheet, d}, s.allow(v, action, o)
		}
	}
	return owed{}, errNotFound
}

func (s *Site) showDuty(w http.ResponseWriter, v *visit) error {
	o, err := s.openDuty(v, access.ViewMandate)
	if err != nil {
		return err
	}
	return s.render(w, v, http.StatusOK, web.DutyPage(s.dutyView(v, o)))
}

// dutyView shows how a duty stands, with the one thing that closes it: the
// report of its half-year, or an answer; and for the secretary the waiver.
func (s *Site) dutyView(v *visit, o owed) web.DutyView {
	m, d := o.sheet.Mandate, o.duty
	base := v.path("/mandates/" + m.Code)
	here := base + "/duties/" + d.Key()
	view := web.DutyView{
		Frame: s.frame(v, v.print.T("duty.title", "Code", v.print.Code(d.Target.Code), "Date", v.print.Date(d.Due)),
			append(v.crumbs(m), web.Crumb{Label: v.print.Code(d.Target.Code), URL: v.dated(base + "/targets/" + d.Target.Code.String())})...),
		Mandate: headOf(v, m), Code: d.Target.Code, Text: d.Target.Text, TargetURL: v.dated(base + "/targets/" + d.Target.Code.String()),
		Line: dutyLine(v, m, d), From: d.From, LateFrom: d.LateFrom(), Result: d.Result,
		IdempotencyKey: newKey(), Values: web.DutyValues{DoneOn: v.print.Date(v.today)},
	}
	if d.Event != nil {
		view.Event, view.EventLang, view.EventURL = d.Event.Title, d.Event.Lang, v.dated(eventPath(v, m, d.Event.ID))
	}
	if v.past() || d.State == duty.Done || d.State == duty.Waived {
		return view
	}
	may := func(a access.Action) bool { return v.mayOn(a, m, d.Target.Code) }
	if may(access.AnswerDuty) && d.Event != nil {
		view.AnswerURL = here + "/answer"
	}
	if may(access.ReportProgress) && d.Event == nil && !d.From.After(v.today) {
		view.ReportURL = reportPath(v, m, o.sheet.Record, d)
	}
	if may(access.WaiveDuty) {
		view.WaiveURL = here + "/waive"
	}
	return view
}

// reportPath gives the row of the report that closes a duty; "" when its
// half-year is sealed or has not begun.
func reportPath(v *visit, m mandate.Mandate, r duty.Record, d duty.Duty) string {
	period := d.ReportedIn(v.today)
	if !d.Closable(r.SealedUntil, v.today) || v.today.Before(period.Start()) {
		return ""
	}
	return v.path("/mandates/"+m.Code+"/report/"+period.String()) + "#" + d.Target.Code.String()
}

// reason says why a duty exists, with the title of its event as it was written.
func (v *visit) reason(d duty.Duty) web.Reason {
	r := web.Reason{Text: v.print.ReasonOf(d)}
	if d.Event != nil {
		r.Title, r.TitleLang = d.Event.Title, d.Event.Lang
	}
	return r
}

// dutyLine is one duty of a list.
func dutyLine(v *visit, m mandate.Mandate, d duty.Duty) web.DutyLine {
	line := web.DutyLine{
		Code: d.Target.Code, Due: d.Due, State: d.State, Reason: v.reason(d),
		URL: v.dated(v.path("/mandates/" + m.Code + "/duties/" + d.Key())),
	}
	if d.Ask != nil {
		line.URL = v.dated(questionPath(v, m, d.Ask.ID))
	}
	c := d.Closing
	if c == nil {
		return line
	}
	line.Closed, line.InTime = c.On, c.InTime
	switch {
	case c.Answer != nil:
		line.Files, line.HiddenFiles = evidenceLines(v, m, d.Target.Code, c.Answer.Files)
		line.By, line.OnBehalfOf, line.Said, line.Link, line.Lang = c.Answer.By, c.Answer.OnBehalfOf, c.Answer.Note, c.Answer.Link, c.Answer.Lang
	case c.Reply != nil:
		line.By, line.OnBehalfOf, line.Said, line.Lang = c.Reply.By, c.Reply.OnBehalfOf, c.Reply.Text, c.Reply.Lang
	case c.Waiver != nil:
		line.By, line.Said, line.Lang = c.Waiver.By, c.Waiver.Reason, c.Waiver.Lang
	default:
		line.EntryURL = v.dated(v.path("/mandates/"+m.Code+"/targets/"+d.Target.Code.String())) + "#entry-" + strconv.FormatInt(c.EntryID, 10)
	}
	return line
}

// dutyLines lists duties, the earliest first.
func dutyLines(v *visit, m mandate.Mandate, all []duty.Duty) []web.DutyLine {
	slices.SortStableFunc(all, func(a, b duty.Duty) int { return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Part, b.Part)) })
	lines := make([]web.DutyLine, len(all))
	for i, d := range all {
		lines[i] = dutyLine(v, m, d)
	}
	return lines
}

type answerForm struct {
	Key    string `form:"idempotency_key,raw"`
	DoneOn string `form:"done_on,line,20,required" label:"duty.done_on"`
	Note   string `form:"note,text,5000" label:"duty.note"`
	Link   string `form:"link,line,2000" label:"duty.link"`
	Closed string `form:"confidential,choice,yes"`
}

func (s *Site) answerDuty(w http.ResponseWriter, v *visit) error {
	v.takeTime(w)
	in, f, finish, err := decodeUpload[answerForm](v, evidenceFields)
	if err != nil {
		return err
	}
	defer finish()
	o, sub, done, err := s.openDutyForm(w, v, access.AnswerDuty, in.Key, "answer duty")
	if err != nil || done {
		return err
	}
	files, err := s.judgeEvidence(v, f, in.Closed == "yes")
	if err != nil {
		return err
	}
	doneOn := f.date("done_on", in.DoneOn)
	switch {
	case doneOn.After(v.today):
		f.refuse("done_on", "duty.answer.future")
	case in.Note == "" && in.Link == "" && len(f.files["file"]) == 0:
		f.refuse("note", "duty.answer.nothing")
	case in.Link != "" && !evidence.SafeLink(in.Link):
		f.refuse("link", "duty.answer.link")
	}
	if !f.ok() {
		return s.answerAgain(w, v, o, in, f)
	}
	m, d := o.sheet.Mandate, o.duty
	answer := duty.Answer{
		TargetID: d.Target.ID, EventID: d.EventID(), Due: d.Due, Timing: d.Reason.Code, DoneOn: doneOn, Note: in.Note, Link: in.Link,
		Lang: v.lang, ByID: v.viewer.PersonID, At: s.Now(),
	}
	answer.BehalfOfID, _ = access.ActsFor(v.viewer, v.today, access.AnswerDuty, objectOf(m))
	if answer.Files, err = s.keepEvidence(files); err != nil {
		return err
	}
	location, _, err := s.Store.AnswerDuty(v.Context(), sub, m.ID, answer, dutyOrigin(v, m, d))
	if errors.Is(err, store.ErrTooMuchEvidence) {
		f.refuse("file", "evidence.error.mandate_full", "Limit", strconv.Itoa(evidence.MaxMandate>>20))
		return s.answerAgain(w, v, o, in, f)
	}
	if err != nil {
		return err
	}
	tell(w, web.NoticeDone, "duty.answered", "Code", v.print.Code(d.Target.Code))
	return redirect(w, location)
}

// answerAgain shows the form with what must be mended. Files cannot be shown
// again: a browser wants them chosen anew.
func (s *Site) answerAgain(w http.ResponseWriter, v *visit, o owed, in answerForm, f *form) error {
	if len(f.files["file"]) > 0 {
		f.refuse("file", "evidence.again")
	}
	view := s.dutyView(v, o)
	view.Values, view.IdempotencyKey, view.Errors = web.DutyValues{DoneOn: in.DoneOn, Note: in.Note, Link: in.Link, Confidential: in.Closed == "yes"}, in.Key, f.errs
	return s.render(w, v, http.StatusUnprocessableEntity, web.DutyPage(view))
}

// dutyOrigin is where one looks further after a duty was closed.
func dutyOrigin(v *visit, m mandate.Mandate, d duty.Duty) string {
	if d.Event != nil {
		return eventPath(v, m, d.Event.ID)
	}
	return v.path("/mandates/" + m.Code + "/targets/" + d.Target.Code.String())
}

// openDutyForm finds the duty of a form. done is set when the browser has been
// answered: the form was dealt with before. A duty that is closed already, by
// somebody else, is a conflict.
func (s *Site) openDutyForm(w http.ResponseWriter, v *visit, action access.Action, key, what string) (o owed, sub store.Submission, done bool, err error) {
	if o, err = s.openDuty(v, action); err != nil {
		return o, sub, false, err
	}
	if sub, done, err = s.once(w, v, key, what); done || err != nil {
		return o, sub, done, err
	}
	if o.duty.State == duty.Done || o.duty.State == duty.Waived {
		tell(w, web.NoticeWarning, "duty.closed_meanwhile")
		return o, sub, true, redirect(w, v.path("/mandates/"+o.sheet.Mandate.Code+"/duties/"+o.duty.Key()))
	}
	return o, sub, false, nil
}

type waiverForm struct {
	Key    string `form:"idempotency_key,raw"`
	Reason string `form:"reason,text,2000,required" label:"duty.waive_reason"`
}

func (s *Site) waiveDuty(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[waiverForm](v)
	if err != nil {
		return err
	}
	o, sub, done, err := s.openDutyForm(w, v, access.WaiveDuty, in.Key, "waive duty")
	if err != nil || done {
		return err
	}
	if !f.ok() {
		view := s.dutyView(v, o)
		view.Values.Reason, view.IdempotencyKey, view.Errors = in.Reason, in.Key, f.errs
		return s.render(w, v, http.StatusUnprocessableEntity, web.DutyPage(view))
	}
	m, d := o.sheet.Mandate, o.duty
	location, _, err := s.Store.WaiveDuty(v.Context(), sub, m.ID, duty.Waiver{
		TargetID: d.Target.ID, EventID: d.EventID(), Due: d.Due, Reason: in.Reason, Lang: v.lang, ByID: v.viewer.PersonID, At: s.Now(),
	}, dutyOrigin(v, m, d))
	if err != nil {
		return err
	}
	tell(w, web.NoticeDone, "duty.waived", "Code", v.print.Code(d.Target.Code))
	return redirect(w, location)
}
