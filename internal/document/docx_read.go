package document

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// ErrDOCX is the kind of every text document that is not read.
var ErrDOCX = errors.New("not a readable DOCX")

// Written is what a DOCX says, as text, in a form that can be compared, and its attachment.
type Written struct {
	Tables     [][][]string      // rows of cells, the paragraphs of a cell on lines of their own
	Paragraphs []string          // outside tables, with those of head and foot at the end
	Parts      map[string]string // digest of each part but the attachment, by name
	Data       *Attachment
}

// IsDOCX tells a DOCX from other files in a zip, such as a workbook.
func IsDOCX(file []byte) bool {
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return false
	}
	for _, f := range z.File {
		if f.Name == "word/document.xml" {
			return true
		}
	}
	return false
}

// ReadDOCX reads a text document within bounds of size.
func ReadDOCX(file []byte) (Written, error) {
	w := Written{Parts: map[string]string{}}
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return w, fmt.Errorf("%w: %w", ErrDOCX, err)
	}
	if len(z.File) > maxZipParts {
		return w, fmt.Errorf("%w: too many parts", ErrDOCX)
	}
	total, texts := 0, map[string][]byte{}
	for _, f := range z.File {
		content, err := readPart(f)
		if total += len(content); err == nil && total > maxUnpacked {
			err = errors.New("it unpacks to too much")
		}
		if err != nil {
			return w, fmt.Errorf("%w: %s: %w", ErrDOCX, f.Name, err)
		}
		if _, double := w.Parts[f.Name]; double {
			return w, fmt.Errorf("%w: two parts %s", ErrDOCX, f.Name)
		}
		if a := attached(f.Name, content); a != nil && w.Data == nil {
			w.Data = a
			continue
		}
		sum := sha256.Sum256(content)
		w.Parts[f.Name] = hex.EncodeToString(sum[:])
		switch f.Name {
		case "word/document.xml", "word/header1.xml", "word/footer1.xml":
			texts[f.Name] = content
		}
	}
	for _, name := range []string{"word/document.xml", "word/header1.xml", "word/footer1.xml"} {
		if err := w.read(texts[name]); err != nil {
			return w, fmt.Errorf("%w: %s: %w", ErrDOCX, name, err)
		}
	}
	return w, nil
}

func readPart(f *zip.File) ([]byte, error) {
	if f.UncompressedSize64 > maxPart {
		return nil, errors.New("a part is too large")
	}
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(io.LimitReader(r, maxPart))
}

// attached gives the attachment out of the part that holds it; nil for another part.
func attached(name string, content []byte) *Attachment {
	if !strings.HasPrefix(name, "customXml/item") || !bytes.Contains(content, []byte(dataSpace)) {
		return nil
	}
	var d struct {
		XMLName     xml.Name `xml:"urn:jalon:data data"`
		Name        string   `xml:"name,attr"`
		Description string   `xml:"description,attr"`
		Base64      string   `xml:",chardata"`
	}
	if xml.Unmarshal(content, &d) != nil {
		return nil
	}
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(d.Base64))
	if err != nil {
		return nil
	}
	return &Attachment{Name: d.Name, Description: d.Description, Content: raw}
}

// read gathers the words of a part. A table inside a cell counts as words of the cell.
func (w *Written) read(content []byte) error {
	d := xml.NewDecoder(bytes.NewReader(content))
	var cell, paragraph []string
	depth := 0 // of tables
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch e := token.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "tbl":
				if depth++; depth == 1 {
					w.Tables = append(w.Tables, nil)
				}
			case "tr":
				if t := len(w.Tables) - 1; depth == 1 {
					w.Tables[t] = append(w.Tables[t], nil)
				}
			case "t", "instrText", "delText":
				var text string
				if err := d.DecodeElement(&text, &e); err != nil {
					return err
				}
				paragraph = append(paragraph, text)
			case "br", "cr":
				paragraph = append(paragraph, "\n")
			case "tab":
				paragraph = append(paragraph, "\t")
			case "pPr":
				if err := d.Skip(); err != nil { // has tabs of its own
					return err
				}
			}
		case xml.EndElement:
			switch e.Name.Local {
			case "p":
				text := strings.TrimPrefix(strings.Join(paragraph, ""), "\u00a0") // after an icon
				paragraph = nil
				if depth > 0 {
					cell = append(cell, text)
				} else if text != "" {
					w.Paragraphs = append(w.Paragraphs, text)
				}
			case "tc":
				if t := len(w.Tables) - 1; depth == 1 && len(w.Tables[t]) > 0 {
					r := len(w.Tables[t]) - 1
					w.Tables[t][r] = append(w.Tables[t][r], strings.Join(cell, "\n"))
					cell = nil
				}
			case "tbl":
				depth--
			}
		}
	}
}
