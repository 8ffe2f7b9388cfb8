package report

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/document"
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
