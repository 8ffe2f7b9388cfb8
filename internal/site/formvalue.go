package site

import (
	"errors"
	"strconv"

	"github.com/shopspring/decimal"

	"jalon/internal/calendar"
	"jalon/internal/locale"
)

// This file reads what fields of forms mean: days and numbers as people type them.

// date reads a day; zero when the field was left empty.
func (f *form) date(name, typed string) calendar.Date {
	if typed == "" {
		return calendar.Date{}
	}
	d, err := locale.ParseDate(typed)
	switch {
	case errors.Is(err, locale.ErrShortYear):
		f.refuse(name, "error.date.short_year")
	case err != nil:
		f.refuse(name, "error.date.invalid")
	}
	return d
}

// order refuses a last day that lies before the first.
func (f *form) order(from, until calendar.Date) {
	if !from.IsZero() && !until.IsZero() && until.Before(from) {
		f.refuse("until", "tenure.reversed")
	}
}

// number reads a number; nil when the field was left empty.
func (f *form) number(name, typed string) *decimal.Decimal {
	if typed == "" {
		return nil
	}
	n, err := locale.ParseDecimal(typed)
	if err != nil {
		key, pairs := numberFault(err)
		f.refuse(name, key, pairs...)
		return nil
	}
	return &n
}

// numberFault gives the sentence for what is wrong with a number, and what it
// names; "" for an error about something else.
func numberFault(err error) (key string, pairs []any) {
	switch {
	case errors.Is(err, locale.ErrAmbiguousNumber):
		return "error.number.ambiguous", nil
	case errors.Is(err, locale.ErrLongNumber):
		return "error.number.long", []any{"Digits", strconv.Itoa(locale.MaxDigits), "Decimals", strconv.Itoa(locale.MaxDecimals)}
	case errors.Is(err, locale.ErrNotANumber):
		return "error.number.invalid", nil
	}
	return "", nil
}

// whole reads a whole number between two bounds; an empty field is 0.
func (f *form) whole(name, typed string, low, high int) int {
	if typed == "" {
		return 0
	}
	n, err := strconv.Atoi(typed)
	if err != nil || n < low || n > high {
		f.refuse(name, "indicator.fault.whole", "Low", strconv.Itoa(low), "High", strconv.Itoa(high))
		return 0
	}
	return n
}
