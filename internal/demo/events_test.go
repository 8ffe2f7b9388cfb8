package demo_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jalon/internal/access"
	"jalon/internal/duty"
	"jalon/internal/store"
)

// One delegation was answered before and after its visit, the other only
// before; the answer to the Commission is still to be given.
func TestTheRegisterShowsWhatIsMissing(t *testing.T) {
	s := newStore(t)
	loadInto(t, s, newSigner(t))
	questions, kinds, err := s.Duties(store.AsSystem(context.Background()), store.DutyQuestion{Scope: access.Scope{All: true}, Code: "ACTIRIS-A4-EL", AsOf: today, WithKinds: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(questions) != 1 || len(kinds) < 5 {
		t.Fatalf("%d mandates, %d kinds", len(questions), len(kinds))
	}
	q := questions[0]
	q.From, q.Until = today.AddMonths(-12), today.AddMonths(12)
	var got []string
	for _, d := range duty.Of(q) {
		if d.Event != nil {
			got = append(got, d.Target.Code.String()+" "+d.Reason.Code+" "+d.Due.String()+" "+string(d.State))
		}
	}
	if diff := cmp.Diff([]string{
		"T4.7-1 before 2026-05-11 done", "T4.7-1 after 2026-06-13 done", "T4.7-1 before 2026-10-19 done", "T4.7-1 after 2026-11-20 late",
		"T4.3-2 external 2026-12-11 open",
	}, got); diff != "" {
		t.Errorf("want (-) got (+)\n%s", diff)
	}
}
