package report

import (
	"fmt"
	"strconv"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/document"
	"jalon/internal/duty"
	"jalon/internal/evaluation"
	"jalon/internal/monitoring"
)

// The tables of a dossier. On paper they stand below each target, without their
// first column; in the workbook each has a sheet.

func (d dossier) table(sheet string, columns ...column2) document.Table {
	t := document.Table{Name: d.p.T("dossier.sheet." + sheet)}
	for _, c := range columns {
		t.Columns = append(t.Columns, document.Column{Title: d.p.T(c.key), Width: c.width})
	}
	return t
}

type column2 struct {
	key   string
	width float64
}

func day(on calendar.Date, text string) document.Cell {
	return document.Cell{Date: on, Parts: []document.Part{{Text: text}}}
}

// dutyTable gives what was owed, and what came of it.
func (d dossier) dutyTable(targets []evaluation.TargetRecord) document.Table {
	t := d.table("duties", column2{"export.code", 10}, column2{"dossier.due", 14}, column2{"dossier.what_for", 44}, column2{"dossier.standing", 24}, column2{"dossier.answered", 54})
	for _, one := range targets {
		for _, owed := range one.Duties {
			t.Rows = append(t.Rows, []document.Cell{
				document.Plain(d.p.Code(one.Target.Code)), day(owed.Due, d.p.Date(owed.Due)),
				plain(d.reason(owed), d.source(evaluation.FromRule, one.Target.ID)), document.Marked(dutyMarks[owed.State], d.p.DutyState(owed.State)), d.closing(owed),
			})
		}
	}
	return t
}

func (d dossier) reason(owed duty.Duty) string {
	text := d.p.ReasonOf(owed)
	if owed.Event != nil {
		text += " · " + owed.Event.Title
	}
	return text
}

// dutyMarks gives each state its shape.
var dutyMarks = map[duty.State]document.Mark{
	duty.Done: document.Tick, duty.Late: document.Clock, duty.Waived: document.Dash, duty.Open: document.Dots, duty.AtRisk: document.Triangle,
	duty.NotExpected: document.Dots, duty.PastAtImport: document.Dash,
}

// closing tells what ended a duty, with its source.
func (d dossier) closing(owed duty.Duty) document.Cell {
	c := owed.Closing
	if c == nil {
		return document.Cell{}
	}
	when := d.p.T("dossier.closed_on", "Date", d.p.Date(c.On))
	if owed.State == duty.Done && !c.InTime {
		when = d.p.T("dossier.closed_late", "Date", d.p.Date(c.On))
	}
	switch {
	case c.Answer != nil:
		return cells(document.Part{Text: when, Sources: known([]int{d.source(evaluation.FromAnswer, c.Answer.ID)})}, d.said("", c.Answer.Note, c.Answer.Lang))
	case c.Waiver != nil:
		return cells(document.Part{Text: when, Sources: known([]int{d.source(evaluation.FromWaiver, c.Waiver.ID)})}, d.said("", c.Waiver.Reason, c.Waiver.Lang))
	case c.Reply != nil && owed.Ask != nil:
		return plain(when, d.source(evaluation.FromReply, owed.Ask.ID))
	}
	return plain(when, d.source(evaluation.FromEntry, c.EntryID))
}

// entryTable gives every version of what was reported, the corrected ones marked.
func (d dossier) entryTable(targets []evaluation.TargetRecord) document.Table {
	t := d.table("entries", column2{"export.code", 10}, column2{"export.entry_as_of", 16}, column2{"export.status", 34}, column2{"export.story", 70}, column2{"dossier.recorded", 30})
	for _, one := range targets {
		for _, v := range one.Entries {
			n := d.source(evaluation.FromEntry, v.ID)
			t.Rows = append(t.Rows, []document.Cell{
				document.Plain(d.p.Code(one.Target.Code)), day(v.AsOf, d.p.Date(v.AsOf)), d.status(v, n), d.story(v, n), d.author(v),
			})
		}
	}
	return t
}

func (d dossier) status(v evaluation.Version, n int) document.Cell {
	c := statusCell(v.Status, d.p)
	c.Parts[0].Sources = known([]int{n})
	return c
}

func (d dossier) story(v evaluation.Version, n int) document.Cell {
	obstacles := "export.obstacles"
	if v.OutsideControl {
		obstacles = "dossier.obstacles_outside"
	}
	c := cells(d.said("", v.Achieved, v.Lang, n), d.said(obstacles, v.Obstacles, v.Lang, n), d.said("export.next_steps", v.NextSteps, v.Lang, n),
		d.said("export.support", v.SupportAsked, v.Lang, n), d.said("export.why", v.Reason, v.Lang, n))
	add := func(key, text string) {
		if text != "" {
			c.Parts = append(c.Parts, document.Part{Label: d.p.T("export.label", "Label", d.p.T(key)), Text: text, Sources: known([]int{n})})
		}
	}
	if v.SupportOf != "" {
		add("export.support_of", v.SupportOf+", "+d.p.Date(v.SupportBy))
	}
	if v.Percentage != nil {
		add("export.percentage", d.p.Percent(*v.Percentage))
	}
	if v.Value != nil {
		add("export.value", d.p.Number(*v.Value))
	}
	add("export.correction", v.CorrectionReason)
	return c
}

func (d dossier) author(v evaluation.Version) document.Cell {
	name := v.Author
	if v.OnBehalfOf != "" {
		name = d.p.T("entry.by_for", "Who", v.Author, "Name", v.OnBehalfOf)
	}
	parts := []document.Part{{Text: name}, {Text: d.p.DateTime(v.RecordedAt), Quiet: true}}
	if v.Number > 1 {
		parts = append(parts, document.Part{Text: d.p.T("dossier.version", "Number", v.Number), Quiet: true})
	}
	if v.CorrectedBy != 0 {
		parts = append(parts, document.Part{Label: d.p.T("dossier.corrected"), Sources: known([]int{d.source(evaluation.FromEntry, v.CorrectedBy)})})
	}
	return document.Cell{Parts: parts}
}

// evidenceTable lists files and links, with where each file lies in the archive.
func (d dossier) evidenceTable(targets []evaluation.TargetRecord) document.Table {
	t := d.table("evidence", column2{"export.code", 10}, column2{"dossier.file_name", 60}, column2{"dossier.added", 32}, column2{"dossier.where", 70})
	for _, one := range targets {
		for _, e := range one.Evidence {
			code := document.Plain(d.p.Code(one.Target.Code))
			if l := e.Link; l != nil {
				t.Rows = append(t.Rows, []document.Cell{
					code, plain(l.Title, d.source(evaluation.FromLink, l.ID)), plain(l.AddedBy + "\n" + d.p.DateTime(l.AddedAt)), document.Plain(l.URL),
				})
				continue
			}
			f := e.File
			name, where := f.Name, d.files[f.ID]
			if where == "" {
				name, where = d.p.T("export.evidence_confidential"), d.p.T("dossier.not_included")
			}
			t.Rows = append(t.Rows, []document.Cell{
				code, plain(name, d.source(evaluation.FromEvidence, f.ID)), plain(f.AddedBy + "\n" + d.p.DateTime(f.AddedAt)),
				{Parts: []document.Part{{Text: where}, {Text: "SHA-256 " + f.SHA256, Quiet: true}}},
			})
		}
	}
	return t
}

// decisionTable gives what bodies said, and what was answered.
func (d dossier) decisionTable(targets []evaluation.TargetRecord) document.Table {
	t := d.table("decisions", column2{"export.code", 10}, column2{"dossier.body", 34}, column2{"dossier.said", 70}, column2{"dossier.reply", 60})
	for _, one := range targets {
		for _, b := range one.Decisions {
			n := d.source(evaluation.FromDecision, b.ID)
			said := decision(monitoring.Decision{Kind: b.Kind, Text: b.Text, Lang: b.Lang, Due: b.Due}, d.p)[:1]
			said[0].Sources = known([]int{n})
			var reply document.Cell
			if b.Kind == monitoring.Asks {
				reply.Parts = answer(b.Decision, d.p)
				reply.Parts[0].Sources = known([]int{d.source(evaluation.FromReply, b.ID)})
			}
			body, in := words(b.Body, d.p)
			t.Rows = append(t.Rows, []document.Cell{
				document.Plain(d.p.Code(one.Target.Code)),
				{Parts: []document.Part{{Text: body, Lang: in}, {Text: d.p.HalfYear(b.Period), Quiet: true}, {Text: d.p.DateTime(b.At) + ", " + b.By, Quiet: true}}},
				{Parts: said},
				reply,
			})
		}
	}
	return t
}

// lineTable gives the standings of some half-years, beside each other.
func (d dossier) lineTable(first, last int) document.Table {
	t := d.table("line", column2{"export.code", 14})
	t.Name = ""
	for _, h := range d.Record.Halves[first:last] {
		t.Columns = append(t.Columns, document.Column{Title: h.String(), Width: 26})
	}
	for _, one := range d.Record.Targets {
		row := []document.Cell{document.Plain(d.p.Code(one.Target.Code))}
		for _, s := range one.Line[first:last] {
			row = append(row, d.standing(one, s))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (d dossier) standing(t evaluation.TargetRecord, s evaluation.HalfStanding) document.Cell {
	n := d.source(evaluation.FromRule, t.Target.ID)
	if s.EntryID != 0 {
		n = d.source(evaluation.FromEntry, s.EntryID)
	}
	c := statusCell(s.Status, d.p)
	c.Parts[0].Sources = known([]int{n})
	return c
}

func (d dossier) outsideTable() document.Table {
	t := d.table("outside", column2{"export.code", 14}, column2{"export.entry_as_of", 20}, column2{"export.obstacles", 136})
	for _, v := range d.Record.OutsideControl() {
		code := ""
		for _, one := range d.Record.Targets {
			if one.Target.ID == v.TargetID {
				code = d.p.Code(one.Target.Code)
			}
		}
		t.Rows = append(t.Rows, []document.Cell{
			document.Plain(code), day(v.AsOf, d.p.Date(v.AsOf)), cells(d.said("", v.Obstacles, v.Lang, d.source(evaluation.FromEntry, v.ID))),
		})
	}
	return t
}

func (d dossier) amendments() document.Table {
	t := d.table("amendments", column2{"dossier.in_force", 22}, column2{"dossier.decided_by", 34}, column2{"dossier.place", 18}, column2{"dossier.words_before", 48}, column2{"dossier.words_after", 48})
	for _, a := range d.Record.Amendments {
		n := d.source(evaluation.FromAmendment, a.ID)
		for _, c := range a.Changes {
			place, read := c.Name, document.Part{}
			if c.Deadline != nil {
				place += " · " + d.p.T("export.deadline")
				if read = d.reading(*c.Deadline, 0); read.Text != "" {
					read = document.Part{Text: d.p.T("deadline.command.read", "Words", read.Text), Quiet: true}
				}
			}
			t.Rows = append(t.Rows, []document.Cell{
				day(a.EffectiveOn, d.p.Date(a.EffectiveOn)), cells(document.Part{Text: a.Authority}, document.Part{Text: a.Reason, Quiet: true}),
				document.Plain(place), cells(d.text(c.Before)), cells(d.text(c.After, n), read),
			})
		}
	}
	return t
}

func (d dossier) tableTable() document.Table {
	t := d.table("tables", column2{"dossier.half_year", 26}, column2{"export.number", 34}, column2{"export.sealed", 42}, column2{"dossier.where", 68})
	for _, s := range d.Record.Tables {
		errata := document.Part{}
		if n := len(s.Errata); n > 0 {
			errata = document.Part{Text: d.p.N("verify.errata", n), Quiet: true}
		}
		t.Rows = append(t.Rows, []document.Cell{
			document.Plain(s.Period.String()), plain(s.Seal.Number, d.sources.OfTable(s.Period)),
			document.Plain(d.p.T("export.sealed_by", "When", d.p.DateTime(s.Seal.SealedAt), "By", s.Seal.SealedBy)),
			cells(document.Part{Text: d.tablePath(s, JSON)}, document.Part{Text: "SHA-256 " + s.Seal.SHA256, Quiet: true}, errata),
		})
	}
	return t
}

// sourceTable lists the sources; the text refers to their numbers.
func (d dossier) sourceTable() document.Table {
	t := d.table("sources", column2{"dossier.source_number", 10}, column2{"dossier.source_kind", 42}, column2{"dossier.source_id", 34}, column2{"dossier.source_on", 22}, column2{"dossier.source_recorded", 40}, column2{"export.code", 18})
	for i, s := range d.sources.All {
		n := i + 1
		name := s.Name
		if s.Kind == evaluation.FromEvidence && d.files[s.ID] == "" {
			name = d.p.T("export.evidence_confidential")
		}
		recorded := document.Part{}
		if !s.At.IsZero() {
			recorded.Text = d.p.DateTime(s.At)
		}
		by := s.By
		if s.For != "" {
			by = d.p.T("entry.by_for", "Who", s.By, "Name", s.For)
		}
		code := ""
		if s.Code.Objective > 0 {
			code = d.p.Code(s.Code)
		}
		t.Rows = append(t.Rows, []document.Cell{
			{Parts: []document.Part{{Text: strconv.Itoa(n), Anchor: n}}},
			cells(document.Part{Text: d.p.T("dossier.source." + string(s.Kind))}, document.Part{Text: name, Quiet: true}),
			document.Plain(fmt.Sprintf("%s/%d v%d", s.Kind, s.ID, s.Version)), day(s.On, d.p.Date(s.On)), cells(recorded, document.Part{Text: by, Quiet: true}), document.Plain(code),
		})
	}
	return t
}

// languageOf says in which language a text is, for the list of what is not translated.
func (d dossier) languageOf(l bilingual.Lang) string { return d.p.T("language_name." + string(l)) }
