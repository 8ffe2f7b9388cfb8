package site

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/evaluation"
	"jalon/internal/evidence"
	"jalon/internal/store"
	"jalon/web"
)

// writing is a form of an evaluation: what it is about, and its submission.
type writing struct {
	e    store.Evaluation
	o    access.Object
	sub  store.Submission
	f    *form
	view web.EvaluationView // with what was typed
}

// write stores a form of an evaluation, or shows the page again with what must be mended.
func (s *Site) write(w http.ResponseWriter, v *visit, in *writing, said string, keep func(location string) error) error {
	here := evaluationPath(v, in.e.ID)
	if in.f.ok() {
		err := keep(here)
		switch {
		case errors.Is(err, store.ErrStage):
			return refused(http.StatusConflict, "evaluation.other_stage")
		case errors.Is(err, evaluation.ErrReasonForIt):
			in.f.refuse("reason", "evaluation.reason_needed")
		case errors.Is(err, evaluation.ErrNoConclusion):
			in.f.refuse("to", "evaluation.no_conclusion")
		case errors.Is(err, evaluation.ErrNoSuchStep):
			in.f.refuse("to", "error.form.choice")
		case errors.Is(err, store.ErrChanged):
			in.f.refuse("note", "evaluation.note_changed")
		case errors.Is(err, store.ErrTooMuchEvidence):
			in.f.refuse("file", "evidence.error.mandate_full", "Limit", strconv.Itoa(evidence.MaxMandate>>20))
		case err != nil:
			return err
		}
	}
	if !in.f.ok() {
		in.view.Errors, in.view.PlannedOn = in.f.errs, v.print.Date(in.e.PlannedOn)
		return s.drawEvaluation(w, v, in.e, in.o, in.view)
	}
	tell(w, web.NoticeDone, said)
	return redirect(w, here)
}

// opened finds what a form is about, once the visitor may do the action.
func (s *Site) opened(v *visit, f *form, action access.Action, key, name string) (*writing, error) {
	e, o, err := s.openEvaluation(v, action)
	if err != nil {
		return nil, err
	}
	sub, err := v.submission(key, name)
	if err != nil {
		return nil, err
	}
	return &writing{e: e, o: o, sub: sub, f: f, view: web.EvaluationView{IdempotencyKey: key}}, nil
}

type evaluationStepForm struct {
	To     string `form:"to,choice,planned|preparing|report_in|opinions_in|interview|concluded|appeal|closed,required" label:"evaluation.step_to"`
	From   string `form:"from_stage,line,20,required"`
	OnDay  string `form:"on_day,line,20,required" label:"evaluation.step_on"`
	Reason string `form:"reason,text,2000" label:"evaluation.step_reason"`
	Key    string `form:"idempotency_key,raw"`
}

// stepEvaluation takes the evaluation to another stage.
func (s *Site) stepEvaluation(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[evaluationStepForm](v)
	if err != nil {
		return err
	}
	at, err := s.opened(v, f, access.ManageEvaluation, in.Key, "take evaluation step")
	if err != nil {
		return err
	}
	at.view.StepValues = web.StepValues{To: in.To, OnDay: in.OnDay, Reason: in.Reason}
	on := f.date("on_day", in.OnDay)
	if on.After(v.today) {
		f.refuse("on_day", "evaluation.future")
	}
	return s.write(w, v, at, "evaluation.stepped", func(location string) error {
		step := store.EvaluationStep{From: evaluation.Stage(in.From), To: evaluation.Stage(in.To), On: on, Reason: in.Reason, At: s.Now()}
		return s.Store.TakeEvaluationStep(v.Context(), at.sub, at.o, step, location)
	})
}

type recordLangForm struct {
	Lang string `form:"record_lang,choice,nl|fr,required" label:"evaluation.record_lang"`
	Key  string `form:"idempotency_key,raw"`
}

// setRecordLang corrects the language of record, until a report is in.
func (s *Site) setRecordLang(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[recordLangForm](v)
	if err != nil {
		return err
	}
	at, err := s.opened(v, f, access.ManageEvaluation, in.Key, "set language of record")
	if err != nil {
		return err
	}
	return s.write(w, v, at, "evaluation.lang_set", func(location string) error {
		return s.Store.SetEvaluationLang(v.Context(), at.sub, at.o, bilingual.Lang(in.Lang), location)
	})
}

type opinionForm struct {
	As     string `form:"as,choice,superior|minister|commission" label:"evaluation.capacity"`
	Author string `form:"author,line,200" label:"evaluation.author"`
	On     string `form:"given_on,line,20,required" label:"evaluation.given_on"`
	Text   string `form:"opinion,text,20000,required" label:"evaluation.opinion_text"`
	Lang   string `form:"opinion_lang,choice,nl|fr,required"`
	Key    string `form:"idempotency_key,raw"`
}

// giveOpinion records an opinion: an evaluator's own, or one that an officer received.
func (s *Site) giveOpinion(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[opinionForm](v)
	if err != nil {
		return err
	}
	at, err := s.opened(v, f, access.GiveOpinion, in.Key, "give opinion")
	if err != nil {
		return err
	}
	at.view.Opinion = web.OpinionForm{As: in.As, Author: in.Author, GivenOn: in.On, Text: in.Text, Lang: in.Lang}
	p := evaluation.Opinion{Capacity: evaluation.Capacity(in.As), Author: in.Author, On: f.date("given_on", in.On), Text: in.Text, Lang: bilingual.Lang(in.Lang), RecordedAt: s.Now()}
	if p.On.After(v.today) {
		f.refuse("given_on", "evaluation.future")
	}
	if v.may(access.ManageEvaluation, at.o) {
		f.required("as", in.As)
		f.required("author", in.Author)
	} else {
		p.Author, p.Capacity = v.viewer.Name, v.capacity(evaluation.Case{People: participants(at.e)})
	}
	return s.write(w, v, at, "evaluation.opinion_given", func(location string) error {
		return s.Store.GiveOpinion(v.Context(), at.sub, at.o, p, location)
	})
}

func participants(e store.Evaluation) (all []evaluation.Participant) {
	for _, n := range e.Evaluators {
		all = append(all, evaluation.Participant{ID: n.ID, PersonID: n.PersonID, Name: n.Name, Capacity: n.Capacity, From: n.From, Until: n.Until})
	}
	return all
}

type opinionReplyForm struct {
	To   string `form:"to_opinion,line,20" label:"evaluation.reply_to"`
	Text string `form:"reply,text,20000,required" label:"evaluation.reply_text"`
	Lang string `form:"reply_lang,choice,nl|fr,required"`
	Key  string `form:"idempotency_key,raw"`
}

// replyToOpinion records what who is evaluated answers, to what they were shown.
func (s *Site) replyToOpinion(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[opinionReplyForm](v)
	if err != nil {
		return err
	}
	at, err := s.opened(v, f, access.ReplyOpinion, in.Key, "reply to opinion")
	if err != nil {
		return err
	}
	at.view.Reply = web.ReplyForm{For: in.To, Text: in.Text, Lang: in.Lang}
	r := evaluation.Reply{Text: in.Text, Lang: bilingual.Lang(in.Lang), At: s.Now()}
	if in.To != "" {
		c, err := s.readCase(v, at.o)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(c.Opinions, func(p evaluation.Opinion) bool { return strconv.FormatInt(p.ID, 10) == in.To })
		if i < 0 {
			f.refuse("to_opinion", "error.form.choice")
		} else {
			r.OpinionID = c.Opinions[i].ID
		}
	}
	return s.write(w, v, at, "evaluation.replied", func(location string) error {
		return s.Store.ReplyToOpinion(v.Context(), at.sub, at.o, r, location)
	})
}

type conclusionForm struct {
	Grade string `form:"grade,line,20,required" label:"evaluation.grade"`
	On    string `form:"decided_on,line,20,required" label:"evaluation.decided_on"`
	Text  string `form:"motivation,text,20000,required" label:"evaluation.motivation"`
	Lang  string `form:"motivation_lang,choice,nl|fr,required"`
	Key   string `form:"idempotency_key,raw"`
}

// concludeEvaluation records the mention that the commission gave.
func (s *Site) concludeEvaluation(w http.ResponseWriter, v *visit) error {
	in, f, err := decode[conclusionForm](v)
	if err != nil {
		return err
	}
	at, err := s.opened(v, f, access.Conclude, in.Key, "conclude evaluation")
	if err != nil {
		return err
	}
	may := func(a access.Action) bool { return v.may(a, at.o) }
	if !s.concludes(v, evaluation.Case{People: participants(at.e)}, may) {
		s.auditRefusal(v, access.Conclude, at.o)
		return errForbidden
	}
	at.view.Conclusion = web.ConclusionForm{Grade: in.Grade, DecidedOn: in.On, Text: in.Text, Lang: in.Lang}
	c := evaluation.Conclusion{On: f.date("decided_on", in.On), Text: in.Text, Lang: bilingual.Lang(in.Lang), RecordedAt: s.Now()}
	if c.On.After(v.today) {
		f.refuse("decided_on", "evaluation.future")
	}
	grades, err := s.Store.Grades(v.Context())
	if err != nil {
		return err
	}
	for _, g := range evaluation.GradesOn(grades, v.today) {
		if strconv.FormatInt(g.ID, 10) == in.Grade {
			c.Grade = g
		}
	}
	if c.Grade.ID == 0 && in.Grade != "" {
		f.refuse("grade", "error.form.choice")
	}
	return s.write(w, v, at, "evaluation.concluded", func(location string) error {
		return s.Store.ConcludeEvaluation(v.Context(), at.sub, at.o, c, location)
	})
}

type signedForm struct {
	About string `form:"about,choice,report|opinion|reply|conclusion|appeal,required" label:"evaluation.about"`
	Sum   string `form:"sha256,line,64"`
	Key   string `form:"idempotency_key,raw"`
}

// addSigned takes a document that came back signed. A hash that the signatory
// gave beside it must be that of the file.
func (s *Site) addSigned(w http.ResponseWriter, v *visit) error {
	v.takeTime(w)
	in, f, finish, err := decodeUpload[signedForm](v, map[string]int{"file": 1})
	if err != nil {
		return err
	}
	defer finish()
	at, err := s.opened(v, f, access.AddSigned, in.Key, "add signed document")
	if err != nil {
		return err
	}
	at.view.Signed = web.SignedForm{About: in.About, SHA256: in.Sum}
	if in.About != "" && !slices.Contains(s.signable(v.relation(at.o) == evaluation.Holder), evaluation.About(in.About)) {
		f.refuse("about", "error.form.choice")
	}
	if f.file() == nil {
		f.refuse("file", "error.form.required")
	}
	sound, err := s.judgeFiles(v, f, "file", f.files["file"], false)
	if err != nil {
		return err
	}
	d := evaluation.SignedDocument{About: evaluation.About(in.About), Compared: in.Sum != ""}
	for _, j := range sound {
		if in.Sum != "" && !strings.EqualFold(in.Sum, hashOf(j.content)) {
			f.refuse("sha256", "evaluation.other_hash")
		}
	}
	return s.write(w, v, at, "evaluation.signed_added", func(location string) error {
		files, err := s.keepEvidence(sound)
		if err != nil {
			return err
		}
		d.File = files[0]
		return s.Store.AddSignedDocument(v.Context(), at.sub, at.o, d, location)
	})
}

// sendSigned sends a signed document, compared with its hash first.
func (s *Site) sendSigned(w http.ResponseWriter, v *visit) error {
	_, _, c, err := s.openCase(v, access.ViewEvaluation)
	if err != nil {
		return err
	}
	id, err := v.number("document")
	if err != nil {
		return err
	}
	i := slices.IndexFunc(c.Documents, func(d evaluation.SignedDocument) bool { return d.File.ID == id })
	if i < 0 {
		return errNotFound
	}
	return s.sendShelved(w, c.Documents[i].File)
}
