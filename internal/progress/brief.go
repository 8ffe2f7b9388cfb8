package progress

import (
	"cmp"
	"slices"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/duty"
	"jalon/internal/mandate"
)

// Brief is what a meeting needs to know of a mandate, or of one objective of
// it, on one page. A line is an objective, or a target when the brief is of one objective.
type Brief struct {
	Sheet     Sheet
	Period    calendar.HalfYear
	Objective *mandate.Objective // nil for the whole mandate
	Lines     []BriefLine
	Asks      []BriefAsk  // support asked in the latest entries, the nearest day first
	Next      []duty.Duty // can be met yet or comes, the nearest first; one for each target and state
}

// BriefLine is where an objective or a target stands, with what was said last.
type BriefLine struct {
	Code           mandate.Code
	Text           bilingual.Text
	Status         Status
	Reported, Owed int        // of its targets
	Achieved       *BriefSaid // the latest; nil when nothing was said
	Blocked        *BriefSaid // of the weakest target that says what blocks
}

// BriefSaid is a part of an entry.
type BriefSaid struct {
	Target mandate.Code
	Text   string
	Lang   bilingual.Lang
	AsOf   calendar.Date
}

// BriefAsk is support that a holder asks: of whom, by when.
type BriefAsk struct {
	BriefSaid
	Of string
	By calendar.Date
}

// BriefRows is how many rows of a list a page shows, since a brief stands on one page.
const BriefRows = 6

// How many months a brief looks for what is owed.
const (
	briefMonthsBack  = 60
	briefMonthsAhead = 12
)

// BriefOf makes the brief of a mandate, or of the objective with a code ("" for
// none). ok is false when there is no such objective.
func BriefOf(s Sheet, objective string) (b Brief, ok bool) {
	b = Brief{Sheet: s, Period: calendar.HalfYearOf(s.AsOf)}
	shown := map[int64]bool{}
	for i, o := range s.Mandate.Objectives {
		if objective != "" && o.Code.String() != objective {
			continue
		}
		for _, t := range o.Targets() {
			shown[t.ID] = true
			if objective != "" {
				line := b.line(t.Code, t.Text, []mandate.Target{t})
				line.Status = s.Standing(t, b.Period).Status
				b.Lines = append(b.Lines, line)
			}
		}
		if objective != "" {
			b.Objective = &s.Mandate.Objectives[i]
		} else {
			b.Lines = append(b.Lines, b.line(o.Code, o.Title, o.Targets()))
		}
	}
	if objective != "" && b.Objective == nil {
		return b, false
	}
	b.ask(shown)
	b.next(shown)
	return b, true
}

// next lists what can be met yet or comes. What recurs stands once for each
// state, so that what is late hides nothing of what is near.
func (b *Brief) next(shown map[int64]bool) {
	type kind struct {
		target int64
		state  duty.State
	}
	listed := map[kind]bool{}
	for _, d := range b.Sheet.Duties(b.Sheet.AsOf.AddMonths(-briefMonthsBack), b.Sheet.AsOf.AddMonths(briefMonthsAhead)) {
		if d.Target == nil || !shown[d.Target.ID] || listed[kind{d.Target.ID, d.State}] {
			continue
		}
		if d.State == duty.NotExpected || d.State.Owing() && d.Closable(b.Sheet.Record.SealedUntil, b.Sheet.AsOf) {
			listed[kind{d.Target.ID, d.State}] = true
			b.Next = append(b.Next, d)
		}
	}
}

func (b Brief) line(code mandate.Code, text bilingual.Text, targets []mandate.Target) BriefLine {
	up := b.Sheet.roll(targets, b.Period)
	l := BriefLine{Code: code, Text: text, Status: up.Status, Reported: up.Reported, Owed: up.Owed}
	var weakest Status
	for _, t := range targets {
		e := b.Sheet.Latest[t.ID]
		if e == nil {
			continue
		}
		if e.Achieved != "" && (l.Achieved == nil || e.AsOf.After(l.Achieved.AsOf)) {
			l.Achieved = &BriefSaid{t.Code, e.Achieved, e.Lang, e.AsOf}
		}
		if e.Obstacles != "" && (l.Blocked == nil || Weaker(weakest, e.Status) != weakest) {
			weakest = e.Status
			l.Blocked = &BriefSaid{t.Code, e.Obstacles, e.Lang, e.AsOf}
		}
	}
	return l
}

func (b *Brief) ask(shown map[int64]bool) {
	for _, t := range b.Sheet.Mandate.Targets() {
		if e := b.Sheet.Latest[t.ID]; e != nil && shown[t.ID] && e.SupportAsked != "" {
			b.Asks = append(b.Asks, BriefAsk{BriefSaid{t.Code, e.SupportAsked, e.Lang, e.AsOf}, e.SupportOf, e.SupportBy})
		}
	}
	slices.SortStableFunc(b.Asks, func(x, y BriefAsk) int {
		if x.By.IsZero() != y.By.IsZero() {
			return cmp.Compare(boolInt(x.By.IsZero()), boolInt(y.By.IsZero()))
		}
		return x.By.Compare(y.By)
	})
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
