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
		if m.Denominator != nil && m.Denominator.Sign() <= 0 {
			f.refuse("denominator", "indicator.value.denominator")
		}
	} else {
		m.Value = f.number("value", f.required("value", in.Value))
		if !i.TakesPercent() {
			f.refusePercent("value", in.Value)
		}
	}
	if i.MinGroup > 0 {
		m.People = f.whole("people", f.required("people", in.People), 1, 10_000_000)
	}
	return m
}

// refusePercent refuses a number with a percent sign where none is meant.
func (f *form) refusePercent(name, typed string) {
	if locale.HasPercent(typed) {
		f.refuse(name, "error.number.percent")
	}
}
