// Package deadline reads the deadlines of mandate letters, sentences in Dutch
// or French, into parts that a machine can compute with, writes a reading back
// in either language, and computes the duties that follow from it.
//
// A reading never replaces the words: it stands beside them for a person to
// confirm. What is not understood is kept verbatim in a finding.
package deadline

import (
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
)

// Kind is the class of one part of a deadline.
type Kind string

// Kinds of part.
const (
	Fixed        Kind = "fixed"            // by a day, or by the last day of a period
	Window       Kind = "window"           // somewhere between two days
	Continuous   Kind = "continuous"       // owed in every reporting period
	Periodic     Kind = "periodic"         // n per period, or every k periods
	Event        Kind = "event"            // opened by something that happens
	Relative     Kind = "relative"         // a stretch before or after an anchor
	External     Kind = "external"         // the dates come from someone else's calendar
	MandateBegin Kind = "mandate_begin"    // the first day of the mandate
	MandateMid   Kind = "mandate_mid"      // half-way the mandate
	MandateEnd   Kind = "mandate_end"      // the last day of the mandate
	AsSoon       Kind = "as_soon"          // as soon as possible, without a date
	AsNeeded     Kind = "as_needed"        // when there is a need
	Conditional  Kind = "conditional"      // depends on means or circumstances
	Milestones   Kind = "milestones"       // several named or valued steps
	Undetermined Kind = "to_be_determined" // announced, not yet given
	None         Kind = "none"             // not applicable
)

// Qualifiers weaken a part without moving its dates.
const (
	QualifierNeed      = "as_needed"
	QualifierAvailable = "as_available"
	QualifierPossible  = "as_possible"
)

// Part is one part of a deadline. Only the fields of its kind are set.
type Part struct {
	Reading string `json:"reading"` // compact notation, such as "by 2025-12-31{y}"
	Kind    Kind   `json:"kind"`

	Date      calendar.Date      `json:"date,omitzero"`       // last valid day (fixed)
	Precision calendar.Precision `json:"precision,omitempty"` // of Date, or of From..Until
	From      calendar.Date      `json:"from,omitzero"`       // first day, zero = no bound
	Until     calendar.Date      `json:"until,omitzero"`      // last day, zero = no bound
	// FromAnchor and UntilAnchor bound a part by the mandate: MB, ME, MB+1y-1d.
	FromAnchor  Anchor `json:"from_anchor,omitempty"`
	UntilAnchor Anchor `json:"until_anchor,omitempty"`
	// Was is the date that this part's date replaced ("verlengd tot").
	Was          calendar.Date      `json:"was,omitzero"`
	WasPrecision calendar.Precision `json:"was_precision,omitempty"`

	RRule    string   `json:"rrule,omitempty"`    // RFC 5545, when the recurrence has one
	Count    int      `json:"count,omitempty"`    // how many per Per
	Maximum  int      `json:"maximum,omitempty"`  // upper end of "one to two times"
	Per      string   `json:"per,omitempty"`      // day, week, month, quarter, half, year, mandate
	Interval int      `json:"interval,omitempty"` // every Interval × Per, instead of Count
	Minimum  bool     `json:"minimum,omitempty"`  // at least
	AtMost   bool     `json:"at_most,omitempty"`  // at most
	On       []string `json:"on,omitempty"`       // pins: 15, 03-15, mon, last-wd, 1st-mon, last-d
	Months   []int    `json:"months,omitempty"`   // months in which it recurs

	Timing  []string `json:"timing,omitempty"`  // before, after, at, as_soon
	Each    bool     `json:"each,omitempty"`    // every time, not once
	Trigger string   `json:"trigger,omitempty"` // known event, such as "meeting", or the words as written
	Offset  string   `json:"offset,omitempty"`  // 10wd, 3m: delay after or lead before

	Condition   string `json:"condition,omitempty"` // known condition or the words as written
	Calendar    string `json:"calendar,omitempty"`  // whose calendar (external)
	Steps       []Step `json:"steps,omitempty"`
	Purpose     string `json:"purpose,omitempty"`   // what the recurrence is for
	Qualifier   string `json:"qualifier,omitempty"` // as_needed, as_available, as_possible
	Approximate bool   `json:"approximate,omitempty"`
	Then        bool   `json:"then,omitempty"` // continuous or periodic, and begins only after the dates of the parts before it
	// Span holds the byte offsets in the text, from and until, that the part came from.
	Span [2]int `json:"span"`
}

// Step is one milestone: its name or value, and its last day.
type Step struct {
	Name        string             `json:"name"`
	Date        calendar.Date      `json:"date"`
	Precision   calendar.Precision `json:"precision"`
	Approximate bool               `json:"approximate,omitempty"`
}

// Severities of a finding.
const (
	Refused  = "error"    // there is no reading
	Question = "question" // a person must choose or complete
	Warning  = "warning"  // read, but look at it
	Notice   = "info"     // good to know
)

// Codes of findings.
const (
	CodeNotUnderstood = "not_understood"     // Text holds the words
	CodeApproximate   = "approximate"        // the date is a convention for vague words
	CodeAmbiguous     = "ambiguous"          // several readings, see Alternatives
	CodeImpossible    = "impossible_date"    // the calendar has no such day
	CodeOutOfRange    = "date_out_of_range"  // outside the years that can be a deadline
	CodeReversed      = "reversed"           // ends before it begins
	CodeNotADeadline  = "not_a_deadline"     // a status, not a time
	CodeEmpty         = "empty"              // no words at all
	CodeSpelling      = "spelling"           // args read, meant
	CodeYearMissing   = "year_missing"       // a day or month without a year
	CodeWeekday       = "weekday_mismatch"   // args said, is
	CodeNoDate        = "no_date"            // depends on something, gives no date
	CodeExternal      = "dates_from_outside" // a person enters the dates
	CodeUndetermined  = "to_be_determined"
	CodeTwoDigitYear  = "two_digit_year" // args read, meant
	CodeSuperseded    = "superseded"     // args was, date
	CodeCommunities   = "school_year"    // the communities have different school years
)

// Finding is something that a person should see. Messages are made from the
// code and its args at the edge, in the reader's language.
type Finding struct {
	Severity string            `json:"severity"`
	Code     string            `json:"code"`
	Args     map[string]string `json:"args,omitempty"`
	Text     string            `json:"text,omitempty"` // the words concerned, verbatim
}

// Alternative is one of the readings of an ambiguous phrase.
type Alternative struct {
	Reading string `json:"reading"`
	Parts   []Part `json:"parts"`
}

// Reading is what was read from a text. It can be stored as JSON and read back.
type Reading struct {
	Text     string         `json:"text"`
	Lang     bilingual.Lang `json:"lang"`    // the language it was read in
	Reading  string         `json:"reading"` // parts joined by " + "; "ambiguous: …"; "reject: …"; "" when nothing was read
	Parts    []Part         `json:"parts"`   // empty when ambiguous, refused or not read
	Findings []Finding      `json:"findings"`
	// Alternatives are the readings of an ambiguous phrase, for a person to choose.
	Alternatives []Alternative `json:"alternatives,omitempty"`
}

// Choose gives the reading with one of its alternatives as its parts, as a
// person chose it; the reading itself when there is no such alternative.
func (r Reading) Choose(i int) Reading {
	if i < 0 || i >= len(r.Alternatives) {
		return r
	}
	a := r.Alternatives[i]
	r.Reading, r.Parts, r.Alternatives = a.Reading, a.Parts, nil
	var kept []Finding
	for _, f := range r.Findings {
		if f.Code != CodeAmbiguous {
			kept = append(kept, f)
		}
	}
	r.Findings = kept
	return r
}

// Codes lists every finding's code, for the catalogues.
var Codes = []string{
	CodeNotUnderstood, CodeApproximate, CodeAmbiguous, CodeImpossible, CodeOutOfRange, CodeReversed, CodeNotADeadline, CodeEmpty,
	CodeSpelling, CodeYearMissing, CodeWeekday, CodeNoDate, CodeExternal, CodeUndetermined, CodeTwoDigitYear, CodeSuperseded,
	CodeCommunities,
}
