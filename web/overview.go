package web

import (
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
)

// OverviewView is all mandates against all objectives.
type OverviewView struct {
	Frame
	Body         bilingual.Text // the body that looks; may be empty
	Period       calendar.HalfYear
	Compared     calendar.HalfYear // of the sealed tables that the trend compares with; zero for none
	Headlines    []Headline
	Filter       OverviewFilter
	Columns      []mandate.Code
	Rows         []OverviewRow
	Total        int    // mandates without the filter
	MandatesBase string // "/nl/mandates/": address of a mandate without its code
}

// OverviewFilter is the filter as chosen; it is sent by GET to Action with the
// fields institution, status, sort and asof.
type OverviewFilter struct {
	Action       string
	Institution  string
	Status       string
	Sort         string // weakest, silent, name or code
	AsOf         string // as typed
	Institutions []Option
}

// OverviewRow is one mandate; Cells stand in the order of the columns.
type OverviewRow struct {
	Code        string
	Title       bilingual.Text
	Institution string
	Holder      string // "" for vacant
	Cells       []OverviewCell
}

// OverviewCell is one objective of one mandate. The zero cell is an objective
// that the mandate does not have.
type OverviewCell struct {
	Status   progress.Status
	Reported int
	Owed     int
	Trend    monitoring.Trend
}
