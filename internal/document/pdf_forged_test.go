package document

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// revised adds a revision to a PDF (ISO 32000-1, 7.5.6) in which some objects are others.
func revised(t testing.TB, file []byte, objects map[int]string) []byte {
	t.Helper()
	number := func(pattern string) int {
		all := regexp.MustCompile(pattern).FindAllSubmatch(file, -1)
		n, err := strconv.Atoi(string(all[len(all)-1][1]))
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	size, root, info, before := number(`/Size (\d+)/W`), number(`/Root (\d+) 0 R`), number(`/Info (\d+) 0 R`), number(`startxref\n(\d+)`)
	out := bytes.Clone(file)
	var index, table []byte
	line := func(n int) {
		index = fmt.Appendf(index, "%d 1 ", n)
		table = binary.BigEndian.AppendUint32(append(table, 1), uint32(len(out)))
	}
	for _, n := range slices.Sorted(maps.Keys(objects)) {
		line(n)
		out = fmt.Appendf(out, "%d 0 obj\n%s\nendobj\n", n, objects[n])
	}
	start := len(out)
	line(size)
	return fmt.Appendf(out, "%d 0 obj\n<</Type/XRef/Size %d/W[1 4 0]/Index[%s]/Root %d 0 R/Info %d 0 R/Prev %d/Length %d>>\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n",
		size, size+1, index, root, info, before, len(table), table, start)
}

// What programs show of a PDF hangs on more than the operators of its pages:
// measures that they inherit, fonts, scripts, the words for a screen reader.
func TestAForgedPDFIsNoLongerTheSame(t *testing.T) {
	file := pdfOf(t, sample())
	genuine, err := ReadPDF(file)
	if err != nil {
		t.Fatal(err)
	}
	ctx, _ := structure(t, file)
	find := func(mark string) (n int, text string) {
		for _, n := range slices.Sorted(maps.Keys(ctx.Table)) {
			object, _ := ctx.Dereference(*types.NewIndirectRef(n, 0))
			if d, ok := object.(types.Dict); ok && strings.Contains(d.PDFString(), mark) {
				return n, d.PDFString()
			}
		}
		t.Fatalf("no object has %s", mark)
		return 0, ""
	}
	with := func(mark, more string) map[int]string {
		n, text := find(mark)
		return map[int]string{n: strings.TrimSuffix(text, ">>") + more + ">>"}
	}
	for name, objects := range map[string]map[int]string{
		"pages that are cut off":    with("/Type/Pages", "/CropBox[0 420 841 595]"),
		"pages that are turned":     with("/Type/Pages", "/Rotate 180"),
		"a script":                  with("/Type/Catalog", `/OpenAction<</S/JavaScript/JS(app.alert\(1\))>>`),
		"words for a screen reader": with("/S/TD", "/ActualText(99 %)"),
		"letters of another width":  with("/FontDescriptor", "/DW 9"),
		"other properties":          with("/Producer", "/Subject(Goedgekeurd)"),
		"a second revision":         with("/Type/Pages", ""),
	} {
		forged := revised(t, file, objects)
		got, err := ReadPDF(forged)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got.Whole == genuine.Whole {
			t.Errorf("%s: the same PDF", name)
		}
	}
	for name, forged := range map[string][]byte{
		"something behind":           append(bytes.Clone(file), "% more\n"...),
		"another place of an object": bytes.Replace(file, []byte("1 0 obj"), []byte("2 0 obj"), 1),
		"another identifier":         regexp.MustCompile(`/ID\[<..`).ReplaceAll(file, []byte("/ID[<00")),
	} {
		if got := wholeDigest(forged); got == genuine.Whole {
			t.Errorf("%s: the same PDF", name)
		}
	}
}
