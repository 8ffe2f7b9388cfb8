package store

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jalon/internal/calendar"
	"jalon/internal/mandate"
	"jalon/internal/monitoring"
)

func (b bench) tenuresOf(t testing.TB, m mandate.Mandate) []Tenure {
	t.Helper()
	all, err := b.Tenures(AsSystem(context.Background()), m.ID)
	if err != nil {
		t.Fatal(err)
	}
	return all[m.ID]
}

func TestATenureEndsAndTheNextBeginsInOneTransaction(t *testing.T) {
	ctx := AsSystem(context.Background())
	b := newBench(t)
	m := b.aMandate(t, small("MA"))
	next := person(t, b.Store, "next@jalon.example")
	if err := b.Appoint(ctx, b.sub("appoint"), m.ID, mandate.Tenure{PersonID: b.by, From: day("2025-01-01")}); err != nil {
		t.Fatal(err)
	}
	id := b.tenuresOf(t, m)[0].ID
	before := count(t, b.Store, `SELECT version FROM mandate WHERE id = $1`, m.ID)
	wrong := mandate.Tenure{PersonID: 1 << 40, From: day("2026-07-01")}
	if err := b.EndTenure(ctx, b.sub("end tenure"), m.ID, id, day("2026-06-30"), &wrong, ""); err == nil {
		t.Error("somebody who does not exist came next")
	}
	if got := b.tenuresOf(t, m); len(got) != 1 || !got[0].Until.IsZero() {
		t.Errorf("half of it was stored: %+v", got)
	}
	sub := b.sub("end tenure")
	for range 2 { // the second is the same form again
		err := b.EndTenure(ctx, sub, m.ID, id, day("2026-06-30"), &mandate.Tenure{PersonID: next, From: day("2026-07-01"), Interim: true}, "")
		if err != nil {
			t.Fatal(err)
		}
	}
	var got []mandate.Tenure
	for _, k := range b.tenuresOf(t, m) {
		k.Name = ""
		got = append(got, k.Tenure)
	}
	want := []mandate.Tenure{{PersonID: b.by, From: day("2025-01-01"), Until: day("2026-06-30")}, {PersonID: next, From: day("2026-07-01"), Interim: true}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
	if after := count(t, b.Store, `SELECT version FROM mandate WHERE id = $1`, m.ID); after != before+1 {
		t.Errorf("the version went from %d to %d", before, after)
	}
	if n := count(t, b.Store, `SELECT count(*) FROM audit_event WHERE mandate_id = $1 AND action IN ('end tenure', 'appoint')`, m.ID); n != 3 {
		t.Errorf("%d audit lines, want three", n)
	}
	var other *OverlapError
	err := b.EndTenure(ctx, b.sub("end tenure"), m.ID, id, day("2026-07-01"), nil, "")
	if !errors.As(err, &other) || other.From != day("2026-07-01") {
		t.Errorf("an end in the time of the next holder: %v", err)
	}
	if err := b.EndTenure(ctx, b.sub("end tenure"), m.ID+1, id, day("2026-05-31"), nil, ""); !errors.Is(err, ErrNotFound) {
		t.Errorf("a tenure of another mandate: %v", err)
	}
	if err := b.EndTenure(ctx, b.sub("end tenure"), m.ID, id, day("2024-12-31"), nil, ""); !errors.Is(err, ErrConflict) {
		t.Errorf("an end before the first day: %v", err)
	}
}

func TestOnlyWhatHasNotBegunIsCorrectedOrWithdrawn(t *testing.T) {
	ctx := AsSystem(context.Background())
	b := newBench(t)
	m := b.aMandate(t, small("MA"))
	for _, from := range []string{"2020-01-01", "2090-01-01"} { // the database looks at its own clock as well
		if err := b.Appoint(ctx, b.sub("appoint"), m.ID, mandate.Tenure{PersonID: b.by, From: day(from), Until: day(from).AddDays(100)}); err != nil {
			t.Fatal(err)
		}
	}
	tenures := b.tenuresOf(t, m)
	begun, future := tenures[0].ID, tenures[1].ID
	moved := mandate.Tenure{PersonID: b.by, From: day("2091-01-01")}
	if err := b.CorrectTenure(ctx, b.sub("correct tenure"), m.ID, begun, moved, today, ""); !errors.Is(err, ErrBegun) {
		t.Errorf("a tenure that has begun is corrected: %v", err)
	}
	if err := b.WithdrawTenure(ctx, b.sub("withdraw tenure"), m.ID, begun, today, ""); !errors.Is(err, ErrBegun) {
		t.Errorf("a tenure that has begun is withdrawn: %v", err)
	}
	for _, sql := range []string{`DELETE FROM tenure WHERE id = $1`, `UPDATE tenure SET starts_on = starts_on - 1 WHERE id = $1`, `UPDATE tenure SET person_id = person_id + 1 WHERE id = $1`} {
		if _, err := b.pool.Exec(ctx, sql, begun); !errors.Is(refusal(err), ErrBegun) {
			t.Errorf("%s: %v", sql, err)
		}
	}
	if err := b.CorrectTenure(ctx, b.sub("correct tenure"), m.ID, future, mandate.Tenure{PersonID: b.by, From: day("2020-03-01")}, today, ""); !errors.Is(err, ErrOverlap) {
		t.Errorf("a correction into the time of another holder: %v", err)
	}
	if err := b.CorrectTenure(ctx, b.sub("correct tenure"), m.ID, future, moved, today, ""); err != nil {
		t.Fatal(err)
	}
	if err := b.WithdrawTenure(ctx, b.sub("withdraw tenure"), m.ID, future, today, ""); err != nil {
		t.Fatal(err)
	}
	if left := b.tenuresOf(t, m); len(left) != 1 || left[0].ID != begun {
		t.Errorf("left: %+v", left)
	}
}

// Two officers who appoint at once: one of them hears who was first.
func TestAppointedAtOnceOneHolds(t *testing.T) {
	b := newBench(t)
	m := b.aMandate(t, small("MA"))
	var wg sync.WaitGroup
	refused := make([]error, 6)
	for i := range refused {
		wg.Go(func() {
			refused[i] = b.Appoint(AsSystem(context.Background()), b.sub("appoint"), m.ID, mandate.Tenure{PersonID: b.by, From: day("2026-01-01").AddDays(i)})
		})
	}
	wg.Wait()
	holders := 0
	for _, err := range refused {
		switch {
		case err == nil:
			holders++
		case !errors.Is(err, ErrOverlap):
			t.Error(err)
		}
	}
	if holders != 1 || len(b.tenuresOf(t, m)) != 1 {
		t.Errorf("%d holders at once", holders)
	}
}

// A round of the past names who was known to hold the mandate by then, and
// they find a tenure that was withdrawn among what is kept about them.
func TestAPastRoundNamesWhoWasKnownToHold(t *testing.T) {
	b := newBench(t)
	m := b.aMandate(t, small("MA"))
	noon := func(on string) time.Time { return day(on).Time().Add(12 * time.Hour) }
	at := func(on, action string) Submission {
		sub := b.sub(action)
		sub.At = noon(on)
		return sub
	}
	body, err := b.BodyHead(system, 0, "ACTIRIS", "DR")
	if err != nil {
		t.Fatal(err)
	}
	half := calendar.HalfYearOf(day("2098-07-01"))
	r := Round{Institution: body.Institution, BodyID: body.ID, Body: body.Body, Period: half, RoundDates: monitoring.UsualDates(half)}
	if _, err := b.OpenRound(system, b.sub("open round"), r, []string{"MA"}, noon("2098-01-02"), "/nl"); err != nil {
		t.Fatal(err)
	}
	if err := b.Appoint(system, at("2098-02-01", "appoint"), m.ID, mandate.Tenure{PersonID: b.by, From: day("2098-01-01"), Until: day("2098-12-31")}); err != nil {
		t.Fatal(err)
	}
	if err := b.WithdrawTenure(system, at("2098-03-01", "withdraw tenure"), m.ID, b.tenuresOf(t, m)[0].ID, day("2097-12-31"), "/nl"); err != nil {
		t.Fatal(err)
	}
	for on, want := range map[string]string{"2098-01-15": "", "2098-02-15": "An Peeters", "2098-03-15": ""} {
		all, err := b.RoundsAt(system, noon(on))
		if err != nil || len(all) != 1 {
			t.Fatalf("%d rounds on %s: %v", len(all), on, err)
		}
		parts, err := b.RoundParts(system, all[0], Moment{Day: half.End(), Known: noon(on), Acts: noon(on)}, calendar.Date{})
		if err != nil || len(parts) != 1 || parts[0].Holder != want {
			t.Errorf("on %s: %+v %v, want %q", on, parts, err, want)
		}
	}
	if got := ownRows(t, b.Store, b.by, "tenures", "replaced_at"); len(got) != 1 || !strings.HasPrefix(got[0], "2098-03-01") {
		t.Errorf("own data: %v", got)
	}
}
