package progress

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jalon/internal/calendar"
)

var (
	period = calendar.HalfYear{Year: 2026, Half: 1}
	before = calendar.MustDate(2025, time.November, 3)
	during = calendar.MustDate(2026, time.June, 15)
	end    = period.End()
)

func TestWhereOneTargetStands(t *testing.T) {
	due2025 := Duty{Due: calendar.MustDate(2025, time.December, 31)}
	dueNow := Duty{Due: calendar.MustDate(2026, time.June, 30)}
	for name, c := range map[string]struct {
		latest Latest
		duty   Duty
		want   Standing
	}{
		"silence is not reported":               {Latest{}, Duty{}, Standing{Status: NotReported, Owed: true}},
		"an old entry does not break silence":   {Latest{OnTrack, before}, Duty{}, Standing{Status: NotReported, Owed: true}},
		"a report counts":                       {Latest{OnTrack, during}, Duty{}, Standing{Status: OnTrack, Owed: true, Reported: true}},
		"nothing to report is a report":         {Latest{NothingToReport, during}, Duty{}, Standing{Status: NothingToReport, Owed: true, Reported: true}},
		"a closed target owes nothing":          {Latest{Achieved, before}, due2025, Standing{Status: Achieved}},
		"closing it is a report":                {Latest{Achieved, during}, due2025, Standing{Status: Achieved, Owed: true, Reported: true}},
		"not expected before its first day":     {Latest{}, Duty{OwedFrom: calendar.MustDate(2026, time.July, 1)}, Standing{Status: NotExpected}},
		"expected in the half-year it begins":   {Latest{}, Duty{OwedFrom: calendar.MustDate(2026, time.June, 30)}, Standing{Status: NotReported, Owed: true}},
		"the last day counts in full":           {Latest{OnTrack, during}, dueNow, Standing{Status: OnTrack, Owed: true, Reported: true, LateFrom: calendar.MustDate(2026, time.July, 1)}},
		"late although on track":                {Latest{OnTrack, during}, due2025, Standing{Status: Late, Owed: true, Reported: true, LateFrom: calendar.MustDate(2026, time.January, 1)}},
		"late and silent":                       {Latest{}, due2025, Standing{Status: Late, Owed: true, LateFrom: calendar.MustDate(2026, time.January, 1)}},
		"compromised is weaker than late":       {Latest{Compromised, during}, due2025, Standing{Status: Compromised, Owed: true, Reported: true, LateFrom: calendar.MustDate(2026, time.January, 1)}},
		"achieved after its day is not late":    {Latest{Achieved, during}, due2025, Standing{Status: Achieved, Owed: true, Reported: true}},
		"stopped is closed too":                 {Latest{Stopped, before}, Duty{}, Standing{Status: Stopped}},
		"an early report on a later duty shows": {Latest{Attention, during}, Duty{OwedFrom: calendar.MustDate(2026, time.July, 1)}, Standing{Status: Attention, Owed: true, Reported: true}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, Stand(c.latest, c.duty, period, end)); diff != "" {
				t.Errorf("want -, got +:\n%s", diff)
			}
		})
	}
}

func TestLateBeginsTheDayAfter(t *testing.T) {
	duty := Duty{Due: calendar.MustDate(2024, time.December, 31)}
	h := calendar.HalfYear{Year: 2024, Half: 2}
	if got := Stand(Latest{OnTrack, duty.Due}, duty, h, duty.Due); got.Status != OnTrack {
		t.Errorf("on the last day: %s", got.Status)
	}
	next := calendar.HalfYear{Year: 2025, Half: 1}
	if got := Stand(Latest{OnTrack, duty.Due}, duty, next, duty.Due.AddDays(1)); got.Status != Late {
		t.Errorf("the day after: %s", got.Status)
	}
}

func TestAnObjectiveShowsItsWeakestOpenTarget(t *testing.T) {
	r := Roll([]Standing{
		{Status: Achieved}, {Status: OnTrack, Owed: true, Reported: true}, {Status: NotReported, Owed: true}, {Status: Attention, Owed: true, Reported: true},
	})
	want := RollUp{Status: NotReported, Reported: 2, Owed: 3, Counts: map[Status]int{Achieved: 1, OnTrack: 1, NotReported: 1, Attention: 1}}
	if diff := cmp.Diff(want, r); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
	if r := Roll([]Standing{{Status: Stopped}, {Status: Achieved}}); r.Status != Achieved {
		t.Errorf("all closed: %s, want achieved", r.Status)
	}
	if r := Roll(nil); r.Status != "" || r.Owed != 0 {
		t.Errorf("no targets: %+v, want nothing", r)
	}
}

func standings() *rapid.Generator[[]Standing] {
	one := rapid.Custom(func(t *rapid.T) Standing {
		latest := Latest{
			rapid.SampledFrom(append([]Status{""}, Entered...)).Draw(t, "status"),
			calendar.MustDate(2025, 1, 1).AddDays(rapid.IntRange(0, 545).Draw(t, "as of")),
		}
		if latest.Status == "" {
			latest.AsOf = calendar.Date{}
		}
		var duty Duty
		if rapid.Bool().Draw(t, "due") {
			duty.Due = calendar.MustDate(2024, 1, 1).AddDays(rapid.IntRange(0, 1500).Draw(t, "due on"))
		}
		// as packed: before anything can be late
		return Stand(latest, duty, period, calendar.MustDate(calendar.MinYear, 1, 1))
	})
	return rapid.SliceOfN(one, 0, 40)
}

// What a cell says on any day is what a roll-up of that day would say.
func TestAPackedCellAgreesWithTheRollUpOfAnyDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := standings().Draw(t, "standings")
		day := calendar.MustDate(2023, 6, 1).AddDays(rapid.IntRange(0, 2000).Draw(t, "day"))
		packed := Roll(list)
		status, reported, owed := packed.Pack().Unpack(packed.LateFrom, day)

		onTheDay := make([]Standing, len(list))
		for i, s := range list {
			if !s.LateFrom.IsZero() && !day.Before(s.LateFrom) {
				s.Status = Weaker(s.Status, Late)
			}
			onTheDay[i] = s
		}
		want := Roll(onTheDay)
		if status != want.Status || reported != want.Reported || owed != want.Owed {
			t.Fatalf("cell says %s %d/%d, roll-up %s %d/%d", status, reported, owed, want.Status, want.Reported, want.Owed)
		}
	})
}

func TestSilenceIsNeverGreen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := Roll(standings().Draw(t, "standings"))
		if r.Reported < r.Owed && (r.Status == OnTrack || r.Status == Achieved || r.Status == NothingToReport || r.Status == Attention) {
			t.Fatalf("%d of %d reported, and the objective shows %s", r.Reported, r.Owed, r.Status)
		}
	})
}

func TestEveryStatusHasItsOwnSeverity(t *testing.T) {
	seen := map[int]Status{}
	for status, n := range severity {
		if other, taken := seen[n]; taken {
			t.Errorf("%q and %q both have %d", status, other, n)
		}
		seen[n] = status
		if bySeverity[n] != status {
			t.Errorf("%d unpacks to %q, want %q", n, bySeverity[n], status)
		}
	}
}
