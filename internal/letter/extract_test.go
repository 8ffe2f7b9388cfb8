package letter

import (
	"testing"
)

// TestEveryFormatGivesTheSameDraft reads the letter as a word processor saves
// it: with a paragraph per line, and with paragraphs, lists and a table.
func TestEveryFormatGivesTheSameDraft(t *testing.T) {
	want, _, _ := Read(string(fixture(t, dutchLetter)), Options{})
	for _, name := range []string{"letter.docx", "letter.pdf", "flow.docx", "flow.pdf"} {
		t.Run(name, func(t *testing.T) {
			r, err := Load(name, fixture(t, name), Options{})
			if err != nil {
				t.Fatal(err)
			}
			for _, diff := range Compare(want, r.Draft) {
				t.Errorf("%s %s\n old %q\n new %q", diff.Key, diff.Change, diff.Old.NL, diff.New.NL)
			}
			if lost := r.Coverage.Lost(); len(lost) > 0 || len(r.Coverage) != len(r.Lines) {
				t.Errorf("lines lost: %v", lost)
			}
			for _, f := range r.Findings {
				if f.Severity == Error {
					t.Errorf("finding %+v", f)
				}
			}
		})
	}
}
