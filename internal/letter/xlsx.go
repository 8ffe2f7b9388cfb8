package letter

import (
	"strings"

	"github.com/xuri/excelize/v2"

	"jalon/internal/intake"
)

// readXlsx gives the text of a workbook: of each sheet the rows, and of each
// row the cells, one below the other. Where the first rows of a sheet name
// columns after the labels of a letter ("Meetpunt", "Tijdschema"), every cell
// below is given its label.
func readXlsx(data []byte) (string, []Finding, error) {
	book, err := intake.Workbook(data, intake.MaxPart)
	if err != nil {
		return "", nil, err
	}
	defer book.Close()
	s := sheetReader{book: book}
	for _, name := range book.GetSheetList() {
		if visible, err := book.GetSheetVisible(name); err != nil || !visible {
			continue
		}
		if err := s.read(name); err != nil {
			return "", nil, err
		}
	}
	return s.text.String(), s.findings, nil
}

type sheetReader struct {
	book     *excelize.File
	text     strings.Builder
	findings []Finding
}

func (s *sheetReader) read(sheet string) error {
	rows, err := s.book.Rows(sheet)
	if err != nil {
		return intake.Refuse(intake.Damaged, err, "Kind", "xlsx")
	}
	defer rows.Close()
	var columns []string // the label of each column, once a heading row was met
	var above []string   // the cells of the row before, for merged and repeated ones
	for number := 1; rows.Next(); number++ {
		cells, err := rows.Columns()
		if err != nil {
			return intake.Refuse(intake.Damaged, err, "Kind", "xlsx")
		}
		if found := headingRow(cells); found != nil {
			columns, above = found, nil
			continue
		}
		for i, cell := range cells {
			cell = strings.TrimSpace(cell)
			if cell == "" || columns != nil && i < len(above) && above[i] == cell && i+1 < len(cells) && isHolder(columns, i) {
				continue
			}
			s.noteFormula(sheet, i+1, number)
			s.text.WriteString(labelCell(columns, i, cell) + "\n\n")
		}
		above = trimmed(cells)
		if s.text.Len() > MaxText {
			return intake.Refuse(TooLong, nil)
		}
	}
	return nil
}

func trimmed(cells []string) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = strings.TrimSpace(c)
	}
	return out
}

// noteFormula warns that a cell's value was computed, not written.
func (s *sheetReader) noteFormula(sheet string, column, row int) {
	cell, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		return
	}
	if formula, err := s.book.GetCellFormula(sheet, cell); err == nil && formula != "" {
		s.findings = append(s.findings, Finding{Severity: Warning, Code: FormulaCell, Args: map[string]string{"Cell": sheet + "!" + cell}})
	}
}

// headingRow gives the columns' labels when at least two cells of a row are
// labels of a letter without a number.
func headingRow(cells []string) []string {
	columns, labels := make([]string, len(cells)), 0
	for i, cell := range cells {
		if word := strings.TrimSpace(cell); columnLabel(word) != noLabel {
			columns[i] = word
			labels++
		}
	}
	if labels < 2 {
		return nil
	}
	return columns
}

// columnLabel tells which label a column heading is.
func columnLabel(word string) labelKind {
	if l, ok := readLabel(word + ":"); ok && l.rest == "" && (l.kind == targetLabel || l.kind == deadlineLabel) {
		return l.kind
	}
	if l, ok := readLabel(word + " 1"); ok && (l.kind == objectiveLabel || l.kind == pointLabel || l.kind == kpiLabel) {
		return l.kind
	}
	return noLabel
}

// isHolder says whether a column names what the columns after it belong to, so
// that a repeated cell says nothing new.
func isHolder(columns []string, i int) bool {
	if i >= len(columns) {
		return false
	}
	kind := columnLabel(columns[i])
	return kind == objectiveLabel || kind == pointLabel
}

// labelCell writes the column's label before a cell that does not have one.
func labelCell(columns []string, i int, cell string) string {
	if i >= len(columns) || columns[i] == "" {
		return cell
	}
	if _, ok := readLabel(cell); ok {
		return cell
	}
	switch columnLabel(columns[i]) {
	case targetLabel, deadlineLabel:
		return columns[i] + ": " + cell
	}
	return columns[i] + " " + cell // the cell begins with its number
}
