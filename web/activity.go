package web

import (
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/evaluation"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
)

// ActivityView is the report that a holder is writing: its parts, and handing it in.
type ActivityView struct {
	Frame
	Due            calendar.Date
	Parts          []ActivityPart
	Versions       []VersionLine
	SubmitURL      string // POST idempotency_key; "" when the stage takes no report
	IdempotencyKey string
}

// ActivityPart is one part of a report: an objective, or the report as a whole.
type ActivityPart struct {
	Code            mandate.Code // zero for the report as a whole
	Title           bilingual.Text
	URL             string
	Filled, Asked   int // sections
	Quoted          int // entries
	Unsourced       int // sentences with a figure and without a source
	SavedAt         time.Time
	Previous, After string // addresses of the parts around it
}

// ActivityPartView is one part, with the record beside the holder's own text.
type ActivityPartView struct {
	Frame
	Part           ActivityPart
	Sections       []ActivitySection // in the order of the layout
	Version        int
	SaveURL        string // POST version and text.<section>; "" when the stage takes no report
	Lang           bilingual.Lang
	Conflict       bool // somebody saved meanwhile: Theirs holds it
	Unsourced      []string
	IdempotencyKey string
}

// ActivitySection is a section to write, or one of the record.
type ActivitySection struct {
	evaluation.Section
	Text   string
	Theirs string // what was saved meanwhile
	Record ActivityRecord
}

// Field is the name of the field of a section.
func (s ActivitySection) Field() string { return "text." + s.Code }

// ActivityRecord is what the record holds for a section of an objective.
type ActivityRecord struct {
	Targets   []ActivityTarget
	Tables    []evaluation.SealedTable
	Decisions []ActivityDecision
	Proofs    []ActivityProof
}

// ActivityTarget is a target with what was reported on it.
type ActivityTarget struct {
	Code      mandate.Code
	Text      bilingual.Text
	Deadline  monitoring.DeadlineCell
	Standings []evaluation.HalfYearStanding
	Entries   []ActivityEntry
}

// ActivityEntry is an entry that can be quoted.
type ActivityEntry struct {
	progress.Entry
	Version   int
	Reference string // what to type to quote it
	Quoted    bool
}

// ActivityDecision is a decision about a target.
type ActivityDecision struct {
	evaluation.Decision
	Code mandate.Code
}

// ActivityProof is a file or a link that was added to an entry.
type ActivityProof struct {
	Code mandate.Code
	Name string // "" when the reader may not know it
	URL  string // of a link
	Hash string // of a file
}

// ActivityVersionView is one version of a report as it was handed in.
type ActivityVersionView struct {
	Frame
	Report evaluation.Report
	Parts  []ActivityPartText
	Latest bool
	Others []VersionLine
}

// ActivityPartText is a part of a report with its texts, cut at the footnotes.
type ActivityPartText struct {
	Code  mandate.Code // zero for the report as a whole
	Title bilingual.Text
	Texts []ActivityText
}

// ActivityText is the text of a section.
type ActivityText struct {
	Title  bilingual.Text
	Pieces []evaluation.Piece
}

// EvaluationSettingsView is what an institution settles about evaluations.
type EvaluationSettingsView struct {
	Frame
	DaysURL        string // POST
	SectionsURL    string // POST
	From           string // as typed
	Numbers        []NumberField
	ShownFrom      string
	Stages         []Option
	Sections       []SectionLine
	SectionsSeen   string // stands for the sections as they are kept
	ChaptersURL    string // POST
	Chapters       []ChapterLine
	ChaptersSeen   string // stands for the chapters as they are kept
	IdempotencyKey string
}

// NumberField is a whole number that is settled.
type NumberField struct{ Name, Value string }

// SectionLine is a section of the layout as typed. One without a code is new.
type SectionLine struct {
	Index                 int
	Code, Order, NL, FR   string
	Whole, Record, Hidden bool
}

// note gives the number of the footnote of an entry.
func (v ActivityVersionView) note(entry int64) string {
	q, _ := v.Report.Quote(entry)
	return itoa(q.Number)
}

func (r ActivityRecord) empty(section string) bool {
	switch section {
	case evaluation.RecordDecisions:
		return len(r.Tables)+len(r.Decisions) == 0
	case evaluation.RecordEvidence:
		return len(r.Proofs) == 0
	}
	return len(r.Targets) == 0
}

func (s SectionLine) kind() string {
	switch {
	case s.Record:
		return "record"
	case s.Whole:
		return "report"
	}
	return "objective"
}

// places are where a new section can stand.
func (v EvaluationSettingsView) places() []Option {
	return []Option{
		{Value: "objective", Label: v.T("evaluation.section_kind.objective")},
		{Value: "report", Label: v.T("evaluation.section_kind.report")},
	}
}
