package deadline

import (
	"slices"
	"strconv"
	"strings"
)

// contradicts reports a recurrence that its own bounds, months or days do not
// fit: yearly in december 2026, every three months in June and December, monthly
// on 1 May, twice a month on the first Monday.
func (p Part) contradicts() bool {
	step := unitMonths[unitLetters[p.Per]] * max(1, p.Interval)
	switch {
	case p.Kind != Periodic:
		return false
	case p.Per == "month" && p.Interval == 0 && p.Count > 1 && len(p.On) > 0 && p.Count != len(p.On):
		return true
	case step == 0:
		return false
	case !p.From.IsZero() && !p.Until.IsZero() && p.From.AddMonths(step).AddDays(-1).After(p.Until):
		return true
	case hasMonth(p.On) && p.Count > 1 && p.Count != len(p.On), p.Count == 2 && len(p.Months) == 1 && p.Per == "year":
		return true
	}
	months := p.Months
	if p.Interval > 0 || p.Per != "year" {
		months = slices.Concat(months, monthsOf(p.On))
	}
	if len(months) == 0 || 12%step != 0 || step == 1 && !hasMonth(p.On) {
		return false
	}
	met := map[int]bool{} // the periods of a year that have one of the months
	for _, m := range months {
		if p.Interval > 0 && (m-months[0])%step != 0 {
			return true
		}
		met[(m-1)/step] = true
	}
	return len(met) != 12/step
}

// monthsOf gives the months of days of the year.
func monthsOf(on []string) (months []int) {
	for _, pin := range on {
		if month, _, dated := strings.Cut(pin, "-"); dated && hasMonth([]string{pin}) {
			m, _ := strconv.Atoi(month)
			months = append(months, m)
		}
	}
	return months
}

// contradictsIn reports words that were understood and contradict themselves.
func (r Reading) contradictsIn(words string) bool {
	return slices.ContainsFunc(r.Parts, func(p Part) bool { return p.contradicts() && r.words(p) == words })
}
