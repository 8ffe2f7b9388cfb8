package report

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jalon/internal/archive"
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/deadline"
	"jalon/internal/document"
	"jalon/internal/duty"
	"jalon/internal/evaluation"
	"jalon/internal/evidence"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
)

// file is a dossier with a correction, a predecessor, evidence, a question with
// its answer, a report, an opinion and a reply.
func file(t testing.TB) Dossier {
	t.Helper()
	at := time.Date(2026, 6, 16, 8, 2, 0, 0, time.UTC)
	target := mandate.Target{ID: 7, Code: code("S1.1-1"), Text: both("De indicatoren controleren.", "Contrôler les indicateurs."), Deadline: mandate.Deadline{Text: both("doorlopend", "en continu")}}
	m := mandate.Mandate{
		ID: 3, Code: "M-A4", Rank: "A4", Title: both("Directeur", "Directeur"), Institution: mandate.Institution{Code: "I", Name: both("Instelling", "Institution")},
		Objectives: []mandate.Objective{{ID: 1, Code: code("S1"), Title: bilingual.New(bilingual.NL, "Tewerkstelling."), Points: []mandate.MeasurementPoint{{ID: 2, Code: code("S1.1"), Text: both("Doelstellingen.", "Objectifs."), Targets: []mandate.Target{target}}}}},
	}
	entry := func(id int64, on calendar.Date, status progress.Status, said string, supersedes int64) progress.Entry {
		return progress.Entry{ID: id, TargetID: 7, Status: status, AsOf: on, RecordedAt: at, Author: "Jo Specimen", Achieved: said, Lang: bilingual.NL, Supersedes: supersedes}
	}
	before := entry(10, calendar.MustDate(2025, 6, 30), progress.OnTrack, "Van de voorganger.", 0)
	wrong := entry(11, calendar.MustDate(2026, 6, 30), progress.OnTrack, "Twaalf.", 0)
	right := entry(12, calendar.MustDate(2026, 6, 30), progress.Attention, "Elf.", 11)
	right.Obstacles, right.OutsideControl, right.CorrectionReason = "Geen toegang.", true, "tikfout"
	proof := evidence.File{ID: 5, SHA256: strings.Repeat("ab", 32), Size: 9, Kind: evidence.PDF, Name: "nul.verslag.pdf", AddedBy: "Jo Specimen", AddedAt: at}
	asked := evaluation.BodyDecision{Body: both("Directieraad", "Conseil de direction"), Decision: monitoring.Decision{
		ID: 4, Code: target.Code, Period: calendar.HalfYear{Year: 2026, Half: 1}, Kind: monitoring.Asks, Text: "Waarom?", Lang: bilingual.NL, Due: calendar.MustDate(2026, 9, 1), By: "Saar", At: at,
		Answer: &duty.Reply{Text: "Daarom.", Lang: bilingual.NL, By: "Jo Specimen", At: at},
	}}
	record := evaluation.NewTenureRecord(evaluation.Material{
		Sheet: progress.Sheet{Mandate: m, AsOf: calendar.MustDate(2026, 9, 30)}, Fixed: m, FixedOn: calendar.MustDate(2025, 9, 15),
		Holder: mandate.Tenure{PersonID: 1, Name: "Elke Voorbeeld", From: calendar.MustDate(2025, 9, 15), Interim: true},
		From:   calendar.MustDate(2025, 9, 15), Until: calendar.MustDate(2026, 9, 30), Entries: []progress.Entry{before, wrong, right},
		Proofs: map[int64][]evaluation.Exhibit{7: {{File: &proof, EntryID: 12}}}, Decisions: []evaluation.BodyDecision{asked},
	})
	said := func(kind evaluation.SourceKind, id int64, by, text string) Writing {
		return Writing{Source: evaluation.Source{Kind: kind, ID: id, Version: 1, On: calendar.MustDate(2026, 9, 1), At: at, By: by}, Lang: bilingual.NL, Sections: []WrittenSection{{Text: text}}}
	}
	report := said(evaluation.FromReport, 1, "Elke Voorbeeld", "Elf dossiers afgewerkt. [#12]")
	report.Sections[0].Part, report.Sections[0].Title = code("S1"), both("Resultaat", "Résultat")
	opinion := said(evaluation.FromOpinion, 1, "Minister", "Voldoet.")
	opinion.Capacity = "minister"
	opinion.Replies = []Writing{said(evaluation.FromRightReply, 1, "Elke Voorbeeld", "Dat is te kort.")}
	return Dossier{ID: 9, Kind: both("Tussentijdse evaluatie", "Évaluation intermédiaire"), Lang: bilingual.NL, Record: record, Written: []Writing{report, opinion}}
}

func bytesOf(t testing.TB, d Dossier, f Format, lang bilingual.Lang) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := d.Write(&b, f, catalogues.In(lang)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// wordsOf gives the words of all paragraphs and cells of the text document.
func wordsOf(t testing.TB, d Dossier, lang bilingual.Lang) (all []string, w document.Written) {
	t.Helper()
	w, err := document.ReadDOCX(bytesOf(t, d, DOCX, lang))
	if err != nil {
		t.Fatal(err)
	}
	all = append(all, w.Paragraphs...)
	for _, table := range w.Tables {
		for _, row := range table {
			all = append(all, row...)
		}
	}
	return all, w
}

var footnote = regexp.MustCompile(`\x{a0}\[([0-9]+(?:,\x{a0}[0-9]+)*)\]`)

// Every number between brackets is in the list of sources, and every source of
// what was reported, decided, proven and written is referred to.
func TestEveryFootnoteResolves(t *testing.T) {
	d := file(t)
	for _, lang := range bilingual.Langs {
		sources := d.in(catalogues.In(lang)).sources.All
		cited := map[int]bool{}
		all, _ := wordsOf(t, d, lang)
		for _, text := range all {
			for _, m := range footnote.FindAllStringSubmatch(text, -1) {
				for _, n := range strings.Split(m[1], ",\u00a0") {
					number, _ := strconv.Atoi(n)
					if number < 1 || number > len(sources) {
						t.Errorf("%s: [%s] has no source: %s", lang, n, text)
					}
					cited[number] = true
				}
			}
		}
		for i, s := range sources {
			if s.ID == 0 || s.Version < 1 || s.On.IsZero() {
				t.Errorf("%s: source %d is not found by it: %+v", lang, i+1, s)
			}
			if !cited[i+1] {
				t.Errorf("%s: source %d, %s, is referred to nowhere", lang, i+1, s.Key())
			}
		}
	}
}

// A successor's dossier starts at theirs: it quotes nothing of the predecessor.
func TestADossierHoldsNothingOfThePredecessor(t *testing.T) {
	d := file(t)
	if got := len(d.Record.Targets[0].Entries); got != 2 {
		t.Fatalf("%d entries, want the two of the tenure", got)
	}
	for _, f := range []Format{DOCX, JSON} {
		content := string(bytesOf(t, d, f, bilingual.NL))
		if f == DOCX {
			all, _ := wordsOf(t, d, bilingual.NL)
			content = strings.Join(all, "\n")
		}
		if strings.Contains(content, "voorganger") || !strings.Contains(content, "Elf.") || !strings.Contains(content, "Twaalf.") {
			t.Errorf("%s: the wrong entries", f)
		}
	}
	if d.Record.Targets[0].Entries[0].CorrectedBy != 12 || d.Record.Targets[0].Entries[1].Number != 2 {
		t.Error("the correction is not marked")
	}
}

// The state of a duty stands on paper in whole words.
func TestTheStateOfADutyIsNotCut(t *testing.T) {
	d := file(t)
	one := &d.Record.Targets[0]
	for _, s := range duty.States {
		one.Duties = append(one.Duties, duty.Duty{Target: &one.Target, Due: calendar.MustDate(2026, 6, 30), State: s})
	}
	for _, lang := range bilingual.Langs {
		lines := printedLines(t, bytesOf(t, d, PDF, lang))
		for _, s := range duty.States {
			for _, word := range strings.Fields(catalogues.In(lang).DutyState(s)) {
				if !strings.Contains(lines, word) {
					t.Errorf("%s: %q is cut", lang, word)
				}
			}
		}
	}
}

// The reply of the holder stands in every form, wherever the opinion does.
func TestTheReplyIsNeverLeftOut(t *testing.T) {
	d := file(t)
	for _, lang := range bilingual.Langs {
		all, _ := wordsOf(t, d, lang)
		book, err := document.ReadXLSX(bytesOf(t, d, XLSX, lang))
		if err != nil {
			t.Fatal(err)
		}
		cells := ""
		for _, s := range book.Sheets {
			for _, row := range s.Rows {
				cells += strings.Join(row, "\t") + "\n"
			}
		}
		for f, text := range map[Format]string{DOCX: strings.Join(all, "\n"), XLSX: cells, JSON: string(bytesOf(t, d, JSON, lang))} {
			if !strings.Contains(text, "Voldoet.") || !strings.Contains(text, "Dat is te kort.") {
				t.Errorf("%s %s: the opinion or its reply is missing", lang, f)
			}
		}
	}
}

func TestTheSameDossierGivesTheSameBytes(t *testing.T) {
	d := file(t)
	for _, f := range DossierFormats {
		if !bytes.Equal(bytesOf(t, d, f, bilingual.FR), bytesOf(t, d, f, bilingual.FR)) {
			t.Errorf("%s differs", f)
		}
	}
}

// What the other language lacks stands on the last page.
func TestTheLastPageListsWhatIsNotTranslated(t *testing.T) {
	all, w := wordsOf(t, file(t), bilingual.FR)
	last := w.Tables[len(w.Tables)-1]
	found := false
	for _, row := range last {
		found = found || row[0] == "OS1" && strings.Contains(row[2], "manquant")
	}
	if !found {
		t.Errorf("the title that exists in Dutch alone is not listed: %v", last)
	}
	if text := strings.Join(all, "\n"); !strings.Contains(text, "Tewerkstelling.") {
		t.Error("it is not shown either")
	}
}

// Data and workbook count the same.
func TestDataAndWorkbookHaveTheSameNumbers(t *testing.T) {
	d := file(t)
	var data wireDossier
	if err := json.Unmarshal(bytesOf(t, d, JSON, bilingual.NL), &data); err != nil {
		t.Fatal(err)
	}
	book, err := document.ReadXLSX(bytesOf(t, d, XLSX, bilingual.NL))
	if err != nil {
		t.Fatal(err)
	}
	p := catalogues.In(bilingual.NL)
	row := book.Sheets[0].Rows[1]
	want := []string{"SD1.1-1", strconv.Itoa(data.Targets[0].Owed), strconv.Itoa(data.Targets[0].Kept), strconv.Itoa(data.Targets[0].Missed)}
	for _, s := range data.Targets[0].Line {
		want = append(want, p.Status(s.Status)+"\u00a0["+strconv.Itoa(s.Source)+"]")
	}
	got := append([]string{row[0]}, row[6:]...)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Names of evidence are safe on every system, and each is there once.
func TestNamesOfEvidenceAreSafe(t *testing.T) {
	d := file(t)
	files := d.Evidence(catalogues.In(bilingual.NL))
	if len(files) != 1 || files[0].Path != "bewijsstukken/0001-S1.1-1-_nul.verslag.pdf" {
		t.Errorf("%+v", files)
	}
	proof := d.Record.Targets[0].Evidence[0].File
	for _, name := range []string{"d\ufffdactivit\ufffd.pdf", "e\u200d\u0301.pdf", "\u202efdp.pdf", "a .pdf", strings.Repeat("é", 146) + ".pdf", strings.Repeat("a.", 73) + ".pdf", "\U0001F469\u200D\U0001F4BC.pdf"} {
		proof.Name = name // also as it was kept before
		for _, lang := range bilingual.Langs {
			if path := d.Evidence(catalogues.In(lang))[0].Path; !archive.SafePath(path) {
				t.Errorf("%q: the dossier cannot be written with %q", name, path)
			}
		}
	}
	d.Closed = true
	d.Record.Targets[0].Evidence[0].File.Confidential = true
	if len(d.Evidence(catalogues.In(bilingual.NL))) != 0 || strings.Contains(string(bytesOf(t, d, JSON, bilingual.NL)), "verslag.pdf") {
		t.Error("a closed dossier names a confidential file")
	}
}

// What the report quotes is marked where it was corrected since, with the number
// of what corrects it; an opinion is its author's, whoever recorded it.
func TestAQuoteThatChangedIsMarkedAndAnOpinionIsItsAuthors(t *testing.T) {
	d := file(t)
	d.Written[0].Sections[0].Text = "Twaalf dossiers afgewerkt. [#11]"
	d.Written[0].Changed = []evaluation.Quote{{EntryID: 11, ChangedBy: 12, Target: code("S1.1-1"), AsOf: calendar.MustDate(2026, 6, 30), ChangedAt: time.Date(2026, 9, 2, 8, 0, 0, 0, time.UTC)}}
	d.Written[1].By, d.Written[1].For = "Officier", "Minister"
	p := catalogues.In(bilingual.NL)
	wrong, right := 0, 0
	for i, s := range d.in(p).sources.All {
		switch {
		case s.Kind == evaluation.FromEntry && s.ID == 11:
			wrong = i + 1
		case s.Kind == evaluation.FromEntry && s.ID == 12:
			right = i + 1
		}
	}
	all, _ := wordsOf(t, d, bilingual.NL)
	text := strings.Join(all, "\n")
	for _, want := range []string{
		"afgewerkt." + bracket(wrong) + " (nadien verbeterd" + bracket(right) + ")",
		"De melding van bron " + strconv.Itoa(wrong) + " (SD1.1-1, 30/06/2026) werd na het verslag verbeterd",
		"Minister, 01/09/2026; vastgelegd door Officier op 16/06/2026 10:02",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the dossier does not say %q", want)
		}
	}
}

// An institution orders and names the chapters; none can be left out.
func TestTheChaptersAreData(t *testing.T) {
	d := file(t)
	own := evaluation.UsualChapters()
	own[0], own[6] = own[6], own[0]
	own[0].Title = both("Verslag volgens het model", "Rapport selon le modèle")
	if err := own.Check(); err != nil {
		t.Fatal(err)
	}
	d.Chapters = own
	all, _ := wordsOf(t, d, bilingual.FR)
	first, later := slices.Index(all, "1 Rapport selon le modèle"), slices.Index(all, "7 "+catalogues.In(bilingual.FR).T("dossier.chapter.objectives"))
	if first < 0 || later < first {
		t.Errorf("the chapters stand at %d and %d of\n%s", first, later, strings.Join(all, "\n"))
	}
	for _, wrong := range []evaluation.Chapters{own[1:], append(own[:9:9], own[0]), append(append(own[:8:8], own[9]), own[8])} {
		if wrong.Check() == nil {
			t.Errorf("%v pass", wrong)
		}
	}
	for _, code := range evaluation.ChapterCodes {
		if chapters[code] == nil {
			t.Errorf("nothing fills chapter %s", code)
		}
	}
}

// An amended deadline is told apart from the target that it belongs to, as written and as read.
func TestAnAmendedDeadlineIsShownAsItWasRead(t *testing.T) {
	d := file(t)
	words := both("december 2027", "décembre 2027")
	d.Record.Amendments = []mandate.Amendment{{ID: 1, EffectiveOn: calendar.MustDate(2026, 7, 1), Reason: "Nieuwe antennes", Changes: []mandate.Change{
		{Kind: mandate.OnTarget, Name: "S1.1-2", After: both("Een antenne openen.", "Ouvrir une antenne.")},
		{Kind: mandate.OnDeadline, Name: "S1.1-2", After: words, Deadline: &mandate.Deadline{Text: words, Reading: deadline.Read(words.NL, bilingual.NL)}},
	}}}
	for lang, want := range map[bilingual.Lang][]string{
		bilingual.NL: {"S1.1-2 · Tijdschema", "december 2027", "Gelezen als: uiterlijk 31/12/2027 (december 2027) · lezing nog niet bevestigd"},
		bilingual.FR: {"S1.1-2 · Calendrier", "décembre 2027", "Lu comme : au plus tard le 31/12/2027 (décembre 2027) · lecture pas encore confirmée"},
	} {
		all, _ := wordsOf(t, d, lang)
		text := strings.ReplaceAll(strings.Join(all, "\n"), "\u00a0", " ")
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%s: the dossier does not say %q", lang, w)
			}
		}
	}
	if data := string(bytesOf(t, d, JSON, bilingual.NL)); !strings.Contains(data, `"kind": "deadline"`) || !strings.Contains(data, `"reading": "by 2027-12-31{m}"`) {
		t.Error("the data does not give the reading")
	}
}
