// Package letter turns a mandate letter, as it was written, into a draft of
// the mandate, with a finding for everything that a person should judge. It
// never repairs: every line of the letter is in the draft, is known
// boilerplate, or is named by a finding.
package letter

import (
	"jalon/internal/bilingual"
	"jalon/internal/deadline"
	"jalon/internal/mandate"
)

// Lines is the first and last line of a passage, counted from 1.
type Lines [2]int

// Draft is a mandate as one letter (or its two languages) gives it.
type Draft struct {
	Mandate    Mandate     `json:"mandate"`
	Objectives []Objective `json:"objectives"`
}

// Mandate is the heading of the letter.
type Mandate struct {
	Title       bilingual.Text `json:"title"`                 // function and service, as written
	Rank        string         `json:"rank,omitempty"`        // A4, A5+, …; empty when the letter names none
	Institution string         `json:"institution,omitempty"` // as written in the letter
	Lines       Lines          `json:"lines,omitzero"`
}

// Objective is a strategic or transversal objective with all below it.
type Objective struct {
	Code     mandate.Code       `json:"code"`
	Kind     mandate.Kind       `json:"kind"`
	Title    bilingual.Text     `json:"title"`
	Context  bilingual.Text     `json:"context,omitzero"` // paragraphs separated by an empty line
	Goals    []bilingual.Text   `json:"goals,omitempty"`
	Points   []MeasurementPoint `json:"measurement_points"`
	KPIs     []KPI              `json:"kpis,omitempty"`
	Deadline *Deadline          `json:"deadline,omitempty"` // only an objective without points carries one
	Lines    Lines              `json:"lines,omitzero"`
}

// MeasurementPoint is one "meetpunt" of an objective.
type MeasurementPoint struct {
	Code    mandate.Code   `json:"code"`
	Text    bilingual.Text `json:"text"`
	Targets []Target       `json:"targets"`
	Lines   Lines          `json:"lines,omitzero"`
}

// Target is one value to reach; its deadline is nil when the letter gives none.
type Target struct {
	Code     mandate.Code   `json:"code"`
	Text     bilingual.Text `json:"text"`
	Deadline *Deadline      `json:"deadline,omitempty"`
	Lines    Lines          `json:"lines,omitzero"`
}

// Deadline keeps the words of the letter beside what they were read as.
type Deadline struct {
	Text  bilingual.Text  `json:"text"`
	Parts []deadline.Part `json:"parts"`
	Lines Lines           `json:"lines,omitzero"`
}

// KPI is one key performance indicator of an objective.
type KPI struct {
	Code  mandate.Code   `json:"code"`
	Text  bilingual.Text `json:"text"`
	Lines Lines          `json:"lines,omitzero"`
}

// Counts says how much a draft holds.
type Counts struct {
	Objectives  int `json:"objectives"`
	Strategic   int `json:"strategic"`
	Transversal int `json:"transversal"`
	Points      int `json:"measurement_points"`
	Targets     int `json:"targets"`
	Deadlines   int `json:"deadlines"` // of targets and of objectives
	Goals       int `json:"goals"`
	KPIs        int `json:"kpis"`
}

// Counts counts the nouns of the draft.
func (d Draft) Counts() Counts {
	c := Counts{Objectives: len(d.Objectives)}
	for _, o := range d.Objectives {
		if o.Kind == mandate.Strategic {
			c.Strategic++
		} else {
			c.Transversal++
		}
		c.Goals += len(o.Goals)
		c.KPIs += len(o.KPIs)
		c.Points += len(o.Points)
		if o.Deadline != nil {
			c.Deadlines++
		}
		for _, p := range o.Points {
			c.Targets += len(p.Targets)
			for _, t := range p.Targets {
				if t.Deadline != nil {
					c.Deadlines++
				}
			}
		}
	}
	return c
}
