package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jalon/internal/demo"
	"jalon/internal/monitoring"
	"jalon/internal/shelf"
	"jalon/internal/store"
	"jalon/internal/testing/pgtest"
	"jalon/migrations"
)

// The officer has the dossier made by a command. Anybody checks it without the
// server; a word changed in it is found; that it was made is in the trail.
func TestADossierIsExportedAndCheckedByCommand(t *testing.T) {
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
	folder := t.TempDir()
	key := filepath.Join(folder, "seal.key")
	t.Setenv("JALON_DATABASE_URL", pgtest.Database(t, store.Migrate, hex.EncodeToString(h.Sum(nil))))
	t.Setenv("JALON_SEAL_KEY_FILE", key)
	t.Setenv("JALON_DATA_DIR", folder)
	signer, err := monitoring.LoadOrCreateSigner(key)
	if err != nil {
		t.Fatal(err)
	}
	ctx := store.AsSystem(t.Context())
	s, err := store.Open(ctx, os.Getenv("JALON_DATABASE_URL"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	files, err := shelf.Open(filepath.Join(folder, "evidence"))
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	if _, err := demo.Load(ctx, s, files, signer, time.Now(), func(string) string { return "" }); err != nil {
		t.Fatal(err)
	}
	jalon := func(want int, args ...string) string {
		t.Helper()
		var out, errs bytes.Buffer
		if code := run(args, &out, &errs); code != want {
			t.Errorf("jalon %s: exit %d, want %d: %s%s", strings.Join(args, " "), code, want, &out, &errs)
		}
		return out.String() + errs.String()
	}
	file := filepath.Join(folder, "dossier.zip")
	mandate := "ACTIRIS-A4-EL"
	export := func(want int, kind string) string {
		t.Helper()
		return jalon(want, "export", "evaluation", "--mandate", mandate, "--kind", kind, "--lang", "nl", "-o", file)
	}
	export(exitNo, "yearly")
	if _, err := os.Stat(file); err == nil {
		t.Error("a file was written for an evaluation that does not exist")
	}
	export(0, "interim")
	if said := jalon(0, "verify", file, "--key", signer.Public().String(), "--lang", "nl"); !strings.Contains(said, "Dirk Voorbeeld") {
		t.Errorf("the check does not say whose dossier it is: %s", said)
	}
	if held := namesIn(t, file); !strings.Contains(held, ".nl.docx") || !strings.Contains(held, "manifest.json") {
		t.Errorf("the archive holds %s", held)
	}
	for _, name := range []string{"nota-interne-procedures.pdf", "ziekteverzuim-per-team-2025-s1.csv"} {
		if held := namesIn(t, file); !strings.Contains(held, name) {
			t.Errorf("the archive holds no %s: %s", name, held)
		}
	}
	if said := contentOf(t, file, "index.html"); !strings.Contains(said, "minisign -V -m manifest.json -P ") {
		t.Errorf("the index does not say that minisign needs a key: %s", said)
	}
	changeInside(t, file, ".json", "Dirk Voorbeeld", "Dirk Nabeeld")
	if said := jalon(exitNo, "verify", file, "--key", signer.Public().String(), "--lang", "nl"); !strings.Contains(said, ".json") {
		t.Errorf("the check does not name the file that was changed: %s", said)
	}
	var exported int
	mandate = "ACTIRIS-A4-PN"
	export(0, "final")
	jalon(0, "verify", file, "--key", signer.Public().String(), "--lang", "nl")
	if held := namesIn(t, file); !strings.Contains(held, "besluit-getekend.pdf") || !strings.Contains(held, "aanwezigheden-netwerkbijeenkomst-15-05-2025.pdf") {
		t.Errorf("the archive of a concluded evaluation holds %s", held)
	}
	if err := s.Pool().QueryRow(ctx, `SELECT count(*) FROM audit_event WHERE action = $1 AND detail->>'purpose' = 'command'`, store.ActionExportEvaluation).Scan(&exported); err != nil || exported != 2 {
		t.Errorf("the trail tells of %d dossiers, want 2 (%v)", exported, err)
	}
}

func namesIn(t *testing.T, file string) string {
	t.Helper()
	z, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	var names []string
	for _, f := range z.File {
		names = append(names, f.Name)
	}
	return strings.Join(names, " ")
}

func contentOf(t *testing.T, file, name string) string {
	t.Helper()
	z, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	content, err := fs.ReadFile(z, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// changeInside writes the archive anew, with other words in the files of one kind.
func changeInside(t *testing.T, file, kind, was, is string) {
	t.Helper()
	z, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	changed := false
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(f.Name, kind) && f.Name != "manifest.json" && bytes.Contains(content, []byte(was)) {
			content, changed = bytes.ReplaceAll(content, []byte(was), []byte(is)), true
		}
		part, err := w.CreateHeader(&zip.FileHeader{Name: f.Name, Method: f.Method, Modified: f.Modified})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil || !changed {
		t.Fatalf("nothing says %q (%v)", was, err)
	}
	if err := os.WriteFile(file, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}
