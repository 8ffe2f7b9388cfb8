package report

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/document"
	"jalon/internal/locale"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
)

// MaxFile is the largest file that is checked, in bytes.
const MaxFile = 20 << 20

// Checked is the answer on a file. Damaged tells that it could not be opened,
// so that nothing can be said about a seal. Of a file of all tables of a body,
// Tables tells of each what was found, and Table and Seal are zero.
type Checked struct {
	monitoring.Verdict
	Format  Format
	Damaged bool
	Data    []byte // the JSON table file that was found, when there is one
	Tables  *CheckedTables
}

// Verify checks a monitoring table in any format, or all tables of a body in
// one file, against keys that the reader trusts or else against the key in the
// file. Of a workbook, a text document and a PDF it checks the signed table
// inside, and then that every cell or page shows what that table says. A CSV
// and a page carry no signature and are never a sealed table.
func Verify(file []byte, keys []monitoring.PublicKey, catalogues *locale.Catalogues) Checked {
	switch {
	case document.IsDOCX(file):
		return verifyShown(DOCX, file, keys, catalogues)
	case bytes.HasPrefix(file, []byte("PK\x03\x04")):
		return verifyShown(XLSX, file, keys, catalogues)
	case bytes.HasPrefix(file, []byte("%PDF-")):
		return verifyShown(PDF, file, keys, catalogues)
	}
	c := Checked{Format: JSON}
	c.check(file, keys)
	if c.Outcome == monitoring.NotSealed && bytes.HasPrefix(file, []byte("\ufeff")) {
		c.Format = CSV
	} else if c.Outcome == monitoring.NotSealed && bytes.HasPrefix(file, []byte("<!DOCTYPE html>")) {
		c.Format = HTML
	}
	return c
}

// check looks at the JSON of one table or of several, and at nothing that shows it.
func (c *Checked) check(file []byte, keys []monitoring.PublicKey) {
	c.Data = file
	if isTables(file) {
		c.checkTables(file, keys)
		return
	}
	c.Verdict = monitoring.Verify(file, keys)
}

// shown is what a workbook, a text document or a PDF shows, in a form that can
// be compared with another file of its format.
type shown interface {
	data() *document.Attachment
	// compare names to c all in which got, of the same format, differs.
	compare(c *Checked, got shown)
}

func readShown(f Format, file []byte) (shown, error) {
	switch f {
	case XLSX:
		w, err := document.ReadXLSX(file)
		return sheets(w), err
	case DOCX:
		w, err := document.ReadDOCX(file)
		return texts(w), err
	default:
		p, err := document.ReadPDF(file)
		return pages(p), err
	}
}

// verifyShown checks the table that a file carries, writes it out anew, and
// compares what the two files show.
func verifyShown(f Format, file []byte, keys []monitoring.PublicKey, catalogues *locale.Catalogues) Checked {
	c := Checked{Format: f, Verdict: monitoring.Verdict{Outcome: monitoring.NotSealed}}
	found, err := readShown(f, file)
	if err != nil {
		c.Damaged = true
		return c
	}
	data := found.data()
	if data == nil {
		return c
	}
	c.check(data.Content, keys)
	if c.Outcome != monitoring.Intact && c.Outcome != monitoring.UnknownKey {
		return c
	}
	if f != PDF && !document.WholeZip(file) { // what other programs open may be something else
		c.add(monitoring.Change{Kind: monitoring.Edited, Field: "file"})
	}
	again, err := c.again(data.Description, catalogues)
	if err == nil {
		var fresh shown
		if fresh, err = readShown(f, again); err == nil {
			fresh.compare(&c, found)
		}
	}
	if err != nil {
		c.add(monitoring.Change{Kind: monitoring.Edited, Field: "layout"})
	}
	return c
}

// again writes the file anew from the table that was found in it, in the layout
// and the language that its description names.
func (c *Checked) again(description string, catalogues *locale.Catalogues) ([]byte, error) {
	var layout int
	var lang, made string
	kind := "jalon layout"
	if c.Tables != nil {
		kind = tablesKind
	}
	n, _ := fmt.Sscanf(description, kind+" %d %s %s", &layout, &lang, &made)
	if n < 2 || layout < 1 || layout > Layout || description != strings.TrimSpace(fmt.Sprintf("%s %d %s %s", kind, layout, lang, made)) {
		return nil, errDescription
	}
	printer, err := printerOf(lang, catalogues)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if c.Tables != nil {
		at, err := time.Parse(time.RFC3339, made)
		if err != nil {
			return nil, errDescription
		}
		all := c.Tables.all
		for i := range all.Tables {
			all.Tables[i].written = layout
		}
		err = all.Write(&b, c.Format, printer, at)
		return b.Bytes(), err
	}
	doc, err := monitoring.Document(c.Data)
	if err != nil {
		return nil, err
	}
	m, err := Sealed(doc, c.Seal)
	if err != nil {
		return nil, err
	}
	m.Errata, m.written = c.Errata, layout
	if layout != m.layout() || made != "" {
		return nil, errDescription
	}
	err = m.Write(&b, c.Format, printer, time.Time{})
	return b.Bytes(), err
}

// errDescription is a description of a table's data that no file of ours has.
var errDescription = fmt.Errorf("description of the data: %w", monitoring.ErrNotTable)

// printerOf gives the printer for what language named: nl, fr, or nl-fr.
func printerOf(lang string, catalogues *locale.Catalogues) (*locale.Printer, error) {
	first, second, side := strings.Cut(lang, "-")
	l, known := bilingual.ParseLang(first)
	switch {
	case !known, side && second != string(l.Other()):
		return nil, errDescription
	case side:
		return catalogues.Beside(l), nil
	}
	return catalogues.In(l), nil
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
	add := func(t monitoring.Table) {
		for _, r := range t.Rows {
			for _, lang := range bilingual.Langs {
				codes[r.Code.Display(lang)] = r.Code
			}
		}
	}
	add(c.Table)
	if c.Tables != nil {
		for _, m := range c.Tables.all.Tables {
			add(m.Table)
		}
	}
	return codes
}
