package indicator

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"jalon/internal/calendar"
	"jalon/internal/deadline"
	"jalon/internal/duty"
)

func measured(code string, min int, all ...Measurement) Recorded {
	return Recorded{Indicator: Indicator{ID: int64(len(code)), Code: code, MinGroup: min, Definition: Definition{Origin: Measured, Direction: Up, Decimals: 1}}, Measurements: all}
}

func value(on calendar.Date, n string) Measurement { return Measurement{On: on, Value: num(n)} }

// people is a value of so many people.
func people(on calendar.Date, n string, people int) Measurement {
	return Measurement{ID: int64(people), On: on, Value: num(n), People: people}
}

func TestTheLastValueOfADayCounts(t *testing.T) {
	on := day(2026, 6, 30)
	r := measured("A", 0, value(on, "1"), value(day(2026, 3, 31), "5"), value(on, "2"), value(day(2026, 12, 31), "9"), Measurement{On: day(2026, 3, 31), Withdrawn: true})
	s := Assemble([]Recorded{r}, Facts{}, day(2026, 11, 24), nil).Find("A")
	if len(s.Points) != 1 || s.Points[0].Value.String() != "2" || len(s.History) != 5 {
		t.Errorf("points %+v, %d in the history", s.Points, len(s.History))
	}
	if s.History[0].Hidden || s.History[0].Value != nil || s.History[2].Value.String() != "2" {
		t.Errorf("history %+v", s.History)
	}
}

func TestAFormulaInventsNothingBetweenTwoMeasurements(t *testing.T) {
	f := Recorded{Indicator: Indicator{Code: "F", Definition: Definition{Origin: FromFormula, Formula: "A ÷ B × 100", Decimals: 2}}}
	g := Recorded{Indicator: Indicator{Code: "G", Definition: Definition{Origin: FromFormula, Formula: "F + 1", Decimals: 0}}}
	circle := Recorded{Indicator: Indicator{Code: "H", Definition: Definition{Origin: FromFormula, Formula: "H + 1"}}}
	one, two := day(2026, 3, 31), day(2026, 6, 30)
	sheet := Assemble([]Recorded{g, f, circle, measured("A", 0, value(one, "1"), value(two, "2")), measured("B", 0, value(two, "3"))}, Facts{}, two, nil)
	if p := sheet.Find("F").Points; len(p) != 1 || p[0].On != two || p[0].Value.String() != "66.67" {
		t.Errorf("F %+v", p)
	}
	if p := sheet.Find("G").Points; len(p) != 1 || p[0].Value.String() != "68" { // 67.666…, not 67.67 rounded again
		t.Errorf("G %+v", p)
	}
	if !sheet.Find("H").Broken || sheet.Find("G").Broken {
		t.Error("a circle is not told, or what is none is")
	}
}

func TestNoFigureBelowTheMinimumGroup(t *testing.T) {
	on := day(2026, 6, 30)
	total := measured("T", 10, people(on, "30", 120))
	total.AddsUp, total.Parts = true, []string{"A", "B", "C"}
	for name, c := range map[string]struct {
		a, b, c int // people; 0 for nothing recorded
		shown   string
	}{
		"all large":                 {50, 40, 30, "TABC"},
		"one small takes another":   {70, 45, 5, "TA"},
		"two small, enough":         {105, 9, 6, "TA"},
		"two small, too few":        {112, 5, 3, "T"},
		"one missing could be read": {70, 45, 0, "T"},
	} {
		all := []Recorded{total}
		for code, n := range map[string]int{"A": c.a, "B": c.b, "C": c.c} {
			r := measured(code, 0) // its part of the sum is protected all the same
			if n > 0 {
				r.Measurements = []Measurement{people(on, "10", n)}
			}
			all = append(all, r)
		}
		f := Recorded{Indicator: Indicator{Code: "X", Definition: Definition{Origin: FromFormula, Formula: "T − A − B"}}}
		sheet := Assemble(append(all, f), Facts{}, on, nil)
		shown := ""
		for _, code := range []string{"T", "A", "B", "C"} {
			if p := sheet.Find(code).Points; len(p) > 0 && !p[0].Hidden {
				shown += code
			}
		}
		if shown != c.shown {
			t.Errorf("%s: shows %s, want %s", name, shown, c.shown)
		}
		if p := sheet.Find("X").Points; c.shown != "TABC" && (len(p) != 1 || !p[0].Hidden || !p[0].Value.IsZero()) {
			t.Errorf("%s: a formula finds it: %+v", name, p)
		}
	}
}

// Whether a formula has a figure on a day tells nothing of one that is kept back:
// else 1 ÷ (A − 8) would tell that A is 8.
func TestAFormulaAsksNothingOfASmallGroup(t *testing.T) {
	on := day(2026, 6, 30)
	for formula, points := range map[string]int{"1 ÷ (A − 8)": 1, "1 ÷ (A − 7)": 1, "B ÷ (A − 8)": 1, "count(D) ÷ C": 1, "1 ÷ (A − A)": 0, "E ÷ A": 0} {
		f := Recorded{Indicator: Indicator{Code: "F", Definition: Definition{Origin: FromFormula, Formula: formula}}}
		c := Recorded{Indicator: Indicator{Code: "C", Definition: Definition{Origin: FromFormula, Formula: "F + A"}}}
		d := Recorded{Indicator: Indicator{Code: "D", Definition: Definition{Origin: FromFormula, Formula: "1 ÷ (A − 8)"}}}
		all := []Recorded{measured("A", 10, people(on, "8", 4)), measured("B", 0, value(on, "2")), measured("E", 0), f, d}
		if strings.Contains(formula, "C") {
			c.Formula = "A − 8"
			all = append(all, c)
		}
		got := Assemble(all, Facts{}, on, nil).Find("F").Points
		if len(got) != points || points == 1 && (!got[0].Hidden || got[0].exact != nil || !got[0].Value.IsZero()) {
			t.Errorf("%s: %+v", formula, got)
		}
	}
}

// Of what a formula cannot compute nobody says that nothing was measured.
func TestAFormulaWithoutAResultSaysSo(t *testing.T) {
	on := day(2026, 6, 30)
	f := Recorded{Indicator: Indicator{Code: "F", Definition: Definition{Origin: FromFormula, Formula: "A ÷ B"}}}
	sheet := Assemble([]Recorded{measured("A", 0, value(on, "1")), measured("B", 0, value(on, "0")), measured("C", 0), f}, Facts{}, on, nil)
	for code, want := range map[string]Reason{"F": NoResult, "C": NoValue} {
		if got := sheet.Find(code).Stand().Achieved.Reason; got != want {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
}

func TestWhatIsKeptBackIsGone(t *testing.T) {
	on := day(2026, 6, 30)
	r := measured("A", 10, people(on, "3", 50), people(on, "7", 4), people(day(2026, 3, 31), "8", 60))
	r.Measurements[0].Note, r.Measurements[1].Note = "drie", "zeven"
	s := Assemble([]Recorded{r}, Facts{}, on, nil).Find("A")
	if text := fmt.Sprintf("%+v", s.Points[1].Recorded); s.Points[1].exact != nil || !s.Points[1].Value.IsZero() || s.Points[1].Recorded.Value != nil || s.Points[1].Recorded.People != 0 {
		t.Errorf("still there: %s", text)
	}
	for _, m := range s.History {
		if shown := m.Value != nil; shown != (m.On != on) || !shown && m.Note != "" {
			t.Errorf("history of %s: %+v", m.On, m)
		}
	}
	if st := s.Stand(); st.Last == nil || st.Last.Value.String() != "8" || !st.Kept {
		t.Errorf("standing %+v", st)
	}
}

// Whatever the numbers: from what is shown nobody can compute a figure of a group
// that is too small, alone or several together.
func TestSubtractionFindsNoSmallGroup(t *testing.T) {
	on := day(2026, 6, 30)
	rapid.Check(t, func(t *rapid.T) {
		min := rapid.IntRange(1, 20).Draw(t, "min")
		sizes := rapid.SliceOfN(rapid.IntRange(1, 30), 2, 6).Draw(t, "sizes")
		whole := measured("T", min)
		whole.AddsUp = true
		all, sum := []Recorded{}, 0
		for i, n := range sizes {
			code := "P" + string(rune('A'+i))
			whole.Parts = append(whole.Parts, code)
			all = append(all, measured(code, 0, people(on, decimal.NewFromInt(int64(n)).String(), n)))
			sum += n
		}
		whole.Measurements = []Measurement{people(on, decimal.NewFromInt(int64(sum)).String(), sum)}
		sheet := Assemble(append(all, whole), Facts{}, on, nil)
		hidden, rest := 0, 0
		for i, code := range whole.Parts {
			p := sheet.Find(code).Points[0]
			if !p.Hidden && sizes[i] < min {
				t.Fatalf("%s of %d is shown", code, sizes[i])
			}
			if p.Hidden {
				hidden++
				rest += sizes[i]
			}
		}
		if open := !sheet.Find("T").Points[0].Hidden; open && (hidden == 1 || hidden > 0 && rest < min) {
			t.Fatalf("subtraction gives a group of %d", rest)
		} else if !open && hidden == 0 {
			t.Fatal("addition gives the whole")
		}
	})
}

// A part that a formula computes is as good as what it is computed from: T − B − C
// would tell A. A part that is computed from the whole tells nothing of its own.
func TestAPartThatAFormulaComputesTellsNoSmallGroup(t *testing.T) {
	on := day(2026, 6, 30)
	rest := func(formula string) Recorded {
		return Recorded{Indicator: Indicator{Code: "R", Definition: Definition{Origin: FromFormula, Formula: formula}}}
	}
	inner := Recorded{Indicator: Indicator{Code: "I", Definition: Definition{Origin: FromFormula, Formula: "C + 0"}}}
	for name, c := range map[string]struct {
		formula string
		small   int
		shown   string
	}{
		"two others":          {"B + C", 4, "TC"},
		"through another":     {"B + I", 4, "TC"},
		"all large":           {"B + C", 40, "TABC"},
		"what is left of all": {"T − A", 4, "TBC"},
	} {
		whole := measured("T", 10, people(on, "30", 200))
		whole.AddsUp, whole.Parts = true, []string{"A", "R"}
		all := []Recorded{whole, measured("A", 10, people(on, "3", c.small)), measured("B", 0, people(on, "7", 60)), measured("C", 0, people(on, "20", 100)), inner, rest(c.formula)}
		sheet, shown := Assemble(all, Facts{}, on, nil), ""
		for _, code := range []string{"T", "A", "B", "C", "R"} {
			if p := sheet.Find(code).Points; len(p) > 0 && !p[0].Hidden {
				shown += code
			}
		}
		if strings.TrimSuffix(shown, "R") != c.shown || c.small < 10 && strings.HasSuffix(shown, "R") {
			t.Errorf("%s: shows %s, want %s", name, shown, c.shown)
		}
	}
}

func TestWhatIsCountedFromEventsAndDuties(t *testing.T) {
	target := func(late calendar.Date, state duty.State, inTime bool, event *duty.Event, reason string) duty.Duty {
		d := duty.Duty{Late: late, State: state, Event: event, Reason: deadline.Reason{Code: reason}}
		if state == duty.Done {
			d.Closing = &duty.Closing{InTime: inTime}
		}
		return d
	}
	visit := func(id int64, until calendar.Date) duty.Event {
		return duty.Event{ID: id, Kind: duty.Kind{Code: "mission"}, From: until, Until: until}
	}
	one, two, other := visit(1, day(2025, 3, 10)), visit(2, day(2025, 5, 1)), visit(3, day(2026, 8, 1))
	facts := Facts{
		Events: []duty.Event{one, two, other, {ID: 4, Kind: duty.Kind{Code: "meeting"}, Until: day(2025, 3, 1)}},
		Duties: []duty.Duty{
			target(day(2025, 3, 9), duty.Done, true, &one, deadline.ReasonBefore), target(day(2025, 3, 20), duty.Done, false, &one, deadline.ReasonAfter),
			target(day(2025, 4, 30), duty.Late, false, &two, deadline.ReasonBefore), target(day(2025, 2, 1), duty.Waived, false, nil, deadline.ReasonDate),
			target(day(2025, 1, 1), duty.PastAtImport, false, nil, deadline.ReasonDate), target(day(2026, 12, 31), duty.Open, false, nil, deadline.ReasonDate),
		},
	}
	for name, c := range map[string]struct {
		d    Definition
		want string
	}{
		"in time":         {Definition{Origin: FromDuties, Per: 100, Decimals: 1}, "2025-06-30=33.3"},
		"events":          {Definition{Origin: FromEvents, EventKind: "mission", EventCount: CountEvents}, "2025-06-30=2 2025-12-31=0 2026-06-30=0"},
		"events by year":  {Definition{Origin: FromEvents, EventKind: "mission", EventCount: CountEvents, Cadence: Yearly}, "2025-12-31=2"},
		"reported before": {Definition{Origin: FromEvents, EventKind: "mission", EventCount: ReportBefore, Per: 100}, "2025-06-30=50"},
		"before and after, by quarter": {
			Definition{Origin: FromEvents, EventKind: "mission", EventCount: ReportBoth, Cadence: Quarterly, Per: 100},
			"2025-03-31=100 2025-06-30=0 2026-09-30=0",
		},
	} {
		s := Assemble([]Recorded{{Indicator: Indicator{Code: "D", Definition: c.d}}}, facts, day(2026, 11, 24), nil).Find("D")
		got := ""
		for i, p := range s.Points {
			if i > 0 {
				got += " "
			}
			got += p.On.String() + "=" + p.Value.String()
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestStandingToThePath(t *testing.T) {
	r := measured("A", 0, value(day(2025, 1, 1), "8"), value(day(2026, 1, 1), "7.5"))
	r.Direction, r.Baseline, r.BaselineOn, r.Milestones = Down, num("8"), day(2025, 1, 1), []Milestone{{On: day(2027, 1, 1), Value: *num("6")}}
	st := Assemble([]Recorded{r}, Facts{}, day(2026, 6, 1), nil).Find("A").Stand()
	if st.Verdict != OffPath || st.Trend != Better || st.Achieved.Percent.String() != "25" || !st.Path.Value.Equal(*num("7")) {
		t.Errorf("%+v", st)
	}
	apart := Recorded{Indicator: Indicator{Code: "K", Definition: Definition{Origin: InParts, Parts: []string{"A", "B"}}}}
	if st := Assemble([]Recorded{apart}, Facts{}, day(2026, 6, 1), nil).Find("K").Stand(); st.Achieved.Reason != Apart || st.Last != nil {
		t.Errorf("parts of different units have one figure: %+v", st)
	}
}

func TestDefinitionsThatCannotBe(t *testing.T) {
	others := map[string]Definition{"A": {Origin: Measured}, "F": {Origin: FromFormula, Formula: "X + 1"}, "K": {Origin: InParts}}
	up := Definition{Direction: Up, Baseline: num("5"), BaselineOn: day(2025, 1, 1)}
	with := func(change func(*Definition)) Definition {
		d := up
		change(&d)
		return d
	}
	for want, d := range map[string]Definition{
		"baseline":          {Direction: Up, Baseline: num("5")},
		"direction_up":      with(func(d *Definition) { d.Milestones = []Milestone{{On: day(2026, 1, 1), Value: *num("4")}} }),
		"milestones_before": with(func(d *Definition) { d.Milestones = []Milestone{{On: day(2024, 1, 1), Value: *num("9")}} }),
		"milestones_upper":  {Direction: Between, Milestones: []Milestone{{On: day(2024, 1, 1), Value: *num("9"), Upper: *num("8")}}},
		"parts_two":         {Origin: InParts, Parts: []string{"A"}},
		"parts_self":        {Origin: InParts, Parts: []string{"A", "X"}},
		"parts_unknown":     {Origin: InParts, Parts: []string{"A", "Q"}},
		"formula_unknown":   {Origin: FromFormula, Formula: "A + Q"},
		"formula_circle":    {Origin: FromFormula, Formula: "A + F"},
		"formula_apart":     {Origin: FromFormula, Formula: "K + 1"},
		"formula_nothing":   {Origin: FromFormula, Formula: "1 + 1"},
		"event_kind":        {Origin: FromEvents},
	} {
		faults := d.Check("X", others)
		if len(faults) != 1 || faults[0].Key != want {
			t.Errorf("%s: %v", want, faults)
		}
	}
	if faults := up.Check("X", others); len(faults) > 0 {
		t.Errorf("a sound one: %v", faults)
	}
	for formula, never := range map[string]bool{
		"A / 0": true, "A ÷ (2 - 2)": true, "sum(A; 1 / (3 × 0,0))": true, "A / -0": true, "A / (1 / 0)": true,
		"A / 2": false, "0 / A": false, "A / (A - 1)": false, "A / count(A)": false, "A - 0": false,
	} {
		faults := Definition{Origin: FromFormula, Formula: formula}.Check("X", others)
		if got := slices.ContainsFunc(faults, func(f Fault) bool { return f == Fault{"formula", "formula_zero"} }); got != never {
			t.Errorf("%s divides by what is always zero: %v, want %v", formula, got, never)
		}
	}
}
