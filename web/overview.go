package web

import (
	"slices"
	"strings"
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
)

// OverviewView is all mandates, or their institutions, against all objectives.
type OverviewView struct {
	Frame
	Period        calendar.HalfYear
	Day           calendar.Date     // that the figures are of
	Since         calendar.Date     // the last meeting
	Compared      calendar.HalfYear // of the sealed tables that the trend compares with; zero for none
	Headlines     []Headline
	Filter        OverviewFilter
	Columns       []OverviewColumn
	Rows          []OverviewRow
	Total         int  // rows without the filter
	Institutions  bool // rows are institutions
	ByMandate     string
	ByInstitution string
	ChangesURL    string
}

// cellStatuses are those that a cell can have: what is entered, and what follows from silence and from the day.
var cellStatuses = slices.Concat(progress.Entered, []progress.Status{progress.NotReported, progress.NotExpected, progress.Late})

// OverviewFilter is the filter as chosen; it is sent by GET to Action.
type OverviewFilter struct {
	Action                                                     string
	By, Institution, Kind, Objective, Status, Body, Lang, Sort string
	Changed, Support                                           bool
	AsOf, Known                                                string // as typed
	WrongDay                                                   bool   // AsOf must be mended
	Institutions, Objectives, Bodies                           []Option
	ClearURL                                                   string // the page without a filter
}

// OverviewColumn is one objective. Suffix ends the address of its cells, after
// the Link of the row; URL is the objective across all mandates, "" for none.
type OverviewColumn struct {
	Label, Suffix, URL string
}

// OverviewRow is one mandate or institution; Cells stand in the order of the columns.
type OverviewRow struct {
	ID    string // the anchor of the row
	URL   string
	Link  string // begins the address of every cell
	Title bilingual.Text
	About OverviewAbout
	Cells []OverviewCell
}

// OverviewAbout is what stands below the name of a row.
type OverviewAbout struct {
	Institution string // "" for an institution itself
	Holder      string // "" for vacant
	Mandates    int
	Silent      calendar.Date // oldest of the latest reports on what is open; zero when nothing is
	Never       bool          // one was never reported on
}

// OverviewCell is one objective of one mandate. The zero cell is an objective
// that the mandate does not have.
type OverviewCell struct {
	Status   progress.Status
	Before   progress.Status
	Reported int
	Owed     int
	Trend    monitoring.Trend
}

// OverviewTargetsView lists the targets behind a figure.
type OverviewTargetsView struct {
	Frame
	Day   calendar.Date
	Total int
	Rows  []OfMandate[OverviewTargetRow]
	Pages Pages
}

// OfMandate are the lines of one mandate in a list over several, under its name.
type OfMandate[L any] struct {
	Mandate MandateHead
	Lines   []L
}

// OverviewTargetRow is one target of several mandates.
type OverviewTargetRow struct {
	Code   mandate.Code
	Text   bilingual.Text
	Status progress.Status
	Due    calendar.Date
	Entry  *progress.Entry
	URL    string
}

// ChangesView is what changed between two days.
type ChangesView struct {
	Frame
	Since, Until calendar.Date
	Action       string
	Mandate      string // code of the only one shown; "" for all
	From         string // the overview that the visitor came from, as an address tells it
	Said, Fallen []OfMandate[MoveLine]
	More         int // moves that are not shown
	Happened     []HappenedGroup
	Typed        *TypedDays // when they must be mended: nothing else is shown then
}

// TypedDays are two days as somebody typed them.
type TypedDays struct{ Since, Until string }

// MoveLine is a target whose status changed.
type MoveLine struct {
	Code        mandate.Code
	Text        bilingual.Text
	Before, Now progress.Status
	Entry       *progress.Entry
	URL         string
}

// HappenedGroup is what was recorded of one kind.
type HappenedGroup struct {
	Kind  string // support, question, answer, amendment or erratum
	Lines []HappenedLine
}

// HappenedLine is one thing recorded about a mandate.
type HappenedLine struct {
	Code          mandate.Code
	Mandate       bilingual.Text
	At            time.Time
	By            string
	Day           calendar.Date
	Words, Answer string
	Lang          bilingual.Lang
	AnswerLang    bilingual.Lang
	URL           string
}

// TransversalView is one transversal objective across all mandates.
type TransversalView struct {
	Frame
	Code           mandate.Code
	Day            calendar.Date
	Texts          []SharedText // each text once; more than one when mandates have their own
	Weakest        progress.Status
	Reported, Owed int
	Total          int
	Contributions  []Contribution
	Pages          Pages
}

// SharedText is the text of the objective, with the mandates on this page that have it.
type SharedText struct {
	Title          bilingual.Text
	Context, Goals []bilingual.Text
	Of             []bilingual.Text
}

// Contribution is what one mandate does for the objective.
type Contribution struct {
	ID                   string
	Mandate, Institution bilingual.Text
	Holder, URL          string
	Status               progress.Status
	Reported, Owed       int
	Trend                monitoring.Trend
	Targets              []ContributionTarget
}

// ContributionTarget is one target of a contribution with its latest report.
type ContributionTarget struct {
	Code   mandate.Code
	Text   bilingual.Text
	Status progress.Status
	Entry  *progress.Entry
	URL    string
}

func (v OverviewView) under() string {
	return joined(v.Printer.HalfYear(v.Period), v.T("entry.as_of", "Date", v.Printer.Date(v.Day)))
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
	f, line := v.Filter, v.T("entry.as_of", "Date", v.Printer.Date(v.Day))
	add := func(label, value string, options []Option) {
		for _, o := range options {
			if o.Value == value && value != "" {
				line = joined(line, v.T("frame.labelled", "Label", v.T(label), "Text", o.Label))
			}
		}
	}
	add("overview.institution", f.Institution, f.Institutions)
	add("overview.kind", f.Kind, v.kindOptions())
	add("overview.objective", f.Objective, f.Objectives)
	add("overview.status", f.Status, v.statusOptions())
	add("overview.body", f.Body, f.Bodies)
	add("overview.lang", f.Lang, v.langOptions())
	add("overview.sort", f.Sort, v.sortOptions())
	if f.Changed {
		line = joined(line, v.T("overview.changed", "Date", v.Printer.Date(v.Since)))
	}
	if f.Support {
		line = joined(line, v.T("overview.support"))
	}
	return line
}

// chosen reports whether anything but the order and the day was chosen.
func (f OverviewFilter) chosen() bool {
	return f.Institution+f.Kind+f.Objective+f.Status+f.Body+f.Lang != "" || f.Changed || f.Support || f.WrongDay
}

// between says which two days the page is about.
func (v ChangesView) between() string {
	if v.Typed != nil {
		return ""
	}
	return v.T("changes.between", "Since", v.Printer.LongDate(v.Since), "Until", v.Printer.LongDate(v.Until))
}

// days are the two days as the form shows them; the last one is empty for today.
func (v ChangesView) days() TypedDays {
	switch {
	case v.Typed != nil:
		return *v.Typed
	case v.AsOf.IsZero():
		return TypedDays{Since: v.Printer.Date(v.Since)}
	}
	return TypedDays{v.Printer.Date(v.Since), v.Printer.Date(v.Until)}
}

func (v OverviewView) kindOptions() []Option {
	return []Option{{"strategic", v.T("overview.kind.strategic")}, {"transversal", v.T("overview.kind.transversal")}}
}

func (v OverviewView) langOptions() []Option {
	return []Option{{"nl", v.T("language_name.nl")}, {"fr", v.T("language_name.fr")}}
}

// aboutRow is what stands below the name of a row: of whom it is, and since when it is silent.
func (v OverviewView) aboutRow(a OverviewAbout) string {
	who := joined(a.Institution, v.holder(MandateHead{Holder: a.Holder}))
	if v.Institutions {
		who = v.N("overview.mandates", a.Mandates)
	}
	switch {
	case a.Never:
		return joined(who, v.T("overview.never"))
	case a.Silent.IsZero():
		return who
	}
	return joined(who, v.T("overview.silent_since", "Date", v.Printer.Date(a.Silent)))
}

// linesOf counts the lines of all mandates.
func linesOf[L any](groups []OfMandate[L]) (n int) {
	for _, g := range groups {
		n += len(g.Lines)
	}
	return n
}

// shortened cuts what was said down to what a list has room for, at a word.
func shortened(s string) string {
	const most = 220
	runes := []rune(s)
	if len(runes) <= most {
		return s
	}
	cut := string(runes[:most])
	if at := strings.LastIndexByte(cut, ' '); at > most/2 {
		cut = cut[:at]
	}
	return cut + " …"
}

// gist is the field of an entry that a list shows.
func gist(e *progress.Entry) string {
	for _, s := range []string{e.SupportAsked, e.Achieved, e.Reason, e.Obstacles} {
		if s != "" {
			return shortened(s)
		}
	}
	return ""
}

// derivedFirst lists every status: those that nobody enters come first, since
// they are what a reader of the overview looks for.
func derivedFirst() []progress.Status {
	return append([]progress.Status{progress.NotReported, progress.Late}, append(slices.Clone(progress.Entered), progress.NotExpected)...)
}
