// Package indicator holds the rules of figures that are followed over time: what
// an indicator is, where it should be on a day, how far it has come, what a
// derived one is computed from, and which figures nobody may see because the
// group behind them is too small.
//
// Arithmetic is exact: fractions inside, decimals outside, and nothing in
// between is invented. What cannot be computed is said to be so.
package indicator

import (
	"regexp"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
)

// Direction says what is good for an indicator.
type Direction string

// Directions. Up and Down lead from a baseline to a target; the others ask that
// a bound is kept, and know no percentage of the way.
const (
	Up      Direction = "up"
	Down    Direction = "down"
	AtLeast Direction = "at_least"
	AtMost  Direction = "at_most"
	Between Direction = "between"
)

// Directions lists them in the order of the form.
var Directions = []Direction{Up, Down, AtLeast, AtMost, Between}

// Bound reports whether the direction asks that a bound is kept.
func (d Direction) Bound() bool { return d == AtLeast || d == AtMost || d == Between }

// Cadence is how often an indicator is measured, and the period that a derived one is counted by.
type Cadence string

// Cadences.
const (
	Monthly    Cadence = "monthly"
	Quarterly  Cadence = "quarterly"
	HalfYearly Cadence = "half_yearly"
	Yearly     Cadence = "yearly"
)

// Cadences lists them in the order of the form.
var Cadences = []Cadence{Monthly, Quarterly, HalfYearly, Yearly}

// Months gives the length of its period.
func (c Cadence) Months() int {
	switch c {
	case Monthly:
		return 1
	case Quarterly:
		return 3
	case Yearly:
		return 12
	}
	return 6
}

// Origin says where the figures of an indicator come from.
type Origin string

// Origins.
const (
	Measured    Origin = "measured"    // values that somebody records
	FromFormula Origin = "formula"     // other indicators
	FromEvents  Origin = "events"      // the register of events
	FromDuties  Origin = "duties"      // the duties of the mandate: the share done in time
	InParts     Origin = "parts_apart" // its parts have units of their own: it has no figure
)

// Origins lists them in the order of the form.
var Origins = []Origin{Measured, FromFormula, FromEvents, FromDuties, InParts}

// What is counted of events.
const (
	CountEvents  = "count"  // how many took place
	ReportBefore = "before" // of how many everything owed before was done
	ReportAfter  = "after"  // of how many everything owed afterwards was done
	ReportBoth   = "both"   // of how many both were done
)

// EventCounts lists what can be counted of events.
var EventCounts = []string{CountEvents, ReportBefore, ReportAfter, ReportBoth}

// Milestone is where an indicator must be. With a direction up or down it must be
// reached by that day; a bound counts from that day on. Upper is for Between only.
type Milestone struct {
	On    calendar.Date
	Value decimal.Decimal
	Upper decimal.Decimal
}

// Definition is what an indicator is from a day on.
type Definition struct {
	ValidFrom  calendar.Date
	Name       bilingual.Text
	Unit       bilingual.Text // such as "%", "voorstellen"; may be empty for a bare number
	Direction  Direction
	Per        int // 0: a value by itself; 1, 100 or 1000: numerator ÷ denominator × Per
	Decimals   int // that are shown, 0 to 6
	Baseline   *decimal.Decimal
	BaselineOn calendar.Date
	Milestones []Milestone // the earliest first
	Source     string      // where the figures come from, in words
	Owner      string      // who answers for them
	Cadence    Cadence
	Origin     Origin
	Formula    string // of FromFormula
	EventKind  string // of FromEvents: code of the kind
	EventCount string // of FromEvents: see EventCounts
	// AddsUp says that the parts add up to the indicator itself. Parts of InParts do not.
	AddsUp bool
	Parts  []string // codes of other indicators of the mandate
	// Retired says that it is followed no more from ValidFrom on. Its figures stay.
	Retired bool
}

// TakesPercent reports whether a value may come with a percent sign: where the
// unit is per cent, or there is none. "12 %" minutes are a figure of something else.
func (d Definition) TakesPercent() bool {
	unit := strings.ToLower(d.Unit.NL + " " + d.Unit.FR)
	return d.Unit.IsZero() || strings.Contains(unit, "%") || strings.Contains(unit, "procent") || strings.Contains(unit, "pour cent") || strings.Contains(unit, "pourcent")
}

// Indicator is an indicator of a mandate as it was defined on a day.
type Indicator struct {
	ID        int64
	Newest    int64  // number of the definition that was recorded last, whatever day it counts from
	Code      string // within its mandate, such as T5-K1
	Objective string // code of the objective that it belongs to; "" for the mandate as such
	Target    string // code of the target that it belongs to, of that objective; "" for none
	KPI       bilingual.Text
	// KPI holds the words of the letter when the indicator measures a KPI of it.
	KPICode string
	Definition
	// MinGroup is the smallest group of people of which a figure may be shown: 0 for
	// no such rule. It is the strictest that was ever set: no look into the past undoes it.
	MinGroup int
}

// Measurement is one recorded value. They are never changed: a correction
// supersedes the one before of the same day, and both stay readable.
type Measurement struct {
	ID          int64
	On          calendar.Date // that it speaks of
	Value       *decimal.Decimal
	Numerator   *decimal.Decimal
	Denominator *decimal.Decimal
	People      int  // in the group that the figure is about; 0 when not given
	Withdrawn   bool // there is no value of that day after all
	Note        string
	Lang        bilingual.Lang // of the note
	By          string         // who recorded it; "" for a machine
	Machine     string         // name of the token that sent it; "" for a person at a page
	Channel     string         // page, import or api
	At          time.Time
	Supersedes  int64 // the measurement that this one takes the place of; 0 for the first of its day
	Hidden      bool  // its figures are kept back: the group is too small
}

var codeForm = regexp.MustCompile(`^[A-Z][A-Z0-9]{0,11}(?:[.-][A-Z0-9]{1,12}){0,3}$`)

// ValidCode reports whether a code can name an indicator: capitals and digits in
// up to four groups with a hyphen or a point between them, such as T5-K1.
func ValidCode(code string) bool { return codeForm.MatchString(code) }
