package deadline

import (
	"strings"
	"testing"

	"jalon/internal/bilingual"
)

// alike checks that a Dutch and a French text read the same and ask the same.
func alike(t *testing.T, nl, fr string) {
	t.Helper()
	asked := func(r Reading) (codes string) {
		for _, f := range r.Findings {
			codes += " " + f.Code
		}
		return codes
	}
	inDutch, inFrench := Read(nl, bilingual.NL), Read(fr, bilingual.FR)
	if inDutch.Reading != inFrench.Reading || asked(inDutch) != asked(inFrench) {
		t.Errorf("%q reads %s, asks%s\n%q reads %s, asks%s", nl, inDutch.Reading, asked(inDutch), fr, inFrench.Reading, asked(inFrench))
	}
}

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
		{"50 % %s en 100 % in 2027", "50 % %s et 100 % en 2027"},
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
	for _, frame := range around {
		for _, date := range dates {
			alike(t, strings.Replace(frame[0], "%s", date[0], 1), strings.Replace(frame[1], "%s", date[1], 1))
		}
	}
}

// How often something comes back and when in that time, in any order and with
// any mark between, reads the same in both languages.
func TestRhythmsReadAlike(t *testing.T) {
	rhythms := [][2]string{
		{"jaarlijks", "annuellement"},
		{"elk jaar", "chaque année"},
		{"halfjaarlijks", "semestriellement"},
		{"tweemaal per jaar", "deux fois par an"},
		{"vier keer per jaar", "quatre fois par an"},
		{"elk kwartaal", "chaque trimestre"},
		{"maandelijks", "mensuellement"},
		{"tweemaal per maand", "deux fois par mois"},
		{"wekelijks", "chaque semaine"},
		{"om de twee weken", "toutes les deux semaines"},
		{"om de twee jaar", "tous les deux ans"},
		{"minstens eenmaal per kwartaal", "au moins une fois par trimestre"},
		{"dagelijks", "quotidiennement"},
		{"om de zes weken", "toutes les six semaines"},
		{"minstens drie keer tijdens het mandaat", "au moins trois fois pendant le mandat"},
	}
	when := [][2]string{
		{"in mei", "en mai"},
		{"in mei en november", "en mai et en novembre"},
		{"tussen mei en september", "entre mai et septembre"},
		{"op 1 mei", "le 1er mai"},
		{"op 15 en 30 juni", "les 15 et 30 juin"},
		{"uiterlijk op 31 maart", "au plus tard le 31 mars"},
		{"vóór 1 april", "avant le 1er avril"},
		{"in het eerste kwartaal", "au premier trimestre"},
		{"in de eerste helft van het jaar", "dans la première moitié de l'année"},
		{"op het einde van het jaar", "en fin d'année"},
		{"in de loop van de maand juni", "dans le courant du mois de juin"},
		{"op de eerste maandag", "le premier lundi"},
		{"op maandag", "le lundi"},
		{"op de 15e", "le 15"},
		{"op de laatste werkdag", "le dernier jour ouvrable"},
		{"op het einde van de maand", "à la fin du mois"},
		{"in het voorjaar", "au printemps"},
		{"begin januari", "début janvier"},
		{"in juni of juli", "en juin ou juillet"},
		{"vanaf 2026", "à partir de 2026"},
		{"met ingang van 1 juli 2026", "avec effet au 1er juillet 2026"},
		{"tussen 2026 en 2028", "entre 2026 et 2028"},
		{"tot het einde van het mandaat", "jusqu'à la fin du mandat"},
		{"gedurende het mandaat", "durant le mandat"},
		{"in 2026 en 2027", "en 2026 et 2027"},
		{"indien nodig", "si nécessaire"},
		{"behalve in juli", "sauf en juillet"},
		{"na goedkeuring van de begroting", "après approbation du budget"},
		{"voor de algemene vergadering", "pour l'assemblée générale"},
		{"en bij elke wijziging", "et à chaque modification"},
		{"of vaker indien nodig", "ou plus souvent si nécessaire"},
		{"de eerste keer in maart 2026", "la première fois en mars 2026"},
		{"waarvan één in juni", "dont un en juin"},
	}
	for _, often := range rhythms {
		for _, at := range when {
			alike(t, often[0]+" "+at[0], often[1]+" "+at[1])
			alike(t, often[0]+", "+at[0], often[1]+", "+at[1])
			alike(t, at[0]+", "+often[0], at[1]+", "+often[1])
			alike(t, often[0]+" ("+at[0]+")", often[1]+" ("+at[1]+")")
		}
	}
}
