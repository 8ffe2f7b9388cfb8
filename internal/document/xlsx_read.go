package document

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"

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
// Styles are those of its style sheet, the first for cells that name none.
// Extra lists the parts that may show something beside the cells: drawings,
// notes, controls.
type Workbook struct {
	Sheets    []Sheet
	Styles    []Look
	Extra     []string
	Since1904 bool // dates are counted from 1904, not from 1900
	Data      *Attachment
}

// Sheet is a worksheet: the raw values of its cells and how they look, row by
// row, without empty cells at the end of a row. Formulas lists the cells that
// hold one, Hidden the rows and columns that nobody sees, such as 5 or C ("" is
// the sheet itself), and Over the areas that are merged, painted by a condition
// or speak when they are chosen. Printed is said at the head and foot of its pages.
type Sheet struct {
	Name     string
	Rows     [][]string
	Looks    [][]Look
	Formulas []string
	Hidden   []string
	Over     []string
	Printed  string
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
	var w Workbook
	if err := w.readParts(z); err != nil {
		return Workbook{}, fmt.Errorf("%w: %w", ErrWorkbook, err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(file), excelize.Options{UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxPart, RawCellValue: true})
	if err != nil {
		return Workbook{}, fmt.Errorf("%w: %w", ErrWorkbook, err)
	}
	defer f.Close()
	props, err := f.GetWorkbookProps()
	if err != nil {
		return Workbook{}, fmt.Errorf("%w: %w", ErrWorkbook, err)
	}
	w.Since1904 = props.Date1904 != nil && *props.Date1904
	for _, name := range f.GetSheetList() {
		s, err := readSheet(f, name, w.Styles)
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

// readParts reads the styles, and finds the parts that are extra. A name that
// stands twice would be read by each program as it likes.
func (w *Workbook) readParts(z *zip.Reader) error {
	names := map[string]bool{}
	for _, part := range z.File {
		name := strings.ToLower(part.Name)
		if names[name] {
			return fmt.Errorf("two parts %s", part.Name)
		}
		names[name] = true
		more, err := extra(part)
		if more {
			w.Extra = append(w.Extra, part.Name)
		}
		if err == nil && part.Name == "xl/styles.xml" {
			err = w.readStyles(part)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", part.Name, err)
		}
	}
	return nil
}

// readSheet reads row by row: one cell far to the right in each of a million
// rows would otherwise ask for gigabytes.
func readSheet(f *excelize.File, name string, styles []Look) (Sheet, error) {
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
	if err := s.lookAt(f, styles); err != nil {
		return s, err
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
