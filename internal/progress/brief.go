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
	Next      []duty.Duty // owing or coming, the nearest first
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

// Bounds of a brief: it stands on one page.
const (
	briefAsks   = 6
	briefNext   = 6
	briefMonths = 12 // ahead
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
	for _, d := range s.Duties(s.AsOf.AddMonths(-briefMonths), s.AsOf.AddMonths(briefMonths)) {
		if d.Target != nil && shown[d.Target.ID] && (d.State.Owing() || d.State == duty.NotExpected) && len(b.Next) < briefNext {
			b.Next = append(b.Next, d)
		}
	}
	return b, true
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
	b.Asks = b.Asks[:min(len(b.Asks), briefAsks)]
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
