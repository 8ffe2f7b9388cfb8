package report

import (
	"bytes"
	"errors"
	"iter"
	"strings"
	"testing"
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/document"
	"jalon/internal/locale"
	"jalon/internal/monitoring"
)

func allTables(t testing.TB) Tables {
	t.Helper()
	second := sample()
	second.Mandate.Code, second.Holder = "ACTIRIS-A5-X", monitoring.Holder{}
	second.Rows = second.Rows[:4]
	m := withErrata(t, newSigner(t))
	return Tables{
		Institution: m.Table.Institution, Body: m.Table.Body, Period: calendar.HalfYear{Year: 2026, Half: 1},
		Tables: []Monitoring{m, Draft(second)},
	}
}

func writeTables(t testing.TB, all Tables, f Format, lang bilingual.Lang) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := all.Write(&b, f, catalogues.In(lang), time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAllTablesOfABodyStandInOneDocument(t *testing.T) {
	all := allTables(t)
	seal := all.Tables[0].Seal
	for _, lang := range bilingual.Langs {
		golden(t, "tables."+string(lang)+".docx.txt", steady(dumpDOCX(t, writeTables(t, all, DOCX, lang)), seal))
		golden(t, "tables."+string(lang)+".xlsx.txt", steady(dump(t, writeTables(t, all, XLSX, lang)), seal))
		golden(t, "tables."+string(lang)+".csv", steady(string(writeTables(t, all, CSV, lang)), seal))
		if pdf := writeTables(t, all, PDF, lang); !bytes.HasPrefix(pdf, []byte("%PDF-")) {
			t.Error("no PDF")
		}
	}
	w, err := document.ReadDOCX(writeTables(t, all, DOCX, bilingual.NL))
	if err != nil {
		t.Fatal(err)
	}
	summary := w.Tables[1]
	if got := summary[len(summary)-1]; got[0] != "Alle mandaten samen" || got[3] != "7 van 10" {
		t.Errorf("the sum is %q", got)
	}
	if text := string(writeTables(t, all, JSON, bilingual.NL)); strings.Count(text, `"document"`) < 2 || !strings.Contains(text, TablesSchema) {
		t.Errorf("JSON: %.300s", text)
	}
}

func oneByOne(tables []Monitoring, fails error) iter.Seq2[Monitoring, error] {
	return func(yield func(Monitoring, error) bool) {
		for _, m := range tables {
			if !yield(m, nil) {
				return
			}
		}
		if fails != nil {
			yield(Monitoring{}, fails)
		}
	}
}

// Tables that are read while they are written give the bytes of those that were
// all read before: with errata and without, in one language and in both.
func TestTablesOneByOneAreTheSameCSV(t *testing.T) {
	all := allTables(t)
	drafts := all
	drafts.Tables = all.Tables[1:]
	none := all
	none.Tables = nil
	for name, of := range map[string]struct {
		tables    Tables
		corrected bool
	}{"with errata": {all, true}, "without errata": {drafts, false}, "none": {none, false}} {
		for _, p := range []*locale.Printer{catalogues.In(bilingual.NL), catalogues.In(bilingual.FR), catalogues.Beside(bilingual.FR)} {
			var got bytes.Buffer
			if err := WriteTablesCSV(&got, oneByOne(of.tables.Tables, nil), of.corrected, p); err != nil {
				t.Fatal(err)
			}
			if want := writeTablesFor(t, of.tables, CSV, p); !bytes.Equal(got.Bytes(), want) {
				t.Errorf("%s, %s: got\n%s\nwant\n%s", name, language(p), got.Bytes(), want)
			}
		}
	}
}

func TestATableThatCannotBeReadEndsTheCSV(t *testing.T) {
	broken := errors.New("broken")
	err := WriteTablesCSV(&bytes.Buffer{}, oneByOne(allTables(t).Tables, broken), true, catalogues.In(bilingual.NL))
	if !errors.Is(err, broken) {
		t.Errorf("got %v, want that it is broken", err)
	}
}

// The rows of the first tables are written before the last table is read: so
// only one table at a time needs to be in the memory.
func TestTablesOneByOneAreWrittenWhileTheyAreRead(t *testing.T) {
	var written bytes.Buffer
	one, before := Draft(sample()), -1
	tables := func(yield func(Monitoring, error) bool) {
		for range 50 {
			before = bytes.Count(written.Bytes(), []byte(one.Table.Mandate.Code))
			if !yield(one, nil) {
				return
			}
		}
	}
	if err := WriteTablesCSV(&written, tables, false, catalogues.In(bilingual.NL)); err != nil {
		t.Fatal(err)
	}
	if rows := len(one.Table.Rows); before < 45*rows {
		t.Errorf("when the last of 50 tables was read, %d rows of %d were written", before, 50*rows)
	}
}
