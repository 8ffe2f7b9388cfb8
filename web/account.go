package web

import "time"

// AccountView is a person's own account. Each button posts idempotency_key to
// its address.
type AccountView struct {
	Frame
	HasPassword    bool // else the organisation signs them in
	PasswordURL    string
	FactorURL      string
	FactorSince    time.Time // zero: no second factor is in use
	RecoveryCodes  int       // that are left
	Required       bool      // the role asks for a second factor
	PreferencesURL string
	TokensURL      string // keys for programs
	ExportsURL     string // documents that are made apart
	Sessions       []Session
	EndAllURL      string
	IdempotencyKey string
}

// Session is one place where a person is signed in.
type Session struct {
	ID           string
	This         bool   // the reader's
	Agent        string // such as "Firefox, Windows"; "" when unknown
	Network      string // such as 192.0.2.0/24; "" when unknown
	Begun, Seen  time.Time
	SecondFactor bool
	EndURL       string
}

// device says on what a session runs.
func (v AccountView) device(s Session) string {
	if s.Agent == "" {
		return v.T("sessions.unknown")
	}
	return s.Agent
}
