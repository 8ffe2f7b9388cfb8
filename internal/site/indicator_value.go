package site

import (
	"jalon/internal/indicator"
	"jalon/internal/locale"
)

// measurement reads a value with what it takes to be one of the indicator.
func (f *form) measurement(in valueForm, i indicator.Indicator, v *visit) indicator.Measurement {
	m := indicator.Measurement{On: f.date("on", in.On), Note: in.Note, Withdrawn: in.Withdraw != ""}
	if m.On.After(v.today) {
		f.refuse("on", "indicator.value.future")
	}
	if m.Withdrawn {
		return m
	}
	if i.Per > 0 {
		m.Numerator = f.number("numerator", f.required("numerator", in.Numerator))
		m.Denominator = f.number("denominator", f.required("denominator", in.Denominator))
		f.refusePercent("numerator", in.Numerator)
		f.refusePercent("denominator", in.Denominator)
	} else {
		m.Value = f.number("value", f.required("value", in.Value))
		if !i.TakesPercent() {
			f.refusePercent("value", in.Value)
		}
	}
	if i.MinGroup > 0 {
		m.People = f.whole("people", f.required("people", in.People), 1, 10_000_000)
	}
	f.refuseFigures(i, m, map[string]string{"value": "value", "denominator": "denominator"})
	return m
}

// refusePercent refuses a number with a percent sign where none is meant.
func (f *form) refusePercent(name, typed string) {
	if locale.HasPercent(typed) {
		f.refuse(name, "error.number.percent")
	}
}

// refuseFigures refuses figures that cannot be; at tells in which field each stands.
func (f *form) refuseFigures(i indicator.Indicator, m indicator.Measurement, at map[string]string) {
	if m.Denominator != nil && m.Denominator.Sign() <= 0 {
		f.refuse(at["denominator"], "indicator.value.denominator")
	}
}
