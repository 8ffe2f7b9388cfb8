package web

import (
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
)

// AnnualView is the report of a year of one mandate.
type AnnualView struct {
	Frame
	Mandate    MandateHead
	Halves     []AnnualHalf
	Objectives []AnnualObjective
	Downloads  []Download
	Both       []Download // the same in both languages
}

// AnnualHalf is a half-year of the report.
type AnnualHalf struct {
	Period         calendar.HalfYear
	Sealed         bool
	Reported, Owed int
	URL            string // of its monitoring table
}

// AnnualObjective is an objective with its targets.
type AnnualObjective struct {
	Code mandate.Code
	Text bilingual.Text
	Rows []AnnualLine
}

// AnnualLine is a target with its row in each half-year; nil where it had none.
type AnnualLine struct {
	Code   mandate.Code
	Text   bilingual.Text
	Halves []*monitoring.Row
}
