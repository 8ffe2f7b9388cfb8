package document

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
	"pgregory.net/rapid"

	"jalon/internal/bilingual"
	"jalon/internal/chart"
)

func pdfOf(t testing.TB, d Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WritePDF(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// structure reads the structure tree back: roles indented by depth, with scope, language and description.
func structure(t testing.TB, file []byte) (ctx *model.Context, outline []string) {
	t.Helper()
	ctx, err := api.ReadContext(bytes.NewReader(file), model.NewDefaultConfiguration())
	if err != nil {
		t.Fatal(err)
	}
	if err := ctx.EnsurePageCount(); err != nil {
		t.Fatal(err)
	}
	catalog, err := ctx.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	dict := func(o types.Object) types.Dict {
		d, err := ctx.DereferenceDict(o)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	var walk func(o types.Object, depth int)
	walk = func(o types.Object, depth int) {
		d := dict(o)
		if d == nil || d.NameEntry("S") == nil {
			return
		}
		line := strings.Repeat(" ", depth) + *d.NameEntry("S")
		if a := d.DictEntry("A"); a != nil {
			line += " " + *a.NameEntry("Scope")
		}
		if lang := d.StringLiteralEntry("Lang"); lang != nil {
			line += " " + lang.Value()
		}
		if _, ok := d.Find("Alt"); ok {
			line += " alt"
		}
		outline = append(outline, line)
		if kids, ok := d.Find("K"); ok {
			list, err := ctx.DereferenceArray(kids)
			if err != nil {
				t.Fatal(err)
			}
			for _, kid := range list {
				walk(kid, depth+1)
			}
		}
	}
	walk(dict(catalog["StructTreeRoot"])["K"], 0)
	return ctx, outline
}

func TestPDFIsTaggedForScreenReaders(t *testing.T) {
	d := sample()
	d.Blocks = append(d.Blocks, Heading{2, Part{Text: "Deuxième partie", Lang: bilingual.FR}}, List{Inline: true, Items: []Cell{Marked(Tick, "3 Op schema")}}, Figure{PNG: picture(t), Alt: "Een blauw vlak", Width: 30})
	ctx, got := structure(t, pdfOf(t, d))
	want := []string{
		"Document", " H1",
		" Table", "  TR", "   TH Row", "   TD", "  TR", "   TH Row", "   TD",
		" P",
		" Table", "  Caption",
		"  THead", "   TR", "    TH Column", "    TH Column", "    TH Column", "    TH Column", "    TH Column",
		"  TBody",
		"   TR", "    TH Row", "    TD", "    TD", "    TD", "    TD",
		"   TR", "    TH Row", "    TD", "     Span fr-BE", "    TD", "    TD", "    TD",
		" H2 fr-BE", " L", "  LI", "   LBody", " Figure alt",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("structure (-want +got):\n%s", diff)
	}
	catalog, _ := ctx.Catalog()
	if lang := catalog.StringLiteralEntry("Lang"); lang == nil || lang.Value() != "nl-BE" {
		t.Errorf("language %v", lang)
	}
	if marked := catalog.DictEntry("MarkInfo").BooleanEntry("Marked"); marked == nil || !*marked {
		t.Error("not marked as tagged")
	}
	if show := catalog.DictEntry("ViewerPreferences").BooleanEntry("DisplayDocTitle"); show == nil || !*show {
		t.Error("the title is not shown")
	}
	if _, ok := catalog.Find("Outlines"); !ok {
		t.Error("no bookmarks")
	}
}

// Everything on a page belongs to an element or is an artifact: marks open and close in turn.
func TestEverythingDrawnIsMarked(t *testing.T) {
	ctx, _ := structure(t, pdfOf(t, sample([]Cell{Plain("SD2.1-1"), Plain(strings.Repeat("woord ", 9000)), Marked(Octagon, "In gevaar"), {}, {}})))
	if ctx.PageCount < 3 {
		t.Fatalf("%d pages", ctx.PageCount)
	}
	for n := 1; n <= ctx.PageCount; n++ {
		text := pageText(t, ctx, n)
		open := false
		for line := range strings.Lines(text) {
			line = strings.TrimSpace(line)
			switch {
			case strings.HasSuffix(line, "BDC") || strings.HasSuffix(line, "BMC"):
				if open {
					t.Fatalf("page %d: a mark inside a mark: %s", n, line)
				}
				open = true
			case line == "EMC":
				open = false
			case !open && (strings.Contains(line, " Tj") || strings.HasSuffix(line, " S") || strings.HasSuffix(line, " f") || strings.HasSuffix(line, " B")):
				t.Fatalf("page %d: drawn without a mark: %s", n, line)
			}
		}
		if open {
			t.Errorf("page %d: a mark is never closed", n)
		}
	}
}

func pageText(t testing.TB, ctx *model.Context, n int) string {
	t.Helper()
	page, _, _, err := ctx.PageDict(n, false)
	if err != nil {
		t.Fatal(err)
	}
	content, err := ctx.PageContent(page, n)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// written gives the text of a page: the fonts' codes are UTF-16.
func written(t testing.TB, ctx *model.Context, n int) string {
	t.Helper()
	var b strings.Builder
	for line := range strings.Lines(pageText(t, ctx, n)) {
		start, end := strings.Index(line, "("), strings.LastIndex(line, ") Tj")
		if start < 0 || end < 0 {
			continue
		}
		raw := strings.NewReplacer(`\\`, `\`, `\(`, `(`, `\)`, `)`, `\r`, "\r").Replace(line[start+1 : end])
		for i := 0; i+1 < len(raw); i += 2 {
			b.WriteRune(rune(raw[i])<<8 | rune(raw[i+1]))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func TestPagesAreNumberedAndNamed(t *testing.T) {
	ctx, _ := structure(t, pdfOf(t, sample([]Cell{Plain("SD2.1-1"), Plain(strings.Repeat("woord ", 9000)), {}, {}, {}})))
	for n := 1; n <= ctx.PageCount; n++ {
		text := written(t, ctx, n)
		if want := "pagina " + itoa(n) + " van " + itoa(ctx.PageCount); !strings.Contains(text, want) {
			t.Errorf("page %d does not say %q", n, want)
		}
		if !strings.Contains(text, "DR-2026-H1-001") {
			t.Errorf("page %d does not carry the number", n)
		}
		if n > 1 && (!strings.Contains(text, "Monitoringtabel & meer") || !strings.Contains(text, "Streefwaarde") || !strings.Contains(text, "SD2.1-1")) {
			t.Errorf("page %d lacks running head, column titles or the row's name:\n%.300s", n, text)
		}
	}
}

func TestLongTextsAreWholeOnPaper(t *testing.T) {
	var text strings.Builder
	for i := range 5000 { // 40,000 characters
		text.WriteString("w" + itoa(10000+i) + "ë ")
	}
	ctx, _ := structure(t, pdfOf(t, sample([]Cell{Plain("SD2.1-1"), Plain(text.String()), {}, {}, {}})))
	var all strings.Builder
	for n := 1; n <= ctx.PageCount; n++ {
		all.WriteString(written(t, ctx, n))
	}
	for i := range 5000 {
		if w := "w" + itoa(10000+i) + "ë"; strings.Count(all.String(), w) != 1 {
			t.Fatalf("%q stands %d times on paper", w, strings.Count(all.String(), w))
		}
	}
}

// An item of a list that is longer than a line goes on, and a heading stays with the
// heading and the paragraph below it.
func TestListsAndHeadingsKeepTheirWords(t *testing.T) {
	d := sample()
	d.Blocks = []Block{List{Items: []Cell{Plain("eerste " + strings.Repeat("woord ", 60) + "laatste")}}}
	ctx, _ := structure(t, pdfOf(t, d))
	if text := written(t, ctx, 1); !strings.Contains(text, "eerste") || !strings.Contains(text, "laatste") {
		t.Errorf("the item is cut: %q", text)
	}
	d.Blocks = nil
	for range 200 {
		d.Blocks = append(d.Blocks, Heading{2, Part{Text: "Hoofdstuk"}}, Heading{3, Part{Text: "Onderdeel"}}, Paragraph{Text: Part{Text: "Woorden."}})
	}
	ctx, _ = structure(t, pdfOf(t, d))
	for n := 1; n <= ctx.PageCount; n++ {
		text := written(t, ctx, n)
		if strings.Count(text, "Hoofdstuk") != strings.Count(text, "Onderdeel") || strings.Count(text, "Onderdeel") != strings.Count(text, "Woorden") {
			t.Errorf("page %d ends with a heading", n)
		}
	}
}

// Below a heading, its words in the other language and the titles of the columns
// stands at least a row, wherever on the page they come.
func TestAHeadingStaysWithTheFirstRow(t *testing.T) {
	row := []Cell{Plain("SD2.1-1"), {Parts: []Part{{Text: "een"}, {Text: "twee"}, {Text: "drie"}, {Text: "vier"}}}, {}, {}, {}}
	d := sample()
	table := Table{Name: "Tabel", Columns: d.Blocks[3].(Table).Columns, Rows: [][]Cell{row}}
	for filler := range 48 {
		d.Blocks = nil
		for range filler {
			d.Blocks = append(d.Blocks, Paragraph{Text: Part{Text: "Woorden."}})
		}
		d.Blocks = append(d.Blocks, Heading{2, Part{Text: "Hoofdstuk"}}, Paragraph{Text: Part{Text: "Chapitre"}, Keep: true}, table)
		ctx, _ := structure(t, pdfOf(t, d))
		for n := 1; n <= ctx.PageCount; n++ {
			if text := written(t, ctx, n); strings.Contains(text, "Hoofdstuk") && !strings.Contains(text, "vier") {
				t.Errorf("after %d paragraphs page %d ends without a row below the heading", filler, n)
			}
		}
	}
}

// A picture stands below its heading, and the note that tells what is in it below the picture, on one page.
func TestAPictureStaysWithItsHeadingAndItsNote(t *testing.T) {
	d := sample()
	picture := Figure{Chart: &chart.Drawing{Width: 640, Height: 280}, Alt: "Lijn", Width: 150}
	for filler := range 48 {
		d.Blocks = nil
		for range filler {
			d.Blocks = append(d.Blocks, Paragraph{Text: Part{Text: "Woorden."}})
		}
		d.Blocks = append(d.Blocks, Heading{2, Part{Text: "Hoofdstuk"}}, picture, Paragraph{Text: Part{Text: "Bijschrift", Quiet: true}})
		ctx, _ := structure(t, pdfOf(t, d))
		for n := 1; n <= ctx.PageCount; n++ {
			if text := written(t, ctx, n); strings.Contains(text, "Hoofdstuk") != strings.Contains(text, "Bijschrift") {
				t.Errorf("after %d paragraphs page %d has the heading without the note below its picture, or the other way round", filler, n)
			}
		}
	}
}

func TestSameDocumentSamePages(t *testing.T) {
	first, err := ReadPDF(pdfOf(t, sample()))
	if err != nil {
		t.Fatal(err)
	}
	second, err := ReadPDF(pdfOf(t, sample()))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("two drawings differ:\n%s", diff)
	}
	if diff := cmp.Diff(sample().Data, first.Data); diff != "" {
		t.Errorf("attachment (-want +got):\n%s", diff)
	}
	other := sample()
	other.Footer = "iets anders"
	third, err := ReadPDF(pdfOf(t, other))
	if err != nil || third.Pages[0] == first.Pages[0] {
		t.Errorf("another foot, the same page (%v)", err)
	}
}

func TestSameDocumentSameBytes(t *testing.T) {
	for name, at := range map[string]time.Time{"with a time": sample().Created, "without": {}} {
		d := sample()
		d.Created = at
		first := pdfOf(t, d)
		if !bytes.Equal(first, pdfOf(t, d)) {
			t.Errorf("%s: two drawings differ", name)
		}
		ctx, _ := structure(t, first)
		info, err := ctx.DereferenceDict(*ctx.Info)
		if err != nil {
			t.Fatal(err)
		}
		if _, told := info.Find("CreationDate"); told == at.IsZero() {
			t.Errorf("%s: its information is %v", name, info)
		}
	}
}

// Every object stands where the table says, in a stream of many or by itself.
func TestObjectsOfALongFileAreFound(t *testing.T) {
	var b bytes.Buffer
	f := newPDFFile(&b)
	const many = 3*packSize + 7
	f.numbers(many)
	for i := range many {
		f.object(i+1, []byte("("+itoa(i)+")"))
	}
	catalog, pages, stream := f.number(), f.number(), f.number()
	f.stream(stream, "", []byte("hallo"))
	f.object(pages, []byte("<</Type/Pages/Kids[]/Count 0>>"))
	f.object(catalog, []byte("<</Type/Catalog/Pages "+itoa(pages)+" 0 R>>"))
	if err := f.finish(catalog, 1); err != nil {
		t.Fatal(err)
	}
	ctx, err := api.ReadContext(bytes.NewReader(b.Bytes()), model.NewDefaultConfiguration())
	if err != nil {
		t.Fatal(err)
	}
	for i := range many {
		got, err := ctx.Dereference(*types.NewIndirectRef(i+1, 0))
		if text, ok := got.(types.StringLiteral); err != nil || !ok || text.Value() != itoa(i) {
			t.Fatalf("object %d holds %v (%v)", i+1, got, err)
		}
	}
	if s := ctx.Table[stream].Object.(types.StreamDict); s.Decode() != nil || string(s.Content) != "hallo" {
		t.Errorf("the stream holds %q", s.Content)
	}
}

func TestAnyTextCanBeDrawn(t *testing.T) {
	texts := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"😀", "\uffff", "漢字", "a\u0301", "\ufffe", strings.Repeat("x", 3000), "\u202e", "עברית"}))
	for seed := range 5 { // many texts in few documents: each embeds its fonts
		d := sample()
		for i := range 60 {
			text := texts.Example(100*seed + i)
			d.Blocks = append(d.Blocks[:3:3], Paragraph{Text: Part{Text: text}}, Facts{{text, Part{Text: text}}}, d.Blocks[len(d.Blocks)-1])
			table := d.Blocks[len(d.Blocks)-1].(Table)
			table.Rows = append(table.Rows, []Cell{Plain(text), Plain(text), Marked(Clock, text), {}, {}})
			d.Blocks[len(d.Blocks)-1] = table
			d.Title, d.Running, d.Footer = text, text, text
		}
		if err := WritePDF(&bytes.Buffer{}, d); err != nil {
			t.Fatal(err)
		}
	}
}

func TestDamagedPDFIsRefused(t *testing.T) {
	file := pdfOf(t, sample())
	for name, damaged := range map[string][]byte{"empty": nil, "text": []byte("hallo"), "half": file[:len(file)/2], "head only": []byte("%PDF-1.7\n")} {
		if _, err := ReadPDF(damaged); !errors.Is(err, ErrPDF) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzReadPDF(f *testing.F) {
	f.Add(pdfOf(f, sample()))
	f.Fuzz(func(t *testing.T, file []byte) {
		if _, err := ReadPDF(file); err != nil && !errors.Is(err, ErrPDF) {
			t.Error(err)
		}
	})
}

func picture(t testing.TB) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 40, 20))
	for i := range 800 {
		m.Set(i%40, i/40, color.RGBA{21, 94, 107, 255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Colour never stands alone, and words on a tint keep a contrast of 4.5:1 (WCAG 1.4.3).
func TestInkOnTintIsReadable(t *testing.T) {
	channel := func(v int) float64 {
		c := float64(v) / 255
		if c <= .03928 {
			return c / 12.92
		}
		return math.Pow((c+.055)/1.055, 2.4)
	}
	luminance := func(c colour) float64 { return .2126*channel(c.r) + .7152*channel(c.g) + .0722*channel(c.b) }
	for mark, look := range styles {
		light, dark := luminance(look.tint), luminance(look.ink)
		if ratio := (light + .05) / (dark + .05); ratio < 4.5 {
			t.Errorf("%s: contrast %.1f", mark, ratio)
		}
	}
}
