package deadline

import "jalon/internal/calendar"

// limits are the bounds that a continuous or recurring part may carry.
type limits struct {
	from, until             calendar.Date
	fromAnchor, untilAnchor Anchor
	notes                   []Finding
	impossible, circa       bool
}

func (l limits) isZero() bool {
	return l.from.IsZero() && l.until.IsZero() && l.fromAnchor == "" && l.untilAnchor == ""
}

// clashes reports limits of which both say the same end.
func (l limits) clashes(other limits) bool {
	begins := func(l limits) bool { return !l.from.IsZero() || l.fromAnchor != "" }
	ends := func(l limits) bool { return !l.until.IsZero() || l.untilAnchor != "" }
	return begins(l) && begins(other) || ends(l) && ends(other)
}

func (l limits) set(part *Part) {
	if !l.from.IsZero() || l.fromAnchor != "" {
		part.From, part.FromAnchor = l.from, l.fromAnchor
	}
	if !l.until.IsZero() || l.untilAnchor != "" {
		part.Until, part.UntilAnchor = l.until, l.untilAnchor
	}
}

// limit reads one bound or both: vanaf maart 2025, tot einde mandaat, van 2025
// tot 2027, in 2026.
func (p *parser) limit(i int) (l limits, next int) {
	if l, next = p.rangeLimit(i); next != fail {
		return l, next
	}
	switch {
	case p.has(i, "from", "weak") && !p.opensClause(i):
		return l, fail // "des" within a sentence is no "dès"
	case p.is(i, "from"):
		pd, n := p.boundPeriod(i + 1)
		if n == fail {
			return l, fail
		}
		l = limits{from: pd.from, fromAnchor: pd.fromAnchor, notes: pd.notes, impossible: pd.impossible}
		if p.is(n, "onwards") {
			n++
		}
		l.circa = pd.approximate
		if pd.edge == "end" {
			l.from, _ = calendar.Month.Period(pd.until)
		} else if pd.edge == "mid" {
			l.from = pd.until
		}
		return l, n
	case p.is(i, "after"):
		pd, n := p.boundPeriod(i + 1)
		if n == fail || pd.isMandate() {
			return l, fail
		}
		return limits{from: pd.until.AddDays(1), notes: pd.notes, impossible: pd.impossible, circa: pd.approximate}, n
	case p.is(i, "until"):
		pd, n := p.boundPeriod(i + 1)
		if n == fail {
			return l, fail
		}
		return limits{until: pd.until, untilAnchor: pd.untilAnchor, notes: pd.notes, impossible: pd.impossible, circa: pd.approximate}, n
	}
	return l, fail
}

func (p *parser) boundPeriod(i int) (pd period, next int) {
	j := i
	circa := false
	for j < i+maxRun && p.is(j, "art", "on", "au", "in", "until", "inclusive", "from", "circa") {
		circa = circa || p.is(j, "circa")
		j++
	}
	pd, next = p.period(j)
	pd.approximate = pd.approximate || circa
	if next == fail || pd.noYear {
		return pd, fail
	}
	if p.is(next, "inclusive") {
		next++
	}
	return pd, next
}

// rangeLimit reads two bounds: van maart tot juni 2025, du 1er mars au 30 juin 2025.
func (p *parser) rangeLimit(i int) (l limits, next int) {
	if n := p.fromEndToEnd(i); n != fail {
		return limits{fromAnchor: Begin, untilAnchor: End}, n
	}
	opened, between := p.is(i, "van", "from"), p.is(i, "between") // "1 tot 15 maart 2026" needs no opener
	a, b, next := p.pair(p.skip(i, "van", "from", "between", "art", "on"), func(k int) bool {
		if between {
			return p.is(k, "and")
		}
		return p.is(k, "until") || p.word(k) == "a" || opened && (p.is(k, "au") || p.mark(k, "-") || p.edgeWithTo(k))
	})
	if next == fail {
		return l, fail
	}
	return limits{
		from: a.from, fromAnchor: a.fromAnchor, until: b.until, untilAnchor: b.untilAnchor,
		notes: append(a.notes, b.notes...), impossible: a.impossible || b.impossible, circa: a.approximate || b.approximate,
	}, next
}

// fromEndToEnd reads the whole mandate by its ends: van begin tot einde mandaat,
// du début à la fin du mandat.
func (p *parser) fromEndToEnd(i int) int {
	j := p.skip(i, "van", "from", "art")
	if j == i || !p.has(j, "edge", "begin") {
		return fail
	}
	j = p.skip(j+1, "until", "au", "art")
	if pd, n := p.mandatePeriod(j); n != fail && pd.point && pd.fromAnchor == End {
		return n
	}
	return fail
}

// edgeWithTo reports an edge whose first word also joins: de … à la fin du mandat.
func (p *parser) edgeWithTo(i int) bool {
	return p.is(i, "edge") && p.items[i].end-p.items[i].first > 1 && p.tokens[p.items[i].first].norm == "a"
}

// pair reads two stretches of time around a word that joins them. The first
// may leave its year, or its month, to the second.
func (p *parser) pair(i int, joins func(int) bool) (a, b period, next int) {
	a, j := p.period(i)
	dayOnly := 0
	if j == fail {
		if dayOnly, j = p.dayNumber(i); j == fail {
			return a, b, fail
		}
	}
	if !joins(j) {
		n, k := p.dayNumber(i) // "1 tot 15 maart 2025": the day alone
		if k == fail || !joins(k) {
			return a, b, fail
		}
		dayOnly, j = n, k
	}
	k := p.skip(j+1, "art", "on", "au", "in", "until")
	if p.edgeWithTo(j) {
		k = j
	}
	b, next = p.period(k)
	if next == fail || b.noYear {
		return a, b, fail
	}
	if p.is(next, "inclusive") {
		next++
	}
	if dayOnly > 0 {
		if b.precision != calendar.Day || b.edge != "" {
			return a, b, fail
		}
		d, err := calendar.NewDate(b.from.Year, b.from.Month, dayOnly)
		a = spanPeriod(d, calendar.Day)
		a.impossible = err != nil
	}
	if a.noYear && b.until.IsZero() {
		return a, b, fail // "januari tot einde mandaat": of which year?
	}
	if a.noYear {
		year := b.until.Year
		if a.from.Month > b.until.Month {
			year-- // "november tot maart 2026" begins the year before
		}
		a = a.in(year)
	}
	return a, b, next
}

// continuous reads what is owed all the time: doorlopend vanaf maart 2025, en
// permanence, pendant toute la durée du mandat, vanaf 1 september 2025.
func (p *parser) continuous(i int) match {
	part := Part{Kind: Continuous}
	var findings []Finding
	j, next, seen, going := i, fail, false, fail
	if pd, n := p.period(p.skip(i, "during", "in", "art")); n != fail && p.bracketed(n) && !pd.noYear && !pd.isMandate() && !pd.impossible && pd.from != pd.until {
		part.From, part.Until, part.Approximate, findings = pd.from, pd.until, pd.approximate, pd.notes // 2026 (doorlopend)
		j, next, seen = n+3, n+3, true
	} else if l, n := p.heading(i); n != fail && p.is(n, "cont") {
		l.set(&part)
		part.Approximate, findings, j = l.circa, l.notes, n
	}
	for j < min(len(p.items), i+4*maxRun) {
		k := j
		if p.mark(k, ",") || p.is(k, "and") {
			k++
		}
		if p.is(k, "cont") {
			if p.has(k, "cont", "often") { // "regelmatig" does not say how often
				findings = append(findings, Finding{Severity: Question, Code: CodeNoDate, Text: p.words(k, k+1)})
			}
			if p.has(k, "cont", "going") {
				going = k
			}
			j, next, seen = k+1, k+1, true
			continue
		}
		l, n := p.limit(k)
		if n != fail && p.is(k, "between") && !seen && !p.is(n, "cont") { // by itself a window
			break
		}
		if n == fail {
			l, n = p.throughout(k, seen && (k == j || p.is(k, "during", "in", "art"))) // "doorlopend en maart 2026" are two things
		}
		if n == fail && p.mark(k, "(") && seen { // doorlopend (2026)
			if l, n = p.throughout(k+1, true); n != fail && p.mark(n, ")") {
				n++
			} else {
				n = fail
			}
		}
		if n == fail || l.clashes(limits{from: part.From, fromAnchor: part.FromAnchor, until: part.Until, untilAnchor: part.UntilAnchor}) {
			break
		}
		if l.impossible {
			return p.impossible(i, n)
		}
		l.set(&part)
		part.Approximate = part.Approximate || l.circa
		findings = append(findings, l.notes...)
		j, next, seen = n, n, true
	}
	if next == fail {
		return match{next: fail}
	}
	part.Span = p.span(i, next)
	if going != fail && next-i == 1 && len(p.items) > 1 { // "en cours" beside a date is more a status
		findings = append(findings, Finding{Severity: Question, Code: CodeNotUnderstood, Text: p.words(going, going+1)})
	}
	if !part.From.IsZero() && !part.Until.IsZero() && part.Until.Before(part.From) {
		findings = append(findings, Finding{Severity: Warning, Code: CodeReversed, Text: p.words(i, next)})
	}
	return match{parts: []Part{part}, findings: findings, next: next}
}

// bracketed reports "(doorlopend)" at i.
func (p *parser) bracketed(i int) bool {
	return p.mark(i, "(") && p.is(i+1, "cont") && p.mark(i+2, ")")
}

// throughout reads the whole of a period: gedurende het hele mandaat, heel
// 2025, and after "doorlopend" also "in 2025".
func (p *parser) throughout(i int, already bool) (l limits, next int) {
	j := p.skip(i, "during", "in", "van", "art")
	whole := j
	j = p.skip(j, "whole", "van", "art")
	if whole == j && !already {
		if pd, n := p.period(j); n != fail && j > i && pd.fromAnchor == Begin && pd.untilAnchor == End {
			return limits{fromAnchor: Begin, untilAnchor: End}, n
		}
		return l, fail
	}
	if already { // doorlopend 2024-2027
		if a, b, n := p.pair(j, func(k int) bool { return p.mark(k, "-", "/") || p.is(k, "until") }); n != fail && !a.isMandate() && (!b.isMandate() || b.point && b.untilAnchor == End) {
			return limits{from: a.from, until: b.until, untilAnchor: b.untilAnchor, notes: append(a.notes, b.notes...), impossible: a.impossible || b.impossible}, n
		}
	}
	pd, n := p.period(j)
	if n == fail || pd.noYear || pd.point && (pd.isMandate() || pd.edge != "") || pd.precision == calendar.Day {
		return l, fail
	}
	if p.word(n) == "door" { // heel het mandaat door
		n++
	}
	for end := n + 2*maxRun; already && n < end && p.is(n, "and"); { // doorlopend in 2025 en 2026
		more, m := p.period(p.skip(n+1, "during", "in", "art"))
		if m == fail || more.from != pd.until.AddDays(1) || more.isMandate() {
			break
		}
		pd.until, n = more.until, m
	}
	return limits{from: pd.from, until: pd.until, fromAnchor: pd.fromAnchor, untilAnchor: pd.untilAnchor, notes: pd.notes, impossible: pd.impossible}, n
}

// window reads a stretch between two dates: tussen 1 maart en 30 juni 2025,
// maart-juni 2025; and asks what "2024-2027" means.
func (p *parser) window(i int) match {
	j := p.skip(i, "art", "circa")
	circa := j > i && p.is(i, "circa")
	between := p.is(j, "between")
	during := p.is(j, "during", "in")
	k := p.skip(j, "between", "during", "in", "on", "art")
	stroke := false
	a, b, next := p.pair(k, func(m int) bool {
		stroke = p.mark(m, "/")
		return between && p.is(m, "and") || !between && (p.mark(m, "-", "/") || p.is(m, "until") && during)
	})
	if next == fail {
		a, b, next = p.hyphenated(k)
	}
	if next == fail {
		a, b, next = p.shortYears(k)
	}
	untilEnd := next != fail && !a.isMandate() && b.isMandate() && b.point && b.untilAnchor == End && !stroke
	if next == fail || (a.isMandate() || b.isMandate()) && !between && !untilEnd {
		return match{next: fail}
	}
	if untilEnd && !between && a.precision == calendar.Year && a.edge == "" { // 2025 - einde mandaat, as 2025-2029
		span := p.span(i, next)
		return p.ambiguous(i, next, []Part{{Kind: Continuous, From: a.from, UntilAnchor: End, Span: span}}, []Part{{Kind: MandateEnd, Span: span}})
	}
	if a.isMandate() || b.isMandate() {
		in := Part{Kind: Window, From: a.from, FromAnchor: a.fromAnchor, Until: b.until, UntilAnchor: b.untilAnchor, Approximate: circa, Span: p.span(i, next)}
		return match{parts: []Part{in}, findings: append(a.notes, b.notes...), next: next}
	}
	if a.impossible || b.impossible {
		return p.impossible(i, next)
	}
	if a.edge == "end" { // "eind 2025 - begin 2026" starts in the last month
		a.from, _ = calendar.Month.Period(a.until)
	}
	span := p.span(i, next)
	notes := append(a.notes, b.notes...)
	if b.until.Before(a.from) {
		return match{next: next, refused: "ends before it begins", findings: []Finding{{Severity: Refused, Code: CodeReversed, Text: p.words(i, next)}}}
	}
	continuous := Part{Kind: Continuous, From: a.from, Until: b.until, Span: span}
	if first, _ := p.period(k); stroke && !first.noYear && (a.precision != calendar.Year || b.precision != calendar.Year) { // maart 2025 / september 2025 are two dates
		return match{next: fail}
	}
	years := a.precision == calendar.Year && b.precision == calendar.Year && a.edge == "" && b.edge == ""
	switch {
	case years && during:
		return match{parts: []Part{continuous}, findings: notes, next: next}
	case years && !between:
		due := Part{Kind: Fixed, Date: b.until, Precision: calendar.Year, Span: span}
		return p.ambiguous(i, next, []Part{continuous}, []Part{due})
	}
	in := Part{Kind: Window, From: a.from, Until: b.until, Approximate: circa || a.approximate || b.approximate, Span: span}
	return match{parts: []Part{in}, findings: notes, next: next}
}

// shortYears reads two years of which the second has two figures: 2025-26.
func (p *parser) shortYears(i int) (a, b period, next int) {
	y, j := p.year(i)
	if j == fail || !p.mark(j, "-", "/") || j+1 >= len(p.items) || p.items[j+1].kind != numberToken || p.items[j+1].num <= y%100 || p.items[j+1].num > 99 ||
		p.items[j+1].token.end-p.items[j+1].start != 2 || !p.items[j+1].glued {
		return a, b, fail
	}
	year := func(y int) period { return spanPeriod(calendar.Date{Year: y, Month: 1, Day: 1}, calendar.Year) }
	return year(y), year(y - y%100 + p.items[j+1].num), j + 2
}

// hyphenated reads two months joined by a hyphen without spaces: maart-juni 2025.
func (p *parser) hyphenated(i int) (a, b period, next int) {
	m, j := p.month(i)
	if j == fail || !p.hyphenAhead(j) {
		return a, b, fail
	}
	b, next = p.monthPeriod(j)
	if next == fail || b.noYear {
		return a, b, fail
	}
	year := b.until.Year
	if m > int(b.until.Month) {
		year--
	}
	return spanPeriod(calendar.Date{Year: year, Month: monthOf(m), Day: 1}, calendar.Month), b, next
}

// hyphenAhead reports whether a hyphen alone joins the item at i to the one before it.
func (p *parser) hyphenAhead(i int) bool {
	return i > 0 && i < len(p.items) && p.text[p.items[i-1].token.end:p.items[i].token.start] == "-"
}

// ambiguous makes the match that gives all readings and asks.
func (p *parser) ambiguous(i, next int, readings ...[]Part) match {
	m := match{next: next, findings: []Finding{{Severity: Question, Code: CodeAmbiguous, Text: p.words(i, next)}}}
	for _, parts := range readings {
		for k := range parts {
			parts[k].Span = p.span(i, next)
		}
		m.alternatives = append(m.alternatives, newAlternative(parts))
	}
	return m
}
