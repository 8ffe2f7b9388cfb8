package report

import (
	"cmp"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"jalon/internal/calendar"
	"jalon/internal/document"
	"jalon/internal/indicator"
	"jalon/internal/locale"
	"jalon/internal/mandate"
	"jalon/internal/progress"
)

// Brief is the sheet of one page that goes along to a meeting.
type Brief struct {
	progress.Brief
	Figures []BriefFigure
	Known   time.Time // up to which what was recorded counts; zero for all that is known
}

// BriefFigure is the latest figure of an indicator, beside its goal.
type BriefFigure struct {
	KPI mandate.Code // zero for an indicator of no KPI
	indicator.Definition
	Value    *decimal.Decimal // nil: nothing was measured, or it is kept back
	On       calendar.Date
	Kept     bool // a group is too small to be shown
	NoResult bool // a formula cannot be computed
}

// BriefFormats are the forms of a brief, in the order of a menu.
var BriefFormats = []Format{PDF, DOCX}

// briefSizes are how many letters of what was said stand in a cell, and how many
// rows in a list; the first that leaves one page is taken.
var briefSizes = []struct{ letters, rows int }{{260, 6}, {190, 6}, {140, 5}, {100, 4}, {70, 3}, {45, 2}}

// FileName gives a name such as fiche-ACTIRIS-A4-EL-S3.nl.pdf.
func (b Brief) FileName(f Format, p *locale.Printer) string {
	name := p.T("brief.file") + "-" + b.Sheet.Mandate.Code
	if b.Objective != nil {
		name += "-" + b.Objective.Code.String()
	}
	return safe(name+"-"+b.Sheet.AsOf.String()) + "." + string(p.Lang) + "." + string(f)
}

// Write writes the sheet in a format and a language. Made is when.
func (b Brief) Write(w io.Writer, f Format, p *locale.Printer, made time.Time) error {
	p = p.Typeset()
	d, err := b.fitted(p, made)
	switch {
	case err != nil:
	case f == DOCX:
		err = document.WriteDOCX(w, d)
	case f == PDF:
		err = document.WritePDF(w, d)
	default:
		err = fmt.Errorf("unknown format %q", f)
	}
	if err != nil {
		return fmt.Errorf("write sheet %s: %w", b.Sheet.Mandate.Code, err)
	}
	return nil
}

// fitted shortens what was said until everything stands on one page.
func (b Brief) fitted(p *locale.Printer, made time.Time) (d document.Document, err error) {
	for _, size := range briefSizes {
		d = b.page(p, made, size.letters, size.rows)
		pages, err := document.CountPages(d)
		if err != nil || pages == 1 {
			return d, err
		}
	}
	return d, nil
}

// first gives at most so many rows of a list, and its name, which says when there are more.
func first[T any](list []T, most int, p *locale.Printer, name string) ([]T, string) {
	shown := min(len(list), most)
	return list[:shown], p.Part(p.T(name), shown, len(list))
}

// Shorten cuts a text after a word, at so many letters.
func Shorten(s string, most int) string {
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	cut := string([]rune(s)[:most])
	if i := strings.LastIndexByte(cut, ' '); i > most/2 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:.-–(") + "…"
}

func (b Brief) page(p *locale.Printer, made time.Time, size, rows int) document.Document {
	m := b.Sheet.Mandate
	name, in := words(m.Title, p)
	title := p.T("brief.title") + " · " + name
	if b.Objective != nil {
		title = p.T("brief.title") + " · " + p.Code(b.Objective.Code)
	}
	d := document.Document{
		Title: title, Lang: p.Lang, Author: m.Institution.Name.In(p.Lang), Created: made, Running: title,
		Footer: m.Code + " · " + p.T("export.as_of") + " " + dayKnown(p, b.Sheet.AsOf, b.Known), Words: formatWords(p),
	}
	heading := document.Part{Text: name, Lang: in}
	if b.Objective != nil {
		heading = part(b.Objective.Title, p, true)
		heading.Text = Shorten(heading.Text, 120)
		heading.Label = strings.TrimSpace(p.Code(b.Objective.Code) + " · " + heading.Label)
	}
	d.Blocks = append(d.Blocks, document.Heading{Level: 1, Text: heading}, document.Paragraph{Text: document.Part{Text: b.who(p)}}, b.lines(p, size))
	if len(b.Asks) > 0 {
		d.Blocks = append(d.Blocks, b.asks(p, size, rows))
	}
	if len(b.Next) > 0 {
		d.Blocks = append(d.Blocks, b.next(p, rows))
	}
	if len(b.Figures) > 0 {
		d.Blocks = append(d.Blocks, b.figures(p, rows))
	}
	return d
}

// who says whose mandate it is, and how much was reported.
func (b Brief) who(p *locale.Printer) string {
	m := b.Sheet.Mandate
	holder := m.Holder.Name
	switch {
	case holder == "":
		holder = p.T("export.vacant")
	case m.Holder.Interim:
		holder = p.T("export.interim", "Name", holder)
	}
	reported, owed := 0, 0
	for _, l := range b.Lines {
		reported, owed = reported+l.Reported, owed+l.Owed
	}
	institution, _ := words(m.Institution.Name, p)
	parts := []string{holder, institution, p.HalfYear(b.Period), p.T("export.reported_of", "Reported", reported, "Owed", owed), p.T("export.as_of") + " " + dayKnown(p, b.Sheet.AsOf, b.Known)}
	if b.Objective != nil {
		name, _ := words(m.Title, p)
		parts = append([]string{name}, parts...)
	}
	return strings.Join(parts, " · ")
}

func (b Brief) lines(p *locale.Printer, size int) document.Table {
	first := p.T("brief.objective")
	if b.Objective != nil {
		first = p.T("brief.target")
	}
	t := document.Table{Columns: []document.Column{
		{Title: p.T("export.code"), Width: 16}, {Title: first, Width: 58}, {Title: p.T("brief.status"), Width: 38}, {Title: p.T("brief.reported"), Width: 22}, {Title: p.T("brief.achieved"), Width: 80}, {Title: p.T("brief.blocked"), Width: 62},
	}}
	for _, l := range b.Lines {
		text := part(l.Text, p, true)
		text.Text = Shorten(text.Text, min(size, 110))
		status := document.Plain("–")
		if l.Status != "" {
			status = statusCell(l.Status, p)
		}
		t.Rows = append(t.Rows, []document.Cell{
			document.Plain(p.Code(l.Code)),
			{Parts: []document.Part{text}},
			status, document.Plain(strconv.Itoa(l.Reported) + "/" + strconv.Itoa(l.Owed)),
			briefCell(l.Achieved, b.Objective == nil, p, size), briefCell(l.Blocked, b.Objective == nil, p, size*3/4),
		})
	}
	return t
}

func briefCell(s *progress.BriefSaid, named bool, p *locale.Printer, size int) document.Cell {
	if s == nil {
		return document.Plain("–")
	}
	one := document.Part{Text: Shorten(s.Text, size)}
	if s.Lang != p.Lang {
		one.Lang = s.Lang
	}
	if named {
		one.Label = p.Code(s.Target)
	}
	return document.Cell{Parts: []document.Part{one}}
}

func (b Brief) asks(p *locale.Printer, size, rows int) document.Table {
	asks, title := first(b.Asks, rows, p, "brief.ask")
	t := document.Table{Columns: []document.Column{
		{Title: p.T("export.code"), Width: 16}, {Title: title, Width: 150}, {Title: p.T("brief.of"), Width: 72}, {Title: p.T("brief.by"), Width: 36},
	}}
	for _, a := range asks {
		t.Rows = append(t.Rows, []document.Cell{
			document.Plain(p.Code(a.Target)), briefCell(&a.BriefSaid, false, p, min(size, 140)), briefCell(&progress.BriefSaid{Text: a.Of, Lang: a.Lang}, false, p, 60), {Date: a.By, Parts: []document.Part{{Text: p.Date(a.By)}}},
		})
	}
	return t
}

func (b Brief) next(p *locale.Printer, rows int) document.Table {
	next, title := first(b.Next, rows, p, "brief.next")
	t := document.Table{Columns: []document.Column{
		{Title: p.T("export.code"), Width: 16}, {Title: title, Width: 186}, {Title: p.T("brief.due"), Width: 36}, {Title: p.T("brief.state"), Width: 36},
	}}
	for _, n := range next {
		text, in := words(n.Target.Text, p)
		t.Rows = append(t.Rows, []document.Cell{
			document.Plain(p.Code(n.Target.Code)),
			{Parts: []document.Part{{Text: Shorten(text, 110), Lang: in}}},
			{Date: n.Due, Parts: []document.Part{{Text: p.Date(n.Due)}}},
			document.Plain(p.T("duty.state." + string(n.State))),
		})
	}
	return t
}

func (b Brief) figures(p *locale.Printer, rows int) document.Table {
	figures, title := first(b.Figures, rows, p, "brief.figure")
	t := document.Table{Columns: []document.Column{
		{Title: p.T("export.code"), Width: 16}, {Title: title, Width: 130}, {Title: p.T("brief.value"), Width: 54}, {Title: p.T("brief.goal"), Width: 74},
	}}
	coded := false // most indicators measure no KPI of the letter, and have no code of it
	for _, f := range figures {
		code := "–"
		if f.KPI.Objective > 0 {
			code, coded = p.Code(f.KPI), true
		}
		name, in := words(f.Name, p)
		t.Rows = append(t.Rows, []document.Cell{
			document.Plain(code), {Parts: []document.Part{{Text: Shorten(name, 90), Lang: in}}}, document.Plain(f.Figure(p)), document.Plain(f.Aim(p)),
		})
	}
	if coded {
		return t
	}
	t.Columns = t.Columns[1:]
	for i := range t.Rows {
		t.Rows[i] = t.Rows[i][1:]
	}
	return t
}

// Figure prints the latest figure with its day, or says why there is none.
func (f BriefFigure) Figure(p *locale.Printer) string {
	switch {
	case f.Value == nil && f.Kept:
		return p.T("indicator.hidden")
	case f.NoResult:
		return p.T("indicator.no_result")
	case f.Value == nil:
		return p.T("indicator.nothing")
	}
	return p.Figure(*f.Value, f.Decimals, f.Unit) + " (" + p.Date(f.On) + ")"
}

// Aim prints the goal with its day, as the page of the indicator does.
func (f BriefFigure) Aim(p *locale.Printer) string { return cmp.Or(p.Goal(f.Definition), "–") }
