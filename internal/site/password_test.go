package site

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestStoredPasswordHoldsItsCost(t *testing.T) {
	atWork(t)
	h := newHashing()
	stored := HashPassword("één wachtwoord")
	if !strings.HasPrefix(stored, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatalf("stored form %s", stored)
	}
	if HashPassword("één wachtwoord") == stored {
		t.Error("no salt")
	}
	weaker := encodeHash(argonCost{8 << 10, 1, 1}, make([]byte, saltBytes), derive(argonCost{8 << 10, 1, 1}, "x", make([]byte, saltBytes), keyBytes))
	for _, c := range []struct {
		name, stored, password string
		ok, outdated           bool
	}{
		{"right", stored, "één wachtwoord", true, false},
		{"é as two signs", stored, "e\u0301e\u0301n wachtwoord", true, false},
		{"wrong", stored, "een wachtwoord", false, false},
		{"empty", stored, "", false, false},
		{"older cost", weaker, "x", true, true},
		{"no account", "", "", false, false},
	} {
		ok, outdated, err := h.matches(t.Context(), c.stored, c.password)
		if ok != c.ok || outdated != c.outdated || err != nil {
			t.Errorf("%s: %v, %v, %v; want %v, %v", c.name, ok, outdated, err, c.ok, c.outdated)
		}
	}
	for _, broken := range []string{"plain", "$argon2i$v=19$m=1,t=1,p=1$AAAA$AAAA", "$argon2id$v=19$m=99999999,t=2,p=1$" + strings.Repeat("A", 22) + "$" + strings.Repeat("A", 43), "$argon2id$v=19$m=19456,t=2,p=1$!$!"} {
		if ok, _, err := h.matches(t.Context(), broken, "x"); ok || err == nil {
			t.Errorf("%s is taken for a stored password", broken)
		}
	}
}

func TestOlderPasswordFormIsReplacedAtSignIn(t *testing.T) {
	atWork(t)
	o := newOffice(t)
	cost := argonCost{8 << 10, 1, 1}
	salt := make([]byte, saltBytes)
	o.sql(`UPDATE person SET password_hash = $1 WHERE email = 'committee@jalon.example'`, encodeHash(cost, salt, derive(cost, password, salt, keyBytes)))
	b := o.as("committee")
	if got := value[string](o, `SELECT password_hash FROM person WHERE email = 'committee@jalon.example'`); !strings.Contains(got, "$m=19456,t=2,p=1$") {
		t.Errorf("stored form %s", got)
	}
	wantCode(t, "the session", b.get("/nl/mandates"), 200)
}

func TestHashingIsBounded(t *testing.T) {
	atWork(t)
	h := newHashing()
	var release []func()
	for range cap(h.slots) {
		done, err := h.turn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		release = append(release, done)
	}
	ctx, cancel := context.WithCancel(t.Context())
	waited := make(chan error, maxWaiting)
	for range maxWaiting {
		go func() {
			_, err := h.turn(ctx)
			waited <- err
		}()
	}
	for h.waiting.Load() < maxWaiting {
		time.Sleep(time.Millisecond) // until all have come to wait
	}
	if _, err := h.turn(t.Context()); !errors.Is(err, errBusy) {
		t.Errorf("one more than may wait: %v", err)
	}
	cancel()
	for range maxWaiting {
		if err := <-waited; !errors.Is(err, context.Canceled) {
			t.Errorf("who gave up: %v", err)
		}
	}
	for _, done := range release {
		done()
	}
	if done, err := h.turn(t.Context()); err != nil {
		t.Error(err)
	} else {
		done()
	}
	if p := asProblem(errBusy); p.status != 503 || p.retry == 0 {
		t.Errorf("busy: %d, wait %v", p.status, p.retry)
	}
}

func TestWeakPasswords(t *testing.T) {
	const name, email = "Anne-Sophie Van den Berghe", "as.vandenberghe@actiris.brussels"
	for password, want := range map[string]string{
		"elf tekens.":                  "signin.password.short",
		strings.Repeat("ab", 65):       "signin.password.long",
		"welkom01welkom01":             "signin.password.common",
		"Motdepasse123!":               "signin.password.common",
		"correct horse battery staple": "signin.password.common",
		"aaaaaaaaaaaaaaa":              "signin.password.common",
		"123456789012345":              "signin.password.common",
		"Brussel2026!!":                "signin.password.common",
		"annesophie-2026":              "signin.password.personal",
		"Actiris-jalon-26":             "signin.password.personal",
		"vandenberghe99":               "signin.password.personal",
		"met een\x07bel erin":          "error.form.control",
		"vijver-lantaarn-kasteel":      "",
		"trois mots simples":           "",
		"ë\u0308ëëë-über-straße-café":  "",
	} {
		if got := weakPassword(password, name, email); got != want {
			t.Errorf("%q: %q, want %q", password, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		_ = weakPassword(rapid.String().Draw(t, "password"), rapid.String().Draw(t, "name"), rapid.String().Draw(t, "email"))
	})
}

func TestOneTimePasswordIsAccepted(t *testing.T) {
	seen := map[string]bool{}
	for range 100 {
		p := OneTimePassword()
		if seen[p] || utf8.RuneCountInString(p) != 23 || weakPassword(p, "An", "an@x.be") != "" {
			t.Fatalf("%q", p)
		}
		seen[p] = true
	}
}
