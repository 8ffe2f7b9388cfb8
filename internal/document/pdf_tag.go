package document

import (
	"fmt"
	"io"
	"regexp"
	"strings"

	"codeberg.org/go-pdf/fpdf"
)

// element is an element of the structure tree (ISO 32000-1, 14.7 and 14.8).
type element struct {
	role  string // H1, P, Table, TR, TH, TD, …
	lang  string // language tag when it is not the document's
	scope string // Row or Column, of a header cell
	alt   string // description of a figure
	kids  []kid
	n     int // of its object
}

// kid is what stands in an element: another one, or a marked part of a page.
type kid struct {
	element  *element
	page, id int
}

// tagger keeps the structure of what is drawn. Everything on a page is either
// content of an element or an artifact. Without a canvas it keeps and draws
// nothing: pages are only counted.
type tagger struct {
	f     *fpdf.Fpdf
	root  *element
	pages map[int][]*element // per page, by marked-content identifier
}

func newTagger(f *fpdf.Fpdf) *tagger {
	return &tagger{f: f, root: &element{role: "Document"}, pages: map[int][]*element{}}
}

func (t *tagger) add(parent *element, role string) *element {
	e := &element{role: role}
	if t.f != nil {
		parent.kids = append(parent.kids, kid{element: e})
	}
	return e
}

// mark draws content of an element, on the current page.
func (t *tagger) mark(e *element, draw func()) {
	if t.f == nil {
		return
	}
	page := t.f.PageNo()
	id := len(t.pages[page])
	t.pages[page] = append(t.pages[page], e)
	e.kids = append(e.kids, kid{page: page, id: id})
	t.f.RawWriteStr(fmt.Sprintf("/%s <</MCID %d>> BDC", e.role, id))
	draw()
	t.f.RawWriteStr("EMC")
}

// artifact draws what is not read out: lines, tints, repeated heads.
func (t *tagger) artifact(draw func()) {
	if t.f == nil {
		return
	}
	t.f.RawWriteStr("/Artifact BMC")
	draw()
	t.f.RawWriteStr("EMC")
}

// moments are the times of a document, which one that has none leaves out.
var moments = regexp.MustCompile(`/(CreationDate|ModDate) \(D:[^)]*\)`)

var outlines = regexp.MustCompile(`/Outlines \d+ 0 R`)

// finish writes the drawn pages with the structure, the language and the attachment.
func (t *tagger) finish(w io.Writer, pdf []byte, d Document) error {
	objects, err := drawnObjects(pdf)
	if err != nil {
		return err
	}
	info, catalog := len(objects)-2, len(objects)-1
	f := newPDFFile(w)
	f.numbers(len(objects) - 1)
	b := treeBuilder{f: f, pages: []int{0}}
	for n, o := range objects[:catalog] {
		switch {
		case n == 0:
		case n == info && d.Created.IsZero():
			f.object(n, moments.ReplaceAll(o.body, nil))
		case o.ready:
			f.raw(n, o.body)
		case o.content != nil:
			f.stream(n, "", o.content)
		default:
			f.object(n, b.page(n, o.body))
		}
	}
	tree := f.number()
	b.give(t.root)
	b.build(t.root, tree)
	f.object(tree, fmt.Appendf(nil, "<</Type/StructTreeRoot/K %d 0 R/ParentTree %d 0 R/ParentTreeNextKey %d>>", t.root.n, b.parentTree(t.pages), len(b.pages)-1))
	entries := fmt.Sprintf("/Type/Catalog/Pages 1 0 R/StructTreeRoot %d 0 R/MarkInfo<</Marked true>>/Lang(%s)/ViewerPreferences<</DisplayDocTitle true>>", tree, d.Lang.Tag())
	if marks := outlines.Find(objects[catalog].body); marks != nil {
		entries += string(marks) + "/PageMode/UseOutlines"
	}
	if d.Data != nil {
		entries += fmt.Sprintf("/Names<</EmbeddedFiles<</Names[%s %d 0 R]>>>>", pdfText(d.Data.Name), f.attach(*d.Data, d))
	}
	f.object(catalog, []byte("<<"+entries+">>"))
	return f.finish(catalog, info)
}

// attach writes a file that travels along, and gives the number of its description.
func (f *pdfFile) attach(a Attachment, d Document) int {
	file, spec := f.number(), f.number()
	about := fmt.Sprintf("/Size %d", len(a.Content))
	if !d.Created.IsZero() {
		about += "/ModDate" + pdfTime(d.Created)
	}
	f.stream(file, "/Type/EmbeddedFile/Params<<"+about+">>", a.Content)
	f.object(spec, fmt.Appendf(nil, "<</Type/Filespec/F%s/UF%[1]s/Desc%s/EF<</F %d 0 R/UF %[3]d 0 R>>>>", pdfText(a.Name), pdfText(a.Description), file))
	return spec
}

// treeBuilder writes the structure tree into a file.
type treeBuilder struct {
	f     *pdfFile
	pages []int // number of each page's object, from 1
	text  []byte
}

var startOfPage = "<</Type /Page\n"

// page notes the pages among the drawn objects, which are in their order, and
// binds each to its structure.
func (b *treeBuilder) page(n int, body []byte) []byte {
	if !strings.HasPrefix(string(body[:min(len(body), len(startOfPage))]), startOfPage) {
		return body
	}
	b.pages = append(b.pages, n)
	return append(fmt.Appendf(nil, "%s/StructParents %d /Tabs /S\n", startOfPage, len(b.pages)-2), body[len(startOfPage):]...)
}

// give numbers an element and all below it, before any of them is written.
func (b *treeBuilder) give(e *element) {
	e.n = b.f.number()
	for _, k := range e.kids {
		if k.element != nil {
			b.give(k.element)
		}
	}
}

func (b *treeBuilder) build(e *element, parent int) {
	b.text = fmt.Appendf(b.text[:0], "<</Type/StructElem/S/%s/P %d 0 R", e.role, parent)
	if e.lang != "" {
		b.text = fmt.Appendf(b.text, "/Lang(%s)", e.lang)
	}
	if e.scope != "" {
		b.text = fmt.Appendf(b.text, "/A<</O/Table/Scope/%s>>", e.scope)
	}
	if e.alt != "" {
		b.text = append(append(b.text, "/Alt"...), pdfText(e.alt)...)
	}
	b.text = append(b.text, "/K["...)
	for _, k := range e.kids {
		if k.element != nil {
			b.text = fmt.Appendf(b.text, "%d 0 R ", k.element.n)
		} else { // a page of its own each: an element may go on over pages
			b.text = fmt.Appendf(b.text, "<</Type/MCR/Pg %d 0 R/MCID %d>>", b.pages[k.page], k.id)
		}
	}
	b.f.object(e.n, append(b.text, "]>>"...))
	for _, k := range e.kids {
		if k.element != nil {
			b.build(k.element, e.n)
		}
	}
}

// parentTree leads from each page's content back to its elements.
func (b *treeBuilder) parentTree(pages map[int][]*element) int {
	nums := []byte("<</Nums[")
	for i := 1; i < len(b.pages); i++ {
		list := []byte("[")
		for _, e := range pages[i] {
			list = fmt.Appendf(list, "%d 0 R ", e.n)
		}
		n := b.f.number()
		b.f.object(n, append(list, ']'))
		nums = fmt.Appendf(nums, "%d %d 0 R ", i-1, n)
	}
	n := b.f.number()
	b.f.object(n, append(nums, "]>>"...))
	return n
}
