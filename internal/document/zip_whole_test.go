package document

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"hash/crc32"
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
		"a part with a second name": named(t, file, z.File[0].Name, "word/other.xml"),
		"no zip":                    []byte("PK\x03\x04"),
	} {
		if WholeZip(other) {
			t.Errorf("%s: nothing beside its parts", name)
		}
	}
}

// named packs a zip anew with a second name for a part, which some programs prefer (APPNOTE.TXT 4.6.9).
func named(t *testing.T, file []byte, part, second string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range z.File {
		if f.Name == part {
			field := binary.LittleEndian.AppendUint16(nil, 0x7075)
			field = binary.LittleEndian.AppendUint16(field, uint16(5+len(second)))
			field = binary.LittleEndian.AppendUint32(append(field, 1), crc32.ChecksumIEEE([]byte(part)))
			f.Extra = append(f.Extra, append(field, second...)...)
		}
		if err := w.Copy(f); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
