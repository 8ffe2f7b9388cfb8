package report

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"

	"github.com/shopspring/decimal"

	"jalon/internal/calendar"
	"jalon/internal/indicator"
)

// Measures of a chart in dots: 150 mm at about 240 dots per inch.
const (
	chartWidth  = 1400
	chartHeight = 420
	chartEdge   = 24
)

var chartInks = color.Palette{
	color.White,
	color.RGBA{0xd5, 0xdb, 0xe3, 0xff}, // lines behind
	color.RGBA{0x15, 0x5e, 0x6b, 0xff}, // values
	color.RGBA{0x74, 0x46, 0x00, 0xff}, // where it must be
}

const (
	inkGrid = iota + 1
	inkValue
	inkPath
)

// chartOf draws the values of an indicator as a line with dots, and where it must
// be as a dashed one. The numbers stand in the table below. Nil for less than two
// values. Each chart of a document is a dot wider than the one before: a PDF has
// its pictures in the order of their width.
func chartOf(s *indicator.Series, number int) []byte {
	shown := visible(s)
	if len(shown) < 2 {
		return nil
	}
	c := newChart(s, shown, number)
	for i := range 5 {
		y := chartEdge + float64(i)*(chartHeight-2*chartEdge)/4
		c.line(chartEdge, y, chartWidth-chartEdge, y, 1, 0, inkGrid)
	}
	var before *indicator.Milestone
	if s.Baseline != nil {
		before = &indicator.Milestone{On: s.BaselineOn, Value: *s.Baseline}
	}
	for i := range s.Milestones {
		if m := &s.Milestones[i]; before != nil {
			c.between(before.On, before.Value, m.On, m.Value, 2, 14, inkPath)
		}
		before = &s.Milestones[i]
	}
	for i, p := range shown {
		if i > 0 {
			c.between(shown[i-1].On, shown[i-1].Value, p.On, p.Value, 2.5, 0, inkValue)
		}
		x, y := c.at(p.On, p.Value)
		c.dot(x, y, 8, inkValue)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, c.img); err != nil {
		return nil
	}
	return b.Bytes()
}

type chart struct {
	img         *image.Paletted
	first, last float64 // days
	low, high   float64
}

func newChart(s *indicator.Series, shown []indicator.Point, number int) chart {
	c := chart{img: image.NewPaletted(image.Rect(0, 0, chartWidth+number, chartHeight), chartInks), low: math.Inf(1), high: math.Inf(-1)}
	see := func(v decimal.Decimal) {
		f := v.InexactFloat64()
		c.low, c.high = min(c.low, f), max(c.high, f)
	}
	for _, p := range shown {
		see(p.Value)
	}
	for _, m := range s.Milestones {
		see(m.Value)
	}
	if s.Baseline != nil {
		see(*s.Baseline)
	}
	if c.high == c.low {
		c.low, c.high = c.low-1, c.high+1
	}
	c.first, c.last = days(shown[0].On), days(shown[len(shown)-1].On)
	return c
}

func days(d calendar.Date) float64 { return float64(d.Time().Unix()) / 86400 }

func (c chart) at(on calendar.Date, v decimal.Decimal) (x, y float64) {
	x = chartEdge + (days(on)-c.first)/max(1, c.last-c.first)*(chartWidth-2*chartEdge)
	y = chartHeight - chartEdge - (v.InexactFloat64()-c.low)/(c.high-c.low)*(chartHeight-2*chartEdge)
	return x, y
}

func (c chart) between(from calendar.Date, a decimal.Decimal, until calendar.Date, b decimal.Decimal, width, dash float64, ink uint8) {
	x0, y0 := c.at(from, a)
	x1, y1 := c.at(until, b)
	c.line(x0, y0, x1, y1, width, dash, ink)
}

// line draws a line of this half width; with a dash, every other piece of that length.
func (c chart) line(x0, y0, x1, y1, width, dash float64, ink uint8) {
	length := math.Hypot(x1-x0, y1-y0)
	for at := 0.0; at <= length; at += .5 {
		if dash > 0 && int(at/dash)%2 == 1 {
			continue
		}
		part := at / max(length, 1)
		c.dot(x0+(x1-x0)*part, y0+(y1-y0)*part, width, ink)
	}
}

func (c chart) dot(x, y, radius float64, ink uint8) {
	for i := int(x - radius); i <= int(x+radius)+1; i++ {
		for j := int(y - radius); j <= int(y+radius)+1; j++ {
			if i >= chartEdge/2 && i < chartWidth-chartEdge/2 && math.Hypot(float64(i)-x, float64(j)-y) <= radius && (image.Point{i, j}).In(c.img.Rect) {
				c.img.SetColorIndex(i, j, ink)
			}
		}
	}
}
