package deadline

import (
	"strings"

	"jalon/internal/calendar"
)

// superseded reads "(verlengd tot december 2025)" or "(oorspronkelijk maart
// 2025)" after a date.
func (p *parser) superseded(i int, part *Part) (next int, findings []Finding) {
	j := i
	for j < i+maxRun && p.mark(j, "(", ",", "-", ";") || p.is(j, "and") && p.is(j+1, "extended") {
		j++
	}
	later := p.is(j, "extended")
	if part.Kind == Window && part.Precision != "" { // Q1 2025, uitgesteld naar Q3 2025
		named := Part{Kind: Fixed, Date: part.Until, Precision: part.Precision}
		if next, findings = p.superseded(i, &named); next != i {
			*part = named
		}
		return next, findings
	}
	if !later && !p.is(j, "formerly") || part.Date.IsZero() {
		return i, nil
	}
	if j++; p.mark(j, ":") {
		j++
	}
	if next, findings = p.extendedBy(i, j, part); next != fail {
		return next, findings
	}
	m, k := p.prefix(p.skip(j, "until", "from"))
	k = p.skip(k, "until", "in", "au", "art", "on")
	pd, n := p.period(k)
	if n == fail || pd.noYear || pd.isMandate() {
		return i, nil
	}
	if pd.impossible {
		return fail, nil
	}
	if p.is(n, "inclusive") {
		n++
	}
	if p.mark(n, ")") && strings.Contains(p.words(i, j), "(") {
		n++
	}
	m.soft = m.soft || !m.by
	m.by = true
	other := m.part(pd)
	if other.Kind != Fixed {
		return i, nil
	}
	was, now := *part, other
	if !later {
		was, now = other, *part
	}
	part.Kind, part.From, part.Until = Fixed, calendar.Date{}, calendar.Date{}
	part.Date, part.Precision, part.Approximate = now.Date, now.Precision, now.Approximate
	part.Was, part.WasPrecision = was.Date, was.Precision
	return n, []Finding{{Severity: Notice, Code: CodeSuperseded, Args: map[string]string{"was": was.Date.String(), "date": now.Date.String()}, Text: p.words(i, n)}}
}

// moved reads from when to when a date moved: verlengd van maart 2025 tot
// december 2025, reporté de mars à juin 2025.
func (p *parser) moved(i int) match {
	from := p.is(i, "formerly") // "uitgesteld van", "reporté de" are one form
	j := p.skip(i, "extended")
	if from {
		last := p.tokens[p.items[i].end-1].norm
		from, j = last == "van" || last == "de", i+1
	}
	if j == i || p.is(i, "formerly") && !from {
		return match{next: fail}
	}
	a, b, n := p.pair(p.skip(j, "van", "art", "from"), func(k int) bool {
		return p.is(k, "until", "au") || p.word(k) == "naar" || p.edgeWithTo(k)
	})
	if n == fail || a.isMandate() || b.isMandate() || a.impossible || b.impossible {
		return match{next: fail}
	}
	now, was := mode{by: true, soft: true}.part(b), mode{by: true, soft: true}.part(a)
	now.Was, now.WasPrecision, now.Span = was.Date, was.Precision, p.span(i, n)
	found := Finding{Severity: Notice, Code: CodeSuperseded, Args: map[string]string{"was": was.Date.String(), "date": now.Date.String()}, Text: p.words(i, n)}
	return match{parts: []Part{now}, findings: append(append(a.notes, b.notes...), found), next: n}
}

// extendedBy reads by how much a date moved: verlengd met zes maanden, prolongé
// de six mois. A period stays one: December plus three months is all of March.
func (p *parser) extendedBy(i, j int, part *Part) (next int, findings []Finding) {
	if !p.is(j-1, "extended") || !p.is(j, "and", "van") {
		return fail, nil
	}
	s, _, next := p.stretch(j + 1)
	if next == fail {
		return fail, nil
	}
	due, ok := move(part.Date, "+"+s, calendar.BrusselsDays)
	if !ok {
		return fail, nil
	}
	if part.Precision != calendar.Day && strings.HasSuffix(s, "m") || strings.HasSuffix(s, "y") && part.Precision != calendar.Day {
		due = due.EndOfMonth()
	}
	if p.mark(next, ")") && strings.Contains(p.words(i, j), "(") {
		next++
	}
	part.Was, part.WasPrecision, part.Date = part.Date, part.Precision, due
	if part.Precision == calendar.Year && due.Month != 12 || part.Precision != calendar.Day && part.Precision != calendar.Year {
		part.Precision = calendar.Month
	}
	return next, []Finding{{Severity: Notice, Code: CodeSuperseded, Args: map[string]string{"was": part.Was.String(), "date": due.String()}, Text: p.words(i, next)}}
}
