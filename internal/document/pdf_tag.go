package document

import (
	"bytes"
	"fmt"
	"io"

	"codeberg.org/go-pdf/fpdf"
	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// element is an element of the structure tree (ISO 32000-1, 14.7 and 14.8).
type element struct {
	role  string // H1, P, Table, TR, TH, TD, …
	lang  string // language tag when it is not the document's
	scope string // Row or Column, of a header cell
	alt   string // description of a figure
	kids  []any  // *element or content
	ref   types.IndirectRef
}

// content is a marked part of a page.
type content struct{ page, id int }

// tagger keeps the structure of what is drawn. Everything on a page is either
// content of an element or an artifact.
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
	parent.kids = append(parent.kids, e)
	return e
}

// mark draws content of an element, on the current page.
func (t *tagger) mark(e *element, draw func()) {
	page := t.f.PageNo()
	id := len(t.pages[page])
	t.pages[page] = append(t.pages[page], e)
	e.kids = append(e.kids, content{page, id})
	t.f.RawWriteStr(fmt.Sprintf("/%s <</MCID %d>> BDC", e.role, id))
	draw()
	t.f.RawWriteStr("EMC")
}

// artifact draws what is not read out: lines, tints, repeated heads.
func (t *tagger) artifact(draw func()) {
	t.f.RawWriteStr("/Artifact BMC")
	draw()
	t.f.RawWriteStr("EMC")
}

// finish adds the structure, the language and the attachment to the drawn pages.
func (t *tagger) finish(w io.Writer, drawn []byte, d Document) error {
	api.DisableConfigDir()
	ctx, err := api.ReadContext(bytes.NewReader(drawn), model.NewDefaultConfiguration())
	if err != nil {
		return err
	}
	if err := ctx.EnsurePageCount(); err != nil {
		return err
	}
	b := treeBuilder{x: ctx.XRefTable, pages: map[int]types.IndirectRef{}}
	if err := b.findPages(ctx.PageCount); err != nil {
		return err
	}
	root := types.Dict{"Type": types.Name("StructTreeRoot")}
	rootRef, err := b.x.IndRefForNewObject(root)
	if err != nil {
		return err
	}
	if err := b.build(t.root, *rootRef); err != nil {
		return err
	}
	parents, err := b.parentTree(t.pages, ctx.PageCount)
	if err != nil {
		return err
	}
	root["K"], root["ParentTree"], root["ParentTreeNextKey"] = t.root.ref, parents, types.Integer(ctx.PageCount)
	catalog, err := b.x.Catalog()
	if err != nil {
		return err
	}
	catalog["StructTreeRoot"] = *rootRef
	catalog["MarkInfo"] = types.Dict{"Marked": types.Boolean(true)}
	catalog["Lang"] = types.StringLiteral(d.Lang.Tag())
	catalog["ViewerPreferences"] = types.Dict{"DisplayDocTitle": types.Boolean(true)}
	if a := d.Data; a != nil {
		made := d.Created.UTC()
		if err := ctx.AddAttachment(model.Attachment{
			Reader: bytes.NewReader(a.Content), ID: a.Name, FileName: a.Name, Desc: a.Description, ModTime: &made,
		}, false); err != nil {
			return err
		}
	}
	ctx.WriteObjectStream, ctx.WriteXRefStream = false, false
	var out bytes.Buffer
	if err := api.WriteContext(ctx, &out); err != nil {
		return err
	}
	return writeStable(w, out.Bytes(), d.Created)
}

// treeBuilder writes the structure tree into a file.
type treeBuilder struct {
	x     *model.XRefTable
	pages map[int]types.IndirectRef
}

func (b *treeBuilder) findPages(count int) error {
	for i := 1; i <= count; i++ {
		page, ref, _, err := b.x.PageDict(i, false)
		if err != nil {
			return err
		}
		b.pages[i] = *ref
		page["StructParents"] = types.Integer(i - 1)
		page["Tabs"] = types.Name("S")
	}
	return nil
}

func (b *treeBuilder) build(e *element, parent types.IndirectRef) error {
	d := types.Dict{"Type": types.Name("StructElem"), "S": types.Name(e.role), "P": parent}
	ref, err := b.x.IndRefForNewObject(d)
	if err != nil {
		return err
	}
	e.ref = *ref
	if e.lang != "" {
		d["Lang"] = types.StringLiteral(e.lang)
	}
	if e.scope != "" {
		d["A"] = types.Dict{"O": types.Name("Table"), "Scope": types.Name(e.scope)}
	}
	if e.alt != "" {
		alt, err := types.EscapedUTF16String(e.alt)
		if err != nil {
			return err
		}
		d["Alt"] = types.StringLiteral(*alt)
	}
	var kids types.Array
	for _, kid := range e.kids {
		switch kid := kid.(type) {
		case *element:
			if err := b.build(kid, *ref); err != nil {
				return err
			}
			kids = append(kids, kid.ref)
		case content: // a page of its own each: an element may go on over pages
			kids = append(kids, types.Dict{"Type": types.Name("MCR"), "Pg": b.pages[kid.page], "MCID": types.Integer(kid.id)})
		}
	}
	if len(kids) > 0 {
		d["K"] = kids
	}
	return nil
}

// parentTree leads from each page's content back to its elements.
func (b *treeBuilder) parentTree(pages map[int][]*element, count int) (types.IndirectRef, error) {
	var nums types.Array
	for i := 1; i <= count; i++ {
		var list types.Array
		for _, e := range pages[i] {
			list = append(list, e.ref)
		}
		ref, err := b.x.IndRefForNewObject(list)
		if err != nil {
			return types.IndirectRef{}, err
		}
		nums = append(nums, types.Integer(i-1), *ref)
	}
	ref, err := b.x.IndRefForNewObject(types.Dict{"Nums": nums})
	if err != nil {
		return types.IndirectRef{}, err
	}
	return *ref, nil
}
