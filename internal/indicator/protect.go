package indicator

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"jalon/internal/calendar"
)

// This file keeps back the figures of groups that are too small, and as many
// others as it takes that nobody can find them by subtraction: a whole is the sum
// of its parts, so that all of them but one tell that one.

// sum is a whole and the parts that add up to it.
type sum struct {
	whole *Series
	parts []*Series
	min   int // the strictest minimum group among them
}

// Kept are the recorded values, by number, whose figures may not be shown today,
// whatever day somebody looks back to.
type Kept map[int64]bool

// KeptBack finds them in everything that was recorded up to today, as it is
// defined today: of indicators that a minimum group applies to, or to what they are
// or were part of, every value but those that are shown today. Without this the past
// would tell a figure from before it was mended, or before a part came that it tells by subtraction.
func KeptBack(all []Recorded) Kept {
	var sheet Sheet
	for _, r := range all {
		one := &Series{Indicator: r.Indicator, History: r.Measurements, sums: r.sums()}
		if r.Origin == Measured {
			one.Points = recordedPoints(r, calendar.Date{Year: calendar.MaxYear, Month: time.December, Day: 31})
		}
		sheet.All = append(sheet.All, one)
	}
	protect(sheet, nil)
	kept := Kept{}
	for _, one := range sheet.All {
		if !one.Guarded {
			continue
		}
		for _, m := range one.History {
			p := one.at(m.On)
			kept[m.ID] = p == nil || p.Hidden || p.Recorded.ID != m.ID
		}
	}
	return kept
}

// protect marks what may not be shown.
func protect(s Sheet, kept Kept) {
	sums := s.sums()
	for range s.All { // a whole can be a part of another
		for _, e := range sums {
			for _, one := range e.terms() {
				e.min = max(e.min, one.MinGroup)
			}
			for _, one := range e.terms() {
				one.MinGroup = e.min
			}
		}
	}
	for _, one := range s.All {
		one.Guarded = one.MinGroup > 0
		for i := range one.Points {
			p := &one.Points[i]
			p.Hidden = one.tooSmall(*p) || p.Recorded != nil && kept[p.Recorded.ID]
		}
	}
	for changed := true; changed; { // each round hides a figure more, so it ends
		changed = false
		for _, e := range sums {
			for _, day := range e.days() {
				changed = e.cover(day) || changed
			}
		}
		changed = changed || coverSolved(sums)
	}
}

func (r Recorded) sums() [][]string {
	if !r.AddsUp {
		return r.AddedUp
	}
	return append([][]string{r.Parts}, r.AddedUp...)
}

// sums lists the wholes whose parts add up, once for each way in which they do.
func (s Sheet) sums() (all []*sum) {
	for _, one := range s.All {
		for _, parts := range one.sums {
			e := &sum{whole: one, min: one.MinGroup}
			for _, code := range parts {
				if part := s.Find(code); part != nil {
					e.min = max(e.min, part.MinGroup)
					e.add(s.computedFrom(part, one)...)
				}
			}
			if len(e.parts) > 0 {
				all = append(all, e)
			}
		}
	}
	return all
}

// add takes parts into the sum, each once.
func (e *sum) add(parts ...*Series) {
	for _, part := range parts {
		if !slices.Contains(e.parts, part) {
			e.parts, e.min = append(e.parts, part), max(e.min, part.MinGroup)
		}
	}
}

// computedFrom gives what stands in the place of a part: what its formula computes
// it from, which tells as much; the part itself where there is none. One that is
// computed from the whole stays as it is: it tells nothing that the others do not.
func (s Sheet) computedFrom(part, whole *Series) []*Series {
	var sources []*Series
	seen := []*Series{part}
	for i := 0; i < len(seen); i++ {
		one := seen[i]
		f, err := ParseFormula(one.Formula)
		if one == whole || one.Origin == FromFormula && err != nil {
			return []*Series{part}
		}
		if one.Origin != FromFormula {
			sources = append(sources, one)
			continue
		}
		for _, code := range f.Codes() {
			if next := s.Find(code); next != nil && !slices.Contains(seen, next) {
				seen = append(seen, next)
			}
		}
	}
	return sources
}

func (e *sum) terms() []*Series { return append([]*Series{e.whole}, e.parts...) }

func (e *sum) days() (all []calendar.Date) {
	for _, one := range e.terms() {
		for _, p := range one.Points {
			all = append(all, p.On)
		}
	}
	slices.SortFunc(all, calendar.Date.Compare)
	return slices.Compact(all)
}

// tooSmall reports whether a figure is of fewer people than it takes, or of nobody
// knows how many.
func (s *Series) tooSmall(p Point) bool {
	if s.MinGroup == 0 {
		return false
	}
	if p.Recorded == nil { // counted from duties or events: not people
		return false
	}
	n, known := p.Recorded.group()
	return !known || n.LessThan(decimal.NewFromInt(int64(s.MinGroup)))
}

// cover hides figures of a day until what is hidden cannot be found: never one
// alone, and never parts that together are too few. It reports whether it hid any.
// A part that nobody recorded can be found as well as one that is hidden.
func (e *sum) cover(day calendar.Date) (changed bool) {
	whole := e.whole.at(day)
	if whole == nil || e.min == 0 {
		return false
	}
	for {
		shown, hidden, enough := e.parted(day)
		switch {
		case len(shown) == 0 && (hidden != 1 || whole.Hidden):
			return changed
		case !whole.Hidden && (hidden == 0 || hidden > 1 && enough), whole.Hidden && hidden > 0:
			return changed
		case len(shown) == 0: // the one part is the whole
			whole.Hidden = true
			return true
		}
		smallest(shown).Hidden, changed = true, true
	}
}

// parted tells which parts of a day are shown, how many are not, and whether those
// are enough people together.
func (e *sum) parted(day calendar.Date) (shown []*Point, hidden int, enough bool) {
	var people decimal.Decimal
	known := true
	for _, part := range e.parts {
		p := part.at(day)
		if p != nil && !p.Hidden {
			shown = append(shown, p)
			continue
		}
		hidden++
		if p == nil {
			known = false
			continue
		}
		n, ok := p.group()
		people, known = people.Add(n), known && ok
	}
	return shown, hidden, known && !people.LessThan(decimal.NewFromInt(int64(e.min)))
}

// smallest finds the figure of the fewest people, so that the least is lost.
func smallest(points []*Point) *Point {
	return slices.MinFunc(points, func(a, b *Point) int {
		x, _ := a.group()
		y, _ := b.group()
		return x.Cmp(y)
	})
}

func (p Point) group() (decimal.Decimal, bool) {
	if p.Recorded == nil {
		return decimal.Decimal{}, false
	}
	return p.Recorded.group()
}
