package indicator

import (
	"math/big"

	"github.com/shopspring/decimal"

	"jalon/internal/calendar"
)

// Reason says why there is no percentage of the way. Each has a sentence in the
// catalogues under "indicator.reason.*".
type Reason string

// Reasons.
const (
	Computable Reason = ""
	NoValue    Reason = "no_value"    // nothing was measured
	NoResult   Reason = "no_result"   // its formula cannot be computed on any day: a part is missing, or is divided by zero
	NoBaseline Reason = "no_baseline" // nobody said where it started
	NoTarget   Reason = "no_target"   // nobody said where it must go
	NoDistance Reason = "no_distance" // baseline and target are the same
	IsBound    Reason = "is_bound"    // a bound is kept or not
	Apart      Reason = "apart"       // its parts have different units
	TooFew     Reason = "too_few"     // the group is too small
)

// Achievement says how far an indicator has come from its baseline to a target.
type Achievement struct {
	Reason  Reason          // Computable, or why the rest but Met says nothing
	Percent decimal.Decimal // of the way, to one place; below 0 is worse than the baseline, above 100 beyond the target
	Bar     decimal.Decimal // the same between 0 and 100
	Worse   bool            // than the baseline
	Met     bool            // the target is reached, or the bound kept
}

// achieve computes (current − baseline) ÷ (target − baseline). A missing part, or
// a baseline that equals the target, gives a reason and no figure.
func achieve(d Direction, current, baseline *big.Rat, target *Milestone) Achievement {
	switch {
	case current == nil:
		return Achievement{Reason: NoValue}
	case target == nil:
		return Achievement{Reason: NoTarget}
	}
	a := Achievement{Met: meets(d, current, *target)}
	goal := rat(target.Value)
	switch {
	case d.Bound():
		a.Reason = IsBound
		return a
	case baseline == nil:
		a.Reason = NoBaseline
		return a
	case baseline.Cmp(goal) == 0:
		a.Reason = NoDistance
		return a
	}
	way := new(big.Rat).Quo(new(big.Rat).Sub(current, baseline), new(big.Rat).Sub(goal, baseline))
	way.Mul(way, big.NewRat(100, 1))
	a.Percent, a.Worse = roundShort(way), way.Sign() < 0
	a.Bar = decimal.Max(decimal.Zero, decimal.Min(decimal.NewFromInt(100), a.Percent))
	return a
}

// meets reports whether a value is where a milestone wants it.
func meets(d Direction, value *big.Rat, m Milestone) bool {
	low := value.Cmp(rat(m.Value)) >= 0
	switch d {
	case Down, AtMost:
		return value.Cmp(rat(m.Value)) <= 0
	case Between:
		return low && value.Cmp(rat(m.Upper)) <= 0
	}
	return low
}

// Goal gives the milestone that counts in the end; nil when there is none.
func (d Definition) Goal() *Milestone {
	if len(d.Milestones) == 0 {
		return nil
	}
	return &d.Milestones[len(d.Milestones)-1]
}

// Path gives where the indicator should be on a day. Up and down lead in straight
// lines, by days, from the baseline over the milestones, and stay at the last; a bound is
// that of the last milestone that has begun. ok is false outside of that.
func (d Definition) Path(on calendar.Date) (at Milestone, ok bool) {
	exact, upper, ok := d.path(on)
	if !ok {
		return Milestone{}, false
	}
	at = Milestone{On: on, Value: round(exact, MaxDecimals)}
	if upper != nil {
		at.Upper = round(upper, MaxDecimals)
	}
	return at, true
}

func (d Definition) path(on calendar.Date) (value, upper *big.Rat, ok bool) {
	if d.Direction.Bound() {
		for _, m := range d.Milestones {
			if !m.On.After(on) {
				value, upper, ok = rat(m.Value), rat(m.Upper), true
			}
		}
		return value, upper, ok
	}
	stops := d.stops()
	for i, m := range stops {
		switch {
		case m.On == on:
			return rat(m.Value), nil, true
		case m.On.After(on) && i == 0:
			return nil, nil, false
		case m.On.After(on):
			return between(stops[i-1], m, on), nil, true
		}
	}
	if len(d.Milestones) == 0 {
		return nil, nil, false
	}
	return rat(stops[len(stops)-1].Value), nil, true
}

// stops are the baseline and the milestones after it.
func (d Definition) stops() (all []Milestone) {
	if d.Baseline != nil && !d.BaselineOn.IsZero() {
		all = append(all, Milestone{On: d.BaselineOn, Value: *d.Baseline})
	}
	for _, m := range d.Milestones {
		if len(all) == 0 || m.On.After(all[len(all)-1].On) {
			all = append(all, m)
		}
	}
	return all
}

func between(from, to Milestone, on calendar.Date) *big.Rat {
	share := big.NewRat(days(from.On, on), days(from.On, to.On))
	step := new(big.Rat).Sub(rat(to.Value), rat(from.Value))
	return step.Add(step.Mul(step, share), rat(from.Value))
}

func days(from, to calendar.Date) int64 { return int64(to.Time().Sub(from.Time()).Hours()) / 24 }

// PathLine gives the corners of the target path between two days, for a line. A bound
// that changes has a corner before and after.
func (d Definition) PathLine(from, until calendar.Date) (line []Milestone) {
	corners := []calendar.Date{from}
	for _, m := range d.stops() {
		if m.On.After(from) && m.On.Before(until) {
			if d.Direction.Bound() {
				corners = append(corners, m.On.AddDays(-1))
			}
			corners = append(corners, m.On)
		}
	}
	for i, on := range append(corners, until) {
		if at, ok := d.Path(on); ok && (i == 0 || len(line) == 0 || line[len(line)-1].On.Before(on)) {
			line = append(line, at)
		}
	}
	return line
}
