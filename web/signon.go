package web

import (
	"time"

	"jalon/internal/locale"
)

// SignOnProblemView says why a sign-in at the identity provider did not work.
// Key is unavailable, denied, unknown, disabled, taken, expired or failed.
type SignOnProblemView struct {
	Frame
	Key       string
	Other     *locale.Printer // of the other language
	Subject   string          // the provider's name for the reader, for the administrator; may be ""
	AgainURL  string
	SignInURL string
	RequestID string
}

// again: what a second attempt can mend.
func (v SignOnProblemView) again() bool { return v.Key != "unknown" && v.Key != "disabled" }

// Identity is who somebody is at the identity provider.
type Identity struct {
	Subject  string
	By       string // who linked it; "" when it came with a first sign-in
	At       time.Time
	LastUsed time.Time // zero: never
}

// OwnIdentityView lets a person link their own account. Both forms post
// password and idempotency_key.
type OwnIdentityView struct {
	Frame
	Linked         *Identity // nil: not yet
	HasPassword    bool
	Link, Unlink   string // POST
	IdempotencyKey string
}

// IdentityView lets an administrator link somebody else. Linking posts subject
// and idempotency_key, unlinking only the key.
type IdentityView struct {
	Frame
	Email          string
	Issuer         string
	Subject        string // as typed
	Linked         *Identity
	Link, Unlink   string // POST; "" hides it
	Self           bool   // the reader: their own page is for that
	IdempotencyKey string
}
