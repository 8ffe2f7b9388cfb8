package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"jalon/internal/calendar"
	"jalon/internal/monitoring"
	"jalon/internal/store"
	"jalon/internal/testing/pgtest"
	"jalon/migrations"
)

// trailOf makes a database with a signed day of three events, and the key that signed it.
func trailOf(t *testing.T) (dsn, key string) {
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
	dsn = pgtest.Database(t, store.Migrate, hex.EncodeToString(h.Sum(nil)))
	key = filepath.Join(t.TempDir(), "seal.key")
	signer, err := monitoring.LoadOrCreateSigner(key)
	if err != nil {
		t.Fatal(err)
	}
	ctx := store.AsSystem(context.Background())
	s, err := store.Open(ctx, dsn, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for range 3 {
		if err := s.Audit(ctx, store.Event{Action: "sign in"}); err != nil {
			t.Fatal(err)
		}
	}
	if days, _, err := s.SignTrail(ctx, signer, calendar.DateOf(time.Now()).AddDays(1), time.Now()); err != nil || len(days) != 1 {
		t.Fatal(days, err)
	}
	t.Setenv("JALON_DATABASE_URL", dsn)
	t.Setenv("JALON_SEAL_KEY_FILE", key)
	return dsn, key
}

func alter(t *testing.T, dsn, sql string) {
	t.Helper()
	ctx := store.AsSystem(context.Background())
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	for _, s := range []string{`ALTER TABLE audit_event DISABLE TRIGGER ALL`, `ALTER TABLE audit_day DISABLE TRIGGER ALL`, sql} {
		if _, err := conn.Exec(ctx, s); err != nil {
			t.Fatal(err)
		}
	}
}

// audit runs a command and gives what it printed.
func audit(t *testing.T, want int, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run(append([]string{"audit"}, args...), &out, &errs); code != want {
		t.Errorf("jalon audit %s: exit %d, want %d: %s%s", strings.Join(args, " "), code, want, &errs, &out)
	}
	return out.String()
}

func TestAuditVerifyNamesWhatWasAltered(t *testing.T) {
	dsn, key := trailOf(t)
	if said := audit(t, 0, "verify"); !strings.Contains(said, "Ongeschonden: 3 ") && !strings.Contains(said, "Intact : 3 ") {
		t.Error(said)
	}
	kept := filepath.Join(t.TempDir(), "days.json")
	if err := os.WriteFile(kept, []byte(audit(t, 0, "verify", "--json")), 0o600); err != nil {
		t.Fatal(err)
	}
	audit(t, 0, "verify", "--against", kept)
	audit(t, 0, "verify", "--key", key+".pub", "--from", "2020-01-01", "--until", "2099-01-01")
	audit(t, 0, "sign", "--json")

	// somebody else's key holds by itself: it is said, and refused once keys are named
	other := filepath.Join(t.TempDir(), "other.key")
	if _, err := monitoring.LoadOrCreateSigner(other); err != nil {
		t.Fatal(err)
	}
	t.Setenv("JALON_SEAL_KEY_FILE", other)
	var a auditAnswer
	if err := json.Unmarshal([]byte(audit(t, 0, "verify", "--json")), &a); err != nil || len(a.OtherKeys) != 1 {
		t.Errorf("%v %+v", err, a)
	}
	audit(t, 1, "verify", "--key", other+".pub")

	alter(t, dsn, `UPDATE audit_event SET detail = '{"x": 1}' WHERE id = 2`)
	a = auditAnswer{}
	if err := json.Unmarshal([]byte(audit(t, 1, "verify", "--json")), &a); err != nil || a.Intact || len(a.Findings) != 1 || a.Findings[0].Event != 2 || a.Findings[0].Kind != "changed" {
		t.Errorf("%v %+v", err, a)
	}
	audit(t, 1, "sign")
	alter(t, dsn, `DELETE FROM audit_day`)
	if said := audit(t, 1, "verify", "--against", kept); strings.Count(said, "\n- ") != 2 {
		t.Errorf("a day that is gone: %s", said)
	}
}

func TestAuditVerifySaysWhatItCannotDo(t *testing.T) {
	trailOf(t)
	audit(t, 2, "verify", "--from", "31/02/2026")
	audit(t, 2, "verify", "--from", "2027-01-01", "--until", "2026-01-01")
	audit(t, 2, "verify", "--key", "no key")
	audit(t, 2, "verify", "--against", "/nowhere")
	t.Setenv("JALON_SEAL_KEY_FILE", "/nowhere")
	audit(t, 0, "verify")
	audit(t, 3, "sign")
	t.Setenv("JALON_DATABASE_URL", "postgres://localhost:1/none")
	audit(t, 3, "verify")
}
