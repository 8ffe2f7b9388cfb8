package report

import (
	"bytes"
	"encoding/csv"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jalon/internal/bilingual"
	"jalon/internal/document"
	"jalon/internal/monitoring"
)

var update = flag.Bool("update", false, "write the golden files")

func golden(t *testing.T, name string, got string) {
	t.Helper()
	path := "testdata/" + name
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got); a change here wants a new Layout:\n%s", path, diff)
	}
}

func write(t testing.TB, m Monitoring, f Format, lang bilingual.Lang) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := m.Write(&b, f, catalogues.In(lang), time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// steady replaces what a new key changes.
func steady(text string, s *monitoring.Seal) string {
	return strings.NewReplacer(s.SHA256, "‹sha256›", s.SHA256[:16], "‹sha›", strings.ReplaceAll(s.Signature, "\n", " ¶ "), "‹signature›", s.KeyID, "‹key›", s.PublicKey, "‹public key›").Replace(text)
}

func dump(t testing.TB, file []byte) string {
	t.Helper()
	book, err := document.ReadXLSX(file)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, s := range book.Sheets {
		fmt.Fprintf(&b, "== %s\n", s.Name)
		for _, row := range s.Rows {
			fmt.Fprintf(&b, "%s\n", strings.ReplaceAll(strings.Join(row, " | "), "\n", " ¶ "))
		}
	}
	return b.String()
}

func TestExportsStayTheSame(t *testing.T) {
	m := sealedBy(t, newSigner(t), noted())
	for _, lang := range bilingual.Langs {
		golden(t, "noted."+string(lang)+".xlsx.txt", steady(dump(t, write(t, m, XLSX, lang)), m.Seal))
		golden(t, "noted."+string(lang)+".csv", strings.ReplaceAll(string(write(t, m, CSV, lang)), m.Seal.SHA256, "‹sha256›"))
		d, err := m.pages(catalogues.In(lang), time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "noted."+string(lang)+".pdf.txt", steady(outline(d), m.Seal))
	}
	m = sealedBy(t, newSigner(t), sample()) // in the first form, as it always was
	for _, lang := range bilingual.Langs {
		golden(t, "sealed."+string(lang)+".xlsx.txt", steady(dump(t, write(t, m, XLSX, lang)), m.Seal))
		golden(t, "draft."+string(lang)+".xlsx.txt", dump(t, write(t, Draft(sample()), XLSX, lang)))
		golden(t, "sealed."+string(lang)+".csv", strings.ReplaceAll(string(write(t, m, CSV, lang)), m.Seal.SHA256, "‹sha256›"))
		golden(t, "sealed."+string(lang)+".docx.txt", steady(dumpDOCX(t, write(t, m, DOCX, lang)), m.Seal))
		d, err := m.pages(catalogues.In(lang), time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "sealed."+string(lang)+".pdf.txt", steady(outline(d), m.Seal))
	}
}

// outline prints a document as text.
func outline(d document.Document) string {
	var b strings.Builder
	fmt.Fprintf(&b, "title: %s\nrunning: %s\nfooter: %s\n", d.Title, d.Running, d.Footer)
	say := func(p document.Part) string {
		text := strings.ReplaceAll(p.String(), "\n", " ¶ ")
		if p.Lang != "" {
			text = "[" + string(p.Lang) + "] " + text
		}
		return text
	}
	cell := func(c document.Cell) string {
		var parts []string
		if c.Mark != "" {
			parts = append(parts, "("+string(c.Mark)+")")
		}
		for _, p := range c.Parts {
			parts = append(parts, say(p))
		}
		return strings.Join(parts, " ¶ ")
	}
	for _, block := range d.Blocks {
		switch block := block.(type) {
		case document.Heading:
			fmt.Fprintf(&b, "\n%s %s\n", strings.Repeat("#", block.Level), say(block.Text))
		case document.Paragraph:
			fmt.Fprintf(&b, "%s\n", say(block.Text))
		case document.List:
			for _, item := range block.Items {
				fmt.Fprintf(&b, "* %s\n", cell(item))
			}
		case document.Facts:
			for _, f := range block {
				fmt.Fprintf(&b, "%s: %s\n", f.Name, say(f.Value))
			}
		case document.Table:
			for _, c := range block.Columns {
				fmt.Fprintf(&b, "| %s ", c.Title)
			}
			b.WriteString("|\n")
			for _, row := range block.Rows {
				for _, c := range row {
					fmt.Fprintf(&b, "| %s ", cell(c))
				}
				b.WriteString("|\n")
			}
		}
	}
	return b.String()
}

func TestEveryFormatHasTheRowsOfTheTableInTheirOrder(t *testing.T) {
	table := sample()
	m := sealedBy(t, newSigner(t), table)
	for _, lang := range bilingual.Langs {
		var want []string
		for _, r := range table.Rows {
			want = append(want, r.Code.Display(lang))
		}
		book, err := document.ReadXLSX(write(t, m, XLSX, lang))
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range book.Sheets[:2] {
			var got []string
			for _, row := range s.Rows[1:] {
				got = append(got, row[0])
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s %s (-want +got):\n%s", lang, s.Name, diff)
			}
		}
		r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(write(t, m, CSV, lang), []byte("\ufeff"))))
		r.Comma = ';'
		records, err := r.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, record := range records[1:] {
			got = append(got, record[0])
			if record[len(record)-1] != m.Seal.SHA256 || !strings.Contains(record[len(record)-2], m.Seal.Number) {
				t.Errorf("a row without number and hash: %q", record)
			}
			for _, field := range record {
				if field != "" && strings.ContainsAny(field[:1], "=+@\t\r") {
					t.Errorf("a formula in the CSV: %q", field)
				}
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s csv (-want +got):\n%s", lang, diff)
		}
	}
}

func TestDraftsSayThatTheyAreNotSealed(t *testing.T) {
	for lang, want := range map[bilingual.Lang]string{bilingual.NL: "NIET VERZEGELD", bilingual.FR: "NON SCELLÉ"} {
		d, err := Draft(sample()).pages(catalogues.In(lang), time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(d.Footer, want) || !strings.HasPrefix(d.Running, want) {
			t.Errorf("PDF: foot %q, head %q", d.Footer, d.Running)
		}
		if text := string(write(t, Draft(sample()), CSV, lang)); strings.Count(text, want) != len(sample().Rows) {
			t.Errorf("CSV: %.300s", text)
		}
		if text := string(write(t, Draft(sample()), JSON, lang)); !strings.Contains(text, `"seal":null`) || strings.Contains(text, `"sealing"`) {
			t.Errorf("JSON: %.300s", text)
		}
	}
	for _, f := range Formats {
		if c := Verify(write(t, Draft(sample()), f, bilingual.NL), nil, catalogues); c.Outcome != monitoring.NotSealed || c.Damaged || c.Format != f {
			t.Errorf("%s: a draft is %s (%s), damaged %v", f, c.Outcome, c.Format, c.Damaged)
		}
	}
}

func TestFileNamesAreSafe(t *testing.T) {
	table := sample()
	if got, want := Draft(table).FileName(PDF, catalogues.In(bilingual.FR)), "tableau-de-suivi-ACTIRIS-A4-EL-2026-H1-projet.fr.pdf"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	table.Mandate.Code = "../A/4\n\"x"
	if got := Draft(table).FileName(XLSX, catalogues.In(bilingual.NL)); strings.ContainsAny(got, "/\\\"\n ") {
		t.Errorf("got %q", got)
	}
}

func TestSealedWantsASealedDocument(t *testing.T) {
	doc, err := sample().Canonical()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Sealed(doc, monitoring.Seal{}); err == nil {
		t.Error("a draft passes for sealed")
	}
	if _, err := Sealed([]byte("{}"), monitoring.Seal{}); err == nil {
		t.Error("an empty document passes for sealed")
	}
}

// Every status and trend has a shape and a word in both languages.
func TestEveryStatusHasItsShape(t *testing.T) {
	shapes := map[document.Mark]bool{}
	for status, mark := range marks {
		if shapes[mark] {
			t.Errorf("%s shares its shape %s", status, mark)
		}
		shapes[mark] = true
		for _, lang := range bilingual.Langs {
			if word := catalogues.In(lang).Status(status); word == "" || strings.Contains(word, "⟨") {
				t.Errorf("%s has no word in %s", status, lang)
			}
		}
	}
}
