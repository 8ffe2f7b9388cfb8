package document

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"sync"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"

	"jalon/internal/chart"
)

// chartLook is how a shape of a chart is drawn. The same in every format, and
// told apart on grey paper: by dashes, by filling and by form.
type chartLook struct {
	fill   colour
	filled bool
	line   colour
	width  float64 // in units of the drawing; 0 for no line
	dash   bool
}

var chartLooks = map[chart.Role]chartLook{
	chart.Grid:  {line: hairline, width: .8},
	chart.Path:  {line: muted, width: 1.5, dash: true},
	chart.Line:  {line: ink, width: 2},
	chart.Dot:   {fill: ink, filled: true},
	chart.Stone: {fill: white, filled: true, line: ink, width: 1.5},
	chart.Bar:   {fill: accent, filled: true},
	chart.Room:  {fill: sunken, filled: true},
	chart.Good:  {fill: styles[Tick].tint, filled: true, line: styles[Tick].ink, width: 1.2},
	chart.Off:   {fill: styles[Triangle].tint, filled: true, line: styles[Triangle].ink, width: 1.2, dash: true},
	chart.Bad:   {fill: styles[Octagon].tint, filled: true, line: styles[Octagon].ink, width: 2.4},
	chart.None:  {fill: white, filled: true, line: strong, width: .8},
}

// Words of a chart, in units of the drawing.
const chartWords = 11.0

// chartPen draws the shapes of a chart, in units of the drawing.
type chartPen interface {
	area(points []chart.Point, look chartLook)
	stroke(points []chart.Point, look chartLook)
	words(at chart.Point, text, anchor string)
}

func drawChart(pen chartPen, d chart.Drawing) {
	for _, s := range d.Shapes {
		look := chartLooks[s.Role]
		switch {
		case s.Role == chart.Label:
			pen.words(s.Points[0], s.Text, s.Anchor)
		case s.Radius > 0:
			pen.area(around(s.Points[0], s.Radius), look)
		case s.Closed:
			pen.area(s.Points, look)
			if look.width > 0 {
				pen.stroke(append(append([]chart.Point{}, s.Points...), s.Points[0]), look)
			}
		default:
			pen.stroke(s.Points, look)
		}
	}
}

// around gives the corners of what looks like a circle.
func around(at chart.Point, radius float64) []chart.Point {
	const corners = 24
	points := make([]chart.Point, corners)
	for i := range points {
		turn := 2 * math.Pi * float64(i) / corners
		points[i] = chart.Point{X: at.X + radius*math.Cos(turn), Y: at.Y + radius*math.Sin(turn)}
	}
	return points
}

// pagePen draws a chart on a page of a PDF.
type pagePen struct {
	p          *printer
	x, y, unit float64
}

func (d *pagePen) places(points []chart.Point) []fpdf.PointType {
	all := make([]fpdf.PointType, len(points))
	for i, at := range points {
		all[i] = fpdf.PointType{X: d.x + at.X*d.unit, Y: d.y + at.Y*d.unit}
	}
	return all
}

func (d *pagePen) area(points []chart.Point, look chartLook) {
	d.p.fill(look.fill)
	d.p.f.Polygon(d.places(points), "F")
}

func (d *pagePen) stroke(points []chart.Point, look chartLook) {
	d.p.stroke(look.line, look.width*d.unit)
	if look.dash {
		d.p.f.SetDashPattern([]float64{5 * d.unit, 4 * d.unit}, 0)
	}
	places := d.places(points)
	d.p.f.MoveTo(places[0].X, places[0].Y)
	for _, at := range places[1:] {
		d.p.f.LineTo(at.X, at.Y)
	}
	d.p.f.DrawPath("D")
	d.p.f.SetDashPattern(nil, 0)
}

func (d *pagePen) words(at chart.Point, text, anchor string) {
	size := chartWords * d.unit / point
	width := d.p.width(text, size, false)
	x := d.x + at.X*d.unit
	switch anchor {
	case "middle":
		x -= width / 2
	case "end":
		x -= width
	}
	d.p.text(x, d.y+at.Y*d.unit, text, size, false, muted)
}

// chartDots is how many dots a unit of a drawing has in a picture: 480 units over 160 mm give 230 dots per inch.
const chartDots = 3

// picture is a figure for formats that hold pictures and no drawings.
func (f Figure) picture() []byte {
	if f.Chart != nil {
		return chartPNG(*f.Chart)
	}
	return f.PNG
}

// chartPNG gives a chart as a picture.
func chartPNG(d chart.Drawing) []byte {
	pen := &picturePen{image: image.NewRGBA(image.Rect(0, 0, int(d.Width*chartDots), int(d.Height*chartDots)))}
	pen.paint([]chart.Point{{}, {X: d.Width}, {X: d.Width, Y: d.Height}, {Y: d.Height}}, white)
	drawChart(pen, d)
	var b bytes.Buffer
	_ = png.Encode(&b, pen.image) // a buffer does not fail
	return b.Bytes()
}

// picturePen draws a chart in dots.
type picturePen struct{ image *image.RGBA }

// paint fills an area. It looks at the dots that the area touches, and not at
// the whole picture: a dashed line has a hundred areas.
func (d *picturePen) paint(points []chart.Point, c colour) {
	box := dotsOf(points).Intersect(d.image.Rect)
	if box.Empty() {
		return
	}
	r := vector.NewRasterizer(box.Dx(), box.Dy())
	for i, at := range points {
		x, y := float32(at.X*chartDots-float64(box.Min.X)), float32(at.Y*chartDots-float64(box.Min.Y))
		if i == 0 {
			r.MoveTo(x, y)
		} else {
			r.LineTo(x, y)
		}
	}
	r.ClosePath()
	r.Draw(d.image, box, image.NewUniform(color.RGBA{uint8(c.r), uint8(c.g), uint8(c.b), 255}), image.Point{})
}

// dotsOf gives the whole dots that an area touches.
func dotsOf(points []chart.Point) image.Rectangle {
	var box image.Rectangle
	for _, at := range points {
		x, y := int(math.Floor(at.X*chartDots)), int(math.Floor(at.Y*chartDots))
		box = box.Union(image.Rect(x, y, x+1, y+1))
	}
	return box
}

func (d *picturePen) area(points []chart.Point, look chartLook) { d.paint(points, look.fill) }

func (d *picturePen) stroke(points []chart.Point, look chartLook) {
	for i := 1; i < len(points); i++ {
		for _, piece := range dashes(points[i-1], points[i], look.dash) {
			d.bar(piece[0], piece[1], look)
		}
		if !look.dash && i+1 < len(points) {
			d.paint(around(points[i], look.width/2), look.line)
		}
	}
}

// bar paints a straight stroke as the area that it covers.
func (d *picturePen) bar(from, to chart.Point, look chartLook) {
	length := math.Hypot(to.X-from.X, to.Y-from.Y)
	if length == 0 {
		return
	}
	dx, dy := (to.Y-from.Y)/length*look.width/2, (from.X-to.X)/length*look.width/2
	d.paint([]chart.Point{{X: from.X + dx, Y: from.Y + dy}, {X: to.X + dx, Y: to.Y + dy}, {X: to.X - dx, Y: to.Y - dy}, {X: from.X - dx, Y: from.Y - dy}}, look.line)
}

// dashes cuts a stretch into strokes of 5 with gaps of 4, or leaves it whole.
func dashes(from, to chart.Point, cut bool) (pieces [][2]chart.Point) {
	length := math.Hypot(to.X-from.X, to.Y-from.Y)
	if !cut || length == 0 {
		return [][2]chart.Point{{from, to}}
	}
	at := func(along float64) chart.Point {
		share := min(along, length) / length
		return chart.Point{X: from.X + share*(to.X-from.X), Y: from.Y + share*(to.Y-from.Y)}
	}
	for along := 0.0; along < length; along += 9 {
		pieces = append(pieces, [2]chart.Point{at(along), at(along + 5)})
	}
	return pieces
}

// chartFace is the letter of pictures, made once.
var chartFace = sync.OnceValue(func() font.Face {
	parsed, err := opentype.Parse(regularFont)
	if err != nil {
		panic(err) // the font is in the program
	}
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: chartWords * chartDots, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		panic(err)
	}
	return face
})

// chartFaceLock: a face draws for one at a time.
var chartFaceLock sync.Mutex

func (d *picturePen) words(at chart.Point, text, anchor string) {
	chartFaceLock.Lock()
	defer chartFaceLock.Unlock()
	pen := font.Drawer{Dst: d.image, Src: image.NewUniform(color.RGBA{uint8(muted.r), uint8(muted.g), uint8(muted.b), 255}), Face: chartFace()}
	text = printable(text)
	x := fixed.Int26_6(at.X * chartDots * 64)
	switch width := pen.MeasureString(text); anchor {
	case "middle":
		x -= width / 2
	case "end":
		x -= width
	}
	pen.Dot = fixed.Point26_6{X: x, Y: fixed.Int26_6(at.Y * chartDots * 64)}
	pen.DrawString(text)
}
