package indicator

import (
	"math/big"
	"slices"

	"github.com/shopspring/decimal"

	"jalon/internal/calendar"
)

// Point is the figure of one day. A hidden one has no figures: they are gone, not
// merely left out of a page.
type Point struct {
	On          calendar.Date
	Value       decimal.Decimal // to the decimals of the indicator
	Numerator   *decimal.Decimal
	Denominator *decimal.Decimal
	Hidden      bool
	Recorded    *Measurement // nil for a derived figure

	exact *big.Rat
}

// Series is an indicator with its figures, the earliest first.
type Series struct {
	Indicator
	Points  []Point
	History []Measurement // everything recorded, the latest first
	Sources []Source      // events that the figures are counted from, the latest first
	// Guarded says that a minimum group applies to it, or to what it is part of: the
	// figures of values that were superseded are then kept back as well.
	Guarded bool
	// Broken says that its formula goes in a circle or names what is not there.
	Broken bool

	sums [][]string // codes of parts that add up to it, in each way in which they do or did
}

// Sheet is all that is known of the indicators of a mandate as of a day, with what may not be shown taken out.
type Sheet struct {
	All []*Series // in the order of their codes
}

// Find gives the series with a code; nil when there is none.
func (s Sheet) Find(code string) *Series {
	for _, one := range s.All {
		if one.Code == code {
			return one
		}
	}
	return nil
}

// Only keeps the series of some indicators. What the others made of them stays as it is.
func (s Sheet) Only(keep func(Indicator) bool) Sheet {
	s.All = slices.DeleteFunc(slices.Clone(s.All), func(one *Series) bool { return !keep(one.Indicator) })
	return s
}

// Recorded is an indicator with everything that was recorded of it, in the order of recording.
type Recorded struct {
	Indicator
	Measurements []Measurement
	AddedUp      [][]string // codes of parts that added up to it in another definition
}

// Assemble computes the sheet of a mandate from what was recorded and from facts.
// It is the one way from recorded values to figures that people see. kept is what
// KeptBack gives of today: it is kept back of every day.
func Assemble(all []Recorded, facts Facts, asOf calendar.Date, kept Kept) Sheet {
	sheet := Sheet{}
	for _, r := range all {
		one := &Series{Indicator: r.Indicator, History: slices.Clone(r.Measurements), sums: r.sums()}
		slices.Reverse(one.History)
		if r.Origin == Measured {
			one.Points = recordedPoints(r, asOf)
		}
		sheet.All = append(sheet.All, one)
	}
	for _, one := range sheet.All {
		switch one.Origin {
		case FromDuties:
			one.Points = one.points(fromDuties(one.Definition, facts, asOf))
		case FromEvents:
			one.Points = one.points(one.withZeros(fromEvents(one.Definition, facts, asOf), asOf))
			one.Sources = sourcesOf(one.Definition, facts, asOf)
		}
	}
	protect(sheet, kept)
	sheet.compute()
	for _, one := range sheet.All {
		one.finish(kept)
	}
	return sheet
}

// recordedPoints takes the last value of each day.
func recordedPoints(r Recorded, asOf calendar.Date) (points []Point) {
	last := map[calendar.Date]*Measurement{}
	for i, m := range r.Measurements {
		if !m.On.After(asOf) {
			last[m.On] = &r.Measurements[i]
		}
	}
	for on, m := range last {
		if exact, ok := m.figure(r.Per); ok {
			points = append(points, Point{On: on, Numerator: m.Numerator, Denominator: m.Denominator, Recorded: m, exact: exact})
		}
	}
	slices.SortFunc(points, func(a, b Point) int { return a.On.Compare(b.On) })
	return points
}

// at finds the point of a day.
func (s *Series) at(on calendar.Date) *Point {
	i, found := slices.BinarySearchFunc(s.Points, on, func(p Point, on calendar.Date) int { return p.On.Compare(on) })
	if !found {
		return nil
	}
	return &s.Points[i]
}

// compute fills in what formulas give, each once its own sources are there.
func (s Sheet) compute() {
	done := map[string]bool{}
	for _, one := range s.All {
		done[one.Code] = one.Origin != FromFormula
	}
	for progress := true; progress; {
		progress = false
		for _, one := range s.All {
			if done[one.Code] {
				continue
			}
			f, err := ParseFormula(one.Formula)
			codes := f.Codes()
			if err == nil && !slices.ContainsFunc(codes, func(c string) bool { return !done[c] }) {
				one.Points = s.computed(f, codes, one)
				done[one.Code], progress = true, true
			}
		}
	}
	for _, one := range s.All {
		one.Broken = !done[one.Code]
	}
}

// computed evaluates a formula on every day on which one of its sources has a
// figure. A source without a figure of that very day gives none: nothing lies
// between two measurements. A figure from one that is kept back is kept back too.
func (s Sheet) computed(f Formula, codes []string, of *Series) (points []Point) {
	var on []calendar.Date
	for _, code := range codes {
		for _, p := range s.Find(code).Points {
			on = append(on, p.On)
		}
	}
	slices.SortFunc(on, calendar.Date.Compare)
	for _, day := range slices.Compact(on) {
		hidden := of.MinGroup > 0 // of a computed figure nobody knows the group
		exact, ok := f.eval(func(code string) (*big.Rat, bool) {
			p := s.Find(code).at(day)
			if p == nil {
				return nil, false
			}
			hidden = hidden || p.Hidden
			return p.exact, true
		})
		if hidden { // whether there is a figure must not tell of one that is kept back, such as by 1 ÷ (A − 8)
			exact, ok = f.eval(func(code string) (*big.Rat, bool) {
				p := s.Find(code).at(day)
				if p == nil {
					return nil, false
				}
				if p.Hidden {
					return standIn(slices.Index(codes, code)), true
				}
				return p.exact, true
			})
		}
		if ok {
			points = append(points, Point{On: day, exact: exact, Hidden: hidden})
		}
	}
	return points
}

// standIn is put in the place of a figure that is kept back: a number that no
// formula subtracts, and another for each source.
func standIn(source int) *big.Rat { return big.NewRat(int64(1_000_003+7_919*source), 997) }

// finish rounds what is shown and takes out what is not.
func (s *Series) finish(kept Kept) {
	for i := range s.Points {
		p := &s.Points[i]
		if p.Hidden {
			if p.Recorded != nil {
				kept := p.Recorded.without()
				p.Recorded = &kept
			}
			p.Numerator, p.Denominator, p.exact = nil, nil, nil
			continue
		}
		p.Value = round(p.exact, s.Decimals)
	}
	for i, m := range s.History {
		p := s.at(m.On)
		current := p != nil && p.Recorded != nil && p.Recorded.ID == m.ID
		if s.Guarded && (!current || p.Hidden) || kept[m.ID] {
			s.History[i] = m.without()
		}
	}
}

// without takes the figures out of a measurement.
func (m Measurement) without() Measurement {
	m.Hidden = !m.Withdrawn
	m.Value, m.Numerator, m.Denominator, m.People, m.Note = nil, nil, nil, 0, ""
	return m
}

func ptr(n int64) *decimal.Decimal {
	d := decimal.NewFromInt(n)
	return &d
}
