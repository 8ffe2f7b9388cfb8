package eventlist

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"jalon/internal/intake"
)

// readCSV reads cells that are parted by semicolons, commas or tabs: by the
// sign with which a row names the columns.
func (r *reader) readCSV(data []byte) error {
	words, guessed, err := intake.Text(data)
	if err != nil {
		return err
	}
	if guessed {
		r.find(Info, Windows1252, At{})
	}
	for _, sign := range ";,\t" {
		if named, err := r.readCells(words, sign); named || err != nil && sign == '\t' {
			return err
		}
	}
	return refuse(NoHeader, nil)
}

// readCells reads with one sign; named says that a row names the columns.
func (r *reader) readCells(words string, sign rune) (named bool, err error) {
	cells := csv.NewReader(strings.NewReader(words))
	cells.Comma, cells.FieldsPerRecord = sign, -1
	t := table{}
	for {
		record, err := cells.Read()
		if errors.Is(err, io.EOF) {
			return t.columns != nil, nil
		}
		if err != nil {
			var broken *csv.ParseError
			line := "1"
			if errors.As(err, &broken) {
				line = itoa(broken.StartLine)
			}
			return t.columns != nil, refuse(BrokenCSV, err, "Line", line)
		}
		line, _ := cells.FieldPos(0)
		if t.columns == nil {
			if line > headingRows {
				return false, nil
			}
			t.columns = readHeadings(record)
			continue
		}
		if row, ok := t.row(record, line, r.options); ok {
			if err := r.add(row); err != nil {
				return true, err
			}
		}
	}
}
