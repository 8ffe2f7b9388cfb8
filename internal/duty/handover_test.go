package duty

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jalon/internal/mandate"
)

func TestASuccessorFindsWhatWasOpenOrLate(t *testing.T) {
	before := mandate.Tenure{PersonID: 1, Name: "An", From: day("2024-07-01"), Until: day("2025-09-14")}
	after := mandate.Tenure{PersonID: 2, Name: "Piet", From: day("2025-09-15"), Interim: true}
	vacant := mandate.Tenure{PersonID: 2, Name: "Piet", From: day("2026-03-01")}
	m := office("maart 2025", "december 2025", "doorlopend", "december 2027", "juni 2025", "einde mandaat")
	q := Question{Mandate: m, Today: day("2025-11-01"), Record: Record{Reports: map[int64][]Report{5: {report(1, "2025-06-10", true)}}}}
	lines := func(q Question, tenures []mandate.Tenure, of mandate.Tenure) (all []string) {
		for _, i := range Handover(q, tenures, of) {
			all = append(all, i.Target.Code.String()+" "+i.Due.String()+" "+string(i.Was)+" "+i.Holder.Name+" "+string(i.State))
		}
		return all
	}
	both := []mandate.Tenure{before, after}
	want := []string{
		"S1.1-3 2024-12-31 late An late", "S1.1-1 2025-03-31 late An late", "S1.1-3 2025-06-30 late An late",
		"S1.1-6 2025-09-14 late An late", // the end of their mandate, of whoever left
		"S1.1-3 2025-12-31 open  open",   // the half-year goes on, and is the successor's alone
	}
	if diff := cmp.Diff(want, lines(q, both, after)); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
	q.Record.Reports[1] = []Report{report(2, "2025-10-01", true)}
	if diff := cmp.Diff("S1.1-1 2025-03-31 late An done", lines(q, both, after)[1]); diff != "" {
		t.Errorf("done since: %s", diff)
	}
	q.Today = day("2026-03-10")
	if got := lines(q, []mandate.Tenure{before, vacant}, vacant); !slices.Contains(got, "S1.1-2 2025-12-31 late  late") {
		t.Errorf("what became late in a time without a holder is lost: %q", got)
	}
	for name, of := range map[string]mandate.Tenure{"a first holder": before, "a holder to come": {From: day("2030-01-01")}, "somebody else": {Name: "?"}} {
		if got := Handover(q, append(both, mandate.Tenure{From: day("2030-01-01")}), of); got != nil {
			t.Errorf("%s took over %v", name, got)
		}
	}
}

// Whatever was late on the last evening of a holder is late on the first
// morning of the next: a change of holder loses nothing.
func TestAChangeOfHolderLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := anyQuestion(t)
		change := anyDay(t, "change").AddDays(30)
		before, after := q.Mandate.Holder, q.Mandate.Holder
		before.Until, after.From, after.PersonID = change.AddDays(-1), change, 2
		q.Today = change
		eve := q
		eve.Mandate.Holder, eve.Today, eve.From, eve.Until = before, change.AddDays(-1), change.AddMonths(-60), change.AddDays(-1)
		taken := map[string]Inherited{}
		for _, i := range Handover(q, []mandate.Tenure{before, after}, after) {
			if _, twice := taken[i.Key()]; twice {
				t.Fatalf("%s twice", i.Key())
			}
			taken[i.Key()] = i
		}
		morning := eve
		morning.Today = change
		still := map[string]bool{}
		for _, d := range Of(morning) {
			still[d.Key()] = d.State.Owing()
		}
		for _, d := range Of(eve) {
			if d.State != Late || !still[d.Key()] {
				continue
			}
			if i, ok := taken[d.Key()]; !ok || !i.FromBefore() || i.Holder != heldOn([]mandate.Tenure{before, after}, d.Late) {
				t.Fatalf("%s was late, and is lost: %+v", d.Key(), i)
			}
		}
	})
}
