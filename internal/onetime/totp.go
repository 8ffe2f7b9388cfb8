// Package onetime makes and reads what proves who somebody is, once: the codes
// of an authenticator app, recovery codes, and the tokens of links.
package onetime

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1" // what RFC 6238 and every authenticator app use
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
)

const (
	secretBytes = 20 // as RFC 4226 advises
	period      = 30 // seconds
	digits      = 6
	drift       = 1 // steps that a clock may be early or late
)

var unpadded = base32.StdEncoding.WithPadding(base32.NoPadding)

// Secret is what an authenticator app and we both know: 160 random bits.
type Secret [secretBytes]byte

// NewSecret makes a secret.
func NewSecret() (s Secret) {
	_, _ = rand.Read(s[:]) // never fails
	return s
}

// ParseSecret takes the bytes of a stored secret.
func ParseSecret(raw []byte) (s Secret, err error) {
	if len(raw) != secretBytes {
		return s, errors.New("a second-factor secret of the wrong length")
	}
	return Secret(raw), nil
}

// Step numbers the half-minutes since 1970 (RFC 6238, section 4.2).
func Step(at time.Time) int64 { return at.Unix() / period }

// Code gives the six digits of a step (RFC 6238 with SHA-1; RFC 4226, section 5.3).
func (s Secret) Code(step int64) string {
	var counter [8]byte
	binary.BigEndian.PutUint64(counter[:], uint64(step))
	mac := hmac.New(sha1.New, s[:])
	mac.Write(counter[:])
	sum := mac.Sum(nil)
	offset := sum[len(sum)-1] & 0xf
	number := binary.BigEndian.Uint32(sum[offset:]) & 0x7fffffff
	return fmt.Sprintf("%0*d", digits, number%1_000_000)
}

// Match finds the step whose code was typed: the present one or a neighbour,
// and only one after the last that served, so that no code serves twice. It
// takes the same time whatever was typed.
func (s Secret) Match(code string, at time.Time, last int64) (step int64, ok bool) {
	now := Step(at)
	for n := now - drift; n <= now+drift; n++ {
		if subtle.ConstantTimeCompare([]byte(s.Code(n)), []byte(code)) == 1 && n > last && !ok {
			step, ok = n, true
		}
	}
	return step, ok
}

// Digits reads a code as people type it, with spaces; false when it is none.
func Digits(typed string) (code string, ok bool) {
	code = strings.ReplaceAll(strings.ReplaceAll(typed, " ", ""), "\u00a0", "")
	if len(code) != digits || strings.ContainsFunc(code, func(r rune) bool { return r < '0' || r > '9' }) {
		return "", false
	}
	return code, true
}

// String writes the secret in groups of four, to be typed.
func (s Secret) String() string { return grouped(unpadded.EncodeToString(s[:]), " ") }

// URI is what the square code of an authenticator app holds
// (github.com/google/google-authenticator/wiki/Key-Uri-Format). Digits and
// period are the ones that every app takes for granted; they are left out.
func (s Secret) URI(issuer, account string) string {
	return "otpauth://totp/" + url.PathEscape(issuer+":"+account) + "?secret=" + unpadded.EncodeToString(s[:]) + "&issuer=" + url.QueryEscape(issuer)
}

func grouped(s, between string) string {
	var groups []string
	for ; len(s) > 4; s = s[4:] {
		groups = append(groups, s[:4])
	}
	return strings.Join(append(groups, s), between)
}
