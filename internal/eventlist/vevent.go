package eventlist

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"jalon/internal/calendar"
)

// longestUID is how many bytes of a UID are kept as they are; behind it comes
// the day of an occurrence.
const longestUID = 280

// uid gives the name of the event in its calendar; a very long one is hashed.
func (c component) uid() string {
	uid := c.text("UID")
	if len(uid) > longestUID {
		sum := sha256.Sum256([]byte(uid))
		return "sha256:" + hex.EncodeToString(sum[:])
	}
	return uid
}

// occurrence gives the day of the series that the VEVENT stands in for
// (RECURRENCE-ID; RFC 5545, 3.8.4.4).
func (c component) occurrence() (calendar.Date, bool) {
	p, ok := c.first["RECURRENCE-ID"]
	if !ok {
		return calendar.Date{}, false
	}
	m, err := c.moment(p, p.value)
	return m.day(), err == nil && c.uid() != ""
}

func occurrenceUID(uid string, day calendar.Date) string {
	if uid == "" {
		return ""
	}
	return uid + "/" + day.String()
}

// addEvent makes the row, or the rows, of one VEVENT.
func (r *reader) addEvent(c component, called bool, overrides map[string]bool) error {
	at := At{Line: c.line}
	row := Row{At: at, UID: c.uid(), Kind: r.options.Kind, Title: c.text("SUMMARY"), Place: c.text("LOCATION")}
	row.Cancelled = called || strings.EqualFold(c.first["STATUS"].value, "CANCELLED")
	for name := range strings.SplitSeq(c.first["CATEGORIES"].value, ",") {
		if kind, ok := r.options.kind(name); ok && oneLine(name) != "" {
			row.Kind = kind
			break
		}
	}
	day, stands := c.occurrence()
	if stands {
		row.UID = occurrenceUID(row.UID, day)
	}
	start, end, ok := c.span(&row)
	if !ok {
		return r.add(row)
	}
	rule, series := c.first["RRULE"]
	if !series || stands {
		row.From, row.Until = days(start, end)
		return r.add(row)
	}
	return r.addSeries(c, row, rule, start, end, overrides)
}

// span gives the beginning and the end, which is not included (RFC 5545,
// 3.6.1: without DTEND or DURATION a day lasts the day, a moment nothing).
func (c component) span(row *Row) (start, end moment, ok bool) {
	p, has := c.first["DTSTART"]
	if !has {
		row.find(Error, NoDate, row.At)
		return start, end, false
	}
	if start, ok = c.told(row, p); !ok {
		return start, end, false
	}
	end = start
	if start.whole {
		end.Time = start.AddDate(0, 0, 1)
	}
	if p, has := c.first["DTEND"]; has {
		if end, ok = c.told(row, p); !ok {
			return start, end, false
		}
	} else if p, has := c.first["DURATION"]; has {
		n, d, known := duration(p.value)
		if !known {
			row.find(Error, DateWrong, At{Line: p.line}, "Text", excerpt(p.value))
			return start, end, false
		}
		end.Time = start.AddDate(0, 0, n).Add(d)
	}
	return start, end, true
}

// told reads a moment, and says what was wrong or doubtful with it.
func (c component) told(row *Row, p property) (moment, bool) {
	m, err := c.moment(p, p.value)
	if err != nil {
		row.find(Error, DateWrong, At{Line: p.line}, "Text", excerpt(p.value))
		return m, false
	}
	if m.unknown != "" {
		row.find(Warning, UnknownZone, At{Line: p.line}, "Text", excerpt(m.unknown))
	}
	return m, true
}

// days gives the first and the last day in Brussels. An end at midnight is
// the end of the day before.
func days(start, end moment) (from, until calendar.Date) {
	from = start.day()
	if end.whole {
		until = end.day().AddDays(-1)
	} else {
		until = calendar.DateOf(end.Add(-time.Nanosecond))
	}
	// A thing that ends when it begins is of that day; one that ends on an
	// earlier day is left for the row to be told off.
	if !end.Before(start.Time) && until.Before(from) {
		until = from
	}
	return from, until
}
