package deadline

import (
	"fmt"
	"time"

	"jalon/internal/calendar"
)

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
		_, year := p.year(n)
		if _, month := p.month(i); year != fail || month != fail { // tegen het einde van het jaar 2026, van de maand maart
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
	if n == fail || attempt.alternative != "" {
		return fail // the end of which of the two is not said
	}
	r.count, r.interval, r.unit = attempt.count, attempt.interval, attempt.unit
	return p.edgeOfEvery(r, edge, n)
}

// edgeOfEvery pins the end, beginning or middle of the recurrence's own unit.
func (p *parser) edgeOfEvery(r *recurrence, edge string, next int) int {
	if len(r.on) > 0 {
		return fail
	}
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
