package deadline

import "strconv"

// milestones reads named or valued steps with their dates: fase 1: maart 2025;
// fase 2: oktober 2025; 50 % tegen 2025, 100 % tegen 2027.
func (p *parser) milestones(i int) match {
	var part Part
	var findings []Finding
	j, next := i, fail
	numbered := false
	for j < len(p.items) && len(part.Steps) < 50 {
		name, m, pd, n, known := p.step(j)
		if n == fail {
			break
		}
		if pd.impossible {
			return p.impossible(i, n)
		}
		if gloss, g := p.gloss(n, pd); g != fail {
			pd, n = gloss, g
		}
		m.by, m.soft = true, m.soft || !m.by
		due := m.part(pd)
		if due.Date.IsZero() { // after the summer is no last day
			break
		}
		part.Steps = append(part.Steps, Step{Name: name, Date: due.Date, Precision: due.Precision, Approximate: due.Approximate})
		findings = append(findings, pd.notes...)
		numbered = numbered || known
		next, j = n, n
		for j < next+maxRun && (p.mark(j, ",", ";", "\n", "/", "-", "+") || p.is(j, "and")) {
			j++
		}
		if j == next {
			break
		}
	}
	if len(part.Steps) == 0 || len(part.Steps) == 1 && !numbered {
		return match{next: fail}
	}
	part.Kind, part.Span = Milestones, p.span(i, next)
	return match{parts: []Part{part}, findings: findings, next: next}
}

// step reads one step: its name and its date, or its date and what is due by
// then ("2025: 50 %", "2025 (fase 1)").
func (p *parser) step(i int) (name string, m mode, pd period, next int, known bool) {
	name, k, known := p.stepName(i)
	if k != fail {
		m, next = p.prefix(k)
		pd, next = p.period(next)
		if next != fail && !pd.noYear && !pd.isMandate() {
			if p.mark(k-1, "(") && p.mark(next, ")") {
				next++
			}
			return name, m, pd, next, known
		}
	}
	m, k = p.prefix(i)
	if pd, k = p.period(k); k == fail || pd.noYear || pd.isMandate() || !p.mark(k, ":", "=", "(") {
		return "", m, pd, fail, false
	}
	if !p.mark(k, "(") {
		name, next = p.percentage(k + 1)
		return name, m, pd, next, true
	}
	name, next, known = p.stepName(k + 1)
	if next == fail || !known || !p.mark(next, ")") {
		return "", m, pd, fail, false
	}
	return name, m, pd, next + 1, true
}

// percentage reads 50 %, 87,5 percent.
func (p *parser) percentage(i int) (name string, next int) {
	if i < len(p.items) && p.items[i].kind == numberToken && (p.mark(i+1, "%") || p.is(i+1, "percent")) {
		return p.items[i].norm + "%", i + 2
	}
	return "", fail
}

// roman are the numbers of phases in Roman figures.
var roman = map[string]int{"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6}

// stepName reads what a step is called: fase 1, eerste fase, 50 %, or up to six
// words before a colon.
func (p *parser) stepName(i int) (name string, next int, known bool) {
	if p.is(i, "phase") {
		if n, j := p.number(i + 1); j != fail {
			return strconv.Itoa(n), p.colon(j), true
		}
		if n, j := p.ordinal(i + 1); j != fail {
			return strconv.Itoa(n), p.colon(j), true
		}
		if n := roman[p.word(i+1)]; n > 0 {
			return strconv.Itoa(n), p.colon(i + 2), true
		}
	}
	if n, j := p.ordinal(p.skip(i, "art")); j != fail && n > 0 && p.is(j, "phase") {
		return strconv.Itoa(n), p.colon(j + 1), true
	}
	if name, next = p.percentage(p.skip(i, "min", "max", "circa")); next != fail {
		return name, p.colon(next), true
	}
	if i < len(p.items) && p.items[i].kind == numberToken && p.items[i].num > 0 && p.items[i].num <= 20 && p.mark(i+1, ")") { // 1) maart 2025
		return p.items[i].norm, i + 2, true
	}
	if name, next = p.amount(i); next != fail {
		return name, next, false
	}
	for j := i; j < len(p.items) && j < i+7; j++ {
		if p.mark(j, ":") && j > i && !p.binds(j-1) {
			return p.words(i, j), j + 1, false
		}
		if p.items[j].kind == markToken || p.is(j, "and") {
			break
		}
	}
	return "", fail, false
}

// amount reads how many are due: 2 projecten in 2025, 4 in 2026. A preposition
// follows, so that no day of a month is an amount.
func (p *parser) amount(i int) (name string, next int) {
	n, j := p.number(i)
	if j == fail || n < 1 || n > 100_000 {
		return "", fail
	}
	for end := j + 4; j < min(end, len(p.items)) && p.items[j].kind == wordToken; j++ {
		if p.is(j, "by", "in", "before") {
			return strconv.Itoa(n), j
		}
		if len(p.items[j].senses) > 0 && !p.is(j, "thing", "adj") {
			break
		}
	}
	return "", fail
}

func (p *parser) colon(i int) int {
	if p.mark(i, ":", "-", "=") || p.mark(i, "(") {
		return i + 1
	}
	return i
}
