package deadline

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
)

func day(s string) calendar.Date {
	d, err := calendar.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func year(y int) Horizon {
	return Horizon{From: calendar.MustDate(y, 1, 1), Until: calendar.MustDate(y, 12, 31)}
}

func dues(duties []Duty) (out []string) {
	for _, d := range duties {
		out = append(out, d.From.String()+".."+d.Due.String())
	}
	return out
}

func TestDutiesOfAYear(t *testing.T) {
	for _, test := range []struct {
		text string
		want []string
	}{
		{"2025", []string{"2025-01-01..2025-12-31"}},
		{"december 2025", []string{"2025-12-01..2025-12-31"}},
		{"15/09/2025", []string{"2025-07-01..2025-09-15"}},
		{"doorlopend", []string{"2025-01-01..2025-06-30", "2025-07-01..2025-12-31"}},
		{"doorlopend vanaf maart 2025", []string{"2025-03-01..2025-06-30", "2025-07-01..2025-12-31"}},
		{"tot september 2025", []string{"2025-01-01..2025-06-30", "2025-07-01..2025-09-30"}},
		{"ten minste twee keer per jaar", []string{"2025-01-01..2025-06-30", "2025-07-01..2025-12-31"}},
		{"drie keer per jaar", []string{"2025-01-01..2025-04-30", "2025-05-01..2025-08-31", "2025-09-01..2025-12-31"}},
		{"elk jaar in november", []string{"2025-11-01..2025-11-30"}},
		{"halfjaarlijks in juni en december", []string{"2025-06-01..2025-06-30", "2025-12-01..2025-12-31"}},
		{"om de zes maanden", []string{"2025-01-01..2025-06-30", "2025-07-01..2025-12-31"}},
		{"op 15 maart en 15 september van elk jaar", []string{"2024-09-16..2025-03-14", "2025-03-16..2025-09-15"}}, // 15 March 2025 is a Saturday
		{"om de vier maanden", []string{"2025-01-01..2025-04-30", "2025-05-01..2025-08-31", "2025-09-01..2025-12-31"}},
		{"einde mandaat", nil},
		{"naar behoefte", nil},
		{"nog te bepalen", nil},
		{"2024-2027", nil}, // ambiguous: nothing is owed until a person has chosen
		{"fase 1: maart 2025; fase 2: oktober 2025", []string{"2025-03-01..2025-03-31", "2025-10-01..2025-10-31"}},
	} {
		if diff := cmp.Diff(test.want, dues(Read(test.text, bilingual.NL).Duties(year(2025)))); diff != "" {
			t.Errorf("%q (-want +got):\n%s", test.text, diff)
		}
	}
}

// Months that are named bound what is owed within them; how many is owed stays as said.
// A day that February lacks is its last one.
func TestTheLastDaysOfAMonthThatLacksThem(t *testing.T) {
	february := Horizon{From: day("2026-02-01"), Until: day("2026-02-28")}
	for _, text := range []string{"elke 29e van de maand", "elke 30e van de maand", "elke 31e van de maand", "elk jaar op 29 februari"} {
		duties := Read(text, bilingual.NL).Duties(february)
		if len(duties) != 1 || duties[0].Due != day("2026-02-27") { // the 28th is a Saturday
			t.Errorf("%q: %v, want one on 27 February", text, dues(duties))
		}
		if leap := Read(text, bilingual.NL).Duties(Horizon{From: day("2028-02-01"), Until: day("2028-02-29")}); len(leap) != 1 || leap[0].Due != day("2028-02-29") {
			t.Errorf("%q in a leap year: %v", text, dues(leap))
		}
	}
}

func TestDutiesOfNamedMonths(t *testing.T) {
	for text, want := range map[string][]string{
		"maandelijks in juli en augustus":              {"2025-07-01..2025-07-31", "2025-08-01..2025-08-31"},
		"wekelijks in augustus":                        {"2025-07-28..2025-08-03", "2025-08-04..2025-08-10", "2025-08-11..2025-08-17", "2025-08-18..2025-08-24", "2025-08-25..2025-08-31"},
		"twee keer per maand in juni":                  {"2025-06-01..2025-06-15", "2025-06-16..2025-06-30"},
		"twee keer per kwartaal in maart":              {"2025-03-01..2025-03-15", "2025-03-16..2025-03-31"},
		"één keer per kwartaal in juni":                {"2025-06-01..2025-06-30"},
		"drie keer per jaar in juni":                   {"2025-06-01..2025-06-10", "2025-06-11..2025-06-20", "2025-06-21..2025-06-30"},
		"elk jaar in maart of oktober":                 {"2025-03-01..2025-10-31"},
		"twee keer per jaar in april, juni en oktober": {"2025-04-01..2025-07-16", "2025-07-17..2025-10-31"},
		"driemaandelijks (maart, juni, september en december)": {
			"2025-01-01..2025-03-31", "2025-04-01..2025-06-30", "2025-07-01..2025-09-30", "2025-10-01..2025-12-31",
		},
	} {
		if diff := cmp.Diff(want, dues(Read(text, bilingual.NL).Duties(year(2025)))); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

// What follows the mandate is not owed while nobody knows when it ends.
func TestNothingIsOwedAfterAnUnknownEnd(t *testing.T) {
	if got := dues(Read("na afloop van het mandaat", bilingual.NL).Duties(year(2025))); got != nil {
		t.Errorf("owes %v", got)
	}
}

func TestEveryTwoMonthsDoesNotDependOnTheHorizon(t *testing.T) {
	r := Read("om de twee maanden", bilingual.NL)
	whole := dues(r.Duties(year(2025)))
	if len(whole) != 6 || whole[0] != "2025-01-01..2025-02-28" {
		t.Fatalf("a year gives %v", whole)
	}
	half := dues(r.Duties(Horizon{From: day("2025-02-01"), Until: day("2025-06-30")}))
	if diff := cmp.Diff(whole[:3], half); diff != "" {
		t.Errorf("part of the year differs (-whole +half):\n%s", diff)
	}
}

func TestMonthlyDayMovesOffClosingDays(t *testing.T) {
	r := Read("op de 15e van elke maand", bilingual.NL)
	for shift, want := range map[Shift][3]string{
		"":         {"2025-02-14", "2025-06-13", "2025-08-14"}, // 15 June is a Sunday, 15 August a holiday
		ToPrevious: {"2025-02-14", "2025-06-13", "2025-08-14"},
		ToNext:     {"2025-02-17", "2025-06-16", "2025-08-18"},
		Stay:       {"2025-02-15", "2025-06-15", "2025-08-15"},
	} {
		h := year(2025)
		h.Shift = shift
		duties := r.Duties(h)
		if len(duties) != 12 {
			t.Fatalf("shift %q gives %d duties, want 12", shift, len(duties))
		}
		if got := [3]string{duties[1].Due.String(), duties[5].Due.String(), duties[7].Due.String()}; got != want {
			t.Errorf("shift %q gives %v, want %v", shift, got, want)
		}
	}
}

func TestLastWorkingDayOfEachMonth(t *testing.T) {
	duties := Read("op de laatste werkdag van elke maand", bilingual.NL).Duties(year(2026))
	got := map[string]bool{}
	for _, d := range duties {
		got[d.Due.String()] = true
	}
	for _, want := range []string{"2026-01-30", "2026-02-27", "2026-05-29", "2026-12-31"} {
		if !got[want] || len(duties) != 12 {
			t.Errorf("%d duties %v, want 12 with %s", len(duties), dues(duties), want)
		}
	}
}

func TestMinimumCountIsLateOnlyAfterTheYear(t *testing.T) {
	duties := Read("ten minste twee keer per jaar", bilingual.NL).Duties(year(2025))
	if duties[0].Due != day("2025-06-30") || duties[0].Late != day("2025-12-31") {
		t.Errorf("first duty %+v, want expected by June and late after December", duties[0])
	}
}

func TestDutiesOfTheMandate(t *testing.T) {
	h := Horizon{From: day("2024-01-01"), Until: day("2031-12-31"), MandateBegin: day("2024-10-01"), MandateEnd: day("2029-09-30")}
	for text, want := range map[string]string{
		"einde mandaat": "2029-09-30",
		"binnen de drie maanden na de aanstelling":          "2025-01-01",
		"eerste jaar van het mandaat":                       "2025-09-30",
		"zes maanden vóór het einde van het mandaat":        "2029-03-30",
		"in de laatste zes maanden van het mandaat":         "2029-09-30",
		"tegen het einde van het tweede mandaatjaar":        "2026-09-30",
		"binnen 10 werkdagen na de aanvang van het mandaat": "2024-10-15",
	} {
		duties := Read(text, bilingual.NL).Duties(h)
		if len(duties) != 1 || duties[0].Due != day(want) {
			t.Errorf("%q owes %v, want %s", text, dues(duties), want)
		}
	}
	if n := len(Read("doorlopend", bilingual.NL).Duties(h)); n != 11 {
		t.Errorf("a mandate of five years from October owes %d half-years, want 11", n)
	}
}

func TestEventsOpenDutiesBeforeAndAfter(t *testing.T) {
	h := year(2025)
	h.Occurrences = []Occurrence{{ID: "e1", Title: "Delegatie uit Riga", From: day("2025-05-12"), Until: day("2025-05-14")}}
	for text, want := range map[string][]string{
		"vóór en na elke ontvangst van een delegatie": {"before 2025-05-11", "after 2025-06-13"},
		"binnen 10 werkdagen na elk incident":         {"after 2025-05-28"},
		"14 dagen vóór elke vergadering":              {"before 2025-04-28"},
		"bij elke begrotingsaanpassing":               {"at 2025-05-14"},
		"volgens de begrotingskalender":               {"external 2025-05-14"},
	} {
		var got []string
		for _, d := range Read(text, bilingual.NL).Duties(h) {
			got = append(got, d.Reason.Code+" "+d.Due.String())
			if d.Event != "e1" {
				t.Errorf("%q: duty without its event: %+v", text, d)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestDueAndOwedFrom(t *testing.T) {
	for _, test := range []struct{ text, due, from string }{
		{"2025", "2025-12-31", ""},
		{"december 2024", "2024-12-31", ""},
		{"doorlopend vanaf maart 2025", "", "2025-03-01"},
		{"doorlopend", "", ""},
		{"einde mandaat", "2029-09-30", ""},
		{"fase 1: maart 2025; fase 2: oktober 2025", "2025-10-31", ""},
		{"maart 2025 (verlengd tot december 2025)", "2025-12-31", ""},
		{"zo snel mogelijk en uiterlijk eind juni 2025", "2025-06-30", ""},
		{"jaarlijks vanaf 2026", "", "2026-01-01"},
	} {
		r := Read(test.text, bilingual.NL)
		due, ok := r.Due(day("2029-09-30"))
		if due.String() != test.due || ok != (test.due != "") {
			t.Errorf("%q is due %q %v, want %q", test.text, due, ok, test.due)
		}
		if from := r.OwedFrom(); from.String() != test.from {
			t.Errorf("%q is owed from %q, want %q", test.text, from, test.from)
		}
	}
}

// TestTheLetterOwesTheRightDuties compares the duties of the first letter for
// two years, in both languages, with a list checked by hand.
func TestTheLetterOwesTheRightDuties(t *testing.T) {
	raw, err := os.ReadFile("testdata/letter.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for line := range strings.Lines(string(raw)) {
		c := strings.Split(strings.TrimSpace(line), "\t")
		if len(c) != 3 || c[0] == "code" {
			continue
		}
		nl, fr := Read(c[1], bilingual.NL), Read(c[2], bilingual.FR)
		if nl.Reading != fr.Reading {
			t.Errorf("%s reads %q in Dutch and %q in French", c[0], nl.Reading, fr.Reading)
		}
		for _, r := range []Reading{nl, fr} {
			readsBack(t, r)
			for _, f := range r.Findings {
				if f.Code == CodeNotUnderstood {
					t.Errorf("%s %q: not understood %q", c[0], r.Text, f.Text)
				}
			}
		}
		h := Horizon{From: day("2025-01-01"), Until: day("2026-12-31"), MandateBegin: day("2024-07-01"), MandateEnd: day("2029-06-30")}
		var due []string
		for _, d := range nl.Duties(h) {
			due = append(due, d.Due.String())
		}
		last, _ := nl.Due(h.MandateEnd)
		fmt.Fprintf(&got, "%s\t%s\t%s\t%s\n", c[0], nl.Reading, last, strings.Join(due, " "))
	}
	want, err := os.ReadFile("testdata/letter.golden.tsv")
	if os.Getenv("UPDATE_GOLDEN") != "" {
		err = os.WriteFile("testdata/letter.golden.tsv", []byte(got.String()), 0o644)
		want = []byte(got.String())
	}
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func BenchmarkDutiesOfTenThousandTargets(b *testing.B) {
	var readings []Reading
	for _, text := range []string{"2025", "doorlopend", "ten minste twee keer per jaar", "op de 15e van elke maand", "om de twee maanden"} {
		readings = append(readings, Read(text, bilingual.NL))
	}
	for b.Loop() {
		for i := range 10_000 {
			readings[i%len(readings)].Duties(year(2025))
		}
	}
}

// owed gives the last days of what a deadline owes, with spaces between them.
func owed(text string, lang bilingual.Lang, h Horizon) string {
	var due []string
	for _, d := range Read(text, lang).Duties(h) {
		due = append(due, d.Due.String())
	}
	return strings.Join(due, " ")
}

// "2025, daarna jaarlijks" owes nothing yearly before 2026: what follows a date
// begins after the period in which the date falls.
func TestWhatFollowsADateBeginsAfterIt(t *testing.T) {
	h := Horizon{From: day("2024-01-01"), Until: day("2027-06-30"), MandateBegin: day("2024-01-01")}
	for _, row := range []struct{ nl, fr, due string }{
		{"2025, daarna jaarlijks", "2025, puis annuellement", "2025-12-31 2026-12-31"},
		{"juni 2025 en vervolgens jaarlijks", "juin 2025 et ensuite chaque année", "2025-06-30 2026-12-31"},
		{"maart 2026, daarna halfjaarlijks", "mars 2026, puis semestriellement", "2026-03-31 2026-12-31 2027-06-30"},
		{"eerste rapport in juni 2026, daarna elk kwartaal", "premier rapport en juin 2026, ensuite chaque trimestre", "2026-06-30 2026-09-30 2026-12-31 2027-03-31 2027-06-30"},
		{"december 2025 en daarna jaarlijks in december", "décembre 2025 puis chaque année en décembre", "2025-12-31 2026-12-31"},
		{"15 maart 2025, nadien jaarlijks op 31 maart", "15 mars 2025, ensuite chaque année le 31 mars", "2025-03-15 2026-03-31 2027-03-31"},
		{"31 december 2025, daarna doorlopend", "31 décembre 2025, puis en continu", "2025-12-31 2026-06-30 2026-12-31 2027-06-30"},
		{"2026 en jaarlijks daarna", "2026 et annuellement ensuite", "2026-12-31"},
		{"binnen 3 maanden na de aanstelling en daarna jaarlijks", "dans les 3 mois suivant la désignation et ensuite annuellement", "2024-04-01 2025-12-31 2026-12-31"},
		{"jaarlijks, daarna naar behoefte", "annuellement, puis selon les besoins", "2024-12-31 2025-12-31 2026-12-31"},
	} {
		for lang, text := range map[bilingual.Lang]string{bilingual.NL: row.nl, bilingual.FR: row.fr} {
			if got := owed(text, lang, h); got != row.due {
				t.Errorf("%q owes %s\nwant %s", text, got, row.due)
			}
		}
	}
}

// The end of a month, quarter or year is in the calendar: what is due after it
// is owed without anybody recording that it came.
func TestTheEndOfAPeriodIsInTheCalendar(t *testing.T) {
	h := Horizon{From: day("2026-01-01"), Until: day("2026-12-31"), MandateBegin: day("2025-11-01"), MandateEnd: day("2026-10-15")}
	for _, row := range []struct{ nl, fr, due string }{
		{"binnen 15 dagen na het einde van elk kwartaal", "dans les 15 jours suivant la fin de chaque trimestre", "2026-01-15 2026-04-15 2026-07-15 2026-10-15"},
		{"elk kwartaal, binnen de maand na het einde van het kwartaal", "chaque trimestre, dans le mois suivant la fin du trimestre", "2026-01-31 2026-04-30 2026-07-30 2026-10-30"},
		{"jaarlijks uiterlijk drie maanden na het einde van het jaar", "annuellement, au plus tard trois mois après la fin de l'année", "2026-03-31"},
		{"10 dagen vóór elk jaareinde", "10 jours avant chaque fin d'année", ""}, // the mandate ends before the year does
	} {
		for lang, text := range map[bilingual.Lang]string{bilingual.NL: row.nl, bilingual.FR: row.fr} {
			if got := owed(text, lang, h); got != row.due {
				t.Errorf("%q owes %s\nwant %s", text, got, row.due)
			}
		}
	}
}

func TestTheLastFridayOfAMonthOfTheYear(t *testing.T) {
	h := Horizon{From: day("2026-01-01"), Until: day("2027-12-31")}
	for text, want := range map[string]string{
		"elk jaar op de laatste vrijdag van juni":            "2026-06-26 2027-06-25",
		"elk jaar op de eerste werkdag van mei":              "2026-05-04 2027-05-03",
		"elk jaar op de tweede dinsdag van april en oktober": "2026-04-14 2026-10-13 2027-04-13 2027-10-12",
	} {
		if got := owed(text, bilingual.NL, h); got != want {
			t.Errorf("%q owes %s\nwant %s", text, got, want)
		}
	}
}

// Named months or days say where an interval stands in the year, and the last
// working day of a half-year is in June too.
func TestARecurrenceStandsOnWhatItNames(t *testing.T) {
	h := Horizon{From: day("2026-01-01"), Until: day("2027-06-30"), Shift: Stay}
	for text, want := range map[string]string{
		"om de zes maanden, in maart en september":                            "2026-03-31 2026-09-30 2027-03-31",
		"om de zes maanden, in maart":                                         "2026-03-31 2026-09-30 2027-03-31",
		"elk kwartaal, in februari, mei, augustus en november":                "2026-02-28 2026-05-31 2026-08-31 2026-11-30 2027-02-28 2027-05-31",
		"om de zes maanden op 31 maart en 30 september":                       "2026-03-31 2026-09-30 2027-03-31",
		"elk kwartaal (eind maart, eind juni, eind september, eind december)": "2026-03-31 2026-06-30 2026-09-30 2026-12-31 2027-03-31 2027-06-30",
		"op de laatste werkdag van elk semester":                              "2026-06-30 2026-12-31 2027-06-30",
		"de eerste maandag van elk halfjaar":                                  "2026-01-05 2026-07-06 2027-01-04",
		"om de 20 werkdagen vanaf maart 2027":                                 "2027-03-01 2027-03-30 2027-04-27 2027-05-27 2027-06-24",
		"om de twee jaar in juni, vanaf 2026":                                 "2026-06-30",
		"maandelijks in 2026, daarna per kwartaal":                            "2026-01-31 2026-02-28 2026-03-31 2026-04-30 2026-05-31 2026-06-30 2026-07-31 2026-08-31 2026-09-30 2026-10-31 2026-11-30 2026-12-31 2027-03-31 2027-06-30",
	} {
		if got := owed(text, bilingual.NL, h); got != want {
			t.Errorf("%q owes %s\nwant %s", text, got, want)
		}
	}
}
