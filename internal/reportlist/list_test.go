package reportlist_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"jalon/internal/intake"
	"jalon/internal/mandate"
	"jalon/internal/progress"
	"jalon/internal/reportlist"
)

func code(s string) mandate.Code {
	c, err := mandate.ParseCode(s)
	if err != nil {
		panic(err)
	}
	return c
}

var options = reportlist.Options{
	Targets:  []mandate.Code{code("S1.1-1"), code("S1.2-1"), code("S3.2-1"), code("T4.3-2")},
	Statuses: map[string]progress.Status{"Op schema": progress.OnTrack, "En bonne voie": progress.OnTrack, "Aandachtspunt": progress.Attention, "Niets te melden": progress.NothingToReport, "Rien à signaler": progress.NothingToReport},
	Headings: map[string]string{"Code": "code", "Status": "status", "Statut": "status", "Verwezenlijkt": "achieved", "Réalisé": "achieved", "Tegen wanneer?": "support_by", "Percentage": "percentage", "Buiten de macht": "outside", "Hindernissen": "obstacles"},
	Yes:      []string{"ja", "oui"}, No: []string{"nee", "non"}, Form: "M1 2026-H2",
}

func TestCodesAreUnderstoodInBothLanguages(t *testing.T) {
	for typed, want := range map[string]string{
		"SD3.2-1": "S3.2-1", "OS3.2-1": "S3.2-1", "S3.2-1": "S3.2-1", "td4.3-2": "T4.3-2", "OT4.3–2": "T4.3-2", " SD 3.2 - 1 ": "S3.2-1",
		"T4.3-02": "T4.3-2", "SD3.2": "", "X3.2-1": "", "": "", "S0.1-1": "", "SD3.2-1-1": "", "SD3.2-1000": "",
	} {
		got, ok := reportlist.ReadCode(typed)
		if ok != (want != "") || ok && got.String() != want {
			t.Errorf("%q: %v %t, want %q", typed, got, ok, want)
		}
	}
}

func TestAQuotedCellKeepsItsLineFeeds(t *testing.T) {
	text := "SD1.1-1\tOp schema\t\"Eerste regel\r\nmet \"\"aanhaling\"\"\tén tab\"\r\nOS1.2-1\tEn bonne voie\t\"open maar niet dicht\r\n"
	want := [][]string{{"SD1.1-1", "Op schema", "Eerste regel\nmet \"aanhaling\"\tén tab"}, {"OS1.2-1", "En bonne voie", "\"open maar niet dicht"}}
	if diff := cmp.Diff(want, reportlist.Cells(text)); diff != "" {
		t.Error(diff)
	}
}

func TestPastedRowsBecomeFields(t *testing.T) {
	rows, err := reportlist.ReadPasted("SD1.1-1\tOp schema\tPlan gemaakt\tTraag\tVerder\nOT4.3-2\trien a signaler\tGeen dossier\nS1.2-1\t2\t", options)
	if err != nil {
		t.Fatal(err)
	}
	want := []map[string]string{
		{"status": "on_track", "achieved": "Plan gemaakt", "obstacles": "Traag", "next_steps": "Verder"},
		{"status": "nothing_to_report", "reason": "Geen dossier"},
		{"status": "attention"},
	}
	for i, r := range rows {
		if diff := cmp.Diff(want[i], r.Fields); diff != "" || !r.Sound() {
			t.Errorf("row %d: %v\n%s", i, r.Findings, diff)
		}
	}
}

func TestWhatIsWrongIsToldByCell(t *testing.T) {
	rows, err := reportlist.ReadPasted("Code\tVerwezenlijkt\tStatut\tTegen wanneer?\tPercentage\tBuiten de macht\n"+
		"SD9.9-9\tx\n"+"SD1.1-1\tx\tprima\t31/02/2027\tveel\tmisschien\n"+"OS1.1-1\ty\n"+"SD1.2-1\t"+strings.Repeat("é", progress.MaxNarrative+1)+"\nSD3.2-1\tx\x00y", options)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range rows {
		for _, f := range r.Findings {
			got = append(got, f.Cell+" "+f.Code)
		}
	}
	want := []string{"A2 code", "C3 status", "D3 date", "E3 number", "F3 mark", "A4 twice", "B5 long", "B6 signs"}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for text, refusal := range map[string]string{"": reportlist.Empty, "\n\n": reportlist.Empty, strings.Repeat("x", reportlist.MaxPaste+1): reportlist.TooLarge, strings.Repeat("S1.1-1\t1\n", reportlist.MaxRows+1): reportlist.TooManyRows} {
		var r *reportlist.Refusal
		if _, err := reportlist.ReadPasted(text, options); !errors.As(err, &r) || r.Code != refusal {
			t.Errorf("%d bytes: %v, want %s", len(text), err, refusal)
		}
	}
}

func TestAFormHandedOutBeforeItsColumnsWereRenamedIsStillRead(t *testing.T) {
	rows, err := reportlist.ReadPasted("Code\tBereikt\tHinder\nSD1.1-1\teen\ttwee", options)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"achieved": "een", "obstacles": "twee"}
	if len(rows) != 1 {
		t.Fatalf("%d rows, want 1", len(rows))
	}
	if diff := cmp.Diff(want, rows[0].Fields); diff != "" {
		t.Error(diff)
	}
}

func TestAPlanSaysWhatChanges(t *testing.T) {
	rows, err := reportlist.ReadPasted("S1.1-1\t1\tnieuw\nS1.2-1\t1\tstaat er al\nS3.2-1\t2\tandere woorden\nS8.8-8\t1", options)
	if err != nil {
		t.Fatal(err)
	}
	now := map[mandate.Code]map[string]string{
		code("S1.2-1"): {"status": "on_track", "achieved": "staat er al", "next_steps": "blijft"},
		code("S3.2-1"): {"status": "on_track", "achieved": "oude woorden", "next_steps": "blijft"},
	}
	plan := reportlist.Compare(rows, now)
	for i, want := range []reportlist.State{reportlist.New, reportlist.Same, reportlist.Changed, reportlist.Wrong} {
		if plan[i].State != want {
			t.Errorf("row %d is %s, want %s", i, plan[i].State, want)
		}
	}
	if diff := cmp.Diff(map[string]string{"status": "attention", "achieved": "andere woorden", "next_steps": "blijft"}, plan[2].After); diff != "" {
		t.Error(diff)
	}
	seen := plan.Fingerprint()
	now[code("S3.2-1")]["obstacles"] = "bijgekomen"
	if reportlist.Compare(rows, now).Fingerprint() == seen {
		t.Error("the plan looks the same though the report has changed")
	}
}

func form(rows ...[]string) reportlist.Form {
	return reportlist.Form{
		Mark: options.Form, Title: "Rapport", Hint: []string{"Vul in."}, Sheet: "Rapport", Lang: "nl-BE", Statuses: []string{"Op schema", "Aandachtspunt"},
		Columns: []reportlist.FormColumn{{Title: "Code", Width: 10, Field: "code"}, {Title: "Streefwaarde", Width: 40}, {Title: "Status", Width: 12, Field: "status"}, {Title: "Verwezenlijkt", Width: 30, Field: "achieved"}, {Title: "Tegen wanneer?", Width: 12, Field: "support_by"}},
		Rows:    rows,
	}
}

// A person reads in a cell what the program shows of it: 50 % is kept as 0.5,
// and 1.234 is a number, whatever a point may mean among words.
func TestNumbersOfAWorkbookAreThoseThatAreShown(t *testing.T) {
	book := excelize.NewFile()
	defer book.Close()
	style, err := book.NewStyle(&excelize.Style{NumFmt: 9})
	if err != nil {
		t.Fatal(err)
	}
	for at, v := range map[string]any{
		"A1": "code", "B1": "status", "C1": "percentage", "D1": "value", "A2": "S1.1-1", "B2": 1, "C2": 0.5, "D2": 1.234, "A3": "S1.2-1", "B3": 1, "C3": 12.5, "D3": 0.1 + 0.2, "A4": "S3.2-1", "B4": 1, "C4": "75 %", "D4": "1.234",
		"A5": "T4.3-2", "B5": 1, "D5": 46143, // typed as 1-5, of which the program made 1 May
	} {
		if err := book.SetCellValue("Sheet1", at, v); err != nil {
			t.Fatal(err)
		}
	}
	dated, err := book.NewStyle(&excelize.Style{NumFmt: 16})
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := errors.Join(book.SetCellStyle("Sheet1", "C2", "C2", style), book.SetCellStyle("Sheet1", "D5", "D5", dated), book.Write(&file)); err != nil {
		t.Fatal(err)
	}
	rows, err := reportlist.ReadWorkbook(file.Bytes(), options)
	if err != nil || len(rows) != 4 {
		t.Fatal(rows, err)
	}
	for i, want := range []map[string]string{{"percentage": "50", "value": "1,234"}, {"percentage": "12,5", "value": "0,3"}, {"percentage": "75 %", "value": "1.234"}} {
		got := map[string]string{}
		for _, field := range []string{"percentage", "value"} {
			if text, ok := rows[i].Fields[field]; ok {
				got[field] = text
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("row %d (-want +got):\n%s", i+2, diff)
		}
	}
	if len(rows[2].Findings) != 1 || rows[2].Findings[0].Cell != "Sheet1!D4" {
		t.Errorf("words with a point that can mean two things: %v", rows[2].Findings)
	}
	if len(rows[3].Findings) != 1 || rows[3].Findings[0].Cell != "Sheet1!D5" || rows[3].Findings[0].Text != "01/05/2026" {
		t.Errorf("a number that became a day: %v", rows[3].Findings)
	}
}

func TestTheFormComesBackAsItWasFilledIn(t *testing.T) {
	var file bytes.Buffer
	if err := reportlist.Write(&file, form([]string{"SD1.1-1", "=1+1", "", "", ""}, []string{"SD1.2-1", "Doel", "Op schema", "Staat er", ""})); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&file)
	if err != nil {
		t.Fatal(err)
	}
	if v, _ := book.GetDataValidations("Rapport"); len(v) != 1 || v[0].Sqref != "C4:C5" {
		t.Errorf("validations %+v", v)
	}
	if formula, _ := book.GetCellFormula("Rapport", "B4"); formula != "" {
		t.Errorf("a wording became the formula %q", formula)
	}
	_ = book.SetCellStr("Rapport", "C4", "Aandachtspunt")
	_ = book.SetCellStr("Rapport", "D4", "Eerste\nTweede")
	_ = book.SetCellValue("Rapport", "E4", 46477) // 31/03/2027
	_ = book.SetCellStr("Rapport", "C5", "onbekend")
	var filled bytes.Buffer
	if err := book.Write(&filled); err != nil {
		t.Fatal(err)
	}
	rows, err := reportlist.ReadWorkbook(filled.Bytes(), options)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"status": "attention", "achieved": "Eerste\nTweede", "support_by": "31/03/2027"}, rows[0].Fields); diff != "" {
		t.Error(diff)
	}
	if f := rows[1].Findings; len(f) != 1 || f[0].Cell != "Rapport!C5" || f[0].Code != reportlist.WrongStatus {
		t.Errorf("findings %+v", f)
	}
	other := options
	other.Form = "M2 2026-H2"
	var own *reportlist.Refusal
	if _, err := reportlist.ReadWorkbook(filled.Bytes(), other); !errors.As(err, &own) || own.Code != reportlist.OtherForm {
		t.Errorf("the form of another mandate: %v", err)
	}
	var refusal *intake.Refusal
	if _, err := reportlist.ReadWorkbook([]byte("PK\x03\x04 no book"), options); !errors.As(err, &refusal) {
		t.Errorf("no workbook: %v", err)
	}
}

// What a spreadsheet copies is what is read, whatever stands in the cells.
func TestCopiedCellsComeBack(t *testing.T) {
	cell := rapid.StringMatching(`[a-z" \n\t;é]{0,8}`)
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(rapid.SliceOfN(cell, 2, 4), 1, 4).Draw(t, "rows")
		var lines []string
		for _, row := range rows {
			var cells []string
			for _, c := range row {
				if strings.ContainsAny(c, "\"\n\t") {
					c = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
				}
				cells = append(cells, c)
			}
			lines = append(lines, strings.Join(cells, "\t"))
		}
		if diff := cmp.Diff(rows, reportlist.Cells(strings.Join(lines, "\r\n")+"\r\n")); diff != "" {
			t.Fatal(diff)
		}
	})
}

func FuzzReadPasted(f *testing.F) {
	f.Add("SD1.1-1\tOp schema\t\"a\nb\"")
	f.Add("Code\tStatus\nOS1.2-1\t1")
	f.Add("\"\t\"\"\n\"")
	f.Fuzz(func(t *testing.T, text string) {
		rows, err := reportlist.ReadPasted(text, options)
		if err != nil {
			var r *reportlist.Refusal
			if !errors.As(err, &r) {
				t.Fatalf("%v is no refusal", err)
			}
			return
		}
		for _, r := range rows {
			if r.Sound() && (!slices.Contains(options.Targets, r.Code) || len(r.Fields) == 0) {
				t.Errorf("a sound row says nothing of no target: %+v", r)
			}
			for field, value := range r.Fields {
				if !utf8.ValidString(value) || value == "" || !slices.Contains(reportlist.Fields, field) {
					t.Errorf("%s: %q", field, value)
				}
			}
		}
	})
}
