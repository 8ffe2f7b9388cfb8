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
	if r.unit != "" && (r.unit != f.unit || f.count > 1 || f.interval > 1) { // "twee keer per jaar, jaarlijks" says nothing new
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
