package document

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Look is the part of a cell's style that decides what a person reads in it:
// with another number format a late row says anything, and white on white says
// nothing. Borders, weight or the name of a font are anybody's choice.
// Two cells of the same value and look are read alike.
type Look struct {
	format  string // of numbers and texts; "" when values stand as they are
	ink     paint
	ground  paint
	pattern string
	small   bool // too small to read
	struck  bool
	symbols bool // signs instead of letters
	filling bool // the text again and again, to the end of the cell
	pieces  bool // a part of the text has a look of its own
}

// paint is a colour of a style sheet, in the terms in which it stands there.
type paint struct {
	RGB     string `xml:"rgb,attr"`
	Indexed string `xml:"indexed,attr"`
	Theme   string `xml:"theme,attr"`
	Tint    string `xml:"tint,attr"`
}

// styleXML is a style sheet of a workbook (ECMA-376, 18.8).
type styleXML struct {
	Formats []struct {
		ID   int    `xml:"numFmtId,attr"`
		Code string `xml:"formatCode,attr"`
	} `xml:"numFmts>numFmt"`
	Fonts []fontXML `xml:"fonts>font"`
	Fills []struct {
		Pattern struct {
			Type   string `xml:"patternType,attr"`
			Ground paint  `xml:"fgColor"`
		} `xml:"patternFill"`
		Gradient *struct{} `xml:"gradientFill"`
	} `xml:"fills>fill"`
	Styles []struct {
		Format    int `xml:"numFmtId,attr"`
		Font      int `xml:"fontId,attr"`
		Fill      int `xml:"fillId,attr"`
		Alignment struct {
			Horizontal string `xml:"horizontal,attr"`
		} `xml:"alignment"`
	} `xml:"cellXfs>xf"`
}

type fontXML struct {
	Name    valueXML `xml:"name"`
	Charset valueXML `xml:"charset"`
	Size    struct {
		Points float64 `xml:"val,attr"`
	} `xml:"sz"`
	Ink    paint     `xml:"color"`
	Strike *valueXML `xml:"strike"`
}

type valueXML struct {
	Value string `xml:"val,attr"`
}

// readStyles describes the styles of the style sheet, by their place in it.
func (w *Workbook) readStyles(part *zip.File) error {
	content, err := readPart(part)
	if err != nil {
		return err
	}
	var s styleXML
	if err := xml.Unmarshal(content, &s); err != nil {
		return err
	}
	w.Styles = make([]Look, len(s.Styles))
	for i, style := range s.Styles {
		l := &w.Styles[i]
		l.format = s.format(style.Format)
		l.filling = style.Alignment.Horizontal == "fill"
		if f := style.Font; f >= 0 && f < len(s.Fonts) {
			l.write(s.Fonts[f])
		}
		if f := style.Fill; f >= 0 && f < len(s.Fills) {
			l.pattern, l.ground = s.Fills[f].Pattern.Type, s.Fills[f].Pattern.Ground
			if s.Fills[f].Gradient != nil {
				l.pattern = "gradient"
			}
		}
	}
	return nil
}

// write takes from a font what decides whether it is read.
func (l *Look) write(f fontXML) {
	const smallest, symbols = 6, "2" // points; a character set
	name := strings.ToLower(f.Name.Value)
	l.ink = f.Ink
	l.small = f.Size.Points < smallest
	l.struck = f.Strike != nil && f.Strike.Value != "0" && f.Strike.Value != "false"
	l.symbols = f.Charset.Value == symbols || strings.Contains(name, "dings") || strings.Contains(name, "symbol")
}

// format gives the code of a number format, which may stand in the sheet also
// under a number that is built in.
func (s styleXML) format(id int) string {
	for _, f := range s.Formats {
		if f.ID == id {
			return strings.TrimPrefix(f.Code, "General")
		}
	}
	const general, text = 0, 49
	if id == general || id == text {
		return ""
	}
	return fmt.Sprintf("built in %d", id)
}

// ordinaryPart tells the parts of a workbook that hold values, styles and what
// programs note of themselves. Whatever can lie over cells stands in others.
var ordinaryPart = regexp.MustCompile(`(?i)^(\[Content_Types\]\.xml|_rels/\.rels|(docProps|docMetadata|customXml)/.*|` +
	`xl/(workbook|styles|sharedStrings|calcChain)\.xml|xl/(theme|persons|printerSettings|_rels|worksheets/_rels)/.*|xl/worksheets/sheet[0-9]+\.xml)$`)

// extra tells whether a part may show something beside the cells. Programs
// write drawings in which nothing is drawn.
func extra(part *zip.File) (bool, error) {
	if ordinaryPart.MatchString(part.Name) {
		return false, nil
	}
	if !strings.HasPrefix(part.Name, "xl/drawings/drawing") {
		return true, nil
	}
	drawing, err := readPart(part)
	return bytes.Contains(drawing, []byte("Anchor")), err
}

// lookAt finds how the cells look that hold something, and what lies over them.
func (s *Sheet) lookAt(f *excelize.File, styles []Look) error {
	for r, row := range s.Rows {
		looks := make([]Look, len(row))
		for c, value := range row {
			cell, err := excelize.CoordinatesToCellName(c+1, r+1)
			if err != nil {
				return err
			}
			formula, err := f.GetCellFormula(s.Name, cell)
			if err != nil {
				return err
			}
			if formula != "" {
				s.Formulas = append(s.Formulas, cell)
			}
			if value == "" {
				continue
			}
			if looks[c], err = lookOf(f, s.Name, cell, styles); err != nil {
				return err
			}
		}
		s.Looks = append(s.Looks, looks)
	}
	return s.lookOver(f)
}

// lookOf finds how a cell looks. Where only a part of its text has a style, the
// cell looks like no other.
func lookOf(f *excelize.File, sheet, cell string, styles []Look) (look Look, err error) {
	style, err := f.GetCellStyle(sheet, cell)
	if err != nil {
		return look, err
	}
	if style >= 0 && style < len(styles) {
		look = styles[style]
	}
	runs, err := f.GetCellRichText(sheet, cell)
	look.pieces = slices.ContainsFunc(runs, func(r excelize.RichTextRun) bool { return r.Font != nil })
	return look, err
}

// lookOver finds merged areas, of which the first cell alone is seen, areas that
// are painted by a condition, and those that speak when they are chosen.
func (s *Sheet) lookOver(f *excelize.File) error {
	merged, err := f.GetMergeCells(s.Name, true)
	if err != nil {
		return err
	}
	for _, m := range merged {
		s.Over = append(s.Over, m[0])
	}
	conditions, err := f.GetConditionalFormats(s.Name)
	if err != nil {
		return err
	}
	s.Over = append(s.Over, slices.Sorted(maps.Keys(conditions))...)
	prompts, err := f.GetDataValidations(s.Name)
	if err != nil {
		return err
	}
	for _, prompt := range prompts {
		s.Over = append(s.Over, prompt.Sqref)
	}
	return s.lookAround(f)
}

// lookAround finds whether the view leaves out zeros, or rows above the first that
// one can scroll to, and what is printed above and below the cells.
func (s *Sheet) lookAround(f *excelize.File) error {
	view, err := f.GetSheetView(s.Name, 0)
	if err != nil {
		return err
	}
	if view.ShowZeros != nil && !*view.ShowZeros {
		s.Hidden = append(s.Hidden, "")
	}
	panes, err := f.GetPanes(s.Name)
	if err != nil {
		return err
	}
	if top := view.TopLeftCell; panes.Freeze && top != nil && *top != "" && *top != "A1" {
		s.Hidden = append(s.Hidden, "A1")
	}
	page, err := f.GetHeaderFooter(s.Name)
	if page == nil {
		return err
	}
	printed := page.OddHeader + "\n" + page.OddFooter
	if page.DifferentFirst {
		printed += "\n" + page.FirstHeader + "\n" + page.FirstFooter
	}
	if page.DifferentOddEven {
		printed += "\n" + page.EvenHeader + "\n" + page.EvenFooter
	}
	s.Printed = pageCode.ReplaceAllString(printed, "$1")
	return err
}

// pageCode is how the words above and below a page are set: side, font, size,
// weight, colour (ECMA-376, 18.3.1.46). An ampersand is written twice.
var pageCode = regexp.MustCompile(`(&&)|&(?:"[^"]*"|[0-9]+|K[0-9A-Fa-f]{6}|[LCRBIUSEXYOH])`)
