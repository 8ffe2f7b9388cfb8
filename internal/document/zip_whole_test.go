package document

import (
	"archive/zip"
	"bytes"
	"testing"
)

func TestAZipHoldsNothingBesideItsParts(t *testing.T) {
	var b bytes.Buffer
	if err := WriteDOCX(&b, sample()); err != nil {
		t.Fatal(err)
	}
	file := b.Bytes()
	if !WholeZip(file) {
		t.Fatal("a text document of ours holds more than its parts")
	}
	var book bytes.Buffer
	if err := WriteXLSX(&book, sample()); err != nil {
		t.Fatal(err)
	}
	if !WholeZip(book.Bytes()) {
		t.Error("a workbook of ours holds more than its parts")
	}
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	packed := func(begin func(*zip.Writer) error) []byte {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		if err := begin(w); err != nil {
			t.Fatal(err)
		}
		for _, f := range z.File {
			if err := w.Copy(f); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	if !WholeZip(packed(func(*zip.Writer) error { return nil })) {
		t.Error("packed anew it holds more than its parts")
	}
	for name, other := range map[string][]byte{
		"a PDF before it":   append(pdfOf(t, sample()), file...),
		"something behind":  append(bytes.Clone(file), "<html>"...),
		"a comment":         packed(func(w *zip.Writer) error { return w.SetComment("<html>") }),
		"another zip in it": append(bytes.Clone(file), file...),
		"a PDF in a header": packed(func(w *zip.Writer) error {
			_, err := w.CreateHeader(&zip.FileHeader{Name: "x", Extra: append([]byte{0xfe, 0xca, 8, 0}, "%PDF-1.7"...)})
			return err
		}),
		"no zip": []byte("PK\x03\x04"),
	} {
		if WholeZip(other) {
			t.Errorf("%s: nothing beside its parts", name)
		}
	}
}
