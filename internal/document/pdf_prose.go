package document

import "strconv"

func (p *printer) heading(h Heading, next []Block) {
	size, before, after := 9.5, 3.0, 1.5
	switch h.Level {
	case 1:
		size, before, after = 18, 0, 2
	case 2:
		size, before, after = 11.5, 5, 2
	}
	lines := p.wrap(h.Text, size, p.paper.body()-6, true)
	height := float64(len(lines)) * lineHeight(size)
	if p.y > bodyTop {
		p.y += before
	}
	p.room(min(height+after+p.start(next), p.paper.bottom()-bodyTop))
	x := p.paper.margin
	if p.f != nil {
		p.f.SetFont("sans", "", size)
		p.f.Bookmark(h.Text.String(), h.Level-1, p.y)
	}
	p.titles = append(p.titles, title{h.Level, h.Text.String(), p.page})
	if h.Level == 1 {
		p.tags.artifact(func() { p.pole(p.paper.margin, p.y+.4, height-.8) })
		x += 5
	}
	e := p.tags.add(p.tags.root, "H"+strconv.Itoa(h.Level))
	e.lang = tag(h.Text.Lang, p.d.Lang)
	shade := ink
	if h.Level > 1 {
		shade = accent
	}
	p.tags.mark(e, func() { p.lines(x, p.y, lines, size, shade) })
	p.y += height + after
}

// pole draws the surveyor's pole that the program is named after.
func (p *printer) pole(x, y, height float64) {
	band := height / 5
	p.fill(accent)
	for i := range 5 {
		if i%2 == 0 {
			p.f.Rect(x, y+float64(i)*band, 1.8, band, "F")
		}
	}
	p.stroke(accent, .25)
	p.f.Rect(x, y, 1.8, height, "D")
}

// paragraphGap is the room below a paragraph, in millimetres.
const paragraphGap = 2.0

func (p *printer) paragraph(b Paragraph) {
	size, inset := p.paper.prose, 0.0
	if b.Mark != "" {
		inset = 8
	}
	lines := p.wrap(b.Text, size, p.paper.body()-2*inset, b.Mark != "")
	height := float64(len(lines)) * lineHeight(size)
	pad := 0.0
	if b.Mark != "" {
		pad = 1.8
	}
	p.room(height + 2*pad)
	if b.Mark != "" {
		look := b.Mark.style()
		p.tags.artifact(func() {
			p.fill(look.tint)
			p.f.Rect(p.paper.margin, p.y, p.paper.body(), height+2*pad, "F")
			p.fill(look.ink)
			p.f.Rect(p.paper.margin, p.y, 1, height+2*pad, "F")
			p.icon(b.Mark, p.paper.margin+3, p.y+pad+.4, 3.2)
		})
	}
	shade := ink
	if b.Mark != "" {
		shade = b.Mark.style().ink
	} else if b.Text.Quiet {
		shade = muted
	}
	e := p.tags.add(p.tags.root, "P")
	e.lang = tag(b.Text.Lang, p.d.Lang)
	p.y += pad
	for len(lines) > 0 { // a long paragraph goes on over pages
		n := max(1, min(len(lines), int((p.paper.bottom()-p.y)/lineHeight(size))))
		p.tags.mark(e, func() { p.lines(p.paper.margin+inset, p.y, lines[:n], size, shade) })
		p.y += float64(n) * lineHeight(size)
		if lines = lines[n:]; len(lines) > 0 {
			p.newPage()
		}
	}
	p.y += pad + paragraphGap
}

func (p *printer) list(l List) {
	const size = 8.5
	e := p.tags.add(p.tags.root, "L")
	if !l.Inline {
		for _, item := range l.Items {
			p.item(p.tags.add(p.tags.add(e, "LI"), "LBody"), item)
		}
		p.y += 2
		return
	}
	x, height := p.paper.margin, lineHeight(size)+1.2
	p.room(height)
	for _, item := range l.Items {
		text := Part{Text: item.Text()}
		width := p.width(text.String(), size, true) + 8
		if x > p.paper.margin && x+width > p.paper.margin+p.paper.body() {
			x, p.y = p.paper.margin, p.y+height+1.4
			p.room(height)
		}
		body := p.tags.add(p.tags.add(e, "LI"), "LBody")
		p.tags.artifact(func() { p.pill(item.Mark, x, p.y, width, height) })
		lines := p.wrap(text, size, p.paper.body(), true)
		p.tags.mark(body, func() { p.lines(x+5.6, p.y+.6, lines[:1], size, item.Mark.style().ink) })
		x += width + 2.5
	}
	p.y += height + 3
}

// item draws an item on lines of its own.
func (p *printer) item(body *element, c Cell) {
	size, inset := p.paper.prose, 5.0
	lines := p.wrap(Part{Text: c.Text()}, size, p.paper.body()-inset, false)
	p.room(float64(min(2, len(lines))) * lineHeight(size))
	dot := p.wrap(Part{Text: "•"}, size, inset, false)
	p.tags.artifact(func() { p.lines(p.paper.margin+1.5, p.y, dot, size, ink) })
	for len(lines) > 0 { // a long item goes on over pages
		n := max(1, min(len(lines), int((p.paper.bottom()-p.y)/lineHeight(size))))
		p.tags.mark(body, func() { p.lines(p.paper.margin+inset, p.y, lines[:n], size, ink) })
		p.y += float64(n) * lineHeight(size)
		if lines = lines[n:]; len(lines) > 0 {
			p.newPage()
		}
	}
	p.y += .8
}
