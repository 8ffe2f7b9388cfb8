// Package report turns the core's values into documents: the monitoring table
// as PDF, text document, workbook, CSV and JSON, and the check of such files.
package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"

	"jalon/internal/bilingual"
	"jalon/internal/document"
	"jalon/internal/locale"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
)

// Layout numbers the way in which a table is written out: words, columns,
// order. A sealed file is compared with a new rendering of the same layout, so
// this number rises with every change that a reader could see, or that changes
// the objects of a PDF or the parts of a text document. Tables of the
// first form are written out as they always were. Since the third layout, what
// stands beside the rows is in both languages too where both are asked for, and
// French is typeset.
const Layout = 3

func (m Monitoring) layout() int {
	switch {
	case m.Table.Form <= 1:
		return 1
	case m.written != 0:
		return max(m.written, 2)
	}
	return Layout
}

// Format is a kind of file.
type Format string

// The formats of a monitoring table.
const (
	XLSX Format = "xlsx"
	DOCX Format = "docx"
	PDF  Format = "pdf"
	CSV  Format = "csv"
	JSON Format = "json"
	HTML Format = "html"
)

// Formats lists them in the order of a menu.
var Formats = []Format{XLSX, DOCX, PDF, HTML, CSV, JSON}

// ParseFormat reads a format as it ends the name of a file, such as "xlsx".
func ParseFormat(s string) (f Format, ok bool) {
	for _, f := range Formats {
		if string(f) == s {
			return f, true
		}
	}
	return "", false
}

// ContentType gives the media type of the format.
func (f Format) ContentType() string {
	switch f {
	case XLSX:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case DOCX:
		return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	case PDF:
		return "application/pdf"
	case CSV:
		return "text/csv; charset=utf-8"
	case HTML:
		return "text/html; charset=utf-8"
	default:
		return "application/json"
	}
}

// Monitoring is a monitoring table that can be written out. Seal is nil for a draft.
type Monitoring struct {
	Table    monitoring.Table
	Seal     *monitoring.Seal
	Part     []mandate.Code // the objectives and targets that were kept of it; nil for the whole
	Errata   []monitoring.Erratum
	Known    time.Time // of a draft, up to which what was recorded counts; zero for all that is known
	Narrow   bool      // the table of a body that gets only what is addressed to it: its files are named after the body too
	document []byte    // what was sealed
	written  int       // the layout in which a file that is checked was written; 0 for the present one
}

// Draft gives a table that is not sealed. Its files say so.
func Draft(t monitoring.Table) Monitoring {
	t.Sealing = nil
	return Monitoring{Table: t}
}

// Sealed gives a sealed table from its stored document and seal.
func Sealed(doc []byte, seal monitoring.Seal) (Monitoring, error) {
	t, err := monitoring.Parse(doc)
	if err != nil {
		return Monitoring{}, fmt.Errorf("sealed table: %w", err)
	}
	if t.Sealing == nil {
		return Monitoring{}, fmt.Errorf("sealed table: %w: the document has no number", monitoring.ErrNotTable)
	}
	seal.Sealing = *t.Sealing
	return Monitoring{Table: t, Seal: &seal, document: doc}, nil
}

// FileName gives a name such as monitoringtabel-ACTIRIS-A4-EL-2026-H1-v1.nl.xlsx.
func (m Monitoring) FileName(f Format, p *locale.Printer) string {
	version, _, _ := m.unsealed(p)
	if s := m.ownSeal(); s != nil {
		version = "v" + strconv.Itoa(s.Version)
	}
	code := m.Table.Mandate.Code
	if m.Narrow {
		code += "-" + m.Table.Body.Code
	}
	name := strings.Join([]string{p.T("export.file"), code, m.Table.Period.String(), version}, "-")
	return safe(name) + "." + language(p) + "." + string(f)
}

// safe leaves of a name what every file system takes.
func safe(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-_.", r) {
			return r
		}
		return '-'
	}, name)
}

// Write writes the table in a format and a language. Made is when; a sealed
// table always gives the same pages and cells, whenever they are made.
func (m Monitoring) Write(w io.Writer, f Format, p *locale.Printer, made time.Time) error {
	var err error
	p = m.ofLayout(p)
	switch f {
	case JSON:
		err = m.writeJSON(w)
	case CSV:
		err = document.WriteCSV(w, m.rows(p, made))
	case XLSX:
		var d document.Document
		if d, err = m.sheets(p, made); err == nil {
			err = document.WriteXLSX(w, d)
		}
	case DOCX:
		var d document.Document
		if d, err = m.pages(p, made); err == nil {
			err = document.WriteDOCX(w, d)
		}
	case PDF:
		var d document.Document
		if d, err = m.pages(p, made); err == nil {
			err = document.WritePDF(w, d)
		}
	case HTML:
		var d document.Document
		if d, err = m.pages(p, made); err == nil {
			err = document.WriteHTML(w, d)
		}
	default:
		err = fmt.Errorf("unknown format %q", f)
	}
	if err != nil {
		return fmt.Errorf("write monitoring table %s %s: %w", m.Table.Mandate.Code, m.Table.Period, err)
	}
	return nil
}

func (m Monitoring) writeJSON(w io.Writer) error {
	if m.Part != nil {
		return errPart
	}
	file, err := m.envelope()
	if err != nil {
		return err
	}
	_, err = w.Write(append(file, '\n'))
	return err
}

// envelope gives the JSON file: the document as sealed, or that of the draft.
func (m Monitoring) envelope() ([]byte, error) {
	doc := m.document
	if m.Seal == nil {
		var err error
		if doc, err = m.Table.Canonical(); err != nil {
			return nil, err
		}
	}
	return monitoring.Envelope(doc, m.Seal, m.Errata...)
}

// frame gives what all documents of the table share.
func (m Monitoring) frame(p *locale.Printer, made time.Time) (document.Document, error) {
	seal := m.ownSeal()
	var attached *document.Attachment
	if m.Part == nil {
		data, err := m.envelope()
		if err != nil {
			return document.Document{}, err
		}
		attached = &document.Attachment{Name: "jalon.json", Description: fmt.Sprintf("jalon layout %d %s", m.layout(), language(p)), Content: data}
	}
	if seal != nil {
		made = seal.SealedAt
	}
	title := m.title(p)
	mandate, _ := words(m.Table.Mandate.Title, p)
	running := title + " · " + mandate
	_, footer, _ := m.unsealed(p)
	if s := seal; s != nil {
		footer = p.T("export.number_version", "Number", s.Number, "Version", s.Version) + " · SHA-256 " + s.SHA256[:min(16, len(s.SHA256))]
	} else {
		running = footer + " · " + running
	}
	return document.Document{
		Loose: m.layout() < 3,
		Title: title + " – " + mandate, Lang: p.Lang, Author: m.Table.Institution.Name.In(p.Lang), Created: made,
		Running: running, Footer: footer + " · " + aside("export.as_of", p) + " " + p.Date(m.Table.AsOf),
		Words: formatWords(p),
		Data:  attached,
	}, nil
}

func formatWords(p *locale.Printer) document.Words {
	return document.Words{
		PageOf:    func(page, pages string) string { return p.T("export.page", "Page", page, "Pages", pages) },
		Facts:     p.T("export.sheet.facts"),
		FactsHead: [2]string{p.T("export.sheet.fact"), p.T("export.sheet.value")},
		Texts:     p.T("export.sheet.texts"),
		TextsHead: [3]string{p.T("export.sheet.cell"), p.T("export.sheet.part"), p.T("export.sheet.text")},
		Continued: func(first, last int) string { return p.T("export.sheet.continued", "First", first, "Last", last) },
	}
}

// words gives a text for a reader and, when it is in the other language, which.
func words(t bilingual.Text, p *locale.Printer) (string, bilingual.Lang) {
	text, in, _ := t.For(p.Lang)
	if in == p.Lang || text == "" {
		in = ""
	}
	return text, in
}

var onlyIn = map[bilingual.Lang]string{bilingual.NL: "export.state.only_nl", bilingual.FR: "export.state.only_fr"}

// part gives a text with what it is worth: a language that is missing, a
// translation that is outdated or without standing. The sign ° stands for the
// last one where there is no room; a note explains it.
func part(t bilingual.Text, p *locale.Printer, short bool) document.Part {
	text, in, state := t.For(p.Lang)
	part := document.Part{Text: text}
	switch {
	case text == "":
	case in != p.Lang:
		part.Lang = in
		part.Label = p.T(onlyIn[in])
	case state == bilingual.Outdated:
		part.Text += " " + p.T("export.state.outdated")
	case state == bilingual.Working && short:
		part.Text += "\u00a0°"
	case state == bilingual.Working:
		part.Text += " " + p.T("export.state.working")
	}
	return part
}

// marks gives each status its shape.
var marks = map[progress.Status]document.Mark{
	progress.OnTrack:         document.Tick,
	progress.Attention:       document.Triangle,
	progress.SupportNeeded:   document.Ring,
	progress.Compromised:     document.Octagon,
	progress.Achieved:        document.Flag,
	progress.Stopped:         document.Square,
	progress.NothingToReport: document.Dash,
	progress.NotReported:     document.Dashed,
	progress.Late:            document.Clock,
	progress.NotExpected:     document.Dots,
}

var trendMarks = map[monitoring.Trend]document.Mark{
	monitoring.Up: document.Up, monitoring.Same: document.Same, monitoring.Down: document.Down,
}

func statusCell(s progress.Status, p *locale.Printer) document.Cell {
	if s == "" {
		return with(document.Cell{Parts: []document.Part{{Text: p.T("export.no_comparison"), Quiet: true}}}, p, func(p *locale.Printer) string { return p.T("export.no_comparison") })
	}
	return with(document.Marked(marks[s], p.Status(s)), p, func(p *locale.Printer) string { return p.Status(s) })
}

func trendCell(t monitoring.Trend, p *locale.Printer) document.Cell {
	if t == "" {
		t = monitoring.None
	}
	word := func(p *locale.Printer) string { return p.T("trend." + string(t)) }
	return with(document.Cell{Mark: trendMarks[t], Parts: []document.Part{{Text: word(p), Quiet: t == monitoring.None}}}, p, word)
}
