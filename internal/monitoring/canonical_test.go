package monitoring

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/gowebpki/jcs"
	"pgregory.net/rapid"

	"jalon/internal/bilingual"
)

var update = flag.Bool("update", false, "write the golden files")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := "testdata/" + name
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// A seal of today must hold in ten years: these bytes may never change.
func TestCanonicalFormStaysTheSame(t *testing.T) {
	table, seal := sample(), sealing()
	table.Sealing = &seal
	document, err := table.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "canonical.json", document)

	table = noted()
	table.Sealing = &seal
	if document, err = table.Canonical(); err != nil {
		t.Fatal(err)
	}
	golden(t, "canonical.2.json", document)
}

// The first form leaves out what it did not have, and both are sealed and checked alike.
func TestBothFormsAreSealed(t *testing.T) {
	s := newSigner(t)
	old := noted()
	old.Form = firstForm
	plain, _ := sample().Canonical()
	if got, err := old.Canonical(); err != nil || !bytes.Equal(got, plain) {
		t.Errorf("the first form holds something of the second: %v", err)
	}
	document, seal, err := s.Seal(noted(), sealing())
	if err != nil {
		t.Fatal(err)
	}
	file, err := Envelope(document, &seal)
	if err != nil {
		t.Fatal(err)
	}
	if v := Verify(file, []PublicKey{s.Public()}); v.Outcome != Intact {
		t.Errorf("as sealed: %+v", v)
	}
	for field, words := range map[string][2]string{
		"rows/S1.1-1 decisions/1/text":  {"Wanneer komt het plan?", "Wanneer komt het plan niet?"},
		"rows/S1.1-1 evidence/0/name":   {"verslag.pdf", "ander.pdf"},
		"rows/S1.1-1 evidence/1/sha256": {strings.Repeat("cd", 32), strings.Repeat("ce", 32)},
		"questions/1/answer/text":       {"In maart.", "In april."},
		"questions/0/due":               {"2026-02-01", "2026-03-01"},
	} {
		v := Verify([]byte(strings.Replace(string(file), words[0], words[1], 1)), []PublicKey{s.Public()})
		want := Change{Kind: Edited, Field: field}
		if row, rest, ok := strings.Cut(strings.TrimPrefix(field, "rows/"), " "); ok {
			want = Change{Kind: Edited, Row: mustCode(row), Field: rest}
		}
		if v.Outcome != Altered || len(v.Changes) != 1 || v.Changes[0] != want {
			t.Errorf("%s edited: %s %+v", field, v.Outcome, v.Changes)
		}
	}
	if strings.Contains(string(document), "geheim.pdf") {
		t.Error("the name of a confidential file is in the document")
	}
}

// What lies outside the holder's control is said in the second form and only
// where it is so: what was sealed before it could be said stays as it is.
func TestWhatLiesOutsideControlIsSealed(t *testing.T) {
	s, marked := newSigner(t), noted()
	entry := *marked.Rows[0].Now.Entry
	entry.Obstacles, entry.OutsideControl = "De wet is er niet.", true
	marked.Rows[0].Now.Entry = &entry
	old := marked
	old.Form = firstForm
	for name, table := range map[string]Table{"the first form": old, "without the mark": noted()} {
		if document, err := table.Canonical(); err != nil || bytes.Contains(document, []byte("outside_control")) {
			t.Errorf("%s says it: %v", name, err)
		}
	}
	document, seal, err := s.Seal(marked, sealing())
	if err != nil {
		t.Fatal(err)
	}
	file, err := Envelope(document, &seal)
	if err != nil {
		t.Fatal(err)
	}
	v := Verify(file, []PublicKey{s.Public()})
	if v.Outcome != Intact || !v.Table.Rows[0].Now.Entry.OutsideControl {
		t.Errorf("as sealed: %s %+v", v.Outcome, v.Changes)
	}
	without := bytes.Replace(file, []byte(`"outside_control":true,`), nil, 1)
	want := Change{Kind: Removed, Row: mustCode("S1.1-1"), Field: "now/entry/outside_control"}
	if v := Verify(without, []PublicKey{s.Public()}); v.Outcome != Altered || len(v.Changes) != 1 || v.Changes[0] != want {
		t.Errorf("the mark taken out: %s %+v", v.Outcome, v.Changes)
	}
}

func TestDocumentReadsBackAsTheSameTable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := tables().Draw(t, "table")
		document, err := want.Canonical()
		if err != nil {
			t.Fatal(err)
		}
		got, err := Parse(document)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
		again, err := got.Canonical()
		if err != nil || !bytes.Equal(document, again) {
			t.Fatalf("second canonical form differs: %v", err)
		}
		if transformed, err := jcs.Transform(document); err != nil || !bytes.Equal(document, transformed) {
			t.Fatalf("not in the form of RFC 8785: %v", err)
		}
	})
}

// RFC 8785 escapes some signs only, and encoding/json some more.
func TestEverySignOfARowIsWrittenAsRFC8785Does(t *testing.T) {
	text := []byte("<&>\\u2028 \xff\U0001F600")
	for sign := rune(0); sign < utf8.RuneSelf; sign++ {
		text = utf8.AppendRune(text, sign)
	}
	for sign := '\u0080'; sign < '\u2100'; sign++ {
		text = utf8.AppendRune(text, sign)
	}
	for _, achieved := range []string{string(text), "\u2028", "\u2029", "\ufffd", "\xff", "\b\f\x00\x7f", `\u2028`} {
		table := sample()
		table.Rows[0].Now.Entry.Achieved = achieved
		document, err := table.Canonical()
		if err != nil {
			t.Fatal(err)
		}
		if transformed, err := jcs.Transform(document); err != nil || !bytes.Equal(document, transformed) {
			t.Errorf("%.20q: not in the form of RFC 8785: %v", achieved, err)
		}
	}
}

func TestDifferentTablesHaveDifferentDocuments(t *testing.T) {
	first, _ := sample().Canonical()
	for name, edit := range map[string]func(*Table){
		"state of a text":        func(t *Table) { t.Rows[0].Target.FRState = bilingual.Outdated },
		"other language":         func(t *Table) { t.Rows[0].Target.FR += "." },
		"as-of date":             func(t *Table) { t.AsOf = t.AsOf.AddDays(-1) },
		"interim":                func(t *Table) { t.Holder.Interim = false },
		"microsecond of a clock": func(t *Table) { t.Rows[0].Now.Entry.RecordedAt = t.Rows[0].Now.Entry.RecordedAt.Add(1000) },
		"last digit of an id":    func(t *Table) { t.Rows[0].Now.Entry.ID-- },
		"order of rows":          func(t *Table) { t.Rows[0], t.Rows[1] = t.Rows[1], t.Rows[0] },
		"previous seal":          func(t *Table) { t.Previous.SHA256 = Digest([]byte("other")) },
		"form":                   func(t *Table) { t.Form = currentForm },
		"confirmed reading":      func(t *Table) { t.Rows[0].Deadline.Confirmed = false },
	} {
		table := sample()
		edit(&table)
		if second, err := table.Canonical(); err != nil || bytes.Equal(first, second) {
			t.Errorf("%s does not change the document (%v)", name, err)
		}
	}
}

func TestTextsAreWrittenInFormNFC(t *testing.T) {
	composed, split := sample(), sample()
	composed.Rows[0].Now.Entry.Achieved = "\u00e9\u00e9n <\u0161koda>\n\u00e9tat \u226e"
	split.Rows[0].Now.Entry.Achieved = "e\u0301e\u0301n <s\u030ckoda>\ne\u0301tat <\u0338"
	a, errA := composed.Canonical()
	b, errB := split.Canonical()
	if errA != nil || errB != nil || !bytes.Equal(a, b) {
		t.Errorf("two spellings of one text give two documents: %v %v", errA, errB)
	}
}

// What JSON would escape may compose with what follows it, with nothing else in the document to tell.
func TestASignThatJSONEscapesIsWrittenInFormNFC(t *testing.T) {
	composed, split := sample(), sample()
	composed.Rows[0].Now.Entry.Achieved, split.Rows[0].Now.Entry.Achieved = "\u226e", "<\u0338"
	a, errA := composed.Canonical()
	b, errB := split.Canonical()
	if errA != nil || errB != nil || !bytes.Equal(a, b) {
		t.Errorf("two spellings of one sign give two documents: %v %v", errA, errB)
	}
}

// An accent that follows an escape in JSON must not be joined to the escape.
func TestAccentAfterALineFeedSurvives(t *testing.T) {
	table := sample()
	want := "a\n\u0301b"
	table.Rows[0].Now.Entry.Achieved = want
	document, err := table.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := Parse(document); err != nil || got.Rows[0].Now.Entry.Achieved != want {
		t.Errorf("got %q, %v", got.Rows[0].Now.Entry.Achieved, err)
	}
}

func TestParseRefusesWhatIsNoTable(t *testing.T) {
	document, _ := sample().Canonical()
	for name, text := range map[string]string{
		"empty":          "",
		"other JSON":     `{"a":1}`,
		"newer schema":   strings.Replace(string(document), "jalon/monitoring/1", "jalon/monitoring/3", 1),
		"31 February":    strings.Replace(string(document), "2026-06-15", "2026-02-31", 1),
		"huge exponent":  strings.Replace(string(document), `"7.9"`, `"1e999999999"`, 1),
		"third half":     strings.Replace(string(document), "2026-H1", "2026-H3", 1),
		"unknown letter": strings.Replace(string(document), `"S1.1-1"`, `"Q1.1-1"`, 1),
	} {
		if _, err := Parse([]byte(text)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := Parse([]byte(`[]`)); !errors.Is(err, ErrNotTable) {
		t.Errorf("list: %v, want ErrNotTable", err)
	}
}

func FuzzParse(f *testing.F) {
	document, _ := sample().Canonical()
	f.Add(document)
	f.Fuzz(func(t *testing.T, document []byte) {
		table, err := Parse(document)
		if err != nil {
			return
		}
		if _, err := table.Canonical(); err != nil {
			t.Errorf("a table that was read cannot be written: %v", err)
		}
	})
}
