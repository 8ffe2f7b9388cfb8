package evidence

import (
	"archive/zip"
	"bytes"
	"strconv"
	"strings"

	"github.com/gabriel-vasile/mimetype"
)

// Judge decides whether a file may be kept as evidence. It gives the content
// to keep: that of a picture comes without what it says of place and device.
// The error is a *Refusal.
func Judge(name string, data []byte) (Kind, []byte, error) {
	switch {
	case len(data) == 0:
		return "", nil, refuse(Empty, nil)
	case len(data) > MaxSize:
		return "", nil, refuse(TooLarge, nil, "Limit", strconv.Itoa(MaxSize>>20))
	}
	promised, ok := kindOfName(name)
	if !ok {
		return "", nil, refuse(Unsupported, nil, "Name", name)
	}
	found, err := sniff(data)
	if err != nil {
		return "", nil, err
	}
	if found == TXT && promised == CSV {
		found = CSV // both are text
	}
	if found != promised {
		return "", nil, refuse(OtherKind, nil, "Name", name, "Kind", string(promised))
	}
	switch found {
	case PDF:
		err = checkPDF(data)
	case PNG:
		data, err = cleanPNG(data)
	case JPG:
		data, err = cleanJPEG(data)
	}
	if err != nil {
		return "", nil, err
	}
	return found, data, nil
}

var (
	compound = []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") // Office before 2007, and any Office file with a password
	// the name of the stream that holds a file with a password, in UTF-16
	lockedPackage = []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00")
)

// sniff tells the kind by the content; "" for what is none of ours. An office
// file is looked into, since all of them begin alike.
func sniff(data []byte) (Kind, error) {
	if bytes.HasPrefix(data, compound) {
		if bytes.Contains(data, lockedPackage) {
			return "", refuse(Encrypted, nil)
		}
		return "", nil
	}
	m := mimetype.Detect(data)
	switch {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return officeKind(data)
	case m.Is("application/pdf"):
		return PDF, nil
	case m.Is("image/png"):
		return PNG, nil
	case m.Is("image/jpeg"):
		return JPG, nil
	}
	for ; m != nil; m = m.Parent() {
		switch {
		case m.Is("text/html"), m.Is("text/xml"), m.Is("image/svg+xml"), m.Is("text/rtf"):
			return "", nil // a program would read it as more than text
		case m.Is("text/plain"):
			return TXT, nil
		}
	}
	return "", nil
}

// checkPDF wants a PDF from its first byte to its last (ISO 32000-1, 7.5.5).
// What it does when it is opened is the reader's: it is only ever downloaded.
func checkPDF(data []byte) error {
	if !bytes.HasPrefix(data, []byte("%PDF-1.")) && !bytes.HasPrefix(data, []byte("%PDF-2.")) {
		return refuse(Damaged, nil, "Kind", "pdf")
	}
	end := bytes.LastIndex(data, []byte("%%EOF"))
	switch {
	case end < 0:
		return refuse(Incomplete, nil, "Kind", "pdf")
	case strings.Trim(string(data[end+5:]), "\r\n\t \x00") != "":
		return refuse(MoreBehind, nil, "Kind", "pdf")
	}
	if _, err := zip.NewReader(bytes.NewReader(data), int64(len(data))); err == nil {
		return refuse(MoreBehind, nil, "Kind", "pdf") // two files in one
	}
	return nil
}
