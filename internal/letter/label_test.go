package letter

import (
	"strings"
	"testing"

	"jalon/internal/bilingual"
	"jalon/internal/mandate"
)

func TestLabelsInTheirVariants(t *testing.T) {
	for _, test := range []struct {
		line string
		want label
	}{
		{"SD nr. 1: Doel", label{kind: objectiveLabel, of: mandate.Strategic, number: 1, rest: "Doel"}},
		{"SD 2 – Doel", label{kind: objectiveLabel, of: mandate.Strategic, number: 2, rest: "Doel"}},
		{"SD1: Doel", label{kind: objectiveLabel, of: mandate.Strategic, number: 1, rest: "Doel"}},
		{"TD 4: Doel", label{kind: objectiveLabel, of: mandate.Transversal, number: 4, rest: "Doel"}},
		{"Strategische doelstelling 3", label{kind: objectiveLabel, of: mandate.Strategic, number: 3}},
		{"STRATEGISCHE DOELSTELLING 3: Doel", label{kind: objectiveLabel, of: mandate.Strategic, number: 3, rest: "Doel"}},
		{"Transversale doelstelling 1 ‘Kwaliteit’: bijkomende meetpunten", label{kind: objectiveLabel, of: mandate.Transversal, number: 1, rest: "‘Kwaliteit’: bijkomende meetpunten"}},
		{"OS n° 1 : But", label{kind: objectiveLabel, of: mandate.Strategic, number: 1, rest: "But"}},
		{"OS n°\u00a01\u202f: But", label{kind: objectiveLabel, of: mandate.Strategic, number: 1, rest: "But"}},
		{"OT nº 5 – But", label{kind: objectiveLabel, of: mandate.Transversal, number: 5, rest: "But"}},
		{"Objectif stratégique n° 2 : But", label{kind: objectiveLabel, of: mandate.Strategic, number: 2, rest: "But"}},
		{"Objectif transversal 5 «\u00a0But\u00a0»", label{kind: objectiveLabel, of: mandate.Transversal, number: 5, rest: "«\u00a0But\u00a0»"}},
		{"Meetpunt 1.1: Punt", label{kind: pointLabel, parent: 1, number: 1, rest: "Punt"}},
		{"Meetpunt 3.1 - Punt", label{kind: pointLabel, parent: 3, number: 1, rest: "Punt"}},
		{"Meetpunt 1.10: Punt", label{kind: pointLabel, parent: 1, number: 10, rest: "Punt"}},
		{"Meetpunt 1.1. Punt", label{kind: pointLabel, parent: 1, number: 1, rest: "Punt"}},
		{"Meetpunt 2: punt", label{kind: pointLabel, number: 2, rest: "punt"}},
		{"MP 3.2 — punt", label{kind: pointLabel, parent: 3, number: 2, rest: "punt"}},
		{"Point de mesure 4.7\u00a0: point", label{kind: pointLabel, parent: 4, number: 7, rest: "point"}},
		{"Te bereiken streefwaarde: waarde", label{kind: targetLabel, rest: "waarde"}},
		{"Eerste te bereiken streefwaarde : waarde", label{kind: targetLabel, ordinal: 1, rest: "waarde"}},
		{"Tweede te bereiken streefwaarde: waarde", label{kind: targetLabel, ordinal: 2, rest: "waarde"}},
		{"2e streefwaarde: waarde", label{kind: targetLabel, ordinal: 2, rest: "waarde"}},
		{"Streefwaarde 2: waarde", label{kind: targetLabel, ordinal: 2, rest: "waarde"}},
		{"Te behalen target: waarde", label{kind: targetLabel, rest: "waarde"}},
		{"Streefwaarde – waarde", label{kind: targetLabel, rest: "waarde"}},
		{"Te bereiken streefwaarde", label{kind: targetLabel, bare: true}},
		{"Valeur cible à atteindre : valeur", label{kind: targetLabel, rest: "valeur"}},
		{"Première valeur cible\u202f: valeur", label{kind: targetLabel, ordinal: 1, rest: "valeur"}},
		{"Deuxième valeur cible à atteindre : valeur", label{kind: targetLabel, ordinal: 2, rest: "valeur"}},
		{"Cible à atteindre : valeur", label{kind: targetLabel, rest: "valeur"}},
		{"Tijdschema: 2025", label{kind: deadlineLabel, rest: "2025"}},
		{"Deadline - 2025", label{kind: deadlineLabel, rest: "2025"}},
		{"Termijn: 2025", label{kind: deadlineLabel, rest: "2025"}},
		{"Calendrier : 2025", label{kind: deadlineLabel, rest: "2025"}},
		{"Échéance : 2025", label{kind: deadlineLabel, rest: "2025"}},
		{"ÉCHÉANCE : 2025", label{kind: deadlineLabel, rest: "2025"}},
		{"KPI 1: aantal", label{kind: kpiLabel, number: 1, rest: "aantal"}},
		{"KPI 3 – percentage", label{kind: kpiLabel, number: 3, rest: "percentage"}},
		{"Doelstellingen:", label{kind: goalsLabel}},
		{"Doelstellingen", label{kind: goalsLabel, bare: true}},
		{"Objectifs\u00a0:", label{kind: goalsLabel}},
		{"Bijdrage aan de transversale doelstellingen", label{kind: sectionLabel, bare: true}},
		{"Objectifs stratégiques", label{kind: sectionLabel, bare: true}},

		// sentences that only begin like a label
		{"doelstellingen.", label{}},
		{"termijnen worden verlengd", label{}},
		{"Deadline wordt later bepaald", label{}},
		{"Streefwaarden zijn nodig", label{}},
		{"Meetpunt 3.2 en 3.3 worden samen bekeken", label{}},
		{"Meetpunt met betrekking tot de bijdrage", label{}},
		{"Meetpunt 1.100: te veel", label{}},
		{"Strategische doelstellingen van de dienst", label{}},
		{"transversale doelstelling 3 en 4 gelden", label{}},
		{"Doelstellingen van het bestuur", label{}},
	} {
		got, ok := readLabel(test.line)
		if ok != (test.want.kind != noLabel) {
			t.Errorf("%q: found %v %+v", test.line, ok, got)
			continue
		}
		got.lang, got.length = "", 0
		if got != test.want {
			t.Errorf("%q: got %+v, want %+v", test.line, got, test.want)
		}
	}
}

// TestTheLetterInAnotherHand writes the letter with other bullets, dashes,
// quotes and spaces; the draft must be the same but for these.
func TestTheLetterInAnotherHand(t *testing.T) {
	letter := string(fixture(t, dutchLetter))
	want, _, _ := Read(letter, Options{})
	for name, change := range map[string]*strings.Replacer{
		"bullets":       strings.NewReplacer("• ", "▪\t", "\n- ", "\n– "),
		"old bullets":   strings.NewReplacer("• ", "\uf0b7  ", "\n- ", "\n* "),
		"no bullets":    strings.NewReplacer("• ", "", "\n-  \n", "\n\n"),
		"dashes":        strings.NewReplacer("streefwaarde:", "streefwaarde –", "Tijdschema:", "Tijdschema —", "nr. 1:", "nr. 1 -"),
		"french spaces": strings.NewReplacer("streefwaarde:", "streefwaarde\u00a0:", "target:", "target\u202f:", "Deadline:", "Deadline :"),
		"capitals":      strings.NewReplacer("Meetpunt ", "MEETPUNT ", "Tijdschema", "TIJDSCHEMA"),
		"other words":   strings.NewReplacer("Te bereiken streefwaarde", "Streefwaarde", "Te behalen target", "Target", "Tijdschema", "Termijn", "SD nr. ", "SD"),
		"quotes":        strings.NewReplacer("‘", "'", "’", "'", "“", `"`, "”", `"`),
		"spaces":        strings.NewReplacer("\n", "   \n", ": ", ":   "),
		"tabs":          strings.NewReplacer("\n- ", "\n\t-\t", "• ", "  •\t"),
		"soft hyphens":  strings.NewReplacer("werkzoekenden", "werk\u00adzoekenden"),
		"page numbers":  strings.NewReplacer("\n\n\n\nMeetpunt", "\n\n7\n\nMeetpunt", "\n\n\n\nTe bereiken", "\n\nPagina 3 van 11\n\n\fTe bereiken"),
		"decomposed":    strings.NewReplacer("é", "e\u0301", "ë", "e\u0308", "ö", "o\u0308"),
	} {
		text := change.Replace(letter)
		if text == letter {
			t.Fatalf("%s changes nothing", name)
		}
		got, _, cover := Read(text, Options{})
		if lost := cover.Lost(); len(lost) > 0 {
			t.Errorf("%s: lost %v", name, lost)
		}
		if got.Counts() != want.Counts() {
			t.Errorf("%s: %+v", name, got.Counts())
		}
		for _, d := range Compare(want, got) {
			t.Errorf("%s: %s %s: %q / %q", name, d.Key, d.Change, d.Old.NL, d.New.NL)
		}
	}
}

func TestHyphensAtLineEnds(t *testing.T) {
	for _, test := range []struct {
		name, text, want string
		unsure           bool
	}{
		{"written with it elsewhere", "informatie-\nuitwisseling of informatie-uitwisseling", "informatie-uitwisseling of informatie-uitwisseling", false},
		{"written without it elsewhere", "tewerk-\nstelling of tewerkstelling", "tewerkstelling of tewerkstelling", false},
		{"soft", "tewerk\u00ad\nstelling", "tewerkstelling", false},
		{"before a capital", "Bruxelles-\nCapitale", "Bruxelles-Capitale", false},
		{"suspended", "taal-\nen beroepsvaardigheden", "taal- en beroepsvaardigheden", false},
		{"a dash", "het hele jaar -\nafhankelijk", "het hele jaar - afhankelijk", false},
		{"a dash that begins a line", "het hele jaar\n- afhankelijk", "het hele jaar - afhankelijk", false},
		{"hyphen that begins a line", "plannen of\n-overeenkomsten", "plannen of -overeenkomsten", false},
		{"no other place tells", "reken-\nplichtig", "reken-plichtig", true},
	} {
		d, found, _ := Read("SD nr. 1: "+test.text, Options{Lang: bilingual.NL})
		if got := d.Objectives[0].Title.NL; got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
		if hasFinding(found, UnsureHyphen) != test.unsure {
			t.Errorf("%s: findings %v", test.name, found)
		}
	}
}

// TestWhatIsWrongIsSaid breaks a small letter in one way at a time.
func TestWhatIsWrongIsSaid(t *testing.T) {
	const sound = "Strategische doelstellingen voor het mandaat A5 Directeur bij Actiris, 2024-2029\n\n" +
		"SD nr. 1: Doel\n\nMeetpunt 1.1: Punt\n\nTe bereiken streefwaarde: waarde\n\nTijdschema: 2025\n"
	if _, found, _ := Read(sound, Options{}); len(found) != 0 {
		t.Fatalf("the sound letter has findings: %v", found)
	}
	for _, test := range []struct {
		name, old, new, code string
		line                 int
	}{
		{"text between", "Te bereiken", "Zomaar een zin.\n\nTe bereiken", NotUnderstood, 7},
		{"text before", "SD nr. 1", "Geachte heer\n\nSD nr. 1", NotUnderstood, 3},
		{"other objective's number", "Meetpunt 1.1", "Meetpunt 2.1", NumberMismatch, 5},
		{"number twice", "Tijdschema: 2025\n", "Tijdschema: 2025\n\nMeetpunt 1.1: Nog een\n", DuplicateNumber, 11},
		{"point before any objective", "SD nr. 1: Doel", "Meetpunt 9.9: Wees\n\nSD nr. 1: Doel", WithoutParent, 3},
		{"target before any point", "Meetpunt 1.1: Punt", "Target: wees\n\nMeetpunt 1.1: Punt", WithoutParent, 5},
		{"two deadlines", "Tijdschema: 2025\n", "Tijdschema: 2025\nDeadline: 2026\n", SecondDeadline, 10},
		{"no deadline", "Tijdschema: 2025", "", TargetWithoutDeadline, 7},
		{"no target", "Te bereiken streefwaarde: waarde\n\nTijdschema: 2025", "", PointWithoutTarget, 5},
		{"second comes first", "Te bereiken", "Tweede te bereiken", OrdinalMismatch, 7},
		{"empty target", "streefwaarde: waarde", "streefwaarde:", EmptyText, 7},
		{"no heading", "Strategische doelstellingen voor het mandaat A5 Directeur bij Actiris, 2024-2029", "2024-2029 Pagina", NoMandateHeading, 1},
		{"objective twice", "Tijdschema: 2025\n", "Tijdschema: 2025\n\nSD nr. 1: Anders\n\nMeetpunt 1.2: Meer\n", DuplicateObjective, 11},
		{"other institution", ": waarde", ": waarde voor Net Brussel", ForeignInstitution, 7},
		{"empty bullet", "Meetpunt 1.1", "-\n\nMeetpunt 1.1", EmptyBullet, 5},
	} {
		text := strings.Replace(sound, test.old, test.new, 1)
		_, found, cover := Read(text, Options{})
		ok := false
		for _, f := range found {
			ok = ok || f.Code == test.code && f.Line == test.line
		}
		if !ok {
			t.Errorf("%s: no %s at line %d in %v", test.name, test.code, test.line, found)
		}
		if lost := cover.Lost(); len(lost) > 0 {
			t.Errorf("%s: lost %v", test.name, lost)
		}
	}
	_, found, _ := Read(sound, Options{Institution: "Bruxelles Environnement"})
	if !hasFinding(found, InstitutionDiffers) {
		t.Errorf("another institution than asked for: %v", found)
	}
	_, found, _ = Read(strings.Replace(sound, "waarde\n", "waarde voor talent.brussels en ACTIRIS\n", 1), Options{})
	if hasFinding(found, ForeignInstitution) {
		t.Errorf("talent.brussels serves every institution: %v", found)
	}
}
