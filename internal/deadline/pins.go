package deadline

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"jalon/internal/calendar"
)

// pins reads days and months without a year: op 15 maart en 15 september, de
// eerste maandag, op de 15e, in juni en december, uiterlijk 31 maart.
func (p *parser) pins(r *recurrence, i int) (next int) {
	if len(r.on) > 0 || len(r.months) > 0 {
		return fail
	}
	j, before := p.pinPrefix(i)
	for k := i; k < j; k++ {
		r.circa = r.circa || p.is(k, "circa")
	}
	next = p.nthInMonths(r, j)
	if next == fail {
		next = p.pinList(r, i, j, before)
	} else if before {
		return fail
	}
	if next != fail && p.belongToYear(i, j, next) {
		return p.pinsOfYear(r, i)
	}
	for k := i; k < next; k++ {
		if !p.is(k, "every") {
			continue
		}
		if r.implied == "" {
			r.implied = impliedUnit(r)
		}
		if r.unit != "" && r.unit != "w" && (r.implied != r.unit || r.interval > 1) { // elk kwartaal en elke eerste maandag
			return fail
		}
	}
	return next
}

// belongToYear reports whether the pins from i, the first of which stands at j,
// are a part of dates that share a year behind them: maart en september 2026,
// maart-april 2026.
func (p *parser) belongToYear(i, j, next int) bool {
	if p.window(i).next > next {
		return true
	}
	list, n := p.periods(j)
	_, _, shared := p.dayOfSharedMonth(j)
	if !p.is(next, "and") || n <= next || shared {
		return false
	}
	for _, pd := range list {
		if pd.precision != list[0].precision {
			return false
		}
	}
	return true
}

// pinsOfYear reads the months of one year in which something is owed so many
// times a year, or as many days: halfjaarlijks in maart en september 2026.
func (p *parser) pinsOfYear(r *recurrence, i int) (next int) {
	j, before := p.pinPrefix(i)
	list, next := p.periods(j)
	if r.unit != "y" || before || next == fail || !r.limits.isZero() {
		return fail
	}
	r.on, r.months = nil, nil
	for _, pd := range list {
		switch {
		case pd.edge != "" || pd.from.Year != list[0].from.Year || pd.precision != list[0].precision:
			return fail
		case pd.precision == calendar.Month:
			r.months = append(r.months, int(pd.from.Month))
		case pd.precision == calendar.Day && r.count == len(list):
			r.on = append(r.on, fmt.Sprintf("%02d-%02d", pd.from.Month, pd.from.Day))
		default:
			return fail
		}
	}
	r.limits.from, r.limits.until = calendar.Year.Period(list[0].from)
	return next
}

// pinList reads the days or months that begin at j, after the words from i on.
func (p *parser) pinList(r *recurrence, i, j int, before bool) (next int) {
	next = fail
	for {
		n := fail
		if edge, ok := p.value(j, "edge"); ok {
			if n = p.edgePin(r, edge, p.of(j+1), before); n != fail && !hasMonth(r.on) {
				return n
			}
		}
		if n == fail {
			n = p.pin(r, j, j > i || r.unit != "", before)
		}
		if n == fail {
			break
		}
		next = n
		j = n
		for j < n+maxRun && (p.mark(j, ",", "/", "+") || p.is(j, "and", "or")) {
			r.anyOf = r.anyOf || p.is(j, "or") && r.count <= 1 && !p.is(j, "and")
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
	if part := p.skip(i+1, "art"); p.is(i, "within") { // dans la seconde moitié de juin
		_, n := p.partOfPeriod(part)
		if _, m := p.quarterPeriod(part); n != fail || m != fail {
			i++
		}
	}
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
	if _, n := p.nthDays(i); n != fail {
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
			d = dayBefore(d)
		}
		r.on = append(r.on, fmt.Sprintf("%02d-%02d", d.Month, d.Day))
		return n
	}
	if pd, n, _ := p.dayOfSharedMonth(i); n != fail && !before && (r.unit == "" || r.unit == "y") {
		r.on = append(r.on, fmt.Sprintf("%02d-%02d", pd.from.Month, pd.from.Day))
		return n
	}
	if pd, n := p.edgeDayPin(i); n != fail {
		r.on = append(r.on, pd)
		return n
	}
	if days, n := p.nthDays(i); n != fail {
		if before && !theDayBefore(days) {
			return fail
		}
		r.on = append(r.on, days...)
		return n
	}
	if w, ok := p.value(i, "weekday"); ok && introduced {
		r.on = append(r.on, w)
		return i + 1
	}
	for _, rule := range []func(int) (period, int){p.partOfPeriod, p.quarterPeriod, p.monthPeriod, p.seasonPeriod} {
		pd, n := rule(i)
		if n == fail || !pd.noYear || pd.impossible {
			continue
		}
		r.circa = r.circa || pd.approximate || pd.precision == "" // a part of the months that are named
		if before {
			d := dayBefore(pd.from)
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
	if n, next := p.dayNumber(i); next != fail && n > 31 && p.is(next, "van") && p.ofMonth(p.skip(next, "van", "art")) { // de 32e van elke maand
		r.on, r.limits.impossible = append(r.on, strconv.Itoa(n)), true
		return next
	}
	if p.countsThings(i) {
		return fail
	}
	if n, next := p.dayNumber(i); next != fail && n <= 31 && !p.ordinalAt(next) && !p.countAt(i, next) && !p.is(next, "percent") && !p.mark(next, "%") {
		if before { // "vóór de 5e" is by the 4th
			if n--; n == 0 && !p.is(next, "month") {
				r.on = append(r.on, "last-d")
				return next
			}
		}
		if p.has(next, "unit", "d") && !p.is(next+1, "before", "after") { // "15 dagen vóór" is a length
			return p.accept(&r.on, n, next+1)
		}
		if _, k := p.unit(next); k == fail && !p.is(next, "month") {
			return p.accept(&r.on, n, next)
		}
	}
	return fail
}

// countsThings reports a number in words that is no day: maandelijks twee
// workshops, op een dinsdag.
func (p *parser) countsThings(i int) bool {
	_, ordinal := p.ordinal(i)
	return ordinal == fail && p.is(i, "num") && p.items[i].kind != numberToken && (p.has(i, "num", "1") || !p.is(i-1, "on", "art", "by", "before", "and"))
}

// countAt reports whether the number at i says how many times: driemaal, vier
// per jaar, 2 à 3 keer.
func (p *parser) countAt(i, next int) bool {
	_, _, _, n := p.counts(i)
	return p.single(i) || p.is(next, "times", "thing") || p.is(n, "times") || next < len(p.items) && p.isPer(next)
}

// nthDays reads one day by its place, or several that share their kind: de
// eerste en derde woensdag, les deuxième et quatrième mardis.
func (p *parser) nthDays(i int) (pins []string, next int) {
	var places []int
	for end := i + maxRun; i < end; {
		k, kind, n := p.nthDay(i)
		if n != fail {
			for _, k := range append(places, k) {
				if nthNames[k] == "" {
					return nil, fail
				}
				pins = append(pins, nthNames[k]+"-"+kind)
			}
			return pins, n
		}
		if k, n = p.ordinal(i); n == fail || !p.mark(n, ",", "/") && !p.is(n, "and") {
			break
		}
		places, i = append(places, k), p.skip(n+1, "art", "on")
	}
	return nil, fail
}

// theDayBefore moves the places of days to those before them: before the fifth
// working day is by the fourth. The day before a Monday has no such place.
func theDayBefore(pins []string) bool {
	for i, pin := range pins {
		k, kind, _ := parseNth(pin)
		k--
		if k == 0 {
			k = -1 // before the first day is by the last one of the month before
		}
		if isWeekday(kind) || nthNames[k] == "" {
			return false
		}
		pins[i] = nthNames[k] + "-" + kind
	}
	return true
}

// nthInMonths reads a day by its place in named months: de laatste vrijdag van
// juni, le premier lundi d'avril et d'octobre.
func (p *parser) nthInMonths(r *recurrence, i int) (next int) {
	days, n := p.nthDays(i)
	if n == fail || len(days) != 1 || strings.HasSuffix(days[0], "-d") { // the last day of a month is a date
		return fail
	}
	var months []int
	for j := p.of(n); j > n && len(months) < 12; j = p.skip(n, "and", "van", "art") {
		m, k := p.month(j)
		if k == fail {
			break
		}
		if _, y := p.year(k); y != fail {
			return fail
		}
		months, n = append(months, m), k
		if p.mark(n, ",") {
			n++
		}
	}
	if len(months) == 0 {
		return fail
	}
	r.on, r.months = days, months
	return n
}

// dayBefore gives the day before a day of any year: before 1 March is 28 February.
func dayBefore(d calendar.Date) calendar.Date {
	d = d.AddDays(-1)
	if d.Month == time.February {
		d.Day = min(d.Day, 28)
	}
	return d
}

// ordinalAt reports whether an ordinal stands at i: les deux premières années.
func (p *parser) ordinalAt(i int) bool {
	_, n := p.ordinal(i)
	return n != fail
}

// ofMonth reports whether a month as a unit stands at i.
func (p *parser) ofMonth(i int) bool {
	u, n := p.unit(i)
	return n != fail && u == "m" || p.has(i, "freq", "every 1m")
}

func (p *parser) accept(on *[]string, day, next int) int {
	*on = append(*on, strconv.Itoa(day))
	return next
}
