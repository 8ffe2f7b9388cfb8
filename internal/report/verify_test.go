package report

import (
	"bytes"
	"compress/zlib"
	"errors"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"jalon/internal/bilingual"
	"jalon/internal/monitoring"
)

func TestSealedFilesAreIntact(t *testing.T) {
	s := newSigner(t)
	for _, f := range []Format{XLSX, PDF, JSON} { // with decisions, questions and evidence
		if c := Verify(write(t, sealedBy(t, s, noted()), f, bilingual.FR), []monitoring.PublicKey{s.Public()}, catalogues); c.Outcome != monitoring.Intact || !c.Trusted {
			t.Errorf("second form, %s: %s %v", f, c.Outcome, c.Changes)
		}
	}
	m := sealedBy(t, s, sample())
	for _, f := range []Format{XLSX, DOCX, PDF, JSON} {
		for _, lang := range bilingual.Langs {
			file := write(t, m, f, lang)
			if c := Verify(file, []monitoring.PublicKey{s.Public()}, catalogues); c.Outcome != monitoring.Intact || !c.Trusted || c.Format != f {
				t.Errorf("%s %s: %s %v, trusted %v", f, lang, c.Outcome, c.Changes, c.Trusted)
			}
			if c := Verify(file, []monitoring.PublicKey{newSigner(t).Public()}, catalogues); c.Outcome != monitoring.UnknownKey {
				t.Errorf("%s %s with another key: %s", f, lang, c.Outcome)
			}
		}
	}
	if c := Verify(write(t, m, CSV, bilingual.NL), nil, catalogues); c.Outcome != monitoring.NotSealed || c.Format != CSV {
		t.Errorf("CSV: %s %s", c.Outcome, c.Format)
	}
}

func TestLongNarrativesStayIntact(t *testing.T) {
	table := sample()
	table.Rows[0].Now.Entry.Achieved = strings.Repeat("Veertigduizend tekens ë😀 ", 1600)
	table.Rows[3].Now.Entry.Achieved = strings.Repeat("regel\n", 600) + "einde"
	s := newSigner(t)
	m := sealedBy(t, s, table)
	for _, f := range []Format{XLSX, DOCX, PDF, JSON} {
		if c := Verify(write(t, m, f, bilingual.FR), []monitoring.PublicKey{s.Public()}, catalogues); c.Outcome != monitoring.Intact {
			t.Errorf("%s: %s %v", f, c.Outcome, c.Changes)
		}
	}
}

// edit opens a workbook, changes it, and saves it as a spreadsheet program would.
func edit(t testing.TB, file []byte, change func(*excelize.File) error) []byte {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	if err := change(f); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAlteredCellsAreNamed(t *testing.T) {
	m := sealedBy(t, newSigner(t), sample())
	file := write(t, m, XLSX, bilingual.NL)
	for _, c := range []struct {
		name   string
		change func(*excelize.File) error
		want   monitoring.Change
	}{
		{"a status", func(f *excelize.File) error { return f.SetCellStr("Tabel", "G4", "Gehaald") }, monitoring.Change{Kind: monitoring.Edited, Row: code("S1.2-1"), Field: "column Nu", Cell: "Tabel!G4"}},
		{"a narrative", func(f *excelize.File) error { return f.SetCellStr("Details", "N2", "Niets besproken.") }, monitoring.Change{Kind: monitoring.Edited, Row: code("S1.1-1"), Field: "column Verwezenlijkt", Cell: "Details!N2"}},
		{"a number", func(f *excelize.File) error { return f.SetCellFloat("Details", "U3", 99.5, 1, 64) }, monitoring.Change{Kind: monitoring.Edited, Row: code("S1.1-2"), Field: "column Percentage", Cell: "Details!U3"}},
		{"an emptied cell", func(f *excelize.File) error { return f.SetCellStr("Tabel", "I4", "") }, monitoring.Change{Kind: monitoring.Removed, Row: code("S1.2-1"), Field: "column Niet beantwoord", Cell: "Tabel!I4"}},
		{"a note in an empty cell", func(f *excelize.File) error { return f.SetCellStr("Tabel", "I2", "goedgekeurd") }, monitoring.Change{Kind: monitoring.Added, Row: code("S1.1-1"), Field: "column Niet beantwoord", Cell: "Tabel!I2"}},
		{"a row below", func(f *excelize.File) error { return f.SetCellStr("Tabel", "A8", "SD9.9-9") }, monitoring.Change{Kind: monitoring.Added, Field: "column Code", Cell: "Tabel!A8"}},
		{"a formula with the same result", func(f *excelize.File) error { return f.SetCellFormula("Tabel", "G2", `"Op schema"`) }, monitoring.Change{Kind: monitoring.Edited, Field: "formula", Cell: "Tabel!G2"}},
		{"the hash that is shown", func(f *excelize.File) error {
			return f.SetCellStr("Gegevens", "B13", strings.Repeat("0", 64))
		}, monitoring.Change{Kind: monitoring.Edited, Field: "column Waarde", Cell: "Gegevens!B13"}},
		{"a sheet more", func(f *excelize.File) error { _, err := f.NewSheet("Extra"); return err }, monitoring.Change{Kind: monitoring.Added, Field: "sheet", Cell: "Extra"}},
		{"a sheet less", func(f *excelize.File) error { return f.DeleteSheet("Details") }, monitoring.Change{Kind: monitoring.Removed, Field: "sheet", Cell: "Details"}},
		{"a row that is hidden", func(f *excelize.File) error { return f.SetRowVisible("Tabel", 4, false) }, monitoring.Change{Kind: monitoring.Edited, Field: "hidden", Cell: "Tabel!4"}},
		{"a row without height", func(f *excelize.File) error { return f.SetRowHeight("Tabel", 4, 0.5) }, monitoring.Change{Kind: monitoring.Edited, Field: "hidden", Cell: "Tabel!4"}},
		{"a column that is hidden", func(f *excelize.File) error { return f.SetColVisible("Tabel", "G", false) }, monitoring.Change{Kind: monitoring.Edited, Field: "hidden", Cell: "Tabel!G"}},
		{"a column without width", func(f *excelize.File) error { return f.SetColWidth("Tabel", "G", "G", 0.1) }, monitoring.Change{Kind: monitoring.Edited, Field: "hidden", Cell: "Tabel!G"}},
		{"a sheet that is hidden", func(f *excelize.File) error { return f.SetSheetVisible("Details", false) }, monitoring.Change{Kind: monitoring.Edited, Field: "hidden", Cell: "Details"}},
		{"a number format for a text", restyle("G4", func(s *excelize.Style) { s.CustomNumFmt = new(`@" toch"`) }), otherLook},
		{"a number format that shows nothing", restyle("G4", func(s *excelize.Style) { s.CustomNumFmt = new(`;;;`) }), otherLook},
		{"letters in the colour of the ground", restyle("G4", func(s *excelize.Style) { s.Font.Color = "FFFFFF"; s.Fill = excelize.Fill{} }), otherLook},
		{"another ground", restyle("G4", func(s *excelize.Style) { s.Fill.Color = []string{"00FF00"} }), otherLook},
		{"letters too small", restyle("G4", func(s *excelize.Style) { s.Font.Size = 1 }), otherLook},
		{"signs for letters", restyle("G4", func(s *excelize.Style) { s.Font.Family = "Wingdings" }), otherLook},
		{"letters struck through", restyle("G4", func(s *excelize.Style) { s.Font.Strike = true }), otherLook},
		{"a text again and again", restyle("G4", func(s *excelize.Style) { s.Alignment.Horizontal = "fill" }), otherLook},
		{"a word in another colour", func(f *excelize.File) error {
			return f.SetCellRichText("Tabel", "G4", []excelize.RichTextRun{{Text: "Te", Font: &excelize.Font{Color: "FFFFFF"}}, {Text: " laat"}})
		}, otherLook},
		{"merged cells", func(f *excelize.File) error { return f.MergeCell("Tabel", "F4", "G4") }, monitoring.Change{Kind: monitoring.Added, Field: "over the cells", Cell: "Tabel!F4:G4"}},
		{"a look by condition", func(f *excelize.File) error {
			style, err := f.NewConditionalStyle(&excelize.Style{Font: &excelize.Font{Color: "FFFFFF"}})
			if err != nil {
				return err
			}
			return f.SetConditionalFormat("Tabel", "G2:G7", []excelize.ConditionalFormatOptions{{Type: "cell", Criteria: "==", Format: &style, Value: `"Te laat"`}})
		}, monitoring.Change{Kind: monitoring.Added, Field: "over the cells", Cell: "Tabel!G2:G7"}},
		{"a shape over a cell", func(f *excelize.File) error {
			return f.AddShape("Tabel", &excelize.Shape{Cell: "G4", Type: "rect", Paragraph: []excelize.RichTextRun{{Text: "Gehaald"}}})
		}, monitoring.Change{Kind: monitoring.Added, Field: "over the cells", Cell: "xl/drawings/drawing1.xml"}},
		{"rows above the first", func(f *excelize.File) error {
			return f.SetSheetView("Tabel", 0, &excelize.ViewOptions{TopLeftCell: new("A5")})
		}, monitoring.Change{Kind: monitoring.Edited, Field: "hidden", Cell: "Tabel!A1"}},
		{"another seal below the page", func(f *excelize.File) error {
			return f.SetHeaderFooter("Tabel", &excelize.HeaderFooterOptions{OddFooter: "&L&8DR-2026-H1-002"})
		}, monitoring.Change{Kind: monitoring.Edited, Field: "text", Cell: "Tabel"}},
		{"another seal below the first page", func(f *excelize.File) error {
			page, err := f.GetHeaderFooter("Tabel")
			page.DifferentFirst, page.FirstFooter = true, "&L&8DR-2026-H1-002"
			return errors.Join(err, f.SetHeaderFooter("Tabel", page))
		}, monitoring.Change{Kind: monitoring.Edited, Field: "text", Cell: "Tabel"}},
		{"zeros that are left out", func(f *excelize.File) error {
			return f.SetSheetView("Tabel", 0, &excelize.ViewOptions{ShowZeros: new(false)})
		}, monitoring.Change{Kind: monitoring.Edited, Field: "hidden", Cell: "Tabel"}},
		{"a cell that speaks", func(f *excelize.File) error {
			v := excelize.NewDataValidation(true)
			v.Sqref = "G4"
			v.SetInput("Let op", "Dit is gehaald")
			return f.AddDataValidation("Tabel", v)
		}, monitoring.Change{Kind: monitoring.Added, Field: "over the cells", Cell: "Tabel!G4"}},
		{"dates counted from another day", func(f *excelize.File) error {
			return f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: new(true)})
		}, monitoring.Change{Kind: monitoring.Edited, Field: "look of a cell"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Verify(edit(t, file, c.change), nil, catalogues)
			if got.Outcome != monitoring.Altered || !contains(got.Changes, c.want) {
				t.Errorf("got %s %v, want %v", got.Outcome, got.Changes, c.want)
			}
		})
	}
}

var otherLook = monitoring.Change{Kind: monitoring.Edited, Row: code("S1.2-1"), Field: "look of a cell", Cell: "Tabel!G4"}

// restyle gives a cell of the table a style of its own.
func restyle(cell string, change func(*excelize.Style)) func(*excelize.File) error {
	return func(f *excelize.File) error {
		id, err := f.GetCellStyle("Tabel", cell)
		if err != nil {
			return err
		}
		style, err := f.GetStyle(id)
		if err != nil {
			return err
		}
		change(style)
		if id, err = f.NewStyle(style); err != nil {
			return err
		}
		return f.SetCellStyle("Tabel", cell, cell, id)
	}
}

func contains(list []monitoring.Change, c monitoring.Change) bool {
	for _, x := range list {
		if x == c {
			return true
		}
	}
	return false
}

func TestSavingAWorkbookAgainAltersNothing(t *testing.T) {
	m := sealedBy(t, newSigner(t), sample())
	saved := edit(t, write(t, m, XLSX, bilingual.FR), func(f *excelize.File) error {
		f.SetActiveSheet(1)
		f.Pkg.Store("xl/persons/person.xml", []byte(`<personList xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"/>`))
		return f.SetColWidth("Tableau", "A", "A", 30)
	})
	if c := Verify(saved, nil, catalogues); c.Outcome != monitoring.Intact {
		t.Errorf("%s %v", c.Outcome, c.Changes)
	}
}

// Whoever alters the data inside and the cells alike is found by the signature.
func TestAlteredDataInAWorkbookIsFound(t *testing.T) {
	m := sealedBy(t, newSigner(t), sample())
	file := edit(t, write(t, m, XLSX, bilingual.NL), func(f *excelize.File) error {
		for row := 3; ; row++ {
			cell, _ := excelize.CoordinatesToCellName(1, row)
			text, err := f.GetCellValue("jalon", cell)
			if err != nil || text == "" {
				return err
			}
			if err := f.SetCellStr("jalon", cell, strings.ReplaceAll(text, "Scorebord besproken.", "Alles gehaald.")); err != nil {
				return err
			}
		}
	})
	want := monitoring.Change{Kind: monitoring.Edited, Row: code("S1.1-1"), Field: "now/entry/achieved"}
	if c := Verify(file, nil, catalogues); c.Outcome != monitoring.Altered || !contains(c.Changes, want) || !c.Located {
		t.Errorf("%s %v", c.Outcome, c.Changes)
	}
}

func TestAnotherLayoutIsNotCalledIntact(t *testing.T) {
	m := sealedBy(t, newSigner(t), sample())
	for name, description := range map[string]string{"newer layout": "jalon layout 99 nl", "that of another form": "jalon layout 2 nl", "unknown language": "jalon layout 1 de", "nonsense": "x", "the other language": "jalon layout 1 fr"} {
		file := edit(t, write(t, m, XLSX, bilingual.NL), func(f *excelize.File) error { return f.SetCellStr("jalon", "A2", description) })
		if c := Verify(file, nil, catalogues); c.Outcome != monitoring.Altered {
			t.Errorf("%s: %s", name, c.Outcome)
		}
	}
}

// A program that shows PDF files finds the one in front, and the signed data of
// the text document behind it would vouch for it.
func TestAFileOfTwoKindsIsNotIntact(t *testing.T) {
	s := newSigner(t)
	other := sample()
	other.Rows[0].Now.Entry.Achieved = "Iets anders."
	forged := write(t, sealedBy(t, newSigner(t), other), PDF, bilingual.NL)
	for _, f := range []Format{DOCX, XLSX} {
		c := Verify(append(bytes.Clone(forged), write(t, sealedBy(t, s, sample()), f, bilingual.NL)...), []monitoring.PublicKey{s.Public()}, catalogues)
		if c.Outcome == monitoring.Intact {
			t.Errorf("a PDF before a %s: %s", f, c.Outcome)
		}
	}
}

// A PDF whose pages are drawn over keeps its signed data and is still found.
func TestAlteredPagesAreNamed(t *testing.T) {
	s := newSigner(t)
	genuine := sealedBy(t, s, sample())
	other := sample()
	other.Rows[0].Now.Entry.Achieved = "Iets anders."
	forged := sealedBy(t, s, other)
	forged.document, forged.Seal = genuine.document, genuine.Seal // the pages of one, the data of the other
	c := Verify(write(t, forged, PDF, bilingual.NL), []monitoring.PublicKey{s.Public()}, catalogues)
	if want := (monitoring.Change{Kind: monitoring.Edited, Field: "page 1"}); c.Outcome != monitoring.Altered || !contains(c.Changes, want) {
		t.Errorf("%s %v", c.Outcome, c.Changes)
	}
}

func TestFlippedBytesOfAPDFAreNeverIntactWithOtherPages(t *testing.T) {
	s := newSigner(t)
	file := write(t, sealedBy(t, s, sample()), PDF, bilingual.NL)
	// The bytes of every compressed stream, one flipped in each.
	flipped := 0
	for at := 0; ; {
		i := bytes.Index(file[at:], []byte("stream\n"))
		if i < 0 {
			break
		}
		start := at + i + len("stream\n")
		end := start + bytes.Index(file[start:], []byte("endstream"))
		at = end + len("endstream")
		if _, err := zlib.NewReader(bytes.NewReader(file[start:end])); err != nil || end-start < 400 {
			continue
		}
		damaged := bytes.Clone(file)
		damaged[start+(end-start)/2] ^= 0x10
		flipped++
		if c := Verify(damaged, []monitoring.PublicKey{s.Public()}, catalogues); c.Outcome == monitoring.Intact {
			t.Errorf("byte %d of a stream: intact", start)
		}
	}
	if flipped < 4 {
		t.Errorf("only %d streams found", flipped)
	}
}

// Each part of the zip is rewritten with one letter changed.
func TestChangedPartsOfAWorkbookAreFound(t *testing.T) {
	file := write(t, sealedBy(t, newSigner(t), sample()), XLSX, bilingual.NL)
	for _, target := range []struct{ part, old, now string }{
		{"xl/worksheets/sheet2.xml", "Scorebord besproken.", "Scorebord verzwegen."},
		{"xl/worksheets/sheet1.xml", "Te laat", "Gehaald"},
		{"xl/worksheets/sheet2.xml", "46203", "46568"},
		{"xl/worksheets/sheet2.xml", "62.5", "92.5"},
		{"xl/styles.xml", "dd/mm/yyyy", "mm/dd/yyyy"},
		{"xl/styles.xml", `<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>`, `<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0"/>`},
	} {
		if c := Verify(rewrite(t, file, target.part, target.old, target.now), nil, catalogues); c.Outcome != monitoring.Altered {
			t.Errorf("%s → %s: %s", target.old, target.now, c.Outcome)
		}
	}
}

// A program may write a number with all the digits of its binary form.
func TestANumberWithMoreDigitsIsTheSame(t *testing.T) {
	file := write(t, sealedBy(t, newSigner(t), sample()), XLSX, bilingual.NL)
	if c := Verify(rewrite(t, file, "xl/worksheets/sheet2.xml", "<v>62.5</v>", "<v>62.500000000000001</v>"), nil, catalogues); c.Outcome != monitoring.Intact {
		t.Errorf("%s %v", c.Outcome, c.Changes)
	}
	if c := Verify(rewrite(t, file, "xl/worksheets/sheet2.xml", "<v>62.5</v>", "<v>62.500000000000100</v>"), nil, catalogues); c.Outcome != monitoring.Altered {
		t.Errorf("another number: %s", c.Outcome)
	}
}

func TestWhatIsNoTableAtAll(t *testing.T) {
	f := excelize.NewFile()
	var book bytes.Buffer
	if err := f.Write(&book); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		file    []byte
		damaged bool
	}{
		"nothing": {nil, false}, "text": {[]byte("hallo"), false}, "another workbook": {book.Bytes(), false},
		"half a workbook": {book.Bytes()[:900], true}, "half a PDF": {[]byte("%PDF-1.7\nx"), true},
	} {
		if got := Verify(c.file, nil, catalogues); got.Outcome != monitoring.NotSealed || got.Damaged != c.damaged {
			t.Errorf("%s: %s, damaged %v", name, got.Outcome, got.Damaged)
		}
	}
}
