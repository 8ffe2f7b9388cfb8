package document

import "codeberg.org/go-pdf/fpdf"

// pill draws the ground of a mark and its word: a tint or an outline, and the icon.
func (p *printer) pill(m Mark, x, y, width, height float64) {
	look := m.style()
	if m.pill() {
		p.fill(look.tint)
		mode := "F"
		if look.outline {
			p.stroke(strong, .2)
			mode = "FD"
			if m == Dashed {
				p.f.SetDashPattern([]float64{.9, .6}, 0)
			}
		}
		p.f.RoundedRect(x, y-.25, width, height+.3, min(1.7, height/2), "1234", mode)
		p.f.SetDashPattern(nil, 0)
		x += 1.2
	}
	if m != "" {
		p.icon(m, x, y+min(height, lineHeight(cellSize)+1.2)/2-1.5, 2.8)
	}
}

// icon draws a mark in a square of this size. Shapes are given on a grid of 16.
func (p *printer) icon(m Mark, x, y, size float64) {
	unit := size / 16
	look := m.style()
	p.stroke(look.ink, 1.7*unit)
	p.fill(look.ink)
	p.f.SetLineCapStyle("round")
	p.f.SetLineJoinStyle("round")
	circle := func(cx, cy, r float64, mode string) { p.f.Circle(x+cx*unit, y+cy*unit, r*unit, mode) }
	path := func(mode string, xy ...float64) { p.path(x, y, unit, mode, xy) }
	switch m {
	case Tick:
		circle(8, 8, 7, "D")
		path("", 4.8, 8.3, 7, 10.5, 11.2, 5.7)
	case Triangle:
		path("D", 8, 1.6, 15, 14, 1, 14)
		path("", 8, 6, 8, 9.6)
		circle(8, 11.8, 1, "F")
	case Ring:
		circle(8, 8, 7, "D")
		circle(8, 8, 2.6, "D")
		path("", 3.2, 3.2, 6.1, 6.1)
		path("", 9.9, 9.9, 12.8, 12.8)
		path("", 12.8, 3.2, 9.9, 6.1)
		path("", 6.1, 9.9, 3.2, 12.8)
	case Octagon:
		path("D", 5.2, 1.2, 10.8, 1.2, 14.8, 5.2, 14.8, 10.8, 10.8, 14.8, 5.2, 14.8, 1.2, 10.8, 1.2, 5.2)
		path("", 5.4, 5.4, 10.6, 10.6)
		path("", 10.6, 5.4, 5.4, 10.6)
	case Flag:
		path("", 3, 15, 3, 1.6)
		path("F", 3, 2, 12.6, 2, 10.4, 5.2, 12.6, 8.4, 3, 8.4)
	case Square:
		path("D", 2, 2, 14, 2, 14, 14, 2, 14)
		path("F", 5.4, 5.4, 10.6, 5.4, 10.6, 10.6, 5.4, 10.6)
	case Dash:
		circle(8, 8, 7, "D")
		path("", 4.8, 8, 11.2, 8)
	case Dashed:
		p.f.SetLineCapStyle("butt")
		p.f.SetDashPattern([]float64{2.6 * unit, 2.2 * unit}, 0)
		circle(8, 8, 6.8, "D")
		p.f.SetDashPattern(nil, 0)
	case Clock:
		circle(8, 8, 7, "D")
		path("", 8, 4, 8, 8.3, 10.8, 9.9)
	case Dots:
		for _, cx := range []float64{3, 8, 13} {
			circle(cx, 8, 1.4, "F")
		}
	case Up:
		path("", 8, 13, 8, 3)
		path("", 3.8, 7.2, 8, 3, 12.2, 7.2)
	case Down:
		path("", 8, 3, 8, 13)
		path("", 3.8, 8.8, 8, 13, 12.2, 8.8)
	case Same:
		path("", 3, 8, 13, 8)
	}
	p.f.SetLineCapStyle("butt")
	p.f.SetLineJoinStyle("miter")
}

// path draws a closed shape with a mode, or an open line without one.
func (p *printer) path(x, y, unit float64, mode string, xy []float64) {
	points := make([]fpdf.PointType, 0, len(xy)/2)
	for i := 0; i < len(xy); i += 2 {
		points = append(points, fpdf.PointType{X: x + xy[i]*unit, Y: y + xy[i+1]*unit})
	}
	if mode != "" {
		p.f.Polygon(points, mode)
		return
	}
	p.f.MoveTo(points[0].X, points[0].Y)
	for _, point := range points[1:] {
		p.f.LineTo(point.X, point.Y)
	}
	p.f.DrawPath("D")
}
