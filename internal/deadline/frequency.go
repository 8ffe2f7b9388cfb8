package deadline

import (
	"strconv"
	"strings"
)

// frequency reads one word for it: jaarlijks, trimestriel, bimensuel.
func (p *parser) frequency(r *recurrence, i int) int {
	if n := p.hyphenedFrequency(r, i); n != fail {
		return n
	}
	one := p.has(i, "num", "1")
	if p.is(i, "art") || p.has(i, "num", "1") && !p.single(i) { // een jaarlijkse evaluatie
		i++
	}
	if p.is(i, "thing") { // évaluation annuelle
		i++
	}
	v, ok := p.value(i, "freq")
	if m, n := p.month(p.skip(i+1, "van")); n != fail && v == "every 1m" && p.items[i].end-p.items[i].first > 1 && !p.isPer(i) && r.isEmpty() {
		if _, dated := p.year(n); dated == fail { // elke maand november is once a year
			r.count, r.unit, r.months = 1, "y", []int{m}
			return n
		}
	}
	if _, n := p.year(i + 1); n != fail && p.isReport(i) { // the annual report of a year is one thing
		return fail
	}
	if !ok || one && p.isPer(i) || r.unit != "" && !(r.count > 0 && r.explicit) {
		return fail
	}
	var f recurrence
	f.setFrequency(v)
	if r.unit != "" && (r.unit != f.unit || f.count > 1) { // "twee keer per jaar, jaarlijks" says nothing new
		return fail
	}
	if r.unit == "" {
		if r.count > 0 && f.count == 1 { // "twee rapporten jaarlijks"
			r.unit = f.unit
		} else if r.count > 0 {
			return fail
		} else {
			r.count, r.interval, r.unit = f.count, f.interval, f.unit
		}
	}
	r.alternative = f.alternative
	i++
	return p.skip(i, "thing")
}

// hyphenedFrequency reads a number that makes a longer interval: 3-maandelijks.
func (p *parser) hyphenedFrequency(r *recurrence, i int) int {
	n, j := p.number(i)
	v, _ := p.value(j+1, "freq")
	unit := map[string]string{"every 1m": "m", "every 1w": "w", "=1/y": "y"}[v]
	if j == fail || !p.mark(j, "-") || !p.items[j].glued || unit == "" || r.unit != "" || n < 2 || n > 60 {
		return fail
	}
	if unit == "m" && n == 6 {
		n, unit = 1, "h"
	}
	r.setEvery(n, unit)
	return j + 2
}

// isPer reports whether the item begins with per or par: "één rapport per
// kwartaal" counts, "een jaarlijks rapport" does not.
func (p *parser) isPer(i int) bool {
	w := p.tokens[p.items[i].first].norm
	return w == "per" || w == "par"
}

// isReport reports whether the item names a report: jaarverslag, rapport annuel.
func (p *parser) isReport(i int) bool {
	w := strings.ToLower(p.words(i, i+1))
	return i < len(p.items) && (strings.HasSuffix(w, "verslag") || strings.Contains(w, "rapport"))
}

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

// setFrequency reads the notation "=2/y" or "every 3m"; that of an ambiguous
// word has its second meaning behind it: "=2/y ~ every 2y".
func (r *recurrence) setFrequency(v string) {
	v, r.alternative, _ = strings.Cut(v, " ~ ")
	if every, ok := strings.CutPrefix(v, "every "); ok {
		r.unit = strings.TrimLeft(every, "0123456789")
		r.interval, _ = strconv.Atoi(strings.TrimSuffix(every, r.unit))
		return
	}
	n, unit, _ := strings.Cut(strings.TrimPrefix(v, "="), "/")
	r.count, _ = strconv.Atoi(n)
	r.unit = unit
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
	return strings.HasSuffix(p.word(i), "maal") || p.word(i) == "eens"
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

// everyUnit reads om de drie maanden, tous les deux mois, elke week, un mois sur deux.
func (p *parser) everyUnit(r *recurrence, i int) int {
	if r.unit != "" {
		return fail
	}
	if n, j := p.number(i); j != fail && n == 1 { // un mois sur deux
		if u, k := p.unit(j); k != fail && p.is(k, "during") {
			if m, next := p.number(k + 1); next != fail && m > 1 {
				r.interval, r.unit = m, u
				return next
			}
		}
		if day, ok := p.value(j, "weekday"); ok && p.is(j+1, "during") && len(r.on) == 0 { // un vendredi sur deux
			if m, next := p.number(j + 2); next != fail && m > 1 {
				r.interval, r.unit, r.on = m, "w", []string{day}
				return next
			}
		}
	}
	if p.is(i, "thing") && p.is(i+1, "every") { // réunion toutes les deux semaines
		i++
	}
	factor := 1
	if p.is(i, "other") {
		if day, ok := p.value(i+1, "weekday"); ok && len(r.on) == 0 { // om de andere vrijdag
			r.interval, r.unit, r.on = 2, "w", []string{day}
			return i + 2
		}
		factor = 2
	} else if !p.is(i, "every") {
		return fail
	}
	j := p.skip(i+1, "art", "every")
	n, k := p.number(j)
	if k == fail {
		if o, m := p.ordinal(j); m != fail && o >= 2 { // elke tweede maand
			n, k = o, m
		} else if v, ok := p.value(j, "num"); ok && v == "1.5" {
			if u, next := p.unit(j + 1); next != fail && (u == "y" || u == "m") {
				r.interval, r.unit = map[string]int{"y": 18, "m": 6}[u], map[string]string{"y": "m", "m": "w"}[u]
				return next
			}
			return fail
		} else {
			n, k = 1, j
			if p.is(i, "alternate") {
				n = p.alternates(k)
			}
		}
	}
	u, next := p.unit(k)
	if next == fail || n < 1 || n > 400 {
		return fail
	}
	r.setEvery(n*factor, u)
	return next
}

// alternates gives the step that "om de" without a number makes: two of a day,
// week, month or year; one of a quarter or half-year.
func (p *parser) alternates(i int) int {
	if u, _ := p.unit(i); u == "d" || u == "w" || u == "m" || u == "y" {
		return 2
	}
	return 1
}

// setEvery says every n units in the form of the notation: a year, a half-year
// are counts; a quarter is three months; fourteen or fifteen days are two weeks.
func (r *recurrence) setEvery(n int, u string) {
	switch {
	case u == "2w":
		n, u = 2*n, "w"
	case u == "d" && (n == 14 || n == 15):
		n, u = 2, "w"
	case u == "d" && n == 8: // "tous les huit jours" is every week
		n, u = 1, "w"
	case u == "d" && n%7 == 0:
		n, u = n/7, "w"
	case u == "q":
		n, u = 3*n, "m"
	case u == "h" && n > 1:
		n, u = 6*n, "m"
	}
	if u == "m" && n == 12 { // "om de 12 maanden" says jaarlijks
		n, u = 1, "y"
	}
	r.unit = u
	if u == "y" && n == 1 || u == "mand" {
		r.count = 1
	} else if u == "h" {
		r.count, r.unit = 2, "y"
	} else {
		r.interval = n
	}
}
