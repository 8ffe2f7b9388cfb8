package intake

import (
	"errors"
	"testing"

	"github.com/xuri/excelize/v2"

	"jalon/internal/testing/zipped"
)

func codeOf(err error) string {
	var r *Refusal
	if errors.As(err, &r) {
		return r.Code
	}
	return ""
}

func TestTextIsReadInItsEncoding(t *testing.T) {
	for name, c := range map[string]struct {
		data, want string
		guessed    bool
		refused    string
	}{
		"UTF-8":                   {"één\n", "één\n", false, ""},
		"UTF-8 with a mark":       {"\xef\xbb\xbféén", "één", false, ""},
		"UTF-16 with a mark":      {"\xff\xfea\x00\xe9\x00", "aé", false, ""},
		"UTF-16 without":          {"\x00a\x00b", "ab", false, ""},
		"Windows-1252":            {"caf\xe9", "café", true, ""},
		"UTF-8 with broken signs": {"één twéé dr\xc3", "", false, InvalidUTF8},
		"half a sign of UTF-16":   {"\xff\xfea", "", false, InvalidUTF16},
		"a zero byte":             {"a\n\x00", "", false, NotText},
	} {
		words, guessed, err := Text([]byte(c.data))
		if words != c.want || guessed != c.guessed || codeOf(err) != c.refused {
			t.Errorf("%s: %q, guessed %v, refused %q", name, words, guessed, codeOf(err))
		}
	}
}

func TestPartsStayWithinTheirFile(t *testing.T) {
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"sound":            {zipped.Of(t, "word/document.xml", "<x/>"), ""},
		"no zip":           {[]byte("PK\x03\x04zzzz"), Damaged},
		"another folder":   {zipped.Of(t, "../x.xml", "<x/>"), Damaged},
		"the same twice":   {zipped.Of(t, "a.xml", "<x/>", "A.xml", "<x/>"), Damaged},
		"macros":           {zipped.Of(t, "word/document.xml", "<x/>", "word/vbaProject.bin", "x"), Macros},
		"a document type":  {zipped.Of(t, "a.xml", "<!doctype x><x/>"), Doctype},
		"one part too big": {zipped.Of(t, "a.bin", string(make([]byte, MaxPart+1))), UnpacksTooLarge},
	} {
		if _, err := Parts(c.data, "docx"); codeOf(err) != c.want || c.want == "" && err != nil {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func TestAPercentageIsToldByTheFormatOfItsCell(t *testing.T) {
	book := excelize.NewFile()
	quoted, custom := `0" %"`, "0.0%"
	for cell, c := range map[string]struct {
		style *excelize.Style
		want  bool
	}{
		"A1": {nil, false}, "A2": {&excelize.Style{NumFmt: 9}, true}, "A3": {&excelize.Style{NumFmt: 2}, false},
		"A4": {&excelize.Style{CustomNumFmt: &custom}, true}, "A5": {&excelize.Style{CustomNumFmt: &quoted}, false},
	} {
		if c.style != nil {
			id, err := book.NewStyle(c.style)
			if err == nil {
				err = book.SetCellStyle("Sheet1", cell, cell, id)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if got := Percentage(book, "Sheet1", cell); got != c.want {
			t.Errorf("%s: a percentage: %v, want %v", cell, got, c.want)
		}
	}
}
