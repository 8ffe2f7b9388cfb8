package duty

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The duties of the first letter for two years, with two delegations received,
// and nothing ever reported: how each stands on 15 September 2025.
func TestTheLetterOwesTheRightDuties(t *testing.T) {
	m := letter(t)
	targets := m.Targets()
	q := Question{Mandate: m, From: day("2024-12-01"), Until: day("2026-12-31"), Today: day("2025-09-15")}
	for _, g := range targets {
		switch g.Code.String() {
		case "T4.7-1":
			q.Record.Events = append(q.Record.Events,
				Event{ID: 1, Title: "Delegatie uit Riga", From: day("2025-05-12"), Until: day("2025-05-14"), Targets: []int64{g.ID}},
				Event{ID: 2, Title: "Delegatie uit Wenen", From: day("2026-03-03"), Until: day("2026-03-03"), Targets: []int64{g.ID}})
		case "T4.3-2":
			q.Record.Events = append(q.Record.Events, Event{ID: 3, Title: "Antwoord op de ingebrekestelling", From: day("2025-10-10"), Until: day("2025-10-10"), Targets: []int64{g.ID}})
		}
	}
	by := ByTarget(Of(q))
	var got strings.Builder
	for _, g := range targets {
		fmt.Fprintf(&got, "%s\t%s\n", g.Code, g.Deadline.Reading.Text)
		for _, d := range by[g.ID] {
			fmt.Fprintf(&got, "\t%s..%s\tlate from %s\t%s\t%s\n", d.From, d.Due, d.LateFrom(), d.Reason.Code, d.State)
		}
	}
	const file = "testdata/letter.golden.tsv"
	if *update {
		if err := os.WriteFile(file, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(targets) != 28 {
		t.Errorf("%d targets, want 28", len(targets))
	}
}

func BenchmarkDutiesOfTenThousandTargets(b *testing.B) {
	phrases := make([]string, 0, 10_000)
	for len(phrases) < cap(phrases) {
		phrases = append(phrases, "2025", "doorlopend", "ten minste twee keer per jaar", "op de 15e van elke maand", "om de twee maanden")
	}
	q := Question{Mandate: office(phrases...), From: day("2025-01-01"), Until: day("2025-12-31"), Today: day("2025-09-15")}
	q.Record.Reports = map[int64][]Report{}
	for i := range phrases {
		q.Record.Reports[int64(i+1)] = []Report{report(1, "2025-03-31", false), report(2, "2025-06-30", false)}
	}
	b.ResetTimer()
	for b.Loop() {
		Of(q)
	}
}
