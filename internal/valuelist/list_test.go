package valuelist

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"

	"jalon/internal/bilingual"
	"jalon/internal/indicator"
)

var (
	plain = indicator.Indicator{Definition: indicator.Definition{Origin: indicator.Measured}}
	group = indicator.Indicator{MinGroup: 5, Definition: indicator.Definition{Origin: indicator.Measured}}
	share = indicator.Indicator{MinGroup: 10, Definition: indicator.Definition{Origin: indicator.Measured, Per: 100}}
)

// told writes rows as a test wants them.
func told(rows []Row) string {
	var b strings.Builder
	for _, r := range rows {
		b.WriteString(r.On.String())
		for _, n := range []*decimal.Decimal{r.Value, r.Numerator, r.Denominator} {
			if n != nil {
				b.WriteString(" " + n.String())
			}
		}
		if r.People != 0 {
			b.WriteString(" of " + strconv.Itoa(r.People))
		}
		if r.Note != "" {
			b.WriteString(" " + r.Note)
		}
		for _, f := range r.Findings {
			b.WriteString(" !" + f.Key + "@" + f.Cell)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestListsAsPeopleMakeThem(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		of   indicator.Indicator
		want string
	}{
		"Dutch, semicolons":                   {"Datum;Waarde;Toelichting\n30/06/2026;12,5;goed\n\n31-12-2026;1.234,5", plain, "2026-06-30 12.5 goed\n2026-12-31 1234.5\n"},
		"French, tabs":                        {"Valeur\tDate\n1\u00a0234,5\t30/06/2026\n", plain, "2026-06-30 1234.5\n"},
		"without headings":                    {"30/06/2026\t7\n", plain, "2026-06-30 7\n"},
		"commas":                              {"date,value\n2026-06-30,12.5\n", plain, "2026-06-30 12.5\n"},
		"a number of 31 digits":               {"datum;waarde\n30/06/2026;" + strings.Repeat("9", 31) + "\n", plain, "2026-06-30 !long@B2\n"},
		"an ambiguous number":                 {"datum;waarde\n30/06/2026;1.234\n", plain, "2026-06-30 !ambiguous@B2\n"},
		"no number, no day":                   {"datum;waarde\nmorgen;veel\n", plain, " !date@A2 !number@B2\n"},
		"a day twice":                         {"datum;waarde\n30/06/2026;1\n30/06/2026;2\n", plain, "2026-06-30 1\n2026-06-30 2 !twice@A3\n"},
		"a share":                             {"datum;teller;noemer;personen\n30/06/2026;7;90;30\n31/12/2026;7;0;\n", share, "2026-06-30 7 90 of 30\n2026-12-31 7 0 !denominator@C3 !missing@D3\n"},
		"a share without people":              {"30/06/2026;7;90\n", share, "2026-06-30 7 90 !missing@D1\n"},
		"a decimal comma among commas":        {"30/06/2026,12,5\n31/03/2026,7\n", plain, "2026-06-30 12 5 !comma@B1\n2026-03-31 7\n"},
		"a decimal comma beside a heading":    {"datum,waarde\n30/06/2026,12,5\n", plain, "2026-06-30 12 !surplus@C2\n"},
		"a decimal comma before people":       {"30/06/2026,12,5\n31/12/2026,12.5,25\n", group, "2026-06-30 12 of 5 !comma@B1\n2026-12-31 12.5 of 25\n"},
		"people in a column with a name":      {"datum,waarde,personen\n30/06/2026,12,5\n", group, "2026-06-30 12 of 5\n"},
		"people between semicolons":           {"30/06/2026;12;5\n", group, "2026-06-30 12 of 5\n"},
		"a decimal comma in quotes":           {"datum,waarde,toelichting\n30/06/2026,\"12,5\",goed\n", plain, "2026-06-30 12.5 goed\n"},
		"a share of decimals among commas":    {"30/06/2026,12,5,40,0\n", share, "2026-06-30 12 5 of 40 0 !comma@B1\n"},
		"a note of digits between semicolons": {"30/06/2026;12;5\n", plain, "2026-06-30 12 5\n"},
		"more cells than columns":             {"30/06/2026;12;goed;13;\n", plain, "2026-06-30 12 goed !surplus@D1\n"},
		"empty cells behind the last column":  {"datum;waarde\n30/06/2026;12;;\n", plain, "2026-06-30 12\n"},
		"a column that is not asked for":      {"datum;regio;waarde\n30/06/2026;Brussel;12\n", plain, "2026-06-30 12\n"},
		"no column with people":               {"datum;teller;noemer\n30/06/2026;7;90\n", share, "2026-06-30 7 90 !missing_column@2\n"},
	} {
		rows, err := Read("x.csv", []byte(c.text), c.of)
		if got := told(rows); err != nil || got != c.want {
			t.Errorf("%s: %v\n%swant\n%s", name, err, got, c.want)
		}
	}
}

// A number in a workbook is a number: only words are asked about.
func TestAWorkbookHoldsNumbersAndDays(t *testing.T) {
	book := excelize.NewFile()
	for at, v := range map[string]any{
		"A1": "Datum", "B1": "Waarde", "A2": time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC), "B2": 1.234, "A3": "31/12/2026", "B3": "1.234", "A4": "31/03/2026", "B4": 0.1 + 0.2,
		"A5": "30/09/2026", "B5": math.Pow10(30),
	} {
		if err := book.SetCellValue("Sheet1", at, v); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	rows, err := Read("x.xlsx", b.Bytes(), plain)
	if want := "2026-06-30 1.234\n2026-12-31 !ambiguous@B3\n2026-03-31 0.3\n2026-09-30 !long@B5\n"; err != nil || told(rows) != want {
		t.Errorf("%v\n%swant\n%s", err, told(rows), want)
	}
}

// A person reads in a cell what the program shows of it.
func TestAPercentageInAWorkbookIsTheOneThatIsShown(t *testing.T) {
	book := excelize.NewFile()
	defer book.Close()
	formats := []*excelize.Style{{NumFmt: 9}, {NumFmt: 10}, {CustomNumFmt: ptr("0.0\\ %")}, {CustomNumFmt: ptr(`0.0" %"`)}, {NumFmt: 2}}
	for i, format := range formats {
		style, err := book.NewStyle(format)
		if err != nil {
			t.Fatal(err)
		}
		row := strconv.Itoa(i + 1)
		day := time.Date(2026, 6, 1+i, 0, 0, 0, 0, time.UTC)
		if err := errors.Join(book.SetCellValue("Sheet1", "A"+row, day), book.SetCellValue("Sheet1", "B"+row, 0.125), book.SetCellStyle("Sheet1", "B"+row, "B"+row, style)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(book.SetCellValue("Sheet1", "A6", "06/06/2026"), book.SetCellValue("Sheet1", "B6", true)); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	minutes := plain
	minutes.Unit = bilingual.Text{NL: "minuten", FR: "minutes"}
	rows, err := Read("x.xlsx", b.Bytes(), minutes)
	want := "2026-06-01 12.5 !percent@B1\n2026-06-02 12.5 !percent@B2\n2026-06-03 12.5 !percent@B3\n2026-06-04 0.125\n2026-06-05 0.125\n2026-06-06 !number@B6\n"
	if err != nil || told(rows) != want {
		t.Errorf("of minutes: %v\n%swant\n%s", err, told(rows), want)
	}
	rows, err = Read("x.xlsx", b.Bytes(), plain)
	want = "2026-06-01 12.5\n2026-06-02 12.5\n2026-06-03 12.5\n2026-06-04 0.125\n2026-06-05 0.125\n2026-06-06 !number@B6\n"
	if err != nil || told(rows) != want {
		t.Errorf("%v\n%swant\n%s", err, told(rows), want)
	}
}

// What a formula makes as words is words: "1.234" may have two meanings, and
// "46203" is no day. And where the program made a day of what was typed, such as
// "1.5", it holds the number of that day, which nobody meant.
func TestAWorkbookHoldsWordsOfFormulasAndDaysThatWereNumbers(t *testing.T) {
	book := excelize.NewFile()
	defer book.Close()
	dates := [2]int{}
	for i, format := range []*excelize.Style{{NumFmt: 14}, {CustomNumFmt: ptr(`[$-813]d\ mmm\ "jaar" yy`)}} {
		var err error
		if dates[i], err = book.NewStyle(format); err != nil {
			t.Fatal(err)
		}
	}
	for at, v := range map[string]any{
		"A1": "Datum", "B1": "Waarde", "A2": "30/06/2026", "A4": "31/03/2026", "B4": 46143, "A5": "30/09/2025", "B5": 46143.5, "A6": "30/06/2025", "B6": 46143, "B3": 5,
	} {
		if err := book.SetCellValue("Sheet1", at, v); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(
		book.SetCellFormula("Sheet1", "B2", `TEXT(1234,"#.##0")`), book.SetCellFormula("Sheet1", "A3", `TEXT(46203,"0")`),
		book.SetCellStyle("Sheet1", "B4", "B4", dates[0]), book.SetCellStyle("Sheet1", "B5", "B5", dates[1]),
	); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	file := withResults(t, b.Bytes(), map[string]string{"B2": "1.234", "A3": "46203"})
	rows, err := Read("x.xlsx", file, plain)
	want := "2026-06-30 !ambiguous@B2\n 5 !date@A3\n2026-03-31 46143 !day@B4\n2025-09-30 46143.5 !day@B5\n2025-06-30 46143\n"
	if err != nil || told(rows) != want {
		t.Fatalf("%v\n%swant\n%s", err, told(rows), want)
	}
	if got := rows[2].Findings[0].Text; got != "01/05/2026" {
		t.Errorf("the day that took the place of a number is told as %q", got)
	}
}

// withResults puts the words that formulas gave into a workbook, as a spreadsheet
// program stores them beside the formula.
func withResults(t *testing.T, file []byte, results map[string]string) []byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	for _, part := range in.File {
		r, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if part.Name == "xl/worksheets/sheet1.xml" {
			for at, words := range results {
				cell := regexp.MustCompile(`(<c r="` + at + `"[^>]*t="str"[^>]*><f>[^<]*</f>)(<v></v>)?`)
				if !cell.Match(raw) {
					t.Fatalf("no formula at %s in %s", at, raw)
				}
				raw = cell.ReplaceAll(raw, []byte("${1}<v>"+words+"</v>"))
			}
		}
		w, err := out.Create(part.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(raw); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func ptr[T any](v T) *T { return &v }

func TestWhatIsNoList(t *testing.T) {
	for want, c := range map[string]struct{ name, text string }{
		"nothing": {"x.csv", " \n"}, "no_header": {"x.csv", "Beste,\nzie bijlage"}, "unsupported": {"x.pdf", "%PDF"}, "too_large": {"x.csv", strings.Repeat("a", MaxFile+1)},
		"named_twice": {"x.csv", "datum;waarde;valeur\n30/06/2026;1;2\n"},
		"too_many":    {"x.csv", "datum;waarde\n" + strings.Repeat("x;1\n", MaxRows+1)},
	} {
		var got *Refusal
		if _, err := Read(c.name, []byte(c.text), plain); !errors.As(err, &got) || got.Key != want {
			t.Errorf("%s: %v", want, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("Datum;Waarde\n30/06/2026;12,5\n")
	f.Add("30/06/2026\t\"1\n")
	f.Fuzz(func(t *testing.T, s string) {
		rows, err := Read("x.csv", []byte(s), share)
		for _, r := range rows {
			if err == nil && len(r.Findings) == 0 && (r.On.IsZero() || r.Numerator == nil || r.Denominator == nil || r.People <= 0) {
				t.Fatalf("a sound row that is not whole: %+v", r)
			}
		}
	})
}
