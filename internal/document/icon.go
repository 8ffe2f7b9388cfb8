package document

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"sync"
)

// Icons are given on a grid of 16, drawn with lines 1.7 wide.
const (
	iconGrid = 16.0
	iconLine = 1.7
)

// pen draws the shapes that icons are made of, in units of the grid.
type pen interface {
	circle(cx, cy, r float64, filled bool)
	dashedCircle(cx, cy, r, dash, gap float64)
	line(xy ...float64)    // open
	outline(xy ...float64) // closed
	solid(xy ...float64)   // closed and filled
}

// draw draws the icon of a mark.
func (m Mark) draw(p pen) {
	switch m {
	case Tick:
		p.circle(8, 8, 7, false)
		p.line(4.8, 8.3, 7, 10.5, 11.2, 5.7)
	case Triangle:
		p.outline(8, 1.6, 15, 14, 1, 14)
		p.line(8, 6, 8, 9.6)
		p.circle(8, 11.8, 1, true)
	case Ring:
		p.circle(8, 8, 7, false)
		p.circle(8, 8, 2.6, false)
		p.line(3.2, 3.2, 6.1, 6.1)
		p.line(9.9, 9.9, 12.8, 12.8)
		p.line(12.8, 3.2, 9.9, 6.1)
		p.line(6.1, 9.9, 3.2, 12.8)
	case Octagon:
		p.outline(5.2, 1.2, 10.8, 1.2, 14.8, 5.2, 14.8, 10.8, 10.8, 14.8, 5.2, 14.8, 1.2, 10.8, 1.2, 5.2)
		p.line(5.4, 5.4, 10.6, 10.6)
		p.line(10.6, 5.4, 5.4, 10.6)
	case Flag:
		p.line(3, 15, 3, 1.6)
		p.solid(3, 2, 12.6, 2, 10.4, 5.2, 12.6, 8.4, 3, 8.4)
	case Square:
		p.outline(2, 2, 14, 2, 14, 14, 2, 14)
		p.solid(5.4, 5.4, 10.6, 5.4, 10.6, 10.6, 5.4, 10.6)
	case Dash:
		p.circle(8, 8, 7, false)
		p.line(4.8, 8, 11.2, 8)
	case Dashed:
		p.dashedCircle(8, 8, 6.8, 2.6, 2.2)
	case Clock:
		p.circle(8, 8, 7, false)
		p.line(8, 4, 8, 8.3, 10.8, 9.9)
	case Dots:
		for _, cx := range []float64{3, 8, 13} {
			p.circle(cx, 8, 1.4, true)
		}
	case Up:
		p.line(8, 13, 8, 3)
		p.line(3.8, 7.2, 8, 3, 12.2, 7.2)
	case Down:
		p.line(8, 3, 8, 13)
		p.line(3.8, 8.8, 8, 13, 12.2, 8.8)
	case Same:
		p.line(3, 8, 13, 8)
	}
}

// iconPNG gives the icon of a mark as a small picture on a clear ground, for
// formats that hold pictures and no drawings.
func iconPNG(m Mark) []byte {
	iconsLock.Lock()
	defer iconsLock.Unlock()
	if drawn, ok := icons[m]; ok {
		return drawn
	}
	d := &dotPen{ink: m.style().ink, image: image.NewNRGBA(image.Rect(0, 0, iconDots, iconDots))}
	m.draw(d)
	var b bytes.Buffer
	_ = png.Encode(&b, d.image) // a buffer does not fail
	icons[m] = b.Bytes()
	return icons[m]
}

var (
	iconsLock sync.Mutex
	icons     = map[Mark][]byte{}
)

const iconDots = 48 // width and height of the picture

// dotPen draws an icon in dots: a dot is as dark as it lies within the shape.
type dotPen struct {
	ink   colour
	image *image.NRGBA
}

// paint darkens the dots by their distance to a shape, negative inside it.
func (d *dotPen) paint(distance func(x, y float64) float64) {
	const unit = iconDots / iconGrid
	for row := range iconDots {
		for col := range iconDots {
			cover := .5 - distance((float64(col)+.5)/unit, (float64(row)+.5)/unit)*unit
			alpha := uint8(255 * min(1, max(0, cover)))
			if alpha > d.image.NRGBAAt(col, row).A {
				d.image.SetNRGBA(col, row, color.NRGBA{uint8(d.ink.r), uint8(d.ink.g), uint8(d.ink.b), alpha})
			}
		}
	}
}

func (d *dotPen) circle(cx, cy, r float64, filled bool) {
	d.paint(func(x, y float64) float64 {
		away := math.Hypot(x-cx, y-cy) - r
		if filled {
			return away
		}
		return math.Abs(away) - iconLine/2
	})
}

func (d *dotPen) dashedCircle(cx, cy, r, dash, gap float64) {
	d.paint(func(x, y float64) float64 {
		along := math.Mod((math.Atan2(y-cy, x-cx)+2*math.Pi)*r, dash+gap)
		return max(math.Abs(math.Hypot(x-cx, y-cy)-r)-iconLine/2, math.Abs(along-dash/2)-dash/2)
	})
}

func (d *dotPen) line(xy ...float64) {
	d.paint(func(x, y float64) float64 { return toLine(x, y, xy) - iconLine/2 })
}

func (d *dotPen) outline(xy ...float64) { d.line(append(append([]float64{}, xy...), xy[:2]...)...) }

func (d *dotPen) solid(xy ...float64) {
	closed := append(append([]float64{}, xy...), xy[:2]...)
	d.paint(func(x, y float64) float64 {
		away := toLine(x, y, closed)
		if inside(x, y, closed) {
			return -away
		}
		return away
	})
}

// toLine gives the distance to the nearest of the stretches between the points.
func toLine(x, y float64, xy []float64) float64 {
	nearest := math.Inf(1)
	for i := 0; i+3 < len(xy); i += 2 {
		dx, dy := xy[i+2]-xy[i], xy[i+3]-xy[i+1]
		t := min(1, max(0, ((x-xy[i])*dx+(y-xy[i+1])*dy)/(dx*dx+dy*dy)))
		nearest = min(nearest, math.Hypot(x-xy[i]-t*dx, y-xy[i+1]-t*dy))
	}
	return nearest
}

// inside counts how often a line to the right crosses the closed shape.
func inside(x, y float64, xy []float64) (in bool) {
	for i := 0; i+3 < len(xy); i += 2 {
		if (xy[i+1] > y) != (xy[i+3] > y) && x < xy[i]+(y-xy[i+1])*(xy[i+2]-xy[i])/(xy[i+3]-xy[i+1]) {
			in = !in
		}
	}
	return in
}
