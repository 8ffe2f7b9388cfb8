package eventlist

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"jalon/internal/calendar"
)

// moment is a DATE or a DATE-TIME of a calendar (RFC 5545, 3.3.4 and 3.3.5),
// in the zone that it was written in.
type moment struct {
	time.Time
	whole   bool   // a DATE: the day, at midnight UTC
	unknown string // the zone that nobody knows; it is read as Brussels time
}

// day gives the day in Brussels.
func (m moment) day() calendar.Date {
	if m.whole {
		return calendar.Date{Year: m.Year(), Month: m.Month(), Day: m.Day()}
	}
	return calendar.DateOf(m.Time)
}

var errMoment = errors.New("neither a date nor a time")

// moment reads a value with the parameters of its property. A time without a
// zone is one of Brussels: RFC 5545 leaves it to where one is.
func (c component) moment(p property, value string) (moment, error) {
	value = strings.TrimSpace(value)
	if len(value) == len("20060102") {
		t, err := time.Parse("20060102", value)
		return moment{Time: t, whole: true}, bounded(t, err)
	}
	if utc, ok := strings.CutSuffix(value, "Z"); ok {
		t, err := time.Parse("20060102T150405", utc)
		return moment{Time: t}, bounded(t, err)
	}
	m := moment{}
	zone := calendar.Brussels
	if name := p.params["TZID"]; name != "" {
		if known, ok := zoneOf(name); ok {
			zone = known
		} else {
			m.unknown = name
		}
	}
	t, err := time.ParseInLocation("20060102T150405", value, zone)
	m.Time = t
	return m, bounded(t, err)
}

func bounded(t time.Time, err error) error {
	switch {
	case err != nil:
		return errMoment // that of time quotes the value
	case t.Year() < calendar.MinYear || t.Year() > calendar.MaxYear:
		return fmt.Errorf("the year %d: %w", t.Year(), calendar.ErrDate)
	}
	return nil
}

// windowsZones are the names that Outlook and Exchange give to zones, after the
// table of Unicode CLDR (windowsZones.xml, territory 001).
var windowsZones = map[string]string{
	"romance standard time":          "Europe/Brussels",
	"w. europe standard time":        "Europe/Berlin",
	"central europe standard time":   "Europe/Budapest",
	"central european standard time": "Europe/Warsaw",
	"gmt standard time":              "Europe/London",
	"greenwich standard time":        "Atlantic/Reykjavik",
	"fle standard time":              "Europe/Helsinki",
	"gtb standard time":              "Europe/Bucharest",
	"e. europe standard time":        "Europe/Chisinau",
	"eastern standard time":          "America/New_York",
}

// zoneOf finds a zone by its name in the tz database, also behind the prefix
// of a program (/mozilla.org/20050126_1/Europe/Brussels), or in Windows.
func zoneOf(name string) (*time.Location, bool) {
	name = strings.Trim(name, `"/ `)
	if tz, ok := windowsZones[strings.ToLower(name)]; ok {
		name = tz
	}
	if parts := strings.Split(name, "/"); len(parts) > 3 {
		name = strings.Join(parts[len(parts)-2:], "/")
	}
	if name == "" || name == "Local" || len(name) > 60 { // Local would be that of the server
		return nil, false
	}
	zone, err := time.LoadLocation(name)
	return zone, err == nil
}

var durationForm = regexp.MustCompile(`^\+?P(?:(\d{1,4})W|(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,6})S)?)?)$`)

// duration reads a length of time (RFC 5545, 3.3.6): days, which may be of 23
// or 25 hours, and what goes beyond.
func duration(s string) (days int, rest time.Duration, ok bool) {
	m := durationForm.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return 0, 0, false
	}
	var n [6]int
	for i := 1; i < len(m); i++ {
		n[i], _ = strconv.Atoi(m[i]) // digits, or nothing for none
	}
	rest = time.Duration(n[3])*time.Hour + time.Duration(n[4])*time.Minute + time.Duration(n[5])*time.Second
	return 7*n[1] + n[2], rest, true
}
