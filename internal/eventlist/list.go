// Package eventlist reads a list of events out of a calendar file (iCalendar,
// RFC 5545), a workbook or a CSV file, and sets it against the register of a
// mandate. Nothing is guessed: what is doubtful becomes a finding with the
// line or cell that it is about, for a person to judge.
package eventlist

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/duty"
)

// At is where in the file something stands: a line of a calendar, from 1, or a
// cell such as "Blad1!B3". The zero At is the file as a whole.
type At struct {
	Line int
	Cell string
}

// Row is one event as the list has it. A row with an Error among its findings
// cannot be recorded; its other fields are then as far as they could be read.
type Row struct {
	At
	// UID names the event in the calendar it comes from (RFC 5545, 3.8.4.7), at
	// most 300 bytes; one occurrence of a series has its day behind it. "" for
	// a list without.
	UID          string
	Kind         duty.Kind
	Title        string        // one line of at most 300 characters
	From, Until  calendar.Date // both included, at most 366 days apart
	Place        string        // one line of at most 200 characters
	Participants int           // 1 to 1,000,000; 0 when the list does not say
	Cancelled    bool          // the list says that it does not take place
	Findings     []Finding
}

// Sound reports whether the row can be recorded.
func (r Row) Sound() bool {
	for _, f := range r.Findings {
		if f.Severity == Error {
			return false
		}
	}
	return true
}

// Reading is a list as it was read. Findings are those of no row.
type Reading struct {
	Rows     []Row
	Findings []Finding
}

// Options say how to read a list.
type Options struct {
	Kinds    []duty.Kind // that a row may name, by their code or name
	Kind     duty.Kind   // of a row that names none
	From, To calendar.Date
	// From and To bound the occurrences of a series; other events may be on any day.
}

// Read reads a file. The name only tells a CSV file from other text, and a
// content that is not what the name says. The error is a *Refusal of this
// package or of intake when the file is at fault.
func Read(name string, data []byte, o Options) (Reading, error) {
	kind, err := kindOf(name, data)
	if err != nil {
		return Reading{}, err
	}
	r := reader{options: o}
	switch kind {
	case workbookFile:
		err = r.readWorkbook(data)
	case calendarFile:
		err = r.readCalendar(data)
	default:
		err = r.readCSV(data)
	}
	if err != nil {
		return Reading{}, err
	}
	telling := func(f Finding) bool { return f.Severity != Info }
	if len(r.Rows) == 0 && !slices.ContainsFunc(r.Findings, telling) {
		return Reading{}, refuse(NoEvent, nil)
	}
	return r.Reading, nil
}

type reader struct {
	Reading
	options Options
}

// add keeps a row once it has been looked at as a whole.
func (r *reader) add(row Row) error {
	if len(r.Rows) == MaxRows {
		return refuse(TooManyRows, nil, "Limit", itoa(MaxRows))
	}
	if row.Title == "" {
		row.find(Error, NoTitle, row.At)
	}
	row.Title = row.cut("title", row.Title, maxTitle)
	row.Place = row.cut("place", row.Place, maxPlace)
	switch {
	case row.From.IsZero():
	case row.From.Year < calendar.MinYear || row.Until.Year > calendar.MaxYear: // by a zone or a duration
		row.find(Error, DateWrong, row.At, "Text", row.From.String())
	case row.Until.Before(row.From):
		row.find(Error, Reversed, row.At)
	case row.From.AddDays(maxDays).Before(row.Until):
		row.find(Error, TooLong, row.At)
	}
	r.Rows = append(r.Rows, row)
	return nil
}

func (r *reader) find(severity Severity, code string, at At, args ...string) {
	r.Findings = append(r.Findings, finding(severity, code, at, args))
}

// find notes a finding about the row. The first error of a place counts.
func (r *Row) find(severity Severity, code string, at At, args ...string) {
	for _, f := range r.Findings {
		if severity == Error && f.Severity == Error && f.At == at {
			return
		}
	}
	r.Findings = append(r.Findings, finding(severity, code, at, args))
}

// cut shortens what the register has no room for, and says so.
func (r *Row) cut(part, s string, most int) string {
	runes := []rune(s)
	if len(runes) <= most {
		return s
	}
	r.find(Warning, map[string]string{"title": TitleCut, "place": PlaceCut}[part], r.At, "Limit", itoa(most))
	return strings.TrimSpace(string(runes[:most]))
}

// kind finds the kind that words name.
func (o Options) kind(words string) (duty.Kind, bool) {
	for _, k := range o.Kinds {
		for _, name := range []string{k.Code, k.Name.In(bilingual.NL), k.Name.In(bilingual.FR)} {
			if name != "" && folded(name) == folded(words) {
				return k, true
			}
		}
	}
	return duty.Kind{}, false
}

// oneLine makes one line of words in composed form, without signs that cannot
// be seen or that turn the reading direction.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(norm.NFC.String(s)), " ")
}

// folded is what two spellings of a word have in common: no capitals, accents
// or signs.
func folded(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFD.String(s))
}
