package report

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"jalon/internal/document"
	"jalon/internal/evaluation"
	"jalon/internal/mandate"
)

// quotation is how a text quotes an entry.
var quotation = regexp.MustCompile(`\s?\[#([1-9][0-9]{0,17})\]`)

// quoted gives a text whose quotations are the numbers of their sources.
func (d dossier) quoted(text string) string {
	return quotation.ReplaceAllStringFunc(text, func(match string) string {
		id, _ := strconv.ParseInt(quotation.FindStringSubmatch(match)[1], 10, 64)
		n := d.source(evaluation.FromEntry, id)
		if n == 0 {
			return "\u00a0" + d.p.T("dossier.quoted_elsewhere", "Number", id)
		}
		later, changed := d.changed[id]
		if !changed {
			return bracket(n)
		}
		mark := d.p.T("dossier.quoted_changed")
		if by := d.source(evaluation.FromEntry, later); by > 0 {
			mark += bracket(by)
		}
		return bracket(n) + " (" + mark + ")"
	})
}

// bracket prints the number of a source as the documents do.
func bracket(n int) string { return "\u00a0[" + strconv.Itoa(n) + "]" }

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
		for _, q := range w.Changed {
			blocks = append(blocks, document.Paragraph{Mark: document.Triangle, Text: document.Part{Text: d.p.T(
				"dossier.quote_changed", "Number", d.source(evaluation.FromEntry, q.EntryID), "Code", d.p.Code(q.Target), "Date", d.p.Date(q.AsOf), "When", d.p.DateTime(q.ChangedAt),
			)}})
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
			blocks = append(blocks, d.partHeading(fmt.Sprintf("%d.%d", number, heads), s.Part)...)
			if code != "" && len(w.Filled) > 0 {
				blocks = append(blocks, d.filled(w, s.Part))
			}
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

// partHeading names the objective that a part of a report is about.
func (d dossier) partHeading(number string, code mandate.Code) []document.Block {
	for _, o := range d.Record.Mandate.Objectives {
		if o.Code == code {
			title := d.text(o.Title)
			title.Label = number + " " + d.p.Code(code) + " · " + title.Label
			return []document.Block{document.Heading{Level: 3, Text: title}}
		}
	}
	return []document.Block{d.heading(3, number, d.p.T("dossier.whole"))}
}

// filled tells where the sections of an objective stand that the record fills.
func (d dossier) filled(w Writing, code mandate.Code) document.Block {
	titles := make([]string, len(w.Filled))
	for i, t := range w.Filled {
		titles[i], _ = words(t, d.p)
	}
	at := slices.IndexFunc(d.Record.Mandate.Objectives, func(o mandate.Objective) bool { return o.Code == code })
	return note(d.p.T("dossier.filled", "Sections", strings.Join(titles, ", "), "Place", fmt.Sprintf("%d.%d", d.Chapters.Number(evaluation.ChapterTargets), at+1)))
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
	by := d.p.T("dossier.written_by", "Name", w.author(), "Date", d.p.Date(w.On))
	if w.For != "" {
		by = d.p.T("dossier.written_for", "Name", w.For, "Date", d.p.Date(w.On), "By", w.By, "When", d.p.DateTime(w.At))
	}
	blocks := []document.Block{note(by)}
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
				document.Plain(d.p.T("dossier.source." + string(w.Kind))), document.Plain(w.author()), day(w.On, d.p.Date(w.On)), document.Plain(code), document.Plain(label),
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
