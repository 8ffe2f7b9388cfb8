package deadline

import (
	"strings"

	"jalon/internal/calendar"
)

// mode says how a stretch of time binds.
type mode struct {
	by, soft, before, after, in, circa bool
	close                              bool // at the close of: à l'issue de, au terme de
	once                               bool // één keer in
}

// prefix reads the words before a date: uiterlijk op, tegen, vóór, in de loop van.
func (p *parser) prefix(i int) (m mode, next int) {
	hard := false
	defer func() { m.soft = m.soft || m.by && !hard }() // a label such as "deadline:" binds softly
	for end := i + maxRun; i < min(end, len(p.items)); {
		switch {
		case p.has(i, "by", "soft") && strings.ContainsAny(p.words(i, i+1), "óÓ"): // gepland vóór
			m.before = true
		case p.is(i, "by"):
			m.by, m.soft = true, m.soft || p.has(i, "by", "soft")
			hard = hard || p.has(i, "by", "hard")
			if p.mark(i+1, ":") {
				i++
			}
		case p.is(i, "before"):
			m.before = true
		case p.is(i, "during", "in") && !m.before:
			m.in = true
		case p.is(i, "within") && !m.before:
			m.in, hard = true, hard || p.has(i, "within", "hard")
			m.by = m.by || p.has(i, "within", "hard")
		case p.is(i, "after") && !p.is(i, "from"):
			m.after, m.close = true, p.has(i, "after", "close")
		case p.is(i, "at") && p.is(p.skip(i+1, "art"), "edge", "mandateend", "mandatebegin", "mandatemid"):
		case p.is(i, "circa"):
			m.circa = true
		case p.has(i, "num", "1") && p.is(i+1, "times"): // één keer in 2026
			m.once = true
			i++
		case p.is(i, "on", "art", "au", "filler", "exact"), m.before && p.is(i, "van"):
		default:
			return m, i
		}
		i++
	}
	return m, i
}

// dated reads a date with its preposition and what it replaced.
func (p *parser) dated(i int) match {
	start := i
	if p.is(i, "formerly") {
		start++
	}
	m, j := p.prefix(start)
	periods, next := p.periods(j)
	if next == fail {
		return match{next: fail}
	}
	if pd := periods[0]; pd.evaluation && (m.before || m.after) || m.once && pd.fromAnchor == Begin && pd.untilAnchor == End {
		return match{next: fail} // an event of its own; one of a count
	}
	out := match{next: next}
	if more, n := p.laterYears(next, periods[0].from.Year); n != fail && len(periods) == 1 && periods[0].recurs() {
		each, alone := periods, periods
		for _, y := range more {
			each, alone = append(each, periods[0].inYear(y)), append(alone, spanPeriod(calendar.Date{Year: y, Month: 1, Day: 1}, calendar.Year))
		}
		if periods[0].precision != calendar.Day {
			return p.ambiguous(i, n, m.parts(each), m.parts(alone))
		}
		periods, next = each, n
	} else if more, n := p.likewise(next, m, periods); n != fail {
		periods, next = more, n
	}
	next = p.suffix(&m, next)
	for _, pd := range periods {
		if pd.outOfRange {
			return match{refused: "date out of range", next: next, findings: []Finding{{Severity: Refused, Code: CodeOutOfRange, Text: p.words(i, next)}}}
		}
		if pd.impossible {
			return p.impossible(i, next)
		}
		if gloss, n := p.gloss(next, pd); n != fail {
			next = n
			pd = gloss
		}
		part := m.part(pd)
		out.findings = append(out.findings, pd.notes...)
		out.parts = append(out.parts, part)
	}
	if len(periods) == 1 && p.is(next, "onwards") && !m.by && !m.before && !periods[0].isMandate() { // 2025 en volgende jaren
		out.parts[0] = Part{Kind: Continuous, From: periods[0].from, Approximate: periods[0].approximate}
		next++
	} else if len(periods) == 1 {
		var extra []Finding
		next, extra = p.superseded(next, &out.parts[0])
		if next == fail {
			return p.impossible(i, len(p.items))
		}
		out.findings = append(out.findings, extra...)
	}
	if start > i && out.parts[0].Was.IsZero() {
		return match{next: fail} // what it was, without what it is
	}
	for k := range out.parts {
		out.parts[k].Span = p.span(i, next)
	}
	out.next = next
	return out
}

// laterYears reads the years in which a date comes back: 30 juni 2026, 2027 en 2028.
func (p *parser) laterYears(i, after int) (years []int, next int) {
	next = fail
	for len(years) < 12 && (p.mark(i, ",", "/") || p.is(i, "and")) {
		y, n := p.year(p.skip(i+1, "van"))
		if n == fail || y <= after {
			break
		}
		after = y
		years, i = append(years, y), n
		if n >= len(p.items) || p.mark(n, ",", ";", ")", "\n") || p.is(n, "and") {
			next = n
		} else {
			return nil, fail
		}
	}
	return years, next
}

// recurs reports whether the same period of another year makes sense: a day, a
// month, a quarter, a summer, not a year or a vague part of one.
func (pd period) recurs() bool {
	if pd.isMandate() || pd.impossible || pd.precision == calendar.Year || pd.precision == calendar.Week {
		return false
	}
	return pd.edge == "season" || pd.precision != "" && (pd.edge == "" || pd.edge == "end" && pd.precision == calendar.Month)
}

// inYear gives the same period of another year.
func (pd period) inYear(y int) period {
	months := 12 * (y - pd.from.Year)
	moved := pd
	moved.from, moved.until, moved.notes = pd.from.AddMonths(months), pd.until.AddMonths(months), nil
	if pd.until == pd.until.EndOfMonth() && pd.precision != calendar.Day {
		moved.until = moved.until.EndOfMonth()
	}
	moved.impossible = moved.from.Day != pd.from.Day
	return moved
}

// likewise reads the periods that share the words before the first: in 2025 en
// 2026, begin juni 2025 en juni 2026, vóór 1 juli 2025 en 1 juli 2026.
func (p *parser) likewise(i int, m mode, first []period) (list []period, next int) {
	if len(first) != 1 || !m.in && !m.before && first[0].edge == "" || first[0].isMandate() {
		return nil, fail
	}
	next = fail
	for all := first; len(all) < 24 && (p.mark(i, ",") || p.is(i, "and")); {
		whole, n := p.period(p.skip(i+1, "van", "art"))
		if n == fail || whole.noYear || whole.impossible || !p.clauseEnds(n) && !p.mark(n, ",") && !p.is(n, "and") {
			break
		}
		pd, alike := first[0].alike(whole)
		if !alike {
			break
		}
		all = append(all, pd)
		if p.is(i, "and") { // commas alone join other things too
			list, next = all, n
		}
		i = n
	}
	return list, next
}

// alike cuts from another period what this one is of its own: the end of a year
// from a year.
func (pd period) alike(whole period) (period, bool) {
	if pd.precision == "" && pd.edge == "" || whole.edge != "" || whole.precision == "" || whole.isMandate() {
		return whole, false
	}
	if pd.edge == "" {
		return whole, whole.precision == pd.precision
	}
	own := edgeOf(pd.edge, spanPeriod(pd.from, whole.precision))
	return edgeOf(pd.edge, whole), own.from == pd.from && own.until == pd.until && own.precision == pd.precision
}

// parts makes a part of each period.
func (m mode) parts(list []period) (out []Part) {
	for _, pd := range list {
		out = append(out, m.part(pd))
	}
	return out
}

func (p *parser) impossible(i, next int) match {
	next = min(next, len(p.items))
	return match{refused: "no such date", next: next, findings: []Finding{{Severity: Refused, Code: CodeImpossible, Text: p.words(i, next)}}}
}

// binds reports a hard bound, or a label that says the same: deadline, klaar.
func (p *parser) binds(i int) bool { return p.has(i, "by", "hard") || p.has(i, "by", "label") }

// suffix reads a bound that follows its date: "31 december 2025 ten laatste".
func (p *parser) suffix(m *mode, i int) int {
	j := i
	if p.mark(j, ",") {
		j++
	}
	if p.binds(j) && !p.mark(j+1, ":") {
		if _, n := p.prefix(j); n < len(p.items) && !p.mark(n, ",", ";", ")", "-", "\n") && !p.is(n, "and") {
			return i // the bound belongs to what follows
		}
		m.by = true
		return j + 1
	}
	if p.is(j, "inclusive") && !p.mark(i, ",") {
		return j + 1
	}
	if p.is(j, "or") && p.is(j+1, "before") && p.end(j+2) { // ou avant
		return j + 2
	}
	if circa, n := p.remark(i); n != fail {
		m.circa = m.circa || circa
		return n
	}
	return i
}

// remark reads what is said of a date behind it, and whether that makes it less
// precise: (indicatief), - indicatif, (streefdatum).
func (p *parser) remark(i int) (circa bool, next int) {
	if !p.mark(i, "(", ",", "-") {
		return false, fail
	}
	circa, next = p.is(i+1, "circa"), i+2
	switch {
	case p.mark(i, "(") && p.mark(next, ")") && (circa || p.binds(i+1)):
		return circa, next + 1
	case !p.mark(i, "(") && circa && (next >= len(p.items) || p.mark(next, ",", ";", ")")):
		return circa, next
	}
	return false, fail
}

// gloss reads the period that a date stands for, in brackets: "31/12/2025 (december 2025)".
func (p *parser) gloss(i int, day period) (pd period, next int) {
	if day.precision != calendar.Day || !p.mark(i, "(") {
		return pd, fail
	}
	pd, next = p.period(i + 1)
	if next == fail || !p.mark(next, ")") || pd.until != day.until || pd.isMandate() || pd.edge != "" {
		return pd, fail
	}
	pd.point = true // the day itself was given
	return pd, next + 1
}

// periods reads one stretch of time, or several that share a year: "15 maart
// en 15 september 2025".
func (p *parser) periods(i int) (list []period, next int) {
	if list, next = p.fractions(i); next != fail {
		return list, next
	}
	pd, next := p.periodInList(i)
	if next == fail {
		return nil, fail
	}
	list = append(list, pd)
	for list[len(list)-1].noYear {
		j := next
		for j < next+maxRun && (p.mark(j, ",", "/", "+") || p.is(j, "and", "or", "art", "on")) {
			j++
		}
		pd, n := p.periodInList(j)
		if n == fail || j == next || len(list) > 24 || pd.isMandate() {
			return nil, fail
		}
		list, next = append(list, pd), n
	}
	year := list[len(list)-1].until.Year
	for k := range list {
		if list[k].noYear {
			list[k] = list[k].in(year)
		}
	}
	return list, next
}

// periodInList reads a stretch of time, or a day that leaves its month to those
// behind it.
func (p *parser) periodInList(i int) (pd period, next int) {
	if pd, next = p.period(i); next == fail {
		pd, next, _ = p.dayOfSharedMonth(i)
	}
	return pd, next
}

// dayOfSharedMonth reads the first day of 15 en 30 juni, les 5, 10 et 15 mars,
// which has no year either. A comma alone does not make such a list.
func (p *parser) dayOfSharedMonth(i int) (pd period, next int, joined bool) {
	return p.dayInList(i, 10)
}

// dayInList is dayOfSharedMonth for at most so many days more.
func (p *parser) dayInList(i, more int) (pd period, next int, joined bool) {
	day, next := p.dayNumber(i)
	if next == fail || more == 0 || day > 31 || p.countsThings(i) || p.single(i) {
		return pd, fail, false
	}
	joined = p.is(next, "and")
	if !joined && !p.mark(next, ",") {
		return pd, fail, false
	}
	j := p.skip(next+1, "on", "art")
	last, n := p.dayPeriod(j)
	if n == fail || last.impossible || last.precision != calendar.Day {
		var and bool
		if last, n, and = p.dayInList(j, more-1); n == fail {
			return pd, fail, false
		}
		joined = joined || and
	}
	if !joined {
		return pd, fail, false
	}
	date, err := calendar.NewDate(noYearYear, last.from.Month, day)
	if err != nil {
		return pd, fail, false
	}
	pd = spanPeriod(date, calendar.Day)
	pd.noYear = true
	return pd, next, joined
}

// in moves a period without a year to a year, which may not have that day.
func (pd period) in(year int) period {
	day := pd.from
	pd.from, pd.until = inYear(pd.from, year), inYear(pd.until, year)
	pd.noYear, pd.impossible = false, pd.precision == calendar.Day && pd.edge == "" && pd.from.Day != day.Day
	return pd
}

// inYear moves a day to a year; the last day of February stays the last.
func inYear(d calendar.Date, year int) calendar.Date {
	if d.Month == 2 && d.Day == 29 {
		return calendar.Date{Year: year, Month: 2, Day: 1}.EndOfMonth()
	}
	d.Year = year + d.Year - noYearYear
	return d
}

// part makes the part that a stretch of time is under its preposition.
func (m mode) part(pd period) Part {
	approximate := pd.approximate || m.circa
	if pd.edge == "end" && m.by && !m.soft && !m.circa {
		approximate = false // "uiterlijk eind 2026" is a hard limit
	}
	if pd.precision == "" && pd.from == pd.until && !pd.isMandate() { // de laatste dag van februari
		pd.precision, pd.point = calendar.Day, true
	}
	if m.close && pd.isMandate() { // nothing is owed after the mandate
		m.by, m.after = true, false
	}
	switch {
	case m.after && pd.isMandate():
		return Part{Kind: Continuous, FromAnchor: pd.untilAnchor.plus("+", "1d"), Approximate: approximate}
	case m.after:
		return Part{Kind: Continuous, From: pd.until.AddDays(1), Approximate: approximate}
	case pd.isMandate():
		return m.mandatePart(pd)
	case m.before && pd.edge != "end":
		last := pd.from.AddDays(-1)
		if pd.edge == "season" && pd.from.Month == 6 {
			last = calendar.MustDate(pd.from.Year, 6, 30) // "vóór de zomer": before the summer recess
		}
		pr := pd.precision
		if pr == "" || pr == calendar.Week {
			pr = calendar.Day
		}
		return Part{Kind: Fixed, Date: last, Precision: pr, Approximate: approximate}
	case pd.point && (!m.in || m.by || m.before || pd.precision == calendar.Day || pd.edge != ""), m.by, m.before:
		return Part{Kind: Fixed, Date: pd.until, Precision: pd.dueBy(), Approximate: approximate}
	}
	return Part{Kind: Window, From: pd.from, Until: pd.until, Precision: pd.precision, Approximate: approximate}
}

// dueBy gives the precision of a period's last day; a stretch that is no named
// period ends in a month, or on a day.
func (pd period) dueBy() calendar.Precision {
	switch {
	case pd.precision != "":
		return pd.precision
	case pd.until == pd.until.EndOfMonth():
		return calendar.Month
	}
	return calendar.Day
}

func (m mode) mandatePart(pd period) Part {
	if pd.fromAnchor == pd.untilAnchor {
		if kind, ok := map[Anchor]Kind{Begin: MandateBegin, Middle: MandateMid, End: MandateEnd}[pd.untilAnchor]; ok {
			if m.before && kind != MandateEnd {
				return Part{Kind: Fixed, UntilAnchor: pd.untilAnchor.plus("-", "1d")}
			}
			return Part{Kind: kind, Approximate: pd.approximate || m.circa}
		}
	}
	whole := pd.fromAnchor == Begin && pd.untilAnchor == End
	switch {
	case m.by && pd.untilAnchor == End:
		return Part{Kind: MandateEnd, Approximate: pd.approximate || m.circa}
	case m.by, pd.point:
		return Part{Kind: Fixed, UntilAnchor: pd.untilAnchor, Approximate: pd.approximate || m.circa}
	case m.before:
		return Part{Kind: Fixed, UntilAnchor: pd.fromAnchor.plus("-", "1d")}
	case whole:
		return Part{Kind: Continuous, FromAnchor: Begin, UntilAnchor: End}
	}
	return Part{Kind: Window, FromAnchor: pd.fromAnchor, UntilAnchor: pd.untilAnchor, Approximate: pd.approximate}
}
