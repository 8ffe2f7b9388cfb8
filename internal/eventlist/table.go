package eventlist

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	"jalon/internal/calendar"
	"jalon/internal/locale"
)

// column is what a heading names.
type column int

const (
	noColumn column = iota
	fromColumn
	untilColumn
	titleColumn
	placeColumn
	participantsColumn
	kindColumn
	uidColumn
)

// headings are the words that name a column in Dutch or French, without
// capitals, accents, spaces or signs.
var headings = map[column][]string{
	fromColumn: {
		"datum", "date", "van", "vanaf", "begin", "begindatum", "start", "startdatum", "eerstedag", "dag",
		"du", "debut", "datededebut", "datedebut", "premierjour", "jour", "apartirdu",
	},
	untilColumn: {
		"tot", "totenmet", "tem", "eind", "einde", "einddatum", "laatstedag",
		"au", "jusquau", "fin", "datedefin", "datefin", "dernierjour",
	},
	titleColumn: {
		"titel", "omschrijving", "onderwerp", "gebeurtenis", "benaming", "naam", "stap",
		"titre", "intitule", "objet", "sujet", "evenement", "description", "libelle", "etape",
	},
	placeColumn: {"plaats", "locatie", "lieu", "endroit"},
	participantsColumn: {
		"deelnemers", "aantaldeelnemers", "aantal", "participants", "participantes", "participantsetparticipantes",
		"nombredeparticipants", "nombredeparticipantes", "nombre",
	},
	kindColumn: {"soort", "type", "genre", "kind", "aard", "soortgebeurtenis", "typedevenement"},
	uidColumn:  {"uid", "kenmerk", "referentie", "reference"},
}

var headingColumns = func() map[string]column {
	by := map[string]column{}
	for c, words := range headings {
		for _, w := range words {
			by[w] = c
		}
	}
	return by
}()

// headingRows is how far down a heading row is looked for.
const headingRows = 20

// table is the cells of a sheet or of a CSV file.
type table struct {
	sheet   string // "" for CSV
	columns map[column]int
	serial  func(number float64) (calendar.Date, bool) // of a date cell; nil when there is none
	formula func(column, row int) bool                 // nil when there is none
}

// readHeadings recognises the row that names the columns: one for the day and
// one for the title at least. The first of two columns of the same name counts.
func readHeadings(cells []string) map[column]int {
	columns := map[column]int{}
	for i, cell := range cells {
		word := folded(strings.NewReplacer("·", "", "(e)", "e", "(", "", ")", "").Replace(cell))
		if c := headingColumns[word]; c != noColumn {
			if _, twice := columns[c]; !twice {
				columns[c] = i
			}
		}
	}
	_, day := columns[fromColumn]
	if _, title := columns[titleColumn]; !day || !title {
		return nil
	}
	return columns
}

// at gives the address of a cell; column and row count from 0 and 1.
func (t table) at(column, row int) At {
	name := ""
	for n := column + 1; n > 0; n = (n - 1) / 26 {
		name = string(rune('A'+(n-1)%26)) + name
	}
	cell := name + itoa(row)
	if t.sheet != "" {
		cell = t.sheet + "!" + cell
	}
	return At{Cell: cell}
}

// row reads one row of cells; ok is false for one that says nothing.
func (t table) row(cells []string, number int, o Options) (row Row, ok bool) {
	said := false
	cell := func(c column) (text string, at At) {
		i, has := t.columns[c]
		if !has {
			return "", t.at(0, number)
		}
		if i < len(cells) {
			text = oneLine(cells[i])
		}
		at = t.at(i, number)
		if t.formula != nil && t.formula(i, number) {
			said = true
			if text == "" {
				row.find(Error, FormulaEmpty, at)
			} else {
				row.find(Warning, FormulaValue, at)
			}
		}
		said = said || text != ""
		return text, at
	}
	row.Title, row.At = cell(titleColumn)
	row.Place, _ = cell(placeColumn)
	row.Kind = o.Kind
	if words, at := cell(kindColumn); words != "" {
		kind, known := o.kind(words)
		if !known {
			row.find(Error, UnknownKind, at, "Text", excerpt(words))
		}
		row.Kind = kind
	}
	if words, at := cell(participantsColumn); words != "" {
		row.participants(words, at)
	}
	from, at := cell(fromColumn)
	if row.From = t.date(&row, from, at); from == "" {
		row.find(Error, NoDate, at)
	}
	row.Until = row.From
	if until, at := cell(untilColumn); until != "" {
		row.Until = t.date(&row, until, at)
	}
	if uid, _ := cell(uidColumn); len(uid) <= longestUID {
		row.UID = uid
	}
	if row.From.IsZero() || row.Until.IsZero() { // one of them was told off
		row.From, row.Until = calendar.Date{}, calendar.Date{}
	}
	return row, said
}

func (r *Row) participants(words string, at At) {
	n, err := strconv.Atoi(strings.TrimSuffix(words, ".0"))
	if err != nil || n < 1 || n > maxPeople {
		r.find(Error, ParticipantsWrong, at, "Text", excerpt(words))
		return
	}
	r.Participants = n
}

// timeBehind is the hour that some programs put behind a day.
var timeBehind = regexp.MustCompile(`[T ]\d{1,2}[:.h]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?Z?$`)

// date reads a day: a number in a date cell, or words such as 31/12/2026.
func (t table) date(row *Row, words string, at At) calendar.Date {
	if words == "" {
		return calendar.Date{}
	}
	if n, err := strconv.ParseFloat(words, 64); err == nil && t.serial != nil {
		if d, ok := t.serial(n); ok {
			return d
		}
		row.find(Error, DateWrong, at, "Text", excerpt(words))
		return calendar.Date{}
	}
	d, err := locale.ParseDate(timeBehind.ReplaceAllString(words, ""))
	switch {
	case errors.Is(err, locale.ErrShortYear):
		row.find(Error, DateShort, at, "Text", excerpt(words))
	case err != nil:
		row.find(Error, DateWrong, at, "Text", excerpt(words))
	}
	return d
}
