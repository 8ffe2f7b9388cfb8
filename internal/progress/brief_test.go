package progress_test

import (
	"slices"
	"testing"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/deadline"
	"jalon/internal/duty"
	"jalon/internal/mandate"
	"jalon/internal/progress"
)

// What is late must not push what is near off the one page of a brief, and
// what can be met no more asks nothing of a meeting.
func TestABriefListsEachTargetOnceForEachState(t *testing.T) {
	reading := deadline.Read("ten minste op de 15e van elke maand", bilingual.NL)
	target := mandate.Target{ID: 1, Code: mandate.Code{Kind: mandate.Strategic, Objective: 1, Point: 1, Target: 1}, Deadline: mandate.Deadline{Reading: reading}}
	m := mandate.Mandate{
		Holder:     mandate.Tenure{From: calendar.MustDate(2025, 1, 1), Until: calendar.MustDate(2029, 12, 31)},
		Objectives: []mandate.Objective{{Code: mandate.Code{Kind: mandate.Strategic, Objective: 1}, Points: []mandate.MeasurementPoint{{Targets: []mandate.Target{target}}}}},
	}
	for name, c := range map[string]struct {
		sealed calendar.Date
		want   []string
	}{
		"nothing is sealed":              {calendar.Date{}, []string{"late 2025-01-15", "open 2026-11-13", "not_expected 2026-12-15"}},
		"the half-year before is sealed": {calendar.MustDate(2026, 6, 30), []string{"late 2026-07-15", "open 2026-11-13", "not_expected 2026-12-15"}},
	} {
		t.Run(name, func(t *testing.T) {
			b, _ := progress.BriefOf(progress.Sheet{Mandate: m, AsOf: calendar.MustDate(2026, 11, 10), Record: duty.Record{SealedUntil: c.sealed}}, "")
			var got []string
			for _, d := range b.Next {
				got = append(got, string(d.State)+" "+d.Due.String())
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}
