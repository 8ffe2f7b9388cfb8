package deadline

import (
	"slices"
	"strconv"
	"strings"

	"jalon/internal/calendar"
)

// Shift says where a day that falls on a closing day moves to.
type Shift string

// Shifts. The empty shift is ToPrevious: reporting early is never late.
const (
	ToPrevious Shift = "previous"
	ToNext     Shift = "next"
	Stay       Shift = "none"
)

// Occurrence is a recorded event, or a date entered for an external calendar.
type Occurrence struct {
	ID          string // of the record, given back in the duty
	Title       string
	From, Until calendar.Date // Until zero = one day
}

// Horizon is what duties are computed for: those due from From to Until, both
// included. Unknown mandate dates are zero: what hangs on them is then not owed
// yet. Continuous and recurring duties begin and end with the mandate.
type Horizon struct {
	From, Until              calendar.Date
	MandateBegin, MandateEnd calendar.Date
	Shift                    Shift
	Days                     *calendar.WorkingDays // nil = the Brussels administrations
	Occurrences              []Occurrence          // of this target's events, for event, relative and external parts
	AfterDays                int                   // days to answer after an event that says "after" alone; 0 = 30
}

// Reason says in a code and its args why a duty exists.
type Reason struct {
	Code string            `json:"code"`
	Args map[string]string `json:"args,omitempty"`
}

// Codes of reasons.
const (
	ReasonDate       = "date"       // args date, precision
	ReasonWindow     = "window"     // args from, until
	ReasonHalfYear   = "half_year"  // continuous: args period
	ReasonCount      = "count"      // args nth, count, per, year
	ReasonRecurrence = "recurrence" // args date; moved when the day was a closing day
	ReasonMilestone  = "milestone"  // args name
	ReasonMandate    = "mandate"    // args point
	ReasonBefore     = "before"     // args title
	ReasonAfter      = "after"      // args title
	ReasonAt         = "at"         // args title
	ReasonExternal   = "external"   // args title
	ReasonRelative   = "relative"   // args offset, anchor
	ReasonAsSoon     = "as_soon"    // args title
)

// Reasons lists every code of a reason, for the catalogues.
var Reasons = []string{
	ReasonDate, ReasonWindow, ReasonHalfYear, ReasonCount, ReasonRecurrence, ReasonMilestone, ReasonMandate, ReasonBefore,
	ReasonAfter, ReasonAt, ReasonExternal, ReasonRelative, ReasonAsSoon,
}

// Duty is one thing owed. It can be done from From on, is expected by Due, and
// is late from the day after Late. Late equals Due, except where a count per
// period still fits: "twice a year" is at risk after June with nothing, late
// only after December.
type Duty struct {
	From   calendar.Date `json:"from,omitzero"`
	Due    calendar.Date `json:"due"`
	Late   calendar.Date `json:"late"`
	Reason Reason        `json:"reason"`
	Part   int           `json:"part"`            // index of the part in the reading
	Event  string        `json:"event,omitempty"` // ID of the occurrence
	// Optional duties are not owed: at most so often, as it happens.
	Optional bool `json:"optional,omitempty"`
}

// maxDuties bounds what one part may owe in one horizon (daily for a decade).
const maxDuties = 4000

// Duties gives what is owed within the horizon, ordered by due date. A reading
// that is ambiguous or refused owes nothing until a person has chosen.
func (r Reading) Duties(h Horizon) []Duty {
	var out []Duty
	if h.From.IsZero() || h.Until.IsZero() || h.Until.Before(h.From) {
		return nil
	}
	for i := range r.Parts {
		for _, d := range r.begun(i, h).duties(h) {
			if d.Due.Before(h.From) || d.Due.After(h.Until) {
				continue
			}
			d.Part = i
			if d.Late.IsZero() {
				d.Late = d.Due
			}
			out = append(out, d)
		}
	}
	slices.SortStableFunc(out, func(a, b Duty) int { return a.Due.Compare(b.Due) })
	return out
}

func (h Horizon) days() calendar.WorkingDays {
	if h.Days != nil {
		return *h.Days
	}
	return calendar.BrusselsDays
}

// shift moves a day off closing days.
func (h Horizon) shift(d calendar.Date) calendar.Date {
	switch h.Shift {
	case Stay:
		return d
	case ToNext:
		return h.days().Next(d)
	}
	return h.days().Previous(d)
}

// day resolves a date or an anchor of the mandate.
func (h Horizon) day(d calendar.Date, a Anchor) (calendar.Date, bool) {
	if a != "" {
		return a.resolve(h.MandateBegin, h.MandateEnd, h.days())
	}
	return d, !d.IsZero()
}

func (p Part) duties(h Horizon) []Duty {
	switch p.Kind {
	case Fixed:
		return p.fixedDuties(h)
	case Window:
		from, _ := h.day(p.From, p.FromAnchor)
		until, ok := h.day(p.Until, p.UntilAnchor)
		if !ok {
			return nil
		}
		return []Duty{{From: from, Due: until, Reason: reason(ReasonWindow, "from", from.String(), "until", until.String())}}
	case Milestones:
		var out []Duty
		for _, s := range p.Steps {
			from, _ := s.Precision.Period(s.Date)
			out = append(out, Duty{From: from, Due: s.Date, Reason: reason(ReasonMilestone, "name", s.Name)})
		}
		return out
	case MandateBegin, MandateMid, MandateEnd:
		due, ok := h.day(calendar.Date{}, map[Kind]Anchor{MandateBegin: Begin, MandateMid: Middle, MandateEnd: End}[p.Kind])
		if !ok {
			return nil
		}
		return []Duty{{From: h.MandateBegin, Due: due, Reason: reason(ReasonMandate, "point", string(p.Kind))}}
	case Continuous:
		return p.continuousDuties(h)
	case Periodic:
		return p.periodicDuties(h)
	case Relative:
		return p.relativeDuties(h)
	case Event, External:
		return p.eventDuties(h)
	}
	return nil
}

func reason(code string, pairs ...string) Reason {
	r := Reason{Code: code}
	for i := 0; i+1 < len(pairs); i += 2 {
		if r.Args == nil {
			r.Args = map[string]string{}
		}
		r.Args[pairs[i]] = pairs[i+1]
	}
	return r
}

// fixedDuties gives the one duty of a date: open from the first day of the
// named period, or for a single day from the start of its half-year.
func (p Part) fixedDuties(h Horizon) []Duty {
	due, ok := h.day(p.Date, p.UntilAnchor)
	if !ok {
		return nil
	}
	from, _ := p.Precision.Period(due)
	if from == due {
		from = calendar.HalfYearOf(due).Start()
	}
	if !h.MandateBegin.IsZero() && from.Before(h.MandateBegin) && !due.Before(h.MandateBegin) {
		from = h.MandateBegin
	}
	return []Duty{{From: from, Due: due, Reason: reason(ReasonDate, "date", due.String(), "precision", string(p.Precision))}}
}

// span gives the days within the horizon on which a continuous or recurring
// part is owed, reaching back to the start of the period the horizon begins in.
func (p Part) span(h Horizon) (from, until calendar.Date, ok bool) {
	from, until = h.From.AddMonths(-12*max(1, p.years())), h.Until.AddMonths(12*max(1, p.years()))
	narrow := func(d calendar.Date, a Anchor, start bool) bool {
		if d.IsZero() && a == "" {
			return true
		}
		day, known := h.day(d, a)
		if !known { // no bound yet; what follows an end that is unknown is not owed yet either
			return !start || !strings.HasPrefix(string(a), string(End))
		}
		if start && day.After(from) {
			from = day
		} else if !start && day.Before(until) {
			until = day
		}
		return true
	}
	narrow(h.MandateBegin, "", true)
	narrow(h.MandateEnd, "", false)
	begun := narrow(p.From, p.FromAnchor, true)
	narrow(p.Until, p.UntilAnchor, false)
	return from, until, begun && !until.Before(from)
}

// years gives how many years one period of the recurrence takes, at least 1.
func (p Part) years() int {
	months := unitMonths[unitLetters[p.Per]] * max(1, p.Interval)
	return max(1, (months+11)/12)
}

// continuousDuties gives one report for each half-year that is touched.
func (p Part) continuousDuties(h Horizon) []Duty {
	from, until, ok := p.span(h)
	if !ok {
		return nil
	}
	first, last := from, until // a long mandate has many more than are asked for
	if h.From.After(first) {
		first = h.From
	}
	if h.Until.Before(last) {
		last = h.Until
	}
	var out []Duty
	for half := calendar.HalfYearOf(first); !half.Start().After(last); half = half.Next() {
		d := Duty{From: half.Start(), Due: half.End(), Reason: reason(ReasonHalfYear, "period", half.String())}
		if d.From.Before(from) {
			d.From = from
		}
		if d.Due.After(until) {
			d.Due = until
		}
		out = append(out, d)
	}
	return out
}

// relativeDuties gives the duty of a stretch from the mandate, or from each
// recorded event.
func (p Part) relativeDuties(h Horizon) []Duty {
	if p.FromAnchor != "" {
		at, ok := h.day(calendar.Date{}, p.FromAnchor)
		if !ok {
			return nil
		}
		due, _ := move(at, p.Offset, h.days())
		from := at
		if due.Before(at) {
			from = h.MandateBegin
		}
		return []Duty{{From: from, Due: due, Reason: reason(ReasonRelative, "offset", p.Offset, "anchor", string(p.FromAnchor))}}
	}
	var out []Duty
	for _, o := range p.occurrences(h) {
		before := strings.HasPrefix(p.Offset, "-")
		at := o.last()
		if before {
			at = o.From
		}
		due, ok := move(at, p.Offset, h.days())
		if !ok {
			continue
		}
		code, from := ReasonAfter, at
		if before {
			code, from = ReasonBefore, calendar.Date{}
		}
		out = append(out, Duty{From: from, Due: due, Event: o.ID, Reason: reason(code, "title", o.Title)})
	}
	return out
}

func (o Occurrence) last() calendar.Date {
	if o.Until.IsZero() {
		return o.From
	}
	return o.Until
}

// eventDuties gives what each recorded event opens: before it by the day
// before or by its lead, after it within its delay.
func (p Part) eventDuties(h Horizon) []Duty {
	var out []Duty
	for _, o := range p.occurrences(h) {
		add := func(code string, from, due calendar.Date) {
			out = append(out, Duty{From: from, Due: due, Event: o.ID, Reason: reason(code, "title", o.Title)})
		}
		if p.Kind == External {
			add(ReasonExternal, calendar.Date{}, o.last())
			continue
		}
		lead, delay := "-1d", strconv.Itoa(cmpOr(h.AfterDays, 30))+"d"
		if p.Offset != "" {
			lead, delay = "-"+p.Offset, p.Offset
		}
		for _, t := range p.Timing {
			switch t {
			case "before":
				if due, ok := move(o.From, lead, h.days()); ok {
					add(ReasonBefore, calendar.Date{}, due)
				}
			case "after":
				if due, ok := move(o.last(), delay, h.days()); ok {
					add(ReasonAfter, o.last(), due)
				}
			case "as_soon":
				if due, ok := move(o.last(), delay, h.days()); ok {
					add(ReasonAsSoon, o.last(), due)
				}
			default:
				add(ReasonAt, o.From, o.last())
			}
		}
	}
	return out
}

func cmpOr(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
}
