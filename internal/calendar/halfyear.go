package calendar

import (
	"fmt"
	"time"
)

// HalfYear is a reporting period: January to June (Half 1) or July to December (Half 2).
type HalfYear struct {
	Year int
	Half int
}

// HalfYearOf gives the half-year that a date lies in.
func HalfYearOf(d Date) HalfYear {
	if d.Month <= time.June {
		return HalfYear{d.Year, 1}
	}
	return HalfYear{d.Year, 2}
}

// ParseHalfYear reads "2026-H1".
func ParseHalfYear(s string) (HalfYear, error) {
	var h HalfYear
	if len(s) != 7 {
		return h, fmt.Errorf("half-year %q: want the form 2026-H1", s)
	}
	if n, err := fmt.Sscanf(s, "%4d-H%1d", &h.Year, &h.Half); n != 2 || err != nil || h.String() != s ||
		h.Year < MinYear || h.Year > MaxYear || h.Half < 1 || h.Half > 2 {
		return HalfYear{}, fmt.Errorf("half-year %q: want the form 2026-H1", s)
	}
	return h, nil
}

// String gives the form "2026-H1".
func (h HalfYear) String() string { return fmt.Sprintf("%04d-H%d", h.Year, h.Half) }

// IsZero reports whether there is no half-year.
func (h HalfYear) IsZero() bool { return h == HalfYear{} }

// Start is the first day.
func (h HalfYear) Start() Date { return Date{h.Year, time.Month(6*h.Half - 5), 1} }

// End is the last day.
func (h HalfYear) End() Date { return Date{h.Year, time.Month(6 * h.Half), 1}.EndOfMonth() }

// Contains reports whether the date lies in the half-year.
func (h HalfYear) Contains(d Date) bool { return !d.Before(h.Start()) && !d.After(h.End()) }

// Next is the half-year after.
func (h HalfYear) Next() HalfYear { return HalfYearOf(h.End().AddDays(1)) }

// Previous is the half-year before.
func (h HalfYear) Previous() HalfYear { return HalfYearOf(h.Start().AddDays(-1)) }

// Before reports whether h comes before o.
func (h HalfYear) Before(o HalfYear) bool { return h.Start().Before(o.Start()) }

// MarshalText writes "2026-H1".
func (h HalfYear) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads "2026-H1".
func (h *HalfYear) UnmarshalText(b []byte) (err error) {
	*h, err = ParseHalfYear(string(b))
	return err
}
