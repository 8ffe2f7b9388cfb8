package report

import (
	"cmp"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/document"
	"jalon/internal/evaluation"
	"jalon/internal/locale"
	"jalon/internal/mandate"
)

// Dossier is the dossier of an evaluation that can be written out: the record of
// the tenure and what was written for the evaluation. It states facts, each with
// the number of its source, and computes nothing about a person.
type Dossier struct {
	ID        int64 // of the evaluation
	Kind      bilingual.Text
	PlannedOn calendar.Date
	Lang      bilingual.Lang // of record; "" when it is not known
	Record    evaluation.TenureRecord
	Written   []Writing
	Signed    []evaluation.SignedDocument // what came back signed
	Chapters  evaluation.Chapters         // in their order; none: the usual ones
	// Closed is set for a reader who may not open confidential evidence: its
	// names and contents are left out, and its hashes stay.
	Closed bool
}

// Writing is what somebody wrote for the evaluation. Replies stand below what
// they answer: nothing shows one without the other.
type Writing struct {
	evaluation.Source // who wrote it, when; Kind is that of a report, an opinion, a reply or a conclusion
	Capacity          string
	Title             bilingual.Text // of a conclusion: the mention that was given
	Lang              bilingual.Lang
	Sections          []WrittenSection
	Filled            []bilingual.Text   // titles of the sections of a report that the record fills
	Changed           []evaluation.Quote // what it quotes and was corrected since
	Replies           []Writing
}

// author is whose words they are: of an opinion, not of the officer who recorded it.
func (w Writing) author() string { return cmp.Or(w.For, w.By) }

// WrittenSection is one text. In it, [#12] quotes the entry of that number.
type WrittenSection struct {
	Part  mandate.Code // the objective; zero for the whole
	Title bilingual.Text
	Text  string
}

// DossierFormats are the forms of a dossier.
var DossierFormats = []Format{DOCX, PDF, XLSX, JSON}

// dossier is one dossier in one language, with its sources numbered.
type dossier struct {
	Dossier
	p       *locale.Printer
	sources *evaluation.Sources
	files   map[int64]string // where the file of a piece of evidence lies in the archive
	changed map[int64]int64  // by entry that is quoted: the one that corrected it since
}

func (d Dossier) in(p *locale.Printer) dossier {
	one := dossier{Dossier: d, p: p, sources: d.Record.Cited(), files: map[int64]string{}, changed: map[int64]int64{}}
	if len(one.Chapters) == 0 {
		one.Chapters = evaluation.UsualChapters()
	}
	for _, w := range d.Written {
		one.cite(w)
		for _, q := range w.Changed {
			one.changed[q.EntryID] = q.ChangedBy
		}
	}
	for _, f := range d.Evidence(p) {
		one.files[f.ID] = f.Path
	}
	return one
}

func (d dossier) cite(w Writing) {
	d.sources.Add(w.Source)
	for _, r := range w.Replies {
		d.cite(r)
	}
}

// FileName gives a name such as evaluatiedossier-ACTIRIS-A4-EL-2026-09-30.nl.docx.
func (d Dossier) FileName(f Format, p *locale.Printer) string {
	return d.Name(p) + "." + string(f)
}

// Name is that of every file of the dossier, without its ending.
func (d Dossier) Name(p *locale.Printer) string {
	return safe(strings.Join([]string{p.T("dossier.file"), d.Record.Mandate.Code, d.Record.AsOf.String()}, "-")) + "." + string(p.Lang)
}

// Write writes the dossier in a format and a language. The same dossier always
// gives the same bytes: no file tells when it was made.
func (d Dossier) Write(w io.Writer, f Format, p *locale.Printer) error {
	p = p.Typeset()
	var err error
	switch f {
	case XLSX:
		err = document.WriteXLSX(w, d.in(p).sheets())
	case DOCX:
		err = document.WriteDOCX(w, d.in(p).pages())
	case PDF:
		err = document.WritePDF(w, d.in(p).pages())
	case JSON:
		err = d.in(p).writeJSON(w)
	default:
		err = fmt.Errorf("unknown format %q", f)
	}
	if err != nil {
		return fmt.Errorf("write dossier %s: %w", d.Record.Mandate.Code, err)
	}
	return nil
}

func (d dossier) frame() document.Document {
	r, p := d.Record, d.p
	kind, _ := words(d.Kind, p)
	name, _ := words(r.Mandate.Title, p)
	title := p.T("dossier.title")
	return document.Document{
		Title: title + " – " + name + " – " + kind, Lang: p.Lang, Author: r.Mandate.Institution.Name.In(p.Lang), Created: d.made(),
		Running: title + " · " + name,
		Footer:  r.Mandate.Code + " · " + p.T("export.as_of") + " " + p.Date(r.AsOf), Upright: true, Words: formatWords(p),
	}
}

// made is the time that the files bear: the end of the last day that they tell of.
func (d dossier) made() time.Time { return d.Record.AsOf.End().UTC().Truncate(24 * time.Hour) }

// text is a part with its sources.
func (d dossier) text(t bilingual.Text, sources ...int) document.Part {
	one := part(t, d.p, true)
	one.Sources = known(sources)
	return one
}

// said is a part in the language that somebody wrote it in.
func (d dossier) said(label, text string, lang bilingual.Lang, sources ...int) document.Part {
	if text == "" {
		return document.Part{}
	}
	one := document.Part{Text: text, Lang: other(lang, d.p), Sources: known(sources)}
	if label != "" {
		one.Label = d.p.T("export.label", "Label", d.p.T(label))
	}
	return one
}

// known leaves out what has no number.
func known(sources []int) (some []int) {
	for _, n := range sources {
		if n > 0 {
			some = append(some, n)
		}
	}
	return some
}

func (d dossier) source(kind evaluation.SourceKind, id int64) int { return d.sources.Number(kind, id) }

func plain(text string, sources ...int) document.Cell {
	return document.Cell{Parts: []document.Part{{Text: text, Sources: known(sources)}}}
}

func cells(parts ...document.Part) document.Cell { return nonempty(document.Cell{Parts: parts}) }

func (d dossier) heading(level int, number, text string) document.Heading {
	return document.Heading{Level: level, Text: document.Part{Text: strings.TrimSpace(number + " " + text)}}
}

func note(text string) document.Paragraph {
	return document.Paragraph{Text: document.Part{Text: text, Quiet: true}}
}

// cover names what the dossier is about.
func (d dossier) cover() []document.Block {
	r, p := d.Record, d.p
	kind, in := words(d.Kind, p)
	facts := document.Facts{}
	add := func(key string, value document.Part) {
		if value.Text != "" {
			facts = append(facts, document.Fact{Name: p.T(key), Value: value})
		}
	}
	say := func(key, text string) { add(key, document.Part{Text: text}) }
	add("dossier.kind", document.Part{Text: kind, Lang: in})
	add("export.mandate", part(r.Mandate.Title, p, true))
	say("dossier.rank", r.Mandate.Rank)
	say("dossier.code", r.Mandate.Code)
	add("export.institution", part(r.Mandate.Institution.Name, p, true))
	holder := r.Mandate.Holder
	name := holder.Name
	if holder.Interim {
		name = p.T("export.interim", "Name", name)
	}
	say("export.holder", name)
	say("dossier.tenure", d.days(holder.From, holder.Until))
	say("dossier.period", d.days(r.From, r.Until))
	if !d.PlannedOn.IsZero() {
		say("dossier.interview", p.LongDate(d.PlannedOn))
	}
	say("export.as_of", p.LongDate(r.AsOf))
	if d.Lang != "" {
		say("dossier.record_language", p.T("language_name."+string(d.Lang)))
	}
	say("dossier.this_language", p.T("language_name."+string(p.Lang)))
	if d.ID != 0 {
		say("dossier.number", strconv.FormatInt(d.ID, 10))
	}
	blocks := []document.Block{
		document.Heading{Level: 1, Text: document.Part{Text: p.T("dossier.title")}},
		facts,
		document.Paragraph{Text: document.Part{Text: p.T("dossier.no_judgement")}},
		document.Paragraph{Text: document.Part{Text: p.T("dossier.sourced"), Quiet: true}},
	}
	if r.Since.After(r.From) {
		blocks = append(blocks, note(p.T("dossier.since", "Date", p.Date(r.Since))))
	}
	return blocks
}

func (d dossier) days(from, until calendar.Date) string {
	if until.IsZero() {
		return d.p.T("mandate.since", "From", d.p.Date(from))
	}
	return d.p.T("mandate.from_until", "From", d.p.Date(from), "Until", d.p.Date(until))
}
