package deadline

// ofUnit reads the whole that pins belong to: van elke maand, de chaque année,
// du mois, van het jaar. Behind an interval of months "van de maand" says nothing new.
func (p *parser) ofUnit(r *recurrence, i int) int {
	if len(r.on) == 0 && len(r.months) == 0 {
		return fail
	}
	j := p.skip(i, "van", "in")
	if k := p.skip(j, "art"); r.unit == "m" && r.interval > 1 && k > i && p.has(k, "unit", "m") {
		return k + 1
	}
	if r.unit != "" {
		return p.ofSameUnit(r, i, j)
	}
	if v, ok := p.value(j, "freq"); ok && j > i {
		f := recurrence{}
		f.setFrequency(v)
		if len(r.on) > 0 || f.unit == "y" {
			r.count, r.interval, r.unit, r.alternative = f.count, f.interval, f.unit, f.alternative
			return j + 1
		}
	}
	if p.is(j, "every") {
		return p.everyUnit(r, j)
	}
	if p.is(j, "this") { // "31 december van dit jaar" does not come back
		return fail
	}
	j = p.skip(j, "art")
	if u, next := p.unit(j); next != fail && j > i && !p.is(next, "after") && (u == "m" && !hasMonth(r.on) && len(r.months) == 0 || u == "y" || u == "w" || u == "q") {
		if _, n := p.year(next); n == fail {
			if _, rhythm := p.rhythmAt(next + 1); u != "y" || !p.mark(next, ",") || rhythm == fail { // in het eerste kwartaal van het jaar, maandelijks
				r.setEvery(1, u)
			}
			return next
		}
	}
	return fail
}

// ofSameUnit reads at j, behind the word at i, a whole that was said already:
// jaarlijks tussen januari en maart van elk jaar, elk jaar in mei van het jaar.
func (p *parser) ofSameUnit(r *recurrence, i, j int) (next int) {
	if again := *r; j > i && p.is(j, "every") {
		again.unit = ""
		if next = p.everyUnit(&again, j); next != fail && again.unit == r.unit && r.interval <= 1 && again.interval <= 1 {
			return next
		}
	}
	u, next := p.unit(p.skip(j, "art"))
	if next == fail || u != "y" || !p.is(i, "van") || p.is(next, "after") {
		return fail
	}
	if _, year := p.year(next); year != fail { // van het jaar 2026
		return fail
	}
	return next
}
