package eventlist

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jalon/internal/duty"
)

func row(uid, title, from string, change ...func(*Row)) Row {
	r := Row{UID: uid, Kind: infringement, Title: title, From: day(from), Until: day(from)}
	for _, c := range change {
		c(&r)
	}
	return r
}

func recorded(id int64, uid, title, from string, change ...func(*duty.Event)) duty.Event {
	e := duty.Event{ID: id, UID: uid, Kind: infringement, Title: title, From: day(from), Until: day(from)}
	for _, c := range change {
		c(&e)
	}
	return e
}

func called(r *Row)          { r.Cancelled = true }
func wrong(r *Row)           { r.Findings = []Finding{{Severity: Error, Code: NoDate}} }
func doubtful(r *Row)        { r.Findings = []Finding{{Severity: Warning, Code: TitleCut}} }
func asMeeting(r *Row)       { r.Kind = meeting }
func ended(e *duty.Event)    { e.CancelledAt = time.Unix(1, 0) }
func meetings(e *duty.Event) { e.Kind = meeting }

func TestRowsAreSetAgainstTheRegister(t *testing.T) {
	for _, c := range []struct {
		name     string
		rows     []Row
		register []duty.Event
		want     []State
		event    int64 // of the last row
	}{
		{"an empty register", []Row{row("a", "x", "2026-03-02"), row("", "y", "2026-03-02", doubtful)}, nil, []State{New, New}, 0},
		{"the same uid", []Row{row("a", "x", "2026-03-02")}, []duty.Event{recorded(7, "a", "x", "2026-03-02")}, []State{Known}, 7},
		{"the same uid, of another kind", []Row{row("a", "x", "2026-03-02", asMeeting)}, []duty.Event{recorded(7, "a", "x", "2026-03-02")}, []State{Known}, 7},
		{"another day", []Row{row("a", "x", "2026-03-03")}, []duty.Event{recorded(7, "a", "x", "2026-03-02")}, []State{Changed}, 7},
		{"another title", []Row{row("a", "y", "2026-03-02")}, []duty.Event{recorded(7, "a", "x", "2026-03-02")}, []State{Changed}, 7},
		{"typed by hand before", []Row{row("a", "x", "2026-03-02")}, []duty.Event{recorded(7, "", "x", "2026-03-02")}, []State{Known}, 7},
		{"by hand, of another kind", []Row{row("", "x", "2026-03-02")}, []duty.Event{recorded(7, "", "x", "2026-03-02", meetings)}, []State{New}, 0},
		{"cancelled in the list", []Row{row("a", "anders", "2026-03-09", called)}, []duty.Event{recorded(7, "a", "x", "2026-03-02")}, []State{CalledOff}, 7},
		{"cancelled, without a uid", []Row{row("", "x", "2026-03-02", called)}, []duty.Event{recorded(7, "", "x", "2026-03-02")}, []State{CalledOff}, 7},
		{"cancelled, another of that day stands", []Row{row("a", "x", "2026-03-02", called)}, []duty.Event{recorded(7, "b", "x", "2026-03-02")}, []State{Absent}, 0},
		{"cancelled, and never recorded", []Row{row("a", "x", "2026-03-02", called)}, nil, []State{Absent}, 0},
		{"cancelled on both sides", []Row{row("a", "x", "2026-03-02", called)}, []duty.Event{recorded(7, "a", "x", "2026-03-02", ended)}, []State{Absent}, 0},
		{"cancelled here", []Row{row("a", "x", "2026-03-02")}, []duty.Event{recorded(7, "a", "x", "2026-03-02", ended)}, []State{Withdrawn}, 7},
		{"cancelled here, of another kind", []Row{row("a", "x", "2026-03-02", asMeeting)}, []duty.Event{recorded(7, "a", "x", "2026-03-02", ended)}, []State{Withdrawn}, 7},
		{"moved before, and stands", []Row{row("a", "x", "2026-03-03")}, []duty.Event{recorded(7, "a", "x", "2026-03-02", ended), recorded(8, "a", "x", "2026-03-03")}, []State{Known}, 8},
		{"cancelled here, and another day in the list", []Row{row("a", "x", "2026-03-03")}, []duty.Event{recorded(7, "a", "x", "2026-03-02", ended)}, []State{New}, 0},
		{"twice in the list", []Row{row("a", "x", "2026-03-02"), row("b", "x", "2026-03-02")}, nil, []State{New, Repeated}, 0},
		{"the same uid twice", []Row{row("a", "x", "2026-03-02"), row("a", "y", "2026-03-03")}, nil, []State{New, Repeated}, 0},
		{"cancelled, and in its place another", []Row{row("a", "x", "2026-03-02", called), row("b", "x", "2026-03-02")}, nil, []State{Absent, New}, 0},
		{"wrong", []Row{row("a", "x", "2026-03-02", wrong)}, []duty.Event{recorded(7, "a", "x", "2026-03-02")}, []State{Wrong}, 0},
	} {
		plan := Compare(c.rows, c.register)
		var got []State
		for _, l := range plan {
			got = append(got, l.State)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: want (-) got (+)\n%s", c.name, diff)
		}
		if id := plan[len(plan)-1].Event.ID; id != c.event {
			t.Errorf("%s: beside event %d, want %d", c.name, id, c.event)
		}
	}
}

func TestWhatWasShownHasAName(t *testing.T) {
	rows := []Row{row("a", "x", "2026-03-02")}
	before := Compare(rows, nil)
	if again := Compare(rows, nil); again.Fingerprint() != before.Fingerprint() {
		t.Error("the same plan has two names")
	}
	for _, register := range [][]duty.Event{{recorded(7, "a", "x", "2026-03-02")}, {recorded(8, "a", "x", "2026-03-01")}, {recorded(7, "a", "x", "2026-03-02", ended)}} {
		if Compare(rows, register).Fingerprint() == before.Fingerprint() {
			t.Errorf("another register %v has the same name", register)
		}
	}
}
