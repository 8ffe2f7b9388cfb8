package monitoring

import (
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/duty"
	"jalon/internal/mandate"
	"jalon/internal/progress"
)

func both(nl, fr string) bilingual.Text {
	return bilingual.New(bilingual.NL, nl).With(bilingual.FR, fr, bilingual.Working)
}

func mustCode(s string) mandate.Code {
	c, err := mandate.ParseCode(s)
	if err != nil {
		panic(err)
	}
	return c
}

func sample() Table {
	share := decimal.RequireFromString("7.90")
	return Table{
		Form:        firstForm,
		Software:    "jalon test",
		Institution: Institution{"ACTIRIS", both("Actiris", "Actiris")},
		Body:        Body{"DR", both("Directieraad", "Conseil de direction")},
		Mandate:     Mandate{"A4-EL", "A4", both("Directeur-diensthoofd", "Directeur-chef de service")},
		Holder:      Holder{"Dominique Voorbeeld", true},
		Period:      calendar.HalfYear{Year: 2026, Half: 1},
		AsOf:        calendar.MustDate(2026, 6, 30),
		Previous:    &Reference{"DR-2025-H2-001", 1, Digest([]byte("previous")), calendar.HalfYear{Year: 2025, Half: 2}},
		Rows: []Row{
			{
				Code: mustCode("S1.1-1"), Objective: both("Doelstelling", "Objectif"), Point: both("Meetpunt", "Point de mesure"),
				Target:   both("De indicatoren regelmatig controleren.", "Contrôler régulièrement les indicateurs."),
				Deadline: DeadlineCell{both("doorlopend", "en continu"), "always", both("in elk semester", "chaque semestre"), calendar.MustDate(2026, 6, 30), true},
				Then:     Cell{Status: progress.NotReported},
				Now: Cell{progress.OnTrack, &Entry{
					ID: 9007199254740993, TargetID: 11, Status: progress.OnTrack, AuthorID: 4, OnBehalfOfID: 3, AsOf: calendar.MustDate(2026, 6, 15), RecordedAt: time.Date(2026, 6, 16, 8, 2, 3, 4000, time.UTC),
					Author: "Jo Demo", OnBehalfOf: "Dominique Voorbeeld", Percentage: &share,
					Achieved: "Scorebord besproken;\ntwee bijsturingen.", Lang: bilingual.NL,
				}},
				Trend: Up,
			},
			{
				Code: mustCode("T4.7-1"), Objective: bilingual.New(bilingual.NL, "Internationaal"), Target: both("Informatie doorgeven", "Transmettre"),
				Then: Cell{Status: progress.OnTrack}, Now: Cell{Status: progress.NotReported}, Trend: Down,
				Missed: []Duty{{calendar.MustDate(2026, 1, 1), calendar.MustDate(2026, 6, 30), "continuous"}},
			},
		},
	}
}

// noted is the sample in the second form: with what the body said, what it asked
// before, and evidence, one of which is confidential.
func noted() Table {
	t := sample()
	t.Form = currentForm
	at := time.Date(2026, 9, 11, 7, 30, 0, 0, time.UTC)
	before := calendar.HalfYear{Year: 2025, Half: 2}
	return t.With(Notes{
		Decisions: []Decision{
			{
				ID: 1, Code: mustCode("T4.7-1"), Period: before, Kind: Asks, Text: "Wie geeft de informatie door?", Lang: bilingual.NL, Due: calendar.MustDate(2026, 4, 1), By: "Saar Specimen", At: at,
				Answer: &duty.Reply{Text: "In maart.", Lang: bilingual.NL, By: "Jo Demo", OnBehalfOf: "Dominique Voorbeeld", At: at},
			},
			{ID: 2, Code: mustCode("S1.1-1"), Period: before, Kind: Asks, Text: "Welke indicatoren?", Lang: bilingual.NL, Due: calendar.MustDate(2026, 2, 1), By: "Saar Specimen", At: at},
			{ID: 3, Code: mustCode("S1.1-1"), Period: before, Kind: Decides, Text: "Voortdoen.", Lang: bilingual.NL, By: "Saar Specimen", At: at},
			{
				ID: 4, Code: mustCode("S1.1-1"), Period: before, Kind: Asks, Text: "Afgehandeld.", Lang: bilingual.NL, Due: calendar.MustDate(2025, 12, 1), By: "Saar Specimen", At: at,
				Answer: &duty.Reply{Text: "Ja.", Lang: bilingual.NL, By: "Jo Demo", At: time.Date(2025, 12, 1, 9, 0, 0, 0, time.UTC)},
			},
			{ID: 5, Code: mustCode("S1.1-1"), Period: t.Period, Kind: Noted, Lang: bilingual.NL, By: "Saar Specimen", At: at},
			{ID: 6, Code: mustCode("S1.1-1"), Period: t.Period, Kind: Asks, Text: "Wanneer komt het plan?", Lang: bilingual.NL, Due: calendar.MustDate(2026, 12, 1), By: "Saar Specimen", At: at},
		},
		Evidence: map[int64][]Proof{9007199254740993: {{Name: "verslag.pdf", SHA256: strings.Repeat("ab", 32)}, {Name: "geheim.pdf", SHA256: strings.Repeat("cd", 32), Confidential: true}}},
	})
}

func sealing() Sealing {
	return Sealing{Number: "DR-2026-H1-001", Version: 1, SealedAt: time.Date(2026, 9, 11, 7, 14, 0, 0, time.UTC), SealedBy: "Saar Specimen"}
}

func newSigner(t testing.TB) Signer {
	t.Helper()
	s, err := NewSigner()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func sealed(t testing.TB, s Signer) (file, document []byte, seal Seal) {
	t.Helper()
	document, seal, err := s.Seal(sample(), sealing())
	if err != nil {
		t.Fatal(err)
	}
	if file, err = Envelope(document, &seal); err != nil {
		t.Fatal(err)
	}
	return file, document, seal
}

// tables draws arbitrary tables whose texts are in form NFC, as a database keeps them.
func tables() *rapid.Generator[Table] {
	words := rapid.Map(rapid.String(), norm.NFC.String)
	date := rapid.Custom(func(t *rapid.T) calendar.Date {
		if rapid.Bool().Draw(t, "no date") {
			return calendar.Date{}
		}
		return calendar.MustDate(2024, 1, 1).AddDays(rapid.IntRange(0, 4000).Draw(t, "days"))
	})
	instants := rapid.Map(rapid.Int64Range(0, 4e15), func(n int64) time.Time { return time.UnixMicro(n).UTC() })
	state := rapid.SampledFrom([]bilingual.State{bilingual.Original, bilingual.Translated, bilingual.Working, bilingual.Outdated})
	text := rapid.Custom(func(t *rapid.T) bilingual.Text {
		return bilingual.Text{}.With(bilingual.NL, words.Draw(t, "nl"), state.Draw(t, "nl state")).
			With(bilingual.FR, words.Draw(t, "fr"), state.Draw(t, "fr state"))
	})
	number := rapid.Custom(func(t *rapid.T) *decimal.Decimal {
		if rapid.Bool().Draw(t, "none") {
			return nil
		}
		d := decimal.New(rapid.Int64().Draw(t, "digits"), -rapid.Int32Range(0, 12).Draw(t, "scale"))
		d, _ = decimal.NewFromString(d.String()) // the form without trailing zeros
		return &d
	})
	entry := rapid.Custom(func(t *rapid.T) *Entry {
		return &Entry{
			ID: rapid.Int64Min(0).Draw(t, "id"), TargetID: rapid.Int64Min(0).Draw(t, "target"), AuthorID: rapid.Int64Min(0).Draw(t, "author id"), OnBehalfOfID: rapid.Int64Min(0).Draw(t, "behalf id"), Status: rapid.SampledFrom(progress.Entered).Draw(t, "entered"), AsOf: date.Draw(t, "as of"), RecordedAt: instants.Draw(t, "recorded"),
			Author: words.Draw(t, "author"), OnBehalfOf: words.Draw(t, "behalf"), Percentage: number.Draw(t, "percentage"), Value: number.Draw(t, "value"),
			Achieved: words.Draw(t, "achieved"), Obstacles: words.Draw(t, "obstacles"), NextSteps: words.Draw(t, "next"),
			SupportAsked: words.Draw(t, "asked"), SupportOf: words.Draw(t, "of"), SupportBy: date.Draw(t, "by"), Reason: words.Draw(t, "reason"),
			Lang: rapid.SampledFrom(bilingual.Langs[:]).Draw(t, "lang"), Supersedes: rapid.Int64Min(0).Draw(t, "supersedes"), CorrectionReason: words.Draw(t, "correction"),
		}
	})
	said := rapid.Custom(func(t *rapid.T) Decision {
		d := Decision{
			ID: rapid.Int64Min(0).Draw(t, "id"), Code: mustCode("S1.1-1"), Period: calendar.HalfYear{Year: 2025, Half: 2}, Kind: rapid.SampledFrom(DecisionKinds).Draw(t, "kind"),
			Text: words.Draw(t, "text"), Lang: bilingual.FR, Due: date.Draw(t, "due"), By: words.Draw(t, "by"), At: instants.Draw(t, "at"),
		}
		if rapid.Bool().Draw(t, "answered") {
			d.Answer = &duty.Reply{Text: words.Draw(t, "answer"), Lang: bilingual.NL, By: words.Draw(t, "who"), OnBehalfOf: words.Draw(t, "for"), At: instants.Draw(t, "when")}
		}
		return d
	})
	return rapid.Custom(func(t *rapid.T) Table {
		table := sample()
		table.Rows = nil
		table.Form = rapid.SampledFrom([]int{firstForm, currentForm}).Draw(t, "form")
		if table.Form > firstForm && rapid.Bool().Draw(t, "questions") {
			table.Questions = []Decision{said.Draw(t, "question")}
		}
		for i := range rapid.IntRange(0, 4).Draw(t, "rows") {
			r := Row{
				Code: mandate.Code{Kind: mandate.Strategic, Objective: i + 1, Point: 1, Target: 1}, Objective: text.Draw(t, "objective"), Target: text.Draw(t, "target"),
				Deadline: DeadlineCell{text.Draw(t, "deadline"), words.Draw(t, "reading"), text.Draw(t, "words"), date.Draw(t, "due"), rapid.Bool().Draw(t, "confirmed")},
				Now:      Cell{rapid.SampledFrom(progress.Entered).Draw(t, "now"), entry.Draw(t, "entry")}, Trend: None,
			}
			if rapid.Bool().Draw(t, "missed") {
				r.Missed = []Duty{{date.Draw(t, "from"), date.Draw(t, "due"), words.Draw(t, "why")}}
			}
			if table.Form > firstForm {
				r.Now.Entry.OutsideControl = rapid.Bool().Draw(t, "outside")
				r.Evidence = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Proof {
					return Proof{Name: words.Draw(t, "file"), SHA256: Digest([]byte(words.Draw(t, "content")))}
				}), 0, 2).Draw(t, "evidence")
				if len(r.Evidence) == 0 {
					r.Evidence = nil
				}
				for range rapid.IntRange(0, 2).Draw(t, "decisions") {
					r.Decisions = append(r.Decisions, said.Draw(t, "decision"))
				}
			}
			table.Rows = append(table.Rows, r)
		}
		return table
	})
}
