package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/monitoring"
)

func TestVerifyReadsTheTableOfABody(t *testing.T) {
	s, err := monitoring.NewSigner()
	if err != nil {
		t.Fatal(err)
	}
	half := calendar.HalfYear{Year: 2026, Half: 1}
	table := monitoring.RoundTable{
		Institution: monitoring.Institution{Code: "ACTIRIS", Name: bilingual.New(bilingual.NL, "Actiris")},
		Body:        monitoring.Body{Code: "DR", Name: bilingual.New(bilingual.NL, "Directieraad").With(bilingual.FR, "Conseil de direction", bilingual.Original)},
		Period:      half, Dates: monitoring.UsualDates(half),
		Mandates: []monitoring.RoundLine{{Mandate: monitoring.Mandate{Code: "ACTIRIS-A4-EL"}, Number: "DR-2026-H1-001", SHA256: monitoring.Digest(nil), Reported: 27, Owed: 28}},
	}
	doc, seal, err := s.SealRound(table, monitoring.Sealing{Number: "DR-2026-H1", Version: 1, SealedAt: time.Date(2026, 9, 11, 7, 14, 0, 0, time.UTC), SealedBy: "Saar Specimen"})
	if err != nil {
		t.Fatal(err)
	}
	file, err := monitoring.Envelope(doc, &seal)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "tabel.json")
	for _, c := range []struct {
		name, from, to string
		code           int
		nl, fr         string
	}{
		{"intact", "", "", 0, "Tabel van Directieraad, Actiris", "Tableau de Conseil de direction, Actiris"},
		{"names the sealed tables", "", "", 0, "ACTIRIS-A4-EL: DR-2026-H1-001, 27 van 28", "DR-2026-H1-001, 27 sur 28"},
		{"altered", `"reported":27`, `"reported":28`, 1, "- Mandaten (ACTIRIS-A4-EL/reported)", "- Mandats (ACTIRIS-A4-EL/reported)"},
	} {
		if err := os.WriteFile(path, []byte(strings.Replace(string(file), c.from, c.to, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		for lang, want := range map[bilingual.Lang]string{bilingual.NL: c.nl, bilingual.FR: c.fr} {
			code, said := verify(t, VerifyCmd{File: path, Key: []string{s.Public().String()}}, lang)
			if code != c.code || !strings.Contains(said, want) || strings.Contains(said, "⟨") {
				t.Errorf("%s, %s: exit %d, %q; want exit %d, %q", c.name, lang, code, said, c.code, want)
			}
		}
	}
}
