package deadline

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"jalon/internal/bilingual"
)

// phraseRow is one line of a list of phrases with the reading we want.
type phraseRow struct{ id, nl, fr, want string }

func phraseRows(t *testing.T, name string) []phraseRow {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var rows []phraseRow
	for line := range strings.Lines(string(raw)) {
		c := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(c) >= 4 && c[0] != "id" {
			rows = append(rows, phraseRow{c[0], c[1], c[2], c[3]})
		}
	}
	if len(rows) == 0 {
		t.Fatalf("%s holds no phrases", name)
	}
	return rows
}

func TestPhrasesReadAsListed(t *testing.T) {
	for _, name := range []string{"phrases.tsv", "more.tsv"} {
		for _, row := range phraseRows(t, name) {
			for lang, text := range map[bilingual.Lang]string{bilingual.NL: row.nl, bilingual.FR: row.fr} {
				if got := Read(text, lang); got.Reading != row.want && text != "" {
					t.Errorf("%s %s %s %q\n got %s\nwant %s\nfindings %+v", name, row.id, lang, text, got.Reading, row.want, got.Findings)
				}
			}
		}
	}
}

// Dates and recurrences that a semicolon sets apart are read each for itself: no
// number, day or month of the one becomes part of the other.
func TestASemicolonSetsApart(t *testing.T) {
	var rows []phraseRow
	for _, row := range append(phraseRows(t, "phrases.tsv"), phraseRows(t, "more.tsv")...) {
		simple := strings.HasPrefix(row.want, "by ") || strings.HasPrefix(row.want, "in ") || strings.HasPrefix(row.want, "rec ")
		if simple && !strings.ContainsAny(row.nl+row.fr, ";(") && !strings.ContainsAny(row.want, "+(") && !strings.Contains(row.want, "was") && row.nl != "" && row.fr != "" {
			rows = append(rows, row)
		}
	}
	moves := func(r Reading) bool { return strings.Contains(r.Reading, " was ") } // "verlengd tot" is about the date before it
	asks := func(r Reading) bool {
		return slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Severity == Question && f.Code != CodeApproximate })
	}
	for i, one := range rows {
		for _, step := range []int{1, 37, 211, 503} {
			other := rows[(i+step)%len(rows)]
			if other.want == one.want {
				continue
			}
			for lang, text := range map[bilingual.Lang]string{bilingual.NL: one.nl + "; " + other.nl, bilingual.FR: one.fr + " ; " + other.fr} {
				if r := Read(text, lang); r.Reading != one.want+" + "+other.want && !asks(r) && !moves(r) {
					t.Errorf("%s %q\n got %s\nwant %s + %s", lang, text, r.Reading, one.want, other.want)
				}
			}
		}
	}
}

// Around a deadline stand bullets, labels, brackets and quotation marks, and a line
// breaks where the page ends: what it says is the same.
func TestWhatStandsAroundChangesNothing(t *testing.T) {
	around := map[string]map[bilingual.Lang]string{
		"a bullet":    {bilingual.NL: "• %s", bilingual.FR: "• %s"},
		"a dash":      {bilingual.NL: "– %s", bilingual.FR: "– %s"},
		"a label":     {bilingual.NL: "Termijn: %s", bilingual.FR: "Échéance : %s"},
		"a semicolon": {bilingual.NL: "%s;", bilingual.FR: "%s ;"},
		"brackets":    {bilingual.NL: "(%s)", bilingual.FR: "(%s)"},
		"quotation":   {bilingual.NL: "“%s”", bilingual.FR: "“%s”"},
		"lines":       {bilingual.NL: "\n%s\n", bilingual.FR: "\n%s\n"},
	}
	names := slices.Sorted(maps.Keys(around))
	for i, row := range append(phraseRows(t, "phrases.tsv"), phraseRows(t, "more.tsv")...) {
		for lang, text := range map[bilingual.Lang]string{bilingual.NL: row.nl, bilingual.FR: row.fr} {
			if text == "" || row.want == "none" {
				continue
			}
			for _, name := range []string{names[i%len(names)], names[(i+3)%len(names)]} {
				frame := around[name]
				if got := Read(strings.Replace(frame[lang], "%s", text, 1), lang); got.Reading != row.want {
					t.Errorf("%s %s, in %s: %q reads %s, want %s", row.id, lang, name, text, got.Reading, row.want)
				}
			}
		}
	}
}

func TestALineBreaksWhereThePageEnds(t *testing.T) {
	for _, row := range []struct{ nl, fr, want string }{
		{"vóór 1 juli\n2026", "avant le 1er juillet\n2026", "by 2026-06-30{d}"},
		{"doorlopend in 2025 en\n2026", "en continu en 2025 et\n2026", "cont 2025-01-01..2026-12-31"},
		{"bij elke vergadering van de\nDirectieraad", "lors de chaque réunion du\nConseil de direction", "ev each at board-meeting"},
		{"tweemaal per jaar\nin mei en november", "deux fois par an\nen mai et novembre", "rec =2/y in 05,11"},
		{"schooljaar\n2025-2026", "année scolaire\n2025-2026", "ext school-year"},
		// a thought that ends with its line
		{"Maart 2026\nSeptember 2026", "Mars 2026\nSeptembre 2026", "by 2026-03-31{m} + by 2026-09-30{m}"},
		{"maandelijks\n15 juni 2026", "mensuellement\n15 juin 2026", "rec every 1m + by 2026-06-15{d}"},
		{"jaarlijks\nin mei 2026 een tussentijdse evaluatie", "annuellement\nen mai 2026 une évaluation intermédiaire", "rec =1/y + in 2026-05-01..2026-05-31{m}"},
	} {
		for lang, text := range map[bilingual.Lang]string{bilingual.NL: row.nl, bilingual.FR: row.fr} {
			if got := Read(text, lang); got.Reading != row.want || got.Text != text {
				t.Errorf("%q reads %s as %q, want %s", text, got.Reading, got.Text, row.want)
			}
		}
	}
}

// What leaves a doubt asks: a reading of it is never given as if it were sure.
func TestDoubtAsks(t *testing.T) {
	for _, row := range []struct{ nl, fr, code string }{
		{"2025?", "2025 ?", CodeNotUnderstood},
		{"eind maart 2026 (?)", "fin mars 2026 (?)", CodeNotUnderstood},
		{"regelmatig", "régulièrement", CodeNoDate},
		{"doorlopend, op regelmatige tijdstippen", "à intervalles réguliers", CodeNoDate},
		{"31 december van dit jaar", "le 31 décembre de cette année", CodeYearMissing},
		{"op de 15e van deze maand", "le 15 de ce mois", CodeNotUnderstood},
		{"juni/juli 2026", "juin/juillet 2026", CodeAmbiguous},
		{"maandelijks, behalve in de schoolvakanties", "mensuellement, sauf pendant les vacances scolaires", CodeNotUnderstood},
		{"elke maand vanaf 2026 een audit", "chaque mois à partir de 2026 un audit", CodeNotUnderstood},
		{"jaarlijks tussen 1 maart en 30 april 2026", "chaque année entre le 1er mars et le 30 avril 2026", CodeNotUnderstood},
		{"maandelijks op 1 mei", "mensuellement, le 1er mai", CodeNotUnderstood},
		{"elk kwartaal in mei", "chaque trimestre en mai", CodeNotUnderstood},
		{"tweemaal per maand op de eerste maandag", "deux fois par mois le premier lundi", CodeNotUnderstood},
		{"wekelijks op de 15e", "chaque semaine le 15", CodeNotUnderstood},
		{"voor elke doelgroep", "pour chaque groupe cible", CodeNotUnderstood},
		{"na elke vergadering en op 30 juni", "après chaque réunion et le 30 juin", CodeYearMissing},
		{"ten vroegste halfjaarlijks", "au plus tôt semestriellement", CodeNotUnderstood},
		{"ten vroegste twee maanden na de aanstelling", "au plus tôt deux mois après la désignation", CodeNotUnderstood},
		{"in het eerste kwartaal van 2026 in overleg met de minister", "au premier trimestre 2026 en concertation avec la ministre", CodeNotUnderstood},
		{"op het einde van het mandaat voor wat betreft de opleidingen", "à la fin du mandat en ce qui concerne les formations", CodeNotUnderstood},
		{"eerste versie: na de zomer van 2026; definitieve versie: 31 december 2027", "première version : après l'été 2026 ; version définitive : 31 décembre 2027", CodeNotUnderstood},
		{"halfjaarlijks, behalve in augustus", "semestriellement, sauf en août", CodeNotUnderstood},
		{"jaarlijks tussen november en februari", "chaque année entre novembre et février", CodeNotUnderstood},
		{"twee keer per jaar, op de 15e van de maand", "deux fois par an, le 15 du mois", CodeNotUnderstood},
		{"halfjaarlijks op de 15e van de maand, vanaf 2026", "semestriellement le 15 du mois, à partir de 2026", CodeNotUnderstood},
		{"niet jaarlijks", "pas annuellement", CodeNotUnderstood},
		{"meerdere keren per jaar", "plusieurs fois par an", CodeApproximate},
		{"vóór de eerste maandag van elke maand", "avant le premier lundi de chaque mois", CodeNotUnderstood},
		{"jaarlijks vóór de laatste vrijdag van juni", "annuellement avant le dernier vendredi de juin", CodeNotUnderstood},
		{"31 december van het lopende jaar", "le 31 décembre de l'année en cours", CodeYearMissing},
		{"vóór het einde van dit jaar", "avant la fin de cette année", CodeNotUnderstood},
		{"tegen 1 maart 2026 (over het jaar 2025)", "pour le 1er mars 2026 (sur l'année 2025)", CodeNotUnderstood},
		{"voor de vakantie", "avant les vacances", CodeNotUnderstood},
		{"elk jaar na de zomer", "chaque année après l'été", CodeYearMissing},
		{"elk jaar in de tweede helft van juni", "chaque année dans la seconde moitié de juin", CodeApproximate},
		{"maandelijks/driemaandelijks", "mensuel/trimestriel", CodeNotUnderstood},
		{"30 juni 2026 / doorlopend", "30 juin 2026 / en continu", CodeNotUnderstood},
		{"jaarlijks in december 2026", "annuellement en décembre 2026", CodeNotUnderstood},
		{"twee keer per jaar van maart tot mei 2026", "deux fois par an de mars à mai 2026", CodeNotUnderstood},
		{"driemaandelijks in juni en december", "trimestriel en juin et décembre", CodeNotUnderstood},
		{"om de twee maanden in juli en augustus", "tous les deux mois en juillet et août", CodeNotUnderstood},
		{"na afloop van het mandaat", "après le mandat", CodeNoDate},
		{"../../2026", "… décembre 2026", CodeNotUnderstood},
		{"lopend, afronding in Q3 2026", "en cours, finalisation T3 2026", CodeNotUnderstood},
		{"vóór Pasen", "avant Pâques", CodeNotUnderstood},
		{"vóór de paasvakantie 2026", "avant les vacances de Pâques 2026", CodeNotUnderstood},
		{"na elk incident of jaarlijks", "après chaque incident ou annuellement", CodeNotUnderstood},
		{"na elk incident, behalve in 2026", "après chaque incident, excepté en 2026", CodeNotUnderstood},
		{"op verzoek van de minister, tenzij anders beslist", "à la demande du ministre, sauf décision contraire", CodeNotUnderstood},
		{"op verzoek van de minister/naar behoefte", "à la demande du ministre/selon les besoins", CodeNotUnderstood},
		{"afhankelijk van de budgetten of einde mandaat", "en fonction des budgets ou fin du mandat", CodeNotUnderstood},
		{"halfjaarlijks in juni", "semestriellement en juin", CodeNotUnderstood},
		{"halfjaarlijks op 31 maart", "semestriellement le 31 mars", CodeNotUnderstood},
		{"maandelijks op vrijdag", "mensuellement le vendredi", CodeNotUnderstood},
		{"twee keer per jaar, op de 15e", "deux fois par an, le 15", CodeNotUnderstood},
		{"31 december 1925", "31 décembre 1925", CodeOutOfRange},
		{"maart 2205", "mars 2205", CodeOutOfRange},
	} {
		for lang, text := range map[bilingual.Lang]string{bilingual.NL: row.nl, bilingual.FR: row.fr} {
			r := Read(text, lang)
			if !slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Code == row.code && f.Severity != Notice }) {
				t.Errorf("%q reads %q with findings %+v, want a question %s", text, r.Reading, r.Findings, row.code)
			}
		}
	}
}
