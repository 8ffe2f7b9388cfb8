package web

import (
	"strconv"

	"github.com/shopspring/decimal"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/indicator"
	"jalon/internal/locale"
	"jalon/internal/mandate"
)

// IndicatorLine is one indicator of a list and where it stands.
type IndicatorLine struct {
	Code      string
	Name      bilingual.Text
	Unit      bilingual.Text
	URL       string
	Decimals  int
	Direction indicator.Direction
	Origin    indicator.Origin
	Goal      *indicator.Milestone // the last; nil for none
	Standing  indicator.Standing
	IsPart    bool // of another
	Retired   bool
}

// IndicatorsView lists the indicators of a mandate.
type IndicatorsView struct {
	Frame
	Mandate MandateHead
	Lines   []IndicatorLine
	NewURL  string // "" when the reader may not define one
}

// IndicatorView is the page of one indicator.
type IndicatorView struct {
	Frame
	Mandate        MandateHead
	Line           IndicatorLine
	Series         *indicator.Series
	KPI            mandate.Code // of the letter; zero for none
	KPIURL         string
	Parts          []IndicatorLine
	Sources        []Link         // the indicators of a formula
	Counted        []CountedEvent // behind the figures, the latest first
	EventKind      bilingual.Text // that is counted
	EventsURL      string
	DefineURL      string // "" when the reader may not define it
	RecordURL      string // "" when the reader may not record values
	ImportURL      string
	MeasuresURL    string
	TargetURL      string // of the target that it belongs to; "" for none
	Form           ValueForm
	IdempotencyKey string
}

// CountedEvent is an event behind a figure.
type CountedEvent struct {
	Title  string
	Lang   bilingual.Lang
	From   calendar.Date
	Of     calendar.Date // the day of the figure
	Counts bool          // else it was looked at only
	URL    string
}

// ValueForm is what somebody types for one value. Seen is the number of the value that
// they were warned of.
type ValueForm struct {
	On, Value, Numerator, Denominator, People, Note, Seen string
	Withdraw                                              bool
}

// DefinitionForm is a definition as it is typed.
type DefinitionForm struct {
	Key, Code, Objective, Target, KPI, ValidFrom, NameNL, NameFR, UnitNL, UnitFR, Direction, Baseline, BaselineOn, Milestones,
	Origin, Per, Decimals, MinGroup, Cadence, Formula, EventKind, EventCount, Parts, AddsUp, Source, Owner, Retired, Seen string
}

// DefinitionView is the form that says what an indicator is.
type DefinitionView struct {
	Frame
	Mandate        MandateHead
	Known          bool // it exists; its code and place stay
	Action         string
	BackURL        string
	Objectives     []Option
	KPIs           []Option
	Kinds          []Option
	Form           DefinitionForm
	IdempotencyKey string
}

// figure prints a number with a fixed count of decimals and the unit behind it.
func (f Frame) figure(n decimal.Decimal, decimals int, unit bilingual.Text) string {
	return f.Printer.Figure(n, decimals, unit)
}

// definition is as much of one as it takes to print figures.
func (l IndicatorLine) definition() indicator.Definition {
	d := indicator.Definition{Direction: l.Direction, Decimals: l.Decimals, Unit: l.Unit}
	if l.Goal != nil {
		d.Milestones = []indicator.Milestone{*l.Goal}
	}
	return d
}

// aim prints where an indicator must be.
func (f Frame) aim(l IndicatorLine, m indicator.Milestone) string {
	return f.Printer.Aim(l.definition(), m)
}

// goal prints the last milestone with its day.
func (f Frame) goal(l IndicatorLine) string { return f.Printer.Goal(l.definition()) }

// achieved says how far it has come, or why that cannot be computed.
func (f Frame) achieved(l IndicatorLine) string { return f.Printer.Achieved(l.Standing.Achieved) }

// chartLegend tells the shapes of the drawing apart, those that are in it.
func (v IndicatorView) chartLegend() string {
	counted, alone := v.Series.Origin == indicator.FromEvents && v.Series.Per == 0, len(v.Series.Milestones) == 0
	switch {
	case counted && alone:
		return v.T("indicator.chart.legend_bars_alone")
	case counted:
		return v.T("indicator.chart.legend_bars")
	case alone:
		return v.T("indicator.chart.legend_alone")
	}
	return v.T("indicator.chart.legend")
}

// Measured prints what was recorded, in one line.
func Measured(p *locale.Printer, i indicator.Indicator, m indicator.Measurement) string {
	unit, _, _ := i.Unit.For(p.Lang)
	switch {
	case m.Withdrawn:
		return p.T("indicator.value.withdrawn")
	case m.Hidden:
		return p.T("indicator.hidden")
	case m.Value != nil:
		return locale.WithUnit(p.Number(*m.Value), unit)
	case m.Numerator != nil && m.Denominator != nil:
		return p.T("indicator.value.share", "Numerator", p.Number(*m.Numerator), "Denominator", p.Number(*m.Denominator))
	}
	return ""
}

// recorder names who recorded a value.
func (f Frame) recorder(m indicator.Measurement) string {
	if m.By != "" && m.Machine != "" {
		return f.T("indicator.value.by_token", "Name", m.By, "Token", m.Machine)
	}
	return m.By + m.Machine
}

// optionsOf offers values, each with its words.
func optionsOf[T ~string](all []T, words func(string) string) (options []Option) {
	for _, one := range all {
		options = append(options, Option{Value: string(one), Label: words(string(one))})
	}
	return options
}

func (v DefinitionView) directions() []Option {
	return optionsOf(indicator.Directions, func(s string) string { return v.T("indicator.direction." + s) })
}

func (v DefinitionView) origins() []Option {
	return optionsOf(indicator.Origins, func(s string) string { return v.T("indicator.origin." + s) })
}

func (v DefinitionView) cadences() []Option {
	return optionsOf(indicator.Cadences, func(s string) string { return v.T("indicator.cadence." + s) })
}

func (v DefinitionView) eventCounts() []Option {
	return optionsOf(indicator.EventCounts, func(s string) string { return v.T("indicator.event_count." + s) })
}

func (v DefinitionView) pers() []Option {
	return optionsOf([]string{"0", "1", "100", "1000"}, func(s string) string { return v.T("indicator.per." + s) })
}

// share says whether values have a numerator and a denominator.
func (v IndicatorView) share() bool { return v.Series.Per > 0 }

// rows gives the points, the latest first, with the path on each day.
func (v IndicatorView) rows() []indicator.Point {
	all := make([]indicator.Point, 0, len(v.Series.Points))
	for i := len(v.Series.Points) - 1; i >= 0; i-- {
		all = append(all, v.Series.Points[i])
	}
	return all
}

// pathOn prints where the indicator should be on a day.
func (v IndicatorView) pathOn(on calendar.Date) string {
	at, ok := v.Series.Path(on)
	if !ok {
		return ""
	}
	at.Value, at.Upper = at.Value.Round(int32(max(v.Series.Decimals, 1))), at.Upper.Round(int32(max(v.Series.Decimals, 1)))
	return v.aim(v.Line, at)
}

func perLabel(per int) string { return strconv.Itoa(per) }

func (v IndicatorView) unitHint() string {
	if unit := v.plain(v.Series.Unit); unit != "" {
		return "(" + unit + ")"
	}
	return ""
}

// saveLabel asks for a second look when a value is going to be superseded.
func (v IndicatorView) saveLabel() string {
	if v.Form.Seen != "" {
		return v.T("indicator.value.replace")
	}
	return v.T("indicator.value.save")
}

// derived reports whether the fields of derived indicators are in use, or must be mended.
func (v DefinitionView) derived() bool {
	for _, field := range []string{"formula", "event_kind", "event_count", "parts", "adds_up"} {
		if v.ErrorFor(field) != "" {
			return true
		}
	}
	return v.Form.Origin != string(indicator.Measured) || v.Form.Parts != ""
}
