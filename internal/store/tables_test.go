package store

import (
	"context"
	"slices"
	"testing"
)

// The list of mandates and the heads are a statement each, and the heads stand
// in the order of that list.
func TestTheHeadsOfABodyTakeTwoStatementsForAnyNumberOfMandates(t *testing.T) {
	dsn := database(t)
	s, count, system := openAt(t, dsn), &counter{}, AsSystem(context.Background())
	traced, err := Open(system, dsn, Options{Tracer: count})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(traced.Close)
	storeLetter(t, s, actiris(small("MB")))
	other := actiris(small("MO"))
	other.Institution.Code = "ELDERS"
	storeLetter(t, s, other)
	head, err := s.TableHead(system, "MB")
	if err != nil {
		t.Fatal(err)
	}
	body, err := s.BodyHead(system, head.bodyID, "", "")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"MB"}
	for _, more := range [][]string{{"MA"}, {"MC", "MD", "ME", "MF", "MG"}} {
		for _, code := range more {
			storeLetter(t, s, actiris(small(code)))
		}
		want = append(want, more...)
		before := count.statements
		heads, err := traced.BodyTableHeads(system, body, day("2026-05-01"))
		if err != nil {
			t.Fatal(err)
		}
		if n := count.statements - before; n != 2 {
			t.Errorf("%d statements for %d mandates, want 2", n, len(want))
		}
		var got []string
		for _, h := range heads {
			got = append(got, h.Code)
		}
		if !slices.Equal(got, want) {
			t.Errorf("heads of %q, want %q", got, want)
		}
	}
}
