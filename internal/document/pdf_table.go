package document

import (
	"slices"

	"jalon/internal/bilingual"
)

// Sizes inside tables: small, since the wordings of a mandate letter are long.
const (
	cellSize   = 7.5
	quietSize  = 7.0
	cellPad    = 1.1
	cellGap    = 1.6 // between columns
	headerSize = 7.0
)

// wholePage is what a row can take below a header row.
func (p paper) wholePage() float64 { return p.bottom() - bodyTop - 12 }

// cellLine is one printed line of a cell: where it belongs and how it looks.
type cellLine struct {
	textLine
	part   int
	size   float64
	shade  colour
	height float64
	before float64 // room above
	mark   Mark    // of a pill, drawn behind its first line
	span   int     // lines of the pill
	inset  float64
}

// drawTable draws a table: its header row again on each page, rows cut only
// when they are taller than a page.
func (p *printer) drawTable(t Table) {
	widths := t.widths(p.paper.body())
	e := p.tags.add(p.tags.root, "Table")
	if t.Caption != "" {
		caption := p.wrap(Part{Text: t.Caption}, 8, p.paper.body(), false)
		p.room(p.tableStart(t))
		p.tags.mark(p.tags.add(e, "Caption"), func() { p.lines(p.paper.margin, p.y, caption, 8, muted) })
		p.y += float64(len(caption))*lineHeight(8) + 1
	}
	p.tableHead(t, widths, p.tags.add(e, "THead"))
	p.table = func() { p.tableHead(t, widths, nil) }
	body := p.tags.add(e, "TBody")
	for row := range t.all() {
		p.row(p.tags.add(body, "TR"), row, widths)
	}
	p.table = nil
	p.y += 2
}

// widths gives the columns' widths in millimetres.
func (t Table) widths(body float64) []float64 {
	widths := make([]float64, len(t.Columns))
	var sum float64
	for _, c := range t.Columns {
		sum += c.Width
	}
	for i, c := range t.Columns {
		widths[i] = c.Width / sum * body
	}
	return widths
}

// tableStart gives the height of caption, header row and first row.
func (p *printer) tableStart(t Table) float64 {
	height := 3*lineHeight(headerSize) + 2*cellPad
	if t.Caption != "" {
		height += 2 * lineHeight(8)
	}
	tallest := 0.0
	for row := range t.all() {
		for i, c := range row {
			tallest = max(tallest, stack(p.cellLines(c, t.widths(p.paper.body())[i]-cellGap, i == 0)))
		}
		break // of the first row
	}
	if !p.d.Loose {
		tallest += 2 * cellPad
	}
	if tallest > p.paper.wholePage() {
		tallest = 20 // it is cut anyway
	}
	return height + tallest
}

// tableHead draws the column titles; a repeated head is no part of the structure.
func (p *printer) tableHead(t Table, widths []float64, head *element) {
	lines := make([][]textLine, len(t.Columns))
	most := 1
	for i, c := range t.Columns {
		lines[i] = p.wrap(Part{Text: c.Title}, headerSize, widths[i]-cellGap, true)
		most = max(most, len(lines[i]))
	}
	height := float64(most)*lineHeight(headerSize) + 2*cellPad
	p.tags.artifact(func() {
		p.fill(sunken)
		p.f.Rect(p.paper.margin, p.y, p.paper.body(), height, "F")
		p.rule(p.paper.margin, p.y+height, p.paper.body(), strong)
	})
	var tr *element
	if head != nil {
		tr = p.tags.add(head, "TR")
	}
	x := p.paper.margin
	for i := range t.Columns {
		text := func() {
			p.lines(x+cellGap/2, p.y+cellPad, lines[i], headerSize, muted)
		}
		if tr == nil {
			p.tags.artifact(text)
		} else {
			th := p.tags.add(tr, "TH")
			th.scope = "Column"
			p.tags.mark(th, text)
		}
		x += widths[i]
	}
	p.y += height
}

// row draws one row, over several pages when it must.
func (p *printer) row(tr *element, cells []Cell, widths []float64) {
	lines := make([][]cellLine, len(cells))
	elements := make([]*element, len(cells))
	tallest := 0.0
	for i, c := range cells {
		lines[i] = p.cellLines(c, widths[i]-cellGap, i == 0)
		tallest = max(tallest, stack(lines[i]))
		elements[i] = p.tags.add(tr, map[bool]string{true: "TH", false: "TD"}[i == 0])
		if i == 0 {
			elements[i].scope = "Row"
		}
	}
	if tallest+2*cellPad <= p.paper.wholePage() {
		p.room(tallest + 2*cellPad)
	}
	spans := make([]map[int]*element, len(cells))
	for {
		left := p.paper.bottom() - p.y - 2*cellPad
		height, more := 0.0, false
		x := p.paper.margin
		for i := range cells {
			n := fitting(lines[i], left)
			if spans[i] == nil {
				spans[i] = map[int]*element{}
			}
			p.cell(elements[i], spans[i], cells[i], lines[i][:n], x+cellGap/2)
			height = max(height, stack(lines[i][:n]))
			lines[i] = lines[i][n:]
			more = more || len(lines[i]) > 0
			x += widths[i]
		}
		p.y += height + 2*cellPad
		p.tags.artifact(func() { p.rule(p.paper.margin, p.y, p.paper.body(), hairline) })
		if !more {
			return
		}
		p.newPage()
		again := p.cellLines(cells[0], widths[0]-cellGap, true)
		p.tags.artifact(func() { // the row's name, for those who start reading here
			for i, l := range again {
				p.lines(p.paper.margin+cellGap/2, p.y+cellPad+float64(i)*l.height, []textLine{l.textLine}, l.size, muted)
			}
		})
	}
}

func stack(lines []cellLine) (height float64) {
	for _, l := range lines {
		height += l.before + l.height
	}
	return height
}

// fitting tells how many lines fit; at least one, so that every page gets on.
func fitting(lines []cellLine, height float64) int {
	for n := range lines {
		if stack(lines[:n+1]) > height && n > 0 {
			return n
		}
	}
	return len(lines)
}

// cellLines breaks a cell into lines.
func (p *printer) cellLines(c Cell, width float64, rowHeader bool) (out []cellLine) {
	for i, part := range c.Parts {
		size, shade, inset := cellSize, ink, 0.0
		switch {
		case c.Mark != "":
			shade, inset = c.Mark.style().ink, 4.2
		case rowHeader:
			shade = accent
		case part.Quiet:
			size, shade = quietSize, muted
		}
		right := 0.0
		if c.Mark.pill() {
			inset, right = 4.8, 1.2
		}
		lines := p.wrap(part, size, width-inset-right, rowHeader || c.Mark.pill())
		for n, l := range lines {
			cl := cellLine{textLine: l, part: i, size: size, shade: shade, height: lineHeight(size), inset: inset}
			if n == 0 && i > 0 {
				cl.before = .7
			}
			if n == 0 && i == 0 && c.Mark != "" {
				cl.mark, cl.span = c.Mark, len(lines)
			}
			out = append(out, cl)
		}
	}
	return out
}

// cell draws some lines of a cell. Words in the other language get an element
// of their own, so that a screen reader changes its voice.
func (p *printer) cell(e *element, spans map[int]*element, c Cell, lines []cellLine, x float64) {
	y := p.y + cellPad
	for start := 0; start < len(lines); {
		end := start
		for end < len(lines) && lines[end].part == lines[start].part {
			end++
		}
		part := lines[start].part
		target := e
		if lang := tag(c.Parts[part].Lang, p.d.Lang); lang != "" {
			if spans[part] == nil {
				spans[part] = p.tags.add(e, "Span")
				spans[part].lang = lang
			}
			target = spans[part]
		}
		if m := lines[start].mark; m != "" {
			width := 0.0
			for _, l := range lines[start:end] {
				width = max(width, l.width)
			}
			height := float64(lines[start].span) * lines[start].height
			p.tags.artifact(func() { p.pill(m, x, y, width+6, height) })
		}
		rest := lines[start:end]
		if first := rest[0]; target != e && c.Parts[part].Label != "" && len(first.runs) > 1 {
			label := textLine{runs: first.runs[:1]} // in the document's own language
			p.tags.mark(e, func() { p.lines(x+first.inset, y+first.before, []textLine{label}, first.size, first.shade) })
			rest = slices.Clone(rest)
			rest[0].inset += p.width(first.runs[0].text, first.size, first.runs[0].bold)
			rest[0].runs = first.runs[1:]
		}
		p.tags.mark(target, func() {
			for _, l := range rest {
				y += l.before
				p.lines(x+l.inset, y, []textLine{l.textLine}, l.size, l.shade)
				y += l.height
			}
		})
		start = end
	}
}

// tag gives the language tag of words that are not in the document's language.
func tag(lang, document bilingual.Lang) string {
	if lang == "" || lang == document {
		return ""
	}
	return lang.Tag()
}
