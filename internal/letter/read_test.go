package letter

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jalon/internal/bilingual"
	"jalon/internal/deadline"

	"github.com/google/go-cmp/cmp"
)

const (
	dutchLetter  = "actiris-a4-eerste-lijn.nl.txt"
	frenchLetter = "actiris-a4-eerste-lijn.fr.txt"
	pairsFile    = "actiris-a4-eerste-lijn.nl-fr.tsv"
)

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// pairs reads the translation pairs without the code under test.
func pairs(t testing.TB) (codes []string, nl, fr map[string]string) {
	t.Helper()
	nl, fr = map[string]string{}, map[string]string{}
	for _, line := range strings.Split(strings.TrimSpace(string(fixture(t, pairsFile))), "\n")[1:] {
		cells := strings.Split(line, "\t")
		if len(cells) != 3 {
			t.Fatalf("%q: want three columns", line)
		}
		codes = append(codes, cells[0])
		nl[cells[0]], fr[cells[0]] = cells[1], cells[2]
	}
	return codes, nl, fr
}

// textsOf lists the texts of a draft under the keys of the pairs, contexts
// under "T1/context".
func textsOf(d Draft, lang bilingual.Lang) map[string]string {
	texts := map[string]string{}
	d.each(func(key string, text *bilingual.Text) {
		if w := text.In(lang); w != "" {
			texts[key] = w
		}
	})
	return texts
}

func TestCountsOfTheLetter(t *testing.T) {
	d, _, _ := Read(string(fixture(t, dutchLetter)), Options{})
	want := Counts{Objectives: 8, Strategic: 3, Transversal: 5, Points: 22, Targets: 28, Deadlines: 29, Goals: 32, KPIs: 3}
	if diff := cmp.Diff(want, d.Counts()); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
}

func TestEveryTextOfTheLetterIsWhole(t *testing.T) {
	d, _, _ := Read(string(fixture(t, dutchLetter)), Options{})
	codes, want, _ := pairs(t)
	got := textsOf(d, bilingual.NL)
	for _, code := range codes {
		if got[code] != want[code] {
			t.Errorf("%s (-want +got):\n%s", code, cmp.Diff(want[code], got[code]))
		}
		delete(got, code)
	}
	for code, text := range got {
		if !strings.HasSuffix(code, "/context") {
			t.Errorf("%s is not in the pairs: %q", code, text)
		}
	}
}

func TestHeadingOfTheLetter(t *testing.T) {
	for _, test := range []struct {
		file, rank, institution, title string
		lang                           bilingual.Lang
	}{
		{dutchLetter, "A4", "Actiris", "Directeur/trice-diensthoofd “Werkzoekenden – algemene diensten van de eerste lijn”", bilingual.NL},
		{frenchLetter, "A4", "Actiris", "Directeur/trice-chef de service «\u00a0Chercheurs d’emploi – services généraux de première ligne\u00a0»", bilingual.FR},
	} {
		d, _, _ := Read(string(fixture(t, test.file)), Options{})
		m := d.Mandate
		if m.Rank != test.rank || m.Institution != test.institution || m.Title.In(test.lang) != test.title || m.Title.In(test.lang.Other()) != "" {
			t.Errorf("%s: heading %+v, want %+v", test.file, m, test)
		}
	}
}

func TestContextsKeepTheirParagraphs(t *testing.T) {
	d, _, _ := Read(string(fixture(t, dutchLetter)), Options{})
	want := map[string]int{"S1": 0, "S2": 0, "S3": 0, "T1": 5, "T2": 5, "T3": 5, "T4": 5, "T5": 0}
	for _, o := range d.Objectives {
		got := 0
		if !o.Context.IsZero() {
			got = len(strings.Split(o.Context.NL, "\n\n"))
		}
		if got != want[o.Code.String()] {
			t.Errorf("%s has %d paragraphs of context, want %d: %q", o.Code, got, want[o.Code.String()], o.Context.NL)
		}
	}
	t1 := d.Objectives[3].Context.NL
	if first := strings.Split(t1, "\n\n")[1]; first != "De eindbegunstigde (burger, bedrijf, bestuur of maatschappelijk middenveld) moet steevast centraal staan in al zijn contacten met de openbare dienst." {
		t.Errorf("second paragraph of T1: %q", first)
	}
}

// TestFindingsOfTheLetter lists everything that a person is told about the letter.
func TestFindingsOfTheLetter(t *testing.T) {
	_, found, _ := Read(string(fixture(t, dutchLetter)), Options{})
	type short struct {
		Line int
		Code string
		Arg  string
	}
	var got []short
	for _, f := range found {
		arg := f.Args["Code"]
		for _, name := range []string{"Name", "Number", "Abbreviation"} {
			if v := f.Args[name]; v != "" {
				arg = v
			}
		}
		got = append(got, short{f.Line, f.Code, arg})
	}
	want := []short{
		{1, MandateWithoutDates, ""},
		{26, TitleDiffers, "T1"},
		{31, TitleDiffers, "T2"},
		{36, TitleDiffers, "T3"},
		{41, TitleDiffers, "T4"},
		{47, TitleDiffers, "T5"},
		{91, UndefinedAbbreviation, "WZ"},
		{155, StartsBeforeDue, "S3.2-2"},
		{215, NumberInTwoKinds, "1.1"},
		{222, NumberInTwoKinds, "1.2"},
		{281, NumberInTwoKinds, "2.1"},
		{288, NumberInTwoKinds, "2.2"},
		{348, NumberInTwoKinds, "3.1"},
		{382, UndefinedAbbreviation, "EU"},
		{394, UndefinedAbbreviation, "ION"},
		{413, EmptyBullet, ""},
		{421, ForeignInstitution, "Leefmilieu Brussel"},
		{440, ForeignInstitution, "Leefmilieu Brussel"},
		{460, DeadlineElsewhere, "T4.2-1"},
		{489, DeadlineElsewhere, "T4.3-2"},
		{498, DeadlineElsewhere, "T4.3-3"},
		{510, DeadlineElsewhere, "T4.4-1"},
		{550, UndefinedAbbreviation, "SPOC"},
		{561, NoMeasurementPoints, "T5"},
		{581, KPIWithoutThreshold, "T5-K1"},
		{582, UndefinedAbbreviation, "SMART"},
		{586, KPIWithoutThreshold, "T5-K2"},
		{592, KPIWithoutThreshold, "T5-K3"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

func TestLinesOfTheLetter(t *testing.T) {
	d, _, _ := Read(string(fixture(t, dutchLetter)), Options{})
	s3 := d.Objectives[2]
	mp := s3.Points[1]
	got := []Lines{s3.Lines, mp.Lines, mp.Targets[0].Lines, mp.Targets[0].Deadline.Lines, mp.Targets[1].Deadline.Lines, d.Objectives[7].KPIs[2].Lines}
	want := []Lines{{131, 132}, {142, 143}, {145, 147}, {149, 149}, {155, 155}, {592, 593}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}

// TestEveryDeadlineOfTheLetterIsRead looks at the kinds of all 29, in both languages.
func TestEveryDeadlineOfTheLetterIsRead(t *testing.T) {
	for _, file := range []string{dutchLetter, frenchLetter} {
		d, _, _ := Read(string(fixture(t, file)), Options{})
		kinds, read := map[deadline.Kind]int{}, 0
		eachDeadline(&d, func(code string, dl *Deadline) {
			if len(dl.Parts) == 0 {
				t.Errorf("%s: %s was not read: %+v", file, code, dl.Text)
				return
			}
			read++
			kinds[dl.Parts[0].Kind]++
		})
		want := map[deadline.Kind]int{
			deadline.Fixed: 7, deadline.Continuous: 12, deadline.External: 4, deadline.Periodic: 3,
			deadline.AsSoon: 0, deadline.Event: 2, deadline.MandateEnd: 1,
		}
		for kind, n := range want {
			if kinds[kind] != n {
				t.Errorf("%s: %d of kind %s, want %d (all: %v)", file, kinds[kind], kind, n, kinds)
			}
		}
		if read != 29 {
			t.Errorf("%s: %d deadlines read", file, read)
		}
	}
}
