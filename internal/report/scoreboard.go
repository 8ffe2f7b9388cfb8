package report

import (
	"fmt"
	"io"
	"strings"
	"time"

	"jalon/internal/calendar"
	"jalon/internal/document"
	"jalon/internal/indicator"
	"jalon/internal/locale"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/scoreboard"
)

// Scoreboard is a board of indicators of a body, as a document: its rows, each
// with a chart, the measures, and who looked at it. Figures of groups that are too small are not in it.
type Scoreboard struct {
	Board       scoreboard.Board
	Body        monitoring.Body
	Institution mandate.Institution
	AsOf        calendar.Date
	Known       time.Time // up to which what was recorded counts; zero for all that is known
	Part        bool      // of the indicators: those that the reader sees
}

// ScoreboardFormats are the forms of a scoreboard, in the order of a menu.
var ScoreboardFormats = []Format{PDF, DOCX, XLSX}

// FileName gives a name such as scorebord-ACTIRIS-SDC-S1-1-2026-11-24.nl.pdf.
func (s Scoreboard) FileName(f Format, p *locale.Printer) string {
	return strings.Join([]string{p.T("scoreboard.file"), safe(s.Institution.Code), safe(s.Body.Code), safe(s.Board.Code), s.AsOf.String()}, "-") + "." + string(p.Lang) + "." + string(f)
}

// Write writes the board in a format and a language. Made is when.
func (s Scoreboard) Write(w io.Writer, f Format, p *locale.Printer, made time.Time) error {
	p = p.Typeset()
	var err error
	switch f {
	case XLSX:
		err = document.WriteXLSX(w, s.sheets(p, made))
	case DOCX:
		err = document.WriteDOCX(w, s.pages(p, made))
	case PDF:
		err = document.WritePDF(w, s.pages(p, made))
	default:
		err = fmt.Errorf("unknown format %q", f)
	}
	if err != nil {
		return fmt.Errorf("write scoreboard %s: %w", s.Board.Code, err)
	}
	return nil
}

func (s Scoreboard) frame(p *locale.Printer, made time.Time) document.Document {
	name, _ := words(s.Board.Name, p)
	body, _ := words(s.Body.Name, p)
	return document.Document{
		Title: name + " – " + body, Lang: p.Lang, Author: s.Institution.Name.In(p.Lang), Created: made, Running: name + " · " + body,
		Footer: s.Institution.Code + "-" + s.Body.Code + " " + s.Board.Code + " · " + p.T("export.as_of") + " " + dayKnown(p, s.AsOf, s.Known), Words: formatWords(p),
	}
}

func (s Scoreboard) facts(p *locale.Printer) document.Facts {
	h := s.Board.Headlines(s.AsOf)
	list := document.Facts{
		{Name: p.T("scoreboard.body"), Value: part(s.Body.Name, p, true)},
		{Name: p.T("export.institution"), Value: part(s.Institution.Name, p, true)},
		{Name: p.T("export.as_of"), Value: document.Part{Text: dayKnown(p, s.AsOf, s.Known)}},
		{Name: p.T("scoreboard.title"), Value: document.Part{Text: p.N("scoreboard.count.all", h.All)}},
	}
	for _, fact := range []struct {
		key string
		n   int
	}{{"unanswered", h.Unanswered}, {"off_path", h.OffPath}, {"overdue", h.Overdue}, {"on_path", h.OnPath}, {"no_path", h.NoPath}} {
		of := h.All
		if fact.key == "overdue" {
			of = h.Measures
		}
		list = append(list, document.Fact{Name: p.T("scoreboard.fact." + fact.key), Value: document.Part{Text: p.T("scoreboard.n_of", "Count", fact.n, "Of", of)}})
	}
	if last := s.Board.LastCheck(); last != nil {
		list = append(list, document.Fact{Name: p.T("scoreboard.last_check"), Value: document.Part{Text: p.Date(last.On) + " · " + last.By}})
	}
	return list
}

func verdictCell(st indicator.Standing, p *locale.Printer) document.Cell {
	switch st.Verdict {
	case indicator.OnPath:
		return document.Marked(document.Tick, p.T("indicator.on_path"))
	case indicator.OffPath:
		return document.Marked(document.Triangle, p.T("indicator.off_path"))
	}
	return document.Cell{Parts: []document.Part{{Text: p.T("indicator.no_path"), Quiet: true}}}
}

func indicatorTrendCell(t indicator.Trend, p *locale.Printer) document.Cell {
	marks := map[indicator.Trend]document.Mark{indicator.Better: document.Up, indicator.Worse: document.Down, indicator.Same: document.Same}
	if mark, known := marks[t]; known {
		return document.Marked(mark, p.T("indicator.trend."+string(t)))
	}
	return document.Cell{Parts: []document.Part{{Text: p.T("trend.none"), Quiet: true}}}
}

// lastCell is the last figure with its day, or why there is none. Its number is there for a workbook.
func lastCell(r scoreboard.Row, p *locale.Printer, withDay bool) document.Cell {
	st := r.Standing
	switch {
	case r.Series.Origin == indicator.InParts:
		return document.Cell{Parts: []document.Part{{Text: p.T("indicator.in_parts"), Quiet: true}}}
	case st.Last == nil && st.Kept:
		return document.Cell{Parts: []document.Part{{Text: p.T("indicator.hidden"), Quiet: true}}}
	case st.Achieved.Reason == indicator.NoResult:
		return document.Cell{Parts: []document.Part{{Text: p.T("indicator.no_result"), Quiet: true}}}
	case st.Last == nil:
		return document.Cell{Parts: []document.Part{{Text: p.T("indicator.nothing"), Quiet: true}}}
	}
	value := st.Last.Value
	if !withDay {
		return document.Cell{Parts: []document.Part{{Text: p.Fixed(value, r.Series.Decimals)}}, Number: &value}
	}
	return document.Cell{Parts: []document.Part{{Text: p.Figure(value, r.Series.Decimals, r.Series.Unit)}, {Text: p.Date(st.Last.On), Quiet: true}}}
}

func nameCell(r scoreboard.Row, p *locale.Printer) document.Cell {
	name := part(r.Series.Name, p, true)
	name.Label = strings.TrimSpace(r.Series.Code + " " + name.Label)
	of := part(r.Mandate.Title, p, true)
	of.Quiet = true
	return document.Cell{Parts: []document.Part{name, of}}
}

func goalText(r scoreboard.Row, p *locale.Printer) string {
	if goal := p.Goal(r.Series.Definition); goal != "" {
		return goal
	}
	return p.T("indicator.no_goal")
}

// notesCell has the latest remark, the measures that run, and the headline of a row without one.
func (s Scoreboard) notesCell(r scoreboard.Row, p *locale.Printer) (cell document.Cell) {
	if remark := r.Remark(); remark != nil {
		cell.Parts = append(cell.Parts, document.Part{Text: remark.Text, Lang: remark.Lang})
	}
	for _, m := range r.Open(s.AsOf) {
		label := p.T("measure.state."+string(m.State(s.AsOf))) + " · " + p.T("measure.owner_due", "Owner", p.MeasureOwner(m), "Date", p.Date(m.Due()))
		cell.Parts = append(cell.Parts, document.Part{Label: label, Text: m.Action, Lang: m.Lang})
	}
	if r.Unanswered() {
		cell.Parts = append(cell.Parts, document.Part{Label: p.T("scoreboard.unanswered")})
	}
	return cell
}

func (s Scoreboard) pages(p *locale.Printer, made time.Time) document.Document {
	d := s.frame(p, made)
	add := func(b ...document.Block) { d.Blocks = append(d.Blocks, b...) }
	add(document.Heading{Level: 1, Text: part(s.Board.Name, p, true)}, s.facts(p))
	if s.Part {
		add(document.Paragraph{Text: document.Part{Text: p.T("scoreboard.part")}})
	}
	if bar, ok := p.StatusBar(s.Board.Headlines(s.AsOf)); ok {
		add(document.Figure{Chart: &bar, Alt: bar.Title + ". " + bar.Alt, Width: 160}, document.Paragraph{Text: document.Part{Text: bar.Alt, Quiet: true}})
	}
	t := document.Table{Name: p.T("scoreboard.title"), Columns: []document.Column{
		{Title: p.T("indicator.one"), Width: 66},
		{Title: p.T("indicator.last"), Width: 30},
		{Title: p.T("indicator.goal"), Width: 36},
		{Title: p.T("indicator.path"), Width: 30},
		{Title: p.T("indicator.trend"), Width: 22},
		{Title: p.T("scoreboard.said"), Width: 80},
	}}
	for _, r := range s.Board.Rows {
		t.Rows = append(t.Rows, []document.Cell{
			nameCell(r, p), lastCell(r, p, true), document.Plain(goalText(r, p)), verdictCell(r.Standing, p), indicatorTrendCell(r.Standing.Trend, p), s.notesCell(r, p),
		})
	}
	add(document.Heading{Level: 2, Text: document.Part{Text: p.N("scoreboard.rows", len(t.Rows))}}, t)
	for _, r := range s.Board.Rows {
		if d, ok := p.Chart(r.Series, r.Standing); ok {
			add(document.Heading{Level: 2, Text: document.Part{Label: r.Series.Code, Text: p.InLanguage(r.Series.Name)}},
				document.Figure{Chart: &d, Alt: d.Title + ". " + d.Alt, Width: 150}, document.Paragraph{Text: document.Part{Text: d.Alt, Quiet: true}})
		}
	}
	if measures := s.measures(p); len(measures.Rows) > 0 {
		add(document.Heading{Level: 2, Text: document.Part{Text: p.T("scoreboard.measures")}}, measures)
	}
	if checks := s.checks(p); len(checks.Rows) > 0 {
		add(document.Heading{Level: 2, Text: document.Part{Text: p.T("scoreboard.checks")}}, checks)
	}
	return d
}

// measures lists every measure of the rows, with what became of it.
func (s Scoreboard) measures(p *locale.Printer) document.Table {
	t := document.Table{Name: p.T("scoreboard.measures"), Columns: []document.Column{
		{Title: p.T("indicator.one"), Width: 24},
		{Title: p.T("measure.state"), Width: 28},
		{Title: p.T("measure.cause"), Width: 56},
		{Title: p.T("measure.action"), Width: 60},
		{Title: p.T("measure.owner"), Width: 30},
		{Title: p.T("measure.due"), Width: 22},
		{Title: p.T("measure.effect"), Width: 56},
	}}
	marks := map[scoreboard.State]document.Mark{scoreboard.Running: document.Tick, scoreboard.Overdue: document.Octagon, scoreboard.WasDone: document.Flag, scoreboard.WasGivenUp: document.Square}
	for _, r := range s.Board.Rows {
		for _, m := range r.Measures {
			state := m.State(s.AsOf)
			effect := document.Cell{}
			if m.Effect != "" {
				effect.Parts = append(effect.Parts, document.Part{Text: m.Effect, Lang: m.Lang})
			}
			for _, step := range m.Steps {
				effect.Parts = append(effect.Parts, document.Part{Label: p.T("measure.was."+string(step.Kind)) + " " + p.Date(step.On), Text: step.Text, Lang: step.Lang})
			}
			t.Rows = append(t.Rows, []document.Cell{
				document.Plain(r.Mandate.Code + " " + r.Series.Code), document.Marked(marks[state], p.T("measure.state."+string(state))),
				{Parts: []document.Part{{Text: m.Cause, Lang: m.Lang}}},
				{Parts: []document.Part{{Text: m.Action, Lang: m.Lang}}},
				document.Plain(p.MeasureOwner(m)),
				{Parts: []document.Part{{Text: p.Date(m.Due())}}, Date: m.Due()},
				effect,
			})
		}
	}
	return t
}

func (s Scoreboard) checks(p *locale.Printer) document.Table {
	t := document.Table{Name: p.T("scoreboard.checks"), Columns: []document.Column{
		{Title: p.T("scoreboard.checked_on"), Width: 24}, {Title: p.T("scoreboard.checked_by"), Width: 60}, {Title: p.T("scoreboard.conclusion"), Width: 180},
	}}
	for _, c := range s.Board.Checks {
		by := p.T("scoreboard.by_body")
		if c.Mandate != "" {
			by = p.T("scoreboard.by_holder", "Mandate", c.Mandate)
		}
		t.Rows = append(t.Rows, []document.Cell{
			{Parts: []document.Part{{Text: p.Date(c.On)}}, Date: c.On}, {Parts: []document.Part{{Text: c.By}, {Text: by, Quiet: true}}}, {Parts: []document.Part{{Text: c.Text, Lang: c.Lang}}},
		})
	}
	return t
}

// sheets has the rows, every figure behind the charts, the measures and the checks.
func (s Scoreboard) sheets(p *locale.Printer, made time.Time) document.Document {
	d := s.frame(p, made)
	rows := document.Table{Name: p.T("scoreboard.title"), Columns: []document.Column{
		{Title: p.T("export.mandate"), Width: 24},
		{Title: p.T("indicator.code"), Width: 12},
		{Title: p.T("indicator.one"), Width: 44},
		{Title: p.T("indicator.last"), Width: 16},
		{Title: p.T("scoreboard.unit"), Width: 14},
		{Title: p.T("indicator.date"), Width: 12},
		{Title: p.T("indicator.goal"), Width: 30},
		{Title: p.T("indicator.path"), Width: 18},
		{Title: p.T("indicator.trend"), Width: 14},
		{Title: p.T("scoreboard.said"), Width: 60},
	}}
	figures := document.Table{Name: p.T("scoreboard.figures"), Columns: []document.Column{
		{Title: p.T("export.mandate"), Width: 24}, {Title: p.T("indicator.code"), Width: 12}, {Title: p.T("indicator.date"), Width: 12}, {Title: p.T("indicator.value"), Width: 16}, {Title: p.T("indicator.path_value"), Width: 16},
	}}
	for _, r := range s.Board.Rows {
		day := document.Cell{}
		if last := r.Standing.Last; last != nil {
			day = document.Cell{Parts: []document.Part{{Text: p.Date(last.On)}}, Date: last.On}
		}
		rows.Rows = append(rows.Rows, []document.Cell{
			document.Plain(r.Mandate.Code), document.Plain(r.Series.Code),
			{Parts: []document.Part{part(r.Series.Name, p, false)}},
			lastCell(r, p, false),
			{Parts: []document.Part{{Text: p.InLanguage(r.Series.Unit)}}},
			day, document.Plain(goalText(r, p)), verdictCell(r.Standing, p), indicatorTrendCell(r.Standing.Trend, p), s.notesCell(r, p),
		})
		for _, point := range r.Series.Points {
			figures.Rows = append(figures.Rows, figureRow(r, point, p))
		}
	}
	d.Blocks = []document.Block{document.Heading{Level: 1, Text: part(s.Board.Name, p, true)}, rows, figures, s.measures(p), s.checks(p), s.facts(p)}
	return d
}

// figureRow is one figure; one that is kept back says so and has no number.
func figureRow(r scoreboard.Row, point indicator.Point, p *locale.Printer) []document.Cell {
	value := document.Cell{Parts: []document.Part{{Text: p.T("indicator.hidden"), Quiet: true}}}
	if !point.Hidden {
		n := point.Value
		value = document.Cell{Parts: []document.Part{{Text: p.Fixed(n, r.Series.Decimals)}}, Number: &n}
	}
	path := document.Cell{}
	if at, ok := r.Series.Path(point.On); ok {
		n := at.Value.Round(int32(max(r.Series.Decimals, 1)))
		path = document.Cell{Parts: []document.Part{{Text: p.Number(n)}}, Number: &n}
	}
	return []document.Cell{
		document.Plain(r.Mandate.Code), document.Plain(r.Series.Code), {Parts: []document.Part{{Text: p.Date(point.On)}}, Date: point.On}, value, path,
	}
}
