package letter

import (
	"cmp"
	"slices"

	"jalon/internal/bilingual"
	"jalon/internal/mandate"
)

// Severity says how much a finding matters.
type Severity string

// Severities: an error keeps words of the letter out of the draft, a warning
// asks for a decision, an info is good to know.
const (
	Info    Severity = "info"
	Warning Severity = "warning"
	Error   Severity = "error"
)

// Finding is one remark on the letter for a person to judge. Its sentence is
// the catalogue text "finding.letter." + Code, filled with Args.
type Finding struct {
	Line     int               `json:"line"` // from 1; 0 when no line is to blame
	LastLine int               `json:"last_line,omitempty"`
	Severity Severity          `json:"severity"`
	Code     string            `json:"code"`
	Args     map[string]string `json:"args,omitempty"`
	Message  string            `json:"message,omitempty"` // filled in the reader's language at the edge
}

// Key is the catalogue key of the finding's sentence.
func (f Finding) Key() string { return "finding.letter." + f.Code }

// Codes of findings.
const (
	ForeignInstitution     = "foreign_institution"      // Name, Institution
	NumberInTwoKinds       = "number_in_two_kinds"      // Number
	EmptyBullet            = "empty_bullet"             //
	StartsBeforeDue        = "starts_before_due"        // Code, Earlier, Starts, Due
	NoMeasurementPoints    = "no_measurement_points"    // Code
	KPIWithoutThreshold    = "kpi_without_threshold"    // Code
	MandateWithoutDates    = "mandate_without_dates"    //
	TitleDiffers           = "title_differs"            // Code, Overview, Body, BodyLine
	UndefinedAbbreviation  = "undefined_abbreviation"   // Abbreviation, Count
	NotUnderstood          = "not_understood"           // Text
	UnsureHyphen           = "unsure_hyphen"            // Text
	JoinedOverPage         = "joined_over_page"         // Text
	NumberMismatch         = "number_mismatch"          // Number, Code
	DuplicateNumber        = "duplicate_number"         // Number, Code
	DuplicateObjective     = "duplicate_objective"      // Code
	OrdinalMismatch        = "ordinal_mismatch"         // Code, Ordinal
	WithoutParent          = "without_parent"           // Text
	SecondDeadline         = "second_deadline"          // Code, Text
	TargetWithoutDeadline  = "target_without_deadline"  // Code
	PointWithoutTarget     = "point_without_target"     // Code
	EmptyText              = "empty_text"               // Code
	InstitutionDiffers     = "institution_differs"      // Name, Institution
	NoMandateHeading       = "no_mandate_heading"       //
	DeadlineNotUnderstood  = "deadline_not_understood"  // Code, Text
	DeadlineDoubtful       = "deadline_doubtful"        // Code, Text
	DeadlineElsewhere      = "deadline_elsewhere"       // Code, Text: the dates come from someone else's calendar
	OnlyInOneLanguage      = "only_in_one_language"     // Code, Key, Language
	OnlyDeadline           = "only_deadline"            // the same of a deadline
	OnlyContext            = "only_context"             // the same of a context
	GoalCountDiffers       = "goal_count_differs"       // Code, NL, FR
	DeadlineReadsOtherwise = "deadline_reads_otherwise" // Code, NL, FR
	TrackedChanges         = "tracked_changes"          //
	NotesLeftOut           = "notes_left_out"           // Part
	FormulaCell            = "formula_cell"             // Cell
	UnknownTranslation     = "unknown_translation"      // Code
	ReadAsWindows1252      = "read_as_windows_1252"     //
)

// FindingCodes lists every code, each of which has its sentence in both catalogues.
var FindingCodes = []string{
	ForeignInstitution,
	NumberInTwoKinds,
	EmptyBullet,
	StartsBeforeDue,
	NoMeasurementPoints,
	KPIWithoutThreshold,
	MandateWithoutDates,
	TitleDiffers,
	UndefinedAbbreviation,
	NotUnderstood,
	UnsureHyphen,
	JoinedOverPage,
	NumberMismatch,
	DuplicateNumber,
	DuplicateObjective,
	OrdinalMismatch,
	WithoutParent,
	SecondDeadline,
	TargetWithoutDeadline,
	PointWithoutTarget,
	EmptyText,
	InstitutionDiffers,
	NoMandateHeading,
	DeadlineNotUnderstood,
	DeadlineDoubtful,
	DeadlineElsewhere,
	OnlyInOneLanguage,
	OnlyDeadline,
	OnlyContext,
	GoalCountDiffers,
	DeadlineReadsOtherwise,
	TrackedChanges,
	NotesLeftOut,
	FormulaCell,
	UnknownTranslation,
	ReadAsWindows1252,
}

// Words gives the names and values for the finding's sentence, codes in the
// form that readers of lang know (SD3.2, OS3.2).
func (f Finding) Words(lang bilingual.Lang) []any { return wordsFor(f.Args, lang) }

func wordsFor(args map[string]string, lang bilingual.Lang) []any {
	var pairs []any
	for name, value := range args {
		if code, err := mandate.ParseCode(value); err == nil {
			value = code.Display(lang)
		}
		pairs = append(pairs, name, value)
	}
	return pairs
}

// sortFindings puts findings in the order of the letter.
func sortFindings(fs []Finding) {
	slices.SortStableFunc(fs, func(a, b Finding) int { return cmp.Compare(a.Line, b.Line) })
}

// UseKind says what became of a line.
type UseKind string

// What becomes of a line. The empty kind would be a line that was lost.
const (
	Blank       UseKind = "blank"
	InResult    UseKind = "result"
	Boilerplate UseKind = "boilerplate"
	InFinding   UseKind = "finding"
)

// Use is what became of one line: Where is the code it went to ("S3.2-1",
// "T4/goal3", "T1/context"), the kind of boilerplate, or the finding's code.
type Use struct {
	Kind  UseKind `json:"kind"`
	Where string  `json:"where,omitempty"`
}

// Coverage says for every line of the letter what became of it; index 0 is line 1.
type Coverage []Use

// Lost gives the lines, from 1, of which nothing became anything. It is
// always empty after Read.
func (c Coverage) Lost() []int {
	var lost []int
	for i, u := range c {
		if u.Kind == "" {
			lost = append(lost, i+1)
		}
	}
	return lost
}
