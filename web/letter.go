package web

import (
	"jalon/internal/bilingual"
	"jalon/internal/mandate"
)

// ImportView is the form that takes a letter: a file in the field "file", or
// its words in "text"; institution, mandate and lang beside it. It is sent as
// multipart/form-data to Action and answered by a preview.
type ImportView struct {
	Frame
	Action       string
	Values       ImportValues
	Institutions []Option
	Limit        int // bytes of the largest file
}

// ImportValues are the fields as typed.
type ImportValues struct {
	Text        string
	Institution string
	Mandate     string // code, of an existing or a new mandate
	Lang        string // nl, fr, or "" to recognise it
}

// ImportPreviewView shows what was read before anything is stored. Confirming
// posts text, institution, mandate, lang and idempotency_key to Action.
type ImportPreviewView struct {
	Frame
	Source         string // file name, or "" for pasted words
	Title          bilingual.Text
	Rank           string
	Counts         ImportCounts
	Findings       []Finding // those without a line come first
	Objectives     []ObjectiveBlock
	Lines          []SourceLine
	Known          bool         // the mandate exists: Differences says what would change
	Differences    []Difference // words and places that would change
	Filled         int          // texts that would get the words of the letter's language, which they lack
	Amends         bool         // words in force would change: the day from which they count is asked
	Adds           bool         // places would come: the day from which they are there can be given
	EffectiveOn    string       // as typed
	Reason         string       // of the amendment, as typed
	Action         string
	BackURL        string
	IdempotencyKey string
	Values         ImportValues
	Institution    string // its name
}

// Differs reports whether the letter brings a known mandate anything.
func (v ImportPreviewView) Differs() bool { return len(v.Differences) > 0 || v.Filled > 0 }

// ImportCounts is how much was read.
type ImportCounts struct {
	Objectives, Strategic, Transversal int
	Points, Targets, Deadlines, KPIs   int
}

// Severity says how much a finding asks of the reader.
type Severity string

// Severities.
const (
	SeverityError   Severity = "error"   // cannot be stored like this
	SeverityWarning Severity = "warning" // a person must judge
	SeverityInfo    Severity = "info"    // good to know
)

// Finding is a doubt about the letter, in the reader's language. Line 0 is the letter as a whole.
type Finding struct {
	Line     int
	Severity Severity
	Text     string
}

// SourceLine is one line of the letter with what was read in it.
type SourceLine struct {
	Number   int
	Text     string
	Code     string // what it became, as shown; "" for known boilerplate and blank lines
	Findings []Finding
}

// Difference is one text that the letter would change. Before is empty for
// something new, After for something that the letter no longer has.
type Difference struct {
	Code   mandate.Code
	Field  string // what it is, in words
	Lang   bilingual.Lang
	Before string
	After  string
}

func (f Frame) languages() []Option {
	return []Option{{"nl", f.T("language.nl")}, {"fr", f.T("language.fr")}}
}

func severityIcon(s Severity) string {
	switch s {
	case SeverityError:
		return "compromised"
	case SeverityWarning:
		return "attention"
	default:
		return "info"
	}
}
