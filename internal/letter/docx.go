package letter

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"regexp"
	"strings"
	"unicode/utf8"

	"jalon/internal/intake"
)

// readDocx gives the text of a Word document, a line per paragraph.
func readDocx(data []byte) (string, []Finding, error) {
	parts, err := intake.Parts(data, string(docx))
	if err != nil {
		return "", nil, err
	}
	main := mainPart(parts)
	if main == nil {
		return "", nil, intake.Refuse(intake.Damaged, errors.New("no main part"), "Kind", "docx")
	}
	doc := docxReader{}
	if err := walkPart(main, &doc); err != nil {
		return "", nil, err
	}
	findings := doc.findings()
	for _, name := range []string{"footnotes", "endnotes", "comments"} {
		f := parts[path.Dir(strings.ToLower(main.Name))+"/"+name+".xml"]
		if f == nil {
			continue
		}
		notes := docxReader{}
		if err := walkPart(f, &notes); err != nil {
			return "", nil, err
		}
		if strings.TrimSpace(strings.Join(notes.lines, "")) != "" {
			findings = append(findings, Finding{Severity: Warning, Code: NotesLeftOut, Args: map[string]string{"Part": name}})
		}
	}
	return doc.text(), findings, nil
}

// mainPart follows the package's own pointer to its document.
func mainPart(parts map[string]*zip.File) *zip.File {
	var rels struct {
		Relationship []struct {
			Type   string `xml:"Type,attr"`
			Target string `xml:"Target,attr"`
		}
	}
	if f := parts["_rels/.rels"]; f != nil {
		if r, err := f.Open(); err == nil {
			err = xml.NewDecoder(io.LimitReader(r, intake.MaxPart)).Decode(&rels)
			r.Close()
			for _, rel := range rels.Relationship {
				if err == nil && strings.HasSuffix(rel.Type, "/officeDocument") {
					return parts[strings.ToLower(strings.TrimPrefix(rel.Target, "/"))]
				}
			}
		}
	}
	return parts["word/document.xml"]
}

func walkPart(f *zip.File, doc *docxReader) error {
	r, err := f.Open()
	if err != nil {
		return intake.Refuse(intake.Damaged, err, "Kind", "docx")
	}
	defer r.Close()
	d := xml.NewDecoder(io.LimitReader(r, intake.MaxPart))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return intake.Refuse(intake.Damaged, err, "Kind", "docx")
		}
		switch t := token.(type) {
		case xml.Directive:
			return intake.Refuse(intake.Doctype, nil, "Part", f.Name)
		case xml.StartElement:
			if isSkipped(t.Name.Local) {
				doc.skipped(t.Name.Local)
				if err := d.Skip(); err != nil {
					return intake.Refuse(intake.Damaged, err, "Kind", "docx")
				}
				continue
			}
			doc.start(t)
		case xml.EndElement:
			doc.end(t.Name.Local)
		case xml.CharData:
			if doc.inText {
				doc.write(string(t))
			}
		}
		if doc.size > MaxText {
			return intake.Refuse(TooLong, nil)
		}
	}
}

// docxReader collects the paragraphs of a document.
type docxReader struct {
	lines   []string
	open    []paragraph // a text box is a paragraph within a paragraph
	inText  bool
	changes bool // tracked changes were seen
	size    int
}

type paragraph struct {
	text strings.Builder
	list bool
}

// isSkipped names the elements whose text is not the document's: what was
// deleted, the second form of a drawing.
func isSkipped(name string) bool {
	return name == "del" || name == "moveFrom" || name == "Fallback" || name == "pPrChange" || name == "rPrChange"
}

func (d *docxReader) skipped(name string) {
	if name == "del" || name == "moveFrom" {
		d.changes = true
	}
}

var listStyle = regexp.MustCompile(`^(?i:list|lijst|liste|paragraphedeliste|opsomm)`)

func (d *docxReader) start(e xml.StartElement) {
	value := func(name string) string {
		for _, a := range e.Attr {
			if a.Name.Local == name {
				return a.Value
			}
		}
		return ""
	}
	switch e.Name.Local {
	case "p":
		d.open = append(d.open, paragraph{})
	case "tbl", "tc":
		d.lines = append(d.lines, "")
	case "t":
		d.inText = true
	case "ins", "moveTo":
		d.changes = true
	case "tab":
		d.write("\t")
	case "noBreakHyphen":
		d.write("-")
	case "softHyphen":
		d.write(softHyphen)
	case "br", "cr":
		d.write("\n")
		if value("type") == "page" {
			d.write("\n\n\n")
		}
	case "numId":
		d.setList(value("val") != "0")
	case "pStyle":
		d.setList(listStyle.MatchString(value("val")))
	}
}

func (d *docxReader) setList(is bool) {
	if n := len(d.open); n > 0 {
		d.open[n-1].list = is
	}
}

func (d *docxReader) write(s string) {
	if n := len(d.open); n > 0 {
		d.open[n-1].text.WriteString(s)
		d.size += len(s)
	}
}

func (d *docxReader) end(name string) {
	switch name {
	case "t":
		d.inText = false
	case "p":
		n := len(d.open)
		if n == 0 {
			return
		}
		p := &d.open[n-1]
		text := p.text.String()
		if p.list && !bulletForm.MatchString(text) {
			text = "• " + text // the bullet is drawn, not written
		}
		d.lines = append(d.lines, strings.Split(text, "\n")...)
		d.size++
		d.open = d.open[:n-1]
	case "tc", "tbl":
		d.lines = append(d.lines, "")
	}
}

func (d *docxReader) findings() []Finding {
	if !d.changes {
		return nil
	}
	return []Finding{{Severity: Warning, Code: TrackedChanges}}
}

// wrapped is the longest line, in characters, of a text that was wrapped by
// hand; a longer paragraph shows that the document flows.
const wrapped = 160

// text gives the lines. Where paragraphs flow each is one by itself; where
// every line of the page is a paragraph, empty paragraphs part the texts.
func (d *docxReader) text() string {
	flows := false
	for _, line := range d.lines {
		flows = flows || utf8.RuneCountInString(line) > wrapped
	}
	if flows {
		return strings.Join(d.lines, "\n\n")
	}
	return strings.Join(d.lines, "\n")
}
