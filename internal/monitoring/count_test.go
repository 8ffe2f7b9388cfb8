package monitoring

import (
	"testing"

	"jalon/internal/calendar"
	"jalon/internal/progress"
)

func TestOnlyWhatWasOwedCounts(t *testing.T) {
	inPeriod := &Entry{AsOf: calendar.MustDate(2026, 6, 30)}
	before := &Entry{AsOf: calendar.MustDate(2025, 12, 31)}
	table := Table{Period: calendar.HalfYear{Year: 2026, Half: 1}, Rows: []Row{
		{Now: Cell{progress.OnTrack, inPeriod}},
		{Now: Cell{progress.NotReported, before}},
		{Now: Cell{progress.Late, nil}},
		{Now: Cell{progress.NotExpected, nil}},
		{Now: Cell{progress.Achieved, before}},
		{Now: Cell{progress.Achieved, inPeriod}},
		{Now: Cell{progress.NothingToReport, inPeriod}},
	}}
	counts, reported, owed := table.Counts()
	if reported != 3 || owed != 5 {
		t.Errorf("%d of %d reported, want 3 of 5", reported, owed)
	}
	if counts[progress.Achieved] != 2 || counts[progress.NotReported] != 1 {
		t.Errorf("counts %v", counts)
	}
}
