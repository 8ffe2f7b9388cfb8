package mandate

import (
	"slices"
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/deadline"
)

// Institution is a regional body with mandates of its own.
type Institution struct {
	ID   int64
	Code string // such as ACTIRIS
	Name bilingual.Text
}

// Mandate is an office with objectives, as it stood on one day. It outlives its holder.
type Mandate struct {
	ID          int64
	Code        string // such as ACTIRIS-A4-EL
	Rank        string // rank of the statute, such as A4
	Title       bilingual.Text
	Institution Institution
	Version     int64       // rises with every write
	Holder      Tenure      // on that day; zero when vacant
	Objectives  []Objective // in the order of the letter
}

// Tenure makes a person holder of a mandate between two days, both included.
type Tenure struct {
	PersonID    int64
	Name        string
	From, Until calendar.Date // zero Until: not known
	Interim     bool
}

// Objective is strategic (the mandate's own) or transversal (shared by all mandates).
type Objective struct {
	ID       int64
	Code     Code
	Title    bilingual.Text
	Context  []bilingual.Text
	Goals    []bilingual.Text
	Points   []MeasurementPoint
	KPIs     []KPI
	Deadline *Deadline // of the objective as a whole; nil for none
}

// MeasurementPoint is what an objective is measured by.
type MeasurementPoint struct {
	ID      int64
	Code    Code
	Text    bilingual.Text
	Targets []Target
}

// Target is what must be reached, and by when.
type Target struct {
	ID       int64
	Code     Code
	Text     bilingual.Text
	Deadline Deadline
	Since    calendar.Date // that it was added to the letter; zero: it was there from the start
}

// KPI is an indicator that the letter names.
type KPI struct {
	ID   int64
	Code Code
	Text bilingual.Text
}

// Deadline is the letter's words with the reading that stands beside them. The
// reading is a proposal until a person confirms it.
type Deadline struct {
	ID          int64
	Text        bilingual.Text
	Reading     deadline.Reading
	OwedFrom    calendar.Date // first day on which something is owed; zero: from the start
	Due         calendar.Date // last day in time; zero: never late, or not known
	ConfirmedBy string
	ConfirmedAt time.Time
}

// Confirmed reports whether a person has agreed with the reading.
func (d Deadline) Confirmed() bool { return d.ConfirmedBy != "" }

// Targets lists all targets in the order of the letter.
func (m Mandate) Targets() []Target {
	var points [][]Target
	for _, o := range m.Objectives {
		for _, p := range o.Points {
			points = append(points, p.Targets)
		}
	}
	return slices.Concat(points...)
}

// Targets lists the targets of one objective.
func (o Objective) Targets() []Target {
	points := make([][]Target, len(o.Points))
	for i, p := range o.Points {
		points[i] = p.Targets
	}
	return slices.Concat(points...)
}

// Only gives the mandate with those of its objectives, and of the others those
// of their targets, that keep says yes to, by code. An objective of which only
// targets are kept has no indicators and no deadline of its own.
func (m Mandate) Only(keep func(code string) bool) Mandate {
	all := m.Objectives
	m.Objectives = nil
	for _, o := range all {
		if keep(o.Code.String()) {
			m.Objectives = append(m.Objectives, o)
		} else if part := o.only(keep); len(part.Points) > 0 {
			m.Objectives = append(m.Objectives, part)
		}
	}
	return m
}

func (o Objective) only(keep func(code string) bool) Objective {
	all := o.Points
	o.Points, o.KPIs, o.Deadline = nil, nil, nil
	for _, p := range all {
		targets := p.Targets
		p.Targets = nil
		for _, t := range targets {
			if keep(t.Code.String()) {
				p.Targets = append(p.Targets, t)
			}
		}
		if len(p.Targets) > 0 {
			o.Points = append(o.Points, p)
		}
	}
	return o
}
