package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jalon/internal/bilingual"
	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
)

// withoutWords leaves of a mandate what a form is judged by.
func withoutWords(m mandate.Mandate) mandate.Mandate {
	plain := mandate.Mandate{ID: m.ID, Code: m.Code, Version: m.Version, Institution: mandate.Institution{ID: m.Institution.ID}}
	plain.Holder = mandate.Tenure{PersonID: m.Holder.PersonID, From: m.Holder.From, Until: m.Holder.Until}
	for _, o := range m.Objectives {
		own := mandate.Objective{ID: o.ID, Code: o.Code}
		for _, p := range o.Points {
			point := mandate.MeasurementPoint{ID: p.ID, Code: p.Code, Targets: slices.Clone(p.Targets)}
			for i := range point.Targets {
				t := &point.Targets[i]
				t.Text, t.Deadline.ID, t.Deadline.Text = bilingual.Text{}, 0, bilingual.Text{}
			}
			own.Points = append(own.Points, point)
		}
		plain.Objectives = append(plain.Objectives, own)
	}
	return plain
}

func TestAFormIsSetAgainstWhatTheSheetSaysOfItsTargets(t *testing.T) {
	b := newBench(t)
	halves := []calendar.HalfYear{{Year: 2025, Half: 2}, firstHalf, secondHalf}
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		m := b.aMandate(t, small(fmt.Sprintf("M%d", n)))
		for range rapid.IntRange(0, 8).Draw(rt, "deeds") {
			deed(t, rt, b, m, halves)
		}
		half := rapid.SampledFrom(halves).Draw(rt, "half-year asked")
		asOf := half.Start().AddDays(rapid.IntRange(0, 180).Draw(rt, "day asked"))
		codes := []string{"S9.9-9", "S1.1-3"} // of nobody, and one that a letter may have added
		for _, target := range m.Targets() {
			if rapid.Bool().Draw(rt, target.Code.String()) {
				codes = append(codes, target.Code.String())
			}
		}
		got, err := b.PostedSheet(AsSystem(context.Background()), PostedQuestion{Code: m.Code, Period: half, AsOf: asOf, Targets: codes})
		if err != nil {
			rt.Fatal(err)
		}
		whole := sheetOf(t, b.Store, SheetQuestion{Code: m.Code, AsOf: asOf, Before: half.Start().AddDays(-1)})
		want := whole.Only(func(code string) bool { return slices.Contains(codes, code) })
		if diff := cmp.Diff(withoutWords(want.Mandate), withoutWords(got.Mandate)); diff != "" {
			rt.Errorf("mandate: sheet (-) form (+)\n%s", diff)
		}
		if diff := cmp.Diff([]any{want.AsOf, want.Before, want.Latest, want.Earlier}, []any{got.AsOf, got.Before, got.Latest, got.Earlier}); diff != "" {
			rt.Errorf("entries: sheet (-) form (+)\n%s", diff)
		}
		owed, ask := monitoring.Owed(got, half.Start(), half.End()), monitoring.Owed(want, half.Start(), half.End())
		for id, e := range want.Latest {
			if e != nil && half.Contains(e.AsOf) && e.AsOf.Before(asOf) && !cmp.Equal(owed[id], ask[id]) {
				rt.Errorf("duties of %d: %v, want %v", id, owed[id], ask[id])
			}
		}
	})
}

func TestTheTargetsOfAMandate(t *testing.T) {
	b := newBench(t)
	ctx := AsSystem(context.Background())
	m := b.aMandate(t, small("MA"))
	b.aMandate(t, small("MB"))
	o, codes, err := b.TargetCodes(ctx, "MA")
	want := []string{}
	for _, target := range m.Targets() {
		want = append(want, target.Code.String())
	}
	slices.Sort(codes)
	slices.Sort(want)
	if err != nil || o.MandateID != m.ID || o.InstitutionID != m.Institution.ID || !slices.Equal(codes, want) {
		t.Errorf("%+v, %v, %v; want %v", o, codes, err, want)
	}
	if _, _, err := b.TargetCodes(ctx, "MC"); !errors.Is(err, ErrNotFound) {
		t.Errorf("of no mandate: %v", err)
	}
	if _, err := b.PostedSheet(ctx, PostedQuestion{Code: "MC", Period: firstHalf, AsOf: firstHalf.End()}); !errors.Is(err, ErrNotFound) {
		t.Errorf("a form of no mandate: %v", err)
	}
}

func TestAnAnswerOfBeforeIsThatOfItsOwnForm(t *testing.T) {
	b := newBench(t)
	ctx := AsSystem(context.Background())
	m := b.aMandate(t, small("MA"))
	sub := b.sub("record report")
	if location, done, err := b.AnsweredBefore(ctx, sub); done || location != "" || err != nil {
		t.Errorf("before: %q, %v, %v", location, done, err)
	}
	r := Report{MandateID: m.ID, Period: firstHalf, Entries: []progress.Entry{b.entry(m.Targets()[0].ID, progress.OnTrack, day("2026-05-31"))}, Location: "/nl/due"}
	if _, _, err := b.RecordReport(ctx, sub, r); err != nil {
		t.Fatal(err)
	}
	if location, done, err := b.AnsweredBefore(ctx, sub); !done || location != "/nl/due" || err != nil {
		t.Errorf("after: %q, %v, %v", location, done, err)
	}
	sub.Action = "something else"
	if _, _, err := b.AnsweredBefore(ctx, sub); !errors.Is(err, ErrForeignKey) {
		t.Errorf("for something else: %v", err)
	}
}
