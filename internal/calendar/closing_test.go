package calendar

import "testing"

func TestClosingDaysHaveNames(t *testing.T) {
	for date, want := range map[string][2]string{
		"2025-04-21": {"Paasmaandag", "Lundi de Pâques"},
		"2025-05-08": {"Feest van het Brussels Hoofdstedelijk Gewest", "Fête de la Région de Bruxelles-Capitale"},
		"2026-05-14": {"Hemelvaart", "Ascension"},
		"2026-11-15": {"Koningsdag", "Fête du Roi"}, // a Sunday
		"2026-11-14": {},                            // a Saturday like others
		"2026-11-16": {},
	} {
		d, err := ParseDate(date)
		if err != nil {
			t.Fatal(err)
		}
		nl, fr, ok := BrusselsDays.ClosingDay(d)
		if got := [2]string{nl, fr}; got != want || ok != (want[0] != "") {
			t.Errorf("%s: %q %v, want %q", date, got, ok, want)
		}
	}
	if _, _, ok := (WorkingDays{}).ClosingDay(MustDate(2025, 5, 8)); ok {
		t.Error("the federal calendar knows a closing day of the Region")
	}
}

// A week day on which nobody works has a name in both languages, and a day with
// a name is no working day.
func TestEveryClosedWeekdayHasAName(t *testing.T) {
	for d := MustDate(2020, 1, 1); d.Year < 2040; d = d.AddDays(1) {
		nl, fr, ok := BrusselsDays.ClosingDay(d)
		weekend := d.Weekday() == 0 || d.Weekday() == 6
		if works := BrusselsDays.IsWorkingDay(d); works && ok || !works && !weekend && !ok || ok && (nl == "" || fr == "") {
			t.Errorf("%s: works %v, named %q and %q", d, works, nl, fr)
		}
	}
}
