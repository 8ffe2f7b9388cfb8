package web

import (
	"time"

	"jalon/internal/calendar"
)

// CodeView asks for the code after the password. It posts code, return, kept
// and kept_to to its own address.
type CodeView struct {
	Frame
	Action   string
	StartURL string // to begin again
	Return   string // where to go afterwards, already checked
	Kept     string // a form that came after the session had ended
	KeptTo   string // where it goes
}

// SecondFactorView sets the second factor up, or changes it. Without one the
// page posts password; with a Secret that waits, code; with one in use (Since),
// password, code and do (codes or remove). Each with idempotency_key.
type SecondFactorView struct {
	Frame
	BeginURL, ConfirmURL, ChangeURL string
	Required                        bool // the role asks for it
	First                           bool // nothing else can be done first
	Secret                          string
	URI                             string // otpauth://
	QRPath                          string // d of an SVG path, one unit to a module; "" for none
	QRSize                          int    // modules on each side
	Since                           time.Time
	RecoveryCodes                   int // that are left
	IdempotencyKey                  string
}

// RecoveryCodesView shows new recovery codes, once.
type RecoveryCodesView struct {
	Frame
	Codes       []string
	On          calendar.Date
	ContinueURL string
	AccountURL  string
}

// quiet is the margin of a square code: four modules, or scanners miss it.
const quiet = 4

func (v SecondFactorView) viewBox() string {
	side := itoa(v.QRSize + 2*quiet)
	return "-" + itoa(quiet) + " -" + itoa(quiet) + " " + side + " " + side
}

func (v SecondFactorView) under() string {
	switch {
	case v.First:
		return v.T("factor.first")
	case v.Required:
		return v.T("factor.required")
	}
	return v.T("factor.under")
}
