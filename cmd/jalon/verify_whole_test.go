package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/locale"
	"jalon/internal/monitoring"
	"jalon/internal/report"
)

func TestVerifyTellsWhetherTablesAreTheOnesAWholeTableNames(t *testing.T) {
	m, s := sealedTable(t)
	again, other := sealedTable(t) // the same document, signed by another key
	revised := again.Table
	revised.AsOf = revised.AsOf.AddDays(-1)
	anew := sealedAs(t, other, revised, revised.Mandate.Code, revised.Period) // the same mandate and number, another document
	m2 := sealedAs(t, s, m.Table, "ACTIRIS-A5-DG", m.Table.Period)
	stranger := sealedAs(t, s, m.Table, "ACTIRIS-A3-XX", m.Table.Period)
	later := sealedAs(t, s, m.Table, m.Table.Mandate.Code, m.Table.Period.Next())

	submitted := time.Date(2026, 7, 8, 14, 3, 0, 0, time.UTC)
	doc, seal, err := s.SealRound(monitoring.RoundTable{
		Institution: m.Table.Institution, Body: m.Table.Body, Period: m.Table.Period,
		Dates:    monitoring.UsualDates(m.Table.Period),
		Mandates: []monitoring.RoundLine{monitoring.LineOf(m.Table, m.Seal.Number, m.Seal.SHA256, submitted), monitoring.LineOf(m2.Table, m2.Seal.Number, m2.Seal.SHA256, time.Time{})},
	}, monitoring.Sealing{Number: "DR-" + m.Table.Period.String(), Version: 1, SealedAt: submitted, SealedBy: "Saar Specimen"})
	if err != nil {
		t.Fatal(err)
	}
	file, err := monitoring.Envelope(doc, &seal)
	if err != nil {
		t.Fatal(err)
	}
	// a folder with the whole table, the tables of the given mandates and a file of no matter
	folder := func(tables ...report.Monitoring) string {
		dir := t.TempDir()
		keep(t, filepath.Join(dir, "geheel.json"), file)
		keep(t, filepath.Join(dir, "leesmij.txt"), []byte("hallo"))
		for _, table := range tables {
			move(t, save(t, table, report.XLSX), filepath.Join(dir, table.Table.Mandate.Code+".xlsx"))
		}
		return dir
	}
	whole := filepath.Join(t.TempDir(), "geheel.json")
	keep(t, whole, file)
	spoilt := filepath.Join(t.TempDir(), "geheel.json")
	keep(t, spoilt, []byte(strings.Replace(string(file), m2.Seal.SHA256, m.Seal.SHA256, 1)))
	first, second := save(t, m, report.JSON), save(t, m2, report.PDF)

	full, words := folder(m, m2), folder(m2)
	move(t, save(t, m, report.DOCX), filepath.Join(words, m.Table.Mandate.Code+".docx"))
	for _, c := range []struct {
		name   string
		cmd    VerifyCmd
		code   int
		nl, fr string
	}{
		{"names its tables when alone", VerifyCmd{File: whole}, 0, "ACTIRIS-A4-EL: DR-2026-H1-001, 1 van 1 gerapporteerd, SHA-256 " + m.Seal.SHA256, "1 sur 1 renseignées, SHA-256 " + m.Seal.SHA256},
		{"both tables", VerifyCmd{File: whole, Tables: []string{first, second}}, 0, second + ": deze tabel wordt genoemd", second + "\u00a0: ce tableau est désigné"},
		{"one of them", VerifyCmd{File: whole, Tables: []string{first}, Key: []string{s.Public().String()}}, 0, "Ontbreekt: DR-2026-H1-001 van ACTIRIS-A5-DG", "DR-2026-H1-001 de ACTIRIS-A5-DG est désigné, mais"},
		{"the same document under another key", VerifyCmd{File: whole, Tables: []string{save(t, again, report.JSON)}}, 0, "deze tabel wordt genoemd", "ce tableau est désigné"},
		{"another table of the mandate", VerifyCmd{File: whole, Tables: []string{save(t, anew, report.JSON)}}, 1, "een andere tabel genoemd", "un autre tableau est désigné"},
		{"another mandate", VerifyCmd{File: whole, Tables: []string{save(t, stranger, report.JSON)}}, 1, "hoort niet bij", "ne fait pas partie"},
		{"another half-year", VerifyCmd{File: whole, Tables: []string{save(t, later, report.JSON)}}, 1, "hoort niet bij", "ne fait pas partie"},
		{"an altered table", VerifyCmd{File: whole, Tables: []string{save(t, m, report.JSON, "De nota is klaar.", "De nota is af.")}}, 1, "gewijzigd, niet zoals", "modifié, n’est pas tel"},
		{"a draft", VerifyCmd{File: whole, Tables: []string{save(t, report.Draft(m.Table), report.JSON)}}, 1, "geen verzegelde monitoringtabel van een mandaat", "pas un tableau de suivi scellé d’un mandat"},
		{"a full folder", VerifyCmd{File: filepath.Join(full, "geheel.json"), Tables: []string{full}}, 0, "ACTIRIS-A5-DG.xlsx: deze tabel", "ACTIRIS-A5-DG.xlsx\u00a0: ce tableau"},
		{"a folder with a text document", VerifyCmd{File: whole, Tables: []string{words}}, 0, "ACTIRIS-A4-EL.docx: deze tabel", "ACTIRIS-A4-EL.docx\u00a0: ce tableau"},
		{"a folder that lacks one", VerifyCmd{File: whole, Tables: []string{folder(m2)}}, 1, "Ontbreekt: DR-2026-H1-001 van ACTIRIS-A4-EL", "DR-2026-H1-001 de ACTIRIS-A4-EL est désigné, mais"},
		{"no such file", VerifyCmd{File: whole, Tables: []string{"/nergens"}}, 2, "/nergens bestaat niet", "/nergens n’existe pas"},
		{"the table of one mandate first", VerifyCmd{File: first, Tables: []string{second}}, 2, "is de tabel van één mandaat", "est le tableau d’un seul mandat"},
		{"an altered whole table", VerifyCmd{File: spoilt, Tables: []string{first}}, 1, "- ACTIRIS-A5-DG, de genoemde tabel (sha256)", "- ACTIRIS-A5-DG, le tableau désigné (sha256)"},
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

// sealedAs seals the table as that of another mandate or half-year.
func sealedAs(t *testing.T, s monitoring.Signer, table monitoring.Table, code string, period calendar.HalfYear) report.Monitoring {
	t.Helper()
	sealing := *table.Sealing
	table.Mandate.Code, table.Period = code, period
	doc, seal, err := s.Seal(table, sealing)
	if err != nil {
		t.Fatal(err)
	}
	m, err := report.Sealed(doc, seal)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func keep(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func move(t *testing.T, from, to string) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}

// A file of all tables of a body says of each what it is; what was altered is named with its mandate.
func TestVerifyAnswersOnAFileOfAllTables(t *testing.T) {
	m, s := sealedTable(t)
	draft := report.Draft(m.Table)
	draft.Table.Mandate.Code = "ACTIRIS-A5-DG"
	all := report.Tables{Institution: m.Table.Institution, Body: m.Table.Body, Period: m.Table.Period, Tables: []report.Monitoring{m, draft}}
	write := func(f report.Format, edits ...string) string {
		var b bytes.Buffer
		if err := all.Write(&b, f, locale.MustLoad().In(bilingual.NL), time.Now()); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "tabellen."+string(f))
		keep(t, path, []byte(strings.NewReplacer(edits...).Replace(b.String())))
		return path
	}
	for name, c := range map[string]struct {
		cmd    VerifyCmd
		code   int
		nl, fr string
	}{
		"intact":         {VerifyCmd{File: write(report.DOCX)}, 0, "ACTIRIS-A4-EL: DR-2026-H1-001, SHA-256 " + m.Seal.SHA256, "ACTIRIS-A4-EL\u00a0: DR-2026-H1-001, SHA-256 " + m.Seal.SHA256},
		"a draft inside": {VerifyCmd{File: write(report.PDF)}, 0, "ACTIRIS-A5-DG: niet verzegeld", "ACTIRIS-A5-DG\u00a0: non scellé"},
		"no whole":       {VerifyCmd{File: write(report.JSON)}, 0, "Het geheel is niet verzegeld", "L’ensemble n’est pas scellé"},
		"a key":          {VerifyCmd{File: write(report.XLSX), Key: []string{s.Public().String()}}, 0, "Ondertekend met de sleutel die u opgaf", "Signé avec la clé que vous avez donnée"},
		"altered":        {VerifyCmd{File: write(report.JSON, m.Seal.SHA256, strings.Repeat("0", 64))}, 1, "- ACTIRIS-A4-EL, de genoemde tabel (sha256)", "- ACTIRIS-A4-EL, "},
		"extract":        {VerifyCmd{File: write(report.JSON), Extract: t.TempDir()}, 2, "verscheidene tabellen", "plusieurs tableaux"},
	} {
		for lang, want := range map[bilingual.Lang]string{bilingual.NL: c.nl, bilingual.FR: c.fr} {
			if code, said := verify(t, c.cmd, lang); code != c.code || !strings.Contains(said, want) || strings.Contains(said, "⟨") {
				t.Errorf("%s, %s: exit %d, %q; want exit %d, %q", name, lang, code, said, c.code, want)
			}
		}
	}
}
