// Package evaluation holds the rules of the evaluation of somebody who holds a
// mandate: its stages, who takes part, what they write, and who sees what when.
//
// It computes no grade and no score: the commission decides, on facts.
package evaluation

import (
	"errors"
	"slices"

	"jalon/internal/calendar"
)

// Stage is how far an evaluation is.
type Stage string

// Stages, in their order. An appeal may or may not follow a conclusion.
const (
	Planned    Stage = "planned"
	Preparing  Stage = "preparing"   // the holder writes the activity report
	ReportIn   Stage = "report_in"   // the report is handed in
	OpinionsIn Stage = "opinions_in" // superior and minister have given theirs
	Interview  Stage = "interview"
	Concluded  Stage = "concluded" // the holder has been told
	Appeal     Stage = "appeal"
	Closed     Stage = "closed"
)

// Stages lists every stage in its order.
var Stages = []Stage{Planned, Preparing, ReportIn, OpinionsIn, Interview, Concluded, Appeal, Closed}

// Refusals of a step.
var (
	ErrNoSuchStep   = errors.New("an evaluation does not take this step")
	ErrReasonForIt  = errors.New("this step needs a reason")
	ErrNoConclusion = errors.New("nothing was concluded yet")
)

// Ready tells what is there of what a step asks for.
type Ready struct {
	Report     bool // one was handed in
	Opinions   bool // there is at least one
	Conclusion bool
	HasReason  bool // somebody wrote why
}

// Move says whether an evaluation may go from one stage to another: nil, or why
// not. It goes one stage on, or from concluded straight to closed when nobody
// appeals. Going on without the report or without any opinion needs a reason, as
// when a holder writes none; concluding needs a conclusion, whatever the reason.
// Back it goes to any stage before, with a reason.
func Move(from, to Stage, r Ready) error {
	i, j := slices.Index(Stages, from), slices.Index(Stages, to)
	switch {
	case i < 0 || j < 0 || i == j:
		return ErrNoSuchStep
	case j < i:
		if !r.HasReason {
			return ErrReasonForIt
		}
		return nil
	case !slices.Contains(from.Next(), to):
		return ErrNoSuchStep
	case to == Concluded && !r.Conclusion:
		return ErrNoConclusion
	case (to == ReportIn && !r.Report || to == OpinionsIn && !r.Opinions) && !r.HasReason:
		return ErrReasonForIt
	}
	return nil
}

// Next lists the stages that may follow, the usual one first.
func (s Stage) Next() []Stage {
	switch i := slices.Index(Stages, s); {
	case s == Concluded:
		return []Stage{Closed, Appeal}
	case i >= 0 && i < len(Stages)-1:
		return Stages[i+1 : i+2]
	}
	return nil
}

// Before lists the stages that a step back may lead to, the nearest first.
func (s Stage) Before() []Stage {
	i := slices.Index(Stages, s)
	if i < 1 {
		return nil
	}
	all := slices.Clone(Stages[:i])
	slices.Reverse(all)
	return all
}

// AtLeast reports whether a stage is another one or comes after it.
func (s Stage) AtLeast(o Stage) bool { return slices.Index(Stages, s) >= slices.Index(Stages, o) }

// Step is one change of stage: when it happened, who said so and when.
type Step struct {
	From, To Stage
	On       calendar.Date // on which it happened
	Reason   string        // never empty for a step back
	By       string
}

// StageOf gives the stage after all steps: planned when there are none.
func StageOf(steps []Step) Stage {
	if len(steps) == 0 {
		return Planned
	}
	return steps[len(steps)-1].To
}

// Reached reports whether the evaluation has ever been at a stage, or beyond it.
// What was shown to the holder once stays shown, also after a step back.
func Reached(steps []Step, s Stage) bool {
	return s == Planned || slices.ContainsFunc(steps, func(t Step) bool { return t.To.AtLeast(s) })
}

// TakesReport reports whether the holder can write and hand in the report: a
// new version too, as long as nobody gave an opinion on it.
func (s Stage) TakesReport() bool { return s == Preparing || s == ReportIn }

// TakesOpinions reports whether an opinion can be recorded.
func (s Stage) TakesOpinions() bool { return s.AtLeast(Preparing) && !s.AtLeast(Concluded) }

// TakesConclusion reports whether a conclusion can be recorded: after the
// interview, and again when an appeal changes it.
func (s Stage) TakesConclusion() bool { return s == Interview || s == Appeal }

// TakesReplies reports whether the holder can reply; what the reply is about
// must have been shown.
func (s Stage) TakesReplies() bool { return s.AtLeast(Preparing) && s != Closed }

// TakesNotes reports whether evaluators keep notes for themselves: until it is
// closed, which ends them.
func (s Stage) TakesNotes() bool { return s != Closed }

// TakesDocuments reports whether a signed document can be added.
func (s Stage) TakesDocuments() bool { return s.AtLeast(Preparing) && s != Closed }
