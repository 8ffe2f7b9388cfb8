package report

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"jalon/internal/document"
	"jalon/internal/evaluation"
)

// quotation is how a text quotes an entry.
var quotation = regexp.MustCompile(`\s?\[#([1-9][0-9]{0,17})\]`)

// quoted gives a text whose quotations are the numbers of their sources.
func (d dossier) quoted(text string) string {
	return quotation.ReplaceAllStringFunc(text, func(match string) string {
		id, _ := strconv.ParseInt(quotation.FindStringSubmatch(match)[1], 10, 64)
		if n := d.source(evaluation.FromEntry, id); n > 0 {
			return "\u00a0[" + strconv.Itoa(n) + "]"
		}
		return "\u00a0" + d.p.T("dossier.quoted_elsewhere", "Number", id)
	})
}

// of gives what was written of one of these kinds, in its order.
func (d dossier) of(kinds ...evaluation.SourceKind) (some []Writing) {
	for _, w := range d.Written {
		for _, k := range kinds {
			if w.Kind == k {
				some = append(some, w)
			}
		}
	}
	return some
}

// report is the activity report of the holder, as handed in last.
func (d dossier) report(number int) (blocks []document.Block) {
	for _, w := range d.of(evaluation.FromReport) {
		blocks = append(blocks, note(d.p.T("dossier.handed_in", "Name", w.By, "When", d.p.DateTime(w.At), "Version", w.Version)))
		blocks = append(blocks, d.sections(number, w)...)
		for _, c := range w.Changed {
			blocks = append(blocks, document.Paragraph{Text: document.Part{Text: c}, Mark: document.Triangle})
		}
	}
	return blocks
}

// sections gives the texts of a report, a heading for each objective.
func (d dossier) sections(number int, w Writing) (blocks []document.Block) {
	n, part, heads := d.source(w.Kind, w.ID), "", 0
	for i, s := range w.Sections {
		code := ""
		if s.Part.Objective > 0 {
			code = d.p.Code(s.Part)
		}
		if i == 0 || code != part {
			part = code
			heads++
			title := code
			if code == "" {
				title = d.p.T("dossier.whole")
			}
			blocks = append(blocks, d.heading(3, fmt.Sprintf("%d.%d", number, heads), title))
		}
		if strings.TrimSpace(s.Text) == "" {
			continue
		}
		label, _ := words(s.Title, d.p)
		blocks = append(blocks, document.Heading{Level: 4, Text: document.Part{Text: label}})
		blocks = append(blocks, d.paragraphs(s.Text, w, n)...)
	}
	return blocks
}

// paragraphs gives a text of somebody, with its source after its last words.
func (d dossier) paragraphs(text string, w Writing, source int) (blocks []document.Block) {
	all := strings.Split(strings.TrimSpace(text), "\n")
	for i, line := range all {
		if strings.TrimSpace(line) == "" {
			continue
		}
		one := document.Part{Text: d.quoted(line), Lang: other(w.Lang, d.p)}
		if i == len(all)-1 {
			one.Sources = known([]int{source})
		}
		blocks = append(blocks, document.Paragraph{Text: one})
	}
	return blocks
}

// opinions are those of the participants, each with the replies of the holder,
// then their reply to the whole, and what was concluded.
func (d dossier) opinions(number int) (blocks []document.Block) {
	for i, w := range d.of(evaluation.FromOpinion, evaluation.FromRightReply, evaluation.FromConclusion) {
		key := "dossier.written." + string(w.Kind)
		if w.Capacity != "" {
			key += "." + w.Capacity
		}
		blocks = append(blocks, d.heading(3, fmt.Sprintf("%d.%d", number, i+1), d.p.T(key)))
		blocks = append(blocks, d.writing(w)...)
	}
	if len(blocks) > 0 && len(d.replies()) == 0 {
		blocks = append(blocks, note(d.p.T("dossier.no_reply")))
	}
	return blocks
}

func (d dossier) replies() (all []Writing) {
	all = d.of(evaluation.FromRightReply)
	for _, w := range d.Written {
		all = append(all, w.Replies...)
	}
	return all
}

// writing is one of them, with what answers it.
func (d dossier) writing(w Writing) []document.Block {
	blocks := []document.Block{note(d.p.T("dossier.written_by", "Name", w.By, "Date", d.p.Date(w.On)))}
	if title, in := words(w.Title, d.p); title != "" {
		blocks = append(blocks, document.Paragraph{Text: document.Part{Label: title, Lang: in, Sources: known([]int{d.source(w.Kind, w.ID)})}})
	}
	for _, s := range w.Sections {
		blocks = append(blocks, d.paragraphs(s.Text, w, d.source(w.Kind, w.ID))...)
	}
	for _, r := range w.Replies {
		blocks = append(blocks, document.Heading{Level: 4, Text: document.Part{Text: d.p.T("dossier.written." + string(evaluation.FromRightReply))}})
		blocks = append(blocks, d.writing(r)...)
	}
	return blocks
}

// writtenTable gives all that was written, one text a row.
func (d dossier) writtenTable() document.Table {
	t := d.table("written", column2{"dossier.source_kind", 26}, column2{"export.author", 26}, column2{"dossier.source_on", 14}, column2{"export.objective", 12}, column2{"dossier.section", 26}, column2{"export.sheet.text", 90})
	var add func(w Writing)
	add = func(w Writing) {
		for _, s := range w.Sections {
			code := ""
			if s.Part.Objective > 0 {
				code = d.p.Code(s.Part)
			}
			label, _ := words(s.Title, d.p)
			if title, _ := words(w.Title, d.p); title != "" {
				label = title
			}
			t.Rows = append(t.Rows, []document.Cell{
				document.Plain(d.p.T("dossier.source." + string(w.Kind))), document.Plain(w.By), day(w.On, d.p.Date(w.On)), document.Plain(code), document.Plain(label),
				cells(document.Part{Text: d.quoted(s.Text), Lang: other(w.Lang, d.p), Sources: known([]int{d.source(w.Kind, w.ID)})}),
			})
		}
		for _, r := range w.Replies {
			add(r)
		}
	}
	for _, w := range d.Written {
		add(w)
	}
	return t
}
