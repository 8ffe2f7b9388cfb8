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
