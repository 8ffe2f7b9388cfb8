package progress

import (
	"time"

	"github.com/shopspring/decimal"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
)

// Entry is what was reported on one target. Entries are never changed: a
// correction is a new entry that supersedes the old one. Narrative is plain
// text in Lang, with line feeds between paragraphs.
type Entry struct {
	ID               int64
	TargetID         int64
	Status           Status        // as entered, never derived
	AsOf             calendar.Date // what it speaks of
	RecordedAt       time.Time     // when it was saved
	AuthorID         int64
	Author           string
	OnBehalfOfID     int64 // the holder, when a delegate reports; else 0
	OnBehalfOf       string
	Percentage       *decimal.Decimal // 0 to 100; nil when none was given
	Value            *decimal.Decimal // in the unit of the target; nil when none was given
	Achieved         string
	Obstacles        string
	OutsideControl   bool // the obstacles lie outside the holder's control; never without Obstacles
	NextSteps        string
	SupportAsked     string
	SupportOf        string // of whom
	SupportBy        calendar.Date
	Reason           string // why there is nothing to report, why it was stopped, or why it is the same as last time
	Lang             bilingual.Lang
	Supersedes       int64 // the entry that this one corrects; 0 for none
	CorrectionReason string
}

// MaxNarrative is the longest narrative field, in characters.
const MaxNarrative = 20000
