package monitoring_test

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"jalon/internal/calendar"
	. "jalon/internal/monitoring"
)

func TestARoundGoesOnStepByStepAndBackWithAReason(t *testing.T) {
	for name, c := range map[string]struct {
		from, to RoundState
		reason   bool
		want     error
	}{
		"the first step":                 {RoundOpen, RoundCollecting, false, nil},
		"into grace":                     {RoundCollecting, RoundGrace, false, nil},
		"without grace":                  {RoundCollecting, RoundPresented, true, ErrNoSuchStep},
		"presented after grace":          {RoundGrace, RoundPresented, false, nil},
		"sealed":                         {RoundPresented, RoundSealed, false, nil},
		"back without a reason":          {RoundPresented, RoundGrace, false, ErrReasonForIt},
		"back with a reason":             {RoundPresented, RoundGrace, true, nil},
		"back to open":                   {RoundCollecting, RoundOpen, true, nil},
		"two back":                       {RoundPresented, RoundCollecting, true, ErrNoSuchStep},
		"back from the seal":             {RoundSealed, RoundPresented, true, ErrNoSuchStep},
		"sealed before it was presented": {RoundGrace, RoundSealed, true, ErrNoSuchStep},
		"nowhere":                        {RoundGrace, RoundGrace, true, ErrNoSuchStep},
		"to no state":                    {RoundOpen, "", true, ErrNoSuchStep},
		"from no state":                  {"", RoundOpen, true, ErrNoSuchStep},
		"to an unknown state":            {RoundOpen, "closed", true, ErrNoSuchStep},
	} {
		if got := StepRound(c.from, c.to, c.reason); !errors.Is(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// Whatever is tried, a sealed round stays sealed, nothing goes back unexplained, and no state is jumped.
func TestNoWayAroundTheSteps(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		at, sealed := RoundOpen, false
		place := func(s RoundState) int {
			for i, known := range RoundStates {
				if s == known {
					return i
				}
			}
			return -1
		}
		for range rapid.IntRange(1, 30).Draw(r, "tries") {
			to := rapid.SampledFrom(append([]RoundState{"", "closed"}, RoundStates...)).Draw(r, "to")
			reason := rapid.Bool().Draw(r, "reason")
			if StepRound(at, to, reason) != nil {
				continue
			}
			step := place(to) - place(at)
			if sealed || step == 0 || step < -1 || step > 1 || step < 0 && !reason {
				r.Fatalf("from %s to %s, reason %v", at, to, reason)
			}
			at, sealed = to, to == RoundSealed
		}
	})
}

func TestAPartIsClosedWhileItLiesElsewhere(t *testing.T) {
	for name, c := range map[string]struct {
		part  Part
		state RoundState
		want  bool
	}{
		"being written":                {Part{}, RoundCollecting, false},
		"in grace":                     {Part{}, RoundGrace, false},
		"submitted":                    {Part{Last: Submitted}, RoundCollecting, true},
		"submitted, presented":         {Part{Last: Submitted}, RoundPresented, true},
		"returned":                     {Part{Last: Returned}, RoundGrace, false},
		"returned before the meeting":  {Part{Last: Returned}, RoundPresented, true},
		"returned from the meeting":    {Part{Last: Returned, Reopened: true}, RoundPresented, false},
		"silent while presented":       {Part{}, RoundPresented, true},
		"resubmitted from the meeting": {Part{Last: Submitted, Reopened: true}, RoundPresented, true},
		"returned, but sealed":         {Part{Last: Returned, Reopened: true}, RoundSealed, true},
	} {
		if got := c.part.Closed(c.state); got != c.want {
			t.Errorf("%s: closed %v, want %v", name, got, c.want)
		}
	}
}

func TestAnOpenRoundTakesPartsFromItsFirstDayOn(t *testing.T) {
	dates := UsualDates(calendar.HalfYear{Year: 2026, Half: 1})
	for name, c := range map[string]struct {
		state RoundState
		on    calendar.Date
		want  bool
	}{
		"open, the day before":       {RoundOpen, calendar.MustDate(2026, 6, 30), false},
		"open, on its first day":     {RoundOpen, calendar.MustDate(2026, 7, 1), true},
		"collecting before that day": {RoundCollecting, calendar.MustDate(2026, 6, 1), true},
		"returned from a meeting":    {RoundPresented, calendar.MustDate(2026, 9, 1), true},
	} {
		if got := dates.Takes(c.state, c.on); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestLateBeginsTheDayAfterTheDueDate(t *testing.T) {
	dates := UsualDates(calendar.HalfYear{Year: 2026, Half: 1})
	if dates.Due != calendar.MustDate(2026, 7, 10) || dates.Grace != calendar.MustDate(2026, 7, 31) {
		t.Fatalf("usual dates %+v", dates)
	}
	if d := UsualDates(calendar.HalfYear{Year: 2026, Half: 2}); d.Due != calendar.MustDate(2027, 1, 10) || d.Grace != calendar.MustDate(2027, 1, 31) {
		t.Fatalf("usual dates of the second half %+v", d)
	}
	for name, c := range map[string]struct {
		part Part
		on   calendar.Date
		want Lateness
	}{
		"on the due date":           {Part{}, dates.Due, InTime},
		"the day after":             {Part{}, dates.Due.AddDays(1), InGrace},
		"on the last day of grace":  {Part{}, dates.Grace, InGrace},
		"after grace":               {Part{}, dates.Grace.AddDays(1), PastAll},
		"submitted, long after":     {Part{Last: Submitted}, dates.Grace.AddDays(90), InTime},
		"returned, past all":        {Part{Last: Returned}, dates.Grace.AddDays(1), PastAll},
		"returned, still within it": {Part{Last: Returned}, dates.Due, InTime},
	} {
		if got := c.part.Late(dates, c.on); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
