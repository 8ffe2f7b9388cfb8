package document

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/klauspost/compress/zlib"
)

// pdfFile writes the objects of a PDF one after the other (ISO 32000-1, 7.5): what
// is no stream is packed, many together, into object streams, since the structure
// of a long table has more objects than it has words. The same objects in the same
// order give the same bytes: the identifier of the file comes from its content.
type pdfFile struct {
	w       io.Writer
	sum     hash.Hash
	written int64
	places  []place // by number
	packed  []int   // numbers of what waits in pack
	pack    bytes.Buffer
	squeeze *zlib.Writer
	small   bytes.Buffer // the compressed stream in the making
	err     error
}

// place is where an object stands: at an offset, or in an object stream.
type place struct {
	kind byte  // 0 nowhere, 1 at, 2 in the object stream of this number
	at   int64 // offset, or number
	nth  int   // in the object stream
}

// packSize is how many objects an object stream holds.
const packSize = 200

func newPDFFile(w io.Writer) *pdfFile {
	f := &pdfFile{w: w, sum: sha256.New(), places: make([]place, 1)}
	f.squeeze, f.err = zlib.NewWriterLevel(io.Discard, zlib.BestSpeed)
	f.write([]byte(pdfHead))
	return f
}

// pdfHead begins every file; the second line tells other programs that it is no text.
const pdfHead = "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"

func (f *pdfFile) write(text []byte) {
	if f.err != nil {
		return
	}
	f.sum.Write(text)
	n, err := f.w.Write(text)
	f.written, f.err = f.written+int64(n), err
}

// number gives a number to an object that is still to be written.
func (f *pdfFile) number() int {
	f.places = append(f.places, place{})
	return len(f.places) - 1
}

// numbers gives away the first so many numbers.
func (f *pdfFile) numbers(n int) { f.places = append(f.places, make([]place, n)...) }

// object writes an object that is no stream.
func (f *pdfFile) object(n int, body []byte) {
	f.packed = append(f.packed, n, f.pack.Len())
	f.pack.Write(body)
	f.pack.WriteByte('\n')
	if len(f.packed) == 2*packSize {
		f.flush()
	}
}

// flush writes the object stream that was packed.
func (f *pdfFile) flush() {
	if len(f.packed) == 0 {
		return
	}
	stream := f.number()
	var content bytes.Buffer
	for i := 0; i < len(f.packed); i += 2 {
		f.places[f.packed[i]] = place{kind: 2, at: int64(stream), nth: i / 2}
		fmt.Fprintf(&content, "%d %d ", f.packed[i], f.packed[i+1])
	}
	entries := fmt.Sprintf("/Type/ObjStm/N %d/First %d", len(f.packed)/2, content.Len())
	content.Write(f.pack.Bytes())
	f.stream(stream, entries, content.Bytes())
	f.packed = f.packed[:0]
	f.pack.Reset()
}

// stream writes a stream with these entries, compressed.
func (f *pdfFile) stream(n int, entries string, content []byte) {
	f.small.Reset()
	f.squeeze.Reset(&f.small)
	if _, err := f.squeeze.Write(content); err != nil && f.err == nil {
		f.err = err
	}
	if err := f.squeeze.Close(); err != nil && f.err == nil {
		f.err = err
	}
	f.raw(n, fmt.Appendf(nil, "<<%s/Filter/FlateDecode/Length %d>>\nstream\n", entries, f.small.Len()), f.small.Bytes(), []byte("\nendstream"))
}

// raw writes an object as it is, in parts.
func (f *pdfFile) raw(n int, parts ...[]byte) {
	f.places[n] = place{kind: 1, at: f.written}
	f.write(fmt.Appendf(nil, "%d 0 obj\n", n))
	for _, p := range parts {
		f.write(p)
	}
	f.write([]byte("\nendobj\n"))
}

// finish writes where everything stands.
func (f *pdfFile) finish(root, info int) error {
	f.flush()
	n, start := f.number(), f.written
	f.places[n] = place{kind: 1, at: start}
	entries := fmt.Sprintf("/Type/XRef/Size %d/W[1 4 2]/Root %d 0 R/Info %d 0 R/ID%s", len(f.places), root, info, identifier(f.sum.Sum(nil)))
	f.stream(n, entries, tableOf(f.places))
	f.write(fmt.Appendf(nil, "startxref\n%d\n%%%%EOF\n", start))
	return f.err
}

// identifier names a file by the SHA-256 of what stands before the last object.
func identifier(sum []byte) string { return fmt.Sprintf("[<%X><%[1]X>]", sum[:16]) }

// tableOf writes where each object stands, in 1, 4 and 2 bytes.
func tableOf(places []place) []byte {
	table := make([]byte, 0, (1+4+2)*len(places))
	for _, p := range places {
		table = append(table, p.kind)
		table = binary.BigEndian.AppendUint32(table, uint32(p.at))
		table = binary.BigEndian.AppendUint16(table, uint16(p.nth))
	}
	return table
}

// pdfText writes a text as an object.
func pdfText(text string) string {
	var b strings.Builder
	b.WriteString("<FEFF")
	for _, unit := range utf16.Encode([]rune(text)) {
		fmt.Fprintf(&b, "%04X", unit)
	}
	return b.String() + ">"
}

func pdfTime(at time.Time) string { return "(D:" + at.UTC().Format("20060102150405") + "Z)" }

// drawnObject is an object of a file that was drawn. Content is that of a stream
// which is not compressed yet; nil for what is no stream, or is ready to be written.
type drawnObject struct {
	body    []byte // without number and end
	content []byte
	ready   bool // a stream with its filter
}

var errDrawn = errors.New("the drawn pages are not as expected")

// drawnObjects finds the objects in what fpdf writes, by their numbers from 1: a
// table of them stands at the end, and the last two are the information and the catalog.
func drawnObjects(pdf []byte) ([]drawnObject, error) {
	var at, count int
	if i := bytes.LastIndex(pdf, []byte("startxref\n")); i < 0 {
		return nil, errDrawn
	} else if _, err := fmt.Sscanf(string(pdf[i:]), "startxref\n%d", &at); err != nil || at > len(pdf) {
		return nil, errDrawn
	}
	table := pdf[at:]
	if _, err := fmt.Sscanf(string(table[:min(len(table), 40)]), "xref\n0 %d\n", &count); err != nil {
		return nil, errDrawn
	}
	table = table[len(fmt.Sprintf("xref\n0 %d\n", count)):]
	const line = 20
	if count < 3 || len(table) < count*line {
		return nil, errDrawn
	}
	offsets := make([]int, count)
	for n := 1; n < count; n++ {
		if _, err := fmt.Sscanf(string(table[n*line:n*line+10]), "%d", &offsets[n]); err != nil || offsets[n] >= at {
			return nil, errDrawn
		}
	}
	ends := slices.Sorted(slices.Values(append(offsets[1:len(offsets):len(offsets)], at)))
	objects := make([]drawnObject, count)
	for n := 1; n < count; n++ {
		i, _ := slices.BinarySearch(ends, offsets[n])
		body, starts := bytes.CutPrefix(pdf[offsets[n]:ends[i+1]], fmt.Appendf(nil, "%d 0 obj\n", n))
		body, stops := bytes.CutSuffix(body, []byte("endobj\n"))
		if !starts || !stops {
			return nil, errDrawn
		}
		objects[n] = drawn(bytes.TrimSuffix(body, []byte("\n")))
	}
	return objects, nil
}

func drawn(body []byte) drawnObject {
	whole, isStream := bytes.CutSuffix(body, []byte("\nendstream"))
	head, content, _ := bytes.Cut(whole, []byte("stream\n"))
	switch {
	case !isStream:
		return drawnObject{body: body}
	case bytes.Contains(head, []byte("/Filter")):
		return drawnObject{body: body, ready: true}
	default:
		return drawnObject{body: head, content: content}
	}
}
