package deadline

import (
	"fmt"
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
	implied                  string // unit that "elke vrijdag" means when no other is said
}

// recurring reads everything that comes back.
func (p *parser) recurring(i int) match {
	var r recurrence
	j, next := i, fail
	for j < min(len(p.items), i+8*maxRun) {
		k := j
		for p.mark(k, ",", "(", ":") && k < j+1 || j > i && p.is(k, "and") && !p.is(k, "exact", "min") && k < j+3 {
			k++
		}
		n := p.recurrenceItem(&r, k, j > i)
		if n == fail {
			break
		}
		if p.mark(j, "(") {
			if !p.mark(n, ")") {
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
		r.setEvery(1, r.implied)
	}
	return p.recurrenceMatch(r, i, next)
}

func (r recurrence) isEmpty() bool {
	return r.count == 0 && r.interval == 0 && len(r.on) == 0 && len(r.months) == 0
}

// recurrenceItem reads one thing about the recurrence, or fails; what was said
// before is never said again.
func (p *parser) recurrenceItem(r *recurrence, i int, later bool) (next int) {
	try := *r
	rules := []func(*recurrence, int) int{p.bounded, p.frequency, p.timesPer, p.everyUnit, p.pins, p.ofUnit}
	if later {
		rules = append(rules, p.recurrenceLimit, p.recurrencePurpose)
	}
	next = fail
	for _, rule := range rules {
		attempt := *r
		if n := rule(&attempt, i); n > next {
			try, next = attempt, n
		}
	}
	*r = try
	return next
}

// bounded reads ten minste, maximaal, precies, ongeveer.
func (p *parser) bounded(r *recurrence, i int) int {
	switch {
	case p.is(i, "min") && !r.min && !r.max:
		r.min = true
	case p.is(i, "max") && !r.min && !r.max:
		r.max = true
	case p.is(i, "circa"):
		r.circa = true
	case p.is(i, "exact"):
	default:
		return fail
	}
	return i + 1
}

// frequency reads one word for it: jaarlijks, trimestriel, bimensuel.
func (p *parser) frequency(r *recurrence, i int) int {
	if p.is(i, "art") || p.has(i, "num", "1") { // een jaarlijkse evaluatie
		i++
	}
	if p.is(i, "thing") { // évaluation annuelle
		i++
	}
	v, ok := p.value(i, "freq")
	if !ok || r.unit != "" && !(r.count > 0 && r.explicit) {
		return fail
	}
	v, alternative, _ := strings.Cut(v, " ~ ")
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
	r.alternative = alternative
	i++
	return p.skip(i, "thing")
}

// setFrequency reads the notation "=2/y" or "every 3m".
func (r *recurrence) setFrequency(v string) {
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
	between := p.is(i, "between") // tussen twee en vier keer; minimum 2 en maximum 4 keer
	fromMin := p.is(i, "min")
	if between || fromMin {
		i++
	}
	n, j := p.number(i)
	if j == fail || n < 1 || n > 366 {
		return fail
	}
	upper := 0
	if fromMin {
		k := p.skip(j, "and", "times")
		m, next := p.number(k + 1)
		if !p.is(k, "max") || next == fail || m <= n || m > 366 {
			return fail
		}
		upper, j = m, next
	} else if between && p.is(j, "and") || p.is(j, "until", "au", "or") || p.mark(j, "-", "/") {
		if m, k := p.number(p.skip(j+1, "au")); k != fail && m > n && m <= 366 {
			upper, j = m, k
		}
	}
	written := j
	if p.is(j, "and") && p.is(j+1, "max", "min") {
		j++
	}
	if p.is(j, "min") && !r.min && !r.max {
		r.min = true
		j++
	} else if p.is(j, "max") && !r.min && !r.max {
		r.max = true
		j++
	}
	counted := p.is(j, "times", "thing") || p.single(i)
	k := p.skip(j, "times", "thing")
	bounded := p.is(k, "min", "max") && !r.min && !r.max
	if bounded {
		r.min, r.max = p.is(k, "min"), p.is(k, "max")
		k++
	}
	if r.unit != "" { // "jaarlijks, twee keer"
		if !counted {
			return fail
		}
		r.count, r.maximum, r.interval, r.explicit = n, upper, 0, true
		return k
	}
	if multiple, m := p.perUnit(k); m != fail && (counted || p.is(written, "every")) {
		return p.setTimes(r, n, upper, multiple, m)
	}
	if v, ok := p.value(k, "freq"); ok && counted { // "twee keer jaarlijks", "deux fois par an"
		var f recurrence
		f.setFrequency(strings.Split(v, " ~ ")[0])
		if f.unit == "m" && f.interval == 3 { // één keer per kwartaal
			f.interval, f.unit = 1, "q"
		}
		if f.count == 1 || f.interval >= 1 {
			return p.setTimes(r, n, upper, stretch(max(1, f.interval), f.unit), k+1)
		}
		if f.unit == "y" && f.count == 2 { // "drie keer per semester"
			return p.setTimes(r, n, upper, "1h", k+1)
		}
		return fail
	}
	if !counted || !p.is(k-1, "times") && !p.single(i) {
		return fail
	}
	r.count, r.maximum, r.explicit = n, upper, true
	return k
}

// single reports whether the number's own word says "times": tweemaal, eenmaal.
func (p *parser) single(i int) bool { return strings.HasSuffix(p.word(i), "maal") }

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
	if !p.is(j, "every") && !p.is(j, "in", "on", "au", "during") && !(p.is(j, "art") && p.has(j+1, "unit", "y")) {
		return "", fail
	}
	j = p.skip(j, "every", "in", "on", "au", "art", "during")
	n, k := p.number(j)
	if k == fail {
		n, k = 1, j
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
	}
	factor := 1
	if p.is(i, "other") {
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
		}
	}
	u, next := p.unit(k)
	if next == fail || n < 1 || n > 400 {
		return fail
	}
	r.setEvery(n*factor, u)
	return next
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
	r.unit = u
	if u == "y" && n == 1 || u == "mand" {
		r.count = 1
	} else if u == "h" {
		r.count, r.unit = 2, "y"
	} else {
		r.interval = n
	}
}

// ofUnit reads the whole that pins belong to: van elke maand, de chaque année,
// du mois, van het jaar.
func (p *parser) ofUnit(r *recurrence, i int) int {
	if r.unit != "" || len(r.on) == 0 && len(r.months) == 0 {
		return fail
	}
	j := p.skip(i, "van", "in")
	if v, ok := p.value(j, "freq"); ok && j > i {
		f := recurrence{}
		f.setFrequency(v)
		if len(r.on) > 0 || f.unit == "y" {
			r.count, r.interval, r.unit = f.count, f.interval, f.unit
			return j + 1
		}
	}
	if p.is(j, "every") {
		return p.everyUnit(r, j)
	}
	j = p.skip(j, "art")
	if u, next := p.unit(j); next != fail && j > i && (u == "m" && !hasMonth(r.on) && len(r.months) == 0 || u == "y" || u == "w" || u == "q") {
		if _, n := p.year(next); n == fail {
			r.setEvery(1, u)
			return next
		}
	}
	return fail
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
	l, n := p.limit(i)
	if n == fail {
		l, n = p.throughout(i, (r.unit != "" || r.explicit) && len(r.on) == 0 && len(r.months) == 0)
	}
	if n != fail && r.unit == "" && r.explicit && r.count > 1 && l.until == l.from.AddMonths(12).AddDays(-1) {
		r.unit = "y" // twee keer in 2026
	}
	if n == fail || l.impossible || !r.limits.from.IsZero() && !l.from.IsZero() || r.limits.fromAnchor != "" ||
		!r.limits.until.IsZero() && !l.until.IsZero() {
		return fail
	}
	if r.limits.isZero() {
		r.limits = l
		return n
	}
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

// pins reads days and months without a year: op 15 maart en 15 september, de
// eerste maandag, op de 15e, in juni en december, uiterlijk 31 maart.
func (p *parser) pins(r *recurrence, i int) int {
	if len(r.on) > 0 || len(r.months) > 0 {
		return fail
	}
	j, before := p.pinPrefix(i)
	edge, hasEdge := p.value(j, "edge")
	if hasEdge {
		if n := p.edgePin(r, edge, p.of(j+1), before); n != fail {
			return n
		}
	}
	next := fail
	for {
		n := p.pin(r, j, j > i || r.unit != "", before)
		if n == fail {
			break
		}
		next = n
		j = n
		for j < n+maxRun && (p.mark(j, ",", "/", "+") || p.is(j, "and", "or")) {
			j++
		}
		if j == n || len(r.on) > 31 || len(r.months) > 12 {
			break
		}
		j, _ = p.pinPrefix(j)
	}
	if len(r.on) > 0 && len(r.months) > 0 {
		return fail
	}
	for k := i; k < j && next != fail; k++ {
		if p.is(k, "every") {
			r.implied = impliedUnit(r)
		}
	}
	return next
}

// impliedUnit gives the unit of pins after "elke": a weekday comes back every
// week, a date every year, a day of the month every month.
func impliedUnit(r *recurrence) string {
	switch {
	case len(r.months) > 0 || hasMonth(r.on):
		return "y"
	case isWeekday(r.on[0]):
		return "w"
	}
	return "m"
}

func (p *parser) pinPrefix(i int) (next int, before bool) {
	for end := i + maxRun; i < end && p.is(i, "by", "before", "on", "in", "during", "art", "au", "circa", "every"); {
		before = before || p.is(i, "before")
		if p.is(i, "every") && !p.pinAhead(i+1) {
			break
		}
		i++
	}
	return i, before
}

// pinAhead reports whether a day follows "elke" or "tous les": elke eerste
// maandag, chaque 31 mars, elke maandag.
func (p *parser) pinAhead(i int) bool {
	if p.is(i, "weekday", "season") {
		return true
	}
	if _, _, n := p.nthDay(i); n != fail {
		return true
	}
	if i < len(p.items) && (p.items[i].kind == ordinalToken || p.items[i].kind == dateToken) {
		return true
	}
	if _, n := p.month(i); n != fail {
		return true
	}
	if n, k := p.dayNumber(i); k != fail && n <= 31 { // tous les 15 du mois, chaque 31 mars
		if _, m := p.month(k); m != fail {
			return true
		}
		if u, m := p.unit(p.skip(k, "van", "art")); m != fail && m > k+1 && u == "m" {
			return true
		}
	}
	return false
}

// pin reads one day or month.
func (p *parser) pin(r *recurrence, i int, introduced, before bool) int {
	if pd, n := p.dayPeriod(i); n != fail && !pd.impossible && pd.noYear {
		d := pd.from
		if before {
			d = d.AddDays(-1)
		}
		r.on = append(r.on, fmt.Sprintf("%02d-%02d", d.Month, d.Day))
		return n
	}
	if pd, n := p.edgeDayPin(i); n != fail {
		r.on = append(r.on, pd)
		return n
	}
	if k, kind, n := p.nthDay(i); n != fail && nthNames[k] != "" {
		r.on = append(r.on, nthNames[k]+"-"+kind)
		return n
	}
	if w, ok := p.value(i, "weekday"); ok && introduced {
		r.on = append(r.on, w)
		return i + 1
	}
	for _, rule := range []func(int) (period, int){p.quarterPeriod, p.monthPeriod, p.seasonPeriod} {
		pd, n := rule(i)
		if n == fail || !pd.noYear {
			continue
		}
		r.circa = r.circa || pd.approximate
		if before {
			d := pd.from.AddDays(-1)
			r.on = append(r.on, fmt.Sprintf("%02d-%02d", d.Month, d.Day))
			return n
		}
		for d := pd.from; d.Before(pd.until); d = d.AddMonths(1) {
			r.months = append(r.months, int(d.Month))
		}
		return n
	}
	if !introduced {
		return fail
	}
	if n, next := p.dayNumber(i); next != fail && n <= 31 && !p.is(next, "times", "thing", "percent") && !p.mark(next, "%") {
		if before { // "vóór de 5e" is by the 4th
			if n--; n == 0 {
				r.on = append(r.on, "last-d")
				return next
			}
		}
		if p.has(next, "unit", "d") {
			return p.accept(&r.on, n, next+1)
		}
		if _, k := p.unit(next); k == fail && !p.is(next, "month") {
			return p.accept(&r.on, n, next)
		}
	}
	return fail
}

func (p *parser) accept(on *[]string, day, next int) int {
	*on = append(*on, strconv.Itoa(day))
	return next
}

// edgeDayPin reads the last day of a named month: de laatste dag van maart.
func (p *parser) edgeDayPin(i int) (pin string, next int) {
	k, kind, j := p.nthDay(i)
	if j == fail || kind != "d" {
		return "", fail
	}
	m, next := p.month(p.of(j))
	if next == fail {
		return "", fail
	}
	if _, n := p.year(next); n != fail {
		return "", fail
	}
	month := calendar.Date{Year: noYearYear - 1, Month: monthOf(m), Day: 1}
	d, ok := nthIn(month, month.EndOfMonth(), k, "d")
	if !ok {
		return "", fail
	}
	return fmt.Sprintf("%02d-%02d", d.Month, d.Day), next
}

// edgePin reads the end or beginning of each unit: het einde van elk kwartaal,
// à la fin de chaque mois, eind maart.
func (p *parser) edgePin(r *recurrence, edge string, i int, before bool) int {
	for _, rule := range []func(int) (period, int){p.monthPeriod, p.quarterPeriod, p.seasonPeriod} {
		pd, n := rule(i)
		if n == fail || !pd.noYear {
			continue
		}
		e := edgeOf(edge, pd)
		r.circa = r.circa || e.approximate
		if edge == "begin" && !before {
			for d := e.from; !d.After(e.until); d = d.AddMonths(1) {
				r.months = append(r.months, int(d.Month))
			}
			return n
		}
		d := e.until
		if edge == "begin" {
			d = e.from.AddDays(-1)
		}
		if d.Month == time.February && d.Day == 29 {
			d.Day = 28
		}
		r.on = append(r.on, fmt.Sprintf("%02d-%02d", d.Month, d.Day))
		return n
	}
	if r.unit != "" {
		u, n := p.unit(i)
		if n == fail || u != r.unit {
			return fail
		}
		return p.edgeOfEvery(r, edge, n)
	}
	attempt := recurrence{}
	n := fail
	if v, ok := p.value(i, "freq"); ok {
		attempt.setFrequency(v)
		n = i + 1
	} else if p.is(i, "every") {
		n = p.everyUnit(&attempt, i)
	}
	if n == fail {
		return fail
	}
	r.count, r.interval, r.unit = attempt.count, attempt.interval, attempt.unit
	return p.edgeOfEvery(r, edge, n)
}

// edgeOfEvery pins the end, beginning or middle of the recurrence's own unit.
func (p *parser) edgeOfEvery(r *recurrence, edge string, next int) int {
	switch {
	case r.unit == "y" && r.count == 2: // every half-year
		switch edge {
		case "end":
			r.on = []string{"06-30", "12-31"}
		case "begin":
			r.months = []int{1, 7}
		default:
			return fail
		}
	case r.unit == "y":
		switch edge {
		case "end":
			r.on = []string{"12-31"}
		case "begin":
			r.months, r.circa = []int{1, 2, 3}, true
		default:
			r.on, r.circa = []string{"06-30"}, true
		}
	case edge == "end":
		r.on = []string{"last-d"}
	case edge == "begin":
		r.on, r.circa = []string{"1st-d"}, true
	case r.unit == "m" && r.interval == 1:
		r.on, r.circa = []string{"15"}, true
	default:
		return fail
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
	dated := hasMonth(r.on)
	switch {
	case dated && r.unit != "y" && !(r.unit == "m" && r.interval > 0 || r.unit == "h"):
		return Part{}, false
	case (dated || len(r.months) > 0) && r.unit == "y" && r.interval == 0 && !r.explicit && r.count <= 2:
		if n := len(r.on); n > 0 {
			r.count = n
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

func contiguous(months []int) bool {
	for i := 1; i < len(months); i++ {
		if months[i] != months[i-1]+1 {
			return false
		}
	}
	return len(months) > 2 || len(months) == 1
}

func monthOf(m int) time.Month { return time.Month(m) }
