package letter

import (
	"fmt"
	"strings"
	"testing"

	"jalon/internal/bilingual"

	"github.com/google/go-cmp/cmp"
)

func TestFrenchLetterReadsToTheSameCodes(t *testing.T) {
	nl, _, _ := Read(string(fixture(t, dutchLetter)), Options{})
	fr, found, _ := Read(string(fixture(t, frenchLetter)), Options{})
	if diff := cmp.Diff(nl.Counts(), fr.Counts()); diff != "" {
		t.Fatalf("counts (-nl +fr):\n%s", diff)
	}
	codes, _, want := pairs(t)
	got := textsOf(fr, bilingual.FR)
	for _, code := range codes {
		if got[code] != want[code] {
			t.Errorf("%s (-want +got):\n%s", code, cmp.Diff(want[code], got[code]))
		}
	}
	for _, f := range found {
		if f.Severity == Error {
			t.Errorf("finding %+v", f)
		}
	}
}

// A French letter beside the Dutch one changes, adds and removes nothing: every
// text gets its French words.
func TestAFrenchLetterFillsTheDutchOne(t *testing.T) {
	nl, _, _ := Read(string(fixture(t, dutchLetter)), Options{})
	fr, _, _ := Read(string(fixture(t, frenchLetter)), Options{})
	filled := map[string]string{}
	for _, d := range Compare(nl, fr) {
		if d.Change != Filled || d.Lang != bilingual.FR {
			t.Errorf("difference %+v", d)
		}
		filled[d.Key] = d.New.FR
	}
	codes, _, french := pairs(t)
	for _, code := range codes {
		if filled[code] != french[code] {
			t.Errorf("%s: filled with %q, want %q", code, filled[code], french[code])
		}
	}
	var only []string
	for _, f := range OtherLanguage(nl, fr) {
		if f.Code != OnlyContext || f.Args["Language"] != "NL" {
			t.Errorf("finding %+v", f)
		}
		only = append(only, f.Args["Key"])
	}
	if diff := cmp.Diff([]string{"T2/context", "T3/context", "T4/context"}, only); diff != "" {
		t.Errorf("only in Dutch (-want +got):\n%s", diff)
	}
}

// A working translation gives way to the words of a letter; official ones are changed by it.
func TestOnlyAWorkingTranslationIsFilled(t *testing.T) {
	fr, _, _ := Read(string(fixture(t, frenchLetter)), Options{})
	for state, want := range map[bilingual.State]Change{bilingual.Working: Filled, bilingual.Translated: Changed, bilingual.Original: Changed} {
		nl, _, _ := Read(string(fixture(t, dutchLetter)), Options{})
		nl.Translate(bilingual.FR, map[string]string{"S1": "Autrement dit"}, state)
		for _, d := range Compare(nl, fr) {
			if d.Key == "S1" && d.Change != want {
				t.Errorf("%s words: %s, want %s", state, d.Change, want)
			}
		}
	}
}

func TestCodesOnOneSideOnlyAreNamed(t *testing.T) {
	nl, _, _ := Read(string(fixture(t, dutchLetter)), Options{})
	french := string(fixture(t, frenchLetter))
	from := strings.Index(french, "Point de mesure 2.5")
	to := strings.Index(french, "OS n°\u00a03")
	fr, _, _ := Read(french[:from]+"Point de mesure 2.6 : Nouveau.\n\n"+french[to:], Options{})
	got := map[string]string{}
	for _, f := range OtherLanguage(nl, fr) {
		if f.Code == OnlyInOneLanguage || f.Code == OnlyDeadline {
			got[f.Args["Key"]] = f.Args["Language"]
			if known := f.Line > 0; known != (f.Args["Language"] == "FR") {
				t.Errorf("%+v: a line of the French letter is wanted where that has the text", f)
			}
		}
	}
	want := map[string]string{"S2.5": "NL", "S2.5-1": "NL", "S2.5-1/deadline": "NL", "S2.6": "FR"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWhatReadsOtherwiseInTheOtherLanguageIsNamed(t *testing.T) {
	nl, _, _ := Read(string(fixture(t, dutchLetter)), Options{})
	french := strings.Replace(string(fixture(t, frenchLetter)), "Calendrier\u00a0: décembre 2024", "Calendrier\u00a0: décembre 2025", 1)
	fr, _, _ := Read(french, Options{})
	fr.Objectives[4].Goals = fr.Objectives[4].Goals[1:]
	got := map[string]string{}
	for _, f := range OtherLanguage(nl, fr) {
		if f.Code != OnlyContext {
			got[f.Code] = f.Args["Code"] + ": " + f.Args["NL"] + " / " + f.Args["FR"]
		}
	}
	n := len(nl.Objectives[4].Goals)
	want := map[string]string{
		DeadlineReadsOtherwise: "S2.5-1: december 2024 / décembre 2025",
		GoalCountDiffers:       fmt.Sprintf("%s: %d / %d", nl.Objectives[4].Code, n, n-1),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if found := OtherLanguage(fr, fr); found != nil {
		t.Errorf("a letter beside the same one: %+v", found)
	}
}

func TestPairsLoadAsWorkingTranslations(t *testing.T) {
	d, _, _ := Read(string(fixture(t, dutchLetter)), Options{})
	pairs, err := LoadTranslations(fixture(t, pairsFile))
	if err != nil {
		t.Fatal(err)
	}
	if found := d.Translate(bilingual.FR, pairs[bilingual.FR], bilingual.Working); len(found) > 0 {
		t.Errorf("findings %v", found)
	}
	missing := 0
	for _, kt := range d.Texts() {
		switch {
		case kt.Text.IsZero():
		case kt.Text.FR == "":
			missing++
		case kt.Text.FRState != bilingual.Working || kt.Text.NLState != bilingual.Original:
			t.Errorf("%s: states %q, %q", kt.Key, kt.Text.NLState, kt.Text.FRState)
		}
	}
	if missing != 4 {
		t.Errorf("%d texts without French, want the four contexts", missing)
	}
	found := d.Translate(bilingual.FR, map[string]string{"S9.9": "x"}, bilingual.Working)
	if len(found) != 1 || found[0].Code != UnknownTranslation || found[0].Args["Code"] != "S9.9" {
		t.Errorf("unknown code: %v", found)
	}
}

func TestTranslationsInAnotherFormAreRefused(t *testing.T) {
	for name, tsv := range map[string]string{
		"heading": "code\tfr\tnl\nS1\ta\tb\n", "columns": "code\tnl\tfr\nS1\ta\n",
		"twice": "code\tnl\tfr\nS1\ta\tb\nS1\tc\td\n", "empty": "",
	} {
		if _, err := LoadTranslations([]byte(tsv)); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

func TestCompareNamesWhatChanged(t *testing.T) {
	text := string(fixture(t, dutchLetter))
	old, _, _ := Read(text, Options{})
	if diff := Compare(old, old); len(diff) != 0 {
		t.Errorf("the same letter differs: %v", diff)
	}
	text = strings.Replace(text, "Tijdschema: december 2024", "Tijdschema: juni 2025", 1)
	text = strings.Replace(text, "KPI 2: percentage", "KPI 4: percentage", 1)
	text = strings.ReplaceAll(text, "‘Kwaliteit van", "'Kwaliteit  van")
	changed, _, _ := Read(text, Options{})
	type short struct {
		key string
		is  Change
		was string
		now string
	}
	var got []short
	for _, d := range Compare(old, changed) {
		got = append(got, short{d.Key, d.Change, d.Old.NL, d.New.NL})
	}
	kpi := "percentage op tijd gerealiseerde acties"
	want := []short{
		{"S2.5-1/deadline", Changed, "december 2024", "juni 2025"},
		{"T5-K4", Added, "", kpi},
		{"T5-K2", Removed, kpi, ""},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(short{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
