package report

import (
	"errors"
	"strings"
	"time"

	"jalon/internal/calendar"
	"jalon/internal/locale"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
)

// errPart: a part of a table has no form for programs, which could take it for the whole.
var errPart = errors.New("a part of a table is not written as data")

// Only gives the rows of some objectives, or of single targets, for somebody who
// may see no others. Its files say so, carry no seal and no data for programs: a
// seal is of the whole.
func (m Monitoring) Only(codes []mandate.Code) Monitoring {
	kept := map[mandate.Code]bool{}
	for _, c := range codes {
		kept[c] = true
	}
	questions, rows := m.Table.Questions, m.Table.Rows
	m.Table.Questions, m.Table.Rows = nil, nil
	for _, d := range questions {
		if kept[d.Code] || kept[d.Code.Parent().Parent()] {
			m.Table.Questions = append(m.Table.Questions, d)
		}
	}
	for _, r := range rows {
		if kept[r.Code] || kept[r.Code.Parent().Parent()] {
			m.Table.Rows = append(m.Table.Rows, r)
		}
	}
	m.Part, m.document, m.Errata = codes, nil, m.errataOf(kept)
	return m
}

// Formats lists those that the table can be written in, in the order of a menu.
func (m Monitoring) Formats() []Format {
	if m.Part == nil {
		return Formats
	}
	return []Format{XLSX, DOCX, PDF, HTML, CSV}
}

// unsealed gives what a file is when it has no seal of its own: in the name of
// the file, in a margin, and in a sentence.
func (m Monitoring) unsealed(p *locale.Printer) (name, short, sentence string) {
	known := func(words string) string {
		if m.Known.IsZero() {
			return words
		}
		return words + " · " + aside("export.known", p, "Known", p.DateTime(m.Known))
	}
	if m.Part == nil {
		return p.T("export.file_draft"), known(aside("export.draft_short", p)), known(aside("export.draft", p))
	}
	codes := make([]string, len(m.Part))
	for i, c := range m.Part {
		codes[i] = p.Code(c)
	}
	return p.T("export.file_part"), known(aside("export.part_short", p)), known(aside("export.part", p, "Objectives", strings.Join(codes, ", ")))
}

// dayKnown writes the day that a document speaks of, and the instant up to which
// what was recorded counts, where that is not all.
func dayKnown(p *locale.Printer, d calendar.Date, known time.Time) string {
	if known.IsZero() {
		return p.Date(d)
	}
	return p.Date(d) + " · " + p.T("export.known", "Known", p.DateTime(known))
}

// ownSeal is the seal that covers what is written: that of a part covers more.
func (m Monitoring) ownSeal() *monitoring.Seal {
	if m.Part != nil {
		return nil
	}
	return m.Seal
}
