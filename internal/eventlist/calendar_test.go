package eventlist

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/duty"
)

func day(s string) calendar.Date {
	d, err := calendar.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func kind(code, nl, fr string) duty.Kind {
	return duty.Kind{Code: code, Name: bilingual.New(bilingual.NL, nl).With(bilingual.FR, fr, bilingual.Original)}
}

var (
	infringement = kind("infringement", "Stap in een inbreukprocedure", "Étape d'une procédure d'infraction")
	meeting      = kind("body-meeting", "Vergadering van een orgaan", "Réunion d'un organe")
	options      = Options{Kinds: []duty.Kind{infringement, meeting}, Kind: infringement, From: day("2025-11-24"), To: day("2028-11-24")}
)

// vcalendar wraps the lines of one VEVENT each.
func vcalendar(events ...string) []byte {
	var b strings.Builder
	b.WriteString("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//NL\r\n")
	for _, e := range events {
		b.WriteString("BEGIN:VEVENT\r\n" + strings.ReplaceAll(strings.TrimSpace(e), "\n", "\r\n") + "\r\nEND:VEVENT\r\n")
	}
	b.WriteString("END:VCALENDAR\r\n")
	return []byte(b.String())
}

// told puts the rows and findings of a reading on lines.
func told(r Reading) (lines []string) {
	for _, row := range r.Rows {
		line := fmt.Sprintf("%s %s %s", row.Title, row.From, row.Until)
		for _, more := range []string{row.UID, row.Place} {
			if more != "" {
				line += " | " + more
			}
		}
		if row.Participants > 0 {
			line += fmt.Sprintf(" | %d", row.Participants)
		}
		if row.Kind.Code != infringement.Code {
			line += " | kind " + row.Kind.Code
		}
		if row.Cancelled {
			line += " | cancelled"
		}
		lines = append(lines, line+notes(row.Findings))
	}
	if len(r.Findings) > 0 {
		lines = append(lines, "the list"+notes(r.Findings))
	}
	return lines
}

func notes(all []Finding) (s string) {
	for _, f := range all {
		at := f.Cell
		if f.Line > 0 {
			at = "line " + itoa(f.Line)
		}
		s += fmt.Sprintf(" ! %s %s %s", f.Severity, f.Code, at)
	}
	return s
}

func TestCalendarsAreRead(t *testing.T) {
	for _, c := range []struct {
		name  string
		event string
		want  []string
	}{
		{"one whole day", "UID:a\nSUMMARY:Advies\nDTSTART;VALUE=DATE:20260302\nDTEND;VALUE=DATE:20260303", []string{"Advies 2026-03-02 2026-03-02 | a"}},
		{"whole days, the end is not in it", "SUMMARY:Zitting\nDTSTART;VALUE=DATE:20260302\nDTEND;VALUE=DATE:20260306", []string{"Zitting 2026-03-02 2026-03-05"}},
		{"a day without an end", "SUMMARY:Advies\nDTSTART;VALUE=DATE:20260302", []string{"Advies 2026-03-02 2026-03-02"}},
		{"an end on the day itself", "SUMMARY:Advies\nDTSTART;VALUE=DATE:20260302\nDTEND;VALUE=DATE:20260302", []string{"Advies 2026-03-02 2026-03-02"}},
		{"UTC late in the evening is the next day in Brussels", "SUMMARY:x\nDTSTART:20260302T233000Z\nDTEND:20260303T003000Z", []string{"x 2026-03-03 2026-03-03"}},
		{"in summer by two hours", "SUMMARY:x\nDTSTART:20260702T220000Z", []string{"x 2026-07-03 2026-07-03"}},
		{"a zone", "SUMMARY:x\nDTSTART;TZID=America/New_York:20260302T190000", []string{"x 2026-03-03 2026-03-03"}},
		{"a zone of Windows, quoted", "SUMMARY:x\nDTSTART;TZID=\"Romance Standard Time\":20260302T233000", []string{"x 2026-03-02 2026-03-02"}},
		{"a zone behind the prefix of a program", "SUMMARY:x\nDTSTART;TZID=/mozilla.org/20050126_1/Asia/Tokyo:20260303T060000", []string{"x 2026-03-02 2026-03-02"}},
		{"a zone that nobody knows", "SUMMARY:x\nDTSTART;TZID=Maan:20260302T100000", []string{"x 2026-03-02 2026-03-02 ! warning unknown_zone line 6"}},
		{"that of the server is none", "SUMMARY:x\nDTSTART;TZID=Local:20260302T100000", []string{"x 2026-03-02 2026-03-02 ! warning unknown_zone line 6"}},
		{"no zone is Brussels", "SUMMARY:x\nDTSTART:20260302T233000\nDTEND:20260303T000000", []string{"x 2026-03-02 2026-03-02"}},
		{"over midnight", "SUMMARY:x\nDTSTART:20260302T200000\nDTEND:20260303T010000", []string{"x 2026-03-02 2026-03-03"}},
		{"a duration in days", "SUMMARY:x\nDTSTART;VALUE=DATE:20260302\nDURATION:P3D", []string{"x 2026-03-02 2026-03-04"}},
		{"a duration in hours", "SUMMARY:x\nDTSTART:20260302T200000\nDURATION:PT5H", []string{"x 2026-03-02 2026-03-03"}},
		{"folded and escaped", "SUMMARY:Met redenen om\n kleed advies\\, stap 2\\; Brussel\\nlaatste\nLOCATION:Wetstraat\\, 200\nDTSTART;VALUE=DATE:20260302", []string{"Met redenen omkleed advies, stap 2; Brussel laatste 2026-03-02 2026-03-02 | Wetstraat, 200"}},
		{"text that says it is text", "SUMMARY;VALUE=TEXT;LANGUAGE=nl:Stap 2\\, advies\nDTSTART;VALUE=DATE:20260302", []string{"Stap 2, advies 2026-03-02 2026-03-02"}},
		{"lower case", "summary:x\ndtstart;value=date:20260302", []string{"x 2026-03-02 2026-03-02"}},
		{"cancelled", "UID:a\nSUMMARY:x\nSTATUS:CANCELLED\nDTSTART;VALUE=DATE:20260302", []string{"x 2026-03-02 2026-03-02 | a | cancelled"}},
		{"a category that is a kind", "SUMMARY:x\nCATEGORIES:Werk,vergadering van een orgaan\nDTSTART;VALUE=DATE:20260302", []string{"x 2026-03-02 2026-03-02 | kind body-meeting"}},
		{"an alarm of its own", "SUMMARY:x\nDTSTART;VALUE=DATE:20260302\nBEGIN:VALARM\nSUMMARY:piep\nDTSTART:19700101T000000\nDURATION:P9D\nEND:VALARM", []string{"x 2026-03-02 2026-03-02"}},
		{"no title", "DTSTART;VALUE=DATE:20260302", []string{" 2026-03-02 2026-03-02 ! error no_title line 4"}},
		{"no date", "SUMMARY:x", []string{"x   ! error no_date line 4"}},
		{"no such date", "SUMMARY:x\nDTSTART;VALUE=DATE:20260231", []string{"x   ! error date_wrong line 6"}},
		{"another century", "SUMMARY:x\nDTSTART;VALUE=DATE:18260203", []string{"x   ! error date_wrong line 6"}},
		{"ends first", "SUMMARY:x\nDTSTART;VALUE=DATE:20260302\nDTEND;VALUE=DATE:20260228", []string{"x 2026-03-02 2026-02-27 ! error reversed line 4"}},
		{"two years", "SUMMARY:x\nDTSTART;VALUE=DATE:20260302\nDTEND;VALUE=DATE:20280302", []string{"x 2026-03-02 2028-03-01 ! error too_long line 4"}},
		{"a line that is none", "SUMMARY:x\nwat is dit\nDTSTART;VALUE=DATE:20260302", []string{"x 2026-03-02 2026-03-02", "the list ! warning line_unread line 6"}},
		{"a title too long", "SUMMARY:" + strings.Repeat("é", 301) + "\nDTSTART;VALUE=DATE:20260302", []string{strings.Repeat("é", 300) + " 2026-03-02 2026-03-02 ! warning title_cut line 4"}},
		{"signs out of sight", "SUMMARY:a\u202eb\u200b\u0085c\nDTSTART;VALUE=DATE:20260302", []string{"ab c 2026-03-02 2026-03-02"}},
	} {
		r, err := Read("x.ics", vcalendar(c.event), options)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if diff := cmp.Diff(c.want, told(r)); diff != "" {
			t.Errorf("%s: want (-) got (+)\n%s", c.name, diff)
		}
	}
}

func TestSeriesAreReadWithinTheirBounds(t *testing.T) {
	const start = "UID:a\nSUMMARY:x\nDTSTART;VALUE=DATE:20260105\n"
	for _, c := range []struct {
		name, event string
		want        []string // day of each occurrence, findings last
	}{
		{"count", start + "RRULE:FREQ=MONTHLY;COUNT=3", []string{"2026-01-05", "2026-02-05", "2026-03-05", "info rule_window"}},
		{"until, the day is in it", start + "RRULE:FREQ=WEEKLY;UNTIL=20260119", []string{"2026-01-05", "2026-01-12", "2026-01-19", "info rule_window"}},
		{"until, in UTC", "UID:a\nSUMMARY:x\nDTSTART;TZID=Europe/Brussels:20260105T100000\nRRULE:FREQ=DAILY;INTERVAL=2;UNTIL=20260109T090000Z", []string{"2026-01-05", "2026-01-07", "2026-01-09", "info rule_window"}},
		{"days taken out", start + "RRULE:FREQ=WEEKLY;COUNT=4\nEXDATE;VALUE=DATE:20260112,20260126", []string{"2026-01-05", "2026-01-19", "info rule_window"}},
		{"days added", start + "RRULE:FREQ=WEEKLY;COUNT=2\nRDATE;VALUE=DATE:20260115", []string{"2026-01-05", "2026-01-12", "2026-01-15", "info rule_window"}},
		{"last Friday", start + "RRULE:FREQ=MONTHLY;BYDAY=-1FR;COUNT=2", []string{"2026-01-30", "2026-02-27", "info rule_window"}},
		{"began long ago", "UID:a\nSUMMARY:x\nDTSTART;VALUE=DATE:19990305\nRRULE:FREQ=YEARLY", []string{"2026-03-05", "2027-03-05", "2028-03-05", "info rule_window"}},
		{"over before", "UID:a\nSUMMARY:x\nDTSTART;VALUE=DATE:19990305\nRRULE:FREQ=YEARLY;COUNT=3", []string{"warning rule_never"}},
		{"over the change of the clock", "UID:a\nSUMMARY:x\nDTSTART;TZID=Europe/Brussels:20260328T003000\nRRULE:FREQ=DAILY;COUNT=3", []string{"2026-03-28", "2026-03-29", "2026-03-30", "info rule_window"}},
	} {
		r, err := Read("x.ics", vcalendar(c.event), options)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var got []string
		for _, row := range r.Rows {
			if got = append(got, row.From.String()); row.UID != "a/"+row.From.String() || !row.Sound() {
				t.Errorf("%s: %+v", c.name, row)
			}
		}
		for _, f := range r.Findings {
			got = append(got, string(f.Severity)+" "+f.Code)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: want (-) got (+)\n%s", c.name, diff)
		}
	}
	r, err := Read("x.ics", vcalendar(start+"RRULE:FREQ=DAILY"), options)
	if err != nil || len(r.Rows) != MaxSeries || r.Findings[0].Code != RuleCut {
		t.Errorf("every day for ever: %d rows, %v, %v", len(r.Rows), r.Findings, err)
	}
	for _, rule := range []string{
		"FREQ=HOURLY", "FREQ=SECONDLY;COUNT=9", "COUNT=3", "", "FREQ=DAILY;COUNT=0", "FREQ=DAILY;INTERVAL=-1", "FREQ=MONTHLY;BYDAY=9MO", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31",
		"FREQ=YEARLY;BYWEEKNO=20", "FREQ=DAILY;BYHOUR=1,2,3", "FREQ=YEARLY;INTERVAL=4000000000000000000", "FREQ=DAILY;FREQ=WEEKLY", "FREQ=DAILY;UNTIL=ooit", "FREQ=WEEKLY;BYDAY=ZZ",
		"FREQ=DAILY;BYSETPOS=2", "FREQ=MONTHLY;BYMONTHDAY=" + strings.Repeat("1,", 200) + "1",
	} {
		r, err := Read("x.ics", vcalendar(start+"RRULE:"+rule), options)
		if err != nil || len(r.Rows) != 1 || r.Rows[0].Sound() || r.Rows[0].Findings[0].Code != RuleUnread {
			t.Errorf("%s: %v %v", rule, told(r), err)
		}
	}
}

// One occurrence of a series may have been moved: it has a VEVENT of its own.
func TestAMovedOccurrenceTakesThePlaceOfItsOwn(t *testing.T) {
	r, err := Read("x.ics", vcalendar(
		"UID:a\nSUMMARY:x\nDTSTART;VALUE=DATE:20260105\nRRULE:FREQ=WEEKLY;COUNT=3",
		"UID:a\nRECURRENCE-ID;VALUE=DATE:20260112\nSUMMARY:x verplaatst\nDTSTART;VALUE=DATE:20260114",
		"UID:a\nRECURRENCE-ID;VALUE=DATE:20260119\nSUMMARY:x\nSTATUS:CANCELLED\nDTSTART;VALUE=DATE:20260119",
	), options)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"x 2026-01-05 2026-01-05 | a/2026-01-05", "x verplaatst 2026-01-14 2026-01-14 | a/2026-01-12", "x 2026-01-19 2026-01-19 | a/2026-01-19 | cancelled", "the list ! info rule_window line 8"}
	if diff := cmp.Diff(want, told(r)); diff != "" {
		t.Errorf("want (-) got (+)\n%s", diff)
	}
}

func TestACalendarThatCallsOffCancelsEverything(t *testing.T) {
	data := strings.Replace(string(vcalendar("UID:a\nSUMMARY:x\nDTSTART;VALUE=DATE:20260302")), "VERSION", "METHOD:CANCEL\r\nVERSION", 1)
	if r, err := Read("x.ics", []byte(data), options); err != nil || len(r.Rows) != 1 || !r.Rows[0].Cancelled {
		t.Errorf("%v %v", told(r), err)
	}
}
