package deadline

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/teambition/rrule-go"

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
	for i, p := range r.Parts {
		for _, d := range p.duties(h) {
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
		if !known { // the mandate's dates are unknown: no bound yet
			return true
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
	narrow(p.From, p.FromAnchor, true)
	narrow(p.Until, p.UntilAnchor, false)
	return from, until, !until.Before(from)
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
	var out []Duty
	for half := calendar.HalfYearOf(from); !half.Start().After(until); half = half.Next() {
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

// periodicDuties gives the duties of a recurrence.
func (p Part) periodicDuties(h Horizon) []Duty {
	from, until, ok := p.span(h)
	if !ok || p.Per == "" {
		return nil
	}
	switch {
	case len(p.On) > 0:
		return p.pinnedDuties(h, from, until)
	case p.Interval > 0:
		return p.intervalDuties(h, from, until)
	}
	return p.countedDuties(h, from, until)
}

// countedDuties gives n duties per period, each with its share of it; the
// period's own end is when they are late.
func (p Part) countedDuties(h Horizon, from, until calendar.Date) []Duty {
	var out []Duty
	for start := periodStart(from, unitLetters[p.Per], h); !start.After(until) && len(out) < maxDuties; {
		end := periodEnd(start, unitLetters[p.Per], h)
		if end.Before(start) {
			break
		}
		for k, share := range p.shares(start, end) {
			d := Duty{From: share[0], Due: share[1], Late: end, Optional: p.AtMost, Reason: reason(ReasonCount,
				"nth", strconv.Itoa(k+1), "count", strconv.Itoa(p.Count), "per", p.Per, "until", end.String())}
			if len(p.Months) > 0 {
				d.Late = d.Due
			}
			if d.Due.Before(from) || d.From.After(until) {
				continue
			}
			if d.From.Before(from) {
				d.From = from
			}
			if d.Due.After(until) {
				d.Due = until
			}
			if d.Late.After(until) {
				d.Late = until
			}
			out = append(out, d)
		}
		start = end.AddDays(1)
	}
	return out
}

// shares cuts a period into equal windows, one per duty, by whole months where
// they fit; named months are the windows themselves.
func (p Part) shares(start, end calendar.Date) [][2]calendar.Date {
	var out [][2]calendar.Date
	if len(p.Months) > 0 {
		for _, run := range runs(p.Months, p.Count) {
			first := calendar.Date{Year: start.Year, Month: time.Month(run[0]), Day: 1}
			last := calendar.Date{Year: start.Year, Month: time.Month(run[1]), Day: 1}
			out = append(out, [2]calendar.Date{first, last.EndOfMonth()})
		}
		return out
	}
	n := min(max(1, p.Count), 400)
	months := unitMonths[unitLetters[p.Per]]
	total := int(end.Time().Sub(start.Time()).Hours())/24 + 1
	edge := func(k int) calendar.Date { // first day of the k-th share
		if months > 0 && months%n == 0 {
			return start.AddMonths(k * months / n)
		}
		return start.AddDays(k * total / n)
	}
	for k := range n {
		share := [2]calendar.Date{edge(k), edge(k + 1).AddDays(-1)}
		if share[1].Before(share[0]) {
			share[1] = share[0]
		}
		out = append(out, share)
	}
	return out
}

// runs groups months into as many windows as there are duties: one duty in a
// quarter has the whole quarter, two in June and December have a month each.
func runs(months []int, count int) [][2]int {
	var out [][2]int
	for _, m := range months {
		if n := len(out); n > 0 && out[n-1][1] == m-1 && count < len(months) {
			out[n-1][1] = m
			continue
		}
		out = append(out, [2]int{m, m})
	}
	return out
}

func periodStart(d calendar.Date, unit string, h Horizon) calendar.Date {
	if unit == "mand" {
		if h.MandateBegin.IsZero() {
			return calendar.Date{Year: calendar.MaxYear + 1, Month: 1, Day: 1} // unknown: nothing owed yet
		}
		return h.MandateBegin
	}
	from, _ := precisionOf[unit].Period(d)
	return from
}

func periodEnd(start calendar.Date, unit string, h Horizon) calendar.Date {
	if unit == "mand" {
		if h.MandateEnd.IsZero() || h.MandateEnd.Before(start) {
			return start.AddDays(-1)
		}
		return h.MandateEnd
	}
	_, until := precisionOf[unit].Period(start)
	return until
}

var precisionOf = map[string]calendar.Precision{
	"d": calendar.Day, "w": calendar.Week, "m": calendar.Month, "q": calendar.Quarter, "h": calendar.Half, "y": calendar.Year,
}

// intervalDuties gives the duties of "every two months": the periods are
// counted from the part's own start, else from 1 January 2000 (weeks from
// Monday 3 January 2000), so that the answer does not depend on the horizon.
func (p Part) intervalDuties(h Horizon, from, until calendar.Date) []Duty {
	unit, k := unitLetters[p.Per], p.Interval
	if unit == "wd" {
		return p.pinnedDuties(h, from, until)
	}
	months, days := unitMonths[unit]*k, map[string]int{"d": 1, "w": 7}[unit]*k
	anchor := calendar.MustDate(2000, time.January, 1)
	if days%7 == 0 && days > 0 {
		anchor = calendar.MustDate(2000, time.January, 3)
	}
	if !p.From.IsZero() {
		anchor = p.From
	} else if own, ok := h.day(calendar.Date{}, p.FromAnchor); ok {
		anchor = own
	}
	step := func(n int) calendar.Date {
		if months > 0 {
			return anchor.AddMonths(n * months)
		}
		return anchor.AddDays(n * days)
	}
	var out []Duty
	for n := p.periodsBefore(anchor, from, months, days); len(out) < maxDuties; n++ {
		start, end := step(n), step(n+1).AddDays(-1)
		if start.After(until) {
			return out
		}
		if end.Before(from) || end.After(until) && !end.After(h.Until) {
			continue
		}
		d := Duty{From: start, Due: end, Optional: p.AtMost, Reason: reason(ReasonRecurrence, "from", start.String(), "date", end.String())}
		if d.From.Before(from) {
			d.From = from
		}
		out = append(out, d)
	}
	return out
}

// periodsBefore counts the whole periods between the anchor and a day, less one.
func (p Part) periodsBefore(anchor, d calendar.Date, months, days int) int {
	if months > 0 {
		return ((d.Year-anchor.Year)*12+int(d.Month-anchor.Month))/months - 1
	}
	return int(d.Time().Sub(anchor.Time()).Hours())/24/max(1, days) - 1
}

// pinnedDuties gives a duty for each named day. Its window opens the day after
// the named day before it. A named day that is a closing day moves.
func (p Part) pinnedDuties(h Horizon, from, until calendar.Date) []Duty {
	days := p.pinnedDays(h, from, until)
	var out []Duty
	previous := calendar.Date{}
	for _, day := range days {
		due := day
		if unitLetters[p.Per] != "wd" {
			due = h.shift(day)
		}
		start := p.periodBefore(day)
		if !previous.IsZero() {
			start = previous.AddDays(1)
		}
		previous = day
		if day.Before(from) || day.After(until) || len(out) >= maxDuties {
			continue
		}
		if start.Before(from) {
			start = from
		}
		r := reason(ReasonRecurrence, "date", day.String())
		if due != day {
			r.Args["moved"] = due.String()
		}
		if start.After(due) {
			start = due
		}
		out = append(out, Duty{From: start, Due: due, Optional: p.AtMost, Reason: r})
	}
	return out
}

// periodBefore gives the first day of the period that ends on the day.
func (p Part) periodBefore(d calendar.Date) calendar.Date {
	switch unit := unitLetters[p.Per]; unit {
	case "d", "wd":
		return d
	case "w":
		return d.AddDays(1 - 7*max(1, p.Interval))
	default:
		return d.AddMonths(-unitMonths[unit] * max(1, p.Interval)).AddDays(1)
	}
}

// pinnedDays gives the named days, in order, from one period before from until until.
func (p Part) pinnedDays(h Horizon, from, until calendar.Date) []calendar.Date {
	start := p.periodBefore(from)
	var out []calendar.Date
	pins := p.On
	if len(pins) == 0 {
		pins = []string{""}
	}
	for _, pin := range pins {
		one := p
		one.On = nil
		if pin != "" {
			one.On = []string{pin}
		}
		if one.Interval == 0 {
			one.Interval = 1
		}
		out = append(out, one.ruleDays(h, pin, start, until)...)
	}
	slices.SortFunc(out, calendar.Date.Compare)
	return slices.Compact(out)
}

// ruleDays expands one pin. Days of a period longer than a month that are not
// dates are found within the period; everything else is an RFC 5545 rule.
func (p Part) ruleDays(h Horizon, pin string, start, until calendar.Date) []calendar.Date {
	if k, kind, ok := parseNth(pin); ok && (kind == "wd" || p.Per != "month" || p.Interval > 1) {
		return p.nthDays(h, k, kind, start, until)
	}
	option, err := rrule.StrToROption(strings.Replace(p.rule(), "BYMONTHDAY=30", "BYMONTHDAY=28,29,30;BYSETPOS=-1", 1))
	if pin == "31" {
		option, err = rrule.StrToROption(strings.Replace(p.rule(), "BYMONTHDAY=31", "BYMONTHDAY=-1", 1))
	}
	if err != nil || option.Freq > rrule.DAILY {
		return nil
	}
	option.Dtstart = p.dtstart(h, start).Time()
	rule, err := rrule.NewRRule(*option)
	if err != nil {
		return nil
	}
	var out []calendar.Date
	for _, t := range rule.Between(start.Time(), until.Time(), true) {
		out = append(out, calendar.Date{Year: t.Year(), Month: t.Month(), Day: t.Day()})
	}
	return out
}

// dtstart anchors a rule: intervals are counted from the part's own start or
// from a fixed day, never from the horizon.
func (p Part) dtstart(h Horizon, start calendar.Date) calendar.Date {
	if p.Interval <= 1 && p.Per != "quarter" {
		return start
	}
	if own, ok := h.day(p.From, p.FromAnchor); ok {
		return own
	}
	if p.Per == "week" {
		return calendar.MustDate(2000, time.January, 3)
	}
	return calendar.MustDate(2000, time.January, 1)
}

// nthDays finds the k-th day of a kind in each period.
func (p Part) nthDays(h Horizon, k int, kind string, start, until calendar.Date) []calendar.Date {
	months := max(1, unitMonths[unitLetters[p.Per]]*p.Interval)
	anchor := calendar.MustDate(2000, time.January, 1)
	n := ((start.Year-anchor.Year)*12 + int(start.Month) - 1) / months
	var out []calendar.Date
	for ; len(out) < maxDuties; n++ {
		first := anchor.AddMonths(n * months)
		if first.After(until) {
			break
		}
		if d, ok := nthWith(h.days(), first, first.AddMonths(months).AddDays(-1), k, kind); ok && !d.Before(start) && !d.After(until) {
			out = append(out, d)
		}
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
	for _, o := range h.Occurrences {
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
	for _, o := range h.Occurrences {
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
