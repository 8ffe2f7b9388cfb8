package evidence

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// container is an office file: a zip of parts.
type container struct {
	parts  map[string]*zip.File // by their names in lower case
	budget *uint64              // bytes that may still be unpacked, with all containers inside
	depth  int
}

// officeKind tells a word processor's file from a spreadsheet, and refuses one
// that is unsound.
func officeKind(data []byte) (Kind, error) {
	budget := uint64(maxUnpacked)
	c, err := openContainer(data, &budget, 1)
	if err != nil {
		return "", err
	}
	return c.kind()
}

// openContainer checks the directory before anything is unpacked: archive/zip
// never gives more bytes than it declares.
func openContainer(data []byte, budget *uint64, depth int) (*container, error) {
	if len(data) < 22 || !bytes.Equal(data[len(data)-22:len(data)-18], []byte("PK\x05\x06")) {
		return nil, refuse(Damaged, errors.New("the directory does not end the file"), "Kind", "zip")
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	switch {
	case err != nil:
		return nil, refuse(Damaged, err, "Kind", "zip")
	case len(z.File) > maxParts || depth > maxDepth:
		return nil, refuse(Unpacks, nil)
	}
	c := &container{parts: map[string]*zip.File{}, budget: budget, depth: depth}
	for _, f := range z.File {
		if f.UncompressedSize64 > *budget {
			return nil, refuse(Unpacks, nil)
		}
		*budget -= f.UncompressedSize64
		name := strings.ToLower(f.Name)
		switch {
		case c.parts[name] != nil, strings.Contains(name, ".."), strings.HasPrefix(name, "/"), strings.ContainsAny(name, "\\\x00"), f.Mode()&^0o777 != 0 && !f.Mode().IsDir():
			return nil, refuse(Damaged, fmt.Errorf("part %q", f.Name), "Kind", "zip")
		case f.Flags&1 != 0:
			return nil, refuse(Encrypted, nil)
		case isMacro(name):
			return nil, refuse(Macros, nil)
		}
		c.parts[name] = f
	}
	for name, f := range c.parts {
		if err := c.checkPart(name, f); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// isMacro finds the parts in which Office (vbaProject.bin) and LibreOffice
// (Basic, Scripts) keep programs.
func isMacro(name string) bool {
	return path.Base(name) == "vbaproject.bin" || path.Base(name) == "vbadata.xml" ||
		strings.HasPrefix(name, "basic/") || strings.HasPrefix(name, "scripts/")
}

// checkPart looks at the beginning of a part: XML that declares a document
// type, parts that lie elsewhere, and containers within.
func (c *container) checkPart(name string, f *zip.File) error {
	r, err := f.Open()
	if err != nil {
		return refuse(Damaged, err, "Kind", "zip")
	}
	defer r.Close()
	switch ext := path.Ext(name); {
	case ext == ".rels":
		return checkRelations(r)
	case ext == ".xml":
		return checkProlog(xml.NewDecoder(r))
	}
	head := make([]byte, 4)
	if n, _ := io.ReadFull(r, head); n < 4 || string(head) != "PK\x03\x04" {
		return nil
	}
	rest, err := io.ReadAll(r)
	if err != nil {
		return refuse(Damaged, err, "Kind", "zip")
	}
	_, err = openContainer(append(head, rest...), c.budget, c.depth+1)
	return err
}

// checkProlog refuses a document type declaration before the first element:
// Office never writes one, and only attacks have a use for it.
func checkProlog(d *xml.Decoder) error {
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return refuse(Damaged, err, "Kind", "xml")
		}
		switch token.(type) {
		case xml.Directive:
			return refuse(Doctype, nil)
		case xml.StartElement:
			return nil
		}
	}
}

// checkRelations refuses parts that would be fetched from elsewhere when the
// file is opened, such as a template. A link to click on is none, nor the
// mention of another workbook, which is asked about first.
func checkRelations(r io.Reader) error {
	d := xml.NewDecoder(r)
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return refuse(Damaged, err, "Kind", "rels")
		}
		switch t := token.(type) {
		case xml.Directive:
			return refuse(Doctype, nil)
		case xml.StartElement:
			kind, mode := "", ""
			for _, a := range t.Attr {
				switch a.Name.Local {
				case "Type":
					kind = path.Base(a.Value)
				case "TargetMode":
					mode = a.Value
				}
			}
			if strings.EqualFold(mode, "External") && kind != "hyperlink" && kind != "externalLinkPath" {
				return refuse(FetchesMore, nil)
			}
		}
	}
}

// kind reads what the container says of itself: OpenDocument in the part
// mimetype, Office in the list of content types.
func (c *container) kind() (Kind, error) {
	if said, err := c.read("mimetype", 200); err != nil {
		return "", err
	} else if said != "" {
		manifest, err := c.read("meta-inf/manifest.xml", 4<<20)
		if err != nil {
			return "", err
		}
		if strings.Contains(manifest, "encryption-data") {
			return "", refuse(Encrypted, nil)
		}
		for _, k := range []Kind{ODT, ODS} {
			if said == mediaTypes[k] {
				return k, nil
			}
		}
		return "", nil
	}
	types, err := c.read("[content_types].xml", 4<<20)
	switch {
	case err != nil:
		return "", err
	case strings.Contains(types, "macroEnabled"):
		return "", refuse(Macros, nil)
	case strings.Contains(types, "wordprocessingml.document.main+xml") && c.parts["_rels/.rels"] != nil:
		return DOCX, nil
	case strings.Contains(types, "spreadsheetml.sheet.main+xml") && c.parts["_rels/.rels"] != nil:
		return XLSX, nil
	}
	return "", nil
}

// read gives a part of at most so many bytes; "" when there is none.
func (c *container) read(name string, most int64) (string, error) {
	f := c.parts[name]
	if f == nil {
		return "", nil
	}
	r, err := f.Open()
	if err != nil {
		return "", refuse(Damaged, err, "Kind", "zip")
	}
	defer r.Close()
	raw, err := io.ReadAll(io.LimitReader(r, most))
	if err != nil {
		return "", refuse(Damaged, err, "Kind", "zip")
	}
	return string(raw), nil
}
