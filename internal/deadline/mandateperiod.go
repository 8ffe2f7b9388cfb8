package deadline

import (
	"strconv"
	"strings"
)

// mandatePeriod reads a point or stretch of the mandate: einde mandaat, à
// mi-mandat, het eerste jaar van het mandaat, pendant toute la durée du mandat.
func (p *parser) mandatePeriod(i int) (pd period, next int) {
	points := []struct {
		sym symbol
		at  Anchor
	}{{"mandateend", End}, {"mandatemid", Middle}, {"mandatebegin", Begin}}
	for _, pt := range points {
		if p.is(i, pt.sym) && !p.calledEvaluation(i, pt.sym) {
			return period{fromAnchor: pt.at, untilAnchor: pt.at, point: true, evaluation: p.has(i, pt.sym, "evaluation")}, i + 1
		}
	}
	if a, n := p.anchorNotation(i); n != fail {
		return period{fromAnchor: a, untilAnchor: a, point: true}, n
	}
	if edge, ok := p.value(i, "edge"); ok {
		if j := p.of(i + 1); p.is(j, "mandate") {
			at := map[string]Anchor{"end": End, "mid": Middle, "begin": Begin}[edge]
			return period{fromAnchor: at, untilAnchor: at, point: true}, j + 1
		}
		if q, n := p.mandateStretch(p.of(i + 1)); n != fail {
			if edge == "begin" {
				return period{fromAnchor: q.fromAnchor, untilAnchor: q.fromAnchor, point: true, approximate: true}, n
			}
			if edge == "end" {
				return period{fromAnchor: q.untilAnchor, untilAnchor: q.untilAnchor, point: true}, n
			}
		}
	}
	return p.mandateStretch(i)
}

// calledEvaluation reports an evaluation that is what is owed, not when: een
// tussentijdse evaluatie in mei 2026, évaluation intermédiaire : mai 2026.
func (p *parser) calledEvaluation(i int, sym symbol) bool {
	return p.has(i, sym, "evaluation") && len(p.items) > 1 && !articles[p.tokens[p.items[i].first].norm] &&
		!p.is(i-1, "by", "at", "before", "after", "on", "in", "until", "from", "van", "art", "during", "every")
}

// mandateStretch reads units of the mandate or the whole of it.
func (p *parser) mandateStretch(i int) (pd period, next int) {
	j := p.skip(i, "whole", "art", "van")
	if p.is(j, "mandate") {
		n := j + 1
		if p.is(n, "whole") { // "le mandat entier"
			n++
		}
		return period{fromAnchor: Begin, untilAnchor: End}, n
	}
	if k, m := p.ordinal(i); m != fail && k > 0 && (p.is(m, "and") || p.mark(m, "-")) { // tweede en derde jaar
		last, count, unit, n := p.mandateUnits(p.skip(m+1, "art"))
		if n != fail && last > k && count == 1 && unit != "half" {
			from := Begin
			if k > 1 {
				from = Begin.plus("+", strconv.Itoa(k-1)+unit)
			}
			return period{fromAnchor: from, untilAnchor: Begin.plus("+", strconv.Itoa(last)+unit).plus("-", "1d")}, n
		}
	}
	k, count, unit, n := p.mandateUnits(i)
	if n == fail {
		return pd, fail
	}
	if unit == "half" {
		if k == 1 {
			return period{fromAnchor: Begin, untilAnchor: Middle.plus("-", "1d")}, n
		}
		return period{fromAnchor: Middle, untilAnchor: End}, n
	}
	if unit == "d" && count == 1 && (k == 1 || k == -1) { // the first or last day is a point
		at := map[int]Anchor{1: Begin, -1: End}[k]
		return period{fromAnchor: at, untilAnchor: at, point: true}, n
	}
	if k < 0 {
		return period{fromAnchor: End.plus("-", strconv.Itoa(count)+unit).plus("+", "1d"), untilAnchor: End}, n
	}
	from := Begin
	if k > 1 {
		from = Begin.plus("+", strconv.Itoa((k-1)*count)+unit)
	}
	return period{fromAnchor: from, untilAnchor: Begin.plus("+", strconv.Itoa(k*count)+unit).plus("-", "1d")}, n
}

// mandateUnits reads "eerste zes maanden van het mandaat", "tweede
// mandaatjaar", "jaar 3 van het mandaat".
func (p *parser) mandateUnits(i int) (k, count int, unit string, next int) {
	if k, n := p.ordinal(i); n != fail && p.is(n, "mandateyear") && k != 0 {
		return k, 1, "y", n + 1
	}
	if p.is(i, "mandateyear") {
		if k, n := p.number(i + 1); n != fail && k >= 1 && k <= 20 {
			return k, 1, "y", n
		}
	}
	if u, n := p.unit(i); n != fail {
		if k, m := p.number(n); m != fail && k >= 1 && k <= 60 {
			if j := p.of(m); j > m && p.is(j, "mandate") {
				return k, 1, u, j + 1
			}
		}
	}
	k, count, unit, next = p.nthUnits(i)
	if next == fail || k == 0 || unit == "mand" { // a mandate has no first mandate
		return 0, 0, "", fail
	}
	j := p.of(next)
	j = p.skip(j, "whole", "van", "art")
	if !p.is(j, "mandate") || j == next {
		return 0, 0, "", fail
	}
	return k, count, unit, j + 1
}

// mandatePoints reads several points that share their mandate: halfweg en op het
// einde van het mandaat, en début, à mi et en fin de mandat.
func (p *parser) mandatePoints(i int) match {
	var parts []Part
	for j := i; j < i+maxRun && len(parts) < 3; {
		m, k := p.prefix(j)
		if pd, n := p.mandatePeriod(k); n != fail && pd.point && pd.fromAnchor == pd.untilAnchor && len(parts) > 0 {
			last := m.part(pd)
			last.Span = p.span(j, n)
			return match{parts: append(parts, last), next: n}
		}
		edge, ok := p.value(k, "edge")
		kind := map[string]Kind{"begin": MandateBegin, "mid": MandateMid, "end": MandateEnd}[edge]
		next := k + 1
		for next < k+maxRun && (p.mark(next, ",", "/") || p.is(next, "and")) {
			next++
		}
		if !ok || next == k+1 {
			break
		}
		parts = append(parts, Part{Kind: kind, Span: p.span(j, k+1)})
		j = next
	}
	return match{next: fail}
}

// anchorNotation reads a day of the mandate in the compact notation: MB+1y-1d.
func (p *parser) anchorNotation(i int) (a Anchor, next int) {
	w := strings.ToUpper(p.word(i))
	if w != string(Begin) && w != string(Middle) && w != string(End) {
		return "", fail
	}
	a = Anchor(w)
	for i++; p.mark(i, "+", "-") && i+2 < len(p.items) && p.items[i].glued; i += 3 {
		n, unit := p.items[i+1], p.items[i+2]
		step := stretch(n.num, unit.token.norm)
		if _, _, ok := parseStretch(step); n.kind != numberToken || !ok {
			break
		}
		a = a.plus(p.items[i].norm, step)
	}
	return a, i
}
