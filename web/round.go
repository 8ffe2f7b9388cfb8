package web

import (
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
)

// RoundsView lists the rounds of the bodies of the reader.
type RoundsView struct {
	Frame
	OpenURL string // for whoever may open one; "" for none
	NoBody  bool   // whoever may open one has no body to open it for
	Rounds  []RoundLine
}

// RoundLine is one round in the list.
type RoundLine struct {
	Institution, Body   bilingual.Text
	Period              calendar.HalfYear
	State               monitoring.RoundState
	Dates               monitoring.RoundDates
	Submitted, Mandates int
	URL                 string
}

// RoundFormView opens a half-year of a body, or changes one that is open.
type RoundFormView struct {
	Frame
	Action, CancelURL string
	IdempotencyKey    string
	Bodies            []BodyChoice // to choose from; none when there is one body
	Body              string       // chosen, such as ACTIRIS-DR
	Institution, Name bilingual.Text
	Period            string
	Periods           []Option
	Opens, Due, Grace string
	MeetsOn           string
	Mandates          []MandateChoice
	Changes           bool   // of a round that is open: body and half-year are fixed, and a reason is asked
	Reason            string // as typed
}

// BodyChoice leads to the form of a body.
type BodyChoice struct {
	Label, URL string
	Current    bool
}

// MandateChoice is a mandate that may be asked for its part.
type MandateChoice struct {
	Code   string
	Title  bilingual.Text
	Holder string
	Chosen bool
	Begun  bool // its part was submitted or returned: it stays
}

// RoundView is a round as its secretary and its members see it.
type RoundView struct {
	Frame
	Institution, Body          bilingual.Text
	State                      monitoring.RoundState
	Dates                      monitoring.RoundDates
	Steps                      []RoundStep
	Parts                      []RoundPart
	Submitted, Reported, Owed  int
	Late                       int // parts
	Manages                    bool
	StepURL, NudgeURL, SealURL string // "" for who only reads, and when there is nothing to do
	ExportURL                  string // of a sealed round
	Seal                       *monitoring.Seal
	ChangeURL                  string                // of days and mandates; "" for who only reads, and after the seal
	Next                       monitoring.RoundState // "" for none, and for the seal
	Back                       monitoring.RoundState // "" for none
	IdempotencyKey             string
	Reason                     string // of a step back, as typed
	People                     []NudgePerson
}

// RoundStep is one step of a round, or a change of its days or mandates.
type RoundStep struct {
	To      monitoring.RoundState // "" for a change
	Back    bool
	At      time.Time
	By      string
	Reason  string
	Changed []Changed
}

// Changed is one thing of a round that became something else; Was is "" where
// there is only what was added or left out.
type Changed struct{ Label, Was, Is string }

// RoundPart is the part of one mandate.
type RoundPart struct {
	Code           string
	Title          bilingual.Text
	Holder         string
	Interim        bool
	URL            string // of its table
	Reported, Owed int
	LastAt         time.Time
	Step           monitoring.PartStep
	Late           monitoring.Lateness
	PartNote
	Number    string
	ReturnURL string // "" when there is nothing to return
}

// PartNote says who submitted or returned a part last, and why.
type PartNote struct {
	At     time.Time
	By     string
	Reason string
	Rows   []ReturnReason
}

// ReturnReason is why one row was returned.
type ReturnReason struct {
	Code   mandate.Code
	Reason string
	URL    string
}

// NudgePerson is somebody who may be nudged.
type NudgePerson struct {
	ID       string
	Name     string
	Role     string
	Mandates string // codes
	Lang     bilingual.Lang
	NudgedAt time.Time // today; zero for not yet
	Chosen   bool
}

// RoundSealView is the review before the whole table of a body is sealed.
type RoundSealView struct {
	Frame
	Body                   bilingual.Text
	Period                 calendar.HalfYear
	Dates                  monitoring.RoundDates
	Parts                  []RoundPart
	Reported, Owed, Sealed int // of the tables, those that are sealed already
	Action, CancelURL      string
	IdempotencyKey         string
}

// missing lists the parts that were never submitted.
func (v RoundSealView) missing() (parts []RoundPart) {
	for _, p := range v.Parts {
		if p.Step != monitoring.Submitted {
			parts = append(parts, p)
		}
	}
	return parts
}

// SubmitView shows what is missing or weak before a part is submitted.
type SubmitView struct {
	Frame
	Mandate           MandateHead
	Period            calendar.HalfYear
	Bodies            []OwnBody
	Reported, Owed    int
	Drafts            int // rows that were typed and not recorded
	Groups            []WeakGroup
	Closed            bool          // there is nothing to submit
	From              calendar.Date // the first day on which the part is taken; zero for today
	Action, ReportURL string
	IdempotencyKey    string
}

// OwnBody is a body that the part goes to.
type OwnBody struct {
	Name  bilingual.Text
	Dates monitoring.RoundDates
	Late  monitoring.Lateness
	Step  monitoring.PartStep
	PartNote
}

// WeakGroup gathers targets with the same weakness.
type WeakGroup struct {
	Weakness monitoring.Weakness
	Targets  []Ancestor
}

// ReturnView gives a part back to its holder.
type ReturnView struct {
	Frame
	Mandate           MandateHead
	Period            calendar.HalfYear
	Reason            string
	Rows              []ReturnField
	Action, CancelURL string
	IdempotencyKey    string
}

// ReturnField is one row of the part with what is wrong with it.
type ReturnField struct {
	Code  mandate.Code
	Text  bilingual.Text
	Cell  monitoring.Cell
	Value string
}

// PartView stands in place of the report of a part that is submitted.
type PartView struct {
	Frame
	Mandate  MandateHead
	Bodies   []OwnBody
	TableURL string
}

// PartNotice stands at the head of the report page: how far the part is.
type PartNotice struct {
	SubmitURL string // for the holder; "" for who cannot submit
	Bodies    []OwnBody
	Closed    []mandate.Code // targets that cannot be reported on now: they lie before a body, or are sealed for it
}

// returned lists the bodies that gave the part back.
func (n PartNotice) returned() (bodies []OwnBody) {
	for _, b := range n.Bodies {
		if b.Step == monitoring.Returned {
			bodies = append(bodies, b)
		}
	}
	return bodies
}

// DueReturn is a part that lies with the reader again.
type DueReturn struct {
	Mandate bilingual.Text
	Period  calendar.HalfYear
	At      time.Time
	Reason  string
	URL     string // of the report page
}

func (f Frame) roundState(s monitoring.RoundState) string { return f.T("round.state." + string(s)) }

// holderOf names the holder of a part, and says when they stand in for another.
func (f Frame) holderOf(p RoundPart) string {
	if p.Interim && p.Holder != "" {
		return f.T("mandate.interim", "Name", p.Holder)
	}
	return p.Holder
}

// reached reports whether a state lies behind, or is where a round is.
func (v RoundView) reached(s monitoring.RoundState) bool {
	for _, known := range monitoring.RoundStates {
		if known == s {
			return true
		}
		if known == v.State {
			return false
		}
	}
	return false
}

// RoundField names the field of a row in the form that returns a part.
func RoundField(c mandate.Code) string { return "row." + c.String() }
