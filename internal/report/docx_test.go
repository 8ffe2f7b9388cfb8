package report

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"jalon/internal/bilingual"
	"jalon/internal/document"
	"jalon/internal/monitoring"
)

func dumpDOCX(t testing.TB, file []byte) string {
	t.Helper()
	w, err := document.ReadDOCX(file)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, p := range w.Paragraphs {
		fmt.Fprintf(&b, "%s\n", strings.ReplaceAll(p, "\n", " ¶ "))
	}
	for i, table := range w.Tables {
		fmt.Fprintf(&b, "== %d\n", i+1)
		for _, row := range table {
			fmt.Fprintf(&b, "%s\n", strings.ReplaceAll(strings.Join(row, " | "), "\n", " ¶ "))
		}
	}
	return b.String()
}

func TestTwoRunsGiveTheSameBytes(t *testing.T) {
	m := sealedBy(t, newSigner(t), sample())
	for _, f := range []Format{DOCX, CSV, JSON} {
		for _, lang := range bilingual.Langs {
			if !bytes.Equal(write(t, m, f, lang), write(t, m, f, lang)) {
				t.Errorf("%s %s: two runs differ", f, lang)
			}
		}
	}
}

// rewrite changes the text of one part of a zip.
func rewrite(t testing.TB, file []byte, name, old, now string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w, found := zip.NewWriter(&b), false
	for _, part := range z.File {
		r, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if part.Name == name && bytes.Contains(content, []byte(old)) {
			content, found = bytes.Replace(content, []byte(old), []byte(now), 1), true
		}
		out, _ := w.Create(part.Name)
		_, _ = out.Write(content)
	}
	_ = w.Close()
	if !found {
		t.Fatalf("%s does not hold %q", name, old)
	}
	return b.Bytes()
}

func TestAlteredTextDocumentsAreNamed(t *testing.T) {
	file := write(t, sealedBy(t, newSigner(t), sample()), DOCX, bilingual.NL)
	for _, c := range []struct {
		name, part, old, now string
		want                 monitoring.Change
	}{
		{"a narrative", "word/document.xml", "Scorebord besproken.", "Scorebord verzwegen.", monitoring.Change{Kind: monitoring.Edited, Row: code("S1.1-1"), Field: "column Toelichting"}},
		{"the sentence above", "word/document.xml", "Monitoringtabel", "Andere tabel", monitoring.Change{Kind: monitoring.Edited, Field: "text"}},
		{"the foot", "word/footer1.xml", "SHA-256", "SHA-257", monitoring.Change{Kind: monitoring.Edited, Field: "text"}},
		{"struck through", "word/document.xml", "<w:b/>", "<w:b/><w:strike/>", monitoring.Change{Kind: monitoring.Edited, Field: "look of the document"}},
		{"hidden by a style", "word/styles.xml", "<w:b/>", "<w:b/><w:vanish/>", monitoring.Change{Kind: monitoring.Edited, Field: "look of the document"}},
		{"another picture", "word/media/image1.png", "IDAT", "IDAT ", monitoring.Change{Kind: monitoring.Edited, Field: "look of the document"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Verify(rewrite(t, file, c.part, c.old, c.now), nil, catalogues)
			if got.Outcome != monitoring.Altered || !contains(got.Changes, c.want) {
				t.Errorf("got %s %v, want %v", got.Outcome, got.Changes, c.want)
			}
		})
	}
}
