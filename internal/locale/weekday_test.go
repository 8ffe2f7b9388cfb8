package locale

import (
	"testing"
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
)

func TestWeekdaysAndMonthsAreInLowerCase(t *testing.T) {
	catalogues := MustLoad()
	day := calendar.MustDate(2026, time.August, 3)
	for lang, want := range map[bilingual.Lang][2]string{bilingual.NL: {"maandag", "augustus 2026"}, bilingual.FR: {"lundi", "août 2026"}} {
		p := catalogues.In(lang)
		if got := [2]string{p.Weekday(day.Weekday()), p.MonthOf(day)}; got != want {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
}
