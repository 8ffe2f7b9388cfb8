package document

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"strconv"
)

// Measures in twentieths of a point.
const (
	docxLong     = 16838 // sides of an A4
	docxShort    = 11906
	docxFactName = 2800
	emuPerMM     = 36000
)

// docxWidth gives the width of what stands on a page.
func docxWidth(d Document) int {
	if d.Upright {
		return docxShort - 2*docxMargin(d)
	}
	return docxLong - 2*docxMargin(d)
}

func docxMargin(d Document) int {
	if d.Upright {
		return 1134
	}
	return 680
}

// facts stand below each other: name, value.
func (t *typist) facts(list Facts) {
	widths := []int{docxFactName, docxWidth(t.d) - docxFactName}
	t.openTable("Facts", t.under, widths, false)
	for _, f := range list {
		t.openRow(false)
		t.openCell(widths[0], colour{})
		t.paragraph("TableText", "", Part{Text: f.Name, Quiet: true}, "", runLook{})
		t.raw("</w:tc>")
		t.openCell(widths[1], colour{})
		t.paragraph("TableText", "", f.Value, "", runLook{})
		t.raw("</w:tc></w:tr>")
	}
	t.closeTable()
}

// closeTable ends a table. Without a paragraph below it would become one with the next.
func (t *typist) closeTable() {
	t.raw(`</w:tbl><w:p><w:pPr><w:pStyle w:val="Gap"/></w:pPr></w:p>`)
}

func (t *typist) table(b Table) {
	caption := b.Caption
	if caption == "" {
		caption = t.under
	}
	widths := shares(b.Columns, docxWidth(t.d))
	t.openTable("Rows", caption, widths, true)
	t.openRow(true)
	for i, c := range b.Columns {
		t.openCell(widths[i], accent)
		t.paragraph("TableHead", "", Part{Text: c.Title}, "", runLook{bold: true, ink: white})
		t.raw("</w:tc>")
	}
	t.raw("</w:tr>")
	for row := range b.all() {
		t.openRow(false)
		for i, cell := range row {
			t.openCell(widths[i], colour{})
			t.cell(cell, i == 0)
			t.raw("</w:tc>")
		}
		t.raw("</w:tr>")
	}
	t.closeTable()
}

// cell writes the parts of a cell as paragraphs; a cell without one is not allowed.
func (t *typist) cell(c Cell, rowHeader bool) {
	written := false
	for i, p := range c.Parts {
		if p.String() == "" && c.Mark == "" {
			continue
		}
		look, mark := runLook{bold: rowHeader}, Mark("")
		if i == 0 && c.Mark != "" {
			style := c.Mark.style()
			mark, look = c.Mark, runLook{bold: true, ink: style.ink, tint: style.tint}
		}
		t.paragraph("TableText", "", p, mark, look)
		written = true
	}
	if !written {
		t.raw(`<w:p><w:pPr><w:pStyle w:val="TableText"/></w:pPr></w:p>`)
	}
}

// openTable starts a table whose first row and first column may be headers.
func (t *typist) openTable(style, caption string, widths []int, firstRow bool) {
	t.rawf(`<w:tbl><w:tblPr><w:tblStyle w:val="%s"/><w:tblW w:w="%d" w:type="dxa"/><w:tblLayout w:type="fixed"/>`, style, docxWidth(t.d))
	t.rawf(`<w:tblLook w:val="%s" w:firstRow="%s" w:lastRow="0" w:firstColumn="1" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>`, tableLook(firstRow), bit(firstRow))
	if caption != "" {
		t.raw(`<w:tblCaption w:val="`)
		t.text(clean(caption))
		t.raw(`"/>`)
	}
	t.raw("</w:tblPr><w:tblGrid>")
	for _, w := range widths {
		t.rawf(`<w:gridCol w:w="%d"/>`, w)
	}
	t.raw("</w:tblGrid>")
}

func tableLook(firstRow bool) string {
	if firstRow {
		return "06A0"
	}
	return "0680"
}

func bit(b bool) string {
	if b {
		return "1"
	}
	return "0"
}

// openRow starts a row that stays on one page; a header repeats on each.
func (t *typist) openRow(header bool) {
	t.raw("<w:tr><w:trPr><w:cantSplit/>")
	if header {
		t.raw("<w:tblHeader/>")
	}
	t.raw("</w:trPr>")
}

func (t *typist) openCell(width int, ground colour) {
	t.rawf(`<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/>`, width)
	if ground != (colour{}) {
		t.rawf(`<w:shd w:val="clear" w:color="auto" w:fill="%s"/>`, ground.hex())
	}
	t.raw("</w:tcPr>")
}

// shares divides the width of the page over the columns.
func shares(columns []Column, width int) []int {
	total := 0.0
	for _, c := range columns {
		total += c.Width
	}
	widths, left := make([]int, len(columns)), width
	for i, c := range columns {
		widths[i] = int(math.Round(float64(width) * c.Width / total))
		if total == 0 {
			widths[i] = width / len(columns)
		}
		left -= widths[i]
	}
	if len(widths) > 0 {
		widths[len(widths)-1] += left
	}
	return widths
}

// picture writes a picture in the line. Without an alternative text it only
// decorates the words beside it, and says so.
func (t *typist) picture(png []byte, alt string, width float64) {
	sum := sha256.Sum256(png)
	key := hex.EncodeToString(sum[:])
	relation, known := t.pictures[key]
	if !known {
		relation = "rIdImage" + strconv.Itoa(len(t.media)+1)
		t.pictures[key] = relation
		t.media = append(t.media, png)
	}
	t.drawings++
	across := int(width * emuPerMM)
	down := int(width * ratio(png) * emuPerMM)
	t.rawf(`<w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="%d" cy="%d"/><wp:docPr id="%d" name="%s" descr="`, across, down, t.drawings, relation)
	t.text(clean(alt))
	t.raw(`">`)
	if alt == "" {
		t.raw(`<a:extLst><a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}"><adec:decorative xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/></a:ext></a:extLst>`)
	}
	t.rawf(`</wp:docPr><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="%d" name="%s"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="%[2]s"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>`, t.drawings, relation)
	t.rawf(`<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="%d" cy="%d"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>`, across, down)
}
