package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/locale"
	"jalon/internal/monitoring"
)

func writeErrata(t testing.TB, list Errata, f Format, p *locale.Printer) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := list.Write(&b, f, p, time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The errata of a table, and those of a whole body, are a document of their own
// in every format, and say the same in each.
func TestErrataAreADocumentOfTheirOwn(t *testing.T) {
	s := newSigner(t)
	all := wholeTables(t, s)
	seal := all.Tables[0].Seal
	for lang, p := range map[string]*locale.Printer{"nl": catalogues.In(bilingual.NL), "fr": catalogues.In(bilingual.FR), "nl-fr": catalogues.Beside(bilingual.NL)} {
		for name, list := range map[string]Errata{"body": all.Errata(), "table": ErrataOf(all.Tables[0])} {
			golden(t, "errata-"+name+"."+lang+".docx.txt", steady(dumpDOCX(t, writeErrata(t, list, DOCX, p)), seal))
			golden(t, "errata-"+name+"."+lang+".xlsx.txt", steady(dump(t, writeErrata(t, list, XLSX, p)), seal))
			golden(t, "errata-"+name+"."+lang+".csv", steady(string(writeErrata(t, list, CSV, p)), seal))
			page, onPaper := string(writeErrata(t, list, HTML, p)), printed(t, writeErrata(t, list, PDF, p))
			for _, want := range []string{"La moyenne est de 12.", "Erreur de calcul.", "Saar Specimen"} {
				if !strings.Contains(page, want) || !strings.Contains(onPaper, dense(want)) {
					t.Errorf("%s %s: %q is not on the page or not on paper", lang, name, want)
				}
			}
		}
	}
	if got := ErrataOf(all.Tables[0]).FileName(PDF, catalogues.Beside(bilingual.FR)); got != "errata-ACTIRIS-A4-EL-2026-H1.fr-nl.pdf" {
		t.Errorf("the file is called %s", got)
	}
	none := writeErrata(t, ErrataOf(all.Tables[1]), HTML, catalogues.In(bilingual.FR))
	if !strings.Contains(string(none), "Il n’y a pas d’errata.") {
		t.Error("a list without errata does not say so")
	}
}

// The JSON holds each erratum as it was signed, under the table that it is of.
func TestTheListOfErrataForProgramsIsSigned(t *testing.T) {
	s := newSigner(t)
	all := wholeTables(t, s)
	var list wireErrata
	if err := json.Unmarshal(writeErrata(t, all.Errata(), JSON, catalogues.In(bilingual.NL)), &list); err != nil {
		t.Fatal(err)
	}
	if list.Schema != ErrataSchema || len(list.Tables) != 1 || list.Tables[0].SHA256 != all.Tables[0].Seal.SHA256 {
		t.Fatalf("%+v", list)
	}
	for i, w := range list.Tables[0].Errata {
		e, err := monitoring.ParseErratum(w.Document, w.Signature, w.KeyID, w.PublicKey)
		if err != nil || e.Number != i+1 || !monitoring.SignatureFits(s.Public(), e.Document, e.Signature) {
			t.Errorf("erratum %d: %v", i+1, err)
		}
	}
}
