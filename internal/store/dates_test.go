package store

import (
	"testing"

	"jalon/internal/calendar"
)

// Dates come back as they went in, alone and in arrays, and what is not a day is refused.
func TestDatesAreReadAsTheyWereWritten(t *testing.T) {
	b := newBench(t)
	for _, want := range []string{"1990-01-01", "1999-12-31", "2000-01-01", "2000-02-29", "2026-11-26", "2100-12-31"} {
		var one, none calendar.Date
		var many []calendar.Date
		if err := b.pool.QueryRow(system, `SELECT $1::date, NULL::date, ARRAY[$1::date, NULL, '2025-03-31']`, want).Scan(&one, &none, &many); err != nil {
			t.Fatal(err)
		}
		if one.String() != want || !none.IsZero() || len(many) != 3 || many[0] != one || !many[1].IsZero() || many[2] != day("2025-03-31") {
			t.Errorf("%s: read %s, %v and %v", want, one, none, many)
		}
	}
	for _, never := range []string{"infinity", "-infinity"} {
		var one calendar.Date
		if err := b.pool.QueryRow(system, `SELECT $1::text::date`, never).Scan(&one); err == nil {
			t.Errorf("%s was read as %s", never, one)
		}
	}
}
