package reportlist

import (
	"strconv"
	"strings"
)

func itoa(n int) string { return strconv.Itoa(n) }

// ReadPasted reads a block of cells as a spreadsheet copies it: lines with tabs
// between the cells; a cell in which there is a tab, a line feed or a quotation
// mark stands in quotation marks, and those in it are doubled. The first row may
// name the columns. The error is a *Refusal.
func ReadPasted(text string, o Options) ([]Row, error) {
	if len(text) > MaxPaste {
		return nil, &Refusal{Code: TooLarge, Limit: itoa(MaxPaste >> 10)}
	}
	r := newReader(o)
	columns, plain := plainColumns, true
	for i, cells := range Cells(text) {
		if i == 0 {
			if named := r.columnsOf(cells); named != nil {
				columns, plain = named, false
				continue
			}
		}
		at := func(column int) string { return cellName(column, i+1) }
		if err := r.add(columns, cells, at, plain, func(s string) string { return s }); err != nil {
			return nil, err
		}
	}
	if len(r.rows) == 0 {
		return nil, &Refusal{Code: Empty}
	}
	return r.rows, nil
}

// Cells takes a block of cells apart. A quotation mark that opens a cell and is
// not closed before a tab, a line feed or the end is one that was typed.
func Cells(text string) (rows [][]string) {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	text = strings.TrimSuffix(text, "\n")
	for text != "" {
		var row []string
		for more := true; more; {
			var cell string
			cell, text, more = nextCell(text)
			row = append(row, cell)
		}
		rows = append(rows, row)
	}
	return rows
}

// nextCell gives the first cell and what follows it; more says that the row goes on.
func nextCell(text string) (cell, rest string, more bool) {
	if quoted, after, ok := quotedCell(text); ok {
		cell, text = quoted, after
	} else {
		end := strings.IndexAny(text, "\t\n")
		if end < 0 {
			end = len(text)
		}
		cell, text = text[:end], text[end:]
	}
	if text == "" {
		return cell, "", false
	}
	return cell, text[1:], text[0] == '\t'
}

func quotedCell(text string) (cell, rest string, ok bool) {
	if !strings.HasPrefix(text, `"`) {
		return "", "", false
	}
	for i := 1; i < len(text); i++ {
		if text[i] != '"' {
			continue
		}
		if i+1 < len(text) && text[i+1] == '"' {
			i++
			continue
		}
		rest = text[i+1:]
		if rest != "" && rest[0] != '\t' && rest[0] != '\n' {
			return "", "", false
		}
		return strings.ReplaceAll(text[1:i], `""`, `"`), rest, true
	}
	return "", "", false
}

// cellName gives the address of a cell; column counts from 0, row from 1.
func cellName(column, row int) string {
	name := ""
	for n := column + 1; n > 0; n = (n - 1) / 26 {
		name = string(rune('A'+(n-1)%26)) + name
	}
	return name + itoa(row)
}
