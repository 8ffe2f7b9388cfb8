package indicator

import "math/big"

// Verdict is how the latest figure stands to the target path of its day.
type Verdict string

// Verdicts. There is none without a figure or without a path on that day.
const (
	OnPath  Verdict = "on_path"
	OffPath Verdict = "off_path"
)

// Trend is how the latest figure stands to the one before.
type Trend string

// Trends. There is none without two figures; of Between only the distance to the bounds counts.
const (
	Better Trend = "better"
	Worse  Trend = "worse"
	Same   Trend = "same"
)

// Standing sums a series up.
type Standing struct {
	Last     *Point // the latest that is shown; nil when there is none
	Before   *Point // the one before that
	Kept     bool   // a later one is kept back
	Achieved Achievement
	Verdict  Verdict
	Path     *Milestone // on the day of Last; nil when there is none
	Trend    Trend
}

// Stand sums a series up as it is shown.
func (s *Series) Stand() (st Standing) {
	for i := range s.Points {
		if s.Points[i].Hidden {
			st.Kept = true
			continue
		}
		st.Before, st.Last, st.Kept = st.Last, &s.Points[i], false
	}
	var now, start *big.Rat
	if st.Last != nil {
		now = st.Last.exact
	}
	if s.Baseline != nil {
		start = rat(*s.Baseline)
	}
	st.Achieved = achieve(s.Direction, now, start, s.Goal())
	switch {
	case s.Origin == InParts:
		st.Achieved = Achievement{Reason: Apart}
	case st.Last == nil && st.Kept:
		st.Achieved = Achievement{Reason: TooFew}
	case st.Last == nil && s.Origin == FromFormula:
		st.Achieved = Achievement{Reason: NoResult}
	}
	if st.Last == nil {
		return st
	}
	if value, upper, ok := s.path(st.Last.On); ok {
		at, _ := s.Path(st.Last.On)
		st.Path, st.Verdict = &at, OffPath
		if fits(s.Direction, now, value, upper) {
			st.Verdict = OnPath
		}
	}
	if st.Before != nil {
		st.Trend = s.trend(st.Before.exact, now)
	}
	return st
}

func fits(d Direction, now, value, upper *big.Rat) bool {
	switch d {
	case Down, AtMost:
		return now.Cmp(value) <= 0
	case Between:
		return now.Cmp(value) >= 0 && now.Cmp(upper) <= 0
	}
	return now.Cmp(value) >= 0
}

func (s *Series) trend(before, now *big.Rat) Trend {
	rise := now.Cmp(before)
	if s.Direction == Between {
		goal := s.Goal()
		if goal == nil {
			return ""
		}
		rise = outside(before, *goal).Cmp(outside(now, *goal))
	}
	if s.Direction == Down || s.Direction == AtMost {
		rise = -rise
	}
	return map[int]Trend{-1: Worse, 0: Same, 1: Better}[rise]
}

// outside gives how far a value lies outside two bounds; 0 inside.
func outside(value *big.Rat, m Milestone) *big.Rat {
	if below := new(big.Rat).Sub(rat(m.Value), value); below.Sign() > 0 {
		return below
	}
	if above := new(big.Rat).Sub(value, rat(m.Upper)); above.Sign() > 0 {
		return above
	}
	return new(big.Rat)
}
