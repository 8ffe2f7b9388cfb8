package document

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jalon/internal/bilingual"
)

func docxSample() Document {
	row := func(code, story string) []Cell {
		return []Cell{Plain(code), Marked(Tick, "Op schema"), {Parts: []Part{{Label: "Bron:", Text: story}, {Text: "Trois délégations.", Lang: bilingual.FR, Quiet: true}}}}
	}
	return Document{
		Title: "Tabel & <proef>", Lang: bilingual.NL, Author: "Actiris", Created: time.Date(2026, 9, 11, 7, 14, 1, 0, time.UTC),
		Running: "Boven", Footer: "DR-2026-H1-001", Words: words(), Data: &Attachment{Name: "jalon.json", Description: "jalon layout 1 nl", Content: []byte(`{"é":1}`)},
		Blocks: []Block{
			Heading{1, Part{Text: "Tabel"}},
			Paragraph{Text: Part{Text: "Niet verzegeld"}, Mark: Triangle},
			List{Inline: true, Items: []Cell{Marked(Tick, "3 op schema"), Marked(Clock, "1 te laat")}},
			Facts{{"Mandaat", Part{Text: "Directeur", Lang: bilingual.FR}}},
			Heading{2, Part{Text: "S1"}},
			Table{Columns: []Column{{"Code", 10}, {"Nu", 20}, {"Verhaal", 60}}, Rows: [][]Cell{row("S1.1", "Eerste\nTweede\tkolom"), row("S1.2", "\x01x")}},
			Figure{PNG: iconPNG(Flag), Alt: "Een vlag", Width: 20},
		},
	}
}

func writeDOCX(t testing.TB, d Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WriteDOCX(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// docxPart gives the text of one part of the zip.
func docxPart(t testing.TB, file []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func TestDOCXSaysWhatTheDocumentSays(t *testing.T) {
	got, err := ReadDOCX(writeDOCX(t, docxSample()))
	if err != nil {
		t.Fatal(err)
	}
	want := [][][]string{
		{{"Mandaat", "Directeur"}},
		{
			{"Code", "Nu", "Verhaal"},
			{"S1.1", "Op schema", "Bron: Eerste\nTweede\tkolom\nTrois délégations."},
			{"S1.2", "Op schema", "Bron: x\nTrois délégations."},
		},
	}
	if diff := cmp.Diff(want, got.Tables); diff != "" {
		t.Errorf("tables (-want +got):\n%s", diff)
	}
	paragraphs := []string{"Tabel", "Niet verzegeld", "3 op schema   \u00a01 te laat", "S1", "Boven", "DR-2026-H1-001\tpagina  PAGE 1 van  NUMPAGES 1"}
	if diff := cmp.Diff(paragraphs, got.Paragraphs); diff != "" {
		t.Errorf("paragraphs (-want +got):\n%s", diff)
	}
	if got.Data == nil || string(got.Data.Content) != `{"é":1}` || got.Data.Description != "jalon layout 1 nl" {
		t.Errorf("attachment: %+v", got.Data)
	}
}

func TestDOCXIsAccessible(t *testing.T) {
	file := writeDOCX(t, docxSample())
	body := docxPart(t, file, "word/document.xml")
	for what, want := range map[string]string{
		"headings as styles":              `<w:pStyle w:val="Heading2"/>`,
		"a header that repeats":           `<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>`,
		"the language of a text":          `<w:lang w:val="fr-BE"/></w:rPr><w:t xml:space="preserve">Trois`,
		"an alternative text":             `descr="Een vlag"`,
		"icons beside words as ornaments": `adec:decorative`,
		"a name for the table":            `<w:tblCaption w:val="S1"/>`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s: %s", what, want)
		}
	}
	if n := strings.Count(body, "<w:tr>") - strings.Count(body, "<w:trPr><w:cantSplit/>"); n != 0 {
		t.Errorf("%d rows may split over pages", n)
	}
	if styles := docxPart(t, file, "word/styles.xml"); !strings.Contains(styles, `<w:lang w:val="nl-BE"`) || !strings.Contains(styles, `w:outlineLvl w:val="1"`) {
		t.Error("the styles name no language or no levels")
	}
	core := docxPart(t, file, "docProps/core.xml")
	for _, want := range []string{"<dc:title>Tabel &amp; &lt;proef&gt;</dc:title>", "<dc:creator>Actiris<", "<dc:language>nl-BE<", "2026-09-11T07:14:01Z"} {
		if !strings.Contains(core, want) {
			t.Errorf("properties without %s: %s", want, core)
		}
	}
	if ids := regexp.MustCompile(`<wp:docPr id="(\d+)"`).FindAllString(body, -1); len(ids) != 6 {
		t.Errorf("%d drawings", len(ids))
	}
}

func TestDOCXIsTheSameEveryTimeAndWellFormed(t *testing.T) {
	first := writeDOCX(t, docxSample())
	if !bytes.Equal(first, writeDOCX(t, docxSample())) {
		t.Error("two runs differ")
	}
	z, err := zip.NewReader(bytes.NewReader(first), int64(len(first)))
	if err != nil {
		t.Fatal(err)
	}
	types := docxPart(t, first, "[Content_Types].xml")
	for _, f := range z.File {
		if strings.HasSuffix(f.Name, ".png") {
			continue
		}
		d := xml.NewDecoder(strings.NewReader(docxPart(t, first, f.Name)))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
		}
		if strings.HasPrefix(f.Name, "word/") && !strings.Contains(types, `"/`+f.Name+`"`) && !strings.Contains(f.Name, "_rels") {
			t.Errorf("%s has no content type", f.Name)
		}
	}
}

func TestWhatIsNoDOCX(t *testing.T) {
	good := writeDOCX(t, docxSample())
	if !IsDOCX(good) || IsDOCX([]byte("PK\x03\x04")) {
		t.Error("a DOCX is not told apart")
	}
	for name, file := range map[string][]byte{"nothing": nil, "half": good[:len(good)/2]} {
		if _, err := ReadDOCX(file); !errors.Is(err, ErrDOCX) {
			t.Errorf("%s: %v", name, err)
		}
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for range 2 {
		f, _ := z.Create("word/document.xml")
		_, _ = f.Write([]byte("<a/>"))
	}
	_ = z.Close()
	if _, err := ReadDOCX(b.Bytes()); !errors.Is(err, ErrDOCX) {
		t.Errorf("two parts of one name: %v", err)
	}
}

// Every mark has a shape of its own, also without its colour.
func TestEveryIconHasItsShape(t *testing.T) {
	shapes := map[string]Mark{}
	for mark := range styles {
		png := string(iconPNG(mark))
		if other, double := shapes[png]; double {
			t.Errorf("%s looks like %s", mark, other)
		}
		shapes[png] = mark
	}
}
