package report

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"jalon/internal/bilingual"
	"jalon/internal/document"
	"jalon/internal/locale"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
)

// MaxFile is the largest file that is checked, in bytes.
const MaxFile = 20 << 20

// Checked is the answer on a file. Damaged tells that it could not be opened,
// so that nothing can be said about a seal.
type Checked struct {
	monitoring.Verdict
	Format  Format
	Damaged bool
	Data    []byte // the JSON table file that was found, when there is one
}

// Verify checks a monitoring table in any format, against keys that the reader
// trusts or else against the key in the file. Of a workbook, a text document
// and a PDF it checks the signed table inside, and then that every cell or page
// shows what that table says. A CSV and a page carry no signature and are never a sealed table.
func Verify(file []byte, keys []monitoring.PublicKey, catalogues *locale.Catalogues) Checked {
	switch {
	case document.IsDOCX(file):
		return verifyDOCX(file, keys, catalogues)
	case bytes.HasPrefix(file, []byte("PK\x03\x04")):
		return verifyXLSX(file, keys, catalogues)
	case bytes.HasPrefix(file, []byte("%PDF-")):
		return verifyPDF(file, keys, catalogues)
	}
	c := Checked{Format: JSON, Data: file, Verdict: monitoring.Verify(file, keys)}
	if text := bytes.TrimPrefix(file, []byte("\ufeff")); c.Outcome == monitoring.NotSealed && bytes.HasPrefix(text, []byte("Code;")) {
		c.Format = CSV
	} else if c.Outcome == monitoring.NotSealed && bytes.HasPrefix(file, []byte("<!DOCTYPE html>")) {
		c.Format = HTML
	}
	return c
}

func verifyXLSX(file []byte, keys []monitoring.PublicKey, catalogues *locale.Catalogues) Checked {
	c := Checked{Format: XLSX, Verdict: monitoring.Verdict{Outcome: monitoring.NotSealed}}
	found, err := document.ReadXLSX(file)
	if err != nil {
		c.Damaged = true
		return c
	}
	again, ok := c.inside(found.Data, keys, catalogues)
	if !ok {
		return c
	}
	fresh, err := document.ReadXLSX(again)
	if err != nil {
		c.add(monitoring.Change{Kind: monitoring.Edited, Field: "layout"})
		return c
	}
	c.compareSheets(fresh.Sheets, found.Sheets)
	return c
}

func verifyPDF(file []byte, keys []monitoring.PublicKey, catalogues *locale.Catalogues) Checked {
	c := Checked{Format: PDF, Verdict: monitoring.Verdict{Outcome: monitoring.NotSealed}}
	found, err := document.ReadPDF(file)
	if err != nil {
		c.Damaged = true
		return c
	}
	again, ok := c.inside(found.Data, keys, catalogues)
	if !ok {
		return c
	}
	fresh, err := document.ReadPDF(again)
	if err != nil {
		c.add(monitoring.Change{Kind: monitoring.Edited, Field: "layout"})
		return c
	}
	c.comparePages(fresh, found)
	return c
}

// inside checks the table that a file carries and writes the file anew. It is
// not ok when there is nothing to compare with.
func (c *Checked) inside(data *document.Attachment, keys []monitoring.PublicKey, catalogues *locale.Catalogues) (again []byte, ok bool) {
	if data == nil {
		return nil, false
	}
	c.Data = data.Content
	c.Verdict = monitoring.Verify(data.Content, keys)
	if c.Outcome != monitoring.Intact && c.Outcome != monitoring.UnknownKey {
		return nil, false
	}
	var layout int
	var lang string
	if n, _ := fmt.Sscanf(data.Description, "jalon layout %d %s", &layout, &lang); n != 2 || layout < 1 || layout > Layout {
		c.add(monitoring.Change{Kind: monitoring.Edited, Field: "layout"})
		return nil, false
	}
	first, second, side := strings.Cut(lang, "-")
	l, known := bilingual.ParseLang(first)
	if !known || side && second != string(l.Other()) {
		c.add(monitoring.Change{Kind: monitoring.Edited, Field: "layout"})
		return nil, false
	}
	printer := catalogues.In(l)
	if side {
		printer = catalogues.Beside(l)
	}
	doc, err := monitoring.Document(data.Content)
	if err != nil {
		c.add(monitoring.Change{Kind: monitoring.Edited, Field: "file"})
		return nil, false
	}
	m, err := Sealed(doc, c.Seal)
	m.Errata = c.Errata
	var b bytes.Buffer
	if err == nil && layout != m.layout() {
		err = monitoring.ErrNotTable
	}
	if err == nil {
		err = m.Write(&b, c.Format, printer, time.Time{})
	}
	if err != nil {
		c.add(monitoring.Change{Kind: monitoring.Edited, Field: "layout"})
		return nil, false
	}
	return b.Bytes(), true
}

func (c *Checked) add(change monitoring.Change) {
	const most = 200 // of the differences that are listed
	c.Outcome, c.Trusted = monitoring.Altered, false
	if len(c.Changes) < most {
		c.Changes = append(c.Changes, change)
	}
}

// codes finds the rows of the table by what is printed of their codes.
func (c *Checked) codes() map[string]mandate.Code {
	codes := map[string]mandate.Code{}
	for _, r := range c.Table.Rows {
		for _, lang := range bilingual.Langs {
			codes[r.Code.Display(lang)] = r.Code
		}
	}
	return codes
}

// compareSheets names every cell that does not show what the table says.
func (c *Checked) compareSheets(want, got []document.Sheet) {
	codes := c.codes()
	found := map[string]document.Sheet{}
	for _, s := range got {
		found[s.Name] = s
	}
	for _, w := range want {
		g, ok := found[w.Name]
		if !ok {
			c.add(monitoring.Change{Kind: monitoring.Removed, Field: "sheet", Cell: w.Name})
			continue
		}
		delete(found, w.Name)
		c.compareCells(w, g, codes)
	}
	for _, s := range got {
		if _, extra := found[s.Name]; extra {
			c.add(monitoring.Change{Kind: monitoring.Added, Field: "sheet", Cell: s.Name})
		}
	}
}

func (c *Checked) compareCells(want, got document.Sheet, codes map[string]mandate.Code) {
	for _, cell := range got.Formulas {
		c.add(monitoring.Change{Kind: monitoring.Edited, Field: "formula", Cell: want.Name + "!" + cell})
	}
	for r := range max(len(want.Rows), len(got.Rows)) {
		for col := range max(len(row(want, r)), len(row(got, r))) {
			w, g := at(want, r, col), at(got, r, col)
			if strings.ReplaceAll(g, "\r\n", "\n") == w {
				continue
			}
			name, _ := excelize.CoordinatesToCellName(col+1, r+1)
			change := monitoring.Change{Kind: monitoring.Edited, Field: "column " + at(want, 0, col), Cell: want.Name + "!" + name}
			if r > 0 {
				change.Row = codes[at(want, r, 0)]
			}
			switch {
			case w == "":
				change.Kind = monitoring.Added
			case g == "":
				change.Kind = monitoring.Removed
			}
			c.add(change)
		}
	}
}

func row(s document.Sheet, r int) []string {
	if r < len(s.Rows) {
		return s.Rows[r]
	}
	return nil
}

func at(s document.Sheet, r, col int) string {
	if cells := row(s, r); col < len(cells) {
		return cells[col]
	}
	return ""
}

// comparePages names every page that does not draw what the table says.
func (c *Checked) comparePages(want, got document.Printed) {
	for i := range max(len(want.Pages), len(got.Pages)) {
		page := fmt.Sprintf("page %d", i+1)
		switch {
		case i >= len(got.Pages):
			c.add(monitoring.Change{Kind: monitoring.Removed, Field: page})
		case i >= len(want.Pages):
			c.add(monitoring.Change{Kind: monitoring.Added, Field: page})
		case want.Pages[i] != got.Pages[i]:
			c.add(monitoring.Change{Kind: monitoring.Edited, Field: page})
		}
	}
	if c.Outcome != monitoring.Altered && strings.Join(want.Parts, " ") != strings.Join(got.Parts, " ") {
		c.add(monitoring.Change{Kind: monitoring.Edited, Field: "parts of the PDF"})
	}
}
