package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jalon/internal/bilingual"
	"jalon/internal/document"
	"jalon/internal/monitoring"
)

// several gives a sealed table and a draft with other rows.
func several(t testing.TB) Tables {
	t.Helper()
	draft := sample()
	draft.Mandate.Code, draft.Rows = "ACTIRIS-A5-X", draft.Rows[2:]
	return Tables{
		Institution: draft.Institution, Period: draft.Period, AsOf: draft.AsOf,
		List: []Monitoring{sealedBy(t, newSigner(t), sample()), Draft(draft)},
	}
}

func writeTables(t testing.TB, ts Tables, f Format, lang bilingual.Lang) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := ts.Write(&b, f, catalogues.In(lang), time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// summaryOf gives what the summary must say: code, counts, how many of how many.
func summaryOf(ts Tables, lang bilingual.Lang) (want [][]string) {
	p := catalogues.In(lang)
	for _, m := range ts.List {
		counts, reported, owed := m.Table.Counts()
		line := []string{m.Table.Mandate.Code}
		for _, s := range counted() {
			line = append(line, strconv.Itoa(counts[s]))
		}
		want = append(want, append(line, p.T("export.reported_of", "Reported", reported, "Owed", owed)))
	}
	return want
}

// shown reads a summary out of a file: the code, and what stands behind holder and number.
func shown(rows [][]string) (got [][]string) {
	for _, r := range rows {
		code, _, _ := strings.Cut(r[0], "\n")
		got = append(got, append([]string{code}, r[3:]...))
	}
	return got
}

func TestTheSummaryIsTheSameInEveryFormat(t *testing.T) {
	ts := several(t)
	for _, lang := range bilingual.Langs {
		want := summaryOf(ts, lang)
		book, err := document.ReadXLSX(writeTables(t, ts, XLSX, lang))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, shown(book.Sheets[0].Rows[1:])); diff != "" {
			t.Errorf("%s XLSX (-want +got):\n%s", lang, diff)
		}
		text, err := document.ReadDOCX(writeTables(t, ts, DOCX, lang))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, shown(text.Tables[1][1:])); diff != "" { // after the facts
			t.Errorf("%s DOCX (-want +got):\n%s", lang, diff)
		}
		if pdf, err := document.ReadPDF(writeTables(t, ts, PDF, lang)); err != nil || len(pdf.Pages) < 3 {
			t.Errorf("%s PDF: %d pages, %v", lang, len(pdf.Pages), err)
		}
	}
}

func TestSeveralTablesKeepEveryRowWithItsNumberAndHash(t *testing.T) {
	ts := several(t)
	seal := ts.List[0].Seal
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(writeTables(t, ts, CSV, bilingual.FR), []byte("\ufeff"))))
	r.Comma = ';'
	records, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	book, err := document.ReadXLSX(writeTables(t, ts, XLSX, bilingual.FR))
	if err != nil {
		t.Fatal(err)
	}
	want, got, cells := []string{}, []string{}, []string{}
	for _, m := range ts.List {
		for _, row := range m.Table.Rows {
			hash := ""
			if m.Seal != nil {
				hash = seal.SHA256
			}
			want = append(want, m.Table.Mandate.Code+" "+row.Code.Display(bilingual.FR)+" "+hash)
		}
	}
	for _, record := range records[1:] {
		got = append(got, record[0]+" "+record[2]+" "+record[len(record)-1])
	}
	for _, row := range book.Sheets[1].Rows[1:] {
		hash := ""
		if len(row) == len(records[0]) {
			hash = row[len(row)-1]
		}
		cells = append(cells, row[0]+" "+row[2]+" "+hash)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("CSV (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, cells); diff != "" {
		t.Errorf("XLSX (-want +got):\n%s", diff)
	}
}

// Each table inside the JSON file is one that can be checked by itself.
func TestTablesInAListStayVerifiable(t *testing.T) {
	ts := several(t)
	var file struct {
		Schema string            `json:"schema"`
		Tables []json.RawMessage `json:"tables"`
	}
	if err := json.Unmarshal(writeTables(t, ts, JSON, bilingual.NL), &file); err != nil {
		t.Fatal(err)
	}
	if file.Schema != TablesSchema || len(file.Tables) != len(ts.List) {
		t.Fatalf("%s with %d tables", file.Schema, len(file.Tables))
	}
	for i, want := range []monitoring.Outcome{monitoring.Intact, monitoring.NotSealed} {
		if c := Verify(file.Tables[i], nil, catalogues); c.Outcome != want {
			t.Errorf("table %d: %s, want %s", i, c.Outcome, want)
		}
	}
}
