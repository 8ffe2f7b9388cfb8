package site

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	_ "embed"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// Passwords have this many characters (NIST SP 800-63B: length counts, composition does not).
const (
	minPassword = 12
	maxPassword = 128
)

// argon2id with the least cost that OWASP advises: 19 MiB, two passes, one thread: 21 ms.
var argon = argonCost{memory: 19 << 10, passes: 2, threads: 1}

type argonCost struct {
	memory  uint32 // KiB
	passes  uint32
	threads uint8
}

const (
	saltBytes = 16
	keyBytes  = 32
)

// errBusy: too many passwords wait to be hashed, or too many large forms to be read.
var errBusy = errors.New("too many sign-ins at once")

// hashing bounds how many passwords are hashed at once: each takes 19 MiB and a core.
type hashing struct {
	slots   chan struct{}
	waiting atomic.Int64
	dummy   string // a hash that no password has, for accounts that do not exist
}

// maxWaiting is how many may wait for a slot before others are sent away.
const maxWaiting = 64

func newHashing() *hashing {
	return &hashing{
		slots: make(chan struct{}, 2*runtime.NumCPU()),
		dummy: encodeHash(argon, make([]byte, saltBytes), make([]byte, keyBytes)),
	}
}

// turn waits for a slot. It gives errBusy when too many wait already.
func (h *hashing) turn(ctx context.Context) (done func(), err error) {
	select {
	case h.slots <- struct{}{}:
	default:
		if h.waiting.Add(1) > maxWaiting {
			h.waiting.Add(-1)
			return nil, errBusy
		}
		defer h.waiting.Add(-1)
		select {
		case h.slots <- struct{}{}:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return func() { <-h.slots }, nil
}

// hash makes the stored form of a password.
func (h *hashing) hash(ctx context.Context, password string) (string, error) {
	done, err := h.turn(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	return HashPassword(password), nil
}

// matches compares a password with its stored form. An empty form, of an
// account that does not exist or has no password, takes the same time and never
// matches. outdated says that the form was made at another cost.
func (h *hashing) matches(ctx context.Context, stored, password string) (ok, outdated bool, err error) {
	done, err := h.turn(ctx)
	if err != nil {
		return false, false, err
	}
	defer done()
	known := stored != ""
	if !known {
		stored = h.dummy
	}
	cost, salt, want, err := decodeHash(stored)
	if err != nil {
		return false, false, err
	}
	got := derive(cost, password, salt, len(want))
	return subtle.ConstantTimeCompare(got, want) == 1 && known, cost != argon, nil
}

// HashPassword gives the stored form of a password: argon2id in the PHC string
// format, with its parameters and a random salt. It takes 19 MiB and some 20 ms.
func HashPassword(password string) string {
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // never fails
	return encodeHash(argon, salt, derive(argon, password, salt, keyBytes))
}

// derive hashes the composed form: é typed as one sign or as two is one password.
func derive(c argonCost, password string, salt []byte, length int) []byte {
	return argon2.IDKey([]byte(norm.NFC.String(password)), salt, c.passes, c.memory, c.threads, uint32(length))
}

func encodeHash(c argonCost, salt, key []byte) string {
	b := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.memory, c.passes, c.threads, b.EncodeToString(salt), b.EncodeToString(key))
}

func decodeHash(s string) (c argonCost, salt, key []byte, err error) {
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, errors.New("a stored password of unknown form")
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.memory, &c.passes, &c.threads); err != nil {
		return c, nil, nil, fmt.Errorf("a stored password of unknown form: %w", err)
	}
	if c.memory > 1<<20 || c.passes == 0 || c.passes > 20 || c.threads == 0 {
		return c, nil, nil, errors.New("a stored password of excessive cost")
	}
	if salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err == nil {
		key, err = base64.RawStdEncoding.DecodeString(parts[5])
	}
	if err != nil || len(key) < 16 {
		return c, nil, nil, errors.New("a stored password of unknown form")
	}
	return c, salt, key, nil
}

//go:embed common_passwords.txt
var commonPasswords string

// weakPassword tells why a password is not accepted, as a key of the
// catalogues; "" when it is. No rule asks for signs or digits.
func weakPassword(password, name, email string) string {
	switch n := utf8.RuneCountInString(password); {
	case n < minPassword:
		return "signin.password.short"
	case n > maxPassword:
		return "signin.password.long"
	case strings.ContainsFunc(password, unicode.IsControl):
		return "error.form.control"
	}
	folded := fold(password)
	for common := range strings.FieldsSeq(commonPasswords) {
		// a common word alone, or repeated and numbered: "welkom01welkom01"
		if rest := strings.Trim(strings.ReplaceAll(folded, common, ""), "0123456789"); rest == "" {
			return "signin.password.common"
		}
	}
	if distinct(folded) < 5 {
		return "signin.password.common"
	}
	local, domain, _ := strings.Cut(email, "@")
	parts := append(strings.FieldsFunc(name+" "+local, func(r rune) bool { return !unicode.IsLetter(r) }), strings.SplitN(domain, ".", 2)[0], "jalon")
	rest := folded
	for _, part := range parts {
		if part = fold(part); utf8.RuneCountInString(part) >= 3 {
			rest = strings.ReplaceAll(rest, part, "")
		}
	}
	// what is left without the own name, the organisation and ours must still be long enough to guess at
	if rest != folded && utf8.RuneCountInString(rest) < 8 {
		return "signin.password.personal"
	}
	return ""
}

// fold drops what people vary in a word: case, accents, spaces and signs.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(s))
}

func distinct(s string) int {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen)
}

// OneTimePassword makes a password to be given to somebody, who replaces it at
// the first sign-in: 100 random bits in four groups.
func OneTimePassword() string {
	t := strings.ToLower(rand.Text())
	return t[0:5] + "-" + t[5:10] + "-" + t[10:15] + "-" + t[15:20]
}
