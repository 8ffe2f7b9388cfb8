package valuelist

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"

	"jalon/internal/indicator"
)

var (
	plain = indicator.Indicator{Definition: indicator.Definition{Origin: indicator.Measured}}
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
		"Dutch, semicolons":      {"Datum;Waarde;Toelichting\n30/06/2026;12,5;goed\n\n31-12-2026;1.234,5", plain, "2026-06-30 12.5 goed\n2026-12-31 1234.5\n"},
		"French, tabs":           {"Valeur\tDate\n1\u00a0234,5\t30/06/2026\n", plain, "2026-06-30 1234.5\n"},
		"without headings":       {"30/06/2026\t7\n", plain, "2026-06-30 7\n"},
		"commas":                 {"date,value\n2026-06-30,12.5\n", plain, "2026-06-30 12.5\n"},
		"an ambiguous number":    {"datum;waarde\n30/06/2026;1.234\n", plain, "2026-06-30 !ambiguous@B2\n"},
		"no number, no day":      {"datum;waarde\nmorgen;veel\n", plain, " !date@A2 !number@B2\n"},
		"a day twice":            {"datum;waarde\n30/06/2026;1\n30/06/2026;2\n", plain, "2026-06-30 1\n2026-06-30 2 !twice@A3\n"},
		"a share":                {"datum;teller;noemer;personen\n30/06/2026;7;90;30\n31/12/2026;7;0;\n", share, "2026-06-30 7 90\n2026-12-31 7 0 !denominator@C3 !missing@D3\n"},
		"a share without people": {"30/06/2026;7;90\n", share, "2026-06-30 7 90 !missing@1\n"},
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
	if want := "2026-06-30 1.234\n2026-12-31 !ambiguous@B3\n2026-03-31 0.3\n"; err != nil || told(rows) != want {
		t.Errorf("%v\n%swant\n%s", err, told(rows), want)
	}
}

func TestWhatIsNoList(t *testing.T) {
	for want, c := range map[string]struct{ name, text string }{
		"nothing": {"x.csv", " \n"}, "no_header": {"x.csv", "Beste,\nzie bijlage"}, "unsupported": {"x.pdf", "%PDF"}, "too_large": {"x.csv", strings.Repeat("a", MaxFile+1)},
		"too_many": {"x.csv", "datum;waarde\n" + strings.Repeat("x;1\n", MaxRows+1)},
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
