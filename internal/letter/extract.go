package letter

import (
	"archive/zip"
	"bytes"
	"path"
	"strconv"
	"strings"

	"jalon/internal/intake"
)

// Reading is a letter as it was read.
type Reading struct {
	Draft
	Findings []Finding `json:"findings"`
	Lines    []string  `json:"-"` // the numbered lines, for the preview; Coverage goes with them
	Coverage Coverage  `json:"-"`
}

// Load takes the text out of a file and reads it. The error is a *intake.Refusal
// when the file is at fault.
func Load(name string, data []byte, o Options) (Reading, error) {
	text, findings, err := Extract(name, data)
	if err != nil {
		return Reading{}, err
	}
	d, more, cover := Read(text, o)
	if len(d.Objectives) == 0 || d.Counts() == (Counts{Objectives: len(d.Objectives), Strategic: d.Counts().Strategic, Transversal: d.Counts().Transversal}) {
		return Reading{}, intake.Refuse(NotALetter, nil)
	}
	findings = append(findings, more...)
	sortFindings(findings)
	return Reading{Draft: d, Findings: findings, Lines: Split(text), Coverage: cover}, nil
}

// fileKind is what a file holds.
type fileKind string

const (
	text fileKind = "txt"
	docx fileKind = "docx"
	xlsx fileKind = "xlsx"
	pdf  fileKind = "pdf"
	// containers of Office files under a password and of Word before 2007
	compound fileKind = "compound"
	otherZip fileKind = "zip"
)

// Extract takes the text out of a .txt, .docx, .pdf or .xlsx file of at most
// MaxFile bytes. The name only serves to notice a content of another kind; a
// name without extension is taken as text. The error is a *intake.Refusal.
func Extract(name string, data []byte) (string, []Finding, error) {
	if len(data) > MaxFile {
		return "", nil, intake.Refuse(TooLarge, nil, "Limit", strconv.Itoa(MaxFile>>20))
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return "", nil, intake.Refuse(intake.Empty, nil)
	}
	kind := sniff(data)
	if err := checkName(name, kind); err != nil {
		return "", nil, err
	}
	var found []Finding
	var words string
	var err error
	switch kind {
	case docx:
		words, found, err = readDocx(data)
	case xlsx:
		words, found, err = readXlsx(data)
	case pdf:
		words, err = readPDF(data)
	default:
		var guessed bool
		if words, guessed, err = intake.Text(data); guessed {
			found = []Finding{{Severity: Info, Code: ReadAsWindows1252}}
		}
	}
	if err != nil {
		return "", nil, err
	}
	if strings.TrimSpace(words) == "" {
		return "", nil, intake.Refuse(intake.Empty, nil)
	}
	if len(words) > MaxText || strings.Count(words, "\n") >= MaxLines {
		return "", nil, intake.Refuse(TooLong, nil)
	}
	return words, found, nil
}

// sniff tells what a file holds by its first bytes and, for a zip, its parts.
func sniff(data []byte) fileKind {
	switch {
	case bytes.HasPrefix(data, []byte("%PDF-")):
		return pdf
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return compound
	case !bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return text
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return otherZip
	}
	for _, f := range z.File {
		switch {
		case strings.HasPrefix(f.Name, "word/"):
			return docx
		case strings.HasPrefix(f.Name, "xl/"):
			return xlsx
		}
	}
	return otherZip
}

// checkName refuses kinds that cannot be read, and a content that is not what
// the name says: that is a mistake or an attempt, and either wants an answer.
func checkName(name string, kind fileKind) error {
	base := path.Base(strings.ReplaceAll(name, `\`, "/"))
	said := strings.ToLower(strings.TrimPrefix(path.Ext(base), "."))
	switch {
	case kind == compound && said != "doc" && said != "xls":
		return intake.Refuse(intake.Encrypted, nil, "Name", base, "Kind", said)
	case kind == compound:
		return intake.Refuse(Unsupported, nil, "Name", base)
	case kind == otherZip && (said == "docx" || said == "xlsx"):
		return intake.Refuse(intake.Damaged, nil, "Kind", said)
	case said == "" && kind != otherZip, said == string(kind), said == "text" && kind == text:
		return nil
	case said == "txt" || said == "docx" || said == "xlsx" || said == "pdf":
		return intake.Refuse(OtherKind, nil, "Name", base, "Kind", string(kind))
	}
	return intake.Refuse(Unsupported, nil, "Name", base)
}
