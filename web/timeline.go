package web

import (
	"slices"
	"strings"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/duty"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
)

// TimelineView is a mandate against time: a canvas, and a table with the same.
type TimelineView struct {
	Frame
	Mandate    MandateHead
	Action     string // of the filter
	Objectives []Option
	Objective  string // the one that is shown; "" for all
	Today      calendar.Date
	Halves     []calendar.HalfYear // that are drawn, at least one
	Groups     []TimeGroup
	Events     []TimeEvent
}

// TimeGroup is one objective with its targets.
type TimeGroup struct {
	Code  mandate.Code
	Title bilingual.Text
	URL   string
	Due   calendar.Date // of the objective itself; zero for none
	Lines []TimeLine
}

// TimeLine is one target: its window and what it owes.
type TimeLine struct {
	Code      mandate.Code
	Text      bilingual.Text
	URL       string
	Deadline  monitoring.DeadlineCell
	From, Due calendar.Date // zero From: from the start; zero Due: as long as the mandate
	Status    progress.Status
	Duties    []TimeDuty
}

// TimeDuty is one day on which something is owed.
type TimeDuty struct {
	Due   calendar.Date
	State duty.State
}

// TimeEvent is one event of the register.
type TimeEvent struct {
	From, Until calendar.Date
	Title       string
	Lang        bilingual.Lang
	Kind        bilingual.Text
	URL         string
}

// Measures of the canvas, in its own units.
const (
	timeLeft, timeRight   = 64, 12
	timeHalf              = 84 // a half-year
	timeLong              = 10 // half-years from which a wide screen is filled; fewer would grow too large
	timeHead, timeRow     = 30, 22
	timeGroupRow, timeEnd = 26, 8
)

// timeMark is a sign at a day.
type timeMark struct {
	X     string
	State duty.State
	Label string
}

// timeBar is one line of the canvas.
type timeBar struct {
	Y          int // of the middle
	Label      string
	Head       bool // of an objective
	From, Wide string
	Open       bool // no last day: it goes on
	Marks      []timeMark
}

// canvas is the timeline laid out.
type canvas struct {
	Width, Height int
	Today         string // its place; "" when it lies outside
	Bars          []timeBar
	Events        []timeMark
	EventsY       int
}

func (v TimelineView) from() calendar.Date  { return v.Halves[0].Start() }
func (v TimelineView) until() calendar.Date { return v.Halves[len(v.Halves)-1].End() }

// x gives the place of a day: half-years are equally wide.
func (v TimelineView) x(d calendar.Date) float64 {
	if d.Before(v.from()) {
		d = v.from()
	}
	if d.After(v.until()) {
		return float64(timeLeft + timeHalf*len(v.Halves))
	}
	h := calendar.HalfYearOf(d)
	n := slices.Index(v.Halves, h)
	part := d.Time().Sub(h.Start().Time()).Hours() / h.End().AddDays(1).Time().Sub(h.Start().Time()).Hours()
	return timeLeft + timeHalf*(float64(n)+part)
}

func (v TimelineView) draw() canvas {
	d := canvas{Width: timeLeft + timeHalf*len(v.Halves) + timeRight}
	y := timeHead
	if len(v.Events) > 0 {
		d.EventsY = y + timeRow/2
		y += timeRow
		for _, e := range v.Events {
			d.Events = append(d.Events, timeMark{X: place(v.x(e.From)), Label: v.Printer.Date(e.From) + " " + e.Title})
		}
	}
	for _, g := range v.Groups {
		head := timeBar{Y: y + timeGroupRow/2, Label: v.Printer.Code(g.Code), Head: true}
		if !g.Due.IsZero() {
			head.Marks = []timeMark{{X: place(v.x(g.Due)), State: duty.Open, Label: v.Printer.Date(g.Due)}}
		}
		d.Bars = append(d.Bars, head)
		y += timeGroupRow
		for _, l := range g.Lines {
			d.Bars = append(d.Bars, v.bar(l, y+timeRow/2))
			y += timeRow
		}
	}
	d.Height = y + timeEnd
	if !v.Today.Before(v.from()) && !v.Today.After(v.until()) {
		d.Today = place(v.x(v.Today))
	}
	return d
}

func (v TimelineView) bar(l TimeLine, y int) timeBar {
	from, until := l.From, l.Due
	if from.IsZero() {
		from = v.Mandate.From
	}
	open := until.IsZero()
	if open {
		until = v.Mandate.Until
	}
	if from.IsZero() {
		from = v.from()
	}
	if until.IsZero() || until.Before(from) {
		until = v.until()
	}
	b := timeBar{Y: y, Label: v.Printer.Code(l.Code), Open: open, From: place(v.x(from)), Wide: place(max(2, v.x(until)-v.x(from)))}
	for _, d := range l.Duties {
		b.Marks = append(b.Marks, timeMark{X: place(v.x(d.Due)), State: d.State, Label: v.T("frame.labelled", "Label", v.Printer.Date(d.Due), "Text", lower(v.T("duty.state."+string(d.State))))})
	}
	return b
}

// window says from when until when, in words.
func (v TimelineView) window(l TimeLine) string {
	switch {
	case !l.From.IsZero() && !l.Due.IsZero():
		return v.T("deadline.between", "From", v.Printer.Date(l.From), "Until", v.Printer.Date(l.Due))
	case !l.Due.IsZero():
		return v.T("timeline.by", "Date", v.Printer.Date(l.Due))
	case !l.From.IsZero():
		return v.T("timeline.from", "Date", v.Printer.Date(l.From))
	}
	return v.T("timeline.always")
}

// dutyGroup is the days of one state.
type dutyGroup struct {
	State duty.State
	Days  string
}

// owed puts the days of a line together by state, the most pressing first.
func (v TimelineView) owed(l TimeLine) (groups []dutyGroup) {
	for _, state := range duty.States {
		var days []string
		for _, d := range l.Duties {
			if d.State == state {
				days = append(days, v.Printer.Date(d.Due))
			}
		}
		if len(days) > 0 {
			groups = append(groups, dutyGroup{state, strings.Join(days, ", ")})
		}
	}
	return groups
}

// description says in one sentence what the canvas shows.
func (v TimelineView) description() string {
	lines := 0
	for _, g := range v.Groups {
		lines += len(g.Lines)
	}
	return v.T("timeline.words", "Targets", lines, "Events", len(v.Events), "From", v.Printer.Date(v.from()), "Until", v.Printer.Date(v.until()), "Today", v.Printer.Date(v.Today))
}

// timeLegend is the states in the legend, as the canvas has them.
var timeLegend = []duty.State{duty.Late, duty.AtRisk, duty.Open, duty.NotExpected, duty.Done, duty.Waived, duty.PastAtImport}

// sign is the outline of a mark around 0,0: each state has a shape of its own.
func sign(s duty.State) string {
	switch s {
	case duty.Late:
		return "M0 -6L6 0L0 6L-6 0z"
	case duty.AtRisk:
		return "M0 -6L6 5H-6z"
	case duty.Done:
		return "M-4 -4H4V4H-4z"
	case duty.Waived:
		return "M-4 -4L4 4M4 -4L-4 4"
	case duty.PastAtImport:
		return "M0 -6V6"
	case duty.NotExpected:
		return "M-2 0A2 2 0 1 1 2 0A2 2 0 1 1 -2 0z"
	}
	return "M-4.5 0A4.5 4.5 0 1 1 4.5 0A4.5 4.5 0 1 1 -4.5 0z"
}

func barClass(b timeBar) string {
	if b.Open {
		return "bar open"
	}
	return "bar"
}

func (v TimelineView) eventDates(e TimeEvent) string {
	if e.Until == e.From {
		return v.Printer.Date(e.From)
	}
	return v.T("deadline.between", "From", v.Printer.Date(e.From), "Until", v.Printer.Date(e.Until))
}
