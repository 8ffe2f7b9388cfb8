package eventlist

import (
	"math"

	"github.com/xuri/excelize/v2"

	"jalon/internal/calendar"
	"jalon/internal/intake"
)

// readWorkbook reads every visible sheet of which a row names the columns.
func (r *reader) readWorkbook(data []byte) error {
	book, err := intake.Workbook(data, maxPart)
	if err != nil {
		return err
	}
	defer book.Close()
	named := false
	for _, sheet := range book.GetSheetList() {
		if visible, err := book.GetSheetVisible(sheet); err != nil || !visible {
			continue
		}
		found, filled, err := r.readSheet(book, sheet)
		if err != nil {
			return err
		}
		if named = named || found; filled && !found {
			r.find(Warning, SheetUnread, At{}, "Sheet", sheet)
		}
	}
	if !named {
		return refuse(NoHeader, nil)
	}
	return nil
}

// readSheet reads a sheet; found says that a row names its columns, filled
// that anything stands in it.
func (r *reader) readSheet(book *excelize.File, sheet string) (found, filled bool, err error) {
	rows, err := book.Rows(sheet)
	if err != nil {
		return false, false, intake.Refuse(intake.Damaged, err, "Kind", "xlsx")
	}
	defer rows.Close()
	t := table{sheet: sheet, serial: serialDates(book), formula: formulas(book, sheet)}
	for number := 1; rows.Next(); number++ {
		cells, err := rows.Columns()
		if err != nil {
			return found, filled, intake.Refuse(intake.Damaged, err, "Kind", "xlsx")
		}
		filled = filled || len(cells) > 0
		if t.columns == nil {
			if number > headingRows {
				break
			}
			t.columns = readHeadings(cells)
			found = t.columns != nil
			continue
		}
		if row, ok := t.row(cells, number, r.options); ok {
			if err := r.add(row); err != nil {
				return found, filled, err
			}
		}
	}
	return found, filled, nil
}

// serialDates reads the number that a workbook keeps for a day: days since
// the end of 1899, or since 1904 in a workbook that says so. The hours behind
// the point are left out.
func serialDates(book *excelize.File) func(float64) (calendar.Date, bool) {
	props, err := book.GetWorkbookProps()
	since1904 := err == nil && props.Date1904 != nil && *props.Date1904
	return func(n float64) (calendar.Date, bool) {
		if !(n >= 1 && n < 100_000) { // NaN is neither
			return calendar.Date{}, false
		}
		t, err := excelize.ExcelDateToTime(math.Floor(n), since1904)
		if err != nil || t.Year() < calendar.MinYear || t.Year() > calendar.MaxYear {
			return calendar.Date{}, false
		}
		return calendar.Date{Year: t.Year(), Month: t.Month(), Day: t.Day()}, true
	}
}

// formulas tells which cells are computed.
func formulas(book *excelize.File, sheet string) func(column, row int) bool {
	return func(column, row int) bool {
		name, err := excelize.CoordinatesToCellName(column+1, row)
		if err != nil {
			return false
		}
		formula, err := book.GetCellFormula(sheet, name)
		return err == nil && formula != ""
	}
}
