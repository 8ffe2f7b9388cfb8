package eventlist

import (
	"bytes"
	"path"
	"strconv"
	"strings"

	"jalon/internal/bilingual"
	"jalon/internal/intake"
)

// Limits of what is read.
const (
	MaxFile   = 2 << 20 // bytes of the file as given
	MaxRows   = 1_500   // events, each occurrence of a series by itself
	MaxSeries = 200     // occurrences of one series
	maxRules  = 50      // series in one file: a rule may take 40 ms to find out that it never comes
	maxPart   = 8 << 20 // bytes of one part of a workbook
	maxTitle  = 300     // characters, as in the register
	maxPlace  = 200
	maxDays   = 366 // from the first day to the last
	maxPeople = 1_000_000
)

// Reasons for which a file is refused, beside those of intake.
const (
	TooLarge     = "too_large"      // Limit, in MB
	Unsupported  = "unsupported"    // Name
	OtherKind    = "other_kind"     // Name
	Macros       = "macros"         //
	NotACalendar = "not_a_calendar" //
	NoEvent      = "no_event"       //
	NoHeader     = "no_header"      // no row names the columns
	TooManyRows  = "too_many_rows"  // Limit
	TooManyRules = "too_many_rules" // Limit
	BrokenCSV    = "broken_csv"     // Line
)

// RefusalCodes lists every reason, each of which has its sentence in both catalogues.
var RefusalCodes = []string{TooLarge, Unsupported, OtherKind, Macros, NotACalendar, NoEvent, NoHeader, TooManyRows, TooManyRules, BrokenCSV}

// Refusal is a file that cannot be read as a list of events, with the reason
// for the person who gave it.
type Refusal struct {
	Code string
	Args map[string]string
	Err  error // the cause, for the log; may be nil
}

// Key is the catalogue key of the refusal's sentence.
func (r *Refusal) Key() string { return "event.import.error." + r.Code }

// Words gives the names and values for the refusal's sentence.
func (r *Refusal) Words(bilingual.Lang) []any { return pairs(r.Args) }

// Error says why, for the log.
func (r *Refusal) Error() string {
	s := "list of events refused: " + r.Code
	if r.Err != nil {
		s += ": " + r.Err.Error()
	}
	return s
}

// Unwrap gives the cause.
func (r *Refusal) Unwrap() error { return r.Err }

func refuse(code string, err error, args ...string) *Refusal {
	return &Refusal{Code: code, Err: err, Args: argsOf(args)}
}

// Severity says how much a finding matters.
type Severity string

// Severities: with an error a row cannot be recorded, a warning asks for a
// look, an info is good to know.
const (
	Info    Severity = "info"
	Warning Severity = "warning"
	Error   Severity = "error"
)

// Finding is one remark for a person to judge.
type Finding struct {
	At
	Severity Severity
	Code     string
	Args     map[string]string
}

// Codes of findings.
const (
	NoTitle           = "no_title"           //
	NoDate            = "no_date"            //
	DateWrong         = "date_wrong"         // Text
	DateShort         = "date_short"         // Text: a year of two digits
	Reversed          = "reversed"           //
	TooLong           = "too_long"           //
	TitleCut          = "title_cut"          // Limit
	PlaceCut          = "place_cut"          // Limit
	ParticipantsWrong = "participants_wrong" // Text
	UnknownKind       = "unknown_kind"       // Text
	FormulaValue      = "formula"            // the value of a formula was taken
	FormulaEmpty      = "formula_empty"      // a formula whose value is not in the file
	UnknownZone       = "unknown_zone"       // Text: read as Brussels time
	RuleUnread        = "rule_unread"        // Text
	RuleNever         = "rule_never"         // From, Until
	RuleCut           = "rule_cut"           // Limit
	RuleWindow        = "rule_window"        // From, Until
	LineUnread        = "line_unread"        // Text
	CutOff            = "cut_off"            // the file ends in the middle of an event
	SheetUnread       = "sheet_unread"       // Sheet
	Windows1252       = "windows_1252"       //
)

// FindingCodes lists every code, each of which has its sentence in both catalogues.
var FindingCodes = []string{
	NoTitle, NoDate, DateWrong, DateShort, Reversed, TooLong, TitleCut, PlaceCut, ParticipantsWrong, UnknownKind, FormulaValue,
	FormulaEmpty, UnknownZone, RuleUnread, RuleNever, RuleCut, RuleWindow, LineUnread, CutOff, SheetUnread, Windows1252,
}

// Key is the catalogue key of the finding's sentence.
func (f Finding) Key() string { return "event.import.finding." + f.Code }

// Words gives the names and values for the finding's sentence.
func (f Finding) Words() []any { return pairs(f.Args) }

func finding(severity Severity, code string, at At, args []string) Finding {
	return Finding{At: at, Severity: severity, Code: code, Args: argsOf(args)}
}

func argsOf(list []string) map[string]string {
	var args map[string]string
	for i := 0; i+1 < len(list); i += 2 {
		if args == nil {
			args = map[string]string{}
		}
		args[list[i]] = list[i+1]
	}
	return args
}

func pairs(args map[string]string) (list []any) {
	for name, value := range args {
		list = append(list, name, value)
	}
	return list
}

func itoa(n int) string { return strconv.Itoa(n) }

// excerpt quotes the beginning of what could not be read.
func excerpt(s string) string {
	const most = 60
	if runes := []rune(oneLine(s)); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return oneLine(s)
}

type fileKind int

const (
	calendarFile fileKind = iota
	workbookFile
	csvFile
)

// kindOf tells what a file holds by its first bytes, and refuses one that is
// something else than its name says.
func kindOf(name string, data []byte) (fileKind, error) {
	base := path.Base(strings.ReplaceAll(name, `\`, "/"))
	said := strings.ToLower(strings.TrimPrefix(path.Ext(base), "."))
	switch {
	case len(data) > MaxFile:
		return 0, refuse(TooLarge, nil, "Limit", itoa(MaxFile>>20))
	case len(bytes.TrimSpace(data)) == 0:
		return 0, intake.Refuse(intake.Empty, nil)
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")) && said == "xlsx":
		return 0, intake.Refuse(intake.Encrypted, nil, "Kind", said)
	case said == "xlsm" || said == "xltm" || said == "xlsb":
		return 0, refuse(Macros, nil)
	case said != "ics" && said != "ical" && said != "xlsx" && said != "csv" && said != "txt":
		return 0, refuse(Unsupported, nil, "Name", base)
	case bytes.HasPrefix(data, []byte("PK\x03\x04")) != (said == "xlsx"):
		return 0, refuse(OtherKind, nil, "Name", base)
	case said == "xlsx":
		return workbookFile, nil
	case said == "csv" || said == "txt":
		return csvFile, nil
	}
	return calendarFile, nil
}
