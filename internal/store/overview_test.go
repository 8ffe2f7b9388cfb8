package store

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jalon/internal/access"
	"jalon/internal/mandate"
	"jalon/internal/progress"
)

func TestTheOverviewStaysWithinItsScope(t *testing.T) {
	b := newBench(t)
	first, second := b.aMandate(t, small("MA")), b.aMandate(t, small("MB"))
	l := actiris(small("MC"))
	l.Institution = mandate.Institution{Code: "ELDERS", Name: original("Elders|Ailleurs")}
	storeLetter(t, b.Store, l)
	for name, c := range map[string]struct {
		scope access.Scope
		want  []string
	}{
		"everything":         {access.Scope{All: true}, []string{"MA", "MB", "MC"}},
		"one institution":    {access.Scope{Institutions: []int64{first.Institution.ID}}, []string{"MA", "MB"}},
		"one mandate":        {access.Scope{Mandates: []int64{second.ID}}, []string{"MB"}},
		"mandate and office": {access.Scope{Mandates: []int64{second.ID}, Institutions: []int64{first.Institution.ID + 1000}}, []string{"MB"}},
		"nothing":            {access.Scope{Institutions: []int64{}, Mandates: []int64{}}, nil},
	} {
		for _, live := range []bool{true, false} {
			lines, err := b.Overview(AsSystem(context.Background()), OverviewQuestion{Scope: c.scope, Period: firstHalf, AsOf: day("2026-05-01"), Live: live, Before: firstHalf.Previous()})
			if err != nil {
				t.Fatal(err)
			}
			var codes []string
			for _, line := range lines {
				codes = append(codes, line.Code)
				if len(line.Cells) != 4 {
					t.Errorf("%s: %s has %d cells", name, line.Code, len(line.Cells))
				}
			}
			if diff := cmp.Diff(c.want, codes); diff != "" {
				t.Errorf("%s (cells: %v): want (-) got (+)\n%s", name, live, diff)
			}
		}
	}
}

func TestTheOverviewComparesWithASealedHalfYearOnly(t *testing.T) {
	b := newBench(t)
	m := b.aMandate(t, small("MA"))
	target := m.Targets()[0].ID
	before := firstHalf.Previous()
	for _, e := range []progress.Entry{b.entry(target, progress.Compromised, before.End()), b.entry(target, progress.Achieved, firstHalf.Start())} {
		if err := b.record(m.ID, before, e); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.FillCells(AsSystem(context.Background()), firstHalf); err != nil {
		t.Fatal(err)
	}
	compared := func(live bool) progress.Status {
		return overviewOf(t, b.Store, m.ID, firstHalf.End(), live)[0].Before
	}
	if got := compared(true); got != "" {
		t.Errorf("compares with %s, which is not sealed", got)
	}
	if err := b.seal(t, m, before); err != nil {
		t.Fatal(err)
	}
	for _, live := range []bool{true, false} {
		if got := compared(live); got != progress.Compromised {
			t.Errorf("compares with %q (cells: %v), want compromised", got, live)
		}
	}
}

func TestTheOverviewTakesOneOrTwoStatements(t *testing.T) {
	dsn := database(t)
	s, counted := openAt(t, dsn), &counter{}
	for _, c := range []string{"MA", "MB", "MC", "MD", "ME"} {
		storeLetter(t, s, actiris(small(c)))
	}
	if _, err := s.FillCells(AsSystem(context.Background()), firstHalf); err != nil {
		t.Fatal(err)
	}
	traced, err := Open(AsSystem(context.Background()), dsn, Options{Tracer: counted})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(traced.Close)
	for _, c := range []struct {
		live bool
		most int
	}{{true, 1}, {false, 2}} {
		before := counted.statements
		_, err := traced.Overview(AsSystem(context.Background()), OverviewQuestion{Scope: access.Scope{All: true}, Period: firstHalf, AsOf: day("2026-05-01"), Live: c.live, Before: firstHalf.Previous()})
		if n := counted.statements - before; err != nil || n > c.most {
			t.Errorf("cells %v: %d statements, %v", c.live, n, err)
		}
	}
}
