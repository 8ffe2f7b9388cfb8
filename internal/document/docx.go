package document

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// WriteDOCX writes a text document (Office Open XML): headings as styles, each
// table with a header row that repeats and rows that do not break over pages,
// the language of every text that is not in the document's, alternative text
// of figures, and the attachment. The same document gives the same bytes.
func WriteDOCX(w io.Writer, d Document) error {
	z := zip.NewWriter(w)
	t := &typist{d: d, pictures: map[string]string{}}
	if err := t.write(z); err != nil {
		return fmt.Errorf("write DOCX %q: %w", d.Title, err)
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("write DOCX %q: %w", d.Title, err)
	}
	return nil
}

// typist writes the parts of one DOCX.
type typist struct {
	d         Document
	w         *bufio.Writer
	pictures  map[string]string // relation of each picture, by its content
	media     [][]byte          // in the order of their relations
	drawings  int
	under     string // the heading that a table stands below
	titles    int    // that have a bookmark
	bookmarks int    // so many
}

func (t *typist) write(z *zip.Writer) error {
	body := func() {
		for _, b := range t.d.Blocks {
			t.block(b)
		}
		t.raw(docxSection(t.d))
	}
	for _, p := range []struct {
		name string
		fill func()
	}{
		{"word/document.xml", func() { t.wrapped("document", func() { t.raw("<w:body>"); body(); t.raw("</w:body>") }) }},
		{"word/header1.xml", func() { t.wrapped("hdr", t.head) }},
		{"word/footer1.xml", func() { t.wrapped("ftr", t.foot) }},
		{"word/styles.xml", func() { t.raw(docxStyles(t.d)) }},
		{"word/numbering.xml", func() { t.raw(docxNumbering) }},
		{"word/settings.xml", func() { t.raw(docxSettings) }},
		{"docProps/core.xml", t.properties},
		{"customXml/item1.xml", t.attachment},
		{"word/_rels/document.xml.rels", t.relations},
		{"_rels/.rels", func() { t.raw(docxRoot) }},
		{"[Content_Types].xml", func() { t.raw(docxTypes) }},
	} {
		if p.name == "customXml/item1.xml" && t.d.Data == nil {
			continue
		}
		if err := t.file(z, p.name, p.fill); err != nil {
			return err
		}
	}
	for i, content := range t.media {
		if err := t.file(z, mediaName(i), func() { _, _ = t.w.Write(content) }); err != nil {
			return err
		}
	}
	return nil
}

func mediaName(i int) string { return "word/media/image" + strconv.Itoa(i+1) + ".png" }

// file writes one file of the zip. Errors of the writer are kept by it until the end.
func (t *typist) file(z *zip.Writer, name string, fill func()) error {
	f, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: zipTime(t.d.Created)})
	if err != nil {
		return err
	}
	t.w = bufio.NewWriterSize(f, 1<<15)
	if strings.HasSuffix(name, ".xml") || strings.HasSuffix(name, ".rels") {
		t.raw(xml.Header)
	}
	fill()
	return t.w.Flush()
}

// zipTime keeps a time within what a zip can hold.
func zipTime(at time.Time) time.Time {
	if at.Year() < 1980 {
		return time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return at.UTC().Truncate(2 * time.Second)
}

func (t *typist) raw(s string)               { _, _ = t.w.WriteString(s) }
func (t *typist) rawf(form string, a ...any) { fmt.Fprintf(t.w, form, a...) }
func (t *typist) text(s string)              { _ = xml.EscapeText(t.w, []byte(s)) }

// wrapped writes the root element of a part with its name spaces.
func (t *typist) wrapped(root string, fill func()) {
	t.rawf("<w:%s %s>", root, docxSpaces)
	fill()
	t.rawf("</w:%s>", root)
}

func (t *typist) block(b Block) {
	switch b := b.(type) {
	case Heading:
		t.under = b.Text.String()
		t.heading(b)
	case Paragraph:
		look := runLook{quiet: b.Text.Quiet}
		if b.Mark == "" {
			keep := ""
			if b.Keep {
				keep = "<w:keepNext/>"
			}
			t.paragraph("Normal", keep, b.Text, "", look)
			return
		}
		style := b.Mark.style()
		look = runLook{bold: true, ink: style.ink}
		t.paragraph("Note", noteGround(style), b.Text, b.Mark, look)
	case List:
		t.list(b)
	case Facts:
		t.facts(b)
	case Table:
		t.table(b)
	case Contents:
		t.contents(b)
	case PageBreak:
		t.raw(`<w:p><w:r><w:br w:type="page"/></w:r></w:p>`)
	case Figure:
		t.raw("<w:p><w:r>")
		t.picture(b.picture(), b.Alt, b.Width)
		t.raw("</w:r></w:p>")
	}
}

// noteGround sets a paragraph apart by a tint and a bar.
func noteGround(s style) string {
	return fmt.Sprintf(`<w:pBdr><w:left w:val="single" w:sz="24" w:space="6" w:color="%s"/></w:pBdr><w:shd w:val="clear" w:color="auto" w:fill="%s"/>`, s.ink.hex(), s.tint.hex())
}

// paragraph writes one paragraph; more holds properties beside its style.
func (t *typist) paragraph(style, more string, p Part, mark Mark, look runLook) {
	t.rawf(`<w:p><w:pPr><w:pStyle w:val="%s"/>%s</w:pPr>`, style, more)
	t.marked(mark, p, look)
	t.raw("</w:p>")
}

// marked writes the icon of a mark, when there is one, and the words.
func (t *typist) marked(mark Mark, p Part, look runLook) {
	if mark != "" {
		t.raw("<w:r>")
		t.picture(iconPNG(mark), "", iconWidth)
		t.raw("</w:r>")
		look.before = "\u00a0"
	}
	t.part(p, look)
}

const iconWidth = 2.8 // millimetres

// part writes the label and the text of a part.
func (t *typist) part(p Part, look runLook) {
	if p.Label != "" {
		label := look
		label.bold = true
		label.quiet = p.Quiet
		text := p.Label
		if clean(p.Text) != "" {
			text += " "
		}
		t.run(look.before+text, label, "")
		look.before = ""
	}
	if text := clean(p.Text); text != "" || look.before != "" {
		look.quiet = look.quiet || p.Quiet
		t.anchored(p.Anchor, func() { t.run(look.before+text, look, tag(p.Lang, t.d.Lang)) })
	}
	t.references(p.Sources)
}

// runLook is how a run of characters looks.
type runLook struct {
	bold, quiet bool
	ink         colour // when it is not black
	tint        colour // behind the words; zero for none
	before      string
}

func (t *typist) run(text string, look runLook, lang string) {
	t.raw("<w:r>")
	var b strings.Builder
	if look.bold {
		b.WriteString("<w:b/>")
	}
	switch {
	case look.ink != (colour{}):
		b.WriteString(`<w:color w:val="` + look.ink.hex() + `"/>`)
	case look.quiet:
		b.WriteString(`<w:color w:val="` + muted.hex() + `"/>`)
	}
	if look.tint != (colour{}) && look.tint != white {
		b.WriteString(`<w:shd w:val="clear" w:color="auto" w:fill="` + look.tint.hex() + `"/>`)
	}
	if lang != "" {
		b.WriteString(`<w:lang w:val="` + lang + `"/>`)
	}
	if b.Len() > 0 {
		t.raw("<w:rPr>" + b.String() + "</w:rPr>")
	}
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			t.raw("<w:br/>")
		}
		for j, piece := range strings.Split(line, "\t") {
			if j > 0 {
				t.raw("<w:tab/>")
			}
			if piece != "" {
				t.raw(`<w:t xml:space="preserve">`)
				t.text(piece)
				t.raw("</w:t>")
			}
		}
	}
	t.raw("</w:r>")
}

// list writes inline items on one line, and others as a list of their own.
func (t *typist) list(l List) {
	item := func(c Cell) {
		style := c.Mark.style()
		t.marked(c.Mark, Part{Text: c.Text()}, runLook{bold: c.Mark != "", ink: style.ink, tint: style.tint})
	}
	if !l.Inline {
		for _, c := range l.Items {
			t.raw(`<w:p><w:pPr><w:pStyle w:val="ListBullet"/></w:pPr>`)
			item(c)
			t.raw("</w:p>")
		}
		return
	}
	t.raw(`<w:p><w:pPr><w:pStyle w:val="Normal"/></w:pPr>`)
	for i, c := range l.Items {
		if i > 0 {
			t.raw(`<w:r><w:t xml:space="preserve">   </w:t></w:r>`)
		}
		item(c)
	}
	t.raw("</w:p>")
}
