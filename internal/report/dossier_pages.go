package report

import (
	"fmt"
	"strconv"

	"jalon/internal/document"
	"jalon/internal/evaluation"
	"jalon/internal/mandate"
)

// chapters fill the contents, by code; one without anything says so.
var chapters = map[string]func(d dossier, number int) []document.Block{
	"objectives": dossier.objectives, "line": dossier.lines, evaluation.ChapterTargets: dossier.targets, "outside": dossier.outside,
	"indicators": dossier.indicators, "tables": dossier.tables, "report": dossier.report, "opinions": dossier.opinions,
	"sources": dossier.list, evaluation.ChapterUntranslated: dossier.untranslated,
}

// pages gives the dossier as it is read from front to back.
func (d dossier) pages() document.Document {
	doc := d.frame()
	add := func(b ...document.Block) { doc.Blocks = append(doc.Blocks, b...) }
	add(d.cover()...)
	add(document.PageBreak{}, document.Contents{Title: d.p.T("dossier.contents")}, document.PageBreak{})
	for i, c := range d.Chapters {
		if c.Code == evaluation.ChapterUntranslated {
			add(document.PageBreak{}) // the last page
		}
		add(d.heading(2, strconv.Itoa(i+1), d.chapterTitle(c)))
		blocks := chapters[c.Code](d, i+1)
		if len(blocks) == 0 {
			blocks = []document.Block{note(d.p.T("dossier.nothing"))}
		}
		add(blocks...)
	}
	return doc
}

// chapterTitle is the title that an institution gave a chapter, or the usual one.
func (d dossier) chapterTitle(c evaluation.Chapter) string {
	if title, _ := words(c.Title, d.p); title != "" {
		return title
	}
	return d.p.T("dossier.chapter." + c.Code)
}

// objectives gives the letter as it was fixed, and every amendment.
func (d dossier) objectives(number int) (blocks []document.Block) {
	r, p := d.Record, d.p
	letter := d.source(evaluation.FromLetter, r.Mandate.ID)
	fixed := document.Part{Text: p.T("dossier.fixed_on", "Date", p.Date(r.FixedOn)), Quiet: true, Sources: known([]int{letter})}
	blocks = append(blocks, document.Paragraph{Text: fixed})
	for i, o := range r.Fixed.Objectives {
		title := d.text(o.Title)
		title.Label = fmt.Sprintf("%d.%d %s", number, i+1, p.Code(o.Code)) + " · " + title.Label
		blocks = append(blocks, document.Heading{Level: 3, Text: title})
		goals := document.List{}
		for _, g := range o.Goals {
			goals.Items = append(goals.Items, cells(d.text(g, letter)))
		}
		if len(goals.Items) > 0 {
			blocks = append(blocks, goals)
		}
		blocks = append(blocks, d.fixed(o, letter))
	}
	number3 := fmt.Sprintf("%d.%d", number, len(r.Fixed.Objectives)+1)
	blocks = append(blocks, d.heading(3, number3, p.T("dossier.amendments")))
	if len(r.Amendments) == 0 {
		return append(blocks, note(p.T("dossier.no_amendments")))
	}
	return append(blocks, d.amendments())
}

// fixed lists what an objective was measured by, with deadlines as written.
func (d dossier) fixed(o mandate.Objective, letter int) document.Table {
	t := document.Table{Columns: []document.Column{
		{Title: d.p.T("export.code"), Width: 17}, {Title: d.p.T("export.point_target"), Width: 103}, {Title: d.p.T("export.deadline"), Width: 50},
	}}
	for _, point := range o.Points {
		t.Rows = append(t.Rows, []document.Cell{document.Plain(d.p.Code(point.Code)), cells(d.text(point.Text)), {}})
		for _, g := range point.Targets {
			t.Rows = append(t.Rows, []document.Cell{document.Plain(d.p.Code(g.Code)), cells(d.text(g.Text, letter)), cells(d.text(g.Deadline.Text, letter))})
		}
	}
	for _, k := range o.KPIs {
		t.Rows = append(t.Rows, []document.Cell{document.Plain(d.p.Code(k.Code)), cells(d.text(k.Text, letter)), {}})
	}
	return t
}

// lines gives the standing of every target at the end of each half-year, a few half-years beside each other.
func (d dossier) lines(int) (blocks []document.Block) {
	const across = 4 // so that a status and its number fit on a line
	blocks = append(blocks, note(d.p.T("dossier.line_note", "Date", d.p.Date(d.Record.AsOf))))
	all := len(d.Record.Halves)
	for tables, first := (all+across-1)/across, 0; first < all; tables-- {
		last := first + (all-first+tables-1)/tables // about as many in each
		blocks, first = append(blocks, d.lineTable(first, last)), last
	}
	return blocks
}

// targets gives everything about each target, below its objective.
func (d dossier) targets(number int) (blocks []document.Block) {
	for i, o := range d.Record.Mandate.Objectives {
		title := d.text(o.Title)
		title.Label = fmt.Sprintf("%d.%d %s", number, i+1, d.p.Code(o.Code)) + " · " + title.Label
		blocks = append(blocks, document.Heading{Level: 3, Text: title})
		for _, t := range o.Targets() {
			if one := d.Record.Find(t.Code); one != nil {
				blocks = append(blocks, d.target(o, *one)...)
			}
		}
		if len(o.Targets()) == 0 {
			blocks = append(blocks, note(d.p.T("dossier.no_targets")))
		}
	}
	return blocks
}

// target is one target: facts, duties, what was reported, evidence, what bodies said.
func (d dossier) target(o mandate.Objective, t evaluation.TargetRecord) []document.Block {
	p := d.p
	blocks := []document.Block{document.Heading{Level: 4, Text: document.Part{Text: p.Code(t.Target.Code)}}, d.targetFacts(o, t)}
	one := []evaluation.TargetRecord{t}
	add := func(key string, t document.Table) {
		if len(t.Rows) > 0 {
			t.Caption, t.Columns = p.T(key), t.Columns[1:] // its code stands above
			for i := range t.Rows {
				t.Rows[i] = t.Rows[i][1:]
			}
			blocks = append(blocks, t)
		}
	}
	add("dossier.duties", d.dutyTable(one))
	add("dossier.history", d.entryTable(one))
	if len(t.Entries) == 0 {
		blocks = append(blocks, note(p.T("dossier.silent")))
	}
	add("export.evidence", d.evidenceTable(one))
	add("export.decisions", d.decisionTable(one))
	return blocks
}

func (d dossier) targetFacts(o mandate.Objective, t evaluation.TargetRecord) document.Facts {
	p, g := d.p, t.Target
	letter := append([]int{d.source(evaluation.FromLetter, d.Record.Mandate.ID)}, d.amending(g.Code)...)
	rule := d.source(evaluation.FromRule, g.ID)
	var facts document.Facts
	add := func(key string, value document.Part) {
		if value.Text != "" {
			facts = append(facts, document.Fact{Name: p.T(key), Value: value})
		}
	}
	for _, point := range o.Points {
		if point.Code == g.Code.Parent() {
			add("export.point", d.text(point.Text))
		}
	}
	add("export.target", d.text(g.Text, letter...))
	add("export.deadline", d.text(g.Deadline.Text, letter...))
	add("export.read_as", d.reading(g.Deadline, rule))
	kept, missed := t.Kept()
	add("dossier.duties_kept", document.Part{Text: p.T("dossier.kept_missed", "Kept", kept, "Missed", missed, "All", len(t.Duties)), Sources: known([]int{rule})})
	if b := t.Before; b != nil {
		add("dossier.before", document.Part{
			Text:    p.T("dossier.closed_before", "Status", p.Status(b.Status), "Date", p.Date(b.AsOf)),
			Sources: known([]int{d.source(evaluation.FromEntry, b.ID)}),
		})
	}
	for _, s := range t.Line {
		source := rule
		if s.EntryID != 0 {
			source = d.source(evaluation.FromEntry, s.EntryID)
		}
		add2 := document.Fact{Name: s.Period.String(), Value: document.Part{Text: p.Status(s.Status), Sources: known([]int{source})}}
		facts = append(facts, add2)
	}
	return facts
}

// reading gives how the deadline was read, and whether somebody agreed.
func (d dossier) reading(read mandate.Deadline, source int) document.Part {
	text := read.Reading.Render(d.p.Lang)
	if text == "" {
		return document.Part{}
	}
	if read.Confirmed() {
		text += " · " + d.p.T("dossier.confirmed", "Name", read.ConfirmedBy, "Date", d.p.DateTime(read.ConfirmedAt))
	} else {
		text += " · " + d.p.T("export.unconfirmed")
	}
	return document.Part{Text: text, Sources: known([]int{source})}
}

// amending gives the sources of what was amended in the words of a target.
func (d dossier) amending(code mandate.Code) (sources []int) {
	for _, a := range d.Record.Amendments {
		for _, c := range a.Changes {
			if c.Name == code.String() {
				sources = append(sources, d.source(evaluation.FromAmendment, a.ID))
				break
			}
		}
	}
	return sources
}

// tables lists the sealed tables that lie in the archive.
func (d dossier) tables(int) []document.Block {
	if len(d.Record.Tables) == 0 {
		return nil
	}
	return []document.Block{note(d.p.T("dossier.tables_note")), d.tableTable()}
}

// outside lists the causes that the holder named as outside their control.
func (d dossier) outside(int) []document.Block {
	if len(d.Record.OutsideControl()) == 0 {
		return nil
	}
	return []document.Block{note(d.p.T("dossier.outside_note")), d.outsideTable()}
}

// list gives the sources, with the numbers that the text refers to.
func (d dossier) list(int) []document.Block {
	return []document.Block{note(d.p.T("dossier.sources_note")), d.sourceTable()}
}
