package eventlist

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"

	"jalon/internal/intake"
	"jalon/internal/testing/zipped"
)

// workbook makes an .xlsx with one sheet; a string that begins with = is a
// formula with the value behind the bar.
func workbook(t testing.TB, rows [][]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range rows {
		for j, value := range row {
			cell, err := excelize.CoordinatesToCellName(j+1, i+1)
			if err != nil {
				t.Fatal(err)
			}
			if s, ok := value.(string); ok && strings.HasPrefix(s, "=") {
				formula, result, _ := strings.Cut(s, "|")
				if number, none := strconv.Atoi(result); none == nil {
					err = f.SetCellValue("Sheet1", cell, number)
				}
				err = errors.Join(err, f.SetCellFormula("Sheet1", cell, formula))
			} else {
				err = f.SetCellValue("Sheet1", cell, value)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func at(year int, month time.Month, day, hour int) time.Time {
	return time.Date(year, month, day, hour, 30, 0, 0, time.UTC)
}

func TestWorkbooksAreRead(t *testing.T) {
	for name, c := range map[string]struct {
		rows [][]any
		want []string
	}{
		"Dutch": {
			[][]any{
				{"Overzicht van de procedure"},
				{},
				{"Van", "Tot", "Omschrijving", "Plaats", "Aantal deelnemers", "Soort", "Kenmerk"},
				{at(2026, 3, 2, 0), at(2026, 3, 4, 17), "Zitting", "Brussel", 12, "vergadering van een orgaan", "INFR-1"},
				{"02/04/2026", "", "Advies"},
				{},
				{"2026-04-03", "4.4.2026", " Advies  2 ", "", "3"},
			},
			[]string{"Zitting 2026-03-02 2026-03-04 | INFR-1 | Brussel | 12 | kind body-meeting", "Advies 2026-04-02 2026-04-02", "Advies 2 2026-04-03 2026-04-04 | 3"},
		},
		"French": {
			[][]any{
				{"DÉBUT", "Date de fin", "Intitulé", "Lieu", "Participant·e·s", "Type"},
				{at(2026, 3, 2, 9), "", "Avis motivé", "Bruxelles", "", "body-meeting"},
			},
			[]string{"Avis motivé 2026-03-02 2026-03-02 | Bruxelles | kind body-meeting"},
		},
		"what is wrong has its cell": {
			[][]any{
				{"Datum", "Titel", "Deelnemers", "Soort", "Tot"},
				{"31/02/2026", "a"},
				{"01/03/26", "b"},
				{12, "c"},
				{"", "d"},
				{"01/03/2026", ""},
				{"01/03/2026", "f", "1,5", "feest"},
				{"01/03/2026", "g", -1, "", "28/02/2026"},
				{true, "h"},
			},
			[]string{
				"a   ! error date_wrong Sheet1!A2", "b   ! error date_short Sheet1!A3", "c   ! error date_wrong Sheet1!A4", "d   ! error no_date Sheet1!A5",
				" 2026-03-01 2026-03-01 ! error no_title Sheet1!B6", "f 2026-03-01 2026-03-01 | kind  ! error unknown_kind Sheet1!D7 ! error participants_wrong Sheet1!C7",
				"g 2026-03-01 2026-02-28 ! error participants_wrong Sheet1!C8 ! error reversed Sheet1!B8", "h   ! error date_wrong Sheet1!A9",
			},
		},
		"formulas": {
			[][]any{{"Datum", "Titel"}, {"=TODAY()|46083", "a"}, {"=A2+1", "b"}},
			[]string{"a 2026-03-02 2026-03-02 ! warning formula Sheet1!A2", "b   ! error formula_empty Sheet1!A3"},
		},
	} {
		r, err := Read("x.xlsx", workbook(t, c.rows), options)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(c.want, told(r)); diff != "" {
			t.Errorf("%s: want (-) got (+)\n%s", name, diff)
		}
	}
}

func TestCSVIsReadWhateverItsSignsAndLetters(t *testing.T) {
	const list = "Datum;Omschrijving;Lieu\r\n02/03/2026;\"Advies; één\r\nvervolg\";Brussel\r\n2026-03-03T10:00:00;Nota;\r\n"
	utf16le := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(list)) {
		utf16le = binary.LittleEndian.AppendUint16(utf16le, u)
	}
	ansi, err := charmap.Windows1252.NewEncoder().String(list)
	if err != nil {
		t.Fatal(err)
	}
	tabs := strings.NewReplacer("Advies; één", "Advies, één", ";", "\t").Replace(list)
	commas := strings.NewReplacer("Advies; één", "Advies, één", ";", ",").Replace(list)
	for name, data := range map[string]string{
		"plain": list, "with mark": "\xef\xbb\xbf" + list, "UTF-16": string(utf16le), "Windows-1252": ansi, "tabs": tabs, "commas": commas,
	} {
		r, err := Read("lijst.csv", []byte(data), options)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		want := []string{"Advies; één vervolg 2026-03-02 2026-03-02 | Brussel", "Nota 2026-03-03 2026-03-03"}
		if name == "tabs" || name == "commas" {
			want[0] = strings.Replace(want[0], ";", ",", 1)
		}
		if name == "Windows-1252" {
			want = append(want, "the list ! info windows_1252 ")
		}
		if diff := cmp.Diff(want, told(r)); diff != "" {
			t.Errorf("%s: want (-) got (+)\n%s", name, diff)
		}
	}
}

// withPart adds a part to a sound workbook.
func withPart(t testing.TB, name, content string) []byte {
	t.Helper()
	book := workbook(t, [][]any{{"Datum", "Titel"}, {"02/03/2026", "x"}})
	old, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range old.File {
		if err := z.Copy(f); err != nil {
			t.Fatal(err)
		}
	}
	w, err := z.Create(name)
	if err == nil {
		_, err = w.Write([]byte(content))
	}
	if err = errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestBadFilesAreRefusedWithTheirReason(t *testing.T) {
	const sound = "SUMMARY:x\nDTSTART;VALUE=DATE:20260302"
	many := make([]string, MaxRows+1)
	for i := range many {
		many[i] = sound
	}
	series := make([]string, maxRules+1)
	for i := range series {
		series[i] = sound + "\nRRULE:FREQ=YEARLY"
	}
	for _, c := range []struct {
		name, file string
		data       []byte
		want       string
	}{
		{"empty", "a.ics", nil, intake.Empty},
		{"blank", "a.csv", []byte(" \r\n"), intake.Empty},
		{"3 MB", "a.ics", bytes.Repeat([]byte("a"), 3<<20), TooLarge},
		{"picture", "a.png", []byte("\x89PNG"), Unsupported},
		{"no name", "", vcalendar(sound), Unsupported},
		{"old workbook", "a.xls", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), Unsupported},
		{"under a password", "a.xlsx", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), intake.Encrypted},
		{"macros by name", "a.xlsm", zipped.Of(t, "xl/workbook.xml", "x"), Macros},
		{"macros inside", "a.xlsx", withPart(t, "xl/vbaProject.bin", "x"), Macros},
		{"text named xlsx", "a.xlsx", []byte("Datum;Titel"), OtherKind},
		{"workbook named ics", "a.ics", zipped.Of(t, "xl/workbook.xml", "x"), OtherKind},
		{"page named ics", "a.ics", []byte("<!doctype html><html>"), NotACalendar},
		{"to-dos alone", "a.ics", []byte("BEGIN:VCALENDAR\nBEGIN:VTODO\nSUMMARY:x\nEND:VTODO\nEND:VCALENDAR"), NoEvent},
		{"no event", "a.ics", vcalendar(), NoEvent},
		{"too many events", "a.ics", vcalendar(many...), TooManyRows},
		{"too many series", "a.ics", vcalendar(series...), TooManyRules},
		{"broken UTF-8", "a.ics", []byte("BEGIN:VCALENDAR\nX:één\nY:co\xc3\nZ:twéé"), intake.InvalidUTF8},
		{"odd UTF-16", "a.ics", []byte("\xff\xfeB\x00E"), intake.InvalidUTF16},
		{"binary", "a.ics", []byte("BEGIN:VCALENDAR\n\x00\x01"), intake.NotText},
		{"no columns", "a.csv", []byte("a;b\nc;d\n"), NoHeader},
		{"a title alone", "a.csv", []byte("Titel;Plaats\nx;y\n"), NoHeader},
		{"columns too far down", "a.csv", []byte(strings.Repeat("x\n", 30) + "Datum;Titel\n02/03/2026;x"), NoHeader},
		{"columns and nothing else", "a.csv", []byte("Datum;Titel\n;;\n"), NoEvent},
		{"unclosed quote", "a.csv", []byte("Datum;Titel\n02/03/2026;\"x\n"), BrokenCSV},
		{"too many rows", "a.csv", []byte("Datum;Titel\n" + strings.Repeat("02/03/2026;x\n", MaxRows+1)), TooManyRows},
		{"sheet without columns", "a.xlsx", workbook(t, [][]any{{"x"}, {"y"}}), NoHeader},
		{"zip bomb", "a.xlsx", zipped.Of(t, "xl/workbook.xml", strings.Repeat("a", 40<<20)), intake.UnpacksTooLarge},
		{"a part too large", "a.xlsx", withPart(t, "xl/media/x.bin", strings.Repeat("a", 9<<20)), intake.UnpacksTooLarge},
		{"DOCTYPE", "a.xlsx", withPart(t, "xl/more.xml", `<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>`), intake.Doctype},
		{"path in the zip", "a.xlsx", withPart(t, "../../x", "x"), intake.Damaged},
		{"cut zip", "a.xlsx", workbook(t, [][]any{{"x"}})[:300], intake.Damaged},
		{"letter named xlsx", "a.xlsx", zipped.Of(t, "word/document.xml", "x"), intake.Damaged},
	} {
		_, err := Read(c.file, c.data, options)
		var own *Refusal
		var other *intake.Refusal
		got := ""
		switch {
		case errors.As(err, &own):
			got = own.Code
		case errors.As(err, &other):
			got = other.Code
		}
		if got != c.want {
			t.Errorf("%s: refused for %q (%v), want %q", c.name, got, err, c.want)
		}
	}
}

func TestAFileThatBreaksOffKeepsWhatIsWhole(t *testing.T) {
	whole := string(vcalendar("SUMMARY:x\nDTSTART;VALUE=DATE:20260302", "SUMMARY:y\nDTSTART;VALUE=DATE:20260303"))
	r, err := Read("a.ics", []byte(whole[:strings.Index(whole, "SUMMARY:y")+9]), options)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"x 2026-03-02 2026-03-02", "the list ! warning cut_off line 8"}, told(r)); diff != "" {
		t.Errorf("want (-) got (+)\n%s", diff)
	}
}
