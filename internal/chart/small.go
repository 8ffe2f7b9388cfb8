package chart

import (
	"math"
	"strconv"

	"github.com/shopspring/decimal"

	"jalon/internal/indicator"
)

// Bars draws a count per period, each bar from zero. ok is false when nothing was counted.
func Bars(s *indicator.Series, w Words) (d Drawing, ok bool) {
	points := shown(s)
	if len(points) == 0 {
		return d, false
	}
	days, levels := extent(s)
	at := scaleOf(days, append(levels, 0))
	d = Drawing{Width: width, Height: height}
	for i := range 5 {
		level := at.low + float64(i)*(at.high-at.low)/4
		y := at.y(level)
		d.Shapes = append(d.Shapes, Shape{Role: Grid, Points: []Point{{left, y}, {width - right, y}}},
			Shape{Role: Label, Points: []Point{{left - 6, y + 4}}, Text: w.Level(decimal.NewFromFloat(level).Round(2)), Anchor: "end"})
	}
	// bars stand by period, side by side: an axis of days would put the last of one over the first of the next
	step := (width - left - right) / float64(len(points))
	every := int(math.Ceil(64 / step)) // so that the words below do not touch
	for i, p := range points {
		x, y, foot := left+step*float64(i)+step*.15, at.y(p.Value.InexactFloat64()), at.y(0)
		bar := Shape{Role: Bar, Closed: true, Points: []Point{{x, y}, {x + step*.7, y}, {x + step*.7, foot}, {x, foot}}, Text: w.Date(p.On) + ": " + w.Value(p.Value)}
		d.Shapes = append(d.Shapes, bar)
		if goal, known := s.Path(p.On); known {
			py := at.y(goal.Value.InexactFloat64())
			d.Shapes = append(d.Shapes, Shape{Role: Path, Points: []Point{{x - step*.1, py}, {x + step*.8, py}}})
		}
		if i%every == 0 {
			d.Shapes = append(d.Shapes, Shape{Role: Label, Points: []Point{{x + step*.35, height - 10}}, Text: w.Month(p.On), Anchor: "middle"})
		}
	}
	return d, true
}

// Measures of the small drawings that stand in a row of a table.
const (
	smallWidth, smallHeight   = 120.0, 30.0
	bulletWidth, bulletHeight = 160.0, 22.0
)

// Spark draws the measured points in the space of a word. ok is false with fewer than two.
func Spark(s *indicator.Series, w Words) (d Drawing, ok bool) {
	points := shown(s)
	if len(points) < 2 {
		return d, false
	}
	at := scale{from: points[0].On, until: points[len(points)-1].On, width: smallWidth, height: smallHeight, left: 4, right: 4, top: 5, bottom: 5}
	at.low, at.high = math.Inf(1), math.Inf(-1)
	for _, p := range points {
		v := p.Value.InexactFloat64()
		at.low, at.high = min(at.low, v), max(at.high, v)
	}
	if at.low == at.high {
		at.low, at.high = at.low-1, at.high+1
	}
	d = Drawing{Width: smallWidth, Height: smallHeight}
	d.Shapes = at.measured(s, 1.6, func(p indicator.Point) string { return w.Date(p.On) + ": " + w.Value(p.Value) })
	last := points[len(points)-1]
	d.Shapes = append(d.Shapes, Shape{Role: Dot, Points: []Point{{at.x(last.On), at.y(last.Value.InexactFloat64())}}, Radius: 3})
	return d, true
}

// Bullet draws the last figure as a bar, with a stroke where it should be on that
// day and a diamond at the last milestone. ok is false without a figure or an aim.
func Bullet(s *indicator.Series, st indicator.Standing, w Words) (d Drawing, ok bool) {
	goal := s.Goal()
	if st.Last == nil || goal == nil {
		return d, false
	}
	value := st.Last.Value.InexactFloat64()
	levels := []float64{0, value, goal.Value.InexactFloat64()}
	if st.Path != nil {
		levels = append(levels, st.Path.Value.InexactFloat64())
	}
	if s.Direction == indicator.Between {
		levels = append(levels, goal.Upper.InexactFloat64())
	}
	if s.Baseline != nil {
		levels = append(levels, s.Baseline.InexactFloat64())
	}
	low, high := 0.0, 0.0
	for _, l := range levels {
		low, high = min(low, l), max(high, l)
	}
	if low == high {
		high = 1
	}
	x := func(v float64) float64 { return 6 + (v-low)/(high-low)*(bulletWidth-12) }
	area := func(role Role, from, until, top, bottom float64, words string) Shape {
		return Shape{Role: role, Closed: true, Points: []Point{{from, top}, {until, top}, {until, bottom}, {from, bottom}}, Text: words}
	}
	d = Drawing{Width: bulletWidth, Height: bulletHeight}
	d.Shapes = append(d.Shapes, area(Room, x(low), x(high), 4, bulletHeight-4, ""), area(Bar, x(min(0, value)), x(max(0, value)), 8, bulletHeight-8, w.Value(st.Last.Value)))
	if st.Path != nil {
		at := x(st.Path.Value.InexactFloat64())
		d.Shapes = append(d.Shapes, Shape{Role: Line, Points: []Point{{at, 2}, {at, bulletHeight - 2}}, Text: w.Aim(*st.Path)})
	}
	d.Shapes = append(d.Shapes, stone(Point{x(goal.Value.InexactFloat64()), bulletHeight / 2}, 5, w.Aim(*goal)))
	if s.Direction == indicator.Between {
		d.Shapes = append(d.Shapes, stone(Point{x(goal.Upper.InexactFloat64()), bulletHeight / 2}, 5, ""))
	}
	return d, true
}

// Share is one part of a stacked bar.
type Share struct {
	Role  Role
	N     int
	Label string // such as "3 op schema"
}

// Stack draws parts of a whole side by side, each as long as its number. ok is false when there are none.
func Stack(parts []Share) (d Drawing, ok bool) {
	all := 0
	for _, p := range parts {
		all += p.N
	}
	if all == 0 {
		return d, false
	}
	d = Drawing{Width: width, Height: 34}
	x := 1.0
	for _, p := range parts {
		if p.N == 0 {
			continue
		}
		next := x + float64(p.N)/float64(all)*(width-2)
		d.Shapes = append(d.Shapes, Shape{Role: p.Role, Closed: true, Points: []Point{{x, 2}, {next, 2}, {next, 32}, {x, 32}}, Text: p.Label})
		d.Shapes = append(d.Shapes, Shape{Role: Label, Points: []Point{{(x + next) / 2, 22}}, Text: strconv.Itoa(p.N), Anchor: "middle"})
		x = next
	}
	return d, true
}
