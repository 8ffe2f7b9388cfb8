package document

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// WriteXLSX writes a workbook: a worksheet for each table, from A1 with one
// header row; a worksheet for everything else; one for texts that are too long
// for a cell; and a hidden one with the attachment. Every text is stored as
// text, so nothing in it is ever run.
func WriteXLSX(w io.Writer, d Document) error {
	f := excelize.NewFile()
	defer f.Close()
	b := workbook{f: f, d: d}
	if err := b.write(); err != nil {
		return fmt.Errorf("write workbook %q: %w", d.Title, err)
	}
	return f.Write(w)
}

// WriteStableXLSX is WriteXLSX that gives the same bytes for the same document:
// the library writes the parts of the zip in any order. It holds the file in memory.
func WriteStableXLSX(w io.Writer, d Document) error {
	var b bytes.Buffer
	if err := WriteXLSX(&b, d); err != nil {
		return err
	}
	r, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		return fmt.Errorf("write workbook %q: %w", d.Title, err)
	}
	slices.SortFunc(r.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	z := zip.NewWriter(w)
	for _, f := range r.File {
		if err := z.Copy(f); err != nil {
			return fmt.Errorf("write workbook %q: %w", d.Title, err)
		}
	}
	return z.Close()
}

// workbook is one workbook in the making.
type workbook struct {
	f      *excelize.File
	d      Document
	styles sheetStyles
	long   []longText // what goes to the worksheet of long texts
}

func (b *workbook) write() (err error) {
	if b.styles, err = newSheetStyles(b.f); err != nil {
		return err
	}
	if err := b.prepare(); err != nil {
		return err
	}
	for _, t := range b.tables() {
		if err := b.table(t); err != nil {
			return fmt.Errorf("sheet %s: %w", t.Name, err)
		}
	}
	if len(b.long) > 0 {
		if _, err := b.f.NewSheet(b.d.Words.Texts); err != nil {
			return err
		}
		if err := b.table(b.texts()); err != nil {
			return fmt.Errorf("sheet %s: %w", b.d.Words.Texts, err)
		}
	}
	if err := b.attach(); err != nil {
		return fmt.Errorf("attach data: %w", err)
	}
	stamp := b.d.Created.UTC().Format("2006-01-02T15:04:05Z")
	return b.f.SetDocProps(&excelize.DocProperties{
		Title: b.d.Title, Language: b.d.Lang.Tag(), Creator: b.d.Author, LastModifiedBy: b.d.Author, Created: stamp, Modified: stamp,
	})
}

// tables gives what has a worksheet of its own: the tables, and then all the rest.
func (b *workbook) tables() (list []Table) {
	for _, block := range b.d.Blocks {
		if t, ok := block.(Table); ok {
			list = append(list, t)
		}
	}
	return append(list, b.facts())
}

// prepare makes the worksheets, hides that of the attachment and opens the
// first. Once rows are streamed, each of these would read all of them back into memory.
func (b *workbook) prepare() error {
	blank := b.f.GetSheetName(0)
	names := []string{}
	for _, t := range b.tables() {
		names = append(names, t.Name)
	}
	if b.d.Data != nil {
		names = append(names, dataSheet)
	}
	for _, name := range names {
		if _, err := b.f.NewSheet(name); err != nil {
			return fmt.Errorf("sheet %s: %w", name, err)
		}
	}
	if err := b.f.DeleteSheet(blank); err != nil {
		return err
	}
	b.f.SetActiveSheet(0)
	if b.d.Data == nil {
		return nil
	}
	return b.f.SetSheetVisible(dataSheet, false, true)
}

func ptr[T any](v T) *T { return &v }

// table writes one worksheet. What is set after Flush would silently be lost,
// and FitToPage must be set before the writer is made.
func (b *workbook) table(t Table) error {
	if err := b.f.SetSheetProps(t.Name, &excelize.SheetPropsOptions{FitToPage: ptr(true)}); err != nil {
		return err
	}
	sw, err := b.f.NewStreamWriter(t.Name)
	if err != nil {
		return err
	}
	header := make([]any, len(t.Columns))
	for i, c := range t.Columns {
		if err := sw.SetColWidth(i+1, i+1, c.Width); err != nil {
			return err
		}
		header[i] = excelize.Cell{StyleID: b.styles.header, Value: c.Title}
	}
	if err := sw.SetPanes(&excelize.Panes{Freeze: true, XSplit: 1, YSplit: 1, TopLeftCell: "B2", ActivePane: "bottomRight"}); err != nil {
		return err
	}
	if err := sw.SetRow("A1", header, excelize.RowOpts{Height: 30}); err != nil {
		return err
	}
	r := 2
	for row := range t.all() {
		values, height := make([]any, len(row)), 0.0
		for c, cell := range row {
			value := b.cell(cell, c == 0, t.Name, c+1, r)
			values[c] = value
			if text, ok := value.Value.(string); ok {
				height = max(height, rowHeight(text, t.Columns[c].Width))
			}
		}
		if err := sw.SetRow(fmt.Sprintf("A%d", r), values, excelize.RowOpts{Height: height}); err != nil {
			return err
		}
		r++
	}
	if err := b.layout(t, r-1); err != nil {
		return err
	}
	return sw.Flush()
}

// rowHeight estimates the height in points of a text of 9 points in a column of
// so many characters. Not every program fits a row to its text by itself.
func rowHeight(text string, width float64) float64 {
	lines := 0.0
	for _, l := range strings.Split(text, "\n") {
		lines += max(1, math.Ceil(float64(utf8.RuneCountInString(l))*.9/width))
	}
	const highest = 409 // of any row
	return min(lines*12+4, highest)
}

// layout sets filter, printing and repeated titles of a worksheet with so many
// rows, its header among them.
func (b *workbook) layout(t Table, rows int) error {
	last, err := excelize.CoordinatesToCellName(len(t.Columns), rows)
	if err != nil {
		return err
	}
	if err := b.f.AutoFilter(t.Name, "A1:"+last, nil); err != nil {
		return err
	}
	if err := b.f.SetPageLayout(t.Name, &excelize.PageLayoutOptions{
		Orientation: ptr("landscape"), Size: ptr(9), FitToWidth: ptr(1), FitToHeight: ptr(0),
	}); err != nil {
		return err
	}
	if err := b.f.SetPageMargins(t.Name, &excelize.PageLayoutMarginsOptions{
		Left: ptr(.4), Right: ptr(.4), Top: ptr(.7), Bottom: ptr(.7), Header: ptr(.3), Footer: ptr(.3),
	}); err != nil {
		return err
	}
	if err := b.f.SetHeaderFooter(t.Name, &excelize.HeaderFooterOptions{
		OddHeader: "&L&8" + plainCode(b.d.Running),
		OddFooter: "&L&8" + plainCode(b.d.Footer) + "&R&8" + b.d.Words.PageOf("&P", "&N"),
	}); err != nil {
		return err
	}
	return b.f.SetDefinedName(&excelize.DefinedName{
		Name: "_xlnm.Print_Titles", RefersTo: fmt.Sprintf("'%s'!$A:$A,'%[1]s'!$1:$1", t.Name), Scope: t.Name,
	})
}

// plainCode keeps a text short enough for a header and free of codes.
func plainCode(text string) string {
	r := []rune(clean(text))
	return strings.ReplaceAll(string(r[:min(len(r), 100)]), "&", "&&")
}

func (b *workbook) cell(c Cell, rowHeader bool, sheet string, col, row int) excelize.Cell {
	switch {
	case !c.Date.IsZero():
		return excelize.Cell{StyleID: b.styles.date, Value: c.Date.Time()}
	case c.Number != nil:
		return excelize.Cell{StyleID: b.styles.number, Value: c.Number.InexactFloat64()}
	}
	style := b.styles.text
	if rowHeader {
		style = b.styles.rowHeader
	}
	if c.Mark != "" {
		style = b.styles.marks[c.Mark]
	}
	return excelize.Cell{StyleID: style, Value: b.fit(c.Text(), sheet, col, row)}
}

// facts gathers what is not a table: facts, notes and lists, each under the
// heading that it stands below.
func (b *workbook) facts() Table {
	t := Table{Name: b.d.Words.Facts, Columns: []Column{{b.d.Words.FactsHead[0], 34}, {b.d.Words.FactsHead[1], 110}}}
	under := b.d.Title
	add := func(name, value string) { t.Rows = append(t.Rows, []Cell{Plain(name), Plain(value)}) }
	for _, block := range b.d.Blocks {
		switch block := block.(type) {
		case Heading:
			under = block.Text.String()
			if block.Level == 1 {
				add(under, under)
			}
		case Facts:
			for _, f := range block {
				add(f.Name, f.Value.String())
			}
		case Paragraph:
			add(under, block.Text.String())
		case List:
			for _, item := range block.Items {
				add(under, item.Text())
			}
		case Figure:
			add(under, block.Alt)
		}
	}
	return t
}

type sheetStyles struct {
	header, rowHeader, text, date, number int
	marks                                 map[Mark]int
}

func newSheetStyles(f *excelize.File) (s sheetStyles, err error) {
	top := &excelize.Alignment{Vertical: "top", WrapText: true}
	hairline := []excelize.Border{{Type: "bottom", Color: hairline.hex(), Style: 1}}
	font := func(bold bool, c colour) *excelize.Font {
		return &excelize.Font{Family: "Arial", Size: 9, Bold: bold, Color: c.hex()}
	}
	fill := func(c colour) excelize.Fill {
		return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{c.hex()}}
	}
	make := func(style excelize.Style) (id int) {
		style.Border = hairline
		if err == nil {
			id, err = f.NewStyle(&style)
		}
		return id
	}
	s.header = make(excelize.Style{Font: font(true, white), Fill: fill(accent), Alignment: &excelize.Alignment{Vertical: "center", WrapText: true}})
	s.rowHeader = make(excelize.Style{Font: font(true, ink), Alignment: top})
	s.text = make(excelize.Style{Font: font(false, ink), Alignment: top})
	s.date = make(excelize.Style{Font: font(false, ink), Alignment: top, CustomNumFmt: ptr("dd/mm/yyyy")})
	s.number = make(excelize.Style{Font: font(false, ink), Alignment: top})
	s.marks = map[Mark]int{}
	for _, mark := range slices.Sorted(maps.Keys(styles)) { // so that the same workbook has the same numbers
		look := styles[mark]
		style := excelize.Style{Font: font(true, look.ink), Alignment: top}
		if look.tint != white {
			style.Fill = fill(look.tint)
		}
		s.marks[mark] = make(style)
	}
	return s, err
}

func (c colour) hex() string { return fmt.Sprintf("%02X%02X%02X", c.r, c.g, c.b) }
