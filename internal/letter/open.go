package letter

import (
	"bytes"
	"errors"

	"github.com/xuri/excelize/v2"
)

// Workbook opens an .xlsx file within the limits of a letter and with no part
// larger than part bytes, for other readers of workbooks. The second value
// says whether it carries macros. The error is a *Refusal.
func Workbook(data []byte, part uint64) (book *excelize.File, macros bool, err error) {
	parts, err := openParts(data, xlsx)
	if err != nil {
		return nil, false, err
	}
	for _, f := range parts {
		if f.UncompressedSize64 > part {
			return nil, false, refuse(UnpacksTooLarge, nil)
		}
	}
	if book, err = openBook(data); err != nil {
		return nil, false, err
	}
	return book, parts["xl/vbaproject.bin"] != nil, nil
}

// openBook opens a workbook whose parts were looked at before.
func openBook(data []byte) (*excelize.File, error) {
	book, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxPart,
	})
	switch {
	case errors.Is(err, excelize.ErrWorkbookPassword), errors.Is(err, excelize.ErrWorkbookFileFormat):
		return nil, refuse(Encrypted, err, "Kind", "xlsx")
	case err != nil:
		return nil, refuse(Damaged, err, "Kind", "xlsx")
	}
	return book, nil
}

// Text reads the bytes of a text file as a letter is read: UTF-8, UTF-16 or
// Windows-1252, with a finding where the encoding was guessed. The error is a
// *Refusal.
func Text(data []byte) (string, []Finding, error) { return decodeText(data) }
