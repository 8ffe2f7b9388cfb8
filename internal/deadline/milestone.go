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
		name, k, known := p.stepName(j)
		if k == fail {
			break
		}
		m, n := p.prefix(k)
		pd, n := p.period(n)
		if n == fail || pd.noYear || pd.isMandate() {
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
	}
	if n, j := p.ordinal(p.skip(i, "art")); j != fail && n > 0 && p.is(j, "phase") {
		return strconv.Itoa(n), p.colon(j + 1), true
	}
	if i < len(p.items) && p.items[i].kind == numberToken && (p.mark(i+1, "%") || p.is(i+1, "percent")) {
		return p.items[i].norm + "%", p.colon(i + 2), true
	}
	for j := i; j < len(p.items) && j < i+7; j++ {
		if p.mark(j, ":") && j > i && !p.has(j-1, "by", "hard") {
			return p.words(i, j), j + 1, false
		}
		if p.items[j].kind == markToken || p.is(j, "and") {
			break
		}
	}
	return "", fail, false
}

func (p *parser) colon(i int) int {
	if p.mark(i, ":", "-", "=") || p.mark(i, "(") {
		return i + 1
	}
	return i
}
