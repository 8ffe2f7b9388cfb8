// Package valuelist reads values of an indicator out of a workbook, a CSV file or
// pasted cells. Nothing is guessed: what is doubtful becomes a finding with its
// line or cell, for a person to mend.
package valuelist

import (
	"errors"
	"strings"
	"unicode"

	"github.com/shopspring/decimal"
	"golang.org/x/text/unicode/norm"

	"jalon/internal/calendar"
	"jalon/internal/indicator"
	"jalon/internal/locale"
)

// Limits of what is read.
const (
	MaxFile = 1 << 20 // bytes
	MaxRows = 1_000
	maxPart = 4 << 20 // bytes of one part of a workbook
	maxNote = 1_000   // characters
)

// Finding says what is wrong with a cell, or with a row. Key names a sentence of the
// catalogues: "indicator.import.finding." + Key.
type Finding struct {
	Key  string
	Cell string // such as B3, or line 3 of text
	Text string // that could not be read
}

// Row is one value as the list has it. One with findings cannot be recorded.
type Row struct {
	Where string // the row: such as Blad1!3, or 3
	indicator.Measurement
	Findings []Finding
}

// Refusal is a list that cannot be read as a whole. Key names a sentence of the
// catalogues: "indicator.import.error." + Key.
type Refusal struct {
	Key  string
	Line string // of a broken CSV file
}

func (r *Refusal) Error() string { return "list of values refused: " + r.Key }

type column int

const (
	noColumn column = iota
	dateColumn
	valueColumn
	numeratorColumn
	denominatorColumn
	peopleColumn
	noteColumn
)

// headings are the words that name a column in Dutch or French, without
// capitals, accents, spaces or signs.
var headings = map[string]column{
	"datum": dateColumn, "date": dateColumn, "dag": dateColumn, "jour": dateColumn, "op": dateColumn,
	"waarde": valueColumn, "valeur": valueColumn, "value": valueColumn, "cijfer": valueColumn, "chiffre": valueColumn,
	"teller": numeratorColumn, "numerateur": numeratorColumn, "numerator": numeratorColumn,
	"noemer": denominatorColumn, "denominateur": denominatorColumn, "denominator": denominatorColumn,
	"personen": peopleColumn, "aantalpersonen": peopleColumn, "personnes": peopleColumn, "nombredepersonnes": peopleColumn, "people": peopleColumn,
	"toelichting": noteColumn, "opmerking": noteColumn, "commentaire": noteColumn, "remarque": noteColumn, "note": noteColumn,
}

// cell is one cell: its words, or a number or day that a workbook holds as such.
type cell struct {
	text   string
	number *decimal.Decimal
	day    calendar.Date
	name   string
	// The percent sign of a number in a workbook: it belongs to how the number is shown.
	percent bool
	dated   bool // a workbook shows its number as a day
}

func (c cell) empty() bool { return c.text == "" && c.number == nil && c.day.IsZero() }

// reader turns rows of cells into values of one indicator.
type reader struct {
	indicator indicator.Indicator
	commas    bool // part the cells
	columns   map[column]int
	named     bool // by the first row
	width     int  // cells that the columns take
	rows      []Row
	days      map[calendar.Date]bool
}

func newReader(i indicator.Indicator) *reader {
	return &reader{indicator: i, days: map[calendar.Date]bool{}}
}

// add reads a row. The first that says anything names the columns; without names
// they are the day, the value or numerator and denominator, the people where they
// are asked for, and a note.
func (r *reader) add(where string, cells []cell) error {
	said := false
	for _, c := range cells {
		said = said || !c.empty()
	}
	if !said {
		return nil
	}
	if r.columns == nil {
		var twice bool
		if r.columns, twice = named(cells); twice {
			return &Refusal{Key: "named_twice"}
		}
		if r.named = r.columns != nil; r.named {
			r.width = len(cells)
			return nil
		}
		if r.columns = r.usual(); day(cells[0]).IsZero() {
			return &Refusal{Key: "no_header"}
		}
		r.width = len(r.columns)
	}
	if len(r.rows) == MaxRows {
		return &Refusal{Key: "too_many"}
	}
	r.rows = append(r.rows, r.row(where, cells))
	return nil
}

// named reads the columns that a row names, nil when it names none. Of two columns
// with figures or days of the same name nobody knows which is meant.
func named(cells []cell) (columns map[column]int, twice bool) {
	columns = map[column]int{}
	for i, c := range cells {
		at := headings[folded(c.text)]
		if at == noColumn {
			continue
		}
		if _, known := columns[at]; !known {
			columns[at] = i
		} else if at != noteColumn {
			twice = true
		}
	}
	if _, ok := columns[dateColumn]; !ok || len(columns) < 2 {
		return nil, false
	}
	return columns, twice
}

func (r *reader) usual() map[column]int {
	order := []column{dateColumn, valueColumn}
	if r.indicator.Per > 0 {
		order = []column{dateColumn, numeratorColumn, denominatorColumn}
	}
	if r.indicator.MinGroup > 0 {
		order = append(order, peopleColumn)
	}
	columns := map[column]int{}
	for i, c := range append(order, noteColumn) {
		columns[c] = i
	}
	return columns
}

func (r *reader) row(where string, cells []cell) Row {
	l := line{reader: r, cells: cells, row: Row{Where: where}}
	l.readDay()
	l.readFigures()
	if l.row.Note = oneLine(l.cell(noteColumn).text); len([]rune(l.row.Note)) > maxNote {
		l.find("note", l.cell(noteColumn))
	}
	l.findComma()
	for _, c := range cells[min(r.width, len(cells)):] {
		if !c.empty() {
			l.find("surplus", c)
			break
		}
	}
	return l.row
}

// line is a row while it is read.
type line struct {
	*reader
	cells []cell
	row   Row
}

// cell gives what stands in a column; where nothing does, an empty one with its place.
func (l *line) cell(c column) cell {
	i, ok := l.columns[c]
	switch {
	case !ok:
		return cell{name: l.row.Where}
	case i >= len(l.cells):
		return cell{name: letters(i) + l.row.Where}
	}
	return l.cells[i]
}

func (l *line) find(key string, c cell) {
	l.row.Findings = append(l.row.Findings, Finding{key, c.name, excerpt(c.text)})
}

func (l *line) readDay() {
	at := l.cell(dateColumn)
	switch l.row.On = day(at); {
	case l.row.On.IsZero():
		l.find("date", at)
	case l.days[l.row.On]:
		l.find("twice", at)
	}
	l.days[l.row.On] = true
}

func (l *line) readFigures() {
	if l.indicator.Per > 0 {
		l.row.Numerator, l.row.Denominator = l.number(numeratorColumn, true), l.number(denominatorColumn, true)
		if l.row.Denominator != nil && l.row.Denominator.Sign() <= 0 {
			l.find("denominator", l.cell(denominatorColumn))
		}
	} else {
		l.row.Value = l.number(valueColumn, true)
	}
	if n := l.number(peopleColumn, l.indicator.MinGroup > 0); n != nil {
		if l.row.People = int(n.IntPart()); !n.IsInteger() || n.Sign() <= 0 || n.GreaterThan(decimal.NewFromInt(10_000_000)) {
			l.find("people", l.cell(peopleColumn))
		}
	}
}

// number reads the figure of a column; nil when there is none, which is a fault
// where one is asked for.
func (l *line) number(c column, asked bool) *decimal.Decimal {
	one := l.cell(c)
	n, err := one.value()
	switch {
	case one.dated:
		one.text = one.day.Slashed()
		l.find("day", one)
	case errors.Is(err, locale.ErrAmbiguousNumber):
		l.find("ambiguous", one)
	case errors.Is(err, locale.ErrLongNumber):
		l.find("long", one)
	case err != nil:
		l.find("number", one)
	case (one.percent || locale.HasPercent(one.text)) && (c != valueColumn || !l.indicator.TakesPercent()):
		l.find("percent", one)
	case n == nil && asked:
		key := "missing"
		if _, ok := l.columns[c]; !ok {
			key = "missing_column"
		}
		l.find(key, one)
	}
	return n
}

// findComma: "30/06/2026,12,5" is 12.5 to most who write it, and 12 with a note,
// or of five people, to a program.
func (l *line) findComma() {
	figure := l.cell(valueColumn)
	share := l.indicator.Per > 0
	if share {
		figure = l.cell(numeratorColumn)
	}
	if l.commas && (onlyDigits(l.row.Note) || !share && !l.named && onlyDigits(figure.text) && onlyDigits(l.cell(peopleColumn).text)) {
		l.find("comma", figure)
	}
}

func onlyDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// value reads a number; nil for an empty cell.
func (c cell) value() (*decimal.Decimal, error) {
	switch {
	case c.empty():
		return nil, nil
	case c.number != nil && locale.LongNumber(*c.number):
		return nil, locale.ErrLongNumber
	case c.number != nil:
		return c.number, nil
	}
	n, err := locale.ParseDecimal(c.text)
	if err != nil {
		return nil, err
	}
	return &n, nil
}

func day(c cell) calendar.Date {
	if !c.day.IsZero() {
		return c.day
	}
	d, err := locale.ParseDate(strings.TrimSuffix(c.text, " 00:00:00"))
	if err != nil {
		return calendar.Date{}
	}
	return d
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

// oneLine makes one line of words without signs that cannot be seen or that turn the reading direction.
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

func excerpt(s string) string {
	if runes := []rune(oneLine(s)); len(runes) > 60 {
		return string(runes[:60]) + "…"
	}
	return oneLine(s)
}
