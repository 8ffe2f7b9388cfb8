package locale

import (
	"github.com/shopspring/decimal"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/chart"
	"jalon/internal/indicator"
	"jalon/internal/scoreboard"
)

// Figure prints a number with a fixed count of decimals and the unit behind it.
func (p *Printer) Figure(n decimal.Decimal, decimals int, unit bilingual.Text) string {
	return WithUnit(p.Fixed(n, decimals), p.InLanguage(unit))
}

// WithUnit puts a unit behind a printed number, never on another line.
func WithUnit(number, unit string) string {
	if unit == "" {
		return number
	}
	return number + "\u00a0" + unit
}

// InLanguage gives a text in the reader's language, or in the other where it has none.
func (p *Printer) InLanguage(t bilingual.Text) string {
	words, _, _ := t.For(p.Lang)
	return words
}

// Places gives the decimals that a number is shown with: at least those of the indicator, and no digit cut off.
func Places(n decimal.Decimal, decimals int) int {
	return min(max(decimals, int(-n.Exponent())), max(decimals, 2))
}

// Aim prints where an indicator must be.
func (p *Printer) Aim(d indicator.Definition, m indicator.Milestone) string {
	value := p.Figure(m.Value, Places(m.Value, d.Decimals), d.Unit)
	switch d.Direction {
	case indicator.AtLeast:
		return p.T("indicator.aim.at_least", "Value", value)
	case indicator.AtMost:
		return p.T("indicator.aim.at_most", "Value", value)
	case indicator.Between:
		return p.T("indicator.aim.between", "Low", p.Fixed(m.Value, d.Decimals), "High", p.Figure(m.Upper, d.Decimals, d.Unit))
	}
	return value
}

// MeasureOwner names who takes a measure on, and says of one that runs that its
// owner does not report on the indicator any more.
func (p *Printer) MeasureOwner(m scoreboard.Measure) string {
	if m.OwnerGone && m.End() == nil {
		return p.T("measure.owner_gone", "Owner", m.Owner)
	}
	return m.Owner
}

// Goal prints the last milestone with its day; "" when there is none.
func (p *Printer) Goal(d indicator.Definition) string {
	goal := d.Goal()
	if goal == nil {
		return ""
	}
	key := "indicator.by"
	if d.Direction.Bound() {
		key = "indicator.from"
	}
	return p.T(key, "Value", p.Aim(d, *goal), "Date", p.Date(goal.On))
}

// Achieved says how far an indicator has come, or why that cannot be computed.
func (p *Printer) Achieved(a indicator.Achievement) string {
	switch {
	case a.Reason == indicator.IsBound && a.Met:
		return p.T("indicator.kept")
	case a.Reason == indicator.IsBound:
		return p.T("indicator.not_kept")
	case a.Reason != indicator.Computable:
		return p.T("indicator.reason." + string(a.Reason))
	}
	return p.Percent(a.Percent)
}

// ChartWords print the figures of one indicator beside its drawings.
func (p *Printer) ChartWords(d indicator.Definition) chart.Words {
	return chart.Words{
		Value: func(n decimal.Decimal) string { return p.Figure(n, d.Decimals, d.Unit) },
		Level: p.Number,
		Date:  p.Date,
		Month: func(on calendar.Date) string { return p.Date(on)[3:] },
		Aim:   func(m indicator.Milestone) string { return p.Aim(d, m) },
	}
}

// Chart draws an indicator over time, with its title and in words what it shows:
// counts of a period as bars, everything else as a line. ok is false when there is no figure.
func (p *Printer) Chart(s *indicator.Series, st indicator.Standing) (d chart.Drawing, ok bool) {
	draw := chart.Lines
	if s.Origin == indicator.FromEvents && s.Per == 0 {
		draw = chart.Bars
	}
	if d, ok = draw(s, p.ChartWords(s.Definition)); ok {
		d.Title = p.T("indicator.chart.title", "Name", p.InLanguage(s.Name))
		d.Alt = p.chartAlt(s, st)
	}
	return d, ok
}

// chartAlt tells a reader who does not see the drawing what it shows.
func (p *Printer) chartAlt(s *indicator.Series, st indicator.Standing) string {
	shown := 0
	for _, one := range s.Points {
		if !one.Hidden {
			shown++
		}
	}
	words := p.N("indicator.chart.points", shown) + " " +
		p.T("indicator.chart.last", "Value", p.Figure(st.Last.Value, s.Decimals, s.Unit), "Date", p.Date(st.Last.On))
	if goal := p.Goal(s.Definition); goal != "" {
		words += " " + p.T("indicator.chart.goal", "Goal", goal)
	}
	return words
}

// Spark draws an indicator in the space of a word; ok is false with fewer than two figures.
func (p *Printer) Spark(s *indicator.Series, st indicator.Standing) (d chart.Drawing, ok bool) {
	if d, ok = chart.Spark(s, p.ChartWords(s.Definition)); ok {
		d.Title, d.Alt = p.T("indicator.chart.title", "Name", p.InLanguage(s.Name)), p.chartAlt(s, st)
	}
	return d, ok
}

// Bullet draws the last figure against its aim; ok is false without one of them.
func (p *Printer) Bullet(s *indicator.Series, st indicator.Standing) (d chart.Drawing, ok bool) {
	d, ok = chart.Bullet(s, st, p.ChartWords(s.Definition))
	if !ok {
		return d, false
	}
	d.Title = p.InLanguage(s.Name)
	d.Alt = p.Figure(st.Last.Value, s.Decimals, s.Unit)
	if st.Path != nil {
		at := *st.Path
		places := int32(max(s.Decimals, 1))
		at.Value, at.Upper = at.Value.Round(places), at.Upper.Round(places)
		d.Alt += "; " + p.T("indicator.chart.path", "Value", p.Aim(s.Definition, at))
	}
	d.Alt += "; " + p.T("indicator.chart.goal", "Goal", p.Goal(s.Definition))
	return d, true
}

// StatusBar draws how the indicators of a scoreboard stand; ok is false when there are none.
func (p *Printer) StatusBar(h scoreboard.Headlines) (d chart.Drawing, ok bool) {
	shares := []chart.Share{
		{Role: chart.Good, N: h.OnPath, Label: p.N("scoreboard.count.on_path", h.OnPath)},
		{Role: chart.Off, N: h.OffPath - h.Unanswered, Label: p.N("scoreboard.count.answered", h.OffPath-h.Unanswered)},
		{Role: chart.Bad, N: h.Unanswered, Label: p.N("scoreboard.count.unanswered", h.Unanswered)},
		{Role: chart.None, N: h.NoPath, Label: p.N("scoreboard.count.no_path", h.NoPath)},
	}
	if d, ok = chart.Stack(shares); !ok {
		return d, false
	}
	d.Title = p.N("scoreboard.count.all", h.All)
	for _, s := range shares {
		if s.N > 0 {
			if d.Alt != "" {
				d.Alt += "; "
			}
			d.Alt += s.Label
		}
	}
	return d, true
}
