package valuelist

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"math"
	"path"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"

	"jalon/internal/calendar"
	"jalon/internal/indicator"
	"jalon/internal/intake"
	"jalon/internal/locale"
)

// Read reads a file, or pasted cells under a name such as pasted.txt. Its error is a
// *Refusal of this package or of intake when the list is at fault.
func Read(name string, data []byte, i indicator.Indicator) ([]Row, error) {
	r := newReader(i)
	kind := strings.ToLower(path.Ext(name))
	packed := bytes.HasPrefix(data, []byte("PK\x03\x04"))
	var err error
	switch {
	case len(data) > MaxFile:
		return nil, &Refusal{Key: "too_large"}
	case len(bytes.TrimSpace(data)) == 0:
		return nil, &Refusal{Key: "nothing"}
	case kind == ".xlsx" && packed:
		err = r.readWorkbook(data)
	case (kind == ".csv" || kind == ".txt") && !packed:
		err = r.readText(data)
	default:
		return nil, &Refusal{Key: "unsupported"}
	}
	if err == nil && len(r.rows) == 0 {
		err = &Refusal{Key: "nothing"}
	}
	return r.rows, err
}

// readText reads cells that are parted by tabs, semicolons or commas: by the first
// of these signs that the first line has. A comma may also be a decimal one, so it comes last.
func (r *reader) readText(data []byte) error {
	words, _, err := intake.Text(data)
	if err != nil {
		return err
	}
	first, _, _ := strings.Cut(strings.TrimSpace(words), "\n")
	cells := csv.NewReader(strings.NewReader(words))
	cells.FieldsPerRecord, cells.LazyQuotes, cells.Comma = -1, true, ','
	for _, sign := range "\t;" {
		if strings.ContainsRune(first, sign) {
			cells.Comma = sign
			break
		}
	}
	r.commas = cells.Comma == ','
	for {
		record, err := cells.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		var broken *csv.ParseError
		if errors.As(err, &broken) {
			return &Refusal{Key: "broken", Line: strconv.Itoa(broken.StartLine)}
		}
		line, _ := cells.FieldPos(0)
		row := make([]cell, len(record))
		for i, text := range record {
			row[i] = cell{text: oneLine(text), name: letters(i) + strconv.Itoa(line)}
		}
		if err := r.add(strconv.Itoa(line), row); err != nil {
			return err
		}
	}
}

// letters names a column as spreadsheets do.
func letters(i int) (name string) {
	for n := i + 1; n > 0; n = (n - 1) / 26 {
		name = string(rune('A'+(n-1)%26)) + name
	}
	return name
}

// readWorkbook reads the first sheet that is not hidden.
func (r *reader) readWorkbook(data []byte) error {
	book, err := intake.Workbook(data, maxPart)
	if err != nil {
		return err
	}
	defer book.Close()
	for _, sheet := range book.GetSheetList() {
		if visible, err := book.GetSheetVisible(sheet); err != nil || !visible {
			continue
		}
		return r.readSheet(book, sheet)
	}
	return nil
}

func (r *reader) readSheet(book *excelize.File, sheet string) error {
	damaged := func(err error) error {
		return intake.Refuse(intake.Damaged, err, "Kind", "xlsx")
	}
	rows, err := book.Rows(sheet)
	if err != nil {
		return damaged(err)
	}
	defer rows.Close()
	props, err := book.GetWorkbookProps()
	since1904 := err == nil && props.Date1904 != nil && *props.Date1904
	for number := 1; rows.Next(); number++ {
		words, err := rows.Columns()
		if err != nil {
			return damaged(err)
		}
		row := make([]cell, len(words))
		for i, text := range words {
			row[i] = cell{text: oneLine(text), name: letters(i) + strconv.Itoa(number)}
			kind, err := book.GetCellType(sheet, row[i].name)
			if err == nil && (kind == excelize.CellTypeNumber || kind == excelize.CellTypeUnset) { // what is of a formula by its kind is words
				row[i].stored(since1904)
			}
			switch {
			case err == nil && kind == excelize.CellTypeBool: // kept as 1 or 0
				row[i].text = strings.ToUpper(strconv.FormatBool(row[i].text == "1"))
			case row[i].number != nil && intake.Percentage(book, sheet, row[i].name):
				*row[i].number = row[i].number.Shift(2)
				row[i].percent = true
			case !row[i].day.IsZero():
				row[i].dated = intake.Day(book, sheet, row[i].name)
			}
		}
		if err := r.add(strconv.Itoa(number), row); err != nil {
			return err
		}
	}
	return nil
}

// stored takes what a workbook holds as a number: the number itself, and the day
// that it would be. A program computes in binary; ten places are more than it means.
func (c *cell) stored(since1904 bool) {
	n, err := decimal.NewFromString(c.text)
	if err != nil || n.Exponent() > locale.MaxDigits || n.Exponent() < -400 {
		return
	}
	n = n.Round(10)
	c.number = &n
	days := math.Floor(n.InexactFloat64())
	if !(days >= 1 && days < 100_000) {
		return
	}
	t, err := excelize.ExcelDateToTime(days, since1904)
	if err == nil && t.Year() >= calendar.MinYear && t.Year() <= calendar.MaxYear {
		c.day = calendar.Date{Year: t.Year(), Month: t.Month(), Day: t.Day()}
	}
}
