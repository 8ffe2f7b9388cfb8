package letter

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

func workbook(t *testing.T, rows [][]any, formulas map[string]string) []byte {
	t.Helper()
	f := excelize.NewFile()
	for i, row := range rows {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err == nil {
			err = f.SetSheetRow("Sheet1", cell, &row)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for cell, formula := range formulas {
		if err := f.SetCellFormula("Sheet1", cell, formula); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestWorkbooksReadAsLetters takes a table with a column per label, and a
// sheet into which the letter was pasted.
func TestWorkbooksReadAsLetters(t *testing.T) {
	want := map[string]string{
		"S1": "Opdrachten uitvoeren", "S1.1": "Vertalen", "S1.1-1": "controleren", "S1.1-1/deadline": "doorlopend",
		"S1.1-2": "bijsturen", "S1.1-2/deadline": "2025", "S1.2": "Identificeren", "S1.2-1": "opvolgen", "S1.2-1/deadline": "doorlopend",
	}
	for name, rows := range map[string][][]any{
		"table": {
			{"Overzicht"},
			{"SD nr.", "Meetpunt", "Te bereiken streefwaarde", "Tijdschema"},
			{"1: Opdrachten uitvoeren", "1.1: Vertalen", "controleren", "doorlopend"},
			{"1: Opdrachten uitvoeren", "1.1: Vertalen", "bijsturen", 2025},
			{"", "1.2: Identificeren", "opvolgen", "doorlopend"},
		},
		"pasted": {
			{"SD nr. 1: Opdrachten uitvoeren"},
			{"Meetpunt 1.1: Vertalen"},
			{"Te bereiken streefwaarde:", "controleren"},
			{"Tijdschema: doorlopend"},
			{"Te bereiken streefwaarde: bijsturen"},
			{"Tijdschema: 2025"},
			{},
			{"Meetpunt 1.2: Identificeren"},
			{"Te bereiken streefwaarde: opvolgen"},
			{"Tijdschema: doorlopend"},
		},
	} {
		r, err := Load("letter.xlsx", workbook(t, rows, nil), Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := map[string]string{}
		for _, kt := range r.Texts() {
			if kt.Text.NL != "" {
				got[kt.Key] = kt.Text.NL
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestFormulaCellsAreNamed(t *testing.T) {
	rows := [][]any{{"SD nr. 1: Doel"}, {"Meetpunt 1.1: Punt"}, {"Tijdschema: x"}}
	r, err := Load("letter.xlsx", workbook(t, rows, map[string]string{"A3": `="Tijdschema: "&"2025"`}), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Findings {
		if f.Code == FormulaCell && f.Args["Cell"] == "Sheet1!A3" {
			return
		}
	}
	t.Errorf("no finding names the formula: %v", r.Findings)
}
