package document

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
	"unicode"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

func TestFormulasAreNeutralInCSV(t *testing.T) {
	for text, want := range map[string]string{
		"=cmd|'/C calc'!A0": "'=cmd|'/C calc'!A0",
		"+1+1":              "'+1+1",
		"-2+3":              "'-2+3",
		"@SUM(1)":           "'@SUM(1)",
		"\t=1":              "'\t=1",
		"'=1":               "''=1",
		"gewoon = tekst":    "gewoon = tekst",
		"'s avonds":         "'s avonds",
		"":                  "",
	} {
		if got := Plain(text).csv(); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	minus := decimal.RequireFromString("-2.50")
	if got := (Cell{Number: &minus}).csv(); got != "-2,5" {
		t.Errorf("a number: got %q, want -2,5", got)
	}
}

func TestNoTextIsAFormulaAndNothingIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`'{0,3}[=+\-@\t＝＋－＠][A-Z]{0,3}`)).Draw(t, "text")
		got := neutral(text)
		if strings.ContainsAny(got[:min(1, len(got))], "=+-@\t\r\n\x00") || strings.HasPrefix(got, "＝") {
			t.Fatalf("%q starts a formula", got)
		}
		back := got
		if formula.MatchString(got) {
			back = got[1:]
		}
		if back != text {
			t.Fatalf("%q came back as %q", text, back)
		}
	})
}

func TestCSVIsReadBackAsWritten(t *testing.T) {
	d := Document{Blocks: []Block{Table{
		Columns: []Column{{Title: "Code"}, {Title: "Toelichting; alles"}},
		Rows:    [][]Cell{{Plain("SD1.1-1"), {Parts: []Part{{Label: "Hindernis:", Text: "\"ja\"; nee\r\nregel twee"}, {Text: "derde"}}}}},
	}}}
	var b bytes.Buffer
	if err := WriteCSV(&b, d); err != nil {
		t.Fatal(err)
	}
	text, bom := strings.CutPrefix(b.String(), "\ufeff")
	if !bom || strings.Count(text, "\r\n") < 2 {
		t.Errorf("no byte order mark or CRLF: %q", b.String())
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = ';'
	got, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := "Hindernis: \"ja\"; nee\nregel twee\nderde"
	if len(got) != 2 || got[0][1] != "Toelichting; alles" || got[1][1] != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Whatever a form lets a person type comes back out of the file as it was typed.
func TestTypedTextComesBackOutOfCSV(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.StringMatching(`['"=+@;,\t\n -]{0,4}[a-zé=\n;"']{0,12}`), rapid.String()).Draw(t, "text")
		text = strings.TrimSpace(strings.Map(func(r rune) rune {
			if unicode.IsControl(r) && r != '\n' && r != '\t' {
				return -1
			}
			return r
		}, text)) // as forms take it
		var b bytes.Buffer
		err := WriteCSV(&b, Document{Blocks: []Block{Table{Columns: []Column{{Title: "A"}, {Title: "B"}}, Rows: [][]Cell{{Plain("x"), Plain(text)}}}}})
		if err != nil {
			t.Fatal(err)
		}
		r := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.String(), "\ufeff")))
		r.Comma = ';'
		rows, err := r.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		got := rows[1][1]
		if formula.MatchString(got) {
			got = strings.TrimPrefix(got, "'")
		}
		if got != text {
			t.Fatalf("%q came back as %q", text, got)
		}
	})
}

func TestCSVWantsATable(t *testing.T) {
	if err := WriteCSV(&bytes.Buffer{}, Document{Title: "leeg"}); err == nil {
		t.Error("no error")
	}
}
