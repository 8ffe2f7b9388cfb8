package eventlist

import (
	"errors"
	"testing"
	"unicode"
	"unicode/utf8"

	"jalon/internal/calendar"
	"jalon/internal/intake"
)

// FuzzRead holds what is true of any file: nothing panics, an error is a
// refusal, and a sound row is one that the register can take.
func FuzzRead(f *testing.F) {
	f.Add("a.ics", string(vcalendar("UID:a\nSUMMARY:Met redenen om\n kleed\\, advies\nDTSTART;TZID=\"Romance Standard Time\":20260302T100000\nDURATION:PT5H\nRRULE:FREQ=MONTHLY;BYDAY=-1FR;COUNT=4\nEXDATE:20260302T090000Z\nRDATE;VALUE=DATE:20260115", "UID:a\nRECURRENCE-ID;VALUE=DATE:20260327\nSTATUS:CANCELLED\nSUMMARY:x\nDTSTART;VALUE=DATE:20260327")))
	f.Add("a.ics", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY;X=\"a\\:x\nDTSTART;VALUE=TEXT;=:20260302\nEND:VEVENT\nEND\nBEGIN:VEVENT\n")
	f.Add("a.ics", string(vcalendar("SUMMARY:x\nDTSTART;VALUE=DATE:20991231\nDURATION:P9999W\nRRULE:FREQ=YEARLY;UNTIL=99991231", "SUMMARY:x\nDTSTART:19900101T000000Z\nRRULE:FREQ=DAILY;BYDAY=MO,TU;BYMONTH=2;BYMONTHDAY=-29;INTERVAL=7")))
	f.Add("a.csv", "Datum;Titel;Tot;Aantal;Soort\n02/03/2026;\"x\ny\";3-3-2026;4;infringement\n;;;\n31/02/2026;x\n")
	f.Add("a.csv", "date,titre\n2026-03-02T10:00:00Z,x\n\"")
	f.Add("a.xlsx", string(workbook(f, [][]any{{"Datum", "Titel", "Kenmerk"}, {at(2026, 3, 2, 9), "x", "k"}, {"=TODAY()", "y"}})))
	f.Fuzz(func(t *testing.T, name, data string) {
		if len(data) > 20_000 {
			return
		}
		r, err := Read(name, []byte(data), options)
		if err != nil {
			var own *Refusal
			var other *intake.Refusal
			if !errors.As(err, &own) && !errors.As(err, &other) {
				t.Fatalf("no refusal: %v", err)
			}
			return
		}
		if len(r.Rows) > MaxRows {
			t.Fatalf("%d rows", len(r.Rows))
		}
		for _, row := range r.Rows {
			for _, f := range row.Findings {
				if f.At == (At{}) {
					t.Fatalf("a finding without a place: %+v", f)
				}
			}
			if row.Sound() {
				checkSound(t, row)
			}
		}
		Compare(r.Rows, nil).Fingerprint()
	})
}

func checkSound(t *testing.T, r Row) {
	t.Helper()
	switch n := utf8.RuneCountInString(r.Title); {
	case n < 1 || n > maxTitle || utf8.RuneCountInString(r.Place) > maxPlace || len(r.UID) > 300:
		t.Fatalf("too long, or empty: %+v", r)
	case r.From.Year < calendar.MinYear || r.Until.Year > calendar.MaxYear || r.Until.Before(r.From) || r.From.AddDays(maxDays).Before(r.Until):
		t.Fatalf("days out of order: %+v", r)
	case r.Kind.Code == "" || r.Participants < 0 || r.Participants > maxPeople:
		t.Fatalf("no kind, or nobody: %+v", r)
	}
	for _, s := range []string{r.Title, r.Place, r.UID} {
		for _, sign := range s {
			if unicode.IsControl(sign) || sign == utf8.RuneError {
				t.Fatalf("a sign that cannot be shown in %q", s)
			}
		}
	}
}
