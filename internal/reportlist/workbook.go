package reportlist

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"

	"jalon/internal/calendar"
	"jalon/internal/intake"
	"jalon/internal/locale"
)

// mark is the hidden sheet that says of which mandate and half-year a form is.
const mark = "jalon"

// headingRows is how far down a heading row is looked for.
const headingRows = 20

// ReadWorkbook reads a workbook that Write made, or any other with a row that
// names the columns. The error is a *Refusal of this package or of intake when
// the file is at fault.
func ReadWorkbook(data []byte, o Options) ([]Row, error) {
	if len(data) > MaxFile {
		return nil, &Refusal{Code: TooLarge, Limit: itoa(MaxFile >> 10)}
	}
	book, err := intake.Workbook(data, maxPart)
	if err != nil {
		return nil, err
	}
	defer book.Close()
	if i, err := book.GetSheetIndex(mark); err == nil && i >= 0 {
		if form, err := book.GetCellValue(mark, "A1"); err != nil || form != o.Form {
			return nil, &Refusal{Code: OtherForm, Text: excerpt(form)}
		}
	}
	r := newReader(o)
	named := false
	for _, sheet := range book.GetSheetList() {
		if visible, err := book.GetSheetVisible(sheet); err != nil || !visible || sheet == mark {
			continue
		}
		found, err := r.readSheet(book, sheet)
		if err != nil {
			return nil, err
		}
		named = named || found
	}
	switch {
	case !named:
		return nil, &Refusal{Code: NoHeader}
	case len(r.rows) == 0:
		return nil, &Refusal{Code: Empty}
	}
	return r.rows, nil
}

func (r *reader) readSheet(book *excelize.File, sheet string) (named bool, err error) {
	damaged := func(err error) error {
		return intake.Refuse(intake.Damaged, err, "Kind", "xlsx")
	}
	rows, err := book.Rows(sheet)
	if err != nil {
		return false, damaged(err)
	}
	defer rows.Close()
	var columns map[string]int
	for number := 1; rows.Next(); number++ {
		cells, err := rows.Columns()
		if err != nil {
			return named, damaged(err)
		}
		if columns == nil {
			if number > headingRows {
				break
			}
			columns = r.columnsOf(cells)
			named = columns != nil
			continue
		}
		for _, field := range []string{"percentage", "value"} {
			if i, ok := columns[field]; ok && i < len(cells) {
				cells[i] = shown(book, sheet, cellName(i, number), cells[i], dateOf(book))
			}
		}
		at := func(column int) string { return sheet + "!" + cellName(column, number) }
		if err := r.add(columns, cells, at, false, dateOf(book)); err != nil {
			return named, err
		}
	}
	return named, nil
}

// shown gives the number that a cell holds as a person reads it there, with a
// decimal comma, or the day that the program made of it; words stay as they are,
// also those of a formula. A program computes in binary: ten places are more than
// it means.
func shown(book *excelize.File, sheet, cell, text string, day func(string) string) string {
	kind, err := book.GetCellType(sheet, cell)
	if err != nil || kind != excelize.CellTypeNumber && kind != excelize.CellTypeUnset {
		return text
	}
	if intake.Day(book, sheet, cell) {
		return day(text)
	}
	n, err := decimal.NewFromString(text)
	if err != nil || n.Exponent() > locale.MaxDigits || n.Exponent() < -400 {
		return text
	}
	if intake.Percentage(book, sheet, cell) {
		n = n.Shift(2)
	}
	return strings.Replace(n.Round(10).String(), ".", ",", 1)
}

// dateOf reads the number that a workbook keeps for a day; other words stay as they are.
func dateOf(book *excelize.File) func(string) string {
	props, err := book.GetWorkbookProps()
	since1904 := err == nil && props.Date1904 != nil && *props.Date1904
	return func(s string) string {
		n, err := strconv.ParseFloat(s, 64)
		if err != nil || !(n >= 1 && n < 100_000) { // NaN is neither
			return s
		}
		t, err := excelize.ExcelDateToTime(math.Floor(n), since1904)
		if err != nil || t.Year() < calendar.MinYear || t.Year() > calendar.MaxYear {
			return s
		}
		return calendar.Date{Year: t.Year(), Month: t.Month(), Day: t.Day()}.Slashed()
	}
}

// Form is the page of a half-year as a workbook to fill in.
type Form struct {
	Mark     string // mandate and half-year, as Options.Form
	Title    string
	Hint     []string // lines above the table
	Sheet    string   // name of the sheet
	Lang     string   // such as nl-BE
	Author   string
	Columns  []FormColumn
	Statuses []string // words of the statuses, in the order of the page
	Wrong    [2]string
	Rows     [][]string // as long as Columns
}

// FormColumn is a column of the form. One without a Field is to be read only.
type FormColumn struct {
	Title string
	Width float64 // characters
	Field string
}

// Write makes the workbook: what is to be read is locked, what is to be filled
// in is not, and the statuses are a list. Nothing is hidden behind a password.
func Write(w io.Writer, f Form) error {
	book := excelize.NewFile()
	defer book.Close()
	b := formWriter{book, f, 0}
	if err := b.write(); err != nil {
		return fmt.Errorf("write the form %s: %w", f.Mark, err)
	}
	return book.Write(w)
}

type formWriter struct {
	*excelize.File
	Form
	row int // last one written
}

func ptr[T any](v T) *T { return &v }

func (b *formWriter) write() error {
	if err := b.SetSheetName(b.GetSheetName(0), b.Form.Sheet); err != nil {
		return err
	}
	styles, err := b.styles()
	if err != nil {
		return err
	}
	for i, text := range append([]string{b.Title}, b.Hint...) {
		style := styles.hint
		if i == 0 {
			style = styles.title
		}
		b.row++
		cell := cellName(0, b.row)
		if err := errors.Join(b.SetCellStr(b.Form.Sheet, cell, text), b.SetCellStyle(b.Form.Sheet, cell, cell, style)); err != nil {
			return err
		}
	}
	b.row++
	head := b.row
	for c, column := range b.Columns {
		name, _ := excelize.ColumnNumberToName(c + 1)
		cell := cellName(c, head)
		if err := errors.Join(b.SetColWidth(b.Form.Sheet, name, name, column.Width), b.SetCellStr(b.Form.Sheet, cell, column.Title), b.SetCellStyle(b.Form.Sheet, cell, cell, styles.head)); err != nil {
			return err
		}
	}
	for _, row := range b.Form.Rows {
		b.row++
		for c, text := range row {
			cell, style := cellName(c, b.row), styles.read
			if b.Columns[c].Field != "" && b.Columns[c].Field != "code" {
				style = styles.fill
			}
			if err := errors.Join(b.SetCellStr(b.Form.Sheet, cell, text), b.SetCellStyle(b.Form.Sheet, cell, cell, style)); err != nil {
				return err
			}
		}
	}
	if err := b.list(head); err != nil {
		return err
	}
	return b.finish(head)
}

// list offers the statuses to choose from, and refuses other words.
func (b *formWriter) list(head int) error {
	for c, column := range b.Columns {
		if column.Field != "status" || b.row == head {
			continue
		}
		v := excelize.NewDataValidation(true)
		v.SetSqref(cellName(c, head+1) + ":" + cellName(c, b.row))
		v.SetError(excelize.DataValidationErrorStyleStop, b.Wrong[0], b.Wrong[1])
		if err := errors.Join(v.SetDropList(b.Statuses), b.AddDataValidation(b.Form.Sheet, v)); err != nil {
			return err
		}
	}
	return nil
}

func (b *formWriter) finish(head int) error {
	if _, err := b.NewSheet(mark); err != nil {
		return err
	}
	last, _ := excelize.ColumnNumberToName(len(b.Columns))
	return errors.Join(
		b.SetCellStr(mark, "A1", b.Mark),
		b.SetSheetVisible(mark, false, true),
		b.SetPanes(b.Form.Sheet, &excelize.Panes{Freeze: true, XSplit: 1, YSplit: head, TopLeftCell: cellName(1, head+1), ActivePane: "bottomRight"}),
		b.ProtectSheet(b.Form.Sheet, &excelize.SheetProtectionOptions{FormatColumns: true, FormatRows: true, SelectLockedCells: true, SelectUnlockedCells: true, Sort: true, AutoFilter: true}),
		b.SetSheetProps(b.Form.Sheet, &excelize.SheetPropsOptions{FitToPage: ptr(true)}),
		b.SetPageLayout(b.Form.Sheet, &excelize.PageLayoutOptions{Orientation: ptr("landscape"), Size: ptr(8), FitToWidth: ptr(1), FitToHeight: ptr(0)}),
		b.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: fmt.Sprintf("'%s'!$%d:$%d", b.Form.Sheet, head, head), Scope: b.Form.Sheet}),
		b.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Area", RefersTo: fmt.Sprintf("'%s'!$A$1:$%s$%d", b.Form.Sheet, last, b.row), Scope: b.Form.Sheet}),
		b.SetDocProps(&excelize.DocProperties{Title: b.Title, Language: b.Lang, Creator: b.Author}),
	)
}

type formStyles struct{ title, hint, head, read, fill int }

func (b *formWriter) styles() (s formStyles, err error) {
	add := func(style excelize.Style) (id int) {
		if err == nil {
			id, err = b.NewStyle(&style)
		}
		return id
	}
	line := []excelize.Border{{Type: "bottom", Color: "C9CED6", Style: 1}, {Type: "right", Color: "C9CED6", Style: 1}}
	top := &excelize.Alignment{Vertical: "top", WrapText: true}
	font := func(size float64, bold bool, color string) *excelize.Font {
		return &excelize.Font{Family: "Arial", Size: size, Bold: bold, Color: color}
	}
	tint := func(color string) excelize.Fill {
		return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{color}}
	}
	s.title = add(excelize.Style{Font: font(14, true, "1B2430")})
	s.hint = add(excelize.Style{Font: font(9, false, "4A5563")})
	s.head = add(excelize.Style{Font: font(9, true, "FFFFFF"), Fill: tint("1F4E79"), Border: line, Alignment: &excelize.Alignment{Vertical: "center", WrapText: true}})
	s.read = add(excelize.Style{Font: font(9, false, "1B2430"), Fill: tint("F1F3F6"), Border: line, Alignment: top})
	// text, so that 12,5 and 31/03/2027 stay as they are typed
	s.fill = add(excelize.Style{Font: font(9, false, "1B2430"), Border: line, Alignment: top, NumFmt: 49, Protection: &excelize.Protection{Locked: false}})
	return s, err
}
