package report

import (
	"fmt"

	"jalon/internal/document"
	"jalon/internal/evaluation"
	"jalon/internal/indicator"
)

// indicators gives each indicator with a figure: where it must go, its chart and
// the numbers of the chart. What may not be shown says so.
func (d dossier) indicators(number int) (blocks []document.Block) {
	for i, s := range d.Record.Indicators {
		title := d.text(s.Name)
		title.Label = fmt.Sprintf("%d.%d %s · ", number, i+1, s.Code)
		blocks = append(blocks, document.Heading{Level: 3, Text: title}, d.indicatorFacts(s))
		if drawn, ok := d.p.Chart(s, s.Stand()); ok {
			blocks = append(blocks, document.Figure{Chart: &drawn, Alt: drawn.Title + ". " + drawn.Alt, Width: 150}, note(drawn.Alt))
		}
		if len(s.Points) == 0 {
			blocks = append(blocks, note(d.p.T("dossier.no_values")))
			continue
		}
		t := d.valueTable([]*indicator.Series{s})
		t.Columns = t.Columns[1:]
		for i := range t.Rows {
			t.Rows[i] = t.Rows[i][1:]
		}
		blocks = append(blocks, t)
	}
	return blocks
}

func (d dossier) indicatorFacts(s *indicator.Series) document.Facts {
	var facts document.Facts
	add := func(key, text string) {
		if text != "" {
			facts = append(facts, document.Fact{Name: d.p.T(key), Value: document.Part{Text: text}})
		}
	}
	if kpi, in := words(s.KPI, d.p); kpi != "" {
		facts = append(facts, document.Fact{Name: d.p.T("dossier.kpi"), Value: document.Part{Text: kpi, Lang: in, Sources: known([]int{d.source(evaluation.FromLetter, d.Record.Mandate.ID)})}})
	}
	unit, _ := words(s.Unit, d.p)
	add("dossier.unit", unit)
	add("dossier.direction", d.p.T("indicator.direction."+string(s.Direction)))
	if s.Baseline != nil {
		add("dossier.baseline", d.p.Fixed(*s.Baseline, s.Decimals)+" ("+d.p.Date(s.BaselineOn)+")")
	}
	for _, m := range s.Milestones {
		goal := d.p.Fixed(m.Value, s.Decimals)
		if s.Direction == indicator.Between {
			goal += " – " + d.p.Fixed(m.Upper, s.Decimals)
		}
		add("dossier.milestone", goal+" ("+d.p.Date(m.On)+")")
	}
	add("dossier.data_source", s.Source)
	return facts
}

// valueTable gives the figures of indicators.
func (d dossier) valueTable(all []*indicator.Series) document.Table {
	t := d.table("values", column2{"dossier.indicator", 14}, column2{"dossier.measured_on", 20}, column2{"export.value", 24}, column2{"dossier.of_which", 40}, column2{"dossier.value_note", 70})
	for _, s := range all {
		for _, p := range s.Points {
			t.Rows = append(t.Rows, []document.Cell{document.Plain(s.Code), day(p.On, d.p.Date(p.On)), d.figure(s, p), d.share(p), d.remark(s, p)})
		}
	}
	return t
}

func (d dossier) figure(s *indicator.Series, p indicator.Point) document.Cell {
	if p.Hidden {
		return document.Cell{Parts: []document.Part{{Text: d.p.T("dossier.kept_back"), Quiet: true}}}
	}
	n := 0
	if p.Recorded != nil {
		n = d.source(evaluation.FromMeasurement, p.Recorded.ID)
	}
	value := p.Value
	return document.Cell{Number: &value, Parts: []document.Part{{Text: d.p.Fixed(value, s.Decimals), Sources: known([]int{n})}}}
}

func (d dossier) share(p indicator.Point) document.Cell {
	if p.Numerator == nil || p.Denominator == nil {
		return document.Cell{}
	}
	return document.Plain(d.p.Number(*p.Numerator) + " / " + d.p.Number(*p.Denominator))
}

// remark is the note of who recorded a figure, or how it was computed.
func (d dossier) remark(s *indicator.Series, p indicator.Point) document.Cell {
	if p.Recorded != nil {
		return cells(d.said("", p.Recorded.Note, p.Recorded.Lang))
	}
	if p.Hidden {
		return document.Cell{}
	}
	return cells(document.Part{Text: d.p.T("dossier.derived."+string(s.Origin), "Formula", s.Formula), Quiet: true})
}
