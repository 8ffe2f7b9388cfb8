package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"jalon/internal/bilingual"
	"jalon/internal/intake"
	"jalon/internal/letter"
	"jalon/internal/locale"
)

const (
	dutchLetter  = "../../internal/letter/testdata/actiris-a4-eerste-lijn.nl.txt"
	frenchLetter = "../../internal/letter/testdata/actiris-a4-eerste-lijn.fr.txt"
)

func TestEveryFindingAndRefusalHasItsSentence(t *testing.T) {
	for _, lang := range bilingual.Langs {
		print := locale.MustLoad().In(lang)
		for _, code := range letter.FindingCodes {
			if key := (letter.Finding{Code: code}).Key(); !print.Has(key) {
				t.Errorf("%s: no %s", lang, key)
			}
		}
		for _, code := range slices.Concat(intake.RefusalCodes, letter.RefusalCodes) {
			if key := (&intake.Refusal{Code: code}).Key(); !print.Has(key) {
				t.Errorf("%s: no %s", lang, key)
			}
		}
	}
}

func TestDryRunPrintsTheAgreedJSON(t *testing.T) {
	var stdout bytes.Buffer
	out := &Output{Stdout: &stdout, Lang: bilingual.FR}
	cmd := ImportCmd{File: dutchLetter, DryRun: true, JSON: true}
	reading, err := cmd.Read(out)
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Show(out, reading); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Mandate struct {
			Title       map[string]string
			Rank        string
			Institution string
		}
		Objectives []struct {
			Code, Kind string
			Title      map[string]string
			Context    map[string]string
			Goals      []map[string]string
			Points     []struct {
				Code    string
				Text    map[string]string
				Targets []struct {
					Code     string
					Deadline struct {
						Text  map[string]string
						Parts []struct{ Reading, Kind, Date string }
					}
				}
			} `json:"measurement_points"`
			KPIs []struct{ Code string }
		}
		Findings []struct {
			Line                    int
			Severity, Code, Message string
		}
	}
	if err := json.Unmarshal(stdout.Bytes(), &got); err != nil {
		t.Fatalf("%v in %s", err, stdout.String())
	}
	if got.Mandate.Rank != "A4" || got.Mandate.Institution != "Actiris" || got.Mandate.Title["nl"] == "" || len(got.Objectives) != 8 {
		t.Errorf("mandate %+v with %d objectives", got.Mandate, len(got.Objectives))
	}
	s2, t5 := got.Objectives[1], got.Objectives[7]
	target := s2.Points[0].Targets[0]
	if s2.Code != "S2" || s2.Kind != "strategic" || target.Code != "S2.1-1" || target.Deadline.Text["nl"] != "2025" ||
		len(target.Deadline.Parts) != 1 || target.Deadline.Parts[0].Kind != "fixed" || target.Deadline.Parts[0].Date != "2025-12-31" {
		t.Errorf("S2 begins with %+v", target)
	}
	if t5.KPIs[0].Code != "T5-K1" || len(t5.Goals) != 2 || got.Objectives[3].Context["nl"] == "" {
		t.Errorf("T5 is %+v", t5)
	}
	for _, f := range got.Findings {
		if f.Line < 1 || f.Severity == "" || f.Message == "" || strings.ContainsAny(f.Message, "⟨{") || strings.Contains(f.Message, "<no value>") {
			t.Errorf("finding %+v", f)
		}
		if f.Code == "foreign_institution" && f.Line == 421 && f.Message != "«\u00a0Leefmilieu Brussel\u00a0» est cité, alors que l’institution du mandat est Actiris. Repris d’une autre lettre\u202f?" {
			t.Errorf("message %q", f.Message)
		}
	}
}

func TestDryRunShowsTheTree(t *testing.T) {
	for lang, want := range map[string][]string{
		"nl": {"Rang: A4", "meetpunten: 22 · streefwaarden: 28 · termijnen: 29", "  SD3.2  ", "      Termijn: 2025 → by 2025-12-31{y}", "  TD5-K1  ", "regel 421, let op: “Leefmilieu Brussel”"},
		"":   {"Rang\u00a0: A4", "points de mesure\u00a0: 22", "  OS3.2  ", "ligne 421, attention: «\u00a0Leefmilieu Brussel\u00a0»"},
	} {
		var stdout bytes.Buffer
		out := &Output{Stdout: &stdout, Lang: bilingual.FR}
		cmd := ImportCmd{File: dutchLetter, Lang: lang, DryRun: true}
		reading, err := cmd.Read(out)
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Show(out, reading); err != nil {
			t.Fatal(err)
		}
		for _, w := range want {
			if !strings.Contains(stdout.String(), w) {
				t.Errorf("--lang %q: no %q in\n%s", lang, w, stdout.String())
			}
		}
	}
}

func TestImportRefusesInOneSentence(t *testing.T) {
	dir := t.TempDir()
	note := filepath.Join(dir, "note.txt")
	if err := os.WriteFile(note, []byte("Beste collega, tot morgen.\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out := &Output{Lang: bilingual.NL}
	_, err := ImportCmd{File: note}.Read(out)
	var refusal *intake.Refusal
	if !errors.As(err, &refusal) || refusal.Code != letter.NotALetter {
		t.Errorf("a note: %v", err)
	}
	for name, cmd := range map[string]ImportCmd{
		"missing": {File: filepath.Join(dir, "none.txt")}, "folder": {File: dir}, "language": {File: note, Lang: "de"},
		"day": {File: dutchLetter, EffectiveOn: "2026-02-31", DryRun: true},
	} {
		_, err := cmd.Read(out)
		var failure Failure
		if !errors.As(err, &failure) || failure.Code != exitUsage || failure.Message == "" || strings.Contains(failure.Message, "⟨") {
			t.Errorf("%s: %#v", name, err)
		}
	}
}

// Words of a sealed half-year do not change from the command line either.
func TestImportRefusesADayInASealedHalfYear(t *testing.T) {
	exampleOffice(t)
	raw, err := os.ReadFile(dutchLetter)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "brief.txt")
	changed := strings.Replace(string(raw), "regelmatig controleren en de nodige", "maandelijks controleren en de nodige", 1)
	if changed == string(raw) {
		t.Fatal("the letter has other words")
	}
	if err := os.WriteFile(file, []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	code, _, said := jalon(t, "import "+file+" --institution ACTIRIS --mandate ACTIRIS-A4-EL --effective-on 2026-06-30 --lang nl")
	if want := locale.MustLoad().In(bilingual.NL).T("amendment.sealed"); code != exitNo || !strings.Contains(said, want) {
		t.Errorf("exit %d, %q, want %d and %q", code, said, exitNo, want)
	}
}

// A code that cannot be one, or that is another institution's, is told in words
// and stores nothing: it is bad input, no fault of the database.
func TestImportRefusesACodeThatIsNone(t *testing.T) {
	exampleOffice(t)
	print := locale.MustLoad().In(bilingual.NL)
	for args, want := range map[string]string{
		"--institution ACTIRIS --mandate A/../B":          print.T("import.error.mandate"),
		"--institution ACTIRIS --mandate <b>":             print.T("import.error.mandate"),
		"--institution A/B --mandate M1":                  print.T("import.error.institution_code"),
		"--institution VOORBEELD --mandate ACTIRIS-A4-EL": print.T("import.error.other_institution"),
	} {
		if code, _, said := jalon(t, "import "+dutchLetter+" --lang nl "+args); code != exitUsage || said != "jalon: "+want+"\n" {
			t.Errorf("%s: exit %d, %q, want %q", args, code, said, want)
		}
	}
}

// Who runs an import again, or mistypes a code, reads on the last lines what came of it.
func TestImportSaysWhatItDid(t *testing.T) {
	exampleOffice(t)
	print := locale.MustLoad().In(bilingual.NL)
	same := print.T("import.same_as", "Code", "ACTIRIS-A4-EL")
	stored := func(code string) string { return print.T("import.stored", "Code", code, "Findings", 28) }
	for _, c := range []struct{ name, args, want string }{
		{"the same letter again", "--institution ACTIRIS --mandate ACTIRIS-A4-EL", same},
		{"another mandate", "--institution ACTIRIS --mandate ACTIRIS-A4-NEW", stored("ACTIRIS-A4-NEW")},
		{"an institution that was not there", "--institution ACTRIS", stored("ACTRIS-A4") + "\n" + print.T("import.founded", "Code", "ACTRIS")},
		{"and again", "--institution ACTRIS", print.T("import.same_as", "Code", "ACTRIS-A4")},
	} {
		if code, _, said := jalon(t, "import "+dutchLetter+" --lang nl "+c.args); code != 0 || !strings.HasSuffix(said, "\n"+c.want+"\n") {
			t.Errorf("%s: exit %d, the end is %q, want %q", c.name, code, said[max(0, len(said)-200):], c.want)
		}
	}
}

// The same letter in another file has other quotes and spaces, and changes nothing.
func TestImportOfAnotherFileOfTheSameLetterChangesNothing(t *testing.T) {
	exampleOffice(t)
	same := locale.MustLoad().In(bilingual.NL).T("import.same_as", "Code", "ACTIRIS-A4-EL")
	for _, name := range []string{"letter.docx", "letter.pdf"} {
		code, _, said := jalon(t, "import ../../internal/letter/testdata/"+name+" --lang nl --institution ACTIRIS --mandate ACTIRIS-A4-EL")
		if code != 0 || !strings.HasSuffix(said, "\n"+same+"\n") {
			t.Errorf("%s: exit %d, the end is %q, want %q", name, code, said[max(0, len(said)-200):], same)
		}
	}
}

// The French letter beside the Dutch one: what only one of the two has is told.
func TestImportOfTheOtherLanguageSaysWhatItLacks(t *testing.T) {
	exampleOffice(t)
	print := locale.MustLoad().In(bilingual.NL)
	lacks := print.T("finding.letter.only_context", "Code", "TD2", "Language", "NL")
	arguments := " --institution ACTIRIS --mandate ACTIRIS-A4-NEW"
	if _, _, said := jalon(t, "import "+dutchLetter+arguments); strings.Contains(said, lacks) {
		t.Errorf("the first letter lacks the other language: %q", said)
	}
	code, _, said := jalon(t, "import "+frenchLetter+arguments)
	if code != 0 || !strings.Contains(said, lacks) {
		t.Errorf("exit %d, the end is %q, want %q", code, said[max(0, len(said)-900):], lacks)
	}
}
