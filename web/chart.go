package web

import (
	"math"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"jalon/internal/calendar"
	"jalon/internal/indicator"
)

// chart is a line of measured points with the target path, laid out in a drawing
// of chartWidth by chartHeight units. Only its place on paper is inexact; every
// figure stands in the table beside it.
type chart struct {
	Title, Description string
	Lines              []string // measured, as points of polylines; a figure that is kept back breaks the line
	Dots               []mark
	Paths              []string // the target path, and its upper bound
	Stones             []mark   // milestones
	Across             []tick   // levels
	Along              []tick   // days
}

type mark struct{ X, Y, Label string }

type tick struct{ At, Label string }

const (
	chartWidth, chartHeight                     = 480, 240
	chartLeft, chartRight, chartTop, chartUnder = 66, 14, 12, 30
)

// scale turns days and values into places.
type scale struct {
	from, until calendar.Date
	low, high   float64
}

func (s scale) x(d calendar.Date) float64 {
	all := s.until.Time().Sub(s.from.Time()).Hours()
	if all == 0 {
		return chartLeft
	}
	return chartLeft + d.Time().Sub(s.from.Time()).Hours()/all*(chartWidth-chartLeft-chartRight)
}

func (s scale) y(v float64) float64 {
	return chartTop + (s.high-v)/(s.high-s.low)*(chartHeight-chartTop-chartUnder)
}

func place(n float64) string { return strconv.FormatFloat(n, 'f', 1, 64) }

// chart draws the series up to the day of the page, with the milestones that are still to come.
func (v IndicatorView) chart() (c chart, ok bool) {
	s := v.Series
	var days []calendar.Date
	var levels []float64
	for _, p := range s.Points {
		if !p.Hidden {
			days, levels = append(days, p.On), append(levels, p.Value.InexactFloat64())
		}
	}
	if len(days) == 0 {
		return c, false
	}
	for _, m := range s.Milestones {
		days, levels = append(days, m.On), append(levels, m.Value.InexactFloat64())
		if s.Direction == indicator.Between {
			levels = append(levels, m.Upper.InexactFloat64())
		}
	}
	if s.Baseline != nil {
		days, levels = append(days, s.BaselineOn), append(levels, s.Baseline.InexactFloat64())
	}
	at := scaleOf(days, levels)
	c.Title = v.T("indicator.chart.title", "Name", v.plain(s.Name))
	c.Description = v.chartWords()
	for i := range 5 {
		level := at.low + float64(i)*(at.high-at.low)/4
		c.Across = append(c.Across, tick{place(at.y(level)), v.level(level)})
	}
	c.Along = v.along(at)
	v.drawPath(&c, at)
	v.drawPoints(&c, at)
	return c, true
}

// scaleOf takes room for every day and value, on round levels.
func scaleOf(days []calendar.Date, levels []float64) scale {
	s := scale{from: days[0], until: days[0], low: levels[0], high: levels[0]}
	for _, d := range days {
		if d.Before(s.from) {
			s.from = d
		}
		if d.After(s.until) {
			s.until = d
		}
	}
	for _, l := range levels {
		s.low, s.high = min(s.low, l), max(s.high, l)
	}
	if s.low > 0 && s.low < s.high/2 {
		s.low = 0
	}
	for power := -6.0; ; power++ {
		for _, first := range []float64{1, 2, 2.5, 5} {
			step := first * math.Pow(10, power)
			low := math.Floor(s.low/step) * step
			if high := low + 4*step; high >= s.high {
				s.low, s.high = low, high
				return s
			}
		}
	}
}

// level prints a level of the axis without decimals that say nothing.
func (v IndicatorView) level(n float64) string {
	exact := decimal.NewFromFloat(n).Round(2)
	return v.Printer.Number(exact)
}

// along marks the firsts of January and July, or of January alone when there are many.
func (v IndicatorView) along(at scale) (ticks []tick) {
	months := 6
	if at.until.Year-at.from.Year > 3 {
		months = 12
	}
	for d := (calendar.Date{Year: at.from.Year, Month: 1, Day: 1}); !d.After(at.until); d = d.AddMonths(months) {
		if !d.Before(at.from) {
			ticks = append(ticks, tick{place(at.x(d)), v.Printer.Date(d)[3:]})
		}
	}
	if len(ticks) == 0 {
		ticks = []tick{{place(at.x(at.from)), v.Printer.Date(at.from)[3:]}}
	}
	return ticks
}

func (v IndicatorView) drawPath(c *chart, at scale) {
	var low, high []string
	for _, m := range v.Series.PathLine(at.from, at.until) {
		low = append(low, place(at.x(m.On))+","+place(at.y(m.Value.InexactFloat64())))
		high = append(high, place(at.x(m.On))+","+place(at.y(m.Upper.InexactFloat64())))
	}
	if len(low) > 1 {
		c.Paths = append(c.Paths, strings.Join(low, " "))
		if v.Series.Direction == indicator.Between {
			c.Paths = append(c.Paths, strings.Join(high, " "))
		}
	}
	for _, m := range v.Series.Milestones {
		c.Stones = append(c.Stones, mark{place(at.x(m.On)), place(at.y(m.Value.InexactFloat64())), v.Printer.Date(m.On) + ": " + v.aim(v.Line, m)})
	}
}

func (v IndicatorView) drawPoints(c *chart, at scale) {
	var line []string
	end := func() {
		if len(line) > 1 {
			c.Lines = append(c.Lines, strings.Join(line, " "))
		}
		line = nil
	}
	for _, p := range v.Series.Points {
		if p.Hidden {
			end()
			continue
		}
		x, y := place(at.x(p.On)), place(at.y(p.Value.InexactFloat64()))
		line = append(line, x+","+y)
		c.Dots = append(c.Dots, mark{x, y, v.Printer.Date(p.On) + ": " + v.figure(p.Value, v.Series.Decimals, v.Series.Unit)})
	}
	end()
}

// chartWords tells a reader who does not see the drawing what it shows.
func (v IndicatorView) chartWords() string {
	shown := 0
	for _, p := range v.Series.Points {
		if !p.Hidden {
			shown++
		}
	}
	st := v.Line.Standing
	words := v.N("indicator.chart.points", shown) + " " +
		v.T("indicator.chart.last", "Value", v.figure(st.Last.Value, v.Series.Decimals, v.Series.Unit), "Date", v.Printer.Date(st.Last.On))
	if goal := v.goal(v.Line); goal != "" {
		words += " " + v.T("indicator.chart.goal", "Goal", goal)
	}
	return words
}

// shifted moves a place by some units.
func shifted(at string, by float64) string {
	n, err := strconv.ParseFloat(at, 64)
	if err != nil {
		return at
	}
	return place(n + by)
}
