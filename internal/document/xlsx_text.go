package document

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A cell of a workbook holds 32,767 UTF-16 units and 253 line feeds; the writer
// would cut what is longer without an error. Both limits keep some room.
const (
	cellUnits = 32000
	cellLines = 240
)

// longText is a text that did not fit in its cell.
type longText struct {
	cell   string // such as Tabel!K7
	pieces []string
}

// fit gives the text, or its beginning with the place where the whole stands.
func (b *workbook) fit(text, sheet string, col, row int) string {
	if len(text) <= cellUnits && strings.Count(text, "\n") <= cellLines { // no text has more units than bytes
		return text
	}
	pieces := chunks(text, cellUnits, cellLines)
	if len(pieces) == 1 {
		return text
	}
	first := 2
	for _, l := range b.long {
		first += len(l.pieces)
	}
	b.long = append(b.long, longText{sheet + "!" + columnName(col) + strconv.Itoa(row+1), pieces})
	start := chunks(text, 300, 4)[0]
	return start + "…\n" + b.d.Words.Continued(first, first+len(pieces)-1)
}

func (b *workbook) texts() Table {
	h := b.d.Words.TextsHead
	t := Table{Name: b.d.Words.Texts, Columns: []Column{{h[0], 18}, {h[1], 10}, {h[2], 120}}}
	for _, l := range b.long {
		for i, piece := range l.pieces {
			t.Rows = append(t.Rows, []Cell{Plain(l.cell), Plain(fmt.Sprintf("%d/%d", i+1, len(l.pieces))), Plain(piece)})
		}
	}
	return t
}

// chunks cuts a text into pieces of at most so many UTF-16 units and line
// feeds, between characters. Joined they are the text again.
func chunks(text string, units, feeds int) (pieces []string) {
	start, n, lines := 0, 0, 0
	for i, r := range text {
		size := 1
		if r > 0xffff {
			size = 2
		}
		if n+size > units || lines > feeds {
			pieces = append(pieces, text[start:i])
			start, n, lines = i, 0, 0
		}
		n += size
		if r == '\n' {
			lines++
		}
	}
	return append(pieces, text[start:])
}

// dataSheet holds the attachment: its name, its description, and its bytes in pieces.
const dataSheet = "jalon"

func (b *workbook) attach() error {
	data := b.d.Data
	if data == nil {
		return nil
	}
	if !utf8.Valid(data.Content) {
		return fmt.Errorf("%s is not UTF-8", data.Name)
	}
	return b.sheet(worksheet{name: dataSheet, hidden: true}, func(w *sheetWriter) error {
		w.text(xmlHead + `<worksheet ` + mainSpace + `><sheetData>`)
		w.row(0, []value{{plainStyle, textValue, data.Name}})
		w.row(0, []value{{plainStyle, textValue, data.Description}})
		for rest := data.Content; len(rest) > 0; {
			n := min(len(rest), cellUnits) // a character takes no more units than bytes
			for n < len(rest) && !utf8.RuneStart(rest[n]) {
				n--
			}
			w.row(0, []value{{plainStyle, textValue, string(rest[:n])}})
			rest = rest[n:]
		}
		w.text(`</sheetData></worksheet>`)
		return nil
	})
}

// attachment reads what attach wrote; nil when there is none.
func attachment(s Sheet) *Attachment {
	if len(s.Rows) < 3 {
		return nil
	}
	var b strings.Builder
	cell := func(row []string) string {
		if len(row) == 0 {
			return ""
		}
		return row[0]
	}
	for _, row := range s.Rows[2:] {
		b.WriteString(cell(row))
	}
	return &Attachment{Name: cell(s.Rows[0]), Description: cell(s.Rows[1]), Content: []byte(b.String())}
}
