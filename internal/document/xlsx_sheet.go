package document

import (
	"bufio"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// sheetWriter writes the XML of one worksheet. Errors stay in the buffered writer.
type sheetWriter struct {
	w        *bufio.Writer
	rows     int
	columns  []string // names of those that were written
	filtered string
}

// table writes one worksheet.
func (b *workbook) table(t Table) error {
	return b.sheet(worksheet{name: t.Name}, func(w *sheetWriter) error {
		w.head(t, len(b.sheets) == 0)
		var values []value
		for row := range t.all() {
			values = slices.Grow(values[:0], len(row))[:len(row)]
			height := 0.0
			for c, cell := range row {
				values[c] = b.cell(cell, c == 0, t.Name, c, w.rows)
				if values[c].kind == textValue {
					height = max(height, rowHeight(values[c].text, t.Columns[c].Width))
				}
			}
			w.row(height, values)
		}
		w.foot(t, b.d)
		return nil
	})
}

// value is what a cell stores.
type value struct {
	style int
	kind  byte
	text  string // or the number in figures
}

const (
	textValue   = 't'
	numberValue = 'n'
)

// firstDay is day 0 of a workbook; from March 1900 on, when all programs agree.
var firstDay = time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC)

func (b *workbook) cell(c Cell, rowHeader bool, sheet string, col, row int) value {
	if days := c.Date.Time().Sub(firstDay).Hours() / 24; !c.Date.IsZero() && days > 60 {
		return value{dateStyle, numberValue, strconv.Itoa(int(days))}
	}
	if c.Number != nil {
		return value{numberStyle, numberValue, strconv.FormatFloat(c.Number.InexactFloat64(), 'f', -1, 64)}
	}
	style := textStyle
	if rowHeader {
		style = rowHeaderStyle
	}
	if c.Mark != "" {
		style = markStyle(c.Mark)
	}
	return value{style, textValue, b.fit(c.Text(), sheet, col, row)}
}

// head writes what stands before the rows, and the header row.
func (w *sheetWriter) head(t Table, open bool) {
	selected := ""
	if open {
		selected = ` tabSelected="1"`
	}
	w.text(xmlHead + `<worksheet ` + mainSpace + `><sheetPr><pageSetUpPr fitToPage="true"/></sheetPr><sheetViews><sheetView` + selected + ` workbookViewId="0">` +
		`<pane xSplit="1" ySplit="1" topLeftCell="B2" activePane="bottomRight" state="frozen"/><selection pane="bottomRight" activeCell="B2" sqref="B2"/></sheetView></sheetViews><cols>`)
	header := make([]value, len(t.Columns))
	for i, c := range t.Columns {
		w.text(fmt.Sprintf(`<col min="%d" max="%[1]d" width="%[2]s" customWidth="1"/>`, i+1, strconv.FormatFloat(c.Width, 'f', -1, 64)))
		header[i] = value{headerStyle, textValue, clean(c.Title)}
	}
	w.text(`</cols><sheetData>`)
	w.row(30, header)
}

// row writes the next row; a height of 0 leaves it to the program.
func (w *sheetWriter) row(height float64, values []value) {
	w.rows++
	n := strconv.Itoa(w.rows)
	w.text(`<row r="`, n, `"`)
	if height > 0 {
		w.text(` ht="`, strconv.FormatFloat(height, 'f', -1, 64), `" customHeight="1"`)
	}
	w.text(`>`)
	for i, v := range values {
		w.text(`<c r="`, w.column(i), n, `" s="`, strconv.Itoa(v.style))
		switch {
		case v.text == "":
			w.text(`"/>`)
		case v.kind == numberValue:
			w.text(`"><v>`, v.text, `</v></c>`)
		default:
			w.text(`" t="inlineStr"><is><t xml:space="preserve">`, cellText(literal(v.text)), `</t></is></c>`)
		}
	}
	w.text(`</row>`)
}

// foot writes what stands after the rows: filter, printing, repeated titles.
func (w *sheetWriter) foot(t Table, d Document) {
	w.filtered = "$A$1:$" + columnName(len(t.Columns)-1) + "$" + strconv.Itoa(w.rows)
	w.text(`</sheetData><autoFilter ref="` + w.filtered + `"/><pageMargins left="0.4" right="0.4" top="0.7" bottom="0.7" header="0.3" footer="0.3"/>` +
		`<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/><headerFooter><oddHeader>` + xmlText("&L&8"+plainCode(d.Running)) +
		`</oddHeader><oddFooter>` + xmlText("&L&8"+plainCode(d.Footer)+"&R&8"+d.Words.PageOf("&P", "&N")) + `</oddFooter></headerFooter></worksheet>`)
}

func (w *sheetWriter) text(parts ...string) {
	for _, s := range parts {
		_, _ = w.w.WriteString(s) // the error is that of Flush
	}
}

// column gives the name of a column, made once.
func (w *sheetWriter) column(i int) string {
	for len(w.columns) <= i {
		w.columns = append(w.columns, columnName(len(w.columns)))
	}
	return w.columns[i]
}

// columnName gives A for 0, AA for 26.
func columnName(i int) (name string) {
	for i++; i > 0; i = (i - 1) / 26 {
		name = string(rune('A'+(i-1)%26)) + name
	}
	return name
}

// rowHeight estimates the height in points of a text of 9 points in a column of
// so many characters. Not every program fits a row to its text by itself.
func rowHeight(text string, width float64) float64 {
	lines := 0.0
	for l := range strings.SplitSeq(text, "\n") {
		lines += max(1, math.Ceil(float64(utf8.RuneCountInString(l))*.9/width))
	}
	const highest = 409 // of any row
	return min(lines*12+4, highest)
}

// plainCode keeps a text short enough for a header and free of codes.
func plainCode(text string) string {
	r := []rune(clean(text))
	if len(r) > 0 && r[0] >= '0' && r[0] <= '9' {
		r = append([]rune{' '}, r...) // else it would count as part of the size of the letters
	}
	return strings.ReplaceAll(string(r[:min(len(r), 100)]), "&", "&&")
}

var (
	xmlEscapes    = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;", "\n", "&#xA;", "\t", "&#x9;")
	cellEscapes   = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;") // single bytes alone: much faster
	nonCharacters = strings.NewReplacer("\ufffe", "\ufffd", "\uffff", "\ufffd")
)

// xmlText writes a text as XML, also for an attribute, without what XML cannot hold.
func xmlText(text string) string { return xmlEscapes.Replace(characters(clean(text))) }

// cellText writes a text as the content of an element. Quotes stand in it as they
// are: the data of a table, in which they are every tenth character, stays small.
func cellText(text string) string { return cellEscapes.Replace(characters(text)) }

// characters replaces U+FFFE and U+FFFF, which XML cannot hold (XML 1.0, 2.2).
func characters(text string) string {
	if strings.Contains(text, "\uffff"[:2]) {
		return nonCharacters.Replace(text)
	}
	return text
}

// literal keeps what looks like an escaped character, such as _x0041_, as it is
// written (ECMA-376, 22.9.2.19): readers would turn it into that character.
func literal(text string) string {
	var b strings.Builder
	for {
		i := strings.Index(text, "_x")
		if i < 0 {
			return b.String() + text
		}
		b.WriteString(text[:i])
		if looksEscaped(text[i:]) {
			b.WriteString("_x005F")
		}
		b.WriteByte('_')
		text = text[i+1:]
	}
}

func looksEscaped(text string) bool {
	if len(text) < 7 || text[6] != '_' {
		return false
	}
	_, err := strconv.ParseUint(text[2:6], 16, 16)
	return err == nil
}
