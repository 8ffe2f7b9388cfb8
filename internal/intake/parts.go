package intake

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"path"
	"strings"
)

// Parts opens a file of Office, a docx or xlsx as kind says, and gives its parts
// by their names in small letters, within MaxUnpacked, MaxPart and MaxParts. One
// with macros is refused, also when only its words are wanted. The sizes that the
// zip directory declares are a true bound: archive/zip never gives more. The error
// is a *Refusal.
func Parts(data []byte, kind string) (map[string]*zip.File, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, Refuse(Damaged, err, "Kind", kind)
	}
	if len(z.File) > MaxParts {
		return nil, Refuse(UnpacksTooLarge, nil)
	}
	parts, sum := map[string]*zip.File{}, uint64(0)
	for _, f := range z.File {
		sum += f.UncompressedSize64
		if f.UncompressedSize64 > MaxPart || sum > MaxUnpacked {
			return nil, Refuse(UnpacksTooLarge, nil)
		}
		name := strings.ToLower(f.Name)
		if parts[name] != nil || strings.Contains(name, "..") || strings.HasPrefix(name, "/") || strings.Contains(name, `\`) {
			return nil, Refuse(Damaged, fmt.Errorf("part %q", f.Name), "Kind", kind)
		}
		parts[name] = f
	}
	for name, f := range parts {
		if path.Base(name) == "vbaproject.bin" {
			return nil, Refuse(Macros, nil, "Kind", kind)
		}
		if err := refuseDoctype(name, f, kind); err != nil {
			return nil, err
		}
	}
	return parts, nil
}

// refuseDoctype refuses a document type declaration in any XML part: Office
// never writes one, and only attacks have a use for it.
func refuseDoctype(name string, f *zip.File, kind string) error {
	if ext := path.Ext(name); ext != ".xml" && ext != ".rels" {
		return nil
	}
	r, err := f.Open()
	if err != nil {
		return Refuse(Damaged, err, "Kind", kind)
	}
	defer r.Close()
	head, err := io.ReadAll(io.LimitReader(r, 4096))
	if err != nil {
		return Refuse(Damaged, err, "Kind", kind)
	}
	if bytes.Contains(bytes.ToUpper(head), []byte("<!DOCTYPE")) {
		return Refuse(Doctype, nil, "Part", name)
	}
	return nil
}
