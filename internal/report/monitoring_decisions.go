package report

import (
	"strings"

	"jalon/internal/bilingual"
	"jalon/internal/document"
	"jalon/internal/locale"
	"jalon/internal/monitoring"
)

// What the second form of a table has beside the first: what the body said and
// asked, and the evidence.

// questions gives those that head the table, in a table of their own.
func (m Monitoring) questions(p *locale.Printer) []document.Block {
	if len(m.Table.Questions) == 0 {
		return nil
	}
	return []document.Block{document.Heading{Level: 2, Text: document.Part{Text: aside("export.questions", p)}}, m.questionTable(p)}
}

func (m Monitoring) questionTable(p *locale.Printer) document.Table {
	t := document.Table{Columns: []document.Column{
		{Title: aside("export.code", p), Width: 16},
		{Title: aside("export.question_period", p), Width: 40},
		{Title: aside("export.question", p), Width: 105},
		{Title: aside("export.question_due", p), Width: 26},
		{Title: aside("export.question_answer", p), Width: 100},
	}}
	for _, d := range m.Table.Questions {
		asked := document.Cell{Parts: []document.Part{{Text: d.Text, Lang: other(d.Lang, p)}}}
		t.Rows = append(t.Rows, []document.Cell{
			codeOf(d, p), document.Plain(p.HalfYear(d.Period)), asked, dateCell(d.Due, p), {Parts: answer(d, p)},
		})
	}
	return t
}

// codeOf is the code of the target of a question.
func codeOf(d monitoring.Decision, p *locale.Printer) document.Cell {
	if !p.Labels {
		return document.Plain(p.Code(d.Code))
	}
	return with(document.Plain(p.Code(d.Code)), p, func(p *locale.Printer) string { return p.Code(d.Code) })
}

// decision is what a body said on one row.
func decision(d monitoring.Decision, p *locale.Printer) []document.Part {
	parts := []document.Part{{Label: aside("export.decision."+string(d.Kind), p, "Date", p.Date(d.Due)), Text: d.Text, Lang: other(d.Lang, p)}}
	if d.Text == "" {
		parts = []document.Part{{Text: parts[0].Label}}
	}
	if d.Kind == monitoring.Asks {
		parts = append(parts, answer(d, p)...)
	}
	return parts
}

// answer is that of a question, or that there is none.
func answer(d monitoring.Decision, p *locale.Printer) []document.Part {
	a := d.Answer
	if a == nil {
		return []document.Part{{Text: aside("export.decision.unanswered", p), Quiet: true}}
	}
	name := a.By
	if a.OnBehalfOf != "" {
		name = p.T("entry.by_for", "Who", a.By, "Name", a.OnBehalfOf)
	}
	return []document.Part{{Label: aside("export.decision.answer", p, "Name", name, "Date", p.DateTime(a.At)), Text: a.Text, Lang: other(a.Lang, p)}}
}

// other gives the language of a text that is not that of the document.
func other(lang bilingual.Lang, p *locale.Printer) bilingual.Lang {
	if lang == p.Lang {
		return ""
	}
	return lang
}

// evidenceOf lists the files of a row with the beginning of their hashes; of
// confidential ones, that alone.
func evidenceOf(r monitoring.Row, p *locale.Printer) string {
	list := make([]string, len(r.Evidence))
	for i, f := range r.Evidence {
		name := f.Name
		if f.Confidential {
			name = aside("export.evidence_confidential", p)
		}
		list[i] = name + " (" + f.SHA256[:min(16, len(f.SHA256))] + ")"
	}
	return strings.Join(list, ", ")
}

// details are the columns of everything, as far as the form of the table has it.
func (m Monitoring) details() []column {
	if m.layout() == 1 {
		return details
	}
	return append(details[:len(details):len(details)],
		column{"export.evidence", 40, func(r monitoring.Row, p *locale.Printer) document.Cell {
			return document.Plain(fullEvidence(r, p))
		}},
		column{"export.decisions", 50, func(r monitoring.Row, p *locale.Printer) document.Cell {
			var c document.Cell
			for _, d := range r.Decisions {
				c.Parts = append(c.Parts, decision(d, p)...)
			}
			return c
		}},
		column{"export.questions", 50, func(r monitoring.Row, p *locale.Printer) document.Cell {
			var c document.Cell
			for _, d := range m.Table.Questions {
				if d.Code == r.Code {
					c.Parts = append(c.Parts, decision(d, p)...)
				}
			}
			return c
		}})
}

// fullEvidence lists the files with their whole hashes, one on a line.
func fullEvidence(r monitoring.Row, p *locale.Printer) string {
	list := make([]string, len(r.Evidence))
	for i, f := range r.Evidence {
		name := f.Name
		if f.Confidential {
			name = aside("export.evidence_confidential", p)
		}
		list[i] = name + " SHA-256 " + f.SHA256
	}
	return strings.Join(list, "\n")
}
