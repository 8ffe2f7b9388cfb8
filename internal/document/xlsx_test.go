package document

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
)

func words() Words {
	return Words{
		PageOf: func(page, pages string) string { return "pagina " + page + " van " + pages },
		Facts:  "Gegevens", FactsHead: [2]string{"Gegeven", "Waarde"},
		Texts: "Teksten", TextsHead: [3]string{"Cel", "Deel", "Tekst"},
		Continued: func(first, last int) string { return "→ Teksten " + itoa(first) + "-" + itoa(last) },
	}
}

func itoa(n int) string { return decimal.NewFromInt(int64(n)).String() }

func sample(rows ...[]Cell) Document {
	share := decimal.RequireFromString("7.9")
	table := Table{
		Name: "Tabel", Caption: "Streefwaarden",
		Columns: []Column{{"Code", 12}, {"Streefwaarde", 50}, {"Nu", 18}, {"Uiterlijk", 12}, {"Percentage", 12}},
		Rows: append([][]Cell{
			{Plain("SD1.1-1"), Plain("=HYPERLINK(\"x\")"), Marked(Tick, "Op schema"), {Date: calendar.MustDate(2026, 6, 30), Parts: []Part{{Text: "30/06/2026"}}}, {Number: &share, Parts: []Part{{Text: "7,9 %"}}}},
			{Plain("TD4.7-1"), {Parts: []Part{{Text: "Transmettre l’information", Lang: bilingual.FR}, {Label: "Hindernis:", Text: "geen"}}}, Marked(Dashed, "Niet gerapporteerd"), {}, {}},
		}, rows...),
	}
	return Document{
		Title: "Monitoringtabel 1e semester 2026", Lang: bilingual.NL, Author: "Jalon", Created: time.Date(2026, 9, 11, 7, 14, 0, 0, time.UTC),
		Running: "Monitoringtabel & meer", Footer: "DR-2026-H1-001 · 5f0c9a4177de20b3", Words: words(),
		Blocks: []Block{
			Heading{1, Part{Text: "Monitoringtabel 1e semester 2026"}},
			Facts{{"Stand op", Part{Text: "30/06/2026"}}, {"SHA-256", Part{Text: strings.Repeat("5f0c", 16)}}},
			Paragraph{Text: Part{Text: "Niet verzegeld"}, Mark: Triangle},
			table,
		},
		Data: &Attachment{Name: "tabel.json", Description: "nl 1", Content: []byte(`{"a":"é"}`)},
	}
}

func workbookOf(t testing.TB, d Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WriteXLSX(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func readBack(t testing.TB, file []byte) Workbook {
	t.Helper()
	w, err := ReadXLSX(file)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestWorkbookHoldsEveryCellAsText(t *testing.T) {
	w := readBack(t, workbookOf(t, sample()))
	want := []Sheet{
		{Name: "Tabel", Rows: [][]string{
			{"Code", "Streefwaarde", "Nu", "Uiterlijk", "Percentage"},
			{"SD1.1-1", "=HYPERLINK(\"x\")", "Op schema", "46203", "7.9"},
			{"TD4.7-1", "Transmettre l’information\nHindernis: geen", "Niet gerapporteerd"},
		}},
		{Name: "Gegevens", Rows: [][]string{
			{"Gegeven", "Waarde"},
			{"Monitoringtabel 1e semester 2026", "Monitoringtabel 1e semester 2026"},
			{"Stand op", "30/06/2026"},
			{"SHA-256", strings.Repeat("5f0c", 16)},
			{"Monitoringtabel 1e semester 2026", "Niet verzegeld"},
		}},
	}
	if diff := cmp.Diff(want, w.Sheets, cmpopts.IgnoreFields(Sheet{}, "Looks", "Printed")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(sample().Data, w.Data); diff != "" {
		t.Errorf("attachment (-want +got):\n%s", diff)
	}
}

func part(t testing.TB, file []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := b.ReadFrom(f); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// What is set in the wrong order is lost without an error, so look into the file.
func TestWorkbookIsReadyToFilterAndPrint(t *testing.T) {
	file := workbookOf(t, sample())
	book := part(t, file, "xl/workbook.xml")
	sheet := part(t, file, "xl/worksheets/sheet1.xml")
	for _, c := range []struct{ in, want string }{
		{book, `_xlnm.Print_Titles`},
		{book, `$A:$A,&#39;Tabel&#39;!$1:$1`},
		{book, `state="veryHidden"`},
		{sheet, `<autoFilter ref="$A$1:$E$3"`},
		{sheet, `state="frozen"`},
		{sheet, `topLeftCell="B2"`},
		{sheet, `fitToPage="true"`},
		{sheet, `orientation="landscape"`},
		{sheet, `paperSize="9"`},
		{sheet, `fitToHeight="0"`},
		{sheet, `pagina &amp;P van &amp;N`},
		{sheet, `Monitoringtabel &amp;&amp; meer`},
		{sheet, `width="50"`},
		{part(t, file, "docProps/core.xml"), "nl-BE"},
		{part(t, file, "docProps/core.xml"), "Monitoringtabel 1e semester 2026"},
	} {
		if !strings.Contains(c.in, c.want) {
			t.Errorf("%q is missing in …%s", c.want, c.in[max(0, len(c.in)-3000):])
		}
	}
	if strings.Contains(sheet, "<f>") || strings.Contains(sheet, "mergeCell") {
		t.Error("the sheet holds a formula or merged cells")
	}
	if !strings.Contains(part(t, file, "xl/styles.xml"), "FFE0F2E7") && !strings.Contains(part(t, file, "xl/styles.xml"), "E0F2E7") {
		t.Error("no tint for a status")
	}
}

func TestTextsTooLongForACellStandWhole(t *testing.T) {
	long := strings.Repeat("ë😀 woord. ", 4000) // 40,000 characters
	feeds := strings.Repeat("regel\n", 999) + "slot"
	d := sample([]Cell{Plain("SD2.1-1"), Plain(long), Plain("x"), {}, {}}, []Cell{Plain("SD2.2-1"), Plain(feeds), {}, {}, {}})
	w := readBack(t, workbookOf(t, d))
	if len(w.Sheets) != 3 || w.Sheets[2].Name != "Teksten" {
		t.Fatalf("sheets %v", w.Sheets)
	}
	got := map[string]string{}
	for _, row := range w.Sheets[2].Rows[1:] {
		got[row[0]] += row[2]
	}
	if got["Tabel!B4"] != long || got["Tabel!B5"] != feeds {
		t.Errorf("long texts are not whole: %d and %d characters", len(got["Tabel!B4"]), len(got["Tabel!B5"]))
	}
	if cell := w.Sheets[0].Rows[3][1]; !strings.HasSuffix(cell, "→ Teksten 2-3") {
		t.Errorf("no reference in the cell: …%s", cell[len(cell)-40:])
	}
	if cell := w.Sheets[0].Rows[4][1]; !strings.HasSuffix(cell, "→ Teksten 4-8") {
		t.Errorf("no reference in the cell: …%s", cell[len(cell)-40:])
	}
}

func TestPiecesOfATextJoinAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		units := rapid.IntRange(2, 9).Draw(t, "units")
		pieces := chunks(text, units, 3)
		if strings.Join(pieces, "") != text {
			t.Fatalf("%q became %q", text, pieces)
		}
		for _, p := range pieces {
			if n := len([]rune(p)); n > units {
				t.Fatalf("piece %q is longer than %d", p, units)
			}
		}
	})
}

func TestAnyTextSurvivesInAWorkbook(t *testing.T) {
	texts := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"_x0041_", "_x0041_x0042_", "_x005F_x0041_", " voor en na ", "a\tb", "<b>&amp;</b>", "'=1", "007", "1e5", "\ufeffx", "a\u0000b\u0007", "]]>"}))
	rapid.Check(t, func(t *rapid.T) {
		text := texts.Draw(t, "text")
		var b bytes.Buffer
		if err := WriteXLSX(&b, sample([]Cell{Plain("SD2.1-1"), Plain(text), Plain("einde")})); err != nil {
			t.Fatal(err)
		}
		w, err := ReadXLSX(b.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if got, want := w.Sheets[0].Rows[3][1], clean(text); got != want {
			t.Fatalf("got %q, want %q", got, want)
		}
	})
}

func TestSameDocumentSameWorkbook(t *testing.T) {
	if !bytes.Equal(workbookOf(t, sample()), workbookOf(t, sample())) {
		t.Error("two workbooks of one document differ")
	}
}

func TestWorksheetsHaveNamesThatProgramsTake(t *testing.T) {
	for what, name := range map[string]string{"none": "", "too long": strings.Repeat("x", 32), "with a sign": "a/b", "of another": "gegevens"} {
		d := sample()
		table := d.Blocks[3].(Table)
		table.Name = name
		d.Blocks[3] = table
		if err := WriteXLSX(&bytes.Buffer{}, d); err == nil {
			t.Errorf("%s: a worksheet called %q", what, name)
		}
	}
}

// Rows are written as they are made: one more takes no more memory than another.
func TestALongTableStreamsIntoAWorkbook(t *testing.T) {
	heap := func(rows int) uint64 {
		d := sample()
		text := strings.Repeat("Overleg met de partners. ", 20)
		d.Blocks[3] = Table{Name: "Tabel", Columns: []Column{{"Code", 12}, {"Tekst", 50}}, Each: func(yield func([]Cell) bool) {
			for i := range rows {
				if !yield([]Cell{Plain(itoa(i)), Plain(text)}) {
					return
				}
			}
		}}
		var top uint64
		w := writerFunc(func(p []byte) (int, error) {
			runtime.GC()
			var s runtime.MemStats
			runtime.ReadMemStats(&s)
			top = max(top, s.HeapAlloc)
			return len(p), nil
		})
		if err := WriteXLSX(w, d); err != nil {
			t.Fatal(err)
		}
		return top
	}
	few, many := heap(1000), heap(40_000)
	if many > few+4<<20 {
		t.Errorf("1,000 rows hold %d KB, 40,000 rows %d KB", few>>10, many>>10)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

func TestHostileWorkbooksAreRefused(t *testing.T) {
	bomb := func(parts int, size int) []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for i := range parts {
			w, _ := z.Create("xl/part" + itoa(i) + ".xml")
			_, _ = w.Write(make([]byte, size))
		}
		_ = z.Close()
		return b.Bytes()
	}
	wide := excelize.NewFile()
	for r := range 3 {
		_ = wide.SetCellStr("Sheet1", "XFD"+itoa(r+1), "x")
	}
	var far bytes.Buffer
	_ = wide.Write(&far)
	var twice bytes.Buffer
	z := zip.NewWriter(&twice)
	for _, name := range []string{"xl/styles.xml", "xl/Styles.xml"} {
		w, _ := z.Create(name)
		_, _ = w.Write([]byte("<styleSheet/>"))
	}
	_ = z.Close()
	for name, file := range map[string][]byte{
		"cells far to the right": far.Bytes(), "a part twice": twice.Bytes(),
		"empty": nil, "text": []byte("hallo"), "cut off": workbookOf(t, sample())[:3000],
		"unpacks to too much": bomb(9, 8<<20), "too many parts": bomb(600, 1), "no workbook": bomb(1, 10),
	} {
		if _, err := ReadXLSX(file); !errors.Is(err, ErrWorkbook) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFormulasAreSeenWhenReading(t *testing.T) {
	f, err := excelize.OpenReader(bytes.NewReader(workbookOf(t, sample())))
	if err != nil {
		t.Fatal(err)
	}
	if err := f.SetCellFormula("Tabel", "B3", "1+1"); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	if got := readBack(t, b.Bytes()).Sheets[0].Formulas; len(got) != 1 || got[0] != "B3" {
		t.Errorf("formulas %v", got)
	}
}

// What passes as clean is what the slow way gives too, and a text comes back
// out of an element or an attribute as it went in.
func TestTextsComeBackOutOfXML(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		signs := rapid.SampledFrom([]rune{'a', 'é', '€', '\n', '\r', '\t', 0, 0x1f, 0x7f, 0x80, 0x9f, 0xa0, 0xbf, 0xfdd0, 0xfffd, 0xfffe, 0xffff, 0x1f600, '&', '<', '>', '"', '\''})
		text := rapid.StringOf(signs).Draw(t, "text") + string(rapid.SliceOfN(rapid.Byte(), 0, 3).Draw(t, "bytes"))
		if got, want := clean(text), cleaned(text); got != want {
			t.Fatalf("clean(%q) = %q, want %q", text, got, want)
		}
		want := nonCharacters.Replace(clean(text))
		var back struct {
			Content   string `xml:",chardata"`
			Attribute string `xml:"a,attr"`
		}
		if err := xml.Unmarshal([]byte(`<t a="`+xmlText(text)+`">`+cellText(clean(text))+`</t>`), &back); err != nil {
			t.Fatal(err)
		}
		if back.Content != want || back.Attribute != want {
			t.Fatalf("%q comes back as %q and %q", want, back.Content, back.Attribute)
		}
	})
}

func TestATextFitsUnlessItsPiecesAreMany(t *testing.T) {
	for _, text := range []string{
		"", "kort", strings.Repeat("a", cellUnits), strings.Repeat("a", cellUnits+1), strings.Repeat("é", cellUnits), strings.Repeat("😀", cellUnits/2),
		strings.Repeat("😀", cellUnits/2+1), strings.Repeat("\n", cellLines), strings.Repeat("\n", cellLines+1), strings.Repeat("\n", cellLines+1) + "a",
	} {
		b := workbook{}
		b.d.Words.Continued = func(int, int) string { return "" }
		b.fit(text, "Tabel", 0, 0)
		if fits := len(b.long) == 0; fits != (len(chunks(text, cellUnits, cellLines)) == 1) {
			t.Errorf("a text of %d bytes that begins with %.5q: fits %t", len(text), text, fits)
		}
	}
}
