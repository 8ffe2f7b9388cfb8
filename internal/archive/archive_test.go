package archive

import (
	"archive/zip"
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"

	"jalon/internal/monitoring"
)

func newSigner(t testing.TB) monitoring.Signer {
	t.Helper()
	s, err := monitoring.NewSigner()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var contents = map[string]string{
	"dossier.pdf": "%PDF-1.7 one", "dossier.json": strings.Repeat(`{"a":1}`, 50), "bewijsstukken/0001-S1.1-1-nota é.txt": "a note", "bewijsstukken/0002-leeg.csv": "",
}

func parts() (all []Part) {
	for name, content := range contents {
		all = append(all, Part{Path: name, Source: "evidence/1/v1", Date: "2026-09-30", Write: whole([]byte(content))})
	}
	slices.SortFunc(all, func(a, b Part) int { return strings.Compare(a.Path, b.Path) })
	return all
}

func quiet(int, int) {}

func written(t testing.TB, s monitoring.Signer, at string) []byte {
	t.Helper()
	var b bytes.Buffer
	m := Manifest{Title: "Dossier", Mandate: "M A", Person: "Jo", AsOf: "2026-09-30", Exported: Exported{At: at, By: "Hanne"}}
	if err := Write(&b, m, parts(), s, quiet); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func check(t testing.TB, file []byte, keys ...monitoring.PublicKey) Checked {
	t.Helper()
	c, _ := Verify(bytes.NewReader(file), int64(len(file)), keys)
	return c
}

func TestAnArchiveIsIntactAsWritten(t *testing.T) {
	s := newSigner(t)
	file := written(t, s, "2026-11-25T10:00:00Z")
	if c := check(t, file, s.Public()); c.Outcome != monitoring.Intact || !c.Trusted || len(c.Manifest.Files) != len(contents) {
		t.Errorf("%+v", c)
	}
	if c := check(t, file); c.Outcome != monitoring.Intact || c.Trusted {
		t.Errorf("with its own key: %+v", c)
	}
	if c := check(t, file, newSigner(t).Public()); c.Outcome != monitoring.UnknownKey {
		t.Errorf("with another key: %+v", c)
	}
}

// Only the time of the export differs between two archives of the same content.
func TestTheSameContentGivesTheSameFiles(t *testing.T) {
	s := newSigner(t)
	a, b := written(t, s, "2026-11-25T10:00:00Z"), written(t, s, "2026-11-25T10:00:00Z")
	one, two := check(t, a), check(t, written(t, s, "2027-01-01T00:00:00Z"))
	two.Manifest.Exported = one.Manifest.Exported
	if x, y := fmt.Sprint(one.Manifest), fmt.Sprint(two.Manifest); x != y {
		t.Errorf("%s\n%s", x, y)
	}
	if !bytes.Equal(a[:len(a)/2], b[:len(b)/2]) {
		t.Error("the bytes differ")
	}
}

// rewritten is the archive with one file changed, renamed, left out or added.
func rewritten(t testing.TB, file []byte, change func(name string, content []byte) (string, []byte, bool), added map[string]string) []byte {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	put := func(name string, method uint16, content []byte) {
		f, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: fixed})
		if err == nil {
			_, err = f.Write(content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		if name, content, keep := change(f.Name, content); keep {
			put(name, f.Method, content)
		}
	}
	for name, content := range added {
		put(name, zip.Store, []byte(content))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func same(name string, content []byte) (string, []byte, bool) { return name, content, true }

// One altered byte of any file is named, and no other file.
func TestEveryAlteredFileIsNamed(t *testing.T) {
	s := newSigner(t)
	file := written(t, s, "2026-11-25T10:00:00Z")
	for name, want := range contents {
		altered := rewritten(t, file, func(n string, content []byte) (string, []byte, bool) {
			if n == name {
				content = append(bytes.Clone(content), '!')
				content[0] ^= 1
				content = content[:max(1, len(want))]
			}
			return n, content, true
		}, nil)
		kind := Altered
		if want == "" {
			kind = Oversized
		}
		if c := check(t, altered, s.Public()); c.Outcome != monitoring.Altered || !slices.Equal(c.Findings, []Finding{{kind, name}}) {
			t.Errorf("%s: %+v %+v", name, c.Outcome, c.Findings)
		}
		left := rewritten(t, file, func(n string, c []byte) (string, []byte, bool) { return n, c, n != name }, nil)
		if c := check(t, left, s.Public()); !slices.Equal(c.Findings, []Finding{{Missing, name}}) {
			t.Errorf("%s left out: %+v", name, c.Findings)
		}
	}
	for _, name := range []string{ManifestName, SignatureName} {
		altered := rewritten(t, file, func(n string, content []byte) (string, []byte, bool) {
			if n == name {
				content = bytes.Replace(content, []byte("a"), []byte("b"), 1)
			}
			return n, content, true
		}, nil)
		if c := check(t, altered, s.Public()); c.Outcome != monitoring.Altered || len(c.Findings) == 0 {
			t.Errorf("%s: %+v", name, c.Findings)
		}
	}
}

func TestWhatWasAddedIsNamed(t *testing.T) {
	s := newSigner(t)
	file := written(t, s, "2026-11-25T10:00:00Z")
	for name, want := range map[string]Finding{
		"extra.txt":           {Added, "extra.txt"},
		"../../evil.sh":       {Unsafe, "../../evil.sh"},
		"C:/evil.exe":         {Unsafe, "C:/evil.exe"},
		"DOSSIER.PDF":         {Double, "DOSSIER.PDF"},
		"dossier.pdf":         {Double, "dossier.pdf"},
		"bewijsstukken/CON":   {Unsafe, "bewijsstukken/CON"},
		`bewijsstukken\x.txt`: {Unsafe, `bewijsstukken\x.txt`},
	} {
		c := check(t, rewritten(t, file, same, map[string]string{name: "x"}), s.Public())
		if c.Outcome != monitoring.Altered || !slices.Contains(c.Findings, want) {
			t.Errorf("%s: %+v", name, c.Findings)
		}
	}
	bomb := rewritten(t, file, func(n string, content []byte) (string, []byte, bool) {
		if n == "dossier.json" {
			content = make([]byte, 64<<20)
		}
		return n, content, true
	}, nil)
	packed := rewritten(t, file, same, nil)
	if i := bytes.Index(packed, []byte("PK\x01\x02")); i > 0 {
		packed[i+10] = 8 // said to be compressed
	}
	if c := check(t, packed, s.Public()); c.Outcome != monitoring.Altered {
		t.Errorf("a compressed file: %+v", c.Findings)
	}
	if c := check(t, bomb, s.Public()); !slices.Contains(c.Findings, Finding{Oversized, "dossier.json"}) {
		t.Errorf("a bomb: %+v", c.Findings)
	}
}

// Every byte of the file counts: also those of the zip itself.
func TestEveryByteCounts(t *testing.T) {
	s := newSigner(t)
	file := written(t, s, "2026-11-25T10:00:00Z")
	for i := range file {
		altered := bytes.Clone(file)
		altered[i] ^= 0x20
		if c := check(t, altered, s.Public()); c.Outcome == monitoring.Intact {
			t.Fatalf("byte %d of %d goes unseen", i, len(file))
		}
	}
	for what, altered := range map[string][]byte{
		"before":  append([]byte("#!/bin/sh\n"), file...),
		"behind":  append(bytes.Clone(file), "more"...),
		"cut off": file[:len(file)-40],
	} {
		if c := check(t, altered, s.Public()); c.Outcome == monitoring.Intact {
			t.Errorf("%s goes unseen", what)
		}
	}
}

// What other programs unpack is what was checked: they read names, links and
// passwords from the directory of the zip, which says nothing that was not written.
func TestTheDirectorySaysNothingElse(t *testing.T) {
	s := newSigner(t)
	file := written(t, s, "2026-11-25T10:00:00Z")
	begins := bytes.Index(file, []byte("PK\x01\x02"))
	both := func(at int, change func(b []byte)) []byte { // in the directory and before the file
		b := bytes.Clone(file)
		change(b[begins+at:])
		change(b[at-2:])
		return b
	}
	second := bytes.Index(file[begins+4:], []byte("PK\x01\x02")) + begins + 4
	field := append([]byte("up\x0e\x00\x01\x00\x00\x00\x00"), "../../evi"...) // the Unicode path of Info-ZIP
	renamed := slices.Concat(file[:second], field, file[second:])
	binary.LittleEndian.PutUint16(renamed[begins+30:], uint16(len(timeField)+len(field)))
	end := bytes.LastIndex(renamed, []byte("PK\x05\x06"))
	binary.LittleEndian.PutUint32(renamed[end+12:], binary.LittleEndian.Uint32(renamed[end+12:])+uint32(len(field)))
	link := bytes.Clone(file)
	link[begins+5] = 3 // made on Unix
	binary.LittleEndian.PutUint32(link[begins+38:], 0o120777<<16)
	for what, altered := range map[string][]byte{
		"another name":           renamed,
		"a link":                 link,
		"a password":             both(8, func(b []byte) { b[0] |= 1 }),
		"letters of another set": both(8, func(b []byte) { b[1] ^= 8 }),
	} {
		if _, err := zip.NewReader(bytes.NewReader(altered), int64(len(altered))); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if c := check(t, altered, s.Public()); c.Outcome != monitoring.Altered || c.Trusted || !slices.ContainsFunc(c.Findings, func(f Finding) bool { return f.Kind == Altered }) {
			t.Errorf("%s goes unseen: %s %+v", what, c.Outcome, c.Findings)
		}
	}
}

// A zip of more files than its old form counts says so in its new one.
func TestManyFilesAreIntact(t *testing.T) {
	s, list := newSigner(t), make([]Part, 66_000)
	for i := range list {
		list[i] = Part{Path: fmt.Sprint(i), Write: whole(nil)}
	}
	var b bytes.Buffer
	if err := Write(&b, Manifest{}, list, s, quiet); err != nil {
		t.Fatal(err)
	}
	if c := check(t, b.Bytes(), s.Public()); c.Outcome != monitoring.Intact {
		t.Errorf("%v %+v", c.Outcome, c.Findings)
	}
	altered := b.Bytes()
	altered[len(altered)-22-20-56+40] ^= 1 // where the new form says how long the directory is
	if c := check(t, altered, s.Public()); c.Outcome == monitoring.Intact {
		t.Error("the new form says something else")
	}
}

func TestOnlySafePathsAreWritten(t *testing.T) {
	for path, want := range map[string]bool{
		"a/b-1 é.pdf": true, "": false, "/a": false, "a/": false, "../a": false, "a/../b": false, "a//b": false, "a\\b": false, "c:a": false, "nul": false,
		"a/NUL.txt": false, "com1.pdf": false, "com10.pdf": true, "a.": false, "a ": false, " a": false, "a\u202eb": false, "a\x00": false, "e\u0301": false, "a*": false,
		strings.Repeat("a", 141): false,
	} {
		if SafePath(path) != want {
			t.Errorf("%q: %v", path, !want)
		}
	}
	for _, list := range [][]Part{{{Path: "../x", Write: whole(nil)}}, {{Path: "a", Write: whole(nil)}, {Path: "A", Write: whole(nil)}}, {{Path: ManifestName, Write: whole(nil)}}} {
		if err := Write(io.Discard, Manifest{}, list, newSigner(t), quiet); !errors.Is(err, ErrPath) {
			t.Errorf("%v: %v", list, err)
		}
	}
	wrong := []Part{{Path: "a", SHA256: strings.Repeat("0", 64), Write: whole([]byte("x"))}}
	if err := Write(io.Discard, Manifest{}, wrong, newSigner(t), quiet); !errors.Is(err, ErrContent) {
		t.Error(err)
	}
}

// Files go through: memory does not grow with them.
func TestMemoryDoesNotGrowWithTheFiles(t *testing.T) {
	noise := make([]byte, 1<<20)
	_, _ = rand.Read(noise)
	var list []Part
	for i := range 8 {
		list = append(list, Part{Path: fmt.Sprintf("%d.pdf", i), Write: func(w io.Writer) error {
			for range 24 {
				if _, err := w.Write(noise); err != nil {
					return err
				}
			}
			return nil
		}})
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if err := Write(io.Discard, Manifest{}, list, newSigner(t), quiet); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 16<<20 {
		t.Errorf("%d MB were allocated for 192 MB of files", grown>>20)
	}
}
