package store

import (
	"context"
	"errors"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"jalon/internal/access"
	"jalon/internal/bilingual"
	"jalon/internal/duty"
	"jalon/internal/mandate"
)

// listed is an event as a list has it.
func listed(m mandate.Mandate, uid, title, from string) duty.Event {
	return duty.Event{
		UID: uid, Kind: duty.Kind{Code: "delegation-reception"}, Title: title, From: day(from), Until: day(from), Targets: []int64{m.Targets()[0].ID},
	}
}

func (b bench) importEvents(m mandate.Mandate, sub Submission, c EventChanges) (string, bool, error) {
	l := EventList{FileName: "lijst.ics", Lang: bilingual.FR, ByID: b.by, At: time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC), Location: "/nl/register"}
	return b.ImportEvents(AsSystem(context.Background()), sub, m.ID, l, func([]duty.Event) (EventChanges, error) { return c, nil })
}

func (b bench) register(t testing.TB, m mandate.Mandate) []duty.Event {
	t.Helper()
	events, err := b.Register(AsSystem(context.Background()), m.ID)
	if err != nil {
		t.Fatal(err)
	}
	return events
}

// A list is recorded with its targets, as if each event had been typed, and
// opens the same duties.
func TestAListIsRecordedAsAWhole(t *testing.T) {
	b := newBench(t)
	m := b.aMandate(t, withEvents("MA"))
	b.aMandate(t, withEvents("MB"))
	if _, err := b.pool.Exec(AsSystem(context.Background()), `UPDATE mandate SET created_at = '2025-01-15'`); err != nil {
		t.Fatal(err)
	}
	typed := b.visit(t, m, "2026-03-02")
	first, second := listed(m, "uid-1", "Vienne", "2026-05-12"), listed(m, "", "Łódź", "2026-06-09")
	first.Until, first.Place, first.Participants = day("2026-05-14"), "Bruxelles", 9
	versionBefore := count(t, b.Store, `SELECT version::int FROM mandate WHERE code = 'MA'`)
	sub := b.sub("import events")
	for i := range 2 { // sent twice, stored once
		location, repeated, err := b.importEvents(m, sub, EventChanges{Record: []duty.Event{first, second}, Cancel: []int64{typed}})
		if err != nil || location != "/nl/register" || repeated != (i > 0) {
			t.Fatalf("%d: %q, repeated %v, %v", i, location, repeated, err)
		}
	}
	register := b.register(t, m)
	if len(register) != 3 || !register[0].Cancelled() || register[1].UID != "uid-1" || register[1].Title != "Vienne" || register[1].Cancelled() ||
		register[2].UID != "" || register[2].Targets[0] != m.Targets()[0].ID {
		t.Errorf("the register holds %+v", register)
	}
	q := b.questions(t, DutyQuestion{Scope: access.Scope{All: true}, Code: "MA", AsOf: day("2026-05-20")})[0]
	e := q.Record.Events[1]
	if e.Title != "Vienne" || e.Lang != bilingual.FR || e.Until != first.Until || e.Place != "Bruxelles" || e.Participants != 9 || e.RecordedByID != b.by {
		t.Errorf("the event reads %+v", e)
	}
	var got []string
	for _, d := range duty.Of(q) {
		if d.Event != nil {
			got = append(got, d.Event.Title+" "+d.Reason.Code+" "+d.Due.String())
		}
	}
	want := []string{"Vienne before 2026-05-11", "Łódź before 2026-06-08", "Vienne after 2026-06-13", "Łódź after 2026-07-09"}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("duties: want (-) got (+)\n%s", diff)
	}
	for sql, want := range map[string]int{
		`SELECT count(*) FROM event_list WHERE recorded = 2 AND cancelled = 1`: 1,
		`SELECT count(*) FROM event WHERE list_id IS NOT NULL`:                 2,
		`SELECT count(*) FROM audit_event WHERE action = 'import events'`:      1,
		`SELECT count(*) FROM audit_event WHERE detail::text LIKE '%Vienne%'`:  0, // nothing of what was written
		`SELECT version::int FROM mandate WHERE code = 'MA'`:                   versionBefore + 1,
		`SELECT count(*) FROM submission WHERE action = 'import events'`:       1,
	} {
		if got := count(t, b.Store, sql); got != want {
			t.Errorf("%s: %d, want %d", sql, got, want)
		}
	}
}

var listTables = append([]string{"event_list"}, eventTables...)

// The database itself keeps doubles out, whoever asks.
func TestNoEventOfAListStandsTwice(t *testing.T) {
	b := newBench(t)
	m, other := b.aMandate(t, withEvents("MA")), b.aMandate(t, withEvents("MB"))
	if _, _, err := b.importEvents(m, b.sub("import events"), EventChanges{Record: []duty.Event{listed(m, "uid-1", "Riga", "2026-05-12"), listed(m, "", "Riga", "2026-05-12")}}); err != nil {
		t.Fatal(err)
	}
	register := b.register(t, m)
	foreign := b.visit(t, other, "2026-05-12")
	before := dump(t, b.Store, listTables...)
	for name, c := range map[string]struct {
		changes EventChanges
		want    error
	}{
		"the same uid":             {EventChanges{Record: []duty.Event{listed(m, "uid-2", "x", "2026-05-13"), listed(m, "uid-1", "Riga", "2026-06-12")}}, ErrExists},
		"the same without uid":     {EventChanges{Record: []duty.Event{listed(m, "", "Riga", "2026-05-12")}}, ErrExists},
		"twice in one list":        {EventChanges{Record: []duty.Event{listed(m, "uid-3", "a", "2026-05-13"), listed(m, "uid-3", "b", "2026-05-14")}}, ErrExists},
		"another mandate's event":  {EventChanges{Cancel: []int64{foreign}}, ErrNotFound},
		"another mandate's target": {EventChanges{Record: []duty.Event{listed(other, "uid-4", "x", "2026-05-13")}}, nil},
		"nothing at all":           {EventChanges{}, nil},
		"no kind":                  {EventChanges{Record: []duty.Event{{Title: "x", From: day("2026-05-12"), Until: day("2026-05-12")}}}, nil},
	} {
		_, _, err := b.importEvents(m, b.sub("import events"), c.changes)
		if err == nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	stop := errors.New("the person was shown something else")
	_, _, err := b.ImportEvents(AsSystem(context.Background()), b.sub("import events"), m.ID, EventList{}, func(seen []duty.Event) (EventChanges, error) {
		if len(seen) != 2 {
			t.Errorf("decided on %d events", len(seen))
		}
		return EventChanges{}, stop
	})
	if !errors.Is(err, stop) {
		t.Errorf("the decision gives %v", err)
	}
	for _, sql := range []string{`UPDATE event_list SET file_name = 'x'`, `DELETE FROM event_list`, `TRUNCATE event_list CASCADE`, `UPDATE event SET uid = 'x'`, `UPDATE event SET list_id = NULL`} {
		if _, err := b.pool.Exec(AsSystem(context.Background()), sql); err == nil {
			t.Errorf("the application may %s", sql)
		}
	}
	if diff := gocmp.Diff(before, dump(t, b.Store, listTables...)); diff != "" {
		t.Errorf("before (-) after (+)\n%s", diff)
	}
	// once cancelled, the same may be recorded again: so a change is stored
	if _, _, err := b.importEvents(m, b.sub("import events"), EventChanges{Record: []duty.Event{listed(m, "uid-1", "Riga", "2026-06-12")}, Cancel: []int64{register[0].ID}}); err != nil {
		t.Error(err)
	}
	if _, _, err := b.importEvents(other, b.sub("import events"), EventChanges{Record: []duty.Event{listed(other, "uid-1", "Riga", "2026-05-12")}}); err != nil {
		t.Errorf("the same list for another mandate: %v", err)
	}
}
