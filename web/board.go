package web

import (
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/duty"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
)

// BoardHead names a body.
type BoardHead struct {
	Name        bilingual.Text
	Institution bilingual.Text
	URL         string
	All         bool // every target of its institution goes to it; else those addressed to it
	External    bool
}

// BoardsView lists the bodies whose pages the reader sees.
type BoardsView struct {
	Frame
	Boards []BoardHead
}

// Pages are the pages of a long list, from 1.
type Pages struct {
	Number, Last         int
	PreviousURL, NextURL string // "" at the ends
}

// BoardView is the first page of a body.
type BoardView struct {
	Frame
	Board       BoardHead
	Day         calendar.Date // of which the figures are
	CalendarURL string
	BoardsURL   string // its scoreboards
	Tables      []BoardTableLink
	Questions   []QuestionLine // open ones of the mandates on this page
	Groups      []BoardGroup
	Mandates    int // in all
	Pages       Pages
}

// BoardTableLink leads to the table of a half-year and to the meeting on it.
type BoardTableLink struct {
	Period               calendar.HalfYear
	TableURL, MeetingURL string
}

// BoardGroup is the scoreboard of one mandate. Rows are only there for a body
// that gets single targets.
type BoardGroup struct {
	Code          string
	Title         bilingual.Text
	Holder        string
	URL, TableURL string
	RollUp        RollUp
	Rows          []BoardRow
}

// BoardRow is one target that goes to the body.
type BoardRow struct {
	Code          mandate.Code
	Text          bilingual.Text
	URL, StepsURL string
	Status        progress.Status
	Trend         monitoring.Trend
	Due           calendar.Date
}

// QuestionLine is a question of a body in a list.
type QuestionLine struct {
	Decision monitoring.Decision
	Mandate  bilingual.Text
	URL      string
	Late     bool
}

// SupportLine is an open request for support.
type SupportLine struct {
	Code      mandate.Code
	Mandate   bilingual.Text
	URL       string
	Asked, Of string
	By        calendar.Date
	Lang      bilingual.Lang
}

// BoardTableView is the table of a body over several mandates.
type BoardTableView struct {
	Frame
	Board                   BoardHead
	AsOf                    calendar.Date
	MeetingURL              string
	AllURL                  string // all mandates, when one is shown
	Questions               []QuestionLine
	Support                 []SupportLine
	Tables                  []MonitoringView
	Mandates                int
	Pages                   Pages
	Downloads               []Download // all tables of the body in one document; none for whoever does not see them all
	Both                    []Download // the same in both languages
	ExportsURL              string     // of the documents that were asked for
	ErrataFiles, ErrataBoth []Download // the errata of all tables of the body as a document of their own
}

// MeetingView is the meeting of a body: its rows as a list, or one of them.
type MeetingView struct {
	Frame
	Board     BoardHead
	Period    calendar.HalfYear
	AsOf      calendar.Date
	TableURL  string
	Questions []QuestionLine // of the rows shown, from earlier half-years
	Parts     []MeetingPart
	Pages     Pages

	// of one row
	Row                          *monitoring.Row // nil for the list
	Mandate                      bilingual.Text
	Holder                       string
	Then                         *monitoring.Reference
	At, Of                       int
	TargetURL, ListURL           string
	PreviousURL, NextURL, Action string // Action is "" when the reader records nothing
	Values                       DecisionValues
	IdempotencyKey               string
}

// MeetingPart are the rows of one mandate.
type MeetingPart struct {
	Title  bilingual.Text
	Holder string
	Rows   []MeetingLine
}

// MeetingLine is one row of the list.
type MeetingLine struct {
	monitoring.Row
	URL string
}

// DecisionValues is what was typed, or what the form starts with.
type DecisionValues struct{ Mandate, Target, Kind, Text, Due string }

// QuestionView is one question of a body to the holder.
type QuestionView struct {
	Frame
	Mandate        MandateHead
	Code           mandate.Code
	Text           bilingual.Text
	TargetURL      string
	Ask            duty.Ask
	Late           bool
	Action         string // "" when the reader does not answer
	OnBehalfOf     string
	Answer         string
	IdempotencyKey string
}

// AddresseesView is to whom a target goes.
type AddresseesView struct {
	Frame
	Mandate        MandateHead
	Code           mandate.Code
	Text           bilingual.Text
	TargetURL      string
	Steps          []AddresseeLine
	Action         string // "" when the reader changes nothing
	Bodies, Before []Option
	New            AddresseeValues
	IdempotencyKey string

	// the step whose forms are shown, and what was typed in them
	Open, LastDay, Covers, GivenOn string
}

// AddresseeValues is what was typed, or what the form starts with.
type AddresseeValues struct{ Body, Form, Cadence, After, From, Until string }

// AddresseeLine is one step to which a target goes.
type AddresseeLine struct {
	ID            string
	Body          bilingual.Text
	External      bool
	Form, Cadence string
	After         bilingual.Text // the body of the step before; empty for none
	From, Until   calendar.Date
	SetBy         string
	SetAt         time.Time
	InForce       bool
	Future        bool
	Given         []GivenLine
	OpenURL       string // this page with the forms of the step; "" when the reader may not use them
	EndURL        string // "" unless it is open
	GiveURL       string
	Choices       []Option
	Waits         bool // for the step before
}

// GivenLine says when a step was given.
type GivenLine struct {
	Covers string
	On     calendar.Date
	By     string
}

// reach says what goes to a body.
func (f Frame) reach(b BoardHead) string {
	switch {
	case b.External:
		return f.T("board.external")
	case b.All:
		return f.T("board.reach_all")
	}
	return f.T("board.reach_addressed")
}

func (v AddresseesView) forms() []Option {
	return v.options("addressee.form.", "table", "report", "scoreboard", "note")
}

func (v AddresseesView) cadences() []Option {
	return v.options("addressee.cadence.", "half_year", "year", "occasion")
}

func (f Frame) options(prefix string, values ...string) []Option {
	all := make([]Option, len(values))
	for i, value := range values {
		all[i] = Option{Value: value, Label: f.T(prefix + value)}
	}
	return all
}

func (f Frame) decisionChoices() []Option {
	all := make([]Option, len(monitoring.DecisionKinds))
	for i, kind := range monitoring.DecisionKinds {
		all[i] = Option{Value: string(kind), Label: f.T("decision.choice." + string(kind))}
	}
	return all
}

// decidedBy says who recorded a decision, and when.
func (f Frame) decidedBy(d monitoring.Decision) string {
	return joined(d.By, f.Printer.DateTime(d.At))
}

// repliedBy says who answered a question, and when.
func (f Frame) repliedBy(r *duty.Reply) string {
	return joined(f.by(r.By, r.OnBehalfOf), f.Printer.DateTime(r.At))
}
