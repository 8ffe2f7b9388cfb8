package deadline

import "jalon/internal/calendar"

// either asks which of some dates is meant: 2025 of 2026, maart, april of mei
// 2026, juni/juli 2026.
func (p *parser) either(i int) match {
	m, j := p.prefix(i)
	list, next := p.choices(j)
	if next == fail {
		return match{next: fail}
	}
	var readings [][]Part
	for _, pd := range ofOneYear(list) {
		if pd.impossible {
			return p.impossible(i, next)
		}
		readings = append(readings, []Part{m.part(pd)})
	}
	return p.ambiguous(i, next, readings...)
}

// boundOfRange asks which end of a range a bound means: tegen 2025-2026, vóór
// 2025-2026, tot 2025-2026, uiterlijk maart-juni 2026.
func (p *parser) boundOfRange(i int) match {
	m, j := p.prefix(i)
	until := p.is(i, "until") && !m.by
	if until {
		j = p.skip(i+1, "art", "on", "au", "in")
	}
	if !until && !m.by && !m.before && !m.after {
		return match{next: fail}
	}
	a, b, next := p.pair(j, func(k int) bool {
		return p.mark(k, "-") || p.is(k, "until") && !until || p.word(k) == "a" || p.mark(k, "/") && p.bareYears(j, k)
	})
	if next == fail {
		a, b, next = p.hyphenated(j)
	}
	if next == fail {
		a, b, next = p.shortYears(j)
	}
	if next == fail || a.isMandate() || b.isMandate() || a.precision == calendar.Day {
		return match{next: fail}
	}
	if a.impossible || b.impossible {
		return p.impossible(i, next)
	}
	if !until {
		return p.ambiguous(i, next, []Part{m.part(a)}, []Part{m.part(b)})
	}
	return p.ambiguous(i, next, []Part{{Kind: Continuous, Until: a.until, Approximate: a.approximate}}, []Part{{Kind: Continuous, Until: b.until, Approximate: b.approximate}})
}

// bareYears reports a year alone on both sides of k.
func (p *parser) bareYears(i, k int) bool {
	_, before := p.year(i)
	_, after := p.year(k + 1)
	return before == k && after != fail
}

// choices reads two to four dates of which "of" stands before the last one, or
// months and quarters that follow one another with strokes between them.
func (p *parser) choices(i int) (list []period, next int) {
	var all []period
	joined, strokes := "", true
	next = fail
	for len(all) < 4 {
		pd, n := p.period(i)
		if n == fail || pd.isMandate() {
			break
		}
		all = append(all, pd)
		strokes = strokes && (joined == "" || joined == "/") && pd.precision != calendar.Day
		if len(all) > 1 && !pd.noYear && (joined == "of" || strokes && all[0].noYear && consecutive(ofOneYear(all))) {
			list, next = all, n
		}
		switch {
		case p.is(n, "or"):
			joined = "of"
		case p.mark(n, "/", ","):
			joined = p.items[n].norm
		default:
			return list, next
		}
		_, i = p.prefix(n + 1)
	}
	return list, next
}

// ofOneYear gives dates the year of the last one where they have none.
func ofOneYear(list []period) []period {
	out := make([]period, len(list))
	for k, pd := range list {
		if pd.noYear {
			pd = pd.in(list[len(list)-1].until.Year)
		}
		out[k] = pd
	}
	return out
}

// consecutive reports whether each stretch begins on the day after the one before it.
func consecutive(list []period) bool {
	for k := 1; k < len(list); k++ {
		if list[k].from != list[k-1].until.AddDays(1) {
			return false
		}
	}
	return true
}
