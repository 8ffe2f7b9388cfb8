package report

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/document"
	"jalon/internal/locale"
	"jalon/internal/monitoring"
)

// inBothLanguages are documents of every kind, in every format that has pages or sheets.
func inBothLanguages(t *testing.T, f Format, p *locale.Printer) map[string][]byte {
	t.Helper()
	m := withErrata(t, newSigner(t))
	files := map[string][]byte{}
	for name, write := range map[string]func(*bytes.Buffer) error{
		"monitoring": func(b *bytes.Buffer) error { return m.Write(b, f, p, time.Time{}) },
		"tables":     func(b *bytes.Buffer) error { return allTables(t).Write(b, f, p, time.Time{}) },
		"annual": func(b *bytes.Buffer) error {
			return Annual{Year: 2026, Halves: []Monitoring{m}}.Write(b, f, p, time.Time{})
		},
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(name, err)
		}
		files[name] = b.Bytes()
	}
	return files
}

// Each text stands in both languages, whichever comes first.
func TestTextsStandSideBySideInBothLanguages(t *testing.T) {
	want := sample().Rows[0]
	for _, lang := range bilingual.Langs {
		p := catalogues.Beside(lang)
		for name, file := range inBothLanguages(t, DOCX, p) {
			w, err := document.ReadDOCX(file)
			if err != nil {
				t.Fatal(err)
			}
			all := strings.Join(w.Paragraphs, "\n")
			for _, table := range w.Tables {
				for _, row := range table {
					all += "\n" + strings.Join(row, "\n")
				}
			}
			for _, l := range bilingual.Langs {
				for _, text := range []string{want.Objective.In(l), want.Target.In(l), catalogues.In(l).Status(want.Now.Status), catalogues.In(l).T("export.target")} {
					if !strings.Contains(dense(all), dense(text)) {
						t.Errorf("%s DOCX, %s first: no %q", name, lang, text)
					}
				}
			}
		}
		for name, file := range inBothLanguages(t, XLSX, p) {
			book, err := document.ReadXLSX(file)
			if err != nil {
				t.Fatal(err)
			}
			found := false
			for _, s := range book.Sheets {
				for _, row := range s.Rows {
					cells := strings.Join(row, "|")
					found = found || strings.Contains(cells, want.Target.NL) && strings.Contains(cells, want.Target.FR)
				}
			}
			if !found {
				t.Errorf("%s XLSX, %s first: no row in both languages", name, lang)
			}
		}
		for name, file := range inBothLanguages(t, PDF, p) {
			if text := printed(t, file); !strings.Contains(text, dense(want.Target.NL)) || !strings.Contains(text, dense(want.Target.FR)) {
				t.Errorf("%s PDF, %s first: not in both", name, lang)
			}
		}
	}
}

// A file in both languages is checked as any other.
func TestAFileInBothLanguagesIsIntact(t *testing.T) {
	s := newSigner(t)
	m := withErrata(t, s)
	for _, f := range []Format{XLSX, DOCX, PDF} {
		var b bytes.Buffer
		if err := m.Write(&b, f, catalogues.Beside(bilingual.FR), time.Time{}); err != nil {
			t.Fatal(err)
		}
		if c := Verify(b.Bytes(), []monitoring.PublicKey{s.Public()}, catalogues); c.Outcome != monitoring.Intact {
			t.Errorf("%s: %s %+v", f, c.Outcome, c.Changes)
		}
	}
	if name := m.FileName(PDF, catalogues.Beside(bilingual.FR)); !strings.HasSuffix(name, ".fr-nl.pdf") {
		t.Error(name)
	}
}

// What is said after the seal stands in every document that shows the table.
func TestErrataStandInEveryDocument(t *testing.T) {
	m := withErrata(t, newSigner(t))
	for _, f := range []Format{XLSX, DOCX} {
		for name, file := range inBothLanguages(t, f, catalogues.In(bilingual.NL)) {
			all := ""
			if f == DOCX {
				w, err := document.ReadDOCX(file)
				if err != nil {
					t.Fatal(err)
				}
				for _, table := range w.Tables {
					for _, row := range table {
						all += strings.Join(row, "\n")
					}
				}
			} else {
				book, err := document.ReadXLSX(file)
				if err != nil {
					t.Fatal(err)
				}
				for _, s := range book.Sheets {
					for _, row := range s.Rows {
						all += strings.Join(row, "\n")
					}
				}
			}
			for _, e := range m.Errata {
				if !strings.Contains(all, e.Text) || !strings.Contains(all, e.Reason) {
					t.Errorf("%s %s: no erratum %d", name, f, e.Number)
				}
			}
		}
	}
	if csv := string(writeTables(t, allTables(t), CSV, bilingual.FR)); !strings.Contains(csv, m.Errata[0].Reason) {
		t.Error("all tables, CSV: no errata")
	}
}

// A sealed file that was written before labels stood in both languages is still intact.
func TestFilesOfTheLayoutBeforeStayIntact(t *testing.T) {
	s := newSigner(t)
	m := sealedBy(t, s, noted())
	for name, written := range map[string]int{"the layout before": 2, "the present one": 0} {
		m.written = written
		for _, f := range []Format{XLSX, DOCX, PDF} {
			var b bytes.Buffer
			if err := m.Write(&b, f, catalogues.Beside(bilingual.NL), time.Now()); err != nil {
				t.Fatal(err)
			}
			c := Verify(b.Bytes(), nil, catalogues)
			if c.Outcome != monitoring.Intact {
				t.Errorf("%s, %s: %s %v", name, f, c.Outcome, c.Changes)
			}
			if f != DOCX {
				continue
			}
			words, err := document.ReadDOCX(b.Bytes())
			if err != nil {
				t.Fatal(err)
			}
			if said := strings.Join(words.Paragraphs, "\n"); strings.Contains(said, "Vragen uit eerdere semesters / Questions des semestres") == (written == 2) {
				t.Errorf("%s: %s", name, said)
			}
		}
	}
}

// What is not checked by being drawn again says all of its own words in both
// languages: the number of the page, what was reported, what was not there yet.
func TestEveryWordOfADocumentInBothLanguagesStandsInBoth(t *testing.T) {
	m := withErrata(t, newSigner(t))
	before := m
	before.Table.Period = m.Table.Period.Previous()
	before.Table.Rows = m.Table.Rows[1:] // the first target came later
	annual, errata := Annual{Year: 2026, Halves: []Monitoring{before, m}}, ErrataOf(m)
	for name, write := range map[string]func(*bytes.Buffer, Format, *locale.Printer) error{
		"annual": func(b *bytes.Buffer, f Format, p *locale.Printer) error { return annual.Write(b, f, p, time.Time{}) },
		"errata": func(b *bytes.Buffer, f Format, p *locale.Printer) error { return errata.Write(b, f, p, time.Time{}) },
	} {
		for _, lang := range bilingual.Langs {
			p := catalogues.Beside(lang)
			text := ""
			for _, f := range []Format{DOCX, PDF} {
				var b bytes.Buffer
				if err := write(&b, f, p); err != nil {
					t.Fatal(err)
				}
				if f == PDF {
					text += printed(t, b.Bytes())
				} else {
					text += dense(dumpDOCX(t, b.Bytes()))
				}
			}
			for _, l := range bilingual.Langs {
				words := []string{catalogues.In(l).T("export.page", "Page", 1, "Pages", "")}
				if name == "annual" {
					_, reported, owed := m.Table.Counts()
					words = append(words, catalogues.In(l).T("annual.not_there"), catalogues.In(l).T("export.reported_of", "Reported", reported, "Owed", owed), catalogues.In(l).HalfYear(before.Table.Period))
				}
				for _, w := range words {
					if !strings.Contains(text, dense(w)) {
						t.Errorf("%s, %s first: no %q", name, lang, w)
					}
				}
			}
		}
	}
}
