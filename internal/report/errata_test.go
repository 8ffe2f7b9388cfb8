package report

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/document"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
)

// withErrata gives a sealed table with an erratum to a row, and one to the whole.
func withErrata(t testing.TB, s monitoring.Signer) Monitoring {
	t.Helper()
	m := sealedBy(t, s, sample())
	for i, e := range []monitoring.Erratum{
		{Code: code("S1.2-1"), Lang: bilingual.NL, Text: "Lees: =\"in januari\".", Reason: "De datum was niet juist."},
		{Lang: bilingual.FR, Text: "La moyenne est de 12.", Reason: "Erreur de calcul."},
	} {
		e.Number, e.At, e.By = i+1, time.Date(2026, 10, 1+i, 8, 0, 0, 0, time.UTC), "Saar Specimen"
		e.Table = monitoring.Reference{Number: m.Seal.Number, Version: m.Seal.Version, SHA256: m.Seal.SHA256}
		e, err := s.SignErratum(e)
		if err != nil {
			t.Fatal(err)
		}
		m.Errata = append(m.Errata, e)
	}
	return m
}

func TestErrataStandBelowTheTableInEveryFormat(t *testing.T) {
	s := newSigner(t)
	m := withErrata(t, s)
	for _, lang := range bilingual.Langs {
		for _, f := range Formats {
			file := write(t, m, f, lang)
			if f == CSV {
				if n := strings.Count(string(file), "La moyenne est de 12."); n != len(m.Table.Rows) {
					t.Errorf("%s: the erratum to the whole stands on %d rows", lang, n)
				}
				if n := strings.Count(string(file), "in januari"); n != 1 {
					t.Errorf("%s: the erratum to a row stands on %d rows", lang, n)
				}
				continue
			}
			if f == HTML {
				if n := strings.Count(string(file), "La moyenne est de 12."); n != 1 {
					t.Errorf("%s: the page has the erratum %d times", lang, n)
				}
				continue
			}
			c := Verify(file, []monitoring.PublicKey{s.Public()}, catalogues)
			if c.Outcome != monitoring.Intact || len(c.Errata) != 2 {
				t.Errorf("%s %s: %s %v", lang, f, c.Outcome, c.Changes)
			}
			if doc, err := monitoring.Document(c.Data); err != nil || !bytes.Equal(doc, m.document) {
				t.Errorf("%s %s: the sealed document is another (%v)", lang, f, err)
			}
		}
		golden(t, "errata."+string(lang)+".docx.txt", steady(dumpDOCX(t, write(t, m, DOCX, lang)), m.Seal))
		golden(t, "errata."+string(lang)+".xlsx.txt", steady(dump(t, write(t, m, XLSX, lang)), m.Seal))
	}
	words, err := document.ReadDOCX(write(t, m, DOCX, bilingual.NL))
	if err != nil {
		t.Fatal(err)
	}
	if table := words.Tables[len(words.Tables)-2]; table[1][2] != "SD1.2-1" || table[2][2] != "de tabel als geheel" {
		t.Errorf("below the table: %v", table)
	}
}

// An erratum that is taken out of the pages but not of the data is missed, and one that is only drawn is seen.
func TestErrataOfPagesAndDataAgree(t *testing.T) {
	s := newSigner(t)
	m := withErrata(t, s)
	for _, f := range []Format{XLSX, DOCX, PDF} {
		file := write(t, m, f, bilingual.NL)
		plain := m
		plain.Errata = m.Errata[:1]
		if bytes.Equal(file, write(t, plain, f, bilingual.NL)) {
			t.Errorf("%s: the erratum leaves no trace", f)
		}
	}
	file := rewrite(t, write(t, m, DOCX, bilingual.NL), "word/document.xml", "La moyenne est de 12.", "La moyenne est de 99.")
	if c := Verify(file, nil, catalogues); c.Outcome != monitoring.Altered {
		t.Errorf("an erratum with other words is %s", c.Outcome)
	}
}

func TestAPartOfATableHasTheErrataOfItsRowsOnly(t *testing.T) {
	m := withErrata(t, newSigner(t)).Only([]mandate.Code{code("T4")})
	if len(m.Errata) != 1 || m.Errata[0].Number != 2 {
		t.Errorf("%d errata", len(m.Errata))
	}
}
