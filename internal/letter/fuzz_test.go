package letter

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"jalon/internal/bilingual"
	"jalon/internal/intake"
	"jalon/internal/testing/zipped"
)

// FuzzRead holds what is true of any text: nothing panics, every line that is
// not blank is accounted for, findings name lines that exist, codes are
// unique, and no word of the draft was invented.
func FuzzRead(f *testing.F) {
	// pieces, since a seed as long as the letter makes the search slow
	for _, file := range []string{dutchLetter, frenchLetter} {
		lines := Split(string(fixture(f, file)))
		for from := 0; from < len(lines); from += 40 {
			f.Add(strings.Join(lines[from:min(len(lines), from+40)], "\n"))
		}
	}
	f.Add("SD nr. 1: a\nMeetpunt 1.1\n• Target:\n- \nDeadline: x\nDeadline: y\nSD nr. 1: b\nDoelstellingen\n-A\n")
	f.Add("Doelstellingen:\nKPI 1\nTD 99 – x\n\n\n\nvan\u00ad\nx-\ny")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 100_000 {
			return
		}
		d, found, cover := Read(text, Options{})
		lines := Split(text)
		if lost := cover.Lost(); len(cover) != len(lines) || len(lost) > 0 {
			t.Fatalf("%d of %d lines covered, lost %v", len(cover), len(lines), lost)
		}
		for i, line := range lines {
			if (cover[i].Kind == Blank) != (clean(line) == "") {
				t.Fatalf("line %d %q is %v", i+1, line, cover[i])
			}
		}
		for _, f := range found {
			if f.Line < 0 || f.Line > len(lines) || f.LastLine > len(lines) || f.LastLine != 0 && f.LastLine < f.Line {
				t.Fatalf("finding %+v in %d lines", f, len(lines))
			}
		}
		checkDraft(t, d, lines)
	})
}

func checkDraft(t *testing.T, d Draft, lines []string) {
	t.Helper()
	seen := map[string]bool{}
	var all strings.Builder
	for _, line := range lines {
		all.WriteString(letters(clean(line)))
	}
	for _, kt := range d.Texts() {
		if seen[kt.Key] {
			t.Fatalf("%s stands twice", kt.Key)
		}
		seen[kt.Key] = true
		for _, lang := range bilingual.Langs {
			if strings.HasSuffix(kt.Key, "/context") {
				continue // its paragraphs may lie apart
			}
			for _, part := range strings.Split(kt.Text.In(lang), "\n") {
				if !strings.Contains(all.String(), letters(part)) {
					t.Fatalf("%s: %q is not in the letter", kt.Key, part)
				}
			}
		}
	}
	if _, err := json.Marshal(d); err != nil {
		t.Fatal(err)
	}
}

// letters drops what joining lines may change: spaces and hyphens.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -‐\u00ad\n", r) {
			return -1
		}
		return r
	}, s)
}

// FuzzDocx reads any document part: never a panic, and never an error that is
// no refusal.
func FuzzDocx(f *testing.F) {
	f.Add(wordHead + para("SD nr. 1: Doel") + para("Meetpunt 1.1: Punt") + wordFoot)
	f.Add(wordHead + `<w:p><w:p><w:t>a</w:t></w:p><w:br w:type="page"/></w:p><w:tbl><w:tc/></w:tbl></w:p>` + wordFoot)
	f.Add(`<a><t>b</t></a>`)
	f.Fuzz(func(t *testing.T, part string) {
		if len(part) > 100_000 {
			return
		}
		_, err := Load("a.docx", zipped.Of(t, "word/document.xml", part), Options{})
		var r *intake.Refusal
		if err != nil && !errors.As(err, &r) {
			t.Fatal(err)
		}
	})
}

// FuzzExtract reads any bytes under any name.
func FuzzExtract(f *testing.F) {
	f.Add("a.docx", fixture(f, "flow.docx"))
	f.Add("a.docx", zipped.Of(f, "word/document.xml", wordHead+wordFoot))
	f.Add("a.txt", []byte("\xff\xfea\x00"))
	f.Add("a.txt", []byte("caf\xe9"))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		if sniff(data) == pdf || len(data) > 200_000 {
			return // three seconds each
		}
		_, _, err := Extract(name, data)
		var r *intake.Refusal
		if err != nil && !errors.As(err, &r) {
			t.Fatal(err)
		}
	})
}
