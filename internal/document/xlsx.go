package document

import (
	"archive/zip"
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/klauspost/compress/flate"
)

// WriteXLSX writes a workbook (ECMA-376, SpreadsheetML): a worksheet for each
// table, from A1 with one header row; a worksheet for everything else; one for
// texts that are too long for a cell; and a hidden one with the attachment. Every
// text is stored as text, so nothing in it is ever run. Rows go to w as they are
// made: a workbook takes no more memory for more of them. The same document
// always gives the same bytes.
func WriteXLSX(w io.Writer, d Document) error {
	b := workbook{z: zip.NewWriter(w), d: d}
	b.z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, 5) })
	err := b.write()
	if err == nil {
		err = b.z.Close()
	}
	if err != nil {
		return fmt.Errorf("write workbook %q: %w", d.Title, err)
	}
	return nil
}

// workbook is one workbook in the making.
type workbook struct {
	z      *zip.Writer
	d      Document
	sheets []worksheet
	long   []longText // what goes to the worksheet of long texts
}

// worksheet is one that was written.
type worksheet struct {
	name     string
	hidden   bool
	filtered string // the cells with a filter, such as $A$1:$E$3; empty for none
}

// write writes the parts. What lists the sheets comes after them: how many rows
// they have, and whether there are long texts, is known by then.
func (b *workbook) write() error {
	for _, p := range [][2]string{{"[Content_Types].xml", contentTypes}, {"_rels/.rels", packageRelations}, {"xl/styles.xml", styleSheet()}, {"docProps/core.xml", b.properties()}} {
		if err := b.part(p[0], p[1]); err != nil {
			return err
		}
	}
	for _, block := range b.d.Blocks {
		if t, ok := block.(Table); ok {
			if err := b.table(t); err != nil {
				return fmt.Errorf("sheet %s: %w", t.Name, err)
			}
		}
	}
	if err := b.table(b.facts()); err != nil {
		return fmt.Errorf("sheet %s: %w", b.d.Words.Facts, err)
	}
	if len(b.long) > 0 {
		if err := b.table(b.texts()); err != nil {
			return fmt.Errorf("sheet %s: %w", b.d.Words.Texts, err)
		}
	}
	if err := b.attach(); err != nil {
		return fmt.Errorf("attach data: %w", err)
	}
	if err := b.part("xl/workbook.xml", b.list()); err != nil {
		return err
	}
	return b.part("xl/_rels/workbook.xml.rels", b.relations())
}

func (b *workbook) part(name, text string) error {
	w, err := b.z.Create(name)
	if err == nil {
		_, err = io.WriteString(w, text)
	}
	return err
}

// sheet writes a worksheet.
func (b *workbook) sheet(s worksheet, write func(*sheetWriter) error) error {
	if s.name == "" || utf8.RuneCountInString(s.name) > 31 || strings.ContainsAny(s.name, `:\/?*[]'`) {
		return fmt.Errorf("no name of a worksheet: %q", s.name)
	}
	for _, other := range b.sheets {
		if strings.EqualFold(other.name, s.name) {
			return fmt.Errorf("two worksheets with the name %q", s.name)
		}
	}
	w, err := b.z.Create(fmt.Sprintf("xl/worksheets/sheet%d.xml", len(b.sheets)+1))
	if err != nil {
		return err
	}
	sw := &sheetWriter{w: bufio.NewWriterSize(w, 32<<10)}
	if err := write(sw); err != nil {
		return err
	}
	s.filtered = sw.filtered
	b.sheets = append(b.sheets, s)
	return sw.w.Flush()
}

const (
	xmlHead   = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	mainSpace = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	relSpace  = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packSpace = "http://schemas.openxmlformats.org/package/2006"
	bookType  = "application/vnd.openxmlformats-officedocument.spreadsheetml."
)

// Worksheets are what is not named: how many there will be is not known yet.
const contentTypes = xmlHead + `<Types xmlns="` + packSpace + `/content-types">` +
	`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
	`<Default Extension="xml" ContentType="` + bookType + `worksheet+xml"/>` +
	`<Override PartName="/xl/workbook.xml" ContentType="` + bookType + `sheet.main+xml"/>` +
	`<Override PartName="/xl/styles.xml" ContentType="` + bookType + `styles+xml"/>` +
	`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`

const packageRelations = xmlHead + `<Relationships xmlns="` + packSpace + `/relationships">` +
	`<Relationship Id="rId1" Type="` + relSpace + `/officeDocument" Target="xl/workbook.xml"/>` +
	`<Relationship Id="rId2" Type="` + packSpace + `/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`

func (b *workbook) properties() string {
	stamp := b.d.Created.UTC().Format(time.RFC3339)
	return xmlHead + `<cp:coreProperties xmlns:cp="` + packSpace + `/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
		`<dc:title>` + xmlText(b.d.Title) + `</dc:title><dc:creator>` + xmlText(b.d.Author) + `</dc:creator><cp:lastModifiedBy>` + xmlText(b.d.Author) + `</cp:lastModifiedBy>` +
		`<dcterms:created xsi:type="dcterms:W3CDTF">` + stamp + `</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">` + stamp + `</dcterms:modified>` +
		`<dc:language>` + b.d.Lang.Tag() + `</dc:language></cp:coreProperties>`
}

// list names the sheets, and what is filtered and repeated on each of them.
func (b *workbook) list() string {
	var sheets, names strings.Builder
	for i, s := range b.sheets {
		hidden := ""
		if s.hidden {
			hidden = ` state="veryHidden"`
		}
		fmt.Fprintf(&sheets, `<sheet name="%s" sheetId="%d"%s r:id="rId%[2]d"/>`, xmlText(s.name), i+1, hidden)
		if s.filtered != "" {
			at := xmlText("'" + s.name + "'!")
			fmt.Fprintf(&names, `<definedName name="_xlnm._FilterDatabase" localSheetId="%d" hidden="1">%s%s</definedName>`, i, at, s.filtered)
			fmt.Fprintf(&names, `<definedName name="_xlnm.Print_Titles" localSheetId="%d">%s$A:$A,%[2]s$1:$1</definedName>`, i, at)
		}
	}
	return xmlHead + `<workbook ` + mainSpace + ` xmlns:r="` + relSpace + `"><bookViews><workbookView activeTab="0"/></bookViews><sheets>` +
		sheets.String() + `</sheets><definedNames>` + names.String() + `</definedNames></workbook>`
}

func (b *workbook) relations() string {
	var t strings.Builder
	t.WriteString(xmlHead + `<Relationships xmlns="` + packSpace + `/relationships">`)
	for i := range b.sheets {
		fmt.Fprintf(&t, `<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%[1]d.xml"/>`, i+1, relSpace)
	}
	fmt.Fprintf(&t, `<Relationship Id="rId%d" Type="%s/styles" Target="styles.xml"/></Relationships>`, len(b.sheets)+1, relSpace)
	return t.String()
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
