package deadline

import (
	"strings"
	"testing"

	"jalon/internal/bilingual"
)

// What people write around a date reads the same in both languages, whatever
// the date is: neither language knows more than the other.
func TestBothLanguagesReadAlike(t *testing.T) {
	around := [][2]string{
		{"%s", "%s"},
		{"uiterlijk %s", "au plus tard %s"},
		{"%s (indicatief)", "%s (à titre indicatif)"},
		{"%s, daarna jaarlijks", "%s, ensuite annuellement"},
		{"%s en vervolgens elk kwartaal", "%s et ensuite chaque trimestre"},
		{"%s; nadien permanent", "%s ; ensuite en permanence"},
		{"ontwerp %s", "projet %s"},
		{"50 %% %s en 100 %% in 2027", "50 %% %s et 100 %% en 2027"},
		{"%s, indien mogelijk vroeger", "%s, si possible plus tôt"},
		{"%s (oorspronkelijk: maart 2025)", "%s (initialement : mars 2025)"},
		{"%s, tenzij anders overeengekomen", "%s, sauf convention contraire"},
		{"%s of vroeger", "%s ou plus tôt"},
		{"%s, afhankelijk van het beschikbare budget", "%s, en fonction du budget disponible"},
		{"%s in overleg met de minister", "%s en concertation avec la ministre"},
		{"resultaat beschikbaar %s", "résultat disponible %s"},
		{"plan: %s, uitvoering: doorlopend", "plan : %s, exécution : en continu"},
		{"%s (uitgesteld)", "%s (reporté)"},
		{"%s en bij elke wijziging", "%s et à chaque modification"},
	}
	dates := [][2]string{
		{"31 maart 2026", "le 31 mars 2026"},
		{"in maart 2026", "en mars 2026"},
		{"tegen eind september 2026", "pour fin septembre 2026"},
		{"in het eerste kwartaal van 2026", "au premier trimestre 2026"},
		{"in 2026", "en 2026"},
		{"in de loop van het tweede semester 2026", "dans le courant du deuxième semestre 2026"},
		{"in de zomer van 2026", "à l'été 2026"},
		{"midden 2026", "mi-2026"},
		{"tussen april en juni 2026", "entre avril et juin 2026"},
		{"vóór de zomer van 2026", "avant l'été 2026"},
		{"na de zomer van 2026", "après l'été 2026"},
		{"begin juli 2026", "début juillet 2026"},
		{"in week 12 van 2026", "en semaine 12 de 2026"},
		{"Q2 2026", "T2 2026"},
		{"elk jaar in mei", "chaque année en mai"},
		{"halfjaarlijks", "semestriellement"},
		{"op het einde van het mandaat", "à la fin du mandat"},
		{"halverwege het mandaat", "à mi-mandat"},
		{"in het tweede jaar van het mandaat", "au cours de la deuxième année du mandat"},
		{"binnen 6 maanden na de aanstelling", "dans les 6 mois suivant la désignation"},
		{"tweemaal per jaar tussen mei en september", "deux fois par an entre mai et septembre"},
	}
	read := func(frame, date string, lang bilingual.Lang) (text, reading, asked string) {
		text = strings.ReplaceAll(strings.Replace(frame, "%s", date, 1), "%%", "%")
		r := Read(text, lang)
		for _, f := range r.Findings {
			asked += " " + f.Code
		}
		return text, r.Reading, asked
	}
	for _, frame := range around {
		for _, date := range dates {
			nl, inDutch, askedInDutch := read(frame[0], date[0], bilingual.NL)
			fr, inFrench, askedInFrench := read(frame[1], date[1], bilingual.FR)
			if inDutch != inFrench || askedInDutch != askedInFrench {
				t.Errorf("%q reads %s, asks%s\n%q reads %s, asks%s", nl, inDutch, askedInDutch, fr, inFrench, askedInFrench)
			}
		}
	}
}
