package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jalon/internal/calendar"
	"jalon/internal/monitoring"
	"jalon/internal/progress"
)

func TestFiftySealsAtOnceGiveOne(t *testing.T) {
	b := newBench(t)
	m := b.aMandate(t, small("MA"))
	var wg sync.WaitGroup
	errs := make([]error, 50)
	for i := range errs {
		wg.Go(func() { errs[i] = b.seal(t, m, firstHalf) })
	}
	wg.Wait()
	sealed := 0
	for _, err := range errs {
		switch {
		case err == nil:
			sealed++
		case !errors.Is(err, ErrExists) && !errors.Is(err, ErrConflict):
			t.Errorf("refused with %v", err)
		}
	}
	if n := count(t, b.Store, `SELECT count(*) FROM seal`); sealed != 1 || n != 1 {
		t.Errorf("%d said that they sealed, %d seals", sealed, n)
	}
	if n := count(t, b.Store, `SELECT count(*) FROM audit_event WHERE action = 'seal table'`); n != 1 {
		t.Errorf("%d audit lines", n)
	}
}

func TestNumbersOfABodyHaveNoGapsAndNoDoubles(t *testing.T) {
	b := newBench(t)
	var wg sync.WaitGroup
	for i := range 12 {
		m := b.aMandate(t, tree(fmt.Sprintf("M%02d", i), "S1 Dienst", "S1.1 Punt", "S1.1-1 Doel @ doorlopend"))
		wg.Go(func() {
			if err := b.seal(t, m, firstHalf); err != nil {
				t.Error(err)
			}
			if err := b.seal(t, m, firstHalf); err == nil { // a refused seal takes no number
				t.Error("sealed twice")
			}
		})
	}
	wg.Wait()
	rows, _ := b.pool.Query(AsSystem(context.Background()), `SELECT number FROM seal`)
	var numbers, want []string
	for rows.Next() {
		var n string
		if err := rows.Scan(&n); err != nil {
			t.Fatal(err)
		}
		numbers = append(numbers, n)
	}
	for i := range 12 {
		want = append(want, fmt.Sprintf("DR-2026-H1-%03d", i+1))
	}
	slices.Sort(numbers)
	if !slices.Equal(numbers, want) {
		t.Errorf("numbers %v", numbers)
	}
}

// An entry recorded while the table is sealed is in the table, or refused.
func TestNoEntrySlipsPastASeal(t *testing.T) {
	b := newBench(t)
	for round := range 8 {
		m := b.aMandate(t, large(fmt.Sprintf("M%d", round), 20))
		var wg sync.WaitGroup
		for _, target := range m.Targets() {
			wg.Go(func() {
				e := b.entry(target.ID, progress.OnTrack, day("2026-05-31"))
				e.Achieved = "gedaan " + target.Code.String()
				if err := b.record(m.ID, firstHalf, e); err != nil && !errors.Is(err, ErrSealed) && !errors.Is(err, ErrConflict) {
					t.Error(err)
				}
			})
		}
		wg.Go(func() {
			if err := b.seal(t, m, firstHalf); err != nil {
				t.Error(err)
			}
		})
		wg.Wait()
		sealed, err := b.Seal(AsSystem(context.Background()), m.ID, firstHalf)
		if err != nil {
			t.Fatal(err)
		}
		for id, e := range sheetOf(t, b.Store, SheetQuestion{Code: m.Code, AsOf: firstHalf.End()}).Latest {
			if e != nil && !bytes.Contains(sealed.Document, []byte(e.Achieved+`"`)) {
				t.Errorf("round %d: the entry on target %d is recorded and not in the table", round, id)
			}
		}
	}
}

func TestASealedTableStaysAsItWas(t *testing.T) {
	b := newBench(t)
	m := b.aMandate(t, small("MA"))
	if err := b.record(m.ID, firstHalf, b.entry(m.Targets()[0].ID, progress.Attention, day("2026-05-31"))); err != nil {
		t.Fatal(err)
	}
	key := signer(t)
	_, _, err := b.SealTable(AsSystem(context.Background()), b.sub("seal table"), SealRequest{
		Code: "MA", ID: m.ID, Period: firstHalf, At: secondHalf.Start().End(), By: "An Peeters", Software: "test", Signer: key,
	})
	if err != nil {
		t.Fatal(err)
	}
	before, err := b.Seal(AsSystem(context.Background()), m.ID, firstHalf)
	if err != nil {
		t.Fatal(err)
	}
	// the world goes on
	if err := b.record(m.ID, secondHalf, b.entry(m.Targets()[0].ID, progress.Compromised, day("2026-07-31"))); err != nil {
		t.Fatal(err)
	}
	amend(t, b.Store, "2026-07-01", tree("MA", "S1 Andere dienst"))
	after, err := b.Seal(AsSystem(context.Background()), m.ID, firstHalf)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(before.Document, after.Document) || before.Seal.Signature != after.Seal.Signature {
		t.Error("the sealed table changed")
	}
	file, err := monitoring.Envelope(after.Document, &after.Seal)
	if err != nil {
		t.Fatal(err)
	}
	if v := monitoring.Verify(file, []monitoring.PublicKey{key.Public()}); v.Outcome != monitoring.Intact {
		t.Errorf("verified as %s", v.Outcome)
	}
	parsed, err := monitoring.Parse(after.Document)
	if err != nil {
		t.Fatal(err)
	}
	if parsed.Sealing.Number != "DR-2026-H1-001" || after.Seal.Number != parsed.Sealing.Number || after.Seal.SealedBy != "An Peeters" {
		t.Errorf("sealing %+v, beside it %+v", parsed.Sealing, after.Seal.Sealing)
	}

	// the next table looks back at the sealed one
	next, err := b.Table(AsSystem(context.Background()), "MA", secondHalf, day("2026-08-15"))
	if err != nil {
		t.Fatal(err)
	}
	if next.Previous == nil || next.Previous.Number != "DR-2026-H1-001" || next.Previous.SHA256 != after.Seal.SHA256 {
		t.Errorf("previous %+v", next.Previous)
	}
	if _, err := b.Seal(AsSystem(context.Background()), m.ID, secondHalf); !errors.Is(err, ErrNotFound) {
		t.Errorf("a half-year that is not sealed: %v", err)
	}
}

func TestTheHeadOfATableSaysWhatTheSealsSay(t *testing.T) {
	b := newBench(t)
	m := b.aMandate(t, small("MA"))
	for _, half := range []calendar.HalfYear{firstHalf.Previous(), firstHalf} {
		if err := b.seal(t, m, half); err != nil {
			t.Fatal(err)
		}
	}
	head, err := b.TableHead(AsSystem(context.Background()), "MA")
	if err != nil {
		t.Fatal(err)
	}
	seals, err := b.Seals(AsSystem(context.Background()), m.ID)
	if err != nil {
		t.Fatal(err)
	}
	same := cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })
	if diff := cmp.Diff(seals, head.Seals, same); diff != "" || len(seals) != 2 || seals[0].Period != firstHalf {
		t.Errorf("seals (-) head (+)\n%s", diff)
	}
	if _, err := b.TableHead(AsSystem(context.Background()), "XX"); !errors.Is(err, ErrNotFound) {
		t.Errorf("a mandate that does not exist: %v", err)
	}
}
