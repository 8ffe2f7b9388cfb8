package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"jalon/internal/bilingual"
	"jalon/internal/locale"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/store"
	"jalon/internal/testing/pgtest"
	"jalon/migrations"
)

func TestMain(m *testing.M) {
	if args := os.Getenv(childArgs); args != "" {
		os.Exit(run(strings.Fields(args), os.Stdout, os.Stderr))
	}
	os.Exit(pgtest.Main(m))
}

// emptyDatabase gives the address of a database that holds the schema alone.
func emptyDatabase(t *testing.T) string {
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
	return pgtest.Database(t, store.Migrate, hex.EncodeToString(h.Sum(nil)))
}

func TestUserCommands(t *testing.T) {
	t.Setenv("JALON_DATABASE_URL", emptyDatabase(t))
	do := func(want int, args ...string) string {
		t.Helper()
		var out, errs bytes.Buffer
		if code := run(append([]string{"user"}, args...), &out, &errs); code != want {
			t.Errorf("jalon user %s: exit %d, want %d: %s", strings.Join(args, " "), code, want, &errs)
		}
		if (want == 0) != (errs.Len() == 0) || strings.Count(errs.String(), "\n") > 1 {
			t.Errorf("jalon user %s: on stderr %q", strings.Join(args, " "), &errs)
		}
		return out.String()
	}
	first := do(0, "add", "Boss@Jalon.example", "--name", "An Peeters", "--lang", "fr", "--role", "administrator")
	if !strings.Contains(first, "boss@jalon.example") || len(strings.Fields(first)) < 6 {
		t.Errorf("printed %q", first)
	}
	do(1, "add", "boss@jalon.example", "--name", "An")
	var out, errs bytes.Buffer
	t.Setenv("LANG", "fr_BE.UTF-8")
	if run([]string{"user", "add", "boss@jalon.example", "--name", "An"}, &out, &errs); errs.String() != "jalon: "+locale.MustLoad().In(bilingual.FR).T("people.exists")+"\n" {
		t.Errorf("an address twice: %q", &errs)
	}
	do(2, "add", "geen adres", "--name", "An")
	do(2, "add", "x@jalon.example", "--name", "An", "--role", "root")
	do(2, "add", "x@jalon.example")
	for _, name := range []string{"", "  ", strings.Repeat("n", 201), "Jan\nJansens", "Jan\x1b[31m", "a\u202eb", "\xff", "P\u0430ul"} {
		do(2, "add", "x@jalon.example", "--name", name)
	}
	do(2, "add", strings.Repeat("a", 250)+"@x.be", "--name", "An")
	do(0, "add", "piet@jalon.example", "--name", "Piet")
	do(0, "grant", "piet@jalon.example", "secretary")
	do(1, "grant", "piet@jalon.example", "secretary", "--institution", "NERGENS")
	for wrong, args := range map[string][]string{
		"Il n’y a pas d’institution dont le code est NERGENS.": {"user", "grant", "piet@jalon.example", "secretary", "--institution", "NERGENS"},
		"L’institution NERGENS n’a pas d’organe DR.":           {"user", "grant", "piet@jalon.example", "secretary", "--body", "NERGENS-DR"},
		"boss@jalon.example n’a pas ce rôle.":                  {"user", "revoke", "boss@jalon.example", "hr_officer"},
	} {
		errs.Reset()
		if code := run(args, &out, &errs); code != exitNo || errs.String() != "jalon: "+wrong+"\n" {
			t.Errorf("jalon %q: exit %d, %q", args, code, &errs)
		}
	}
	do(2, "grant", "piet@jalon.example", "holder")
	do(1, "grant", "niemand@jalon.example", "secretary")
	do(0, "grant", "piet@jalon.example", "hr_officer")
	do(0, "revoke", "piet@jalon.example", "hr_officer")
	do(1, "revoke", "piet@jalon.example", "hr_officer")
	do(1, "revoke", "boss@jalon.example", "administrator")
	do(1, "disable", "boss@jalon.example")
	do(0, "disable", "piet@jalon.example")
	if second := do(0, "password", "boss@jalon.example"); second == first {
		t.Error("the same password again")
	}
	var got []userLine
	if err := json.Unmarshal([]byte(do(0, "list", "--json")), &got); err != nil {
		t.Fatal(err)
	}
	want := []userLine{
		{"boss@jalon.example", "An Peeters", "fr", false, []userRole{{Role: "administrator"}}},
		{"piet@jalon.example", "Piet", got[1].Lang, true, []userRole{{Role: "secretary"}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if list := do(0, "list"); !strings.Contains(list, "piet@jalon.example") || strings.Count(list, "\n") != 2 {
		t.Errorf("printed %q", list)
	}
	do(0, "disable", "piet@jalon.example", "--enable")
	do(1, "remove-factor", "piet@jalon.example")
	do(1, "remove-factor", "niemand@jalon.example")
	do(2, "grant", "piet@jalon.example", "secretary", "--body", "DR")
	do(2, "grant", "piet@jalon.example", "hr_officer", "--institution", "ACTIRIS", "--body", "DR")
	do(1, "grant", "piet@jalon.example", "committee_member", "--institution", "ACTIRIS", "--body", "DR")
	s, err := store.Open(store.AsSystem(context.Background()), os.Getenv("JALON_DATABASE_URL"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	who, err := s.CredentialsByEmail(store.AsSystem(context.Background()), "piet@jalon.example")
	if err != nil || who.Disabled || !who.MustChange {
		t.Errorf("%+v, %v", who, err)
	}
	sub := store.Submission{Key: uuid.New(), PersonID: who.PersonID, Action: "begin second factor"}
	if _, err := s.BeginSecondFactor(store.AsSystem(context.Background()), sub, make([]byte, 48), "0123456789abcdef", time.Now(), ""); err != nil {
		t.Fatal(err)
	}
	do(0, "remove-factor", "Piet@Jalon.example")
	if _, err := s.SecondFactor(store.AsSystem(context.Background()), who.PersonID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the second factor is still there: %v", err)
	}
}

func TestTheConsoleSeatsOnABodyAndHelpsWhenNoAdministratorIsLeft(t *testing.T) {
	dsn := emptyDatabase(t)
	t.Setenv("JALON_DATABASE_URL", dsn)
	do := func(want int, args ...string) string {
		t.Helper()
		var out, errs bytes.Buffer
		if code := run(append([]string{"user"}, args...), &out, &errs); code != want {
			t.Errorf("jalon user %s: exit %d, want %d: %s", strings.Join(args, " "), code, want, &errs)
		}
		return out.String()
	}
	do(0, "add", "boss@jalon.example", "--name", "An", "--role", "administrator")
	do(0, "add", "piet@jalon.example", "--name", "Piet")
	do(0, "add", "mia@jalon.example", "--name", "Mia")
	s, err := store.Open(store.AsSystem(context.Background()), dsn, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	name := bilingual.Text{NL: "Raad", FR: "Conseil", NLState: bilingual.Original, FRState: bilingual.Original}
	if err := s.AddInstitution(store.AsSystem(context.Background()), store.Submission{Action: "test"}, mandate.Institution{Code: "ACTIRIS", Name: name}, []monitoring.Body{{Code: "DR", Name: name}}); err != nil {
		t.Fatal(err)
	}
	seat := []string{"secretary", "--institution", "ACTIRIS", "--body", "DR"}
	do(0, append([]string{"grant", "piet@jalon.example"}, seat...)...)
	do(1, append([]string{"grant", "mia@jalon.example"}, seat...)...)
	if list := do(0, "list"); !strings.Contains(list, "(ACTIRIS · DR)") {
		t.Errorf("printed %q", list)
	}
	do(2, "revoke", "piet@jalon.example", "secretary", "--institution", "ELDERS", "--body", "ACTIRIS-DR")
	do(0, "revoke", "piet@jalon.example", "secretary", "--body", "ACTIRIS-DR")
	if list := do(0, "list"); strings.Contains(list, "(ACTIRIS · DR)") {
		t.Errorf("printed %q after the role was taken back", list)
	}
	do(0, append([]string{"grant", "mia@jalon.example"}, seat...)...)

	// the role of the only administrator came to its end
	if _, err := s.Pool().Exec(store.AsSystem(context.Background()), `UPDATE role_grant SET starts_on = '2020-01-01', ends_on = '2020-12-31' WHERE role = 'administrator'`); err != nil {
		t.Fatal(err)
	}
	do(0, "grant", "boss@jalon.example", "administrator")
	do(1, "revoke", "boss@jalon.example", "administrator")
}
