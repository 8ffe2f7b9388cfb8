package document

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"time"
)

var (
	startOfTable = regexp.MustCompile(`startxref\s+(\d+)\s+%%EOF\s*$`)
	tableSection = regexp.MustCompile(`^(\d+) (\d+)\s*\n`)
	moment       = regexp.MustCompile(`/(CreationDate|ModDate)\(D:[^)]*\)`)
	identifier   = regexp.MustCompile(`/ID\s*\[\s*<[0-9A-Fa-f]*>\s*<[0-9A-Fa-f]*>\s*\]`)
)

var errTable = errors.New("the table of objects is not as expected")

// writeStable writes a PDF anew so that the same document gives the same bytes:
// its objects in the order of their numbers, its times those of the document, and
// an identifier from its content. The library that tags it writes objects as it
// meets them, with the time of the day.
func writeStable(w io.Writer, pdf []byte, created time.Time) error {
	m := startOfTable.FindSubmatch(pdf)
	if m == nil {
		return errTable
	}
	table, err := strconv.Atoi(string(m[1]))
	if err != nil || table >= len(pdf) {
		return errTable
	}
	offsets, trailer, err := readTable(pdf[table:])
	if err != nil {
		return err
	}
	order := slices.Collect(func(yield func(int) bool) {
		for n := range offsets {
			if !yield(n) {
				return
			}
		}
	})
	slices.Sort(order)
	ends := slices.Sorted(slices.Values(append(values(offsets), table)))
	var b bytes.Buffer
	b.Write(pdf[:ends[0]])
	at := map[int]int{}
	stamp := created.UTC().Format("20060102150405+00'00'")
	for _, n := range order {
		i, _ := slices.BinarySearch(ends, offsets[n])
		object := pdf[offsets[n]:ends[i+1]]
		if moment.Match(object) {
			object = moment.ReplaceAll(object, []byte("/${1}(D:"+stamp+")"))
		}
		at[n] = b.Len()
		b.Write(object)
	}
	sum := sha256.Sum256(b.Bytes())
	trailer = identifier.ReplaceAll(trailer, fmt.Appendf(nil, "/ID[<%X> <%[1]X>]", sum[:16]))
	start := b.Len()
	last := order[len(order)-1]
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", last+1)
	for n := 1; n <= last; n++ {
		if offset, used := at[n]; used {
			fmt.Fprintf(&b, "%010d 00000 n \n", offset)
		} else {
			b.WriteString("0000000000 65535 f \n")
		}
	}
	fmt.Fprintf(&b, "%s\nstartxref\n%d\n%%%%EOF\n", bytes.TrimSpace(trailer), start)
	_, err = w.Write(b.Bytes())
	return err
}

func values(m map[int]int) (list []int) {
	for _, v := range m {
		list = append(list, v)
	}
	return list
}

// readTable reads a table of objects: where each one in use begins; and the trailer behind it.
func readTable(text []byte) (offsets map[int]int, trailer []byte, err error) {
	offsets = map[int]int{}
	rest, found := bytes.CutPrefix(text, []byte("xref"))
	if !found {
		return nil, nil, errTable
	}
	rest = bytes.TrimLeft(rest, "\r\n ")
	for {
		m := tableSection.FindSubmatch(rest)
		if m == nil {
			break
		}
		rest = rest[len(m[0]):]
		first, _ := strconv.Atoi(string(m[1]))
		count, _ := strconv.Atoi(string(m[2]))
		if count*20 > len(rest) {
			return nil, nil, errTable
		}
		for i := range count {
			line := rest[i*20 : (i+1)*20]
			if line[17] != 'n' {
				continue
			}
			if offsets[first+i], err = strconv.Atoi(string(line[:10])); err != nil {
				return nil, nil, errTable
			}
		}
		rest = bytes.TrimLeft(rest[count*20:], "\r\n ")
	}
	end := bytes.LastIndex(rest, []byte("startxref"))
	if !bytes.HasPrefix(rest, []byte("trailer")) || end < 0 || len(offsets) == 0 {
		return nil, nil, errTable
	}
	return offsets, rest[:end], nil
}
