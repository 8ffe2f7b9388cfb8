package web

import (
	"strconv"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/chart"
	"jalon/internal/indicator"
	"jalon/internal/locale"
	"jalon/internal/scoreboard"
)

// ScoreboardLink leads to a scoreboard, with what it asks attention for.
type ScoreboardLink struct {
	Name      bilingual.Text
	URL       string
	Headlines scoreboard.Headlines
	NextCheck calendar.Date
	CheckLate bool
	Retired   bool
}

// ScoreboardsView lists the scoreboards of a body.
type ScoreboardsView struct {
	Frame
	Board  BoardHead
	Boards []ScoreboardLink
	NewURL string // "" when the reader may not make one
}

// ScoreboardView is one scoreboard.
type ScoreboardView struct {
	Frame
	Board     BoardHead
	Link      ScoreboardLink
	Every     indicator.Cadence
	From      calendar.Date // from which it is as it is
	Until     calendar.Date // the day that the page speaks of
	Headlines []Headline
	AllURL    string // all rows, when some are shown
	Lines     []ScoreboardLine
	Part      bool // the reader sees some of its indicators only
	Checks    []scoreboard.Check
	Downloads []Download
	DefineURL string // "" when the reader may not change it
	CheckURL  string // "" when the reader records no check
	CheckAs   string // for whom the check counts: the body, or the holder

	Check          CheckForm
	IdempotencyKey string
}

// CheckForm is what somebody types for one look at a board.
type CheckForm struct{ On, Conclusion string }

// ScoreboardLine is one indicator of a board.
type ScoreboardLine struct {
	IndicatorLine
	Mandate     bilingual.Text
	Row         scoreboard.Row
	AsOf        calendar.Date
	MeasuresURL string
	MayTake     bool // the reader may take a measure
}

// ScoreboardForm is a board as it is typed.
type ScoreboardForm struct {
	Key, Code, ValidFrom, NameNL, NameFR, CheckEvery, Indicators, Retired, Seen string
}

// ScoreboardDefinitionView is the form that says what is on a board.
type ScoreboardDefinitionView struct {
	Frame
	Board          BoardHead
	Known          bool // it exists; its code stays
	Action         string
	BackURL        string
	Choices        []Option // indicators that can be put on it
	Form           ScoreboardForm
	IdempotencyKey string
}

// MeasuresView is what was said and done about one indicator.
type MeasuresView struct {
	Frame
	Mandate        MandateHead
	Line           IndicatorLine
	Row            scoreboard.Row
	AsOf           calendar.Date
	Boards         []Link // scoreboards that it stands on
	TakeURL        string // "" when the reader takes no measure
	RemarkURL      string
	StepURL        func(id int64) string // nil when the reader may not
	Owners         []Option
	OnBehalfOf     string
	Measure        MeasureForm
	Remark         RemarkForm
	Step           StepForm
	IdempotencyKey string
}

// MeasureForm is a measure as it is typed.
type MeasureForm struct{ Cause, Action, Effect, Owner, Due string }

// RemarkForm is a remark as it is typed.
type RemarkForm struct{ Remark string }

// StepForm is what became of a measure, as it is typed. Measure is its number.
type StepForm struct{ Measure, Kind, NewDue, Text string }

// statusBar draws how the rows of a board stand, side by side.
func (v ScoreboardView) statusBar() (chart.Drawing, bool) {
	return v.Printer.StatusBar(v.Link.Headlines)
}

func (l ScoreboardLine) spark(p *locale.Printer) (chart.Drawing, bool) {
	return p.Spark(l.Row.Series, l.Row.Standing)
}

func (l ScoreboardLine) bullet(p *locale.Printer) (chart.Drawing, bool) {
	return p.Bullet(l.Row.Series, l.Row.Standing)
}

// key names a row on its page.
func (l ScoreboardLine) key() string { return l.Row.Mandate.Code + "." + l.Code }

func (v ScoreboardDefinitionView) cadences() []Option {
	return optionsOf(indicator.Cadences, func(s string) string { return v.T("scoreboard.every." + s) })
}

func (v MeasuresView) stepKinds() []Option {
	return optionsOf(scoreboard.StepKinds, func(s string) string { return v.T("measure.step." + s) })
}

// saidBy says who wrote something, for whom, and when.
func (f Frame) saidBy(s scoreboard.Said) string {
	return joined(f.by(s.By, s.OnBehalfOf), f.Printer.DateTime(s.At))
}

// takenBy says who took a measure, for whom, and when.
func (f Frame) takenBy(m scoreboard.Measure) string {
	return joined(f.by(m.By, m.OnBehalfOf), f.Printer.DateTime(m.At))
}

// openStep reports whether the form of a measure is the one that was sent.
func (v MeasuresView) openStep(m scoreboard.Measure) bool { return v.Step.Measure == serial(m.ID) }

// measureSign gives the icon of a state.
func measureSign(s scoreboard.State) string {
	return map[scoreboard.State]string{scoreboard.Running: "on_track", scoreboard.Overdue: "compromised", scoreboard.WasDone: "achieved", scoreboard.WasGivenUp: "stopped"}[s]
}

// effect says what came after a measure: the figure of the day it was taken, and the latest since.
func (v MeasuresView) effect(m scoreboard.Measure) string {
	before, after := v.Row.Around(m)
	if before == nil || after == nil {
		return ""
	}
	figure := func(p *indicator.Point) string {
		return v.T("indicator.on", "Value", v.figure(p.Value, v.Line.Decimals, v.Line.Unit), "Date", v.Printer.Date(p.On))
	}
	return v.T("measure.since", "Before", figure(before), "After", figure(after))
}

// serial prints a number of the database.
func serial(n int64) string { return strconv.FormatInt(n, 10) }
