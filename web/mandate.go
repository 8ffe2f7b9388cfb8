package web

import (
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
)

// MandateHead says whose mandate it is. No holder means that it is vacant.
type MandateHead struct {
	Code        string
	URL         string
	Title       bilingual.Text
	Institution bilingual.Text
	Rank        string
	Holder      string
	Interim     bool
	From, Until calendar.Date  // of the tenure; zero when not known
	Part        []mandate.Code // the objectives that the reader sees; none: all
}

// RollUp is the weakest open target of a group, beside what it is the weakest of.
type RollUp struct {
	Weakest  progress.Status
	Counts   []StatusCount
	Reported int // of the targets on which something was owed
	Owed     int
}

// StatusCount is the number of targets in one status.
type StatusCount struct {
	Status progress.Status
	Count  int
}

// Headline is one figure that leads to the rows behind it. Key names its words:
// "headline." + Key (reported, late, compromised, support_needed, achieved, due_soon).
type Headline struct {
	Key   string
	Count int
	Of    int // only of reported
	URL   string
	Show  string // colours a figure of the overview; "" elsewhere
}

// MandatesView lists the mandates that the reader may see.
type MandatesView struct {
	Frame
	Day       calendar.Date // of which the figures are
	Period    calendar.HalfYear
	Mandates  []MandateLine
	ImportURL string // "" when the reader may not import
}

// MandateLine is one mandate of the list.
type MandateLine struct {
	MandateHead
	RollUp
	TenuresURL string // "" when the reader may not say who holds it
}

// MandateView is the page of one mandate.
type MandateView struct {
	Frame
	Mandate       MandateHead
	Day           calendar.Date // of which the figures are
	Period        calendar.HalfYear
	Headlines     []Headline
	Due           []DueLine // owed now, the oldest first
	DueURL        string    // all that is owed; "" when Due is all
	Objectives    []ObjectiveBlock
	ReportURL     string // "" when the reader may not report now
	MonitoringURL string
	EventsURL     string // the register of events
	IndicatorsURL string
	AccessLogURL  string // who read or exported the dossier; for its holder
	CalendarURL   string
	TimelineURL   string
	BriefURL      string // one page for a meeting
	AmendmentsURL string // of the letter
	// DelegationsURL is "" when the reader may not see who reports for the holder.
	DelegationsURL string
	TenuresURL     string // "" when the reader may not say who holds it
}

// ObjectiveBlock is one objective with its measurement points. An objective
// without measurement points has a deadline and KPIs of its own.
type ObjectiveBlock struct {
	Code     mandate.Code
	Title    bilingual.Text
	URL      string
	RollUp   RollUp
	Points   []PointBlock
	KPIs     []KPILine
	Deadline *monitoring.DeadlineCell
}

// PointBlock is one measurement point with its targets.
type PointBlock struct {
	Code    mandate.Code
	Text    bilingual.Text
	Targets []TargetLine
}

// TargetLine is one target and where it stands.
type TargetLine struct {
	Code     mandate.Code
	Text     bilingual.Text
	URL      string
	Deadline monitoring.DeadlineCell
	Now      monitoring.Cell
}

// KPILine is one KPI of the letter, with the indicators that measure it.
type KPILine struct {
	Code       mandate.Code
	Text       bilingual.Text
	Indicators []IndicatorLine
}

// ObjectiveView is the page of one objective.
type ObjectiveView struct {
	Frame
	Mandate   MandateHead
	Objective ObjectiveBlock
	Context   []bilingual.Text
	Goals     []bilingual.Text
	BriefURL  string // one page for a meeting
}

func (f Frame) rank(m MandateHead) string {
	if m.Rank == "" {
		return ""
	}
	return f.T("mandate.rank", "Rank", m.Rank)
}

// excerpt is the one paragraph of an entry that a list shows: what was
// achieved, or else the reason why there is nothing to say.
func excerpt(e *monitoring.Entry) string {
	for _, text := range []string{e.Achieved, e.Reason, e.Obstacles, e.NextSteps} {
		if text != "" {
			return text
		}
	}
	return ""
}

// pages are the other pages of the mandate that the reader may open.
func (v MandateView) pages() (all []Link) {
	for _, p := range []Link{
		{"calendar.title", v.CalendarURL},
		{"timeline.title", v.TimelineURL},
		{"brief.title", v.BriefURL},
		{"amendment.title", v.AmendmentsURL},
		{"delegation.title", v.DelegationsURL},
		{"tenure.title", v.TenuresURL},
		{"event.register", v.EventsURL},
		{"indicator.title", v.IndicatorsURL},
	} {
		if p.URL != "" {
			all = append(all, Link{Label: v.T(p.Label), URL: p.URL})
		}
	}
	return all
}
