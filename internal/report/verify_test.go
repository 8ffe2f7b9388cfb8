package report

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"io"
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
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Verify(edit(t, file, c.change), nil, catalogues)
			if got.Outcome != monitoring.Altered || !contains(got.Changes, c.want) {
				t.Errorf("got %s %v, want %v", got.Outcome, got.Changes, c.want)
			}
		})
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
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	for _, target := range []struct{ old, now string }{
		{"Scorebord besproken.", "Scorebord verzwegen."}, {"Te laat", "Gehaald"}, {"46203", "46568"}, {"62.5", "92.5"},
	} {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		found := false
		for _, part := range z.File {
			r, err := part.Open()
			if err != nil {
				t.Fatal(err)
			}
			content, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasPrefix(part.Name, "xl/worksheets/") && !found && bytes.Contains(content, []byte(target.old)) {
				content, found = bytes.Replace(content, []byte(target.old), []byte(target.now), 1), true
			}
			out, _ := w.Create(part.Name)
			_, _ = out.Write(content)
		}
		_ = w.Close()
		if c := Verify(b.Bytes(), nil, catalogues); !found || c.Outcome != monitoring.Altered {
			t.Errorf("%s → %s: found %v, %s", target.old, target.now, found, c.Outcome)
		}
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
