package site

import (
	"errors"
	"net/http"
	"strconv"

	"jalon/internal/access"
	"jalon/internal/duty"
	"jalon/internal/mandate"
	"jalon/internal/progress"
	"jalon/internal/store"
	"jalon/web"
)

// questionRoutes are the questions that bodies put to the holder of a mandate.
func (s *Site) questionRoutes() []route {
	const page = "/mandates/{m}/questions/{question}"
	return []route{
		{method: http.MethodGet, pattern: page, action: access.ViewMandate, handler: s.showQuestion, past: true},
		{method: http.MethodPost, pattern: page + "/answer", action: access.AnswerDecision, handler: s.answerQuestion},
	}
}

func questionURL(v *visit, mandateCode string, id int64) string {
	return v.path("/mandates/" + mandateCode + "/questions/" + strconv.FormatInt(id, 10))
}

func questionPath(v *visit, m mandate.Mandate, id int64) string { return questionURL(v, m.Code, id) }

// question is one question of the address, with its mandate and target.
type question struct {
	sheet  progress.Sheet
	ask    duty.Ask
	target mandate.Target
}

// openQuestion finds the question, once the visitor may do the action to its target.
func (s *Site) openQuestion(v *visit, action access.Action) (question, error) {
	id, err := v.number("question")
	if err != nil {
		return question{}, err
	}
	sheet, _, err := s.askSheet(v, access.ViewMandate, store.SheetQuestion{})
	if err != nil {
		return question{}, err
	}
	for _, a := range sheet.Record.Asked {
		for _, t := range sheet.Mandate.Targets() {
			if a.ID == id && t.ID == a.TargetID {
				o := objectOf(sheet.Mandate)
				o.Target = t.Code.String()
				return question{sheet, a, t}, s.allow(v, action, o)
			}
		}
	}
	return question{}, errNotFound
}

func (s *Site) showQuestion(w http.ResponseWriter, v *visit) error {
	q, err := s.openQuestion(v, access.ViewMandate)
	if err != nil {
		return err
	}
	return s.render(w, v, http.StatusOK, web.QuestionPage(s.questionView(v, q)))
}

func (s *Site) questionView(v *visit, q question) web.QuestionView {
	m := q.sheet.Mandate
	view := web.QuestionView{
		Frame:   s.frame(v, v.print.T("question.title", "Code", v.print.Code(q.target.Code), "Body", v.say(q.ask.Body)), v.crumbs(m)...),
		Mandate: headOf(v, m), Code: q.target.Code, Text: q.target.Text, Ask: q.ask,
		TargetURL: v.dated(v.path("/mandates/" + m.Code + "/targets/" + q.target.Code.String())),
		Late:      q.ask.Reply == nil && q.ask.Due.Before(v.asOf),
	}
	if q.ask.Reply == nil && !v.past() && v.mayOn(access.AnswerDecision, m, q.target.Code) {
		view.Action, view.IdempotencyKey = questionPath(v, m, q.ask.ID)+"/answer", newKey()
		_, view.OnBehalfOf = access.ActsFor(v.viewer, v.today, access.AnswerDecision, objectOf(m))
	}
	return view
}

type replyForm struct {
	Text string `form:"text,text,5000,required" label:"question.text"`
	Key  string `form:"idempotency_key,raw"`
}

// answerQuestion keeps the answer of the holder, or of a delegate for them. A
// question has one answer: the second of two who answer at once sees the first.
func (s *Site) answerQuestion(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[replyForm](v)
	if err != nil {
		return err
	}
	q, err := s.openQuestion(v, access.AnswerDecision)
	if err != nil {
		return err
	}
	sub, done, err := s.once(w, v, in.Key, "answer question")
	if done || err != nil {
		return err
	}
	m := q.sheet.Mandate
	here := questionPath(v, m, q.ask.ID)
	if q.ask.Reply != nil {
		tell(w, web.NoticeWarning, "question.answered_meanwhile")
		return redirect(w, here)
	}
	if !f.ok() {
		view := s.questionView(v, q)
		view.Answer, view.IdempotencyKey, view.Errors = in.Text, in.Key, f.errs
		return s.render(w, v, http.StatusUnprocessableEntity, web.QuestionPage(view))
	}
	reply := store.NewReply{Ask: q.ask, MandateID: m.ID, Text: in.Text, Lang: v.lang, At: s.Now()}
	reply.BehalfOfID, _ = access.ActsFor(v.viewer, v.today, access.AnswerDecision, objectOf(m))
	location, _, err := s.Store.Reply(v.Context(), sub, reply, here)
	switch {
	case errors.Is(err, store.ErrExists):
		tell(w, web.NoticeWarning, "question.answered_meanwhile")
		return redirect(w, here)
	case err != nil:
		return err
	}
	tell(w, web.NoticeDone, "question.answered")
	return redirect(w, location)
}
