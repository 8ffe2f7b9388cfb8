package intake

import (
	"bytes"
	"errors"
	"regexp"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Workbook opens an .xlsx file within the limits of Parts, and with no part
// larger than part bytes. The error is a *Refusal.
func Workbook(data []byte, part uint64) (*excelize.File, error) {
	parts, err := Parts(data, "xlsx")
	if err != nil {
		return nil, err
	}
	for _, f := range parts {
		if f.UncompressedSize64 > part {
			return nil, Refuse(UnpacksTooLarge, nil)
		}
	}
	return openBook(data)
}

// quotedInFormat are the words in a number format that are shown as they are.
var quotedInFormat = regexp.MustCompile(`"[^"]*"|\\[^ ]`)

// Percentage reports whether a cell shows its number as a percentage: then it
// keeps 0.125 for what a person reads and typed as 12.5 %.
func Percentage(book *excelize.File, sheet, cell string) bool {
	id, err := book.GetCellStyle(sheet, cell)
	if err != nil || id == 0 {
		return false
	}
	style, err := book.GetStyle(id)
	if err != nil {
		return false
	}
	if style.CustomNumFmt != nil {
		return strings.Contains(quotedInFormat.ReplaceAllString(*style.CustomNumFmt, ""), "%")
	}
	return style.NumFmt == 9 || style.NumFmt == 10 // 0% and 0.00% (ECMA-376 part 1, 18.8.30)
}

// withinBrackets are colours, conditions and the language of a number format.
var withinBrackets = regexp.MustCompile(`\[[^\]]*\]`)

// Day reports whether a cell shows its number as a day. Spreadsheet programs make
// one of what looks like a day to them, such as 1.5 or 3-4.
func Day(book *excelize.File, sheet, cell string) bool {
	id, err := book.GetCellStyle(sheet, cell)
	if err != nil || id == 0 {
		return false
	}
	style, err := book.GetStyle(id)
	if err != nil {
		return false
	}
	if style.CustomNumFmt != nil {
		format := withinBrackets.ReplaceAllString(quotedInFormat.ReplaceAllString(*style.CustomNumFmt, ""), "")
		return strings.ContainsAny(strings.ToLower(format), "dy")
	}
	n := style.NumFmt // days and months, also those of East Asia (ECMA-376 part 1, 18.8.30)
	return n >= 14 && n <= 17 || n == 22 || n >= 27 && n <= 36 || n >= 50 && n <= 58
}

// openBook opens a workbook whose parts were looked at before.
func openBook(data []byte) (*excelize.File, error) {
	book, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: MaxUnpacked, UnzipXMLSizeLimit: MaxPart,
	})
	switch {
	case errors.Is(err, excelize.ErrWorkbookPassword), errors.Is(err, excelize.ErrWorkbookFileFormat):
		return nil, Refuse(Encrypted, err, "Kind", "xlsx")
	case err != nil:
		return nil, Refuse(Damaged, err, "Kind", "xlsx")
	}
	return book, nil
}
