package duty

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jalon/internal/calendar"
)

func brussels(now time.Time) calendar.Date { return calendar.DateOf(now) }

var phrases = []string{
	"2025", "december 2025", "doorlopend", "doorlopend vanaf maart 2025", "ten minste twee keer per jaar", "drie keer per jaar",
	"op de 15e van elke maand", "om de twee maanden", eachDelegation, "volgens de begrotingskalender", "einde mandaat",
	"fase 1: maart 2025; fase 2: oktober 2025", "drie keer per mandaat",
}

var first = day("2024-07-01")

// anyDay draws a day of the mandate's first years.
func anyDay(t *rapid.T, name string) calendar.Date {
	return first.AddDays(rapid.IntRange(0, 1200).Draw(t, name))
}

// anyQuestion draws a mandate with reports, events, answers and waivers.
func anyQuestion(t *rapid.T) Question {
	q := Question{Mandate: office(rapid.SliceOfN(rapid.SampledFrom(phrases), 1, 6).Draw(t, "phrases")...)}
	q.Record.Reports = map[int64][]Report{}
	id := int64(0)
	for target := range int64(len(q.Mandate.Targets())) {
		target++
		for range rapid.IntRange(0, 5).Draw(t, "reports") {
			id++
			q.Record.Reports[target] = append(q.Record.Reports[target], Report{id, anyDay(t, "as of"), rapid.IntRange(0, 5).Draw(t, "closes") == 0})
		}
		slices.SortStableFunc(q.Record.Reports[target], func(a, b Report) int { return a.AsOf.Compare(b.AsOf) })
		for range rapid.IntRange(0, 2).Draw(t, "events") {
			id++
			from := anyDay(t, "event")
			q.Record.Events = append(q.Record.Events, Event{ID: id, From: from, Until: from.AddDays(rapid.IntRange(0, 5).Draw(t, "days")), Targets: []int64{target}})
			q.Record.Answers = append(q.Record.Answers, Answer{
				ID: id, TargetID: target, EventID: id, DoneOn: anyDay(t, "done"), Timing: rapid.SampledFrom([]string{"before", "after", "external"}).Draw(t, "timing"),
			})
		}
		q.Record.Waivers = append(q.Record.Waivers, Waiver{TargetID: target, Due: calendar.HalfYearOf(anyDay(t, "waived")).End(), At: anyDay(t, "at").Time()})
	}
	q.Today, q.From = anyDay(t, "today"), anyDay(t, "from")
	q.Until = q.From.AddDays(rapid.IntRange(0, 800).Draw(t, "span"))
	if rapid.Bool().Draw(t, "imported later") {
		q.Record.Since = anyDay(t, "since")
	}
	return q
}

func TestEveryDutyHasOneStateThatItsDatesAllow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := anyQuestion(t)
		keys := map[string]bool{}
		for _, d := range Of(q) {
			past := q.Today.After(d.Late)
			ok := map[State]bool{
				NotExpected: d.From.After(q.Today) && !past, Open: !d.From.After(q.Today) && !past, AtRisk: !past,
				Late: past, PastAtImport: past && d.Late.Before(q.Record.Since), Done: true, Waived: true,
			}
			if !ok[d.State] {
				t.Fatalf("%s is %q on %s (%s to %s)", d.Key(), d.State, q.Today, d.From, d.Late)
			}
			closed := d.State == Done || d.State == Waived
			if closed != (d.Closing != nil) {
				t.Fatalf("%s is %s, closing %+v", d.Key(), d.State, d.Closing)
			}
			if d.State == Done && d.Closing.On.After(q.Today) {
				t.Fatalf("%s is closed on %s, after %s", d.Key(), d.Closing.On, q.Today)
			}
			if d.Due.Before(q.From) || d.Due.After(q.Until) || d.Late.Before(d.Due) || d.From.After(d.Due) {
				t.Fatalf("%s lies %s to %s, late %s, asked %s to %s", d.Key(), d.From, d.Due, d.Late, q.From, q.Until)
			}
			if keys[d.Key()] {
				t.Fatalf("two duties %s", d.Key())
			}
			keys[d.Key()] = true
		}
	})
}

// A duty stands the same whichever days are asked for.
func TestAStateDoesNotDependOnTheHorizon(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := anyQuestion(t)
		wide := q
		wide.From, wide.Until = q.From.AddDays(-rapid.IntRange(0, 500).Draw(t, "before")), q.Until.AddDays(rapid.IntRange(0, 500).Draw(t, "after"))
		var want []string
		for _, d := range Of(wide) {
			if !d.Due.Before(q.From) && !d.Due.After(q.Until) {
				want = append(want, d.Key()+" "+line(d))
			}
		}
		var got []string
		for _, d := range Of(q) {
			got = append(got, d.Key()+" "+line(d))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("wide -, narrow +:\n%s", diff)
		}
	})
}

// Time makes a duty that nothing closes later, and never less late.
func TestWithoutReportsADutyOnlyAges(t *testing.T) {
	order := map[State]int{NotExpected: 0, Open: 1, AtRisk: 2, PastAtImport: 3, Late: 3}
	rapid.Check(t, func(t *rapid.T) {
		q := anyQuestion(t)
		q.Record.Reports, q.Record.Answers, q.Record.Waivers = nil, nil, nil
		later := q
		later.Today = q.Today.AddDays(rapid.IntRange(0, 400).Draw(t, "later"))
		now, then := Of(q), Of(later)
		if len(now) != len(then) {
			t.Fatalf("%d duties, later %d", len(now), len(then))
		}
		for i := range now {
			if order[then[i].State] < order[now[i].State] {
				t.Fatalf("%s: %s, later %s", now[i].Key(), now[i].State, then[i].State)
			}
		}
	})
}

// Each report answers at most one duty of a count.
func TestAReportCountsOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := anyQuestion(t)
		q.Mandate = office("drie keer per jaar")
		for id, all := range q.Record.Reports {
			for i := range all {
				q.Record.Reports[id][i].Closes = false
			}
		}
		seen := map[string]bool{}
		for _, d := range Of(q) {
			if d.Closing == nil || d.Closing.EntryID == 0 {
				continue
			}
			key := fmt.Sprint(d.Reason.Args["until"], d.Closing.EntryID)
			if seen[key] {
				t.Fatalf("entry %d answers two duties of the year to %s", d.Closing.EntryID, d.Reason.Args["until"])
			}
			seen[key] = true
		}
	})
}
