package report

import (
	"strconv"
	"strings"
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/document"
	"jalon/internal/locale"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
)

// pages gives the table as it is read on paper: facts, how many rows stand
// where, one table for each objective, and the seal.
func (m Monitoring) pages(p *locale.Printer, made time.Time) (document.Document, error) {
	d, err := m.frame(p, made)
	if err != nil {
		return d, err
	}
	add := func(b ...document.Block) { d.Blocks = append(d.Blocks, b...) }
	add(document.Heading{Level: 1, Text: document.Part{Text: m.title(p)}})
	if m.ownSeal() == nil {
		_, _, sentence := m.unsealed(p)
		add(document.Paragraph{Text: document.Part{Text: sentence}, Mark: document.Triangle})
	}
	add(m.facts(p), m.overview(p))
	if m.hasWorking(p.Lang) {
		add(asides("export.working_note", p)...)
	}
	add(m.questions(p)...)
	add(m.objectives(2, p)...)
	add(m.errata(2, p)...)
	add(m.seal(p)...)
	return d, nil
}

// objectives gives a heading and a table for each objective.
func (m Monitoring) objectives(level int, p *locale.Printer) (blocks []document.Block) {
	rows := m.Table.Rows
	for start := 0; start < len(rows); {
		end := start
		objective := rows[start].Code.Parent().Parent()
		for end < len(rows) && rows[end].Code.Parent().Parent() == objective {
			end++
		}
		title := part(rows[start].Objective, p, true)
		title.Label = strings.TrimSpace(p.Code(objective) + " · " + title.Label)
		blocks = append(blocks, heading(level, title, rows[start].Objective, p)...)
		blocks = append(blocks, m.pageTable(rows[start:end], p))
		start = end
	}
	return blocks
}

// overview counts the rows per status, calmest first as on a form.
func (m Monitoring) overview(p *locale.Printer) document.List {
	counts, _, _ := m.Table.Counts()
	list := document.List{Inline: true}
	for _, s := range append(append([]progress.Status{}, progress.Entered...), progress.Late, progress.NotReported, progress.NotExpected) {
		if n := counts[s]; n > 0 {
			list.Items = append(list.Items, document.Marked(marks[s], strconv.Itoa(n)+" "+inBoth(p, func(p *locale.Printer) string { return p.Status(s) })))
		}
	}
	return list
}

// hasWorking tells whether any text is shown in a translation without standing.
func (m Monitoring) hasWorking(lang bilingual.Lang) bool {
	t := m.Table
	texts := []bilingual.Text{t.Mandate.Title, t.Institution.Name, t.Body.Name}
	for _, r := range t.Rows {
		texts = append(texts, r.Objective, r.Point, r.Target, r.Deadline.Text)
	}
	for _, text := range texts {
		if text.In(lang) != "" && text.State(lang) == bilingual.Working {
			return true
		}
	}
	return false
}

func (m Monitoring) pageTable(rows []monitoring.Row, p *locale.Printer) document.Table {
	then := titled("export.then", p)
	if m.Table.Previous != nil {
		then = titled("export.then_in", p, "Period", m.Table.Previous.Period)
	}
	t := document.Table{Columns: []document.Column{
		{Title: titled("export.code", p), Width: 16},
		{Title: titled("export.point_target", p), Width: 76},
		{Title: titled("export.deadline", p), Width: 37},
		{Title: then, Width: 33},
		{Title: titled("export.now_in", p, "Period", m.Table.Period), Width: 33},
		{Title: titled("export.trend", p), Width: 24},
		{Title: titled("export.story", p), Width: 68},
	}}
	for i, r := range rows {
		wording := document.Cell{Parts: parts(r.Target, p, true)}
		if i == 0 || rows[i-1].Code.Parent() != r.Code.Parent() {
			points := parts(r.Point, p, true)
			for i := range points {
				points[i].Quiet = true
			}
			wording.Parts = append(points, wording.Parts...)
		}
		t.Rows = append(t.Rows, []document.Cell{
			rowCode(r, p), nonempty(wording), deadlineCell(r, p),
			statusCell(r.Then.Status, p), statusCell(r.Now.Status, p), trendCell(r.Trend, p), story(r, p),
		})
	}
	return t
}

// nonempty leaves out parts without words.
func nonempty(c document.Cell) document.Cell {
	parts := c.Parts[:0:0]
	for _, part := range c.Parts {
		if part.Text != "" {
			parts = append(parts, part)
		}
	}
	c.Parts = parts
	return c
}

// deadlineCell shows the words of the letter, how they were read, and what was missed.
func deadlineCell(r monitoring.Row, p *locale.Printer) document.Cell {
	d := r.Deadline
	c := document.Cell{Parts: parts(d.Text, p, true)}
	if reading, in := words(d.Words, p); reading != "" {
		c.Parts = append(c.Parts, document.Part{Label: p.T("export.read"), Text: reading, Lang: in, Quiet: true})
		if p.Beside != nil && in == "" && d.Words.In(p.Beside.Lang) != "" {
			c.Parts = append(c.Parts, document.Part{Label: p.Beside.T("export.read"), Text: d.Words.In(p.Beside.Lang), Lang: p.Beside.Lang, Quiet: true})
		}
	}
	if !d.Confirmed {
		c.Parts = append(c.Parts, document.Part{Text: aside("export.unconfirmed", p), Quiet: true})
	}
	if missed := missed(r, p); missed != "" {
		c.Parts = append(c.Parts, document.Part{Label: p.T("export.label", "Label", aside("export.missed", p)), Text: missed})
	}
	return nonempty(c)
}

func missed(r monitoring.Row, p *locale.Printer) string {
	dates := make([]string, len(r.Missed))
	for i, d := range r.Missed {
		dates[i] = p.Date(d.Due)
	}
	return strings.Join(dates, ", ")
}

// story tells what was reported, by whom and with which evidence, and what the body said.
func story(r monitoring.Row, p *locale.Printer) document.Cell {
	c := reported(r.Now, p)
	if proofs := evidenceOf(r, p); proofs != "" {
		c.Parts = append(c.Parts, document.Part{Label: p.T("export.label", "Label", aside("export.evidence", p)), Text: proofs, Quiet: true})
	}
	for _, d := range r.Decisions {
		c.Parts = append(c.Parts, decision(d, p)...)
	}
	return nonempty(c)
}

// statusSaid is the word of the status that somebody entered.
func statusSaid(s progress.Status, p *locale.Printer) string {
	if !p.Labels {
		return p.Status(s)
	}
	return inBoth(p, func(p *locale.Printer) string { return p.Status(s) })
}

func reported(now monitoring.Cell, p *locale.Printer) document.Cell {
	e := now.Entry
	if e == nil {
		return document.Cell{Parts: []document.Part{{Text: aside("export.no_entry", p), Quiet: true}}}
	}
	lang := e.Lang
	if lang == p.Lang {
		lang = ""
	}
	var c document.Cell
	add := func(key, text string) {
		label := ""
		if key != "" {
			label = p.T("export.label", "Label", aside(key, p))
		}
		c.Parts = append(c.Parts, document.Part{Label: label, Text: text, Lang: lang})
	}
	add("", e.Achieved)
	if e.OutsideControl {
		add("export.obstacles_outside", e.Obstacles)
	} else {
		add("export.obstacles", e.Obstacles)
	}
	add("export.next_steps", e.NextSteps)
	support := e.SupportAsked
	if of := strings.Trim(e.SupportOf+", "+p.Date(e.SupportBy), ", "); of != "" {
		support = strings.TrimSpace(support + " → " + of)
	}
	add("export.support", support)
	add("export.why", e.Reason)
	if said := now.Said(); said != "" {
		c.Parts = append(c.Parts, document.Part{Label: p.T("export.label", "Label", aside("export.said", p)), Text: statusSaid(said, p)})
	}
	if e.Percentage != nil {
		c.Parts = append(c.Parts, document.Part{Label: p.T("export.label", "Label", aside("export.percentage", p)), Text: p.Percent(*e.Percentage)})
	}
	if e.Value != nil {
		c.Parts = append(c.Parts, document.Part{Label: p.T("export.label", "Label", aside("export.value", p)), Text: p.Number(*e.Value)})
	}
	add("export.correction", e.CorrectionReason)
	key := "export.source"
	if e.OnBehalfOf != "" {
		key = "export.source_behalf"
	}
	c.Parts = append(c.Parts, document.Part{
		Text:  p.T(key, "AsOf", p.Date(e.AsOf), "When", p.DateTime(e.RecordedAt), "By", e.Author, "Behalf", e.OnBehalfOf),
		Quiet: true,
	})
	return c
}
