// Package chart lays out drawings of indicators: a line with its target path and
// milestones, bars, a sparkline, a bullet, a stacked bar of statuses. It says
// where each shape lies and what it stands for; the page, the PDF and the
// picture of a DOCX give it their own ink, so that the same figures are drawn everywhere.
//
// No point is drawn that was not measured: a figure that is kept back breaks the
// line. Only the place on paper is inexact; the figures stand beside each drawing.
package chart

import (
	"math"

	"github.com/shopspring/decimal"

	"jalon/internal/calendar"
	"jalon/internal/indicator"
)

// Role says what a shape stands for. Shapes of different roles differ in form, not only in colour.
type Role string

// Roles.
const (
	Grid  Role = "grid"  // a level or a day of the frame
	Path  Role = "path"  // where the indicator should be: dashed
	Line  Role = "line"  // between two measurements
	Dot   Role = "dot"   // a measurement
	Stone Role = "stone" // a milestone: a diamond
	Bar   Role = "bar"   // a count, or the length of a bullet
	Room  Role = "room"  // the ground of a bullet
	Label Role = "label" // words
	Good  Role = "good"  // on the path
	Off   Role = "off"   // off the path, with a measure: striped
	Bad   Role = "bad"   // off the path, without one: crossed
	None  Role = "none"  // no figure or no path: an outline
)

// Point is a place in units of the drawing, from its upper left corner.
type Point struct{ X, Y float64 }

// Shape is one mark of a drawing: a line over its points, a closed area, a
// circle around its only point, or words at it.
type Shape struct {
	Role   Role
	Points []Point
	Closed bool
	Radius float64 // of a circle
	Text   string  // of words, or what a measured shape says on its own
	Anchor string  // of words: start, middle or end
}

// Drawing is a laid out chart, with its title and what it shows in words.
type Drawing struct {
	Width, Height float64
	Title, Alt    string
	Shapes        []Shape
}

// Words print figures and days in the language of the reader.
type Words struct {
	Value func(decimal.Decimal) string // with its unit
	Level func(decimal.Decimal) string // of the axis
	Date  func(calendar.Date) string
	Month func(calendar.Date) string // of the axis
	Aim   func(indicator.Milestone) string
}

// Measures of a chart with axes.
const (
	width, height            = 480.0, 240.0
	left, right, top, bottom = 66.0, 14.0, 12.0, 30.0
)

// scale turns days and values into places.
type scale struct {
	from, until   calendar.Date
	low, high     float64
	width, height float64
	left, right   float64
	top, bottom   float64
}

func (s scale) x(d calendar.Date) float64 {
	all := s.until.Time().Sub(s.from.Time()).Hours()
	if all == 0 {
		return s.left
	}
	return s.left + d.Time().Sub(s.from.Time()).Hours()/all*(s.width-s.left-s.right)
}

func (s scale) y(v float64) float64 {
	return s.top + (s.high-v)/(s.high-s.low)*(s.height-s.top-s.bottom)
}

// shown lists the points that may be seen.
func shown(s *indicator.Series) (points []indicator.Point) {
	for _, p := range s.Points {
		if !p.Hidden {
			points = append(points, p)
		}
	}
	return points
}

// extent gives the days and levels that a chart must have room for.
func extent(s *indicator.Series) (days []calendar.Date, levels []float64) {
	for _, p := range shown(s) {
		days, levels = append(days, p.On), append(levels, p.Value.InexactFloat64())
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
	return days, levels
}

// scaleOf takes room for every day and value, on round levels.
func scaleOf(days []calendar.Date, levels []float64) scale {
	s := scale{from: days[0], until: days[0], low: levels[0], high: levels[0], width: width, height: height, left: left, right: right, top: top, bottom: bottom}
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
	switch {
	case s.low == 0 && s.high == 0:
		s.high = 1
	case s.low > 0 && (s.low < s.high/2 || s.low == s.high):
		s.low = 0
	case s.low == s.high:
		s.high = 0
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

// levelPlaces are the decimals of the smallest step between two levels, 2.5 millionths:
// a level that is rounded further would stand beside another one.
const levelPlaces = 7

// frame draws the levels, and the months of what was measured.
func (s scale) frame(measured []indicator.Point, w Words) (shapes []Shape) {
	for i := range 5 {
		level := s.low + float64(i)*(s.high-s.low)/4
		y := s.y(level)
		shapes = append(shapes, Shape{Role: Grid, Points: []Point{{s.left, y}, {s.width - s.right, y}}},
			Shape{Role: Label, Points: []Point{{s.left - 6, y + 4}}, Text: w.Level(decimal.NewFromFloat(level).Round(levelPlaces)), Anchor: "end"})
	}
	for _, d := range s.ticks(measured) {
		x, foot := s.x(d), s.height-s.bottom
		anchor := "middle"
		if x > s.width-halfMonth {
			x, anchor = s.width, "end"
		}
		shapes = append(shapes, Shape{Role: Grid, Points: []Point{{s.x(d), foot}, {s.x(d), foot + 4}}},
			Shape{Role: Label, Points: []Point{{x, s.height - 10}}, Text: w.Month(d), Anchor: anchor})
	}
	return shapes
}

// A month below the axis is twice as wide, in the largest letters.
const halfMonth = 30.0

// ticks are the days of a few measurements, or the firsts of months, as many as
// have room: of each month, each quarter, each half-year, or of January every so
// many years.
func (s scale) ticks(measured []indicator.Point) (days []calendar.Date) {
	const most = 5
	if len(measured) <= most {
		for _, p := range measured {
			if len(days) == 0 || s.x(p.On)-s.x(days[len(days)-1]) >= 2*halfMonth {
				days = append(days, p.On)
			}
		}
		return days
	}
	for _, months := range []int{1, 3, 6, 12, 24, 60, 120, 240} {
		days = nil
		year := s.from.Year - s.from.Year%max(1, months/12)
		for d := (calendar.Date{Year: year, Month: 1, Day: 1}); !d.After(s.until); d = d.AddMonths(months) {
			if !d.Before(s.from) {
				days = append(days, d)
			}
		}
		if len(days) <= most {
			break
		}
	}
	if len(days) == 0 { // all within a month
		days = []calendar.Date{s.from}
	}
	return days
}

// Lines draws a series over time with its target path and the milestones, also
// those that are still to come. ok is false when nothing was measured.
func Lines(s *indicator.Series, w Words) (d Drawing, ok bool) {
	measured := shown(s)
	if len(measured) == 0 {
		return d, false
	}
	at := scaleOf(extent(s))
	d = Drawing{Width: width, Height: height, Shapes: at.frame(measured, w)}
	d.Shapes = append(d.Shapes, at.path(s)...)
	for _, m := range s.Milestones {
		d.Shapes = append(d.Shapes, stone(Point{at.x(m.On), at.y(m.Value.InexactFloat64())}, 6, w.Date(m.On)+": "+w.Aim(m)))
	}
	d.Shapes = append(d.Shapes, at.measured(s, dotRadius(len(s.Points)), func(p indicator.Point) string { return w.Date(p.On) + ": " + w.Value(p.Value) })...)
	return d, true
}

// dotRadius keeps many dots apart from each other.
func dotRadius(points int) float64 {
	const largest, smallest = 4.0, 1.5
	return min(largest, max(smallest, (width-left-right)/float64(points)/4))
}

func stone(at Point, r float64, words string) Shape {
	return Shape{Role: Stone, Closed: true, Points: []Point{{at.X, at.Y - r}, {at.X + r, at.Y}, {at.X, at.Y + r}, {at.X - r, at.Y}}, Text: words}
}

// path draws where the indicator should be, and its upper bound.
func (s scale) path(series *indicator.Series) (shapes []Shape) {
	var low, high []Point
	for _, m := range series.PathLine(s.from, s.until) {
		low = append(low, Point{s.x(m.On), s.y(m.Value.InexactFloat64())})
		high = append(high, Point{s.x(m.On), s.y(m.Upper.InexactFloat64())})
	}
	if len(low) < 2 {
		return nil
	}
	shapes = append(shapes, Shape{Role: Path, Points: low})
	if series.Direction == indicator.Between {
		shapes = append(shapes, Shape{Role: Path, Points: high})
	}
	return shapes
}

// measured draws the points and the lines between neighbours; a figure that is kept back breaks the line.
func (s scale) measured(series *indicator.Series, radius float64, words func(indicator.Point) string) (shapes []Shape) {
	var line []Point
	var dots []Shape
	end := func() {
		if len(line) > 1 {
			shapes = append(shapes, Shape{Role: Line, Points: line})
		}
		line = nil
	}
	for _, p := range series.Points {
		if p.Hidden {
			end()
			continue
		}
		at := Point{s.x(p.On), s.y(p.Value.InexactFloat64())}
		line = append(line, at)
		dots = append(dots, Shape{Role: Dot, Points: []Point{at}, Radius: radius, Text: words(p)})
	}
	end()
	return append(shapes, dots...)
}
