package deadline

import (
	"slices"
	"strings"
)

// monthSpan reads the months from one to another as those of every year in which
// something is owed: elk jaar tussen mei en september, maandelijks van september
// tot juni, mensuellement de janvier à mars.
func (p *parser) monthSpan(r *recurrence, i int) (next int) {
	if len(r.on) > 0 || len(r.months) > 0 {
		return fail
	}
	first, last, next := p.monthPair(i)
	if next == fail {
		return fail
	}
	if last < first && (r.unit != "m" && r.unit != "w" && r.unit != "d") { // which of the two years would a yearly one be of?
		return fail
	}
	for m := first; ; m = m%12 + 1 {
		r.months = append(r.months, m)
		if m == last {
			break
		}
	}
	slices.Sort(r.months)
	r.span = true
	return next
}

// monthPair reads two months of no year and the word between them.
func (p *parser) monthPair(i int) (first, last, next int) {
	between := false
	for end := i + maxRun; i < end && p.is(i, "during", "in", "on", "van", "from", "between", "art"); i++ {
		between = between || p.is(i, "between")
	}
	first, j := p.month(i)
	if j == fail {
		return 0, 0, fail
	}
	switch {
	case between && p.is(j, "and"), !between && (p.mark(j, "-") || p.is(j, "until", "au") || p.word(j) == "a" || p.words(j, j+1) == "au mois de"):
		j = p.skip(j+1, "until", "art", "au", "in")
	case between || !p.hyphenAhead(j):
		return 0, 0, fail
	}
	last, next = p.month(j)
	if next == fail || last == first {
		return 0, 0, fail
	}
	if p.is(next, "inclusive") {
		next++
	}
	if _, n := p.yearBehind(next); n != fail { // maart-april 2026 are of one year
		return 0, 0, fail
	}
	return first, last, next
}

// monthsLeftOut reads the months in which something is not owed: maandelijks,
// behalve in juli en augustus.
func (p *parser) monthsLeftOut(r *recurrence, i int) (next int) {
	if !p.is(i, "except") || strings.HasPrefix(p.word(i), "niet") || len(r.on)+len(r.months) > 0 || r.unit != "m" && r.unit != "w" && r.unit != "d" || r.interval > 1 {
		return fail
	}
	var out recurrence
	if next = p.monthSpan(&out, i+1); next == fail {
		next = p.pins(&out, i+1)
	}
	if next == fail || len(out.months) == 0 || len(out.on) > 0 || out.circa || !p.clauseEnds(next) {
		return fail
	}
	for m := 1; m <= 12; m++ {
		if !slices.Contains(out.months, m) {
			r.months = append(r.months, m)
		}
	}
	return next
}
