package monitoring

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/deadline"
	"jalon/internal/duty"
	"jalon/internal/mandate"
	"jalon/internal/progress"
)

// sheetOf is a mandate with one target, as of a day.
func sheetOf(phrase string, asOf calendar.Date, record duty.Record) progress.Sheet {
	target := mandate.Target{ID: 1, Code: mustCode("S1.1-1"), Deadline: mandate.Deadline{Reading: deadline.Read(phrase, bilingual.NL)}}
	return progress.Sheet{
		AsOf: asOf, Record: record,
		Mandate: mandate.Mandate{
			Holder:     mandate.Tenure{From: calendar.MustDate(2024, 7, 1), Until: calendar.MustDate(2029, 6, 30)},
			Objectives: []mandate.Objective{{Points: []mandate.MeasurementPoint{{Targets: []mandate.Target{target}}}}},
		},
	}
}

func reported(asOf calendar.Date) duty.Record {
	return duty.Record{Reports: map[int64][]duty.Report{1: {{ID: 1, AsOf: asOf}}}}
}

func TestWhatATableSaysWasMissed(t *testing.T) {
	on := calendar.MustDate
	h1, h2 := calendar.HalfYear{Year: 2026, Half: 1}, calendar.HalfYear{Year: 2026, Half: 2}
	waived := duty.Record{Waivers: []duty.Waiver{{TargetID: 1, Due: on(2026, 6, 30), At: time.Date(2026, 7, 9, 9, 0, 0, 0, time.UTC)}}}
	for name, c := range map[string]struct {
		phrase string
		period calendar.HalfYear
		asOf   calendar.Date
		record duty.Record
		want   string
	}{
		"while the half-year runs":                 {"doorlopend", h1, on(2026, 6, 29), duty.Record{}, ""},
		"on its last day":                          {"doorlopend", h1, on(2026, 6, 30), duty.Record{}, "2026-06-30"},
		"reported":                                 {"doorlopend", h1, on(2026, 6, 30), reported(on(2026, 6, 30)), ""},
		"waived after the end":                     {"doorlopend", h1, on(2026, 6, 30), waived, ""},
		"the half-year before is another table's":  {"doorlopend", h2, on(2026, 9, 15), duty.Record{}, ""},
		"the month after the last report":          {"op de 15e van elke maand", h1, on(2026, 3, 20), reported(on(2026, 2, 10)), "2026-03-13"},
		"a count is missed at the end of its year": {"twee keer per jaar", h2, on(2026, 12, 31), reported(on(2026, 3, 1)), "2026-12-31"},
		"a count is not missed half-way":           {"twee keer per jaar", h1, on(2026, 6, 30), duty.Record{}, ""},
		"a result not reached":                     {"juni 2026", h1, on(2026, 6, 30), reported(on(2026, 6, 15)), "2026-06-30"},
	} {
		var got []string
		for _, d := range Missed(sheetOf(c.phrase, c.asOf, c.record), c.period)[1] {
			got = append(got, d.Due.String())
		}
		if diff := cmp.Diff(c.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s: want -, got +\n%s", name, diff)
		}
	}
}
