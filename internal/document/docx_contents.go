package document

import "strconv"

// heading writes a heading; one that is listed has a bookmark.
func (t *typist) heading(h Heading) {
	style := "Heading" + strconv.Itoa(h.Level)
	if !t.d.hasContents() || h.Level < 2 || h.Level > 3 {
		t.paragraph(style, "", h.Text, "", runLook{})
		return
	}
	t.titles++
	t.rawf(`<w:p><w:pPr><w:pStyle w:val="%s"/></w:pPr>`, style)
	t.bookmark(titleMark(t.titles), func() { t.part(h.Text, runLook{}) })
	t.raw("</w:p>")
}

func titleMark(n int) string { return "_Toc" + strconv.Itoa(n) }

func sourceMark(n int) string { return "source" + strconv.Itoa(n) }

// contents lists the headings with fields for their pages, which the program
// that opens the document fills in.
func (t *typist) contents(c Contents) {
	t.paragraph("Heading2", "", Part{Text: c.Title}, "", runLook{})
	n := 0
	for _, b := range t.d.Blocks {
		h, ok := b.(Heading)
		if !ok || h.Level < 2 || h.Level > 3 {
			continue
		}
		n++
		indent := 0
		if h.Level == 3 {
			indent = 340
		}
		t.rawf(`<w:p><w:pPr><w:pStyle w:val="Contents"/><w:ind w:left="%d"/></w:pPr><w:hyperlink w:anchor="%s" w:history="1">`, indent, titleMark(n))
		t.part(h.Text, runLook{bold: h.Level == 2})
		t.raw(`<w:r><w:tab/></w:r>`)
		t.rawf(`<w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r><w:r><w:instrText xml:space="preserve"> PAGEREF %s \h </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>–</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:hyperlink></w:p>`, titleMark(n))
	}
}

// bookmark gives what is written a name that links lead to.
func (t *typist) bookmark(name string, write func()) {
	t.bookmarks++
	id := t.bookmarks
	t.rawf(`<w:bookmarkStart w:id="%d" w:name="%s"/>`, id, name)
	write()
	t.rawf(`<w:bookmarkEnd w:id="%d"/>`, id)
}

// anchored writes the words of a source where its numbers lead to; 0 is no source.
func (t *typist) anchored(source int, write func()) {
	if source == 0 {
		write()
		return
	}
	t.bookmark(sourceMark(source), write)
}

// references writes the numbers of sources, raised, each a link to its source.
func (t *typist) references(sources []int) {
	if len(sources) == 0 {
		return
	}
	raised := func(text string) {
		t.raw(`<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t xml:space="preserve">` + text + `</w:t></w:r>`)
	}
	raised("\u00a0[")
	for i, n := range sources {
		if i > 0 {
			raised(",\u00a0")
		}
		t.rawf(`<w:hyperlink w:anchor="%s" w:history="1">`, sourceMark(n))
		raised(strconv.Itoa(n))
		t.raw("</w:hyperlink>")
	}
	raised("]")
}
