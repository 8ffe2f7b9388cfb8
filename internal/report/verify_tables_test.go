package report

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"jalon/internal/bilingual"
	"jalon/internal/locale"
	"jalon/internal/monitoring"
)

// wholeTables gives the tables of a body, two sealed and a draft, with the
// sealed table that names the first two.
func wholeTables(t testing.TB, s monitoring.Signer) Tables {
	t.Helper()
	first := withErrata(t, s)
	other := noted()
	other.Mandate.Code = "ACTIRIS-A5-X"
	second := sealedBy(t, s, other)
	draft := sample()
	draft.Mandate.Code, draft.Holder = "ACTIRIS-A5-Y", monitoring.Holder{}
	all := Tables{Institution: first.Table.Institution, Body: first.Table.Body, Period: first.Table.Period, Tables: []Monitoring{first, second, Draft(draft)}}
	doc, seal, err := s.SealRound(monitoring.RoundTable{
		Institution: all.Institution, Body: all.Body, Period: all.Period, Dates: monitoring.UsualDates(all.Period),
		Mandates: []monitoring.RoundLine{
			monitoring.LineOf(first.Table, first.Seal.Number, first.Seal.SHA256, time.Time{}), monitoring.LineOf(second.Table, second.Seal.Number, second.Seal.SHA256, time.Time{}),
		},
	}, monitoring.Sealing{Number: "DR-2026-H1", Version: 1, SealedAt: time.Date(2026, 9, 11, 8, 0, 0, 0, time.UTC), SealedBy: "Saar Specimen"})
	if err != nil {
		t.Fatal(err)
	}
	if all.Whole, err = SealedWhole(doc, seal); err != nil {
		t.Fatal(err)
	}
	return all
}

// printers are those of a document in each language, and in both.
func printers() map[string]*locale.Printer {
	return map[string]*locale.Printer{"nl": catalogues.In(bilingual.NL), "fr": catalogues.In(bilingual.FR), "both": catalogues.Beside(bilingual.NL), "both, French first": catalogues.Beside(bilingual.FR)}
}

func writeTablesFor(t testing.TB, all Tables, f Format, p *locale.Printer) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := all.Write(&b, f, p, time.Date(2026, 11, 24, 12, 0, 0, 123, time.UTC)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAFileOfAllTablesIsVerified(t *testing.T) {
	s := newSigner(t)
	all := wholeTables(t, s)
	all.Body.Name.NL = "Directieraad met een latere naam" // of today; the tables have that of then
	for lang, p := range printers() {
		for _, f := range []Format{JSON, XLSX, DOCX, PDF} {
			file := writeTablesFor(t, all, f, p)
			c := Verify(file, []monitoring.PublicKey{s.Public()}, catalogues)
			if c.Outcome != monitoring.Intact || !c.Trusted || c.Format != f || c.Tables == nil || len(c.Tables.Each) != 3 {
				t.Fatalf("%s %s: %s %v, trusted %v", f, lang, c.Outcome, c.Changes, c.Trusted)
			}
			if w := c.Tables.Whole; w == nil || w.Seal.Number != "DR-2026-H1" || w.Seal.SHA256 != all.Whole.Seal.SHA256 {
				t.Errorf("%s %s: the whole is %+v", f, lang, w)
			}
			for i, want := range []monitoring.Naming{monitoring.Named, monitoring.Named, monitoring.NotNamed} {
				one := c.Tables.Each[i]
				if one.Naming != want || (one.Outcome == monitoring.NotSealed) != (i == 2) || i < 2 && one.Seal.SHA256 != all.Tables[i].Seal.SHA256 {
					t.Errorf("%s %s: table %d is %s, %s %s", f, lang, i, one.Outcome, one.Naming, one.Seal.SHA256)
				}
			}
			if n := len(c.Tables.Each[0].Errata); n != 2 {
				t.Errorf("%s %s: %d errata", f, lang, n)
			}
			if c := Verify(file, []monitoring.PublicKey{newSigner(t).Public()}, catalogues); c.Outcome != monitoring.UnknownKey {
				t.Errorf("%s %s with another key: %s", f, lang, c.Outcome)
			}
		}
	}
	p := catalogues.In(bilingual.NL)
	for _, f := range []Format{CSV, HTML} {
		if c := Verify(writeTablesFor(t, all, f, p), nil, catalogues); c.Outcome != monitoring.NotSealed || c.Format != f {
			t.Errorf("%s: %s as %s", f, c.Outcome, c.Format)
		}
	}
	drafts := all
	drafts.Whole, drafts.Tables = nil, all.Tables[2:]
	for _, f := range []Format{JSON, XLSX} {
		if c := Verify(writeTablesFor(t, drafts, f, p), nil, catalogues); c.Outcome != monitoring.NotSealed || c.Damaged {
			t.Errorf("%s of drafts: %s", f, c.Outcome)
		}
	}
}

// What is written is canonical, so that a file compares with what is computed anew.
func TestTheFileOfAllTablesIsCanonical(t *testing.T) {
	all := wholeTables(t, newSigner(t))
	all.Tables[2].Table.Rows[0].Now.Entry.Achieved = "<b>&\u2028é</b>"
	file, err := all.wire()
	if err != nil {
		t.Fatal(err)
	}
	if again := canonicalOf(file); !bytes.Equal(file, again) {
		t.Errorf("written as %.200q, canonical is %.200q", file, again)
	}
}

// Whatever is altered in the data of several tables is named with its mandate.
func TestAlteredDataOfAllTablesIsNamed(t *testing.T) {
	s := newSigner(t)
	all := wholeTables(t, s)
	file := string(writeTablesFor(t, all, JSON, catalogues.In(bilingual.NL)))
	without := all
	without.Tables = all.Tables[:1]
	swapped := all
	other := sample()
	other.AsOf = other.AsOf.AddDays(-1)
	swapped.Tables = []Monitoring{sealedBy(t, s, other), all.Tables[1]}
	for name, c := range map[string]struct{ file, field string }{
		"words of a report":       {strings.Replace(file, "Scorebord besproken.", "Scorebord verzwegen.", 1), "mandates/ACTIRIS-A4-EL/now/entry/achieved"},
		"those of the second":     {replaceLast(strings.Replace(file, `"ACTIRIS-A5-Y"`, "\x00", -1), "Scorebord besproken.", "Scorebord verzwegen.", 2), "mandates/ACTIRIS-A5-X/now/entry/achieved"},
		"the hash of the whole":   {strings.Replace(file, `"sha256":"`+all.Whole.Seal.SHA256, `"sha256":"`+strings.Repeat("0", 64), 1), "sha256"},
		"the number of the whole": {strings.Replace(file, `"number":"DR-2026-H1"`, `"number":"DR-2026-H9"`, 1), "sealing/number"},
		"an erratum":              {strings.Replace(file, "La moyenne est de 12.", "La moyenne est de 99.", 1), "mandates/ACTIRIS-A4-EL/erratum 2"},
		"the body":                {strings.Replace(file, `"body":"DR","institution":"ACTIRIS","period"`, `"body":"XX","institution":"ACTIRIS","period"`, 1), "body"},
		"the institution":         {strings.Replace(file, `"body":"DR","institution":"ACTIRIS","period"`, `"body":"DR","institution":"XX","period"`, 1), "institution"},
		"the half-year":           {strings.Replace(file, `"institution":"ACTIRIS","period":"2026-H1","schema"`, `"institution":"ACTIRIS","period":"2026-H2","schema"`, 1), "period"},
		"the schema":              {strings.Replace(file, TablesSchema, "jalon/tablez/1", 1), "file"},
		"a member more":           {strings.Replace(file, `{"body"`, `{"approved":true,"body"`, 1), "file"},
		"half a file":             {file[:len(file)/2], "file"},
		"a table left out":        {string(writeTablesFor(t, without, JSON, catalogues.In(bilingual.NL))), "mandates/ACTIRIS-A5-X"},
		"another sealed table":    {string(writeTablesFor(t, swapped, JSON, catalogues.In(bilingual.NL))), "mandates/ACTIRIS-A4-EL/sha256"},
	} {
		c.file = strings.ReplaceAll(c.file, "\x00", `"ACTIRIS-A5-Y"`)
		got := Verify([]byte(c.file), []monitoring.PublicKey{s.Public()}, catalogues)
		named := false
		for _, change := range got.Changes {
			named = named || change.Field == c.field
		}
		if c.file == file || got.Outcome != monitoring.Altered || got.Trusted || !named {
			t.Errorf("%s: %s %v, want %s", name, got.Outcome, got.Changes, c.field)
		}
	}
}

// replaceLast replaces the nth place of a text, counted from the end.
func replaceLast(text, old, now string, n int) string {
	at := len(text)
	for range n {
		at = strings.LastIndex(text[:at], old)
	}
	return text[:at] + now + text[at+len(old):]
}

// What a document of all tables shows is what its data say.
func TestAlteredPagesOfAllTablesAreNamed(t *testing.T) {
	s := newSigner(t)
	all := wholeTables(t, s)
	p := catalogues.In(bilingual.NL)
	book := edit(t, writeTablesFor(t, all, XLSX, p), func(f *excelize.File) error { return f.SetCellStr("Samenvatting", "D2", "10 van 10") })
	if c := Verify(book, nil, catalogues); c.Outcome != monitoring.Altered || len(c.Changes) != 1 || c.Changes[0].Cell != "Samenvatting!D2" {
		t.Errorf("XLSX: %s %v", c.Outcome, c.Changes)
	}
	text := rewrite(t, writeTablesFor(t, all, DOCX, p), "word/document.xml", "Geen dossiers dit semester.", "Alle dossiers dit semester.")
	if c := Verify(text, nil, catalogues); c.Outcome != monitoring.Altered || len(c.Changes) == 0 || c.Changes[0].Row != code("T4.8-1") {
		t.Errorf("DOCX: %s %v", c.Outcome, c.Changes)
	}
	forged := all
	other := sample()
	other.Rows[0].Now.Entry.Achieved = "Iets anders."
	first := sealedBy(t, s, other)
	first.document, first.Seal, first.Errata = all.Tables[0].document, all.Tables[0].Seal, all.Tables[0].Errata // the pages of one, the data of the other
	forged.Tables = append([]Monitoring{first}, all.Tables[1:]...)
	if c := Verify(writeTablesFor(t, forged, PDF, p), nil, catalogues); c.Outcome != monitoring.Altered || !strings.HasPrefix(c.Changes[0].Field, "page ") {
		t.Errorf("PDF: %s %v", c.Outcome, c.Changes)
	}
}
