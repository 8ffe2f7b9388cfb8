package indicator

import (
	"math/big"
	"slices"

	"github.com/shopspring/decimal"

	"jalon/internal/calendar"
)

// This file looks at several sums at once. Each of them can keep a figure back,
// and all of them together tell it: of A + B, A + C and B + C, the half of the
// first two less the third is A.

// coverSolved hides a figure of a day on which the sums together tell one that is
// kept back. It reports whether it hid any.
func coverSolved(sums []*sum) bool {
	sums = slices.DeleteFunc(slices.Clone(sums), func(e *sum) bool { return e.min == 0 })
	if len(sums) < 2 {
		return false
	}
	var days []calendar.Date
	for _, e := range sums {
		days = append(days, e.days()...)
	}
	slices.SortFunc(days, calendar.Date.Compare)
	for _, day := range slices.Compact(days) {
		told := solved(sums, day)
		if told == nil {
			continue
		}
		shown := shownIn(slices.DeleteFunc(slices.Clone(sums), func(e *sum) bool { return !slices.Contains(e.terms(), told) }), day)
		if len(shown) == 0 {
			shown = shownIn(sums, day)
		}
		if len(shown) > 0 {
			smallest(shown).Hidden = true
			return true
		}
	}
	return false
}

// shownIn gives the figures of a day that are shown.
func shownIn(sums []*sum, day calendar.Date) (shown []*Point) {
	for _, e := range sums {
		for _, one := range e.terms() {
			if p := one.at(day); p != nil && !p.Hidden {
				shown = append(shown, p)
			}
		}
	}
	return shown
}

// solved finds a series whose figure of a day is kept back and can be computed
// from those that are shown; nil when there is none. What is kept back are the
// unknowns of as many equations as there are sums, whole − parts = 0.
func solved(sums []*sum, day calendar.Date) *Series {
	var unknown []*Series
	for _, e := range sums {
		for _, one := range e.terms() {
			if p := one.at(day); (p == nil || p.Hidden) && !slices.Contains(unknown, one) {
				unknown = append(unknown, one)
			}
		}
	}
	rows := make([][]*big.Rat, len(sums))
	for i, e := range sums {
		rows[i] = make([]*big.Rat, len(unknown))
		for k, one := range unknown {
			switch {
			case one == e.whole:
				rows[i][k] = big.NewRat(1, 1)
			case slices.Contains(e.parts, one):
				rows[i][k] = big.NewRat(-1, 1)
			default:
				rows[i][k] = new(big.Rat)
			}
		}
	}
	reduce(rows)
	for _, row := range rows {
		at := together(row)
		if len(at) == 1 && keptBack(unknown[at[0]], sums, day) || len(at) > 1 && tooFew(unknown, at, day) {
			return unknown[at[0]]
		}
	}
	return nil
}

// keptBack reports whether nobody may know the figure of a day: it is hidden, or
// nobody recorded it and it is part of a whole that was. A whole that nobody
// recorded is no more than its parts.
func keptBack(one *Series, sums []*sum, day calendar.Date) bool {
	return one.at(day) != nil || slices.ContainsFunc(sums, func(e *sum) bool {
		return slices.Contains(e.parts, one) && e.whole.at(day) != nil
	})
}

// reduce brings equations into the form in which each one that is left has an
// unknown that no other has (Gauss and Jordan).
func reduce(rows [][]*big.Rat) {
	done := 0
	for column := 0; done < len(rows) && column < len(rows[0]); column++ {
		pivot := slices.IndexFunc(rows[done:], func(row []*big.Rat) bool { return row[column].Sign() != 0 })
		if pivot < 0 {
			continue
		}
		rows[done], rows[done+pivot] = rows[done+pivot], rows[done]
		for i, row := range rows {
			if i == done || row[column].Sign() == 0 {
				continue
			}
			times := new(big.Rat).Quo(row[column], rows[done][column])
			for k := range row {
				row[k] = new(big.Rat).Sub(row[k], new(big.Rat).Mul(times, rows[done][k]))
			}
		}
		done++
	}
}

// together gives the unknowns of which an equation tells the sum, one alone among
// them; none when it tells something else of them.
func together(row []*big.Rat) (at []int) {
	for k, n := range row {
		switch {
		case n.Sign() == 0:
		case len(at) > 0 && n.Cmp(row[at[0]]) != 0:
			return nil
		default:
			at = append(at, k)
		}
	}
	return at
}

// tooFew reports whether groups whose sum can be computed are too few people together.
func tooFew(unknown []*Series, at []int, day calendar.Date) bool {
	people, least := decimal.Zero, 0
	for _, k := range at {
		p := unknown[k].at(day)
		if p == nil {
			return false
		}
		n, known := p.group()
		if !known {
			return false
		}
		people, least = people.Add(n), max(least, unknown[k].MinGroup)
	}
	return people.LessThan(decimal.NewFromInt(int64(least)))
}
