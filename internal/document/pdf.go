package document

import (
	"bytes"
	_ "embed" // the two fonts
	"fmt"
	"io"
	"strconv"

	"codeberg.org/go-pdf/fpdf"
)

// Liberation Sans (SIL Open Font License 1.1, see fonts/OFL.txt).
var (
	//go:embed fonts/LiberationSans-Regular.ttf
	regularFont []byte
	//go:embed fonts/LiberationSans-Bold.ttf
	boldFont []byte
)

// Measures of a page in millimetres: A4, landscape.
const (
	pageWidth  = 297.0
	pageHeight = 210.0
	margin     = 12.0
	bodyTop    = 18.0 // below the running head, from the second page on
	bodyBottom = pageHeight - 15
	bodyWidth  = pageWidth - 2*margin
	point      = 25.4 / 72 // millimetres
)

// WritePDF writes a tagged PDF: headings, lists and tables with their headers
// in the structure, language and title set, fonts embedded, bookmarks, page n
// of N. It is drawn twice, the first time to count the pages.
func WritePDF(w io.Writer, d Document) error {
	first, err := draw(d, 0)
	if err != nil {
		return fmt.Errorf("write PDF %q: %w", d.Title, err)
	}
	p, err := draw(d, first.f.PageNo())
	if err != nil {
		return fmt.Errorf("write PDF %q: %w", d.Title, err)
	}
	var plain bytes.Buffer
	if err := p.f.Output(&plain); err != nil {
		return fmt.Errorf("write PDF %q: %w", d.Title, err)
	}
	if err := p.tags.finish(w, plain.Bytes(), d); err != nil {
		return fmt.Errorf("tag PDF %q: %w", d.Title, err)
	}
	return nil
}

// printer draws one document.
type printer struct {
	f       *fpdf.Fpdf
	measure *fpdf.Fpdf // without pages: measuring leaves no trace in the file
	d       Document
	tags    *tagger
	pages   int // how many there will be; 0 while counting
	y       float64
	table   func() // draws the header row of the open table again; nil outside tables
}

func newCanvas() *fpdf.Fpdf {
	f := fpdf.New("L", "mm", "A4", "")
	f.AddUTF8FontFromBytes("sans", "", regularFont)
	f.AddUTF8FontFromBytes("sans", "B", boldFont)
	f.SetMargins(margin, margin, margin)
	f.SetAutoPageBreak(false, 0)
	return f
}

func draw(d Document, pages int) (*printer, error) {
	p := &printer{f: newCanvas(), measure: newCanvas(), d: d, pages: pages}
	p.tags = newTagger(p.f)
	p.f.SetCatalogSort(true)
	p.f.SetCreationDate(d.Created.UTC())
	p.f.SetModificationDate(d.Created.UTC())
	p.f.SetTitle(d.Title, true)
	p.f.SetAuthor(d.Author, true)
	p.f.SetCreator("Jalon", true)
	p.f.SetLang(d.Lang.Tag())
	p.newPage()
	for i, b := range d.Blocks {
		switch b := b.(type) {
		case Heading:
			p.heading(b, d.Blocks[i+1:])
		case Paragraph:
			p.paragraph(b)
		case List:
			p.list(b)
		case Facts:
			p.facts(b)
		case Table:
			p.drawTable(b)
		case Figure:
			p.figure(b)
		}
	}
	return p, p.f.Error()
}

// newPage starts a page with its running head and foot.
func (p *printer) newPage() {
	p.f.AddPage()
	p.y = margin
	n := p.f.PageNo()
	p.tags.artifact(func() {
		if n > 1 {
			p.text(margin, 10.5, p.fitted(p.d.Running, 8, false, bodyWidth), 8, false, muted)
			p.rule(margin, 12.5, bodyWidth, hairline)
			p.y = bodyTop
		}
		foot := pageHeight - 8
		p.rule(margin, foot-4.5, bodyWidth, hairline)
		number := p.d.Words.PageOf(strconv.Itoa(n), strconv.Itoa(p.pages))
		width := p.width(number, 8, false)
		p.text(pageWidth-margin-width, foot, number, 8, false, muted)
		p.text(margin, foot, p.fitted(p.d.Footer, 8, false, bodyWidth-width-6), 8, false, muted)
	})
	if p.table != nil {
		p.table()
	}
}

// room starts a new page when less than this height is left.
func (p *printer) room(height float64) {
	if p.y+height > bodyBottom {
		p.newPage()
	}
}

// start gives the height that the start of these blocks needs: a heading stays
// with what it stands above.
func (p *printer) start(blocks []Block) float64 {
	if len(blocks) == 0 {
		return 0
	}
	switch b := blocks[0].(type) {
	case Paragraph:
		return 2*lineHeight(9) + p.start(blocks[1:])
	case Facts:
		left, right := p.factsHeight(b)
		return max(left, right)
	case Table:
		return p.tableStart(b)
	default:
		return 20
	}
}

func (p *printer) heading(h Heading, next []Block) {
	size, before, after := 9.5, 3.0, 1.5
	switch h.Level {
	case 1:
		size, before, after = 18, 0, 2
	case 2:
		size, before, after = 11.5, 5, 2
	}
	lines := p.wrap(h.Text, size, bodyWidth-6, true)
	height := float64(len(lines)) * lineHeight(size)
	if p.y > bodyTop {
		p.y += before
	}
	p.room(min(height+after+p.start(next), bodyBottom-bodyTop))
	x := margin
	p.f.SetFont("sans", "", size)
	p.f.Bookmark(h.Text.String(), h.Level-1, p.y)
	if h.Level == 1 {
		p.tags.artifact(func() { p.pole(margin, p.y+.4, height-.8) })
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

func (p *printer) paragraph(b Paragraph) {
	size, inset := 9.0, 0.0
	if b.Mark != "" {
		inset = 8
	}
	lines := p.wrap(b.Text, size, bodyWidth-2*inset, b.Mark != "")
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
			p.f.Rect(margin, p.y, bodyWidth, height+2*pad, "F")
			p.fill(look.ink)
			p.f.Rect(margin, p.y, 1, height+2*pad, "F")
			p.icon(b.Mark, margin+3, p.y+pad+.4, 3.2)
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
		n := max(1, min(len(lines), int((bodyBottom-p.y)/lineHeight(size))))
		p.tags.mark(e, func() { p.lines(margin+inset, p.y, lines[:n], size, shade) })
		p.y += float64(n) * lineHeight(size)
		if lines = lines[n:]; len(lines) > 0 {
			p.newPage()
		}
	}
	p.y += pad + 2
}

func (p *printer) list(l List) {
	const size = 8.5
	e := p.tags.add(p.tags.root, "L")
	x, height := margin, lineHeight(size)+1.2
	p.room(height)
	for _, item := range l.Items {
		text := Part{Text: item.Text()}
		width := p.width(text.String(), size, true) + 8
		if x > margin && (!l.Inline || x+width > margin+bodyWidth) {
			x, p.y = margin, p.y+height+1.4
			p.room(height)
		}
		body := p.tags.add(p.tags.add(e, "LI"), "LBody")
		p.tags.artifact(func() { p.pill(item.Mark, x, p.y, width, height) })
		lines := p.wrap(text, size, bodyWidth, true)
		p.tags.mark(body, func() { p.lines(x+5.6, p.y+.6, lines[:1], size, item.Mark.style().ink) })
		x += width + 2.5
	}
	p.y += height + 3
}

// Measures of facts.
const (
	factSize  = 8.0 // so that a SHA-256 fits on a line
	factName  = 30.0
	factGap   = 8.0 // between the two columns
	factWidth = (bodyWidth - factGap) / 2
)

func (p *printer) factLines(f Fact) (name, value []textLine, height float64) {
	name = p.wrap(Part{Text: f.Name}, factSize, factName-2, false)
	value = p.wrap(f.Value, factSize, factWidth-factName, false)
	return name, value, float64(max(len(name), len(value)))*lineHeight(factSize) + .7
}

// factsHeight gives the heights of the left and the right column.
func (p *printer) factsHeight(list Facts) (left, right float64) {
	for i, f := range list {
		_, _, height := p.factLines(f)
		if i < (len(list)+1)/2 {
			left += height
		} else {
			right += height
		}
	}
	return left, right
}

// facts stand in two columns, read down the left and then down the right.
func (p *printer) facts(list Facts) {
	left, right := p.factsHeight(list)
	p.room(max(left, right))
	e := p.tags.add(p.tags.root, "Table")
	x, y := margin, p.y
	for i, f := range list {
		if i == (len(list)+1)/2 {
			x, y = margin+factWidth+factGap, p.y
		}
		name, value, height := p.factLines(f)
		tr := p.tags.add(e, "TR")
		th, td := p.tags.add(tr, "TH"), p.tags.add(tr, "TD")
		th.scope, td.lang = "Row", tag(f.Value.Lang, p.d.Lang)
		p.tags.mark(th, func() { p.lines(x, y, name, factSize, muted) })
		p.tags.mark(td, func() { p.lines(x+factName, y, value, factSize, ink) })
		y += height
	}
	p.y += max(left, right) + 3
}

func (p *printer) figure(b Figure) {
	if b.Chart != nil {
		height := b.Width * b.Chart.Height / b.Chart.Width
		p.room(height)
		e := p.tags.add(p.tags.root, "Figure")
		e.alt = b.Alt
		p.tags.mark(e, func() { drawChart(&pagePen{p: p, x: margin, y: p.y, unit: b.Width / b.Chart.Width}, *b.Chart) })
		p.y += height + 3
		return
	}
	name := fmt.Sprintf("figure-%d-%d", p.f.PageNo(), int(p.y*100))
	info := p.f.RegisterImageOptionsReader(name, fpdf.ImageOptions{ImageType: "PNG"}, bytes.NewReader(b.PNG))
	if p.f.Err() || info.Width() == 0 {
		return // the error is kept and ends the drawing
	}
	height := b.Width * info.Height() / info.Width()
	p.room(height)
	e := p.tags.add(p.tags.root, "Figure")
	e.alt = b.Alt
	p.tags.mark(e, func() {
		p.f.ImageOptions(name, margin, p.y, b.Width, height, false, fpdf.ImageOptions{ImageType: "PNG"}, 0, "")
	})
	p.y += height + 3
}
