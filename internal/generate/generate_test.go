package generate_test

import (
	"reflect"
	"testing"

	"jalon/internal/calendar"
	"jalon/internal/generate"
	"jalon/internal/mandate"
	"jalon/internal/progress"
	"jalon/internal/store"
)

var options = generate.Options{Mandates: 30, Years: 2, Until: calendar.HalfYear{Year: 2026, Half: 2}, Seed: 7}

func everything(b store.Bulk) (mandates []mandate.Mandate, entries [][]store.BulkEntry) {
	for i := range b.Mandates {
		var own []store.BulkEntry
		for e := range b.Entries(i) {
			own = append(own, e)
		}
		entries = append(entries, own)
	}
	return b.Mandates, entries
}

func TestTheSameSeedGivesTheSameData(t *testing.T) {
	mandates, entries := everything(generate.Make(options))
	again, entriesAgain := everything(generate.Make(options))
	if !reflect.DeepEqual(mandates, again) || !reflect.DeepEqual(entries, entriesAgain) {
		t.Error("the second time the data is different")
	}
	fewer := options
	fewer.Mandates = 3
	first, firstEntries := everything(generate.Make(fewer))
	if !reflect.DeepEqual(mandates[:3], first) || !reflect.DeepEqual(entries[:3], firstEntries) {
		t.Error("with fewer mandates the first ones are different")
	}
	other := options
	other.Seed++
	if different, _ := everything(generate.Make(other)); reflect.DeepEqual(mandates, different) {
		t.Error("another seed gives the same letters")
	}
}

func TestTheDataHasTheSizeOfARealOffice(t *testing.T) {
	b := generate.Make(options)
	mandates, entries := everything(b)
	points, targets, recorded := 0, 0, 0
	statuses := map[progress.Status]int{}
	halves := map[calendar.HalfYear]int{}
	for i, m := range mandates {
		if len(m.Objectives) != 8 {
			t.Errorf("%s has %d objectives", m.Code, len(m.Objectives))
		}
		targets += len(m.Targets())
		for _, o := range m.Objectives {
			points += len(o.Points)
		}
		for _, e := range entries[i] {
			recorded++
			statuses[e.Status]++
			halves[calendar.HalfYearOf(e.AsOf)]++
			if e.Target >= len(m.Targets()) || e.RecordedAt.Before(e.AsOf.Time()) {
				t.Errorf("%s: entry on target %d as of %s recorded %s", m.Code, e.Target, e.AsOf, e.RecordedAt)
			}
		}
	}
	n := len(mandates)
	if points/n < 20 || points/n > 28 || targets/n < 32 || targets/n > 44 || recorded < targets*3 || recorded > targets*4 {
		t.Errorf("per mandate %d points, %d targets, %d entries", points/n, targets/n, recorded/n)
	}
	if len(statuses) != len(progress.Entered) || len(halves) != 4 {
		t.Errorf("statuses %v, half-years %v", statuses, halves)
	}
	if len(b.Institutions) != 3 || len(b.Holders) != 30 {
		t.Errorf("%d institutions, %d holders", len(b.Institutions), len(b.Holders))
	}
}
