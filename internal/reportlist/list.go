// Package reportlist reads rows of a half-year's report that were written in a
// spreadsheet: pasted as text, or in the workbook that it makes itself. It sets
// them against what stands in the report. Nothing is guessed: a cell that is
// not understood becomes a finding with its address, and its row is left out.
package reportlist

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"jalon/internal/locale"
	"jalon/internal/mandate"
	"jalon/internal/progress"
)

// Limits of what is read.
const (
	MaxPaste = 1 << 20 // bytes of pasted text
	MaxFile  = 2 << 20 // bytes of a workbook
	MaxRows  = 500
	maxPart  = 8 << 20 // bytes of one part of a workbook
	maxLine  = 500     // characters of a field of one line
)

// Fields are the names of the fields that a row may fill in, in the order of
// the columns. All but the first two are optional; without a heading the
// columns are code, status and what was achieved (the reason, where there is
// nothing to report).
var Fields = []string{
	"code", "status", "achieved", "obstacles", "outside", "next_steps", "support_asked", "support_of", "support_by", "reason", "percentage", "value",
}

// formerly are words that headed a column on forms handed out before: such a form
// may still come back filled in.
var formerly = map[string]string{"Bereikt": "achieved", "Hinder": "obstacles"}

// paragraphs are the fields that may have several lines.
var paragraphs = []string{"achieved", "obstacles", "next_steps", "support_asked", "reason"}

// Row is one target as the list has it. Fields are as a form would send them;
// those that the list leaves empty are not in it.
type Row struct {
	At       string // cell of the code, such as "A3" or "Rapport!A3"
	Typed    string // the code as written
	Code     mandate.Code
	Fields   map[string]string
	Findings []Finding
}

// Sound reports whether nothing is wrong with the row.
func (r Row) Sound() bool { return len(r.Findings) == 0 }

// Finding is what is wrong in one cell. Its sentence is the catalogue text
// "report.paste.wrong." + Code, with the placeholders Text and Limit.
type Finding struct {
	Cell string
	Code string
	Text string // what stands there, shortened
}

// What may be wrong with a cell.
const (
	WrongCode    = "code"    // names no target of this mandate
	TwiceCode    = "twice"   // another row has the same code
	WrongStatus  = "status"  // names no status
	WrongDate    = "date"    // is no date
	WrongNumber  = "number"  // is no number, or no percentage
	WrongMark    = "mark"    // is neither yes nor no
	TooLong      = "long"    // has more characters than the field takes
	WrongSigns   = "signs"   // holds signs that cannot be seen
	NothingInRow = "nothing" // a code, and nothing to say about it
)

// WrongCodes lists them all, each of which has its sentence in both catalogues.
var WrongCodes = []string{WrongCode, TwiceCode, WrongStatus, WrongDate, WrongNumber, WrongMark, TooLong, WrongSigns, NothingInRow}

// Refusals of a list as a whole: "report.paste.error." + Code.
const (
	Empty       = "empty"      // no row with the code of a target
	TooLarge    = "too_large"  // Limit
	TooManyRows = "too_many"   // Limit
	NoHeader    = "no_header"  // a workbook without a row that names the columns
	OtherForm   = "other_form" // the workbook of another mandate or half-year: Text
)

// RefusalCodes lists every reason, each of which has its sentence in both catalogues.
var RefusalCodes = []string{Empty, TooLarge, TooManyRows, NoHeader, OtherForm}

// Refusal is a list that is not taken.
type Refusal struct{ Code, Text, Limit string }

// Error says why, for the log.
func (r *Refusal) Error() string { return "rows of a report refused: " + r.Code }

// Key is the catalogue key of the sentence.
func (r *Refusal) Key() string { return "report.paste.error." + r.Code }

// Options say how to read the words of a list.
type Options struct {
	Targets  []mandate.Code
	Statuses map[string]progress.Status // by their words in both languages
	Headings map[string]string          // field by the words of its column
	Yes, No  []string                   // words of a mark
	Form     string                     // mandate and half-year that a workbook must be of
}

type reader struct {
	statuses map[string]progress.Status
	headings map[string]string
	marks    map[string]string
	targets  map[mandate.Code]bool
	seen     map[mandate.Code]bool
	rows     []Row
}

func newReader(o Options) *reader {
	r := &reader{statuses: map[string]progress.Status{}, headings: map[string]string{}, marks: map[string]string{}, targets: map[mandate.Code]bool{}, seen: map[mandate.Code]bool{}}
	for words, s := range o.Statuses {
		r.statuses[folded(words)] = s
	}
	for i, s := range progress.Entered {
		r.statuses[folded(string(s))] = s
		r.statuses[string(rune('1'+i))] = s
	}
	for words, field := range formerly {
		r.headings[folded(words)] = field
	}
	for words, field := range o.Headings {
		r.headings[folded(words)] = field
	}
	for _, field := range Fields {
		r.headings[folded(field)] = field
	}
	for _, w := range append([]string{"x", "1", "true", "v"}, o.Yes...) {
		r.marks[folded(w)] = "1"
	}
	for _, w := range append([]string{"0", "false"}, o.No...) {
		r.marks[folded(w)] = ""
	}
	for _, c := range o.Targets {
		r.targets[c] = true
	}
	return r
}

// columnsOf reads a row of headings: the place of each field. It names a code
// and one field more at least.
func (r *reader) columnsOf(cells []string) map[string]int {
	columns := map[string]int{}
	for i, cell := range cells {
		if field, ok := r.headings[folded(cell)]; ok {
			if _, twice := columns[field]; !twice {
				columns[field] = i
			}
		}
	}
	if _, ok := columns["code"]; !ok || len(columns) < 2 {
		return nil
	}
	return columns
}

// plainColumns are those of a block without headings.
var plainColumns = map[string]int{"code": 0, "status": 1, "achieved": 2, "obstacles": 3, "next_steps": 4}

// add reads one row of cells. A row without anything in it says nothing; date
// reads the number that a workbook keeps for a day.
func (r *reader) add(columns map[string]int, cells []string, at func(column int) string, plain bool, date func(string) string) error {
	said := false
	for _, c := range cells {
		said = said || strings.TrimSpace(c) != ""
	}
	if !said {
		return nil
	}
	if len(r.rows) == MaxRows {
		return &Refusal{Code: TooManyRows, Limit: itoa(MaxRows)}
	}
	cell := func(field string) (string, string) {
		i, ok := columns[field]
		if !ok || i >= len(cells) {
			return "", at(0)
		}
		return cells[i], at(i)
	}
	row := Row{Fields: map[string]string{}}
	row.Typed, row.At = cell("code")
	row.Typed = excerpt(row.Typed)
	var ok bool
	if row.Code, ok = ReadCode(row.Typed); !ok || !r.targets[row.Code] {
		row.wrong(row.At, WrongCode, row.Typed)
	} else if r.seen[row.Code] {
		row.wrong(row.At, TwiceCode, row.Typed)
	}
	r.seen[row.Code] = true
	for _, field := range Fields[1:] {
		text, where := cell(field)
		if text = tidy(text); text != "" {
			r.field(&row, field, text, where, date)
		}
	}
	if plain && row.Fields["status"] == string(progress.NothingToReport) && row.Fields["achieved"] != "" {
		row.Fields["reason"] = row.Fields["achieved"]
		delete(row.Fields, "achieved")
	}
	if len(row.Fields) == 0 && row.Sound() {
		if plain {
			row.wrong(row.At, NothingInRow, row.Typed)
		} else {
			return nil // a row of the form that was left as it was
		}
	}
	r.rows = append(r.rows, row)
	return nil
}

// field reads one cell that is not empty.
func (r *reader) field(row *Row, field, text, at string, date func(string) string) {
	most := maxLine
	switch {
	case field == "status":
		s, ok := r.statuses[folded(text)]
		if !ok {
			row.wrong(at, WrongStatus, text)
			return
		}
		text = string(s)
	case field == "outside":
		mark, ok := r.marks[folded(text)]
		if !ok {
			row.wrong(at, WrongMark, text)
		}
		if text = mark; mark == "" {
			return
		}
	case field == "support_by":
		text = date(text)
		if _, err := locale.ParseDate(text); err != nil {
			row.wrong(at, WrongDate, text)
		}
	case field == "percentage", field == "value":
		if _, err := locale.ParseDecimal(text); err != nil {
			row.wrong(at, WrongNumber, text)
		}
	case slices.Contains(paragraphs, field):
		most = progress.MaxNarrative
	default:
		text = strings.Join(strings.Fields(text), " ")
	}
	if utf8.RuneCountInString(text) > most {
		row.wrong(at, TooLong, text)
	}
	if strings.ContainsFunc(text, func(c rune) bool {
		return unicode.IsControl(c) && c != '\n' && c != '\t' || c == unicode.ReplacementChar
	}) {
		row.wrong(at, WrongSigns, text)
	}
	row.Fields[field] = text
}

// wrong notes what is wrong with a cell; the first fault of a cell counts.
func (r *Row) wrong(cell, code, text string) {
	if !slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Cell == cell }) {
		r.Findings = append(r.Findings, Finding{cell, code, excerpt(text)})
	}
}

var (
	codeForm = regexp.MustCompile(`^(SD|OS|S|TD|OT|T)([0-9]{1,2})\.([0-9]{1,2})-([0-9]{1,2})$`)
	dashes   = strings.NewReplacer("‐", "-", "‑", "-", "‒", "-", "–", "-", "—", "-", "−", "-", "_", "-")
)

// ReadCode reads the code of a target as people write it: SD3.2-1 in Dutch,
// OS3.2-1 in French, S3.2-1 as it is stored; in any case, with any hyphen, and
// with spaces in it.
func ReadCode(s string) (mandate.Code, bool) {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, dashes.Replace(norm.NFKC.String(s)))
	m := codeForm.FindStringSubmatch(s)
	if m == nil {
		return mandate.Code{}, false
	}
	kind := "S"
	if strings.Contains(m[1], "T") {
		kind = "T"
	}
	c, err := mandate.ParseCode(kind + trimZero(m[2]) + "." + trimZero(m[3]) + "-" + trimZero(m[4]))
	return c, err == nil
}

func trimZero(s string) string { return strings.TrimLeft(s, "0") }

// tidy makes plain text of a cell: composed, with line feeds, without marks that
// turn the reading direction.
func tidy(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	s = strings.Map(func(r rune) rune {
		if r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 || r == 0x200E || r == 0x200F || r == 0x061C || r == 0xFEFF {
			return -1
		}
		return r
	}, norm.NFC.String(strings.ToValidUTF8(s, "\uFFFD")))
	return strings.TrimSpace(s)
}

// folded is what two spellings of a word have in common: no capitals, accents or signs.
func folded(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFD.String(s))
}

// excerpt is enough of a cell to find it again.
func excerpt(s string) string {
	r := []rune(strings.Join(strings.Fields(tidy(s)), " "))
	if len(r) > 60 {
		return string(r[:59]) + "…"
	}
	return string(r)
}
