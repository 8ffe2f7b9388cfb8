// Package calendar holds the dates of the Brussels administration: days
// without a clock, half-years, and the working-day calendar. Every rule about
// "today" and "end of day" is in Europe/Brussels.
package calendar

import (
	"cmp"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"
	_ "time/tzdata" // Brussels time also on a machine without zone files
)

// Brussels is the time zone of every date in Jalon.
var Brussels = mustLoad("Europe/Brussels")

func mustLoad(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		panic(err) // tzdata is compiled in
	}
	return loc
}

// MinYear and MaxYear bound every date that a person or a file may give.
const (
	MinYear = 1990
	MaxYear = 2100
)

// ErrDate is the kind of every refused date.
var ErrDate = errors.New("no such date")

// Date is a day of the Gregorian calendar without a time. The zero value is "no date".
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// NewDate gives the date, or ErrDate when the calendar has no such day:
// time.Date would silently turn 31 February into 3 March.
func NewDate(year int, month time.Month, day int) (Date, error) {
	d := Date{year, month, day}
	if of(d.Time()) != d {
		return Date{}, fmt.Errorf("%04d-%02d-%02d: %w", year, month, day, ErrDate)
	}
	return d, nil
}

// MustDate is NewDate for dates known to exist.
func MustDate(year int, month time.Month, day int) Date {
	d, err := NewDate(year, month, day)
	if err != nil {
		panic(err)
	}
	return d
}

// ParseDate reads the ISO form 2025-12-31 within MinYear and MaxYear.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("%q: %w", s, ErrDate)
	}
	if t.Year() < MinYear || t.Year() > MaxYear {
		return Date{}, fmt.Errorf("%q is outside %d to %d: %w", s, MinYear, MaxYear, ErrDate)
	}
	return of(t), nil
}

// Slashed gives 31/12/2025, as both languages write a date in figures.
func (d Date) Slashed() string { return fmt.Sprintf("%02d/%02d/%04d", d.Day, int(d.Month), d.Year) }

// DateOf gives the Brussels day of an instant.
func DateOf(t time.Time) Date { return of(t.In(Brussels)) }

// DateOfDay is the day that lies so many days after 1 January 1970.
func DateOfDay(n int) Date { return of(time.Unix(int64(n)*24*60*60, 0).UTC()) }

func of(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// Time gives the date at midnight UTC, for arithmetic and formats only.
func (d Date) Time() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// End gives the first instant after the day, in Brussels: a thing due on d is
// on time before End and late from End on.
func (d Date) End() time.Time {
	return time.Date(d.Year, d.Month, d.Day+1, 0, 0, 0, 0, Brussels)
}

// IsZero reports whether there is no date.
func (d Date) IsZero() bool { return d == Date{} }

// String gives the ISO form, or "" for no date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// Compare orders dates: -1, 0 or 1.
func (d Date) Compare(e Date) int {
	return cmp.Or(cmp.Compare(d.Year, e.Year), cmp.Compare(d.Month, e.Month), cmp.Compare(d.Day, e.Day))
}

// Before reports whether d comes before e.
func (d Date) Before(e Date) bool { return d.Compare(e) < 0 }

// After reports whether d comes after e.
func (d Date) After(e Date) bool { return d.Compare(e) > 0 }

// AddDays gives the date n days later, or earlier when n is negative.
func (d Date) AddDays(n int) Date { return of(d.Time().AddDate(0, 0, n)) }

// AddMonths gives the same day n months later, or the last day of that month
// when it is shorter: 31 January plus one month is the last of February.
func (d Date) AddMonths(n int) Date {
	first := Date{d.Year, d.Month, 1}
	m := of(first.Time().AddDate(0, n, 0))
	return Date{m.Year, m.Month, min(d.Day, m.EndOfMonth().Day)}
}

// EndOfMonth gives the last day of the date's month.
func (d Date) EndOfMonth() Date { return of(Date{d.Year, d.Month + 1, 0}.Time()) }

// Weekday gives the day of the week.
func (d Date) Weekday() time.Weekday { return d.Time().Weekday() }

// MarshalText writes the ISO form.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the ISO form; empty is no date.
func (d *Date) UnmarshalText(b []byte) (err error) {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	*d, err = ParseDate(string(b))
	return err
}

// Value gives the date to a database, and NULL for no date.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.Time(), nil
}

// Scan takes a database's date, and NULL as no date.
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = Date{}
	case time.Time:
		*d = of(v)
	default:
		return fmt.Errorf("read a date from %T", src)
	}
	return nil
}
