package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"testing"

	"jalon/internal/testing/pgtest"
	"jalon/migrations"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// database makes a migrated database and gives its address, under an account
// that may do anything.
func database(t testing.TB) string {
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
	return pgtest.Database(t, Migrate, hex.EncodeToString(h.Sum(nil)))
}

// open opens the store on a new database.
func open(t testing.TB) *Store {
	t.Helper()
	return openAt(t, database(t))
}

func openAt(t testing.TB, dsn string) *Store {
	t.Helper()
	s, err := Open(AsSystem(context.Background()), dsn, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}
