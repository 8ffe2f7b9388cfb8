package demo

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"time"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/evaluation"
	"jalon/internal/mandate"
	"jalon/internal/store"
)

// appraisal is an evaluation with those who read it, and what happened in it.
type appraisal struct {
	Mandate, Holder, Kind, By string
	From, Until               calendar.Date
	PlannedOn                 calendar.Date `json:"planned_on"`
	Evaluators                []struct {
		Person      string
		Capacity    evaluation.Capacity
		From, Until calendar.Date
	}
	Acts []act // in the order in which they happened
}

// act is one thing that somebody did: one of the fields below Lang is set.
type act struct {
	At         time.Time
	By         string
	Lang       bilingual.Lang
	Step       evaluation.Stage
	Draft      parts
	Report     parts
	Opinion    *opinion
	Reply      *reply
	Conclusion *conclusion
	Signed     *signed
}

// parts are the texts of a report, by code of an objective and of a section. They
// quote an entry by its target and day: [S1.1-1 2025-06-30].
type parts map[string]map[string]string

type opinion struct {
	Capacity     evaluation.Capacity
	Author, Text string
	On           calendar.Date
}

type reply struct {
	To   evaluation.Capacity // whose opinion; "" for the evaluation as a whole
	Text string
}

type conclusion struct {
	Grade, Text string // Grade: its Dutch name
	On          calendar.Date
}

// evaluate plans the evaluations and relives what happened in them.
func (l *loader) evaluate(ctx context.Context) error {
	all, err := read[[]appraisal]("evaluations.json")
	if err != nil {
		return err
	}
	for _, e := range all {
		o, err := l.plan(ctx, e)
		for i := 0; err == nil && i < len(e.Acts); i++ {
			err = l.act(ctx, o, e, e.Acts[i])
		}
		if err != nil {
			return fmt.Errorf("evaluation of %s: %w", e.Mandate, err)
		}
	}
	return nil
}

// plan plans an evaluation and names those who read it.
func (l *loader) plan(ctx context.Context, e appraisal) (o access.Object, err error) {
	tenures, err := l.store.Tenures(ctx, l.ids[e.Mandate])
	if err != nil {
		return o, err
	}
	planned := store.NewEvaluation{MandateID: l.ids[e.Mandate], Kind: e.Kind, From: e.From, Until: e.Until, PlannedOn: e.PlannedOn}
	for _, t := range tenures[planned.MandateID] {
		if t.PersonID == l.people[e.Holder].PersonID && !t.From.After(e.From) {
			planned.TenureID = t.ID
		}
	}
	name := e.Mandate + " " + e.Kind
	location, err := l.store.PlanEvaluation(ctx, l.submission(e.By, "plan evaluation", name), planned, func(id int64) string { return fmt.Sprint(id) })
	if err != nil {
		return o, err
	}
	var id int64
	if _, err := fmt.Sscan(location, &id); err != nil {
		return o, err
	}
	if o, err = l.store.EvaluationObject(ctx, id); err != nil {
		return o, err
	}
	for _, p := range e.Evaluators {
		named := store.NamedEvaluator{PersonID: l.people[p.Person].PersonID, From: p.From, Until: p.Until, Capacity: p.Capacity}
		if err := l.store.NameEvaluator(ctx, l.submission(e.By, "name evaluator", name+" "+p.Person), o, named, ""); err != nil {
			return o, err
		}
	}
	return o, nil
}

// act relives one act.
func (l *loader) act(ctx context.Context, o access.Object, e appraisal, a act) error {
	c, err := l.store.EvaluationCase(ctx, o.EvaluationID)
	if err != nil {
		return err
	}
	sub := func(action string) store.Submission {
		return l.submission(a.By, action, e.Mandate+" "+e.Kind+" "+a.At.Format(time.RFC3339))
	}
	switch {
	case a.Step != "":
		err = l.store.TakeEvaluationStep(ctx, sub("take evaluation step"), o, store.EvaluationStep{From: c.Stage(), To: a.Step, On: calendar.DateOf(a.At), At: a.At}, "")
	case a.Draft != nil:
		_, err = l.draft(ctx, o, c, a, a.Draft)
	case a.Report != nil:
		err = l.handIn(ctx, sub("submit activity report"), o, c, a)
	case a.Opinion != nil:
		err = l.store.GiveOpinion(ctx, sub("give opinion"), o, evaluation.Opinion{
			Capacity: a.Opinion.Capacity, Author: a.Opinion.Author, On: a.Opinion.On, Text: a.Opinion.Text, Lang: a.Lang, RecordedAt: a.At,
		}, "")
	case a.Reply != nil:
		r := evaluation.Reply{Text: a.Reply.Text, Lang: a.Lang, At: a.At}
		for _, p := range c.Opinions {
			if p.Capacity == a.Reply.To {
				r.OpinionID = p.ID
			}
		}
		err = l.store.ReplyToOpinion(ctx, sub("reply to opinion"), o, r, "")
	case a.Conclusion != nil:
		err = l.conclude(ctx, sub("conclude evaluation"), o, a)
	case a.Signed != nil:
		err = l.sign(ctx, sub("add signed document"), o, a)
	}
	if err != nil {
		return fmt.Errorf("at %s: %w", a.At.Format(time.DateTime), err)
	}
	return nil
}

// draft keeps the parts of a report, and gives their texts.
func (l *loader) draft(ctx context.Context, o access.Object, c evaluation.Case, a act, all parts) (texts []evaluation.Text, err error) {
	for part, sections := range all {
		d := evaluation.Draft{Part: part, Texts: map[string]string{}}
		for section, text := range sections {
			if d.Texts[section], err = l.quoting(c, a.At, o.MandateID, text); err != nil {
				return nil, err
			}
			texts = append(texts, evaluation.Text{Part: part, Section: section, Text: d.Texts[section]})
		}
		_, err := l.store.SaveActivityDraft(ctx, o, l.people[a.By].PersonID, a.At, d)
		if err != nil && !errors.Is(err, store.ErrChanged) && !errors.Is(err, store.ErrStage) { // a load that was cut off kept it
			return nil, err
		}
	}
	return texts, nil
}

var quoted = regexp.MustCompile(`\[([ST][0-9.-]+) ([0-9]{4}-[0-9]{2}-[0-9]{2})\]`)

// quoting puts the number of the entry in the place of each quotation: the one
// that was the latest of its target and day at a moment.
func (l *loader) quoting(c evaluation.Case, at time.Time, mandateID int64, text string) (_ string, err error) {
	text = quoted.ReplaceAllStringFunc(text, func(match string) string {
		found := quoted.FindStringSubmatch(match)
		code, e := mandate.ParseCode(found[1])
		if e != nil {
			err = errors.Join(err, e)
		}
		target := int64(0)
		for name, id := range l.ids {
			if id == mandateID {
				target = l.targets[name][code]
			}
		}
		number := int64(0)
		for _, e := range c.Record.Entries {
			if e.TargetID == target && e.AsOf.String() == found[2] && !e.RecordedAt.After(at) {
				number = e.ID
			}
		}
		if number == 0 {
			err = errors.Join(err, fmt.Errorf("nothing was reported that %s quotes", match))
		}
		return evaluation.Reference(number)
	})
	return text, err
}

// handIn hands in a report.
func (l *loader) handIn(ctx context.Context, sub store.Submission, o access.Object, c evaluation.Case, a act) error {
	texts, err := l.draft(ctx, o, c, a, a.Report)
	if err != nil {
		return err
	}
	sheet, err := l.store.EvaluationSheet(ctx, c, calendar.DateOf(a.At))
	if err != nil {
		return err
	}
	var codes []string
	for _, g := range sheet.Mandate.Objectives {
		codes = append(codes, g.Code.String())
	}
	n := store.NewReport{Lang: c.Lang, Layout: c.Layout, Texts: evaluation.InOrder(c.Layout, codes, texts), On: calendar.DateOf(a.At), At: a.At}
	if len(n.Texts) != len(texts) {
		return fmt.Errorf("%d of %d texts stand in no section", len(texts)-len(n.Texts), len(texts))
	}
	n.Quotes, _ = evaluation.Footnotes(c.Layout, codes, n.Texts, c.Record)
	return l.store.SubmitReport(ctx, sub, o, n, "")
}

func (l *loader) conclude(ctx context.Context, sub store.Submission, o access.Object, a act) error {
	grades, err := l.store.Grades(ctx)
	if err != nil {
		return err
	}
	c := evaluation.Conclusion{On: a.Conclusion.On, Text: a.Conclusion.Text, Lang: a.Lang, RecordedAt: a.At}
	for _, g := range evaluation.GradesOn(grades, c.On) {
		if g.Name.NL == a.Conclusion.Grade {
			c.Grade = g
		}
	}
	return l.store.ConcludeEvaluation(ctx, sub, o, c, "")
}
