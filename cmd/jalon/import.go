package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"jalon/internal/bilingual"
	"jalon/internal/letter"
	"jalon/internal/locale"
)

// ImportCmd reads a mandate letter.
type ImportCmd struct {
	File          string `arg:""`
	Institution   string `placeholder:"code"`
	Mandate       string `placeholder:"code"`
	Lang          string `placeholder:"lang"`
	EffectiveOn   string `placeholder:"date"`
	DryRun        bool
	JSON          bool `name:"json"`
	DatabaseFlags `group:"database"`
}

// Read reads the letter and fills the sentences of its findings. The error is
// a Failure or a *intake.Refusal.
func (c ImportCmd) Read(out *Output) (letter.Reading, error) {
	out = out.In(c.Lang)
	lang, ok := bilingual.ParseLang(c.Lang)
	if !ok && c.Lang != "" {
		return letter.Reading{}, Failure{exitUsage, out.Print().T("import.error.language")}
	}
	if _, err := c.effectiveOn(out.Print()); err != nil {
		return letter.Reading{}, err
	}
	data, err := c.open()
	if err != nil {
		return letter.Reading{}, Failure{exitUsage, out.Print().T("import.error.cannot_open", "Name", c.File)}
	}
	options := letter.Options{Lang: lang}
	if letter.KnownInstitution(c.Institution) { // a code says nothing of the name
		options.Institution = c.Institution
	}
	name := filepath.Base(c.File)
	if c.File == "-" {
		name = ""
	}
	reading, err := letter.Load(name, data, options)
	if err != nil {
		return letter.Reading{}, err
	}
	explain(out.Print(), reading.Findings)
	return reading, nil
}

// open reads the file, one byte further than a letter may be long.
func (c ImportCmd) open() ([]byte, error) {
	file := os.Stdin
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		if info, err := f.Stat(); err != nil || info.IsDir() {
			return nil, errors.Join(err, fmt.Errorf("%s is no file", c.File))
		}
		file = f
	}
	return io.ReadAll(io.LimitReader(file, letter.MaxFile+1))
}

// explain writes the sentence of every finding in the reader's language.
func explain(print *locale.Printer, findings []letter.Finding) {
	for i, f := range findings {
		findings[i].Message = print.T(f.Key(), f.Words(print.Lang)...)
	}
}

// Show prints a reading: JSON, or the tree with its counts and findings.
func (c ImportCmd) Show(out *Output, r letter.Reading) error {
	if c.JSON {
		if r.Findings == nil {
			r.Findings = []letter.Finding{}
		}
		return printJSON(out, r)
	}
	out = out.In(c.Lang)
	s := summary{print: out.Print()}
	s.write(r)
	_, err := io.WriteString(out.Stdout, s.String())
	return err
}

// summary writes a reading for people.
type summary struct {
	strings.Builder
	print *locale.Printer
}

func (s *summary) line(indent int, text string) {
	fmt.Fprintf(s, "%s%s\n", strings.Repeat("  ", indent), text)
}

func (s *summary) words(t bilingual.Text) string {
	words, _, _ := t.For(s.print.Lang)
	return words
}

func (s *summary) write(r letter.Reading) {
	m := r.Mandate
	if !m.Title.IsZero() {
		s.line(0, s.print.T("import.summary.mandate", "Title", s.words(m.Title)))
	}
	if m.Rank != "" {
		s.line(0, s.print.T("import.summary.rank", "Rank", m.Rank))
	}
	if m.Institution != "" {
		s.line(0, s.print.T("import.summary.institution", "Institution", m.Institution))
	}
	n := r.Counts()
	s.line(0, s.print.T("import.summary.counts", "Objectives", n.Objectives, "Strategic", n.Strategic, "Transversal", n.Transversal,
		"Points", n.Points, "Targets", n.Targets, "Deadlines", n.Deadlines, "KPIs", n.KPIs))
	for _, o := range r.Objectives {
		s.objective(o)
	}
	s.findings(r.Findings)
}

func (s *summary) objective(o letter.Objective) {
	s.line(0, "")
	s.line(0, s.print.Code(o.Code)+"  "+s.words(o.Title))
	for _, p := range o.Points {
		s.line(1, s.print.Code(p.Code)+"  "+s.words(p.Text))
		for _, t := range p.Targets {
			s.line(2, s.print.Code(t.Code)+"  "+s.words(t.Text))
			s.deadline(3, t.Deadline)
		}
	}
	s.deadline(1, o.Deadline)
	for _, k := range o.KPIs {
		s.line(1, s.print.Code(k.Code)+"  "+s.words(k.Text))
	}
}

func (s *summary) deadline(indent int, d *letter.Deadline) {
	if d == nil {
		return
	}
	var readings []string
	for _, p := range d.Parts {
		readings = append(readings, p.Reading)
	}
	key := "import.summary.deadline"
	if len(readings) == 0 {
		key = "import.summary.deadline_unread"
	}
	s.line(indent, s.print.T(key, "Text", s.words(d.Text), "Reading", strings.Join(readings, " + ")))
}

func (s *summary) findings(findings []letter.Finding) {
	s.line(0, "")
	if len(findings) == 0 {
		s.line(0, s.print.T("import.summary.no_findings"))
		return
	}
	s.line(0, s.print.T("import.summary.findings", "Count", len(findings)))
	for _, f := range findings {
		place := ""
		if f.Line > 0 {
			place = s.print.T("import.summary.line", "Line", f.Line) + ", "
		}
		s.line(1, place+s.print.T("import.summary."+string(f.Severity))+": "+f.Message)
	}
}
