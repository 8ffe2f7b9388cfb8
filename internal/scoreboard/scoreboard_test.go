package scoreboard

import (
	"testing"
	"time"

	"jalon/internal/calendar"
	"jalon/internal/indicator"
)

func day(month time.Month, of int) calendar.Date { return calendar.MustDate(2026, month, of) }

func TestAMeasureIsOverdueFromTheDayAfter(t *testing.T) {
	moved := Measure{FirstDue: day(3, 31), Steps: []Step{{Kind: Moved, Due: day(6, 30)}}}
	for name, c := range map[string]struct {
		m    Measure
		on   calendar.Date
		want State
	}{
		"on its day":       {Measure{FirstDue: day(3, 31)}, day(3, 31), Running},
		"the day after":    {Measure{FirstDue: day(3, 31)}, day(4, 1), Overdue},
		"moved":            {moved, day(4, 1), Running},
		"moved, and later": {moved, day(7, 1), Overdue},
		"done too late":    {Measure{FirstDue: day(3, 31), Steps: []Step{{Kind: Done}}}, day(9, 1), WasDone},
		"given up":         {Measure{FirstDue: day(3, 31), Steps: []Step{{Kind: Dropped}}}, day(9, 1), WasGivenUp},
	} {
		if got := c.m.State(c.on); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// What was done speaks to a figure until a later one shows what it brought.
func TestAnIndicatorOffItsPathIsUnansweredWithoutAMeasure(t *testing.T) {
	done := Measure{Steps: []Step{{Kind: Done, Said: Said{On: day(5, 1)}}}}
	for name, c := range map[string]struct {
		verdict  indicator.Verdict
		figure   calendar.Date
		measures []Measure
		want     bool
	}{
		"off, nothing done":             {indicator.OffPath, day(6, 30), nil, true},
		"off, a measure runs":           {indicator.OffPath, day(6, 30), []Measure{{}}, false},
		"off, done since the figure":    {indicator.OffPath, day(3, 31), []Measure{done}, false},
		"off again after it was done":   {indicator.OffPath, day(6, 30), []Measure{done}, true},
		"off, given up":                 {indicator.OffPath, day(6, 30), []Measure{{Steps: []Step{{Kind: Dropped, Said: Said{On: day(7, 1)}}}}}, true},
		"on the path":                   {indicator.OnPath, day(6, 30), nil, false},
		"no path, so nothing to answer": {"", day(6, 30), nil, false},
	} {
		r := Row{Standing: indicator.Standing{Verdict: c.verdict, Last: &indicator.Point{On: c.figure}}, Notes: Notes{Measures: c.measures}}
		if got := r.Unanswered(); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

func TestTheNextCheckIsACadenceAfterTheLastOfTheBody(t *testing.T) {
	b := Board{Definition: Definition{ValidFrom: day(1, 15), CheckEvery: indicator.Quarterly}}
	if got := b.NextCheck(); got != day(4, 15) {
		t.Errorf("never checked: %s", got)
	}
	b.Checks = []Check{{Mandate: "A", Said: Said{On: day(6, 1)}}, {Said: Said{On: day(5, 1)}}}
	if got := b.NextCheck(); got != day(8, 1) {
		t.Errorf("checked by the body in May, by a holder in June: %s", got)
	}
}
