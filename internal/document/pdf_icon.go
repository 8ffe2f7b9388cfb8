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

// icon draws a mark in a square of this size.
func (p *printer) icon(m Mark, x, y, size float64) {
	unit := size / iconGrid
	look := m.style()
	p.stroke(look.ink, iconLine*unit)
	p.fill(look.ink)
	p.f.SetLineCapStyle("round")
	p.f.SetLineJoinStyle("round")
	m.draw(&pdfPen{p: p, x: x, y: y, unit: unit})
	p.f.SetLineCapStyle("butt")
	p.f.SetLineJoinStyle("miter")
}

// pdfPen draws an icon on a page.
type pdfPen struct {
	p          *printer
	x, y, unit float64
}

func (d *pdfPen) circle(cx, cy, r float64, filled bool) {
	mode := "D"
	if filled {
		mode = "F"
	}
	d.p.f.Circle(d.x+cx*d.unit, d.y+cy*d.unit, r*d.unit, mode)
}

func (d *pdfPen) dashedCircle(cx, cy, r, dash, gap float64) {
	d.p.f.SetLineCapStyle("butt")
	d.p.f.SetDashPattern([]float64{dash * d.unit, gap * d.unit}, 0)
	d.circle(cx, cy, r, false)
	d.p.f.SetDashPattern(nil, 0)
}

func (d *pdfPen) line(xy ...float64)    { d.p.path(d.x, d.y, d.unit, "", xy) }
func (d *pdfPen) outline(xy ...float64) { d.p.path(d.x, d.y, d.unit, "D", xy) }
func (d *pdfPen) solid(xy ...float64)   { d.p.path(d.x, d.y, d.unit, "F", xy) }

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
