package deadline

import (
	"fmt"
	"strconv"
	"strings"
	"sync"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
)

// notation gives the compact form of a part: one line that says all of it.
//
//	by D{precision}     due, end of the period inclusive; ~ approximate; was D the date it replaced
//	in A..B             somewhere in a window
//	cont A..B           continuous, both bounds optional
//	rec =N/P, >=N/P, <=N/P, every kP, with on and in for its days and months
//	ev each|once before|after|at|both E, <=10wd after, -14d before
//	rel +3m after A     a stretch from an anchor
//	mand begin|mid|end, ext E, asap E, need, cond X, ms …, tbd, none
func (p Part) notation() string {
	switch p.Kind {
	case Fixed:
		return "by " + bound(p.Date, p.UntilAnchor) + precisionMark(p.Precision) + tilde(p.Approximate) + p.was() + parenthesis(p.Purpose)
	case Window:
		return "in " + bound(p.From, p.FromAnchor) + ".." + bound(p.Until, p.UntilAnchor) + precisionMark(p.Precision) + tilde(p.Approximate) + parenthesis(p.Purpose)
	case Continuous:
		return "cont" + p.bounds() + tilde(p.Approximate) + parenthesis(p.Purpose)
	case Periodic:
		return "rec " + p.recurrence() + p.bounds() + parenthesis(p.Purpose) + tilde(p.Approximate)
	case Event:
		return p.event()
	case Relative:
		return strings.TrimSpace("rel "+p.Offset+p.after()) + tilde(p.Approximate)
	case External:
		return "ext " + p.Calendar
	case AsSoon:
		return "asap"
	case Conditional:
		return "cond " + free(p.Condition)
	case Milestones:
		return p.milestones()
	}
	return map[Kind]string{
		AsNeeded: "need", MandateBegin: "mand start", MandateMid: "mand mid", MandateEnd: "mand end",
		Undetermined: "tbd", None: "none",
	}[p.Kind] + tilde(p.Approximate) + p.was()
}

func bound(d calendar.Date, a Anchor) string {
	if a != "" {
		return string(a)
	}
	return d.String()
}

func (p Part) bounds() string {
	from, until := bound(p.From, p.FromAnchor), bound(p.Until, p.UntilAnchor)
	if from == "" && until == "" {
		return ""
	}
	return " " + from + ".." + until
}

func precisionMark(p calendar.Precision) string {
	if p == "" {
		return ""
	}
	return "{" + p.Letter() + "}"
}

func tilde(approximate bool) string {
	if approximate {
		return "~"
	}
	return ""
}

func (p Part) was() string {
	if p.Was.IsZero() {
		return ""
	}
	return " was " + p.Was.String() + precisionMark(p.WasPrecision)
}

func parenthesis(s string) string {
	if s == "" {
		return ""
	}
	return " (" + s + ")"
}

// free marks words as written apart from known ones, which have no spaces.
func free(s string) string {
	if isKnown(s) {
		return s
	}
	return "(" + s + ")"
}

// isKnown reports whether a trigger or condition is one of our own names, or
// made of them: approval(plan), each(info).
func isKnown(s string) bool {
	for name := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == '(' || r == ')' || r == ',' }) {
		if !names()[name] {
			return false
		}
	}
	return true
}

// names are all our own names of events, conditions and purposes.
var names = sync.OnceValue(func() map[string]bool {
	all := map[string]bool{"each": true, "info": true, "request": true}
	for name := range events()[bilingual.NL].print {
		all[name] = true
	}
	for name := range events()[bilingual.NL].act {
		all[name] = true
	}
	for key := range conditions()[bilingual.NL].print {
		_, name, _ := strings.Cut(key, " ")
		all[name] = true
	}
	return all
})

// unitLetters are the signs of the units in "rec" and their names in Per.
var unitLetters = map[string]string{
	"day": "d", "workday": "wd", "week": "w", "month": "m", "quarter": "q", "half": "h", "year": "y", "mandate": "mand",
}

var unitNames = func() map[string]string {
	m := map[string]string{}
	for name, letter := range unitLetters {
		m[letter] = name
	}
	return m
}()

func (p Part) recurrence() string {
	var b strings.Builder
	switch sign := p.sign(); {
	case p.Interval > 0 && sign == "=":
		fmt.Fprintf(&b, "every %d%s", p.Interval, unitLetters[p.Per])
	case p.Interval > 1:
		fmt.Fprintf(&b, "%s1/%d%s", sign, p.Interval, unitLetters[p.Per])
	case p.Interval == 1:
		fmt.Fprintf(&b, "%s1/%s", sign, unitLetters[p.Per])
	case p.Maximum > 0:
		fmt.Fprintf(&b, "%d..%d/%s", p.Count, p.Maximum, unitLetters[p.Per])
	default:
		fmt.Fprintf(&b, "%s%d/%s", sign, p.Count, unitLetters[p.Per])
	}
	if len(p.On) > 0 {
		b.WriteString(" on " + strings.Join(p.On, ","))
	}
	if len(p.Months) > 0 {
		months := make([]string, len(p.Months))
		for i, m := range p.Months {
			months[i] = fmt.Sprintf("%02d", m)
		}
		b.WriteString(" in " + strings.Join(months, ","))
	}
	return b.String()
}

func (p Part) sign() string {
	switch {
	case p.Minimum:
		return ">="
	case p.AtMost:
		return "<="
	}
	return "="
}

func (p Part) event() string {
	if p.hasTiming("as_soon") {
		return "asap " + free(p.Trigger)
	}
	words := []string{"ev"}
	if p.Each {
		words = append(words, "each")
	} else {
		words = append(words, "once")
	}
	switch {
	case len(p.Timing) == 2:
		words = append(words, "both")
	case len(p.Timing) == 1:
		words = append(words, p.Timing[0])
	}
	words = append(words, free(p.Trigger))
	if p.Offset != "" && p.hasTiming("before") {
		words = append(words, "-"+p.Offset)
	} else if p.Offset != "" {
		words = append(words, "<="+p.Offset)
	}
	return strings.Join(words, " ") + tilde(p.Approximate)
}

func (p Part) hasTiming(t string) bool {
	for _, have := range p.Timing {
		if have == t {
			return true
		}
	}
	return false
}

func (p Part) after() string {
	switch {
	case p.FromAnchor != "":
		return " after " + string(p.FromAnchor)
	case p.Trigger != "":
		return " after " + free(p.Trigger)
	}
	return ""
}

func (p Part) milestones() string {
	steps := make([]string, len(p.Steps))
	for i, s := range p.Steps {
		steps[i] = s.Name + "@" + s.Date.String() + precisionMark(s.Precision) + tilde(s.Approximate)
	}
	return "ms " + strings.Join(steps, "; ")
}

// rule gives the RFC 5545 rule of a recurrence, or "" when it has none: a count
// per period without days is not a rule.
func (p Part) rule() string {
	unit, interval := unitLetters[p.Per], p.Interval
	if interval == 0 && len(p.On) == 0 {
		return ""
	}
	interval = max(interval, 1)
	var parts []string
	switch unit {
	case "d", "w":
		parts = []string{"FREQ=" + map[string]string{"d": "DAILY", "w": "WEEKLY"}[unit]}
	case "wd":
		if interval > 1 {
			return ""
		}
		parts = []string{"FREQ=DAILY", "BYDAY=MO,TU,WE,TH,FR"}
	case "m", "q":
		interval *= unitMonths[unit]
		parts = []string{"FREQ=MONTHLY"}
	case "y":
		parts = []string{"FREQ=YEARLY"}
	default:
		return ""
	}
	if interval > 1 {
		parts = append(parts[:1:1], append([]string{"INTERVAL=" + strconv.Itoa(interval)}, parts[1:]...)...)
	}
	pins, ok := rulePins(p.On)
	if !ok {
		return ""
	}
	if len(p.Months) > 0 {
		if len(p.Months) > 1 && len(pins) > 1 { // BYSETPOS counts within the year, not within each month
			return ""
		}
		months := make([]string, len(p.Months))
		for i, m := range p.Months {
			months[i] = strconv.Itoa(m)
		}
		pins = append([]string{"BYMONTH=" + strings.Join(months, ",")}, pins...)
	}
	return strings.Join(append(parts, pins...), ";")
}

// rulePins gives the BY… parts of pins of one form; false when one rule cannot say them.
func rulePins(on []string) (parts []string, ok bool) {
	if len(on) == 0 {
		return nil, true
	}
	var days, months, weekdays []string
	for _, pin := range on {
		k, kind, nth := parseNth(pin)
		m, d, isDate := strings.Cut(pin, "-")
		switch {
		case nth && kind == "wd" && len(on) == 1:
			return []string{"BYDAY=MO,TU,WE,TH,FR", "BYSETPOS=" + strconv.Itoa(k)}, true
		case nth && kind == "d":
			days = append(days, strconv.Itoa(k))
		case nth && kind != "wd":
			weekdays = append(weekdays, strconv.Itoa(k)+strings.ToUpper(kind[:2]))
		case nth:
			return nil, false
		case isWeekday(pin):
			weekdays = append(weekdays, strings.ToUpper(pin[:2]))
		case isDate:
			months, days = appendNew(months, strings.TrimLeft(m, "0")), appendNew(days, strings.TrimLeft(d, "0"))
		default:
			days = append(days, pin)
		}
	}
	if len(months)*len(days) > len(on) || len(weekdays) > 0 && len(days) > 0 {
		return nil, false
	}
	if len(months) > 0 {
		parts = append(parts, "BYMONTH="+strings.Join(months, ","))
	}
	if len(days) > 0 {
		parts = append(parts, "BYMONTHDAY="+strings.Join(days, ","))
	}
	if len(weekdays) > 0 {
		parts = append(parts, "BYDAY="+strings.Join(weekdays, ","))
	}
	return parts, true
}

func appendNew(list []string, s string) []string {
	for _, have := range list {
		if have == s {
			return list
		}
	}
	return append(list, s)
}

func isWeekday(s string) bool {
	for _, d := range weekdays {
		if d == s {
			return true
		}
	}
	return false
}

// parseNth reads the pins 1st-mon, last-wd, 2nd-d.
func parseNth(pin string) (k int, kind string, ok bool) {
	which, kind, ok := strings.Cut(pin, "-")
	if !ok || kind == "" || isDigit(kind[0]) {
		return 0, "", false
	}
	for k, name := range nthNames {
		if name == which {
			return k, kind, true
		}
	}
	return 0, "", false
}

var nthNames = map[int]string{-2: "last2", -1: "last", 1: "1st", 2: "2nd", 3: "3rd", 4: "4th", 5: "5th", 6: "6th", 7: "7th", 8: "8th", 9: "9th", 10: "10th"}
