package indicator

import (
	"math/big"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"jalon/internal/calendar"
)

func num(s string) *decimal.Decimal {
	if s == "" {
		return nil
	}
	d := decimal.RequireFromString(s)
	return &d
}

// exact is a number as formulas compute with it; nil for none.
func exact(s string) *big.Rat {
	if n := num(s); n != nil {
		return rat(*n)
	}
	return nil
}

func day(year, month, of int) calendar.Date {
	return calendar.Date{Year: year, Month: time.Month(month), Day: of}
}

func TestAchievementInEveryDirection(t *testing.T) {
	for name, c := range map[string]struct {
		direction                      Direction
		baseline, current, goal, upper string
		reason                         Reason
		percent, bar                   string
		worse, met                     bool
	}{
		"down, at the start":                 {direction: Down, baseline: "8", current: "8.0", goal: "6", percent: "0", bar: "0"},
		"down, half-way":                     {direction: Down, baseline: "8", current: "7.0", goal: "6", percent: "50", bar: "50"},
		"down, beyond":                       {direction: Down, baseline: "8", current: "5.5", goal: "6", percent: "125", bar: "100", met: true},
		"down, worse than the start":         {direction: Down, baseline: "8", current: "9.0", goal: "6", percent: "-50", bar: "0", worse: true},
		"up, a third":                        {direction: Up, baseline: "0", current: "1", goal: "3", percent: "33.3", bar: "33.3"},
		"up, nearly is not there":            {direction: Up, baseline: "0", current: "99.97", goal: "100", percent: "99.9", bar: "99.9"},
		"up, a little is not nothing":        {direction: Up, baseline: "0", current: "0.01", goal: "100", percent: "0.1", bar: "0.1"},
		"up, a little worse is not the same": {direction: Up, baseline: "0", current: "-0.01", goal: "100", percent: "-0.1", bar: "0", worse: true},
		"up, reached":                        {direction: Up, baseline: "20", current: "40", goal: "40", percent: "100", bar: "100", met: true},
		"up, from below zero":                {direction: Up, baseline: "-10", current: "-5", goal: "10", percent: "25", bar: "25"},
		"up, to zero":                        {direction: Up, baseline: "-4", current: "-1", goal: "0", percent: "75", bar: "75"},
		"down, below zero":                   {direction: Down, baseline: "0", current: "-3", goal: "-4", percent: "75", bar: "75"},
		"zero is a value":                    {direction: Down, baseline: "10", current: "0", goal: "0", percent: "100", bar: "100", met: true},
		"baseline is the target, kept":       {direction: Up, baseline: "5", current: "7", goal: "5", reason: NoDistance, met: true},
		"baseline is the target, not kept":   {direction: Down, baseline: "5", current: "7", goal: "5", reason: NoDistance},
		"zero for baseline and target":       {direction: Up, baseline: "0", current: "0", goal: "0", reason: NoDistance, met: true},
		"no value":                           {direction: Up, baseline: "0", goal: "5", reason: NoValue},
		"no baseline":                        {direction: Up, current: "3", goal: "5", reason: NoBaseline},
		"no target":                          {direction: Up, baseline: "0", current: "3", reason: NoTarget},
		"at least, kept":                     {direction: AtLeast, current: "92", goal: "90", reason: IsBound, met: true},
		"at least, on the bound":             {direction: AtLeast, current: "90", goal: "90", reason: IsBound, met: true},
		"at least, not kept":                 {direction: AtLeast, baseline: "50", current: "89.9", goal: "90", reason: IsBound},
		"at most, kept":                      {direction: AtMost, current: "-1", goal: "0", reason: IsBound, met: true},
		"at most, not kept":                  {direction: AtMost, current: "5.1", goal: "5", reason: IsBound},
		"between, below":                     {direction: Between, current: "3", goal: "4", upper: "6", reason: IsBound},
		"between, on the lower":              {direction: Between, current: "4", goal: "4", upper: "6", reason: IsBound, met: true},
		"between, on the upper":              {direction: Between, current: "6", goal: "4", upper: "6", reason: IsBound, met: true},
		"between, above":                     {direction: Between, current: "6.01", goal: "4", upper: "6", reason: IsBound},
	} {
		var goal *Milestone
		if c.goal != "" {
			goal = &Milestone{Value: *num(c.goal)}
		}
		if c.upper != "" {
			goal.Upper = *num(c.upper)
		}
		got := achieve(c.direction, exact(c.current), exact(c.baseline), goal)
		percent, bar := got.Percent.String(), got.Bar.String()
		if c.percent == "" { // nothing is said, not even nought
			c.percent, c.bar = "0", "0"
		}
		if got.Reason != c.reason || percent != c.percent || bar != c.bar || got.Worse != c.worse || got.Met != c.met {
			t.Errorf("%s: %+v (%s %%, bar %s)", name, got, percent, bar)
		}
	}
}

// Arithmetic that floats get wrong.
func TestFiguresAreExact(t *testing.T) {
	got := achieve(Up, exact("0.3"), exact("0.1"), &Milestone{Value: *num("0.5")})
	if !got.Percent.Equal(decimal.NewFromInt(50)) {
		t.Errorf("0.1 → 0.3 of 0.5: %s", got.Percent)
	}
	m := Measurement{Numerator: num("2"), Denominator: num("3")}
	if r, ok := m.figure(100); !ok || round(r, 2).String() != "66.67" {
		t.Errorf("2 of 3: %v", r)
	}
	if _, ok := (Measurement{Numerator: num("2"), Denominator: num("0")}).figure(100); ok {
		t.Error("2 of nothing is a figure")
	}
}

func TestThePathLeadsFromTheBaselineOverTheMilestones(t *testing.T) {
	up := Definition{Direction: Up, Baseline: num("10"), BaselineOn: day(2025, 1, 1), Milestones: []Milestone{
		{On: day(2025, 1, 11), Value: *num("20")}, {On: day(2026, 1, 11), Value: *num("93")},
	}}
	atMost := Definition{Direction: AtMost, Milestones: []Milestone{{On: day(2025, 1, 1), Value: *num("5")}, {On: day(2026, 1, 1), Value: *num("4")}}}
	for name, c := range map[string]struct {
		d    Definition
		on   calendar.Date
		want string
	}{
		"before the baseline": {up, day(2024, 12, 31), ""}, "on the baseline": {up, day(2025, 1, 1), "10"}, "half-way": {up, day(2025, 1, 6), "15"},
		"on a milestone": {up, day(2025, 1, 11), "20"}, "a day further": {up, day(2025, 1, 12), "20.2"}, "after the last": {up, day(2030, 1, 1), "93"},
		"a bound before it begins": {atMost, day(2024, 12, 31), ""}, "a bound": {atMost, day(2025, 12, 31), "5"}, "the next bound": {atMost, day(2026, 1, 1), "4"},
		"no milestone": {Definition{Direction: Up, Baseline: num("1"), BaselineOn: day(2025, 1, 1)}, day(2026, 1, 1), ""},
	} {
		got, ok := c.d.Path(c.on)
		if ok != (c.want != "") || ok && !got.Value.Equal(*num(c.want)) {
			t.Errorf("%s: %s %v, want %q", name, got.Value, ok, c.want)
		}
	}
	line := atMost.PathLine(day(2025, 6, 1), day(2026, 6, 1))
	if len(line) != 4 || !line[1].Value.Equal(*num("5")) || !line[2].Value.Equal(*num("4")) || line[2].On != day(2026, 1, 1) {
		t.Errorf("the line of a bound: %+v", line)
	}
}
