package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/demo"
	"jalon/internal/monitoring"
	"jalon/internal/report"
	"jalon/internal/shelf"
	"jalon/internal/store"
	"jalon/internal/testing/pgtest"
	"jalon/migrations"
)

// exampleOffice is a database with the example office, in which a table of the
// first half of 2026 has an erratum.
func exampleOffice(t *testing.T) {
	t.Helper()
	h := sha256.New()
	names, err := fs.Glob(migrations.Files, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		raw, err := migrations.Files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		h.Write(raw)
	}
	dsn := pgtest.Database(t, store.Migrate, hex.EncodeToString(h.Sum(nil)))
	ctx := store.AsSystem(context.Background())
	s, err := store.Open(ctx, dsn, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	signer, err := monitoring.NewSigner()
	if err != nil {
		t.Fatal(err)
	}
	files, err := shelf.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	if _, err := demo.Load(ctx, s, files, signer, time.Now(), func(string) string { return "x" }); err != nil {
		t.Fatal(err)
	}
	object, _, err := s.MandateObject(ctx, "ACTIRIS-A4-EL")
	if err != nil {
		t.Fatal(err)
	}
	people, err := s.People(ctx, calendar.DateOf(time.Now()))
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = s.AddErratum(ctx, store.Submission{Key: uuid.New(), PersonID: people[0].ID, Action: "add erratum"}, store.ErratumRequest{
		Code: "ACTIRIS-A4-EL", ID: object.MandateID, Period: calendar.HalfYear{Year: 2026, Half: 1}, Signer: signer,
		Erratum: monitoring.Erratum{At: time.Now(), By: "Saar Specimen", Lang: bilingual.NL, Text: "Lees: twaalf.", Reason: "Een telfout."},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("JALON_DATABASE_URL", dsn)
}

// jalon runs a command line, with a file name in place of FILE.
func jalon(t *testing.T, line string) (code int, file, said string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "uit")
	var out, errs bytes.Buffer
	code = run(strings.Fields(strings.ReplaceAll(line, "FILE", file)), &out, &errs)
	return code, file, out.String() + errs.String()
}

func TestTablesAndErrataFromTheCommandLine(t *testing.T) {
	exampleOffice(t)
	const tables, errata = "export tables --institution ACTIRIS --body DR --period 2026-H1 -o FILE", "export errata --institution ACTIRIS --body DR --period 2026-H1 -o FILE"
	starts := map[string]string{"xlsx": "PK", "docx": "PK", "pdf": "%PDF-", "html": "<!DOCTYPE html>", "csv": "\ufeff", "json": `{"body":"DR"`}
	for _, lang := range []string{"nl", "fr", "both"} {
		for format, start := range starts {
			for _, line := range []string{tables, errata} {
				code, file, said := jalon(t, line+" --lang "+lang+" --format "+format)
				content, err := os.ReadFile(file)
				if code != 0 || err != nil || !bytes.HasPrefix(content, []byte(start)) {
					t.Fatalf("%s %s %s: exit %d, %s, %v, %.20q", line, lang, format, code, said, err, content)
				}
				if line == errata {
					if (format == "csv" || format == "html" || format == "json") && !bytes.Contains(content, []byte("Lees: twaalf.")) {
						t.Errorf("errata %s %s: the erratum is not there", lang, format)
					}
					continue
				}
				want := 0
				if format == "csv" || format == "html" {
					want = exitUsage
				}
				checked, _, words := jalon(t, "verify "+file)
				if checked != want || want == 0 && (!strings.Contains(words, "Geheel: DR-2026-H1, SHA-256") || !strings.Contains(words, "ACTIRIS-A4-EL: DR-2026-H1-001, SHA-256")) {
					t.Errorf("verify %s %s: exit %d, %s", lang, format, checked, words)
				}
			}
		}
	}
	if code, file, said := jalon(t, "export tables --institution ACTIRIS --body CSO --period 2026-H2 --format json -o FILE"); code != 0 {
		t.Errorf("a body that gets only what is addressed to it: exit %d, %s", code, said)
	} else if content, err := os.ReadFile(file); err != nil || !bytes.Contains(content, []byte(`"code":"CSO"`)) {
		t.Errorf("the table is of another body (%v)", err)
	}
	if code, file, said := jalon(t, "export errata --mandate ACTIRIS-A4-EL --period sealed --format csv -o FILE"); code != 0 {
		t.Errorf("errata of a mandate: exit %d, %s", code, said)
	} else if content, err := os.ReadFile(file); err != nil || !bytes.Contains(content, []byte("Lees: twaalf.")) {
		t.Errorf("errata of a mandate: %v", err)
	}
	for _, body := range []string{"--body ACTIRIS-DR", "--institution ACTIRIS --body ACTIRIS-DR"} {
		for _, what := range []string{"tables", "errata"} {
			if code, file, said := jalon(t, "export "+what+" "+body+" --period 2026-H1 --format json -o FILE"); code != 0 {
				t.Errorf("%s of %s: exit %d, %s", what, body, code, said)
			} else if content, err := os.ReadFile(file); err != nil || !bytes.Contains(content, []byte(`"DR-2026-H1-001"`)) {
				t.Errorf("%s of %s: %v, %.60s", what, body, err, content)
			}
		}
	}
	if _, _, said := jalon(t, "export tables --body ACTIRIS-DR --period sealed -o FILE"); strings.Contains(said, "of sealed") {
		t.Errorf("the tables of a body are refused by what is offered: %s", said)
	}
	for line, words := range map[string]string{
		"export tables --institution NERGENS --body ACTIRIS-DR -o FILE":                 "--institution",
		"export errata --institution NERGENS --body ACTIRIS-DR -o FILE":                 "--institution",
		"export tables --body ACTIRIS-XX -o FILE":                                       "XX",
		"export tables --institution ACTIRIS --body XX -o FILE":                         "XX",
		"export tables --institution NERGENS --body DR -o FILE":                         "NERGENS",
		"export tables --institution ACTIRIS --body DR --period 2026-H3 -o FILE":        "2026-H3",
		"export tables --institution ACTIRIS --body DR --period 2090-H1 -o FILE":        "2090-H1",
		"export tables --institution ACTIRIS --body DR --format exe -o FILE":            "--format",
		"export tables --institution ACTIRIS --body DR --lang de -o FILE":               "--lang",
		"export tables --institution ACTIRIS --body DR":                                 "--output",
		"export tables --body DR -o FILE":                                               "--institution",
		"export errata -o FILE":                                                         "--mandate",
		"export errata --body DR -o FILE":                                               "--institution",
		"export errata --mandate ACTIRIS-A4-EL --institution ACTIRIS --body DR -o FILE": "--mandate",
		"export errata --institution ACTIRIS --body XX -o FILE":                         "XX",
		"export errata --institution ACTIRIS --body DR --period sealed -o FILE":         "sealed",
	} {
		code, file, said := jalon(t, line)
		if _, err := os.Stat(file); code != exitUsage || err == nil || !strings.Contains(said, words) || strings.Count(strings.TrimSpace(said), "\n") > 0 {
			t.Errorf("%s: exit %d, %q", line, code, said)
		}
	}
}

// The rows of a CSV are written while the tables are read: the file is the same
// as that of tables that were all read first, and each reading leaves a trace.
func TestTheRowsOfACommandAreThoseOfTheWholeTables(t *testing.T) {
	exampleOffice(t)
	ctx := store.AsSystem(context.Background())
	s, err := store.Open(ctx, os.Getenv("JALON_DATABASE_URL"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	readings := func() (n int) {
		if err := s.Pool().QueryRow(ctx, `SELECT count(*) FROM audit_event WHERE action = $1`, store.ActionExportTable).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, c := range [][2]string{{"DR", "2026-H1"}, {"DR", "2025-H1"}, {"CSO", "2026-H2"}} { // with an erratum, and without; and what is addressed
		body, period := c[0], c[1]
		before := readings()
		code, file, said := jalon(t, "export tables --body ACTIRIS-"+body+" --period "+period+" --lang fr --format csv -o FILE")
		got, err := os.ReadFile(file)
		if code != 0 || err != nil {
			t.Fatalf("%s: exit %d, %s, %v", period, code, said, err)
		}
		o, err := openTables(ctx, s, documentPrint("fr"), bodyPeriod{"ACTIRIS", body, period, "csv", "fr"})
		if err != nil {
			t.Fatal(err)
		}
		if n := readings() - before; n == 0 {
			t.Errorf("%s: %d readings are in the trail", period, n)
		}
		tables, err := o.all(ctx)
		if err != nil {
			t.Fatal(err)
		}
		var want bytes.Buffer
		if err := tables.Write(&want, report.CSV, documentPrint("fr"), time.Now()); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want.Bytes()) {
			t.Errorf("%s: %d bytes, want the %d of the whole tables", period, len(got), want.Len())
		}
	}
}
