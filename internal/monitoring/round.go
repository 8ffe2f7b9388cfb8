package monitoring

import (
	"errors"
	"slices"

	"jalon/internal/calendar"
)

// RoundState is how far a body is with a half-year.
type RoundState string

// States of a round, in their order. Parts are submitted until it is presented;
// what is presented lies before the body, and what is sealed never changes.
const (
	RoundOpen       RoundState = "open"
	RoundCollecting RoundState = "collecting"
	RoundGrace      RoundState = "grace"
	RoundPresented  RoundState = "presented"
	RoundSealed     RoundState = "sealed"
)

// RoundStates lists every state in its order.
var RoundStates = []RoundState{RoundOpen, RoundCollecting, RoundGrace, RoundPresented, RoundSealed}

// Refusals of a step.
var (
	ErrNoSuchStep  = errors.New("a round does not take this step")
	ErrReasonForIt = errors.New("a step back needs a reason")
)

// StepRound says whether a round may go from one state to another: nil, or why not.
// It goes one state on. Before the seal it may go back to the state before, with a reason.
func StepRound(from, to RoundState, hasReason bool) error {
	switch next, before := from.Next(), from.Before(); {
	case to == "":
		return ErrNoSuchStep
	case to == next:
		return nil
	case to == before && !hasReason:
		return ErrReasonForIt
	case to == before:
		return nil
	}
	return ErrNoSuchStep
}

// Next gives the state that follows: "" after the last one.
func (s RoundState) Next() RoundState {
	if i := slices.Index(RoundStates, s); i >= 0 && i < len(RoundStates)-1 {
		return RoundStates[i+1]
	}
	return ""
}

// Before gives the state that a step back leads to: "" from the first one, and
// from a sealed round.
func (s RoundState) Before() RoundState {
	if i := slices.Index(RoundStates, s); i > 0 && s != RoundSealed {
		return RoundStates[i-1]
	}
	return ""
}

// RoundDates are the days of a round. All are days in Brussels.
type RoundDates struct {
	Opens calendar.Date // the first day on which a part is taken, not after Due
	Due   calendar.Date // the last day on which a part is in time
	Grace calendar.Date // the last day of grace, not before Due
	Meets calendar.Date // on which the body meets; zero when that is not known
}

// UsualDates are the days of a half-year when nobody chooses others: parts are
// taken from the day after it, due on the tenth of that month, with grace until
// the end of it.
func UsualDates(h calendar.HalfYear) RoundDates {
	first := h.Next().Start()
	return RoundDates{Opens: first, Due: first.AddDays(9), Grace: first.EndOfMonth()}
}

// Takes reports whether a part can be submitted on a day: while the round is
// only open, from its first day on; once it collects, on every day.
func (d RoundDates) Takes(s RoundState, today calendar.Date) bool {
	return s != RoundOpen || !today.Before(d.Opens)
}

// PartStep is what happened to the part of a mandate in a round.
type PartStep string

// Steps of a part. A part with none is still being written.
const (
	Submitted PartStep = "submitted"
	Returned  PartStep = "returned"
)

// Part is where a mandate stands in a round.
type Part struct {
	Last PartStep // the latest step; "" for none
	// Reopened tells that the latest step came after the round was presented.
	Reopened bool
}

// Closed reports whether nothing can be recorded in the part: it is submitted,
// or the round is presented and the part was not returned since.
func (p Part) Closed(s RoundState) bool {
	switch {
	case s == RoundSealed, p.Last == Submitted:
		return true
	case s == RoundPresented:
		return p.Last != Returned || !p.Reopened
	}
	return false
}

// Lateness says how a part stands to the days of its round.
type Lateness string

// How late a part is. Late begins the day after the last day.
const (
	InTime  Lateness = ""
	InGrace Lateness = "grace" // past the due date, within the days of grace
	PastAll Lateness = "late"  // past both
)

// Late judges a part on a day: what is submitted is not late.
func (p Part) Late(d RoundDates, today calendar.Date) Lateness {
	switch {
	case p.Last == Submitted, d.Due.IsZero(), !today.After(d.Due):
		return InTime
	case !today.After(d.Grace):
		return InGrace
	}
	return PastAll
}
