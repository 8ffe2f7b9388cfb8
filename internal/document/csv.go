package document

import (
	"encoding/csv"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// WriteCSV writes the document's first table as Belgian spreadsheets expect
// it: UTF-8 with a byte order mark, semicolons, CRLF. Texts that a spreadsheet
// would run as a formula get an apostrophe in front.
func WriteCSV(w io.Writer, d Document) error {
	for _, b := range d.Blocks {
		if t, ok := b.(Table); ok {
			return writeCSV(w, t)
		}
	}
	return fmt.Errorf("write %q as CSV: no table", d.Title)
}

func writeCSV(w io.Writer, t Table) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	c := csv.NewWriter(w)
	c.Comma, c.UseCRLF = ';', true
	record := make([]string, len(t.Columns))
	for i, column := range t.Columns {
		record[i] = neutral(column.Title)
	}
	if err := c.Write(record); err != nil {
		return err
	}
	for row := range t.all() {
		for i, cell := range row {
			record[i] = cell.csv()
		}
		if err := c.Write(record); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

func (c Cell) csv() string {
	if c.Number != nil {
		return strings.Replace(c.Number.String(), ".", ",", 1)
	}
	return neutral(c.Text())
}

// formula matches a text that a spreadsheet may run (OWASP, CSV injection: also
// after a line end, and with the full-width signs of East Asian keyboards), and
// one that looks as if it had been made neutral before.
var formula = regexp.MustCompile("^'*[=+\\-@\t\r\n\x00＝＋－＠]")

// neutral puts an apostrophe before a text that a spreadsheet may run. Text undoes it.
func neutral(text string) string {
	if formula.MatchString(text) {
		return "'" + text
	}
	return text
}
