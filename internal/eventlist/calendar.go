package eventlist

import (
	"strings"

	ics "github.com/arran4/golang-ical"

	"jalon/internal/intake"
)

// property is one content line of a calendar (RFC 5545, 3.1).
type property struct {
	line   int    // where it begins
	name   string // in capitals
	params map[string]string
	value  string
}

// component is a VEVENT with the properties that matter, the first of each
// name; EXDATE and RDATE may come more than once.
type component struct {
	line  int
	first map[string]property
	dates []property
}

// text gives a property of text, its escapes undone (RFC 5545, 3.3.11).
func (c component) text(name string) string { return oneLine(ics.FromText(c.first[name].value)) }

// readCalendar reads the VEVENTs of a calendar; time zones, to-dos and alarms
// are passed over.
func (r *reader) readCalendar(data []byte) error {
	words, guessed, err := intake.Text(data)
	if err != nil {
		return err
	}
	if !strings.HasPrefix(strings.ToUpper(strings.TrimSpace(words)), "BEGIN:VCALENDAR") {
		return refuse(NotACalendar, nil)
	}
	if guessed {
		r.find(Info, Windows1252, At{})
	}
	events, called := r.components(words)
	overrides := map[string]bool{} // occurrences that have a VEVENT of their own
	for _, c := range events {
		if day, ok := c.occurrence(); ok {
			overrides[occurrenceUID(c.uid(), day)] = true
		}
	}
	rules := 0
	for _, c := range events {
		if _, series := c.first["RRULE"]; series {
			if rules++; rules > maxRules {
				return refuse(TooManyRules, nil, "Limit", itoa(maxRules))
			}
		}
		if err := r.addEvent(c, called, overrides); err != nil {
			return err
		}
	}
	return nil
}

// components walks the lines and gathers the VEVENTs. called tells that the
// whole file calls its events off (METHOD:CANCEL; RFC 5546, 3.2.5).
func (r *reader) components(words string) (events []component, called bool) {
	var open []string // what the line stands in, from the outside
	var event *component
	for _, l := range unfold(words) {
		p, ok := parseLine(l)
		switch {
		case !ok && event != nil && len(open) > 0 && open[len(open)-1] == "VEVENT":
			r.find(Warning, LineUnread, At{Line: l.number}, "Text", excerpt(l.text))
		case !ok:
		case p.name == "BEGIN":
			open = append(open, strings.ToUpper(strings.TrimSpace(p.value)))
			if n := len(open); open[n-1] == "VEVENT" && event == nil {
				event = &component{line: l.number, first: map[string]property{}}
			}
		case p.name == "END":
			if n := len(open); n > 0 {
				open = open[:n-1]
			}
			if event != nil && strings.EqualFold(strings.TrimSpace(p.value), "VEVENT") {
				events, event = append(events, *event), nil
			}
		case len(open) == 1 && p.name == "METHOD":
			called = strings.EqualFold(p.value, "CANCEL")
		case event != nil && open[len(open)-1] == "VEVENT":
			event.take(p)
		}
	}
	if event != nil {
		r.find(Warning, CutOff, At{Line: event.line})
	}
	return events, called
}

func (c *component) take(p property) {
	if p.name == "EXDATE" || p.name == "RDATE" {
		c.dates = append(c.dates, p)
		return
	}
	if _, twice := c.first[p.name]; !twice {
		c.first[p.name] = p
	}
}

type sourceLine struct {
	number int
	text   string
}

// unfold joins the lines that were folded: a line that begins with a space or
// a tab goes on with the one before (RFC 5545, 3.1).
func unfold(words string) (lines []sourceLine) {
	words = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(words)
	var joined strings.Builder
	number, first := 0, 0
	end := func() {
		if joined.Len() > 0 {
			lines = append(lines, sourceLine{first, joined.String()})
			joined.Reset()
		}
	}
	for text := range strings.SplitSeq(words, "\n") {
		number++
		if joined.Len() > 0 && (strings.HasPrefix(text, " ") || strings.HasPrefix(text, "\t")) {
			joined.WriteString(text[1:])
			continue
		}
		end()
		first = number
		joined.WriteString(text)
	}
	end()
	return lines
}

// parseLine reads one content line. The value stays as it is written.
func parseLine(l sourceLine) (property, bool) {
	head := strings.IndexAny(l.text, ":;")
	if head < 1 || strings.Trim(l.text[:head], "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		return property{}, false
	}
	p := property{line: l.number, name: strings.ToUpper(l.text[:head]), params: map[string]string{}}
	if l.text[head] == ':' {
		p.value = l.text[head+1:]
		return p, true
	}
	// Only the parameters are left to the library: it undoes the escapes of a
	// value by the type that it believes it has.
	read, err := ics.ParseProperty(ics.ContentLine("ATTACH" + l.text[head:]))
	if err != nil || read == nil {
		return property{}, false
	}
	for name, values := range read.ICalParameters {
		if len(values) > 0 {
			p.params[strings.ToUpper(name)] = values[0]
		}
	}
	p.value = read.Value
	if read.GetValueType() == ics.ValueDataTypeText {
		p.value = ics.ToText(read.Value)
	}
	return p, true
}
