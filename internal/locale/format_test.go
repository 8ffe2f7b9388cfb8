package locale

import (
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
)

func TestFormatsOfBothLanguages(t *testing.T) {
	c := MustLoad()
	nl, fr := c.In(bilingual.NL), c.In(bilingual.FR)
	first := calendar.MustDate(2026, time.June, 1)
	half := calendar.HalfYear{Year: 2026, Half: 1}
	for name, got := range map[string][2]string{
		"date":     {nl.Date(first) + "|" + fr.Date(first), "01/06/2026|01/06/2026"},
		"long":     {nl.LongDate(first) + "|" + fr.LongDate(first), "1 juni 2026|1er juin 2026"},
		"half":     {nl.HalfYear(half) + "|" + fr.HalfYear(half), "1e semester 2026|1er semestre 2026"},
		"number":   {nl.Number(decimal.RequireFromString("-1234567.891")) + "|" + fr.Number(decimal.RequireFromString("1234567.5")), "-1.234.567,891|1\u202f234\u202f567,5"},
		"percent":  {nl.Percent(decimal.RequireFromString("87.5")), "87,5\u202f%"},
		"midnight": {nl.DateTime(time.Date(2026, 6, 30, 22, 5, 0, 0, time.UTC)), "01/07/2026 00:05"},
		"status":   {nl.Status("late") + "|" + fr.Status("late"), "Te laat|En retard"},
		"unknown":  {nl.T("no.such.key"), "⟨no.such.key⟩"},
	} {
		if got[0] != got[1] {
			t.Errorf("%s: got %q, want %q", name, got[0], got[1])
		}
	}
}

func TestNumbersAsPeopleTypeThem(t *testing.T) {
	for in, want := range map[string]string{
		"12,5": "12.5", "12.5": "12.5", "12,5 %": "12.5", " 1.234,5 ": "1234.5", "1\u00a0234,5": "1234.5", "1\u202f234,5": "1234.5",
		"1 234,5": "1234.5", "1\u2007234,5": "1234.5", "-1": "-1", "−1,5": "-1.5", "–1": "-1", "−1.234,5": "-1234.5", "1.234.567": "1234567", "0.125": "0.125", "100": "100", "1.23": "1.23",
	} {
		got, err := ParseDecimal(in)
		if err != nil || !got.Equal(decimal.RequireFromString(want)) {
			t.Errorf("ParseDecimal(%q) = %v, %v; want %s", in, got, err, want)
		}
	}
	if _, err := ParseDecimal("1.234"); err != ErrAmbiguousNumber {
		t.Errorf("1.234: got %v, want a question", err)
	}
	for _, in := range []string{"", ",", "NaN", "Infinity", "1e3", "0x10", "1_000", "١٢", "½", "1.23.4", "12,34,5", "1.2345,6", "1.234 567", "--1", "+1"} {
		if got, err := ParseDecimal(in); err != ErrNotANumber {
			t.Errorf("ParseDecimal(%q) = %v, %v; want a refusal", in, got, err)
		}
	}
	for in, long := range map[string]bool{
		strings.Repeat("9", 30) + ",123456789012": false, strings.Repeat("9", 31): true, "-" + strings.Repeat("9", 30): false,
		"0,1234567890123": true, "1" + strings.Repeat(".000", 9): false, "1" + strings.Repeat(".000", 10): true,
	} {
		if _, err := ParseDecimal(in); (err == ErrLongNumber) != long || !long && err != nil {
			t.Errorf("ParseDecimal(%q): %v, too long: %v", in, err, long)
		}
	}
}

func TestDatesAsPeopleTypeThem(t *testing.T) {
	for in, want := range map[string]string{
		"30/06/2026": "2026-06-30", "1-2-2026": "2026-02-01", "2026-06-30": "2026-06-30", "05.03.2025": "2025-03-05",
		"30 juni 2026": "2026-06-30", "1er juin 2026": "2026-06-01", "5 Août  2026": "2026-08-05", "5 aout 2026": "2026-08-05",
		"3 mrt. 2026": "2026-03-03", "2 févr. 2026": "2026-02-02", "1\u00a0juillet\u00a02026": "2026-07-01",
	} {
		if got, err := ParseDate(in); err != nil || got.String() != want {
			t.Errorf("ParseDate(%q) = %v, %v; want %s", in, got, err, want)
		}
	}
	for in, want := range map[string]error{
		"31/02/2026": ErrNotADate, "29/02/2023": ErrNotADate, "2026-02-31": ErrNotADate, "01/01/0000": ErrNotADate, "01/01/9999": ErrNotADate,
		"03/04/26": ErrShortYear, "2026-13-01": ErrNotADate, "2026-06-30T23:59:59Z": ErrNotADate, "": ErrNotADate, "morgen": ErrNotADate,
		"31 juni 2026": ErrNotADate, "30 jumi 2026": ErrNotADate, "30 juni": ErrNotADate, "juni 2026": ErrNotADate, "30 juni 26": ErrNotADate,
	} {
		if got, err := ParseDate(in); err != want {
			t.Errorf("ParseDate(%q) = %v, %v; want %v", in, got, err, want)
		}
	}
}
