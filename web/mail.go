package web

import (
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
)

// MailView lists the mails that went out or wait, for the administrator. When
// Held is not zero, releasing or dropping those posts idempotency_key to the two addresses.
type MailView struct {
	Frame
	Counts         []MailCount
	Held           int
	Mails          []OutgoingMail // the newest first
	More           bool           // there are older ones
	NoServer       bool           // no mail server is set: mails are kept
	ReleaseURL     string
	DropURL        string
	IdempotencyKey string
}

// MailCount is how many mails are in a state.
type MailCount struct {
	State string
	Count int
}

// OutgoingMail is one mail with where it stands.
type OutgoingMail struct {
	Name, Email   string
	Lang          bilingual.Lang // of the mail
	Kind, State   string
	Day           calendar.Date
	Subject, Text string
	Attempts      int
	Error         string    // code of what went wrong last
	Next          time.Time // zero: no further attempt
	Sent          time.Time
}
