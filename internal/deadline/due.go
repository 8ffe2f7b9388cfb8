package deadline

import "jalon/internal/calendar"

// Due gives the last fixed date after which a target that is not achieved is
// late: of dates, windows, milestones and the end of the mandate. It is false
// when the target is never late, or when the dates it hangs on are not known.
func (r Reading) Due(mandateEnd calendar.Date) (calendar.Date, bool) {
	return r.DueWithin(Horizon{MandateEnd: mandateEnd})
}

// DueWithin is Due for a mandate whose first day is known too.
func (r Reading) DueWithin(h Horizon) (due calendar.Date, ok bool) {
	for _, p := range r.Parts {
		switch p.Kind {
		case Fixed, Window, Milestones, MandateBegin, MandateMid, MandateEnd:
		case Relative:
			if p.FromAnchor == "" {
				continue
			}
		default:
			continue
		}
		for _, d := range p.duties(h) {
			if !ok || d.Due.After(due) {
				due, ok = d.Due, true
			}
		}
	}
	return due, ok
}

// OwedFrom gives the first day on which something is owed: the first day of a
// continuous or recurring part that has one. Zero is always.
func (r Reading) OwedFrom() (from calendar.Date) {
	for i, p := range r.Parts {
		var own calendar.Date
		switch p.Kind {
		case AsNeeded, Conditional, None, Undetermined, AsSoon:
			continue
		case Continuous, Periodic:
			own = p.From
		}
		if own.IsZero() {
			return own
		}
		if i == 0 || from.IsZero() || own.Before(from) {
			from = own
		}
	}
	return from
}
