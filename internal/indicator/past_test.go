package indicator

import (
	"slices"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"jalon/internal/calendar"
)

// knownOf gives what was known of records when so many measurements had been
// recorded, and as they were defined then.
func knownOf(all []Recorded, until int64, defined func(*Recorded)) []Recorded {
	then := slices.Clone(all)
	for i := range then {
		then[i].Measurements = slices.DeleteFunc(slices.Clone(then[i].Measurements), func(m Measurement) bool { return m.ID > until })
		defined(&then[i])
	}
	return then
}

// Who looks back sees no figure of a small group that is kept back today: not one
// that was of a larger group before it was mended, and not one that tells another by
// subtraction since parts came, or since parts add up.
func TestThePastShowsNoFigureThatIsKeptBackToday(t *testing.T) {
	days := []calendar.Date{day(2026, 3, 31), day(2026, 6, 30)}
	rapid.Check(t, func(t *rapid.T) {
		min := rapid.IntRange(2, 20).Draw(t, "min")
		all := []Recorded{measured("T", 0), measured("PA", min), measured("PB", 0), measured("PC", 0)}
		all[0].AddsUp, all[0].Parts = true, []string{"PA", "PB", "PC"}
		n := rapid.Int64Range(1, 16).Draw(t, "measurements")
		for id := int64(1); id <= n; id++ {
			size := rapid.IntRange(1, 30).Draw(t, "people")
			m := people(rapid.SampledFrom(days).Draw(t, "day"), decimal.NewFromInt(int64(size)).String(), size)
			m.ID = id
			r := &all[rapid.IntRange(0, 3).Draw(t, "of")]
			r.Measurements = append(r.Measurements, m)
		}
		shown := map[int64]bool{}
		for _, one := range Assemble(all, Facts{}, days[1], nil).All {
			for _, p := range one.Points {
				if !p.Hidden {
					shown[p.Recorded.ID] = true
				}
			}
		}
		apart := rapid.Bool().Draw(t, "did not add up then")
		then := knownOf(all, rapid.Int64Range(0, n).Draw(t, "known"), func(r *Recorded) {
			if apart {
				r.AddsUp, r.Parts = false, nil
			}
		})
		back := Assemble(then, Facts{}, rapid.SampledFrom(days).Draw(t, "as of"), KeptBack(all))
		for _, one := range back.All {
			for _, p := range one.Points {
				if !p.Hidden && !shown[p.Recorded.ID] {
					t.Fatalf("%s shows figure %d of %s", one.Code, p.Recorded.ID, p.On)
				}
			}
			for _, m := range one.History {
				if m.Value != nil && !shown[m.ID] {
					t.Fatalf("the history of %s shows figure %d", one.Code, m.ID)
				}
			}
		}
	})
}

// What no minimum protects, today or then, is shown as it was known.
func TestThePastShowsWhatNothingProtects(t *testing.T) {
	on := day(2026, 6, 30)
	first, second := people(on, "3", 4), people(on, "7", 4)
	first.ID, second.ID = 1, 2
	all := []Recorded{measured("A", 0, first, second)}
	s := Assemble(knownOf(all, 1, func(*Recorded) {}), Facts{}, on, KeptBack(all)).Find("A")
	if len(s.Points) != 1 || s.Points[0].Hidden || s.Points[0].Value.String() != "3" {
		t.Errorf("%+v", s.Points)
	}
}
