package evidence

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"runtime"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// part is one entry of an office file for a test.
type part struct{ name, text string }

// packed makes a zip of parts in their order.
func packed(t testing.TB, parts ...part) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range parts {
		w, err := z.Create(p.name)
		if err == nil {
			_, err = w.Write([]byte(p.text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const types = `<?xml version="1.0"?><Types><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`

// word makes a small document with further parts.
func word(t testing.TB, more ...part) []byte {
	return packed(t, append([]part{{"[Content_Types].xml", types}, {"_rels/.rels", "<Relationships/>"}, {"word/document.xml", "<w:document/>"}}, more...)...)
}

func sheet(t testing.TB, more ...part) []byte {
	return packed(t, append([]part{{"[Content_Types].xml", strings.ReplaceAll(types, "wordprocessingml.document", "spreadsheetml.sheet")}, {"_rels/.rels", "<Relationships/>"}}, more...)...)
}

func openDocument(t testing.TB, kind Kind, more ...part) []byte {
	return packed(t, append([]part{{"mimetype", mediaTypes[kind]}, {"META-INF/manifest.xml", "<manifest/>"}, {"content.xml", "<office:document-content/>"}}, more...)...)
}

func pngOf(t testing.TB, size int) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, size, size))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// hugePNG declares many pixels in a small file.
func hugePNG(t testing.TB, side uint32) []byte {
	raw := pngOf(t, 4)
	binary.BigEndian.PutUint32(raw[16:], side)
	binary.BigEndian.PutUint32(raw[20:], side)
	binary.BigEndian.PutUint32(raw[29:], crc32.ChecksumIEEE(raw[12:29]))
	return raw
}

func jpegOf(t testing.TB) []byte {
	m := image.NewRGBA(image.Rect(0, 0, 32, 32))
	for i := range 32 {
		m.Set(i, i, color.White)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withExif adds what a telephone writes: how it was held, and where.
func withExif(raw []byte) []byte {
	tiff := "II*\x00\x08\x00\x00\x00\x02\x00" + "\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00" + "\x25\x88\x04\x00\x01\x00\x00\x00\x26\x00\x00\x00" + "\x00\x00\x00\x00" + "GPS 50.8503N 4.3517E"
	segment := exifHead + tiff
	head := []byte{0xFF, 0xD8, 0xFF, 0xE1, byte((len(segment) + 2) >> 8), byte(len(segment) + 2)}
	return append(append(head, segment...), raw[2:]...)
}

const aPDF = "%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\nstartxref\n0\n%%EOF\n"

func TestFilesAreJudgedByNameContentAndStructure(t *testing.T) {
	bomb := packed(t, part{"[Content_Types].xml", types}, part{"word/a.bin", strings.Repeat("\x00", 60<<20)}, part{"word/b.bin", strings.Repeat("\x00", 60<<20)})
	nested := string(sheet(t))
	for range 6 {
		nested = string(packed(t, part{"[Content_Types].xml", types}, part{"inner.zip", nested}))
	}
	many := make([]part, 2_001)
	for i := range many {
		many[i].name = fmt.Sprintf("word/%d.xml", i)
	}
	locked := string(compound) + strings.Repeat("\x00", 600) + string(lockedPackage)
	rel := func(kind, target string) part {
		return part{"word/_rels/document.xml.rels", `<Relationships><Relationship Type="http://x/` + kind + `" Target="` + target + `" TargetMode="External"/></Relationships>`}
	}
	for _, c := range []struct {
		what, name string
		data       []byte
		want       string // the kind, or the reason of the refusal
	}{
		{"document", "verslag.docx", word(t), "docx"},
		{"workbook", "cijfers.XLSX", sheet(t), "xlsx"},
		{"text of OpenDocument", "verslag.odt", openDocument(t, ODT), "odt"},
		{"sheet of OpenDocument", "cijfers.ods", openDocument(t, ODS), "ods"},
		{"pdf", "verslag.pdf", []byte(aPDF), "pdf"},
		{"pdf with a script", "verslag.pdf", []byte(strings.Replace(aPDF, "<<>>", "<</OpenAction<</S/JavaScript/JS(app.alert)>>>>", 1)), "pdf"},
		{"png", "foto.png", pngOf(t, 8), "png"},
		{"jpg", "foto.jpeg", jpegOf(t), "jpg"},
		{"text", "nota.txt", []byte("Neem twee eieren."), "txt"},
		{"text with a mark", "nota.txt", []byte("\xef\xbb\xbfNeem twee eieren."), "txt"},
		{"csv", "lijst.csv", []byte("a;b\n1;2\n"), "csv"},
		{"csv of one column", "lijst.csv", []byte("een\ntwee\n"), "csv"},
		{"link to click on", "verslag.docx", word(t, rel("hyperlink", "https://example.org")), "docx"},
		{"workbook in a document", "verslag.docx", word(t, part{"word/embeddings/a.xlsx", string(sheet(t))}), "docx"},

		{"nothing", "verslag.pdf", nil, Empty},
		{"one byte too many", "nota.txt", bytes.Repeat([]byte("a"), MaxSize+1), TooLarge},
		{"program", "x.exe", []byte("MZ"), Unsupported},
		{"two extensions", "x.pdf.exe", []byte(aPDF), Unsupported},
		{"no extension", "htaccess", []byte("Deny from all"), Unsupported},
		{"gif", "x.gif", []byte("GIF89a<script>"), Unsupported},
		{"gif named png", "x.png", []byte("GIF89a<script>"), OtherKind},
		{"svg", "x.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), Unsupported},
		{"svg named txt", "x.txt", []byte(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), OtherKind},
		{"html named txt", "x.txt", []byte(`<!DOCTYPE html><html><script>alert(1)</script>`), OtherKind},
		{"script named csv", "x.csv", []byte(`<script>alert(1)</script>`), OtherKind},
		{"text named pdf", "x.pdf", []byte("Neem twee eieren."), OtherKind},
		{"program named pdf", "x.pdf", append([]byte("MZ\x90\x00\x03"), make([]byte, 200)...), OtherKind},
		{"document named xlsx", "x.xlsx", word(t), OtherKind},
		{"zip named docx", "x.docx", packed(t, part{"a.txt", "a"}), OtherKind},
		{"docx named odt", "x.odt", word(t), OtherKind},
		{"drawing of OpenDocument", "x.odt", packed(t, part{"mimetype", "application/vnd.oasis.opendocument.graphics"}), OtherKind},
		{"UTF-16 text without a mark", "x.txt", []byte("a\x00b\x00c\x00"), OtherKind},
		{"pdf behind junk", "x.pdf", []byte(strings.Repeat("x", 2000) + aPDF), OtherKind},
		{"pdf cut off", "x.pdf", []byte(aPDF[:20]), Incomplete},
		{"pdf with more behind", "x.pdf", []byte(aPDF + "<script>alert(1)</script>"), MoreBehind},
		{"pdf and zip in one", "x.pdf", append([]byte(aPDF), packed(t, part{"%%EOF", "a"})...), MoreBehind},
		{"zip whose comment ends as a pdf", "x.docx", append(word(t), "%%EOF"...), Damaged},
		{"zip bomb", "x.docx", bomb, Unpacks},
		{"six nested zips", "x.docx", []byte(nested), Unpacks},
		{"2,001 parts", "x.docx", word(t, many...), Unpacks},
		{"document type", "x.docx", word(t, part{"word/x.xml", `<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>`}), Doctype},
		{"document type behind 100 kB", "x.docx", word(t, part{"word/x.xml", "<!--" + strings.Repeat("x", 100_000) + `--><!DOCTYPE a [<!ENTITY b "c">]><a/>`}), Doctype},
		{"document type in relations", "x.docx", word(t, part{"word/_rels/x.rels", `<!DOCTYPE a><a/>`}), Doctype},
		{"template elsewhere", "x.docx", word(t, rel("attachedTemplate", "http://169.254.169.254/")), FetchesMore},
		{"picture elsewhere", "x.docx", word(t, rel("image", "http://evil.example/x.png")), FetchesMore},
		{"steps up", "x.docx", word(t, part{"../../x", "a"}), Damaged},
		{"absolute part", "x.docx", word(t, part{"/etc/passwd", "a"}), Damaged},
		{"backslash part", "x.docx", word(t, part{`word\x.xml`, "a"}), Damaged},
		{"part twice", "x.docx", word(t, part{"word/DOCUMENT.xml", "<a/>"}), Damaged},
		{"macro", "x.docx", word(t, part{"word/vbaProject.bin", "a"}), Macros},
		{"macro by its type", "x.docx", packed(t, part{"[Content_Types].xml", strings.ReplaceAll(types, "openxmlformats-officedocument.wordprocessingml", "ms-word.document.macroEnabled")}), Macros},
		{"macro of LibreOffice", "x.odt", openDocument(t, ODT, part{"Basic/Standard/Module1.xml", "<a/>"}), Macros},
		{"password", "x.docx", []byte(locked), Encrypted},
		{"password of OpenDocument", "x.odt", packed(t, part{"mimetype", mediaTypes[ODT]}, part{"META-INF/manifest.xml", "<manifest:encryption-data/>"}), Encrypted},
		{"Word before 2007", "x.docx", append(bytes.Clone(compound), make([]byte, 600)...), OtherKind},
		{"zip cut off", "x.docx", word(t)[:200], Damaged},
		{"broken XML", "x.docx", word(t, part{"word/x.xml", "<<<"}), Damaged},
		{"30,000 by 30,000 points", "x.png", hugePNG(t, 30_000), Pixels},
		{"no points", "x.png", hugePNG(t, 0), Damaged},
		{"png cut off", "x.png", pngOf(t, 64)[:80], Incomplete},
		{"png with more behind", "x.png", append(pngOf(t, 8), "PK\x03\x04"...), MoreBehind},
		{"png with a wrong sum", "x.png", func() []byte { b := pngOf(t, 8); b[30] ^= 1; return b }(), Damaged},
		{"jpg cut off", "x.jpg", jpegOf(t)[:300], Incomplete},
		{"jpg without a picture", "x.jpg", []byte{0xFF, 0xD8, 0xFF, 0xE0, 0, 2, 0xFF, 0xD9}, Damaged},
	} {
		kind, content, err := Judge(c.name, c.data)
		got := string(kind)
		var r *Refusal
		if errors.As(err, &r) {
			got = r.Code
			if content != nil || kind != "" {
				t.Errorf("%s: refused, and given all the same", c.what)
			}
		}
		if got != c.want {
			t.Errorf("%s: %s (%v), want %s", c.what, got, err, c.want)
		}
	}
}

func TestFilesOfOtherProgramsAreTaken(t *testing.T) {
	for _, name := range []string{"letter.docx", "flow.docx", "letter.pdf", "flow.pdf", "encrypted.pdf", "actiris-a4-eerste-lijn.nl.txt"} {
		raw, err := os.ReadFile("../letter/testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if _, kept, err := Judge(name, raw); err != nil || !bytes.Equal(kept, raw) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPicturesTellNoPlace(t *testing.T) {
	plain := jpegOf(t)
	phone := append(withExif(plain), "MotionPhoto_Data 50.8503N"...)
	_, got, err := Judge("foto.jpg", phone)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(got, []byte("50.8503N")) || orientation(got[6:]) != 6 {
		t.Errorf("the place is told, or how it was held is lost: %q", got[:60])
	}
	m, err := jpeg.Decode(bytes.NewReader(got))
	if err != nil {
		t.Fatalf("it is no picture any more: %v", err)
	}
	want, _ := jpeg.Decode(bytes.NewReader(plain))
	if m.Bounds() != want.Bounds() || m.At(5, 5) != want.At(5, 5) {
		t.Error("it is another picture")
	}
	_, again, err := Judge("foto.jpg", got)
	if err != nil || !bytes.Equal(again, got) {
		t.Errorf("judged again it is another file: %v", err)
	}

	text := "tEXtLocation\x00Brussels"
	raw := pngOf(t, 8)
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(text)-4))
	chunk = binary.BigEndian.AppendUint32(append(chunk, text...), crc32.ChecksumIEEE([]byte(text)))
	raw = append(raw[:33:33], append(chunk, raw[33:]...)...)
	_, got, err = Judge("foto.png", raw)
	if err != nil || bytes.Contains(got, []byte("Brussels")) {
		t.Fatalf("the place is told: %v", err)
	}
	if _, err := png.Decode(bytes.NewReader(got)); err != nil {
		t.Error(err)
	}
}

// A small file cannot make the judge unpack a large one.
func TestJudgingStaysSmall(t *testing.T) {
	bomb := packed(t, part{"[Content_Types].xml", types}, part{"a.bin", strings.Repeat("\x00", 99<<20)})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, _, err := Judge("x.docx", bomb); err == nil {
		t.Error("it is taken")
	}
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 8<<20 {
		t.Errorf("%d MB to judge %d kB", grown>>20, len(bomb)>>10)
	}
}

func FuzzJudge(f *testing.F) {
	for _, seed := range [][]byte{[]byte(aPDF), jpegOf(f), withExif(jpegOf(f)), pngOf(f, 4), word(f), sheet(f), openDocument(f, ODT), []byte("a;b")} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, k := range Kinds {
			kind, content, err := Judge("x."+string(k), data)
			var r *Refusal
			switch {
			case err != nil && !errors.As(err, &r):
				t.Fatalf("%v is no refusal", err)
			case err == nil && (kind != k || len(content) == 0 || len(content) > len(data)+40):
				t.Fatalf("%s became %s of %d bytes", k, kind, len(content))
			}
			if err == nil {
				if _, again, err := Judge("x."+string(k), content); err != nil || !bytes.Equal(again, content) {
					t.Fatalf("%s: what is kept is not kept again: %v", k, err)
				}
			}
		}
	})
}

func TestNamesAreOnlyNames(t *testing.T) {
	long := strings.Repeat("a", 300)
	for sent, want := range map[string]string{
		"verslag.pdf": "verslag.pdf", "../../etc/passwd": "passwd", `..\..\x.pdf`: "x.pdf", `C:\x.pdf`: "x.pdf", "/abs.pdf": "abs.pdf",
		"a\x00.pdf": "a.pdf", "CON.pdf": "_CON.pdf", "com1.tar.pdf": "_com1.tar.pdf", "nul": "_nul", ".htaccess": "htaccess", "x.pdf.exe": "x.pdf.exe",
		long + ".pdf": long[:146] + ".pdf", "évaluation \"x\"\r\nSet-Cookie: a.pdf": "évaluation _x_Set-Cookie_ a.pdf", "cafe\u0301.pdf": "café.pdf",
		"a\u202efdp.exe": "afdp.exe", "\u200bx.pdf": "x.pdf", "a/": "", "..": "", ".": "", "": "", "  x.pdf . ": "x.pdf", "a<b>|?*.pdf": "a_b____.pdf", "x.\xff\xfepdf": "x.pdf",
		"a\u2028b.pdf": "ab.pdf", "x." + long: "x." + long[:148],
		"d\ufffdactivit\ufffd.pdf": "d_activit_.pdf", "e\u200d\u0301.pdf": "é.pdf", // of letters that were lost or kept apart on the way
	} {
		if got := CleanName(sent); got != want {
			t.Errorf("%q: %q, want %q", sent, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		got := CleanName(rapid.OneOf(rapid.String(), rapid.StringOf(rapid.SampledFrom([]rune("e\u0301\u200d\ufffd. <\u0338"))), rapid.StringMatching(`[./\\ a\x00-\x20]{0,30}`)).Draw(t, "name"))
		if len([]rune(got)) > MaxName || strings.ContainsAny(got, "/\\\x00\r\n\"<>|") || got == "." || got == ".." || strings.ContainsRune(got, '\ufffd') || CleanName(got) != got {
			t.Fatalf("%q", got)
		}
	})
}
