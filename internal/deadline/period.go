package deadline

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"jalon/internal/calendar"
)

// period is a named stretch of time as written: a day, a month, "eind 2026".
type period struct {
	from, until calendar.Date
	precision   calendar.Precision
	approximate bool
	point       bool // reads as "by" without a preposition; else as a window
	edge        string
	noYear      bool // day and month known, year still missing
	impossible  bool
	outOfRange  bool
	fromAnchor  Anchor // a stretch of the mandate instead of dates
	untilAnchor Anchor
	evaluation  bool // a point of the mandate by the evaluation that marks it: before or after it is not before or after the point
	notes       []Finding
}

func (pd period) isMandate() bool { return pd.fromAnchor != "" || pd.untilAnchor != "" }

// noYearYear stands in for a year that is not written; it is a leap year.
const noYearYear = 2000

func spanPeriod(from calendar.Date, pr calendar.Precision) period {
	f, u := pr.Period(from)
	return period{from: f, until: u, precision: pr, point: pr == calendar.Day || pr == calendar.Month || pr == calendar.Year}
}

// named is what period found at a position.
type named struct {
	pd   period
	next int
}

// period reads one stretch of time at i.
func (p *parser) period(i int) (pd period, next int) {
	i = p.skip(i, "art")
	if n, known := p.named[i]; known {
		return n.pd, n.next
	}
	pd, next = p.longestPeriod(i)
	pd.notes = slices.Clip(pd.notes)
	p.named[i] = named{pd, next}
	return pd, next
}

func (p *parser) longestPeriod(i int) (pd period, next int) {
	rules := []func(int) (period, int){
		p.mandatePeriod, p.edgePeriod, p.edgeDay, p.quarterPeriod, p.partOfPeriod, p.weekPeriod, p.dayPeriod, p.monthPeriod, p.seasonPeriod, p.yearPeriod,
	}
	next = fail
	for _, rule := range rules {
		if q, n := rule(i); n > next {
			pd, next = q, n
		}
	}
	return pd, next
}

// of skips the words that link a part to its whole: "van het", "de l'", "in".
func (p *parser) of(i int) int { return p.skip(i, "van", "art", "au", "in", "during") }

// dayPeriod reads a day: 31 december 2025, le 1er juillet 2025, woensdag 15/09/2025.
func (p *parser) dayPeriod(i int) (pd period, next int) {
	start := i
	said, hasWeekday := p.value(i, "weekday")
	if hasWeekday {
		i = p.skip(i+1, "art")
	}
	if it := i; it < len(p.items) && p.items[it].kind == numberToken && p.items[it].num == 0 { // 0 januari
		if _, n := p.month(i + 1); n != fail {
			return period{impossible: true}, n
		}
	}
	day, month, year, next, notes := p.dayMonthYear(i)
	if next == fail {
		return pd, fail
	}
	if day == 0 && p.items[i].num > 0 { // 00/12/2025
		return period{impossible: true}, next
	}
	if day == 0 && (year < calendar.MinYear || year > calendar.MaxYear) {
		return period{impossible: true, outOfRange: true}, next
	}
	if day == 0 { // 09/2025
		pd = spanPeriod(calendar.Date{Year: year, Month: time.Month(month), Day: 1}, calendar.Month)
		return pd, next
	}
	if year > 0 && (year < calendar.MinYear || year > calendar.MaxYear) {
		return period{impossible: true, outOfRange: true}, next
	}
	pd.noYear = year == 0
	if pd.noYear {
		year = noYearYear
	}
	date, err := calendar.NewDate(year, time.Month(month), day)
	if err != nil {
		return period{impossible: true}, next
	}
	no := pd.noYear
	pd = spanPeriod(date, calendar.Day)
	pd.noYear, pd.notes = no, notes
	if is := weekdays[date.Weekday()]; hasWeekday && !no && is != said {
		pd.notes = append(pd.notes, Finding{Severity: Warning, Code: CodeWeekday, Args: map[string]string{"said": said, "is": is}, Text: p.words(start, next)})
	}
	return pd, next
}

var weekdays = [...]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// dayMonthYear reads the numbers of a day; year 0 is a missing year and day 0 a whole month.
func (p *parser) dayMonthYear(i int) (day, month, year, next int, notes []Finding) {
	if i >= len(p.items) {
		return 0, 0, 0, fail, nil
	}
	if it := p.items[i]; it.kind == dateToken {
		day, month, year = it.nums[0], it.nums[1], it.nums[2]
		if it.num == 2 {
			year += 2000
			notes = append(notes, Finding{Severity: Notice, Code: CodeTwoDigitYear, Args: map[string]string{"meant": strconv.Itoa(year)}, Text: it.norm})
		}
		return day, month, year, i + 1, notes
	}
	day, next = p.dayNumber(i)
	if next == fail {
		return 0, 0, 0, fail, nil
	}
	month, next = p.month(p.skip(next, "van"))
	if next == fail || p.is(i, "month") && !p.is(i-1, "art", "on", "weekday") { // sept. oct. 2026 is no seventh of October
		return 0, 0, 0, fail, nil
	}
	if y, n := p.yearBehind(next); n != fail {
		return day, month, y, n, nil
	}
	return day, month, 0, next, nil
}

// dayNumber reads the number of a day in a month: 5, 5e, vijfde, 1er.
func (p *parser) dayNumber(i int) (n, next int) {
	if n, next = p.ordinal(i); next == fail || n < 1 {
		n, next = p.number(i)
	}
	if next == fail || n < 1 || n > 99 {
		return 0, fail
	}
	return n, next
}

// monthPeriod reads a month: december 2025, mars.
func (p *parser) monthPeriod(i int) (pd period, next int) {
	m, next := p.month(i)
	if next == fail {
		return pd, fail
	}
	y, n := p.yearBehind(next)
	if n != fail && (y < calendar.MinYear || y > calendar.MaxYear) {
		return period{impossible: true, outOfRange: true}, n
	}
	missing := n == fail
	if missing {
		y, n = noYearYear, next
	}
	pd = spanPeriod(calendar.Date{Year: y, Month: time.Month(m), Day: 1}, calendar.Month)
	pd.noYear = missing
	return pd, n
}

// yearPeriod reads a year: 2025, het jaar 2025, l'année 2025.
func (p *parser) yearPeriod(i int) (pd period, next int) {
	if u, n := p.unit(i); n != fail && u == "y" {
		i = n
	}
	y, next := p.year(i)
	if next == fail {
		return pd, fail
	}
	return spanPeriod(calendar.Date{Year: y, Month: time.January, Day: 1}, calendar.Year), next
}

var fractions = map[string]calendar.Precision{"q": calendar.Quarter, "h": calendar.Half}

// quarterPeriod reads a quarter or half: Q3 2025, 1e semester 2025, second
// semestre de 2025, 2025-Q3, de laatste kwartaal van 2025. The year may be missing.
func (p *parser) quarterPeriod(i int) (pd period, next int) {
	if y, n := p.year(i); n != fail { // 2025-Q3, 2025 T3, 2025: derde kwartaal
		bracket := p.mark(n, "(")
		if bracket || p.mark(n, "-", "/", ",", ":") {
			n++
		}
		if pr, k, m := p.fraction(p.skip(n, "art")); m != fail && (!bracket || p.mark(m, ")")) {
			if bracket {
				m++
			}
			if _, own := p.quarterYear(m); own == fail { // 2025 - Q1 2026 is two stretches
				return fractionOf(y, pr, k), m
			}
		}
		return pd, fail
	}
	pr, k, next := p.fraction(i)
	if next == fail && p.has(i, "unit", "q") && i+1 < len(p.items) && p.items[i+1].kind == numberToken && p.items[i+1].glued {
		if _, n := p.year(p.of(i + 2)); n != fail {
			return period{impossible: true}, n // Q5 2025
		}
	}
	if next == fail {
		return pd, fail
	}
	if y, n := p.quarterYear(next); n != fail {
		return fractionOf(y, pr, k), n
	}
	pd = fractionOf(noYearYear, pr, k)
	pd.noYear = true
	return pd, next
}

// quarterYear reads the year behind a quarter, half or week: Q3-2025, Q3 2025,
// het derde kwartaal in 2025.
func (p *parser) quarterYear(i int) (y, next int) {
	j := i
	if p.mark(j, "-", "/") {
		j++
	}
	if y, next = p.yearBehind(p.of(j)); next == fail || y < calendar.MinYear || y > calendar.MaxYear {
		return 0, fail
	}
	return y, next
}

// fractions reads several quarters or halves of one year: het eerste en derde
// kwartaal van 2026.
func (p *parser) fractions(i int) (list []period, next int) {
	var which []int
	for i = p.skip(i, "art", "van"); len(which) < 4; {
		k, n := p.ordinal(i)
		if n == fail || !p.mark(n, ",") && !p.is(n, "and") {
			break
		}
		which, i = append(which, k), p.skip(n+1, "art", "in", "van")
	}
	last, next := p.quarterPeriod(i)
	if len(which) == 0 || next == fail || last.noYear || last.impossible {
		return nil, fail
	}
	for _, k := range which {
		if k < 1 || k > 4 || last.precision == calendar.Half && k > 2 {
			return nil, fail
		}
		list = append(list, fractionOf(last.from.Year, last.precision, k))
	}
	return append(list, last), next
}

func fractionOf(year int, pr calendar.Precision, k int) period {
	months := 3
	if pr == calendar.Half {
		months = 6
	}
	if k < 0 {
		k = 12/months + 1 + k
	}
	pd := spanPeriod(calendar.Date{Year: year, Month: time.Month((k-1)*months + 1), Day: 1}, pr)
	return pd
}

// fraction reads which quarter or half: Q3, T3, K3, S1, H2, 3e kwartaal,
// kwartaal 3, eerste helft, eerste jaarhelft.
func (p *parser) fraction(i int) (pr calendar.Precision, k, next int) {
	valid := func(u string, k int) bool {
		n := map[string]int{"q": 4, "h": 2}[u]
		return n > 0 && (k >= 1 && k <= n || k == -1)
	}
	figure := func(i int) int {
		if i < len(p.items) && p.items[i].kind == numberToken {
			return p.items[i].num
		}
		return roman[p.word(i)]
	}
	for _, u := range []string{"q", "h"} {
		if k = figure(i + 1); p.has(i, "unit", u) && valid(u, k) {
			_, dated := p.year(p.of(i + 2))
			if p.items[i].token.end-p.items[i].start > 1 || p.items[i+1].glued || dated != fail { // Q 3 says little without a year
				return fractions[u], k, i + 2
			}
		}
	}
	k, next = p.ordinal(i)
	if next == fail {
		k, next = p.number(i)
	}
	if next == fail {
		if k, next = roman[romanOrdinal(p.word(i))], i+1; k == 0 {
			return "", 0, fail
		}
	}
	if p.word(next) == "kw" && valid("q", k) { // "kw 3" is a week
		return calendar.Quarter, k, next + 1
	}
	for _, u := range []string{"q", "h"} {
		if p.has(next, "unit", u) && valid(u, k) && p.items[next].token.end-p.items[next].start > 1 {
			return fractions[u], k, next + 1
		}
	}
	if p.is(next, "helft") && valid("h", k) {
		return calendar.Half, k, next + 1
	}
	return "", 0, fail
}

// romanOrdinal takes the ending off a Roman ordinal: IIe, IIde, Ier, IIIème.
func romanOrdinal(w string) string {
	figures := strings.TrimLeft(w, "iv")
	if ordinalEndings[figures] {
		return strings.TrimSuffix(w, figures)
	}
	return w
}

// has reports whether the item at i has the symbol with this value.
func (p *parser) has(i int, s symbol, val string) bool {
	if i < 0 || i >= len(p.items) {
		return false
	}
	for _, m := range p.items[i].senses {
		if m.sym == s && m.val == val {
			return true
		}
	}
	return false
}

// weekPeriod reads an ISO week: week 12 van 2025, semaine 12 de 2025, week
// 12/2025, week van 12 mei 2025.
func (p *parser) weekPeriod(i int) (pd period, next int) {
	letter := p.has(i, "unit", "h") && p.word(i) == "s" && i+1 < len(p.items) && p.items[i+1].glued && p.items[i+1].num > 2 // S12 is a week
	if !p.has(i, "unit", "w") && !letter {
		return pd, fail
	}
	j := p.skip(i+1, "art")
	week, next, year := 0, fail, 0
	if j < len(p.items) && p.items[j].kind == dateToken && p.items[j].nums[0] == 0 { // 12/2025 reads as a month elsewhere
		week, year, next = p.items[j].nums[1], p.items[j].nums[2], j+1
	} else if n, k := p.number(j); k != fail && n >= 1 && n <= 99 {
		if y, m := p.quarterYear(k); m != fail {
			week, year, next = n, y, m
		}
	}
	if next != fail {
		monday, sunday, ok := calendar.WeekOf(year, week)
		return period{from: monday, until: sunday, precision: calendar.Week, impossible: !ok}, next
	}
	if d, n := p.dayPeriod(p.of(i + 1)); n != fail && p.of(i+1) > i+1 && !d.noYear && !d.impossible && d.precision == calendar.Day {
		w := spanPeriod(d.from, calendar.Week)
		w.notes = d.notes
		return w, n
	}
	return pd, fail
}
