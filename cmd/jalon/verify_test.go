package main

import (
	"archive/zip"
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"aead.dev/minisign"

	"jalon/internal/archive"
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/locale"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
	"jalon/internal/report"
)

// sealedTable gives a small sealed table and its signer.
func sealedTable(t *testing.T) (report.Monitoring, monitoring.Signer) {
	t.Helper()
	code, err := mandate.ParseCode("S1.1-1")
	if err != nil {
		t.Fatal(err)
	}
	text := func(nl, fr string) bilingual.Text {
		return bilingual.New(bilingual.NL, nl).With(bilingual.FR, fr, bilingual.Original)
	}
	table := monitoring.Table{
		Institution: monitoring.Institution{Code: "ACTIRIS", Name: text("Actiris", "Actiris")},
		Body:        monitoring.Body{Code: "DR", Name: text("Directieraad", "Conseil de direction")},
		Mandate:     monitoring.Mandate{Code: "ACTIRIS-A4-EL", Title: text("Directeur", "Directeur")},
		Period:      calendar.HalfYear{Year: 2026, Half: 1},
		AsOf:        calendar.MustDate(2026, 6, 30),
		Rows: []monitoring.Row{{
			Code: code, Objective: text("Doel", "Objectif"), Point: text("Punt", "Point"), Target: text("Een nota.", "Une note."),
			Deadline: monitoring.DeadlineCell{Text: text("doorlopend", "en continu")},
			Now: monitoring.Cell{Status: progress.OnTrack, Entry: &monitoring.Entry{
				ID: 1, AsOf: calendar.MustDate(2026, 6, 1), RecordedAt: time.Date(2026, 6, 2, 8, 0, 0, 0, time.UTC), Author: "Jo", Achieved: "De nota is klaar.", Lang: bilingual.NL,
			}},
			Trend: monitoring.None,
		}},
	}
	s, err := monitoring.NewSigner()
	if err != nil {
		t.Fatal(err)
	}
	doc, seal, err := s.Seal(table, monitoring.Sealing{Number: "DR-2026-H1-001", Version: 1, SealedAt: time.Date(2026, 9, 11, 7, 14, 0, 0, time.UTC), SealedBy: "Saar Specimen"})
	if err != nil {
		t.Fatal(err)
	}
	m, err := report.Sealed(doc, seal)
	if err != nil {
		t.Fatal(err)
	}
	return m, s
}

// verify runs the command and gives its exit code and everything it said.
func verify(t *testing.T, c VerifyCmd, lang bilingual.Lang) (code int, said string) {
	t.Helper()
	var stdout bytes.Buffer
	err := c.Run(&Output{Stdout: &stdout, Stderr: &stdout, Lang: lang})
	var failure Failure
	switch {
	case errors.As(err, &failure):
		return failure.Code, stdout.String() + failure.Message
	case err != nil:
		t.Fatal(err)
	}
	return 0, stdout.String()
}

func save(t *testing.T, m report.Monitoring, f report.Format, edits ...string) string {
	t.Helper()
	var b bytes.Buffer
	if err := m.Write(&b, f, locale.MustLoad().In(bilingual.NL), time.Now()); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "tabel."+string(f))
	if err := os.WriteFile(path, []byte(strings.NewReplacer(edits...).Replace(b.String())), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestVerifyAnswersWithItsExitCode(t *testing.T) {
	m, s := sealedTable(t)
	other, stranger := sealedTable(t)
	key := filepath.Join(t.TempDir(), "key.pub")
	public, err := s.Public().MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(key, public, 0o600); err != nil {
		t.Fatal(err)
	}
	day := calendar.MustDate(2026, 9, 11)
	both := filepath.Join(t.TempDir(), "keys.pub")
	if err := os.WriteFile(both, monitoring.PublishedKeys(stranger.Public(), []monitoring.KeyUse{{PublicKey: s.Public().String(), First: day, Last: day}}), 0o600); err != nil {
		t.Fatal(err)
	}
	text := filepath.Join(t.TempDir(), "tekst.txt")
	if err := os.WriteFile(text, []byte("hallo"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		cmd    VerifyCmd
		code   int
		nl, fr string
	}{
		{"intact JSON", VerifyCmd{File: save(t, m, report.JSON)}, 0, "Ongewijzigd", "Intact"},
		{"intact XLSX", VerifyCmd{File: save(t, m, report.XLSX)}, 0, "DR-2026-H1-001, versie 1", "DR-2026-H1-001, version 1"},
		{"intact PDF", VerifyCmd{File: save(t, m, report.PDF)}, 0, "op 11/09/2026 09:14 door Saar Specimen", "le 11/09/2026 09:14 par Saar Specimen"},
		{"key not compared", VerifyCmd{File: save(t, m, report.JSON)}, 0, "Vergelijk " + s.Public().String(), "Comparez " + s.Public().String()},
		{"key in a file", VerifyCmd{File: save(t, m, report.XLSX), Key: []string{key}}, 0, "Ondertekend met de sleutel die u opgaf", "Signé avec la clé que vous avez donnée"},
		{"key as text", VerifyCmd{File: save(t, m, report.XLSX), Key: []string{s.Public().String()}}, 0, "die u opgaf (" + s.KeyID(), "donnée (" + s.KeyID()},
		{"key in a published list", VerifyCmd{File: save(t, m, report.PDF), Key: []string{both}}, 0, "die u opgaf (" + s.KeyID(), "donnée (" + s.KeyID()},
		{"present key in a published list", VerifyCmd{File: save(t, other, report.JSON), Key: []string{both}}, 0, "die u opgaf (" + stranger.KeyID(), "donnée (" + stranger.KeyID()},
		{"another key", VerifyCmd{File: save(t, m, report.JSON), Key: []string{stranger.Public().String()}}, 1, "Onbekende sleutel", "Clé inconnue"},
		{"altered narrative", VerifyCmd{File: save(t, m, report.JSON, "De nota is klaar.", "De nota is af.")}, 1, "- SD1.1-1, Verwezenlijkt", "- OS1.1-1, Réalisé"},
		{"altered wording", VerifyCmd{File: save(t, m, report.JSON, "Une note.", "Deux notes.")}, 1, "- SD1.1-1, Streefwaarde (fr/words)", "- OS1.1-1, Valeur cible (fr/words)"},
		{"altered number", VerifyCmd{File: save(t, m, report.JSON, "DR-2026-H1-001", "DR-2026-H1-002")}, 1, "- Nummer", "- Numéro"},
		{"altered hash", VerifyCmd{File: save(t, m, report.JSON, m.Seal.SHA256, strings.Repeat("0", 64))}, 1, "- de vermelde SHA-256", "- le SHA-256 indiqué"},
		{"altered comment", VerifyCmd{File: save(t, m, report.JSON, "2026-H1 v1 2026-09-11", "2026-H1 v1 2026-06-30")}, 1, "De plaats is niet zeker", "L’endroit n’est pas certain"},
		{"CSV", VerifyCmd{File: save(t, m, report.CSV)}, 2, "draagt geen handtekening", "ne porte pas de signature"},
		{"page", VerifyCmd{File: save(t, m, report.HTML)}, 2, "is een webpagina: die draagt geen handtekening", "est une page web, qui ne porte pas de signature"},
		{"no table", VerifyCmd{File: text}, 2, "geen verzegelde monitoringtabel", "n’est pas un tableau de suivi scellé"},
		{"draft", VerifyCmd{File: save(t, report.Draft(m.Table), report.PDF)}, 2, "geen verzegelde monitoringtabel", "n’est pas un tableau de suivi scellé"},
		{"damaged", VerifyCmd{File: save(t, m, report.PDF, "startxref", "startnope", "endobj", "endnope")}, 2, "beschadigd", "endommagé"},
		{"no file", VerifyCmd{File: "/nergens"}, 2, "/nergens bestaat niet", "/nergens n’existe pas"},
		{"a folder", VerifyCmd{File: t.TempDir()}, 2, "is een map", "est un dossier"},
		{"no key", VerifyCmd{File: text, Key: []string{"xyz"}}, 2, "geen openbare sleutel", "n’est pas une clé publique"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for lang, want := range map[bilingual.Lang]string{bilingual.NL: c.nl, bilingual.FR: c.fr} {
				code, said := verify(t, c.cmd, lang)
				if code != c.code || !strings.Contains(said, want) || strings.Contains(said, "⟨") {
					t.Errorf("%s: exit %d, %q; want exit %d, %q", lang, code, said, c.code, want)
				}
			}
		})
	}
}

// Anybody can sign a file with a key of their own. What they wrote in it makes
// no lines in the answer that read as ours.
func TestAFileAddsNoLinesToTheAnswer(t *testing.T) {
	const forged = "\nOndertekend met de sleutel die u opgaf (00).\u2028\u202e"
	m, s := sealedTable(t)
	doc, seal, err := s.Seal(m.Table, monitoring.Sealing{Number: "DR-2026-H1-001", Version: 1, SealedAt: m.Seal.SealedAt, SealedBy: "Saar" + forged})
	if err != nil {
		t.Fatal(err)
	}
	if m, err = report.Sealed(doc, seal); err != nil {
		t.Fatal(err)
	}
	dossier := filepath.Join(t.TempDir(), "dossier.zip")
	f, err := os.Create(dossier)
	if err != nil {
		t.Fatal(err)
	}
	list := archive.Manifest{Title: "Dossier" + forged, Person: "Jo" + forged, Kind: "x", Exported: archive.Exported{By: "Saar" + forged}}
	if err := errors.Join(archive.Write(f, list, nil, s, func(int, int) {}), f.Close()); err != nil {
		t.Fatal(err)
	}
	added := filepath.Join(t.TempDir(), "added.zip")
	if f, err = os.Create(added); err != nil {
		t.Fatal(err)
	}
	w := zip.NewWriter(f)
	for _, name := range []string{archive.ManifestName, "a" + forged} {
		if _, err := w.Create(name); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{save(t, m, report.JSON), dossier, added} {
		_, said := verify(t, VerifyCmd{File: file}, bilingual.NL)
		if strings.Contains(said, "\nOndertekend met de sleutel die u") || strings.ContainsAny(said, "\u2028\u202e") || !strings.Contains(said, "?Ondertekend") {
			t.Errorf("%s: %q", filepath.Base(file), said)
		}
	}
}

func TestVerifyExtractsWhatMinisignNeeds(t *testing.T) {
	m, s := sealedTable(t)
	dir := t.TempDir()
	if code, said := verify(t, VerifyCmd{File: save(t, m, report.PDF), Extract: dir}, bilingual.NL); code != 0 || !strings.Contains(said, "minisign -V -m") {
		t.Fatalf("exit %d: %s", code, said)
	}
	doc, err := os.ReadFile(filepath.Join(dir, "DR-2026-H1-001-v1.json"))
	if err != nil {
		t.Fatal(err)
	}
	signature, err := os.ReadFile(filepath.Join(dir, "DR-2026-H1-001-v1.json.minisig"))
	if err != nil {
		t.Fatal(err)
	}
	if !minisign.Verify(s.Public(), doc, signature) {
		t.Error("the extracted signature does not fit the extracted document")
	}
}

func TestEveryFieldOfATableHasWords(t *testing.T) {
	for _, lang := range bilingual.Langs {
		print := locale.MustLoad().In(lang)
		for _, f := range fields {
			if words := fieldWords(f.path, print); words == "" || strings.Contains(words, "⟨") {
				t.Errorf("%s %s: %q", lang, f.path, words)
			}
		}
		row := monitoring.Change{Kind: monitoring.Removed, Row: mandate.Code{Kind: mandate.Strategic, Objective: 1, Point: 1, Target: 1}}
		if words := changeWords(row, print); !strings.Contains(words, row.Row.Display(lang)) {
			t.Errorf("%s: %q", lang, words)
		}
	}
}
