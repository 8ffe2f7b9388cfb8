package document

import "strconv"

// title is a heading as it was drawn.
type title struct {
	level int
	text  string
	page  int
}

// contents lists the headings of level 2 and 3 with their pages. While pages are
// counted it takes the room that it will need.
func (p *printer) contents(c Contents) {
	p.heading(Heading{2, Part{Text: c.Title}}, nil)
	p.titles = p.titles[:len(p.titles)-1] // it does not list itself
	var listed []title
	if p.f != nil {
		listed = p.known.titles
	} else {
		for _, b := range p.d.Blocks {
			if h, ok := b.(Heading); ok {
				listed = append(listed, title{h.Level, h.Text.String(), 0})
			}
		}
	}
	e := p.tags.add(p.tags.root, "TOC")
	for _, t := range listed {
		if t.level == 2 || t.level == 3 {
			p.contentsLine(p.tags.add(e, "TOCI"), t)
		}
	}
	p.y += 3
}

func (p *printer) contentsLine(e *element, t title) {
	size, inset, before := 9.5, 0.0, 1.6
	if t.level == 3 {
		size, inset, before = 8.5, 6, .3
	}
	const number = 12 // millimetres at the right
	bold := t.level == 2
	text := p.fitted(t.text, size, bold, p.paper.body()-inset-number)
	p.room(before + lineHeight(size))
	p.y += before
	x, base := p.paper.margin+inset, p.y+size*point*.98
	page := strconv.Itoa(t.page)
	at := p.paper.margin + p.paper.body() - p.width(page, size, false)
	p.tags.mark(e, func() { p.text(x, base, text+" ", size, bold, ink) })
	p.tags.artifact(func() {
		p.stroke(hairline, .2)
		p.f.Line(x+p.width(text, size, bold)+2, base, at-2, base)
	})
	p.tags.mark(e, func() { p.text(at, base, page, size, false, ink) })
	p.y += lineHeight(size)
}
