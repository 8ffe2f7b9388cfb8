package document

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"regexp"
	"strconv"

	"github.com/klauspost/compress/zlib"
)

// wholeDigest covers all of a PDF but how its streams were compressed: each
// object in its turn, and the table that leads to them. It is "" for a file that
// is not written as pdfFile does, such as one that another program has saved
// anew or added to. So strict a reading knows no second meaning: programs that
// show PDF files differ in which of two tables counts, or of two entries of one name.
func wholeDigest(file []byte) string {
	if !bytes.HasPrefix(file, []byte(pdfHead)) {
		return ""
	}
	r := wholeReader{file: file, at: len(pdfHead), places: make([]place, 1), sum: sha256.New(), left: maxWhole}
	for {
		last, err := r.object()
		if err != nil {
			return ""
		}
		if last {
			return hex.EncodeToString(r.sum.Sum(nil))
		}
	}
}

// maxWhole bounds what the streams of a PDF unpack to, in bytes.
const maxWhole = 512 << 20

// wholeReader reads the objects of a file one after the other.
type wholeReader struct {
	file   []byte
	at     int
	places []place // as the table must have them
	sum    hash.Hash
	left   int64 // bytes that may still be unpacked
}

var (
	errWhole   = errors.New("not as a PDF is written here")
	streamHead = regexp.MustCompile(`^([1-9][0-9]{0,6}) 0 obj\n<<`)
	lengthOf   = regexp.MustCompile(`/Length ([1-9][0-9]{0,8})`)
	packOf     = regexp.MustCompile(`^/Type/ObjStm/N ([0-9]+)/First ([0-9]+)/`)
	tableHead  = []byte("/Type/XRef/")
	idOf       = regexp.MustCompile(`/ID(\[<[0-9A-F]{32}><[0-9A-F]{32}>\])`)
)

// object reads a stream: what is none is packed in one. Last tells that it was
// the table, and that nothing stands behind it.
func (r *wholeReader) object() (last bool, err error) {
	rest := r.file[r.at:]
	m := streamHead.FindSubmatch(rest)
	ends := bytes.Index(rest, []byte("stream\n"))
	if m == nil || ends < len(m[0]) {
		return false, errWhole
	}
	n, _ := strconv.Atoi(string(m[1]))
	entries, body := rest[len(m[0]):ends], rest[ends+len("stream\n"):]
	lengths := lengthOf.FindAllSubmatchIndex(entries, -1)
	if len(lengths) != 1 {
		return false, errWhole
	}
	length, _ := strconv.Atoi(string(entries[lengths[0][2]:lengths[0][3]]))
	const end = "\nendstream\nendobj\n"
	if length > len(body) || !bytes.HasPrefix(body[length:], []byte(end)) {
		return false, errWhole
	}
	r.put(n, place{kind: 1, at: int64(r.at)})
	about := append(bytes.Clone(entries[:lengths[0][0]]), entries[lengths[0][1]:]...) // without its length
	after := r.at + ends + len("stream\n") + length + len(end)
	if bytes.HasPrefix(entries, tableHead) {
		return true, r.table(n, about, body[:length], after)
	}
	fmt.Fprintf(r.sum, "%d %d %s ", n, len(about), about)
	if err := r.content(n, about, body[:length]); err != nil {
		return false, err
	}
	r.at = after
	return false, nil
}

func (r *wholeReader) put(n int, p place) {
	for len(r.places) <= n {
		r.places = append(r.places, place{})
	}
	r.places[n] = p
}

// content takes in what a stream holds, and notes the objects that are packed in it.
func (r *wholeReader) content(n int, about, body []byte) error {
	if m := packOf.FindSubmatch(about); m != nil {
		text, err := r.unpacked(body)
		if err != nil {
			return err
		}
		count, _ := strconv.Atoi(string(m[1]))
		first, _ := strconv.Atoi(string(m[2]))
		numbers := bytes.Fields(text[:min(first, len(text))])
		if len(numbers) != 2*count {
			return errWhole
		}
		for i := range count {
			object, err := strconv.Atoi(string(numbers[2*i]))
			if err != nil || object < 1 || object > len(r.file) {
				return errWhole
			}
			r.put(object, place{kind: 2, at: int64(n), nth: i})
		}
		_, _ = r.sum.Write(text)
		return nil
	}
	if !bytes.Contains(about, []byte("FlateDecode")) {
		_, _ = r.sum.Write(body)
		return nil
	}
	return r.unpack(r.sum, body)
}

// table compares the table with where the objects stand, and the identifier of
// the file with its content.
func (r *wholeReader) table(n int, about, body []byte, after int) error {
	text, err := r.unpacked(body)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(r.file[:r.at])
	id := idOf.FindSubmatchIndex(about)
	if n != len(r.places)-1 || !bytes.Equal(text, tableOf(r.places)) || id == nil || string(about[id[2]:id[3]]) != identifier(sum[:]) ||
		string(r.file[after:]) != fmt.Sprintf("startxref\n%d\n%%%%EOF\n", r.at) {
		return errWhole
	}
	fmt.Fprintf(r.sum, "%d %s %s", n, about[:id[0]], about[id[1]:])
	return nil
}

func (r *wholeReader) unpacked(body []byte) ([]byte, error) {
	var b bytes.Buffer
	err := r.unpack(&b, body)
	return b.Bytes(), err
}

// unpack writes what a stream holds, and refuses one with something behind its end.
func (r *wholeReader) unpack(w io.Writer, body []byte) error {
	packed := bytes.NewReader(body)
	z, err := zlib.NewReader(packed)
	if err != nil {
		return err
	}
	n, err := io.Copy(w, io.LimitReader(z, r.left+1))
	r.left -= n
	if err == nil && (r.left < 0 || packed.Len() > 0) {
		err = errWhole
	}
	return err
}
