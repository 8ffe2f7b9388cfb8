package web

import (
	"slices"

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

func (v OverviewView) under() string {
	return joined(v.plain(v.Body), v.Printer.HalfYear(v.Period))
}

func (v OverviewView) statusOptions() []Option {
	all := make([]Option, 0, len(progress.Entered)+3)
	for _, s := range derivedFirst() {
		all = append(all, Option{string(s), v.Printer.Status(s)})
	}
	return all
}

func (v OverviewView) sortOptions() []Option {
	all := make([]Option, 0, 4)
	for _, key := range []string{"weakest", "silent", "name", "code"} {
		all = append(all, Option{key, v.T("overview.sort." + key)})
	}
	return all
}

// filterLine says on paper what was chosen on screen.
func (v OverviewView) filterLine() string {
	line := ""
	for _, o := range v.Filter.Institutions {
		if o.Value == v.Filter.Institution {
			line = joined(line, v.T("frame.labelled", "Label", v.T("overview.institution"), "Text", o.Label))
		}
	}
	for _, o := range v.statusOptions() {
		if o.Value == v.Filter.Status {
			line = joined(line, v.T("frame.labelled", "Label", v.T("overview.status"), "Text", o.Label))
		}
	}
	if v.Filter.AsOf != "" {
		line = joined(line, v.T("frame.labelled", "Label", v.T("overview.as_of"), "Text", v.Filter.AsOf))
	}
	return line
}

// derivedFirst lists every status: those that nobody enters come first, since
// they are what a reader of the overview looks for.
func derivedFirst() []progress.Status {
	return append([]progress.Status{progress.NotReported, progress.Late}, append(slices.Clone(progress.Entered), progress.NotExpected)...)
}
