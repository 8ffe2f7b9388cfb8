package onetime

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

// RecoveryCodes is how many a person gets at once.
const RecoveryCodes = 10

const recoveryBytes = 15 // 120 bits: enough that a plain hash may be stored (ASVS 5.0, 6.5.2)

// RecoveryCode opens an account once when the authenticator app is lost.
type RecoveryCode [recoveryBytes]byte

// NewRecoveryCodes makes a set.
func NewRecoveryCodes() []RecoveryCode {
	codes := make([]RecoveryCode, RecoveryCodes)
	for i := range codes {
		_, _ = rand.Read(codes[i][:]) // never fails
	}
	return codes
}

// ParseRecoveryCode reads a code as people type it: capitals or not, with or
// without lines and spaces, and a 0 or 1 for the letter that looks like it.
func ParseRecoveryCode(typed string) (c RecoveryCode, ok bool) {
	plain := strings.NewReplacer("-", "", " ", "", "0", "O", "1", "I").Replace(strings.ToUpper(typed))
	raw, err := unpadded.DecodeString(plain)
	if err != nil || len(raw) != recoveryBytes {
		return c, false
	}
	return RecoveryCode(raw), true
}

// String writes the code in six groups of four.
func (c RecoveryCode) String() string {
	return strings.ToLower(grouped(unpadded.EncodeToString(c[:]), "-"))
}

// Hash is what is stored.
func (c RecoveryCode) Hash() []byte { return hashed(c[:]) }

// Token is what a link carries: 256 random bits.
type Token [32]byte

// NewToken makes a token.
func NewToken() (t Token) {
	_, _ = rand.Read(t[:]) // never fails
	return t
}

// ParseToken reads a token of an address; one of another form is none.
func ParseToken(s string) (t Token, ok bool) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(s)
	if err != nil || len(raw) != len(t) {
		return t, false
	}
	return Token(raw), true
}

// String writes the token as a part of an address.
func (t Token) String() string { return base64.RawURLEncoding.EncodeToString(t[:]) }

// Hash is what is stored.
func (t Token) Hash() []byte { return hashed(t[:]) }

func hashed(b []byte) []byte {
	sum := sha256.Sum256(b)
	return sum[:]
}
