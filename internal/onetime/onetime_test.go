package onetime

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// RFC 6238, appendix B, for SHA-1; the last six of its eight digits.
func TestCodesOfTheStandard(t *testing.T) {
	secret := Secret([]byte("12345678901234567890"))
	for seconds, want := range map[int64]string{
		59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130",
	} {
		at := time.Unix(seconds, 0)
		if got := secret.Code(Step(at)); got != want {
			t.Errorf("at %d: %s, want %s", seconds, got, want)
		}
	}
}

func TestCodeServesOnceAndWithinOneStep(t *testing.T) {
	secret, at := NewSecret(), time.Date(2026, 11, 24, 9, 0, 10, 0, time.UTC)
	now := Step(at)
	for name, c := range map[string]struct {
		code       string
		last, want int64
		ok         bool
	}{
		"now":           {secret.Code(now), 0, now, true},
		"late clock":    {secret.Code(now - 1), 0, now - 1, true},
		"early clock":   {secret.Code(now + 1), 0, now + 1, true},
		"too old":       {secret.Code(now - 2), 0, 0, false},
		"too early":     {secret.Code(now + 2), 0, 0, false},
		"used":          {secret.Code(now), now, 0, false},
		"before used":   {secret.Code(now - 1), now, 0, false},
		"next one":      {secret.Code(now + 1), now, now + 1, true},
		"empty":         {"", 0, 0, false},
		"five of six":   {secret.Code(now)[:5], 0, 0, false},
		"with a letter": {secret.Code(now)[:5] + "x", 0, 0, false},
	} {
		if step, ok := secret.Match(c.code, at, c.last); step != c.want || ok != c.ok {
			t.Errorf("%s: %d, %v; want %d, %v", name, step, ok, c.want, c.ok)
		}
	}
}

func TestCodesAsPeopleTypeThem(t *testing.T) {
	for typed, want := range map[string]string{
		"123456": "123456", " 123 456 ": "123456", "123\u00a0456": "123456", "12345": "", "1234567": "", "12345a": "", "１２３４５６": "", "-12345": "", "": "",
	} {
		if got, ok := Digits(typed); got != want || ok != (want != "") {
			t.Errorf("%q: %q, %v", typed, got, ok)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		var c RecoveryCode
		copy(c[:], rapid.SliceOfN(rapid.Byte(), recoveryBytes, recoveryBytes).Draw(t, "bits"))
		written := c.String()
		if len(written) != 29 || strings.Count(written, "-") != 5 {
			t.Fatalf("written %q", written)
		}
		for _, typed := range []string{written, strings.ToUpper(written), strings.ReplaceAll(written, "-", ""), strings.ReplaceAll(written, "-", " "), strings.ReplaceAll(written, "o", "0"), strings.ReplaceAll(written, "i", "1")} {
			if back, ok := ParseRecoveryCode(typed); !ok || back != c {
				t.Fatalf("%q is read as %v, %v", typed, back, ok)
			}
		}
	})
	for _, typed := range []string{"", "123456", "aaaa-aaaa-aaaa-aaaa-aaaa", "aaaa-aaaa-aaaa-aaaa-aaaa-aaaa-aaaa", "????-aaaa-aaaa-aaaa-aaaa-aaaa"} {
		if _, ok := ParseRecoveryCode(typed); ok {
			t.Errorf("%q is taken for a recovery code", typed)
		}
	}
}

func TestTokenOfALink(t *testing.T) {
	token := NewToken()
	if back, ok := ParseToken(token.String()); !ok || back != token || len(token.String()) != 43 {
		t.Errorf("%s is read as %s, %v", token, back, ok)
	}
	for _, s := range []string{"", "x", token.String() + "A", token.String()[:42], token.String()[:42] + "=", strings.Repeat("A", 42) + "B", strings.Repeat("é", 43)} {
		if _, ok := ParseToken(s); ok {
			t.Errorf("%q is taken for a token", s)
		}
	}
	if other := NewToken(); other == token || string(other.Hash()) == string(token.Hash()) || len(token.Hash()) != 32 {
		t.Error("two tokens alike, or a hash of the wrong size")
	}
}

func TestSecretIsShownForTypingAndScanning(t *testing.T) {
	secret := Secret([]byte("12345678901234567890"))
	if got := secret.String(); got != "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ" {
		t.Errorf("shown as %s", got)
	}
	want := "otpauth://totp/Jalon:d+x@jalon.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Jalon"
	if got := secret.URI("Jalon", "d+x@jalon.example"); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if _, err := ParseSecret([]byte("short")); err == nil {
		t.Error("a short secret is taken")
	}
	if back, err := ParseSecret(secret[:]); err != nil || back != secret {
		t.Errorf("%v, %v", back, err)
	}
}
