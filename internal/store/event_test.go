package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/duty"
	"jalon/internal/mandate"
	"jalon/internal/progress"
)

// withEvents is a letter of which one target waits for delegations.
func withEvents(code string) mandate.Mandate {
	return tree(code, "S1 Dienst", "S1.1 Punt", "S1.1-1 Doel @ vóór en na elke ontvangst van een delegatie", "S1.1-2 Doel @ doorlopend")
}

func (b bench) visit(t testing.TB, m mandate.Mandate, from string) (id int64) {
	t.Helper()
	location, _, err := b.RecordEvent(AsSystem(context.Background()), b.sub("record event"), m.ID, duty.Event{
		Kind: duty.Kind{Code: "delegation-reception"}, Title: "Riga", Lang: bilingual.NL, From: day(from), Until: day(from), Place: "Brussel", Participants: 9,
		Targets: []int64{m.Targets()[0].ID}, RecordedByID: b.by, RecordedAt: time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC),
	}, func(id int64) string { return strconv.FormatInt(id, 10) })
	if err != nil {
		t.Fatal(err)
	}
	if id, err = strconv.ParseInt(location, 10, 64); err != nil {
		t.Fatal(err)
	}
	return id
}

func (b bench) answer(m mandate.Mandate, eventID int64, change ...func(*duty.Answer)) error {
	a := duty.Answer{
		TargetID: m.Targets()[0].ID, EventID: eventID, Due: day("2026-05-11"), Timing: "before", DoneOn: day("2026-05-05"), Note: "programma", Lang: bilingual.NL,
		ByID: b.by, At: time.Date(2026, 5, 5, 9, 0, 0, 0, time.UTC),
	}
	for _, c := range change {
		c(&a)
	}
	_, _, err := b.AnswerDuty(AsSystem(context.Background()), b.sub("answer duty"), m.ID, a, "/nl")
	return err
}

func (b bench) questions(t testing.TB, q DutyQuestion) []duty.Question {
	t.Helper()
	all, _, err := b.Duties(AsSystem(context.Background()), q)
	if err != nil {
		t.Fatal(err)
	}
	for i := range all {
		all[i].From, all[i].Until = day("2026-01-01"), day("2026-12-31")
	}
	return all
}

func states(all []duty.Duty) (lines []string) {
	for _, d := range all {
		lines = append(lines, d.Target.Code.String()+" "+d.Reason.Code+" "+d.Due.String()+" "+string(d.State))
	}
	return lines
}

// The sheet of a mandate and the question over many give the same duties, with
// what closed them.
func TestDutiesAreReadBackAsRecorded(t *testing.T) {
	b := newBench(t)
	m, other := b.aMandate(t, withEvents("MA")), b.aMandate(t, withEvents("MB"))
	if _, err := b.pool.Exec(AsSystem(context.Background()), `UPDATE mandate SET created_at = '2025-01-15'`); err != nil {
		t.Fatal(err)
	}
	id := b.visit(t, m, "2026-05-12")
	if err := b.answer(m, id, func(a *duty.Answer) { a.Link = "https://example.org/nota" }); err != nil {
		t.Fatal(err)
	}
	if _, _, err := b.WaiveDuty(AsSystem(context.Background()), b.sub("waive duty"), m.ID, duty.Waiver{
		TargetID: m.Targets()[1].ID, Due: day("2026-06-30"), Reason: "geen dossiers", Lang: bilingual.NL, ByID: b.by, At: time.Now(),
	}, "/nl"); err != nil {
		t.Fatal(err)
	}
	if err := b.record(m.ID, secondHalf, b.entry(m.Targets()[1].ID, progress.OnTrack, day("2026-07-15"))); err != nil {
		t.Fatal(err)
	}
	today := day("2026-09-15")
	want := []string{"S1.1-1 before 2026-05-11 done", "S1.1-1 after 2026-06-11 late", "S1.1-2 half_year 2026-06-30 waived", "S1.1-2 half_year 2026-12-31 done"}

	all := b.questions(t, DutyQuestion{Scope: access.Scope{All: true}, AsOf: today})
	if len(all) != 2 || all[0].Mandate.Code != "MA" || all[1].Mandate.ID != other.ID {
		t.Fatalf("%d mandates", len(all))
	}
	if diff := gocmp.Diff(want, states(duty.Of(all[0]))); diff != "" {
		t.Errorf("question: want (-) got (+)\n%s", diff)
	}
	if diff := gocmp.Diff([]string{"S1.1-2 half_year 2026-06-30 late", "S1.1-2 half_year 2026-12-31 open"}, states(duty.Of(all[1]))); diff != "" {
		t.Errorf("the other mandate: want (-) got (+)\n%s", diff)
	}
	sheet := sheetOf(t, b.Store, SheetQuestion{Code: "MA", AsOf: today})
	if diff := gocmp.Diff(want, states(sheet.Duties(day("2026-01-01"), day("2026-12-31")))); diff != "" {
		t.Errorf("sheet: want (-) got (+)\n%s", diff)
	}
	if diff := gocmp.Diff(sheet.Record, all[0].Record); diff != "" {
		t.Errorf("sheet (-) and question (+) differ\n%s", diff)
	}
	if got := sheet.Record.Since; got != day("2025-01-15") {
		t.Errorf("followed since %s", got)
	}
	a := sheet.Record.Answers[0]
	if a.By == "" || a.Link != "https://example.org/nota" || a.Note != "programma" || a.DoneOn != day("2026-05-05") {
		t.Errorf("the answer reads %+v", a)
	}
	e := sheet.Record.Events[0]
	if e.Participants != 9 || e.Kind.Name.FR == "" || len(e.Kind.Triggers) == 0 || e.Place != "Brussel" || e.Cancelled() {
		t.Errorf("the event reads %+v", e)
	}
}

// An entry that was corrected is no second report, and one of a later day is
// not known on an earlier one.
func TestReportsThatCount(t *testing.T) {
	b := newBench(t)
	m := b.aMandate(t, withEvents("MA"))
	target := m.Targets()[1].ID
	if err := b.record(m.ID, firstHalf, b.entry(target, progress.Achieved, day("2026-03-01"))); err != nil {
		t.Fatal(err)
	}
	correction := b.entry(target, progress.OnTrack, day("2026-03-01"))
	correction.Supersedes, correction.CorrectionReason = sheetOf(t, b.Store, SheetQuestion{Code: "MA", AsOf: day("2026-03-01")}).Latest[target].ID, "nog niet"
	if err := b.record(m.ID, firstHalf, correction, b.entry(target, progress.Stopped, day("2026-06-01"))); err != nil {
		t.Fatal(err)
	}
	for asOf, want := range map[string][]bool{"2026-02-28": nil, "2026-05-31": {false}, "2026-06-01": {false, true}} {
		var got []bool
		for _, r := range b.questions(t, DutyQuestion{Scope: access.Scope{All: true}, AsOf: day(asOf)})[0].Record.Reports[target] {
			got = append(got, r.Closes)
		}
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Errorf("%s: want (-) got (+)\n%s", asOf, diff)
		}
	}
}

// What was owed long ago is judged by what was reported then, however long ago that is.
func TestWhatWasDoneLongAgoStaysDone(t *testing.T) {
	b := newBench(t)
	m := b.aMandate(t, tree("MA", "S1 Dienst", "S1.1 Punt", "S1.1-1 Volgen @ doorlopend"))
	exec(t, b.Store, `UPDATE mandate SET created_at = '2019-11-30' WHERE id = $1`, m.ID)
	if err := b.Appoint(AsSystem(t.Context()), b.sub("appoint"), m.ID, mandate.Tenure{PersonID: b.by, From: day("2020-01-01")}); err != nil {
		t.Fatal(err)
	}
	for _, on := range []string{"2020-06-30", "2020-12-31", "2021-06-30", "2022-06-30", "2022-12-31", "2026-06-30"} {
		if err := b.record(m.ID, firstHalf, b.entry(targetID(t, m, "S1.1-1"), progress.OnTrack, day(on))); err != nil {
			t.Fatal(err)
		}
	}
	q := b.questions(t, DutyQuestion{Scope: access.Scope{All: true}, AsOf: day("2026-07-15")})[0]
	q.From, q.Until = day("2020-01-01"), day("2026-07-15")
	var missed []string
	for _, d := range duty.Of(q) {
		if d.State != duty.Done {
			missed = append(missed, d.Due.String()+" "+string(d.State))
		}
	}
	want := []string{"2021-12-31 late", "2023-06-30 late", "2023-12-31 late", "2024-06-30 late", "2024-12-31 late", "2025-06-30 late", "2025-12-31 late"}
	if diff := gocmp.Diff(want, missed); diff != "" {
		t.Errorf("want (-) got (+)\n%s", diff)
	}
}

// A target is closed from the report on after which nothing opened it again.
func TestATargetThatWasOpenedAgainIsClosedSinceTheLastTime(t *testing.T) {
	b := newBench(t)
	m := b.aMandate(t, withEvents("MA"))
	target := m.Targets()[1].ID
	reports := []struct {
		on     string
		status progress.Status
	}{{"2019-03-01", progress.Achieved}, {"2020-03-01", progress.OnTrack}, {"2021-03-01", progress.Achieved}, {"2021-09-01", progress.Achieved}, {"2026-05-01", progress.Achieved}}
	for _, r := range reports {
		if err := b.record(m.ID, firstHalf, b.entry(target, r.status, day(r.on))); err != nil {
			t.Fatal(err)
		}
	}
	for asOf, want := range map[string]int{"2019-02-28": 0, "2020-03-01": 2, "2026-06-01": 5} {
		var wanted, got []string
		for _, r := range reports[:want] {
			wanted = append(wanted, fmt.Sprint(r.on, " ", r.status == progress.Achieved))
		}
		for _, r := range b.questions(t, DutyQuestion{Scope: access.Scope{All: true}, AsOf: day(asOf)})[0].Record.Reports[target] {
			got = append(got, fmt.Sprint(r.AsOf, " ", r.Closes))
		}
		if diff := gocmp.Diff(wanted, got); diff != "" {
			t.Errorf("%s: want (-) got (+)\n%s", asOf, diff)
		}
	}
}

func TestDutiesStayWithinTheScope(t *testing.T) {
	b := newBench(t)
	m := b.aMandate(t, withEvents("MA"))
	b.aMandate(t, withEvents("MB"))
	for name, c := range map[string]struct {
		q    DutyQuestion
		want string
	}{
		"all":             {DutyQuestion{Scope: access.Scope{All: true}}, "MA MB"},
		"none":            {DutyQuestion{}, ""},
		"one":             {DutyQuestion{Scope: access.Scope{Mandates: []int64{m.ID}}}, "MA"},
		"another by code": {DutyQuestion{Scope: access.Scope{Mandates: []int64{m.ID}}, Code: "MB"}, ""},
		"institution":     {DutyQuestion{Scope: access.Scope{Institutions: []int64{m.Institution.ID}}, Code: "MB"}, "MB"},
	} {
		c.q.AsOf = day("2026-09-15")
		var got []string
		for _, q := range b.questions(t, c.q) {
			got = append(got, q.Mandate.Code)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v, want %s", name, got, c.want)
		}
	}
}

func TestACancelledEventStaysInTheRegister(t *testing.T) {
	b := newBench(t)
	m, other := b.aMandate(t, withEvents("MA")), b.aMandate(t, withEvents("MB"))
	id := b.visit(t, m, "2026-05-12")
	cancel := func(m mandate.Mandate) error {
		_, _, err := b.CancelEvent(AsSystem(context.Background()), b.sub("cancel event"), m.ID, duty.Event{ID: id, CancelledAt: time.Now()}, "/nl")
		return err
	}
	if err := cancel(other); !errors.Is(err, ErrNotFound) {
		t.Errorf("cancelled for another mandate: %v", err)
	}
	if err := cancel(m); err != nil {
		t.Fatal(err)
	}
	if err := cancel(m); !errors.Is(err, ErrNotFound) {
		t.Errorf("cancelled twice: %v", err)
	}
	q := b.questions(t, DutyQuestion{Scope: access.Scope{All: true}, Code: "MA", AsOf: day("2026-09-15")})[0]
	if len(q.Record.Events) != 1 || !q.Record.Events[0].Cancelled() {
		t.Errorf("the register holds %+v", q.Record.Events)
	}
	for _, d := range duty.Of(q) {
		if d.Event != nil {
			t.Errorf("it still opens %s", d.Key())
		}
	}
}

var eventTables = []string{"event", "event_target", "duty_answer", "duty_waiver", "audit_event", "submission", "mandate"}

func TestWhatTheDatabaseRefusesOfEventsAndAnswers(t *testing.T) {
	b := newBench(t)
	m, other := b.aMandate(t, withEvents("MA")), b.aMandate(t, withEvents("MB"))
	id, foreign := b.visit(t, m, "2026-05-12"), b.visit(t, other, "2026-05-12")
	if err := b.answer(m, id); err != nil {
		t.Fatal(err)
	}
	before := dump(t, b.Store, eventTables...)
	for name, change := range map[string]func(*duty.Answer){
		"another mandate's target": func(a *duty.Answer) { a.TargetID = other.Targets()[0].ID },
		"another mandate's event":  func(a *duty.Answer) { a.EventID = foreign },
		"neither note nor link":    func(a *duty.Answer) { a.Note = "" },
		"a link without https":     func(a *duty.Answer) { a.Link = "http://example.org" },
		"a script":                 func(a *duty.Answer) { a.Link = "javascript:alert(1)" },
		"a note too long":          func(a *duty.Answer) { a.Note = strings.Repeat("a", 5001) },
	} {
		if err := b.answer(m, id, change); err == nil {
			t.Errorf("%s was recorded", name)
		}
	}
	for name, change := range map[string]func(*duty.Event){
		"no kind":                  func(e *duty.Event) { e.Kind.Code = "party" },
		"ends before it begins":    func(e *duty.Event) { e.Until = day("2026-05-01") },
		"another mandate's target": func(e *duty.Event) { e.Targets = []int64{other.Targets()[0].ID} },
	} {
		e := duty.Event{Kind: duty.Kind{Code: "other"}, Title: "x", Lang: bilingual.NL, From: day("2026-05-12"), Until: day("2026-05-12"), Targets: []int64{m.Targets()[0].ID}, RecordedByID: b.by, RecordedAt: time.Now()}
		change(&e)
		if _, _, err := b.RecordEvent(AsSystem(context.Background()), b.sub("record event"), m.ID, e, func(int64) string { return "" }); err == nil {
			t.Errorf("%s was recorded", name)
		}
	}
	for _, sql := range []string{
		`UPDATE duty_answer SET note = 'x'`, `DELETE FROM duty_answer`, `DELETE FROM duty_waiver`, `TRUNCATE duty_waiver`,
		`DELETE FROM event`, `UPDATE event SET title = 'x'`, `DELETE FROM event_target`, `INSERT INTO event_kind VALUES ('x', 'x', 'x', '{}', 1)`,
	} {
		if _, err := b.pool.Exec(AsSystem(context.Background()), sql); err == nil {
			t.Errorf("the application may %s", sql)
		}
	}
	if diff := gocmp.Diff(before, dump(t, b.Store, eventTables...)); diff != "" {
		t.Errorf("before (-) after (+)\n%s", diff)
	}
}

func TestAnAnswerSentTwiceIsOneWrite(t *testing.T) {
	b := newBench(t)
	m := b.aMandate(t, withEvents("MA"))
	id := b.visit(t, m, "2026-05-12")
	versionBefore := count(t, b.Store, `SELECT version::int FROM mandate`)
	sub := b.sub("answer duty")
	a := duty.Answer{TargetID: m.Targets()[0].ID, EventID: id, Due: day("2026-05-11"), Timing: "before", DoneOn: day("2026-05-05"), Note: "x", Lang: bilingual.NL, ByID: b.by, At: time.Now()}
	for i := range 3 {
		location, repeated, err := b.AnswerDuty(AsSystem(context.Background()), sub, m.ID, a, "/nl/x")
		if err != nil || location != "/nl/x" || repeated != (i > 0) {
			t.Errorf("%d: %q, repeated %v, %v", i, location, repeated, err)
		}
	}
	for sql, want := range map[string]int{
		`SELECT count(*) FROM duty_answer`:                                 1,
		`SELECT count(*) FROM audit_event WHERE action = 'answer duty'`:    1,
		`SELECT version::int FROM mandate`:                                 versionBefore + 1,
		`SELECT count(*) FROM audit_event WHERE detail::text LIKE '%"x"%'`: 0, // nothing of what was written
	} {
		if got := count(t, b.Store, sql); got != want {
			t.Errorf("%s: %d, want %d", sql, got, want)
		}
	}
}
