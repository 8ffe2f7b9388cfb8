// Package document holds a small model of a printed document (headings,
// paragraphs, lists, facts, tables, figures) and writes it as a tagged PDF, a
// text document (DOCX), a workbook (XLSX), a page (HTML) or a list of rows (CSV). It knows nothing of what the words mean.
package document

import (
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/chart"
)

// Document is one document in one main language. The same value always gives
// the same pages and cells.
type Document struct {
	Title   string
	Lang    bilingual.Lang
	Author  string
	Created time.Time
	Running string // repeated at the head of each printed page
	Footer  string // at the foot, left of the page number
	Loose   bool   // a heading may end a printed page, as in documents of older layouts
	Upright bool   // pages that are read from front to back; else across, for wide tables
	Words   Words
	Blocks  []Block
	Data    *Attachment // what the document was made from, for programs
}

// Words are the few words that the formats themselves need, in the document's language.
type Words struct {
	PageOf    func(page, pages string) string
	Facts     string    // name of the worksheet with the facts
	FactsHead [2]string // its column titles
	Texts     string    // name of the worksheet with texts that are too long for a cell
	TextsHead [3]string // its column titles: cell, part, text
	Continued func(first, last int) string
}

// Attachment is a file that travels inside the document.
type Attachment struct {
	Name        string
	Description string
	Content     []byte
}

// Block is a part of a document.
type Block interface{ block() }

// Heading is a title of level 1 (once, at the start) to 4.
type Heading struct {
	Level int
	Text  Part
}

// Paragraph is running text. A note is set apart by a tint and a bar.
type Paragraph struct {
	Text Part
	Mark Mark // of a note; empty for plain text
	Keep bool // on the page of what follows, as a heading
}

// List is a list of short items. Inline items follow each other on a line.
type List struct {
	Inline bool
	Items  []Cell
}

// Facts are names with values, such as what stands on a title page.
type Facts []Fact

// Fact is one name with its value. Fixed sets the value in even, breakable figures.
type Fact struct {
	Name  string
	Value Part
}

// Table has one header row and one header column (the first).
type Table struct {
	Name    string // of its worksheet
	Caption string
	Columns []Column
	Rows    [][]Cell         // each as long as Columns
	Each    iter.Seq[[]Cell] // instead of Rows: those of a long table, made while it is written
}

// all gives the rows in their order, whichever way they are given.
func (t Table) all() iter.Seq[[]Cell] {
	if t.Each != nil {
		return t.Each
	}
	return slices.Values(t.Rows)
}

// Column is a column of a table.
type Column struct {
	Title string
	Width float64 // share of the page's width in a PDF; characters in a workbook
}

// Figure is a picture with its description for those who do not see it. A chart is
// drawn with lines where the format can, and is a picture where it cannot; a workbook has the numbers beside it.
type Figure struct {
	PNG   []byte
	Chart *chart.Drawing // in place of PNG
	Alt   string
	Width float64 // millimetres on paper
}

// Contents lists the headings of level 2 and 3, with their pages.
type Contents struct{ Title string }

// PageBreak starts a page.
type PageBreak struct{}

func (Contents) block()  {}
func (PageBreak) block() {}
func (Heading) block()   {}
func (Paragraph) block() {}
func (List) block()      {}
func (Facts) block()     {}
func (Table) block()     {}
func (Figure) block()    {}

// Narrowed gives the table with columns of a share of their width, for a
// worksheet whose widths were thought of for a page.
func (t Table) Narrowed(share float64) Table {
	t.Columns = slices.Clone(t.Columns)
	for i := range t.Columns {
		t.Columns[i].Width = max(14, t.Columns[i].Width*share)
	}
	return t
}

// Cell is what stands in one place of a table. Date and Number are what a
// workbook stores, so that it can sort; the words are what is printed.
type Cell struct {
	Mark   Mark // drawn before the words: shape and colour beside the word
	Parts  []Part
	Date   calendar.Date
	Number *decimal.Decimal
}

// Part is a paragraph of a cell.
type Part struct {
	Label string // printed before the text, in bold
	Text  string
	Lang  bilingual.Lang // when it is not the document's
	Quiet bool           // of less weight
	// Sources are the numbers of what the words were taken from, printed after
	// them as [4]; each leads to the part with that Anchor.
	Sources []int
	Anchor  int // the number of a source that the words describe; 0 for none
}

// Plain gives a cell with one text.
func Plain(text string) Cell { return Cell{Parts: []Part{{Text: text}}} }

// Marked gives a cell with a mark and its word.
func Marked(mark Mark, word string) Cell { return Cell{Mark: mark, Parts: []Part{{Text: word}}} }

// Text gives the words of the cell, its parts on lines of their own.
func (c Cell) Text() string {
	if len(c.Parts) == 1 {
		return c.Parts[0].String()
	}
	lines := make([]string, 0, len(c.Parts))
	for _, p := range c.Parts {
		if s := p.String(); s != "" {
			lines = append(lines, s)
		}
	}
	return strings.Join(lines, "\n")
}

// String gives the label and the text.
func (p Part) String() string {
	text := p.words()
	if p.Label == "" || text == "" {
		return clean(p.Label) + text
	}
	return clean(p.Label) + " " + text
}

// words gives the text with the numbers of its sources.
func (p Part) words() string { return clean(p.Text) + references(p.Sources) }

// references prints numbers of sources; the space before them does not break.
func references(sources []int) string {
	if len(sources) == 0 {
		return ""
	}
	numbers := make([]string, len(sources))
	for i, n := range sources {
		numbers[i] = strconv.Itoa(n)
	}
	return "\u00a0[" + strings.Join(numbers, ",\u00a0") + "]"
}

// hasContents reports whether the headings are listed.
func (d Document) hasContents() bool {
	return slices.ContainsFunc(d.Blocks, func(b Block) bool { _, is := b.(Contents); return is })
}

// clean removes what no format can hold: control characters, and other ways to
// write a line feed.
func clean(text string) string {
	if isClean(text) {
		return text
	}
	return cleaned(text)
}

func cleaned(text string) string {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r < ' ' || r >= 0x7f && r < 0xa0 || r == 0xfffe || r == 0xffff:
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\ufffd"))
}

// isClean tells of almost every text that nothing is to be removed, by its bytes:
// reading the characters of all cells takes longer than writing them.
func isClean(text string) bool {
	for i := range len(text) {
		switch b := text[i]; {
		case b >= ' ' && b < 0x7f, b == '\n', b == '\t':
		case b < 0x80:
			return false
		case b == 0xc2 && i+1 < len(text) && text[i+1] < 0xa0: // U+0080 to U+009F
			return false
		case b == 0xef && i+1 < len(text) && text[i+1] == 0xbf: // U+FFC0 to U+FFFF
			return false
		}
	}
	return utf8.ValidString(text)
}
