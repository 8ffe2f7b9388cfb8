package web

import (
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
)

// AuditView lists the audit trail, for the administrator, the latest first.
type AuditView struct {
	Frame
	Action                    string // GET, with the fields of AuditFilter
	People, Actions, Mandates []Option
	Values                    AuditFilter
	State                     TrailState
	Events                    []AuditLine
	NewerURL, OlderURL        string // "" at that end
	CSVURL, JSONURL           string
}

// AuditFilter is what was chosen, as typed.
type AuditFilter struct {
	Person, Action, Mandate, From, Until string
	Refusals                             bool
}

// TrailState is how the chain of the trail stands.
type TrailState struct {
	Checked    time.Time // zero: never
	Events     int       // that were checked
	Findings   int       // 0: intact
	First      []string  // of the findings, in words
	LastSigned calendar.Date
	Head       string // of that day, in hexadecimal
	KeyID      string
}

// AuditLine is one event in words.
type AuditLine struct {
	At         time.Time
	Who        string // "" for the system
	OnBehalfOf string // "" for themself
	What       string
	Refused    bool
	Object     string
	Mandate    string // its code; "" for none
	Details    []string
	RequestID  string
	Address    string
	Place      string // in the chain, such as 2026-11-24 · 17
}

// AccessLogView tells a holder who read or exported their dossier.
type AccessLogView struct {
	Frame
	Lines []AccessLine
	More  bool // there are older ones
}

// AccessLine is one reading or export: when, in which role, what and why, but no name.
type AccessLine struct {
	At      time.Time
	Self    bool           // the reader of the page
	Role    string         // in words; "" when it was not recorded
	Body    bilingual.Text // of that role; zero for none
	What    string
	Purpose string
}
