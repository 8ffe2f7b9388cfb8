package deadline

import (
	"strings"
)

// countedThing passes over the words for what is counted, when a period
// follows them: drie opleidingen per jaar.
func (p *parser) countedThing(i int) int {
	for j := i; j < min(i+4, len(p.items)) && p.items[j].kind == wordToken; j++ {
		_, n := p.perUnit(j)
		_, named := p.value(j, "freq")
		if j > i && (n != fail && p.is(j, "every") || named && p.isPer(j)) {
			return j
		}
		if _, n := p.perUnit(j + 1); n != fail && p.mark(j+1, "/") { // 10 opleidingen/jaar
			return j + 1
		}
		if len(p.items[j].senses) > 0 && !p.is(j, "thing", "adj") {
			break
		}
	}
	return i
}

// timesPer reads a count and its period: twee keer per jaar, tweemaal per
// maand, deux fois par an, een tot twee keer, drie vergaderingen per jaar.
func (p *parser) timesPer(r *recurrence, i int) int {
	if r.explicit || r.unit != "" && (r.count > 1 || r.interval > 1) {
		return fail
	}
	beyond := 0
	if !r.min && !r.max && p.is(i, "more", "less") { // meer dan twee keer is minstens drie keer
		beyond = 1
		if p.is(i, "less") {
			beyond = -1
		}
		i++
	}
	n, upper, i, j := p.counts(i)
	if j != fail && beyond != 0 {
		if n += beyond; n < 1 || upper > 0 {
			return fail
		}
		r.min, r.max = beyond > 0, beyond < 0
	}
	if j == fail && p.is(i, "several") && !r.min && !r.max { // meerdere keren per jaar: at least two, one asks how many
		n, j, r.min, r.circa = 2, i+1, true, true
	}
	if j == fail {
		return fail
	}
	written := j
	if p.is(j, "and") && p.is(j+1, "max", "min") {
		j++
	}
	j = p.bound(r, j)
	single := p.single(i) || p.single(written-1) // driemaal, twee- tot driemaal
	counted := p.is(j, "times", "thing") || single
	k := p.skip(j, "times", "thing")
	if m := p.countedThing(j); !counted && m > j {
		counted, k = true, m
	}
	k = p.bound(r, k)
	if r.unit != "" { // "jaarlijks, twee keer"
		if !counted || p.ofAnother(r, k) {
			return fail
		}
		if n == 1 && len(r.on) > 1 && !single && !p.is(k-1, "times") { // op 30 juni en 31 december een verslag: each day one
			return k
		}
		r.count, r.maximum, r.interval, r.explicit = n, upper, 0, true
		return k
	}
	if multiple, m := p.perUnit(k); m != fail && (counted || p.is(written, "every") || p.mark(written, "/")) {
		return p.setTimes(r, n, upper, multiple, m)
	}
	if v, ok := p.value(k, "freq"); ok && (counted || p.isPer(k)) { // minstens 4 per jaar
		return p.timesFrequency(r, n, upper, v, k+1)
	}
	share := p.isShare(i) && !counted && p.pinFollows(k) // waarvan één in juni
	if !share && (!counted || !p.is(k-1, "times") && !single) {
		return fail
	}
	r.count, r.maximum, r.explicit = n, upper, true
	return k
}

// ofAnother reports whether a count belongs to a period that is not the
// recurrence's own: op het einde van elke maand, driemaal per week.
func (p *parser) ofAnother(r *recurrence, i int) bool {
	if per, n := p.perUnit(i); n != fail {
		return per != "1"+r.unit
	}
	if v, ok := p.value(i, "freq"); ok {
		var f recurrence
		f.setFrequency(v)
		return f.unit != r.unit || f.count > 1 || f.interval > 1
	}
	_, n := p.limit(i)
	if pd, m := p.period(p.skip(i, "in", "during")); m != fail && !pd.noYear { // twee keer in 2026
		return true
	}
	return n != fail
}

// counts reads how many times, or from how many to how many: tussen twee en
// vier, minimum 2 en maximum 4, à deux (reprises). It gives where the number
// itself stands, too.
func (p *parser) counts(i int) (n, upper, at, next int) {
	between, fromMin := p.is(i, "between"), p.is(i, "min")
	if between || fromMin {
		i = p.skip(i+1, "art")
	}
	n, j := p.number(i)
	if j == fail && p.is(i, "au") {
		if n, j = p.number(i + 1); j != fail && !p.is(j, "times") {
			return 0, 0, i, fail
		}
	}
	if j == fail || n < 1 || n > 366 {
		return 0, 0, i, fail
	}
	if fromMin {
		k := p.skip(j, "and", "times")
		if p.mark(k, ",") {
			k++
		}
		m, next := p.number(k + 1)
		if !p.is(k, "max") || next == fail || m <= n || m > 366 {
			return 0, 0, i, fail
		}
		return n, m, i, next
	}
	if p.mark(j, "-") && p.is(j+1, "until", "or") { // drie- tot viermaal
		j++
	}
	if between && p.is(j, "and") || p.is(j, "until", "au", "or") || p.mark(j, "-", "/") {
		if m, k := p.number(p.skip(j+1, "au")); k != fail && m > n && m <= 366 {
			return n, m, i, k
		}
	}
	return n, 0, i, j
}

// bound reads a bound beside a count, once: vier keer per jaar minimum.
func (p *parser) bound(r *recurrence, i int) int {
	if r.min || r.max || !p.is(i, "min", "max") {
		return i
	}
	r.min = p.is(i, "min")
	r.max = !r.min
	return i + 1
}

// timesFrequency says n times per what a frequency names: twee keer jaarlijks,
// één keer per kwartaal, drie keer per semester.
func (p *parser) timesFrequency(r *recurrence, n, upper int, v string, next int) int {
	var f recurrence
	f.setFrequency(v)
	switch {
	case f.unit == "m" && f.interval == 3:
		return p.setTimes(r, n, upper, "1q", next)
	case f.count == 1 || f.interval >= 1:
		return p.setTimes(r, n, upper, stretch(max(1, f.interval), f.unit), next)
	case f.unit == "y" && f.count == 2:
		return p.setTimes(r, n, upper, "1h", next)
	}
	return fail
}

// isShare reports whether the number at i says how many of those before:
// waarvan één, dont au moins une.
func (p *parser) isShare(i int) bool {
	if p.is(i-1, "min", "max") {
		i--
	}
	return p.is(i-1, "share")
}

// pinFollows reports whether a day or month without a year stands at i.
func (p *parser) pinFollows(i int) bool {
	r := recurrence{unit: "y"}
	return p.pins(&r, i) != fail
}

// single reports whether the number's own word says "times": tweemaal, eenmaal.
func (p *parser) single(i int) bool {
	return strings.HasSuffix(p.word(i), "maal") || strings.HasSuffix(p.word(i), "malig") || p.word(i) == "eens"
}

// setTimes says n times per so many units; once per several units is an interval.
func (p *parser) setTimes(r *recurrence, n, upper int, per string, next int) int {
	k, unit, ok := parseStretch(per)
	if per == "1mand" {
		k, unit, ok = 1, "mand", true
	}
	if !ok {
		return fail
	}
	if k > 1 && (n > 1 || upper > 0) {
		whole := map[string]string{"12m": "y", "6m": "h", "3m": "q", "2h": "y", "4q": "y", "7d": "w"}[per]
		if whole == "" {
			return fail
		}
		k, unit = 1, whole
	}
	r.count, r.maximum, r.unit, r.explicit = n, upper, unit, true
	if k > 1 {
		r.count, r.interval = 0, k
	}
	return next
}

// perUnit reads a period after a count: per jaar, par an, elk jaar, om de twee
// maanden, in het jaar, op twaalf maanden.
func (p *parser) perUnit(i int) (per string, next int) {
	j := i
	beside := p.is(j, "art") && (p.has(j+1, "unit", "y") || p.has(j+1, "unit", "m") || p.has(j+1, "unit", "w")) // une fois le mois
	if !p.is(j, "every") && !p.is(j, "in", "on", "au", "during") && !beside && !p.mark(j, "/") {
		return "", fail
	}
	if p.mark(j, "/") {
		j++
	}
	alternate := p.is(j, "alternate")
	j = p.skip(j, "every", "in", "on", "au", "art", "during")
	n, k := p.number(j)
	if k == fail {
		n, k = 1, j
		if alternate {
			n = p.alternates(k)
		}
	}
	u, next := p.unit(k)
	if u == "mand" || next == fail && p.is(k, "mandate") {
		return "1mand", k + 1
	}
	if next == fail || n < 1 || n > 400 {
		return "", fail
	}
	if u == "2w" {
		n, u = 2*n, "w"
	}
	return stretch(n, u), next
}
