package deadline

import "jalon/internal/bilingual"

// voice holds the words in which one language prints a reading. Everything it
// prints is read back as the same reading.
type voice struct {
	by, around, before, after, at, both     string
	asSoon, asSoonThat, onRequest, onDemand string
	and, or, of                             string
	atLeast, atMost, times, to, about       string
	every, inMonths, on, onThe              string
	from, fromDay, until, untilDay, cont    string
	wholeMandate, during, duringThe         string
	between, within, depends, according     string
	need, needAnd, asap, tbd, none          string
	phase, formerly, next, last, last2      string
	mandate                                 map[Anchor]string
	mandateKind                             map[Kind]string
	endOf, ofMandate, firstN, lastN         string
	half                                    [2]string
	unit                                    map[string][2]string // singular, plural
	weekday                                 map[string]string
	calendarWord                            map[string]string
}

var voices = map[bilingual.Lang]voice{
	bilingual.NL: {
		by: "uiterlijk ", around: "omstreeks ", before: "vóór", after: "na", at: "bij", both: "vóór en na",
		asSoon: "onmiddellijk na ", asSoonThat: "zodra ", onRequest: "op verzoek van ", onDemand: "op verzoek",
		and: " en ", or: " of ", of: " van ",
		atLeast: "ten minste ", atMost: "maximaal ", times: "keer", to: " tot ", about: "ongeveer ",
		every: "om de ", inMonths: "in ", on: "op ", onThe: "op de ",
		from: " vanaf ", fromDay: " vanaf ", until: " tot ", untilDay: " tot ", cont: "doorlopend",
		wholeMandate: "gedurende het hele mandaat", during: "in de loop van ", duringThe: "in de loop van het ",
		between: "tussen ", within: "binnen ", depends: "afhankelijk van ", according: "volgens ",
		need: "naar behoefte", needAnd: " en ", asap: "zo snel mogelijk", tbd: "nog te bepalen", none: "n.v.t.",
		phase: "fase ", formerly: "oorspronkelijk ", next: "daarna ", last: "laatste", last2: "voorlaatste",
		mandate:     map[Anchor]string{Begin: "het begin van het mandaat", Middle: "het midden van het mandaat", End: "het einde van het mandaat"},
		mandateKind: map[Kind]string{MandateBegin: "begin van het mandaat", MandateMid: "halfweg het mandaat", MandateEnd: "einde mandaat"},
		endOf:       "het einde van ", ofMandate: " van het mandaat", firstN: "de eerste ", lastN: "de laatste ",
		half: [2]string{"de eerste helft van het mandaat", "de tweede helft van het mandaat"},
		unit: map[string][2]string{
			"d": {"dag", "dagen"}, "wd": {"werkdag", "werkdagen"}, "w": {"week", "weken"}, "m": {"maand", "maanden"},
			"q": {"kwartaal", "kwartalen"}, "h": {"semester", "semesters"}, "y": {"jaar", "jaar"}, "mand": {"mandaat", "mandaten"},
		},
		weekday:      map[string]string{"mon": "maandag", "tue": "dinsdag", "wed": "woensdag", "thu": "donderdag", "fri": "vrijdag", "sat": "zaterdag", "sun": "zondag"},
		calendarWord: map[string]string{"legislature": "de hele legislatuur", "legislature end": "einde legislatuur", "legislature begin": "begin legislatuur", "legislature mid": "halfweg de legislatuur", "contract": "gedurende de looptijd van het beheerscontract", "school-year": "schooljaar", "school-year end": "einde schooljaar", "school-year begin": "begin schooljaar", "school-year mid": "midden van het schooljaar"},
	},
	bilingual.FR: {
		by: "au plus tard ", around: "vers ", before: "avant", after: "après", at: "lors de", both: "avant et après",
		asSoon: "dès ", asSoonThat: "dès que ", onRequest: "à la demande ", onDemand: "sur demande",
		and: " et ", or: " ou ", of: " de ",
		atLeast: "au moins ", atMost: "au maximum ", times: "fois", to: " à ", about: "environ ",
		every: "tous les ", inMonths: "en ", on: "le ", onThe: "le ",
		from: " à partir de ", fromDay: " à partir du ", until: " jusqu’en ", untilDay: " jusqu’au ", cont: "en continu",
		wholeMandate: "pendant toute la durée du mandat", during: "dans le courant de ", duringThe: "dans le courant du ",
		between: "entre ", within: "dans un délai de ", depends: "selon ", according: "selon ",
		need: "selon les besoins", needAnd: " et ", asap: "dès que possible", tbd: "à déterminer", none: "s.o.",
		phase: "phase ", formerly: "initialement ", next: "ensuite ", last: "dernier", last2: "avant-dernier",
		mandate:     map[Anchor]string{Begin: "le début du mandat", Middle: "le milieu du mandat", End: "la fin du mandat"},
		mandateKind: map[Kind]string{MandateBegin: "début du mandat", MandateMid: "à mi-mandat", MandateEnd: "fin du mandat"},
		endOf:       "la fin de ", ofMandate: " du mandat", firstN: "les premiers ", lastN: "les derniers ",
		half: [2]string{"la première moitié du mandat", "la seconde moitié du mandat"},
		unit: map[string][2]string{
			"d": {"jour", "jours"}, "wd": {"jour ouvrable", "jours ouvrables"}, "w": {"semaine", "semaines"}, "m": {"mois", "mois"},
			"q": {"trimestre", "trimestres"}, "h": {"semestre", "semestres"}, "y": {"an", "ans"}, "mand": {"mandat", "mandats"},
		},
		weekday:      map[string]string{"mon": "lundi", "tue": "mardi", "wed": "mercredi", "thu": "jeudi", "fri": "vendredi", "sat": "samedi", "sun": "dimanche"},
		calendarWord: map[string]string{"legislature": "toute la législature", "legislature end": "fin de la législature", "legislature begin": "début de la législature", "legislature mid": "milieu de la législature", "contract": "pendant la durée du contrat de gestion", "school-year": "année scolaire", "school-year end": "fin de l’année scolaire", "school-year begin": "début de l’année scolaire", "school-year mid": "milieu de l’année scolaire"},
	},
}
