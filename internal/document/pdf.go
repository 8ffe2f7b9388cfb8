package document

import (
	"bytes"
	_ "embed" // the two fonts
	"fmt"
	"image/png"
	"io"
	"runtime"
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

// Measures of every page in millimetres.
const (
	bodyTop = 18.0      // below the running head, from the second page on
	point   = 25.4 / 72 // millimetres
)

// paper holds the measures of the pages of one document in millimetres.
type paper struct {
	orientation   string
	width, height float64
	margin        float64
	prose         float64 // size of running text in points
}

// paperOf gives an A4 across, for tables, or upright, for what is read from front to back.
func paperOf(d Document) paper {
	if d.Upright {
		return paper{"P", 210, 297, 20, 9.5}
	}
	return paper{"L", 297, 210, 12, 9}
}

func (p paper) body() float64   { return p.width - 2*p.margin }
func (p paper) bottom() float64 { return p.height - 15 }

// WritePDF writes a tagged PDF: headings, lists and tables with their headers
// in the structure, language and title set, fonts embedded, bookmarks, page n
// of N. It is laid out twice, the first time to count the pages. The same document
// always gives the same bytes.
func WritePDF(w io.Writer, d Document) error {
	first, err := count(d)
	if err != nil {
		return fmt.Errorf("write PDF %q: %w", d.Title, err)
	}
	p, err := draw(d, first)
	if err != nil {
		return fmt.Errorf("write PDF %q: %w", d.Title, err)
	}
	if p.page > longPDF {
		runtime.GC() // what laying it out left behind makes room for the file
	}
	if err := p.f.Output(tagged{p, w}); err != nil {
		return fmt.Errorf("write PDF %q: %w", d.Title, err)
	}
	return nil
}

// longPDF is from how many pages on a document weighs on the memory.
const longPDF = 50

// tagged takes the drawn pages, which come whole, and writes them with their
// structure: without a copy of them.
type tagged struct {
	p *printer
	w io.Writer
}

func (t tagged) Write(pdf []byte) (int, error) {
	return len(pdf), t.p.tags.finish(t.w, pdf, t.p.d)
}

// printer draws one document, or counts its pages.
type printer struct {
	f      *fpdf.Fpdf // nil while counting
	d      Document
	paper  paper
	tags   *tagger
	known  counted // zero while counting
	titles []title
	page   int
	y      float64
	table  func() // draws the header row of the open table again; nil outside tables
	err    error
}

// counted is what is known once the pages were counted.
type counted struct {
	pages  int
	titles []title
}

func newCanvas(paper paper) *fpdf.Fpdf {
	f := fpdf.New(paper.orientation, "mm", "A4", "")
	f.AddUTF8FontFromBytes("sans", "", regularFont)
	f.AddUTF8FontFromBytes("sans", "B", boldFont)
	f.SetMargins(paper.margin, paper.margin, paper.margin)
	f.SetAutoPageBreak(false, 0)
	return f
}

// count lays a document out without drawing it.
func count(d Document) (counted, error) {
	p := &printer{paper: paperOf(d), d: d, tags: newTagger(nil)}
	p.blocks()
	return counted{p.page, p.titles}, p.err
}

func draw(d Document, known counted) (*printer, error) {
	paper := paperOf(d)
	p := &printer{paper: paper, f: newCanvas(paper), d: d, known: known}
	p.tags = newTagger(p.f)
	p.f.SetCompression(false) // of pages: they are compressed when the file is written
	p.f.SetCatalogSort(true)
	p.f.SetCreationDate(d.Created.UTC())
	p.f.SetModificationDate(d.Created.UTC())
	p.f.SetTitle(d.Title, true)
	p.f.SetAuthor(d.Author, true)
	p.f.SetCreator("Jalon", true)
	p.blocks()
	if p.err == nil {
		p.err = p.f.Error()
	}
	return p, p.err
}

func (p *printer) blocks() {
	p.newPage()
	for i, b := range p.d.Blocks {
		switch b := b.(type) {
		case Heading:
			p.heading(b, p.d.Blocks[i+1:])
		case Paragraph:
			p.paragraph(b)
		case List:
			p.list(b)
		case Facts:
			p.facts(b)
		case Table:
			p.drawTable(b)
		case Figure:
			p.figure(b, p.d.Blocks[i+1:])
		case Contents:
			p.contents(b)
		case PageBreak:
			p.newPage()
		}
	}
}

// newPage starts a page with its running head and foot.
func (p *printer) newPage() {
	if p.f != nil {
		p.f.AddPage()
	}
	p.page++
	n, first := p.page, p.page == 1
	p.y = bodyTop
	if first {
		p.y = p.paper.margin
	}
	p.tags.artifact(func() {
		if !first {
			p.text(p.paper.margin, 10.5, p.fitted(p.d.Running, 8, false, p.paper.body()), 8, false, muted)
			p.rule(p.paper.margin, 12.5, p.paper.body(), hairline)
		}
		foot := p.paper.height - 8
		p.rule(p.paper.margin, foot-4.5, p.paper.body(), hairline)
		number := p.d.Words.PageOf(strconv.Itoa(n), strconv.Itoa(p.known.pages))
		width := p.width(number, 8, false)
		p.text(p.paper.width-p.paper.margin-width, foot, number, 8, false, muted)
		p.text(p.paper.margin, foot, p.fitted(p.d.Footer, 8, false, p.paper.body()-width-6), 8, false, muted)
	})
	if p.table != nil {
		p.table()
	}
}

// room starts a new page when less than this height is left.
func (p *printer) room(height float64) {
	if p.y+height > p.paper.bottom() {
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
	case Heading:
		return lineHeight(11.5) + 3 + p.start(blocks[1:])
	case Paragraph:
		height := float64(len(p.wrap(b.Text, p.paper.prose, p.paper.body(), b.Mark != ""))) * lineHeight(p.paper.prose)
		if !p.d.Loose {
			height += paragraphGap
		}
		if b.Keep && !p.d.Loose || b.Text.Quiet { // a note introduces what follows
			height += p.start(blocks[1:])
		}
		return height
	case Facts:
		left, right := p.factsHeight(b)
		return max(left, right)
	case Table:
		return p.tableStart(b)
	case Figure:
		_, height, _ := p.figureSize(b)
		return height + p.caption(blocks[1:])
	default:
		return 20
	}
}

// figureSize gives the width and height of a picture on paper, in millimetres.
func (p *printer) figureSize(b Figure) (width, height float64, err error) {
	if b.Chart != nil {
		width = min(b.Width, p.paper.body())
		return width, width * b.Chart.Height / b.Chart.Width, nil
	}
	size, err := png.DecodeConfig(bytes.NewReader(b.PNG))
	if err != nil {
		return 0, 0, fmt.Errorf("figure: %w", err)
	}
	return b.Width, b.Width * float64(size.Height) / float64(size.Width), nil
}

// caption gives the height of the gap below a picture with the note that tells what is in it: they stay together.
func (p *printer) caption(next []Block) float64 {
	if len(next) == 0 {
		return 0
	}
	note, ok := next[0].(Paragraph)
	if !ok || !note.Text.Quiet {
		return 0
	}
	return figureGap + float64(len(p.wrap(note.Text, p.paper.prose, p.paper.body(), false)))*lineHeight(p.paper.prose)
}

// figureGap is the room below a picture, in millimetres.
const figureGap = 3.0

func (p *printer) figure(b Figure, next []Block) {
	width, height, err := p.figureSize(b)
	if err != nil {
		p.err = err
		return
	}
	p.room(height + p.caption(next))
	e := p.tags.add(p.tags.root, "Figure")
	e.alt = b.Alt
	p.tags.mark(e, func() {
		if b.Chart != nil {
			drawChart(&pagePen{p: p, x: p.paper.margin, y: p.y, unit: width / b.Chart.Width}, *b.Chart)
			return
		}
		name, options := fmt.Sprintf("figure-%d-%d", p.page, int(p.y*100)), fpdf.ImageOptions{ImageType: "PNG"}
		p.f.RegisterImageOptionsReader(name, options, bytes.NewReader(b.PNG))
		p.f.ImageOptions(name, p.paper.margin, p.y, width, height, false, options, 0, "")
	})
	p.y += height + figureGap
}
