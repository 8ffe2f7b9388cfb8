package deadline

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"jalon/internal/calendar"
)

// recurrence collects what is said about something that comes back, in any
// order: how often, at least or at most, on which days, in which months, from
// when until when, for what.
type recurrence struct {
	count, maximum, interval int
	unit                     string // letter of unitLetters, "" until known
	alternative              string // second meaning of an ambiguous word
	explicit                 bool   // the count was said, not implied by "jaarlijks"
	min, max                 bool
	on                       []string
	months                   []int
	limits                   limits
	purpose                  string
	circa                    bool
	anyOf                    bool   // one of the pins is enough: in mei of juni
	span                     bool   // the months are a stretch: van mei tot september
	implied                  string // unit that "elke vrijdag" means when no other is said
}

// recurring reads everything that comes back.
func (p *parser) recurring(i int) match {
	var r recurrence
	j, next := i, fail
	if l, n := p.limit(i); n != fail && !l.impossible && !l.isZero() { // vanaf 2026, om de twee jaar
		r.limits, j = l, n
		if p.mark(j, ":") {
			j++
		}
	} else if l, n := p.heading(i); n != fail {
		r.limits, j = l, n
	} else if l, n := p.yearsAhead(i); n != fail {
		r.limits, j = l, n
	}
	for j < min(len(p.items), i+8*maxRun) {
		k := j
		for p.mark(k, ",", "(", ":") && k < j+1 || k == j+1 && p.mark(j, ",") && p.mark(k, "(") || j > i && p.is(k, "and") && !p.is(k, "exact", "min") && k < j+3 {
			k++
		}
		before := r
		n := p.recurrenceItem(&r, k, j > i)
		if n == fail && p.mark(j, ";", "-") && r.unit != "" { // maandelijks; uiterlijk op de 5e
			n = p.pinsApart(&r, j+1)
		}
		if n == fail {
			n = p.dayOfNoMonth(&r, k)
		}
		if n == fail {
			break
		}
		if p.mark(j, "(") || k > j && p.mark(k-1, "(") {
			for end := n + 4; n < end && !p.mark(n, ")"); { // (in het eerste kwartaal van het jaar, vanaf 2026)
				m := p.ofUnit(&r, n)
				if p.mark(n, ",") {
					m = p.recurrenceLimit(&r, n+1)
				}
				if m == fail {
					break
				}
				n = m
			}
			if !p.mark(n, ")") {
				r = before
				break
			}
			n++
		}
		j = n
		if r.explicit && r.unit == "" && (len(r.months) > 0 || hasMonth(r.on)) {
			r.unit = "y" // "één keer voor 31 maart": every year
		}
		if (r.unit != "" || r.implied != "") && !r.isEmpty() {
			next = n
		}
	}
	if next == fail {
		return match{next: fail}
	}
	if r.unit == "" {
		if monthly, weekly, ok := r.everyNthWeekday(); ok {
			return p.ambiguous(i, next, []Part{monthly}, []Part{weekly})
		}
		r.setEvery(1, r.implied)
	}
	if each, once, n := p.yearOfWhich(r, next); n != fail {
		return p.ambiguous(i, n, each, once)
	}
	return p.recurrenceMatch(r, i, next)
}

// yearOfWhich gives both meanings of "jaarlijks op 30 juni en 30 september 2026":
// the year is that of the last day, or of all of them.
func (p *parser) yearOfWhich(r recurrence, i int) (each, once []Part, next int) {
	if p.mark(i, ",", ":") {
		i++
	}
	m, j := p.prefix(i)
	list, next := p.periods(j)
	if r.unit != "y" || len(r.on) > 0 || len(r.months) > 0 || next == fail || len(list) < 2 {
		return nil, nil, fail
	}
	pinned, last := r, len(list)-1
	for _, pd := range list {
		if pd.precision != calendar.Day || pd.edge != "" || pd.impossible {
			return nil, nil, fail
		}
		day := pd.from
		if m.before {
			day = dayBefore(day)
		}
		pinned.on = append(pinned.on, fmt.Sprintf("%02d-%02d", day.Month, day.Day))
	}
	pinned.on = pinned.on[:last]
	yearly, fits := pinned.part()
	alone, bare := r.part()
	if !fits || !bare {
		return nil, nil, fail
	}
	return []Part{yearly, m.part(list[last])}, append([]Part{alone}, m.parts(list)...), next
}

// dayOfNoMonth reads a day of the month behind so many times a year, which does
// not say in which months: twee keer per jaar, op de 15e van de maand. It is no
// second recurrence, but a question.
func (p *parser) dayOfNoMonth(r *recurrence, i int) (next int) {
	if r.unit != "y" || len(r.on) > 0 || len(r.months) > 0 {
		return fail
	}
	var day recurrence
	n := p.pins(&day, i)
	if n == fail || day.implied != "" || p.is(p.skip(n, "van", "in"), "every") {
		return fail
	}
	if next = p.ofUnit(&day, n); next == fail || day.unit != "m" {
		return fail
	}
	r.limits.notes = slices.Concat(r.limits.notes, []Finding{{Severity: Question, Code: CodeNotUnderstood, Text: p.words(i, next)}})
	return next
}

// everyNthWeekday gives both meanings of "elke tweede vrijdag": that of each
// month, and every other Friday.
func (r recurrence) everyNthWeekday() (monthly, weekly Part, ok bool) {
	if len(r.on) != 1 || r.limits.impossible {
		return monthly, weekly, false
	}
	k, weekday, _ := parseNth(r.on[0])
	if k < 2 || !isWeekday(weekday) {
		return monthly, weekly, false
	}
	r.setEvery(1, "m")
	monthly, inMonth := r.part()
	r.on = []string{weekday}
	r.setEvery(k, "w")
	weekly, inWeeks := r.part()
	return monthly, weekly, inMonth && inWeeks
}

// pinsApart reads pins that a semicolon or dash sets apart; they must fit, and
// not be a part by themselves: driemaandelijks; maart en september 2026.
func (p *parser) pinsApart(r *recurrence, i int) int {
	try := *r
	n := p.pins(&try, i)
	if n == fail || p.part(i).next >= n {
		return fail
	}
	if _, ok := try.part(); !ok || !try.pinned() || !p.clauseEnds(n) {
		return fail
	}
	*r = try
	return n
}

func (r recurrence) isEmpty() bool {
	return r.count == 0 && r.interval == 0 && len(r.on) == 0 && len(r.months) == 0
}

// recurrenceItem reads one thing about the recurrence, or fails; what was said
// before is never said again.
func (p *parser) recurrenceItem(r *recurrence, i int, later bool) (next int) {
	try := *r
	rules := []func(*recurrence, int) int{p.bounded, p.frequency, p.timesPer, p.everyUnit, p.pins, p.monthSpan, p.ofUnit}
	if later {
		rules = append(rules, p.monthsLeftOut, p.recurrenceLimit, p.recurrencePurpose)
	}
	next = fail
	for _, rule := range rules {
		attempt := *r
		if n := rule(&attempt, i); n > next && attempt.pinned() {
			try, next = attempt, n
		}
	}
	*r = try
	return next
}

// pinned reports whether days stand in a unit that has them once: no quarter has
// "the Friday", and no year or week "the 15th".
func (r recurrence) pinned() bool {
	for _, pin := range r.on {
		_, err := strconv.Atoi(pin)
		if isWeekday(pin) && r.unit != "" && r.unit != "w" || err == nil && (r.unit == "y" || r.unit == "w" || r.unit == "d" || r.unit == "wd") {
			return false
		}
	}
	return true
}

func hasMonth(on []string) bool {
	for _, pin := range on {
		if _, _, nth := parseNth(pin); !nth && strings.Contains(pin, "-") {
			return true
		}
	}
	return false
}

// recurrenceLimit reads vanaf 2026, tot einde mandaat.
func (p *parser) recurrenceLimit(r *recurrence, i int) int {
	if p.is(i, "between") && p.is(i-1, "and") { // maandelijks, en tussen 1 maart en 30 juni 2026 iets anders
		return fail
	}
	l, n := p.limit(i)
	if n == fail {
		l, n = p.throughout(i, (r.unit != "" || r.explicit) && len(r.on) == 0 && len(r.months) == 0)
	}
	if n != fail && r.unit == "" && r.explicit && r.count > 1 && l.until == l.from.AddMonths(12).AddDays(-1) {
		r.unit = "y" // twee keer in 2026
	}
	if n == fail || l.impossible || r.limits.clashes(l) {
		return fail
	}
	notes := slices.Concat(r.limits.notes, l.notes)
	if r.limits.isZero() {
		r.limits = l
	}
	r.limits.notes = notes
	if !l.from.IsZero() || l.fromAnchor != "" {
		r.limits.from, r.limits.fromAnchor = l.from, l.fromAnchor
	}
	if !l.until.IsZero() || l.untilAnchor != "" {
		r.limits.until, r.limits.untilAnchor = l.until, l.untilAnchor
	}
	return n
}

// recurrencePurpose reads what it is for: voor de algemene vergaderingen.
func (p *parser) recurrencePurpose(r *recurrence, i int) int {
	if r.purpose != "" || r.unit == "" {
		return fail
	}
	slug, next := p.purpose(i)
	if next != fail {
		r.purpose = slug
	}
	return next
}

// recurrenceMatch makes the part.
func (p *parser) recurrenceMatch(r recurrence, i, next int) match {
	if r.limits.impossible {
		return p.impossible(i, next)
	}
	part, ok := r.part()
	if !ok {
		return match{next: fail}
	}
	part.Span = p.span(i, next)
	if r.alternative != "" {
		other := r
		other.count, other.interval = 0, 0
		other.setFrequency(r.alternative)
		second, ok := other.part()
		if !ok {
			return match{parts: []Part{part}, findings: r.limits.notes, next: next}
		}
		return p.ambiguous(i, next, []Part{part}, []Part{second})
	}
	return match{parts: []Part{part}, findings: r.limits.notes, next: next}
}

// part makes the part of a recurrence; false when its pins do not fit its unit.
func (r recurrence) part() (Part, bool) {
	if r.unit == "w" && r.interval == 0 && r.count == 0 {
		r.interval = 1
	}
	for _, pin := range r.on {
		if !r.has(pin) {
			return Part{}, false
		}
	}
	dated := hasMonth(r.on)
	for _, pin := range r.on { // "de 5e/elke vrijdag" are no two days of one thing
		if isWeekday(pin) != isWeekday(r.on[0]) {
			return Part{}, false
		}
	}
	switch {
	case dated && r.unit != "y" && !(r.unit == "m" && r.interval > 0 || r.unit == "h"):
		return Part{}, false
	case (dated || len(r.months) > 0) && r.unit == "y" && r.interval == 0 && !r.explicit && r.count <= 2:
		if n := len(r.on); r.span {
			r.count = max(r.count, 1)
		} else if r.anyOf {
			r.count = 1
		} else if r.count == 2 && n+len(r.months) == 1 { // halfjaarlijks in juni: a person says which
		} else if n > 0 {
			r.count = n * max(1, len(r.months))
		} else if !contiguous(r.months) {
			r.count = len(r.months)
		} else if r.count == 0 {
			r.count = 1
		}
	case len(r.on) > 1 && !isWeekday(r.on[0]) && r.interval == 1 && r.unit == "m":
		r.count, r.interval = len(r.on), 0
	case len(r.on) > 1 && isWeekday(r.on[0]) && r.interval == 1 && r.unit == "w":
		r.count, r.interval = len(r.on), 0
	case !dated && r.unit == "y" && r.count <= 1 && len(r.on) > 0:
		if _, _, nth := parseNth(r.on[0]); !nth {
			return Part{}, false
		}
	}
	if r.unit == "" || r.isEmpty() || r.unit == "mand" && len(r.on) > 0 {
		return Part{}, false
	}
	if (r.min || r.max) && r.interval == 3 && r.unit == "m" && len(r.on) == 0 {
		r.count, r.interval, r.unit = 1, 0, "q" // "minstens elk kwartaal" is a count
	}
	part := Part{
		Kind: Periodic, Count: r.count, Maximum: r.maximum, Interval: r.interval, Per: unitNames[r.unit],
		Minimum: r.min, AtMost: r.max, On: r.on, Months: r.months, Purpose: r.purpose, Approximate: r.circa,
	}
	if part.Interval > 0 {
		part.Count = 0
	}
	r.limits.set(&part)
	part.Approximate = part.Approximate || r.limits.circa
	part.RRule = part.rule()
	return part, true
}

// has reports whether a period of the recurrence can have the n-th day of a
// kind: no month has an eighth Friday, no week a second one.
func (r recurrence) has(pin string) bool {
	n, kind, nth := parseNth(pin)
	if !nth || n < 0 {
		return true
	}
	switch r.unit {
	case "d", "wd":
		return false
	case "w":
		return n <= max(1, r.interval)*map[string]int{"wd": 5, "d": 7}[kind] || n == 1
	case "m":
		return r.interval > 1 || n <= 5 || !isWeekday(kind)
	}
	return len(r.months) == 0 || n <= 5 || !isWeekday(kind)
}

func contiguous(months []int) bool {
	for i := 1; i < len(months); i++ {
		if months[i] != months[i-1]+1 {
			return false
		}
	}
	return len(months) > 2 || len(months) == 1
}

func monthOf(m int) time.Month { return time.Month(m) }
