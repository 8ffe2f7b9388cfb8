package web_test

import (
	"strings"
	"testing"

	"jalon/internal/bilingual"
	"jalon/internal/duty"
	"jalon/web"
)

func TestTheGridOfAMonthBeginsOnMonday(t *testing.T) {
	for lang, want := range map[bilingual.Lang][]string{
		bilingual.NL: {"Week", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"},
		bilingual.FR: {"Semaine", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"},
	} {
		s := sampler{lang, catalogues.In(lang)}
		grid := all(draw(t, sample{"calendar", web.CalendarPage(s.calendar())}), "table")[0]
		var heads []string
		for _, th := range all(all(grid, "thead")[0], "th") {
			heads = append(heads, text(th))
		}
		if strings.Join(heads, " ") != strings.Join(want, " ") {
			t.Errorf("%s: columns %q, want %q", lang, heads, want)
		}
		today := 0
		for _, td := range all(grid, "td") {
			if attr(td, "aria-current") == "date" {
				today++
				if !strings.Contains(text(td), s.p.T("calendar.today")) {
					t.Errorf("%s: today is not called so: %q", lang, text(td))
				}
			}
		}
		if today != 1 {
			t.Errorf("%s: %d cells are today", lang, today)
		}
	}
}

// Colour alone says nothing: each state stands as a word beside an icon, in the grid and in the list.
func TestTheCalendarSaysStatesInWords(t *testing.T) {
	for _, lang := range bilingual.Langs {
		s := sampler{lang, catalogues.In(lang)}
		tables := all(draw(t, sample{"calendar", web.CalendarPage(s.calendar())}), "table")
		list := tables[1]
		for _, state := range duty.States {
			word := s.p.DutyState(state)
			if !strings.Contains(text(list), word) {
				t.Errorf("%s: the list does not say %q", lang, word)
			}
		}
		for _, a := range all(tables[0], "a") {
			if attr(a, "data-s") != "" && (len(all(a, "svg")) != 1 || len(text(a)) < 6) {
				t.Errorf("%s: %q has no icon or no word", lang, text(a))
			}
		}
		if !strings.Contains(text(tables[0]), s.p.T("calendar.closed", "Name", "Wapenstilstand")) {
			t.Errorf("%s: the closing day has no words", lang)
		}
	}
}
