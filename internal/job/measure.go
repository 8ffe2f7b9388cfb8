package job

import (
	"cmp"
	"net/url"
	"slices"

	"jalon/internal/access"
	"jalon/internal/calendar"
	"jalon/internal/locale"
	"jalon/internal/store"
)

// measureDue is a measure about an indicator of which its owner is reminded. It
// holds no figure: that of a small group is hidden from some who read the mail.
type measureDue struct {
	Mandate, Indicator string // codes
	Due                calendar.Date
	Late               bool
}

// measures gives the measures about indicators of a mandate of which somebody is
// to be reminded today: their owner, or the holder for an owner who does not
// answer for the indicator any more.
func (d day) measures(m mandateDuties, to store.Answerable, covers map[office]access.Cover) (due []measureDue) {
	for _, n := range d.Noted {
		if n.MandateID != m.ID {
			continue
		}
		for _, one := range n.Open(d.Today) {
			theirs := one.OwnerID == to.PersonID
			if !hasIndicator(covers[office{one.OwnerID, m.ID}], n) {
				theirs = to.Role == access.Holder
			}
			if last := one.Due(); theirs && d.turns(last, last) {
				due = append(due, measureDue{m.Code, n.Code, last, last.Before(d.Today)})
			}
		}
	}
	slices.SortStableFunc(due, func(a, b measureDue) int { return a.Due.Compare(b.Due) })
	return due
}

// hasIndicator reports whether an indicator is of a part of a mandate: one that
// belongs to no objective is only of the whole.
func hasIndicator(part access.Cover, n store.NotedIndicator) bool {
	return part.Whole || n.Target != "" && part.Has(n.Target) || n.Objective != "" && part.Has(n.Objective)
}

// noted puts what is done about indicators in a fixed order.
func noted(byID map[int64]store.NotedIndicator, today calendar.Date) (all []store.NotedIndicator) {
	for _, n := range byID {
		if len(n.Open(today)) > 0 {
			all = append(all, n)
		}
	}
	slices.SortFunc(all, func(a, b store.NotedIndicator) int {
		return cmp.Or(cmp.Compare(a.MandateID, b.MandateID), cmp.Compare(a.Code, b.Code))
	})
	return all
}

// addMeasures adds a line for each measure, and one link for each indicator.
func (w writer) addMeasures(l *letter, p *locale.Printer, due []measureDue) {
	for _, m := range due {
		key := "mail.digest.measure"
		if m.Late {
			key = "mail.digest.measure_late"
		}
		l.Counts = append(l.Counts, p.T(key, "Code", m.Indicator, "Mandate", m.Mandate, "Date", p.Date(m.Due)))
		to := link{
			p.T("mail.digest.measures", "Code", m.Indicator, "Mandate", m.Mandate),
			w.url(p, "/mandates/"+url.PathEscape(m.Mandate)+"/indicators/"+url.PathEscape(m.Indicator)+"/measures"),
		}
		if !slices.Contains(l.Links, to) {
			l.Links = append(l.Links, to)
		}
	}
}
