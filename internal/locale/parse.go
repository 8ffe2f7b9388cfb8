package locale

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
	"golang.org/x/text/unicode/norm"

	"jalon/internal/calendar"
)

// Refusals of what a person typed. Each has a sentence in the catalogues under
// "error.number.*" or "error.date.*".
var (
	ErrNotANumber      = errors.New("not a number")
	ErrAmbiguousNumber = errors.New("ambiguous number") // 1.234: one thousand or one and a bit?
	ErrLongNumber      = errors.New("number of too many digits")
	ErrNotADate        = errors.New("not a date")
	ErrShortYear       = errors.New("year with two digits")
)

// Bounds of a number, however it comes in: typed, in a file or from a program.
const (
	MaxDigits   = 30 // before the comma
	MaxDecimals = 12 // after it
)

var (
	plainNumber   = regexp.MustCompile(`^-?\d+(?:[.,]\d+)?$`)
	groupedNumber = regexp.MustCompile(`^-?\d{1,3}(?:([. ])\d{3})(?:([. ])\d{3})*(?:,\d+)?$`)
	ambiguous     = regexp.MustCompile(`^-?[1-9]\d{0,2}\.\d{3}$`)
	// word processors and web pages write other spaces, and other signs for minus
	typographic = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2009", " ", "\u2007", " ", "\u2212", "-", "\u2013", "-")
)

// ParseDecimal reads a number as people in Brussels type it: 12,5 and 12.5,
// 1.234,5 and 1 234,5 with any kind of space, any kind of minus, an optional percent sign. It
// asks (ErrAmbiguousNumber) about 1.234, and refuses everything that only
// programmers call a number: NaN, 1e3, 0x10, 1_000. ErrLongNumber beyond MaxDigits or MaxDecimals.
func ParseDecimal(s string) (decimal.Decimal, error) {
	s = strings.TrimSpace(typographic.Replace(s))
	s = strings.TrimSpace(strings.TrimSuffix(s, "%"))
	switch {
	case ambiguous.MatchString(s):
		return decimal.Decimal{}, ErrAmbiguousNumber
	case plainNumber.MatchString(s):
		return bounded(strings.Replace(s, ",", ".", 1))
	case groupedNumber.MatchString(s) && !(strings.Contains(s, ".") && strings.Contains(s, " ")):
		return bounded(strings.NewReplacer(".", "", " ", "", ",", ".").Replace(s))
	}
	return decimal.Decimal{}, ErrNotANumber
}

func bounded(s string) (decimal.Decimal, error) {
	n, err := decimal.NewFromString(s)
	if err == nil && LongNumber(n) {
		err = ErrLongNumber
	}
	return n, err
}

// LongNumber reports whether a number has more than MaxDigits or MaxDecimals.
func LongNumber(n decimal.Decimal) bool {
	return n.NumDigits()+int(n.Exponent()) > MaxDigits || -int(n.Exponent()) > MaxDecimals
}

// HasPercent reports whether a typed number ends in a percent sign.
func HasPercent(s string) bool { return strings.HasSuffix(strings.TrimSpace(s), "%") }

var typedDate = regexp.MustCompile(`^(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{2}|\d{4})$`)

var writtenDate = regexp.MustCompile(`^(\d{1,2})(?:er|e|ste|de)? (\p{L}+)\.? (\d{4})$`)

// months are their names and short names in both languages, without accents.
var months = func() map[string]time.Month {
	m := map[string]time.Month{"sept": time.September}
	for _, f := range formats {
		for month := time.January; month <= time.December; month++ {
			for _, name := range []string{f.translator.MonthWide(month), f.translator.MonthAbbreviated(month)} {
				m[plainMonth(name)] = month
			}
		}
	}
	return m
}()

func plainMonth(name string) string {
	return strings.NewReplacer("é", "e", "û", "u", ".", "").Replace(strings.ToLower(norm.NFC.String(name)))
}

// ParseDate reads 30/06/2026 (or with - or .), day first, the ISO form that a
// browser's date field sends, and a day in the words of either language, as
// spreadsheets write it: 30 juni 2026, 1er juil. 2026.
func ParseDate(s string) (calendar.Date, error) {
	s = strings.TrimSpace(s)
	if d, err := calendar.ParseDate(s); err == nil {
		return d, nil
	}
	m := typedDate.FindStringSubmatch(s)
	if m == nil {
		m = writtenDate.FindStringSubmatch(strings.Join(strings.Fields(s), " "))
	}
	if m == nil {
		return calendar.Date{}, ErrNotADate
	}
	if len(m[3]) == 2 {
		return calendar.Date{}, ErrShortYear
	}
	day, _ := strconv.Atoi(m[1])
	month, _ := strconv.Atoi(m[2])
	year, _ := strconv.Atoi(m[3])
	if named := months[plainMonth(m[2])]; named > 0 {
		month = int(named)
	}
	d, err := calendar.NewDate(year, time.Month(month), day)
	if err != nil || year < calendar.MinYear || year > calendar.MaxYear {
		return calendar.Date{}, ErrNotADate
	}
	return d, nil
}
