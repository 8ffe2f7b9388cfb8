// Package monitoring holds the half-yearly monitoring table of a mandate: its
// rows, its canonical form, its seal and the check of a sealed file.
package monitoring

import (
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/progress"
)

// Table is the monitoring table of one mandate for one half-year, in both
// languages. The page and every export are renderings of this one value.
type Table struct {
	Form        int    // of its canonical document, 1 (also when it is 0) or 2; the first has no decisions, no evidence and no mark at obstacles
	Software    string // version of the program that made the table
	Institution Institution
	Body        Body
	Mandate     Mandate
	Holder      Holder
	Period      calendar.HalfYear
	AsOf        calendar.Date // what the table speaks of: entries up to and including this day
	Previous    *Reference    // the sealed table that "then" was taken from; nil for the first
	Questions   []Decision    // that the body asked in earlier half-years and that were open when this one began
	Rows        []Row         // in the order of the letter
	Sealing     *Sealing      // nil for a draft
}

// Institution is the institution of the mandate.
type Institution struct {
	Code string
	Name bilingual.Text
}

// Body is the body that the table is presented to.
type Body struct {
	Code string
	Name bilingual.Text
}

// Mandate names the mandate. Rank is a rank of the statute such as "A4".
type Mandate struct {
	Code  string
	Rank  string
	Title bilingual.Text
}

// Holder is the person who held the mandate on the as-of date; no name when it was vacant.
type Holder struct {
	Name    string
	Interim bool
}

// Reference points at another sealed table.
type Reference struct {
	Number  string
	Version int
	SHA256  string // hexadecimal, of its canonical document
	Period  calendar.HalfYear
}

// Row is one target of the table.
type Row struct {
	Code      mandate.Code
	Objective bilingual.Text
	Point     bilingual.Text // wording in force on the as-of date, like Target
	Target    bilingual.Text
	Deadline  DeadlineCell
	Then      Cell // in the previous sealed table; zero when there is none
	Now       Cell
	Trend     Trend
	Missed    []Duty     // owed up to the as-of date and not answered
	Evidence  []Proof    // of the entry that Now shows
	Decisions []Decision // of the body, in the meeting on this table
}

// DeadlineCell is a deadline as written and as read.
type DeadlineCell struct {
	Text      bilingual.Text // the words of the letter
	Reading   string         // compact notation, such as "by 2025-12-31{y}"
	Words     bilingual.Text // the reading in plain words
	Due       calendar.Date  // last day of the next or only duty; zero when there is none
	Confirmed bool           // a person agreed with the reading
}

// Cell is where a target stands. Status may be derived (late, not reported);
// Entry is nil when nothing was reported. The zero Cell is "no table to compare with".
type Cell struct {
	Status progress.Status
	Entry  *Entry
}

// Said gives the status that a person entered last, where the cell shows a
// derived one in its place; "" where it shows what was entered.
func (c Cell) Said() progress.Status {
	if c.Entry == nil || c.Entry.Status == c.Status {
		return ""
	}
	return c.Entry.Status
}

// Entry is what was reported on the target. Its Status is as entered; that of
// the cell may be derived from it.
type Entry = progress.Entry

// Duty is one thing that was owed. Reason tells what for, in the words of the deadline's reading.
type Duty struct {
	From   calendar.Date // zero when it had no first day
	Due    calendar.Date
	Reason string
}

// Sealing says under which number a table was sealed, when and by whom. It is
// part of the document that is signed.
type Sealing struct {
	Number   string // such as "DR-2026-H1-001"
	Version  int    // 1 for the first seal, one more for each erratum
	SealedAt time.Time
	SealedBy string
	Reason   string     // why a version after the first was made
	Replaces *Reference // the version before
}

// Trend compares where a target stands with where it stood.
type Trend string

// Trends. None means that the two cannot be compared.
const (
	None Trend = "none"
	Up   Trend = "up"
	Same Trend = "same"
	Down Trend = "down"
)

// strength orders the statuses that can be compared, the strongest highest.
// Unlike in a roll-up, silence is the weakest: falling silent is never a step up.
var strength = map[progress.Status]int{
	progress.Achieved:      7,
	progress.OnTrack:       6,
	progress.Attention:     5,
	progress.SupportNeeded: 4,
	progress.Late:          3,
	progress.Compromised:   2,
	progress.NotReported:   1,
}

// TrendOf compares two statuses: Up when now is stronger than then, Down when
// it is weaker, Same when they are equal. Strongest first: achieved, on track,
// attention, support needed, late, compromised, not reported. "Stopped" and
// "nothing to report" are neither stronger nor weaker than another status, so
// a change from or to them gives None, as does a status that is missing or not expected yet.
func TrendOf(then, now progress.Status) Trend {
	if then == "" || now == "" || now == progress.NotExpected {
		return None
	}
	if then == now {
		return Same
	}
	before, after := strength[then], strength[now]
	switch {
	case before == 0 || after == 0:
		return None
	case after > before:
		return Up
	default:
		return Down
	}
}
