package indicator

import (
	"slices"

	"jalon/internal/calendar"
)

// Fault is what is wrong with a definition. Field names the part of the form, Key
// a sentence of the catalogues: "indicator.fault." + Key.
type Fault struct{ Field, Key string }

// Check looks at a definition as a whole, among the other indicators of its mandate, by code.
func (d Definition) Check(code string, others map[string]Definition) (faults []Fault) {
	find := func(wrong bool, field, key string) {
		if wrong {
			faults = append(faults, Fault{field, key})
		}
	}
	find(!ValidCode(code), "code", "code")
	find((d.Baseline == nil) != d.BaselineOn.IsZero(), "baseline_on", "baseline")
	find(d.Origin == FromEvents && d.EventKind == "", "event_kind", "event_kind")
	find(d.AddsUp && len(d.Parts) < 2 || d.Origin == InParts && len(d.Parts) < 2, "parts", "parts_two")
	find(slices.Contains(d.Parts, code), "parts", "parts_self")
	find(len(slices.Compact(slices.Sorted(slices.Values(d.Parts)))) < len(d.Parts), "parts", "parts_twice")
	for _, part := range d.Parts {
		_, known := others[part]
		find(!known && part != code, "parts", "parts_unknown")
	}
	d.checkMilestones(find)
	d.checkFormula(code, others, find)
	return faults
}

func (d Definition) checkMilestones(find func(bool, string, string)) {
	var last calendar.Date
	for _, m := range d.Milestones {
		find(!last.IsZero() && !m.On.After(last), "milestones", "milestones_order")
		find(!d.Direction.Bound() && d.Baseline != nil && !m.On.After(d.BaselineOn), "milestones", "milestones_before")
		find(d.Direction == Between && m.Upper.LessThan(m.Value), "milestones", "milestones_upper")
		last = m.On
	}
	if goal := d.Goal(); goal != nil && d.Baseline != nil {
		find(d.Direction == Up && goal.Value.LessThan(*d.Baseline), "direction", "direction_up")
		find(d.Direction == Down && goal.Value.GreaterThan(*d.Baseline), "direction", "direction_down")
	}
}

// checkFormula refuses a formula that cannot be read, that names what is not there, that needs its own result, or that never has one.
func (d Definition) checkFormula(code string, others map[string]Definition, find func(bool, string, string)) {
	if d.Origin != FromFormula {
		return
	}
	f, err := ParseFormula(d.Formula)
	if err != nil {
		return // told by the reader of the form, which knows where
	}
	codes := f.Codes()
	find(len(codes) == 0, "formula", "formula_nothing")
	find(f.DividesByZero(), "formula", "formula_zero")
	seen := map[string]bool{}
	for len(codes) > 0 {
		next := codes[0]
		codes = codes[1:]
		other, known := others[next]
		find(next == code, "formula", "formula_circle")
		find(!known && next != code, "formula", "formula_unknown")
		find(known && other.Origin == InParts, "formula", "formula_apart")
		if seen[next] || !known || other.Origin != FromFormula {
			continue
		}
		seen[next] = true
		if inner, err := ParseFormula(other.Formula); err == nil {
			codes = append(codes, inner.Codes()...)
		}
	}
}
