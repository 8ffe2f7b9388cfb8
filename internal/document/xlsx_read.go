package document

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"strconv"

	"github.com/xuri/excelize/v2"
)

// Bounds of a workbook that is read: a small file can unpack to gigabytes.
const (
	maxUnpacked  = 64 << 20
	maxPart      = 24 << 20
	maxZipParts  = 500
	maxSheetRows = 20_000
	maxColumns   = 200
)

// ErrWorkbook is the kind of every workbook that is not read.
var ErrWorkbook = errors.New("not a readable workbook")

// Workbook is what a person sees in a workbook, as text, and its attachment.
type Workbook struct {
	Sheets []Sheet
	Data   *Attachment
}

// Sheet is a worksheet: the raw values of its cells, row by row, without
// empty cells at the end of a row. Formulas lists the cells that hold one, and
// Hidden the rows and columns that nobody sees, such as 5 or C; "" is the sheet itself.
type Sheet struct {
	Name     string
	Rows     [][]string
	Formulas []string
	Hidden   []string
}

// A row or a column that is smaller than this shows nothing of what it holds.
const (
	lowestRow       = 3.0 // points
	narrowestColumn = 0.5 // characters
)

// ReadXLSX reads a workbook within bounds of size.
func ReadXLSX(file []byte) (Workbook, error) {
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return Workbook{}, fmt.Errorf("%w: %w", ErrWorkbook, err)
	}
	var total uint64 // zip refuses to give more bytes than declared
	for _, part := range z.File {
		total += min(part.UncompressedSize64, maxUnpacked+1)
	}
	if len(z.File) > maxZipParts || total > maxUnpacked {
		return Workbook{}, fmt.Errorf("%w: it unpacks to too much", ErrWorkbook)
	}
	f, err := excelize.OpenReader(bytes.NewReader(file), excelize.Options{UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxPart, RawCellValue: true})
	if err != nil {
		return Workbook{}, fmt.Errorf("%w: %w", ErrWorkbook, err)
	}
	defer f.Close()
	var w Workbook
	for _, name := range f.GetSheetList() {
		s, err := readSheet(f, name)
		if err != nil {
			return Workbook{}, fmt.Errorf("%w: sheet %s: %w", ErrWorkbook, name, err)
		}
		if name == dataSheet {
			w.Data = attachment(s)
			continue
		}
		w.Sheets = append(w.Sheets, s)
	}
	return w, nil
}

// readSheet reads row by row: one cell far to the right in each of a million
// rows would otherwise ask for gigabytes.
func readSheet(f *excelize.File, name string) (Sheet, error) {
	s := Sheet{Name: name}
	rows, err := f.Rows(name)
	if err != nil {
		return s, err
	}
	defer rows.Close()
	for rows.Next() {
		row, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return s, err
		}
		if len(s.Rows) == maxSheetRows || len(row) > maxColumns {
			return s, errors.New("too many rows or columns")
		}
		if look := rows.GetRowOpts(); look.Hidden || look.Height < lowestRow {
			s.Hidden = append(s.Hidden, strconv.Itoa(len(s.Rows)+1))
		}
		s.Rows = append(s.Rows, row)
	}
	if err := s.hiddenBeside(f); err != nil {
		return s, err
	}
	for r, row := range s.Rows {
		for c := range row {
			cell, err := excelize.CoordinatesToCellName(c+1, r+1)
			if err != nil {
				return s, err
			}
			formula, err := f.GetCellFormula(name, cell)
			if err != nil {
				return s, err
			}
			if formula != "" {
				s.Formulas = append(s.Formulas, cell)
			}
		}
	}
	return s, rows.Error()
}

// hiddenBeside finds the columns that are hidden, and whether the sheet is.
func (s *Sheet) hiddenBeside(f *excelize.File) error {
	if visible, err := f.GetSheetVisible(s.Name); err != nil || !visible {
		s.Hidden = append(s.Hidden, "")
		return err
	}
	var columns int
	for _, row := range s.Rows {
		columns = max(columns, len(row))
	}
	for c := range columns {
		name, err := excelize.ColumnNumberToName(c + 1)
		if err != nil {
			return err
		}
		visible, err := f.GetColVisible(s.Name, name)
		if err != nil {
			return err
		}
		width, err := f.GetColWidth(s.Name, name)
		if err != nil {
			return err
		}
		if !visible || width < narrowestColumn {
			s.Hidden = append(s.Hidden, name)
		}
	}
	return nil
}
