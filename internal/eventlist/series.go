package eventlist

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/teambition/rrule-go"

	"jalon/internal/calendar"
)

// addSeries adds the occurrences of a VEVENT with a rule that fall within the
// bounds of the options: those that RRULE and RDATE give, without those of
// EXDATE and those that have a VEVENT of their own (RFC 5545, 3.8.5).
func (r *reader) addSeries(c component, row Row, rule property, start, end moment, overrides map[string]bool) error {
	all, err := r.occurrences(rule.value, start)
	if err != nil {
		row.From, row.Until = days(start, end)
		row.find(Error, RuleUnread, At{Line: rule.line}, "Text", excerpt(rule.value))
		return r.add(row)
	}
	extra, without := c.exceptions(&row)
	for _, m := range extra {
		if d := m.day(); !d.Before(r.options.From) && !d.After(r.options.To) {
			all = append(all, m)
		}
	}
	slices.SortFunc(all, func(a, b moment) int { return a.Compare(b.Time) })
	all = slices.CompactFunc(all, func(a, b moment) bool { return a.day() == b.day() })
	all = slices.DeleteFunc(all, func(m moment) bool {
		return without[m.day()] || overrides[occurrenceUID(row.UID, m.day())]
	})
	at, window := At{Line: rule.line}, []string{"From", r.options.From.String(), "Until", r.options.To.String()}
	switch {
	case len(all) == 0:
		r.find(Warning, RuleNever, at, window...)
	case len(all) > MaxSeries:
		r.find(Warning, RuleCut, at, "Limit", itoa(MaxSeries))
		all = all[:MaxSeries]
	default:
		r.find(Info, RuleWindow, at, window...)
	}
	length := end.Sub(start.Time)
	for _, m := range all {
		one := row
		one.Findings = slices.Clone(row.Findings)
		one.UID = occurrenceUID(row.UID, m.day())
		one.From, one.Until = days(m, moment{Time: m.Add(length), whole: end.whole})
		if err := r.add(one); err != nil {
			return err
		}
	}
	return nil
}

// exceptions reads the days that were added and those that were taken out.
func (c component) exceptions(row *Row) (extra []moment, without map[calendar.Date]bool) {
	without = map[calendar.Date]bool{}
	for _, p := range c.dates {
		for value := range strings.SplitSeq(p.value, ",") {
			m, err := c.moment(p, value)
			switch {
			case err != nil || len(extra) > MaxRows:
				row.find(Warning, LineUnread, At{Line: p.line}, "Text", excerpt(p.value))
			case p.name == "EXDATE":
				without[m.day()] = true
			default:
				extra = append(extra, m)
			}
		}
	}
	return extra, without
}

// occurrences gives those of a rule between the bounds, at most one more than
// MaxSeries.
func (r *reader) occurrences(text string, start moment) (all []moment, err error) {
	// What the checks below let through does not make the library fail in any
	// test; a file must not be able to stop the program in any case.
	defer func() {
		if p := recover(); p != nil {
			all, err = nil, fmt.Errorf("expand %q: %v", text, p)
		}
	}()
	option, err := parseRule(text, start.Location())
	if err != nil {
		return nil, err
	}
	option.Dtstart = start.Time
	last := r.options.To.End()
	if option.Until.IsZero() || option.Until.After(last) {
		option.Until = last
	}
	rule, err := rrule.NewRRule(*option)
	if err != nil {
		return nil, err
	}
	for _, t := range rule.Between(r.options.From.AddDays(-1).Time(), last, true) {
		m := moment{Time: t, whole: start.whole}
		if d := m.day(); d.Before(r.options.From) || d.After(r.options.To) {
			continue
		}
		if all = append(all, m); len(all) > MaxSeries {
			break
		}
	}
	return all, nil
}

// Rules of RFC 5545, 3.3.10 that are read: by day or longer, within numbers
// that make sense. The others would take long, or repeat within a day.
const (
	longestRule  = 300
	mostInterval = 1000
	mostCount    = 10_000
	mostInList   = 31
)

// bounds of the numbers of each part of a rule, without sign.
var ruleParts = map[string]int{"INTERVAL": mostInterval, "COUNT": mostCount, "BYMONTH": 12, "BYMONTHDAY": 31, "BYSETPOS": 31}

// parseRule reads a rule that can be expanded in short time.
func parseRule(text string, zone *time.Location) (*rrule.ROption, error) {
	text = strings.ToUpper(strings.TrimSpace(text))
	if len(text) > longestRule {
		return nil, fmt.Errorf("a rule of %d signs", len(text))
	}
	seen := map[string]string{}
	for part := range strings.SplitSeq(strings.TrimSuffix(text, ";"), ";") {
		name, value, _ := strings.Cut(part, "=")
		if _, twice := seen[name]; twice {
			return nil, fmt.Errorf("%s twice", name)
		}
		seen[name] = value
		if err := checkPart(name, value); err != nil {
			return nil, err
		}
	}
	if seen["FREQ"] == "DAILY" && (seen["BYSETPOS"] != "" || strings.ContainsAny(seen["BYDAY"], "123456789")) || never(seen["BYMONTH"], seen["BYMONTHDAY"]) {
		return nil, fmt.Errorf("a rule that never comes: %s", text)
	}
	option, err := rrule.StrToROptionInLocation(strings.TrimSuffix(text, ";"), zone)
	if err != nil {
		return nil, err
	}
	if len(seen["UNTIL"]) == len("20060102") { // the day itself is in it
		option.Until = option.Until.Add(24*time.Hour - time.Second)
	}
	return option, nil
}

func checkPart(name, value string) error {
	switch name {
	case "FREQ":
		if !slices.Contains([]string{"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}, value) {
			return fmt.Errorf("the frequency %s", value)
		}
	case "UNTIL", "WKST":
	case "BYDAY":
		for day := range strings.SplitSeq(value, ",") {
			if n := strings.TrimRight(day, "ADEFHMORSTUW"); n != "" {
				if k, err := strconv.Atoi(n); err != nil || k == 0 || k < -5 || k > 5 {
					return fmt.Errorf("the day %s", day)
				}
			}
		}
	default:
		most, known := ruleParts[name]
		if !known {
			return fmt.Errorf("the part %s", name)
		}
		for _, item := range strings.Split(value, ",") {
			if k, err := strconv.Atoi(item); err != nil || k == 0 || k > most || k < -most || k < 0 && !strings.HasPrefix(name, "BY") {
				return fmt.Errorf("the number %s of %s", item, name)
			}
		}
	}
	if strings.Count(value, ",") >= mostInList {
		return fmt.Errorf("a long list in %s", name)
	}
	return nil
}

// never reports that none of the months has any of the days.
func never(months, monthDays string) bool {
	if months == "" || monthDays == "" {
		return false
	}
	for m := range strings.SplitSeq(months, ",") {
		month, _ := strconv.Atoi(m)
		longest := calendar.Date{Year: 2024, Month: time.Month(month), Day: 1}.EndOfMonth().Day
		for d := range strings.SplitSeq(monthDays, ",") {
			if day, _ := strconv.Atoi(d); max(day, -day) <= longest {
				return false
			}
		}
	}
	return true
}
