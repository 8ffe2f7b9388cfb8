package calendar

import (
	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/be"
)

// federalNames are the ten federal holidays as the law names them in each language.
var federalNames = map[*cal.Holiday][2]string{
	be.Nieuwjaar:                {"Nieuwjaar", "Jour de l’an"},
	be.Paasmaandag:              {"Paasmaandag", "Lundi de Pâques"},
	be.DagVanDeArbeid:           {"Dag van de Arbeid", "Fête du Travail"},
	be.OnzeLieveHeerHemelvaart:  {"Hemelvaart", "Ascension"},
	be.Pinkstermaandag:          {"Pinkstermaandag", "Lundi de Pentecôte"},
	be.NationaleFeestdag:        {"Nationale feestdag", "Fête nationale"},
	be.OnzeLieveVrouwHemelvaart: {"O.L.V.-Hemelvaart", "Assomption"},
	be.Allerheiligen:            {"Allerheiligen", "Toussaint"},
	be.Wapenstilstand:           {"Wapenstilstand", "Armistice"},
	be.Kerstmis:                 {"Kerstmis", "Noël"},
}

// ClosingDay names the holiday or closing day that a date is, in Dutch and in
// French; ok is false for any other day, also for an ordinary weekend.
func (w WorkingDays) ClosingDay(d Date) (nl, fr string, ok bool) {
	if actual, _, holiday := federal.IsHoliday(d.Time()); actual {
		names := federalNames[holiday]
		return names[0], names[1], true
	}
	for _, r := range w.regional {
		if r.on(d) {
			return r.NL, r.FR, true
		}
	}
	return "", "", false
}

// on reports whether the closing day falls on a date.
func (r RegionalDay) on(d Date) bool {
	return r.Month == d.Month && r.Day == d.Day && (r.Since == 0 || d.Year >= r.Since) && (r.Until == 0 || d.Year <= r.Until)
}
