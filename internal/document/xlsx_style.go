package document

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// The styles of cells, by their place in the style sheet; those of marks follow.
const (
	plainStyle = iota
	headerStyle
	rowHeaderStyle
	textStyle
	dateStyle
	numberStyle
	firstMarkStyle
)

var orderedMarks = slices.Sorted(maps.Keys(styles))

func markStyle(m Mark) int {
	if i, found := slices.BinarySearch(orderedMarks, m); found {
		return firstMarkStyle + i
	}
	return textStyle
}

// styleSheet writes fonts, fills and borders, and what each style takes of them.
func styleSheet() string {
	var fonts, fills, cells strings.Builder
	counted := 1
	const general, ownDate = 0, 164
	style := func(bold bool, shade, ground colour, format int, vertical string) {
		weight := ""
		if bold {
			weight = "<b/>"
		}
		fmt.Fprintf(&fonts, `<font>%s<sz val="9"/><color rgb="FF%s"/><name val="Arial"/><family val="2"/></font>`, weight, shade.hex())
		fmt.Fprintf(&fills, `<fill><patternFill patternType="solid"><fgColor rgb="FF%s"/><bgColor indexed="64"/></patternFill></fill>`, ground.hex())
		fill := counted + 1 // after the two that every workbook has
		if ground == white {
			fill = 0
		}
		side := ""
		if format == ownDate { // a date on the right would touch the words beside it
			side = ` horizontal="left"`
		}
		fmt.Fprintf(&cells, `<xf numFmtId="%d" fontId="%d" fillId="%d" borderId="1" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"><alignment%s vertical="%s" wrapText="1"/></xf>`, format, counted, fill, side, vertical)
		counted++
	}
	// The first font is of no cell, but gives the width of a character, in which columns are measured.
	style(true, white, accent, general, "center")
	style(true, ink, white, general, "top")
	style(false, ink, white, general, "top")
	style(false, ink, white, ownDate, "top")
	style(false, ink, white, general, "top")
	for _, m := range orderedMarks {
		style(true, styles[m].ink, styles[m].tint, general, "top")
	}
	return xmlHead + `<styleSheet ` + mainSpace + `><numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts>` +
		fmt.Sprintf(`<fonts count="%d"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font>%s</fonts>`, counted, fonts.String()) +
		fmt.Sprintf(`<fills count="%d"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>%s</fills>`, counted+1, fills.String()) +
		`<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border><border><left/><right/><top/><bottom style="thin"><color rgb="FF` + hairline.hex() + `"/></bottom><diagonal/></border></borders>` +
		`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
		fmt.Sprintf(`<cellXfs count="%d"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>%s</cellXfs>`, counted, cells.String()) +
		`<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`
}

func (c colour) hex() string { return fmt.Sprintf("%02X%02X%02X", c.r, c.g, c.b) }
