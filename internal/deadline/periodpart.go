package deadline

import (
	"time"

	"jalon/internal/calendar"
)

// seasons are meteorological (Royal Meteorological Institute): three whole months.
var seasons = map[string]time.Month{"spring": time.March, "summer": time.June, "autumn": time.September, "winter": time.December}

// seasonPeriod reads a season: voorjaar 2026, été 2025. Always approximate.
func (p *parser) seasonPeriod(i int) (pd period, next int) {
	name, ok := p.value(i, "season")
	holiday, isHoliday := p.value(i, "holiday")
	if !ok && !isHoliday {
		return pd, fail
	}
	y, next := p.quarterYear(i + 1)
	missing := next == fail
	if missing {
		y, next = noYearYear, i+1
	} else if name == "winter" && p.mark(next, "-", "/") { // winter 2026-2027
		if y2, n := p.year(next + 1); n != fail && y2 == y+1 {
			next = n
		}
	}
	pd = period{approximate: true, noYear: missing, edge: "season"}
	switch {
	case isHoliday && holiday == "summer":
		pd.from, pd.until = calendar.MustDate(y, time.July, 1), calendar.MustDate(y, time.August, 31)
	case isHoliday:
		pd.from, pd.until = calendar.MustDate(y, time.December, 25), calendar.MustDate(y, time.December, 31)
	default:
		pd.from = calendar.MustDate(y, seasons[name], 1)
		pd.until = pd.from.AddMonths(2).EndOfMonth()
	}
	return pd, next
}

// edgePeriod reads the end, beginning or middle of a period: eind juni 2025,
// fin du 1er semestre 2026, begin 2026, mi-mars 2025.
func (p *parser) edgePeriod(i int) (pd period, next int) {
	edge, ok := p.value(i, "edge")
	if !ok {
		return pd, fail
	}
	j := p.of(i + 1)
	whole := period{}
	next = fail
	for _, rule := range []func(int) (period, int){p.weekPeriod, p.quarterPeriod, p.monthPeriod, p.seasonPeriod, p.yearPeriod, p.partOfPeriod} {
		if q, n := rule(j); n > next {
			whole, next = q, n
		}
	}
	if next == fail || whole.impossible {
		return pd, fail
	}
	pd = edgeOf(edge, whole)
	pd.notes = whole.notes
	return pd, next
}

// edgeOf gives the convention for the vague words around a period. The end of a
// year is approximate because people say it of the last weeks; the end of a
// shorter period is its last day.
func edgeOf(edge string, whole period) period {
	pd := period{from: whole.from, until: whole.until, precision: whole.precision, noYear: whole.noYear, edge: edge}
	switch edge {
	case "end":
		pd.point, pd.approximate = true, whole.precision == calendar.Year || whole.approximate
	case "begin":
		pd.approximate, pd.precision = true, ""
		switch whole.precision {
		case calendar.Year:
			pd.until = whole.from.AddMonths(2).EndOfMonth()
		case calendar.Half:
			pd.until = whole.from.AddMonths(1).EndOfMonth()
		case calendar.Quarter:
			pd.until = whole.from.EndOfMonth()
		case calendar.Month:
			pd.until = whole.from.AddDays(9)
		default:
			pd.until = whole.from.AddDays(2)
		}
	case "mid":
		pd.point, pd.approximate = true, true
		switch whole.precision {
		case calendar.Year:
			pd.until, pd.precision = calendar.MustDate(whole.from.Year, time.June, 30), calendar.Half
		case calendar.Half:
			pd.until, pd.precision = whole.from.AddMonths(2).EndOfMonth(), calendar.Quarter
		case calendar.Month:
			pd.until, pd.precision = whole.from.AddDays(14), calendar.Day
		default:
			middle := int(whole.until.Time().Sub(whole.from.Time()).Hours()) / 48
			pd.until, pd.precision = whole.from.AddDays(middle), calendar.Day
		}
		pd.from, _ = pd.precision.Period(pd.until)
	}
	return pd
}

// edgeDay reads a first or last day within a period: de laatste werkdag van
// maart 2025, le premier lundi de juin 2026.
func (p *parser) edgeDay(i int) (pd period, next int) {
	k, kind, j := p.nthDay(i)
	if j == fail {
		return pd, fail
	}
	j = p.of(j)
	whole, next := p.quarterPeriod(j)
	for _, rule := range []func(int) (period, int){p.monthPeriod, p.yearPeriod} {
		if q, n := rule(j); n > next {
			whole, next = q, n
		}
	}
	if next == fail || whole.noYear {
		return pd, fail
	}
	d, ok := nthIn(whole.from, whole.until, k, kind)
	if !ok {
		return period{impossible: true}, next
	}
	return spanPeriod(d, calendar.Day), next
}

// nthDay reads which day: laatste werkdag, 1er lundi, dernier jour.
func (p *parser) nthDay(i int) (k int, kind string, next int) {
	k, next = p.ordinal(i)
	if next == fail {
		return 0, "", fail
	}
	if w, ok := p.value(next, "weekday"); ok {
		return k, w, next + 1
	}
	if p.has(next, "unit", "wd") {
		return k, "wd", next + 1
	}
	if p.has(next, "unit", "d") {
		if p.has(next+1, "unit", "wd") { // "dernier jour ouvrable" is one form; this is "laatste dag werkdag"
			return k, "wd", next + 2
		}
		return k, "d", next + 1
	}
	return 0, "", fail
}

// nthIn gives the k-th day of a kind (d, wd, mon…) between two days; negative k counts from the end.
func nthIn(from, until calendar.Date, k int, kind string) (calendar.Date, bool) {
	return nthWith(calendar.BrusselsDays, from, until, k, kind)
}

func nthWith(days calendar.WorkingDays, from, until calendar.Date, k int, kind string) (calendar.Date, bool) {
	d, step := from, 1
	if k < 0 {
		d, step, k = until, -1, -k
	}
	for ; !d.Before(from) && !d.After(until); d = d.AddDays(step) {
		if kind == "d" || kind == weekdays[d.Weekday()] || kind == "wd" && days.IsWorkingDay(d) {
			if k--; k == 0 {
				return d, true
			}
		}
	}
	return calendar.Date{}, false
}

// partOfPeriod reads part of a longer period: de eerste helft van maart 2025,
// la dernière semaine de juin 2025, la première quinzaine de mars 2025, het laatste kwartaal van het jaar 2025,
// les trois premiers mois de 2026.
func (p *parser) partOfPeriod(i int) (pd period, next int) {
	k, count, unit, j := p.nthUnits(i)
	if j == fail {
		return pd, fail
	}
	j = p.of(j)
	whole, next := p.quarterPeriod(j)
	for _, rule := range []func(int) (period, int){p.monthPeriod, p.yearPeriod} {
		if q, n := rule(j); n > next {
			whole, next = q, n
		}
	}
	if next == fail {
		return pd, fail
	}
	if unit == "2w" && whole.precision == calendar.Month { // the first fifteen days, or what follows them
		unit, count = "d", 15
		if k == 2 || k == -1 {
			k, count = -1, whole.until.Day-15
		}
	}
	if unit == "2w" || unit == "wd" {
		return pd, fail
	}
	pd, ok := slice(whole, k, count, unit)
	if !ok {
		return period{impossible: true}, next
	}
	pd.noYear = whole.noYear
	return pd, next
}

// nthUnits reads which units: de eerste zes maanden, les six premiers mois, de
// tweede helft, jaar 2.
func (p *parser) nthUnits(i int) (k, count int, unit string, next int) {
	count = 1
	j := i
	if n, m := p.number(j); m != fail && n > 0 { // les six premiers mois
		if _, o := p.ordinal(m); o != fail {
			count, j = n, m
		}
	}
	k, next = p.ordinal(j)
	if next == fail {
		return 0, 0, "", fail
	}
	if n, m := p.number(next); m != fail && n > 0 && j == i { // de eerste zes maanden
		count, next = n, m
	}
	if p.is(next, "helft") {
		return k, count, "half", next + 1
	}
	unit, next = p.unit(next)
	if next == fail || count > 120 {
		return 0, 0, "", fail
	}
	return k, count, unit, next
}

// slice cuts count units, the k-th or last, out of a period.
func slice(whole period, k, count int, unit string) (period, bool) {
	pd := period{approximate: unit == "half" || unit == "w"}
	months := unitMonths[unit] * count
	switch {
	case unit == "half":
		middle := whole.from.AddDays((int(whole.until.Time().Sub(whole.from.Time()).Hours())/24 + 1) / 2)
		if whole.precision == calendar.Year {
			middle = whole.from.AddMonths(6)
		}
		pd.from, pd.until = whole.from, middle.AddDays(-1)
		if k != 1 {
			pd.from, pd.until = middle, whole.until
		}
	case months > 0 && k > 0:
		pd.from = whole.from.AddMonths((k - 1) * months)
		pd.until = pd.from.AddMonths(months).AddDays(-1)
	case months > 0:
		pd.from, pd.until = whole.until.AddDays(1).AddMonths(-months), whole.until
	case unit == "w" || unit == "d":
		days := map[string]int{"w": 7, "d": 1}[unit] * count
		pd.from, pd.until = whole.until.AddDays(1-days), whole.until
		if k > 0 {
			pd.from = whole.from.AddDays(days * (k - 1))
			pd.until = pd.from.AddDays(days - 1)
		}
	default:
		return pd, false
	}
	if pd.from.Before(whole.from) || pd.until.After(whole.until) || k == 0 {
		return pd, false
	}
	for _, pr := range []calendar.Precision{calendar.Month, calendar.Quarter, calendar.Half} {
		if f, u := pr.Period(pd.from); f == pd.from && u == pd.until && !pd.approximate {
			pd.precision = pr
		}
	}
	return pd, true
}
