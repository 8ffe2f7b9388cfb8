package deadline

import "jalon/internal/calendar"

// This file reads the years that stand ahead of a rhythm and bound it.

// heading reads a period before what is owed in it, or several that follow each
// other: 2026: maandelijks; 2027 en 2028: jaarlijks.
func (p *parser) heading(i int) (l limits, next int) {
	pd, n := p.period(p.skip(i, "during", "in", "art"))
	for n != fail && (p.mark(n, ",") || p.is(n, "and")) && !pd.isMandate() {
		later, m := p.period(p.skip(n+1, "van", "art"))
		if m == fail || later.precision != pd.precision || later.from != pd.until.AddDays(1) {
			break
		}
		pd.until, n = later.until, m
	}
	if n == fail || !p.mark(n, ":") || pd.noYear || pd.impossible || pd.edge != "" || pd.point && pd.isMandate() || pd.precision == calendar.Day {
		return l, fail
	}
	return limits{from: pd.from, until: pd.until, fromAnchor: pd.fromAnchor, untilAnchor: pd.untilAnchor, notes: pd.notes, circa: pd.approximate}, n + 1
}

// yearsAhead reads whole years before a rhythm that comes back in each of them: in
// 2026, maandelijks; in 2026 en 2027, jaarlijks. What comes once in the one year
// that is named ("in 2026, jaarlijks") may as well begin there.
func (p *parser) yearsAhead(i int) (l limits, next int) {
	if !p.is(i, "in", "during") {
		return l, fail
	}
	l, next = p.throughout(i, true)
	if next == fail || l.from.IsZero() || l.until.IsZero() || l.impossible || !p.mark(next, ",") {
		return l, fail
	}
	first, _ := calendar.Year.Period(l.from)
	_, last := calendar.Year.Period(l.until)
	if l.from != first || l.until != last {
		return l, fail
	}
	if often, _ := p.rhythmAt(next + 1); often.unit != "" && (often.unit != "y" || often.count > 1 || l.from.Year < l.until.Year) {
		return l, next + 1
	}
	return l, fail
}

// rhythmAt reads how often alone; without a unit there is none.
func (p *parser) rhythmAt(i int) (r recurrence, next int) {
	for _, rule := range []func(*recurrence, int) int{p.frequency, p.timesPer, p.everyUnit} {
		var own recurrence
		if n := rule(&own, i); n != fail && own.unit != "" {
			return own, n
		}
	}
	return recurrence{}, fail
}
