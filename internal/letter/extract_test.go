package letter

import (
	"testing"
	"time"
)

func TestTry(t *testing.T) {
	want, _, _ := Read(string(fixture(t, dutchLetter)), Options{})
	for _, ext := range []string{"docx", "pdf"} {
		t0 := time.Now()
		r, err := Load("letter."+ext, fixture(t, "letter."+ext), Options{})
		if err != nil {
			t.Fatal(ext, err)
		}
		t.Log(ext, time.Since(t0), r.Counts())
		for _, diff := range Compare(want, r.Draft) {
			t.Errorf("%s: %s %s\n old %q\n new %q", ext, diff.Key, diff.Change, diff.Old.NL, diff.New.NL)
		}
		for _, f := range r.Findings {
			t.Log(f)
		}
	}
}
