package web

import (
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
)

// DeadlineView lets a person agree with the reading of a deadline, or have
// other words read in its place. It posts choice, words, do and
// idempotency_key to Action: "read" shows what the words say, "confirm" stores
// the choice. The words of the letter never change.
type DeadlineView struct {
	Frame
	Mandate        MandateHead
	Code           mandate.Code
	Text           bilingual.Text // of the target
	Deadline       monitoring.DeadlineCell
	Readings       []ReadingChoice
	Chosen         string
	Words          string // as typed
	ConfirmedBy    string
	ConfirmedOn    calendar.Date
	Action         string
	CancelURL      string
	Seen           string // stands for the deadline as it is drawn
	IdempotencyKey string
}

// ReadingChoice is one reading that can be agreed with. Value is the field "choice".
type ReadingChoice struct {
	Value    string
	Label    string // where it comes from
	Words    string // the reading, in words
	Findings []string
	Duties   []ReadingDuty // that follow within a year
	More     int           // duties beyond those listed
}

// ReadingDuty is one duty that follows from a reading.
type ReadingDuty struct {
	Due    calendar.Date
	Reason string
}
