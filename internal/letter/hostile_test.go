package letter

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"

	"jalon/internal/intake"
	"jalon/internal/testing/zipped"
)

const (
	wordHead = `<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`
	wordFoot = `</w:body></w:document>`
)

func para(text string) string { return `<w:p><w:r><w:t>` + text + `</w:t></w:r></w:p>` }

func TestBadFilesAreRefusedWithTheirReason(t *testing.T) {
	bomb := strings.Repeat("a", 40<<20)
	many := make([]string, 0, 4202)
	for i := range intake.MaxParts + 1 {
		many = append(many, fmt.Sprintf("word/%d.xml", i), "")
	}
	for _, test := range []struct {
		name string
		file string
		data []byte
		want string
	}{
		{"empty", "a.txt", nil, intake.Empty},
		{"only spaces", "a.txt", []byte(" \r\n\t\n"), intake.Empty},
		{"50 MB", "a.txt", bytes.Repeat([]byte("a\n"), 25<<20), TooLarge},
		{"more text than a letter", "a.txt", []byte("Meetpunt 1.1: " + strings.Repeat("woord ", MaxText/6)), TooLong},
		{"more lines than a letter", "a.txt", bytes.Repeat([]byte("a\n"), MaxLines+1), TooLong},
		{"not a letter", "a.txt", []byte("Beste collega,\n\nDe vergadering is om 10 uur.\n"), NotALetter},
		{"objectives alone", "a.txt", []byte("SD nr. 1: Iets doen\n"), NotALetter},
		{"broken UTF-8", "a.txt", []byte("Meetpunt één\nco\xc3 twéé\n"), intake.InvalidUTF8},
		{"odd UTF-16", "a.txt", []byte("\xff\xfeM\x00e\x00e"), intake.InvalidUTF16},
		{"lone surrogate", "a.txt", []byte("\xff\xfe\x00\xd8M\x00"), intake.InvalidUTF16},
		{"binary", "a.txt", []byte("Meetpunt\n\x00\x01\x02"), intake.NotText},
		{"picture", "a.png", []byte("\x89PNG\r\n\x1a\n\x00\x00"), Unsupported},
		{"old Word", "a.doc", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1xxxx"), Unsupported},
		{"docx under a password", "a.docx", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1xxxx"), intake.Encrypted},
		{"text named pdf", "a.pdf", []byte("Meetpunt 1.1: x"), OtherKind},
		{"pdf after junk", "a.pdf", []byte(strings.Repeat("x", 2048) + "%PDF-1.4"), OtherKind},
		{"docx named txt", "a.txt", zipped.Of(t, "word/document.xml", "x"), OtherKind},
		{"zip of something", "a.docx", zipped.Of(t, "readme", "x"), intake.Damaged},
		{"cut zip", "a.docx", zipped.Of(t, "word/document.xml", wordHead+wordFoot)[:60], intake.Damaged},
		{"zip bomb", "a.docx", zipped.Of(t, "word/document.xml", bomb), intake.UnpacksTooLarge},
		{"bomb of many", "a.docx", zipped.Of(t, "word/1", bomb[:30<<20], "word/2", bomb[:30<<20], "word/3", bomb[:30<<20], "word/4", bomb[:30<<20]), intake.UnpacksTooLarge},
		{"too many parts", "a.docx", zipped.Of(t, many...), intake.UnpacksTooLarge},
		{"xlsx bomb", "a.xlsx", zipped.Of(t, "xl/workbook.xml", bomb), intake.UnpacksTooLarge},
		{"path in the zip", "a.docx", zipped.Of(t, "word/document.xml", wordHead+wordFoot, "../../etc/passwd", "x"), intake.Damaged},
		{"same part twice", "a.docx", zipped.Of(t, "word/document.xml", wordHead, "word/document.xml", wordFoot), intake.Damaged},
		{"DOCTYPE", "a.docx", zipped.Of(t, "word/document.xml", `<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>`), intake.Doctype},
		{"billion laughs", "a.docx", zipped.Of(t, "word/document.xml", wordHead+wordFoot, "word/styles.xml", `<!doctype a [<!ENTITY b "cc">]><a>&b;</a>`), intake.Doctype},
		{"late DOCTYPE", "a.docx", zipped.Of(t, "word/document.xml", "<!--"+strings.Repeat("x", 5000)+"--><!DOCTYPE x><x/>"), intake.Doctype},
		{"unknown entity", "a.docx", zipped.Of(t, "word/document.xml", wordHead+para("&boom;")+wordFoot), intake.Damaged},
		{"unclosed XML", "a.docx", zipped.Of(t, "word/document.xml", wordHead+"<w:p>"), intake.Damaged},
		{"docx without text", "a.docx", zipped.Of(t, "word/document.xml", wordHead+para(" ")+wordFoot), intake.Empty},
		{"docx too long", "a.docx", zipped.Of(t, "word/document.xml", wordHead+para(strings.Repeat("woord ", MaxText/5))+wordFoot), TooLong},
		{"encrypted pdf", "a.pdf", fixture(t, "encrypted.pdf"), intake.Encrypted},
		{"damaged pdf", "a.pdf", []byte("%PDF-1.7\nnothing"), intake.Damaged},
		{"damaged xlsx", "a.xlsx", zipped.Of(t, "xl/workbook.xml", "<x"), intake.Damaged},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Load(test.file, test.data, Options{})
			var r *intake.Refusal
			if !errors.As(err, &r) {
				t.Fatalf("error %v, want a refusal %q", err, test.want)
			}
			if r.Code != test.want {
				t.Errorf("refused for %q (%v), want %q", r.Code, r, test.want)
			}
		})
	}
}

func TestTextInOtherEncodings(t *testing.T) {
	letter := string(fixture(t, dutchLetter))
	want, _, _ := Read(letter, Options{})
	utf16As := func(order binary.AppendByteOrder, mark bool) []byte {
		var b []byte
		if mark {
			b = order.AppendUint16(b, 0xfeff)
		}
		for _, u := range utf16.Encode([]rune(letter)) {
			b = order.AppendUint16(b, u)
		}
		return b
	}
	// Windows-1252 has no thin space.
	ansi, err := charmap.Windows1252.NewEncoder().Bytes([]byte(strings.ReplaceAll(letter, "\u2009", " ")))
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"UTF-8 with mark":        append([]byte("\xef\xbb\xbf"), letter...),
		"UTF-16 LE":              utf16As(binary.LittleEndian, true),
		"UTF-16 BE":              utf16As(binary.BigEndian, true),
		"UTF-16 LE without mark": utf16As(binary.LittleEndian, false),
		"UTF-16 BE without mark": utf16As(binary.BigEndian, false),
		"Windows-1252":           ansi,
		"CRLF":                   []byte(strings.ReplaceAll(letter, "\n", "\r\n")),
		"CR":                     []byte(strings.ReplaceAll(letter, "\n", "\r")),
	} {
		r, err := Load("letter.txt", data, Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if name == "Windows-1252" {
			if len(r.Findings) == 0 || r.Findings[0].Code != ReadAsWindows1252 {
				t.Errorf("%s: no finding says that the encoding was guessed", name)
			}
		}
		for _, d := range Compare(want, r.Draft) {
			if name == "Windows-1252" && d.Key == "T3.1" {
				continue
			}
			t.Errorf("%s: %s %s: %q / %q", name, d.Key, d.Change, d.Old.NL, d.New.NL)
		}
		if diff := cmp.Diff(want.Objectives[3].Points[0].Lines, r.Objectives[3].Points[0].Lines); diff != "" {
			t.Errorf("%s: line numbers differ: %s", name, diff)
		}
	}
}

func TestWordParticulars(t *testing.T) {
	list := func(text string) string {
		return `<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>` + text + `</w:t></w:r></w:p>`
	}
	body := para("SD nr. 1: Doel") +
		para("Doelstellingen:") + list("Eén") + list("Twee") + list("") +
		`<w:p><w:r><w:t xml:space="preserve">Meetpunt 1.1: Informatie</w:t><w:noBreakHyphen/><w:t>uitwisseling </w:t></w:r>` +
		`<w:del><w:r><w:delText>weg </w:delText><w:t>weg</w:t></w:r></w:del><w:ins><w:r><w:t>erbij</w:t></w:r></w:ins></w:p>` +
		`<w:tbl><w:tr><w:tc>` + para("Te bereiken streefwaarde") + `</w:tc><w:tc>` + para("twee projecten") + `</w:tc></w:tr></w:tbl>` +
		`<w:p><w:r><w:t>Tijdschema:</w:t><w:tab/><w:t>2025</w:t></w:r></w:p>`
	data := zipped.Of(t, "word/document.xml", wordHead+body+wordFoot, "word/footnotes.xml", wordHead+para("Een voetnoot")+wordFoot)
	r, err := Load("a.docx", data, Options{})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, kt := range r.Texts() {
		if kt.Text.NL != "" {
			got[kt.Key] = kt.Text.NL
		}
	}
	want := map[string]string{
		"S1": "Doel", "S1/goal1": "Eén", "S1/goal2": "Twee",
		"S1.1": "Informatie-uitwisseling erbij", "S1.1-1": "twee projecten", "S1.1-1/deadline": "2025",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, code := range []string{TrackedChanges, NotesLeftOut, EmptyBullet} {
		if !hasFinding(r.Findings, code) {
			t.Errorf("no finding %s in %v", code, r.Findings)
		}
	}
}

func hasFinding(fs []Finding, code string) bool {
	for _, f := range fs {
		if f.Code == code {
			return true
		}
	}
	return false
}
