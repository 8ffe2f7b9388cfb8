// Package duty tells what a mandate owes, and how each duty stands: the duties
// that follow from the deadlines as read and from the recorded events, set
// against the reports, answers and waivers.
//
// Of is the one place where that is decided. Every page, table, calendar, feed
// and reminder shows its answer.
package duty

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/deadline"
	"jalon/internal/evidence"
	"jalon/internal/mandate"
)

// State is where a duty stands on a day.
type State string

// States. Late begins on the day after the last day, in Brussels.
const (
	NotExpected  State = "not_expected"   // its window has not begun
	Open         State = "open"           // it can be done now, and there is time
	AtRisk       State = "at_risk"        // a count per period of which half has gone with nothing
	Late         State = "late"           // its last day has passed
	Done         State = "done"           // by a report or an answer; see Closing
	Waived       State = "waived"         // it need not be done; see Closing
	PastAtImport State = "past_at_import" // its last day had passed when the mandate was first followed
)

// States lists every state, the most pressing first.
var States = []State{Late, AtRisk, Open, NotExpected, PastAtImport, Waived, Done}

// Owing reports whether somebody has something to do for it now.
func (s State) Owing() bool { return s == Late || s == AtRisk || s == Open }

// Event is something of a mandate's register: a delegation received, a
// mission, a step of a procedure. It opens duties for its targets.
type Event struct {
	ID           int64
	UID          string // in the calendar it was read from; "" for none. Only the store's Register fills it
	Kind         Kind
	Title        string
	Lang         bilingual.Lang // of what a person wrote
	From, Until  calendar.Date  // Until equals From for one day
	Place        string
	Participants int // 0: not given
	Targets      []int64
	Wider        bool // it concerns targets as well that were left out here
	RecordedByID int64
	RecordedBy   string
	BehalfOfID   int64 // the holder, when a delegate records it; else 0
	OnBehalfOf   string
	RecordedAt   time.Time
	CancelledAt  time.Time // zero: it stands
}

// Kind is a kind of event. Its triggers are the names that readings of
// deadlines use for it: "delegation-reception", or "infringement" for the
// calendar of infringement procedures.
type Kind struct {
	Code     string
	Name     bilingual.Text
	Triggers []string
}

// Opens reports whether a deadline waits for events of this kind.
func (k Kind) Opens(r deadline.Reading) bool {
	for _, p := range r.Parts {
		names := strings.Split(p.Trigger, ",")
		if p.Kind == deadline.External {
			names = []string{strings.TrimSuffix(strings.TrimPrefix(p.Calendar, "cal("), ")")}
		}
		for _, name := range names {
			if slices.Contains(k.Triggers, name) {
				return true
			}
		}
	}
	return false
}

// AwaitsEvents reports whether events can open duties of a deadline at all.
func AwaitsEvents(r deadline.Reading) bool {
	return slices.ContainsFunc(r.Parts, func(p deadline.Part) bool {
		return p.Kind == deadline.Event || p.Kind == deadline.External || p.Kind == deadline.Relative && p.FromAnchor == ""
	})
}

// Cancelled reports whether the event opens nothing any more.
func (e Event) Cancelled() bool { return !e.CancelledAt.IsZero() }

// Report is what counts of an entry: that there is one, and whether it closes
// the target (achieved or stopped). An entry that was corrected is left out.
type Report struct {
	ID     int64
	AsOf   calendar.Date
	Closes bool
}

// Answer closes one duty by a note, a link to the proof or files.
type Answer struct {
	ID         int64
	TargetID   int64
	EventID    int64         // 0: of no event
	Due        calendar.Date // of the duty; not looked at for one of an event
	Timing     string        // code of the duty's reason
	DoneOn     calendar.Date // when it was done
	Note       string
	Link       string         // https, or ""
	Lang       bilingual.Lang // of the note
	ByID       int64
	By         string
	BehalfOfID int64 // the holder, when a delegate answers; else 0
	OnBehalfOf string
	At         time.Time
	Files      []evidence.File
}

// Waiver says that one duty need not be done.
type Waiver struct {
	ID       int64
	TargetID int64
	EventID  int64 // 0: of no event
	Due      calendar.Date
	Reason   string
	Lang     bilingual.Lang // of the reason
	ByID     int64
	By       string
	At       time.Time
}

// Record is everything that happened with a mandate's duties.
type Record struct {
	// Since is the day from which the mandate is followed: that of its import,
	// or of its first report when that came earlier. Zero: from the start.
	Since calendar.Date
	// SealedUntil is the last day of the latest sealed half-year: no report can
	// be made for it any more. Zero: none is sealed.
	SealedUntil calendar.Date
	// Held is the first day on which anybody held the mandate, and Earlier has by
	// target the deadlines that amendments replaced, the earliest first. With them
	// what is asked is the whole record, whoever had the mandate then. Without them
	// it is what the present holder owes by the present deadlines.
	Held    calendar.Date
	Earlier map[int64][]Earlier
	Reports map[int64][]Report // by target, the earliest first
	Events  []Event
	Answers []Answer
	Asked   []Ask
	Waivers []Waiver
}

// Earlier is a deadline that counted until an amendment replaced it.
type Earlier struct {
	Until   calendar.Date // its last day
	Reading deadline.Reading
}

// Question asks what a mandate owes between two days, both included, as seen
// on a day. The tenure of its holder bounds what is continuous or recurs.
type Question struct {
	Mandate     mandate.Mandate
	Record      Record
	From, Until calendar.Date // of the due dates
	Today       calendar.Date
}

// Closing says what ended a duty: one of the four is set.
type Closing struct {
	EntryID int64
	Answer  *Answer
	Waiver  *Waiver
	Reply   *Reply        // to a question of a body
	On      calendar.Date // as-of day of the entry, day on which it was done, or day of the waiver or reply
	InTime  bool          // not after the last day
}

// Duty is one thing owed on one date. It can be done from From on (zero: from
// any day), is expected by Due, and is late from the day after Late.
type Duty struct {
	Target  *mandate.Target
	From    calendar.Date
	Due     calendar.Date
	Late    calendar.Date
	Reason  deadline.Reason
	Part    int    // index of the part in the reading of the deadline
	Event   *Event // that opened it; nil for none
	Ask     *Ask   // the question that it is; nil for what a deadline asks
	State   State
	Closing *Closing // of a duty that is done or waived; else nil
	// Result is set for the last fixed date of a target: what is owed is the
	// target itself, so that only "achieved" or "stopped" answers it.
	Result bool
}

// LateFrom gives the first day on which the duty is late.
func (d Duty) LateFrom() calendar.Date { return d.Late.AddDays(1) }

// EventID gives the number of the event that opened the duty; 0 for none.
func (d Duty) EventID() int64 {
	if d.Event == nil {
		return 0
	}
	return d.Event.ID
}

// Key names the duty among all duties of all mandates, and stays the same for
// as long as the deadline and the event do, or the question.
func (d Duty) Key() string {
	if d.Ask != nil {
		return fmt.Sprintf("%d.0.%d.%s.%s", d.Target.ID, d.Ask.ID, d.Reason.Code, d.Due)
	}
	return fmt.Sprintf("%d.%d.%d.%s.%s", d.Target.ID, d.Part, d.EventID(), d.Reason.Code, d.Due)
}

// ReportedIn gives the half-year whose report closes the duty: that of its due
// date; for a result any report does, so the one of today.
func (d Duty) ReportedIn(today calendar.Date) calendar.HalfYear {
	if d.Result && d.Due.Before(today) {
		return calendar.HalfYearOf(today)
	}
	return calendar.HalfYearOf(d.Due)
}

// Closable reports whether anything can still close the duty: an answer closes
// that of an event or a question, a report the others unless its half-year is sealed.
func (d Duty) Closable(sealedUntil, today calendar.Date) bool {
	return d.Event != nil || d.Ask != nil || d.ReportedIn(today).End().After(sealedUntil)
}

// ByTarget sorts duties by the number of their target, in the order they have.
func ByTarget(all []Duty) map[int64][]Duty {
	by := map[int64][]Duty{}
	for _, d := range all {
		by[d.Target.ID] = append(by[d.Target.ID], d)
	}
	return by
}
