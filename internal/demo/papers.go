package demo

import (
	"bytes"
	"context"
	"fmt"
	"path"
	"time"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/document"
	"jalon/internal/evaluation"
	"jalon/internal/evidence"
	"jalon/internal/mandate"
	"jalon/internal/store"
)

// paper is a file of the office as evidence.json and evaluations.json describe
// it. It is drawn while the office is loaded, the same at every load: a PDF
// with all of it, or a CSV with its rows.
type paper struct {
	Name    string // with its extension
	Lang    bilingual.Lang
	Title   string
	Lines   []string
	Columns []string
	Rows    [][]string // each as long as Columns
}

// proof is a paper that an entry was recorded with.
type proof struct {
	paper
	Mandate      string
	Target       mandate.Code
	AsOf         calendar.Date `json:"as_of"`
	Confidential bool
}

// signed is a paper that came back signed.
type signed struct {
	paper
	About evaluation.About
}

// invented is said on every paper.
var invented = map[bilingual.Lang]string{
	bilingual.NL: "Voorbeeld: alle namen, cijfers en gebeurtenissen zijn verzonnen.",
	bilingual.FR: "Exemple : tous les noms, chiffres et événements sont inventés.",
}

// keep draws a paper and lays it on the shelf, as somebody gave it at a moment.
func (l *loader) keep(p paper, by string, at time.Time) (f evidence.File, err error) {
	raw, err := p.draw(by, at)
	if err != nil {
		return f, err
	}
	kind, content, err := evidence.Judge(p.Name, raw)
	if err != nil {
		return f, fmt.Errorf("%s: %w", p.Name, err)
	}
	sum, err := l.shelf.Put(content)
	return evidence.File{SHA256: sum, Size: len(content), Kind: kind, Name: p.Name, AddedByID: l.people[by].PersonID, AddedAt: at}, err
}

// draw gives the content of the paper, in the form that its extension names.
func (p paper) draw(by string, at time.Time) ([]byte, error) {
	write := document.WritePDF
	if path.Ext(p.Name) == ".csv" {
		write = document.WriteCSV
	}
	table := document.Table{Name: p.Title, Caption: p.Title}
	for _, title := range p.Columns {
		table.Columns = append(table.Columns, document.Column{Title: title, Width: 1 / float64(len(p.Columns))})
	}
	for _, texts := range p.Rows {
		var row []document.Cell
		for _, text := range texts {
			row = append(row, document.Plain(text))
		}
		table.Rows = append(table.Rows, row)
	}
	d := document.Document{
		Title: p.Title, Lang: p.Lang, Author: by, Created: at, Upright: true,
		Words:  document.Words{PageOf: func(page, pages string) string { return page + "/" + pages }},
		Blocks: []document.Block{document.Heading{Level: 1, Text: document.Part{Text: p.Title}}, document.Paragraph{Text: document.Part{Text: invented[p.Lang]}}},
	}
	for _, line := range p.Lines {
		d.Blocks = append(d.Blocks, document.Paragraph{Text: document.Part{Text: line}})
	}
	if len(p.Columns) > 0 {
		d.Blocks = append(d.Blocks, table)
	}
	var out bytes.Buffer
	if err := write(&out, d); err != nil {
		return nil, fmt.Errorf("draw %s: %w", p.Name, err)
	}
	return out.Bytes(), nil
}

// prove lays what a session was recorded with beside its drafts, from where the
// report takes it.
func (l *loader) prove(ctx context.Context, s session) error {
	proofs, err := read[[]proof]("evidence.json")
	if err != nil {
		return err
	}
	chosen := map[int64]evidence.Set{}
	for _, p := range proofs {
		for _, e := range s.entries {
			if p.Mandate != s.mandate || p.Target != e.Target || p.AsOf != e.AsOf {
				continue
			}
			f, err := l.keep(p.paper, e.Author, e.RecordedAt)
			if err != nil {
				return err
			}
			f.Confidential = p.Confidential
			target := l.targets[s.mandate][e.Target]
			chosen[target] = evidence.Set{Files: append(chosen[target].Files, f)}
		}
	}
	if len(chosen) == 0 {
		return nil
	}
	author := l.people[s.entries[0].Author].PersonID
	return l.store.ChooseEvidence(ctx, l.ids[s.mandate], s.entries[0].Period, author, s.at(), chosen)
}

// sign keeps a paper that came back signed.
func (l *loader) sign(ctx context.Context, sub store.Submission, o access.Object, a act) error {
	f, err := l.keep(a.Signed.paper, a.By, a.At)
	if err != nil {
		return err
	}
	return l.store.AddSignedDocument(ctx, sub, o, evaluation.SignedDocument{About: a.Signed.About, File: f}, "")
}
