package report

import (
	"strconv"

	"github.com/shopspring/decimal"

	"jalon/internal/document"
	"jalon/internal/evaluation"
)

// sheets gives the data of the dossier as a workbook: the same tables as on
// paper, of all targets together.
func (d dossier) sheets() document.Document {
	doc := d.frame()
	all := d.Record.Targets
	doc.Blocks = append(d.cover()[:1], d.targetTable())
	for _, t := range []document.Table{
		d.dutyTable(all), d.entryTable(all), d.evidenceTable(all), d.decisionTable(all), d.outsideTable(), d.valueTable(d.Record.Indicators),
		d.amendments(), d.tableTable(), d.writtenTable(), d.sourceTable(), d.gapTable(),
	} {
		if len(t.Rows) > 0 {
			doc.Blocks = append(doc.Blocks, widened(t))
		}
	}
	doc.Blocks = append(doc.Blocks, d.cover()[1:]...)
	return doc
}

// widened gives columns a width that suits a workbook: paper counts in shares.
func widened(t document.Table) document.Table {
	for i := range t.Columns {
		t.Columns[i].Width = min(max(t.Columns[i].Width*.75, 12), 70)
	}
	return t
}

// targetTable has a row for each target: its words, its deadline, its duties
// counted, and where it stood at the end of each half-year.
func (d dossier) targetTable() document.Table {
	t := d.table("targets", column2{"export.code", 10}, column2{"export.objective", 28}, column2{"export.point", 32}, column2{"export.target", 44},
		column2{"export.deadline", 22}, column2{"export.read_as", 26}, column2{"dossier.owed", 10}, column2{"dossier.done", 10}, column2{"dossier.missed", 10})
	for _, h := range d.Record.Halves {
		t.Columns = append(t.Columns, document.Column{Title: h.String(), Width: 20})
	}
	for _, o := range d.Record.Mandate.Objectives {
		for _, point := range o.Points {
			for _, g := range point.Targets {
				one := d.Record.Find(g.Code)
				if one == nil {
					continue
				}
				kept, missed := one.Kept()
				rule := d.source(evaluation.FromRule, g.ID)
				row := []document.Cell{
					document.Plain(d.p.Code(g.Code)), cells(d.text(o.Title)), cells(d.text(point.Text)), cells(d.text(g.Text, append(d.amending(g.Code), d.source(evaluation.FromLetter, d.Record.Mandate.ID))...)),
					cells(d.text(g.Deadline.Text)), cells(d.reading(g.Deadline, rule)), count(len(one.Duties)), count(kept), count(missed),
				}
				for _, s := range one.Line {
					row = append(row, d.standing(*one, s))
				}
				t.Rows = append(t.Rows, row)
			}
		}
	}
	return t
}

func count(n int) document.Cell {
	number := decimal.NewFromInt(int64(n))
	return document.Cell{Number: &number, Parts: []document.Part{{Text: strconv.Itoa(n)}}}
}
