package duty

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// at is an instant at noon UTC.
func at(s string) time.Time { return day(s).Time().Add(12 * time.Hour) }

// line is how a duty stands, in short.
func line(d Duty) string {
	s := fmt.Sprintf("%s %s", d.Due, d.State)
	if d.Closing != nil && d.State == Done {
		s += map[bool]string{true: " in time", false: " after the date"}[d.Closing.InTime]
		if d.Closing.Answer != nil {
			s += " by answer"
		}
	}
	return s
}

func lines(all []Duty) (out []string) {
	for _, d := range all {
		out = append(out, line(d))
	}
	return out
}

// Scenario: due 31 December 2024. At 23:59 in Brussels it is not late, at 00:00 it is.
func TestLateBeginsAtMidnightInBrussels(t *testing.T) {
	q := Question{Mandate: office("december 2024"), From: day("2024-12-01"), Until: day("2024-12-31")}
	for instant, want := range map[string]State{
		"2024-12-31T22:59:59Z": Open,
		"2024-12-31T23:00:00Z": Late,
		"2024-11-30T22:59:59Z": NotExpected,
		"2024-11-30T23:00:00Z": Open,
	} {
		now, err := time.Parse(time.RFC3339, instant)
		if err != nil {
			t.Fatal(err)
		}
		q.Today = brussels(now)
		if got := Of(q)[0].State; got != want {
			t.Errorf("%s: %s, want %s", instant, got, want)
		}
	}
}

func TestWhatAnswersADuty(t *testing.T) {
	for name, c := range map[string]struct {
		phrase  string
		today   string
		reports []Report
		want    []string
	}{
		"nothing": {"doorlopend", "2025-09-15", nil, []string{"2025-06-30 late", "2025-12-31 open"}},
		"a report of the half-year": {
			"doorlopend", "2025-09-15",
			[]Report{report(1, "2025-02-01", false)},
			[]string{"2025-06-30 done in time", "2025-12-31 open"},
		},
		"a report of the next half-year answers only that": {
			"doorlopend", "2025-09-15",
			[]Report{report(1, "2025-07-01", false)},
			[]string{"2025-06-30 late", "2025-12-31 done in time"},
		},
		"a report of a day to come": {
			"doorlopend", "2025-09-15",
			[]Report{report(1, "2025-09-16", false)},
			[]string{"2025-06-30 late", "2025-12-31 open"},
		},
		"a month's report later in the half-year": {
			"op 15 maart van elk jaar", "2025-09-15",
			[]Report{report(1, "2025-06-30", false)},
			[]string{"2025-03-14 done after the date"},
		},
		"a month's report in the next half-year": {
			"op 15 maart van elk jaar", "2025-09-15",
			[]Report{report(1, "2025-07-01", false)},
			[]string{"2025-03-14 late"},
		},
		"a result is not reached by reporting": {
			"maart 2025", "2025-09-15",
			[]Report{report(1, "2025-03-20", false)},
			[]string{"2025-03-31 late"},
		},
		"a result reached in time": {
			"maart 2025", "2025-09-15",
			[]Report{report(1, "2025-01-20", true)},
			[]string{"2025-03-31 done in time"},
		},
		"a result reached late": {
			"maart 2025", "2025-09-15",
			[]Report{report(1, "2025-09-01", true)},
			[]string{"2025-03-31 done after the date"},
		},
		"a result taken back": {
			"maart 2025", "2025-09-15",
			[]Report{report(1, "2025-03-01", true), report(2, "2025-06-01", false)},
			[]string{"2025-03-31 late"},
		},
		"an earlier step of several": {
			"fase 1: maart 2025; fase 2: oktober 2025", "2025-12-15",
			[]Report{report(1, "2025-03-20", false), report(2, "2025-10-20", false)},
			[]string{"2025-03-31 done in time", "2025-10-31 late"},
		},
		"a closed target owes nothing more": {
			"doorlopend", "2025-09-15",
			[]Report{report(1, "2025-06-01", true)},
			[]string{"2025-06-30 done in time"},
		},
		"what was owed before is closed with it": {
			"doorlopend", "2025-09-15",
			[]Report{report(1, "2025-09-01", true)},
			[]string{"2025-06-30 done after the date", "2025-12-31 done in time"},
		},
		"twice a year, half the year gone with nothing": {
			"ten minste twee keer per jaar", "2025-07-01", nil,
			[]string{"2025-06-30 at_risk", "2025-12-31 open"},
		},
		"twice a year, on the last day of the half": {
			"ten minste twee keer per jaar", "2025-06-30", nil,
			[]string{"2025-06-30 open", "2025-12-31 not_expected"},
		},
		"twice a year, once in the second half": {
			"ten minste twee keer per jaar", "2025-11-01",
			[]Report{report(1, "2025-09-01", false)},
			[]string{"2025-06-30 done in time", "2025-12-31 open"},
		},
		"twice a year, twice in the second half": {
			"ten minste twee keer per jaar", "2025-11-01",
			[]Report{report(1, "2025-09-01", false), report(2, "2025-10-01", false)},
			[]string{"2025-06-30 done in time", "2025-12-31 done in time"},
		},
		"twice a year, two reports of one day": {
			"ten minste twee keer per jaar", "2025-11-01",
			[]Report{report(1, "2025-09-01", false), report(2, "2025-09-01", false)},
			[]string{"2025-06-30 done in time", "2025-12-31 open"},
		},
		"twice a year, once, and the year is over": {
			"ten minste twee keer per jaar", "2026-01-01",
			[]Report{report(1, "2025-03-01", false)},
			[]string{"2025-06-30 done in time", "2025-12-31 late"},
		},
		"once a year, half the year gone": {
			"ten minste één keer per jaar", "2025-07-01", nil, []string{"2025-12-31 at_risk"},
		},
		"four times a year, one quarter gone": {
			"vier keer per jaar", "2025-04-01", nil,
			[]string{"2025-03-31 open", "2025-06-30 open", "2025-09-30 not_expected", "2025-12-31 not_expected"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			q := Question{Mandate: office(c.phrase), From: day("2025-01-01"), Until: day("2025-12-31"), Today: day(c.today)}
			q.Record.Reports = map[int64][]Report{1: c.reports}
			if diff := cmp.Diff(c.want, lines(Of(q))); diff != "" {
				t.Errorf("want -, got +:\n%s", diff)
			}
		})
	}
}

const eachDelegation = "vóór en na elke ontvangst van een delegatie"

func TestAnEventOpensDutiesThatAreAnswered(t *testing.T) {
	visit := Event{ID: 7, Title: "Riga", From: day("2025-05-12"), Until: day("2025-05-14"), Targets: []int64{1}}
	answer := func(timing, done string) Answer {
		return Answer{TargetID: 1, EventID: 7, Timing: timing, DoneOn: day(done), At: at(done)}
	}
	for name, c := range map[string]struct {
		today   string
		reports []Report
		answers []Answer
		want    []string
	}{
		"long before":                     {"2025-03-01", nil, nil, []string{"2025-05-11 open", "2025-06-13 not_expected"}},
		"during":                          {"2025-05-13", nil, nil, []string{"2025-05-11 late", "2025-06-13 not_expected"}},
		"long after":                      {"2025-09-01", nil, nil, []string{"2025-05-11 late", "2025-06-13 late"}},
		"both answered":                   {"2025-09-01", nil, []Answer{answer("before", "2025-05-02"), answer("after", "2025-06-20")}, []string{"2025-05-11 done in time by answer", "2025-06-13 done after the date by answer"}},
		"an answer to come":               {"2025-05-01", nil, []Answer{answer("before", "2025-05-02")}, []string{"2025-05-11 open", "2025-06-13 not_expected"}},
		"a report from before the event":  {"2025-09-01", []Report{report(1, "2025-05-01", false)}, nil, []string{"2025-05-11 late", "2025-06-13 late"}},
		"a report from after the event":   {"2025-09-01", []Report{report(1, "2025-06-10", false)}, nil, []string{"2025-05-11 done after the date", "2025-06-13 done in time"}},
		"a report of the next half-year":  {"2025-09-01", []Report{report(1, "2025-08-10", false)}, nil, []string{"2025-05-11 late", "2025-06-13 late"}},
		"the answer came first":           {"2025-09-01", []Report{report(1, "2025-06-30", false)}, []Answer{answer("after", "2025-06-01")}, []string{"2025-05-11 done after the date", "2025-06-13 done in time by answer"}},
		"the target was closed before it": {"2025-09-01", []Report{report(1, "2025-04-01", true)}, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			q := Question{Mandate: office(eachDelegation), From: day("2025-01-01"), Until: day("2025-12-31"), Today: day(c.today)}
			q.Record = Record{Reports: map[int64][]Report{1: c.reports}, Events: []Event{visit}, Answers: c.answers}
			if diff := cmp.Diff(c.want, lines(Of(q))); diff != "" {
				t.Errorf("want -, got +:\n%s", diff)
			}
		})
	}
	cancelled := visit
	cancelled.CancelledAt = at("2025-05-01")
	q := Question{Mandate: office(eachDelegation), Record: Record{Events: []Event{cancelled}}, From: day("2025-01-01"), Until: day("2025-12-31"), Today: day("2025-09-01")}
	if got := Of(q); len(got) != 0 {
		t.Errorf("a cancelled event opens %v", lines(got))
	}
}

// Three events, six duties; one without its "after" shows as late.
func TestEachEventHasDutiesOfItsOwn(t *testing.T) {
	q := Question{Mandate: office(eachDelegation), From: day("2025-01-01"), Until: day("2025-12-31"), Today: day("2025-12-01")}
	for i, from := range []string{"2025-02-03", "2025-02-04", "2025-09-01"} {
		id := int64(i + 1)
		q.Record.Events = append(q.Record.Events, Event{ID: id, From: day(from), Until: day(from), Targets: []int64{1}})
		q.Record.Answers = append(q.Record.Answers, Answer{TargetID: 1, EventID: id, Timing: "before", DoneOn: day("2025-01-20")})
		if id < 3 {
			q.Record.Answers = append(q.Record.Answers, Answer{TargetID: 1, EventID: id, Timing: "after", DoneOn: day("2025-02-20")})
		}
	}
	counts := map[State]int{}
	for _, d := range Of(q) {
		counts[d.State]++
		if d.State == Late && (d.EventID() != 3 || d.Reason.Code != "after") {
			t.Errorf("late: %s of event %d", d.Reason.Code, d.EventID())
		}
	}
	if diff := cmp.Diff(map[State]int{Done: 5, Late: 1}, counts); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
}

func TestAWaivedDutyIsNotOwed(t *testing.T) {
	q := Question{Mandate: office("doorlopend"), From: day("2025-01-01"), Until: day("2025-12-31"), Today: day("2025-09-15")}
	q.Record.Waivers = []Waiver{{TargetID: 1, Due: day("2025-06-30"), Reason: "geen dossiers", At: at("2025-08-01")}}
	if diff := cmp.Diff([]string{"2025-06-30 waived", "2025-12-31 open"}, lines(Of(q))); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
	q.Today = day("2025-07-31")
	if got := Of(q)[0].State; got != Waived {
		t.Errorf("looking back at a day before it was waived: %s", got)
	}
	q.Record.Reports = map[int64][]Report{1: {report(1, "2025-06-30", false)}}
	if got := Of(q)[0].State; got != Done {
		t.Errorf("reported as well: %s", got)
	}
}

// What was past when the letter was imported is told, and is no alarm. A result
// that was reported on since, and not reached, is late.
func TestPastAtImportIsNoAlarm(t *testing.T) {
	q := Question{Mandate: office("december 2024", "doorlopend"), From: day("2024-12-01"), Until: day("2025-12-31"), Today: day("2025-09-15")}
	q.Record.Since = day("2025-03-01")
	want := []string{"2024-12-31 past_at_import", "2024-12-31 past_at_import", "2025-06-30 late", "2025-12-31 open"}
	if diff := cmp.Diff(want, lines(Of(q))); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
	q.Record.Reports = map[int64][]Report{1: {report(1, "2025-06-30", false)}, 2: {report(2, "2025-06-30", false)}}
	want = []string{"2024-12-31 late", "2024-12-31 past_at_import", "2025-06-30 done in time", "2025-12-31 open"}
	if diff := cmp.Diff(want, lines(Of(q))); diff != "" {
		t.Errorf("reported since: want -, got +:\n%s", diff)
	}
}

func TestWhatCanStillCloseADuty(t *testing.T) {
	m := office("doorlopend", "december 2024", eachDelegation)
	q := Question{Mandate: m, From: day("2024-12-01"), Until: day("2025-06-30"), Today: day("2025-09-15")}
	q.Record.Events = []Event{{ID: 1, From: day("2025-02-03"), Until: day("2025-02-03"), Targets: []int64{3}}}
	sealed := day("2025-06-30")
	for _, d := range Of(q) {
		want := d.Result || d.Event != nil
		if got := d.Closable(sealed, q.Today); got != want {
			t.Errorf("%s: closable %v, want %v", d.Key(), got, want)
		}
		if !d.Closable(day("2024-06-30"), q.Today) {
			t.Errorf("%s: cannot be closed in an open half-year", d.Key())
		}
	}
}

// A target that a later letter added owes nothing of before it was there.
func TestAnAddedTargetOwesFromItsDay(t *testing.T) {
	q := Question{Mandate: office("om de twee maanden"), From: day("2025-01-01"), Until: day("2025-12-31"), Today: day("2025-12-31")}
	if all := Of(q); len(all) == 0 || !all[0].Due.Before(day("2025-06-15")) {
		t.Fatalf("from the start: %v", lines(all))
	}
	q.Mandate.Objectives[0].Points[0].Targets[0].Since = day("2025-06-15")
	if all := Of(q); len(all) == 0 || all[0].Due.Before(day("2025-06-15")) {
		t.Errorf("from 15 June: %v", lines(all))
	}
}
