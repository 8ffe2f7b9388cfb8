package site

import (
	"testing"

	"jalon/internal/calendar"
	"jalon/internal/progress"
)

// Of a mandate that reported everything the overview must not say that it is silent.
func TestNobodyIsSilentWhoReportedEverything(t *testing.T) {
	day := calendar.MustDate(2026, 6, 30)
	cell := func(reported, owed int, quiet calendar.Date) progress.OverviewCell {
		var c progress.OverviewCell
		c.Reported, c.Owed, c.Quiet = reported, owed, quiet
		return c
	}
	for name, c := range map[string]struct {
		cells []progress.OverviewCell
		since calendar.Date
		never bool
	}{
		"everything is reported":       {[]progress.OverviewCell{cell(2, 2, day.AddDays(90)), cell(1, 1, day.AddDays(80))}, calendar.Date{}, false},
		"one objective lacks a report": {[]progress.OverviewCell{cell(2, 2, day.AddDays(-10)), cell(1, 2, day)}, day, false},
		"one was never reported on":    {[]progress.OverviewCell{cell(0, 1, progress.Never), cell(1, 2, day)}, progress.Never, true},
	} {
		if since, never := silence(progress.OverviewLine{Cells: c.cells}); since != c.since || never != c.never {
			t.Errorf("%s: %v, %v, want %v, %v", name, since, never, c.since, c.never)
		}
	}
}
