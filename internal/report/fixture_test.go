package report

import (
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/duty"
	"jalon/internal/locale"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
)

var catalogues = locale.MustLoad()

func both(nl, fr string) bilingual.Text {
	return bilingual.New(bilingual.NL, nl).With(bilingual.FR, fr, bilingual.Working)
}

func code(s string) mandate.Code {
	c, err := mandate.ParseCode(s)
	if err != nil {
		panic(err)
	}
	return c
}

func entry0(status progress.Status, achieved string) *monitoring.Entry {
	return &monitoring.Entry{
		ID: 77, Status: status, AsOf: calendar.MustDate(2026, 6, 15), RecordedAt: time.Date(2026, 6, 16, 8, 2, 0, 0, time.UTC),
		Author: "Jo Specimen", OnBehalfOf: "Dominique Voorbeeld", Achieved: achieved, Lang: bilingual.NL,
	}
}

// noted is the sample in the second form.
func noted() monitoring.Table {
	t := sample()
	t.Form = 2
	at := time.Date(2026, 9, 11, 7, 30, 0, 0, time.UTC)
	first, before := t.Rows[0], t.Period.Previous()
	answer := &duty.Reply{Text: "Le protocole est signé.", Lang: bilingual.FR, By: "Jo Specimen", OnBehalfOf: "Dominique Voorbeeld", At: at}
	notes := monitoring.Notes{Decisions: []monitoring.Decision{
		{ID: 1, Code: first.Code, Period: before, Kind: monitoring.Asks, Text: "Waar blijft het protocol?", Lang: bilingual.NL, Due: calendar.MustDate(2026, 3, 1), By: "Saar Specimen", At: at, Answer: answer},
		{ID: 2, Code: first.Code, Period: before, Kind: monitoring.Asks, Text: "=Welke dossiers?", Lang: bilingual.NL, Due: calendar.MustDate(2026, 3, 1), By: "Saar Specimen", At: at},
		{ID: 3, Code: first.Code, Period: t.Period, Kind: monitoring.Noted, Lang: bilingual.NL, By: "Saar Specimen", At: at},
		{ID: 4, Code: first.Code, Period: t.Period, Kind: monitoring.Asks, Text: "Wanneer is het overleg?", Lang: bilingual.NL, Due: calendar.MustDate(2026, 12, 1), By: "Saar Specimen", At: at},
		{ID: 5, Code: first.Code, Period: t.Period, Kind: monitoring.Decides, Text: "Het traject loopt door.", Lang: bilingual.NL, By: "Saar Specimen", At: at},
	}, Evidence: map[int64][]monitoring.Proof{}}
	for _, r := range t.Rows {
		if r.Now.Entry != nil {
			notes.Evidence[r.Now.Entry.ID] = []monitoring.Proof{{Name: "verslag.pdf", SHA256: strings.Repeat("ab", 32)}, {SHA256: strings.Repeat("cd", 32), Confidential: true}}
		}
	}
	return t.With(notes)
}

// sample has a row for each kind of cell: every state of a text, a formula, a
// number, silence, a correction, an entry in the other language.
func sample() monitoring.Table {
	employment := both("Bijdragen tot de tewerkstelling.", "Contribuer à l’emploi.")
	cooperation := both("Samenwerken.", "Coopérer.")
	point := both("Operationele doelstellingen bepalen.", "Définir des objectifs opérationnels.")
	always := monitoring.DeadlineCell{Text: both("doorlopend", "en continu"), Reading: "always", Words: both("in elk semester", "chaque semestre"), Due: calendar.MustDate(2026, 6, 30), Confirmed: true}
	share, count := decimal.RequireFromString("62.5"), decimal.RequireFromString("-1234.75")
	full := entry0(progress.SupportNeeded, "=HYPERLINK(\"http://x\")\nTweede alinea.")
	full.Obstacles, full.NextSteps = "Toegang tot dossiers ontbreekt.", "-2+3 overleg"
	full.SupportAsked, full.SupportOf, full.SupportBy = "Een protocol", "de Directieraad", calendar.MustDate(2027, 3, 31)
	full.Percentage, full.Value, full.Supersedes, full.CorrectionReason = &share, &count, 70, "tikfout"
	french := entry0(progress.OnTrack, "Trois délégations, signalées avant et après.")
	french.Lang, french.OnBehalfOf = bilingual.FR, ""
	nothing := entry0(progress.NothingToReport, "")
	nothing.Reason = "Geen dossiers dit semester."
	return monitoring.Table{
		Software:    "jalon test",
		Institution: monitoring.Institution{Code: "ACTIRIS", Name: bilingual.New(bilingual.NL, "Actiris").With(bilingual.FR, "Actiris", bilingual.Original)},
		Body:        monitoring.Body{Code: "DR", Name: both("Directieraad", "Conseil de direction")},
		Mandate:     monitoring.Mandate{Code: "ACTIRIS-A4-EL", Rank: "A4", Title: both("Directeur-diensthoofd Werkzoekenden – algemene diensten van de eerste lijn", "Directeur-chef de service Chercheurs d’emploi – services généraux de première ligne")},
		Holder:      monitoring.Holder{Name: "Dominique Voorbeeld", Interim: true},
		Period:      calendar.HalfYear{Year: 2026, Half: 1},
		AsOf:        calendar.MustDate(2026, 6, 30),
		Previous:    &monitoring.Reference{Number: "DR-2025-H2-001", Version: 1, SHA256: monitoring.Digest(nil), Period: calendar.HalfYear{Year: 2025, Half: 2}},
		Rows: []monitoring.Row{
			{Code: code("S1.1-1"), Objective: employment, Point: point, Target: both("De indicatoren regelmatig controleren.", "Contrôler régulièrement les indicateurs."), Deadline: always, Then: monitoring.Cell{Status: progress.Attention}, Now: monitoring.Cell{Status: progress.OnTrack, Entry: entry0(progress.OnTrack, "Scorebord besproken.")}, Trend: monitoring.Up},
			{Code: code("S1.1-2"), Objective: employment, Point: point, Target: bilingual.New(bilingual.NL, "Alleen Nederlands."), Deadline: always, Then: monitoring.Cell{Status: progress.Attention}, Now: monitoring.Cell{Status: progress.SupportNeeded, Entry: full}, Trend: monitoring.Down},
			{
				Code: code("S1.2-1"), Objective: employment, Point: both("Een nota.", "Une note."), Target: both("Nota met samenvatting.", "Note de synthèse.").With(bilingual.FR, "Note.", bilingual.Outdated),
				Deadline: monitoring.DeadlineCell{Text: both("december 2025", "décembre 2025"), Reading: "by 2025-12-31{m}", Words: both("uiterlijk op 31 december 2025", "au plus tard le 31 décembre 2025"), Due: calendar.MustDate(2025, 12, 31)},
				Then:     monitoring.Cell{Status: progress.OnTrack}, Now: monitoring.Cell{Status: progress.Late}, Trend: monitoring.Down,
				Missed: []monitoring.Duty{{Due: calendar.MustDate(2025, 12, 31)}, {Due: calendar.MustDate(2026, 3, 31)}},
			},
			{Code: code("T4.7-1"), Objective: cooperation, Point: both("Informatie doorgeven.", "Transmettre l’information."), Target: both("Een databank.", "Une banque de données."), Deadline: always, Then: monitoring.Cell{Status: progress.NotReported}, Now: monitoring.Cell{Status: progress.OnTrack, Entry: french}, Trend: monitoring.Up},
			{Code: code("T4.8-1"), Objective: cooperation, Point: both("Stages.", "Stages."), Target: both("Twee stages.", "Deux stages."), Deadline: always, Now: monitoring.Cell{Status: progress.NothingToReport, Entry: nothing}, Trend: monitoring.None},
			{Code: code("T4.9-1"), Objective: cooperation, Point: both("Toegankelijkheid.", "Accessibilité."), Target: both("Toegankelijk.", "Accessible."), Deadline: always, Then: monitoring.Cell{Status: progress.OnTrack}, Now: monitoring.Cell{Status: progress.NotReported}, Trend: monitoring.Down},
		},
	}
}

func newSigner(t testing.TB) monitoring.Signer {
	t.Helper()
	s, err := monitoring.NewSigner()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func sealedBy(t testing.TB, s monitoring.Signer, table monitoring.Table) Monitoring {
	t.Helper()
	doc, seal, err := s.Seal(table, monitoring.Sealing{Number: "DR-2026-H1-001", Version: 1, SealedAt: time.Date(2026, 9, 11, 7, 14, 0, 0, time.UTC), SealedBy: "Saar Specimen"})
	if err != nil {
		t.Fatal(err)
	}
	m, err := Sealed(doc, seal)
	if err != nil {
		t.Fatal(err)
	}
	return m
}
